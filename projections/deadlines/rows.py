"""Clocks of a case as rows, and what may be asked of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.approval_case.clocks import end_of_limit
from domain.approval_case.words import CaseClock
from domain.rules.limits import TimeLimit
from domain.rules.loader import Unit
from domain.rules.working_days import WorkingCalendar
from projections.view import Page, Reader

Clock = CaseClock


@dataclass(slots=True)
class DeadlineRow:
    """One clock of a case: ``amount`` in ``unit`` and ``extended`` working days from ``started_on``, not counting
    ``pauses``, in the calendar ``calendar`` of ``region``. ``due`` is its last day, none while the calendar of that year
    is not published; parts of a day run from ``started_at`` to ``due_at``. A clock with ``paused_on`` stands still and
    is not due. One that a document dates (correction, tolerance, commitment) names no calendar."""

    case_id: UUID
    clock: str
    case_no: str
    organ: str
    item: str
    item_name: str
    started_on: date
    amount: int
    due: date | None
    open: bool
    position: int
    unit: str = Unit.WORKING_DAYS
    started_at: datetime | None = None
    due_at: datetime | None = None
    region: str | None = None
    calendar: str = ""
    extended: int = 0
    met_on: date | None = None
    closed_on: date | None = None
    paused_on: date | None = None
    planned_end: date | None = None
    pauses: list[list[str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    terms: dict[str, Any] = field(default_factory=dict)

    def limit(self, paused_until: date | None = None) -> TimeLimit:
        """The limit as it runs; an open pause lasts as planned, or longer where ``paused_until`` lies later."""
        pauses = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in self.pauses]
        if self.paused_on is not None:
            until = [day for day in (self.paused_on, self.planned_end, paused_until) if day is not None]
            pauses.append((self.paused_on, max(until)))
        return TimeLimit(
            self.started_on, self.amount, Unit(self.unit), self.started_at, self.extended, tuple(pauses), self.region
        )


_DEADLINE = "SELECT * FROM projections.deadline"


def of_case(read: Reader, case_id: UUID) -> list[DeadlineRow]:
    """Every clock that ever ran for a case, open or met, the earliest due first."""
    return read.rows(
        DeadlineRow, _DEADLINE + " WHERE case_id = %s AND (open OR due IS NOT NULL) ORDER BY due, clock", (case_id,)
    )


def due_before(
    read: Reader,
    when: date,
    *,
    clocks: Iterable[Clock] = (),
    organ: str = "",
    cursor: str | None = None,
    limit: int = 200,
) -> Page[DeadlineRow]:
    """Open clocks whose last day lies before ``when``: what is overdue on that day. Paused ones stand still.

    The timers ask with today: NOTICE brings DeemAccepted, CORRECTION and TOLERANCE bring their lapse."""
    return _open(read, "due < %(when)s", {"when": when}, clocks, organ, cursor, limit)


def due_between(
    read: Reader,
    first: date,
    last: date,
    *,
    clocks: Iterable[Clock] = (),
    organ: str = "",
    cursor: str | None = None,
    limit: int = 200,
) -> Page[DeadlineRow]:
    """Open clocks whose last day lies between two days, both included: what comes next."""
    return _open(read, "due BETWEEN %(a)s AND %(b)s", {"a": first, "b": last}, clocks, organ, cursor, limit)


def without_due_date(read: Reader, *, cursor: str | None = None, limit: int = 200) -> Page[DeadlineRow]:
    """Open clocks that end in a year whose calendar is not published; entering it dates them."""
    return read.page(
        DeadlineRow, _DEADLINE + " WHERE open AND due IS NULL", {},
        order=("case_id", "clock"), cursor=cursor, limit=limit,
    )  # fmt: skip


def told_otherwise(
    read: Reader, calendar: str, *, cursor: str | None = None, limit: int = 200
) -> Page[DeadlineRow]:
    """Open clocks whose date was told by another version of the calendar than this, by case; after a decision only
    those that got no date at all, since decided cases keep what was told."""
    return read.page(
        DeadlineRow,
        _DEADLINE + " WHERE open AND calendar <> '' AND calendar <> %(calendar)s"
        " AND (due IS NULL OR clock IN ('notice', 'statutory', 'promised', 'hearing'))",
        {"calendar": calendar}, order=("case_id", "clock"), cursor=cursor, limit=limit,
    )  # fmt: skip


def moves(row: DeadlineRow, calendar: WorkingCalendar) -> bool:
    """Whether a calendar gives an open clock another last day than was told, or its first one."""
    end = end_of_limit(row.limit(), calendar)
    return end is not None and (end.on, end.at) != (row.due, row.due_at)


def _open(
    read: Reader, where: str, params: dict[str, object], clocks: Iterable[Clock], organ: str, cursor: str | None,
    limit: int,
) -> Page[DeadlineRow]:  # fmt: skip
    kinds = [str(c) for c in clocks]
    return read.page(
        DeadlineRow,
        f"{_DEADLINE} WHERE open AND paused_on IS NULL AND {where}"
        + (" AND clock = ANY(%(clocks)s)" if kinds else "") + (" AND organ = %(organ)s" if organ else ""),
        params | {"clocks": kinds, "organ": organ},
        order=("due", "case_id", "clock"), cursor=cursor, limit=limit,
    )  # fmt: skip
