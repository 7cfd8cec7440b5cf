"""Store (事实库) as the domain sees it: what is committed together, and how a commit may fail.

Kept apart from ``application.py`` so that the event store and the use cases share these words without
importing each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol
from uuid import UUID

from eventsourcing.persistence import IntegrityError, StoredEvent, Tracking

__all__ = [
    "AlreadyTracked",
    "Commits",
    "IntegrityError",
    "LoadedEvent",
    "RequestRepeated",
    "Row",
    "StoredEvent",
    "StoredRequest",
    "Tracking",
    "Unit",
    "VersionConflict",
]


class LoadedEvent(NamedTuple):
    """One stored fact as it is loaded: the fields of the library's ``StoredEvent``. Of that a row costs as much to make
    as its JSON to decode, and loading a case makes twenty of them."""

    originator_id: UUID
    originator_version: int
    topic: str
    state: bytes


Row = StoredEvent | LoadedEvent


@dataclass(slots=True)
class StoredRequest:
    """办理请求: one idempotent request and what was answered to it.

    ``fingerprint`` is a digest of the request's content, ``result`` the stored answer. ``position`` is filled
    by the store: the notification id of the last fact committed with the request, 0 if it made none."""

    id: str
    fingerprint: str
    result: bytes
    position: int = 0


@dataclass(slots=True)
class Unit:
    """提交单元: what is stored together or not at all: facts, request rows and positions."""

    events: list[StoredEvent] = field(default_factory=list)
    requests: list[StoredRequest] = field(default_factory=list)
    tracking: list[Tracking] = field(default_factory=list)


class VersionConflict(IntegrityError):
    """Another commit took these versions first: load again and decide again.

    ``keys`` are the (stream, version) pairs that are already stored."""

    def __init__(self, keys: Sequence[tuple[UUID, int]]) -> None:
        self.keys = tuple(keys)
        said = "、".join(f"{stream}@{version}" for stream, version in self.keys) or "?"
        super().__init__(
            f"版本冲突:{said} 已被其他提交占用;请重新读取后再办理。"
            f"Version conflict: {said} was stored by another commit; load again, then decide again."
        )


class RequestRepeated(IntegrityError):
    """These request ids are already stored: answer with what ``find_requests`` returns."""

    def __init__(self, ids: Sequence[str]) -> None:
        self.ids = tuple(ids)
        said = "、".join(self.ids) or "?"
        super().__init__(
            f"请求编号 {said} 已办理;请返回已存的结果。"
            f"The request id {said} was carried out before; return the stored result."
        )


class AlreadyTracked(IntegrityError):
    """These positions were passed before: the message was already taken in; skip it."""

    def __init__(self, positions: Sequence[Tracking]) -> None:
        self.positions = tuple(positions)
        said = "、".join(f"{p.application_name}@{p.notification_id}" for p in self.positions) or "?"
        super().__init__(f"位置 {said} 已处理过;跳过该消息。The position {said} was passed before; skip the message.")


class Commits(Protocol):
    """How the use cases store and load: many callers at once share one commit or one query.

    A caller is answered only after the commit that carries its unit is durable."""

    async def commit(self, unit: Unit) -> list[int]:
        """Store the unit and return the notification ids of its facts, in their order.

        Raises ``VersionConflict``, ``RequestRepeated`` or ``AlreadyTracked``; then nothing of it is stored."""

    async def load(self, ids: Sequence[UUID], after: Mapping[UUID, int]) -> dict[UUID, list[LoadedEvent]]:
        """Facts of the streams in order of version, those after ``after[id]`` where given."""

    async def find_requests(self, ids: Sequence[str]) -> dict[str, StoredRequest]:
        """The requests among ``ids`` that are already stored."""
