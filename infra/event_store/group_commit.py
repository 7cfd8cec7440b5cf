"""Group commit (合并提交): many callers, one commit at a time, each answered when its facts are durable.

Whoever arrives while a commit is under way shares the next one. Loads and request look-ups that arrive together
share one query in the same way."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar
from uuid import UUID

import psycopg
from eventsourcing.persistence import IntegrityError, OperationalError, PersistenceError
from psycopg.pq.abc import PGresult

from domain.store import LoadedEvent, StoredRequest, Unit
from infra.event_store.line import Line
from infra.event_store.recorder import FIND_REQUESTS, LOAD, ConnectionLost, EventRecorder, facts_of, ids_of, shared_out
from infra.event_store.wire import APPEND, ConnectionEnded, Packed, arguments, checked, numbers, rows_of, texts, uuids

K = TypeVar("K")
V = TypeVar("V")

LARGEST = 2_000
"""Facts per commit at most: a larger one keeps every other writer and reader of the lock waiting."""

ROUNDS = 8
"""Commits tried for one group. Each look-up puts out whoever lost a race; only another process that wins anew
in every round gets this far."""


REOPEN = (0.1, 0.3, 0.6)
"""Seconds between tries to connect anew. A server that restarts is back within these; callers of one that is gone
must not wait long to be told."""


class StoreClosed(PersistenceError):
    """事实库已关闭。The store is closed: this process is stopping, send the command to another one."""

    def __init__(self) -> None:
        super().__init__("本进程正在停止,未作任何写入;请稍后重试。 This process is stopping; nothing was stored.")


class GroupCommit:
    """Implements ``domain.store.Commits`` for one event loop; ``aclose()`` it before the recorder's datastore."""

    def __init__(self, recorder: EventRecorder, *, largest: int = LARGEST) -> None:
        self.recorder = recorder
        self._largest = largest
        self._waiting: deque[tuple[Packed, asyncio.Future[list[int]]]] = deque()
        self._committer: asyncio.Task[None] | None = None
        self._writer = _Connected(recorder, {b"append": APPEND})
        self._streams = _Shared(self._load_streams)
        self._requests = _Shared(self._load_requests)
        self._load_line = _Connected(recorder, {b"load": LOAD})
        self._request_line = _Connected(recorder, {b"find": FIND_REQUESTS})
        self._closed = False

    async def commit(self, unit: Unit) -> list[int]:
        """Store the unit together with whoever else waits; returns the notification ids of its facts, in order.

        Units are stored in their order of arrival. Two units that move the same position never share a commit.
        Raises VersionConflict, RequestRepeated, AlreadyTracked, Unstorable (then nothing of it is stored),
        CommitUnknown, OperationalError (the server is not there: nothing is stored) or StoreClosed."""
        if self._closed:
            raise StoreClosed
        packed = Packed(unit)
        answer: asyncio.Future[list[int]] = asyncio.get_running_loop().create_future()
        self._waiting.append((packed, answer))
        if self._committer is None:
            self._committer = asyncio.create_task(self._commit_groups())
        return await answer

    async def load(self, ids: Sequence[UUID], after: Mapping[UUID, int] | None = None) -> dict[UUID, list[LoadedEvent]]:
        """Facts of the streams in order of version; streams without (new) facts are absent."""
        asked = [(i, after.get(i, 0)) for i in ids] if after else [(i, 0) for i in ids]
        return {stream: rows for (stream, _), rows in (await self._streams.ask(asked)).items()}

    async def find_requests(self, ids: Sequence[str]) -> dict[str, StoredRequest]:
        """The requests among ``ids`` that are already stored."""
        return await self._requests.ask(ids)

    async def aclose(self) -> None:
        """Store what was handed in, answer it, then close the connections. Later commits raise StoreClosed."""
        self._closed = True
        while self._committer is not None:
            await asyncio.wait([self._committer])
        for line in (self._writer, self._load_line, self._request_line):
            line.close()

    async def _commit_groups(self) -> None:
        try:
            while self._waiting:
                group = self._next_group()
                try:
                    await self._settle(group)
                except Exception as e:  # noqa: BLE001 - every caller of the group must get an answer, whatever failed
                    for _, answer in group:
                        _fail(answer, e)
        finally:
            self._committer = None

    def _next_group(self) -> list[tuple[Packed, asyncio.Future[list[int]]]]:
        group: list[tuple[Packed, asyncio.Future[list[int]]]] = []
        names: set[str] = set()
        facts = 0
        # Half of those waiting: while the server stores one half, the callers of the other decide their next
        # commands. Taking all would make client and server idle in turns (a third less at 128 in flight).
        wanted = len(self._waiting)
        if wanted > 16:
            wanted = (wanted + 1) // 2
        while self._waiting and len(group) < wanted:
            packed, answer = self._waiting[0]
            if group and (facts + len(packed) > self._largest or not names.isdisjoint(packed.names)):
                break
            self._waiting.popleft()
            if answer.cancelled():
                wanted -= 1
                continue
            group.append((packed, answer))
            names.update(packed.names)
            facts += len(packed)
        return group

    async def _settle(self, group: list[tuple[Packed, asyncio.Future[list[int]]]]) -> None:
        failure: PersistenceError = ConnectionLost()
        for _ in range(ROUNDS):
            if not group:
                return
            units = [packed.unit for packed, _ in group]
            line = await self._writer.line()
            try:
                result = await line.ask(b"append", arguments([packed for packed, _ in group]))
                shares = shared_out([packed for packed, _ in group], ids_of(result))
            except psycopg.IntegrityError as e:
                failure = IntegrityError(str(e))
                verdicts = await asyncio.to_thread(self.recorder.guilty, units)
                innocent = []
                for member, verdict in zip(group, verdicts, strict=True):
                    if verdict is None:
                        innocent.append(member)
                    else:
                        verdict.__cause__ = e
                        _fail(member[1], verdict)
                group = innocent
                continue
            except ConnectionEnded:
                failure = ConnectionLost()
                line.close()
                settled = await asyncio.to_thread(self.recorder.after_loss, units, line.pid)
                for (_, answer), ids in zip(group, settled, strict=True):
                    if ids is not None:
                        _answer(answer, ids)
                group = [member for member, ids in zip(group, settled, strict=True) if ids is None]
                continue
            except psycopg.Error as e:
                raise PersistenceError(
                    f"数据库拒绝了写入,未作任何改动:{e} The database refused; nothing was stored."
                ) from e
            for (_, answer), ids in zip(group, shares, strict=True):
                _answer(answer, ids)
            return
        raise failure

    async def _load_streams(self, asked: list[tuple[UUID, int]]) -> dict[tuple[UUID, int], list[LoadedEvent]]:
        streams = [stream for stream, _ in asked]
        arguments = [uuids(streams), numbers([after for _, after in asked])]
        rows = rows_of(await self._load_line.ask(b"load", arguments))
        return {asked[place - 1]: facts for place, facts in facts_of(rows, streams).items()}

    async def _load_requests(self, asked: list[str]) -> dict[str, StoredRequest]:
        result = await self._request_line.ask(b"find", [texts(asked)])
        return {row[0]: StoredRequest(*row) for row in rows_of(result)}


class _Connected:
    """A line that is opened when it is first needed and again after it was lost."""

    def __init__(self, recorder: EventRecorder, statements: Mapping[bytes, str]) -> None:
        kwargs = dict(recorder.datastore.pool.kwargs or {})  # type: ignore[arg-type]
        kwargs.pop("row_factory", None)
        self._conninfo = psycopg.conninfo.make_conninfo(**kwargs)
        self._statements = statements
        self._line: Line | None = None

    async def line(self) -> Line:
        for pause in REOPEN:
            if self._line is not None and self._line.alive:
                return self._line
            try:
                self._line = await Line.open(self._conninfo, self._statements)
            except OperationalError:
                await asyncio.sleep(pause)
        if self._line is None or not self._line.alive:
            self._line = await Line.open(self._conninfo, self._statements)
        return self._line

    async def ask(self, statement: bytes, arguments: Sequence[bytes | None]) -> PGresult:
        """A question that changes nothing, so it is simply asked again when the connection was lost."""
        for _ in range(2):
            line = await self.line()
            try:
                return checked(await line.ask(statement, arguments))
            except ConnectionEnded:
                line.close()
            except psycopg.Error as e:
                raise PersistenceError(str(e)) from e
        raise OperationalError("数据库连接两次中断,请稍后重试。 The database connection was lost twice; try again.")

    def close(self) -> None:
        if self._line is not None:
            self._line.close()


class _Shared(Generic[K, V]):
    """Callers that ask while a query is under way share the next one."""

    def __init__(self, query: Callable[[list[K]], Awaitable[dict[K, V]]], most: int = 1_000) -> None:
        self._query = query
        self._most = most
        self._waiting: deque[tuple[Sequence[K], asyncio.Future[dict[K, V]]]] = deque()
        self._asking: asyncio.Task[None] | None = None

    async def ask(self, keys: Sequence[K]) -> dict[K, V]:
        if not keys:
            return {}
        answer: asyncio.Future[dict[K, V]] = asyncio.get_running_loop().create_future()
        self._waiting.append((keys, answer))
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask_groups())
        return await answer

    async def _ask_groups(self) -> None:
        try:
            while self._waiting:
                group: list[tuple[Sequence[K], asyncio.Future[dict[K, V]]]] = []
                keys: dict[K, None] = {}
                while self._waiting and (not group or len(keys) + len(self._waiting[0][0]) <= self._most):
                    group.append(self._waiting.popleft())
                    keys.update(dict.fromkeys(group[-1][0]))
                try:
                    found = await self._query(list(keys))
                except Exception as e:  # noqa: BLE001 - every caller of the group must get an answer
                    for _, answer in group:
                        _fail(answer, e)
                else:
                    for asked, answer in group:
                        _answer(answer, {key: found[key] for key in asked if key in found})
        finally:
            self._asking = None


def _answer(future: asyncio.Future[Any], value: Any) -> None:
    if not future.done():
        future.set_result(value)


def _fail(future: asyncio.Future[Any], error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
