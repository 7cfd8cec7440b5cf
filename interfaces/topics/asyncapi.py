"""Contracts (契约) of the topics: an AsyncAPI 3.0 document, a JSON Schema for each fact and command, and two tables
to read, all computed from the classes. Nothing here names a fact or a command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel

from domain.application import AGGREGATES
from domain.kernel.channel import Channel
from domain.kernel.command import COMMANDS, Command
from domain.kernel.event import EVENTS, Event, marked, personal, told_by
from domain.kernel.refusal import Refusal
from domain.kernel.words import Addressee, OrderedBy, Personal
from interfaces.http import refusals as at_the_http_door
from interfaces.topics import refusals as at_the_topics
from interfaces.topics.envelope import JSON, type_of

DRAFT = "https://json-schema.org/draft/2020-12/schema"
FORMAT = "application/schema+json;version=draft-2020-12"
AUTHORITY = "{authority}"
SENT = (Channel.APPROVAL, Channel.INTERACTION, Channel.PARKED)
RECEIVED = (Channel.SUPERVISION, Channel.INTAKE)

assert AGGREGATES, at_the_http_door.__name__ + at_the_topics.__name__  # loaded, so that every class is declared

_CONTEXT: Mapping[str, tuple[bool, str]] = {
    "specversion": (True, "1.0"),
    "id": (True, "编号,重复投递时不变 stable across redelivery: deduplicate by it"),
    "source": (True, "来源;回推时以部门代码结尾 who sends; ends with the authority's own code on the way back"),
    "type": (True, "类型 what it is"),
    "time": (False, "发生时间 when it happened"),
    "subject": (False, "办件编号,同一办件的消息有序 the case; its messages keep their order"),
    "sequence": (False, "该事实在其流中的序号 place of the fact in its own stream"),
    "recordedtime": (False, "入库时间 when it was recorded"),
    "correlationid": (False, "关联编号 correlation"),
    "causationid": (False, "起因编号 what caused it"),
    "dataclassification": (False, "business、masked、personal: whether natural persons are named"),
    "traceparent": (False, "W3C trace context"),
    "officer": (False, "回推时的经办人 the acting officer, on the way back"),
}


def documents() -> dict[str, bytes]:
    """Every generated file by its name below the directory."""
    files = {"asyncapi.json": _json(asyncapi())}
    for event in _events():
        files[f"schemas/{_event_file(event)}"] = _json(event_schema(event))
    for command in _commands():
        files[f"schemas/{command.NAME}.json"] = _json(command_schema(command))
    files["events.md"] = _events_table().encode()
    files["refusals.md"] = _refusals_table().encode()
    return files


def generate(directory: Path, beside: Mapping[str, bytes] | None = None) -> list[str]:
    """Write the contracts and remove schemas of what is declared no more; returns the names of what changed.

    ``beside`` are generated files that others compute and that are kept in the same directory."""
    changed = check(directory, beside)
    wanted = documents() | dict(beside or {})
    for name in changed:
        path = directory / name
        if name in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(wanted[name])
        else:
            path.unlink()
    return changed


def check(directory: Path, beside: Mapping[str, bytes] | None = None) -> list[str]:
    """The names of files that differ from what the classes say now, are missing, or are left over."""
    wanted = documents() | dict(beside or {})
    stale = [n for n, text in wanted.items() if not (directory / n).is_file() or (directory / n).read_bytes() != text]
    left_over = (f"schemas/{path.name}" for path in (directory / "schemas").glob("*.json"))
    return sorted([*stale, *(name for name in left_over if name not in wanted)])


def event_schema(event: type[Event]) -> dict[str, Any]:
    """The schema of the value of a fact. Readers must pass over fields that they do not know: a field may be added
    without a new version, so nothing here forbids one."""
    schema = _open(_untitled(event.model_json_schema(mode="serialization")))
    for name in ("originator_id", "originator_version"):
        schema["properties"].pop(name, None)
        if name in schema.get("required", ()):
            schema["required"].remove(name)
    if event.class_version > 1:
        oldest = next(v for v in range(1, event.class_version + 1) if event.contract(v) == event.contract())
        versioned = {"class_version": {"type": "integer", "minimum": oldest, "maximum": event.class_version}}
        schema["properties"] = versioned | schema["properties"]
    _mark_personal(schema["properties"], personal(event))
    return {
        "$schema": DRAFT, "$id": f"urn:shuangtui:schema:{type_of(event)}", "title": event.TOPIC,
        "description": told_by(event), "x-basis": event.BASIS, "x-zh": event.ZH, "x-en": event.EN,
    } | {k: v for k, v in schema.items() if k not in ("title", "description")}  # fmt: skip


def command_schema(command: type[Command]) -> dict[str, Any]:
    """The schema of a command, the same over HTTP and over Kafka; unknown fields are refused."""
    schema = _untitled(command.model_json_schema(mode="validation"))
    _mark_personal(schema.get("properties", {}), personal(command))
    return {
        "$schema": DRAFT, "$id": f"urn:shuangtui:schema:{command.NAME}", "title": command.NAME,
        "description": _docstring(command), "x-zh": command.ZH, "x-may": sorted(map(str, command.MAY)),
    } | {k: v for k, v in schema.items() if k not in ("title", "description")}  # fmt: skip


def asyncapi() -> dict[str, Any]:
    """The document, as seen from the platform: it sends pushes and receives what comes back."""
    facts = {channel: [e for e in _events() if e.CHANNEL is channel] for channel in SENT}
    orders = {channel: [c for c in _commands() if c.ARRIVES_ON is channel] for channel in RECEIVED}
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    for channel in (*SENT, *RECEIVED):
        names = [_message_name(one) for one in (*facts.get(channel, ()), *orders.get(channel, ()))]
        for key, address in _addresses(channel):
            channels[key] = {
                "address": address, "title": channel.zh, "description": f"{channel.zh} {channel.en}",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
            }  # fmt: skip
            if AUTHORITY in address:
                channels[key]["parameters"] = {"authority": {"description": "部门代码 code of the authority"}}
            operations[key] = {
                "action": "send" if channel in SENT else "receive",
                "channel": {"$ref": f"#/channels/{key}"},
                "messages": [{"$ref": f"#/channels/{key}/messages/{name}"} for name in names],
            }
    messages = {_message_name(e): _event_message(e) for found in facts.values() for e in found}
    messages |= {_message_name(c): _command_message(c) for found in orders.values() for c in found}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "双推送 审管互动 shuangtui", "version": _version(),
            "description": "CloudEvents 1.0 二进制模式;值为 JSON。至少一次投递,按 ce_id 去重;同一办件有序。"
            "CloudEvents 1.0 in binary mode, the value is JSON. At least once: deduplicate by ce_id. One case keeps"
            " its order.",
        },
        "defaultContentType": JSON,
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages},
    }  # fmt: skip


def _addresses(channel: Channel) -> Iterator[tuple[str, str]]:
    """Key and address of a channel; what was set aside of nameless senders has an address of its own."""
    if channel is not Channel.INTAKE:
        yield channel.value, channel.topic(AUTHORITY)
    if channel is Channel.INTAKE:
        yield channel.value, channel.topic()
    if channel is Channel.PARKED:
        yield "intake_parked", channel.topic()


def _event_message(event: type[Event]) -> dict[str, Any]:
    addressed = ", ".join(marked(event, Addressee))
    ordered = marked(event, OrderedBy)
    return {
        "name": type_of(event),
        "title": _first_sentence(told_by(event)),
        "summary": event.ZH,
        "description": f"{told_by(event)}\n\n{event.EN}",
        "contentType": JSON,
        "headers": _headers(type_of(event)),
        "payload": {"schemaFormat": FORMAT, "schema": {"$ref": f"./schemas/{_event_file(event)}"}},
        "bindings": _key(f"the stream in {ordered[0]}" if ordered else "the stream of the fact itself"),
        "x-addressee": addressed,
        "x-basis": event.BASIS,
    }


def _command_message(command: type[Command]) -> dict[str, Any]:
    return {
        "name": command.NAME,
        "title": command.ZH,
        "summary": _docstring(command),
        "contentType": JSON,
        "headers": _headers(command.NAME),
        "payload": {"schemaFormat": FORMAT, "schema": {"$ref": f"./schemas/{command.NAME}.json"}},
        "bindings": _key("the case, so that what concerns it keeps its order"),
        "x-may": sorted(map(str, command.MAY)),
    }


def _headers(kind: str) -> dict[str, Any]:
    fields: dict[str, Any] = {
        f"ce_{name}": {"type": "string", "description": told} for name, (_, told) in _CONTEXT.items()
    }
    fields["ce_type"] = {"type": "string", "const": kind}
    fields["ce_specversion"] = {"type": "string", "const": "1.0"}
    fields["content-type"] = {"type": "string", "const": JSON}
    required = [f"ce_{name}" for name, (needed, _) in _CONTEXT.items() if needed]
    return {"type": "object", "properties": fields, "required": required}


def _key(told: str) -> dict[str, Any]:
    return {"kafka": {"key": {"type": "string", "description": told}, "bindingVersion": "0.5.0"}}


def _events() -> list[type[Event]]:
    """The declared facts; what tests declare for themselves is none of the contract."""
    return [e for _, e in sorted(EVENTS.items()) if e.__module__.startswith("domain.")]


def _commands() -> list[type[Command]]:
    return [c for _, c in sorted(COMMANDS.items()) if c.__module__.startswith("domain.")]


def _event_file(event: type[Event]) -> str:
    return f"{event.TOPIC}.v{event.contract()}.json"


def _message_name(one: type[Event] | type[Command]) -> str:
    return one.TOPIC if issubclass(one, Event) else one.NAME


def _docstring(cls: type[BaseModel]) -> str:
    return " ".join((cls.__doc__ or "").split())


def _first_sentence(told: str) -> str:
    return told.partition("。")[0]


def _untitled(schema: Any) -> Any:
    """Without the titles that are made of field names: they say nothing that the name does not."""
    if isinstance(schema, dict):
        return {
            key: {name: _untitled(field) for name, field in value.items()} if key in ("properties", "$defs")
            else _untitled(value)
            for key, value in schema.items()
            if not (key == "title" and isinstance(value, str))
        }  # fmt: skip
    return [_untitled(one) for one in schema] if isinstance(schema, list) else schema


def _open(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {k: _open(v) for k, v in schema.items() if not (k == "additionalProperties" and v is False)}
    return [_open(one) for one in schema] if isinstance(schema, list) else schema


def _mark_personal(properties: dict[str, Any], marks: Mapping[str, Any]) -> None:
    for name, mark in marks.items():
        if name in properties:
            properties[name] = {**properties[name], "x-personal": _marked_as(mark)}


def _marked_as(mark: Any) -> Any:
    return mark.how if isinstance(mark, Personal) else {name: _marked_as(one) for name, one in mark.items()}


def _json(document: Any) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _version() -> str:
    try:
        return version("shuangtui")
    except PackageNotFoundError:
        return "0"


def _table(title: str, note: str, head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    def line(cells: Iterable[str]) -> str:
        return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

    columns = list(head)
    body = [line(columns), line(["---"] * len(columns)), *map(line, rows)]
    return f"# {title}\n\n{note}\n\n" + "\n".join(body) + "\n"


def _events_table() -> str:
    rows = [
        (f"`{e.TOPIC}`", str(e.class_version), e.CHANNEL.zh, ", ".join(marked(e, Addressee)), _read_by(e), told_by(e),
         e.ZH, e.EN, e.BASIS)
        for e in _events()
    ]  # fmt: skip
    head = ("名称 name", "版本", "通道 channel", "发往 to", "仅供 only for", "含义 meaning", "中文叙述", "told in English", "依据 basis")
    return _table("事实 Facts", "由 `shuangtui contracts` 从类声明生成。Generated from the classes.", head, rows)


def _read_by(event: type[Event]) -> str:
    return "、".join(sorted(role.zh for role in event.ONLY_FOR))


def _refusals_table() -> str:
    found = {r.__name__: r for r in _below(Refusal) if r.__module__.startswith(("domain.", "interfaces."))}
    rows = [(f"`{name}`", r.KIND.value, r.ZH, r.EN) for name, r in sorted(found.items())]
    head = ("代码 code", "类别 kind", "中文", "English")
    return _table("不予办理 Refusals", "由 `shuangtui contracts` 从类声明生成。Generated from the classes.", head, rows)


def _below(cls: type[Refusal]) -> Iterator[type[Refusal]]:
    for one in cls.__subclasses__():
        yield one
        yield from _below(one)
