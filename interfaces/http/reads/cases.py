"""Cases (办件): search, one, its story, and its clocks."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, BaseModel

from domain.approval_case import ApprovalCase
from domain.kernel.aggregate import replay
from domain.kernel.people import APPROVING, Role
from domain.rules.dates import business_date
from interfaces.http.access import doors_of
from interfaces.http.reads.question import (
    CASE_READERS,
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
from projections import (
    case_register,
    consultations,
    deadlines,
    enterprises,
    findings,
    licenses,
    promises,
    push_board,
    site_visits,
    timeline,
)
from projections.case_clock import ClocksOfCase, clocks_at, streams_of
from projections.case_register import CaseRow
from projections.deadlines import Clock, DeadlineRow

OTHERS_WORDS = frozenset({"case.finding_noted", "case.finding_answered", *enterprises.OTHERS_WORDS})
"""Steps of a case or license that repeat what one regulator told in confidence; other regulators do not read them."""


class StateThen(BaseModel):
    """办件当时的状态: the case as its facts up to then make it."""

    version: int
    state: str
    zh: str
    en: str


class Story(BaseModel):
    """办件时间线."""

    case_id: UUID
    state: StateThen
    rows: list[timeline.Entry]
    next: str | None


def routes() -> APIRouter:
    router = APIRouter()
    get(router, "/v1/cases", find_cases, Listing[CaseRow], "查找办件 Find cases")
    get(router, "/v1/cases/{id}", one_case, CaseRow, "办件 One case")
    get(router, "/v1/cases/{id}/timeline", case_timeline, Story, "办件时间线与回放 Timeline and replay of a case")
    get(router, "/v1/cases/{id}/deadlines", case_deadlines, Listing[DeadlineRow], "办件时限 Clocks of a case")
    get(router, "/v1/cases/{id}/clock", case_clock, ClocksOfCase, "办件时限逐日说明 Every clock of a case, day by day")
    get(router, "/v1/deadlines", due, Listing[DeadlineRow], "到期与逾期 What is due, what is overdue")
    return router


async def find_cases(
    asked: Asked,
    case_no: Words = "",
    subject: Code = "",
    item: Code = "",
    state: Code = "",
    stage: Code = "",
    source: Words = "",
    organ: Code = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Newest first. `case_no` may be its beginning, `subject` is an identifier. Regulators find what is in their
    remit, approving officers what is their organ's, sources what they reported."""
    asked.may("办件", "cases", *CASE_READERS)
    role = asked.caller.role
    page = await asked.ask(
        case_register.find, asked.read,
        case_no=case_no, subject=subject, item=item, state=state, stage=stage,
        source=asked.caller.actor.id if role is Role.SOURCE else source,
        organ=asked.own(organ, *APPROVING),
        authority=asked.caller.organ if role is Role.REGULATOR else "",
        masked=asked.masked, cursor=cursor, limit=limit,
    )  # fmt: skip
    return listed(page)


async def one_case(asked: Asked, id: UUID) -> Response:
    """With its version as ETag."""
    row = await _case(asked, id)
    return answered(row, version=row.version)


async def case_timeline(
    asked: Asked,
    id: UUID,
    at: Annotated[AwareDatetime | None, Query(description="only what was recorded by then")] = None,
    version: Annotated[int | None, Query(ge=1, le=2**31, description="only up to this version of the case")] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """Every event of the case and of its pushes, consultations, inspections and findings, told in both languages.

    With `at` or `version` it is replayed as it stood then: what an officer could have known, and no more."""
    await asked.seen(timeline.__name__)
    await _case(asked, id)
    facts = [
        fact for fact in await doors_of(asked.request).facts_of(id)
        if (at is None or fact.recorded_at <= at) and (version is None or fact.originator_version <= version)
    ]  # fmt: skip
    if not facts:
        raise unknown("办件版本", "version of the case", f"{id} @ {at or version}")
    then = replay(ApprovalCase, id, facts)
    until = min((t for t in (at, facts[-1].recorded_at if version else None) if t), default=None)
    page = await asked.ask(
        timeline.of_case, asked.read, id, masked=asked.masked, role=asked.caller.role, until=until, cursor=cursor,
        limit=limit,
    )  # fmt: skip
    visible = await _visible_streams(asked, id)
    rows = [
        entry for entry in page.rows
        if (entry.stream != id or entry.version <= then.version)
        and (visible is None or (entry.stream in visible and entry.topic not in OTHERS_WORDS))
    ]  # fmt: skip
    return answered({
        "case_id": id, "rows": rows, "next": page.next,
        "state": {"version": then.version, "state": str(then.state), "zh": then.state.zh, "en": then.state.en},
    })  # fmt: skip


async def _visible_streams(asked: Question, case_id: UUID) -> frozenset[UUID] | None:
    """For a regulator: the case itself and the streams in which it takes part; for others, all of them."""
    if asked.caller.role is not Role.REGULATOR:
        return None
    read, organ = asked.read, asked.caller.organ
    pushes = await asked.ask(push_board.of_case, read, case_id)
    consulted = await asked.ask(consultations.of_case, read, case_id)
    seen = await asked.ask(site_visits.inspections, read, organ=organ, case_id=case_id, limit=500)
    found = await asked.ask(findings.of_case, read, case_id)
    held = await asked.ask(licenses.concerning, read, case_id)
    promised = await asked.ask(promises.commitment, read, case_id)
    return frozenset(
        [case_id]
        + [p.push_id for p in pushes if p.regulator == organ]
        + [c.consultation_id for c in consulted if organ in codes(c.invited)]
        + [i.inspection_id for i in seen.rows]
        + [f.finding_id for f in found if f.organ == organ]
        + [one.license_id for one in held if organ in one.regulators]
        + [p.commitment_id for p in (promised,) if p and p.commitment_id and organ in p.regulators]
    )


def codes(bodies: list[dict[str, str]]) -> frozenset[str]:
    return frozenset(body["code"] for body in bodies)


async def case_deadlines(asked: Asked, id: UUID) -> Response:
    """Every clock that ran for the case, the earliest due first."""
    await _case(asked, id)
    return listed(await asked.ask(deadlines.of_case, asked.read, id))


async def case_clock(
    asked: Asked,
    id: UUID,
    at: Annotated[AwareDatetime | None, Query(description="as it stood then, by what was recorded then")] = None,
) -> Response:
    """Every clock that ran, and every day of it: counted as which, or not, and why; what is used and what remains.

    With `at` it is computed from what had been recorded by then, with the calendar that was known then: what an officer
    could see, and no more. Due dates never depend on when this is asked."""
    await _case(asked, id)
    doors = doors_of(asked.request)
    streams = await asked.ask(streams_of, asked.read, id)
    facts = [fact for stream in streams for fact in await doors.facts_of(stream)]
    told = clocks_at(id, facts, at or doors.now())
    if told is None:
        raise unknown("办件版本", "version of the case", f"{id} @ {at}")
    return answered(told)


async def due(
    asked: Asked,
    before: Annotated[date | None, Query(description="due before this day; today's date for what is overdue")] = None,
    first: Annotated[date | None, Query(alias="from", description="due between two days, both included")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    clock: Annotated[list[Clock] | None, Query(max_length=10)] = None,
    organ: Code = "",
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """Open clocks, the earliest due first. Without a date: what is overdue today."""
    asked.may("办理时限", "deadlines", *APPROVING)
    own, clocks = asked.own(organ, *APPROVING), clock or ()
    if first is not None and last is not None:
        page = await asked.ask(
            deadlines.due_between, asked.read, first, last, clocks=clocks, organ=own, cursor=cursor, limit=limit
        )
    else:
        when = before or business_date(doors_of(asked.request).now())
        page = await asked.ask(
            deadlines.due_before, asked.read, when, clocks=clocks, organ=own, cursor=cursor, limit=limit
        )
    return listed(page)


async def _case(asked: Question, case_id: UUID) -> CaseRow:
    """The case if the caller may read it. Raises ``UnknownStream`` for both absence and lack of a right."""
    asked.may("办件", "cases", *CASE_READERS)
    row = await asked.ask(case_register.case, asked.read, case_id, masked=asked.masked)
    if row is None or not asked.sees(row):
        raise unknown("办件", "case", case_id)
    return row
