"""主体信用与限制: no order of commands breaks what must hold."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from domain.kernel.aggregate import replay
from domain.kernel.identity import standing_stream
from domain.kernel.standing import BarKind, Step
from domain.rules.working_days import due_on
from domain.standing import SubjectStanding
from domain.standing import commands as c
from domain.standing import facts as f
from domain.standing.subject_standing import PERIOD_BY_LAW
from domain.standing.words import BarCause, CreditRecord, CreditResult, LiftGround
from tests.domain.life import BRIEF, Life
from tests.specification import BUREAU, DECIDER, EXAMINER, HOLDER, HOUSING, PLATFORM

STRANGER = DECIDER.model_copy(update={"organ": HOUSING.code})
RECORD = CreditRecord(number="1", kind="严重失信主体名单")


class StandingLife(Life):
    OF = SubjectStanding

    @rule(
        kind=st.sampled_from(BarKind), cause=st.integers(1, 3), by=st.sampled_from([PLATFORM, DECIDER, STRANGER]),
        days=st.none() | st.integers(-1, 9), items=st.sampled_from([(), ("ITEM-1",)]),
    )  # fmt: skip
    def bar(self, kind, cause, by, days, items):
        today = self.now.date()
        self.ask(
            c.ImposeBar(
                subject=HOLDER, kind=kind, basis="依据", items=items, since=today, organ=BUREAU.code,
                until=None if days is None else today + timedelta(days),
                cause=BarCause(fact_id=f"fact:{cause}", statement="事由"),
            ),
            by,
        )  # fmt: skip

    @rule(number=st.integers(1, 5), ground=st.sampled_from(LiftGround), by=st.sampled_from([DECIDER, STRANGER]))
    def lift(self, number, ground, by):
        command = c.LiftBar(subject=HOLDER, bar_no=number, ground=ground, document_no="1", reason="修复")
        self.ask(command, by)

    @rule(result=st.sampled_from(CreditResult), hours=st.integers(-1, 72), by=st.sampled_from([EXAMINER, PLATFORM]))
    def check(self, result, hours, by):
        records = (RECORD,) if result is CreditResult.DISHONEST else ()
        as_of = self.now - timedelta(hours=hours)
        self.ask(
            c.RecordCreditCheck(subject=HOLDER, source="平台", as_of=as_of, result=result, records=records), by
        )

    @property
    def live(self) -> SubjectStanding:
        return replay(SubjectStanding, standing_stream(HOLDER.identifier), self.facts)

    @invariant()
    def bars_are_numbered_without_gaps_and_each_is_lifted_at_most_once(self):
        numbers = [fact.bar_no for fact in self.facts if isinstance(fact, f.BarImposed)]
        assert numbers == list(range(1, len(numbers) + 1))
        lifted = [fact.bar_no for fact in self.facts if isinstance(fact, f.BarLifted)]
        assert len(lifted) == len(set(lifted))
        assert {bar.bar_no for bar in self.live.bars.values()} == set(numbers) - set(lifted)

    @invariant()
    def no_cause_bars_twice_from_the_same(self):
        causes = [(fact.kind, fact.cause.fact_id) for fact in self.facts if isinstance(fact, f.BarImposed)]
        assert len(causes) == len(set(causes))

    @invariant()
    def a_period_of_the_law_is_neither_shortened_nor_repaired(self):
        imposed = {fact.bar_no: fact for fact in self.facts if isinstance(fact, f.BarImposed)}
        for fact in imposed.values():
            if fact.kind in PERIOD_BY_LAW:
                assert fact.until == due_on(PERIOD_BY_LAW[fact.kind], fact.since)
        for fact in self.facts:
            if isinstance(fact, f.BarLifted) and imposed[fact.bar_no].kind in PERIOD_BY_LAW:
                assert fact.ground is LiftGround.IMPOSED_IN_ERROR

    @invariant()
    def what_the_register_showed_last_stands(self):
        """A register that was just read as clean leaves no bar for dishonesty, and one read as dishonest leaves one."""
        last = self.facts[-1] if self.facts else None
        own = str(standing_stream(HOLDER.identifier))
        dishonest = [bar for bar in self.live.bars.values() if bar.cause.fact_id.startswith(own)]
        if isinstance(last, f.CreditChecked) and last.result is CreditResult.DISHONEST:
            assert dishonest
        if isinstance(last, f.CreditChecked) and last.result is CreditResult.CLEAN:
            assert not dishonest

    @invariant()
    def checks_go_forward(self):
        told = [fact.as_of for fact in self.facts if isinstance(fact, f.CreditChecked)]
        assert told == sorted(told)

    @invariant()
    def a_dishonest_subject_may_neither_commit_nor_be_tolerated(self):
        live = self.live
        if any(bar.kind is BarKind.DISHONESTY and bar.until is None for bar in live.bars.values()):
            for step in (Step.COMMITMENT, Step.TOLERANCE):
                later = self.now.date() + timedelta(400)
                assert any(
                    bar.stands_against(step, item, later) for bar in live.standing.bars for item in ("ITEM-1",)
                )


TestNoOrderBreaksAStanding = StandingLife.TestCase
TestNoOrderBreaksAStanding.settings = BRIEF
