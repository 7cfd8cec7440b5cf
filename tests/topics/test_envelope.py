"""The envelope: CloudEvents 1.0 in Kafka binary mode, computed from the class of the fact."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import orjson
import pytest

from domain.kernel.event import EVENTS
from domain.kernel.people import Actor, Role
from domain.push import PushDispatched
from infra.bench.pushes import pushed
from infra.event_store.mapper import encode
from interfaces.topics.envelope import Damaged, Envelopes, Outgoing, parse, published, structured, topics_of, type_of
from tests.shared import shared

OFFICER = Actor(id="张三", organ="BUREAU", role=Role.EXAMINER)


def row(event: Any) -> tuple[Any, ...]:
    return (1, event.originator_id, event.originator_version, type(event).TOPIC, encode(event))


def told(event: Any, **settings: Any) -> Outgoing:
    [message] = Envelopes(**settings).messages(row(event))  # type: ignore[arg-type]
    return message


def test_the_envelope_is_a_valid_cloud_event() -> None:
    schema = json.loads(shared("data/schemas/cloudevents-1.0.json").read_text())
    message = told(pushed(1, "FIRE"), source="/liaocheng/shuangtui")
    event = structured(message.headers, message.value)
    jsonschema.validate(event, schema, format_checker=jsonschema.FormatChecker())
    assert {name: event[name] for name in ("specversion", "type", "source", "datacontenttype")} == {
        "specversion": "1.0", "type": "shuangtui.push.dispatched.v1",
        "source": "/liaocheng/shuangtui", "datacontenttype": "application/json",
    }  # fmt: skip


def test_id_key_subject_and_sequence_come_from_the_streams() -> None:
    fact = pushed(1, "FIRE")
    message = told(fact)
    headers = dict(message.headers)
    assert message.topic == "approval.FIRE.v1"
    assert headers["ce_id"].decode() == fact.id
    assert message.key == headers["ce_subject"] == str(fact.case_id).encode()  # type: ignore[attr-defined]
    assert (headers["ce_sequence"], headers["ce_correlationid"]) == (b"1", str(fact.correlation_id).encode())
    assert headers["ce_causationid"].decode() == fact.cause_id
    assert headers["ce_time"] == headers["ce_recordedtime"] == b"2026-03-02T01:02:03.000004Z"


def test_the_stored_bytes_are_sent_when_nothing_must_be_masked() -> None:
    fact = pushed(1, "FIRE")
    message = told(fact)
    assert message.value == encode(fact)
    assert dict(message.headers)["ce_dataclassification"] == b"business"


def test_the_officer_is_masked_unless_the_contract_lets_the_authority_see_names() -> None:
    fact = pushed(1, "FIRE").stamped(actor=OFFICER)
    hidden = told(fact)
    assert orjson.loads(hidden.value)["actor"]["id"] == "***"
    assert orjson.loads(hidden.value)["content"] == orjson.loads(encode(fact))["content"]
    assert dict(hidden.headers)["ce_dataclassification"] == b"masked"
    seen = told(fact, sees_names=lambda authority: authority == "FIRE")
    assert seen.value == encode(fact)
    assert dict(seen.headers)["ce_dataclassification"] == b"personal"


def test_a_version_that_only_adds_keeps_its_type_and_one_that_changes_gets_a_new_one() -> None:
    class Grown(PushDispatched):
        class_version, ADDED_ONLY = 4, (2, 4)

    assert [Grown.contract(version) for version in (1, 2, 3, 4)] == [1, 1, 2, 2]
    assert type_of(Grown) == "shuangtui.push.dispatched.v2"
    assert type_of(Grown, 2) == "shuangtui.push.dispatched.v1"


def test_a_private_fact_makes_no_message() -> None:
    assert "push.acknowledged" in EVENTS
    assert "push.acknowledged" not in published()


def test_every_authority_has_its_topics_out_and_back() -> None:
    assert topics_of("FIRE") == [
        "approval.FIRE.v1", "interaction.FIRE.v1", "supervision.FIRE.v1", "supervision.FIRE.v1.parked",
    ]  # fmt: skip
    assert topics_of("") == ["approval.intake", "approval.intake.parked"]


@pytest.mark.parametrize("source", ["FIRE", "/regulators/FIRE", "urn:authority:FIRE", "https://fire.example/FIRE/"])
def test_the_sender_is_the_last_part_of_the_source(source: str) -> None:
    assert parse(_headers(source=source)).sender == "FIRE"


@pytest.mark.parametrize(
    "broken",
    [{"id": ""}, {"id": "x" * 201}, {"id": "a\nb"}, {"specversion": "0.3"}, {"type": ""}, {"source": ""},
     {"officer": "o" * 201}],
)  # fmt: skip
def test_an_envelope_that_cannot_be_used_is_told_apart(broken: dict[str, str]) -> None:
    with pytest.raises(Damaged):
        parse(_headers(**broken))


def test_headers_that_are_not_text_are_told_apart() -> None:
    with pytest.raises(Damaged):
        parse([*_headers(), ("ce_officer", b"\xff\xfe")])


def _headers(**attributes: str) -> list[tuple[str, bytes]]:
    given = {"specversion": "1.0", "id": "1", "type": "push.claim", "source": "FIRE"} | attributes
    return [(f"ce_{name}", value.encode()) for name, value in given.items()]
