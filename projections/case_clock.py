"""Why is it due then? (时限逐日) Every clock of one case, and every day of each: counted or not, and why.

Not a table: the handlers that fill the board of deadlines are folded in memory over the facts at hand. Given the facts
that were recorded by a moment, and the calendars those facts name, the answer is what the officer could see then; the
clock on the wall of whoever asks has no part in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.commitment.commands import commitment_stream
from domain.commitment.facts import CommitmentFact
from domain.kernel.event import Event
from domain.kernel.words import LimitUnit
from domain.rules.dates import business_date, end_of
from domain.rules.errors import NoCalendarForYear, RuleError
from domain.rules.limits import TimeLimit
from domain.rules.working_days import WorkingCalendar, calendar_told, working_calendar
from domain.supervision_finding import FindingReported
from projections import findings
from projections.deadlines import Clock, DeadlineRow, Deadlines
from projections.view import Reader, RowsAtHand, folded_in_memory

Day = date  # the name that the dataclass below uses, whose own field is called ``date``


@dataclass(slots=True)
class DayTold:
    """One day of a clock. ``number`` counts on; for parts of a day it is the minutes of office hours so far."""

    date: Day
    counted: bool
    number: int | None
    code: str
    zh: str
    en: str


@dataclass(slots=True)
class ClockTold:
    """One clock with everything that explains it. ``used`` and ``remaining`` are in ``spent_in``, as of the moment
    that was asked for, or when the clock ended; without a calendar they are none and ``untold`` says why."""

    clock: str
    zh: str
    en: str
    open: bool
    started_on: date
    started_at: datetime | None
    amount: int
    unit: str
    unit_zh: str
    unit_en: str
    extended: int
    due: date | None
    due_at: datetime | None
    used: int | None
    remaining: int | None
    spent_in: str | None
    late: bool
    met_on: date | None
    closed_on: date | None
    paused_on: date | None
    planned_end: date | None
    pauses: list[list[str]]
    missing: list[str]
    region: str | None
    calendar: str
    untold: dict[str, str] | None
    days: list[DayTold]


@dataclass(slots=True)
class ClocksOfCase:
    """All clocks of a case as they stood at a moment, by what had been recorded then; ``calendar`` is the version that
    was known on that day, ``facts`` how many facts of the case were known."""

    case_id: UUID
    case_no: str
    as_of: datetime
    facts: int
    calendar: str
    clocks: list[ClockTold]


def streams_of(read: Reader, case_id: UUID) -> list[UUID]:
    """The streams whose facts move the clocks of a case: its own, that of its commitment, those of findings about it."""
    return [case_id, commitment_stream(case_id), *(one.finding_id for one in findings.of_case(read, case_id))]


def clocks_at(case_id: UUID, facts: Iterable[Event], as_of: datetime, *, until: datetime | None = None) -> ClocksOfCase | None:
    """The clocks of a case as of a moment, from the facts of ``streams_of``.

    Only what was recorded by ``until`` (without one, by ``as_of``) is looked at. None when nothing was recorded yet."""
    by = until or as_of
    seen = sorted((fact for fact in facts if fact.recorded_at <= by), key=_order)
    own = [fact for fact in seen if fact.originator_id == case_id]
    if not own:
        return None
    rows = folded_in_memory(Deadlines, [*own, *(fact for fact in seen if _about(fact, case_id))]).clocks
    assert isinstance(rows, RowsAtHand)
    told = [row for row in rows.all() if row.open or row.due is not None]
    told.sort(key=lambda row: (row.due is None, row.due or date.max, row.clock))
    known = working_calendar(business_date(as_of))
    case_no = next((str(fact.case_no) for fact in own if hasattr(fact, "case_no")), "")
    return ClocksOfCase(
        case_id, case_no, as_of, len(own), known.version, [_clock(row, as_of, known) for row in told]
    )  # fmt: skip


def _about(fact: Event, case_id: UUID) -> bool:
    """Whether a fact of another stream has to do with the clocks of the case."""
    return isinstance(fact, (FindingReported, CommitmentFact)) and fact.case_id == case_id


def _order(fact: Event) -> tuple[datetime, int]:
    return fact.recorded_at, fact.originator_version


def _clock(row: DeadlineRow, as_of: datetime, known: WorkingCalendar) -> ClockTold:
    asked = business_date(as_of)
    limit = row.limit(asked if row.paused_on is not None else None)
    calendar = calendar_told(row.calendar, asked) if row.calendar else known
    due, due_at, untold = row.due, row.due_at, None
    if row.paused_on is not None and row.planned_end is not None and asked > row.planned_end:
        # A procedure that lasts longer than it was planned: the clock has gone on standing still.
        due, due_at = _ends(limit, calendar)
    used = remaining = spent_in = None
    days: list[DayTold] = []
    try:
        days = [
            DayTold(day.date, day.counted, day.number, *day.reason) for day in limit.days(calendar)
        ]  # fmt: skip
        spent = limit.spent(calendar, end_of(row.closed_on) if row.closed_on else as_of)
        used, remaining, spent_in = spent.used, spent.remaining, str(spent.unit)
    except RuleError as silent:
        untold = {"zh": silent.told("zh"), "en": silent.told("en")}
    clock, unit = Clock.of(row.clock), LimitUnit.of(row.unit)
    return ClockTold(
        clock=str(clock), zh=clock.zh, en=clock.en, open=row.open, started_on=row.started_on, started_at=row.started_at,
        amount=row.amount, unit=str(unit), unit_zh=unit.zh, unit_en=unit.en, extended=row.extended, due=due, due_at=due_at,
        used=used, remaining=remaining, spent_in=spent_in, late=_late(row, due, due_at, as_of), met_on=row.met_on,
        closed_on=row.closed_on, paused_on=row.paused_on, planned_end=row.planned_end, pauses=row.pauses,
        missing=row.missing, region=row.region, calendar=calendar.version, untold=untold, days=days,
    )  # fmt: skip


def _ends(limit: TimeLimit, calendar: WorkingCalendar) -> tuple[date | None, datetime | None]:
    try:
        return tuple(limit.end(calendar))  # type: ignore[return-value]
    except NoCalendarForYear:
        return None, None


def _late(row: DeadlineRow, due: date | None, due_at: datetime | None, as_of: datetime) -> bool:
    """Whether the limit was over when the clock ended, or is over now; a clock that stands still is not."""
    if due is None or row.paused_on is not None:
        return False
    if row.closed_on is not None:
        return row.closed_on > due
    return as_of > (due_at or end_of(due))
