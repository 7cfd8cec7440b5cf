"""A real application on a real store, asked through HTTP; every test has a database of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from town import City, Composition, application, item

from domain.kernel.people import Role
from infra.event_store.migrate import migrate
from infra.postgres import APP_ROLE, connect, in_role
from interfaces.http.app import create_app
from projections import PROJECTIONS
from projections.view import create_tables


@pytest.fixture(scope="session")
def migrated(postgres_url: str) -> str:
    migrate(postgres_url)
    with connect(postgres_url) as owner:
        create_tables(owner, PROJECTIONS, app_role=APP_ROLE)
    return postgres_url


@pytest.fixture
def store_url(migrated: str, fresh_database: Callable[..., str]) -> str:
    """A migrated, empty store, reached as the application."""
    return in_role(fresh_database(template=migrated), APP_ROLE)


@pytest.fixture
async def platform(store_url: str) -> AsyncIterator[Composition]:
    made = Composition(store_url)
    yield made
    await made.aclose()


@pytest.fixture
async def city(platform: Composition) -> AsyncIterator[City]:
    transport = httpx.ASGITransport(app=create_app(platform), client=("203.0.113.7", 1234))
    async with httpx.AsyncClient(transport=transport, base_url="http://platform.test") as client:
        yield City(platform, client)


@pytest.fixture
async def submitted(city: City) -> str:
    """A case that was submitted, by its id."""
    steward = city.someone("LC-SPJ", Role.STEWARD, "steward-1")
    acceptor = city.someone("LC-SPJ", Role.ACCEPTOR, "window-1")
    assert (await steward.post("/v1/items/publish-version", item())).status_code == 201
    answer = await acceptor.post("/v1/cases/submit-application", application())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["stream"])
