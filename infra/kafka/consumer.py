"""接收: a consumer that begins where PostgreSQL says, and one that is a member of a regulator's group."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Self

from infra.kafka.connection import Connection
from infra.kafka.errors import KafkaTrouble


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
    """位置失效。The position held for a partition is outside of what the broker has: records were removed or never were."""


class Consumer:
    """消费者. Not thread-safe: one thread polls, the same thread closes."""

    cluster_id: str

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
        """Every partition of `topics`, each from `positions[topic, partition]` (the next offset to read; else the first).

        Raises ClusterChanged if the broker is not `expected_cluster`, PositionLost, LookupError for an unknown topic.
        """
        raise NotImplementedError

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
        """A member of `group`; `commit()` after the records have been dealt with."""
        raise NotImplementedError

    def poll(self, timeout_ms: int = 200) -> list[Message]:
        """The next records, in order within each partition; empty when none came. Raises ClusterChanged, PositionLost."""
        raise NotImplementedError

    def commit(self) -> bool:
        """Grouped only: hold the position of what was polled; False when the group moved on (expect repeats)."""
        raise NotImplementedError

    def assignment(self) -> set[tuple[str, int]]:
        """The partitions read now."""
        raise NotImplementedError

    def lag(self) -> dict[tuple[str, int], int]:
        """Records not read yet, per partition."""
        raise NotImplementedError

    def close(self) -> None:
        """Leave."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()
