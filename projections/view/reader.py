"""Reader: how queries read the tables of projections, page by page."""

from __future__ import annotations

import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

import orjson
from psycopg import Connection, DataError
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from domain.kernel.event import Event
from projections.view.errors import BadCursor

R = TypeVar("R")
S = TypeVar("S")
MOST = 500
"""The longest page; a longer one is cut, never refused."""
STEP = 0.005

Decode = Callable[[str, bytes, UUID, int], Event]
"""How a stored row becomes a fact: topic, state, stream, version."""


@dataclass(slots=True)
class Page(Generic[R]):
    """One page of a list; ``next`` is the cursor of the following one, or none at the end."""

    rows: list[R]
    next: str | None = None

    def mapped(self, as_: Callable[[R], S]) -> Page[S]:
        return Page([as_(row) for row in self.rows], self.next)


class Reader:
    """Reads projections. Give it a pool, or a connection string and it makes its own; then close it."""

    def __init__(self, source: str | ConnectionPool[Connection[Any]], decode: Decode | None = None) -> None:
        self._own = isinstance(source, str)
        self.pool: ConnectionPool[Connection[Any]] = (
            ConnectionPool(
                source, min_size=1, max_size=8, timeout=5, open=True, name="reads", kwargs={"autocommit": True},
                # After a restart of the database the first reads would otherwise meet dead connections.
                check=ConnectionPool.check_connection,
            )
            if isinstance(source, str) else source
        )  # fmt: skip
        self._decode = decode

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._own:
            self.pool.close()

    def rows(self, into: type[R], sql: str, params: Mapping[str, Any] | Sequence[Any] = ()) -> list[R]:
        """All rows of a query as instances of ``into``, whose fields are its columns."""
        with self.pool.connection() as connection, connection.cursor(row_factory=class_row(into)) as cursor:
            return cursor.execute(sql.encode(), _storable(params)).fetchall()

    def one(self, into: type[R], sql: str, params: Mapping[str, Any] | Sequence[Any] = ()) -> R | None:
        """The first row, or none."""
        with self.pool.connection() as connection, connection.cursor(row_factory=class_row(into)) as cursor:
            return cursor.execute(sql.encode(), _storable(params)).fetchone()

    def value(self, sql: str, params: Mapping[str, Any] | Sequence[Any] = ()) -> Any:
        """The first column of the first row, or none."""
        with self.pool.connection() as connection:
            row = connection.execute(sql.encode(), _storable(params)).fetchone()
        return row[0] if row else None

    def page(
        self,
        into: type[R],
        sql: str,
        params: Mapping[str, Any],
        *,
        order: tuple[str, ...],
        cursor: str | None,
        limit: int,
        descending: bool = False,
    ) -> Page[R]:
        """One page of ``sql``, sorted by the columns ``order``, which must be unique together and never null.

        The cursor holds the last row's values of them, so a page costs the same wherever it lies and rows that
        are added meanwhile shift nothing. Raises BadCursor."""
        limit = max(1, min(limit, MOST))
        named = dict(params)
        after = ""
        if cursor:
            values = _read_cursor(cursor, order)
            named |= {f"_after{i}": v for i, v in enumerate(values)}
            places = ", ".join(f"%(_after{i})s" for i in range(len(order)))
            after = f" WHERE ({', '.join(order)}) {'<' if descending else '>'} ({places})"
        way = " DESC" if descending else ""
        whole = (
            f"SELECT * FROM ({sql}) AS q{after} "  # noqa: S608 - the parts are literals of the query functions
            f"ORDER BY {', '.join(c + way for c in order)} LIMIT {limit + 1}"
        )
        try:
            found = self.rows(into, whole, named)
        except DataError as e:
            if cursor:  # made up with the right stamp: a word where a number was, or one that is too large
                raise BadCursor(cursor=cursor[:80]) from e
            raise
        if len(found) <= limit:
            return Page(found)
        found.pop()
        return Page(found, _cursor([getattr(found[-1], c) for c in order], order))

    def facts(self, ids: Iterable[tuple[UUID, int]]) -> dict[tuple[UUID, int], Event]:
        """The recorded facts of (stream, version) pairs, decoded; those that are not stored are left out."""
        assert self._decode is not None, "this reader was not given a way to decode facts"
        pairs = list(ids)
        with self.pool.connection() as connection, connection.cursor(binary=True) as cursor:
            cursor.execute(
                "SELECT e.originator_id, e.originator_version, e.topic, e.state FROM public.approval_events AS e"
                " JOIN unnest(%s::uuid[], %s::bigint[]) AS w (id, version)"
                " ON e.originator_id = w.id AND e.originator_version = w.version",
                ([p[0] for p in pairs], [p[1] for p in pairs]),
            )
            return {(s, v): self._decode(topic, bytes(state), s, v) for s, v, topic, state in cursor}

    def position(self, projection: str) -> int:
        """Up to where a projection has folded; 0 before it began."""
        return cast("int", self.value("SELECT position FROM projections.positions WHERE name = %s", (projection,)) or 0)

    def positions(self) -> dict[str, int]:
        """Up to where each projection has folded."""
        with self.pool.connection() as connection:
            return dict(connection.execute("SELECT name, position FROM projections.positions").fetchall())

    def wait_for(self, projection: str, position: int, timeout: float = 2.0) -> bool:
        """Whether a projection has folded the event at ``position``, waiting for it at most ``timeout`` seconds."""
        ends = time.monotonic() + timeout
        while self.position(projection) < position:
            if time.monotonic() >= ends:
                return False
            time.sleep(STEP)
        return True


def _storable(params: Mapping[str, Any] | Sequence[Any]) -> Mapping[str, Any] | Sequence[Any]:
    """What is asked for, as it would be stored: the tables hold U+FFFD where a text had U+0000."""
    if isinstance(params, Mapping):
        return {n: v.replace("\x00", "\ufffd") if isinstance(v, str) else v for n, v in params.items()}
    return [v.replace("\x00", "\ufffd") if isinstance(v, str) else v for v in params]


def _stamp(order: tuple[str, ...]) -> str:
    return blake2b(",".join(order).encode(), digest_size=3).hexdigest()


def _cursor(values: list[Any], order: tuple[str, ...]) -> str:
    return urlsafe_b64encode(orjson.dumps([_stamp(order), *values])).decode().rstrip("=")


def _read_cursor(cursor: str, order: tuple[str, ...]) -> list[Any]:
    stamp: str
    values: list[Any]
    try:
        stamp, *values = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError) as e:
        raise BadCursor(cursor=cursor[:80]) from e
    if stamp != _stamp(order) or len(values) != len(order) or not all(isinstance(v, (str, int)) for v in values):
        raise BadCursor(cursor=cursor[:80])
    return values
