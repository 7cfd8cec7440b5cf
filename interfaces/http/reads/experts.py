"""Experts (专家): the pool, the draws, how often each is drawn, and whether a draw was fair."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel

from domain.kernel.people import APPROVING, Role
from domain.rules.dates import business_date
from domain.rules.loader import threshold
from interfaces.draw_audit import audit
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
from projections import expert_draws, expert_load, expert_pool
from projections.expert_draws import DrawRow
from projections.expert_load import ExpertLoad
from projections.expert_pool import ExpertRow
from projections.view import Page

KEEPERS = APPROVING | {Role.STEWARD}
EVERY_TIME = frozenset({Role.DISCIPLINE})
"""The discipline office may read the numbers of a draw at any time; everybody else waits for the review."""


class Checked(BaseModel):
    """核验步骤: one step of a draw; what was recorded and computed is told where they differ."""

    round: int
    step: str
    match: bool
    zh: str
    en: str
    recorded: Any = None
    computed: Any = None


class Verdict(BaseModel):
    """核验结论: ``match`` or ``mismatch``; ``differs`` names round and step."""

    draw_id: UUID
    verdict: str
    rounds: int
    drawn: int
    differs: list[str]
    steps: list[Checked]


def routes() -> APIRouter:
    router = APIRouter()
    get(router, "/v1/experts", find_experts, Listing[ExpertRow], "专家库 The expert pool")
    get(router, "/v1/experts/load", expert_loads, Listing[ExpertLoad], "专家负荷 How often each expert is drawn")
    get(router, "/v1/experts/{id}", one_expert, ExpertRow, "专家 One expert")
    get(router, "/v1/expert-draws", find_draws, Listing[DrawRow], "专家抽取 Draws of experts")
    get(router, "/v1/expert-draws/{id}", one_draw, DrawRow, "专家抽取 One draw")
    get(router, "/v1/expert-draws/{id}/verification", verification, Verdict, "抽取核验 Compute a draw again")
    return router


async def find_experts(
    asked: Asked,
    discipline: Code = "",
    state: Code = "",
    number: Code = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """By number, of which `number` may be the beginning. Names are masked for whoever does not handle cases."""
    asked.may("专家库", "the expert pool", *KEEPERS)
    page = await asked.ask(
        expert_pool.find, asked.read, discipline=discipline, state=state, number=number, masked=_masked(asked),
        cursor=cursor, limit=limit,
    )  # fmt: skip
    return listed(page)


async def one_expert(
    asked: Asked, id: Annotated[str, Path(min_length=2, max_length=40, description="number of the expert, or its id")]
) -> Response:
    """By its number, or by the id that a command answered; with its version as ETag."""
    asked.may("专家库", "the expert pool", *KEEPERS)
    row = await asked.ask(expert_pool.expert, asked.read, id, masked=_masked(asked))
    if row is None:
        row = await asked.ask(expert_pool.by_id, asked.read, id, masked=_masked(asked))
    if row is None:
        raise unknown("专家", "expert", id)
    return answered(row, version=row.version)


async def expert_loads(
    asked: Asked,
    since: Annotated[date | None, Query(description="first day; the window of rule R16 without it")] = None,
    until: Annotated[date | None, Query(description="last day; today without it")] = None,
    discipline: Code = "",
    expert_no: Code = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Draws, answers and reviews per expert within a window, the most often drawn first. A `repeated` expert is a
    lead for a person to look at, never a verdict."""
    asked.may("专家负荷", "the load of experts", Role.STEWARD)
    last = until or business_date(doors_of(asked.request).now())
    first = since or last - timedelta(days=threshold("R16", on=last)["window"])
    page = await asked.ask(
        expert_load.load, asked.read, first, last, discipline=discipline, expert_no=expert_no, cursor=cursor,
        limit=limit,
    )  # fmt: skip
    return listed(page)


async def find_draws(
    asked: Asked,
    case_id: UUID | None = None,
    discipline: Code = "",
    state: Code = "",
    open: bool = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Newest first. Until the review has started only those on duty read who was drawn."""
    asked.may("专家抽取", "draws of experts", *APPROVING)
    page = await asked.ask(
        expert_draws.find, asked.read, case_id=case_id, discipline=discipline, state=state, open_only=open,
        officer=asked.caller.actor.id, everything=asked.caller.role in EVERY_TIME, cursor=cursor, limit=limit,
    )  # fmt: skip
    return listed(Page([row for row in page.rows if await asked.sees_case(row.case_id)], page.next))


async def one_draw(asked: Asked, id: UUID) -> Response:
    """With its version as ETag. Until the review has started only those on duty read who was drawn."""
    row = await _draw(asked, id)
    return answered(row, version=row.version)


async def verification(asked: Asked, id: UUID) -> Response:
    """Every step of the draw, computed again from the recorded facts alone; for discipline inspectors and auditors."""
    asked.may("抽取核验", "the verification of draws")
    await _draw(asked, id)
    return answered(await audit(doors_of(asked.request), id))


async def _draw(asked: Question, draw_id: UUID) -> DrawRow:
    asked.may("专家抽取", "draws of experts", *APPROVING)
    row = await asked.ask(
        expert_draws.draw, asked.read, draw_id, officer=asked.caller.actor.id,
        everything=asked.caller.role in EVERY_TIME,
    )  # fmt: skip
    if row is None or not await asked.sees_case(row.case_id):
        raise unknown("专家抽取", "draw of experts", draw_id)
    return row


def _masked(asked: Question) -> bool:
    """Whoever keeps the pool reads the names of its experts."""
    return asked.masked and asked.caller.role is not Role.STEWARD
