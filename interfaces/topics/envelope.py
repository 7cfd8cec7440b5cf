"""Envelope (信封): CloudEvents 1.0 in Kafka binary mode, computed from the class of the fact.

The value is the stored state, byte for byte, unless names of natural persons must be masked for the addressee:
what is hashed is what is sent. Everything else a receiver needs stands in headers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from pydantic import BaseModel

from domain.application import AGGREGATES
from domain.kernel.channel import Channel
from domain.kernel.event import EVENTS, Event, addressees, masked, ordered_by, personal, upcast
from domain.kernel.people import Role

PREFIX = "shuangtui."
JSON = "application/json"
CONTENT_TYPE = "content-type"
Headers = list[tuple[str, bytes]]

_VERSION = b'{"class_version":'
_SYSTEM = Role.SYSTEM.value

BUSINESS, MASKED, PERSONAL = "business", "masked", "personal"
"""``dataclassification``: names nobody; names were masked; names natural persons, as the contract allows."""


Row = tuple[int, UUID, int, str, bytes]
"""A stored fact, undecoded, as the store's reader gives it: place in the order of commits, stream, version,
stored name, state."""


class Outgoing(NamedTuple):
    """One message to one authority."""

    authority: str
    topic: str
    key: bytes
    value: bytes
    headers: Headers


class Damaged(ValueError):
    """信封不合规: required attributes of the envelope are missing or unreadable."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(f"{zh} {en}")


@dataclass(frozen=True, slots=True)
class Incoming:
    """Context attributes of a received message, without their ``ce_`` prefix."""

    attributes: Mapping[str, str]

    @property
    def id(self) -> str:
        return self.attributes["id"]

    @property
    def type(self) -> str:
        return self.attributes["type"]

    @property
    def source(self) -> str:
        return self.attributes["source"]

    @property
    def sender(self) -> str:
        """Who sends: the last part of the source, which may be a bare code, a path or a URN."""
        return self.source.rstrip("/").replace(":", "/").rpartition("/")[2]

    @property
    def officer(self) -> str:
        """The person at the sender who acts, if the envelope names one."""
        return self.attributes.get("officer", "")


def type_of(event: type[Event], version: int | None = None) -> str:
    """CloudEvents type of a fact: ``shuangtui.push.dispatched.v1``; a class version that does not only
    add something is a new type."""
    return f"{PREFIX}{event.TOPIC}.v{event.contract(version)}"


def published() -> dict[str, type[Event]]:
    """The facts that leave the store, by stored name.

    The application is imported for this: a process that had not loaded every chapter would know fewer facts,
    and its position would pass over the others."""
    assert AGGREGATES
    return {topic: event for topic, event in EVENTS.items() if event.CHANNEL is not Channel.PRIVATE}


def topics_of(authority: str) -> list[str]:
    """Every topic of one authority, out and back; for the nameless sender of reports, those of the intake."""
    if not authority:
        return [Channel.INTAKE.topic(), Channel.PARKED.topic()]
    channels = (Channel.APPROVAL, Channel.INTERACTION, Channel.SUPERVISION, Channel.PARKED)
    return [channel.topic(authority) for channel in channels]


@cache
def names_in(event: type[Event]) -> Mapping[str, Any]:
    """Marks of the personal fields that are left to mask when the fact is sent, beside the actor.

    A nested value that carries ``masked`` was composed for its addressee under the contract when the fact was
    decided; masking it again here would hide the names of enterprises, which are public."""
    left = dict(personal(event))
    for name in [n for n in left if _composed(event.model_fields[n].annotation)]:
        del left[name]
    left.pop("actor", None)
    return left


def _composed(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel) and "masked" in annotation.model_fields


def nobody(authority: str) -> bool:
    """The answer to "may it see names?" where no contract says so."""
    return False


class Envelopes:
    """Makes messages of stored facts. ``source`` names this deployment; ``sees_names`` whether the contract of
    an authority lets it see natural persons by name."""

    def __init__(self, source: str = "/shuangtui", sees_names: Callable[[str], bool] = nobody) -> None:
        self._source = source.encode()
        self._sees_names = sees_names
        self._constant: dict[bytes, Headers] = {}
        self._topics: dict[tuple[Channel, str], str] = {}

    def messages(self, row: Row) -> list[Outgoing]:
        """One message per authority that the fact names; none for private facts."""
        _, stream, version, name, state = row
        event = EVENTS[name]
        channel = event.CHANNEL
        if channel is Channel.PRIVATE:
            return []
        fields = orjson.loads(state)
        if event.class_version > 1:
            fields = upcast(event, fields)
        key = ordered_by(event, fields, stream)
        subject = key.encode()
        found = []
        for authority in addressees(event, fields):
            value, classified = self._value(event, fields, state, authority)
            headers = [
                ("ce_id", b"%b:%d" % (str(stream).encode(), version)),
                *self._constants(event, value),
                ("ce_time", fields["occurred_at"].encode()),
                ("ce_subject", subject),
                ("ce_sequence", b"%d" % version),
                ("ce_recordedtime", fields["recorded_at"].encode()),
                ("ce_dataclassification", classified),
            ]
            if correlation := fields.get("correlation_id"):
                headers.append(("ce_correlationid", correlation.encode()))
            if cause := fields.get("cause_id"):
                headers.append(("ce_causationid", cause.encode()))
            if trace := fields.get("traceparent"):
                headers.append(("ce_traceparent", trace.encode()))
            topic = self._topics.get((channel, authority))
            if topic is None:
                topic = self._topics[channel, authority] = channel.topic(authority)
            found.append(Outgoing(authority, topic, subject, value, headers))
        return found

    def _constants(self, event: type[Event], value: bytes) -> Headers:
        # State of an older class version is sent as it was hashed, so its type says the older version.
        version = value[len(_VERSION) : value.index(b",")] if value.startswith(_VERSION) else b"1"
        known = event.TOPIC.encode() + version
        headers = self._constant.get(known)
        if headers is None:
            headers = self._constant[known] = [
                ("ce_specversion", b"1.0"),
                ("ce_type", type_of(event, int(version)).encode()),
                ("ce_source", self._source),
                (CONTENT_TYPE, JSON.encode()),
            ]
        return headers

    def _value(
        self, event: type[Event], fields: Mapping[str, Any], state: bytes, authority: str
    ) -> tuple[bytes, bytes]:
        names = names_in(event)
        officer = fields["actor"]["role"] != _SYSTEM
        if not names and not officer:
            return state, BUSINESS.encode()
        if self._sees_names(authority):
            return state, PERSONAL.encode()
        marks = {**names, "actor": personal(event)["actor"]} if officer else names
        shown = masked(fields, marks)
        if event.class_version > 1:
            shown = {"class_version": event.class_version, **shown}
        return orjson.dumps(shown), MASKED.encode()


def structured(headers: Iterable[tuple[str, bytes]], value: bytes) -> dict[str, Any]:
    """The same event in CloudEvents' JSON format, as the HTTP door and the schema check show it."""
    told: dict[str, Any] = {}
    for name, raw in headers:
        if name.startswith("ce_"):
            told[name[3:]] = raw.decode()
        elif name.lower() == CONTENT_TYPE:
            told["datacontenttype"] = raw.decode()
    told["data"] = orjson.loads(value)
    return told


LONGEST = 200
"""Characters of an attribute that is stored with the facts, such as the id."""


def parse(headers: Iterable[tuple[str, bytes]]) -> Incoming:
    """The envelope of a received message. Raises Damaged."""
    attributes: dict[str, str] = {}
    for name, raw in headers:
        if name.startswith("ce_"):
            try:
                attributes[name[3:]] = raw.decode()
            except (UnicodeDecodeError, AttributeError) as failure:
                raise Damaged(f"消息头 {name} 不是 UTF-8 文本。", f"The header {name} is not UTF-8 text.") from failure
    for name in ("specversion", "id", "type", "source"):
        value = attributes.get(name, "")
        if not value or len(value) > LONGEST or not value.isprintable():
            raise Damaged(
                f"消息头 ce_{name} 缺失或不合规;请按 CloudEvents 1.0 二进制模式填写。",
                f"The header ce_{name} is missing or not usable; fill it as CloudEvents 1.0 binary mode says.",
            )
    if attributes["specversion"] != "1.0":
        raise Damaged("仅支持 CloudEvents 1.0。", "Only CloudEvents 1.0 is understood.")
    officer = attributes.get("officer", "")
    if len(officer) > LONGEST or not officer.isprintable():
        raise Damaged("消息头 ce_officer 不合规。", "The header ce_officer is not usable.")
    return Incoming(attributes)
