"""Questions about visits and joint inspections (踏勘查询), for people, policies and timers."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from domain.joint_inspection.words import (
    BEFORE_THE_VISIT,
    RUNNING,
    InspectionState,
)
from domain.kernel.words import InspectionKind
from projections.site_visits.rows import InspectionRow, VisitGroup, VisitRow
from projections.view import Page, Reader

_VISIT = "SELECT * FROM projections.site_visit"
_INSPECTION = "SELECT * FROM projections.joint_inspection"
_OF_CHAIN = " WHERE root_id = (SELECT root_id FROM projections.joint_inspection WHERE inspection_id = %(link)s)"


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
        VisitRow,
        _VISIT + " WHERE waiting AND kind <> %s AND %s IN ('', place) ORDER BY place, kind, not_before, position LIMIT %s",
        (str(InspectionKind.DRAWING_REVIEW), place, limit),
    )  # fmt: skip
    for visit in rows:
        last = groups[-1] if groups else None
        alike = last is not None and (last.place, last.visits[0].kind) == (visit.place, visit.kind)
        if last is not None and alike and visit.not_before <= last.last:
            last.first, last.last = visit.not_before, min(last.last, visit.not_after)
            last.visits.append(visit)
            last.bodies += [b for b in visit.bodies if b["code"] not in {k["code"] for k in last.bodies}]
        else:
            groups.append(VisitGroup(visit.place, visit.not_before, visit.not_after, [visit], list(visit.bodies)))
    return groups


def open_inspection_at(
    read: Reader, place: str, kind: InspectionKind, first: date, last: date
) -> InspectionRow | None:  # fmt: skip
    """An inspection at a place that another case may still join: nobody has checked in, and the windows meet.

    Never a re-inspection, which looks only at what was found before."""
    return read.one(
        InspectionRow,
        _INSPECTION + " WHERE place = %s AND kind = %s AND parent_id IS NULL AND state = ANY(%s) AND first_day <= %s"
        " AND last_day >= %s ORDER BY first_position LIMIT 1",
        (place, str(kind), [str(s) for s in BEFORE_THE_VISIT], last, first),
    )


def visits_of(read: Reader, case_id: UUID) -> list[VisitRow]:
    return read.rows(VisitRow, _VISIT + " WHERE case_id = %s ORDER BY position", (case_id,))


def inspection(read: Reader, inspection_id: UUID) -> InspectionRow | None:
    return read.one(InspectionRow, _INSPECTION + " WHERE inspection_id = %s", (inspection_id,))


def chain(
    read: Reader, inspection_id: UUID, *, cursor: str | None = None, limit: int = 50
) -> Page[InspectionRow]:  # fmt: skip
    """The chain that an inspection belongs to, the first one first."""
    return read.page(
        InspectionRow, _INSPECTION + _OF_CHAIN, {"link": inspection_id}, order=("round", "first_position"),
        cursor=cursor, limit=limit,
    )  # fmt: skip


def inspections(
    read: Reader,
    *,
    organ: str = "",
    state: str = "",
    kind: str = "",
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
    if kind:
        where.append("kind = %(kind)s")
    if case_id:
        where.append("case_ids @> to_jsonb(%(case)s::text)")
    if open_only:
        where.append("state = ANY(%(running)s)")
    return read.page(
        InspectionRow, _INSPECTION + " WHERE " + " AND ".join(where),
        {"organ": organ, "state": state, "kind": kind, "case": str(case_id), "running": [str(s) for s in RUNNING]},
        order=("first_position",), cursor=cursor, limit=limit, descending=True,
    )  # fmt: skip


def over_with_absentees(read: Reader, on: date, *, limit: int = 200) -> list[InspectionRow]:
    """Running inspections whose days are over and where an invited body neither came nor was noted, or where a clause
    that it was told lets its absence count and nobody has said so yet: for timers."""
    return read.rows(
        InspectionRow,
        "SELECT i.* FROM projections.joint_inspection AS i WHERE state = ANY(%s) AND last_day < %s"
        " AND EXISTS (SELECT 1 FROM jsonb_array_elements(invited) AS b WHERE NOT present ? (b->>'code')"
        " AND (NOT absent ? (b->>'code') OR (clauses ? (b->>'code') AND NOT deemed ? (b->>'code') AND safety_cases = '[]')))"
        " ORDER BY last_day LIMIT %s",
        ([str(s) for s in RUNNING], on, limit),
    )


def results_overdue(read: Reader, on: date, *, limit: int = 200) -> list[InspectionRow]:
    """Inspections where a body was there, has not signed in time and was not noted: for timers."""
    return read.rows(
        InspectionRow,
        "SELECT i.* FROM projections.joint_inspection AS i WHERE state = ANY(%s)"
        " AND EXISTS (SELECT 1 FROM jsonb_each_text(results_due) AS due (organ, day) WHERE due.day::date < %s"
        " AND NOT signed ? due.organ AND NOT noted_overdue ? due.organ) ORDER BY first_position LIMIT %s",
        ([str(InspectionState.CHECKED_IN), str(InspectionState.FINDINGS_RECORDED)], on, limit),
    )
