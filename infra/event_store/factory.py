"""Factory (装配): the library's PostgreSQL infrastructure, reached by one URL.

The library's own settings name host, user and password one by one and so cannot carry TLS, a role or any other
connection option; this factory takes the URL whole."""

from __future__ import annotations

from typing import Any

from eventsourcing.persistence import InfrastructureFactory, ProgrammingError
from eventsourcing.postgres import PostgresDatastore, PostgresFactory
from eventsourcing.utils import Environment, get_topic, strtobool

from infra.event_store.mapper import EventMapper
from infra.event_store.recorder import EventRecorder
from infra.postgres import connect, parts

URL, POOL_MIN, POOL_MAX = "DATABASE_URL", "DATABASE_POOL_MIN", "DATABASE_POOL_MAX"
_PLAIN = ("dbname", "host", "port", "user", "password")


class NotMigrated(ProgrammingError):
    """事实库尚未建立: the database has no tables of the store."""

    def __init__(self, url: str) -> None:
        name = parts(url).get("dbname", "?")
        super().__init__(
            f"数据库 {name} 中还没有事实库;请先执行 shuangtui migrate。"
            f" The database {name} holds no store yet; run shuangtui migrate first."
        )


class Factory(PostgresFactory):
    """Chosen by ``PERSISTENCE_MODULE``."""

    def __init__(self, env: Environment | Any) -> None:
        InfrastructureFactory.__init__(self, env)
        if strtobool(self.env.get(self.POSTGRES_ENABLE_DB_FUNCTIONS) or "no"):
            raise ProgrammingError(
                "不得启用 POSTGRES_ENABLE_DB_FUNCTIONS;请移除该设置。"
                " POSTGRES_ENABLE_DB_FUNCTIONS must stay off; remove the setting."
            )
        url = self.env.get(URL)
        if url is None:
            raise ProgrammingError(f"缺少 {URL}。 {URL} is not set.")
        self.datastore = datastore(url, int(self.env.get(POOL_MIN) or 1), int(self.env.get(POOL_MAX) or 8))


def datastore(url: str, least: int = 1, most: int = 8) -> PostgresDatastore:
    """The library's datastore for a URL with any connection options; close it."""
    known = parts(url)
    made = PostgresDatastore(
        *(str(known.pop(name, "")) for name in _PLAIN),
        pool_size=least,
        max_overflow=max(most - least, 0),
        connect_timeout=10.0,
        idle_in_transaction_session_timeout=60,
        pre_ping=True,
    )
    kwargs = made.pool.kwargs
    assert isinstance(kwargs, dict)
    for name in _PLAIN:
        if not kwargs[name]:
            del kwargs[name]
    kwargs.update(known)
    return made


def environment(url: str, *, least: int = 1, most: int = 8) -> dict[str, str]:
    """Settings of a library application that stores through our mapper and recorder."""
    return {
        "PERSISTENCE_MODULE": get_topic(Factory),
        "MAPPER_TOPIC": get_topic(EventMapper),
        "APPLICATION_RECORDER_TOPIC": get_topic(EventRecorder),
        "CREATE_TABLE": "n",
        URL: url,
        POOL_MIN: str(least),
        POOL_MAX: str(most),
    }


def open_recorder(url: str, *, least: int = 1, most: int = 8) -> EventRecorder:
    """The recorder alone, for readers that need no application; close ``recorder.datastore``.

    Raises DatabaseUnreachable, NotMigrated."""
    with connect(url) as connection:
        if connection.execute("SELECT to_regclass('public.approval_events')").fetchone() == (None,):
            raise NotMigrated(url)
    return EventRecorder(datastore(url, least, most))
