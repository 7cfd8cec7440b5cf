"""What did regulators find, and is it answered? (监管信息)"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from domain import supervision_finding as f
from domain.kernel.words import SubjectKind
from domain.supervision_finding import Demand, FindingDuty, FindingState
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
