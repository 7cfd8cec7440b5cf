"""Time (时间): every fact has the time it happened and the time it was recorded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from domain.kernel.refusal import FutureTime
from domain.kernel.words import Site, Word
from domain.rules.dates import business_date
from domain.rules.errors import NoCalendarForYear
from domain.rules.identifiers import check_uscc
from domain.rules.loader import threshold
from domain.rules.working_days import due_on, working_calendar

NATION = "100000"


def clock_skew(at: datetime) -> timedelta:
    """How far the clocks of two systems may differ (the allowance of rule R10 in force then)."""
    return timedelta(minutes=threshold("R10", on=business_date(at))["clock_skew"])


class Precision(Word):
    """How exactly the time of a fact is known; nearly half of real permit events carry a date only."""

    DAY = "day", "日", "day"
    SECOND = "second", "秒", "second"
    INSTANT = "instant", "瞬时", "instant"


def not_in_the_future(occurred_at: datetime, at: datetime, precision: Precision = Precision.INSTANT) -> None:
    """Raises FutureTime. A time of which only the day is known may stand for any moment of that day."""
    latest = at + clock_skew(at)
    by_day = precision is Precision.DAY and business_date(occurred_at) <= business_date(latest)
    if occurred_at > latest and not by_day:
        raise FutureTime(time=occurred_at)


def handling_region(organ: str, site_region: str | None) -> str | None:
    """Whose calendar counts: where the handling organ sits, for it is the organ whose days are counted (第八十二条).

    Positions 3 to 8 of its unified social credit identifier; an organ without one is taken to sit where the site
    lies; a central organ and an unknown place follow the nation's calendar."""
    if len(organ) == 18 and organ[2:8].isdecimal() and check_uscc(organ).valid:
        return None if organ[2:8] == NATION else organ[2:8]
    return site_region


def place_of(organ: str, site: Site | None) -> str | None:
    """Whose calendar counts what an organ owes about a site: ``handling_region`` of both."""
    return handling_region(organ, site.region if site is not None else None)


def last_day(
    start: date, days: int, pauses: Iterable[tuple[date, date]] = (), region: str | None = None
) -> date | None:
    """The last day of a limit in working days, or none while the year it falls into has no published
    calendar: the law does not let an organ wait with acceptance until the calendar is out.

    ``region`` names the place of whoever must act by it (``handling_region``); none counts by the nation's calendar."""
    try:
        return working_calendar().due_date(start, days, pauses, region)
    except NoCalendarForYear:
        return None


def due_by(limit: str, start: date, region: str | None = None) -> date | None:
    """The last day of a named time limit that begins on ``start``, at a place; or none as in ``last_day``."""
    try:
        return due_on(limit, start, region=region)
    except NoCalendarForYear:
        return None


def next_working_day(day: date, region: str | None = None) -> date | None:
    """The first working day at a place after ``day``, or none while the calendar of that year is not published."""
    return last_day(day, 1, region=region)
