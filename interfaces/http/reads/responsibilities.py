"""Responsibilities (责任清单与争议): who approves and who supervises, and which places are in dispute."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response

from domain.kernel.people import APPROVING, Role
from domain.kernel.responsibility import Responsible
from domain.rules.dates import business_date
from interfaces.http.access import doors_of
from interfaces.http.reads.question import Asked, Code, Cursor, Limit, Listing, Question, answered, get, listed, unknown
from projections import catalogue, responsibilities
from projections.responsibilities import DisputeRow, LineRow

PARTIES = (*APPROVING, Role.STEWARD, Role.OPERATOR, Role.REGULATOR, Role.SOURCE)
BOTH_SIDES = frozenset({*APPROVING, Role.STEWARD, Role.REGULATOR})
"""Officers are named so that the two sides know whom to call; others see that somebody is named, not who."""
On = Annotated[date | None, Query(description="on this day; today without it")]
Item = Annotated[str, Query(min_length=2, max_length=50, description="item code")]
Region = Annotated[str | None, Query(pattern=r"^\d{6}(\d{3}|\d{6})?$", description="region code of the place")]
Version = Annotated[
    int | None, Query(ge=1, le=100_000, description="version of the item; without it the one in force on the day")
]


def routes() -> APIRouter:
    router = APIRouter()
    get(router, "/v1/responsibilities", find_lines, Listing[LineRow], "责任清单 Who answers for what")
    get(router, "/v1/responsibilities/who", who_answers, Responsible, "责任归属 Who answers for an item at a place")
    get(router, "/v1/responsibilities/disputes", find_disputes, Listing[DisputeRow], "责任争议 The dispute queue")
    return router


async def find_lines(
    asked: Asked, item: Code = "", organ: Code = "", on: On = None, cursor: Cursor = None, limit: Limit = 50
) -> Response:
    """Lines of the tables in force on a day: of an item, or those in which an organ approves or supervises."""
    asked.may("责任清单", "responsibility tables", *PARTIES)
    when = on or business_date(doors_of(asked.request).now())
    page = await asked.ask(
        responsibilities.lines, asked.read, when, item=item, organ=organ, cursor=cursor, limit=limit
    )
    return listed(page.mapped(lambda row: row.masked() if _masked(asked) else row))


async def who_answers(
    asked: Asked, item: Item, region: Region = None, version: Version = None, on: On = None
) -> Response:
    """By the table that a case accepted on that day is routed by. 404 where no table speaks: then the item's own
    version says who supervises."""
    asked.may("责任归属", "who answers for an item", *PARTIES)
    when = on or business_date(doors_of(asked.request).now())
    if version is None:
        current = await asked.ask(catalogue.item, asked.read, item, when)
        version = current.number if current is not None else 1
    found = await asked.ask(responsibilities.who, asked.read, item, region, version=version, on=when)
    if found is None:
        raise unknown("责任清单", "responsibility table", item)
    told = found.model_dump(mode="json")
    if _masked(asked):
        told["approver_officers"] = [asked.name(name) for name in told["approver_officers"]]
        for regulator in told["regulators"]:
            regulator["officers"] = [asked.name(name) for name in regulator["officers"]]
    return answered(told)


async def find_disputes(
    asked: Asked,
    item: Code = "",
    claimant: Code = "",
    open: Annotated[bool, Query(description="only those that nobody has decided")] = True,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Places for which nobody, or more than one, answers, oldest first."""
    asked.may("责任争议", "disputes about who answers", *PARTIES)
    page = await asked.ask(
        responsibilities.disputes, asked.read, item=item, claimant=claimant, open_only=open, cursor=cursor, limit=limit
    )
    return listed(page)


def _masked(asked: Question) -> bool:
    return asked.masked and asked.caller.role not in BOTH_SIDES
