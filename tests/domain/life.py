"""A life: commands in any order, from anybody, on any day. What is refused changes nothing; what is decided must
replay to the same state (the specification checks that at every step) and keep the invariants of the aggregate."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from domain.kernel.aggregate import Aggregate
from domain.kernel.command import Command
from domain.kernel.event import Event
from domain.kernel.people import Actor
from tests.specification import MONDAY, given

LIVES = int(os.environ.get("LIVES", "100"))
"""Lives of each aggregate in one run. They are drawn anew every time, so that many short runs see what one long one would;
more of them before a release."""

BRIEF = settings(max_examples=LIVES, stateful_step_count=25, deadline=None)


class Life(RuleBasedStateMachine):
    """Subclasses draw what is asked and state what must always hold of ``self.facts``."""

    OF: ClassVar[type[Aggregate]]
    """Whose life it is; every aggregate has one."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: tuple[Event, ...] = ()
        self.now: datetime = MONDAY
        self.refusals = 0

    @rule(days=st.integers(1, 9))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    def ask(self, command: Command, by: Actor) -> tuple[Event, ...]:
        """The facts decided; none when refused."""
        decided = given(*self.facts).when(command, by=by, at=self.now)
        if decided.refusal is not None:
            self.refusals += 1
            return ()
        assert [fact.originator_version for fact in decided.past + decided.facts] == list(
            range(1, len(self.facts) + len(decided.facts) + 1)
        )
        self.facts = decided.past + decided.facts
        return decided.facts

    def of(self, *kinds: type[Event]) -> list[Event]:
        return [fact for fact in self.facts if isinstance(fact, kinds)]
