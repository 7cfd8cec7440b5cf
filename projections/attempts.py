"""Who attempted what may not be? (越权与无据用印未遂) For discipline inspection only.

Decisions beyond a letter of delegation and uses of a seal without a decision: refused where they were asked, and
recorded. The facts are confined to discipline inspectors and auditors, and so is this table: no other read asks it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from domain.delegation import DecisionBeyondDelegation
from domain.kernel.event import Event
from domain.kernel.words import Personal
from domain.seal.facts import SealUseAttempted
from projections.timeline import shown
from projections.view import Page, Projection, Reader, Table

OFFICER = Personal("text")


@dataclass(slots=True)
class AttemptRow:
    """An attempt: by whom, on which case, and in what it went beyond what is allowed."""

    event_id: str
    stream: UUID
    version: int
    what: str
    organ: str
    officer: str
    case_id: UUID
    document_no: str
    faults: list[str]
    attempted_at: datetime
    position: int


@dataclass(slots=True)
class Attempt(AttemptRow):
    """An attempt, told from the recorded fact in both languages."""

    zh: str
    en: str


_ROW = "SELECT * FROM projections.refused_attempt"


def attempts(
    read: Reader,
    *,
    what: str = "",
    organ: str = "",
    officer: str = "",
    case_id: UUID | None = None,
    masked: bool = True,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Attempt]:
    """Attempts, newest first. ``what`` is the stored name of the fact, ``masked`` hides who it was. Raises BadCursor."""
    exact = {"what": what, "organ": organ, "officer": officer, "case_id": case_id}
    params: dict[str, object] = {name: value for name, value in exact.items() if value}
    where = " AND ".join(f"{name} = %({name})s" for name in params)
    page = read.page(
        AttemptRow, _ROW + (f" WHERE {where}" if where else ""), params,
        order=("position",), cursor=cursor, limit=limit, descending=True,
    )  # fmt: skip
    facts = read.facts((row.stream, row.version) for row in page.rows)
    return page.mapped(lambda row: _told(row, facts[row.stream, row.version], masked))


def _told(row: AttemptRow, fact: Event, hide: bool) -> Attempt:
    said = shown(fact) if hide else fact
    fields = asdict(row) | {"officer": OFFICER.mask(row.officer) if hide else row.officer}
    return Attempt(**fields, zh=said.telling("zh"), en=said.telling("en"))


class Attempts(Projection):
    NAME = "attempts"
    ZH = "越权与无据用印未遂"
    rows = Table(
        "refused_attempt", AttemptRow, key=("event_id",),
        indexes=("(position)", "(officer, position)", "(case_id, position)"), only_added=True,
    )  # fmt: skip

    def beyond_delegation(self, fact: DecisionBeyondDelegation) -> None:
        self._put(fact, [str(one) for one in fact.beyond])

    def without_decision(self, fact: SealUseAttempted) -> None:
        self._put(fact, [str(fact.fault)])

    def _put(self, fact: DecisionBeyondDelegation | SealUseAttempted, faults: list[str]) -> None:
        self.rows.put(
            AttemptRow(
                event_id=fact.id, stream=fact.originator_id, version=fact.originator_version, what=fact.TOPIC, organ=fact.organ, officer=fact.officer, case_id=fact.case_id,
                document_no=fact.document_no, faults=faults, attempted_at=fact.occurred_at, position=self.position,
            )
        )  # fmt: skip
