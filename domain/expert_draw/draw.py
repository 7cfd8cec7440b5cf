"""The draw itself: decides its commands and folds its facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from domain.expert_draw import commands as c
from domain.expert_draw import facts as f
from domain.expert_draw import refusals as r
from domain.expert_draw.drawing import commitment_of, digest_of, drawn_from, seed_of, sorted_out
from domain.expert_draw.words import (
    BEFORE_THE_OPINION,
    FOR_THE_EXPERTS_SAKE,
    GATHERING,
    HOLDING,
    IN_A_ROUND,
    DrawState,
    Exclusion,
    PanelMember,
    PartyRole,
    PoolMember,
    RedrawReason,
    Seat,
    SeatAnswer,
)
from domain.kernel.aggregate import Aggregate, Facts, Given
from domain.kernel.experts import DrawSeen, ExpertStanding
from domain.kernel.people import APPROVING
from domain.kernel.time import due_by
from domain.rules.dates import business_date
from domain.rules.errors import RuleError
from domain.rules.loader import expert_discipline, expert_disciplines, threshold, time_limit
from domain.rules.working_days import due_on

S = DrawState


class ExpertDraw(Aggregate):
    """专家抽取。"""

    NAME = "expert_draw"
    ZH = "专家抽取"

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.state: DrawState = S.REQUESTED
        self.request: f.ExpertDrawRequested | None = None
        self.review_on: date | None = None
        self.on_duty: set[str] = set()
        self.round = 1
        self.key_id = self.commitment = self.salt = ""
        self.frozen: f.ExpertPoolFrozen | None = None
        self.seats: dict[int, str] = {}
        self.answers: dict[str, SeatAnswer] = {}
        self.taken_on: dict[str, date] = {}
        self.without_cause = 0
        self.rounds_drawn = 0
        self.last_was_short = False

    # 申请与抽取

    def ask(self, command: c.RequestExpertDraw, given: Given) -> Facts:
        stated = command.model_dump()
        if self.request is not None:
            if stated != {name: self.request.model_dump()[name] for name in stated}:
                raise r.DrawRequestedOtherwise(case_no=command.case_no)
            return
        self._about_the_case(command, given)
        if command.review_on < given.today:
            raise r.ReviewHasPassed(review_on=command.review_on, today=given.today)
        try:
            discipline = expert_discipline(command.discipline, on=given.today)
        except RuleError as unknown:
            known = expert_disciplines()
            raise r.NotInTheList(discipline=command.discipline, on=given.today, known=known) from unknown
        yield f.ExpertDrawRequested(
            **stated, discipline_name=discipline.zh, discipline_name_en=discipline.en, on_duty=given.by.id,
            without_cause=self._before(command, given),
        )  # fmt: skip

    def commit_secret(self, command: c.CommitDrawSecret, given: Given) -> Facts:
        if command.round < self.round or (self.commitment == command.commitment and self.key_id == command.key_id):
            return
        if self.commitment:
            raise r.SecretCommittedAlready(round=self.round)
        self.must_be(command, self.state, S.REQUESTED, S.REDRAWN)
        yield f.DrawSecretCommitted(
            **self._case, round=self.round, key_id=command.key_id, commitment=command.commitment
        )  # fmt: skip

    def start(self, command: c.StartExpertDraw, given: Given) -> Facts:
        self._on_duty(given)
        self.must_be(command, self.state, S.COMMITTED)
        assert self.review_on is not None
        assert self.request is not None
        if self.review_on < given.today:
            raise r.ReviewHasPassed(review_on=self.review_on, today=given.today)
        latest = due_on("expert_draw_ahead", given.today)
        if self.review_on > latest:
            raise r.DrawTooEarly(review_on=self.review_on, latest=latest)
        yield f.ExpertDrawStarted(
            **self._case, round=self.round, salt=command.salt, discipline=self.request.discipline
        )  # fmt: skip

    def freeze(self, command: c.FreezeExpertPool, given: Given) -> Facts:
        if command.round < self.round or (self.frozen is not None and self.frozen.round == command.round):
            return
        self.must_be(command, self.state, S.STARTED)
        assert self.request is not None
        assert self.review_on is not None
        pool, excluded = self._sorted_out(command.experts, given)
        yield f.ExpertPoolFrozen(
            **self._case, round=self.round, discipline=self.request.discipline, pool=pool, excluded=excluded,
            pool_digest=digest_of(pool), seats=self.open_seats, review_on=self.review_on,
        )  # fmt: skip

    def reveal(self, command: c.RevealDrawSecret, given: Given) -> Facts:
        if command.round < self.round or self.state is S.DRAWN:
            return
        self.must_be(command, self.state, S.POOL_FROZEN)
        assert self.request is not None
        assert self.frozen is not None
        if commitment_of(command.secret) != self.commitment:
            raise r.SecretDoesNotFit(round=self.round, key_id=self.key_id)
        case_no, digest = self.request.case_no, self.frozen.pool_digest
        seed = seed_of(command.secret, self.salt, self.key_id, case_no, self.round, digest)
        yield f.ExpertsDrawn(
            **self._case, round=self.round, discipline=self.request.discipline, secret=command.secret, seed=seed,
            pool_digest=digest, pool_size=len(self.frozen.pool), wanted=len(self.frozen.seats),
            candidates=drawn_from(self.frozen.pool, seed, self.frozen.seats), review_on=self.frozen.review_on,
        )  # fmt: skip

    # 答复与重抽

    def confirm(self, command: c.ConfirmExpert, given: Given) -> Facts:
        self._on_duty(given)
        self.must_be(command, self.state, *GATHERING)
        seat = self._seat_of(command.expert_no)
        if self.answers[command.expert_no] is SeatAnswer.CONFIRMED:
            return
        yield f.ExpertConfirmed(**self._case, expert_no=command.expert_no, seat=seat)
        assert self.request is not None
        if all(self.answers[no] is SeatAnswer.CONFIRMED for no in self.panel.values()) and not self.open_seats:
            yield f.PanelCompleted(**self._case, panel=_seats(self.panel), seats=self.request.seats)

    def decline(self, command: c.DeclineExpert, given: Given) -> Facts:
        self._on_duty(given)
        self.must_be(command, self.state, *GATHERING)
        if self.answers.get(command.expert_no) is SeatAnswer.DECLINED:
            return
        seat = self._seat_of(command.expert_no)
        yield f.ExpertDeclined(**self._case, expert_no=command.expert_no, seat=seat, reason=command.reason)

    def recuse(self, command: c.RecuseExpert, given: Given) -> Facts:
        if given.by.role in APPROVING:
            self._on_duty(given)
        self.must_be(command, self.state, *BEFORE_THE_OPINION)
        if self.answers.get(command.expert_no) is SeatAnswer.RECUSED:
            return
        yield f.ExpertRecused(
            **self._case, expert_no=command.expert_no, seat=self._seat_of(command.expert_no), tie=command.tie,
            party=command.party, explanation=command.explanation, in_review=self.state is S.REVIEWING,
        )  # fmt: skip

    def note_no_show(self, command: c.NoteExpertNoShow, given: Given) -> Facts:
        self._on_duty(given)
        if self.answers.get(command.expert_no) is SeatAnswer.NO_SHOW:
            return
        self.must_be(command, self.state, S.PANEL_COMPLETE)
        assert self.review_on is not None
        if given.today < self.review_on:
            raise r.ReviewNotYet(review_on=self.review_on, today=given.today)
        yield f.ExpertDidNotCome(
            **self._case, expert_no=command.expert_no, seat=self._seat_of(command.expert_no)
        )  # fmt: skip

    def redraw(self, command: c.RedrawExperts, given: Given) -> Facts:
        self._on_duty(given)
        reason, without = command.reason, self.without_cause
        if reason is RedrawReason.ROUND_GIVEN_UP:
            self.must_be(command, self.state, *IN_A_ROUND)
        else:
            self.must_be(command, self.state, S.DRAWN)
        if not self._is_ground(command):
            raise r.NothingToRedraw(reason=reason)
        allowed = threshold("R18", on=given.today)["redraws"]
        without += reason in (RedrawReason.SET_ASIDE, RedrawReason.ROUND_GIVEN_UP)
        yield f.ExpertRedrawRequested(
            **self._case, round=self.round + 1, reason=reason, explanation=command.explanation,
            replaced=command.replace, without_cause=without, allowed=allowed, beyond=without > allowed,
        )  # fmt: skip

    def pick(self, command: c.PickExpertByHand, given: Given) -> Facts:
        self._on_duty(given)
        self.must_be(command, self.state, S.DRAWN)
        if not self.open_seats:
            raise r.PanelNotOpen()
        assert self.request is not None
        pool, excluded = self._sorted_out((command.expert_no,), given)
        for out in excluded:
            because = f"({out.because})" if out.because else ""
            raise r.ExpertMayNotSit(expert_no=out.expert_no, why=out.reason, because=because)
        yield f.ExpertPickedByHand(
            **self._case, expert_no=command.expert_no, version=pool[0].version, seat=self.open_seats[0],
            discipline=self.request.discipline, reason=command.reason,
            pool_size=len(self.frozen.pool) if self.frozen else 0,
        )  # fmt: skip

    # 评审、付酬与其他

    def start_review(self, command: c.StartExpertReview, given: Given) -> Facts:
        self._on_duty(given)
        if self.state is S.REVIEWING:
            return
        self.must_be(command, self.state, S.PANEL_COMPLETE)
        assert self.request is not None
        names = {one.expert_no: one.name for one in self._looked_up(self.panel.values(), given)}
        panel = tuple(PanelMember(seat=s, expert_no=no, name=names[no]) for s, no in sorted(self.panel.items()))
        drawn_on = min(self.taken_on[one.expert_no] for one in panel)
        latest = due_by("expert_draw_ahead", drawn_on)
        yield f.ExpertReviewStarted(
            **self._case, panel=panel, discipline=self.request.discipline, drawn_on=drawn_on, latest=latest,
            too_early=latest is not None and latest < given.today,
        )  # fmt: skip

    def file_opinion(self, command: c.FilePanelOpinion, given: Given) -> Facts:
        self._on_duty(given)
        self.must_be(command, self.state, S.REVIEWING)
        assert self.request is not None
        told = [*command.signed_by, *(one.expert_no for one in command.dissents)]
        missing, extra = _unlike(self.panel.values(), told)
        if missing or extra:
            raise r.SignaturesDoNotFit(missing=missing, extra=extra)
        yield f.PanelOpinionFiled(
            **self._case, conclusion=command.conclusion, opinion=command.opinion, signed_by=command.signed_by,
            dissents=command.dissents, discipline=self.request.discipline,
        )  # fmt: skip

    def pay(self, command: c.PayExperts, given: Given) -> Facts:
        self._on_duty(given)
        self.must_be(command, self.state, S.OPINION_FILED)
        missing, extra = _unlike(self.panel.values(), [one.expert_no for one in command.payments])
        if missing or extra:
            raise r.PaymentsDoNotFit(missing=missing, extra=extra)
        yield f.ExpertsPaid(**self._case, payments=command.payments)

    def cancel(self, command: c.CancelExpertDraw, given: Given) -> Facts:
        if given.by.role in APPROVING:
            self._on_duty(given)
        if self.state is S.CANCELLED:
            return
        self.must_be(command, self.state, *BEFORE_THE_OPINION)
        yield f.ExpertDrawCancelled(**self._case, reason=command.reason, rounds_drawn=self.rounds_drawn)

    def reschedule(self, command: c.RescheduleExpertReview, given: Given) -> Facts:
        self._on_duty(given)
        assert self.review_on is not None
        if command.review_on == self.review_on:
            return
        self.must_be(command, self.state, *BEFORE_THE_OPINION)
        if command.review_on < given.today:
            raise r.ReviewHasPassed(review_on=command.review_on, today=given.today)
        yield f.ExpertReviewRescheduled(
            **self._case, old=self.review_on, review_on=command.review_on, reason=command.reason
        )  # fmt: skip

    def assign_duty(self, command: c.AssignDrawDuty, given: Given) -> Facts:
        if command.officer in self.on_duty:
            return
        self.must_be(command, self.state, *BEFORE_THE_OPINION)
        yield f.DrawDutyAssigned(**self._case, officer=command.officer, reason=command.reason)

    # 事实

    def was_asked(self, fact: f.ExpertDrawRequested) -> None:
        self.request, self.review_on, self.on_duty = fact, fact.review_on, {fact.on_duty}
        self.without_cause = fact.without_cause

    def secret_was_committed(self, fact: f.DrawSecretCommitted) -> None:
        self.state, self.key_id, self.commitment = S.COMMITTED, fact.key_id, fact.commitment

    def was_started(self, fact: f.ExpertDrawStarted) -> None:
        self.state, self.salt = S.STARTED, fact.salt

    def pool_was_frozen(self, fact: f.ExpertPoolFrozen) -> None:
        self.state, self.frozen = S.POOL_FROZEN, fact

    def was_drawn(self, fact: f.ExpertsDrawn) -> None:
        self.state, self.rounds_drawn = S.DRAWN, self.rounds_drawn + 1
        self.last_was_short = len(fact.candidates) < fact.wanted
        for one in fact.candidates:
            self._takes(one.seat, one.expert_no, business_date(fact.occurred_at))

    def was_picked(self, fact: f.ExpertPickedByHand) -> None:
        self._takes(fact.seat, fact.expert_no, business_date(fact.occurred_at))

    def was_answered(
        self, fact: f.ExpertConfirmed | f.ExpertDeclined | f.ExpertRecused | f.ExpertDidNotCome
    ) -> None:  # fmt: skip
        self.answers[fact.expert_no] = fact.ANSWER
        if fact.ANSWER not in HOLDING and self.state in (S.PANEL_COMPLETE, S.REVIEWING):
            self.state = S.DRAWN

    def panel_was_completed(self, fact: f.PanelCompleted) -> None:
        self.state = S.PANEL_COMPLETE

    def redraw_was_asked(self, fact: f.ExpertRedrawRequested) -> None:
        self.state, self.round, self.without_cause = S.REDRAWN, fact.round, fact.without_cause
        self.key_id = self.commitment = self.salt = ""
        for no in fact.replaced:
            self.answers[no] = SeatAnswer.SET_ASIDE

    def review_was_started(self, fact: f.ExpertReviewStarted) -> None:
        self.state = S.REVIEWING

    def opinion_was_filed(self, fact: f.PanelOpinionFiled) -> None:
        self.state = S.OPINION_FILED

    def were_paid(self, fact: f.ExpertsPaid) -> None:
        self.state = S.PAID

    def was_cancelled(self, fact: f.ExpertDrawCancelled) -> None:
        self.state = S.CANCELLED

    def was_rescheduled(self, fact: f.ExpertReviewRescheduled) -> None:
        self.review_on = fact.review_on

    def duty_was_assigned(self, fact: f.DrawDutyAssigned) -> None:
        self.on_duty.add(fact.officer)

    # 席位

    @property
    def seen(self) -> DrawSeen:
        """The draw as the next one of the same case sees it: one that was drawn and cancelled was one more try."""
        cancelled = self.state is S.CANCELLED
        return DrawSeen(
            over=cancelled or self.state in (S.OPINION_FILED, S.PAID),
            without_cause=self.without_cause + 1 if cancelled and self.rounds_drawn else 0,
        )  # fmt: skip

    @property
    def panel(self) -> dict[int, str]:
        """Who holds which seat."""
        return {seat: no for seat, no in self.seats.items() if self.answers[no] in HOLDING}

    @property
    def open_seats(self) -> tuple[int, ...]:
        held = self.panel
        return tuple(seat for seat in range(1, (self.request.seats if self.request else 0) + 1) if seat not in held)

    @property
    def _case(self) -> dict[str, Any]:
        assert self.request is not None
        return {"case_id": self.request.case_id, "case_no": self.request.case_no}

    def _about_the_case(self, command: c.RequestExpertDraw, given: Given) -> None:
        case = given.look.case(command.case_id)
        if case is None or case.case_no != command.case_no:
            raise r.CaseOfDrawUnknown(case_no=command.case_no)
        named = {party.identifier for party in command.parties if party.role is PartyRole.APPLICANT}
        # A tie is looked for with the parties named here: an applicant left out would be an expert let in.
        if case.subject is not None and case.subject.identifier not in named:
            raise r.ApplicantNotNamed(case_no=command.case_no)

    def _before(self, command: c.RequestExpertDraw, given: Given) -> int:
        """Redraws without cause that count on from the draw before: cancelling it and asking anew is one of them."""
        if command.number == 1:
            return 0
        earlier = given.look.draw(c.draw_stream(command.case_id, command.discipline, command.number - 1))
        if earlier is None or not earlier.over:
            raise r.EarlierDrawNotOver(number=command.number, earlier=command.number - 1)
        return earlier.without_cause

    def _takes(self, seat: int, expert_no: str, day: date) -> None:
        self.seats[seat], self.answers[expert_no] = expert_no, SeatAnswer.AWAITED
        self.taken_on[expert_no] = day

    def _seat_of(self, expert_no: str) -> int:
        for seat, no in self.panel.items():
            if no == expert_no:
                return seat
        raise r.NotDrawn(expert_no=expert_no)

    def _on_duty(self, given: Given) -> None:
        if given.by.id not in self.on_duty:
            raise r.NotOnDuty(officer=given.by.id)

    def _is_ground(self, command: c.RedrawExperts) -> bool:
        replaced = set(command.replace)
        if command.reason is RedrawReason.SET_ASIDE:
            return bool(replaced) and replaced <= set(self.panel.values())
        if replaced:
            return False
        if command.reason is RedrawReason.ROUND_GIVEN_UP:
            return True
        if command.reason is RedrawReason.POOL_SHORT:
            return self.last_was_short and bool(self.open_seats)
        left = FOR_THE_EXPERTS_SAKE[command.reason]
        return any(self.answers.get(self.seats.get(seat, "")) is left for seat in self.open_seats)

    def _looked_up(self, experts: Iterable[str], given: Given) -> tuple[ExpertStanding, ...]:
        assert given.look is not None
        wanted = tuple(sorted(set(experts)))
        found = given.look.experts(wanted)
        for no in wanted:
            if no not in {one.expert_no for one in found}:
                raise r.PoolNamesUnknownExpert(expert_no=no)
        return found

    def _sorted_out(
        self, experts: Iterable[str], given: Given
    ) -> tuple[tuple[PoolMember, ...], tuple[Exclusion, ...]]:  # fmt: skip
        assert self.request is not None
        assert self.review_on is not None
        return sorted_out(
            self._looked_up(experts, given), discipline=self.request.discipline, parties=self.request.parties,
            objections=self.request.objections, drawn_before=self.answers, on=self.review_on,
            years=time_limit("expert_recusal", on=given.today).value,
        )  # fmt: skip


def _seats(panel: dict[int, str]) -> tuple[Seat, ...]:
    return tuple(Seat(seat=seat, expert_no=no) for seat, no in sorted(panel.items()))


def _unlike(panel: Iterable[str], told: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who is missing from what was told, and who is told beyond the panel or more than once."""
    wanted, found = Counter(panel), Counter(told)
    return tuple(sorted((wanted - found).elements())), tuple(sorted((found - wanted).elements()))
