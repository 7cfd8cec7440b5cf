"""Catalogue (事项与订阅): what may be applied for, and under which contracts pushes are sent."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from domain.kernel.people import APPROVING, Role
from domain.rules.dates import business_date
from domain.service_item import ItemVersionPublished
from interfaces.http.access import doors_of
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
from projections import catalogue
from projections.catalogue import ItemVersionRow, SubscriptionRow

EVERYBODY = tuple(Role)


def routes() -> APIRouter:
    router = APIRouter()
    get(router, "/v1/items", find_items, Listing[ItemVersionRow], "事项目录 Catalogue of items")
    get(router, "/v1/items/{id}", item_versions, Listing[ItemVersionRow], "事项版本 Versions of an item")
    get(router, "/v1/subscriptions", find_subscriptions, Listing[SubscriptionRow], "订阅 Subscriptions")
    get(router, "/v1/subscriptions/{id}", one_subscription, SubscriptionRow, "订阅 One subscription")
    return router


async def find_items(
    asked: Asked,
    on: Annotated[date | None, Query(description="in force on this day; today without it")] = None,
    text: Words = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Item versions in force on a day, by code; `text` is part of the code or the name. Open to every token."""
    asked.may("事项目录", "the catalogue", *EVERYBODY)
    when = on or business_date(doors_of(asked.request).now())
    return listed(await asked.ask(catalogue.items, asked.read, when, text=text, cursor=cursor, limit=limit))


async def item_versions(
    asked: Asked, id: Annotated[str, Path(min_length=2, max_length=50, description="item code, or the item's id")]
) -> Response:
    """All versions of an item, by its code or by the id that a command answered."""
    asked.may("事项目录", "the catalogue", *EVERYBODY)
    rows = await asked.ask(catalogue.versions, asked.read, await _code(asked, id))
    if not rows:
        raise unknown("事项", "item", id)
    return listed(rows)


async def _code(asked: Question, id: str) -> str:
    try:
        stream = UUID(id)
    except ValueError:
        return id
    facts = await doors_of(asked.request).facts_of(stream)
    return next((fact.terms.item for fact in facts if isinstance(fact, ItemVersionPublished)), id)


async def find_subscriptions(
    asked: Asked,
    regulator: Code = "",
    on: Annotated[date | None, Query(description="in force on this day")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Contracts, oldest first. A regulator sees its own."""
    asked.may("订阅", "subscriptions", *APPROVING, Role.STEWARD, Role.OPERATOR, Role.REGULATOR)
    page = await asked.ask(
        catalogue.subscriptions, asked.read,
        regulator=asked.own(regulator, Role.REGULATOR), on=on, cursor=cursor, limit=limit,
    )  # fmt: skip
    return listed(page)


async def one_subscription(asked: Asked, id: UUID) -> Response:
    """With its version as ETag."""
    asked.may("订阅", "subscriptions", *APPROVING, Role.STEWARD, Role.OPERATOR, Role.REGULATOR)
    row = await asked.ask(catalogue.subscription, asked.read, id)
    if row is None or (asked.caller.role is Role.REGULATOR and row.regulator != asked.caller.organ):
        raise unknown("订阅", "subscription", id)
    return answered(row, version=row.version)
