"""聚合: how facts become what an aggregate remembers."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from domain.kernel.aggregate import AGGREGATE_OF_EVENT, Aggregate, replay
from domain.kernel.event import EVENTS, Event
from domain.kernel.identity import stream_id

STREAM = stream_id("bell", 1, "1")


class BellRang(Event):
    """铃响。A bell rang."""

    TOPIC, ZH, EN, BASIS = "bell.rang", "铃响", "a bell rang", "无"


del EVENTS[BellRang.TOPIC]


class Counted(Aggregate):
    """A chapter that counts."""

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.rings = 0

    def was_counted(self, fact: BellRang) -> None:
        self.rings += 1


class Remembered(Counted):
    """A chapter of the same aggregate that remembers the last one."""

    last: BellRang | None = None

    def was_remembered(self, fact: BellRang) -> None:
        self.last = fact


del AGGREGATE_OF_EVENT[BellRang]


def rung(times: int) -> Iterator[BellRang]:
    for version in range(1, times + 1):
        yield BellRang(originator_id=STREAM, originator_version=version)


def test_a_fact_that_two_chapters_fold_is_folded_by_both():
    bell = replay(Remembered, STREAM, rung(3))
    assert (bell.rings, bell.last, bell.version) == (3, list(rung(3))[-1], 3)


def test_a_chapter_alone_folds_its_own_part():
    assert vars(replay(Counted, STREAM, rung(2))) == {"id": STREAM, "rings": 2, "version": 2}


def test_a_fact_that_cannot_be_read_leaves_the_aggregate_as_the_facts_before_it_made_it():
    def broken() -> Iterator[BellRang]:
        yield from rung(2)
        raise ValueError("unreadable")

    bell = Remembered(STREAM)
    with pytest.raises(ValueError, match="unreadable"):
        bell.fold_all(broken())
    assert (bell.rings, bell.version) == (2, 2)
