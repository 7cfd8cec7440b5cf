"""Which sites must be seen, and which visits can be one? (现场踏勘)"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from domain.approval_case.facts import CaseTerminated, CaseWithdrawn, SiteVisitRequired
from domain.joint_inspection import facts as f
from domain.joint_inspection.words import BEFORE_THE_VISIT, RUNNING, InspectionOutcome, InspectionState
from domain.kernel.words import Body
from projections.view import Page, Projection, Reader, Table


@dataclass(slots=True)
class VisitRow:
    """A visit that a case needs. ``cause`` is the id of the fact that demanded it; without ``inspection_id`` it
    waits to be gathered into a joint inspection. ``bodies`` holds {code, name}, the lead first."""

    case_id: UUID
    cause: str
    case_no: str
    place: str
    site: dict[str, Any]
    bodies: list[dict[str, str]]
    not_before: date
    not_after: date
    position: int
    waiting: bool = True
    inspection_id: UUID | None = None
    outcome: str = ""


@dataclass(slots=True)
class InspectionRow:
    """One joint inspection. Bodies are {code, name}; ``confirmed``, ``present``, ``signed``, ``absent`` hold codes."""

    inspection_id: UUID
    place: str
    site: dict[str, Any]
    state: str
    first_day: date
    last_day: date
    lead: dict[str, str]
    first_position: int
    position: int
    version: int
    case_ids: list[UUID] = field(default_factory=list)
    case_nos: list[str] = field(default_factory=list)
    invited: list[dict[str, str]] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)
    present: list[str] = field(default_factory=list)
    signed: dict[str, str] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    outcome: str = ""
    notice_no: str = ""
    rectify_by: date | None = None
    reinspect_by: date | None = None


@dataclass(slots=True)
class VisitGroup:
    """Waiting visits at one place whose windows have days in common: one inspection can serve them all.

    ``first`` and ``last`` are those days; ``bodies`` is everybody that any of them needs, leads first."""

    place: str
    first: date
    last: date
    visits: list[VisitRow]
    bodies: list[dict[str, str]]


_VISIT = "SELECT * FROM projections.site_visit"
_INSPECTION = "SELECT * FROM projections.joint_inspection"


def waiting(
    read: Reader, *, place: str = "", cursor: str | None = None, limit: int = 200
) -> Page[VisitRow]:  # fmt: skip
    """Visits required and not yet part of an inspection, oldest first."""
    where = " WHERE waiting" + (" AND place = %(place)s" if place else "")
    return read.page(VisitRow, _VISIT + where, {"place": place}, order=("position",), cursor=cursor, limit=limit)


def grouped(read: Reader, *, place: str = "", limit: int = 500) -> list[VisitGroup]:
    """The waiting visits, gathered by place and window: within a group every visit can be made on the same day."""
    groups: list[VisitGroup] = []
    rows = read.rows(
        VisitRow, _VISIT + " WHERE waiting AND %s IN ('', place) ORDER BY place, not_before, position LIMIT %s",
        (place, limit),
    )  # fmt: skip
    for visit in rows:
        last = groups[-1] if groups else None
        if last is not None and last.place == visit.place and visit.not_before <= last.last:
            last.first, last.last = visit.not_before, min(last.last, visit.not_after)
            last.visits.append(visit)
            last.bodies += [b for b in visit.bodies if b["code"] not in {k["code"] for k in last.bodies}]
        else:
            groups.append(VisitGroup(visit.place, visit.not_before, visit.not_after, [visit], list(visit.bodies)))
    return groups


def open_inspection_at(read: Reader, place: str, first: date, last: date) -> InspectionRow | None:
    """An inspection at a place that another case may still join: nobody has checked in, and the windows meet."""
    return read.one(
        InspectionRow,
        _INSPECTION + " WHERE place = %s AND state = ANY(%s) AND first_day <= %s AND last_day >= %s"
        " ORDER BY first_position LIMIT 1",
        (place, [str(s) for s in BEFORE_THE_VISIT], last, first),
    )


def visits_of(read: Reader, case_id: UUID) -> list[VisitRow]:
    return read.rows(VisitRow, _VISIT + " WHERE case_id = %s ORDER BY position", (case_id,))


def inspection(read: Reader, inspection_id: UUID) -> InspectionRow | None:
    return read.one(InspectionRow, _INSPECTION + " WHERE inspection_id = %s", (inspection_id,))


def inspections(
    read: Reader,
    *,
    organ: str = "",
    state: str = "",
    case_id: UUID | None = None,
    open_only: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[InspectionRow]:
    """Joint inspections, newest first; of an invited ``organ``, of a case, or only those that still run."""
    where = ["true"]
    if organ:
        where.append("invited @> jsonb_build_array(jsonb_build_object('code', %(organ)s::text))")
    if state:
        where.append("state = %(state)s")
    if case_id:
        where.append("case_ids @> to_jsonb(%(case)s::text)")
    if open_only:
        where.append("state = ANY(%(running)s)")
    return read.page(
        InspectionRow, _INSPECTION + " WHERE " + " AND ".join(where),
        {"organ": organ, "state": state, "case": str(case_id), "running": [str(s) for s in RUNNING]},
        order=("first_position",), cursor=cursor, limit=limit, descending=True,
    )  # fmt: skip


def over_with_absentees(read: Reader, on: date, *, limit: int = 200) -> list[InspectionRow]:
    """Running inspections whose window is over and where an invited body neither came nor was noted: for timers."""
    return read.rows(
        InspectionRow,
        _INSPECTION + " WHERE state = ANY(%s) AND last_day < %s"
        " AND EXISTS (SELECT 1 FROM jsonb_array_elements(invited) AS b"
        " WHERE NOT present ? (b->>'code') AND NOT absent ? (b->>'code')) ORDER BY last_day LIMIT %s",
        ([str(s) for s in RUNNING], on, limit),
    )
