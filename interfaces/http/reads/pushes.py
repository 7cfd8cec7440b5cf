"""Pushes (推送): the board of each regulator, one push, and why something was or was not sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from domain.kernel.people import APPROVING, Role
from domain.push import PushState
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
from projections import case_register, delivery_lag, push_board
from projections.delivery_lag import Lag
from projections.push_board import Explanation, PushCount, PushRow
from projections.view import Page

READERS = APPROVING | {Role.REGULATOR, Role.STEWARD}


def routes() -> APIRouter:
    router = APIRouter()
    get(router, "/v1/pushes", board, Listing[PushRow], "推送看板 Push board")
    get(router, "/v1/pushes/counts", push_counts, Listing[PushCount], "推送计数 Counts by regulator and state")
    get(
        router,
        "/v1/pushes/explain",
        explain,
        Listing[Explanation],
        "为何推送或未推送 Why something was or was not sent",
    )
    get(router, "/v1/pushes/{id}", one_push, PushRow, "推送 One push")
    get(router, "/v1/delivery-lag", delivery, Listing[Lag], "推送时效 How long regulators take")
    return router


async def board(
    asked: Asked,
    regulator: Code = "",
    state: Annotated[list[PushState] | None, Query(max_length=20)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """The oldest unacknowledged first, then the unclaimed, then the rest. A regulator sees its own board."""
    asked.may("推送", "pushes", *READERS)
    page = await asked.ask(
        push_board.board, asked.read, asked.own(regulator, Role.REGULATOR),
        states=[str(s) for s in state or ()], cursor=cursor, limit=limit,
    )  # fmt: skip
    return listed(Page([shown(asked, row) for row in page.rows if await sees(asked, row)], page.next))


async def push_counts(asked: Asked, regulator: Code = "") -> Response:
    """How many pushes each regulator has in each state."""
    asked.may("推送计数", "counts of pushes", *READERS, Role.OPERATOR)
    return listed(await asked.ask(push_board.counts, asked.read, asked.own(regulator, Role.REGULATOR)))


async def one_push(asked: Asked, id: UUID) -> Response:
    """With its version as ETag."""
    asked.may("推送", "pushes", *READERS)
    row = await asked.ask(push_board.push, asked.read, id)
    if row is None or not await sees(asked, row):
        raise unknown("推送", "push", id)
    return answered(shown(asked, row), version=row.version)


async def explain(
    asked: Asked,
    case_no: Annotated[str, Query(min_length=1, max_length=50)],
    regulator: Annotated[str, Query(max_length=40, description="empty for a regulator's own")] = "",
) -> Response:
    """Every rule that decides whether a regulator gets a push of a case, and how it stood. A regulator may ask why
    it did not receive something, and learns the rules and not the case."""
    asked.may("推送依据", "the reasons of a push", *READERS)
    organ = asked.own(regulator, Role.REGULATOR)
    if not organ:
        raise unknown("监管部门", "regulator", "(空 empty)")
    if asked.caller.role in APPROVING:
        cases = await asked.ask(case_register.cases_numbered, asked.read, case_no)
        if not any(asked.sees(case) for case in cases):
            raise unknown("办件", "case", case_no)
    return listed(await asked.ask(push_board.why_not, asked.read, case_no, organ))


async def delivery(asked: Asked, regulator: Code = "") -> Response:
    """Per regulator: pushes, answers, and the median and 95th percentile of the seconds to each answer."""
    asked.may("推送时效", "delivery times", *READERS, Role.OPERATOR)
    await asked.seen(push_board.__name__)
    return listed(await asked.ask(delivery_lag.by_regulator, asked.read, asked.own(regulator, Role.REGULATOR)))


async def sees(asked: Question, row: PushRow) -> bool:
    if asked.caller.role is Role.REGULATOR:
        return row.regulator == asked.caller.organ
    return asked.caller.role is Role.STEWARD or await asked.sees_case(row.case_id)


def shown(asked: Question, row: PushRow) -> PushRow:
    """The subject stands as the contract let it be composed; for those who are no party it is masked."""
    party = row.regulator == asked.caller.organ
    return replace(
        row, officer=asked.officer(row.officer, row.regulator),
        subject_name=row.subject_name if party else asked.name(row.subject_name),
    )  # fmt: skip
