"""A migrated store per test, reached as the application reaches it: in its role, never as the owner."""

from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from sample_facts import SAMPLES

from domain.kernel.event import EVENTS
from infra.event_store.factory import open_recorder
from infra.event_store.group_commit import GroupCommit
from infra.event_store.migrate import migrate
from infra.event_store.recorder import EventRecorder
from infra.postgres import APP_ROLE, in_role


@pytest.fixture(scope="session")
def migrated(postgres_url: str) -> str:
    migrate(postgres_url)
    return postgres_url


@pytest.fixture
def owner_url(migrated: str, fresh_database: Callable[..., str]) -> str:
    """A migrated, empty store, as its owner."""
    return fresh_database(template=migrated)


@pytest.fixture
def store_url(owner_url: str) -> str:
    """The same store, as the application."""
    return in_role(owner_url, APP_ROLE)


@pytest.fixture
def recorder(store_url: str) -> Iterator[EventRecorder]:
    opened = open_recorder(store_url)
    yield opened
    opened.datastore.close()


@pytest.fixture
async def commits(recorder: EventRecorder) -> AsyncIterator[GroupCommit]:
    opened = GroupCommit(recorder)
    yield opened
    await opened.aclose()


@pytest.fixture
def sample_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample facts are declared while the test runs."""
    for topic, cls in SAMPLES.items():
        monkeypatch.setitem(EVENTS, topic, cls)
