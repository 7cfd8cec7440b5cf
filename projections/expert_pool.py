"""Who is in the expert pool? (专家库) Experts by number, discipline and state, and how many each discipline has."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from uuid import UUID

from domain import expert as e
from domain.kernel.event import Event
from domain.kernel.experts import ExpertState
from domain.kernel.words import Personal
from projections.view import Page, Projection, Reader, Table


@dataclass(slots=True)
class ExpertRow:
    """One expert; ``ties`` counts the declared ones, open and ended. ``version`` is its ETag."""

    expert_no: str
    expert_id: UUID
    name: str
    title: str
    state: str
    version: int
    position: int
    first_position: int
    disciplines: list[str] = field(default_factory=list)
    ties: int = 0
    reason: str = ""


@dataclass(slots=True)
class DisciplineSize:
    discipline: str
    enrolled: int
    suspended: int


_ROW = "SELECT * FROM projections.expert"
_NAME = Personal("name")


def expert(read: Reader, expert_no: str, *, masked: bool = True) -> ExpertRow | None:
    found = read.one(ExpertRow, _ROW + " WHERE expert_no = %s", (expert_no,))
    return _shown(found, masked) if found else None


def by_id(read: Reader, expert_id: str, *, masked: bool = True) -> ExpertRow | None:
    """One expert by the id of its stream, given as text; none for what is no id."""
    try:
        stream = UUID(expert_id)
    except ValueError:
        return None
    found = read.one(ExpertRow, _ROW + " WHERE expert_id = %s", (stream,))
    return _shown(found, masked) if found else None


def find(
    read: Reader,
    *,
    discipline: str = "",
    state: str = "",
    number: str = "",
    masked: bool = True,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ExpertRow]:
    """Experts by number; ``number`` may be its beginning. Raises BadCursor."""
    where = ["true"]
    params = {"discipline": discipline, "state": state, "number": number}
    if discipline:
        where.append("disciplines @> to_jsonb(%(discipline)s::text)")
    if state:
        where.append("state = %(state)s")
    if number:
        where.append("starts_with(expert_no, %(number)s)")
    page = read.page(
        ExpertRow, _ROW + " WHERE " + " AND ".join(where), params, order=("expert_no",), cursor=cursor, limit=limit
    )
    return page.mapped(lambda row: _shown(row, masked))


def in_discipline(read: Reader, discipline: str) -> list[str]:
    """Numbers of everybody who may have to be listed when the pool of a discipline is frozen, the suspended too."""
    rows = read.rows(
        ExpertRow, _ROW + " WHERE disciplines @> to_jsonb(%s::text) AND state <> %s ORDER BY expert_no",
        (discipline, str(ExpertState.REMOVED)),
    )  # fmt: skip
    return [row.expert_no for row in rows]


def sizes(read: Reader) -> list[DisciplineSize]:
    """How many experts each discipline has."""
    return read.rows(
        DisciplineSize,
        "SELECT d AS discipline, count(*) FILTER (WHERE state = 'enrolled') AS enrolled,"
        " count(*) FILTER (WHERE state = 'suspended') AS suspended"
        " FROM projections.expert CROSS JOIN LATERAL jsonb_array_elements_text(disciplines) AS d"
        " WHERE state <> 'removed' GROUP BY d ORDER BY d",
    )


def _shown(row: ExpertRow, masked: bool) -> ExpertRow:
    return replace(row, name=_NAME.mask(row.name)) if masked else row


Known = (
    e.ExpertEnrolled | e.DisciplinesChanged | e.TieDeclared | e.TieEnded | e.ExpertSuspended | e.ExpertReinstated
    | e.ExpertRemoved
)  # fmt: skip

LEADS_TO = {
    e.ExpertSuspended: ExpertState.SUSPENDED,
    e.ExpertReinstated: ExpertState.ENROLLED,
    e.ExpertRemoved: ExpertState.REMOVED,
}


def _number(event: Known) -> tuple[str, ...]:
    return (event.expert_no,)


class ExpertPool(Projection):
    """The pool as the experts' own facts make it."""

    NAME = "expert_pool"
    ZH = "专家库"

    experts = Table(
        "expert", ExpertRow, key=("expert_no",), touched=_number,
        indexes=("USING gin (disciplines jsonb_path_ops)", "(state, expert_no)", "(expert_id)"),
    )  # fmt: skip

    def enrolled(self, fact: e.ExpertEnrolled) -> None:
        self.experts.put(
            ExpertRow(
                expert_no=fact.expert_no, expert_id=fact.originator_id, name=fact.name, title=fact.title,
                state=ExpertState.ENROLLED, version=fact.originator_version, position=self.position,
                first_position=self.position, disciplines=list(fact.disciplines), ties=len(fact.ties),
            )
        )  # fmt: skip

    def disciplines_changed(self, fact: e.DisciplinesChanged) -> None:
        self._moved(fact, fact.expert_no).disciplines = list(fact.disciplines)

    def tie_declared(self, fact: e.TieDeclared) -> None:
        self._moved(fact, fact.expert_no).ties += 1

    def tie_ended(self, fact: e.TieEnded) -> None:
        self._moved(fact, fact.expert_no)

    def stands(self, fact: e.ExpertSuspended | e.ExpertReinstated | e.ExpertRemoved) -> None:
        row = self._moved(fact, fact.expert_no)
        row.state, row.reason = LEADS_TO[type(fact)], fact.reason

    def _moved(self, fact: Event, expert_no: str) -> ExpertRow:
        row = self.experts[expert_no]
        row.version, row.position = fact.originator_version, self.position
        return row
