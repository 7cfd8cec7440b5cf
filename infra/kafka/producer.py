"""发送: a producer whose window is bounded and whose silence is noticed."""

import asyncio
import contextlib
import time
from collections import deque
from typing import Any, Literal, NoReturn, Self

from kafka import KafkaProducer
from kafka import errors as broker
from kafka.producer.future import FutureRecordMetadata

from infra.kafka.connection import EMBEDDED, Connection, open_client
from infra.kafka.errors import BrokerUnreachable, ClusterChanged, KafkaTrouble

Headers = list[tuple[str, bytes]]

# What concerns one record alone. Everything else that a future can fail with means that the client is spent.
_OF_THE_RECORD = (
    broker.AuthorizationError,
    broker.InvalidRecordError,
    broker.InvalidTimestampError,
    broker.InvalidTopicError,
    broker.MessageSizeTooLargeError,
    broker.PolicyViolationError,
    broker.RecordListTooLargeError,
    broker.UnknownTopicOrPartitionError,
)

_REQUEST_TIMEOUT_MS = 10_000

_MODES: dict[str, dict[str, Any]] = {
    "push": {"linger_ms": 0, "batch_size": 65_536, "compression_type": None},
    # Many records for few partitions within a small window: a third less work per record than "push".
    "backlog": {"linger_ms": 5, "batch_size": 131_072, "compression_type": None},
    "replay": {"linger_ms": 50, "batch_size": 524_288, "compression_type": "zstd"},
}


class ProducerStalled(KafkaTrouble):
    """发送停滞。The oldest record was not acknowledged in time: drop the producer, resume from the position."""

    def __init__(self, seconds: float, waiting: int) -> None:
        super().__init__(
            f"消息服务 {seconds:.0f} 秒没有确认，{waiting} 条在途：将更换发送端并从上次位置续发，不会丢失。"
            f" No acknowledgement for {seconds:.0f} s with {waiting} records under way: the producer is replaced and"
            " sending resumes from the last position; nothing is lost."
        )


class ProducerLost(KafkaTrouble):
    """发送身份失效。The broker does not know this producer any more: make a new one, resume from the position."""

    def __init__(self, cause: object) -> None:
        super().__init__(
            f"发送端已失效（{cause}）：将更换发送端并从上次位置续发，不会丢失。"
            f" The producer is spent ({cause}): it is replaced and sending resumes from the last position; nothing is"
            " lost."
        )


class RecordRefused(KafkaTrouble):
    """消息被拒。One record is refused: too large, no right, no topic. Set it aside with this reason.

    `ordinal` None: refused by `send` itself, never handed over, not counted; go on sending. Otherwise it says which
    record, from 0 in the order of `send`, the broker refused; the producer is spent then (see `Producer`).
    """

    def __init__(self, topic: str, ordinal: int | None, cause: object) -> None:
        self.topic, self.ordinal = topic, ordinal
        super().__init__(
            f"主题 {topic} 拒收一条消息（{cause}）：请检查主题是否存在、有无写权限、消息大小。"
            f" Topic {topic} refuses a record ({cause}): check that the topic exists, the right to write, and the size."
        )


class Producer:
    """生产者 of the relay. Not for several threads at once: one relay, one producer.

    It never gives up on a record by itself, so the order within a key holds; giving up is the caller's. After
    ProducerStalled, ProducerLost, ClusterChanged, or RecordRefused with an ordinal: `abandon()`, make a new one, send
    again from the position (without the refused record).
    """

    def __init__(
        self,
        connection: Connection,
        *,
        expected_cluster: str | None = None,
        window: int = 500,
        stalled_after: float = 30.0,
        mode: Literal["push", "backlog", "replay"] = "push",
        client_id: str | None = None,
    ) -> None:
        """Raises BrokerUnreachable, and ClusterChanged if the broker is not `expected_cluster`."""
        self._connection = connection
        self._window = window
        self._stalled_after = stalled_after
        self._waiting: deque[tuple[str, FutureRecordMetadata]] = deque()
        self._settled = 0
        self._head_since = 0.0
        self._known_topics: set[str] = set()
        self._present: set[str] = set()
        self._abandoned = False
        self._spent: BaseException | None = None
        self._kafka = open_client(
            KafkaProducer,
            **connection.client_settings(),
            **_MODES[mode],
            client_id=client_id or "shuangtui-producer",
            acks="all",
            enable_idempotence=True,
            # Not a patience but a guard: once a batch that was already sent expires, this client never sends again
            # and nothing ever fails. `stalled_after` is the patience.
            delivery_timeout_ms=2_147_483_647,
            request_timeout_ms=_REQUEST_TIMEOUT_MS,
            max_block_ms=5_000,
            metadata_max_age_ms=60_000,
            # The embedded broker would make a topic of 4 partitions for every misspelt name.
            allow_auto_create_topics=False,
        )
        self.cluster_id: str = self._kafka._metadata.cluster_id
        if expected_cluster is not None and expected_cluster != self.cluster_id:
            self.abandon()
            raise ClusterChanged(expected_cluster, self.cluster_id)

    def send(self, topic: str, key: bytes, value: bytes, headers: Headers | None = None) -> FutureRecordMetadata:
        """Hand one record over; waits while the window is full.

        Raises ProducerStalled, ProducerLost, ClusterChanged; RecordRefused for this record (`ordinal` None) or for an
        earlier one. Whatever it raises, this record was not handed over.
        """
        if len(self._waiting) >= self._window:
            self._await_room()
        return self._hand_over(topic, key, value, headers)

    async def asend(self, topic: str, key: bytes, value: bytes, headers: Headers | None = None) -> FutureRecordMetadata:
        """`send` for asyncio: a full window is awaited."""
        if len(self._waiting) >= self._window:
            await asyncio.to_thread(self._await_room)
        if topic in self._known_topics:
            return self._hand_over(topic, key, value, headers)
        # The first record of a topic waits for its metadata.
        return await asyncio.to_thread(self._hand_over, topic, key, value, headers)

    @property
    def settled(self) -> int:
        """How many records from the first on have their outcome, without a gap: acknowledged, or refused and raised."""
        self._reap()
        return self._settled

    @property
    def unacknowledged(self) -> int:
        """Records handed over whose outcome has not been seen yet; never more than the window."""
        return len(self._waiting)

    def check(self) -> None:
        """Look without waiting; raises as `send` does. For a relay that has nothing to send but waits for answers."""
        if self._abandoned:
            raise ProducerLost(self._spent or "abandoned")
        self._reap()
        found = self._kafka._metadata.cluster_id
        # A wiped broker raises nothing in a running producer: it just goes on, into the void.
        if found is not None and found != self.cluster_id:
            raise ClusterChanged(self.cluster_id, found)
        if self._waiting and (waited := time.monotonic() - self._head_since) > self._stalled_after:
            raise ProducerStalled(waited, len(self._waiting))

    def flush(self) -> None:
        """Wait until everything sent is acknowledged; raises as `send` does, and can be called again."""
        self.check()
        while self._waiting:
            self._await_head()

    async def aflush(self) -> None:
        """`flush` for asyncio."""
        self.check()
        while self._waiting:
            await asyncio.to_thread(self._await_head)

    def close(self) -> None:
        """Flush and go; raises as `send` does, and is gone then too."""
        try:
            self.flush()
            self._kafka.close(timeout=10)
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Dispose of the client at once, whatever state it is in; waiting records fail."""
        if not self._abandoned:
            self._abandoned = True
            # `close(timeout)` flushes first, raises when the broker is dead, and leaves its thread alive.
            self._kafka._sender.force_close()
            self._kafka._sender.join(5)
            self._kafka._unregister_cleanup()
            self._kafka._closed = True

    def _hand_over(self, topic: str, key: bytes, value: bytes, headers: Headers | None) -> FutureRecordMetadata:
        if self._abandoned or self._spent is not None or self._kafka._metadata.cluster_id != self.cluster_id:
            self.check()
        if topic not in self._known_topics and self._connection.profile is EMBEDDED:
            self._look_for(topic)
        try:
            future = self._kafka.send(topic, value, key, headers)
        except _OF_THE_RECORD as failure:
            raise RecordRefused(topic, None, failure) from failure
        except broker.KafkaTimeoutError as failure:
            self._explain_silence(topic, failure)
        if not self._waiting:
            self._head_since = time.monotonic()
        self._waiting.append((topic, future))
        self._known_topics.add(topic)
        return future

    def _look_for(self, topic: str) -> None:
        # The embedded broker makes every topic a producer asks for, with 4 partitions; Apache Kafka is told not to.
        if topic not in self._present:
            with self._connection.admin() as admin:
                self._present = set(admin.list_topics())
        if topic not in self._present:
            raise RecordRefused(topic, None, "UnknownTopicOrPartition")

    def _explain_silence(self, topic: str, failure: BaseException) -> NoReturn:
        """No metadata came for the topic: it is missing, the broker is another one, or nobody answers."""
        self.check()
        try:
            admin = self._connection.admin()
        except BrokerUnreachable as nobody:
            raise ProducerStalled(self._kafka.config["max_block_ms"] / 1000, len(self._waiting)) from nobody
        with admin:
            found = str(admin.describe_cluster()["cluster_id"])
            if found != self.cluster_id:
                raise ClusterChanged(self.cluster_id, found) from failure
        raise RecordRefused(topic, None, "UnknownTopicOrPartition") from failure

    def _await_room(self) -> None:
        # Half of the window and not one place: with one, every acknowledgement lets out one small batch.
        while len(self._waiting) > self._window // 2:
            self._await_head()

    def _await_head(self) -> None:
        """Wait until the oldest record has its outcome."""
        while self._waiting and not self._waiting[0][1].is_done:
            self.check()
            if self._waiting:
                # Briefly: `check` must see the cluster and the clock while nothing comes. A failure is told by `_reap`.
                with contextlib.suppress(broker.KafkaError):
                    self._waiting[0][1].get(timeout=0.2)
        self._reap()

    def _reap(self) -> None:
        if self._spent is not None:
            raise ProducerLost(self._spent)
        waiting = self._waiting
        while waiting and waiting[0][1].is_done:
            topic, future = waiting.popleft()
            ordinal, self._settled = self._settled, self._settled + 1
            self._head_since = time.monotonic()
            if (failure := future.exception) is not None:
                # One refusal by the broker, and the client is done for: it fails every later record of every topic,
                # with the reason of the first. Whoever believed it would set innocent records aside.
                self._spent = failure
                if isinstance(failure, _OF_THE_RECORD) and _concerns(failure, topic):
                    raise RecordRefused(topic, ordinal, failure) from failure
                raise ProducerLost(failure) from failure

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()


def _concerns(failure: BaseException, topic: str) -> bool:
    """Whether a denial names this topic; other refusals of a record name none."""
    return not isinstance(failure, broker.AuthorizationError) or failure.args[0] in (topic, {topic})
