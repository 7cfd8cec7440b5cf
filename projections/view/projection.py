"""Projection (投影): one question, answered from facts; its handlers are the methods that take a fact."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, ClassVar, get_args, get_type_hints

from psycopg import sql

from domain.kernel.event import EVENTS, Event
from projections.view.table import SCHEMA, Rows, Table

SHADOW = "__next"


class Projection:
    """Base of all projections.

    A public method whose argument is annotated with an event class (or several, or one that others derive from)
    handles those events; the most specific one wins. ``VERSION`` counts changes of tables or handlers: raised, it
    asks for a rebuild. While handling, ``position`` is the place of the event in the store."""

    NAME: ClassVar[str] = ""
    ZH: ClassVar[str] = ""
    VERSION: ClassVar[int] = 1
    tables: ClassVar[dict[str, Table[Any]]] = {}
    _handlers: ClassVar[dict[type[Event], str]] = {}

    FOLD_SQL: ClassVar[str] = ""
    """Instead of handlers: statements that fold the range (%(after)s, %(upto)s] inside the database, nothing
    decoded. ``{table name}`` stands for the table, live or shadow."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.tables = {t.name: t for t in vars(cls).values() if isinstance(t, Table)}
        cls._handlers = {}
        for name, method in inspect.getmembers(cls, inspect.isfunction):
            if name.startswith("_"):
                continue
            hints = get_type_hints(method)
            hints.pop("return", None)
            for hint in hints.values():
                for kind in get_args(hint) or (hint,):
                    if isinstance(kind, type) and issubclass(kind, Event):
                        cls._handlers[kind] = name
        if cls.NAME and bool(cls._handlers) == bool(cls.FOLD_SQL):
            raise TypeError(f"{cls.__name__} must have handlers or FOLD_SQL, and not both")

    def __init__(self, suffix: str = "") -> None:
        self.suffix = suffix
        self.position = 0
        self.working: dict[str, Rows[Any]] = {n: Rows(t, n + suffix) for n, t in self.tables.items()}
        self.handlers: dict[type[Event], Callable[[Any], None]] = {}
        for event in EVENTS.values():
            name = next((self._handlers[c] for c in event.__mro__ if c in self._handlers), None)
            if name is not None:
                self.handlers[event] = getattr(self, name)
        self.topics = frozenset(event.TOPIC for event in self.handlers)

    @property
    def stored_name(self) -> str:
        """The name of its turn; a shadow has one of its own."""
        return self.NAME + self.suffix

    @property
    def fold_sql(self) -> sql.Composed:
        names = {n: sql.Identifier(SCHEMA, n + self.suffix) for n in self.tables}
        return sql.SQL(self.FOLD_SQL).format(**names)
