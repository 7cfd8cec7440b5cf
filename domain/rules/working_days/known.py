"""What is known, and since when: the calendar of a day, of an old fact, and limits of the rules by it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from domain.rules.loader import Limit, RuleBook, rule_book, time_limit
from domain.rules.working_days.counting import Pause, WorkingCalendar
from domain.rules.working_days.notices import CalendarYear, Overlay


def working_calendar(known_on: date | None = None) -> WorkingCalendar:
    """The calendar, shipped and entered; with ``known_on``, only what this platform could know by that day.

    A decision asks with its own day, and an audit replay with the day of the replayed moment: both see the same."""
    book = rule_book("working_days")
    if known_on is not None:
        days = _announcements(book)
        place = bisect_right(days, known_on)
        # Between two announcements nothing changes: one calendar serves all the days between them.
        known_on = None if place == len(days) else days[place - 1] if place else date.min
    return _calendar(book, known_on)


def calendar_told(version: str, known_on: date) -> WorkingCalendar:
    """The calendar a fact names by its version, else the one known on the fact's day (facts that name none)."""
    return _by_version(rule_book("working_days")).get(version) or working_calendar(known_on)


@lru_cache(maxsize=16)
def _announcements(book: RuleBook) -> tuple[date, ...]:
    return tuple(sorted({p.known_from for key in book for p in book.versions(key)}))


@lru_cache(maxsize=16)
def _by_version(book: RuleBook) -> Mapping[str, WorkingCalendar]:
    found = (_calendar(book, day) for day in (*_announcements(book), None))
    return {calendar.version: calendar for calendar in found}


@lru_cache(maxsize=128)
def _calendar(book: RuleBook, known_on: date | None) -> WorkingCalendar:
    years: list[CalendarYear] = []
    overlays: list[Overlay] = []
    for key in book:
        known = [p for p in book.versions(key) if known_on is None or p.known_from <= known_on]
        if known and key.isdecimal():
            years.append(CalendarYear.read(known[-1]))
        elif known:
            overlays.append(Overlay.read(known[-1]))
    return WorkingCalendar(years, overlays)


def due_on(
    limit: Limit | str,
    start: date,
    pauses: Iterable[Pause] = (),
    region: str | None = None,
    calendar: WorkingCalendar | None = None,
) -> date:
    """The day a limit of the rules ends, in the limit's own unit; without ``calendar``, by all that is known.

    A key such as ``consultation_reply`` means the limit in force on ``start``."""
    held = time_limit(limit, on=start) if isinstance(limit, str) else limit
    return (calendar or working_calendar()).due_in(start, held.value, held.unit, pauses, region).date
