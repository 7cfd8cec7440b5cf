"""发送: a producer whose window is bounded and whose silence is noticed."""

from typing import Any, Literal, Self

from kafka.producer.future import FutureRecordMetadata

from infra.kafka.connection import Connection
from infra.kafka.errors import KafkaTrouble

Headers = list[tuple[str, bytes]]


class ProducerStalled(KafkaTrouble):
    """发送停滞。No acknowledgement for the given time while records wait: drop the producer, resume from the position."""


class ProducerLost(KafkaTrouble):
    """发送身份失效。The broker no longer knows this producer: drop it, make a new one, resume from the position."""


class RecordRefused(KafkaTrouble):
    """消息被拒。The broker or the client refuses this one record (too large, no right, no topic); others are unaffected."""

    ordinal: int
    """Which record, counting from 0 in the order of `send`."""
    topic: str


class Producer:
    """生产者 of the relay. Not for several threads at once: one relay, one producer."""

    cluster_id: str

    def __init__(
        self,
        connection: Connection,
        *,
        expected_cluster: str | None = None,
        window: int = 500,
        stalled_after: float = 30.0,
        mode: Literal["push", "replay"] = "push",
        client_id: str | None = None,
    ) -> None:
        """Raises ClusterChanged if the broker is not `expected_cluster`."""
        raise NotImplementedError

    def send(self, topic: str, key: bytes, value: bytes, headers: Headers | None = None) -> FutureRecordMetadata:
        """Hand one record over; waits while the window is full.

        Raises ProducerStalled, ProducerLost, ClusterChanged (then `abandon()`), RecordRefused for an earlier record.
        """
        raise NotImplementedError

    async def asend(self, topic: str, key: bytes, value: bytes, headers: Headers | None = None) -> FutureRecordMetadata:
        """`send` for asyncio: a full window is awaited."""
        raise NotImplementedError

    @property
    def settled(self) -> int:
        """How many records from the first on, without a gap, have their outcome (acknowledged, or refused and raised)."""
        raise NotImplementedError

    @property
    def unacknowledged(self) -> int:
        """Records handed over whose outcome is not known yet."""
        raise NotImplementedError

    def flush(self) -> None:
        """Wait until everything sent is acknowledged; raises as `send` does."""
        raise NotImplementedError

    async def aflush(self) -> None:
        """`flush` for asyncio."""
        raise NotImplementedError

    def close(self) -> None:
        """Flush and go."""
        raise NotImplementedError

    def abandon(self) -> None:
        """Dispose of the client at once, whatever state it is in; waiting records fail."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: Any) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()
