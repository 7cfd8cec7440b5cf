"""Counting (计算): which days count, when a limit ends, what of it is used, and why."""

from __future__ import annotations

import calendar as months_of
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from hashlib import sha256
from itertools import count
from typing import Any

from domain.rules.errors import (
    BadRule,
    LimitBelowZero,
    NoCalendarForYear,
    PauseEndsBeforeItStarts,
    UnknownUnit,
)
from domain.rules.loader import Unit
from domain.rules.reason import Reason
from domain.rules.working_days.notices import CalendarYear, Overlay

Day = date  # the name that dataclasses below use, whose own field is called ``date``
Pause = tuple[date, date]
"""First and last day not counted, both included. A pause still open ends, for the question asked, on the later of
its planned end and the day of asking."""

_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class DayCounted:
    """One day of a time limit: counted as day ``number``, or not counted, and why."""

    date: Day
    counted: bool
    number: int | None
    reason: Reason


@dataclass(frozen=True)
class Due:
    """When a limit ends (期限届满日): the end of ``date``. ``days`` explains it and is only computed when read."""

    date: Day
    start: Day
    limit: int
    unit: Unit
    pauses: tuple[Pause, ...]
    region: str | None
    calendar: WorkingCalendar = field(repr=False, compare=False)

    @cached_property
    def days(self) -> tuple[DayCounted, ...]:
        """Every day from day 0 to the last, each counted or not, with the reason."""
        return tuple(self.calendar.explain(self))

    def shown(self) -> dict[str, Any]:
        """The due date as plain values, with its days and reasons and the version of the calendar."""
        return {
            "due": str(self.date),
            "from": str(self.start),
            "limit": self.limit,
            "unit": str(self.unit),
            "region": self.region,
            "pauses": [[str(first), str(last)] for first, last in self.pauses],
            "calendar": self.calendar.version,
            "days": [
                {"date": str(day.date), "counted": day.counted, "number": day.number, **day.reason._asdict()}
                for day in self.days
            ],
        }


def merged(pauses: Iterable[Pause]) -> list[Pause]:
    """Pauses in order, overlapping and touching ones made one. Raises PauseEndsBeforeItStarts."""
    result: list[Pause] = []
    for start, end in sorted(pauses):
        if end < start:
            raise PauseEndsBeforeItStarts(start=start, end=end)
        if result and start <= result[-1][1] + timedelta(1):
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


class _Index:
    """Working days as ordinals: how many lie at or before a day, and which is the n-th. Counting is subtraction."""

    def __init__(self, years: Mapping[int, CalendarYear], overlays: Sequence[Overlay]) -> None:
        self.years = years
        local = {day: overlay.working for overlay in overlays for day in overlay.days}
        self.first = date(min(years), 1, 1).toordinal() if years else 0
        last = date(max(years), 12, 31).toordinal() if years else -1
        self.before = array("l", [0])
        self.working = array("l")
        for ordinal in range(self.first, last + 1):
            day = date.fromordinal(ordinal)
            notice = years.get(day.year)
            national = notice is not None and (day in notice.made_up or (day.weekday() < 5 and day not in notice.off))
            if local.get(day, national) and notice is not None:
                self.working.append(ordinal)
            self.before.append(len(self.working))

    def require(self, first: int, last: int) -> None:
        for year in range(date.fromordinal(first).year, date.fromordinal(last).year + 1):
            if year not in self.years:
                raise NoCalendarForYear(year=year)

    def between(self, after: int, until: int) -> int:
        """Working days in (after, until]; every year touched must have a calendar."""
        if until <= after:
            return 0
        self.require(after + 1, until)
        return self.before[until - self.first + 1] - self.before[after - self.first + 1]

    def nth(self, after: int, n: int) -> int:
        """The n-th working day after a day, n >= 1; every year touched must have a calendar."""
        begins = date.fromordinal(after + 1).year
        if begins in self.years:
            place = self.before[after - self.first + 1] + n - 1
            if place < len(self.working):
                self.require(after + 1, self.working[place])
                return self.working[place]
        raise NoCalendarForYear(year=next(year for year in count(begins) if year not in self.years))


class WorkingCalendar:
    """The working-day calendar (工作日历) of the nation, with overlays per region.

    Build it with :func:`working_calendar`; the constructor takes notices directly for tests and tools."""

    def __init__(self, years: Iterable[CalendarYear], overlays: Iterable[Overlay] = ()) -> None:
        self.years: dict[int, CalendarYear] = {year.year: year for year in years}
        self.overlays: tuple[Overlay, ...] = tuple(overlays)
        self._national = _Index(self.years, ())
        self._by_region: dict[str, _Index] = {}
        for one in self.overlays:
            for other in self.overlays:
                if one.region == other.region and one.working != other.working and one.days & other.days:
                    raise BadRule(
                        file="working_days", key=one.region,
                        zh=f"{one.notice} 与 {other.notice} 对同一天规定不一",
                        en=f"{one.notice} and {other.notice} disagree on a day",
                    )  # fmt: skip

    def _overlays_of(self, region: str) -> list[Overlay]:
        # The narrower place speaks last and so wins: a county may stay open while its city is closed.
        return sorted((o for o in self.overlays if o.covers(region)), key=lambda o: len(o.prefix))

    def _index(self, region: str | None) -> _Index:
        if region is None or not self.overlays:
            return self._national
        if region not in self._by_region:
            local = self._overlays_of(region)
            self._by_region[region] = _Index(self.years, local) if local else self._national
        return self._by_region[region]

    def is_working(self, day: date, region: str | None = None) -> bool:
        """Whether a day is a working day there. Raises NoCalendarForYear."""
        ordinal = day.toordinal()
        return self._index(region).between(ordinal - 1, ordinal) == 1

    def why(self, day: date, region: str | None = None) -> Reason:
        """Why a day is or is not a working day, naming the notice that orders it. Raises NoCalendarForYear."""
        notice = self.years.get(day.year)
        if notice is None:
            raise NoCalendarForYear(year=day.year)
        if region is not None:
            for overlay in reversed(self._overlays_of(region)):
                if day in overlay.days:
                    return overlay.reason()
        zh_day, en_day = f"周{_WEEKDAYS_ZH[day.weekday()]}", _WEEKDAYS_EN[day.weekday()]
        if day in notice.made_up:
            return Reason("make_up_day", f"调休上班({zh_day},{notice.notice})", f"make-up {en_day} ({notice.notice})")
        if day in notice.off:
            zh, en = notice.off[day]
            return Reason("holiday", f"{zh}放假({notice.notice})", f"holiday, {en} ({notice.notice})")
        if day.weekday() >= 5:
            return Reason("weekend", f"周末({zh_day})", f"weekend ({en_day})")
        return Reason("weekday", f"工作日({zh_day})", f"working day ({en_day})")

    def due_date(self, start: date, limit: int, pauses: Iterable[Pause] = (), region: str | None = None) -> date:
        """The day a limit in working days ends. Arithmetic, cheap enough for every case in a projection.

        Raises NoCalendarForYear, LimitBelowZero, PauseEndsBeforeItStarts."""
        if limit <= 0:
            if limit < 0:
                raise LimitBelowZero(limit=limit)
            return start
        index, at, left = self._index(region), start.toordinal(), limit
        for begins, ends in merged(pauses) if pauses else ():
            if ends.toordinal() <= at:
                continue
            try:
                available = index.between(at, begins.toordinal() - 1)
            except NoCalendarForYear:
                # A pause planned beyond the calendar has no effect on a limit that ends before it.
                break
            if available >= left:
                break
            left -= available
            at = ends.toordinal()
        return date.fromordinal(index.nth(at, left))

    def due(self, start: date, limit: int, pauses: Iterable[Pause] = (), region: str | None = None) -> Due:
        """The same with its explanation at hand: ``due(...).days`` lists every day counted or not, and why."""
        kept = tuple(pauses)
        return Due(self.due_date(start, limit, kept, region), start, limit, Unit.WORKING_DAYS, kept, region, self)

    def explain_due(
        self, start: date, limit: int, pauses: Iterable[Pause] = (), region: str | None = None
    ) -> tuple[DayCounted, ...]:
        return self.due(start, limit, pauses, region).days

    def due_in(
        self, start: date, limit: int, unit: Unit, pauses: Iterable[Pause] = (), region: str | None = None
    ) -> Due:
        """A limit in working days, calendar days, months or years, as the statute of an item gives it.

        Calendar days outside pauses are all counted; a month ends on the day of the same number (or the last of a
        shorter month) and each paused day puts the end off by one. Raises UnknownUnit for parts of a day, which
        need office hours."""
        if unit == Unit.WORKING_DAYS:
            return self.due(start, limit, pauses, region)
        if limit < 0:
            raise LimitBelowZero(limit=limit)
        if unit == Unit.CALENDAR_DAYS:
            plain = start + timedelta(limit)
        elif unit in (Unit.MONTHS, Unit.YEARS):
            month = start.month - 1 + limit * (12 if unit == Unit.YEARS else 1)
            year, month = start.year + month // 12, month % 12 + 1
            plain = date(year, month, min(start.day, months_of.monthrange(year, month)[1]))
        else:
            raise UnknownUnit(unit=unit, known="working_days, calendar_days, months, years")
        kept = tuple(pauses)
        ends = plain
        for first, last in merged(kept):
            first = max(first, start + timedelta(1))
            if last >= first and first <= ends:
                ends += last - first + timedelta(1)
        return Due(ends, start, limit, unit, kept, region, self)

    def explain(self, due: Due) -> Iterator[DayCounted]:
        """Day 0 to the last day of a limit, one by one."""
        yield DayCounted(due.start, False, None, Reason("day_zero", "起算日,不计入", "the day it starts, not counted"))
        index, pauses, number = self._index(due.region), merged(due.pauses), 0
        for ordinal in range(due.start.toordinal() + 1, due.date.toordinal() + 1):
            day = date.fromordinal(ordinal)
            pause = next((p for p in pauses if p[0] <= day <= p[1]), None)
            if pause:
                told = f"{pause[0]} – {pause[1]}"
                reason = Reason("paused", f"特别程序期间不计({told})", f"not counted, special procedure ({told})")
                yield DayCounted(day, False, None, reason)
                continue
            if due.unit == Unit.WORKING_DAYS:
                counted, reason = index.between(ordinal - 1, ordinal) == 1, self.why(day, due.region)
            else:
                counted, reason = True, Reason("calendar_day", "自然日", "calendar day")
            number += counted
            yield DayCounted(day, counted, number if counted else None, reason)

    def used(self, start: date, until: date, pauses: Iterable[Pause] = (), region: str | None = None) -> int:
        """Working days in (start, until] outside pauses. Raises NoCalendarForYear."""
        index, at, end, total = self._index(region), start.toordinal(), until.toordinal(), 0
        for begins, ends in merged(pauses) if pauses else ():
            if begins.toordinal() > end:
                break
            if ends.toordinal() > at:
                total += index.between(at, begins.toordinal() - 1)
                at = ends.toordinal()
        return total + index.between(at, end)

    def remaining(
        self, start: date, limit: int, until: date, pauses: Iterable[Pause] = (), region: str | None = None
    ) -> int:
        """``limit - used``; below zero the limit has been missed by that many working days."""
        return limit - self.used(start, until, pauses, region)

    def next_working_day(self, day: date, region: str | None = None) -> date:
        """The day itself when worked, else the next one (receipt_roll = next_working_day)."""
        return day if self.is_working(day, region) else self.due_date(day, 1, (), region)

    def coverage_ends(self) -> date:
        """The last day the calendar knows; past it nothing is computed, so readiness warns well before.

        Raises NoCalendarForYear when there is no calendar at all."""
        if not self.years:
            raise NoCalendarForYear(year="任何 any")
        return date(max(self.years), 12, 31)

    def covers(self, day: date) -> bool:
        return day.year in self.years

    def latest_start(self, end: date, limit: int, region: str | None = None) -> date:
        """The last day 0 from which ``limit`` working days have passed by ``end``: when a notice "n working days
        ahead" must be given at the latest. Raises NoCalendarForYear, LimitBelowZero."""
        if limit < 0:
            raise LimitBelowZero(limit=limit)
        index, start = self._index(region), end.toordinal()
        while index.between(start, end.toordinal()) < limit:
            start -= 1
        return date.fromordinal(start)

    @cached_property
    def notices(self) -> tuple[str, ...]:
        """Every notice these days come from, the nation's first."""
        national = [year.notice for _, year in sorted(self.years.items())]
        return tuple(dict.fromkeys([*national, *(overlay.notice for overlay in self.overlays)]))

    def since(self, earlier: WorkingCalendar) -> tuple[str, ...]:
        """The notices that this calendar rests on and an earlier one did not."""
        return tuple(notice for notice in self.notices if notice not in earlier.notices)

    @cached_property
    def version(self) -> str:
        """Twelve hex digits that name exactly these days; an event carries it to say by which calendar it was told."""
        spoken = [
            f"{y.year} {y.notice} -{sorted(map(str, y.off))} +{sorted(map(str, y.made_up))}"
            for _, y in sorted(self.years.items())
        ] + sorted(f"{o.region} {o.notice} {o.working} {sorted(map(str, o.days))}" for o in self.overlays)
        return sha256("\n".join(spoken).encode()).hexdigest()[:12]
