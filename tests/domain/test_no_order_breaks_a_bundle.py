"""一件事: no order of commands, and no order in which its parts end, breaks what must hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from domain.bundle import facts as f
from domain.bundle.bundle import Bundle, child_stream
from domain.bundle.commands import NoteCompositePart, NotePart
from domain.bundle.words import BundleState, PartOutcome, PartState
from domain.kernel.aggregate import replay
from domain.kernel.bundles import Part
from domain.kernel.command import Command
from domain.kernel.event import Event
from domain.kernel.identity import license_stream
from domain.kernel.licensing import CaseSeen, LicenseState
from domain.kernel.people import Actor
from tests.domain.chains import BUILD, BUNDLE, FOOD, HYGIENE, SIGN, SUBMIT, TERMS, Sights, granted, handed_in
from tests.domain.life import BRIEF, Life
from tests.domain.test_bundle import ISSUE, WITHDRAW
from tests.specification import APPLICANT, DECIDER, EXAMINER, PLATFORM, given

L = LicenseState
PARTS = st.sampled_from([FOOD, FOOD, HYGIENE, SIGN, SIGN, BUILD])
OUTCOMES = st.sampled_from([PartOutcome.GRANTED] * 5 + list(PartOutcome))


class BundleLife(Life):
    """Cases end as they like; the bundle is told truly, falsely, twice, late, or not at all."""

    OF = Bundle

    def __init__(self) -> None:
        super().__init__()
        self.sights = Sights()
        self.decisions: dict[str, bool] = {}
        self.checked = 0

    @initialize(retiring=st.sampled_from([False, False, True]), composite=st.sampled_from([True, True, False]), far=st.sampled_from([True, True, False]))
    def begin(self, retiring, composite, far):
        terms = TERMS if composite else TERMS.model_copy(update={"composite": None})
        self.sights = Sights(terms)
        self.ask(SUBMIT, APPLICANT)
        if retiring:
            self.sights = Sights(terms, retired=frozenset({BUILD.item}))
        elif far and composite:
            for part in (FOOD, HYGIENE, SIGN, BUILD):
                self.case_ends(part, grants=True, told=True)

    def ask(self, command: Command, by: Actor) -> tuple[Event, ...]:
        decided = given(*self.facts, look=self.sights).when(command, by=by, at=self.now)
        if decided.refusal is not None:
            self.refusals += 1
            return ()
        self.facts = decided.past + decided.facts
        return decided.facts

    @property
    def bundle(self) -> Bundle:
        return replay(Bundle, BUNDLE, self.facts)

    def case(self, part: Part):
        """The case of a part once its stage has opened, else one that nobody opened."""
        found = [case_id for case_id, one in self.bundle.opened.items() if one.part == part.code]
        return found[0] if found else child_stream(self.day, f"YJS-0001-{part.code}")

    @property
    def day(self):
        at: datetime = self.now
        return at.date()

    @rule(part=PARTS, grants=st.sampled_from([True, True, True, False]), told=st.sampled_from([True, True, True, False]))
    def case_ends(self, part, grants, told):
        case_id = self.case(part)
        # A case is decided once, whatever the bundle hears of it.
        grants = self.decisions.setdefault(part.code, grants)
        seen = granted(part, case_id) if grants else CaseSeen(case_id=case_id, undecided=False)
        self.sights = replace(self.sights, cases={**self.sights.cases, case_id: seen})
        if told:
            self.tell(part, PartOutcome.GRANTED if grants else PartOutcome.DENIED)

    @rule(part=PARTS, outcome=OUTCOMES)
    def tell(self, part, outcome):
        self.ask(NotePart(bundle_id=BUNDLE, case_id=self.case(part), outcome=outcome, reason="如办件所载"), PLATFORM)

    @rule(by=st.sampled_from([DECIDER, DECIDER, DECIDER, EXAMINER]))
    def issue(self, by):
        self.ask(ISSUE, by)

    @rule(part=PARTS, state=st.sampled_from([L.SUSPENDED, L.VALID, L.REVOKED]), told=st.booleans())
    def license_changes(self, part, state, told):
        stream = license_stream(self.case(part))
        if self.sights.licenses.get(stream) is not L.REVOKED:  # what has ended does not come back
            self.sights = replace(self.sights, licenses={**self.sights.licenses, stream: state})
        if told:
            self.ask(NoteCompositePart(bundle_id=BUNDLE, case_id=self.case(part)), PLATFORM)

    @rule(site=st.booleans())
    def submit_again(self, site):
        self.ask(SUBMIT if site else SUBMIT.model_copy(update={"materials": handed_in("营业执照")}), APPLICANT)

    @rule(sure=st.sampled_from([False] * 9 + [True]))
    def withdraw(self, sure):
        if sure:
            self.ask(WITHDRAW, APPLICANT)

    @invariant()
    def every_part_is_settled_at_most_once(self):
        settled = [fact.part for fact in self.of(f.PartGranted, f.PartNotGranted, f.PartNotOpened)]
        assert len(settled) == len(set(settled))

    @invariant()
    def a_part_is_granted_only_if_its_case_was(self):
        for fact in self.of(f.PartGranted):
            assert self.decisions[fact.part] is True
        for fact in self.of(f.PartNotGranted):
            assert self.decisions[fact.part] is False

    @invariant()
    def a_stage_opens_only_after_the_one_before_has_joined(self):
        turns = [(type(x), x.number) for x in self.of(f.StageOpened, f.StageJoined)]
        wanted = [(kind, n) for n in (1, 2) for kind in (f.StageOpened, f.StageJoined)]
        assert turns == wanted[: len(turns)]

    @invariant()
    def a_stage_joins_only_when_none_of_its_parts_is_open(self):
        for at, fact in enumerate(self.facts):
            if isinstance(fact, f.StageJoined):
                then = replay(Bundle, BUNDLE, self.facts[: at + 1])
                assert all(then.parts[p.code] is not PartState.OPEN for p in TERMS.stages[fact.number - 1].parts)

    @invariant()
    def the_composite_joins_exactly_what_was_granted_and_nothing_indispensable_is_missing(self):
        for fact in self.of(f.CompositeLicenseIssued):
            joined, granted = {one.part for one in fact.parts}, {one.part for one in self.of(f.PartGranted)}
            assert joined <= granted
            assert joined
            names = {part.name for part in TERMS.parts() if part.code not in joined}
            assert set(fact.without) == names
            assert not self.of(f.BundleHalted)
            assert FOOD.code in granted

    @invariant()
    def a_composite_is_issued_anew_only_without_something_and_says_each_change_once(self):
        composites = self.of(f.CompositeLicenseIssued)
        for before, after in pairwise(composites):
            assert {one.part for one in after.parts} < {one.part for one in before.parts}
        said: dict[str, L] = {}
        for fact in self.of(f.CompositePartChanged):
            assert said.get(fact.part, L.VALID) is not fact.state
            said[fact.part] = fact.state
            assert composites, "nothing was issued that could have changed"

    @invariant()
    def what_has_ended_is_in_no_composite_issued_after_it(self):
        if self.facts and isinstance(self.facts[-1], f.CompositeLicenseIssued) and len(self.facts) > self.checked:
            for one in self.facts[-1].parts:
                assert self.sights.licenses.get(license_stream(one.case_id)) is not L.REVOKED
        self.checked = len(self.facts)

    @invariant()
    def there_is_one_end(self):
        ends = self.of(f.CompositeLicenseIssued, f.BundleConcluded, f.BundleWithdrawn)
        assert len({type(end) for end in ends}) <= 1
        if ends and not isinstance(ends[0], f.BundleWithdrawn):
            after = self.facts[self.facts.index(ends[0]) + 1 :]
            assert {type(fact) for fact in after} <= {f.CompositeLicenseIssued, f.CompositePartChanged}
            assert PartState.OPEN not in self.bundle.parts.values()
        if ends and isinstance(ends[0], f.BundleWithdrawn):
            after = self.facts[self.facts.index(ends[0]) + 1 :]
            assert {type(fact) for fact in after} <= {f.PartGranted, f.PartNotGranted}

    @invariant()
    def what_was_halted_opens_nothing_more(self):
        for at, fact in enumerate(self.facts):
            if isinstance(fact, f.BundleHalted):
                assert not any(isinstance(later, f.StageOpened) for later in self.facts[at:])
                assert self.bundle.state is not BundleState.JOINED


TestNoOrderBreaksABundle = BundleLife.TestCase
TestNoOrderBreaksABundle.settings = BRIEF
