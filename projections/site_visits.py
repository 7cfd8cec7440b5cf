"""Which sites must be seen, and which visits can be one? (现场踏勘)"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from domain.approval_case.facts import CaseTerminated, CaseWithdrawn, SiteVisitRequired
from domain.joint_inspection import facts as f
from domain.joint_inspection.words import (
    BEFORE_THE_VISIT,
    RUNNING,
    InspectionOutcome,
    InspectionState,
    SiteVisitNeed,
)
from domain.kernel.event import Event
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
    cause: str = ""
    case_ids: list[str] = field(default_factory=list)
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
        "SELECT i.* FROM projections.joint_inspection AS i WHERE state = ANY(%s) AND last_day < %s"
        " AND EXISTS (SELECT 1 FROM jsonb_array_elements(invited) AS b"
        " WHERE NOT present ? (b->>'code') AND NOT absent ? (b->>'code')) ORDER BY last_day LIMIT %s",
        ([str(s) for s in RUNNING], on, limit),
    )


def _cases_of(event: Event) -> tuple[UUID, ...]:
    return event.case_ids if isinstance(event, f.InspectionFact) else (event.originator_id,)


def _inspection_of(event: Event) -> tuple[UUID, ...]:
    return (event.originator_id,) if isinstance(event, f.InspectionFact) else ()


class SiteVisits(Projection):
    """The visits that cases need, and the joint inspections that serve them."""

    NAME = "site_visits"
    ZH = "现场踏勘"
    visits = Table(
        "site_visit", VisitRow, key=("case_id", "cause"), touched=_cases_of,
        indexes=("(position)", "(place, not_before, position) WHERE waiting"),
    )  # fmt: skip
    inspections = Table(
        "joint_inspection", InspectionRow, key=("inspection_id",), touched=_inspection_of,
        indexes=(
            "(first_position)", "(place, first_day)", "(state, last_day)", "USING gin (invited jsonb_path_ops)",
            "USING gin (case_ids jsonb_path_ops)",
        ),
    )  # fmt: skip

    def required(self, fact: SiteVisitRequired) -> None:
        # After a cancelled inspection the case demands its visit anew: the new demand takes the place of the old.
        self._drop(fact)
        self.visits.put(
            VisitRow(
                case_id=fact.originator_id, cause=fact.id, case_no=fact.case_no, place=fact.site.key,
                site=fact.site.model_dump(mode="json"), bodies=_bodies(fact.bodies), not_before=fact.not_before,
                not_after=fact.not_after, position=self.position,
            )
        )  # fmt: skip

    def dropped(self, fact: CaseWithdrawn | CaseTerminated) -> None:
        self._drop(fact)

    def _drop(self, fact: Event) -> None:
        for visit in self.visits.family(fact.originator_id):
            visit.waiting = False

    def planned(self, fact: f.InspectionPlanned) -> None:
        row = self.inspections.put(
            InspectionRow(
                inspection_id=fact.originator_id, place=fact.site.key, site=fact.site.model_dump(mode="json"),
                state=InspectionState.PLANNED, first_day=fact.window.first, last_day=fact.window.last,
                lead=_bodies([fact.lead])[0], first_position=self.position, position=self.position,
                version=fact.originator_version, cause=fact.cause,
            )
        )  # fmt: skip
        for need in fact.cases:
            self._gathered(row, need)

    def joined(self, fact: f.SiteVisitAdded) -> None:
        self._gathered(self._became(fact), fact.need)

    def invited(self, fact: f.InspectionInvited) -> None:
        row = self._became(fact, InspectionState.INVITED)
        others = [b for b in row.invited if b["code"] != fact.body.code]
        row.invited = [*others, *_bodies([fact.body])]

    def confirmed(self, fact: f.AttendanceConfirmed) -> None:
        row = self._became(fact)
        row.confirmed = _with(row.confirmed, fact.body.code)
        if row.state == InspectionState.INVITED and {b["code"] for b in row.invited} <= set(row.confirmed):
            row.state = InspectionState.CONFIRMED

    def rescheduled(self, fact: f.InspectionRescheduled) -> None:
        row = self._became(fact, InspectionState.INVITED)
        row.first_day, row.last_day = fact.window.first, fact.window.last
        row.confirmed, row.present, row.absent = [], [], []

    def checked_in(self, fact: f.InspectionCheckedIn) -> None:
        row = self._became(fact)
        if row.state in BEFORE_THE_VISIT:
            row.state = InspectionState.CHECKED_IN
        row.present = _with(row.present, fact.body.code)
        row.absent = [code for code in row.absent if code != fact.body.code]

    def signed(self, fact: f.InspectionFindingRecorded) -> None:
        row = self._became(fact, InspectionState.FINDINGS_RECORDED)
        row.signed = row.signed | {fact.body.code: str(fact.result)}

    def told_to_rectify(self, fact: f.RectificationNoticeIssued) -> None:
        row = self._became(fact, InspectionState.RECTIFICATION_ISSUED)
        row.notice_no, row.rectify_by = fact.notice_no, fact.rectify_by

    def rectified(self, fact: f.RectificationReported) -> None:
        self._became(fact, InspectionState.RECTIFIED).reinspect_by = fact.reinspect_by

    def reinspected(self, fact: f.ReinspectionHeld) -> None:
        row = self._became(fact, InspectionState.REINSPECTED)
        row.signed = row.signed | {fact.body.code: str(fact.result)}

    def concluded(self, fact: f.InspectionConcluded) -> None:
        passed = fact.outcome is InspectionOutcome.PASSED
        row = self._became(fact, InspectionState.PASSED if passed else InspectionState.FAILED)
        row.outcome = fact.outcome
        for visit in self._visits(fact):
            visit.outcome = fact.outcome

    def absent(self, fact: f.InspectionAbsenceNoted) -> None:
        row = self._became(fact)
        row.absent = _with(row.absent, fact.body.code)

    def cancelled(self, fact: f.InspectionCancelled) -> None:
        self._became(fact, InspectionState.CANCELLED)
        # The sites must still be seen: its visits wait again.
        for visit in self._visits(fact):
            visit.inspection_id, visit.waiting = None, True

    def _gathered(self, row: InspectionRow, need: SiteVisitNeed) -> None:
        if str(need.case_id) not in row.case_ids:
            row.case_ids, row.case_nos = [*row.case_ids, str(need.case_id)], [*row.case_nos, need.case_no]
        for visit in self.visits.family(need.case_id):
            if visit.waiting and visit.place == row.place:
                visit.inspection_id, visit.waiting = row.inspection_id, False

    def _visits(self, fact: f.InspectionFact) -> Iterator[VisitRow]:
        for case_id in fact.case_ids:
            yield from (v for v in self.visits.family(case_id) if v.inspection_id == fact.originator_id)

    def _became(self, fact: Event, state: InspectionState | None = None) -> InspectionRow:
        row = self.inspections[fact.originator_id]
        row.position, row.version, row.state = self.position, fact.originator_version, state or row.state
        return row


def _bodies(bodies: Iterable[Body]) -> list[dict[str, str]]:
    return [{"code": b.code, "name": b.name} for b in bodies]


def _with(codes: list[str], code: str) -> list[str]:
    return codes if code in codes else [*codes, code]
