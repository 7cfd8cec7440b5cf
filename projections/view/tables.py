"""The schema of the projections: made by the owner when it migrates, owned by the application's role.

The role may do everything here, so it can rebuild and swap; on the facts it may only read and add."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zlib import crc32

from psycopg import Connection, sql

from projections.view.projection import Projection
from projections.view.table import SCHEMA

LOCK = 7310042617
TURN = 7310042
"""First half of the advisory locks by which runners take turns; the second half is computed from the name."""

_POSITIONS = """
CREATE TABLE IF NOT EXISTS projections.positions (
    name text PRIMARY KEY,
    version int NOT NULL,
    position bigint NOT NULL,
    trouble text,
    trouble_at bigint
) WITH (fillfactor = 50)"""


def turn_of(name: str) -> int:
    """Second half of the advisory lock of a projection."""
    return crc32(name.encode()) - 2**31


def create_tables(
    owner: Connection[Any], projections: Iterable[type[Projection]], app_role: str, *, dry_run: bool = False
) -> list[str]:
    """Make what is missing; returns the projections (``projections.name``) whose tables it made, or would make.

    Run by the owner after the migrations. A projection whose VERSION was raised keeps its old tables, and the
    readers theirs, until it is rebuilt; one that has not folded anything yet is simply made anew."""
    made: list[str] = []
    if not dry_run:
        owner.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
    try:
        with owner.transaction():
            known = _prepare(owner, app_role, dry_run)
            for projection in projections:
                version, position = known.get(projection.NAME, (None, 0))
                if version == projection.VERSION or (version is not None and position > 0):
                    continue
                made.append(f"{SCHEMA}.{projection.NAME}")
                if not dry_run:
                    _make(owner, projection)
    finally:
        if not dry_run:
            owner.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))
    return made


def _prepare(owner: Connection[Any], app_role: str, dry_run: bool) -> dict[str, tuple[int, int]]:
    role = sql.Identifier(app_role)
    if not dry_run:
        member = owner.execute("SELECT pg_has_role(current_user, %s, 'SET')", (app_role,)).fetchone()
        if member != (True,):
            owner.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(role))
        owner.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION {}").format(sql.Identifier(SCHEMA), role))
        # What the role makes it owns, and only an owner may rename a table: that is the swap.
        owner.execute(sql.SQL("SET LOCAL ROLE {}").format(role))
        owner.execute(_POSITIONS)
    if owner.execute("SELECT to_regclass('projections.positions')").fetchone() == (None,):
        return {}
    rows = owner.execute("SELECT name, version, position FROM projections.positions").fetchall()
    return {name: (version, position) for name, version, position in rows}


def _make(owner: Connection[Any], projection: type[Projection]) -> None:
    drop_tables(owner, projection, "")
    make_tables(owner, projection, "")
    owner.execute(
        "INSERT INTO projections.positions (name, version, position) VALUES (%s, %s, 0)"
        " ON CONFLICT (name) DO UPDATE SET version = excluded.version, position = 0, trouble = NULL",
        (projection.NAME, projection.VERSION),
    )


def make_tables(connection: Connection[Any], projection: type[Projection], suffix: str) -> None:
    for table in projection.tables.values():
        for statement in table.create(table.name + suffix):
            connection.execute(statement)


def drop_tables(connection: Connection[Any], projection: type[Projection], suffix: str) -> None:
    for table in projection.tables.values():
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(SCHEMA, table.name + suffix)))
