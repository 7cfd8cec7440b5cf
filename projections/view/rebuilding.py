"""Rebuilding: fold everything anew beside the live tables, catch up, swap in one short transaction."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypedDict

import psycopg
from psycopg import Connection, sql

from projections.view.errors import AlreadyRebuilding, SwapRefused
from projections.view.folding import collecting_less, facts_for, fold, forget, head_of, read_batch
from projections.view.projection import SHADOW, Projection
from projections.view.reader import Decode
from projections.view.table import SCHEMA
from projections.view.tables import TURN, drop_tables, make_tables, turn_of

OLD = "__old"
TRIES = 20
"""How often a swap is tried before it is given up: a reader that holds the table longer than ``LOCK_WAIT`` makes
it step back, because whoever comes after a waiting swap would wait with it."""
LOCK_WAIT = "300ms"

Progress = Callable[[int, int], object]


class Rebuilt(TypedDict):
    """What a rebuild did, or would do."""

    name: str
    version: int
    events: int
    position: int
    swapped: bool


class Comparison(TypedDict):
    """The live tables against rebuilt ones at the same position; ``differing`` rows stand on one side only."""

    name: str
    position: int
    rows: int
    differing: int


class _Shadow:
    """A projection in the making: tables of its own, and a position that only this process knows."""

    def __init__(
        self, connection: Connection[Any], projection: type[Projection], decode: Decode, batch: int,
        progress: Progress | None,
    ) -> None:  # fmt: skip
        self.connection, self.decode, self.batch = connection, decode, batch
        self.projection = projection(SHADOW)
        self.progress = progress or (lambda _at, _head: None)
        self.position = self.events = 0

    def __enter__(self) -> _Shadow:
        got = self.connection.execute("SELECT pg_try_advisory_lock(%s, %s)", self._turn).fetchone()
        if got != (True,):
            raise AlreadyRebuilding(self.projection.NAME)
        self.connection.execute("SET synchronous_commit = off")
        with self.connection.transaction():
            drop_tables(self.connection, type(self.projection), SHADOW)
            make_tables(self.connection, type(self.projection), SHADOW)
        return self

    def __exit__(self, *_: object) -> None:
        if not self.connection.broken:
            drop_tables(self.connection, type(self.projection), SHADOW)
            self.connection.execute("SELECT pg_advisory_unlock(%s, %s)", self._turn)

    @property
    def _turn(self) -> tuple[int, int]:
        return TURN, turn_of(self.projection.stored_name)

    def catch_up(self, head: int) -> None:
        """Fold up to ``head``, a transaction per batch."""
        while self.position < head:
            with collecting_less(), self.connection.transaction():
                self.step(head)
            for rows in self.projection.working.values():
                rows.end()
            self.progress(self.position, head)

    def step(self, head: int) -> None:
        batch = read_batch(
            self.connection, self.position, head, self.batch, self.projection.topics, self.decode
        )  # fmt: skip
        facts = facts_for(self.projection, batch, self.position)
        fold(self.connection, self.projection, facts, self.position, batch.upto)
        self.position, self.events = batch.upto, self.events + len(facts)


def rebuild(
    connection: Connection[Any],
    projection: type[Projection],
    decode: Decode,
    batch: int,
    progress: Progress | None,
    *,
    dry_run: bool,
) -> Rebuilt:
    if dry_run:
        topics = projection().topics
        row = connection.execute(
            "SELECT count(*) FROM public.approval_events WHERE %s OR topic = ANY(%s)", (not topics, list(topics))
        ).fetchone()
        return Rebuilt(
            name=projection.NAME, version=projection.VERSION, events=row[0] if row else 0,
            position=head_of(connection), swapped=False,
        )  # fmt: skip
    with _Shadow(connection, projection, decode, batch, progress) as shadow:
        shadow.catch_up(head_of(connection))
        _swap(connection, shadow)
        done = Rebuilt(
            name=projection.NAME, version=projection.VERSION, events=shadow.events, position=shadow.position,
            swapped=True,
        )  # fmt: skip
    _drop_old(connection, projection)
    return done


def _swap(connection: Connection[Any], shadow: _Shadow) -> None:
    """The last facts, the renames and the position in one transaction.

    The position row is locked before the tables, as every fold does, so neither can hold what the other wants."""
    live = type(shadow.projection)
    drop_tables(connection, live, OLD)
    for attempt in range(1, TRIES + 1):
        shadow.catch_up(head_of(connection))
        before = shadow.position, shadow.events
        try:
            with connection.transaction():
                connection.execute(f"SET LOCAL lock_timeout = '{LOCK_WAIT}'")
                connection.execute(
                    "SELECT 1 FROM projections.positions WHERE name = %s FOR UPDATE", (live.NAME,)
                )  # fmt: skip
                head = head_of(connection)
                while shadow.position < head:
                    shadow.step(head)
                for name in live.tables:
                    for old, new in ((name, name + OLD), (name + SHADOW, name)):
                        connection.execute(
                            sql.SQL("ALTER TABLE IF EXISTS {} RENAME TO {}").format(
                                sql.Identifier(SCHEMA, old), sql.Identifier(new)
                            )
                        )
                connection.execute(
                    "INSERT INTO projections.positions (name, version, position) VALUES (%s, %s, %s)"
                    " ON CONFLICT (name) DO UPDATE SET version = excluded.version, position = excluded.position,"
                    " trouble = NULL, trouble_at = NULL",
                    (live.NAME, live.VERSION, shadow.position),
                )
            return
        except psycopg.errors.LockNotAvailable as busy:
            shadow.position, shadow.events = before
            forget(shadow.projection)
            if attempt == TRIES:
                raise SwapRefused(live.NAME, str(busy).strip()) from busy
            time.sleep(0.05 * attempt)


def _drop_old(connection: Connection[Any], projection: type[Projection]) -> None:
    """The old tables go once the last reader that began before the swap is done; until then they only take room."""
    for attempt in range(1, TRIES + 1):
        try:
            with connection.transaction():
                connection.execute(f"SET LOCAL lock_timeout = '{LOCK_WAIT}'")
                drop_tables(connection, projection, OLD)
            return
        except psycopg.errors.LockNotAvailable:
            time.sleep(0.05 * attempt)


def compare(
    connection: Connection[Any],
    projection: type[Projection],
    decode: Decode,
    batch: int,
    progress: Progress | None,
) -> Comparison:
    with _Shadow(connection, projection, decode, batch, progress) as shadow:
        position = _position(connection, projection)
        shadow.catch_up(position)
        with connection.transaction():
            # The live projection stands still while it is compared.
            connection.execute(
                "SELECT 1 FROM projections.positions WHERE name = %s FOR UPDATE", (projection.NAME,)
            )  # fmt: skip
            position = _position(connection, projection)
            while shadow.position < position:
                shadow.step(position)
            rows = differing = 0
            for name, table in projection.tables.items():
                columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
                counted = connection.execute(
                    sql.SQL(
                        "WITH live AS (SELECT {0} FROM {1}), again AS (SELECT {0} FROM {2})"
                        " SELECT (SELECT count(*) FROM live), (SELECT count(*) FROM (TABLE live EXCEPT ALL TABLE again) a)"
                        " + (SELECT count(*) FROM (TABLE again EXCEPT ALL TABLE live) b)"
                    ).format(columns, sql.Identifier(SCHEMA, name), sql.Identifier(SCHEMA, name + SHADOW))
                ).fetchone()
                assert counted is not None
                rows, differing = rows + counted[0], differing + counted[1]
        return Comparison(name=projection.NAME, position=position, rows=rows, differing=differing)


def _position(connection: Connection[Any], projection: type[Projection]) -> int:
    row = connection.execute(
        "SELECT position FROM projections.positions WHERE name = %s", (projection.NAME,)
    ).fetchone()  # fmt: skip
    return row[0] if row else 0
