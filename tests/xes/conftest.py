"""A platform behind its public door, on a store of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from domain.approval_case.facts import CaseReported, StepReported
from domain.kernel.event import Event
from domain.kernel.people import Role
from infra.doors import PlatformDoors
from infra.event_store.mapper import facts
from infra.postgres import in_role
from infra.settings import Settings
from infra.tokens import AccessTokens
from infra.wiring import Place, Platform, platform_at, prepare
from interfaces.http.app import attach, create_app
from interfaces.xes import Counts, Mapping, import_log
from interfaces.xes.loading import over_http, source_of

LOGS = "data/permit-logs"


@pytest.fixture(scope="session")
def prepared(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    prepare(Place(postgres_url, postgres_url, None, "embedded", tmp_path_factory.mktemp("home")), Settings())
    return postgres_url


@dataclass
class Door:
    """`POST /v1/reports` of a real application, and what it stored."""

    platform: Platform

    async def takes(self, path: Path, mapping: Mapping, **settings: Any) -> Counts:
        """Import a log with the credentials of the system that wrote it."""
        source = source_of(path, mapping)
        tokens = AccessTokens(self.platform.read.pool, self.platform.now)
        expires = self.platform.now() + timedelta(hours=1)
        bearer = tokens.issue(source, Role.SOURCE, officer=source, purpose="import", expires_at=expires)
        app = create_app(None)
        attach(app, PlatformDoors(self.platform))
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app),
            base_url="http://platform",
            headers={"Authorization": f"Bearer {bearer}"},
            timeout=120,
        ) as client:
            return await import_log(path, mapping, over_http(client), **settings)

    def facts(self, *kinds: type[Event]) -> list[Any]:
        stored = self.platform.recorder.select_notifications(start=None, limit=1_000_000)
        return [fact for fact in facts(stored) if isinstance(fact, kinds)]

    def recorded(self) -> dict[str, int]:
        """The shape of what the platform holds, counted from its facts."""
        steps = self.facts(StepReported)
        return {
            "cases": len(self.facts(CaseReported)),
            "events": len(steps),
            "activities": len({step.activity for step in steps}),
            "officers": len({step.officer for step in steps if step.officer}),
        }


@pytest.fixture
async def door(prepared: str, fresh_database: Callable[..., str], tmp_path: Path) -> AsyncIterator[Door]:
    settings = Settings()
    owner_url = fresh_database(template=prepared)
    place = Place(owner_url, in_role(owner_url, settings.database_app_role), None, "embedded", tmp_path)
    async with platform_at(place, settings) as platform:
        yield Door(platform)
