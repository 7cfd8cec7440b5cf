"""The use cases (办理): every command, from whichever door, comes through here.

Load the stream, decide, store the facts with the request and the position in one commit, answer. HTTP,
Kafka intake, command line, policies and timers all call ``handle`` or ``handle_all``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TypeVar, cast
from uuid import UUID
from weakref import WeakValueDictionary

from eventsourcing.application import Application
from eventsourcing.persistence import Tracking

from domain.application.batch import Batch, repeated
from domain.application.memory import Hand, Memory
from domain.application.orders import Answer, Instead, Order, Receipt, stored_answer
from domain.kernel.aggregate import Aggregate, replay
from domain.kernel.event import Event
from domain.kernel.identity import item_stream
from domain.kernel.persons import PersonNumbers
from domain.kernel.refusal import Refusal, TooManyConflicts
from domain.store import Commits, RequestRepeated, Row, VersionConflict

A = TypeVar("A", bound=Aggregate)

TRIES = 5
"""How often a decision is taken anew after another writer was faster, before the caller is asked to retry."""


class ApprovalSupervision(Application[UUID]):
    """审管互动: the event-sourced application of the approval and the supervising side."""

    name = "approval"

    commits: Commits

    def __init__(self, env: dict[str, str] | None = None, *, cached: int = 20_000) -> None:
        super().__init__(env)
        self._memory = Memory(cast("Callable[[Row], Event]", self.mapper.to_domain_event), cached)
        self.persons = PersonNumbers()
        """How numbers of natural persons are kept out of the store; the composition gives it the key."""
        self._locks: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    async def handle(self, order: Order) -> Receipt:
        """Carry out one command. Raises its refusal."""
        answer = (await self.handle_all([order]))[0]
        if isinstance(answer, Refusal):
            raise answer
        return answer

    async def handle_all(
        self, orders: Sequence[Order], tracking: Sequence[Tracking] = (), instead: Instead | None = None
    ) -> list[Answer]:
        """Carry out commands in their order, as one commit: all their facts, requests and positions, or none.

        A refused command does not disturb the others; its refusal is its answer. ``instead`` may name the
        order to carry out in place of a refused one, in the same commit (a message that is set aside).
        Raises ``AlreadyTracked`` when a position was passed before: then nothing happens."""
        orders = [self.guarded(order) for order in orders]

        def guarded_instead(order: Order, refusal: Refusal) -> Order | None:
            other = instead(order, refusal) if instead is not None else None
            return self.guarded(other) if other is not None else None

        async with AsyncExitStack() as held:
            await self._hold(held, orders)
            return await self._carry_out(orders, list(tracking), guarded_instead)

    async def would(self, orders: Sequence[Order]) -> list[Answer]:
        """What ``handle_all`` would answer now, and nothing of it stored; its receipts have no position."""
        orders = [self.guarded(order) for order in orders]
        pending = dict(enumerate(orders))
        async with AsyncExitStack() as held:
            await self._hold(held, orders)
            fresh = False
            while True:
                batch = await self._batch(pending, [], fresh=fresh)
                try:
                    if await batch.decide(None) or fresh:
                        answers = batch.answered([0] * len(batch.unit.events))
                        return [answers[index] for index in pending]
                finally:
                    # What was decided here is in nobody's store: memory must not keep it.
                    self._memory.evict(batch.touched)
                fresh = True

    def guarded(self, order: Order) -> Order:
        """The order without any number of a natural person in clear; none of them is stored, nor asked for by."""
        try:
            command = self.persons.guarded(order.command)
        except Refusal as refusal:
            return replace(order, why_not=refusal)
        return order if command is order.command else replace(order, command=command)

    async def _hold(self, held: AsyncExitStack, orders: Iterable[Order]) -> None:
        for stream in sorted({order.stream for order in orders}):
            lock = self._locks.get(stream)
            if lock is None:
                lock = self._locks[stream] = asyncio.Lock()
            await held.enter_async_context(lock)

    async def replayed(self, stream: UUID, cls: type[A], *, version: int | None = None) -> A:
        """The aggregate as its recorded facts make it, from the store alone; for auditors."""
        stored = (await self.commits.load([stream], {})).get(stream, [])
        return replay(cls, stream, self._memory.facts(stored[:version]))

    async def _carry_out(
        self, orders: Sequence[Order], tracking: list[Tracking], instead: Instead
    ) -> list[Answer]:
        answers: dict[int, Answer] = {}
        pending = dict(enumerate(orders))
        fresh = False
        for _ in range(TRIES):
            batch = await self._batch(pending, tracking, fresh=fresh)
            try:
                if await batch.decide(instead):
                    positions = await self.commits.commit(batch.unit) if batch.anything else []
                    self._memory.keep(*(one for stream, one in batch.hand.aggregates.items() if stream in batch.touched))
                    answers |= batch.answered(positions)
                    return [answers[index] for index in range(len(orders))]
            except VersionConflict:
                pass
            except RequestRepeated:
                before = await repeated(self.commits, pending.values())
                for index, order in list(pending.items()):
                    if order.request in before:
                        answers[index] = stored_answer(order, before[order.request])
                        del pending[index]
            except BaseException:
                self._memory.evict(batch.touched)
                raise
            self._memory.evict(batch.touched)
            fresh = True
        raise TooManyConflicts(id=next(iter(pending.values())).stream)

    async def _batch(self, pending: Mapping[int, Order], tracking: list[Tracking], *, fresh: bool) -> Batch:
        hand = await self._bring(pending.values(), fresh=fresh)
        return Batch(self._memory, self.commits, self.mapper.to_stored_event, hand, pending, tracking)

    async def _bring(self, orders: Iterable[Order], *, fresh: bool) -> Hand:
        """The streams that the orders act on, held fast: the memory may let go of them while others are served.

        Streams in memory are read again only when ``fresh``. A catalogue entry that an order names comes with them in
        the same query; what else a decision looks at is fetched when it looks."""
        memory = self._memory
        hand = Hand(memory.seen)
        wanted: dict[UUID, int] = {}
        for order in orders:
            known = memory.aggregates.get(order.stream)
            if known is not None:
                hand.aggregates[order.stream] = known
            if known is None or fresh:
                wanted[order.stream] = known.version if known else 0
        hand.known = {stream: aggregate.version for stream, aggregate in hand.aggregates.items()}
        if wanted:
            named = {item_stream(item) for order in orders if (item := getattr(order.command, "item", None))}
            beside = {stream: memory.version_seen(stream) for stream in named - wanted.keys()}
            hand.read |= wanted.keys()
            stored = await self.commits.load([*wanted, *beside], wanted | beside)
            for stream in beside:
                hand.seen[stream] = memory.saw(stream, stored.pop(stream, []))
            for stream, events in stored.items():
                # Folded onto what was in memory when we asked: it may have left the memory meanwhile.
                hand.aggregates[stream] = memory.folded(hand.aggregates.get(stream), stream, events)
        memory.keep(*hand.aggregates.values())
        return hand
