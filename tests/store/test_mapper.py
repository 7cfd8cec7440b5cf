"""转换: facts to plain JSON and back."""

import json
from datetime import UTC, datetime

import pytest
from eventsourcing.persistence import JSONTranscoder, StoredEvent
from sample_facts import StampAffixed, StepRecorded

from domain.kernel.event import Event
from domain.kernel.identity import stream_id
from domain.kernel.people import Actor, Role
from infra.event_store.mapper import EventMapper, StateUnreadable, UnknownTopic, facts, stored

STREAM = stream_id("case", 2026, "1")
ENVELOPE = (
    '"occurred_at":"2026-03-02T01:02:03.000004Z","recorded_at":"2026-03-02T01:02:03.000004Z","precision":"instant",'
    '"actor":{"id":"li","organ":"lc-bureau","role":"acceptor","on_behalf_of":null},"cause_id":"c","correlation_id":"k"'
)

pytestmark = pytest.mark.usefixtures("sample_facts")


def stamped(fact: Event) -> Event:
    return fact.stamped(
        originator_id=STREAM, originator_version=4, occurred_at=datetime(2026, 3, 2, 1, 2, 3, 4, UTC),
        recorded_at=datetime(2026, 3, 2, 1, 2, 3, 4, UTC), cause_id="c", correlation_id="k",
        actor=Actor(id="li", organ="lc-bureau", role=Role.ACCEPTOR),
    )  # fmt: skip


def test_the_state_is_plain_json_without_stream_and_version() -> None:
    row = stored(stamped(StepRecorded(step=3, note="受理")))
    assert (row.originator_id, row.originator_version, row.topic) == (STREAM, 4, "storetest.step_recorded")
    assert row.state.decode() == "{" + ENVELOPE + ',"step":3,"note":"受理"}'


def test_what_was_stored_comes_back_equal_one_by_one_and_in_bulk() -> None:
    kept = [stamped(StepRecorded(step=3, note="受理")), stamped(StampAffixed(office="局", number=12))]
    mapper = EventMapper(JSONTranscoder())
    rows = [mapper.to_stored_event(fact) for fact in kept]
    assert [mapper.to_domain_event(row) for row in rows] == kept == facts(rows)


def test_a_class_version_above_one_stands_first_in_the_state() -> None:
    assert stored(stamped(StampAffixed(office="局", number=12))).state.startswith(b'{"class_version":3,"occurred_at"')


@pytest.mark.parametrize(
    "golden",
    [
        '{"seal":"局/12",' + ENVELOPE + "}",
        '{"class_version":1,"seal":"局/12",' + ENVELOPE + "}",
        '{"class_version":2,"office":"局","number":"12",' + ENVELOPE + "}",
        '{"class_version":3,"office":"局","number":12,' + ENVELOPE + "}",
        '{"office":"局","number":12,"class_version":3,' + ENVELOPE + "}",
    ],
)
def test_every_class_version_ever_stored_decodes_to_the_current_class(golden: str) -> None:
    row = StoredEvent(STREAM, 4, StampAffixed.TOPIC, golden.encode())
    assert facts([row]) == [stamped(StampAffixed(office="局", number=12))]


def test_an_unknown_name_is_said_in_both_languages() -> None:
    with pytest.raises(UnknownTopic, match=r"未知的事实名称 case\.never_declared.* Unknown fact case\.never_declared"):
        facts([StoredEvent(STREAM, 4, "case.never_declared", b"{}")])


@pytest.mark.parametrize(
    "state",
    [
        b"not json",
        b"{}",
        b'{"step":"three"}',
        b'{"step":3,"more":1}',
        b'{"class_version":2,"step":3}',
        b'{"class_version":"x","step":3}',
        b"[]",
        b'{"class_version":[',
    ],
)
def test_a_state_that_does_not_fit_its_class_names_the_fact(state: bytes) -> None:
    with pytest.raises(StateUnreadable, match=rf"storetest\.step_recorded.*{STREAM}.*upcast"):
        facts([StoredEvent(STREAM, 4, StepRecorded.TOPIC, state)])


def test_compression_and_encryption_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="COMPRESSOR_TOPIC"):
        EventMapper(JSONTranscoder(), compressor=object())


def test_postgresql_reads_the_state_as_json() -> None:
    assert json.loads(stored(stamped(StampAffixed(office="局", number=12))).state)["office"] == "局"
