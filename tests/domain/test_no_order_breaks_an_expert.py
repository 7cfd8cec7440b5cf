"""专家: no order of commands breaks what must hold."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from domain import expert as e
from domain.expert import Expert
from domain.kernel.aggregate import replay
from domain.kernel.experts import ExpertState, expert_stream
from tests.domain.experts import tie
from tests.domain.life import BRIEF, Life
from tests.specification import DISCIPLINE, EXAMINER, STEWARD

EXPERT = expert_stream("E-0001")
BY = st.sampled_from([STEWARD, STEWARD, DISCIPLINE, EXAMINER])
TIES = st.sampled_from([tie(), tie(party="OTHER"), tie(date(2025, 1, 1))])


class ExpertLife(Life):
    OF = Expert

    @rule(name=st.sampled_from(["张三", "张三", "李四"]), by=BY)
    def enroll(self, name, by):
        command = e.EnrollExpert(expert_no="E-0001", name=name, title="高工", disciplines=("FIRE",))
        self.ask(command, by)

    @rule(disciplines=st.sampled_from([("FIRE",), ("GAS", "FIRE"), ("ALCHEMY",)]), by=BY)
    def change(self, disciplines, by):
        self.ask(e.ChangeDisciplines(expert_id=EXPERT, disciplines=disciplines, reason="换证"), by)

    @rule(one=TIES, by=BY)
    def declare(self, one, by):
        self.ask(e.DeclareTie(expert_id=EXPERT, tie=one), by)

    @rule(one=TIES, until=st.sampled_from([date(2014, 1, 1), date(2026, 1, 1)]), by=BY)
    def end(self, one, until, by):
        self.ask(e.EndTie(expert_id=EXPERT, tie=one, until=until), by)

    @rule(kind=st.sampled_from([e.SuspendExpert, e.ReinstateExpert, e.RemoveExpert]), by=BY)
    def stand(self, kind, by):
        self.ask(kind(expert_id=EXPERT, reason="理由"), by)

    @invariant()
    def one_enrolment_and_nothing_before_it(self):
        assert len(self.of(e.ExpertEnrolled)) == bool(self.facts)
        assert not self.facts or isinstance(self.facts[0], e.ExpertEnrolled)

    @invariant()
    def suspension_and_return_alternate(self):
        turns = [type(fact) for fact in self.of(e.ExpertSuspended, e.ExpertReinstated)]
        assert turns == [(e.ExpertSuspended, e.ExpertReinstated)[n % 2] for n in range(len(turns))]

    @invariant()
    def nothing_follows_a_removal(self):
        assert self.of(e.ExpertRemoved) in ([], [self.facts[-1]] if self.facts else [])

    @invariant()
    def a_tie_that_was_declared_never_disappears(self):
        if self.facts:
            expert = replay(e.Expert, EXPERT, self.facts)
            kept = {(one.kind, one.party, one.since) for one in expert.ties}
            assert {(t.tie.kind, t.tie.party, t.tie.since) for t in self.of(e.TieDeclared)} <= kept
            assert expert.standing.state in ExpertState


TestNoOrderBreaksAnExpert = ExpertLife.TestCase
TestNoOrderBreaksAnExpert.settings = BRIEF
