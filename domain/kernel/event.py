"""Event (事实): one thing that happened, declared once.

The class is the registry. Stored name, version and upcasts, telling, channel, personal fields and legal
basis stand on the class; transcoding, CloudEvent, schemas, AsyncAPI, projections and redaction are computed."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from types import UnionType
from typing import Annotated, Any, ClassVar, Union, get_args, get_origin
from uuid import UUID

from eventsourcing.utils import register_topic
from pydantic import BaseModel, ConfigDict, Field

from domain.kernel.channel import Channel
from domain.kernel.people import Actor, Role
from domain.kernel.time import Precision
from domain.kernel.words import PLACEHOLDER, Addressee, OrderedBy, Personal, spoken

NOWHERE = UUID(int=0)
NEVER = datetime(1, 1, 1, tzinfo=UTC)
NOBODY = Actor(id="nobody", organ="platform", role=Role.SYSTEM)
ENVELOPE = ("originator_id", "originator_version", "occurred_at", "recorded_at", "precision",
            "actor", "cause_id", "correlation_id")  # fmt: skip


class Milestone(str):
    """A meaning that both a handled and a reported fact can carry; see ``Event.milestone``."""


SUBMITTED, ACCEPTED, EXAMINED, GRANTED, DENIED, CONCLUDED = map(
    Milestone, ("submitted", "accepted", "examined", "granted", "denied", "concluded")
)


class Event(BaseModel):
    """Base of all facts. The envelope is stamped by the aggregate when the fact is decided."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    TOPIC: ClassVar[str] = ""
    class_version: ClassVar[int] = 1
    ADDED_ONLY: ClassVar[tuple[int, ...]] = ()
    """Versions that only added fields with an answer for silence, or words to a vocabulary: they need no upcast."""
    ZH: ClassVar[str] = ""
    EN: ClassVar[str] = ""
    BASIS: ClassVar[str] = ""
    CHANNEL: ClassVar[Channel] = Channel.PRIVATE
    MILESTONE: ClassVar[Milestone | None] = None
    ONLY_FOR: ClassVar[frozenset[Role]] = frozenset()
    """The roles that alone may read the fact, whatever they may read else of its stream; none: it is not confined."""

    originator_id: UUID = Field(NOWHERE, exclude=True)
    originator_version: int = Field(0, exclude=True)
    occurred_at: datetime = NEVER
    recorded_at: datetime = NEVER
    precision: Precision = Precision.INSTANT
    actor: Actor = NOBODY
    cause_id: str = ""
    correlation_id: str = ""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if "TOPIC" not in cls.__dict__:
            return
        for language, template in (("zh", cls.ZH), ("en", cls.EN)):
            unknown = [f for f in PLACEHOLDER.findall(template) if f not in cls.model_fields and not hasattr(cls, f)]
            if not template or unknown:
                raise TypeError(f"{cls.__name__}: its {language} telling is empty or names unknown fields {unknown}")
        if cls.ONLY_FOR and cls.CHANNEL is not Channel.PRIVATE:
            raise TypeError(f"{cls.__name__} is confined to some roles and may not travel on {cls.CHANNEL}")
        if cls.CHANNEL is not Channel.PRIVATE and not marked(cls, Addressee):
            raise TypeError(f"{cls.__name__} travels on {cls.CHANNEL} but marks no Addressee field")
        for version in range(1, cls.class_version):
            if version + 1 not in cls.ADDED_ONLY and not hasattr(cls, f"upcast_v{version}_v{version + 1}"):
                raise TypeError(f"{cls.__name__} lacks upcast_v{version}_v{version + 1}")
        known = EVENTS.get(cls.TOPIC)
        if known is not None and known.__qualname__ != cls.__qualname__:
            raise TypeError(f"{cls.TOPIC} is declared by {known.__qualname__} and by {cls.__qualname__}")
        EVENTS[cls.TOPIC] = cls
        register_topic(cls.TOPIC, cls)

    @property
    def id(self) -> str:
        """Stable id of the fact, the same at every delivery: stream and version."""
        return f"{self.originator_id}:{self.originator_version}"

    @classmethod
    def contract(cls, version: int | None = None) -> int:
        """The version that subscribers see, of a class version: what only adds to a fact breaks no reader of it, and
        must not look like another type to a regulator that matches on the type."""
        return sum(1 for v in range(1, (version or cls.class_version) + 1) if v not in cls.ADDED_ONLY)

    @classmethod
    def readable_by(cls, role: Role | None) -> bool:
        """Whether a role may read facts of this kind at all; rights over the stream come on top. Whoever names no
        role reads nothing that is confined."""
        return not cls.ONLY_FOR or role in cls.ONLY_FOR

    @property
    def milestone(self) -> Milestone | None:
        """What the fact means for a case, whether it was handled here or reported."""
        return self.MILESTONE

    def telling(self, language: str) -> str:
        """One sentence in ``zh`` or ``en``."""
        return spoken(self.ZH if language == "zh" else self.EN, self, language)

    def stamped(self, **envelope: Any) -> Event:
        """Fill the envelope of a fact that nobody has seen yet.

        Written into ``__dict__`` because copying a model costs more than deciding the command did."""
        self.__dict__.update(envelope)
        return self


EVENTS: dict[str, type[Event]] = {}
"""Every declared fact by stored name, filled by the class declarations themselves."""


def confined_from(role: Role | None) -> list[str]:
    """Stored names of the facts that a role may not read, whatever else it may read."""
    return sorted(topic for topic, cls in EVENTS.items() if not cls.readable_by(role))


def told_by(cls: type[Event]) -> str:
    """The docstring of a fact, on one line."""
    return " ".join(inspect.cleandoc(cls.__doc__ or "").split())


@cache
def marked(cls: type[BaseModel], mark: type) -> tuple[str, ...]:
    """Names of the fields that carry a mark such as ``Addressee``."""
    return tuple(
        name for name, field in cls.model_fields.items()
        if any(m is mark or isinstance(m, mark) for m in field.metadata)
    )  # fmt: skip


def addressees(cls: type[Event], fields: Mapping[str, Any]) -> tuple[str, ...]:
    """The authorities that a fact is sent to, read from its fields or its decoded JSON."""
    found: list[str] = []
    for name in marked(cls, Addressee):
        value = fields[name]
        found += [
            one if isinstance(one, str) else one["code"] if isinstance(one, Mapping) else one.code
            for one in (value if isinstance(value, (list, tuple)) else (value,))
            if one is not None
        ]
    return tuple(dict.fromkeys(found))


def ordered_by(cls: type[Event], fields: Mapping[str, Any], originator_id: UUID) -> str:
    """The stream whose order the messages keep: the marked field, else the event's own stream."""
    names = marked(cls, OrderedBy)
    return str(fields[names[0]]) if names and fields.get(names[0]) else str(originator_id)


@cache
def personal(cls: type[BaseModel]) -> Mapping[str, Any]:
    """Per field: the ``Personal`` mark, or the same mapping of a nested value; nothing where nobody is named."""
    found: dict[str, Any] = {}
    for name, field in cls.model_fields.items():
        mark = next((m for m in field.metadata if isinstance(m, Personal)), None)
        nested = mark or next((n for n in map(_nested, _parts(field.annotation)) if n), None)
        if nested:
            found[name] = nested
    return found


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    if get_origin(annotation) in (Union, UnionType, tuple, list, dict, Annotated):
        for part in get_args(annotation):
            yield from _parts(part)


def _nested(annotation: Any) -> Any:
    if isinstance(annotation, Personal):
        return annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return personal(annotation)
    return None


def masked(fields: Mapping[str, Any], marks: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of decoded JSON in which every personal field is masked."""
    return {name: _mask(value, marks[name]) if name in marks else value for name, value in fields.items()}


def _mask(value: Any, mark: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, list):
        return [_mask(v, mark) for v in value]
    if isinstance(mark, Personal):
        return mark.mask(value if isinstance(value, str) else str(value))
    return masked(value, mark) if isinstance(value, Mapping) else value


Upcast = Callable[[dict[str, Any]], None]


def upcast(cls: type[Event], state: dict[str, Any]) -> dict[str, Any]:
    """Bring decoded state of an older class version to the current one."""
    for version in range(int(state.pop("class_version", 1)), cls.class_version):
        if version + 1 not in cls.ADDED_ONLY:
            getattr(cls, f"upcast_v{version}_v{version + 1}")(state)
    return state
