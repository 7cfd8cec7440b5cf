"""PostgreSQL: connections, the role the application works as, and what is said when the server is not there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import ConnectionPool

from infra.settings import Settings, in_role

APP_ROLE: str = Settings.model_fields["database_app_role"].default

__all__ = ["APP_ROLE", "DatabaseUnreachable", "connect", "connections", "facts_of_server", "in_role", "parts"]


class DatabaseUnreachable(Exception):
    """数据库连接不上。The message names the server (never the password), the reason and what to do."""

    def __init__(self, url: str, reason: BaseException) -> None:
        known = parts(url)
        where = f"{known.get('host', '?')}:{known.get('port', 5432)}/{known.get('dbname', '?')}"
        why = str(reason).strip().splitlines()[0] if str(reason).strip() else type(reason).__name__
        super().__init__(
            f"无法连接数据库 {where}:{why};请确认 PostgreSQL 已启动、SHUANGTUI_DATABASE_URL 正确。"
            f" Cannot reach the database {where}: {why}; check that it runs and SHUANGTUI_DATABASE_URL is right."
        )


def parts(url: str) -> dict[str, Any]:
    """The connection parameters of a URL, by libpq's names."""
    return dict(conninfo_to_dict(url))


@contextmanager
def connect(url: str, *, autocommit: bool = True) -> Iterator[Connection[tuple[Any, ...]]]:
    """One connection, closed afterwards. Raises DatabaseUnreachable."""
    try:
        connection = psycopg.connect(url, autocommit=autocommit, connect_timeout=10)
    except psycopg.OperationalError as e:
        raise DatabaseUnreachable(url, e) from e
    with connection:
        yield connection


def connections(
    url: str, *, least: int = 1, most: int = 8, name: str = "shuangtui"
) -> ConnectionPool[Connection[tuple[Any, ...]]]:
    """A pool of autocommitting connections; close it. A dead connection is noticed before it is handed out."""
    return ConnectionPool(
        url,
        min_size=least,
        max_size=most,
        open=True,
        name=name,
        kwargs={"autocommit": True},
        check=ConnectionPool.check_connection,
    )


def facts_of_server(connection: Connection[Any]) -> dict[str, str]:
    """What a measurement must say of the server it ran on."""
    names = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers")
    return {name: connection.execute(f"SHOW {name}").fetchone()[0] for name in names}  # type: ignore[index]
