"""Wire (报文): the arguments and answers of the store's SQL function in PostgreSQL's binary array format.

Written by hand because a group of 128 facts is encoded in 60 µs this way, 110 µs through the driver's dumpers
and 2,400 µs as the composites that the library registers; each unit is encoded in its caller's turn, so a value
that cannot be stored fails that caller alone."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

import psycopg
from psycopg import pq
from psycopg.adapt import Transformer
from psycopg.pq.abc import PGresult

from domain.store import StoredRequest, Tracking, Unit

UUID_OID, INT8, INT4, TEXT, BYTEA = 2950, 20, 23, 25, 17

APPEND = (
    "SELECT public.approval_append($1::uuid[], $2::bigint[], $3::text[], $4::bytea[],"
    " $5::text[], $6::text[], $7::bytea[], $8::int[], $9::text[], $10::bigint[])"
)
BINARY = [1] * 10

_header = struct.Struct("!iiiii").pack
_SIXTEEN, _EIGHT, _FOUR = b"\0\0\0\x10", b"\0\0\0\x08", b"\0\0\0\x04"

Arguments = list[bytes | None]


class Unstorable(ValueError):
    """无法存储: a value that PostgreSQL cannot hold, such as text with a NUL character."""

    def __init__(self, what: str, value: object) -> None:
        super().__init__(
            f"{what} 含有无法存储的内容:{value!r};请更正后再提交。"
            f" {what} holds something that cannot be stored: {value!r}; correct it and send again."
        )


class Packed:
    """A unit whose values are already in wire format."""

    __slots__ = ("ids", "names", "places", "requests", "states", "topics", "tracking", "unit", "versions")

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        events = unit.events
        try:
            self.ids = b"".join([_SIXTEEN + e.originator_id.bytes for e in events])  # type: ignore[union-attr]
            self.versions = b"".join([_EIGHT + e.originator_version.to_bytes(8, "big", signed=True) for e in events])
            self.topics = b"".join([_topic(e.topic) for e in events])
            self.states = b"".join([part for e in events for part in (len(e.state).to_bytes(4, "big"), e.state)])
        except (OverflowError, AttributeError, TypeError) as e:
            raise Unstorable("事实 (a fact)", e) from e
        self.requests = [(_text(r.id), _text(r.fingerprint), _bytes(r.result)) for r in unit.requests]
        self.tracking = [(_text(t.application_name), _int8(t.notification_id)) for t in unit.tracking]
        self.names = [t.application_name for t in unit.tracking]
        if len(set(self.names)) < len(self.names):
            raise Unstorable("位置 (positions)", self.names)

    def __len__(self) -> int:
        return len(self.unit.events)


def arguments(group: Sequence[Packed]) -> Arguments:
    """The arguments of APPEND for a group of units."""
    count = sum(map(len, group))
    packed: Arguments = [
        _header(1, 0, UUID_OID, count, 1) + b"".join([p.ids for p in group]),
        _header(1, 0, INT8, count, 1) + b"".join([p.versions for p in group]),
        _header(1, 0, TEXT, count, 1) + b"".join([p.topics for p in group]),
        _header(1, 0, BYTEA, count, 1) + b"".join([p.states for p in group]),
    ]
    requests: list[tuple[bytes, bytes, bytes, bytes]] = []
    tracking: list[tuple[bytes, bytes]] = []
    place = 0
    for p in group:
        place += len(p)
        if p.requests:
            end = _FOUR + (place if len(p) else 0).to_bytes(4, "big")
            requests += [(*request, end) for request in p.requests]
        tracking += p.tracking
    if requests:
        for oid, column in zip((TEXT, TEXT, BYTEA, INT4), zip(*requests, strict=True), strict=True):
            packed.append(_header(1, 0, oid, len(requests), 1) + b"".join(column))
    else:
        packed += [None] * 4
    if tracking:
        for oid, column2 in zip((TEXT, INT8), zip(*tracking, strict=True), strict=True):
            packed.append(_header(1, 0, oid, len(tracking), 1) + b"".join(column2))
    else:
        packed += [None] * 2
    return packed


class ConnectionEnded(psycopg.OperationalError):
    """连接中断。The server ended the connection or was lost; whether the statement took effect is not known."""


def checked(result: PGresult) -> PGresult:
    """The result if it carries rows. Raises ConnectionEnded, else the server's error as psycopg's class."""
    if result.status == pq.ExecStatus.TUPLES_OK:
        return result
    raise refused(result)


def refused(result: PGresult) -> psycopg.Error:
    """What the server said instead of doing it."""
    state = result.error_field(pq.DiagnosticField.SQLSTATE)
    if state is None or state.startswith((b"57P", b"08")):
        return ConnectionEnded(result.error_message.decode(errors="replace").strip())
    return psycopg.errors.error_from_result(result)


def notification_ids(array: bytes) -> list[int]:
    """The ids that APPEND returned."""
    return list(struct.unpack_from("!" + "iq" * ((len(array) - 20) // 12), array, 20)[1::2]) if len(array) > 12 else []


def rows_of(result: PGresult) -> list[tuple[Any, ...]]:
    """The rows of an answer in binary format, as Python values; no type that depends on the connection's settings."""
    reader = Transformer()
    reader.set_pgresult(result, format=pq.Format.BINARY)
    return reader.load_rows(0, result.ntuples, tuple)


def uuids(values: Sequence[UUID]) -> bytes:
    return _header(1, 0, UUID_OID, len(values), 1) + b"".join([_SIXTEEN + v.bytes for v in values])


def numbers(values: Sequence[int]) -> bytes:
    return _header(1, 0, INT8, len(values), 1) + b"".join([_int8(v) for v in values])


def texts(values: Sequence[str]) -> bytes:
    return _header(1, 0, TEXT, len(values), 1) + b"".join([_text(v) for v in values])


@lru_cache(maxsize=4096)
def _topic(topic: str) -> bytes:
    return _text(topic)


def _text(value: str) -> bytes:
    try:
        encoded = value.encode()
    except UnicodeEncodeError as e:
        raise Unstorable("文本 (a text)", value) from e
    if b"\0" in encoded:
        raise Unstorable("文本 (a text)", value)
    return len(encoded).to_bytes(4, "big") + encoded


def _bytes(value: bytes) -> bytes:
    return len(value).to_bytes(4, "big") + value


def _int8(value: int) -> bytes:
    return _EIGHT + value.to_bytes(8, "big", signed=True)


def unit_of(
    events: Iterable[object], requests: Sequence[StoredRequest], tracking: Tracking | Sequence[Tracking] | None
) -> Unit:
    """A unit from what the library's ``save(..., requests=…, tracking=…)`` hands through."""
    positions = [] if tracking is None else [tracking] if isinstance(tracking, Tracking) else list(tracking)
    return Unit(list(events), list(requests), positions)  # type: ignore[arg-type]
