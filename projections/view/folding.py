"""Folding: one batch of the log, decoded once, into one projection, in one transaction with its position."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection

from domain.kernel.event import EVENTS, Event
from projections.view.projection import Projection
from projections.view.reader import Decode

_HEAD = b"SELECT coalesce(max(notification_id), 0) FROM public.approval_events"
_READ = """
    SELECT notification_id, topic, state, uuid_send(originator_id), originator_version FROM public.approval_events
    WHERE notification_id > %s AND notification_id <= %s{}
    ORDER BY notification_id LIMIT %s"""
_READ_ALL = _READ.format("").encode()
_READ_TOPICS = _READ.format(" AND topic = ANY(%s)").encode()
_LOCK = b"SELECT position, version FROM projections.positions WHERE name = %s FOR UPDATE"
_MOVE = b"UPDATE projections.positions SET position = %s, trouble = NULL, trouble_at = NULL WHERE name = %s"


class MovedOn(Exception):
    """Somebody else moved the projection on, or rebuilt it: nothing was written; read its position again."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A stored fact that could not be decoded; it stops the projections that handle it, and no other."""

    reason: Exception


Placed = tuple[int, "Event | Unreadable", str]
"""A fact with its place in the log and its stored name."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The facts of the range (after, upto]; what nobody asked for was left out, yet the range covers it."""

    after: int
    upto: int
    facts: list[Placed]


def head_of(connection: Connection[Any]) -> int:
    """The place of the last recorded fact. Everything before it is visible: places follow the order of commits."""
    row = connection.execute(_HEAD).fetchone()
    return row[0] if row else 0


def read_batch(
    connection: Connection[Any], after: int, head: int, limit: int, topics: frozenset[str], decode: Decode
) -> Batch:
    """The next facts of the given names up to ``head``, each decoded once."""
    facts: list[Placed] = []
    with connection.cursor(binary=True) as cursor:
        if not topics:
            # Nothing is decoded for those that fold inside the database; they still go in bounded steps.
            return Batch(after, min(head, after + 4 * limit), [])
        if topics >= EVENTS.keys():
            cursor.execute(_READ_ALL, (after, head, limit))
        else:
            cursor.execute(_READ_TOPICS, (after, head, list(topics), limit))
        rows: list[tuple[int, str, bytes, bytes, int]] = cursor.fetchall()
    streams: dict[bytes, UUID] = {}
    for place, topic, state, raw, version in rows:
        # The facts of one stream share one id: making and comparing ids costs as much as half the folding.
        stream = streams.get(raw) or streams.setdefault(raw, UUID(bytes=raw))
        try:
            facts.append((place, decode(topic, state, stream, version), topic))
        except Exception as reason:  # noqa: BLE001 - whatever is wrong with one fact must not stop the others
            facts.append((place, Unreadable(reason), topic))
    return Batch(after, rows[-1][0] if len(rows) == limit else head, facts)


def facts_for(projection: Projection, batch: Batch, after: int) -> list[Placed]:
    """What of a batch a projection handles, from its own position on."""
    topics = projection.topics
    return [placed for placed in batch.facts if placed[2] in topics and placed[0] > after]


def fold(connection: Connection[Any], projection: Projection, facts: Iterable[Placed], after: int, upto: int) -> None:
    """Fold facts into the tables; the caller holds the transaction. Whatever a handler raises comes out."""
    if projection.FOLD_SQL:
        connection.execute(projection.fold_sql, {"after": after, "upto": upto})
        return
    events = []
    for place, fact, _ in facts:
        if isinstance(fact, Unreadable):
            raise fact.reason
        events.append((place, fact))
    handlers = projection.handlers
    for rows in projection.working.values():
        rows.begin(connection, (event for _, event in events))
    for place, event in events:
        projection.position = place
        handlers[type(event)](event)
    for rows in projection.working.values():
        rows.write()


def commit(connection: Connection[Any], projection: Projection, facts: list[Placed], after: int, upto: int) -> None:
    """Rows and position together, or neither.

    The position row is locked first: whoever else folds or swaps this projection waits, then sees that it moved.
    Raises MovedOn; after any error the projection's memory of its rows is gone too."""
    try:
        with connection.transaction():
            found = connection.execute(_LOCK, (projection.NAME,)).fetchone()
            if found != (after, projection.VERSION):
                raise MovedOn
            fold(connection, projection, facts, after, upto)
            connection.execute(_MOVE, (upto, projection.NAME))
    except BaseException:
        forget(projection)
        raise
    for rows in projection.working.values():
        rows.end()


_folding = Lock()
_rounds = 0
_usual: tuple[int, ...] = gc.get_threshold()


@contextmanager
def collecting_less() -> Iterator[None]:
    """A batch makes many objects that are all needed until it is committed. Looking for garbage among them every few
    hundred took a third of the time of a fold, so meanwhile it is looked for every hundred thousand."""
    global _rounds, _usual
    with _folding:
        _rounds += 1
        if _rounds == 1:
            _usual = gc.get_threshold()
            gc.set_threshold(100_000, *_usual[1:])
    try:
        yield
    finally:
        with _folding:
            _rounds -= 1
            if not _rounds:
                gc.set_threshold(*_usual)


def forget(projection: Projection) -> None:
    for rows in projection.working.values():
        rows.forget()


LOST = (psycopg.OperationalError, psycopg.InterfaceError)
"""The database, not the fact, is in trouble: try again as it is."""
