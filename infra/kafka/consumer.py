"""接收: a consumer that begins where PostgreSQL says, and one that is a member of a regulator's group."""

import contextlib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Self

from kafka import KafkaConsumer, TopicPartition
from kafka import errors as broker

from infra.kafka.connection import Connection, open_client
from infra.kafka.errors import ClusterChanged, KafkaTrouble, NotAllowed, TopicMissing


class Message(NamedTuple):
    """消息 as it came, undecoded."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    timestamp_ms: int

    def header(self, name: str) -> bytes | None:
        """The last header of that name, or None."""
        return next((value for key, value in reversed(self.headers) if key == name), None)


class PositionLost(KafkaTrouble):
    """位置失效。The position held for a partition lies outside of what the broker has: records were removed."""

    def __init__(self, told: object) -> None:
        super().__init__(
            f"保存的读取位置已不在消息服务中（{told}）：中间的消息可能已被清除，请从事件库补发，或从头读取并去重。"
            f" The position held is not on the broker any more ({told}): records may have been removed; have them sent"
            " again from the store, or read from the start and deduplicate."
        )


class Consumer:
    """消费者. Not thread-safe: one thread polls, the same thread closes. Make it by `assigned` or `grouped`."""

    def __init__(self, kafka: KafkaConsumer) -> None:
        """Use `assigned` or `grouped`."""
        self._kafka = kafka
        self._own_positions = False
        self.cluster_id: str = kafka._cluster.cluster_id

    @classmethod
    def assigned(
        cls,
        connection: Connection,
        topics: Iterable[str],
        positions: Mapping[tuple[str, int], int],
        *,
        expected_cluster: str | None = None,
        max_records: int = 500,
    ) -> Self:
        """Every partition of `topics` from `positions[topic, partition]`, the next offset to read; else from the first.

        Commits nothing to Kafka; the caller keeps offset + 1 with the facts. Raises BrokerUnreachable, ClusterChanged
        if the broker is not `expected_cluster`, TopicMissing, NotAllowed; `poll` raises PositionLost.
        """
        consumer = cls._open(
            connection,
            max_poll_records=max_records,
            # Never jump by itself over records that were removed: that would be a silent loss.
            auto_offset_reset="none",
        )
        try:
            if expected_cluster is not None and expected_cluster != consumer.cluster_id:
                raise ClusterChanged(expected_cluster, consumer.cluster_id)
            consumer._own_positions = True
            consumer._seek(topics, positions)
        except BaseException:
            consumer.close()
            raise
        return consumer

    @classmethod
    def grouped(
        cls,
        connection: Connection,
        topics: Iterable[str],
        group: str,
        *,
        instance: str | None = None,
        max_records: int = 200,
    ) -> Self:
        """A member of `group` (`instance`: its name across restarts); `commit()` after the records were dealt with.

        Raises BrokerUnreachable, TopicMissing. (The client itself would wait for ever, without a word, on a topic that
        is missing or that these credentials may not see.)
        """
        consumer = cls._open(
            connection,
            group_id=group,
            max_poll_records=max_records,
            auto_offset_reset="earliest",
            **connection.profile.group_settings(instance),
        )
        topics = list(topics)
        try:
            consumer._partitions(topics)
        except BaseException:
            consumer.close()
            raise
        consumer._kafka.subscribe(topics)
        return consumer

    @classmethod
    def _open(cls, connection: Connection, **settings: Any) -> Self:
        return cls(
            open_client(
                KafkaConsumer,
                **connection.client_settings(),
                **settings,
                enable_auto_commit=False,
                allow_auto_create_topics=False,
                fetch_min_bytes=1,
                fetch_max_wait_ms=connection.profile.fetch_max_wait_ms,
                max_partition_fetch_bytes=8_388_608,
                metadata_max_age_ms=60_000,
            )
        )

    def _partitions(self, topics: Iterable[str]) -> list[TopicPartition]:
        partitions = []
        for topic in topics:
            # Asks for all topics: the embedded broker would make the ones it is asked about by name.
            found = self._kafka.partitions_for_topic(topic)
            if not found:
                raise TopicMissing(topic)
            partitions += [TopicPartition(topic, number) for number in sorted(found)]
        return partitions

    def _seek(self, topics: Iterable[str], positions: Mapping[tuple[str, int], int]) -> None:
        partitions = self._partitions(topics)
        self._kafka.assign(partitions)
        try:
            first = self._kafka.beginning_offsets(partitions)
        except broker.AuthorizationError as failure:
            raise NotAllowed(failure) from failure
        for partition in partitions:
            self._kafka.seek(partition, positions.get((partition.topic, partition.partition), first[partition]))

    def poll(self, timeout_ms: int = 200) -> list[Message]:
        """The next records, in order within each partition; empty when none came.

        Raises ClusterChanged, PositionLost, NotAllowed; then close it and make a new one.
        """
        try:
            batches = self._kafka.poll(timeout_ms)
        except (broker.OffsetOutOfRangeError, broker.NoOffsetForPartitionError, broker.LogTruncationError) as failure:
            # Perhaps the whole broker is another one, and the client has not told yet: ask before saying less.
            with contextlib.suppress(broker.KafkaError):
                self._kafka.topics()
            self._check_cluster()
            raise PositionLost(failure) from failure
        except broker.AuthorizationError as failure:
            raise NotAllowed(failure) from failure
        self._check_cluster()
        if not batches and self._own_positions:
            self._look_past_the_end()
        return [
            Message(r.topic, r.partition, r.offset, r.key, r.value, tuple(r.headers), r.timestamp)
            for batch in batches.values()
            for r in batch
        ]

    def _check_cluster(self) -> None:
        found = self._kafka._cluster.cluster_id
        # On an exchanged broker the old offsets point at other records, and nothing raises.
        if found is not None and found != self.cluster_id:
            raise ClusterChanged(self.cluster_id, found)

    def _look_past_the_end(self) -> None:
        # tansu answers an offset past the end with "nothing yet", for ever; Apache Kafka has raised by now.
        for partition in self._kafka.assignment():
            end, position = self._kafka.highwater(partition), self._kafka.position(partition)
            if end is None or position <= end:
                continue
            # The end that came with a fetch may be older than what was read since; only the broker's own word is an alarm.
            end = self._kafka.end_offsets([partition])[partition]
            if position > end:
                raise PositionLost(f"{partition.topic}-{partition.partition}: {position} > {end}")

    def commit(self) -> bool:
        """Grouped only: hold the position after what was polled; False when it could not (expect repeats)."""
        try:
            self._kafka.commit(timeout_ms=5_000)
        except broker.AuthorizationError as failure:
            raise NotAllowed(failure) from failure
        except broker.KafkaError:
            # The group moved on, or the broker is away: the records come again, to whoever reads then.
            return False
        return True

    def assignment(self) -> set[tuple[str, int]]:
        """The partitions read now."""
        return {(partition.topic, partition.partition) for partition in self._kafka.assignment()}

    def lag(self) -> dict[tuple[str, int], int]:
        """Records not read yet, per partition; on the embedded broker exact only once something was polled."""
        partitions = list(self._kafka.assignment())
        if not partitions:
            return {}
        end = self._kafka.end_offsets(partitions)
        behind = {}
        for partition in partitions:
            # tansu names the first record of the last batch as the end; what it says with a fetch is right.
            last = max(end[partition], self._kafka.highwater(partition) or 0)
            behind[partition.topic, partition.partition] = max(0, last - self._kafka.position(partition))
        return behind

    def close(self) -> None:
        """Leave; never raises because the broker is away."""
        with contextlib.suppress(broker.KafkaError):
            self._kafka.close(autocommit=False, timeout_ms=3_000)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
