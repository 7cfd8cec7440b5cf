"""推送: no order of commands breaks what must hold, in any of the three ways to claim."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from domain.kernel.aggregate import replay
from domain.kernel.event import Event
from domain.kernel.words import ClaimMode
from domain.push import (
    BeginSupervision,
    ClosePush,
    EscalatePush,
    FileFeedback,
    Push,
    PushAcknowledged,
    PushClaimed,
    PushClosed,
    PushDelivered,
    PushDispatched,
    PushEscalated,
    PushFedBack,
    PushReassigned,
    PushReminded,
    PushReturned,
    PushState,
    PushSuperseded,
    ReassignPush,
    RemindPush,
    SupersedePush,
    SupervisionBegun,
    push_stream,
)
from domain.push.facts import Receipt
from domain.push.words import OPEN
from domain.rules.dates import business_date
from tests.domain.life import BRIEF, Life
from tests.domain.test_push import ACKNOWLEDGE, CLAIM, DISPATCH, RECEIPT, SEND_BACK, THIS
from tests.specification import CASE, DECIDER, FIRE, FIRE_OFFICER, HOUSING, HOUSING_OFFICER, MONDAY, PLATFORM

P = PushState
OFFICERS = st.sampled_from([HOUSING_OFFICER, HOUSING_OFFICER, HOUSING_OFFICER, FIRE_OFFICER])
OVER = (PushClosed, PushSuperseded)


class PushLife(Life):
    OF = Push

    @initialize(mode=st.sampled_from(ClaimMode))
    def begin(self, mode):
        self.dispatch = DISPATCH.model_copy(update={"claim_mode": mode})
        self.ask(self.dispatch, PLATFORM)

    @rule()
    def dispatched_again(self):
        self.ask(self.dispatch, PLATFORM)

    @rule(by=OFFICERS, command=st.sampled_from([RECEIPT, ACKNOWLEDGE, CLAIM, SEND_BACK]))
    def received(self, by, command):
        self.ask(command, by)

    @rule(by=OFFICERS, days=st.integers(-3, 1))
    def supervise(self, by, days):
        begun_on = business_date(self.now) + timedelta(days)
        self.ask(BeginSupervision(push_id=THIS, begun_on=begun_on, how="首次检查"), by)

    @rule(by=OFFICERS)
    def feed_back(self, by):
        self.ask(FileFeedback(push_id=THIS, feedback="已列入检查计划"), by)

    @rule(to=st.sampled_from([FIRE, HOUSING]))
    def reassign(self, to):
        self.ask(ReassignPush(push_id=THIS, regulator=to, reason="职责划转"), DECIDER)

    @rule()
    def close(self):
        self.ask(ClosePush(push_id=THIS), DECIDER)

    @rule(step=st.sampled_from([P.ACKNOWLEDGED, P.CLAIMED]))
    def remind(self, step):
        self.ask(RemindPush(push_id=THIS, overdue=step), PLATFORM)

    @rule()
    def escalate(self):
        self.ask(EscalatePush(push_id=THIS), PLATFORM)

    @precondition(lambda self: len(self.facts) > 4)
    @rule()
    def correct(self):
        self.ask(SupersedePush(push_id=THIS, by_push=push_stream(CASE, "2", HOUSING.code)), PLATFORM)

    def turns(self) -> Iterator[list[Event]]:
        """The facts since each time the push was opened, for a push that comes back is a duty once more."""
        turn: list[Event] = []
        for fact in self.facts:
            if isinstance(fact, PushDispatched) and turn:
                yield turn
                turn = []
            turn.append(fact)
        if turn:
            yield turn

    @invariant()
    def it_is_opened_again_only_after_it_was_handed_on(self):
        openings = [number for number, fact in enumerate(self.facts) if isinstance(fact, PushDispatched)]
        assert openings[:1] == [0]
        assert all(isinstance(self.facts[number - 1], PushReassigned) for number in openings[1:])
        assert all(isinstance(turn[-1], PushReassigned) for turn in list(self.turns())[:-1])

    @invariant()
    def every_fact_names_whose_duty_it_is_and_only_they_act_on_it(self):
        assert {fact.regulator for fact in self.facts} == {HOUSING.code}
        assert {fact.actor.organ for fact in self.of(Receipt)} <= {HOUSING.code}

    @invariant()
    def it_is_claimed_once_and_before_anything_is_fed_back_or_closed(self):
        for turn in self.turns():
            kinds = [type(fact) for fact in turn]
            for once in (PushDelivered, PushAcknowledged, PushClaimed, SupervisionBegun, PushReturned, PushClosed):
                assert kinds.count(once) <= 1, once
            follows = {
                SupervisionBegun: PushClaimed, PushFedBack: PushClaimed, PushClosed: PushFedBack,
                PushReassigned: PushReturned,
            }  # fmt: skip
            for kind, before in follows.items():
                if kind in kinds:
                    assert before in kinds[: kinds.index(kind)], f"{kind.__name__} without {before.__name__}"
            assert not (PushClaimed in kinds and PushReturned in kinds), "claimed and sent back"
            if SupervisionBegun in kinds and PushFedBack in kinds:
                assert kinds.index(SupervisionBegun) < kinds.index(PushFedBack), "the first check after its result"

    @invariant()
    def a_claim_without_a_named_act_is_told_as_automatic_and_only_where_the_city_has_it_so(self):
        for turn in self.turns():
            kinds = [type(fact) for fact in turn]
            for fact in turn:
                if isinstance(fact, PushClaimed):
                    assert fact.automatic is (fact.officer == fact.actor.id), "a named officer is somebody's act"
                    assert not (fact.automatic and self.dispatch.claim_mode is ClaimMode.EXPLICIT)
                    assert PushAcknowledged in kinds or self.dispatch.claim_mode is ClaimMode.ON_DELIVERY

    @invariant()
    def supervision_begins_between_the_decision_and_the_day_on_which_it_is_told(self):
        for fact in self.of(SupervisionBegun):
            assert MONDAY.date() <= fact.begun_on <= business_date(fact.recorded_at)

    @invariant()
    def a_reminder_comes_once_for_each_step_and_never_early_and_an_escalation_once_after_it(self):
        for turn in self.turns():
            opened, reminded = turn[0], []
            assert isinstance(opened, PushDispatched)
            due = {P.ACKNOWLEDGED: opened.acknowledge_due, P.CLAIMED: opened.claim_due}
            for fact in turn:
                if isinstance(fact, PushReminded):
                    assert fact.overdue not in reminded
                    assert business_date(fact.recorded_at) > due[fact.overdue]
                    reminded.append(fact.overdue)
                elif isinstance(fact, PushEscalated):
                    assert reminded
            kinds = [type(fact) for fact in turn]
            assert kinds.count(PushEscalated) <= 1
            done = [kinds.index(kind) for kind in (PushClaimed, PushReturned, *OVER) if kind in kinds]
            for kind in (PushReminded, PushEscalated):
                assert not done or kind not in kinds[min(done) :], "nobody is reminded of what is done"

    @invariant()
    def nothing_follows_an_end_and_what_has_no_end_is_somebodys_duty(self):
        ended = [number for number, fact in enumerate(self.facts) if isinstance(fact, OVER)]
        assert ended in ([], [len(self.facts) - 1])
        state = replay(Push, THIS, self.facts).state
        assert (state in OPEN) is not (bool(ended) or state is P.REASSIGNED)


TestNoOrderBreaksAPush = PushLife.TestCase
TestNoOrderBreaksAPush.settings = BRIEF
