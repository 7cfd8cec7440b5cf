"""Bundles (一件事): which stand where, what they wait for, and the chain templates that they follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from domain.kernel.people import APPROVING, Role
from domain.rules.dates import business_date
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
from projections import bundles
from projections.bundles import BundleRow, ChainRow
from projections.view import Page

READERS = APPROVING | {Role.REGULATOR}
EVERYBODY = tuple(Role)


def routes() -> APIRouter:
    router = APIRouter()
    get(router, "/v1/bundles", find_bundles, Listing[BundleRow], "一件事 Bundles")
    get(router, "/v1/bundles/{id}", one_bundle, BundleRow, "一件事 One bundle")
    get(router, "/v1/chain-templates", find_chains, Listing[ChainRow], "链条模板 Chain templates")
    return router


async def find_bundles(
    asked: Asked,
    chain: Code = "",
    subject: Code = "",
    state: Code = "",
    organ: Code = "",
    open: bool = False,
    to_reissue: bool = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Newest first, with the parts that each waits for. An approving organ sees those that it leads, took in or handles a
    part of; `to_reissue` leaves those whose composite license joins what has ended. A regulator sees its own parts, and
    no bundle of which none is its own."""
    asked.may("一件事", "bundles", *READERS)
    page = await asked.ask(
        bundles.find, asked.read, chain=chain, subject=subject, state=state, organ=asked.own(organ, *APPROVING),
        open_only=open, to_reissue=to_reissue, masked=asked.masked, cursor=cursor, limit=limit,
    )  # fmt: skip
    shown = [await _shown(asked, row) for row in page.rows]
    return listed(Page([row for row in shown if row is not None], page.next))


async def one_bundle(asked: Asked, id: UUID) -> Response:
    """With its version as ETag. A regulator reads its own parts only."""
    asked.may("一件事", "bundles", *READERS)
    row = await asked.ask(bundles.bundle, asked.read, id, masked=asked.masked)
    seen = await _shown(asked, row) if row is not None else None
    if seen is None:
        raise unknown("一件事", "bundle", id)
    return answered(seen, version=seen.version)


async def find_chains(
    asked: Asked,
    on: Annotated[date | None, Query(description="in force on this day; today without it")] = None,
    kind: Code = "",
    text: Words = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Chain templates in force on a day, by code; `text` is part of the code or the name. Open to every token."""
    asked.may("链条模板", "chain templates", *EVERYBODY)
    day = on or business_date(doors_of(asked.request).now())
    return listed(await asked.ask(bundles.chains, asked.read, day, kind=kind, text=text, cursor=cursor, limit=limit))


async def _shown(asked: Question, row: BundleRow) -> BundleRow | None:
    """The bundle as the caller may read it; none when nothing of it is the caller's business."""
    if asked.caller.reads_everything():
        return row
    if asked.caller.role in APPROVING:
        return row if asked.caller.organ in row.organs else None
    own = [
        part for part in row.parts
        if part["case_id"] is not None and await asked.sees_case(UUID(part["case_id"]))
    ]  # fmt: skip
    if not own:
        return None
    codes = {part["part"] for part in own}
    organs = sorted({part["organ"] for part in own})
    # Names of other parts stand in these too: what is none of a regulator's business it does not read in passing.
    return replace(
        row, parts=own, waiting=[code for code in row.waiting if code in codes], organs=organs, materials=[], reason=""
    )
