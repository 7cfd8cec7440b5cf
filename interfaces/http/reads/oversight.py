"""Oversight (监督与运维): integrity risks, messages set aside, and how far every reader has come."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from domain.kernel.people import Role
from domain.kernel.words import Term
from domain.parked_message import ParkedState
from domain.rules.dates import business_date
from interfaces.http.access import doors_of
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
from projections import delivery_lag, integrity_board, parked
from projections.delivery_lag import Position
from projections.integrity_board import Flag, RuleCount
from projections.parked import ParkedRow

AsOf = Annotated[date | None, Query(description="the day for which flags are asked; today without it")]


def routes() -> APIRouter:
    router = APIRouter()
    get(router, "/v1/risks", find_risks, Listing[Flag], "廉政风险 Integrity risks")
    get(router, "/v1/risks/counts", risk_counts, Listing[RuleCount], "廉政风险计数 Counts of integrity risks")
    get(router, "/v1/risks/{id}", one_risk, Flag, "廉政风险 One integrity risk")
    get(router, "/v1/parked", find_parked, Listing[ParkedRow], "退件暂存 Messages set aside")
    get(router, "/v1/parked/{id}", one_parked, ParkedRow, "退件 One message set aside")
    get(router, "/v1/projections", positions, Listing[Position], "投影与转发进度 How far every reader has come")
    return router


async def find_risks(
    asked: Asked,
    as_of: AsOf = None,
    rule: Code = "",
    severity: Code = "",
    case_id: UUID | None = None,
    case_no: Code = "",
    regulator: Code = "",
    item: Code = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Leads that hold on a day, newest first; only for discipline inspectors. A flag is a lead, never a verdict."""
    _inspectors_only(asked)
    page = await asked.ask(
        integrity_board.flags, asked.read, _day(asked, as_of), rule=rule, severity=severity, case_id=case_id,
        case_no=case_no, regulator=regulator, item=item, cursor=cursor, limit=limit,
    )  # fmt: skip
    return listed(page)


async def risk_counts(asked: Asked, as_of: AsOf = None) -> Response:
    """How many flags each rule has on a day, by severity; only for discipline inspectors."""
    _inspectors_only(asked)
    return listed(await asked.ask(integrity_board.counts, asked.read, _day(asked, as_of)))


async def one_risk(asked: Asked, id: Annotated[str, Path(max_length=200)], as_of: AsOf = None) -> Response:
    """One flag, if it holds on that day; only for discipline inspectors."""
    _inspectors_only(asked)
    row = await asked.ask(integrity_board.flag, asked.read, id, _day(asked, as_of))
    if row is None:
        raise unknown("廉政风险", "integrity risk", id)
    return answered(row)


def _inspectors_only(asked: Question) -> None:
    """Whoever might be named in a flag must not learn of it here; auditors ask the discipline office."""
    asked.caller.may(Term("廉政风险", "integrity risks"), Role.DISCIPLINE)


def _day(asked: Question, as_of: date | None) -> date:
    return as_of or business_date(doors_of(asked.request).now())


async def find_parked(
    asked: Asked,
    authority: Annotated[str | None, Query(max_length=40, description="empty: reports of approval systems")] = None,
    state: ParkedState = ParkedState.PARKED,
    reason: Code = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Oldest first. A regulator sees what it sent."""
    asked.may("退件", "messages set aside", Role.OPERATOR, Role.REGULATOR)
    own = asked.own(authority or "", Role.REGULATOR)
    page = await asked.ask(
        parked.messages, asked.read, authority=authority if own == (authority or "") else own, state=str(state),
        reason=reason, cursor=cursor, limit=limit,
    )  # fmt: skip
    return listed(page)


async def one_parked(asked: Asked, id: UUID) -> Response:
    """With its version as ETag."""
    asked.may("退件", "messages set aside", Role.OPERATOR, Role.REGULATOR)
    row = await asked.ask(parked.message, asked.read, id)
    if row is None or (asked.caller.role is Role.REGULATOR and row.authority != asked.caller.organ):
        raise unknown("退件", "message set aside", id)
    return answered(row, version=row.version)


async def positions(asked: Asked) -> Response:
    """Every relay, policy and projection, the farthest behind first."""
    asked.may("运行进度", "the progress of the readers", Role.OPERATOR)
    return listed(await asked.ask(delivery_lag.positions, asked.read))
