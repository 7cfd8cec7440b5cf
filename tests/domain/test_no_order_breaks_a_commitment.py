"""告知承诺: no order of commands breaks what must hold."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from domain.commitment import Commitment
from domain.commitment import commands as c
from domain.commitment import facts as f
from domain.commitment.words import CheckMethod, CheckResult, CommitmentState, Severity
from domain.kernel.identity import stream_id
from domain.kernel.promises import CommitmentKind
from domain.kernel.words import Regulator
from tests.domain.life import BRIEF, Life
from tests.specification import (
    ACCEPTOR,
    APPLICANT,
    BUREAU,
    CASE,
    CASE_NO,
    DECIDER,
    EXAMINER,
    HEALTH_OFFICER,
    HOLDER,
    MONDAY,
    PLATFORM,
    officer_of,
)

MARKET = Regulator(code="MARKET-371500", name="市市场监督管理局")
ANYBODY = st.sampled_from([officer_of(MARKET), EXAMINER, DECIDER, HEALTH_OFFICER, ACCEPTOR, APPLICANT, PLATFORM])
CHECKERS = st.sampled_from([officer_of(MARKET), EXAMINER])
OPEN = c.OpenCommitment(
    case_id=CASE, case_no=CASE_NO, item="ITEM-1", item_name="食品经营许可", kind=CommitmentKind.CONDITIONS, promise="承诺",
    subject=HOLDER, organ=BUREAU.code, regulators=(MARKET,), decided_on=MONDAY.date(), check_days=10,
)  # fmt: skip
THIS = OPEN.stream
NEGATIVE = (CheckResult.NOT_TRUE, CheckResult.NOT_KEPT)


class CommitmentLife(Life):
    OF = Commitment

    @initialize()
    def begin(self):
        self.ask(OPEN, PLATFORM)

    @rule()
    def open_again(self):
        assert self.ask(OPEN, PLATFORM) == ()

    @rule(
        by=CHECKERS, result=st.sampled_from(CheckResult), mendable=st.sampled_from([True, True, True, False]),
        ago=st.integers(-1, 3), ahead=st.integers(-1, 14), statement=st.sampled_from(["甲", "乙"]),
    )  # fmt: skip
    def check(self, by, result, mendable, ago, ahead, statement):
        today = self.now.date()
        self.ask(
            c.RecordCommitmentCheck(
                commitment_id=THIS, result=result, method=CheckMethod.RANDOM, checked_on=today - timedelta(ago),
                officers=("甲", "乙"), statement=statement, mendable=mendable, next_check_by=today + timedelta(ahead),
            ),
            by,
        )  # fmt: skip

    @rule(by=ANYBODY, days=st.integers(-1, 12))
    def order(self, by, days):
        rectify_by = self.now.date() + timedelta(days)
        command = c.OrderRectification(
            commitment_id=THIS, document_no="1", requirement="改", legal_basis="法", rectify_by=rectify_by
        )
        self.ask(command, by)

    @rule(by=ANYBODY)
    def report(self, by):
        self.ask(c.ReportCommitmentRectified(commitment_id=THIS, statement="已改"), by)

    @rule()
    def timer(self):
        self.ask(c.NoteCommitmentOverdue(commitment_id=THIS), PLATFORM)

    @rule(number=st.integers(1, 2))
    def sample(self, number):
        sample = stream_id("sample", 2026, number)
        self.ask(c.NoteSampled(commitment_id=THIS, sample_id=sample, sample_no=str(number)), PLATFORM)

    @rule()
    def settle(self):
        finding = stream_id("finding", 2026, "x")
        self.ask(c.SettleCommitment(commitment_id=THIS, finding_id=finding, result="采纳", explanation="撤销"), PLATFORM)

    @rule(by=st.sampled_from([PLATFORM, DECIDER, HEALTH_OFFICER]), sure=st.integers(0, 5))
    def close(self, by, sure):
        if not sure:
            self.ask(c.CloseCommitment(commitment_id=THIS, reason="注销"), by)

    @invariant()
    def it_is_opened_once_and_first(self):
        assert [i for i, fact in enumerate(self.facts) if isinstance(fact, f.CommitmentOpened)] == [0][: len(self.facts)]

    @invariant()
    def it_is_broken_only_after_an_order_or_by_a_promise_that_nothing_mends(self):
        ordered = False
        for before, fact in zip(self.facts, self.facts[1:], strict=False):
            if isinstance(fact, f.CommitmentRectificationOrdered):
                assert isinstance(before, f.CommitmentFact)
                ordered = True
            elif isinstance(fact, f.CommitmentBroken):
                assert isinstance(before, f.CommitmentChecked)
                assert before.result in NEGATIVE
                assert ordered or not before.mendable
            elif isinstance(fact, f.CommitmentChecked):
                assert fact.again is ordered
                if fact.result not in NEGATIVE:
                    ordered = False

    @invariant()
    def nothing_is_checked_after_it_was_broken_or_closed(self):
        over = False
        for fact in self.facts:
            assert not (over and isinstance(fact, (f.CommitmentChecked, f.CommitmentRectificationOrdered)))
            over = over or isinstance(fact, (f.CommitmentBroken, f.CommitmentClosed))

    @invariant()
    def overdue_is_said_after_its_day_once_for_each_time_it_is_owed_and_yellow_before_red(self):
        noted: list[tuple[object, object]] = []
        for fact in self.facts:
            if isinstance(fact, f.CommitmentChecked):
                noted = []
            elif isinstance(fact, f.CommitmentOverdue):
                assert fact.recorded_at.date() > fact.due_on
                assert (fact.duty, fact.severity) not in noted
                assert fact.severity is Severity.YELLOW or (fact.duty, Severity.YELLOW) in noted
                noted.append((fact.duty, fact.severity))

    @invariant()
    def everything_is_told_to_the_same_regulators(self):
        assert all(fact.regulators == (MARKET,) for fact in self.facts)

    @invariant()
    def a_put_off_check_lies_within_another_period(self):
        for fact in self.facts:
            if isinstance(fact, f.CommitmentChecked):
                assert (fact.next_check_by is not None) is (fact.result is CheckResult.NOT_YET_OPERATING)
                if fact.next_check_by is not None:
                    assert fact.recorded_at.date() < fact.next_check_by <= fact.recorded_at.date() + timedelta(10)

    @invariant()
    def the_states_are_reached_by_their_facts(self):
        if not self.facts:
            return
        last = [fact for fact in self.facts if not isinstance(fact, (f.CommitmentOverdue, f.CommitmentSampled))][-1]
        assert last.TOPIC.partition(".")[2] in REACHED_BY[self.state]

    @property
    def state(self) -> CommitmentState:
        from domain.commitment import Commitment
        from domain.kernel.aggregate import replay

        return replay(Commitment, THIS, self.facts).state


S = CommitmentState
REACHED_BY = {
    S.OPEN: {"opened"}, S.DEFERRED: {"checked"}, S.FAILED: {"checked"}, S.KEPT: {"checked"},
    S.RECTIFYING: {"rectification_ordered"}, S.RECTIFIED: {"rectified"}, S.BROKEN: {"broken"}, S.SETTLED: {"settled"},
    S.CLOSED: {"closed"},
}  # fmt: skip

TestNoOrderBreaksACommitment = CommitmentLife.TestCase
TestNoOrderBreaksACommitment.settings = BRIEF
