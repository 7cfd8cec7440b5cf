"""Ports (端口): what the relay and the intake ask of the store and of the broker; the infrastructure provides them.

``trouble`` names the exceptions after which one begins anew from the stored position, because nothing is wrong
with the messages themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Protocol

from interfaces.topics.envelope import Headers, Row


class Log(Protocol):
    """事实日志: the facts in the order of their commits."""

    trouble: ClassVar[tuple[type[Exception], ...]]

    def read(self, after: int, limit: int, topics: Sequence[str]) -> tuple[list[Row], int]:
        """The next facts of these names, and the end of the range that was looked at."""

    def wait(self, seconds: float) -> None:
        """Return when something was committed, or after that time at the latest."""


class Turn(Protocol):
    """轮值: at most one relay of a platform is active; whoever holds the turn keeps the position.

    Every method but ``take`` raises an exception of ``trouble`` when the turn was lost."""

    trouble: ClassVar[tuple[type[Exception], ...]]

    def take(self, seconds: float) -> bool:
        """Wait for the turn, at most that long."""

    def hold(self) -> None:
        """Make sure that the turn is still held."""

    def position(self, name: str) -> int:
        """The stored position, 0 at first."""

    def advance(self, name: str, position: int) -> None:
        """Store a position; it never goes back."""

    def give_up(self) -> None:
        """Let the next one have the turn; never raises."""


class Refused(Protocol):
    """What the exception says that the broker raised for one record alone."""

    ordinal: int | None
    """Which record, from 0 in the order of sending; None: the one just being handed over."""


class Sender(Protocol):
    """A producer with a bounded window of unacknowledged records, which never gives up on one by itself."""

    def send(self, topic: str, key: bytes, value: bytes, headers: Headers | None = None) -> object:
        """Hand one record over; waits while the window is full."""

    @property
    def settled(self) -> int:
        """How many records, from the first on without a gap, have their outcome."""

    @property
    def unacknowledged(self) -> int: ...

    def check(self) -> None:
        """Raise what went wrong meanwhile: silence of the broker, another cluster, a spent client."""

    def flush(self) -> None: ...

    def abandon(self) -> None:
        """Dispose of it at once, in whatever state it is."""


class Message(Protocol):
    """A received record."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> tuple[tuple[str, bytes], ...]: ...
    @property
    def timestamp_ms(self) -> int: ...


class Reader(Protocol):
    """A consumer of assigned partitions."""

    def poll(self, timeout_ms: int) -> Sequence[Message]:
        """The next records, in order within each partition."""

    def close(self) -> None: ...


class Broker(Protocol):
    """消息服务."""

    trouble: ClassVar[tuple[type[Exception], ...]]
    refused: ClassVar[type[Exception]]

    def cluster_id(self) -> str:
        """The id of the cluster, asked anew each time: another id is an empty broker."""

    def topics(self) -> set[str]:
        """The topics that exist."""

    def ensure(self, topics: Iterable[str]) -> None:
        """Make those that are missing, and wait until they can be used."""

    def sender(self, cluster_id: str, *, backlog: bool = False) -> Sender:
        """A producer: for records that should leave at once, or for many that wait."""

    def reader(self, topics: Sequence[str], positions: Mapping[tuple[str, int], int], cluster_id: str) -> Reader:
        """Every partition of the topics, from the next offset to read in ``positions``, else from the first."""


class Positions(Protocol):
    """How far each partition was taken in; kept with the facts, so Kafka's own commits are not needed."""

    trouble: ClassVar[tuple[type[Exception], ...]]

    def of_cluster(self, cluster_id: str) -> dict[tuple[str, int], int]:
        """The last offset taken in, by topic and partition."""
