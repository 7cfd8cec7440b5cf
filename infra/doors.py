"""What the HTTP service is given (门户组装): the platform behind the shape that the doors ask for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

import psycopg
from eventsourcing.persistence import InterfaceError, OperationalError
from psycopg_pool import PoolTimeout

from domain.kernel.event import Event
from infra.event_store.group_commit import StoreClosed
from infra.event_store.mapper import decode
from infra.event_store.migrate import pending
from infra.postgres import DatabaseUnreachable, connect
from infra.tokens import AccessTokens
from infra.wiring import Place, Platform
from interfaces.http.doors import Bearer, Happened, Happenings, Readiness

LOOK = 0.1
"""Seconds between looks for new facts; a stream then lags by at most that."""


OUTAGES: tuple[type[Exception], ...] = (
    psycopg.OperationalError, OperationalError, InterfaceError, PoolTimeout, DatabaseUnreachable, StoreClosed,
)  # fmt: skip


class PlatformDoors:
    """Implements ``interfaces.http.doors.Doors`` for one process."""

    outages: tuple[type[BaseException], ...] = OUTAGES

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.app = platform.app
        self.read = platform.read
        self.now = platform.now
        self._tokens = AccessTokens(platform.read.pool, platform.now)

    async def authenticate(self, token: str) -> Bearer | None:
        return await self._tokens.look_up(token)

    async def head(self) -> int:
        return await asyncio.to_thread(self.platform.recorder.head)

    async def events_after(self, position: int, limit: int, topics: Sequence[str] | None = None) -> Happenings:
        page = await asyncio.to_thread(self.platform.recorder.read, position, limit, topics)
        facts = [Happened(e.id, decode(e.topic, e.state, e.originator_id, e.originator_version)) for e in page.entries]
        return Happenings(facts, page.end)

    async def wait_for_new(self, position: int, timeout: float) -> None:
        deadline = asyncio.get_running_loop().time() + timeout
        while asyncio.get_running_loop().time() < deadline:
            if await self.head() > position:
                return
            await asyncio.sleep(LOOK)

    async def facts_of(self, stream: UUID) -> Sequence[Event]:
        stored = (await self.platform.commits.load([stream])).get(stream, [])
        return [decode(s.topic, s.state, stream, s.originator_version) for s in stored]

    async def readiness(self) -> Readiness:
        return await asyncio.to_thread(readiness_at, self.platform.place)


def readiness_at(place: Place) -> Readiness:
    """Raw facts about the surroundings; says so when the database is away, and never raises for that."""
    try:
        lacking = pending(place.app_url)
        if lacking:
            return Readiness(pending_migrations=lacking)
        with connect(place.app_url) as connection:
            years = [row[0] for row in connection.execute(_YEARS)]
            head = connection.execute("SELECT coalesce(max(notification_id), 0) FROM approval_events").fetchone()
            positions = dict(connection.execute("SELECT name, position FROM projections.positions").fetchall())
        return Readiness("", (), years, head[0] if head else 0, positions)
    except psycopg.errors.UndefinedTable:
        return Readiness(pending_migrations=("projections",))
    except OUTAGES as away:
        return Readiness(trouble=str(away).strip().splitlines()[0])


_YEARS = r"""
SELECT substring(relname FROM '\d{4}$')::int FROM pg_class
WHERE relispartition AND relname ~ '^approval_events_\d{4}$'
"""
