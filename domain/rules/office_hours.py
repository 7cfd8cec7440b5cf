"""Office hours (办公时间): limits in minutes, hours and half days run only while the office is open.

Minutes and hours run from the moment itself, or from the next opening. Half days follow the rule of day 0: the half
day in which the time starts is not counted. Whole days end at the end of the day, as in ``working_days``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise

from domain.rules.dates import SHANGHAI, end_of, local
from domain.rules.errors import BadRule, LimitBelowZero, NoRuleInForce
from domain.rules.loader import RuleBook, Unit, rule_book
from domain.rules.working_days import Pause, WorkingCalendar, merged, working_calendar

Session = tuple[datetime, datetime]
"""Opening and closing of one half day, in Asia/Shanghai."""


class OfficeHours:
    """The hours in force on each working day, from dated data."""

    def __init__(self, calendar: WorkingCalendar | None = None, book: RuleBook | None = None) -> None:
        self.calendar = calendar or working_calendar()
        self._periods = tuple(
            (p, tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in p.value))
            for p in (book or rule_book("office_hours")).versions("office_hours")
        )
        for provision, spans in self._periods:
            flat = [moment for span in spans for moment in span]
            if not flat or any(a >= b for a, b in pairwise(flat)):
                raise BadRule(
                    file=provision.file,
                    key=provision.key,
                    zh="时段为空或不按先后",
                    en="its spans are empty or not in order",
                )

    def sessions(self, day: date, region: str | None = None) -> tuple[Session, ...]:
        """The half days of a day; none when it is not a working day. Raises NoCalendarForYear, NoRuleInForce."""
        if not self.calendar.is_working(day, region):
            return ()
        for provision, spans in self._periods:
            if provision.in_force(day):
                return tuple(
                    (datetime.combine(day, opens, SHANGHAI), datetime.combine(day, closes, SHANGHAI))
                    for opens, closes in spans
                )
        periods = ", ".join(provision.period for provision, _ in self._periods)
        raise NoRuleInForce(key="office_hours", on=day, periods=periods)

    def is_open(self, moment: datetime, region: str | None = None) -> bool:
        """Whether the office is open at a moment; the moment of closing counts as open."""
        here = local(moment)
        return any(opens <= here <= closes for opens, closes in self.sessions(here.date(), region))

    def receipt_day(self, moment: datetime, region: str | None = None) -> date:
        """The day on which something received at a moment counts where receipt rolls on (receipt_roll =
        next_working_day): the same day while the office still opens on it, else the next working day."""
        here = local(moment)
        if any(here <= closes for _, closes in self.sessions(here.date(), region)):
            return here.date()
        return self.calendar.due_date(here.date(), 1, (), region)

    def due_at(
        self, start: datetime, limit: int, unit: Unit, pauses: Iterable[Pause] = (), region: str | None = None
    ) -> datetime:
        """The last moment in time for a limit that starts at ``start``, in any unit; days in pauses are left out.

        Raises NoCalendarForYear, LimitBelowZero, TimeWithoutZone, UnknownUnit."""
        begins = local(start)
        if limit < 0:
            raise LimitBelowZero(limit=limit)
        if unit not in (Unit.MINUTES, Unit.HOURS, Unit.HALF_DAYS):
            return end_of(self.calendar.due_in(begins.date(), limit, unit, pauses, region).date)
        if limit == 0:
            return begins
        running = self._sessions_from(begins.date(), merged(pauses), region)
        if unit == Unit.HALF_DAYS:
            to_come = (closes for opens, closes in running if opens > begins)
            return next(closes for number, closes in enumerate(to_come, 1) if number == limit)
        left = timedelta(hours=limit) if unit == Unit.HOURS else timedelta(minutes=limit)
        for opens, closes in running:
            opens = max(opens, begins)
            if opens < closes:
                if left <= closes - opens:
                    return opens + left
                left -= closes - opens
        raise AssertionError("sessions never end: the calendar refuses first")

    def used(
        self, start: datetime, until: datetime, pauses: Iterable[Pause] = (), region: str | None = None
    ) -> timedelta:
        """Office time in (start, until] outside pauses."""
        begins, ends, total = local(start), local(until), timedelta()
        for opens, closes in self._sessions_from(begins.date(), merged(pauses), region, ends.date()):
            total += max(min(closes, ends) - max(opens, begins), timedelta())
        return total

    def _sessions_from(
        self, day: date, pauses: list[Pause], region: str | None, last: date | None = None
    ) -> Iterator[Session]:
        while last is None or day <= last:
            if not any(first <= day <= final for first, final in pauses):
                yield from self.sessions(day, region)
            day += timedelta(1)


def office_hours(calendar: WorkingCalendar) -> OfficeHours:
    """The hours in force, on the working days of a calendar."""
    return _of(calendar, rule_book("office_hours"))


@lru_cache(maxsize=64)
def _of(calendar: WorkingCalendar, book: RuleBook) -> OfficeHours:
    return OfficeHours(calendar, book)
