"""首席代表授权: no order of commands breaks what must hold."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from domain.delegation import (
    AlterDelegation,
    DecisionBeyondDelegation,
    Delegation,
    DelegationAltered,
    DelegationGranted,
    DelegationWithdrawn,
    LetterFact,
    WithdrawDelegation,
)
from domain.kernel.aggregate import replay
from domain.kernel.delegation import Scope, UpForDecision, judged
from tests.domain.life import BRIEF, Life
from tests.domain.test_delegation import GRANT, RECORD, THIS
from tests.specification import FIRE, PLATFORM, STEWARD

NUMBERS = st.sampled_from(["聊行审授〔2026〕1号", "聊行审授〔2026〕2号", "聊行审授〔2026〕3号"])
SCOPES = st.builds(
    Scope, items=st.sampled_from([(), ("FOOD-*",), ("FOOD-1",)]), places=st.sampled_from([(), ("371502",)]),
    amount_to=st.sampled_from([None, 100]),
)  # fmt: skip
DAYS = st.integers(-20, 60)
SOMEBODY = st.sampled_from([STEWARD, STEWARD, STEWARD.model_copy(update={"organ": FIRE.code})])
MATTERS = [
    UpForDecision(item, region, None, amount)
    for item in ("FOOD-1", "FOOD-2", "SHOP-1") for region in ("371502", "371521") for amount in (None, 100, 101)
]  # fmt: skip


class DelegationLife(Life):
    OF = Delegation

    def on(self, days: int) -> date:
        return self.now.date() + timedelta(days=days)

    @rule(number=NUMBERS, scope=SCOPES, begins=DAYS, lasts=DAYS, why=st.sampled_from(["", "漏签"]), by=SOMEBODY)
    def grant(self, number, scope, begins, lasts, why, by):
        changed = {
            "letter_no": number, "scope": scope, "valid_from": self.on(begins), "valid_to": self.on(begins + lasts),
            "retroactive_because": why,
        }  # fmt: skip
        self.ask(GRANT.model_copy(update=changed), by)

    @rule(number=NUMBERS, scope=SCOPES, ends=DAYS, by=SOMEBODY)
    def alter(self, number, scope, ends, by):
        if self.facts:
            command = AlterDelegation(
                delegation_id=THIS, letter_no=number, scope=scope, valid_to=self.on(ends), reason="调整"
            )
            self.ask(command, by)

    @rule(number=NUMBERS, day=DAYS, by=SOMEBODY)
    def withdraw(self, number, day, by):
        if self.facts:
            command = WithdrawDelegation(delegation_id=THIS, letter_no=number, effective_on=self.on(day), reason="调离")
            self.ask(command, by)

    @rule()
    def attempt(self):
        self.ask(RECORD, PLATFORM)

    @invariant()
    def each_letter_is_granted_once_and_changed_only_between_its_grant_and_its_end(self):
        standing, gone = set(), set()
        for fact in self.of(LetterFact):
            if isinstance(fact, DelegationGranted):
                assert fact.letter_no not in standing | gone
                standing.add(fact.letter_no)
            else:
                assert fact.letter_no in standing
                if isinstance(fact, DelegationWithdrawn):
                    standing.remove(fact.letter_no)
                    gone.add(fact.letter_no)

    @invariant()
    def whoever_signed_late_said_so_and_nobody_else_did(self):
        for fact in self.of(DelegationGranted):
            late = fact.valid_from < fact.recorded_at.date()
            assert fact.retroactive is late
            assert bool(fact.retroactive_because) is late

    @invariant()
    def nothing_is_taken_back_for_days_that_have_passed(self):
        for fact in self.of(DelegationWithdrawn):
            assert fact.effective_on >= fact.recorded_at.date()
        for fact in self.of(DelegationGranted, DelegationAltered):
            assert fact.valid_to >= fact.recorded_at.date()

    @invariant()
    def a_decision_rests_on_a_letter_exactly_when_one_covers_it_today(self):
        known = replay(Delegation, THIS, self.facts).letters
        today = self.now.date()
        for matter in MATTERS:
            letter, beyond = judged(known.values(), matter, today)
            covering = [one for one in known.values() if self.covers(one.letter_no, matter, today)]
            assert (letter in covering) if covering else beyond

    def covers(self, number, matter, today) -> bool:
        """The same question, answered from the facts alone."""
        scope, begins, ends, inside = None, None, None, True
        for fact in self.of(LetterFact):
            if fact.letter_no != number:
                continue
            if isinstance(fact, DelegationGranted):
                scope, begins, ends = fact.scope, fact.valid_from, fact.valid_to
            elif isinstance(fact, DelegationAltered):
                scope, ends = fact.scope, fact.valid_to
            elif isinstance(fact, DelegationWithdrawn):
                inside = today < fact.effective_on
        item = not scope.items or any(matter.item.startswith(one.rstrip("*")) for one in scope.items)
        place = not scope.places or matter.region in scope.places
        amount = scope.amount_to is None or (matter.amount or 10**9) <= scope.amount_to
        return inside and begins <= today <= ends and item and place and amount

    @invariant()
    def an_attempt_changes_no_letter(self):
        told = [fact for fact in self.facts if not isinstance(fact, DecisionBeyondDelegation)]
        with_them = replay(Delegation, THIS, self.facts).letters
        assert replay(Delegation, THIS, told).letters == with_them


TestNoOrderBreaksADelegation = DelegationLife.TestCase
TestNoOrderBreaksADelegation.settings = BRIEF
