"""Who may decide in whose name, how far, and from when to when? (首席代表授权)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from domain.delegation import DelegationAltered, DelegationGranted, DelegationWithdrawn
from projections.view import Page, Projection, Reader, Table


@dataclass(slots=True)
class LetterRow:
    """A letter as it stands now; ``retroactive`` tells that it was signed after it began (补签)."""

    delegation_id: UUID
    letter_no: str
    organ: str
    officer: str
    head: str
    scope: dict[str, Any]
    valid_from: date
    valid_to: date
    retroactive: bool
    retroactive_because: str
    first_position: int
    position: int
    version: int
    withdrawn_from: date | None = None
    withdrawn_because: str = ""
    altered_because: str = ""


_ROW = "SELECT * FROM projections.delegation_letter"


def letters(
    read: Reader,
    *,
    organ: str = "",
    officer: str = "",
    on: date | None = None,
    retroactive: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[LetterRow]:
    """Letters, oldest first; only those in force on a day, if one is named. Raises BadCursor."""
    where, params = [], {"organ": organ, "officer": officer, "on": on}
    if organ:
        where.append("organ = %(organ)s")
    if officer:
        where.append("officer = %(officer)s")
    if on is not None:
        where.append(
            "valid_from <= %(on)s AND valid_to >= %(on)s AND (withdrawn_from IS NULL OR withdrawn_from > %(on)s)"
        )
    if retroactive:
        where.append("retroactive")
    return read.page(
        LetterRow, _ROW + (" WHERE " + " AND ".join(where) if where else ""), params,
        order=("first_position",), cursor=cursor, limit=limit,
    )  # fmt: skip


class Delegations(Projection):
    """Letters of delegation, and what became of them."""

    NAME = "delegations"
    ZH = "首席代表授权"
    rows = Table(
        "delegation_letter", LetterRow, key=("delegation_id", "letter_no"),
        indexes=("(organ, first_position)", "(officer)", "(first_position)"),
    )  # fmt: skip

    def granted(self, fact: DelegationGranted) -> None:
        self.rows.put(
            LetterRow(
                delegation_id=fact.originator_id, letter_no=fact.letter_no, organ=fact.organ, officer=fact.officer,
                head=fact.head, scope=fact.scope.model_dump(mode="json"), valid_from=fact.valid_from,
                valid_to=fact.valid_to, retroactive=fact.retroactive, retroactive_because=fact.retroactive_because,
                first_position=self.position, position=self.position, version=fact.originator_version,
            )
        )  # fmt: skip

    def altered(self, fact: DelegationAltered) -> None:
        row = self._row(fact)
        row.scope, row.valid_to = fact.scope.model_dump(mode="json"), fact.valid_to
        row.altered_because = fact.reason

    def withdrawn(self, fact: DelegationWithdrawn) -> None:
        row = self._row(fact)
        row.withdrawn_from, row.withdrawn_because = fact.effective_on, fact.reason

    def _row(self, fact: DelegationAltered | DelegationWithdrawn) -> LetterRow:
        row = self.rows[fact.originator_id, fact.letter_no]
        row.position, row.version = self.position, fact.originator_version
        return row
