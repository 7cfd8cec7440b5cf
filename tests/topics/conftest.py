"""A platform with a store of its own per test, and regulators that really consume and produce."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from eventsourcing.persistence import PersistenceError

from domain.application import ApprovalSupervision
from domain.kernel.event import Event
from domain.store import Unit
from infra.embedded import apache
from infra.embedded.apache import Apache
from infra.embedded.broker import Broker as Tansu
from infra.event_store.factory import environment
from infra.event_store.group_commit import GroupCommit
from infra.event_store.mapper import facts, stored
from infra.event_store.migrate import migrate
from infra.event_store.recorder import EventRecorder
from infra.kafka import APACHE, EMBEDDED, Connection, Consumer, Message
from infra.postgres import APP_ROLE, in_role
from infra.topics import IntakePositions, KafkaBroker, RelayTurn, StoreLog
from interfaces.topics.envelope import Envelopes, Headers
from interfaces.topics.intake import Intake
from interfaces.topics.publisher import Pace, Relay

BRISK = Pace(idle=0.1, save=0.05, hold=0.2, cluster=0.3, retry=0.5, pause=0.1)
AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def migrated(postgres_url: str) -> str:
    migrate(postgres_url)
    return postgres_url


@pytest.fixture
def owner_url(migrated: str, fresh_database: Callable[..., str]) -> str:
    return fresh_database(template=migrated)


@pytest.fixture
def store_url(owner_url: str) -> str:
    """The store of this test, as the application reaches it."""
    return in_role(owner_url, APP_ROLE)


@dataclass
class Platform:
    """The use cases on the store of the test, and what the tests ask of them."""

    url: str
    app: ApprovalSupervision
    now: datetime = AT

    @property
    def recorder(self) -> EventRecorder:
        recorder = self.app.recorder
        assert isinstance(recorder, EventRecorder)
        return recorder

    def store(self, *decided: Event) -> None:
        self.recorder.append([Unit([stored(fact) for fact in decided])])

    def facts(self, *kinds: type[Event]) -> list[Any]:
        found = facts(self.recorder.select_notifications(start=None, limit=100_000))
        return [fact for fact in found if not kinds or isinstance(fact, kinds)]

    def intake(
        self,
        connection: Connection,
        only: Callable[[str], bool] = lambda topic: True,
        max_records: int = 1_000,
        trouble: tuple[type[Exception], ...] = (PersistenceError,),
    ) -> Intake:
        broker = KafkaBroker(connection, max_records=max_records)
        positions = IntakePositions(self.url)
        return Intake(self.app, broker, positions, lambda: self.now, trouble=trouble, only=only, rediscover=0.3)


@pytest.fixture
async def platform(store_url: str) -> AsyncIterator[Platform]:
    app = ApprovalSupervision(environment(store_url))
    recorder = app.recorder
    assert isinstance(recorder, EventRecorder)
    app.commits = commits = GroupCommit(recorder)
    yield Platform(store_url, app)
    await commits.aclose()
    app.close()


@dataclass
class OwnBroker:
    """A broker of the test's own, which it may stop, freeze and wipe."""

    engine: Tansu | Apache
    home: Path
    port: int = 0

    @property
    def connection(self) -> Connection:
        return Connection(self.engine.bootstrap, EMBEDDED if isinstance(self.engine, Tansu) else APACHE)

    def start(self) -> None:
        self.engine.start(self.port or None)
        assert self.port in (0, self.engine.port), "the port was taken meanwhile"
        self.port = self.engine.port or 0

    def wipe(self) -> None:
        """The same address, another cluster, empty."""
        self.engine.stop()
        shutil.rmtree(self.home / "kafka" / "data", ignore_errors=True)
        self.start()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Within the block the broker takes connections and answers nothing."""
        assert self.engine.pid is not None
        os.kill(self.engine.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.engine.pid, signal.SIGCONT)


@pytest.fixture(params=["embedded", "apache"])
def own_broker(request: pytest.FixtureRequest, engine_home: Path) -> Iterator[OwnBroker]:
    if request.param == "apache" and (lack := apache.missing()):
        if os.environ.get("REQUIRE_APACHE_KAFKA") == "1":
            pytest.fail(lack)
        pytest.skip(lack)
    engine = Apache(engine_home) if request.param == "apache" else Tansu(engine_home)
    broker = OwnBroker(engine, engine_home)
    broker.start()
    yield broker
    engine.stop()


@pytest.fixture
def authority() -> Callable[[str], str]:
    """`authority("FIRE")` is a code of this test alone, so its topics on a shared broker are its own."""
    mark = uuid4().hex[:8]
    return lambda word: f"{word}-{mark}"


@dataclass
class Running:
    relay: Relay
    stop: threading.Event
    thread: threading.Thread

    def end(self) -> None:
        self.stop.set()
        self.thread.join(30)
        assert not self.thread.is_alive()


StartRelay = Callable[..., Running]


@pytest.fixture
def start_relay() -> Iterator[StartRelay]:
    """`start_relay(platform_or_url, connection)` runs a relay in a thread of its own until the test ends."""
    running: list[tuple[Running, StoreLog, KafkaBroker]] = []

    def start(platform: Platform, connection: Connection, pace: Pace = BRISK, **settings: Any) -> Running:
        log, broker = StoreLog(platform.url), KafkaBroker(connection, **settings)
        relay, stop = Relay(log, RelayTurn(platform.url), broker, Envelopes(), pace), threading.Event()
        thread = threading.Thread(target=relay.run, args=(stop,), daemon=True)
        thread.start()
        running.append((Running(relay, stop, thread), log, broker))
        return running[-1][0]

    yield start
    for one, log, broker in running:
        one.end()
        log.close()
        broker.close()


def until(true: Callable[[], Any], seconds: float = 60.0) -> None:
    """Wait for something that must come; how long it takes decides nothing."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


async def come(true: Callable[[], Any], seconds: float = 60.0) -> None:
    """`until`, for tests that run on the event loop."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come"
        await asyncio.sleep(0.02)


def read_all(connection: Connection, *topics: str) -> list[Message]:
    """Every record that the topics hold now."""
    found: list[Message] = []
    quiet = 0
    with Consumer.assigned(connection, topics, {}) as consumer:
        while quiet < 3:
            got = consumer.poll(300)
            found += got
            quiet = 0 if got else quiet + 1
    return found


@dataclass
class Regulator:
    """A regulator's system: it writes on its own topic."""

    connection: Connection
    authority: str
    sent: int = field(default=0)

    @property
    def topic(self) -> str:
        return f"supervision.{self.authority}.v1"

    def send(self, kind: str, value: Any, *, id: str = "", source: str = "", headers: Headers | None = None) -> str:
        """One message; ``value`` is made JSON unless it is bytes. Returns its id."""
        id = id or uuid4().hex
        given = {
            "ce_specversion": b"1.0", "ce_id": id.encode(), "ce_type": kind.encode(),
            "ce_source": (source or self.authority).encode(), "ce_officer": "王小明".encode(),
            **dict(headers or []),
        }  # fmt: skip
        self.send_raw(value if isinstance(value, bytes) else orjson.dumps(value), list(given.items()))
        return id

    def send_raw(self, value: bytes, headers: Headers, key: bytes = b"k") -> None:
        broker = KafkaBroker(self.connection)
        broker.ensure([self.topic])
        sender = broker.sender(broker.cluster_id())
        sender.send(self.topic, key, value, headers)
        sender.close()
        broker.close()


def header(message: Message, name: str) -> str:
    found = message.header(name)
    assert found is not None, name
    return found.decode()


def ids(messages: list[Message]) -> list[str]:
    return [header(message, "ce_id") for message in messages]


def stream_of(message: Message) -> UUID:
    return UUID(header(message, "ce_subject"))
