"""Line (专线): one PostgreSQL connection that the event loop drives itself.

A thread per statement costs two hand-overs of the interpreter: at 1 to 8 commands in flight this direct line
stores a fifth more and needs half of the processor time."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import psycopg
from eventsourcing.persistence import OperationalError
from psycopg import pq
from psycopg.pq.abc import PGresult

from infra.event_store.wire import ConnectionEnded, refused

_DEAD = "连接中断,尚无法断定是否已写入。 The connection was lost before the answer came."


class Line:
    """One connection with a few prepared statements; one question at a time."""

    def __init__(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        self._connection = connection
        self._pg = connection.pgconn
        self.pid = connection.info.backend_pid
        self._loop = asyncio.get_running_loop()
        self._answer: asyncio.Future[PGresult] | None = None
        self._pg.nonblocking = 1
        self._socket = self._pg.socket
        self._loop.add_reader(self._socket, self._readable)
        self._writing = False
        self.alive = True

    @classmethod
    async def open(cls, conninfo: str, statements: Mapping[bytes, str]) -> Line:
        """Connect and prepare. Raises the library's OperationalError when the server is not there."""

        def connect() -> psycopg.Connection[tuple[object, ...]]:
            connection = psycopg.connect(conninfo, autocommit=True, connect_timeout=10)
            for name, statement in statements.items():
                result = connection.pgconn.prepare(name, statement.encode())
                if result.status != pq.ExecStatus.COMMAND_OK:
                    connection.close()
                    raise refused(result)
            return connection

        try:
            return cls(await asyncio.to_thread(connect))
        except psycopg.OperationalError as e:
            raise OperationalError(str(e)) from e

    def ask(self, statement: bytes, arguments: Sequence[bytes | None]) -> asyncio.Future[PGresult]:
        """Send a prepared statement with binary arguments; the result may be an error of the server.

        The future fails with ConnectionEnded when the connection is lost."""
        assert self._answer is None, "one question at a time"
        answer = self._answer = self._loop.create_future()
        try:
            self._pg.send_query_prepared(statement, arguments, [1] * len(arguments), 1)
            self._flush()
        except psycopg.Error as e:
            self._lost(e)
        return answer

    def _flush(self) -> None:
        pending = self._pg.flush() == 1
        if pending != self._writing:
            self._writing = pending
            if pending:
                self._loop.add_writer(self._socket, self._writable)
            else:
                self._loop.remove_writer(self._socket)

    def _writable(self) -> None:
        try:
            self._flush()
        except psycopg.Error as e:
            self._lost(e)

    def _readable(self) -> None:
        try:
            self._pg.consume_input()
            # A large statement is only taken by the server while we also read what it says meanwhile.
            if self._writing:
                self._flush()
            if self._answer is None or self._pg.is_busy():
                return
            result: PGresult | None = None
            while (part := self._pg.get_result()) is not None:
                result = part
        except psycopg.Error as e:
            self._lost(e)
            return
        if result is None or self._pg.status == pq.ConnStatus.BAD:
            self._lost(psycopg.OperationalError(_DEAD))
            return
        answer, self._answer = self._answer, None
        if not answer.done():
            answer.set_result(result)

    def _lost(self, reason: Exception) -> None:
        self.close()
        answer, self._answer = self._answer, None
        if answer is not None and not answer.done():
            answer.set_exception(ConnectionEnded(f"{_DEAD} {reason}".strip()))

    def close(self) -> None:
        if self.alive:
            self.alive = False
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)
            self._connection.close()
