"""Licenses (证照): which there are, what expires, who is due for the annual check; and the story of an enterprise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from pydantic import AwareDatetime

from domain.kernel.licensing import LicenseState
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
from projections import enterprises, licenses, timeline
from projections.enterprises import OTHERS_WORDS
from projections.licenses import AnnualCheck, CheckRow, LicenseRow, RenewalRow
from projections.timeline import Entry
from projections.view import Page

READERS = APPROVING | {Role.REGULATOR}
SOON = timedelta(days=90)
"""How far ahead what expires is shown when nobody says."""


def routes() -> APIRouter:
    router = APIRouter()
    get(router, "/v1/licenses", find_licenses, Listing[LicenseRow], "证照 Licenses")
    get(router, "/v1/licenses/expiring", expiring, Listing[LicenseRow], "即将到期的证照 Licenses that expire")
    get(router, "/v1/licenses/annual-checks", annual_checks, Listing[AnnualCheck], "年检清单 Annual checks due")
    get(router, "/v1/licenses/{id}", one_license, LicenseRow, "证照 One license")
    get(router, "/v1/licenses/{id}/timeline", license_timeline, Listing[Entry], "证照时间线 Timeline of a license")
    get(router, "/v1/licenses/{id}/checks", checks, Listing[CheckRow], "年检记录 Annual checks recorded")
    get(router, "/v1/licenses/{id}/renewals", renewals, Listing[RenewalRow], "延续申请 Renewals asked")
    get(router, "/v1/enterprises/{uscc}/timeline", enterprise_timeline, Listing[Entry],
        "企业时间线 Timeline of an enterprise")  # fmt: skip
    return router


async def find_licenses(
    asked: Asked,
    subject: Code = "",
    license_no: Words = "",
    state: LicenseState | None = None,
    item: Code = "",
    organ: Code = "",
    proposed: Annotated[bool, Query(description="only those that a regulator wants changed")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Newest first. `subject` is an identifier, `license_no` may be its beginning. A regulator finds what it
    supervises, approving officers what their organ granted."""
    asked.may("证照", "licenses", *READERS)
    page = await asked.ask(
        licenses.find, asked.read, subject=subject, license_no=license_no, state=str(state) if state else "",
        item=item, organ=asked.own(organ, *APPROVING), authority=_authority(asked), proposed=proposed,
        masked=asked.masked, cursor=cursor, limit=limit,
    )  # fmt: skip
    return listed(page.mapped(lambda row: _shown(asked, row)))


async def expiring(
    asked: Asked,
    first: Annotated[date | None, Query(alias="from", description="today without it")] = None,
    last: Annotated[date | None, Query(alias="to", description="ninety days on without it")] = None,
    organ: Code = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Licenses in force whose period ends between two days, both included, the earliest first."""
    asked.may("证照", "licenses", *READERS)
    begins = first or _today(asked)
    page = await asked.ask(
        licenses.expiring, asked.read, begins, last or begins + SOON, organ=asked.own(organ, *APPROVING),
        authority=_authority(asked), masked=asked.masked, cursor=cursor, limit=limit,
    )  # fmt: skip
    return listed(page.mapped(lambda row: _shown(asked, row)))


async def annual_checks(
    asked: Asked,
    year: Annotated[int | None, Query(ge=2000, le=2100, description="this year without it")] = None,
    month: Annotated[int | None, Query(ge=1, le=12, description="due in this month")] = None,
    done: Annotated[bool | None, Query(description="passed, or not")] = None,
    organ: Code = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Which licenses are due for their annual check in a year or month, generated from their dates, and which are
    done or overdue today."""
    asked.may("年检清单", "the list of annual checks", *READERS)
    today = _today(asked)
    page = await asked.ask(
        licenses.annual_checks, asked.read, year or today.year, today, month=month, done=done,
        organ=asked.own(organ, *APPROVING), authority=_authority(asked), masked=asked.masked, cursor=cursor,
        limit=limit,
    )  # fmt: skip
    return listed(page)


async def one_license(asked: Asked, id: UUID) -> Response:
    """With its version as ETag."""
    row = await _license(asked, id)
    return answered(_shown(asked, row), version=row.version)


async def license_timeline(asked: Asked, id: UUID) -> Response:
    """Everything that happened to a license, told in both languages. What one regulator proposed the others do not
    read."""
    await _license(asked, id)
    entries = await asked.ask(timeline.of_stream, asked.read, id, masked=asked.masked, role=asked.caller.role)
    if asked.caller.role is Role.REGULATOR:
        entries = [entry for entry in entries if entry.topic not in OTHERS_WORDS]
    return listed(entries)


async def checks(asked: Asked, id: UUID) -> Response:
    """The annual checks that were recorded, by year."""
    await _license(asked, id)
    return listed(await asked.ask(licenses.checks_of, asked.read, id))


async def renewals(asked: Asked, id: UUID) -> Response:
    """The cases that asked to renew it, oldest first, and whether each asked in time."""
    await _license(asked, id)
    return listed(await asked.ask(licenses.renewals_of, asked.read, id))


async def enterprise_timeline(
    asked: Asked,
    uscc: Annotated[str, Path(min_length=2, max_length=64, description="unified social credit identifier")],
    at: Annotated[AwareDatetime | None, Query(description="only what was recorded by then")] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """One list, in order, over the licenses, findings, penalties and commitments of an enterprise. A regulator reads
    its remit, approving officers what their organ granted and every finding."""
    asked.may("企业时间线", "the timeline of an enterprise", *READERS)
    for projection in (licenses, timeline):
        await asked.seen(projection.__name__)
    page: Page[Entry] = await asked.ask(
        enterprises.of_subject, asked.read, uscc, authority=_authority(asked), organ=asked.own("", *APPROVING),
        masked=asked.masked, role=asked.caller.role, until=at, cursor=cursor, limit=limit,
    )  # fmt: skip
    return listed(page)


def _authority(asked: Question) -> str:
    return asked.caller.organ if asked.caller.role is Role.REGULATOR else ""


def _today(asked: Question) -> date:
    return business_date(doors_of(asked.request).now())


def _shown(asked: Question, row: LicenseRow) -> LicenseRow:
    """What other regulators proposed is not for one of them to read."""
    return replace(row, open_proposals=[], adopted=[]) if asked.caller.role is Role.REGULATOR else row


async def _license(asked: Question, license_id: UUID) -> LicenseRow:
    """The license if the caller may read it. Raises ``UnknownStream`` for both absence and lack of a right."""
    asked.may("证照", "licenses", *READERS)
    row = await asked.ask(licenses.license, asked.read, license_id, masked=asked.masked)
    if row is None or not _sees(asked, row):
        raise unknown("证照", "license", license_id)
    return row


def _sees(asked: Question, row: LicenseRow) -> bool:
    caller = asked.caller
    if caller.role is Role.REGULATOR:
        return caller.organ in row.regulators
    return caller.reads_everything() or row.organ == caller.organ
