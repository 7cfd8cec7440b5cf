"""The language of the specifications itself: what it lets pass would pass everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar
from uuid import UUID

import pytest

from domain.kernel.aggregate import Aggregate, Facts, Given
from domain.kernel.command import COMMANDS, Command
from domain.kernel.event import EVENTS, Event
from domain.kernel.identity import stream_id
from domain.kernel.people import Role
from domain.kernel.refusal import OutOfOrder, Refusal, RoleMayNot
from domain.policies.policy import Commands, Policy
from tests.specification import DECIDER, EXAMINER, MONDAY, TUESDAY, given, said


class Knock(Command):
    """敲门。Knock."""

    NAME, ZH, MAY = "door.knock", "敲门", frozenset({Role.EXAMINER})
    times: int = 1

    @property
    def stream(self) -> UUID:
        return stream_id("door", 1, "1")


class Knocked(Event):
    """有人敲门。Somebody knocked."""

    TOPIC, ZH, EN, BASIS = "door.knocked", "敲门 {times} 次", "knocked {times} times", "无"
    times: int


class Forgetful(Knocked):
    """有人敲门。A fact whose JSON loses what the live one held."""

    TOPIC, ZH, EN, BASIS = "door.forgetful", "敲门", "knocked", "无"
    echo: ClassVar[list[int]] = []


@pytest.fixture(autouse=True)
def door_only_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests read the whole registry and must not meet a door there."""
    for fact in (Knocked, Forgetful):
        monkeypatch.setitem(EVENTS, fact.TOPIC, fact)


for registry, name in ((EVENTS, Knocked.TOPIC), (EVENTS, Forgetful.TOPIC), (COMMANDS, Knock.NAME)):
    del registry[name]


class NobodyHome(Refusal):
    """家中无人。

    Nobody is at home."""


class Door(Aggregate):
    """门。"""

    NAME, ZH = "door", "门"

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.heard: list[int] = []

    def knock(self, command: Knock, given: Given) -> Facts:
        if command.times > 9:
            raise NobodyHome()
        if command.times > 8:
            yield Forgetful(times=command.times)
        for _ in range(command.times if command.times < 9 else 0):
            yield Knocked(times=command.times)

    def was_knocked(self, fact: Knocked) -> None:
        self.heard.append(fact.times)

    def was_forgotten(self, fact: Forgetful) -> None:
        # The planted fault: the fold looks at something that is not in the fact.
        Forgetful.echo.append(fact.times)
        self.heard.append(len(Forgetful.echo))


class KnockBack(Policy):
    ZH = "回敲"

    def on_knock(self, fact: Knocked) -> Commands:
        yield Knock(times=fact.times)

    def when_time_passes(self, at) -> Iterator[Command]:
        yield Knock(times=at.day)


class Unsteady(Policy):
    """The planted fault: it asks something else the second time."""

    def __init__(self) -> None:
        self.seen = 0

    def on_knock(self, fact: Knocked) -> Commands:
        self.seen += 1
        yield Knock(times=self.seen)


def test_facts_are_compared_in_their_order_without_the_envelope():
    given().when(Knock(times=2), at=TUESDAY).then(Knocked(times=2), Knocked(times=2))
    given(Knocked(times=1)).when(Knock()).then(Knocked)


@pytest.mark.parametrize(
    "expected", [(), (Knocked(times=2),), (Knocked(times=1), Knocked(times=1)), (Forgetful(times=1),)]
)
def test_other_facts_than_expected_are_seen(expected):
    with pytest.raises(AssertionError):
        given().when(Knock()).then(*expected)


def test_nothing_is_nothing():
    given().when(Knock(times=0)).nothing()
    with pytest.raises(AssertionError):
        given().when(Knock()).nothing()


def test_a_refusal_is_expected_by_its_class():
    given().when(Knock(times=10)).refused(NobodyHome)
    given().when(Knock(), by=DECIDER).refused(RoleMayNot, role=Role.DECIDER)
    for asked, expected in ((Knock(times=10), OutOfOrder), (Knock(), NobodyHome), (Knock(times=10), Refusal)):
        with pytest.raises(AssertionError):
            given().when(asked).refused(expected)


def test_a_refusal_is_no_nothing():
    with pytest.raises(AssertionError, match="NobodyHome"):
        given().when(Knock(times=10)).nothing()


def test_a_replay_that_differs_from_what_was_decided_is_seen():
    with pytest.raises(AssertionError, match="replay of Door differs"):
        given().when(Knock(times=9))


def test_given_facts_keep_the_envelope_they_were_given():
    fact = said(Knocked(times=1), by=DECIDER, at=TUESDAY)
    decided = given(Knocked(times=1), fact).when(Knock(), by=EXAMINER)
    assert [one.actor.role for one in decided.past] == [Role.SYSTEM, Role.DECIDER]
    assert [one.recorded_at for one in decided.past] == [MONDAY, TUESDAY]
    assert [one.originator_version for one in (*decided.past, *decided.facts)] == [1, 2, 3]


def test_a_given_fact_is_not_changed_by_the_story_that_uses_it():
    fact = Knocked(times=1)
    given(fact).when(Knock())
    assert fact.originator_version == 0


def test_a_policy_asks_for_commands():
    given(KnockBack()).when(Knocked(times=3)).then(Knock(times=3))
    given(KnockBack()).when_time_passes(TUESDAY).then(Knock(times=3))
    with pytest.raises(AssertionError):
        given(KnockBack()).when(Knocked(times=3)).nothing()


def test_a_policy_that_asks_something_else_the_second_time_is_seen():
    with pytest.raises(AssertionError):
        given(Unsteady()).when(Knocked(times=3))
