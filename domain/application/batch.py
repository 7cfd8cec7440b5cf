"""Batch (一批办件请求): one try to decide orders together, on what memory holds and the store confirms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import cast
from uuid import UUID

from eventsourcing.persistence import StoredEvent, Tracking

from domain.application.memory import Hand, Memory
from domain.application.orders import Answer, Instead, Order, Receipt, as_stored, stored_answer
from domain.kernel.aggregate import AGGREGATE_OF, Given
from domain.kernel.command import Command
from domain.kernel.event import Event
from domain.kernel.people import the_platform
from domain.kernel.refusal import Refusal, RequestReused, StaleVersion, UnknownStream
from domain.sight import NotAtHand, Sight
from domain.store import Commits, Row, StoredRequest, Unit


async def repeated(commits: Commits, orders: Iterable[Order]) -> dict[str, StoredRequest]:
    """The requests among those of the orders that came before."""
    asked = [order.request for order in orders if order.request]
    return await commits.find_requests(asked) if asked else {}


class Batch:
    """One try to decide a batch: what would be stored, and what each order would be answered."""

    def __init__(
        self, memory: Memory, commits: Commits, row_of: Callable[[Event], StoredEvent], hand: Hand,
        pending: Mapping[int, Order], tracking: list[Tracking],
    ) -> None:  # fmt: skip
        self.memory = memory
        self.commits = commits
        self.row_of = row_of
        self.hand = hand
        self.pending = pending
        self.unit = Unit(tracking=tracking)
        self.touched: set[UUID] = set()
        self.refused: dict[int, Answer] = {}
        self.asked: dict[str, int] = {}
        self.twins: dict[int, int] = {}
        self.halves: set[UUID] = set()
        self.spans: list[tuple[int, UUID, int, int, int]] = []

    @property
    def anything(self) -> bool:
        """Whether there is anything to store."""
        return bool(self.unit.events or self.unit.requests or self.unit.tracking)

    async def decide(self, instead: Instead | None) -> bool:
        """Decide every order; false when it must be done anew, because memory was behind the store.

        New facts are checked by the commit itself. A refusal, or finding nothing to do, is checked here."""
        refusals: list[tuple[int, Order, Refusal]] = []
        doubtful: set[UUID] = set()
        for index, asked in self.pending.items():
            first = self.asked.get(asked.request) if asked.request else None
            if first is not None:
                if self.pending[first].fingerprint == asked.fingerprint:
                    self.twins[index] = first
                else:
                    refusals.append((index, asked, RequestReused(request=asked.request)))
                continue
            try:
                if not await self._decide_looking(index, asked):
                    doubtful |= self.hand.unread(asked)
            except Refusal as refusal:
                doubtful |= self.hand.unread(asked)
                refusals.append((index, asked, refusal))
                if asked.stream in self.halves:
                    await self._read_again(asked.stream)
        if await self._behind(doubtful):
            return False
        for index, asked, why in refusals:
            await self._refuse(index, asked, why, instead)
        return True

    async def _behind(self, doubtful: set[UUID]) -> bool:
        """Whether the store has gone on beyond what was decided on from memory, or looked at there."""
        hand = self.hand
        if not doubtful and not hand.from_memory:
            return False
        after = {one: hand.known[one] for one in doubtful} | hand.from_memory
        newer = await self.commits.load(list(after), after)
        for stream in hand.from_memory & newer.keys():
            self.memory.saw(stream, newer[stream])
        return bool(newer)

    async def _refuse(self, index: int, asked: Order, refusal: Refusal, instead: Instead | None) -> None:
        if before := await repeated(self.commits, [asked]):
            self.refused[index] = stored_answer(asked, before[cast("str", asked.request)])
            return
        self.refused[index] = refusal
        other = instead(asked, refusal) if instead else None
        for one in (other, await self._trace(asked, refusal)):
            if one is None:
                continue
            # Its stream is nobody's here: not locked, so neither taken from memory nor left there before it is stored.
            if one.stream not in self.hand.aggregates:
                await self._read_again(one.stream)
            await self._decide_looking(None, one)

    async def _trace(self, asked: Order, refusal: Refusal) -> Order | None:
        """What a refusal leaves behind, once for each request however often it is sent."""
        if refusal.trace is None:
            return None
        request = f"{asked.request}:refused" if asked.request else None
        if request and await self.commits.find_requests([request]):
            return None
        platform = the_platform("refusals")
        return Order(cast("Command", refusal.trace), platform, asked.at, request, None, asked.cause_id, asked.correlation_id)

    async def _decide_looking(self, index: int | None, order: Order) -> bool:
        """Decide an order; what it looks at and nobody has read yet is read first. Raises its refusal."""
        while True:
            try:
                return self._decide(index, order)
            except NotAtHand as missing:
                versions = {stream: self.memory.version_seen(stream) for stream in missing.streams}
                stored = await self.commits.load(list(versions), versions)
                for stream in versions:
                    self.hand.seen[stream] = self.memory.saw(stream, stored.get(stream, []))
                if order.stream in self.halves:
                    await self._read_again(order.stream)

    def _decide(self, index: int | None, order: Order) -> bool:
        """Whether the order made any facts. Raises its refusal."""
        if order.why_not is not None:
            raise order.why_not
        command, stream, cls = order.command, order.stream, AGGREGATE_OF[type(order.command)]
        aggregate = self.hand.aggregates.get(stream)
        if aggregate is None:
            aggregate = self.hand.aggregates[stream] = cls(stream)
        if not isinstance(aggregate, cls):
            raise UnknownStream(what=cls.ZH, id=stream)
        if order.if_match is not None and order.if_match != aggregate.version:
            raise StaleVersion(expected=order.if_match, version=aggregate.version)
        given = Given(
            by=order.by, at=order.at, look=Sight(self.hand),
            cause_id=order.cause_id or order.request or "", correlation_id=order.correlation_id,
        )  # fmt: skip
        self.touched.add(stream)
        before = aggregate.version
        try:
            facts = aggregate.decide(command, given)
        except (Refusal, NotAtHand):
            if aggregate.version != before:
                self.halves.add(stream)
            raise
        if index is not None:
            self.spans.append((index, stream, aggregate.version, len(self.unit.events), len(facts)))
        self.unit.events += [self.row_of(fact) for fact in facts]
        if order.request:
            self.unit.requests.append(as_stored(order, order.request, aggregate.version, [fact.id for fact in facts]))
            if index is not None:
                self.asked[order.request] = index
        return bool(facts)

    async def _read_again(self, stream: UUID) -> None:
        """The stream as stored, plus what this batch decided on it: half of a refused decision is thrown away."""
        self.halves.discard(stream)
        self.memory.evict([stream])
        self.hand.aggregates.pop(stream, None)
        stored = (await self.commits.load([stream], {})).get(stream, [])
        known: list[Row] = [*stored, *(e for e in self.unit.events if e.originator_id == stream)]
        if known:
            self.hand.aggregates[stream] = self.memory.folded(None, stream, known)

    def answered(self, positions: Sequence[int]) -> dict[int, Answer]:
        """What each order is answered, given the notification ids of what was stored."""
        answers = dict(self.refused)
        for index, stream, version, start, count in self.spans:
            events = tuple(f"{e.originator_id}:{e.originator_version}" for e in self.unit.events[start : start + count])
            answers[index] = Receipt(stream, version, events, positions[start + count - 1] if count else 0)
        for index, first in self.twins.items():
            answers[index] = replace(cast("Receipt", answers[first]), repeated=True)
        return answers
