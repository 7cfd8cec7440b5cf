"""CommitmentSample (承诺抽查): a reproducible draw among the open commitments of one item on one day.

The fact holds pool, ratio and seed, so an inspector draws again from it alone (``domain/rules/sampling.py``). One
draw per item and day: drawing until somebody pleases is not possible. 优化营商环境条例第五十四条(双随机、一公开)。"""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.kernel.aggregate import Aggregate, Facts, Given
from domain.kernel.command import Command
from domain.kernel.event import Event
from domain.kernel.identity import stream_id
from domain.kernel.people import Role
from domain.kernel.refusal import FutureTime, Kind, Refusal
from domain.kernel.words import ItemCode, Short
from domain.rules import sampling
from domain.rules.loader import time_limit

LARGEST_POOL = 10_000
"""The fact holds its pool, so that anybody draws again from it alone; a larger one would be a fact nobody can read."""

Pool = Annotated[tuple[UUID, ...], Field(min_length=1, max_length=LARGEST_POOL)]


class DrawCommitmentSample(Command):
    """抽查承诺。Draw a sample among the open commitments of an item, by the ratio in force on that day."""

    NAME = "sample.draw"
    ZH = "抽查承诺"
    MAY = frozenset({Role.OPERATOR, Role.SYSTEM})

    item: ItemCode
    drawn_on: date
    pool: Pool = Field(description="every commitment of the item that waits for its check")

    @property
    def stream(self) -> UUID:
        return sample_stream(self.item, self.drawn_on)


def sample_stream(item: str, drawn_on: date) -> UUID:
    """One draw per item and day."""
    return stream_id("sample", drawn_on.year, item, drawn_on)


class SampledAlready(Refusal):
    """事项 {item} 已于 {drawn_on} 抽查过,当日不得另行抽取;请使用已抽取的结果。

    A sample of the item {item} was drawn on {drawn_on} and there is no second draw that day; use the one drawn."""

    KIND = Kind.CONFLICTING


class SampleDrawn(Event):
    """已抽查承诺。A sample was drawn, with all that is needed to draw it again. 优化营商环境条例第五十四条。"""

    TOPIC = "sample.drawn"
    ZH = "抽查 {sample_no}:事项 {item} 待核查承诺 {pool_size} 件,抽取 {drawn_count} 件,比例 {percent}%,种子 {seed}"
    EN = "sample {sample_no}: of {pool_size} open commitments of {item}, {drawn_count} drawn, {percent}%, seed {seed}"
    BASIS = "优化营商环境条例第五十四条"

    sample_no: Short
    item: ItemCode
    drawn_on: date
    percent: int
    method: Short
    seed: Short
    pool_digest: Short
    pool: Pool
    drawn: tuple[UUID, ...]

    @property
    def pool_size(self) -> int:
        return len(self.pool)

    @property
    def drawn_count(self) -> int:
        return len(self.drawn)


def draw(item: str, drawn_on: date, pool: tuple[UUID, ...]) -> SampleDrawn:
    """What a draw on a day brings; the same for everybody who draws again."""
    # Before anything is computed from it: the fact holds each member once, and whoever draws again starts from that.
    pool = tuple(sorted(set(pool), key=str))
    members = [str(one) for one in pool]
    percent = time_limit("commitment_sample", on=drawn_on).value
    seed = sampling.seed_of(members, item, drawn_on.isoformat())
    chosen = sampling.drawn(members, seed, sampling.sample_size(len(members), percent))
    return SampleDrawn(
        sample_no=f"承诺抽查-{drawn_on:%Y%m%d}-{item}", item=item, drawn_on=drawn_on, percent=percent,
        method=sampling.METHOD, seed=seed, pool_digest=sampling.pool_digest(members),
        pool=pool, drawn=tuple(map(UUID, chosen)),
    )  # fmt: skip


class CommitmentSample(Aggregate):
    """承诺抽查。"""

    NAME = "sample"
    ZH = "承诺抽查"

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.drawn: SampleDrawn | None = None

    def draw(self, command: DrawCommitmentSample, given: Given) -> Facts:
        if command.drawn_on > given.today:
            raise FutureTime(time=command.drawn_on)
        brought = draw(command.item, command.drawn_on, command.pool)
        if self.drawn is not None:
            if self.drawn.seed != brought.seed:
                raise SampledAlready(item=command.item, drawn_on=command.drawn_on)
            return
        yield brought

    def was_drawn(self, fact: SampleDrawn) -> None:
        self.drawn = fact
