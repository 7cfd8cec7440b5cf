"""The clock (时钟): the only place that reads the time; everything else is given it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Whoever can tell the time."""

    def now(self) -> datetime:
        """The current time, aware."""


class WallClock:
    """The time of the machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(slots=True)
class StoryClock:
    """A clock for demonstrations: begins at ``begins`` and runs ``speed`` times as fast as the machine's.

    ``since`` is the machine's time at which the story began, so that several processes tell the same time."""

    begins: datetime
    speed: float
    since: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return self.begins + timedelta(seconds=(datetime.now(UTC) - self.since).total_seconds() * self.speed)

    @classmethod
    def read(cls, text: str) -> StoryClock:
        """Read ``BEGINS;SPEED;SINCE``, two times in ISO form and a factor, as ``told`` writes it."""
        begins, speed, since = text.split(";")
        return cls(datetime.fromisoformat(begins), float(speed), datetime.fromisoformat(since))

    def told(self) -> str:
        return f"{self.begins.isoformat()};{self.speed};{self.since.isoformat()}"
