"""Intake (接收): messages of regulators and of approval systems become commands; facts and offset commit together.

One batch of one partition is one commit. What cannot become a fact is set aside with its reason in that same
commit, so the offset never passes a message that left no trace, and no message holds up its neighbours."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections import Counter as Tally
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import structlog
from pydantic import ValidationError

from domain.application import ApprovalSupervision, Order
from domain.approval_case.commands import ReportStep
from domain.kernel.channel import Channel
from domain.kernel.command import COMMANDS, Command
from domain.kernel.people import Actor, Role, the_platform
from domain.kernel.refusal import Refusal, RequestReused, TooManyConflicts
from domain.kernel.time import not_in_the_future
from domain.parked_message import KEPT, ParkMessage
from domain.rules.errors import RuleError
from domain.store import AlreadyTracked, Tracking
from interfaces.http.body import no_nul
from interfaces.http.wording import mistake
from interfaces.topics import counters
from interfaces.topics.envelope import Damaged, Incoming, parse
from interfaces.topics.ports import Broker, Message, Positions, Reader
from interfaces.topics.refusals import (
    EnvelopeDamaged,
    MessageEmpty,
    MessageMalformed,
    MessageTooLarge,
    PlatformFailed,
    SenderForeign,
    TypeNotTaken,
)

log = structlog.get_logger("intake")

REPORTS = Channel.INTAKE.topic()
LARGEST = 256 * 1024
"""Bytes of one message; longer ones are set aside with their beginning and digest."""
REDISCOVER = 5.0
"""Seconds between looks for topics of newly known authorities, and for an exchanged cluster."""
PAUSE = 0.5

_SUPERVISION = re.compile(r"supervision\.([A-Za-z0-9][A-Za-z0-9_-]{1,39})\.v1")


def authority_of(topic: str) -> str | None:
    """The authority whose topic it is; empty for the topic of reports, None for topics that are not read."""
    if topic == REPORTS:
        return ""
    found = _SUPERVISION.fullmatch(topic)
    return found[1] if found else None


def position_name(topic: str, partition: int, cluster_id: str) -> str:
    """The name under which the offset of a partition is stored beside the facts."""
    return f"{topic}-{partition}@{cluster_id}"


def taken_on(channel: Channel) -> dict[str, type[Command]]:
    """The commands that may arrive on a channel, by name."""
    return {name: command for name, command in COMMANDS.items() if command.ARRIVES_ON is channel}


class Intake:
    """Reads every topic on which something may come in. A second one does no harm: the position commits once."""

    def __init__(
        self,
        app: ApprovalSupervision,
        broker: Broker,
        positions: Positions,
        now: Callable[[], datetime],
        *,
        trouble: tuple[type[Exception], ...] = (),
        only: Callable[[str], bool] = lambda topic: True,
        largest: int = LARGEST,
        rediscover: float = REDISCOVER,
    ) -> None:
        """``trouble`` names what the store raises when it is out of reach: then nothing is wrong with a message.
        ``only`` leaves out topics that others read."""
        self.app, self.broker, self.positions, self.now = app, broker, positions, now
        self.only, self.largest, self.rediscover = only, largest, rediscover
        self.outcomes: Tally[str] = Tally()
        """Messages since this process began: taken, repeated, parked."""
        self.topics: tuple[str, ...] = ()
        self.trouble = ""
        """Why it is not reading, if it is not."""
        self._expected: tuple[type[Exception], ...] = (*broker.trouble, *positions.trouble, *trouble, _BeginAnew)
        self._takes = {channel: taken_on(channel) for channel in (Channel.INTAKE, Channel.SUPERVISION)}

    async def run(self, stop: asyncio.Event) -> None:
        """Read until told to stop; trouble of store or broker is waited out, and nothing is skipped by it."""
        # The client is not thread-safe and must not stop the event loop: one thread of its own.
        with ThreadPoolExecutor(1, "intake") as thread:
            while not stop.is_set():
                try:
                    await self._read(stop, thread)
                except self._expected as failure:
                    self._note(failure)
                    await _sleep(stop, PAUSE)
                except Exception as failure:  # whatever it is, an intake that is gone tells nobody anything
                    self._note(failure)
                    log.exception("intake_begins_anew")
                    await _sleep(stop, 10 * PAUSE)

    def _note(self, failure: Exception) -> None:
        if isinstance(failure, _BeginAnew):
            log.info("intake_reads_anew", why=str(failure))
            return
        self.trouble = f"{type(failure).__name__}: {failure}"
        counters.INTAKE_RESTARTS.labels(type(failure).__name__).inc()
        log.warning("intake_begins_anew", why=self.trouble)

    async def _read(self, stop: asyncio.Event, thread: ThreadPoolExecutor) -> None:
        loop = asyncio.get_running_loop()

        def asked(question: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
            return loop.run_in_executor(thread, question, *args)

        cluster, topics, reader = await asked(self._open)
        self.topics, self.trouble = topics, ""
        counters.INTAKE_TOPICS.set(len(topics))
        log.info("intake_reads", cluster=cluster, topics=len(topics))
        look_at = time.monotonic() + self.rediscover
        polling = asked(reader.poll, 200)
        try:
            while not stop.is_set():
                messages = await polling
                if time.monotonic() >= look_at:
                    if (found := await asked(self._look)) != (cluster, topics):
                        raise _BeginAnew(f"{cluster}, {len(topics)} topics → {found[0]}, {len(found[1])}")
                    look_at = time.monotonic() + self.rediscover
                # The next batch is fetched while this one is stored.
                polling = asked(reader.poll, 200)
                if messages:
                    await self._take_all(messages, cluster)
        finally:
            with contextlib.suppress(Exception):
                await polling
            await asked(reader.close)

    def _open(self) -> tuple[str, tuple[str, ...], Reader]:
        self.broker.ensure([REPORTS, Channel.PARKED.topic()])
        cluster, topics = self._look()
        if not topics:
            raise _BeginAnew("no topics")
        stored = self.positions.of_cluster(cluster)
        positions = {place: offset + 1 for place, offset in stored.items() if place[0] in topics}
        return cluster, topics, self.broker.reader(topics, positions, cluster)

    def _look(self) -> tuple[str, tuple[str, ...]]:
        wanted = (t for t in self.broker.topics() if authority_of(t) is not None and self.only(t))
        return self.broker.cluster_id(), tuple(sorted(wanted))

    async def _take_all(self, messages: Sequence[Message], cluster: str) -> None:
        parts: dict[tuple[str, int], list[Message]] = {}
        for message in messages:
            parts.setdefault((message.topic, message.partition), []).append(message)
        # All are awaited even when one fails: none may still be at work when reading begins anew.
        done = await asyncio.gather(*(self.take(part, cluster) for part in parts.values()), return_exceptions=True)
        for failure in done:
            if isinstance(failure, BaseException):
                raise failure

    async def take(self, messages: Sequence[Message], cluster: str) -> None:
        """Take in some messages of one partition, in order: their facts and their position, or nothing.

        Raises what the store raises; then they are read again."""
        try:
            await self._take(messages, cluster)
        except (AlreadyTracked, TooManyConflicts) as failure:
            # Somebody else was faster: begin again behind what is stored.
            raise _BeginAnew(str(failure)) from failure
        except self._expected:
            raise
        except Exception as failure:  # one message that the platform fails on must not hold up the others
            if len(messages) > 1:
                half = len(messages) // 2
                await self.take(messages[:half], cluster)
                await self.take(messages[half:], cluster)
                return
            at = self.now()
            log.exception("intake_parks_what_it_fails_on", topic=messages[0].topic, offset=messages[0].offset)
            if isinstance(failure, RuleError):
                refusal: Refusal = MessageMalformed(zh=failure.told("zh"), en=failure.told("en"))
            else:
                refusal = PlatformFailed(why=f"{type(failure).__name__}: {failure}"[:500])
            parking = self._parking(messages[0], cluster, refusal, at)
            await self.app.handle_all([parking], self._tracking(messages, cluster))
            self._count(messages[0].topic, Tally(parked=1))

    def _tracking(self, messages: Sequence[Message], cluster: str) -> list[Tracking]:
        last = messages[-1]
        return [Tracking(position_name(last.topic, last.partition, cluster), last.offset)]

    async def _take(self, messages: Sequence[Message], cluster: str) -> None:
        at = self.now()
        outcomes: Tally[str] = Tally()
        orders: list[Order] = []
        origin: dict[int, Message] = {}
        for message in messages:
            try:
                order = self._order(message, at)
            except Refusal as refusal:
                order = self._parking(message, cluster, refusal, at)
                outcomes["parked"] += 1
            orders.append(order)
            origin[id(order)] = message
        orders = await self._new_ones(orders, origin, cluster, outcomes, at)

        def instead(order: Order, refusal: Refusal) -> Order | None:
            outcomes["parked"] += 1
            return self._parking(origin[id(order)], cluster, refusal, at)

        answers = await self.app.handle_all(orders, self._tracking(messages, cluster), instead)
        outcomes["taken"] = sum(
            not isinstance(answer, Refusal) and not isinstance(order.command, ParkMessage) and bool(answer.events)
            for order, answer in zip(orders, answers, strict=True)
        )
        outcomes["repeated"] = len(messages) - outcomes["taken"] - outcomes["parked"]
        self._count(messages[0].topic, outcomes)

    async def _new_ones(
        self,
        orders: list[Order],
        origin: Mapping[int, Message],
        cluster: str,
        outcomes: Tally[str],
        at: datetime,
    ) -> list[Order]:
        """Without messages that came before under the same id; the same id with other content is set aside."""
        asked = [order.request for order in orders if order.request]
        if not asked:
            return orders
        known = {id: stored.fingerprint for id, stored in (await self.app.commits.find_requests(asked)).items()}
        found: list[Order] = []
        for order in orders:
            if order.request and order.request in known:
                if known[order.request] != order.fingerprint:
                    refusal = RequestReused(request=order.request.partition(":")[2])
                    found.append(self._parking(origin[id(order)], cluster, refusal, at))
                    outcomes["parked"] += 1
                continue
            if order.request:
                known[order.request] = order.fingerprint
            found.append(order)
        return found

    def _count(self, topic: str, outcomes: Mapping[str, int]) -> None:
        self.outcomes.update(outcomes)
        for outcome, count in outcomes.items():
            if count:
                counters.TAKEN.labels(topic.partition(".")[0], outcome).inc(count)

    def _order(self, message: Message, at: datetime) -> Order:
        """The command that a message carries, and in whose name. Raises a refusal."""
        try:
            envelope = parse(message.headers)
        except Damaged as failure:
            raise EnvelopeDamaged(zh=failure.zh, en=failure.en) from failure
        if not envelope.sender:
            raise EnvelopeDamaged(zh="消息头 ce_source 没有指明来源。", en="The header ce_source names nobody.")
        authority = authority_of(message.topic) or ""
        takes = self._takes[Channel.SUPERVISION if authority else Channel.INTAKE]
        command_class = takes.get(envelope.type)
        if command_class is None:
            raise TypeNotTaken(type=envelope.type)
        if authority and envelope.sender != authority:
            raise SenderForeign(sender=envelope.sender, authority=authority)
        self._is_not_of_the_future(envelope, at)
        command = self._command(command_class, message.value)
        if isinstance(command, ReportStep):
            # Its own event id makes a report unique, so no request needs to be stored beside it.
            return Order(command, Actor(id=envelope.sender, organ=command.organ, role=Role.SOURCE), at)
        officer = envelope.officer or str(getattr(command, "officer", "")) or authority
        by = Actor(id=officer, organ=authority, role=Role.REGULATOR)
        return Order(command, by, at, request=f"{authority}:{envelope.id}")

    def _command(self, command_class: type[Command], value: bytes | None) -> Command:
        if not value:
            raise MessageEmpty
        if len(value) > self.largest:
            raise MessageTooLarge(size=len(value), limit=self.largest)
        no_nul(value)
        try:
            return command_class.model_validate_json(value, strict=True)
        except ValidationError as failure:
            errors = [mistake(e) for e in failure.errors(include_url=False, include_input=False)[:5]]
            told = {lang: ";".join(f"{e['pointer']} {e[lang]}".strip() for e in errors)[:500] for lang in ("zh", "en")}
            raise MessageMalformed(**told) from failure

    def _is_not_of_the_future(self, envelope: Incoming, at: datetime) -> None:
        said = envelope.attributes.get("time")
        if said is None:
            return
        try:
            moment = datetime.fromisoformat(said)
        except ValueError as failure:
            raise EnvelopeDamaged(zh="消息头 ce_time 不是时间。", en="The header ce_time is no time.") from failure
        not_in_the_future(moment if moment.tzinfo else moment.replace(tzinfo=UTC), at)

    def _parking(self, message: Message, cluster: str, refusal: Refusal, at: datetime) -> Order:
        """Set the message aside with the reason; the same place in the log again is the same parked message."""
        body = message.value or b""
        command = ParkMessage(
            year=_year(message.timestamp_ms), cluster=cluster, topic=message.topic, partition=message.partition,
            offset=message.offset, authority=authority_of(message.topic) or "",
            key=_text(message.key or b"")[:400], body=_text(body[: 4 * KEPT])[:KEPT],
            digest=sha256(body).hexdigest(), length=len(body), reason=refusal.code,
            reason_zh=_printable(refusal.told("zh")), reason_en=_printable(refusal.told("en")),
        )  # fmt: skip
        return Order(command, the_platform("intake"), at)


class _BeginAnew(Exception):
    """Reading must begin again from the stored positions; nothing is wrong."""


def _text(raw: bytes) -> str:
    # NUL cannot be kept in a column of text; the digest still tells the original.
    return raw.decode("utf-8", "replace").replace("\0", "\ufffd")


def _printable(told: str) -> str:
    return told.encode("utf-8", "replace").decode().replace("\0", "\ufffd")[:2000]


def _year(timestamp_ms: int) -> int:
    try:
        return datetime.fromtimestamp(timestamp_ms / 1000, UTC).year if timestamp_ms > 0 else 1
    except (OverflowError, ValueError, OSError):
        return 1


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
