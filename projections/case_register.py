"""Which cases are there? (办件登记) Cases by number, subject, item, state and source, and what each source reported."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import blake2b
from uuid import UUID

from domain.approval_case import facts as f
from domain.approval_case.words import UNDECIDED, CaseState
from domain.kernel.event import ACCEPTED, DENIED, GRANTED, Event
from domain.kernel.words import Change, Personal, Site, Subject
from domain.rules.dates import business_date
from projections.view import Page, Projection, Reader, Table

S = CaseState


@dataclass(slots=True)
class CaseRow:
    """One case. ``stage`` is the last milestone it reached, handled or reported; ``version`` is its ETag."""

    case_id: UUID
    case_no: str
    source: str
    state: str
    stage: str
    item: str
    item_name: str
    item_version: int | None
    subject_id: str
    subject_name: str
    region: str
    place: str
    address: str
    organ: str
    opened_on: date
    first_position: int
    position: int
    version: int
    recorded_at: datetime
    accepted_on: date | None = None
    decided_on: date | None = None
    decision: str = ""
    decision_id: str = ""
    document_no: str = ""
    license_no: str = ""
    authorities: list[str] = field(default_factory=list)
    irregularities: int = 0
    before_pause: str = ""


@dataclass(slots=True)
class SourceRow:
    source: str
    cases: int = 0
    events: int = 0


@dataclass(slots=True)
class ActivityRow:
    source: str
    activity: str


@dataclass(slots=True)
class OfficerRow:
    """One officer that a source named, as a digest: the register counts people, it does not list them."""

    source: str
    officer: str


@dataclass(slots=True)
class SourceCounts:
    """What a reporting source told: cases, StepReported facts, distinct activities, distinct named officers."""

    source: str
    cases: int
    events: int
    activities: int
    officers: int


@dataclass(slots=True)
class StateCount:
    state: str
    cases: int


_CASE = "SELECT * FROM projections.case_register"
_SOURCES = (
    "SELECT s.source, s.cases, s.events,"
    " (SELECT count(*) FROM projections.case_source_activity AS a WHERE a.source = s.source) AS activities,"
    " (SELECT count(*) FROM projections.case_source_officer AS o WHERE o.source = s.source) AS officers"
    " FROM projections.case_source AS s"
)


def case(read: Reader, case_id: UUID, *, masked: bool = True) -> CaseRow | None:
    """One case by its stream."""
    found = read.one(CaseRow, _CASE + " WHERE case_id = %s", (case_id,))
    return _shown(found, masked) if found else None


def cases_numbered(read: Reader, case_no: str, *, masked: bool = True) -> list[CaseRow]:
    """Every case of a number: different sources may use the same one."""
    found = read.rows(CaseRow, _CASE + " WHERE case_no = %s ORDER BY first_position", (case_no,))
    return [_shown(c, masked) for c in found]


def find(
    read: Reader,
    *,
    case_no: str = "",
    subject: str = "",
    item: str = "",
    state: str = "",
    stage: str = "",
    source: str = "",
    organ: str = "",
    authority: str = "",
    masked: bool = True,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[CaseRow]:
    """Cases, newest first. ``case_no`` may be its beginning, ``subject`` is an identifier, ``authority`` leaves
    only what that regulator supervises. Raises BadCursor."""
    exact = {"subject_id": subject, "item": item, "state": state, "stage": stage, "source": source, "organ": organ}
    params: dict[str, object] = {name: value for name, value in exact.items() if value}
    where = [f"{name} = %({name})s" for name in params]
    if case_no:
        where.append("starts_with(case_no, %(case_no)s)")
        params["case_no"] = case_no
    if authority:
        where.append("authorities @> to_jsonb(%(authority)s::text)")
        params["authority"] = authority
    page = read.page(
        CaseRow, _CASE + (" WHERE " + " AND ".join(where) if where else ""), params,
        order=("first_position",), cursor=cursor, limit=limit, descending=True,
    )  # fmt: skip
    return page.mapped(lambda c: _shown(c, masked))


def running_cases_of(read: Reader, subject_identifier: str) -> list[CaseRow]:
    """Undecided cases of a subject, oldest first."""
    return read.rows(
        CaseRow, _CASE + " WHERE subject_id = %s AND state = ANY(%s) ORDER BY first_position",
        (subject_identifier, [str(s) for s in UNDECIDED]),
    )  # fmt: skip


def concerns(read: Reader, case_id: UUID, authority: str) -> bool:
    """Whether a case is in the remit of a regulator: its item names it, or something was pushed to it."""
    return bool(
        read.value(
            "SELECT 1 FROM projections.case_register WHERE case_id = %s AND authorities @> to_jsonb(%s::text)",
            (case_id, authority),
        )
    )


def counts_by_state(read: Reader) -> list[StateCount]:
    return read.rows(
        StateCount, "SELECT state, count(*) AS cases FROM projections.case_register GROUP BY state ORDER BY state"
    )


def source_counts(read: Reader, source: str) -> SourceCounts:
    """Counts of one reporting source; zeros for one that never reported."""
    found = read.one(SourceCounts, _SOURCES + " WHERE s.source = %s", (source,))
    return found or SourceCounts(source, 0, 0, 0, 0)


def sources(read: Reader) -> list[SourceCounts]:
    """Counts of every reporting source, by name."""
    return read.rows(SourceCounts, _SOURCES + " ORDER BY s.source")


def _shown(row: CaseRow, masked: bool) -> CaseRow:
    return replace(row, subject_name=Personal("name").mask(row.subject_name)) if masked else row
