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
from projections import catalogue, catalogue_drift
from projections.catalogue import ItemEntryRow, ItemVersionSeen, SubscriptionRow, TransferRow
from projections.catalogue_drift import DriftRow

EVERYBODY = tuple(Role)
ItemId = Annotated[str, Path(min_length=2, max_length=50, description="item code, or the item's id")]


def routes() -> APIRouter:
    router = APIRouter()
    get(router, "/v1/items", find_items, Listing[ItemVersionSeen], "事项目录 Catalogue of items")
    # Before the item of any name: an item's code may be "drift" no less than "transfers".
    get(router, "/v1/items/drift", item_drift, Listing[DriftRow], "多级十同 Where levels say an item differently")
    get(router, "/v1/items/transfers", item_transfers, Listing[TransferRow], "事项划转 Transfers of items")
    get(router, "/v1/items/{id}", item_versions, Listing[ItemVersionSeen], "事项版本 Versions of an item")
    get(router, "/v1/items/{id}/versions/{number}", item_entry, ItemEntryRow, "事项全要素 One version, whole")
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


async def item_drift(
    asked: Asked,
    basic_code: Code = "",
    organ: Code = "",
    city: Annotated[str, Query(max_length=6, description="first four digits of the city's region code")] = "",
    everything: Annotated[bool, Query(description="also entries that agree or have no entry of their city")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Entries that say one of the ten elements otherwise than the entry of their city, by basic code."""
    asked.may("多级十同", "the comparison of levels", *EVERYBODY)
    page = await asked.ask(
        catalogue_drift.drift, asked.read, basic_code=basic_code, organ=organ, city=city, everything=everything,
        cursor=cursor, limit=limit,
    )  # fmt: skip
    return listed(page)


async def item_transfers(
    asked: Asked, item: Code = "", organ: Code = "", cursor: Cursor = None, limit: Limit = 50
) -> Response:
    """In the order in which they were recorded: of an item, or from or to an organ."""
    asked.may("事项划转", "transfers of items", *EVERYBODY)
    return listed(
        await asked.ask(catalogue.transfers, asked.read, item=item, organ=organ, cursor=cursor, limit=limit)
    )


async def item_versions(
    asked: Asked,
    id: ItemId,
    on: Annotated[date | None, Query(description="as they stand on this day; today without it")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Versions of an item, oldest first, by its code or by the id that a command answered."""
    asked.may("事项目录", "the catalogue", *EVERYBODY)
    when = on or business_date(doors_of(asked.request).now())
    page = await asked.ask(
        catalogue.history, asked.read, await _code(asked, id), when, cursor=cursor, limit=limit
    )
    if not page.rows and cursor is None:
        raise unknown("事项", "item", id)
    return listed(page)


async def item_entry(asked: Asked, id: ItemId, number: Annotated[int, Path(ge=1, le=100_000)]) -> Response:
    """Every element that one version says, and its change set: what it says otherwise than the version before."""
    asked.may("事项目录", "the catalogue", *EVERYBODY)
    found = await asked.ask(catalogue.entry, asked.read, await _code(asked, id), number)
    if found is None:
        raise unknown("事项版本", "version of an item", f"{id} {number}")
    return answered(found)


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
