"""When the database goes away everybody is told to try again, and when it comes back nothing needs a restart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from town import Asked, item, problem

from domain.kernel.people import Role
from infra.clock import WallClock
from infra.embedded.postgres import Postgres
from infra.event_store.migrate import migrate
from infra.postgres import APP_ROLE, connect, connections, in_role
from infra.tokens import AccessTokens
from interfaces.http.factory import create
from projections import PROJECTIONS
from projections.view import create_tables

ENOUGH = 60.0


@pytest.fixture
async def postgres(engine_home: Path) -> AsyncIterator[Postgres]:
    server = Postgres(engine_home)
    await asyncio.to_thread(server.start)
    migrate(server.url)
    with connect(server.url) as owner:
        create_tables(owner, PROJECTIONS, app_role=APP_ROLE)
    yield server
    await asyncio.to_thread(server.stop)


async def test_a_lost_database_is_503_and_a_returned_one_is_used_again(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHUANGTUI_DATABASE_URL", postgres.url)
    with connections(in_role(postgres.url, APP_ROLE)) as pool:
        token = AccessTokens(pool, WallClock().now).issue("LC-SPJ", Role.STEWARD, officer="s", purpose="test")
    app, port = create(), postgres.port
    transport = httpx.ASGITransport(app=app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        steward = Asked(client, token)
        assert (await steward.post("/v1/items/publish-version", item())).status_code == 201
        assert (await steward.get("/v1/items")).status_code == 200
        await asyncio.to_thread(postgres.stop)
        async with asyncio.timeout(ENOUGH):
            assert (await client.get("/livez")).status_code == 200
            ready = await client.get("/readyz")
            assert (ready.status_code, ready.json()["ready"]) == (503, False)
            for answer in await asyncio.gather(
                steward.post("/v1/items/publish-version", item("370000-B-01"), key="the-one-key"),
                steward.get("/v1/items"),
            ):
                problem(answer, 503, "StoreOutOfReach")
                assert "retry-after" in answer.headers
        await asyncio.to_thread(postgres.start, port)
        assert postgres.port == port, "the port was taken meanwhile"
        async with asyncio.timeout(ENOUGH):
            while (await steward.get("/v1/items")).status_code != 200:
                await asyncio.sleep(0.1)
            while True:
                answer = await steward.post("/v1/items/publish-version", item("370000-B-01"), key="the-one-key")
                if answer.status_code == 201:
                    break
                problem(answer, 503, "StoreOutOfReach")
            assert (await client.get("/readyz")).status_code == 200
