"""Identity: stream ids are derived, so that the same cause names the same stream twice."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

STANDING = 1
"""The year of streams that belong to no year, such as catalogue entries."""


def stream_id(kind: str, year: int, *key: object) -> UUID:
    """A UUIDv8: two bytes of year, then a hash of kind and key.

    The leading year lets the event table be partitioned by year without giving up the
    (stream, version) key on which optimistic locking rests."""
    digest = sha256("\x1f".join([kind, *map(str, key)]).encode()).digest()
    raw = bytearray(year.to_bytes(2, "big") + digest[:14])
    raw[6] = raw[6] & 0x0F | 0x80
    raw[8] = raw[8] & 0x3F | 0x80
    return UUID(bytes=bytes(raw))


def year_of(stream: UUID) -> int:
    return int.from_bytes(stream.bytes[:2], "big")
