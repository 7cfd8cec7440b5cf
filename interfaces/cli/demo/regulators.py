"""The simulated regulators (监管部门): they consume and produce on Kafka like any other department's system.

``Desk`` is one client that serves several offices; what an office answers is in ``offices``. All of them live in
a process of their own, told the story's turns through its standard input."""

from __future__ import annotations

import heapq
import json
import sys
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from itertools import count
from typing import TextIO

import orjson

from domain.kernel.channel import Channel
from infra.clock import Clock
from infra.kafka import Connection, Consumer, KafkaTrouble, Message, Producer
from interfaces.cli.demo.books import Books
from interfaces.cli.demo.city import AUTHORITIES
from interfaces.cli.demo.offices import BROKEN, REPORTED_BY, Fact, Gathering, Office, Reply, hours
from interfaces.cli.demo.plan import Finding, Plan

DESKS = 3
FETCH = 600
"""Milliseconds that a fetch may wait for records."""
TRY_AGAIN = frozenset({"TooFewOfficers", "NotCheckedIn"})
"""Reasons for which what was signed at a visit comes back parked, and is sent once more: the lead has come meanwhile."""


def envelope(command: str, id: str, source: str) -> list[tuple[str, bytes]]:
    """Headers of a message to the platform: a CloudEvent in binary mode whose type is the command's name."""
    told = {"content-type": "application/json", "ce_specversion": "1.0", "ce_type": command, "ce_id": id}
    return [(name, value.encode()) for name, value in {**told, "ce_source": source}.items()]


@dataclass
class Desk:
    """One client: consumes the topics of its offices and produces their answers. One thread."""

    number: int
    plan: Plan
    connection: Connection
    clock: Clock
    books: Books
    gathering: Gathering
    offices: dict[str, Office] = field(default_factory=dict)
    sent: int = 0
    parked: int = 0

    def __post_init__(self) -> None:
        self.offices = {a.code: Office(a, self.plan, self.gathering) for a in AUTHORITIES[self.number :: DESKS]}
        self._due: list[tuple[datetime, int, Reply]] = []
        self._order = count()
        self._ids = count(1)
        self._unsettled: deque[tuple[str, bytes, bytes, list[tuple[str, bytes]]]] = deque()
        self._settled = 0
        self._positions: dict[tuple[str, int], int] = {}
        self._resendable: dict[str, Reply] = {}
        self._producer: Producer | None = None
        self.asked: deque[Finding] = deque()
        if BROKEN in self.offices:
            self._later(Reply(self.clock.now() + hours(4), BROKEN, "push.claim", "broken", None))

    @property
    def waiting(self) -> int:
        """Answers not sent, or sent and not acknowledged by the broker."""
        return len(self._due) + len(self._unsettled) + len(self.asked)

    @property
    def topics(self) -> list[str]:
        channels = (Channel.APPROVAL, Channel.INTERACTION, Channel.PARKED)
        return [channel.topic(code) for code in self.offices for channel in channels]

    @property
    def _unhurried(self) -> Connection:
        # A department looks a few times a second; what the platform needs for its own speed would cost a core here.
        profile = self.connection.profile
        return replace(
            self.connection, profile=replace(profile, fetch_max_wait_ms=max(FETCH, profile.fetch_max_wait_ms))
        )

    def run(self, stop: threading.Event) -> None:
        """Consume and answer until told to stop; a broker that went away is waited for."""
        while not stop.is_set():
            try:
                with Consumer.assigned(self._unhurried, self.topics, self._positions) as consumer:
                    while not stop.is_set():
                        for message in consumer.poll(300):
                            self._take(message)
                        self._send_what_is_due()
            except KafkaTrouble as trouble:
                sys.stderr.write(f"desk {self.number}: {trouble}\n")
                self._drop_producer()
                stop.wait(0.5)
        self._drop_producer()

    def _take(self, message: Message) -> None:
        self._positions[message.topic, message.partition] = message.offset + 1
        authority = message.topic.split(".")[1]
        id = (message.header("ce_id") or b"").decode()
        if not self.books.enter(authority, id):
            return
        kind = (message.header("ce_type") or b"").decode().removeprefix("shuangtui.").rpartition(".v")[0]
        fact = orjson.loads(message.value or b"{}")
        if kind.startswith("finding."):
            fact["finding_id"] = id.rpartition(":")[0]
        if kind == "parked.message_parked":
            self.parked += 1
            self._try_again(fact)
            return
        for reply in self.offices[authority].take(kind, fact, self.clock.now()):
            self._later(reply)

    def _try_again(self, fact: Fact) -> None:
        reply = self._resendable.pop(fact["digest"], None)
        if reply is not None and fact["reason"] in TRY_AGAIN and not reply.again:
            self._later(reply._replace(at=self.clock.now() + hours(2), visit="", again=True))

    def _later(self, reply: Reply, at: datetime | None = None) -> None:
        heapq.heappush(self._due, (at or reply.at, next(self._order), reply))

    def _send_what_is_due(self) -> None:
        now = self.clock.now()
        while self.asked:
            which = self.asked.popleft()
            self._later(self.offices[REPORTED_BY[which]].finding(which, now))
        while self._due and self._due[0][0] <= now:
            reply = heapq.heappop(self._due)[2]
            if (later := self._not_before(reply, now)) > now:
                self._later(reply, later)
            else:
                self._send(reply)
        if self._producer is not None:
            self._producer.check()
            while self._settled < self._producer.settled:
                self._settled += 1
                self._unsettled.popleft()

    def _not_before(self, reply: Reply, now: datetime) -> datetime:
        if not reply.visit:
            return now
        since = self.gathering.complete_since(reply.visit)
        return now + hours(0.5) if since is None else max(since, reply.at) + reply.after

    def _send(self, reply: Reply) -> None:
        body = b'{"push_id": "' if reply.body is None else orjson.dumps(reply.body)
        headers = envelope(reply.command, f"{reply.authority}-{self.number}-{next(self._ids)}", reply.authority)
        if reply.visit:
            self._resendable[sha256(body).hexdigest()] = reply
        record = (Channel.SUPERVISION.topic(reply.authority), reply.key.encode(), body, headers)
        # Remembered before it is sent: what the broker has not acknowledged is sent again by the next producer.
        self._unsettled.append(record)
        self.sent += 1
        if self._producer is None:
            self._open_producer()
        else:
            self._producer.send(*record)

    def _open_producer(self) -> None:
        self._producer, self._settled = Producer(self.connection, client_id=f"regulators-{self.number}"), 0
        for record in self._unsettled:
            self._producer.send(*record)

    def _drop_producer(self) -> None:
        if self._producer is not None:
            self._producer.abandon()
            self._producer = None


def play(plan: Plan, connection: Connection, clock: Clock, books: Books, orders: TextIO, answers: TextIO) -> None:
    """Run the regulators until ``orders`` ends; one line of JSON each way: what to report, how far they are."""
    stop = threading.Event()
    gathering = Gathering(plan)
    desks = [Desk(n, plan, connection, clock, books, gathering) for n in range(DESKS)]
    threads = [threading.Thread(target=desk.run, args=(stop,), name=f"desk-{desk.number}") for desk in desks]
    listening = threading.Thread(target=_listen, args=(orders, desks, stop), daemon=True, name="orders")
    for thread in (*threads, listening):
        thread.start()
    while not stop.wait(0.25):
        _tell(desks, books, answers)
        if not all(thread.is_alive() for thread in threads):
            stop.set()
            raise SystemExit("一个监管部门终端已停止,详见上文。A desk of the regulators ended; see above.")
    for thread in threads:
        thread.join(10)
    _tell(desks, books, answers)
    books.close()


def _listen(orders: TextIO, desks: Sequence[Desk], stop: threading.Event) -> None:
    for line in orders:
        which = Finding(json.loads(line)["finding"])
        next(desk for desk in desks if REPORTED_BY[which] in desk.offices).asked.append(which)
    stop.set()


def _tell(desks: Sequence[Desk], books: Books, answers: TextIO) -> None:
    told = {
        "taken": books.taken, "redelivered": books.redelivered, "sent": sum(d.sent for d in desks),
        "waiting": sum(d.waiting for d in desks), "parked": sum(d.parked for d in desks),
    }  # fmt: skip
    try:
        answers.write(json.dumps(told) + "\n")
        answers.flush()
    except BrokenPipeError:
        return
