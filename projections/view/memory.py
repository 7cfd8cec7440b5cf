"""Folding in memory (内存折叠): a projection over a few facts at hand, with no database and nothing kept.

For questions about one stream as it stood at a moment: the same handlers answer that fill the tables, so that an
audit replay cannot tell another story than the board did."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from domain.kernel.event import Event
from projections.view.projection import Projection
from projections.view.table import Rows

P = TypeVar("P", bound=Projection)


class RowsAtHand(Rows[Any]):
    """Rows that begin with nothing and are never written."""

    def _load(self, wanted: set[object]) -> None:
        self._families.update((value, {}) for value in wanted)

    def all(self) -> list[Any]:
        """Every row, in the order in which they were made."""
        return [row for family in self._families.values() for row in family.values()]


def folded_in_memory(projection: type[P], facts: Iterable[Event]) -> P:
    """The projection after these facts alone, in their order. Their place in the log stands as their number."""
    made = projection()
    made.working = {name: RowsAtHand(table, name) for name, table in projection.tables.items()}
    for number, fact in enumerate(facts, 1):
        handler = made.handlers.get(type(fact))
        if handler is not None:
            made.position = number
            handler(fact)
    return made
