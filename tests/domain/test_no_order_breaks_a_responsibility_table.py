"""责任清单: no order of commands breaks what must hold."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from domain.responsibility import ResponsibilityTable
from domain.responsibility.facts import (
    ResponsibilityDisputed,
    ResponsibilityDisputeResolved,
    ResponsibilityTableSet,
)
from domain.responsibility.routing import disputes_of
from tests.domain.life import BRIEF, Life
from tests.domain.test_responsibility import BODIES, CITY, DISTRICT, JANUARY, OTHER, ROWS, resolving, setting
from tests.specification import STEWARD

PLACES = st.lists(st.sampled_from([CITY, DISTRICT, OTHER]), unique=True).map(tuple)


class TableLife(Life):
    OF = ResponsibilityTable

    @rule(rows=ROWS, places=PLACES, later=st.integers(0, 20))
    def set_a_table(self, rows, places, later):
        self.ask(setting(*rows, places=places, effective_from=JANUARY + timedelta(later)), STEWARD)

    @rule(rows=ROWS, places=PLACES, later=st.integers(0, 5))
    @precondition(lambda self: self.facts)
    def set_the_next_table(self, rows, places, later):
        last = [fact for fact in self.facts if isinstance(fact, ResponsibilityTableSet)][-1]
        self.ask(setting(*rows, places=places, effective_from=last.effective_from + timedelta(later)), STEWARD)

    @rule(number=st.integers(1, 4), owner=BODIES)
    def decide_a_dispute(self, number, owner):
        self.ask(resolving(number, owner), STEWARD)

    @invariant()
    def tables_are_numbered_without_a_gap_and_none_begins_before_the_one_before(self):
        tables = [fact for fact in self.facts if isinstance(fact, ResponsibilityTableSet)]
        assert [fact.number for fact in tables] == list(range(1, len(tables) + 1))
        begins = [fact.effective_from for fact in tables]
        assert begins == sorted(begins)

    @invariant()
    def every_place_that_a_table_leaves_open_is_in_the_queue(self):
        known = [fact.dispute for fact in self.facts if isinstance(fact, ResponsibilityDisputed)]
        for fact in self.facts:
            if isinstance(fact, ResponsibilityTableSet):
                for found in disputes_of(fact.rows, fact.places, fact.effective_from):
                    assert any(one.contains(found) for one in known)

    @invariant()
    def a_dispute_ends_by_one_document_alone(self):
        decided = [fact.number for fact in self.facts if isinstance(fact, ResponsibilityDisputeResolved)]
        opened = [fact.number for fact in self.facts if isinstance(fact, ResponsibilityDisputed)]
        assert opened == list(range(1, len(opened) + 1))
        assert len(set(decided)) == len(decided)
        assert set(decided) <= set(opened)


TestNoOrderBreaksAResponsibilityTable = TableLife.TestCase
TestNoOrderBreaksAResponsibilityTable.settings = BRIEF
