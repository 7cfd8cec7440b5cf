"""Relay (推送中继): passes published facts from the log to the topics of the authorities they name.

At least once, in order per case, with stable ids. The log is the outbox: what was acknowledged is known from one
position per cluster, so a broker that was wiped is filled again from the first fact."""

from __future__ import annotations

import threading
import time
from collections import Counter as Tally
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import structlog

from interfaces.topics import counters
from interfaces.topics.envelope import Envelopes, Outgoing, Row, published, topics_of
from interfaces.topics.ports import Broker, Log, Sender, Turn

log = structlog.get_logger("relay")

Lane = tuple[str, bytes]
"""A topic and a key: the messages of one case to one authority, which keep their order."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How the relay paces itself; seconds and rows."""

    rows: int = 1_000
    idle: float = 0.25
    """Longest sleep while nothing is committed; a commit wakes it at once."""
    save: float = 0.2
    """Positions are stored this often under load, and always before sleeping."""
    hold: float = 1.0
    cluster: float = 2.0
    """How often to ask which cluster it is: one that was wiped raises no error in a running producer."""
    retry: float = 30.0
    """How often a lane that was refused is tried again."""
    pause: float = 0.5
    """Before a session is begun anew."""


class _Batch(NamedTuple):
    """What was handed over of one reading; its end is the position once so many records are settled."""

    settled: int
    end: int


def position_name(cluster_id: str) -> str:
    """Positions belong to a cluster: another one is empty, and begins at the first fact."""
    return f"relay:{cluster_id}"


class ClusterExchanged(Exception):
    """消息集群已更换。Another cluster answers: it is filled from the store, from its own position on."""

    def __init__(self, before: str, now: str) -> None:
        super().__init__(
            f"消息集群已由 {before} 更换为 {now},将从事件库重新推送。"
            f" The cluster {before} was exchanged for {now}; it is filled again from the store."
        )


class Relay:
    """One relay of a platform. Several may run; the one that holds the turn sends, the others wait for it."""

    def __init__(self, source: Log, turn: Turn, broker: Broker, envelopes: Envelopes, pace: Pace | None = None) -> None:
        self.log = source
        self.turn = turn
        self.broker = broker
        self.envelopes = envelopes
        self.pace = pace or Pace()
        self.active = False
        self.position = 0
        """Everything up to here was acknowledged by the cluster that is there now."""
        self.sent = 0
        """Messages handed over since this process began, repeats included."""
        self.trouble = ""
        """Why it is not sending, if it is not."""
        self._expected: tuple[type[Exception], ...] = (
            *source.trouble,
            *turn.trouble,
            *broker.trouble,
            ClusterExchanged,
        )

    def run(self, stop: threading.Event) -> None:
        """Send whenever it is this relay's turn, until told to stop; trouble of store or broker is waited out."""
        try:
            while not stop.is_set():
                try:
                    if not self.turn.take(1.0):
                        continue
                    self.active = True
                    counters.RELAY_ACTIVE.set(1)
                    _Session(self, stop).run()
                except self._expected as failure:
                    self._begin_anew(failure)
                    log.warning("relay_begins_anew", why=self.trouble, position=self.position)
                    stop.wait(self.pace.pause)
                except Exception as failure:  # whatever it is, a relay that is gone tells nobody anything
                    self._begin_anew(failure)
                    log.exception("relay_begins_anew", position=self.position)
                    stop.wait(10 * self.pace.pause)
        finally:
            self._stand_by()
            self.turn.give_up()

    def _begin_anew(self, failure: Exception) -> None:
        self.trouble = f"{type(failure).__name__}: {failure}"
        counters.RELAY_RESTARTS.labels(type(failure).__name__).inc()
        self._stand_by()

    def _stand_by(self) -> None:
        self.active = False
        counters.RELAY_ACTIVE.set(0)


class _Session:
    """Sending to one cluster, from the stored position on."""

    def __init__(self, relay: Relay, stop: threading.Event) -> None:
        self.relay, self.stop, self.pace = relay, stop, relay.pace
        self.log, self.turn, self.broker, self.envelopes = relay.log, relay.turn, relay.broker, relay.envelopes
        self.facts = sorted(published())
        self.known: set[str] = set()
        self.held: dict[Lane, int] = {}
        self.under_way: deque[_Batch] = deque()
        self.handed = 0
        self.careful_until = 0
        self.backlog = False
        self.refused = relay.broker.refused

    def run(self) -> None:
        self.cluster = self.broker.cluster_id()
        self.name = position_name(self.cluster)
        self.relay.position = self.after = self.reached = self.turn.position(self.name)
        self.sender: Sender = self.broker.sender(self.cluster)
        self.relay.trouble = ""
        now = time.monotonic()
        self.save_at = self.hold_at = now
        self.cluster_at, self.retry_at = now + self.pace.cluster, now + self.pace.retry
        log.info("relay_sends", cluster=self.cluster, position=self.after)
        try:
            while not self.stop.is_set():
                try:
                    self._step()
                except self.refused as failure:
                    self._be_careful(failure)
            self._finish()
        finally:
            self.sender.abandon()

    def _step(self) -> None:
        rows, end = self.log.read(self.after, self.pace.rows, self.facts)
        if (many := len(rows) == self.pace.rows) != self.backlog and (many or not rows):
            self._send_as(backlog=many)
        if end > self.after:
            self._pass_on(rows, end)
        self._look_around(idle=not rows)
        if not rows:
            self.log.wait(0.01 if self.sender.unacknowledged else self.pace.idle)

    def _send_as(self, *, backlog: bool) -> None:
        """With a producer that gathers records while many wait, and lets each leave at once when none do."""
        self.sender.flush()
        self._save()
        self.backlog = backlog
        self._renew()

    def _pass_on(self, rows: Iterable[Row], end: int) -> None:
        messages = self.envelopes.messages
        batch = [(row[0], message) for row in rows for message in messages(row)]
        self._know({message.authority for _, message in batch})
        if self.after < self.careful_until:
            self._one_by_one(batch)
        else:
            self._hand_over(batch)
        self.under_way.append(_Batch(self.handed, end))
        self.after = end
        counters.RELAY_READ.set(end)

    def _know(self, authorities: set[str]) -> None:
        """All topics of an authority exist before the first message, also those on which it will answer."""
        if new := authorities - self.known:
            self.broker.ensure([topic for authority in sorted(new) for topic in topics_of(authority)])
            self.known |= new

    def _hand_over(self, batch: Sequence[tuple[int, Outgoing]]) -> None:
        send, held = self.sender.send, self.held
        channels: Tally[str] = Tally()
        for _, (_, topic, key, value, headers) in batch:
            if held and (topic, key) in held:
                continue
            send(topic, key, value, headers)
            channels[topic.partition(".")[0]] += 1
        self.handed += sum(channels.values())
        self._count(channels)

    def _one_by_one(self, batch: Sequence[tuple[int, Outgoing]]) -> None:
        """Each message alone, so that the one that is refused is known; its case then waits for that authority."""
        channels: Tally[str] = Tally()
        for position, (_, topic, key, value, headers) in batch:
            if (topic, key) in self.held:
                continue
            try:
                self.sender.send(topic, key, value, headers)
                self.sender.flush()
            except self.refused as failure:
                self._hold_back((topic, key), position, failure)
                self._renew()
            else:
                self.handed += 1
                channels[topic.partition(".")[0]] += 1
        self._count(channels)

    def _count(self, channels: Tally[str]) -> None:
        self.relay.sent += sum(channels.values())
        for channel, count in channels.items():
            counters.RELAYED.labels(channel).inc(count)

    def _be_careful(self, failure: Exception) -> None:
        """A record was refused. The client fails everything else that is under way with it and is spent, so what is
        not known to have arrived goes out again with a new one, message by message."""
        log.warning("relay_looks_for_what_is_refused", after=self.reached, why=str(failure))
        self.careful_until = max(self.careful_until, self.after + self.pace.rows)
        self.after = self.reached
        self._renew()

    def _renew(self) -> None:
        self.sender.abandon()
        self.sender = self.broker.sender(self.cluster, backlog=self.backlog)
        self.under_way.clear()
        self.handed = 0

    def _hold_back(self, lane: Lane, position: int, failure: Exception) -> None:
        self.held[lane] = position
        counters.RELAY_HELD.set(len(self.held))
        log.error("relay_holds_case_back", topic=lane[0], case=lane[1].decode(), position=position, why=str(failure))

    def _look_around(self, *, idle: bool) -> None:
        now = time.monotonic()
        self.sender.check()
        if idle or now >= self.save_at:
            self._save()
            self.save_at = now + self.pace.save
        if now >= self.hold_at:
            self.turn.hold()
            self.hold_at = now + self.pace.hold
        if now >= self.cluster_at:
            found = self.broker.cluster_id()
            if found != self.cluster:
                raise ClusterExchanged(self.cluster, found)
            self.cluster_at = now + self.pace.cluster
        if self.held and now >= self.retry_at:
            self._try_held()
            self.retry_at = time.monotonic() + self.pace.retry

    def _save(self) -> None:
        """Store how far everything is acknowledged: never beyond a message that is held back."""
        settled = self.sender.settled
        while self.under_way and self.under_way[0].settled <= settled:
            self.reached = self.under_way.popleft().end
        position = min([self.reached, *(first - 1 for first in self.held.values())])
        if position > self.relay.position:
            self.turn.advance(self.name, position)
            self.relay.position = position
            counters.RELAY_POSITION.set(position)

    def _try_held(self) -> None:
        """Send what was held back again, from the log, in order; what is refused again stays held."""
        self.sender.flush()
        self._save()
        lanes, self.held = self.held, {}
        after = min(lanes.values()) - 1
        while after < self.after and not self.stop.is_set():
            rows, after = self.log.read(after, self.pace.rows, self.facts)
            self._one_by_one([
                (row[0], message)
                for row in rows
                if row[0] <= self.after
                for message in self.envelopes.messages(row)
                if lanes.get((message.topic, message.key), row[0] + 1) <= row[0]
            ])  # fmt: skip
        if self.stop.is_set():
            self.held = lanes
        counters.RELAY_HELD.set(len(self.held))

    def _finish(self) -> None:
        """Told to stop: wait briefly for what is under way, so that the next relay repeats less."""
        until = time.monotonic() + 2.0
        while self.sender.unacknowledged and time.monotonic() < until:
            self.sender.check()
            time.sleep(0.01)
        self._save()
