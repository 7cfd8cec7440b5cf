"""The use cases (办理): every command, from whichever door, comes through here.

Load the stream, decide, store the facts with the request and the position in one commit, answer. HTTP,
Kafka intake, command line, policies and timers all call ``handle`` or ``handle_all``."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeVar, cast
from uuid import UUID
from weakref import WeakValueDictionary

import orjson
from eventsourcing.application import Application
from eventsourcing.persistence import Tracking

from domain.approval_case import ApprovalCase
from domain.bundle import Bundle
from domain.chain_template import ChainTemplate
from domain.commitment import Commitment
from domain.commitment_sample import CommitmentSample
from domain.consultation import Consultation
from domain.delegation import Delegation
from domain.document_number import DocumentNumber
from domain.expert import Expert
from domain.expert_draw import ExpertDraw
from domain.joint_inspection import JointInspection
from domain.kernel.aggregate import AGGREGATE_OF, Aggregate, Given, replay
from domain.kernel.command import Command
from domain.kernel.event import Event
from domain.kernel.identity import item_stream
from domain.kernel.people import Actor, the_platform
from domain.kernel.persons import PersonNumbers
from domain.kernel.refusal import Refusal, RequestReused, StaleVersion, TooManyConflicts, UnknownStream
from domain.license import License
from domain.parked_message import ParkedMessage
from domain.push import Push
from domain.responsibility import ResponsibilityTable
from domain.seal import Seal
from domain.service_item import ServiceItem
from domain.sight import NotAtHand, Sight
from domain.standing import SubjectStanding
from domain.store import Commits, RequestRepeated, Row, StoredRequest, Unit, VersionConflict
from domain.subscription import Subscription
from domain.supervision_finding import SupervisionFinding

A = TypeVar("A", bound=Aggregate)

AGGREGATES: tuple[type[Aggregate], ...] = (
    ServiceItem, ApprovalCase, Push, SupervisionFinding, Consultation, JointInspection, Subscription, ParkedMessage,
    Commitment, CommitmentSample, SubjectStanding,
    ResponsibilityTable,
    License,
    Expert, ExpertDraw,
    Seal, Delegation, DocumentNumber,
    ChainTemplate, Bundle,
)  # fmt: skip

TRIES = 5
"""How often a decision is taken anew after another writer was faster, before the caller is asked to retry."""


@dataclass(frozen=True, slots=True)
class Order:
    """One command with who asks, when, and under which request id."""

    command: Command
    by: Actor
    at: datetime
    request: str | None = None
    if_match: int | None = None
    cause_id: str = ""
    correlation_id: str = ""
    why_not: Refusal | None = field(default=None, repr=False, compare=False)
    """Why it may not even be decided, where that is known beforehand."""
    stream: UUID = field(init=False, repr=False, compare=False)
    """Derived once: several steps ask for it, and commands that open a stream must hash for it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "stream", self.command.stream)

    @property
    def fingerprint(self) -> str:
        """Digest of what is asked and by whom; the same request id with another one is refused."""
        asked = f"{self.command.NAME}|{self.by.organ}|{self.command.model_dump_json()}"
        return sha256(asked.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was done: the stream, its version, the new facts, and the position to wait for in reads."""

    stream: UUID
    version: int
    events: tuple[str, ...]
    position: int
    repeated: bool = False


Answer = Receipt | Refusal


Instead = Callable[[Order, Refusal], Order | None]


class ApprovalSupervision(Application[UUID]):
    """审管互动: the event-sourced application of the approval and the supervising side."""

    name = "approval"

    commits: Commits

    def __init__(self, env: dict[str, str] | None = None, *, cached: int = 20_000) -> None:
        super().__init__(env)
        self._cache: OrderedDict[UUID, Aggregate] = OrderedDict()
        self._seen: OrderedDict[UUID, Aggregate | None] = OrderedDict()
        """What decisions looked at beside their own streams, as the store has it. Apart from ``_cache``, whose
        aggregates may hold what is decided and not yet stored: nobody else may see that."""
        self._cached = cached
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
        async with AsyncExitStack() as held:
            await self._hold(held, orders)
            return await self._carry_out(orders, list(tracking), instead)

    async def would(self, orders: Sequence[Order]) -> list[Answer]:
        """What ``handle_all`` would answer now, and nothing of it stored; its receipts have no position."""
        orders = [self.guarded(order) for order in orders]
        pending = dict(enumerate(orders))
        async with AsyncExitStack() as held:
            await self._hold(held, orders)
            fresh = False
            while True:
                batch = _Batch(self, pending, [], await self._bring(orders, fresh=fresh))
                try:
                    if await batch.decide(None) or fresh:
                        answers = batch.answered([0] * len(batch.unit.events))
                        return [answers[index] for index in pending]
                finally:
                    # What was decided here is in nobody's store: memory must not keep it.
                    self._evict(batch.touched)
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
        return replay(cls, stream, self._facts(stored[:version]))

    async def _carry_out(
        self, orders: Sequence[Order], tracking: list[Tracking], instead: Instead | None
    ) -> list[Answer]:
        answers: dict[int, Answer] = {}
        pending = dict(enumerate(orders))
        fresh = False
        for _ in range(TRIES):
            batch = _Batch(self, pending, tracking, await self._bring(pending.values(), fresh=fresh))
            try:
                if await batch.decide(instead):
                    positions = await self.commits.commit(batch.unit) if batch.anything else []
                    self._keep(*(one for stream, one in batch.hand.aggregates.items() if stream in batch.touched))
                    answers |= batch.answered(positions)
                    return [answers[index] for index in range(len(orders))]
            except VersionConflict:
                pass
            except RequestRepeated:
                repeated = await self._repeated(pending.values())
                for index, order in list(pending.items()):
                    if order.request in repeated:
                        answers[index] = _stored_answer(order, repeated[order.request])
                        del pending[index]
            except BaseException:
                self._evict(batch.touched)
                raise
            self._evict(batch.touched)
            fresh = True
        raise TooManyConflicts(id=next(iter(pending.values())).stream)

    async def _repeated(self, orders: Iterable[Order]) -> dict[str, StoredRequest]:
        asked = [order.request for order in orders if order.request]
        return await self.commits.find_requests(asked) if asked else {}

    async def _bring(self, orders: Iterable[Order], *, fresh: bool) -> _Hand:
        """The streams that the orders act on, held fast: the memory may let go of them while others are served.

        Streams in memory are read again only when ``fresh``. A catalogue entry that an order names comes with them in
        the same query; what else a decision looks at is fetched when it looks."""
        hand = _Hand(self._seen)
        wanted: dict[UUID, int] = {}
        for order in orders:
            known = self._cache.get(order.stream)
            if known is not None:
                hand.aggregates[order.stream] = known
            if known is None or fresh:
                wanted[order.stream] = known.version if known else 0
        hand.known = {stream: aggregate.version for stream, aggregate in hand.aggregates.items()}
        if wanted:
            named = {item_stream(item) for order in orders if (item := getattr(order.command, "item", None))}
            beside = {stream: self._version_seen(stream) for stream in named - wanted.keys()}
            hand.read |= wanted.keys()
            stored = await self.commits.load([*wanted, *beside], wanted | beside)
            for stream in beside:
                hand.seen[stream] = self._saw(stream, stored.pop(stream, []))
            for stream, events in stored.items():
                # Folded onto what was in memory when we asked: it may have left the memory meanwhile.
                hand.aggregates[stream] = self.folded(hand.aggregates.get(stream), stream, events)
        self._keep(*hand.aggregates.values())
        return hand

    def _version_seen(self, stream: UUID) -> int:
        seen = self._seen.get(stream)
        return seen.version if seen is not None else 0

    def _saw(self, stream: UUID, stored: Sequence[Row]) -> Aggregate | None:
        """Remember a stream that a decision looks at, with what was stored since; none when there is no such stream."""
        seen = self._seen.get(stream)
        if stored:
            seen = self.folded(seen, stream, stored)
        self._seen[stream] = seen
        self._seen.move_to_end(stream)
        while len(self._seen) > self._cached:
            self._seen.popitem(last=False)
        return seen

    def folded(self, aggregate: Aggregate | None, stream: UUID, stored: Sequence[Row]) -> Aggregate:
        """The aggregate with stored facts added; facts that it knows are passed over."""
        if aggregate is None:
            aggregate = aggregate_class(stored[0].topic)(stream)
        aggregate.fold_all(self._facts(stored, aggregate.version))
        return aggregate

    def _facts(self, stored: Iterable[Row], after: int = 0) -> Iterator[Event]:
        """The facts of a stream after a version, each the next of the one before."""
        made = cast("Callable[[Row], Event]", self.mapper.to_domain_event)
        for row in stored:
            if row.originator_version == after + 1:
                after += 1
                yield made(row)

    def _keep(self, *aggregates: Aggregate) -> None:
        for aggregate in aggregates:
            known = self._cache.get(aggregate.id)
            if aggregate.version and (known is None or known.version <= aggregate.version):
                self._cache[aggregate.id] = aggregate
                self._cache.move_to_end(aggregate.id)
        while len(self._cache) > self._cached:
            self._cache.popitem(last=False)

    def _evict(self, streams: Iterable[UUID]) -> None:
        for stream in streams:
            self._cache.pop(stream, None)


class _Hand:
    """What one try holds: the aggregates it decides on, what it looks at beside them, and what it took from memory.

    ``seen`` are streams that belong to others; ``from_memory`` the versions of those that nobody has compared with
    the store during this try."""

    def __init__(self, memory: Mapping[UUID, Aggregate | None]) -> None:
        self.memory = memory
        self.aggregates: dict[UUID, Aggregate] = {}
        self.known: dict[UUID, int] = {}
        self.read: set[UUID] = set()
        self.seen: dict[UUID, Aggregate | None] = {}
        self.from_memory: dict[UUID, int] = {}

    def at(self, stream: UUID) -> Aggregate | None:
        """A stream as it is stored and as this batch left it; none when there is no such stream.

        Raises NotAtHand when it must be read first."""
        found = self.aggregates.get(stream) or self.seen.get(stream)
        if found is None and stream not in self.seen:
            self.must_hold([stream])
            found = self.seen[stream] = self.memory[stream]
            self.from_memory[stream] = found.version if found is not None else 0
        return found

    def must_hold(self, streams: Iterable[UUID]) -> None:
        """Raises NotAtHand for those that nobody has read."""
        absent = [s for s in streams if s not in self.aggregates and s not in self.seen and s not in self.memory]
        if absent:
            raise NotAtHand(*absent)

    def unread(self, order: Order) -> set[UUID]:
        """What the order was decided on from memory alone, though another process may have gone on."""
        return {order.stream} & self.known.keys() - self.read


class _Batch:
    """One try to decide a batch: what would be stored, and what each order would be answered."""

    def __init__(
        self, app: ApprovalSupervision, pending: Mapping[int, Order], tracking: list[Tracking], hand: _Hand
    ) -> None:
        self.app = app
        self.pending = pending
        self.hand = hand
        self.unit = Unit(tracking=tracking)
        self.touched: set[UUID] = set()
        self.refused: dict[int, Answer] = {}
        self.asked: dict[str, int] = {}
        self.twins: dict[int, int] = {}
        self.halves: set[UUID] = set()
        self.spans: list[tuple[int, UUID, int, int, int]] = []

    @property
    def anything(self) -> bool:
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
        hand, app = self.hand, self.app
        if not doubtful and not hand.from_memory:
            return False
        after = {one: hand.known[one] for one in doubtful} | hand.from_memory
        newer = await app.commits.load(list(after), after)
        for stream in hand.from_memory & newer.keys():
            app._saw(stream, newer[stream])
        return bool(newer)

    async def _refuse(self, index: int, asked: Order, refusal: Refusal, instead: Instead | None) -> None:
        if repeated := await self.app._repeated([asked]):
            self.refused[index] = _stored_answer(asked, repeated[cast("str", asked.request)])
            return
        self.refused[index] = refusal
        other = instead(asked, refusal) if instead else None
        if other is not None:
            other = self.app.guarded(other)
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
        if request and await self.app.commits.find_requests([request]):
            return None
        platform = the_platform("refusals")
        return Order(cast("Command", refusal.trace), platform, asked.at, request, None, asked.cause_id, asked.correlation_id)

    async def _decide_looking(self, index: int | None, order: Order) -> bool:
        """Decide an order; what it looks at and nobody has read yet is read first. Raises its refusal."""
        while True:
            try:
                return self._decide(index, order)
            except NotAtHand as missing:
                versions = {stream: self.app._version_seen(stream) for stream in missing.streams}
                stored = await self.app.commits.load(list(versions), versions)
                for stream in versions:
                    self.hand.seen[stream] = self.app._saw(stream, stored.get(stream, []))
                if order.stream in self.halves:
                    await self._read_again(order.stream)

    def _decide(self, index: int | None, order: Order) -> bool:
        """Whether the order made any facts. Raises its refusal."""
        if order.why_not is not None:
            raise order.why_not
        command, stream, cls = order.command, order.stream, _of(order.command)
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
        self.unit.events += [self.app.mapper.to_stored_event(fact) for fact in facts]
        if order.request:
            ids = [fact.id for fact in facts]
            result = orjson.dumps({"stream": str(stream), "version": aggregate.version, "events": ids})
            self.unit.requests.append(StoredRequest(order.request, order.fingerprint, result))
            if index is not None:
                self.asked[order.request] = index
        return bool(facts)

    async def _read_again(self, stream: UUID) -> None:
        """The stream as stored, plus what this batch decided on it: half of a refused decision is thrown away."""
        self.halves.discard(stream)
        self.app._evict([stream])
        self.hand.aggregates.pop(stream, None)
        stored = (await self.app.commits.load([stream], {})).get(stream, [])
        known: list[Row] = [*stored, *(e for e in self.unit.events if e.originator_id == stream)]
        if known:
            self.hand.aggregates[stream] = self.app.folded(None, stream, known)

    def answered(self, positions: Sequence[int]) -> dict[int, Answer]:
        answers = dict(self.refused)
        for index, stream, version, start, count in self.spans:
            events = tuple(f"{e.originator_id}:{e.originator_version}" for e in self.unit.events[start : start + count])
            answers[index] = Receipt(stream, version, events, positions[start + count - 1] if count else 0)
        for index, first in self.twins.items():
            answers[index] = replace(cast("Receipt", answers[first]), repeated=True)
        return answers


def _of(command: Command) -> type[Aggregate]:
    return AGGREGATE_OF[type(command)]


def aggregate_class(topic: str) -> type[Aggregate]:
    """The aggregate whose stream a stored name belongs to: the part before the dot."""
    return _BY_NAME[topic.partition(".")[0]]


_BY_NAME = {aggregate.NAME: aggregate for aggregate in AGGREGATES}


def _stored_answer(order: Order, stored: StoredRequest) -> Answer:
    if stored.fingerprint != order.fingerprint:
        return RequestReused(request=order.request)
    result: dict[str, Any] = orjson.loads(stored.result)
    return Receipt(UUID(result["stream"]), result["version"], tuple(result["events"]), stored.position, repeated=True)
