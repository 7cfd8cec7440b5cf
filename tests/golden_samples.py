"""金样 (golden samples): one stored example of every fact and version, kept for ever, and the shape it was made for.

    python -m tests.golden_samples        writes what is missing under tests/golden, and never touches what is there

``<topic>/v<version>.json`` is a state as the store holds it, ``<topic>/v<version>.shape`` one line per field. A
field that changes needs a new ``class_version`` with its upcast: somewhere the old state is stored."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import domain.application  # noqa: F401  declares every fact
from domain.kernel.event import ENVELOPE, EVENTS, Event

GOLDEN = Path(__file__).parent / "golden"

CANDIDATES = ("示例", "FIRE-371500", "371502", "2026-0001", "2026-03", "ab" * 32, "91371500MA3C5X0Y1T", "a", "1", "FIRE")
FORMATS = {
    "date": "2026-03-02",
    "date-time": "2026-03-02T09:30:00+08:00",
    "time": "09:30:00",
    "uuid": "07ea8a3c-5d1f-8000-8000-000000000001",
}
ENVELOPE_EXAMPLE = {
    "occurred_at": "2026-03-02T09:30:00+08:00",
    "recorded_at": "2026-03-02T09:30:00.123456+08:00",
    "precision": "instant",
    "actor": {"id": "officer-1", "organ": "FIRE-371500", "role": "regulator", "on_behalf_of": None},
    "cause_id": "request-1",
    "correlation_id": "07ea8a3c-5d1f-8000-8000-000000000001",
}


def facts() -> dict[str, type[Event]]:
    """The facts of the product by stored name; tests declare others of their own."""
    return {topic: cls for topic, cls in sorted(EVENTS.items()) if cls.__module__.startswith("domain.")}


def place(cls: type[Event], ending: str) -> Path:
    return GOLDEN / cls.TOPIC / f"v{cls.class_version}.{ending}"


def schema(cls: type[Event]) -> dict[str, Any]:
    """The JSON Schema of what a fact says itself, without the envelope that all facts share."""
    whole = cls.model_json_schema()
    whole["properties"] = {name: one for name, one in whole["properties"].items() if name not in ENVELOPE}
    return whole


def example(cls: type[Event]) -> dict[str, Any]:
    """A state that the fact's own schema allows, every optional field filled."""
    whole = schema(cls)
    return _example(whole, whole.get("$defs", {})) | ENVELOPE_EXAMPLE


def _example(part: dict[str, Any], defs: dict[str, Any]) -> Any:
    if "$ref" in part:
        return _example(defs[part["$ref"].rpartition("/")[2]], defs)
    if "anyOf" in part:
        return _example(next(one for one in part["anyOf"] if one.get("type") != "null"), defs)
    if "enum" in part:
        return part["enum"][0]
    match part.get("type"):
        case "object":
            return {name: _example(one, defs) for name, one in part.get("properties", {}).items()}
        case "array":
            few = max(1, part.get("minItems", 1))
            return [_example(one, defs) for one in part.get("prefixItems", [part.get("items", {})] * few)]
        case "integer" | "number":
            return max(1, part.get("minimum", 1))
        case "boolean":
            return True
        case "string":
            return _text(part)
    return "示例"


def _text(part: dict[str, Any]) -> str:
    if "format" in part:
        return FORMATS[part["format"]]
    shortest = part.get("minLength", 0)
    fitting = (one * -(-shortest // len(one)) if len(one) < shortest else one for one in CANDIDATES)
    return next(
        one for one in fitting
        if re.search(part.get("pattern", ""), one) and shortest <= len(one) <= part.get("maxLength", len(one))
    )  # fmt: skip


def shape(cls: type[Event]) -> list[str]:
    """One line per field, however deep: its path, its type and its constraints."""
    whole = schema(cls)
    return sorted(set(_lines("", whole, whole.get("$defs", {}))))


def _lines(path: str, part: dict[str, Any], defs: dict[str, Any]) -> Iterator[str]:
    if "$ref" in part:
        yield from _lines(path, defs[part["$ref"].rpartition("/")[2]], defs)
    elif "anyOf" in part:
        for one in part["anyOf"]:
            yield from _lines(path, one, defs)
    elif part.get("type") == "object" and "properties" in part:
        for name, one in part["properties"].items():
            needed = "" if name in part.get("required", ()) else "?"
            yield from _lines(f"{path}.{name}{needed}".lstrip("."), one, defs)
    elif part.get("type") == "array" and "items" in part:
        yield f"{path}: array {_limits(part, ('items',))}".rstrip()
        yield from _lines(f"{path}[]", part["items"], defs)
    elif "enum" in part:
        yield f"{path}: enum {'|'.join(part['enum'])}"
    else:
        yield f"{path}: {part.get('type', 'any')} {_limits(part, ())}".rstrip()


def _limits(part: dict[str, Any], known: tuple[str, ...]) -> str:
    told = {"title", "description", "default", "type", "examples", *known}
    return " ".join(f"{name}={json.dumps(part[name], ensure_ascii=False)}" for name in sorted(part.keys() - told))


def write_missing() -> list[Path]:
    """Write samples and shapes that are missing, and return them. What exists is never overwritten."""
    written = []
    for cls in facts().values():
        for path, content in (
            (place(cls, "json"), json.dumps(_stored(cls), ensure_ascii=False, indent=1) + "\n"),
            (place(cls, "shape"), "".join(f"{line}\n" for line in shape(cls))),
        ):
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content, encoding="utf-8")
                written.append(path)
    return written


def _stored(cls: type[Event]) -> dict[str, Any]:
    state = cls.model_validate(example(cls)).model_dump(mode="json")
    return {"class_version": cls.class_version} | state if cls.class_version > 1 else state


if __name__ == "__main__":
    sys.stdout.writelines(f"{path.relative_to(GOLDEN)}\n" for path in write_missing())
