"""Doors (门户): what the HTTP service needs of the platform, and nothing of how it is made.

The composition root hands over one object of this shape; tests hand over a smaller composition of the same
real parts."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from uuid import UUID

from domain.application import ApprovalSupervision
from domain.kernel.event import Event
from domain.kernel.people import Actor, Role


@dataclass(frozen=True, slots=True)
class Bearer:
    """持证人: whom an access token stands for. An empty officer means the whole organ."""

    organ: str
    role: Role
    officer: str = ""

    def acting(self, officer: str = "") -> Actor:
        """Who acts: the token's own officer, else the named one, else the organ itself (its system)."""
        return Actor(id=self.officer or officer or self.organ, organ=self.organ, role=self.role)


class Happened(NamedTuple):
    """A fact and the position at which it was committed."""

    position: int
    fact: Event


class Happenings(NamedTuple):
    """Facts in order of commit, and the end of the range that was looked through.

    With a filter the end may lie beyond the last fact; resuming there skips nothing."""

    facts: Sequence[Happened]
    end: int


@dataclass(frozen=True, slots=True)
class Readiness:
    """就绪情况: raw facts about the surroundings; the door judges them.

    ``trouble`` says why the database does not answer (the rest is then empty). ``years`` are the years that
    have a partition, ``projections`` the position of each."""

    trouble: str = ""
    pending_migrations: Sequence[str] = ()
    years: Sequence[int] = ()
    head: int = 0
    projections: Mapping[str, int] = field(default_factory=dict)


class Doors(Protocol):
    """What the HTTP service is given."""

    app: ApprovalSupervision
    read: Any
    outages: tuple[type[BaseException], ...]
    """Errors that mean: the store cannot be reached now; answered 503, never 500."""

    def now(self) -> datetime:
        """The time, from the one clock."""

    def authenticate(self, token: str) -> Awaitable[Bearer | None]:
        """Whom a token stands for; none when it is unknown, expired or revoked."""

    def head(self) -> Awaitable[int]:
        """The position of the last committed fact, 0 in an empty store."""

    def events_after(self, position: int, limit: int, topics: Sequence[str] | None = None) -> Awaitable[Happenings]:
        """The next facts in order of commit, all or those with the stored names ``topics``."""

    def wait_for_new(self, position: int, timeout: float) -> Awaitable[None]:
        """Return when facts beyond the position may be there, at the latest after ``timeout`` seconds."""

    def facts_of(self, stream: UUID) -> Awaitable[Sequence[Event]]:
        """All facts of one stream in order of version; none when there is no such stream."""

    def readiness(self) -> Awaitable[Readiness]:
        """Facts for the readiness probe; must not raise when the database is away."""


if TYPE_CHECKING:
    Reader = Any
