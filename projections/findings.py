"""What did regulators find, and is it answered? (监管信息)"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from domain import supervision_finding as f
from domain.supervision_finding import FindingDuty, FindingState
from projections.case_register import CaseRow, running_cases_of
from projections.view import Page, Projection, Reader, Table

__all__ = [
    "CaseRow", "Duty", "FindingRow", "Findings", "find", "finding", "of_case", "open_of_subject", "overdue_duties",
    "running_cases_of", "unresolved",
]  # fmt: skip


@dataclass(slots=True)
class FindingRow:
    """One finding in its latest revision. ``open`` until it is handled and its rectification is confirmed."""

    finding_id: UUID
    finding_no: str
    organ: str
    organ_name: str
    kind: str
    subject_kind: str
    subject_id: str
    subject_name: str
    case_id: UUID | None
    case_no: str
    license_no: str
    push_id: UUID | None
    found_on: date
    statement: str
    legal_basis: str
    place: str
    demands: list[str]
    state: str
    revision: int
    resolved: bool
    register_by: date | None
    decide_by: date | None
    rectify_by: date | None
    hold_until: date | None
    reported_at: datetime
    first_position: int
    position: int
    version: int
    open: bool = True
    received_at: datetime | None = None
    handled_at: datetime | None = None
    result: str = ""
    rectifying: bool = False
    noted_overdue: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Duty:
    """A duty of a finding that was not met by ``due_on`` and was not noted yet."""

    finding_id: UUID
    finding_no: str
    organ: str
    duty: str
    due_on: date


_ROW = "SELECT * FROM projections.finding"


def finding(read: Reader, finding_id: UUID) -> FindingRow | None:
    return read.one(FindingRow, _ROW + " WHERE finding_id = %s", (finding_id,))


def of_case(read: Reader, case_id: UUID) -> list[FindingRow]:
    return read.rows(FindingRow, _ROW + " WHERE case_id = %s ORDER BY first_position", (case_id,))


def find(
    read: Reader,
    *,
    organ: str = "",
    subject: str = "",
    kind: str = "",
    state: str = "",
    open_only: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[FindingRow]:
    """Findings, newest first; ``organ`` is the reporting regulator, ``subject`` an identifier."""
    exact = {"organ": organ, "subject_id": subject, "kind": kind, "state": state}
    params = {name: value for name, value in exact.items() if value}
    where = [f"{name} = %({name})s" for name in params] + (["open"] if open_only else [])
    return read.page(
        FindingRow, _ROW + (" WHERE " + " AND ".join(where) if where else ""), params,
        order=("first_position",), cursor=cursor, limit=limit, descending=True,
    )  # fmt: skip


def open_of_subject(read: Reader, subject_identifier: str, *, demand: str = "") -> list[FindingRow]:
    """Findings about a subject that still stand, oldest first; ``demand`` leaves those that ask for it."""
    return read.rows(
        FindingRow,
        _ROW + " WHERE subject_id = %s AND open AND (%s = '' OR demands ? %s) ORDER BY first_position",
        (subject_identifier, demand, demand),
    )


def naming_license(read: Reader, license_no: str) -> list[FindingRow]:
    """Findings not yet handled that name a license number, oldest first."""
    return read.rows(
        FindingRow,
        _ROW + " WHERE license_no = %s AND license_no <> '' AND state <> 'handled' ORDER BY first_position",
        (license_no,),
    )


def unresolved(read: Reader, *, cursor: str | None = None, limit: int = 50) -> Page[FindingRow]:
    """Findings about a case or license that nobody here knows yet, oldest first; they wait to be linked."""
    return read.page(
        FindingRow, _ROW + " WHERE NOT resolved", {}, order=("first_position",), cursor=cursor, limit=limit
    )


def overdue_duties(read: Reader, on: date, *, limit: int = 200) -> list[Duty]:
    """Duties overdue on a day that were not noted yet: what NoteFindingOverdue is due for, oldest first."""
    return read.rows(
        Duty,
        "SELECT finding_id, finding_no, organ, duty, due_on FROM projections.finding CROSS JOIN LATERAL (VALUES"
        " ('register', CASE WHEN state = 'reported' THEN register_by END),"
        " ('decide', CASE WHEN state <> 'handled' THEN decide_by END),"
        " ('rectify', CASE WHEN rectifying THEN rectify_by END)) AS d (duty, due_on)"
        " WHERE open AND due_on < %(on)s AND NOT noted_overdue ? duty ORDER BY due_on, finding_id LIMIT %(limit)s",
        {"on": on, "limit": limit},
    )


class Findings(Projection):
    """Findings of regulators, and what is still owed for each."""

    NAME = "findings"
    ZH = "监管信息"
    VERSION = 2
    rows = Table(
        "finding", FindingRow, key=("finding_id",),
        indexes=(
            "(first_position)", "(organ, first_position)", "(subject_id) WHERE open", "(case_id, first_position)",
            "(subject_id, first_position)", "(license_no) WHERE license_no <> ''", "(first_position) WHERE NOT resolved",
            "(decide_by) WHERE open",
        ),
    )  # fmt: skip

    def reported(self, fact: f.FindingReported) -> None:
        known, site = self.rows.peek(fact.originator_id), fact.site
        self.rows.put(
            FindingRow(
                finding_id=fact.originator_id, finding_no=fact.finding_no, organ=fact.organ.code,
                organ_name=fact.organ.name, kind=fact.kind, subject_kind=fact.subject.kind,
                subject_id=fact.subject.identifier, subject_name=fact.subject.name,
                case_id=fact.case_id or (known.case_id if known else None),
                case_no=fact.case_no or (known.case_no if known else ""),
                license_no=fact.license_no or (known.license_no if known else ""), push_id=fact.push_id,
                found_on=fact.found_on, statement=fact.statement, legal_basis=fact.legal_basis,
                place=site.key if site else "", demands=[str(d) for d in fact.demands], state=FindingState.REPORTED,
                revision=fact.revision, resolved=fact.resolved, register_by=fact.register_by,
                decide_by=fact.decide_by, hold_until=fact.hold_until, reported_at=fact.occurred_at,
                rectify_by=known.rectify_by if known and known.rectifying else fact.rectify_by,
                rectifying=known.rectifying if known else False,
                first_position=known.first_position if known else self.position, position=self.position,
                version=fact.originator_version,
                # A further revision must be registered and decided again; a rectification goes on beside it.
                noted_overdue=[d for d in known.noted_overdue if d == FindingDuty.RECTIFY] if known else [],
            )
        )  # fmt: skip

    def received(self, fact: f.FindingReceived) -> None:
        row = self._row(fact)
        row.state, row.received_at, row.decide_by = FindingState.RECEIVED, fact.occurred_at, fact.decide_by

    def handled(self, fact: f.FindingHandled) -> None:
        row = self._row(fact)
        row.state, row.handled_at, row.result = FindingState.HANDLED, fact.occurred_at, fact.result
        row.open = row.rectifying

    def rectification_opened(self, fact: f.RectificationOpened) -> None:
        row = self._row(fact)
        row.rectifying, row.rectify_by, row.open = True, fact.rectify_by, True

    def rectification_confirmed(self, fact: f.RectificationConfirmed) -> None:
        row = self._row(fact)
        row.rectifying, row.open = False, row.state != FindingState.HANDLED
        row.noted_overdue = [duty for duty in row.noted_overdue if duty != FindingDuty.RECTIFY]

    def overdue(self, fact: f.FindingOverdue) -> None:
        row = self._row(fact)
        row.noted_overdue = [*row.noted_overdue, str(fact.duty)]

    def linked(self, fact: f.FindingLinked) -> None:
        row = self._row(fact)
        row.case_id, row.case_no, row.resolved = fact.case_id, fact.case_no, True
        row.license_no = fact.license_no or row.license_no

    def _row(self, fact: f.FindingFact) -> FindingRow:
        row = self.rows[fact.originator_id]
        row.position, row.version = self.position, fact.originator_version
        return row
