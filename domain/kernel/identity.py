"""Identity: stream ids are derived, so that the same cause names the same stream twice."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
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


PLATFORM = "platform"
"""The source of cases that are handled here; no reporting system may use it."""


def case_stream(source: str, opened_on: date, case_no: str) -> UUID:
    """办件: an external number can be wrong, late or re-issued, so the id is ours."""
    return stream_id("case", opened_on.year, source, case_no)


@lru_cache(maxsize=16_384)
def item_stream(item: str) -> UUID:
    """政务服务事项: one stream per implementation code."""
    return stream_id("item", STANDING, item)


def responsibility_stream(item: str) -> UUID:
    """责任清单: one table per item, whoever is responsible where."""
    return stream_id("responsibility", STANDING, item)


def license_stream(case_id: UUID) -> UUID:
    """证照: one stream per granting case; what alters or renews it later keeps the id."""
    return stream_id("license", year_of(case_id), case_id)


def standing_stream(subject: str) -> UUID:
    """主体信用与限制: one stream per identifier of a subject."""
    return stream_id("standing", STANDING, subject)


def delegation_stream(organ: str, officer: str) -> UUID:
    """首席代表授权: one stream per officer of an organ."""
    return stream_id("delegation", STANDING, organ, officer)
