"""真实 Kafka: what only Apache Kafka can show: it keeps, it stalls, it refuses."""

import os
import shutil
import signal
import threading
from collections.abc import Callable

import pytest

from infra.embedded.apache import Apache
from infra.kafka import (
    APACHE,
    BrokerUnreachable,
    ClusterChanged,
    Connection,
    Consumer,
    NotAllowed,
    PositionLost,
    Producer,
    ProducerLost,
    ProducerStalled,
    RecordRefused,
    TopicMissing,
    ensure_topics,
    readable,
    writable,
)
from infra.kafka import producer as module
from infra.kafka.access import admit, expel
from tests.engines.conftest import eventually, freeze, read

pytestmark = pytest.mark.apache
MakeName = Callable[[str], str]


@pytest.fixture
def topic(own_apache: Apache, topic_name: MakeName) -> str:
    name = topic_name("approval")
    with Connection(own_apache.bootstrap).admin() as admin:
        ensure_topics(admin, {name: 2})
    return name


def send_and_flush(producer: Producer, topic: str) -> None:
    producer.send(topic, b"case", b"v")
    producer.flush()


def values(connection: Connection, topic: str, count: int) -> list[bytes | None]:
    with Consumer.assigned(connection, [topic], {}) as consumer:
        return [message.value for message in read(consumer, count)]


def test_a_killed_broker_comes_back_as_the_same_cluster_with_every_record(own_apache: Apache, topic: str) -> None:
    connection = Connection(own_apache.bootstrap)
    with Producer(connection) as producer:
        for number in range(300):
            producer.send(topic, b"%d" % number, b"%d" % number)
        producer.flush()
        before = own_apache.cluster_id
        assert own_apache.pid
        os.kill(own_apache.pid, signal.SIGKILL)
        eventually(lambda: not own_apache.alive)
        for number in range(300, 500):
            producer.send(topic, b"%d" % number, b"%d" % number)

        own_apache.stop()
        own_apache.start(own_apache.port)

        producer.flush()
        assert own_apache.cluster_id == producer.cluster_id == before
    got = values(connection, topic, 500)
    assert sorted(int(value or b"") for value in got) == list(range(500))


def test_a_stalled_broker_is_noticed_and_a_new_producer_delivers_everything(own_apache: Apache, topic: str) -> None:
    connection = Connection(own_apache.bootstrap)
    producer = Producer(connection, stalled_after=2)
    producer.send(topic, b"0", b"0")
    producer.flush()
    assert own_apache.pid
    freeze(own_apache.pid)
    # If nothing is noticed, the broker goes on and the test fails instead of hanging.
    release = threading.Timer(60, os.kill, (own_apache.pid, signal.SIGCONT))
    release.start()
    try:
        for number in range(1, 100):
            producer.send(topic, b"%d" % number, b"%d" % number)
        with pytest.raises(ProducerStalled, match="99 条在途"):
            producer.flush()
        before = threading.active_count()
        producer.abandon()
        assert threading.active_count() < before
        # While the outage lasts, trying again must cost nothing that stays.
        threads = threading.active_count()
        with pytest.raises(BrokerUnreachable, match="没有应答"):
            Producer(connection)
        assert threading.active_count() == threads
    finally:
        release.cancel()
        release.join()
        os.kill(own_apache.pid, signal.SIGCONT)

    with Producer(connection, expected_cluster=own_apache.cluster_id) as again:
        for number in range(1, 100):
            again.send(topic, b"%d" % number, b"%d" % number)
    assert {int(value or b"") for value in values(connection, topic, 100)} == set(range(100))


def test_a_producer_survives_an_outage_longer_than_its_requests_without_being_replaced(
    own_apache: Apache, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_REQUEST_TIMEOUT_MS", 1_000)
    connection = Connection(own_apache.bootstrap)
    with Producer(connection, stalled_after=60) as producer:
        producer.send(topic, b"0", b"0")
        producer.flush()
        assert own_apache.pid
        freeze(own_apache.pid)
        for number in range(1, 50):
            producer.send(topic, b"0", b"%d" % number)
        # Long enough for the batch under way to time out and be sent again, more than once.
        threading.Event().wait(5)
        os.kill(own_apache.pid, signal.SIGCONT)
        producer.flush()
        assert producer.settled == 50
    assert values(connection, topic, 50) == [b"%d" % number for number in range(50)]


def test_a_wiped_broker_raises_nothing_in_the_client_but_is_noticed(own_apache: Apache, topic: str) -> None:
    connection = Connection(own_apache.bootstrap)
    with Producer(connection) as first:
        for number in range(10):
            first.send(topic, b"k", b"%d" % number)
    producer = Producer(connection)
    consumer = Consumer.assigned(connection, [topic], {})
    eventually(consumer.poll)
    before = own_apache.cluster_id
    own_apache.stop()
    shutil.rmtree(own_apache._place / "data")
    own_apache.start(own_apache.port)
    assert own_apache.cluster_id != before
    with connection.admin() as admin:
        ensure_topics(admin, {topic: 2})

    def changed(act: Callable[[], object]) -> bool:
        try:
            act()
        except ClusterChanged as change:
            return (change.expected, change.found) == (before, own_apache.cluster_id)
        except PositionLost:
            # The client may see that the log is shorter before it hears that the cluster is another one.
            return False
        return False

    eventually(lambda: changed(producer.check))
    eventually(lambda: changed(lambda: consumer.poll(50)))
    with pytest.raises(ClusterChanged):
        producer.send(topic, b"k", b"v")
    producer.abandon()
    consumer.close()


@pytest.fixture
def authorities(secured_kafka: Connection, topic_name: MakeName) -> tuple[str, str]:
    """Two authorities with their topics and rights."""
    health, market = topic_name("health"), topic_name("market")
    with secured_kafka.admin() as admin:
        ensure_topics(
            admin,
            {
                f"{channel}.{authority}.v1": 1
                for channel in ("approval", "interaction", "supervision")
                for authority in (health, market)
            }
            | {f"supervision.{authority}.v1.parked": 1 for authority in (health, market)},
        )
        for authority in (health, market):
            admit(admin, authority, f"{authority}-password")
    with Producer(secured_kafka) as platform:
        for authority in (health, market):
            platform.send(f"approval.{authority}.v1", b"case", authority.encode())
    return health, market


def test_an_authority_reads_its_own_and_writes_its_own_and_nothing_else(
    secured_kafka: Connection, authorities: tuple[str, str]
) -> None:
    health, market = authorities
    mine = secured_kafka.as_user(health, f"{health}-password")

    with Consumer.grouped(mine, [f"approval.{health}.v1"], f"{health}.reader") as consumer:
        assert [message.value for message in read(consumer, 1)] == [health.encode()]
        assert consumer.commit()
    with Producer(mine) as producer:
        send_and_flush(producer, f"supervision.{health}.v1")
    for foreign in (f"supervision.{market}.v1", f"approval.{health}.v1", f"supervision.{health}.v1.parked"):
        producer = Producer(mine)
        with pytest.raises(RecordRefused, match=foreign):
            send_and_flush(producer, foreign)
        producer.abandon()
    with pytest.raises(TopicMissing, match="不存在或不可见"):
        Consumer.grouped(mine, [f"approval.{market}.v1"], f"{health}.reader")
    with (
        Consumer.grouped(mine, [f"approval.{health}.v1"], f"{market}.reader") as other_group,
        pytest.raises(NotAllowed, match="拒绝访问"),
    ):
        eventually(other_group.poll)


def test_the_refusal_of_one_record_is_never_blamed_on_another(
    secured_kafka: Connection, authorities: tuple[str, str]
) -> None:
    health, _ = authorities
    allowed, denied = f"supervision.{health}.v1", f"approval.{health}.v1"
    producer = Producer(secured_kafka.as_user(health, f"{health}-password"))
    for topic in (allowed, denied, allowed):
        producer.send(topic, b"case", b"v")
    with pytest.raises(RecordRefused) as refused:
        producer.flush()
    assert (refused.value.topic, refused.value.ordinal, producer._settled) == (denied, 1, 2)
    for act in (producer.flush, producer.check, lambda: producer.send(allowed, b"case", b"v")):
        with pytest.raises(ProducerLost):
            act()
    producer.abandon()


def test_doctor_sees_rights_that_the_client_keeps_silent_about(
    secured_kafka: Connection, authorities: tuple[str, str]
) -> None:
    health, market = authorities
    mine = secured_kafka.as_user(health, f"{health}-password")
    assert readable(mine, f"approval.{health}.v1").ok
    assert readable(mine, f"supervision.{health}.v1.parked").ok
    assert writable(mine, f"supervision.{health}.v1").ok
    assert not writable(mine, f"approval.{health}.v1").ok
    for foreign in (f"approval.{market}.v1", f"supervision.{market}.v1.parked"):
        probe = readable(mine, foreign)
        assert not probe.ok
        assert (foreign in probe.zh, foreign in probe.en) == (True, True)


def test_an_expelled_authority_and_a_wrong_password_stay_outside(
    secured_kafka: Connection, authorities: tuple[str, str]
) -> None:
    health, market = authorities
    with pytest.raises(BrokerUnreachable, match="账号口令"):
        secured_kafka.as_user(health, "wrong").admin()
    with secured_kafka.admin() as admin:
        expel(admin, market)
        expel(admin, market)
    with pytest.raises(BrokerUnreachable):
        secured_kafka.as_user(market, f"{market}-password").admin()


def test_a_name_whose_rights_would_reach_another_authority_is_refused(secured_kafka: Connection) -> None:
    with secured_kafka.admin() as admin, pytest.raises(ValueError, match="机关代码"):
        admit(admin, "health.city", "password")


def test_a_broker_nobody_runs_is_named_and_leaves_no_thread_behind() -> None:
    before = threading.active_count()
    with pytest.raises(BrokerUnreachable, match=r"127\.0\.0\.1:1 没有应答"):
        Connection("127.0.0.1:1", APACHE).admin()
    assert threading.active_count() == before
