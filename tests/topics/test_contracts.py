"""The contracts say exactly what the classes say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from domain.kernel.channel import Channel
from domain.kernel.command import COMMANDS
from domain.kernel.event import EVENTS, Event
from infra.bench.pushes import pushed
from infra.event_store.mapper import encode
from interfaces.topics import asyncapi
from interfaces.topics.envelope import Envelopes, published
from tests.shared import shared


def test_the_document_is_valid_asyncapi() -> None:
    schema = json.loads(shared("data/schemas/asyncapi-3.0.0.json").read_text())
    # The published schema writes \d in patterns of names, which is the same here.
    jsonschema.Draft7Validator(schema).validate(asyncapi.asyncapi())


def test_every_published_fact_and_every_receivable_command_is_in_it() -> None:
    document = asyncapi.asyncapi()
    sent = {t for t, e in published().items() if e.__module__.startswith("domain.")}
    received = {n for n, c in COMMANDS.items() if c.ARRIVES_ON is not None}
    assert set(document["components"]["messages"]) == sent | received
    addresses = {key: channel["address"] for key, channel in document["channels"].items()}
    assert addresses == {
        "approval": "approval.{authority}.v1", "interaction": "interaction.{authority}.v1",
        "parked": "supervision.{authority}.v1.parked", "intake_parked": "approval.intake.parked",
        "supervision": "supervision.{authority}.v1", "intake": "approval.intake",
    }  # fmt: skip


def test_every_reference_leads_somewhere(tmp_path: Path) -> None:
    asyncapi.generate(tmp_path)
    for name in ("asyncapi.json", *(f"schemas/{p.name}" for p in (tmp_path / "schemas").iterdir())):
        document = json.loads((tmp_path / name).read_text())
        for reference in _references(document):
            file, _, pointer = reference.partition("#")
            found: Any = json.loads((tmp_path / file).read_text()) if file else document
            for step in filter(None, pointer.split("/")):
                found = found[step.replace("~1", "/").replace("~0", "~")]
            assert found


def test_what_is_sent_fits_its_schema() -> None:
    fact = pushed(1, "FIRE")
    [message] = Envelopes().messages((1, fact.originator_id, 1, type(fact).TOPIC, encode(fact)))
    jsonschema.Draft202012Validator(asyncapi.event_schema(type(fact))).validate(json.loads(message.value))
    said = asyncapi.asyncapi()["components"]["messages"][type(fact).TOPIC]["headers"]
    jsonschema.Draft7Validator(said).validate({name: value.decode() for name, value in message.headers})


@pytest.mark.parametrize("cls", [*EVENTS.values(), *COMMANDS.values()], ids=lambda cls: cls.__name__)
def test_every_schema_is_a_valid_schema(cls: Any) -> None:
    schema = asyncapi.event_schema(cls) if issubclass(cls, Event) else asyncapi.command_schema(cls)
    jsonschema.Draft202012Validator.check_schema(schema)
    if issubclass(cls, Event):
        assert "originator_id" not in schema["properties"]


def test_personal_fields_are_marked_and_readers_are_told_to_pass_over_unknown_fields() -> None:
    schema = asyncapi.event_schema(EVENTS["push.dispatched"])
    assert schema["properties"]["actor"]["x-personal"] == {"id": "text"}
    assert "additionalProperties" not in json.dumps(schema)
    assert asyncapi.command_schema(COMMANDS["push.claim"])["additionalProperties"] is False


def test_a_change_of_a_class_makes_the_written_contracts_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asyncapi.generate(tmp_path)
    assert asyncapi.check(tmp_path) == []
    monkeypatch.setattr(EVENTS["push.dispatched"], "EN", "told otherwise")
    (tmp_path / "schemas" / "gone.json").write_text("{}")
    stale = asyncapi.check(tmp_path)
    assert stale == ["asyncapi.json", "events.md", "schemas/gone.json", "schemas/push.dispatched.v1.json"]
    asyncapi.generate(tmp_path)
    assert asyncapi.check(tmp_path) == []


def test_the_tables_name_every_fact_and_every_refusal(tmp_path: Path) -> None:
    files = asyncapi.documents()
    events, refusals = files["events.md"].decode(), files["refusals.md"].decode()
    assert all(f"`{t}`" in events for t, e in EVENTS.items() if e.__module__.startswith("domain."))
    for code in ("OutOfOrder", "TypeNotTaken", "NotJson", "AcceptorMayNotDecide"):
        assert f"`{code}`" in refusals
    assert Channel.APPROVAL.zh in events


def _references(document: Any) -> list[str]:
    if isinstance(document, dict):
        own = [document["$ref"]] if isinstance(document.get("$ref"), str) else []
        return own + [r for value in document.values() for r in _references(value)]
    return [r for one in document for r in _references(one)] if isinstance(document, list) else []
