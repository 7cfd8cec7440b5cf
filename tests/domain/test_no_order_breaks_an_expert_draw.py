"""专家抽取: no order of commands breaks what must hold."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from domain.expert_draw import commands as c
from domain.expert_draw import facts as f
from domain.expert_draw.draw import ExpertDraw
from domain.expert_draw.drawing import commitment_of, recomputed, told
from domain.expert_draw.words import HOLDING, DrawState, PanelConclusion, Payment, RedrawReason
from domain.kernel.aggregate import replay
from domain.kernel.command import Command
from domain.kernel.event import Event
from domain.kernel.experts import TieKind
from domain.kernel.people import Actor
from tests.domain.experts import DRAW, REQUEST, TEN, commit, confirm, decline, freeze, reveal, start
from tests.domain.life import BRIEF, Life
from tests.specification import DECIDER, DISCIPLINE, EXAMINER, MONDAY, PLATFORM, given

NUMBERS = st.sampled_from([*TEN.standings, "E-9999"])
ROUNDS = st.sampled_from([0, 0, 0, -1, 1])
"""How far from the present round a late or hasty policy is."""


class DrawLife(Life):
    OF = ExpertDraw

    def ask(self, command: Command, by: Actor) -> tuple[Event, ...]:
        decided = given(*self.facts, look=TEN).when(command, by=by, at=self.now)
        if decided.refusal is not None:
            self.refusals += 1
            return ()
        self.facts = decided.past + decided.facts
        return decided.facts

    @property
    def draw(self) -> ExpertDraw:
        return replay(ExpertDraw, DRAW, self.facts)

    def seated(self, which: int) -> str:
        panel = sorted(self.draw.panel.values())
        return panel[which % len(panel)] if panel else "E-0001"

    @initialize()
    def begin(self):
        self.ask(REQUEST.model_copy(update={"review_on": MONDAY.date()}), EXAMINER)

    def time_passes(self, days):
        """A draw lives within two days; the clock moves by rescheduling instead."""

    @rule(off=ROUNDS)
    def commit(self, off):
        self.ask(commit(max(1, self.draw.round + off)), PLATFORM)

    @rule(off=ROUNDS, by=st.sampled_from([EXAMINER, EXAMINER, DECIDER]))
    def whole_round(self, off, by):
        number = self.draw.round
        self.ask(commit(number), PLATFORM)
        self.ask(start(f"dice of {number}"), by)
        self.ask(freeze(TEN, max(1, number + off)), PLATFORM)
        self.ask(reveal(number), PLATFORM)

    @rule(number=st.integers(1, 3))
    def freeze(self, number):
        self.ask(freeze(TEN, number), PLATFORM)

    @rule(number=st.integers(1, 3))
    def reveal(self, number):
        self.ask(reveal(number), PLATFORM)

    @rule(which=st.integers(0, 2))
    def confirm(self, which):
        self.ask(confirm(self.seated(which)), EXAMINER)

    @rule()
    def all_confirm(self):
        for no in sorted(self.draw.panel.values()):
            self.ask(confirm(no), EXAMINER)

    @rule(which=st.integers(0, 2))
    def decline(self, which):
        self.ask(decline(self.seated(which)), EXAMINER)

    @rule(no=NUMBERS)
    def decline_anybody(self, no):
        self.ask(decline(no), EXAMINER)

    @rule(which=st.integers(0, 2), by=st.sampled_from([EXAMINER, DISCIPLINE]))
    def recuse(self, which, by):
        command = c.RecuseExpert(
            draw_id=DRAW, expert_no=self.seated(which), tie=TieKind.KINSHIP, party="91", explanation="亲属"
        )
        self.ask(command, by)

    @rule(which=st.integers(0, 2))
    def stay_away(self, which):
        self.ask(c.NoteExpertNoShow(draw_id=DRAW, expert_no=self.seated(which)), EXAMINER)

    @rule(reason=st.sampled_from(RedrawReason), which=st.integers(0, 2), named=st.booleans())
    def redraw(self, reason, which, named):
        replace = (self.seated(which),) if named or reason is RedrawReason.SET_ASIDE else ()
        self.ask(c.RedrawExperts(draw_id=DRAW, reason=reason, explanation="另抽", replace=replace), EXAMINER)

    @rule(no=NUMBERS)
    def pick(self, no):
        self.ask(c.AssignDrawDuty(draw_id=DRAW, officer=DECIDER.id, reason="分管"), DECIDER)
        self.ask(c.PickExpertByHand(draw_id=DRAW, expert_no=no, reason="其余专家均不能到场评审"), DECIDER)

    @rule()
    def review(self):
        self.ask(c.StartExpertReview(draw_id=DRAW), EXAMINER)

    @rule(lacking=st.booleans())
    def opine(self, lacking):
        panel = tuple(sorted(self.draw.panel.values()))[lacking:]
        command = c.FilePanelOpinion(draw_id=DRAW, conclusion=PanelConclusion.PASS, opinion="可行", signed_by=panel)
        self.ask(command, EXAMINER)

    @rule()
    def pay(self):
        payments = tuple(Payment(expert_no=no, fen=80_000, basis="标准") for no in self.draw.panel.values())
        if payments:
            self.ask(c.PayExperts(draw_id=DRAW, payments=payments), EXAMINER)

    @rule()
    def cancel(self):
        self.ask(c.CancelExpertDraw(draw_id=DRAW, reason="撤回"), EXAMINER)

    @invariant()
    def nobody_is_drawn_twice(self):
        taken = [one.expert_no for fact in self.of(f.ExpertsDrawn) for one in fact.candidates]
        taken += [fact.expert_no for fact in self.of(f.ExpertPickedByHand)]
        assert len(taken) == len(set(taken))

    @invariant()
    def every_draw_computes_again_and_its_secret_was_committed_before_the_salt(self):
        drawn = self.of(f.ExpertsDrawn)
        if drawn:
            assert recomputed(self.facts) == drawn[-1].candidates
        for one in told(self.facts).rounds if self.facts else ():
            if one.drawn is not None:
                assert one.committed is not None
                assert one.started is not None
                assert one.frozen is not None
                assert one.committed.originator_version < one.started.originator_version
                assert one.started.originator_version < one.frozen.originator_version < one.drawn.originator_version
                assert commitment_of(one.drawn.secret) == one.committed.commitment

    @invariant()
    def one_secret_a_round(self):
        rounds = [fact.round for fact in self.of(f.DrawSecretCommitted)]
        assert len(rounds) == len(set(rounds))

    @invariant()
    def a_complete_panel_has_every_seat_filled_and_confirmed(self):
        draw = self.draw
        if draw.state in (DrawState.PANEL_COMPLETE, DrawState.REVIEWING, DrawState.OPINION_FILED, DrawState.PAID):
            assert not draw.open_seats
            assert all(draw.answers[no] in HOLDING for no in draw.panel.values())

    @invariant()
    def every_redraw_that_no_expert_caused_is_counted(self):
        counted = 0
        for fact in self.of(f.ExpertRedrawRequested):
            counted += fact.reason in (RedrawReason.SET_ASIDE, RedrawReason.ROUND_GIVEN_UP)
            assert fact.without_cause == counted
            assert fact.beyond is (counted > fact.allowed)

    @invariant()
    def nothing_follows_the_end(self):
        endings = self.of(f.ExpertDrawCancelled, f.ExpertsPaid)
        assert endings in ([], [self.facts[-1]] if self.facts else [])


TestNoOrderBreaksAnExpertDraw = DrawLife.TestCase
TestNoOrderBreaksAnExpertDraw.settings = BRIEF
