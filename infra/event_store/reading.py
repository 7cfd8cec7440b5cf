"""Reading (读出): a function per fact class that makes the fact from its decoded JSON, types checked.

pydantic's validator spends 2.7 µs on a small fact, half of it on building the same actor again and on checking
constraints that the command was checked for; this takes less than half. A state it does not expect, in any way,
is left to the validator, which converts it or says what is wrong; so is a class with a field type it does not
know. Constraints such as patterns are not applied again: a rule that was tightened later must not make history
unreadable."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin
from uuid import UUID

import orjson
from pydantic import AwareDatetime, BaseModel

from domain.kernel.event import ENVELOPE, Event

Read = Callable[..., Any]

INTERNED = 20_000
"""Values of one class that are shared at most; actors, bodies and regulators recur in thousands of facts."""


class Unexpected(Exception):
    """The state is not what the quick way expects."""


class _Unknown(TypeError):
    """A field type that is left to the validator."""


def reader_of(cls: type[Event]) -> Read | None:
    """How to make the fact from its decoded JSON, or None where only the validator can.

    The function takes the decoded JSON, the stream and the version. It raises Unexpected, KeyError, ValueError,
    TypeError or AttributeError for a state that is not as expected."""
    try:
        return _model(cls, outside=ENVELOPE[:2])
    except _Unknown:
        return None


def _model(cls: type[BaseModel], outside: tuple[str, ...] = ()) -> Read:
    decorators = cls.__pydantic_decorators__
    if (
        decorators.field_validators or decorators.model_validators or decorators.validators
        or decorators.field_serializers or decorators.model_serializers or decorators.computed_fields
        or cls.__private_attributes__ or cls.model_config.get("extra") != "forbid"
    ):  # fmt: skip
        raise _Unknown(cls)
    names = [name for name in cls.model_fields if name not in outside]
    scope: dict[str, Any] = {
        "Unexpected": Unexpected, "new": cls.__new__, "cls": cls, "fields": set(cls.model_fields), "shared": {},
        "set_dict": object.__setattr__, "set_fields": BaseModel.__dict__["__pydantic_fields_set__"].__set__,
        "set_extra": BaseModel.__dict__["__pydantic_extra__"].__set__,
        "set_private": BaseModel.__dict__["__pydantic_private__"].__set__,
    }  # fmt: skip
    # The decoded object itself becomes the fact's fields: a new one for each would cost as much as parsing it.
    lines = [f"if state.__class__ is not dict or len(state) != {len(names)}: raise Unexpected"]
    recurs_by = () if outside else getattr(cls, "RECURS_BY", ())
    if recurs_by:
        # The terms of an item stand in every case of it: comparing them with the last ones costs a tenth of reading them.
        scope |= {"copied": _copied}
        lines += [
            f"key = ({', '.join(f'state[{name!r}]' for name in recurs_by)},)",
            "known = shared.get(key)",
            "if known is not None and known[0] == state: return known[1]",
            "as_stored = copied(state)",
        ]
    kinds: dict[str, Any] = {}
    for name in names:
        field = cls.model_fields[name]
        if field.alias or field.validation_alias or field.serialization_alias or field.exclude:
            raise _Unknown(name)
        kinds[name] = _plain(field.annotation)
    inner = [kind.inner if isinstance(kind, _Optional) else kind for kind in kinds.values()]
    # Texts only are shared, for 1, True and 1.0 would be one key.
    shared = bool(names) and not outside and not recurs_by and all(k is str or _is(k, Enum) for k in inner)
    if shared:
        lines += [
            f"key = ({', '.join(f'state[{name!r}]' for name in names)},)",
            "known = shared.get(key)",
            "if known is not None: return known",
        ]
    for place, (name, kind) in enumerate(kinds.items()):
        optional = isinstance(kind, _Optional)
        plain = kind.inner if optional else kind
        at = f"state[{name!r}]"
        if plain in (str, int, bool):
            guard = f"{at} is not None and " if optional else ""
            lines.append(f"if {guard}{at}.__class__ is not {plain.__name__}: raise Unexpected")
        else:
            scope[f"read{place}"] = _value(plain)
            guard = f"if {at} is not None: " if optional else ""
            lines.append(f"{guard}{at} = read{place}({at})")
    lines += [
        "made = new(cls)", "set_dict(made, '__dict__', state)", "set_fields(made, fields)",
        "set_extra(made, None)", "set_private(made, None)",
    ]  # fmt: skip
    if shared or recurs_by:
        lines += [f"if len(shared) >= {INTERNED}: shared.clear()"]
        lines += ["shared[key] = made" if shared else "shared[key] = as_stored, made"]
    lines += [f"state[{name!r}] = {name}" for name in outside]
    source = f"def read({', '.join(['state', *outside])}):\n" + "".join(
        f"    {line}\n" for line in [*lines, "return made"]
    )
    exec(compile(source, f"<reading of {cls.__name__}>", "exec"), scope)  # noqa: S102 - made of our own field names
    read: Read = scope["read"]
    return read


def _copied(state: Any) -> Any:
    """The decoded JSON once more, for reading makes values out of it in place."""
    return orjson.loads(orjson.dumps(state))


class _Optional:
    def __init__(self, inner: Any) -> None:
        self.inner = inner


def _is(kind: Any, base: type) -> bool:
    return isinstance(kind, type) and issubclass(kind, base)


def _plain(annotation: Any) -> Any:
    """A type without its annotations; ``X | None`` as ``_Optional``."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _plain(get_args(annotation)[0])
    if origin in (Union, UnionType):
        inner = [_plain(part) for part in get_args(annotation) if part is not NoneType]
        if len(inner) != 1 or len(get_args(annotation)) != 2 or isinstance(inner[0], _Optional):
            raise _Unknown(annotation)
        return _Optional(inner[0])
    return datetime if annotation is AwareDatetime else annotation


def _value(kind: Any) -> Read:
    if isinstance(kind, _Optional):
        inner = _value(kind.inner)
        return lambda value: None if value is None else inner(value)
    if kind in (str, int, bool):
        return _exactly(kind)
    if kind is datetime:
        return datetime.fromisoformat
    if kind is date:
        return date.fromisoformat
    if kind is UUID:
        return UUID
    if _is(kind, Enum):
        return {member.value: member for member in kind}.__getitem__
    if _is(kind, BaseModel):
        return _model(kind)
    if get_origin(kind) is tuple and get_args(kind)[1:] == (Ellipsis,):
        return _tuple(_value(_plain(get_args(kind)[0])))
    raise _Unknown(kind)


def _exactly(kind: type) -> Read:
    def read(value: Any) -> Any:
        if value.__class__ is not kind:
            raise Unexpected
        return value

    return read


def _tuple(element: Read) -> Read:
    def read(values: Any) -> Any:
        if values.__class__ is not list:
            raise Unexpected
        return tuple([element(value) for value in values])

    return read
