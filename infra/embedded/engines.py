"""引擎组: PostgreSQL and a broker, started, found, watched and stopped together."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from infra.settings import Settings

KafkaChoice = Literal["embedded", "apache", "none"]
ProfileName = Literal["embedded", "kafka"]


class EnginesFailed(Exception):
    """引擎未能启动。An engine could not be started; the message says which, why and what to do."""


@dataclass(frozen=True)
class Running:
    """运行中的引擎: where the engines of one home answer."""

    home: Path
    database_url: str
    """The owner's URL: migrations and tests use it."""
    kafka_bootstrap: str | None
    cluster_id: str | None
    """A value other than the one seen before means an empty broker: make topics, republish from the store."""
    profile: ProfileName
    owner_pid: int


class Engines:
    """引擎组: started by one process, used by many."""

    database_url: str
    kafka_bootstrap: str | None
    cluster_id: str | None
    profile: ProfileName
    owned: bool

    @classmethod
    def start(cls, home: Path, kafka: KafkaChoice = "embedded", settings: Settings | None = None) -> Self:
        """Start what `settings` leaves unset, or adopt the engines that already run under `home`."""
        raise NotImplementedError

    def watch(self) -> list[str]:
        """Restart what has died; returns one sentence for each engine restarted. Call it about once a second."""
        raise NotImplementedError

    def stop(self) -> None:
        """Stop the engines this process started; adopted ones are left alone."""
        raise NotImplementedError


def running(home: Path) -> Running | None:
    """The engines that answer under `home`, or None."""
    raise NotImplementedError


def promises(language: Literal["zh", "en"]) -> str:
    """What the embedded broker does not promise, as text for people."""
    raise NotImplementedError
