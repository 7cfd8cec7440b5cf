"""Factory (开门): the HTTP service of one process, on the engines that the settings name or that run here.

The only module of the doors that knows how the platform is put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from infra.doors import PlatformDoors
from infra.embedded.engines import running
from infra.rules import answer_by_entered_rules
from infra.settings import Settings
from infra.wiring import keep_what_was_loaded, place_of, platform_at
from interfaces.http.app import attach, create_app


def create() -> FastAPI:
    """For ``uvicorn --factory``. Raises ``NothingRuns`` when no database is known, BadRule for rules that cannot be."""
    settings = Settings()
    answer_by_entered_rules(settings)
    place = place_of(settings, None if settings.database_url else running(settings.home))

    @asynccontextmanager
    async def opened(app: FastAPI) -> AsyncIterator[None]:
        async with platform_at(place, settings) as platform:
            attach(app, PlatformDoors(platform))
            yield

    app = create_app(None, lifespan=opened)
    keep_what_was_loaded()
    return app
