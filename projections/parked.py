"""Which messages were set aside, and why? (退件暂存)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.parked_message import MessageParked, ParkedMessageReleased, ParkedMessageSkipped, ParkedState
from projections.view import Page, Projection, Reader, Table


@dataclass(slots=True)
class ParkedRow:
    """A message that could not be taken in. Its body stays in the fact alone; ``body`` reads it there."""

    parked_id: UUID
    authority: str
    topic: str
    log_partition: int
    log_offset: int
    reason: str
    reason_zh: str
    reason_en: str
    digest: str
    length: int
    state: str
    parked_at: datetime
    first_position: int
    position: int
    version: int
    settled_at: datetime | None = None
    settled_because: str = ""


@dataclass(slots=True)
class ParkedCount:
    authority: str
    reason: str
    state: str
    messages: int


_ROW = "SELECT * FROM projections.parked_message"


def message(read: Reader, parked_id: UUID) -> ParkedRow | None:
    return read.one(ParkedRow, _ROW + " WHERE parked_id = %s", (parked_id,))


def body(read: Reader, parked_id: UUID) -> str:
    """What was received, as kept; it may name persons. Raises KeyError for an unknown id."""
    fact = read.facts([(parked_id, 1)])[parked_id, 1]
    assert isinstance(fact, MessageParked)
    return fact.body


def messages(
    read: Reader,
    *,
    authority: str | None = None,
    state: str = str(ParkedState.PARKED),
    reason: str = "",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ParkedRow]:
    """Parked messages, oldest first. ``authority`` none means all, empty means reports of approval systems."""
    exact = {"authority": authority, "state": state or None, "reason": reason or None}
    params = {name: value for name, value in exact.items() if value is not None}
    where = [f"{name} = %({name})s" for name in params]
    return read.page(
        ParkedRow, _ROW + (" WHERE " + " AND ".join(where) if where else ""), params,
        order=("first_position",), cursor=cursor, limit=limit,
    )  # fmt: skip


def counts(read: Reader) -> list[ParkedCount]:
    return read.rows(
        ParkedCount,
        "SELECT authority, reason, state, count(*) AS messages FROM projections.parked_message"
        " GROUP BY authority, reason, state ORDER BY authority, reason, state",
    )


class Parked(Projection):
    """Messages that wait for a person, and what became of them."""

    NAME = "parked"
    ZH = "退件暂存"
    rows = Table(
        "parked_message", ParkedRow, key=("parked_id",),
        indexes=("(authority, first_position)", "(state, first_position)", "(first_position)"),
    )  # fmt: skip

    def parked(self, fact: MessageParked) -> None:
        self.rows.put(
            ParkedRow(
                parked_id=fact.originator_id, authority=fact.authority or "", topic=fact.topic,
                log_partition=fact.partition, log_offset=fact.offset, reason=fact.reason, reason_zh=fact.reason_zh,
                reason_en=fact.reason_en, digest=fact.digest, length=fact.length, state=ParkedState.PARKED,
                parked_at=fact.occurred_at, first_position=self.position, position=self.position,
                version=fact.originator_version,
            )
        )  # fmt: skip

    def released(self, fact: ParkedMessageReleased) -> None:
        self._settled(fact, ParkedState.RELEASED)

    def skipped(self, fact: ParkedMessageSkipped) -> None:
        self._settled(fact, ParkedState.SKIPPED)

    def _settled(self, fact: ParkedMessageReleased | ParkedMessageSkipped, state: ParkedState) -> None:
        row = self.rows[fact.originator_id]
        row.state, row.settled_at, row.settled_because = state, fact.occurred_at, fact.reason
        row.position, row.version = self.position, fact.originator_version
