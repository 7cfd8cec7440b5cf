"""Recorder (记录): how facts are stored and read, behind the library's seam (``APPLICATION_RECORDER_TOPIC``).

Same rows and same order as the library's own recorder; one statement and one round trip instead of a pipeline
that holds a table lock across two."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from eventsourcing.persistence import (
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    StoredEvent,
    Tracking,
)
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.pq.abc import PGresult
from psycopg.rows import tuple_row

from domain.store import AlreadyTracked, LoadedEvent, RequestRepeated, StoredRequest, Unit, VersionConflict
from infra.event_store.wire import (
    APPEND,
    BINARY,
    ConnectionEnded,
    Packed,
    arguments,
    checked,
    notification_ids,
    unit_of,
)

TABLE = "approval_events"

# LATERAL with OFFSET 0 keeps the planner from hashing the whole table before it has statistics.
LOAD = """
    SELECT asked.place, e.originator_version, e.topic, e.state
    FROM unnest($1::uuid[], $2::bigint[]) WITH ORDINALITY AS asked (id, after, place)
    CROSS JOIN LATERAL (
        SELECT originator_version, topic, state FROM public.approval_events
        WHERE originator_id = asked.id AND originator_version > asked.after
        ORDER BY originator_version OFFSET 0
    ) AS e"""
FIND_REQUESTS = """
    SELECT request_id, fingerprint, result, position FROM public.approval_requests WHERE request_id = ANY($1::text[])"""
_TAKEN = """
    SELECT 'e', e.originator_id::text, e.originator_version
    FROM unnest(%s::uuid[], %s::bigint[]) AS asked (id, version)
    CROSS JOIN LATERAL (
        SELECT originator_id, originator_version FROM public.approval_events
        WHERE originator_id = asked.id AND originator_version = asked.version OFFSET 0
    ) AS e
    UNION ALL SELECT 'r', request_id, 0 FROM public.approval_requests WHERE request_id = ANY(%s)
    UNION ALL SELECT 't', application_name, notification_id FROM public.approval_tracking
    WHERE application_name = ANY(%s)"""
_READ = """
    SELECT notification_id, originator_id, originator_version, topic, state FROM public.approval_events
    WHERE notification_id > %s::bigint AND notification_id <= %s::bigint {topics}
    ORDER BY notification_id LIMIT %s"""
_READ_ALL = _READ.format(topics="").encode()
_READ_TOPICS = _READ.format(topics="AND topic = ANY(%s)").encode()
_HEAD = b"SELECT coalesce(max(notification_id), 0) FROM public.approval_events"
_FOREVER = 2**63 - 1


class CommitUnknown(OperationalError):
    """提交结果不明: the connection broke and the server could not be asked whether the facts were stored.

    Ask again with the same request id: it is carried out at most once."""

    def __init__(self, reason: object) -> None:
        super().__init__(
            f"提交结果不明({reason});请用同一请求编号再次提交,不会重复办理。"
            f" It is not known whether this was stored ({reason}); send it again with the same request id,"
            " it is carried out at most once."
        )


class ConnectionLost(OperationalError):
    """连接屡次中断: the connection was lost again and again, and each time nothing had been stored."""

    def __init__(self) -> None:
        super().__init__(
            "数据库连接屡次中断,未写入任何内容;请稍后重试。"
            " The database connection was lost again and again; nothing was stored, try again shortly."
        )


class Entry(NamedTuple):
    """One stored fact as a tailing reader sees it; ``id`` is its notification id, ``state`` its JSON."""

    id: int
    originator_id: UUID
    originator_version: int
    topic: str
    state: bytes


class Page(NamedTuple):
    """Facts in order of commit, and the end of the scanned range: the position to continue after.

    With a filter the end may lie beyond the last entry; tracking it keeps ``wait for position`` from hanging."""

    entries: list[Entry]
    end: int


class EventRecorder(PostgresApplicationRecorder):
    """The library's application recorder with one-statement appends, grouped units and many-stream loads."""

    def __init__(self, datastore: PostgresDatastore, *, events_table_name: str = TABLE) -> None:
        if datastore.enable_db_functions:
            raise ProgrammingError(
                "不得启用 POSTGRES_ENABLE_DB_FUNCTIONS:库函数不加锁,读取方会漏掉事实;请移除该设置。"
                " POSTGRES_ENABLE_DB_FUNCTIONS must stay off: those functions take no lock, so tailing readers"
                " lose facts; remove the setting."
            )
        if events_table_name != TABLE:
            raise ProgrammingError(
                f"事实库只有一张表 {TABLE},而非 {events_table_name};应用名须为 approval。"
                f" The store has one table, {TABLE}, not {events_table_name}; the application must be named approval."
            )
        super().__init__(datastore, events_table_name=events_table_name)

    def create_table(self) -> None:
        raise ProgrammingError(
            "库表由 migrate 建立,应用不得自建;请设置 CREATE_TABLE=n 并先执行 shuangtui migrate。"
            " Tables are made by migrations; set CREATE_TABLE=n and run shuangtui migrate first."
        )

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        requests: Sequence[StoredRequest] = (),
        tracking: Tracking | Sequence[Tracking] | None = None,
        **_: Any,
    ) -> Sequence[int]:
        """Store facts, request rows and positions together; returns the notification ids in order.

        Raises VersionConflict, RequestRepeated, AlreadyTracked, CommitUnknown, ConnectionLost, Unstorable."""
        return self.append([unit_of(stored_events, requests, tracking)])[0]

    def append(self, units: Sequence[Unit]) -> list[list[int]]:
        """Store units as one commit, all or none; returns the notification ids of each."""
        packed = [Packed(unit) for unit in units]
        for _ in range(3):
            pid: int | None = None
            try:
                with self.datastore.get_connection() as connection:
                    pid = connection.info.backend_pid
                    result = connection.pgconn.exec_params(APPEND.encode(), arguments(packed), None, BINARY, 1)
                    return shared_out(packed, ids_of(result))
            except IntegrityError as e:
                for error in self.guilty(units):
                    if error is not None:
                        raise error from e
                raise
            except (OperationalError, InterfaceError) as e:
                if pid is None or not isinstance(e.__cause__, ConnectionEnded):
                    raise
                settled = self.after_loss(units, pid)
                if all(ids is not None for ids in settled):
                    return [ids for ids in settled if ids is not None]
        raise ConnectionLost

    def guilty(self, units: Sequence[Unit]) -> list[IntegrityError | None]:
        """Who made a group fail: one look-up for all; the earlier of two units that want the same is innocent."""
        keys = [(e.originator_id, e.originator_version) for u in units for e in u.events]
        requests = [r.id for u in units for r in u.requests]
        names = [t.application_name for u in units for t in u.tracking]
        taken: set[Any] = set()
        passed: dict[str, int] = {}
        ids, versions = [k[0] for k in keys], [k[1] for k in keys]
        for kind, name, number in self._rows(_TAKEN.encode(), (ids, versions, requests, names)):
            if kind == "t":
                passed[name] = number
            else:
                taken.add((UUID(name), number) if kind == "e" else name)
        verdicts: list[IntegrityError | None] = []
        for unit in units:
            verdict = _verdict(unit, taken, passed)
            verdicts.append(verdict)
            if verdict is None:
                taken.update((e.originator_id, e.originator_version) for e in unit.events)
                taken.update(r.id for r in unit.requests)
                passed.update((t.application_name, t.notification_id) for t in unit.tracking)
        return verdicts

    def after_loss(self, units: Sequence[Unit], pid: int) -> list[list[int] | None]:
        """After a broken connection: the ids of each unit that was stored, None where it provably was not.

        Waits until the server process of the old connection is gone, for until then it may still commit.
        Raises CommitUnknown when that cannot be seen."""
        try:
            for _ in range(100):
                if not self._rows(b"SELECT 1 FROM pg_stat_activity WHERE pid = %s", (pid,)):
                    return [self._stored(unit) for unit in units]
                time.sleep(0.1)
        except (OperationalError, InterfaceError) as e:
            raise CommitUnknown(e) from e
        raise CommitUnknown("旧连接仍在服务器上执行 (the old connection is still at work on the server)")

    def load(self, ids: Sequence[UUID], after: Mapping[UUID, int] | None = None) -> dict[UUID, list[LoadedEvent]]:
        """Facts of many streams in one query, each in order of version; streams without facts are absent."""
        after = after or {}
        query = LOAD.replace("$1", "%s").replace("$2", "%s").encode()
        rows = self._rows(query, (list(ids), [after.get(i, 0) for i in ids]))
        return {ids[place - 1]: facts for place, facts in facts_of(rows, ids).items()}

    def read(self, after: int, limit: int, topics: Sequence[str] | None = None, stop: int | None = None) -> Page:
        """The next facts in order of commit. Ids are not dense: a rolled-back commit leaves a hole for ever."""
        stop = _FOREVER if stop is None else stop
        if topics is None:
            entries = list(map(Entry._make, self._rows(_READ_ALL, (after, stop, limit))))
            return Page(entries, entries[-1].id if entries else after)
        # The head is asked first: whatever is committed in between is then left for the next page, not skipped.
        stop = min(stop, self.head())
        entries = list(map(Entry._make, self._rows(_READ_TOPICS, (after, stop, list(topics), limit))))
        return Page(entries, entries[-1].id if len(entries) == limit else max(after, stop))

    def head(self) -> int:
        """The notification id of the last committed fact, 0 in an empty store."""
        return int(self._rows(_HEAD, ())[0][0])

    def find_requests(self, ids: Sequence[str]) -> dict[str, StoredRequest]:
        """The requests among ``ids`` that are stored."""
        rows = self._rows(FIND_REQUESTS.replace("$1", "%s").encode(), (list(ids),))
        return {row[0]: StoredRequest(*row) for row in rows}

    def position(self, name: str) -> int | None:
        """How far a reader or source is done, None if it never began."""
        rows = self._rows(b"SELECT notification_id FROM public.approval_tracking WHERE application_name = %s", (name,))
        return int(rows[0][0]) if rows else None

    def max_notification_id(self) -> int | None:
        return self.head() or None

    def _stored(self, unit: Unit) -> list[int] | None:
        if unit.events:
            rows = self._rows(
                b"SELECT e.state, e.notification_id FROM unnest(%s::uuid[], %s::bigint[]) WITH ORDINALITY"
                b" AS asked (id, version, place) CROSS JOIN LATERAL (SELECT * FROM public.approval_events"
                b" WHERE originator_id = asked.id AND originator_version = asked.version OFFSET 0) AS e"
                b" ORDER BY asked.place",
                ([e.originator_id for e in unit.events], [e.originator_version for e in unit.events]),
            )
            ours = [state for state, _ in rows] == [e.state for e in unit.events]
            return [number for _, number in rows] if ours else None
        found = self.find_requests([r.id for r in unit.requests])
        if any(r.id not in found or found[r.id].fingerprint != r.fingerprint for r in unit.requests):
            return None
        if any((self.position(t.application_name) or -1) < t.notification_id for t in unit.tracking):
            return None
        return []

    def _rows(self, query: bytes, params: Sequence[Any]) -> list[Any]:
        with (
            self.datastore.get_connection() as connection,
            connection.cursor(binary=True, row_factory=tuple_row) as cursor,
        ):
            return cursor.execute(query, params, prepare=True).fetchall()


def ids_of(result: PGresult) -> list[int]:
    """The notification ids in the answer to APPEND. Raises as ``checked`` does."""
    array = checked(result).get_value(0, 0)
    assert array is not None
    return notification_ids(array)


def facts_of(rows: Iterable[tuple[Any, ...]], streams: Sequence[UUID]) -> dict[int, list[LoadedEvent]]:
    """The facts in the answer to LOAD by the place, from 1, at which their stream was asked for."""
    found: dict[int, list[LoadedEvent]] = {}
    for place, version, topic, state in rows:
        facts = found.get(place)
        if facts is None:
            facts = found[place] = []
        facts.append(LoadedEvent(streams[place - 1], version, topic, state))
    return found


def shared_out(group: Sequence[Packed], ids: list[int]) -> list[list[int]]:
    """To each unit its own notification ids."""
    shares, at = [], 0
    for packed in group:
        shares.append(ids[at : at + len(packed)])
        at += len(packed)
    return shares


def _verdict(unit: Unit, taken: set[Any], passed: Mapping[str, int]) -> IntegrityError | None:
    # In this order: a repeated request also finds its versions taken, but has a stored answer.
    ids = [r.id for r in unit.requests]
    if repeated := [id for id in ids if id in taken or ids.count(id) > 1]:
        return RequestRepeated(repeated)
    if behind := [t for t in unit.tracking if passed.get(t.application_name, -1) >= t.notification_id]:
        return AlreadyTracked(behind)
    keys = [(e.originator_id, e.originator_version) for e in unit.events]
    stale = [key for key in keys if key in taken] or [key for key, times in Counter(keys).items() if times > 1]
    if stale:
        return VersionConflict(stale)  # type: ignore[arg-type]
    return None
