"""Promises (承诺、容缺与限制): what was promised and became of it, for both sides; what stands against a subject."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Query, Response

from domain.kernel.people import APPROVING, Role
from interfaces.http.reads.question import (
    Asked,
    Code,
    Cursor,
    Limit,
    Listing,
    Question,
    answered,
    get,
    listed,
    unknown,
)
from projections import promises, standings
from projections.promises import CommitmentRow, ToleranceRow
from projections.standings import BarRow, CheckRow

BOTH_SIDES = APPROVING | {Role.REGULATOR}


def routes() -> APIRouter:
    router = APIRouter()
    get(router, "/v1/commitments", find_commitments, Listing[CommitmentRow], "告知承诺 Commitments")
    get(router, "/v1/commitments/{id}", one_commitment, CommitmentRow, "告知承诺 One commitment")
    get(router, "/v1/tolerances", find_tolerances, Listing[ToleranceRow], "容缺 Tolerance acceptances")
    get(router, "/v1/tolerances/{id}", one_tolerance, ToleranceRow, "容缺 The tolerance of one case")
    get(router, "/v1/bars", find_bars, Listing[BarRow], "主体限制 Bars on subjects")
    get(router, "/v1/credit-checks", find_checks, Listing[CheckRow], "信用核查 Credit checks of a subject")
    return router


async def find_commitments(
    asked: Asked,
    organ: Code = "",
    regulator: Code = "",
    item: Code = "",
    subject: Code = "",
    state: Code = "",
    due_before: Annotated[date | None, Query(description="unchecked, though due before this day")] = None,
    sampled: bool = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Newest first. Approving officers see those on which their organ granted, regulators those of their items."""
    asked.may("告知承诺", "commitments", *BOTH_SIDES)
    page = await asked.ask(
        promises.commitments, asked.read, organ=asked.own(organ, *APPROVING),
        regulator=asked.own(regulator, Role.REGULATOR), item=item, subject=subject, state=state,
        due_before=due_before, sampled=sampled, cursor=cursor, limit=limit,
    )  # fmt: skip
    return listed(page.mapped(lambda row: _shown(asked, row)))


async def one_commitment(asked: Asked, id: UUID) -> Response:
    """By its own id or by that of its case; with its version as ETag."""
    asked.may("告知承诺", "commitments", *BOTH_SIDES)
    row = await asked.ask(promises.commitment, asked.read, id)
    if row is None or not _sees(asked, row):
        raise unknown("告知承诺", "commitment", id)
    return answered(_shown(asked, row), version=row.version)


async def find_tolerances(
    asked: Asked,
    organ: Code = "",
    regulator: Code = "",
    item: Code = "",
    subject: Code = "",
    state: Code = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Newest first. Approving officers see those of their organ, regulators those of their items."""
    asked.may("容缺", "tolerance acceptances", *BOTH_SIDES)
    page = await asked.ask(
        promises.tolerances, asked.read, organ=asked.own(organ, *APPROVING),
        regulator=asked.own(regulator, Role.REGULATOR), item=item, subject=subject, state=state,
        cursor=cursor, limit=limit,
    )  # fmt: skip
    return listed(page.mapped(lambda row: _shown(asked, row)))


async def one_tolerance(asked: Asked, id: UUID) -> Response:
    """By the id of the case."""
    asked.may("容缺", "tolerance acceptances", *BOTH_SIDES)
    row = await asked.ask(promises.tolerance, asked.read, id)
    if row is None or not _sees(asked, row):
        raise unknown("容缺", "tolerance", id)
    return answered(_shown(asked, row))


async def find_bars(
    asked: Asked,
    subject: Code = "",
    kind: Code = "",
    organ: Code = "",
    in_force: Annotated[date | None, Query(description="only those that stand on this day")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Newest first, of every organ: a bar binds all of them. Both sides see what stands against a subject."""
    asked.may("主体限制", "bars", *BOTH_SIDES)
    page = await asked.ask(
        standings.bars, asked.read, subject=subject, kind=kind, organ=organ, in_force=in_force, cursor=cursor,
        limit=limit,
    )  # fmt: skip
    return listed(page.mapped(lambda row: replace(row, subject_name=asked.name(row.subject_name))))


async def find_checks(
    asked: Asked,
    subject: Annotated[str, Query(min_length=2, max_length=64, description="identifier of the subject")],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """What credit registers said of one subject, the latest first; only for the approving side."""
    asked.may("信用核查", "credit checks", *APPROVING)
    return listed(await asked.ask(standings.checks, asked.read, subject, cursor=cursor, limit=limit))


def _sees(asked: Question, row: CommitmentRow | ToleranceRow) -> bool:
    caller = asked.caller
    if caller.role is Role.REGULATOR:
        return caller.organ in row.regulators
    return caller.reads_everything() or row.organ == caller.organ


Row = TypeVar("Row", CommitmentRow, ToleranceRow)


def _shown(asked: Question, row: Row) -> Row:
    return replace(row, subject_name=asked.name(row.subject_name))
