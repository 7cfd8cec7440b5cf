"""Annual check (年检): of which years, and between which days, a license is checked. The season is practice."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from domain.rules.errors import BadRule
from domain.rules.loader import practice

ANNIVERSARY = "anniversary_month"


def first_checked_year(valid_from: date) -> int:
    """The first year whose check is due: the year after the one in which the period began."""
    return valid_from.year + 1


def annual_check_season(valid_from: date, year: int) -> tuple[date, date]:
    """First and last day of the check of a year, both included, by the practice ``annual_check_season`` of that year:
    ``anniversary_month`` is the month in which the period began, ``MM-DD/MM-DD`` the same season for every license.

    Raises BadRule when the practice is written otherwise, NoRuleInForce when there is none."""
    chosen = practice("annual_check_season", on=date(year, 1, 1))
    if chosen.value == ANNIVERSARY:
        month = valid_from.month
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    try:
        first, last = (date.fromisoformat(f"{year}-{day}") for day in str(chosen.value).split("/"))
    except ValueError as wrong:
        raise BadRule(
            file=chosen.file, key=chosen.key, zh=f"应为 {ANNIVERSARY} 或 MM-DD/MM-DD", en=f"{ANNIVERSARY} or MM-DD/MM-DD"
        ) from wrong
    return first, last
