"""Two brokers, one behaviour: what is promised on the embedded broker and on Apache Kafka alike."""

from collections import Counter
from collections.abc import Callable

import pytest

from infra.kafka import (
    ClusterChanged,
    Connection,
    Consumer,
    PositionLost,
    Producer,
    RecordRefused,
    TopicDiffers,
    TopicMissing,
    ensure_topics,
    readable,
    writable,
)
from tests.engines.conftest import read

MakeName = Callable[[str], str]


@pytest.fixture
def topic(broker: Connection, topic_name: MakeName) -> str:
    name = topic_name("approval")
    with broker.admin() as admin:
        assert ensure_topics(admin, {name: 3}) == [name]
    return name


def publish(broker: Connection, topic: str, keys: int, each: int) -> None:
    with Producer(broker) as producer:
        for number in range(each):
            for key in range(keys):
                producer.send(topic, b"case-%d" % key, b"%d" % number, [("ce_id", b"%d-%d" % (key, number))])


def test_what_is_sent_arrives_once_whole_and_in_order_per_case(broker: Connection, topic: str) -> None:
    publish(broker, topic, keys=20, each=50)
    with Consumer.assigned(broker, [topic], {}, max_records=10) as consumer:
        got = read(consumer, 500)
        seen, midway = Counter(m.partition for m in got), consumer.lag()
        got += read(consumer, 500)
        all_of = Counter(m.partition for m in got)
        assert {p: midway[topic, p] for p in seen} == {p: all_of[p] - seen[p] for p in seen}
        assert consumer.lag() == {(topic, partition): 0 for partition in range(3)}
    assert len(got) == 1000
    for key in range(20):
        assert [int(m.value or b"") for m in got if m.key == b"case-%d" % key] == list(range(50))
    assert {m.header("ce_id") for m in got} == {b"%d-%d" % (k, n) for k in range(20) for n in range(50)}
    assert got[0].header("absent") is None


def test_a_consumer_goes_on_from_the_positions_its_caller_holds(broker: Connection, topic: str) -> None:
    publish(broker, topic, keys=20, each=10)
    positions: dict[tuple[str, int], int] = {}
    seen: list[bytes | None] = []
    for _ in range(20):
        with Consumer.assigned(broker, [topic], positions, max_records=30) as consumer:
            for message in read(consumer, 1):
                positions[message.topic, message.partition] = message.offset + 1
                seen.append(message.header("ce_id"))
        if len(seen) >= 200:
            break
    assert len(seen) == len(set(seen)) == 200


def test_a_position_the_broker_does_not_have_is_told_and_never_skipped(broker: Connection, topic: str) -> None:
    publish(broker, topic, keys=5, each=5)
    with (
        Consumer.assigned(broker, [topic], {(topic, 0): 1_000_000}) as consumer,
        pytest.raises(PositionLost, match="读取位置已不在"),
    ):
        read(consumer, 1_000)


def test_members_of_a_group_share_the_partitions_and_resume_after_a_commit(
    broker: Connection, topic: str, topic_name: MakeName
) -> None:
    publish(broker, topic, keys=20, each=5)
    with Consumer.grouped(broker, [topic], topic_name("regulator"), instance="pod-1") as consumer:
        assert len(read(consumer, 100)) == 100
        assert consumer.assignment() == {(topic, 0), (topic, 1), (topic, 2)}
        assert consumer.commit()
    publish(broker, topic, keys=1, each=7)
    with Consumer.grouped(broker, [topic], topic_name("regulator"), instance="pod-1") as consumer:
        assert len(read(consumer, 7)) == 7
        assert not consumer.poll(500)


def test_the_window_is_never_exceeded_and_the_count_of_settled_records_has_no_gap(
    broker: Connection, topic: str
) -> None:
    with Producer(broker, window=50) as producer:
        for number in range(500):
            producer.send(topic, b"%d" % number, b"x")
            assert producer.unacknowledged <= 50
            assert producer.settled + producer.unacknowledged == number + 1
        producer.flush()
        assert (producer.settled, producer.unacknowledged) == (500, 0)


async def test_the_window_holds_for_asyncio_too(broker: Connection, topic: str) -> None:
    with Producer(broker, window=20) as producer:
        for number in range(200):
            await producer.asend(topic, b"%d" % number, b"x")
            assert producer.unacknowledged <= 20
        await producer.aflush()
        assert producer.settled == 200


def test_one_refused_record_does_not_disturb_the_others(broker: Connection, topic: str) -> None:
    with Producer(broker) as producer:
        producer.send(topic, b"a", b"before")
        with pytest.raises(RecordRefused, match="larger than"):
            producer.send(topic, b"a", b"x" * 2_000_000)
        producer.send(topic, b"a", b"after")
        producer.flush()
        assert producer.settled == 2


def test_a_topic_that_is_missing_is_named_and_not_made_by_accident(broker: Connection, topic_name: MakeName) -> None:
    missing = topic_name("nowhere")
    with Producer(broker) as producer, pytest.raises(RecordRefused, match=missing):
        producer.send(missing, b"a", b"b")
    with pytest.raises(TopicMissing, match=missing):
        Consumer.assigned(broker, [missing], {})
    with pytest.raises(TopicMissing, match=missing):
        Consumer.grouped(broker, [missing], "g")
    assert not readable(broker, missing).ok
    assert not writable(broker, missing).ok
    with broker.admin() as admin:
        assert missing not in admin.list_topics()


def test_topics_are_made_once_and_a_changed_number_of_partitions_is_refused(broker: Connection, topic: str) -> None:
    with broker.admin() as admin:
        assert ensure_topics(admin, {topic: 3}) == []
        with pytest.raises(TopicDiffers, match="现有 3 个分区，应为 5 个"):
            ensure_topics(admin, {topic: 5})
    assert readable(broker, topic).ok
    assert writable(broker, topic).ok


def test_another_cluster_than_expected_is_noticed_before_anything_is_sent_or_read(
    broker: Connection, topic: str
) -> None:
    with pytest.raises(ClusterChanged, match="消息集群已更换（原 yesterday"):
        Producer(broker, expected_cluster="yesterday")
    with pytest.raises(ClusterChanged):
        Consumer.assigned(broker, [topic], {}, expected_cluster="yesterday")
