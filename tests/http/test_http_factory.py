"""开门: the service as it is started in production opens on the settings alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx
import pytest
from town import application, item

from domain.kernel.people import Role
from infra.clock import WallClock
from infra.postgres import APP_ROLE, connections, in_role
from infra.tokens import AccessTokens
from infra.wiring import NothingRuns
from interfaces.http.factory import create


async def test_the_service_opens_on_its_settings_and_says_that_it_is_ready(
    migrated: str, fresh_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = fresh_database(template=migrated)
    monkeypatch.setenv("SHUANGTUI_DATABASE_URL", url)
    app = create()
    with connections(in_role(url, APP_ROLE)) as pool:
        tokens = AccessTokens(pool, WallClock().now)
        steward = tokens.issue("LC-SPJ", Role.STEWARD, officer="steward-1", purpose="test")
        regulator = tokens.issue("LC-SCJG", Role.REGULATOR, officer="zhang", purpose="test")
    transport = httpx.ASGITransport(app=app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        ready = await client.get("/readyz")
        assert ready.status_code == 200, ready.text
        assert {c["name"] for c in ready.json()["checks"]} >= {"database", "migrations", "partition", "calendar"}
        headers = {"Authorization": f"Bearer {steward}", "Idempotency-Key": "factory-1"}
        done = await client.post("/v1/items/publish-version", json=item(), headers=headers)
        assert done.status_code == 201, done.text
        refused = await client.post(
            "/v1/cases/submit-application", json=application(),
            headers={"Authorization": f"Bearer {regulator}", "Idempotency-Key": "factory-2"},
        )  # fmt: skip
        assert refused.status_code == 403
        asking = {"Authorization": f"Bearer {regulator}"}
        unseen = client.get("/v1/items", headers=asking, params={"min_position": done.headers["x-position"]})
        assert (await asyncio.wait_for(unseen, 20)).status_code == 503, "no projections run here"


def test_without_a_database_the_service_says_what_to_set(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.delenv("SHUANGTUI_DATABASE_URL", raising=False)
    monkeypatch.setenv("SHUANGTUI_HOME", str(tmp_path))
    with pytest.raises(NothingRuns, match="SHUANGTUI_DATABASE_URL"):
        create()
