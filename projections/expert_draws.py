"""Which draws of experts stand where? (专家抽取) Rounds, seats and answers; names only for whom they are meant."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.expert_draw import facts as f
from domain.expert_draw.words import BEFORE_THE_OPINION, DrawState, SeatAnswer
from projections.view import Page, Projection, Reader, Table

S = DrawState
HIDDEN = "***"
"""Stands for the number of an expert until the review has started."""


@dataclass(slots=True)
class DrawRow:
    """One draw. ``candidates`` holds everybody drawn or named: {seat, expert_no, answer, round, by_hand}.

    ``opened`` says that the review has started: until then only those on duty read the numbers. ``without_cause``
    counts redraws that no expert caused, ``beyond`` says that the rule allows fewer (R18), ``too_early`` that the
    experts were known longer before the review than the rule allows (R19)."""

    draw_id: UUID
    case_id: UUID
    case_no: str
    number: int
    discipline: str
    discipline_name: str
    seats: int
    review_on: date
    state: str
    purpose: str
    requested_at: datetime
    position: int
    first_position: int
    version: int
    round: int = 1
    rounds_drawn: int = 0
    pool_size: int | None = None
    pool_digest: str = ""
    excluded: dict[str, int] = field(default_factory=dict)
    on_duty: list[str] = field(default_factory=list)
    candidates: list[dict[str, Any]] = field(default_factory=list)
    opened: bool = False
    without_cause: int = 0
    beyond: bool = False
    by_hand: int = 0
    too_early: bool = False
    conclusion: str = ""
    reason: str = ""
    settled_at: datetime | None = None


_ROW = "SELECT * FROM projections.expert_draw"


def draw(read: Reader, draw_id: UUID, *, officer: str = "", everything: bool = False) -> DrawRow | None:
    """One draw, as an officer may read it; nobody in particular reads no numbers before the review."""
    found = read.one(DrawRow, _ROW + " WHERE draw_id = %s", (draw_id,))
    return shown(found, officer, everything) if found else None


def find(
    read: Reader,
    *,
    case_id: UUID | None = None,
    discipline: str = "",
    state: str = "",
    open_only: bool = False,
    officer: str = "",
    everything: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[DrawRow]:
    """Draws, newest first. Raises BadCursor."""
    where = ["true"]
    params: dict[str, Any] = {
        "case": case_id, "discipline": discipline, "state": state, "open": [str(s) for s in BEFORE_THE_OPINION],
    }  # fmt: skip
    if case_id is not None:
        where.append("case_id = %(case)s")
    if discipline:
        where.append("discipline = %(discipline)s")
    if state:
        where.append("state = %(state)s")
    if open_only:
        where.append("state = ANY(%(open)s)")
    page = read.page(
        DrawRow, _ROW + " WHERE " + " AND ".join(where), params,
        order=("first_position",), cursor=cursor, limit=limit, descending=True,
    )  # fmt: skip
    return page.mapped(lambda row: shown(row, officer, everything))


def open_of_case(read: Reader, case_id: UUID) -> list[UUID]:
    """Draws of a case without an opinion yet, oldest first."""
    rows = read.rows(
        DrawRow, _ROW + " WHERE case_id = %s AND state = ANY(%s) ORDER BY first_position",
        (case_id, [str(s) for s in BEFORE_THE_OPINION]),
    )  # fmt: skip
    return [row.draw_id for row in rows]


def shown(row: DrawRow, officer: str, everything: bool) -> DrawRow:
    if row.opened or everything or officer in row.on_duty:
        return row
    return replace(row, candidates=[one | {"expert_no": HIDDEN} for one in row.candidates])


class ExpertDraws(Projection):
    """Draws, from the request to the payment."""

    NAME = "expert_draws"
    ZH = "专家抽取"

    draws = Table(
        "expert_draw", DrawRow, key=("draw_id",),
        indexes=("(first_position)", "(case_id, first_position)", "(state, first_position)"),
    )  # fmt: skip

    def requested(self, fact: f.ExpertDrawRequested) -> None:
        self.draws.put(
            DrawRow(
                draw_id=fact.originator_id, case_id=fact.case_id, case_no=fact.case_no, number=fact.number,
                discipline=fact.discipline, discipline_name=fact.discipline_name, seats=fact.seats,
                review_on=fact.review_on, state=S.REQUESTED, purpose=fact.purpose, requested_at=fact.occurred_at,
                position=self.position, first_position=self.position, version=fact.originator_version,
                on_duty=[fact.on_duty], without_cause=fact.without_cause,
            )
        )  # fmt: skip

    def committed(self, fact: f.DrawSecretCommitted) -> None:
        self._became(fact, S.COMMITTED)

    def started(self, fact: f.ExpertDrawStarted) -> None:
        self._became(fact, S.STARTED)

    def frozen(self, fact: f.ExpertPoolFrozen) -> None:
        row = self._became(fact, S.POOL_FROZEN)
        row.pool_size, row.pool_digest, row.excluded = len(fact.pool), fact.pool_digest, {}
        for one in fact.excluded:
            row.excluded[str(one.reason)] = row.excluded.get(str(one.reason), 0) + 1

    def drawn(self, fact: f.ExpertsDrawn) -> None:
        row = self._became(fact, S.DRAWN)
        row.rounds_drawn += 1
        row.candidates = row.candidates + [_seat(one.seat, one.expert_no, fact.round) for one in fact.candidates]

    def picked(self, fact: f.ExpertPickedByHand) -> None:
        row = self._became(fact)
        row.by_hand += 1
        row.candidates = [*row.candidates, _seat(fact.seat, fact.expert_no, row.round, by_hand=True)]

    def answered(self, fact: f.SeatAnswered) -> None:
        row = self._became(fact)
        self._answer(row, (fact.expert_no,), fact.ANSWER)
        if fact.ANSWER is not SeatAnswer.CONFIRMED and row.state in (S.PANEL_COMPLETE, S.REVIEWING):
            row.state = S.DRAWN

    def completed(self, fact: f.PanelCompleted) -> None:
        self._became(fact, S.PANEL_COMPLETE)

    def redraw_requested(self, fact: f.ExpertRedrawRequested) -> None:
        row = self._became(fact, S.REDRAWN)
        row.round, row.without_cause, row.beyond = fact.round, fact.without_cause, row.beyond or fact.beyond
        self._answer(row, fact.replaced, SeatAnswer.SET_ASIDE)

    def review_started(self, fact: f.ExpertReviewStarted) -> None:
        row = self._became(fact, S.REVIEWING)
        row.opened, row.too_early = True, fact.too_early

    def opinion_filed(self, fact: f.PanelOpinionFiled) -> None:
        row = self._became(fact, S.OPINION_FILED)
        row.conclusion, row.settled_at = fact.conclusion, fact.occurred_at

    def paid(self, fact: f.ExpertsPaid) -> None:
        self._became(fact, S.PAID)

    def cancelled(self, fact: f.ExpertDrawCancelled) -> None:
        row = self._became(fact, S.CANCELLED)
        row.reason, row.settled_at = fact.reason, fact.occurred_at

    def rescheduled(self, fact: f.ExpertReviewRescheduled) -> None:
        self._became(fact).review_on = fact.review_on

    def duty_assigned(self, fact: f.DrawDutyAssigned) -> None:
        row = self._became(fact)
        row.on_duty = [*row.on_duty, fact.officer]

    def _became(self, fact: f.DrawFact, state: DrawState | None = None) -> DrawRow:
        row = self.draws[fact.originator_id]
        row.position, row.version, row.state = self.position, fact.originator_version, state or row.state
        return row

    def _answer(self, row: DrawRow, experts: tuple[str, ...], answer: SeatAnswer) -> None:
        row.candidates = [
            one | {"answer": str(answer)} if one["expert_no"] in experts else one for one in row.candidates
        ]  # fmt: skip


def _seat(seat: int, expert_no: str, round: int, *, by_hand: bool = False) -> dict[str, Any]:
    return {
        "seat": seat, "expert_no": expert_no, "answer": str(SeatAnswer.AWAITED), "round": round, "by_hand": by_hand,
    }  # fmt: skip
