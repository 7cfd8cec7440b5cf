"""The relay: every published fact reaches every authority it names, at least once, in order, and exactly where it
was left off."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from kafka.admin import ConfigResource, ConfigResourceType

from domain.kernel.event import Event
from domain.push import PushAcknowledged
from infra.bench.pushes import pushed
from infra.event_store.mapper import encode
from infra.kafka import Connection, cluster_id, ensure_topics
from infra.postgres import connect
from infra.topics import RelayTurn
from interfaces.topics.publisher import position_name
from tests.topics.conftest import BRISK, OwnBroker, Platform, StartRelay, header, ids, read_all, until

Code = Callable[[str], str]


def pushes(authority: str, count: int, first: int = 0) -> list[Event]:
    return [pushed(number, authority) for number in range(first, first + count)]


def test_each_authority_gets_what_names_it_with_the_stored_bytes(
    platform: Platform, broker: Connection, authority: Code, start_relay: StartRelay
) -> None:
    fire, health = authority("FIRE"), authority("HEALTH")
    facts = [*pushes(fire, 3), *pushes(health, 2)]
    platform.store(*facts)
    relay = start_relay(platform, broker).relay
    until(lambda: relay.position >= platform.recorder.head())
    for code, expected in ((fire, facts[:3]), (health, facts[3:])):
        messages = read_all(broker, f"approval.{code}.v1")
        assert {header(m, "ce_id"): m.value for m in messages} == {fact.id: encode(fact) for fact in expected}


def test_facts_of_one_case_arrive_in_the_order_of_their_commits(
    platform: Platform, broker: Connection, authority: Code, start_relay: StartRelay
) -> None:
    fire = authority("FIRE")
    relay = start_relay(platform, broker).relay
    expected = []
    for number in range(40):
        fact = pushed(number % 4, fire).stamped(originator_version=number // 4 + 1)
        platform.store(fact)
        expected.append(fact)
    until(lambda: relay.position >= platform.recorder.head())
    messages = read_all(broker, f"approval.{fire}.v1")
    for case in {header(m, "ce_subject") for m in messages}:
        got = [int(header(m, "ce_sequence")) for m in messages if header(m, "ce_subject") == case]
        assert got == list(range(1, 11))
    assert len(messages) == 40


def test_private_facts_stay_and_do_not_hold_the_position_back(
    platform: Platform, embedded_broker: Connection, authority: Code, start_relay: StartRelay
) -> None:
    fire = authority("FIRE")
    one = pushed(1, fire)
    receipt = PushAcknowledged(regulator=fire, case_id=one.case_id).stamped(  # type: ignore[attr-defined]
        originator_id=one.originator_id, originator_version=2, occurred_at=one.occurred_at, recorded_at=one.recorded_at
    )
    platform.store(one, receipt)
    relay = start_relay(platform, embedded_broker).relay
    until(lambda: relay.position >= platform.recorder.head())
    assert ids(read_all(embedded_broker, f"approval.{fire}.v1")) == [one.id]


def test_a_relay_that_was_stopped_resumes_exactly_where_it_was(
    platform: Platform, broker: Connection, authority: Code, start_relay: StartRelay
) -> None:
    fire = authority("FIRE")
    expected = pushes(fire, 700)
    platform.store(*expected[:500])
    first = start_relay(platform, broker)
    until(lambda: first.relay.position >= platform.recorder.head())
    first.end()
    platform.store(*expected[500:])
    second = start_relay(platform, broker)
    until(lambda: second.relay.position >= platform.recorder.head())
    assert second.relay.sent == 200
    assert sorted(ids(read_all(broker, f"approval.{fire}.v1"))) == sorted(fact.id for fact in expected)


_RELAY = """
import sys, threading
from infra.kafka import APACHE, EMBEDDED, Connection
from infra.topics import KafkaBroker, RelayTurn, StoreLog
from interfaces.topics.envelope import Envelopes
from interfaces.topics.publisher import Relay
url, bootstrap, profile = sys.argv[1:]
connection = Connection(bootstrap, EMBEDDED if profile == "embedded" else APACHE)
relay = Relay(StoreLog(url), RelayTurn(url), KafkaBroker(connection), Envelopes())
relay.run(threading.Event())
"""


def test_a_second_relay_waits_and_takes_over_when_the_first_dies(
    platform: Platform, broker: Connection, authority: Code, start_relay: StartRelay
) -> None:
    fire = authority("FIRE")
    expected = pushes(fire, 60)
    platform.store(*expected[:30])
    command = [sys.executable, "-c", _RELAY, platform.url, broker.bootstrap, broker.profile.name]
    first = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        probe = RelayTurn(platform.url)
        until(lambda: not probe.take(0) or probe.give_up())
        probe.give_up()
        second = start_relay(platform, broker).relay
        cluster = position_name(_cluster(broker))
        until(lambda: platform.recorder.position(cluster) == platform.recorder.head())
        assert not second.active
        assert second.sent == 0
        first.send_signal(signal.SIGKILL)
        first.wait()
        platform.store(*expected[30:])
        until(lambda: second.active and second.position >= platform.recorder.head())
    finally:
        first.kill()
        first.wait()
    assert set(ids(read_all(broker, f"approval.{fire}.v1"))) == {fact.id for fact in expected}


def test_a_relay_that_lost_its_turn_can_no_longer_move_the_position(
    platform: Platform, owner_url: str, embedded_broker: Connection
) -> None:
    first, second = RelayTurn(platform.url), RelayTurn(platform.url)
    assert first.take(0)
    assert not second.take(0)
    first.advance("relay:x", 5)
    _end_sessions_of(owner_url, first)
    until(lambda: second.take(1))
    with pytest.raises(first.trouble):
        first.advance("relay:x", 9)
    assert second.position("relay:x") == 5
    second.give_up()


def test_an_outage_longer_than_the_limit_heals_and_nothing_is_lost(
    platform: Platform, own_broker: OwnBroker, authority: Code, start_relay: StartRelay
) -> None:
    fire = authority("FIRE")
    expected = pushes(fire, 1_500)
    watched_alone = replace(BRISK, cluster=600.0)
    relay = start_relay(platform, own_broker.connection, watched_alone, stalled_after=1.0).relay
    platform.store(*expected[:300])
    until(lambda: relay.position >= platform.recorder.head())
    acknowledged = relay.position
    with own_broker.frozen():
        platform.store(*expected[300:390])
        until(lambda: relay.sent >= 390)
        platform.store(*expected[390:])
        until(lambda: relay.trouble.startswith(("ProducerStalled", "BrokerUnreachable")))
        assert relay.position == acknowledged
    until(lambda: relay.position >= platform.recorder.head())
    assert set(ids(read_all(own_broker.connection, f"approval.{fire}.v1"))) == {fact.id for fact in expected}


def test_a_wiped_broker_is_filled_again_from_the_store(
    platform: Platform, own_broker: OwnBroker, authority: Code, start_relay: StartRelay
) -> None:
    fire = authority("FIRE")
    expected = pushes(fire, 300)
    platform.store(*expected[:200])
    relay = start_relay(platform, own_broker.connection, stalled_after=2.0).relay
    until(lambda: relay.position >= platform.recorder.head())
    before = _cluster(own_broker.connection)
    own_broker.wipe()
    platform.store(*expected[200:])
    after = _cluster(own_broker.connection)
    assert after != before
    until(lambda: platform.recorder.position(position_name(after)) == platform.recorder.head())
    assert set(ids(read_all(own_broker.connection, f"approval.{fire}.v1"))) == {fact.id for fact in expected}


def test_a_case_that_one_authority_cannot_take_waits_for_it_alone_and_is_sent_when_it_can(
    platform: Platform, apache_kafka: Connection, authority: Code, start_relay: StartRelay
) -> None:
    fire, health = authority("FIRE"), authority("HEALTH")
    large = pushed(1, fire)
    large = large.model_copy(update={"content": large.content.model_copy(update={"content": "长" * 4_000})})  # type: ignore[attr-defined]
    later = pushed(1, fire).stamped(originator_version=2)
    others = [*pushes(fire, 20, first=10), *pushes(health, 20)]
    _limit(apache_kafka, fire, 4_096)
    platform.store(large, later, *others)
    relay = start_relay(platform, apache_kafka).relay
    until(lambda: relay.sent >= len(others))
    until(lambda: set(ids(read_all(apache_kafka, f"approval.{fire}.v1"))) == {f.id for f in others[:20]})
    assert relay.position < platform.recorder.head()
    _limit(apache_kafka, fire, 1_048_576)
    until(lambda: relay.position >= platform.recorder.head())
    got = ids(read_all(apache_kafka, f"approval.{fire}.v1"))
    assert [id for id in got if id in (large.id, later.id)] == [large.id, later.id]
    assert set(got) == {large.id, later.id, *(f.id for f in others[:20])}


def test_a_relay_waits_for_a_store_and_a_broker_that_are_not_there_yet(
    platform: Platform, own_broker: OwnBroker, authority: Code, start_relay: StartRelay
) -> None:
    fire = authority("FIRE")
    platform.store(*pushes(fire, 5))
    connection = own_broker.connection
    own_broker.engine.stop()
    relay = start_relay(platform, connection).relay
    until(lambda: "Unreachable" in relay.trouble)
    own_broker.start()
    until(lambda: relay.position >= platform.recorder.head())
    assert relay.trouble == ""


def test_stopping_a_relay_that_waits_for_its_turn_ends_it_at_once(
    platform: Platform, embedded_broker: Connection, start_relay: StartRelay
) -> None:
    first = start_relay(platform, embedded_broker)
    until(lambda: first.relay.active)
    second = start_relay(platform, embedded_broker)
    threading.Event().wait(0.3)
    second.end()
    assert first.relay.active


def _cluster(connection: Connection) -> str:
    with connection.admin() as admin:
        return cluster_id(admin)


def _end_sessions_of(owner_url: str, turn: RelayTurn) -> None:
    assert turn._connection is not None
    pid = turn._connection.info.backend_pid
    with connect(owner_url) as owner:
        owner.execute("SELECT pg_terminate_backend(%s)", (pid,))


def _limit(connection: Connection, authority: str, size: int) -> None:
    """The largest message that the authority's topic takes."""
    topic = f"approval.{authority}.v1"
    with connection.admin() as admin:
        ensure_topics(admin, {topic: 3})
        admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, {"max.message.bytes": str(size)})])
