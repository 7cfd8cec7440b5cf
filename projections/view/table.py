"""Tables of projections: declared once by their row class; DDL, reading and bulk writing are computed from it."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from datetime import date, datetime
from itertools import islice
from operator import attrgetter
from typing import Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints, overload
from uuid import UUID

import orjson
from psycopg import Connection, sql

from domain.kernel.event import Event
from projections.view.errors import RowMissing

R = TypeVar("R")
SCHEMA = "projections"
KEPT_FAMILIES = 20_000
"""How many families a table keeps in memory between batches; hot cases are then folded without reading them again."""

_TYPES: dict[Any, str] = {
    UUID: "uuid", str: "text", int: "bigint", bool: "boolean", float: "double precision",
    datetime: "timestamptz", date: "date",
}  # fmt: skip


def own_stream(event: Event) -> tuple[object, ...]:
    """The family that most tables go by: the stream of the event itself."""
    return (event.originator_id,)


class Table(Generic[R]):
    """A table whose rows are instances of a slotted dataclass; a tuple, list or dict field is ``jsonb``.

    The first column of ``key`` is the *family*: all rows of a family are read together, before the batch that
    touches them is folded, as ``touched`` foretells from each event. A family that was not foretold is read when
    it is asked for, which is right but slow. ``only_added`` tables are never read while folding."""

    def __init__(
        self,
        name: str,
        row: type[R],
        *,
        key: tuple[str, ...],
        indexes: tuple[str, ...] = (),
        touched: Callable[[Any], Iterable[object]] = own_stream,
        only_added: bool = False,
    ) -> None:
        self.name, self.row, self.key, self.indexes = name, row, key, indexes
        self.touched, self.only_added = touched, only_added
        hints = get_type_hints(row)
        self.columns = {f.name: _column(hints[f.name]) for f in fields(row)}  # type: ignore[arg-type]
        self.jsonb = frozenset(n for n, (kind, _) in self.columns.items() if kind == "jsonb")
        if missing := [k for k in key if k not in self.columns]:
            raise TypeError(f"{name}: the key names no column: {missing}")

    @overload
    def __get__(self, instance: None, owner: type) -> Table[R]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> Rows[R]: ...
    def __get__(self, instance: Any, owner: type) -> Table[R] | Rows[R]:
        return self if instance is None else instance.working[self.name]

    def create(self, name: str) -> Iterator[sql.Composed]:
        """The statements that make the table, under its own name or that of its shadow.

        Indexes are left for PostgreSQL to name: after a swap the name of the shadow would be taken."""
        columns = sql.SQL(", ").join(
            sql.SQL("{} {}{}").format(
                sql.Identifier(column), sql.SQL(kind), sql.SQL("" if nullable else " NOT NULL")
            )
            for column, (kind, nullable) in self.columns.items()
        )  # fmt: skip
        # Room beside each row: one that changes without touching an index then stays on its page.
        room = sql.SQL("" if self.only_added else " WITH (fillfactor = 80)")
        yield sql.SQL("CREATE TABLE {} ({}, PRIMARY KEY ({})){}").format(
            sql.Identifier(SCHEMA, name), columns, _names(self.key), room
        )
        for index in self.indexes:
            yield sql.SQL("CREATE INDEX ON {} {}").format(sql.Identifier(SCHEMA, name), sql.SQL(index))


Family = dict[tuple[Any, ...], R]


class Rows(Generic[R]):
    """The rows of a table that a batch works on, in memory; written back together at its end.

    Rows stay in memory from batch to batch. That is safe because each batch begins by locking the position of its
    projection: where that is what it was, nobody else has written since."""

    def __init__(self, table: Table[R], name: str) -> None:
        self.table, self.name = table, name
        self._key = [attrgetter(k) for k in table.key]
        self._families: dict[object, Family[R]] = {}
        self._at: object = None
        self._near: Family[R] = {}
        self._changed: dict[int, R] = {}
        self._connection: Connection[Any] | None = None
        at = sql.Identifier(SCHEMA, name)
        typed = sql.SQL(", ").join(
            sql.SQL("{} {}").format(sql.Identifier(n), sql.SQL(kind)) for n, (kind, _) in table.columns.items()
        )
        others = [n for n in table.columns if n not in table.key]
        changes = sql.SQL(", ").join(sql.SQL("{0} = excluded.{0}").format(sql.Identifier(n)) for n in others)
        nothing = table.only_added or not others
        conflict = sql.SQL("DO NOTHING") if nothing else sql.SQL("DO UPDATE SET ") + changes
        self._read = sql.SQL("SELECT {} FROM {} WHERE {} = ANY(%s)").format(
            _names(table.columns), at, sql.Identifier(table.key[0])
        )
        # One JSON document instead of an array per column: one parameter, dates, ids and nested values included,
        # encoded by orjson straight from the dataclasses.
        self._write = sql.SQL(
            "INSERT INTO {at} ({names}) SELECT {names} FROM json_to_recordset(%s::json) AS r ({typed}) "
            "ON CONFLICT ({key}) {conflict}"
        ).format(at=at, names=_names(table.columns), typed=typed, key=_names(table.key), conflict=conflict)

    def peek(self, first: object, *rest: Any) -> R | None:
        """The row of a key, or none, for reading only."""
        return self._family(first).get(rest)

    def get(self, first: object, *rest: Any) -> R | None:
        """The row of a key, or none. Changing it changes the table."""
        row = self._family(first).get(rest)
        if row is not None:
            self._changed[id(row)] = row
        return row

    def __getitem__(self, key: Any) -> R:
        """The row of a key; raises RowMissing when an earlier event should have made it and did not."""
        row = self.get(*key) if isinstance(key, tuple) else self.get(key)
        if row is None:
            raise RowMissing(self.table.name, key)
        return row

    def family(self, first: object) -> list[R]:
        """All rows whose key begins with ``first``. Changing one changes the table."""
        found = list(self._family(first).values())
        self._changed.update((id(row), row) for row in found)
        return found

    def put(self, row: R) -> R:
        """Add a row, or replace the one of the same key."""
        first, *rest = (part(row) for part in self._key)
        # A table that is only added to keeps its rows here until they are written, so that none is sent twice.
        family = self._families.setdefault(first, {}) if self.table.only_added else self._family(first)
        before = family.get(tuple(rest))
        if before is not None:
            self._changed.pop(id(before), None)
        family[tuple(rest)] = self._changed[id(row)] = row
        return row

    def begin(self, connection: Connection[Any], events: Iterable[Event]) -> None:
        """Read the families that the events will touch, in one statement."""
        self._connection = connection
        if self.table.only_added:
            return
        touched, kept = self.table.touched, self._families
        self._load({value for event in events for value in touched(event) if value not in kept})

    def write(self) -> int:
        """Write what the batch changed, in one statement; returns how many rows."""
        assert self._connection is not None
        if not self._changed:
            return 0
        document = orjson.dumps(list(self._changed.values()))
        if b"\\u0000" in document:
            document = _without_nul(document)
        self._connection.execute(self._write, (document.decode(),))
        count = len(self._changed)
        self._changed = {}
        return count

    def end(self) -> None:
        """After a commit: forget the families that came first, so that memory stays flat."""
        self._connection = self._at = None
        kept = 0 if self.table.only_added else KEPT_FAMILIES
        if len(self._families) > kept:
            for value in list(islice(self._families, len(self._families) - kept // 2)):
                del self._families[value]

    def forget(self) -> None:
        """Forget everything: the batch failed, or somebody else moved the table on."""
        self._families.clear()
        self._changed = {}
        self._connection = self._at = None

    def _family(self, first: object) -> Family[R]:
        # One event asks for the same family several times, by the very same object; hashing an id is not free.
        if first is self._at:
            return self._near
        known = self._families.get(first)
        if known is None:
            self._load({first})
            known = self._families[first]
        self._at, self._near = first, known
        return known

    def _load(self, wanted: set[object]) -> None:
        if not wanted:
            return
        assert self._connection is not None, "rows are only at hand while a batch is folded"
        for value in wanted:
            self._families[value] = {}
        make = self.table.row
        first, *others = self._key
        with self._connection.cursor(binary=True) as cursor:
            for values in cursor.execute(self._read, (list(wanted),)):
                row = make(*values)
                self._families[first(row)][tuple(part(row) for part in others)] = row


def _column(hint: Any) -> tuple[str, bool]:
    """SQL type of an annotation, and whether it may be null."""
    nullable = False
    if get_origin(hint) in (Union, types.UnionType):
        inner = [a for a in get_args(hint) if a is not type(None)]
        nullable = len(inner) < len(get_args(hint))
        hint = inner[0]
    if get_origin(hint) in (list, tuple, dict) or hint in (list, tuple, dict):
        return "jsonb", nullable
    if isinstance(hint, type) and issubclass(hint, str):
        return "text", nullable
    if hint not in _TYPES:
        raise TypeError(f"a column cannot be of the type {hint}")
    return _TYPES[hint], nullable


def _names(columns: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _without_nul(document: bytes) -> bytes:
    r"""PostgreSQL text holds no U+0000; one such character in a reported name would stop the whole projection.

    Only an odd backslash begins the escape: ``\\u0000`` is a backslash followed by plain text."""
    return orjson.dumps(_clean(orjson.loads(document)))


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd")
    if isinstance(value, list):
        return [_clean(v) for v in value]
    if isinstance(value, dict):
        return {_clean(k): _clean(v) for k, v in value.items()}
    return value
