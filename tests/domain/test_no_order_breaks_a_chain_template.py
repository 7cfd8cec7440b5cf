"""链条模板: no order of commands breaks what must hold."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from domain.chain_template import ChainPublished, ChainRetired, ChainTemplate, RetireChain, RetiredChain, UnknownChain
from domain.kernel.aggregate import replay
from domain.kernel.bundles import chain_stream
from domain.kernel.command import Command
from domain.kernel.event import Event
from domain.kernel.people import Actor
from tests.domain.chains import Sights
from tests.domain.life import BRIEF, Life
from tests.domain.test_chain_template import PUBLISH
from tests.specification import EXAMINER, STEWARD, given

DAYS = st.integers(0, 12).map(lambda n: date(2026, 1, 1) + timedelta(days=30 * n))
BY = st.sampled_from([STEWARD, STEWARD, EXAMINER])


class ChainLife(Life):
    OF = ChainTemplate

    def ask(self, command: Command, by: Actor) -> tuple[Event, ...]:
        decided = given(*self.facts, look=Sights()).when(command, by=by, at=self.now)
        if decided.refusal is not None:
            self.refusals += 1
            return ()
        self.facts = decided.past + decided.facts
        return decided.facts

    @rule(day=DAYS, composite=st.sampled_from(["甲证", "乙证"]), by=BY)
    def publish(self, day, composite, by):
        self.ask(PUBLISH.model_copy(update={"effective_from": day, "composite": composite}), by)

    @rule(day=DAYS, by=BY)
    def retire(self, day, by):
        self.ask(RetireChain(chain="RESTAURANT", effective_on=day, reason="整合"), by)

    @invariant()
    def versions_are_numbered_and_begin_one_after_another(self):
        published = self.of(ChainPublished)
        assert [fact.terms.version for fact in published] == list(range(1, len(published) + 1))
        days = [fact.effective_from for fact in published]
        assert days == sorted(set(days))

    @invariant()
    def on_every_day_one_version_holds_or_a_reason_is_given(self):
        template = replay(ChainTemplate, chain_stream("RESTAURANT"), self.facts)
        for n in range(13):
            day = date(2026, 1, 1) + timedelta(days=30 * n)
            begun = [fact.terms.version for fact in self.of(ChainPublished) if fact.effective_from <= day]
            try:
                terms = template.terms_on("RESTAURANT", day)
            except UnknownChain:
                assert not begun
            except RetiredChain:
                assert self.of(ChainRetired)
            else:
                assert terms.version == begun[-1]

    @invariant()
    def nothing_is_retired_before_it_was_published(self):
        assert not self.facts or isinstance(self.facts[0], ChainPublished)


TestNoOrderBreaksAChainTemplate = ChainLife.TestCase
TestNoOrderBreaksAChainTemplate.settings = BRIEF
