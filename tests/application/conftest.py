"""One real store per test, and as many instances of the application on it as the test wants."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import psycopg
import pytest

from infra.event_store.migrate import migrate
from infra.postgres import APP_ROLE, in_role
from tests.application.office import Office, Open


@pytest.fixture(scope="session")
def migrated(postgres_url: str) -> str:
    migrate(postgres_url)
    return postgres_url


@pytest.fixture
def owner_url(migrated: str, fresh_database: Callable[..., str]) -> str:
    return fresh_database(template=migrated)


@pytest.fixture
async def open_office(owner_url: str) -> AsyncIterator[Open]:
    """`open_office()` is one more process on the same store, as far as the store can tell."""
    opened: list[Office] = []

    def open_one(**kwargs: Any) -> Office:
        opened.append(Office.at(in_role(owner_url, APP_ROLE), **kwargs))
        return opened[-1]

    yield open_one
    for office in opened:
        await office.aclose()


@pytest.fixture
async def office(open_office: Open) -> Office:
    return open_office()


@pytest.fixture
def store(owner_url: str) -> Iterator[psycopg.Connection[Any]]:
    """The store as its owner sees it."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        yield connection
