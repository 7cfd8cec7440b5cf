"""Composition root (组装): the one place where the parts of the platform meet.

Nobody imports this but the command line and the factory of the HTTP service."""

from __future__ import annotations

import gc
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from domain.application import ApprovalSupervision
from domain.policies.policy import Policy
from infra.clock import Clock, StoryClock, WallClock
from infra.draw_secrets import DerivedSecrets
from infra.embedded.engines import Engines, KafkaChoice, ProfileName, Running, running
from infra.event_store.factory import environment
from infra.event_store.group_commit import GroupCommit
from infra.event_store.mapper import decode
from infra.event_store.migrate import Migrated, migrate
from infra.event_store.recorder import EventRecorder
from infra.kafka.connection import Connection
from infra.keys import persons_of
from infra.policy_facts import policies_of
from infra.postgres import connect, in_role
from infra.settings import Settings
from projections import PROJECTIONS
from projections.view import ProjectionRunner, Reader, create_tables


@dataclass(frozen=True)
class Place:
    """Where the engines answer: set from outside, or embedded and found under the home directory."""

    owner_url: str
    app_url: str
    kafka_bootstrap: str | None
    profile: ProfileName
    home: Path

    def environment(self, settings: Settings) -> dict[str, str]:
        """What a child process needs to find the same engines."""
        told = {
            "SHUANGTUI_DATABASE_URL": self.owner_url,
            "SHUANGTUI_KAFKA_PROFILE": self.profile,
            "SHUANGTUI_HOME": str(settings.home),
        }
        if self.kafka_bootstrap:
            told["SHUANGTUI_KAFKA_BOOTSTRAP"] = self.kafka_bootstrap
        return {**os.environ, **told}

    def kafka(self, settings: Settings) -> Connection:
        return Connection.of(settings, self.kafka_bootstrap, self.profile)


def place_of(settings: Settings, engines: Running | Engines | None = None) -> Place:
    url = settings.database_url or (engines.database_url if engines else None)
    if not url:
        raise NothingRuns()
    bootstrap = settings.kafka_bootstrap or (engines.kafka_bootstrap if engines else None)
    profile = engines.profile if engines and not settings.kafka_bootstrap else settings.kafka_profile
    return Place(url, in_role(url, settings.database_app_role), bootstrap, profile, settings.home)


@contextmanager
def engines_of(settings: Settings, kafka: KafkaChoice = "embedded") -> Iterator[Place]:
    """The engines that run, or ones of our own for as long as the block lasts."""
    outside = settings.database_url and (settings.kafka_bootstrap or kafka == "none")
    found = None if outside else running(settings.home)
    if outside or found is not None:
        yield place_of(settings, found)
        return
    engines = Engines.start(settings.home, kafka, settings)
    try:
        yield place_of(settings, engines)
    finally:
        engines.stop()


class NothingRuns(Exception):
    """没有可用的数据库:请设置 SHUANGTUI_DATABASE_URL,或先运行 shuangtui up。
    No database is known: set SHUANGTUI_DATABASE_URL, or run `shuangtui up` first."""

    def __init__(self) -> None:
        super().__init__(" ".join((self.__doc__ or "").split()))


def clock_of(settings: Settings) -> Clock:
    return StoryClock.read(settings.story_clock) if settings.story_clock else WallClock()


def prepare(place: Place, settings: Settings, *, dry_run: bool = False) -> Migrated:
    """Bring the database to the shape this version needs: the store first, then the projections' tables."""
    password = settings.database_app_password
    done = migrate(
        place.owner_url, app_role=settings.database_app_role,
        app_password=password.get_secret_value() if password else None, dry_run=dry_run,
    )  # fmt: skip
    if dry_run:
        return done
    with connect(place.owner_url) as connection:
        tables = create_tables(connection, PROJECTIONS, settings.database_app_role)
    return replace(done, applied=[*done.applied, *(f"projection {name}" for name in tables)])


def projection_runner(place: Place) -> ProjectionRunner:
    """What folds the read side of this place."""
    return ProjectionRunner(place.app_url, PROJECTIONS, decode)


def reader_at(place: Place) -> Reader:
    """The read side alone; close it."""
    return Reader(place.app_url, decode)


def keep_what_was_loaded() -> None:
    """Tell the collector that what a process has loaded at its start is never garbage. Several hundred classes of facts
    and commands would be walked by each full collection: a tenth of a second in the middle of somebody's command."""
    gc.collect()
    gc.freeze()


@dataclass(slots=True)
class Platform:
    """The platform inside one process: use cases, store, reads, policies and clock."""

    settings: Settings
    place: Place
    clock: Clock
    app: ApprovalSupervision
    recorder: EventRecorder
    commits: GroupCommit
    read: Reader
    policies: Sequence[Policy]

    def now(self) -> datetime:
        return self.clock.now()


@asynccontextmanager
async def platform_at(place: Place, settings: Settings) -> AsyncIterator[Platform]:
    """Open the platform on running engines; everything is closed again, what was handed in is stored first."""
    app = ApprovalSupervision(
        environment(place.app_url, least=settings.database_pool_min, most=settings.database_pool_max)
    )
    recorder = app.recorder
    assert isinstance(recorder, EventRecorder)
    commits = app.commits = GroupCommit(recorder)
    app.persons = persons_of(settings)
    read = reader_at(place)
    try:
        policies = policies_of(read, DerivedSecrets(settings))
        yield Platform(settings, place, clock_of(settings), app, recorder, commits, read, policies)
    finally:
        await commits.aclose()
        read.close()
        app.close()
