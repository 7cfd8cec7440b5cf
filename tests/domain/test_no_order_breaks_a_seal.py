"""印章: no order of commands breaks what must hold."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from domain.kernel.documents import Document, DocumentKind
from domain.kernel.people import Role
from domain.seal import Seal
from domain.seal import commands as c
from domain.seal import facts as f
from tests.domain.life import BRIEF, Life
from tests.domain.test_seal import KEEPER, NEXT_KEEPER, NUMBER, OPEN, THIS, OnFile
from tests.specification import BUREAU, CASE, DECIDER, EXAMINER, OTHER_CASE, PLATFORM, STEWARD, given

A, B = "ab" * 32, "cd" * 32
KEEPER_AS_OFFICER = KEEPER.model_copy(update={"role": Role.DECIDER})
ASKING = st.sampled_from([DECIDER, EXAMINER, KEEPER_AS_OFFICER])
SOMEBODY = st.sampled_from([KEEPER, KEEPER, NEXT_KEEPER, DECIDER])
CASES = st.sampled_from([CASE, CASE, OTHER_CASE])
KINDS = st.sampled_from([DocumentKind.GRANT, DocumentKind.GRANT, DocumentKind.LICENSE])


class SealLife(Life):
    """The papers of the cases change under the seal's feet, as they do."""

    OF = Seal

    def __init__(self) -> None:
        super().__init__()
        self.look = OnFile()

    def ask(self, command, by):
        decided = given(*self.facts, look=self.look).when(command, by=by, at=self.now)
        if decided.refusal is not None:
            self.refusals += 1
            if decided.refusal.trace is not None:
                # What a refusal leaves behind is carried out, as the use case does.
                recorded = given(*self.facts).when(decided.refusal.trace, by=PLATFORM, at=self.now)
                self.facts = recorded.past + recorded.then(f.SealUseAttempted).facts
            return ()
        self.facts = decided.past + decided.facts
        return decided.facts

    @initialize()
    def begin(self):
        self.ask(OPEN, STEWARD)
        self.decide(CASE, DocumentKind.GRANT, A)

    @rule(case=CASES, kind=KINDS, digest=st.sampled_from([A, B, ""]))
    def paper_is_decided(self, case, kind, digest):
        self.decide(case, kind, digest)

    def decide(self, case, kind, digest):
        paper = Document(kind=kind, organ=BUREAU.code, document_no=NUMBER, digest=digest, fact=f"{case}:8")
        self.look.papers[case] = (*(one for one in self.look.papers.get(case, ()) if one.kind is not kind), paper)

    @rule(case=CASES, often=st.integers(0, 4))
    def paper_is_lost(self, case, often):
        if not often:
            self.look.papers.pop(case, None)

    @rule(case=CASES, kind=KINDS, swapped=st.integers(0, 4), by=ASKING)
    def request(self, case, kind, swapped, by):
        """Nearly always of the file that was decided on."""
        on_file = [one.digest for one in self.look.papers.get(case, ()) if one.kind is kind and one.digest] or [A]
        digest = on_file[-1] if swapped else B
        self.ask(c.RequestSealUse(seal_id=THIS, case_id=case, kind=kind, document_no=NUMBER, digest=digest), by)

    @rule(case=CASES, kind=KINDS, asking=ASKING, confirming=SOMEBODY)
    def request_and_confirm(self, case, kind, asking, confirming):
        self.request(case, kind, 1, asking)
        self.confirm(0, confirming)

    @rule(back=st.integers(0, 2), by=SOMEBODY)
    def confirm(self, back, by):
        request = max(1, len(self.of(f.SealUseRequested)) - back)
        for used in self.ask(c.ConfirmSealUse(seal_id=THIS, request=request), by):
            on_file = [one for one in self.look.papers.get(used.case_id, ()) if one.kind is used.kind]
            assert on_file, "sealed without a decision"
            assert on_file[-1].digest in ("", used.digest), "sealed another file than was decided on"

    @rule(request=st.integers(1, 5), by=SOMEBODY, often=st.integers(0, 4))
    def decline(self, request, by, often):
        if not often:
            self.ask(c.DeclineSealUse(seal_id=THIS, request=request, reason="退回"), by)

    @rule(to=st.sampled_from([KEEPER, NEXT_KEEPER, DECIDER]))
    def hand_over(self, to):
        self.ask(c.HandOverSeal(seal_id=THIS, custody=BUREAU.code, keeper=to.id, reason="轮岗"), STEWARD)

    @rule(often=st.integers(0, 9))
    def take_out(self, often):
        if not often:
            self.ask(c.TakeSealOutOfUse(seal_id=THIS, reason="磨损"), STEWARD)

    @rule()
    def year_is_closed(self):
        self.ask(c.CloseSealYear(seal_id=THIS), STEWARD)

    @rule(often=st.integers(0, 9))
    def the_year_turns(self, often):
        if not often:
            self.now += timedelta(days=310)

    @invariant()
    def requests_and_uses_are_counted_densely(self):
        requests, uses = self.of(f.SealUseRequested), self.of(f.SealUsed)
        assert [fact.request for fact in requests] == list(range(1, len(requests) + 1))
        assert [fact.number for fact in uses] == list(range(1, len(uses) + 1))

    @invariant()
    def each_request_is_settled_once_at_most(self):
        settled = [fact.request for fact in self.of(f.SealUsed, f.SealUseDeclined)]
        assert len(settled) == len(set(settled))
        assert set(settled) <= {fact.request for fact in self.of(f.SealUseRequested)}

    @invariant()
    def two_hands_and_the_second_is_the_keepers(self):
        keeper = OPEN.keeper
        for fact in self.facts:
            if isinstance(fact, f.SealHandedOver):
                keeper = fact.keeper
            elif isinstance(fact, f.SealUsed):
                assert fact.actor.id != fact.requested_by
                assert fact.actor.id == keeper

    @invariant()
    def one_document_bears_one_digest_and_one_seal(self):
        uses = [(fact.case_id, fact.kind, fact.document_no) for fact in self.of(f.SealUsed)]
        assert len(uses) == len(set(uses))

    @invariant()
    def nothing_is_sealed_after_the_seal_went_out_of_use_nor_outside_its_year(self):
        over = False
        for fact in self.facts:
            over = over or isinstance(fact, (f.SealTakenOutOfUse, f.SealYearClosed))
            if isinstance(fact, (f.SealUsed, f.SealUseRequested)):
                assert not over
                assert fact.recorded_at.year == fact.year

    @invariant()
    def a_closed_year_says_how_much_there_was_and_leaves_nothing_open(self):
        for fact in self.of(f.SealYearClosed):
            assert (fact.requests, fact.uses) == (len(self.of(f.SealUseRequested)), len(self.of(f.SealUsed)))
            assert len(self.of(f.SealUsed, f.SealUseDeclined)) == fact.requests


TestNoOrderBreaksASeal = SealLife.TestCase
TestNoOrderBreaksASeal.settings = BRIEF
