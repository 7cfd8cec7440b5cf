"""Together (会商、踏勘、监管信息): what approval side and regulators do with each other."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Response

from domain.kernel.people import APPROVING, Role
from interfaces.http.reads.cases import codes
from interfaces.http.reads.question import (
    Asked,
    Code,
    Cursor,
    Limit,
    Listing,
    Question,
    Words,
    answered,
    get,
    listed,
    unknown,
)
from projections import consultations, findings, site_visits
from projections.consultations import ConsultationRow
from projections.findings import FindingRow
from projections.site_visits import InspectionRow, VisitRow
from projections.view import Page

PARTIES = APPROVING | {Role.REGULATOR}


def routes() -> APIRouter:
    router = APIRouter()
    get(router, "/v1/consultations", find_consultations, Listing[ConsultationRow], "会商 Consultations")
    get(router, "/v1/consultations/{id}", one_consultation, ConsultationRow, "会商 One consultation")
    get(router, "/v1/inspections", find_inspections, Listing[InspectionRow], "联合踏勘 Joint inspections")
    get(router, "/v1/inspections/{id}", one_inspection, InspectionRow, "联合踏勘 One joint inspection")
    get(
        router,
        "/v1/inspections/{id}/chain",
        chain_of,
        Listing[InspectionRow],
        "复核链 The chain of one joint inspection",
    )
    get(router, "/v1/site-visits", waiting_visits, Listing[VisitRow], "待安排的踏勘 Site visits that wait")
    get(router, "/v1/findings", find_findings, Listing[FindingRow], "监管信息 Findings of regulators")
    get(router, "/v1/findings/{id}", one_finding, FindingRow, "监管信息 One finding")
    return router


async def find_consultations(
    asked: Asked,
    organ: Code = "",
    state: Code = "",
    open: bool = False,
    awaiting: bool = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Newest first. A regulator sees those it is invited to; `awaiting` leaves those it has not answered."""
    asked.may("会商", "consultations", *PARTIES)
    page = await asked.ask(
        consultations.find, asked.read, organ=asked.own(organ, Role.REGULATOR), state=state,
        open_only=open, awaiting=awaiting, cursor=cursor, limit=limit,
    )  # fmt: skip
    return listed(Page([row for row in page.rows if await sees_consultation(asked, row)], page.next))


async def one_consultation(asked: Asked, id: UUID) -> Response:
    """With its version as ETag."""
    asked.may("会商", "consultations", *PARTIES)
    row = await asked.ask(consultations.consultation, asked.read, id)
    if row is None or not await sees_consultation(asked, row):
        raise unknown("会商", "consultation", id)
    return answered(row, version=row.version)


async def sees_consultation(asked: Question, row: ConsultationRow) -> bool:
    if asked.caller.role is Role.REGULATOR:
        return asked.caller.organ in codes(row.invited)
    return await asked.sees_case(row.case_id)


async def find_inspections(
    asked: Asked,
    organ: Code = "",
    state: Code = "",
    kind: Code = "",
    case_id: UUID | None = None,
    open: bool = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Newest first; `kind` picks site visits, drawing reviews or acceptances. A regulator sees those it is invited to."""
    asked.may("联合踏勘", "joint inspections", *PARTIES)
    page = await asked.ask(
        site_visits.inspections, asked.read, organ=asked.own(organ, Role.REGULATOR), state=state,
        kind=kind, case_id=case_id, open_only=open, cursor=cursor, limit=limit,
    )  # fmt: skip
    return listed(Page([row for row in page.rows if await sees_inspection(asked, row)], page.next))


async def one_inspection(asked: Asked, id: UUID) -> Response:
    """With its version as ETag."""
    asked.may("联合踏勘", "joint inspections", *PARTIES)
    row = await asked.ask(site_visits.inspection, asked.read, id)
    if row is None or not await sees_inspection(asked, row):
        raise unknown("联合踏勘", "joint inspection", id)
    return answered(row, version=row.version)


async def chain_of(asked: Asked, id: UUID, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """From the first inspection to the last re-inspection. A regulator sees the links it is invited to."""
    asked.may("联合踏勘", "joint inspections", *PARTIES)
    row = await asked.ask(site_visits.inspection, asked.read, id)
    if row is None or not await sees_inspection(asked, row):
        raise unknown("联合踏勘", "joint inspection", id)
    page = await asked.ask(site_visits.chain, asked.read, id, cursor=cursor, limit=limit)
    return listed(Page([link for link in page.rows if await sees_inspection(asked, link)], page.next))


async def sees_inspection(asked: Question, row: InspectionRow) -> bool:
    if asked.caller.role is Role.REGULATOR:
        return asked.caller.organ in codes(row.invited)
    for case_id in row.case_ids:
        if await asked.sees_case(UUID(str(case_id))):
            return True
    return asked.caller.reads_everything()


async def waiting_visits(asked: Asked, place: Words = "", cursor: Cursor = None, limit: Limit = 100) -> Response:
    """Required and not yet part of a joint inspection, oldest first. A regulator sees those that need it."""
    asked.may("待安排的踏勘", "site visits", *PARTIES)
    page = await asked.ask(site_visits.waiting, asked.read, place=place, cursor=cursor, limit=limit)
    return listed(Page([row for row in page.rows if await _sees_visit(asked, row)], page.next))


async def _sees_visit(asked: Question, row: VisitRow) -> bool:
    if asked.caller.role is Role.REGULATOR:
        return asked.caller.organ in codes(row.bodies)
    return await asked.sees_case(row.case_id)


async def find_findings(
    asked: Asked,
    organ: Code = "",
    subject: Code = "",
    kind: Code = "",
    state: Code = "",
    open: bool = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Newest first. A regulator sees what it reported; the approval side sees all, for all are addressed to it."""
    asked.may("监管信息", "findings", *PARTIES)
    page = await asked.ask(
        findings.find, asked.read, organ=asked.own(organ, Role.REGULATOR), subject=subject, kind=kind,
        state=state, open_only=open, cursor=cursor, limit=limit,
    )  # fmt: skip
    return listed(page.mapped(lambda row: _shown_finding(asked, row)))


async def one_finding(asked: Asked, id: UUID) -> Response:
    """With its version as ETag."""
    asked.may("监管信息", "findings", *PARTIES)
    row = await asked.ask(findings.finding, asked.read, id)
    if row is None or (asked.caller.role is Role.REGULATOR and row.organ != asked.caller.organ):
        raise unknown("监管信息", "finding", id)
    return answered(_shown_finding(asked, row), version=row.version)


def _shown_finding(asked: Question, row: FindingRow) -> FindingRow:
    """The reporting regulator reads the name that it wrote; others as they may see names."""
    return row if row.organ == asked.caller.organ else replace(row, subject_name=asked.name(row.subject_name))
