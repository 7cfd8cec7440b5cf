"""R37 插队办理: where the permit is limited in number, whoever was accepted first is decided first (行政许可法第五十七条)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from domain.approval_case import facts as f
from domain.kernel.event import Event
from domain.rules.dates import business_date
from projections.integrity_board.memory import CaseState, in_force
from projections.view.table import Rows


@dataclass(slots=True)
class QueueRow:
    """One case in the queue of an item that is limited in number; ``place`` is the position of its acceptance."""

    item: str
    case_id: UUID
    case_no: str
    day_zero: date
    place: int
    accepted: str
    waiting: bool = True


class QueueRules:
    """Who waits for what, in the order of acceptance: the day from which it counts, then the order of the facts."""

    flags: Any
    queue: Any
    position: int

    def _queued(self, case: CaseState, fact: f.Acceptance) -> None:
        if fact.terms.limited_number:
            case.limited = True
            self.queue.put(
                QueueRow(fact.terms.item, case.case_id, case.case_no, fact.day_zero, self.position, fact.id)
            )

    def _left_the_queue(self, case: CaseState | None, fact: Event, *, granted: bool = False) -> None:
        if case is None or not case.limited:
            return
        rows: Rows[QueueRow] = self.queue
        mine = rows.get(case.item, case.case_id)
        if mine is None or not mine.waiting:
            return
        mine.waiting = False
        day = business_date(fact.occurred_at)
        if not granted or in_force("R37", day) is None:
            return
        ahead = sorted(
            (one for one in rows.family(case.item) if one.waiting and _before(one, mine) and not self._paused(one)),
            key=lambda one: (one.day_zero, one.place),
        )
        if ahead:
            row = self._of_case("R37", case, fact, day, 0)
            row.holds_from, row.threshold = day, {"overtaken": 0}
            row.observed = {"overtaken": len(ahead), "first": ahead[0].case_no}
            row.evidence = [*(one.accepted for one in ahead), mine.accepted, fact.id]
            self.flags.put(row)

    def _paused(self, one: QueueRow) -> bool:
        """Whoever waits in a special procedure is not overtaken by those who need none."""
        clock = self.flags.peek(one.case_id, "R01", "")
        return clock is not None and clock.paused_on is not None

    def _of_case(self, rule_id: str, case: CaseState, fact: Event, day: date, days: int) -> Any:
        raise NotImplementedError


def queue_of(event: Event) -> tuple[str, ...]:
    """The queues that an event touches, foretold for items that are limited in number."""
    if isinstance(event, (f.Acceptance, f.Decision)) and event.terms.limited_number:
        return (event.terms.item,)
    return ()


def _before(one: QueueRow, other: QueueRow) -> bool:
    return (one.day_zero, one.place) < (other.day_zero, other.place)
