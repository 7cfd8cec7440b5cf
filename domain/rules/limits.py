"""Limits (期限): one time limit at work, in whatever unit: when it ends, what of it is used, and every day of it.

Working days, calendar days, months and years end with a day. Minutes, hours and half days run while the office is
open and end at a moment. An extension (行政许可法第四十二条) is counted in working days after the limit itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from domain.rules.dates import end_of, local
from domain.rules.errors import UnknownUnit
from domain.rules.loader import Unit
from domain.rules.office_hours import office_hours
from domain.rules.reason import Reason
from domain.rules.working_days import DayCounted, Pause, WorkingCalendar, merged

PARTS_OF_A_DAY = frozenset({Unit.MINUTES, Unit.HOURS, Unit.HALF_DAYS})
"""Units that need a moment to start from, and end at one."""

UNITS_OF_LIMITS = PARTS_OF_A_DAY | {Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.MONTHS, Unit.YEARS}


class End(NamedTuple):
    """When a limit ends (届满): the last day, and for parts of a day the moment on it."""

    on: date
    at: datetime | None = None

    @property
    def moment(self) -> datetime:
        """The last moment in time."""
        return self.at or end_of(self.on)


class Spent(NamedTuple):
    """What of a limit is used and what remains, in ``unit``; below zero it was missed by so much."""

    used: int
    remaining: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """期限: ``amount`` in ``unit`` from day 0, ``extended`` working days, not counting ``pauses``, in ``region``.

    ``starts_at`` is the moment from which parts of a day run; without one they run from the start of day 0."""

    start: date
    amount: int
    unit: Unit = Unit.WORKING_DAYS
    starts_at: datetime | None = None
    extended: int = 0
    pauses: tuple[Pause, ...] = ()
    region: str | None = None

    def paused(self, *more: Pause) -> TimeLimit:
        return replace(self, pauses=(*self.pauses, *more))

    def end(self, calendar: WorkingCalendar) -> End:
        """Raises NoCalendarForYear, LimitBelowZero, PauseEndsBeforeItStarts, UnknownUnit."""
        base = self._base(calendar)
        if not self.extended:
            return base
        return End(calendar.due_date(base.on, self.extended, self.pauses, self.region))

    def spent(self, calendar: WorkingCalendar, at: datetime) -> Spent:
        """What is used by a moment, and what remains. Working days are counted as such, parts of a day in minutes of
        office hours, everything else in calendar days. Raises NoCalendarForYear."""
        end = self.end(calendar)
        day = local(at).date()
        if self.unit in PARTS_OF_A_DAY:
            office = office_hours(calendar)
            used = _minutes(office.used(self._from, at, self.pauses, self.region))
            whole = _minutes(office.used(self._from, end.moment, self.pauses, self.region))
            return Spent(used, whole - used, Unit.MINUTES)
        if self.unit == Unit.WORKING_DAYS:
            used = calendar.used(self.start, day, self.pauses, self.region)
            return Spent(used, self.amount + self.extended - used, Unit.WORKING_DAYS)
        used = self._calendar_days(day)
        return Spent(used, self._calendar_days(end.on) - used, Unit.CALENDAR_DAYS)

    def days(self, calendar: WorkingCalendar) -> Iterator[DayCounted]:
        """Day 0 to the last day, one by one: counted as which, or not, and why. Parts of a day tell the minutes of
        office hours so far as their number. Raises NoCalendarForYear."""
        base, number = self._base(calendar), 0
        if self.unit in PARTS_OF_A_DAY:
            yield from self._days_of_parts(calendar, base)
        else:
            for day in calendar.due_in(self.start, self.amount, self.unit, self.pauses, self.region).days:
                number += day.counted
                yield day
        if self.extended:
            # After parts of a day the days of the extension are counted from one: they are no minutes.
            for day in calendar.due(base.on, self.extended, self.pauses, self.region).days[1:]:
                yield day if day.number is None else replace(day, number=number + day.number)

    @property
    def _from(self) -> datetime:
        return self.starts_at or end_of(self.start - timedelta(1))

    def _base(self, calendar: WorkingCalendar) -> End:
        if self.unit not in UNITS_OF_LIMITS:
            raise UnknownUnit(unit=self.unit, known=", ".join(sorted(UNITS_OF_LIMITS)))
        if self.unit in PARTS_OF_A_DAY:
            at = office_hours(calendar).due_at(self._from, self.amount, self.unit, self.pauses, self.region)
            return End(at.date(), at)
        return End(calendar.due_in(self.start, self.amount, self.unit, self.pauses, self.region).date)

    def _calendar_days(self, until: date) -> int:
        outside = (until - self.start).days
        for first, last in merged(self.pauses):
            first, last = max(first, self.start + timedelta(1)), min(last, until)
            outside -= max((last - first).days + 1, 0)
        return max(outside, 0)

    def _days_of_parts(self, calendar: WorkingCalendar, end: End) -> Iterator[DayCounted]:
        office, pauses, minutes = office_hours(calendar), merged(self.pauses), 0
        day = min(self.start, local(self._from).date())
        while day <= end.on:
            pause = next((p for p in pauses if p[0] <= day <= p[1]), None)
            sessions = () if pause else office.sessions(day, self.region)
            counted = _minutes(sum(_overlaps(sessions, self._from, end.moment), timedelta()))
            if pause:
                reason = _paused(pause)
            elif not sessions:
                reason = calendar.why(day, self.region)
            elif not counted:
                reason = Reason("outside_office_hours", "当日办公时间未用", "no office hour of this day was used")
            else:
                open_at = "、".join(f"{a:%H:%M}–{b:%H:%M}" for a, b in sessions)
                reason = Reason(
                    "office_hours", f"办公时间 {open_at},计 {counted} 分钟", f"{counted} minutes of {open_at}"
                )
            minutes += counted
            yield DayCounted(day, counted > 0, minutes if counted else None, reason)
            day += timedelta(1)


def earlier(one: TimeLimit, other: TimeLimit, calendar: WorkingCalendar) -> TimeLimit:
    """Whichever ends first; an organ may promise less than the law gives it, never more."""
    if one.unit == other.unit:
        return one if one.amount <= other.amount else other
    return one if one.end(calendar).moment <= other.end(calendar).moment else other


def _overlaps(sessions: Iterable[tuple[datetime, datetime]], begins: datetime, ends: datetime) -> Iterator[timedelta]:
    for opens, closes in sessions:
        yield max(min(closes, ends) - max(opens, begins), timedelta())


def _minutes(time: timedelta) -> int:
    return int(time.total_seconds()) // 60


def _paused(pause: Pause) -> Reason:
    told = f"{pause[0]} – {pause[1]}"
    return Reason("paused", f"特别程序期间不计({told})", f"not counted, special procedure ({told})")
