"""The annual checks (年检) that were recorded, and the list of those that a year asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from domain.kernel.words import Personal
from domain.license.words import ENDED, AnnualCheckResult
from domain.rules.annual_check import annual_check_season
from projections.view import Page, Reader


@dataclass(slots=True)
class CheckRow:
    """The annual check of one license in one year, as it was recorded last."""

    license_id: UUID
    year: int
    result: str
    checked_on: date
    statement: str
    by: str
    position: int


@dataclass(slots=True)
class AnnualCheck:
    """年检清单: a license that is due for its annual check in a year, and whether it was done.

    ``overdue`` when the season is over on the day asked for and nobody recorded that it passed."""

    license_id: UUID
    license_no: str
    item: str
    item_name: str
    subject_id: str
    subject_name: str
    organ: str
    state: str
    year: int
    opens_on: date
    due_on: date
    result: str
    checked_on: date | None
    overdue: bool


@dataclass(slots=True)
class _Due:
    license_id: UUID
    license_no: str
    item: str
    item_name: str
    subject_id: str
    subject_name: str
    organ: str
    state: str
    valid_from: date
    month: int
    result: str | None
    checked_on: date | None


def annual_checks(
    read: Reader,
    year: int,
    on: date,
    *,
    month: int | None = None,
    done: bool | None = None,
    organ: str = "",
    authority: str = "",
    masked: bool = True,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[AnnualCheck]:
    """The list of annual checks of a year, generated from the dates of the licenses: those whose item has one, whose
    period began before the year and goes on into it. ``month`` leaves those due in that month, ``done`` those passed
    or not. Ordered by the month in which the period began. Raises BadCursor, and RuleError for an unknown practice."""
    params: dict[str, Any] = {
        "begins": date(year, 1, 1), "year": year, "ended": [str(state) for state in ENDED], "passed": str(AnnualCheckResult.PASSED),
    }  # fmt: skip
    where = [
        "l.annual_check", "l.valid_from < %(begins)s", "(l.valid_to IS NULL OR l.valid_to >= %(begins)s)",
        "(l.ended_on IS NULL OR l.ended_on >= %(begins)s)", "l.state <> 'issued'",
    ]  # fmt: skip
    if month is not None and (season := _season_month(year, month)) is not True:
        where.append("extract(month FROM l.valid_from) = %(month)s" if season is None else "false")
        params["month"] = month
    if done is not None:
        where.append(("" if done else "NOT ") + "coalesce(c.result = %(passed)s, false)")
    for name, value in (("organ", organ), ("authority", authority)):
        if value:
            column = "l.organ = %(organ)s" if name == "organ" else "l.regulators @> to_jsonb(%(authority)s::text)"
            where.append(column)
            params[name] = value
    page = read.page(
        _Due,
        "SELECT * FROM (SELECT l.license_id, l.license_no, l.item, l.item_name, l.subject_id, l.subject_name, l.organ,"  # noqa: S608
        " l.state, l.valid_from, extract(month FROM l.valid_from)::int AS month, c.result, c.checked_on"
        " FROM projections.license AS l LEFT JOIN projections.license_annual_check AS c"
        " ON c.license_id = l.license_id AND c.year = %(year)s WHERE " + " AND ".join(where) + ") AS due",
        params, order=("month", "license_id"), cursor=cursor, limit=limit,
    )  # fmt: skip
    return page.mapped(lambda row: _due(row, year, on, masked))


def _season_month(year: int, month: int) -> bool | None:
    """Whether a season for every license ends in a month; none where each has its own."""
    ends = {annual_check_season(date(year - 1, first, 1), year)[1].month for first in (1, 2, 3)}
    return None if len(ends) > 1 else ends == {month}


def _due(row: _Due, year: int, on: date, masked: bool) -> AnnualCheck:
    opens, due = annual_check_season(row.valid_from, year)
    passed = row.result == AnnualCheckResult.PASSED
    return AnnualCheck(
        license_id=row.license_id, license_no=row.license_no, item=row.item, item_name=row.item_name,
        subject_id=row.subject_id, subject_name=Personal("name").mask(row.subject_name) if masked else row.subject_name,
        organ=row.organ, state=row.state, year=year, opens_on=opens, due_on=due, result=row.result or "",
        checked_on=row.checked_on, overdue=not passed and due < on,
    )  # fmt: skip


def checks_of(read: Reader, license_id: UUID) -> list[CheckRow]:
    """The annual checks that were recorded for a license, by year."""
    return read.rows(
        CheckRow, "SELECT * FROM projections.license_annual_check WHERE license_id = %s ORDER BY year", (license_id,)
    )
