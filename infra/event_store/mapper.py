"""Mapper (转换): facts to plain JSON and back, at the speed of pydantic's own serializer.

Plain JSON, so that SQL can read the state and the relay can pass it on undecoded; for the same reason there is
no compression and no cipher here."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

import orjson
from eventsourcing.persistence import Mapper, MapperDeserialisationError, StoredEvent
from pydantic import ValidationError

from domain.kernel.event import EVENTS, Event, upcast
from domain.store import Row
from infra.event_store.reading import Read, Unexpected, reader_of

VERSION_KEY = b'{"class_version":'


class UnknownTopic(MapperDeserialisationError):
    """未知的事实名称: the store holds a fact that this version of the platform does not declare."""

    def __init__(self, topic: str) -> None:
        self.topic = topic
        super().__init__(
            f"未知的事实名称 {topic}:本版本没有声明它;请升级,或检查是否连错了数据库。"
            f" Unknown fact {topic}: this version does not declare it; upgrade, or check which database this is."
        )


class StateUnreadable(MapperDeserialisationError):
    """事实内容无法读出: a stored state does not fit the class that its name stands for."""

    def __init__(self, topic: str, stream: object, version: int, reason: Exception) -> None:
        # pydantic's own text quotes the value, which may name a person; this message goes into logs.
        said = (
            "; ".join(f"{'.'.join(map(str, e['loc'])) or 'state'}: {e['type']}" for e in reason.errors())
            if isinstance(reason, ValidationError)
            else f"{type(reason).__name__}: {reason}"
        )
        super().__init__(
            f"事实 {topic}({stream} 第 {version} 版)无法读出:{said};存储内容不会改动,请补写升级方法(upcast)。"
            f" The fact {topic} ({stream} version {version}) cannot be read: {said}; the stored state stays as it is,"
            " add the missing upcast."
        )


@cache
def _prefix(cls: type[Event]) -> bytes:
    """How the state of the current version begins: nothing for version 1, for the sake of the first million facts."""
    return VERSION_KEY + str(cls.class_version).encode() + b"," if cls.class_version > 1 else b"{"


_loads = orjson.loads
_quick: dict[str, tuple[Read | None, bytes]] = {}
"""How to read the facts of a name, and how a state of their current version begins, where it is above 1; made when the
first of them is read. Older versions go to the validator, through their upcasts."""


def encode(event: Event) -> bytes:
    """The state of a fact as it is stored: JSON without stream and version, class version first if above 1."""
    cls = type(event)
    state: bytes = cls.__pydantic_serializer__.to_json(event)
    return state if cls.class_version == 1 else _prefix(cls) + state[1:]


def decode(topic: str, state: bytes, stream: UUID, version: int) -> Event:
    """The fact that a stored row holds, brought to the current class version.

    Raises UnknownTopic, StateUnreadable."""
    read, begins = _quick.get(topic, (None, b""))
    if read is not None and state.startswith(begins):
        try:
            fact: Event = read(_loads(b"{" + state[len(begins) :] if begins else state), stream, version)
            return fact
        except (Unexpected, KeyError, ValueError, TypeError, AttributeError):
            pass  # not what the quick way expects: the validator below converts it or says what is wrong
    return _validated(topic, state, stream, version)


def _validated(topic: str, state: bytes, stream: UUID, version: int) -> Event:
    cls = EVENTS.get(topic)
    if cls is None:
        raise UnknownTopic(topic)
    if topic not in _quick:
        _quick[topic] = reader_of(cls), _prefix(cls) if cls.class_version > 1 else b""
    try:
        if cls.class_version > 1 or state.startswith(VERSION_KEY):
            state = _current(cls, state)
        event: Event = cls.__pydantic_validator__.validate_json(state)
    except (ValidationError, ValueError, KeyError, TypeError, AttributeError) as e:
        raise StateUnreadable(topic, stream, version, e) from e
    fields = event.__dict__
    fields["originator_id"] = stream
    fields["originator_version"] = version
    return event


def _current(cls: type[Event], state: bytes) -> bytes:
    prefix = _prefix(cls)
    if cls.class_version > 1 and state.startswith(prefix):
        return b"{" + state[len(prefix) :]
    fields = orjson.loads(state)
    found = fields.get("class_version", 1)
    if found > cls.class_version:
        raise ValueError(
            f"版本 {found} 高于本程序的 {cls.class_version} (class version {found} is newer than this one)"
        )
    return orjson.dumps(upcast(cls, fields))


def stored(event: Event) -> StoredEvent:
    """The row of a fact, as the recorder takes it."""
    return StoredEvent(event.originator_id, event.originator_version, type(event).TOPIC, encode(event))


def facts(rows: Iterable[Row]) -> list[Event]:
    """The facts of many stored rows, in their order. Raises UnknownTopic, StateUnreadable."""
    return [decode(row.topic, row.state, row.originator_id, row.originator_version) for row in rows]  # type: ignore[arg-type]


class EventMapper(Mapper[UUID]):
    """The same two directions behind the library's seam (``MAPPER_TOPIC``)."""

    def __init__(self, transcoder: Any, compressor: Any = None, cipher: Any = None) -> None:
        if compressor is not None or cipher is not None:
            raise ValueError(
                "事实以明文 JSON 存储,不支持压缩或加密设置;请去掉 COMPRESSOR_TOPIC 与 CIPHER_TOPIC。"
                " Facts are stored as plain JSON; remove COMPRESSOR_TOPIC and CIPHER_TOPIC."
            )
        super().__init__(transcoder)

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        return stored(domain_event)

    def to_domain_event(self, stored_event: Row) -> Any:
        return decode(
            stored_event.topic,
            stored_event.state,
            stored_event.originator_id,  # type: ignore[arg-type]
            stored_event.originator_version,
        )
