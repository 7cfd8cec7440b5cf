"""Migrations (库表变更): the only place where tables, roles and rights of the store are made.

Files run once, in order of name, each in its own transaction, and may never change afterwards. One advisory
lock makes any number of processes that migrate at once take turns: letting each service create its tables on
start failed 17 times of 40 with eight services."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources import files
from typing import Any

import psycopg
from psycopg import Connection, sql

from infra.postgres import APP_ROLE, connect

LOCK = 7310042615
FIRST_YEAR = 2024
"""The first year with a partition of its own; the years before it share one."""

RIGHTS = {
    "approval_events": "SELECT, INSERT",
    "approval_tracking": "SELECT, INSERT, UPDATE",
    "approval_requests": "SELECT, INSERT",
    "access_tokens": "SELECT, INSERT, UPDATE",
}


class MigrationRefused(Exception):
    """库表变更被拒绝。The database and the migration files do not belong together; the message says how."""


@dataclass(frozen=True)
class Migration:
    """One file of DDL; ``checksum`` is the SHA-256 of its text."""

    name: str
    text: str

    @property
    def checksum(self) -> str:
        return sha256(self.text.encode()).hexdigest()


@dataclass
class Migrated:
    """What a run did (or, in a dry run, would do)."""

    applied: list[str] = field(default_factory=list)
    partitions: list[str] = field(default_factory=list)


def migrations() -> list[Migration]:
    """All migrations, in the order in which they run."""
    found = [f for f in files("infra.event_store").joinpath("migrations").iterdir() if f.name.endswith(".sql")]
    return [Migration(f.name.removesuffix(".sql"), f.read_text("utf-8")) for f in sorted(found, key=lambda f: f.name)]


def migrate(
    url: str,
    *,
    app_role: str = APP_ROLE,
    app_password: str | None = None,
    up_to_year: int | None = None,
    dry_run: bool = False,
) -> Migrated:
    """Bring the database to the shape this version needs, as the owner.

    ``app_password`` lets the application's role log in by itself; without it the owner assumes the role after
    connecting. ``up_to_year`` defaults to next year by the server's clock. A dry run changes nothing.

    Raises MigrationRefused if a migration that already ran was edited, or the database is newer than this
    version; DatabaseUnreachable; psycopg.Error if a migration itself fails (that one is then not applied)."""
    done = Migrated()
    with connect(url) as connection:
        if not dry_run:
            connection.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
            connection.execute(
                "CREATE TABLE IF NOT EXISTS public.store_migrations "
                "(name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
            )
        for migration in _pending(connection):
            if not dry_run:
                with connection.transaction():
                    connection.execute(migration.text.encode())
                    connection.execute(
                        "INSERT INTO public.store_migrations (name, checksum) VALUES (%s, %s)",
                        (migration.name, migration.checksum),
                    )
            done.applied.append(migration.name)
        if not dry_run:
            done.partitions = ensure_year_partitions(connection, up_to_year)
            _grant(connection, app_role, app_password)
    return done


def pending(url: str) -> list[str]:
    """Names of the migrations this database still lacks; empty when it is ready to serve."""
    with connect(url) as connection:
        return [migration.name for migration in _pending(connection)]


def ensure_year_partitions(connection: Connection[Any], up_to_year: int | None = None) -> list[str]:
    """Make the yearly partitions up to a year (next year by the server's clock); returns those it made.

    Facts of a year that has no partition yet are not lost: they wait in ``approval_events_later`` and are moved
    when the partition is made. Needs the owner's rights."""
    if up_to_year is None:
        row = connection.execute("SELECT extract(year FROM now())::int + 1").fetchone()
        assert row is not None
        up_to_year = int(row[0])
    made = []
    for year in range(FIRST_YEAR, up_to_year + 1):
        name = f"approval_events_{year}"
        row = connection.execute("SELECT public.approval_partition(%s, %s, %s)", (name, year, year + 1)).fetchone()
        if row is not None and row[0]:
            made.append(name)
    return made


def _pending(connection: Connection[Any]) -> list[Migration]:
    row = connection.execute("SELECT to_regclass('public.store_migrations')").fetchone()
    applied = {}
    if row is not None and row[0] is not None:
        applied = dict(connection.execute("SELECT name, checksum FROM public.store_migrations").fetchall())
    known = migrations()
    for name in sorted(applied.keys() - {m.name for m in known}):
        raise MigrationRefused(
            f"数据库已执行本版本没有的变更 {name};请改用更新的版本,或换用其他数据库。"
            f" The database has had the migration {name}, which this version does not know; run a newer version."
        )
    for migration in known:
        if applied.get(migration.name, migration.checksum) != migration.checksum:
            raise MigrationRefused(
                f"变更 {migration.name} 执行后被修改过;请恢复原文件,另写新的变更。"
                f" The migration {migration.name} was edited after it ran; restore the file and add a new one."
            )
    return [m for m in known if m.name not in applied]


def _grant(connection: Connection[Any], role: str, password: str | None) -> None:
    """The application may read and add, and nothing else; repeated at each run, so that a right once lost returns."""
    name = sql.Identifier(role)
    if not _one(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
        try:
            connection.execute(sql.SQL("CREATE ROLE {}").format(name))
        except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            pass  # roles belong to the whole server: another database of it was migrated at the same moment
        except psycopg.errors.InsufficientPrivilege as e:
            raise MigrationRefused(
                f"无权创建角色 {role};请由管理员创建该角色后再执行。"
                f" The role {role} does not exist and this login may not create it; let an administrator do so."
            ) from e
    if password is not None:
        connection.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(name, sql.Literal(password)))
    elif not _one(connection, "SELECT 1 WHERE pg_has_role(current_user, %s, 'SET')", role):
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(name))
    with connection.transaction():
        for table, rights in RIGHTS.items():
            connection.execute(
                sql.SQL("REVOKE ALL ON public.{0} FROM {1}; GRANT {2} ON public.{0} TO {1}").format(
                    sql.Identifier(table), name, sql.SQL(rights)
                )
            )
        connection.execute(
            sql.SQL(
                "GRANT USAGE ON SCHEMA public TO {0};"
                "GRANT SELECT ON public.store_migrations TO {0};"
                "GRANT USAGE ON SEQUENCE public.approval_events_notification_id_seq TO {0};"
                "REVOKE ALL ON FUNCTION public.approval_append FROM PUBLIC;"
                "GRANT EXECUTE ON FUNCTION public.approval_append TO {0}"
            ).format(name)
        )


def _one(connection: Connection[Any], query: str, *args: Any) -> Any:
    return connection.execute(query.encode(), args).fetchone()
