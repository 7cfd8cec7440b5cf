"""A world of recorded facts per test: decided by the real aggregates, stored by the real recorder, folded, read."""

from collections.abc import Callable, Iterator

import pytest
from world import World

from infra.event_store.factory import open_recorder
from infra.event_store.migrate import migrate
from infra.event_store.recorder import EventRecorder
from infra.postgres import APP_ROLE, connect, in_role
from projections import PROJECTIONS
from projections.view import create_tables


@pytest.fixture(scope="session")
def prepared(postgres_url: str) -> str:
    migrate(postgres_url)
    with connect(postgres_url) as owner:
        create_tables(owner, PROJECTIONS, APP_ROLE)
    return postgres_url


@pytest.fixture
def owner_url(prepared: str, fresh_database: Callable[..., str]) -> str:
    return fresh_database(template=prepared)


@pytest.fixture
def app_url(owner_url: str) -> str:
    return in_role(owner_url, APP_ROLE)


@pytest.fixture
def recorder(app_url: str) -> Iterator[EventRecorder]:
    opened = open_recorder(app_url)
    yield opened
    opened.datastore.close()


@pytest.fixture
def world(app_url: str, recorder: EventRecorder) -> Iterator[World]:
    with World(app_url, recorder) as made:
        yield made
