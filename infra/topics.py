"""What relay and intake stand on: the store's log, the turn kept in PostgreSQL, and the broker."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import psycopg
from eventsourcing.persistence import InterfaceError, OperationalError
from kafka.errors import KafkaError

from infra.kafka import BrokerUnreachable, Connection, Consumer, KafkaTrouble, Producer, RecordRefused, ensure_topics
from infra.kafka.connection import Admin, open_client
from infra.kafka.topics import cluster_id
from interfaces.topics.envelope import Row

TURN = 7310042616
"""Key of the advisory lock that the active relay holds."""

PARTITIONS: Mapping[str, int] = {"approval.intake": 6, "approval": 3, "interaction": 3, "supervision": 3, ".parked": 1}
"""Partitions by name of the topic, by its ending, or by its channel. Never changed for a topic that exists: the
order of a case would break."""

ADMIN_PATIENCE = 10_000
"""Milliseconds that a question to the broker may take; making the topics of thirty authorities took 0.6 s."""

_DATABASE = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)


_HEAD = b"SELECT coalesce(max(notification_id), 0) FROM public.approval_events"
_READ = b"""
    SELECT notification_id, originator_id, originator_version, topic, state FROM public.approval_events
    WHERE notification_id > %s AND topic = ANY(%s) ORDER BY notification_id LIMIT %s"""


class StoreLog:
    """The log as the relay reads it; a notification of the store wakes it.

    Two connections of its own, one that reads and one that listens: every push waits for this reading, so it is one
    round trip, without a pool and its ping."""

    trouble: ClassVar[tuple[type[Exception], ...]] = _DATABASE

    def __init__(self, url: str) -> None:
        self._url = url
        self._reading: psycopg.Connection[Any] | None = None
        self._listening: psycopg.Connection[Any] | None = None

    def read(self, after: int, limit: int, topics: Sequence[str]) -> tuple[list[Row], int]:
        if self._reading is None:
            self._reading = psycopg.connect(self._url, autocommit=True, connect_timeout=5)
        connection = self._reading
        try:
            head, rows = connection.cursor(binary=True), connection.cursor(binary=True)
            with connection.pipeline():
                # The head is asked first: whatever it covers, the reading after it sees.
                head.execute(_HEAD, prepare=True)
                rows.execute(_READ, (after, list(topics), limit), prepare=True)
            found: list[Row] = rows.fetchall()
            covered = head.fetchone()
        except psycopg.Error:
            self.close()
            raise
        last = found[-1][0] if found else after
        return found, last if len(found) == limit or covered is None else max(last, covered[0])

    def wait(self, seconds: float) -> None:
        """A hint, nothing more: a session that died is opened again, and meanwhile the time passes."""
        try:
            if self._listening is None:
                self._listening = psycopg.connect(self._url, autocommit=True, connect_timeout=5)
                self._listening.execute("LISTEN approval_events")
            for _ in self._listening.notifies(timeout=seconds, stop_after=1):
                pass
        except psycopg.Error:
            self.close()
            time.sleep(seconds)

    def close(self) -> None:
        for connection in (self._reading, self._listening):
            if connection is not None:
                connection.close()
        self._reading = self._listening = None


class RelayTurn:
    """轮值: an advisory lock on a connection of its own. Positions are stored over that same connection, so a
    relay that lost the lock can no longer move them."""

    trouble: ClassVar[tuple[type[Exception], ...]] = _DATABASE

    def __init__(self, url: str, key: int = TURN) -> None:
        self._url, self._key = url, key
        self._connection: psycopg.Connection[Any] | None = None
        self._held = False

    def take(self, seconds: float) -> bool:
        if self._held:
            return True
        until = time.monotonic() + seconds
        connection = self._open()
        while True:
            row = connection.execute("SELECT pg_try_advisory_lock(%s)", (self._key,)).fetchone()
            if row is not None and row[0]:
                self._held = True
                return True
            if time.monotonic() >= until:
                return False
            time.sleep(min(0.2, seconds))

    def hold(self) -> None:
        self._asked("SELECT 1")

    def position(self, name: str) -> int:
        row = self._asked(
            "SELECT notification_id FROM public.approval_tracking WHERE application_name = %s", name
        ).fetchone()
        return int(row[0]) if row else 0

    def advance(self, name: str, position: int) -> None:
        self._asked(
            "INSERT INTO public.approval_tracking AS t (application_name, notification_id) VALUES (%s, %s)"
            " ON CONFLICT (application_name) DO UPDATE SET notification_id = excluded.notification_id"
            " WHERE t.notification_id < excluded.notification_id",
            name,
            position,
        )

    def give_up(self) -> None:
        self._held = False
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self._url, autocommit=True, connect_timeout=5)
            # A position lost in a crash of the server repeats a few messages; waiting for the disk at every
            # step would hold up every push.
            self._connection.execute("SET synchronous_commit = off")
            # A machine that vanished must not keep the turn: the server looks after 5 s of silence.
            self._connection.execute(
                "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3"
            )
        return self._connection

    def _asked(self, query: str, *params: object) -> psycopg.Cursor[Any]:
        if not self._held or self._connection is None:
            raise psycopg.OperationalError("轮值已交出。 The turn was given up.")
        try:
            return self._connection.execute(query.encode(), params)
        except psycopg.Error:
            self.give_up()
            raise


class IntakePositions:
    """The positions that are committed with the facts, by topic and partition."""

    trouble: ClassVar[tuple[type[Exception], ...]] = _DATABASE

    def __init__(self, url: str) -> None:
        self._url = url

    def of_cluster(self, cluster_id: str) -> dict[tuple[str, int], int]:
        with psycopg.connect(self._url, autocommit=True, connect_timeout=5) as connection:
            rows = connection.execute(
                "SELECT application_name, notification_id FROM public.approval_tracking"
                " WHERE right(application_name, length(%s)) = %s",
                (f"@{cluster_id}", f"@{cluster_id}"),
            ).fetchall()
        found = {}
        for name, offset in rows:
            topic, _, partition = name.rpartition("@")[0].rpartition("-")
            if topic and partition.isdigit():
                found[topic, int(partition)] = int(offset)
        return found


class KafkaBroker:
    """The broker; ``window`` records may be unacknowledged, ``stalled_after`` seconds of silence end a producer."""

    trouble: ClassVar[tuple[type[Exception], ...]] = (KafkaTrouble, KafkaError)
    refused: ClassVar[type[Exception]] = RecordRefused

    def __init__(
        self,
        connection: Connection,
        *,
        partitions: Mapping[str, int] = PARTITIONS,
        window: int = 500,
        stalled_after: float = 30.0,
        max_records: int = 1_000,
    ) -> None:
        self.connection = connection
        self._partitions = partitions
        self._window, self._stalled_after, self._max_records = window, stalled_after, max_records
        self._admin: Admin | None = None

    def cluster_id(self) -> str:
        return str(self._asked(cluster_id))

    def topics(self) -> set[str]:
        return set(self._asked(lambda admin: admin.list_topics()))

    def ensure(self, topics: Iterable[str]) -> None:
        wanted = {topic: self.partitions_of(topic) for topic in topics}
        self._asked(lambda admin: ensure_topics(admin, wanted))

    def partitions_of(self, topic: str) -> int:
        if topic in self._partitions:
            return self._partitions[topic]
        if topic.endswith(".parked"):
            return self._partitions[".parked"]
        return self._partitions[topic.partition(".")[0]]

    def sender(self, cluster_id: str, *, backlog: bool = False) -> Producer:
        return Producer(
            self.connection,
            expected_cluster=cluster_id,
            window=self._window,
            stalled_after=self._stalled_after,
            mode="backlog" if backlog else "push",
        )

    def reader(self, topics: Sequence[str], positions: Mapping[tuple[str, int], int], cluster_id: str) -> Consumer:
        return Consumer.assigned(
            self.connection, topics, positions, expected_cluster=cluster_id, max_records=self._max_records
        )

    def close(self) -> None:
        if self._admin is not None:
            self._admin.close()
            self._admin = None

    def _asked(self, question: Any) -> Any:
        if self._admin is None:
            # The default of 30 s would keep relay and intake from noticing that a broker is back.
            self._admin = open_client(Admin, **self.connection.client_settings(), request_timeout_ms=ADMIN_PATIENCE)
            self._admin.profile = self.connection.profile
        try:
            return question(self._admin)
        except KafkaError as failure:
            self.close()
            raise BrokerUnreachable(self.connection.bootstrap, failure) from failure
        except KafkaTrouble:
            self.close()
            raise
