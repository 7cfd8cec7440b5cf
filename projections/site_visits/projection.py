"""How facts become visits and joint inspections (踏勘投影)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from domain.approval_case.facts import CaseTerminated, CaseWithdrawn, SiteVisitRequired
from domain.joint_inspection import facts as f
from domain.joint_inspection.words import (
    BEFORE_THE_VISIT,
    Discipline,
    DrawingSet,
    InspectionOutcome,
    InspectionResult,
    InspectionState,
    ReinspectionOutcome,
    SiteVisitNeed,
)
from domain.kernel.event import Event
from domain.kernel.words import Body
from projections.site_visits.rows import InspectionRow, VisitRow
from projections.view import Projection, Table


def _cases_of(event: Event) -> tuple[UUID, ...]:
    return event.case_ids if isinstance(event, f.InspectionFact) else (event.originator_id,)


def _inspection_of(event: Event) -> tuple[UUID, ...]:
    if isinstance(event, f.InspectionPlanned) and event.parent_id is not None:
        return (event.originator_id, event.parent_id)
    return (event.originator_id,) if isinstance(event, f.InspectionFact) else ()


class SiteVisits(Projection):
    """The visits that cases need, and the joint inspections that serve them."""

    NAME = "site_visits"
    ZH = "现场踏勘"
    VERSION = 2
    visits = Table(
        "site_visit", VisitRow, key=("case_id", "cause"), touched=_cases_of,
        indexes=("(position)", "(place, not_before, position) WHERE waiting"),
    )  # fmt: skip
    inspections = Table(
        "joint_inspection", InspectionRow, key=("inspection_id",), touched=_inspection_of,
        indexes=(
            "(first_position)", "(place, first_day)", "(state, last_day)", "USING gin (invited jsonb_path_ops)",
            "USING gin (case_ids jsonb_path_ops)", "(root_id, round)",
        ),
    )  # fmt: skip

    def required(self, fact: SiteVisitRequired) -> None:
        # After a cancelled inspection the case demands its visit anew: the new demand takes the place of the old.
        self._drop(fact)
        self.visits.put(
            VisitRow(
                case_id=fact.originator_id, cause=fact.id, case_no=fact.case_no, place=fact.site.key,
                site=fact.site.model_dump(mode="json"), bodies=_bodies(fact.bodies), not_before=fact.not_before,
                not_after=fact.not_after, position=self.position, kind=str(fact.kind), safety=fact.safety,
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
                version=fact.originator_version, cause=fact.cause, kind=str(fact.kind), parent_id=fact.parent_id,
                root_id=self._root(fact), round=fact.round, drawings=_plain(fact.drawings),
                seats=[seat.model_dump(mode="json") for seat in fact.seats],
            )
        )  # fmt: skip
        for need in fact.cases:
            self._gathered(row, need)
        if fact.parent_id is not None and (before := self.inspections.get(fact.parent_id)) is not None:
            before.reinspection_id = fact.originator_id

    def _root(self, fact: f.InspectionPlanned) -> UUID:
        before = self.inspections.get(fact.parent_id) if fact.parent_id else None
        return before.root_id or before.inspection_id if before else fact.originator_id

    def joined(self, fact: f.SiteVisitAdded) -> None:
        self._gathered(self._became(fact), fact.need)

    def invited(self, fact: f.InspectionInvited) -> None:
        row = self._became(fact, InspectionState.INVITED)
        others = [b for b in row.invited if b["code"] != fact.body.code]
        row.invited = [*others, *_bodies([fact.body])]
        if fact.absence_clause is not None:
            row.clauses = row.clauses | {fact.body.code: fact.absence_clause}

    def dropped_out(self, fact: f.SiteVisitDropped) -> None:
        row, gone = self._became(fact), {body.code for body in fact.released}
        left = row.case_ids.index(str(fact.need.case_id))
        row.case_ids = [one for n, one in enumerate(row.case_ids) if n != left]
        row.case_nos = [one for n, one in enumerate(row.case_nos) if n != left]
        row.safety_cases = [one for one in row.safety_cases if one != str(fact.need.case_id)]
        row.invited = [body for body in row.invited if body["code"] not in gone]
        row.confirmed = [code for code in row.confirmed if code not in gone]
        row.absent = [code for code in row.absent if code not in gone]
        row.deemed = {code: clause for code, clause in row.deemed.items() if code not in gone}
        row.answers = {code: said for code, said in row.answers.items() if code not in gone}
        for visit in self.visits.family(fact.need.case_id):
            if visit.inspection_id == fact.originator_id:
                visit.inspection_id, visit.waiting = None, False
        self._all_confirmed(row)

    def slots_proposed(self, fact: f.SlotsProposed) -> None:
        row = self._became(fact)
        row.slots, row.answers, row.answer_by = [s.model_dump(mode="json") for s in fact.slots], {}, fact.answer_by

    def slots_answered(self, fact: f.SlotsAnswered) -> None:
        row = self._became(fact)
        row.answers = row.answers | {fact.body.code: [s.model_dump(mode="json") for s in fact.accepts]}

    def slot_fixed(self, fact: f.SlotFixed) -> None:
        row = self._became(fact)
        row.slot, row.first_day, row.last_day = fact.slot.model_dump(mode="json"), fact.slot.day, fact.slot.day
        row.confirmed = [body.code for body in fact.accepted]
        self._all_confirmed(row)

    def drawings_submitted(self, fact: f.DrawingsSubmitted) -> None:
        self._became(fact).drawings = _plain(fact.drawings)

    def disciplines_assigned(self, fact: f.DisciplinesAssigned) -> None:
        self._became(fact).seats = [seat.model_dump(mode="json") for seat in fact.seats]

    def confirmed(self, fact: f.AttendanceConfirmed) -> None:
        row = self._became(fact)
        row.confirmed = _with(row.confirmed, fact.body.code)
        self._all_confirmed(row)

    def rescheduled(self, fact: f.InspectionRescheduled) -> None:
        row = self._became(fact, InspectionState.INVITED)
        row.first_day, row.last_day = fact.window.first, fact.window.last
        row.confirmed, row.present, row.absent, row.noted_overdue = [], [], [], []
        row.slots, row.slot, row.answer_by = [], None, None
        row.answers, row.deemed, row.results_due = {}, {}, {}

    def checked_in(self, fact: f.InspectionCheckedIn) -> None:
        row = self._became(fact)
        if row.state in BEFORE_THE_VISIT:
            row.state = InspectionState.CHECKED_IN
        self._came(row, fact.body)
        if fact.result_due_on is not None:
            row.results_due = row.results_due | {fact.body.code: fact.result_due_on.isoformat()}

    def signed(self, fact: f.InspectionFindingRecorded) -> None:
        row = self._became(fact, InspectionState.FINDINGS_RECORDED)
        row.signed = row.signed | {fact.body.code: str(fact.result)}

    def reviewed(self, fact: f.DrawingReviewed) -> None:
        row = self._became(fact, InspectionState.FINDINGS_RECORDED)
        row.reviews = row.reviews | {
            f"{fact.body.code}/{fact.discipline}": {
                "result": str(fact.result), "version": fact.drawings.version, "comments": list(fact.comments),
            }
        }  # fmt: skip
        own = [seat["discipline"] for seat in row.seats if seat["body"]["code"] == fact.body.code]
        found = [row.reviews.get(f"{fact.body.code}/{one}") for one in own or [str(Discipline.GENERAL)]]
        if all(found):
            wrong = any(one["result"] == InspectionResult.PROBLEMS for one in found if one)
            result = InspectionResult.PROBLEMS if wrong else InspectionResult.PASSED
            row.signed = row.signed | {fact.body.code: str(result)}
            self._came(row, fact.body)

    def overdue(self, fact: f.InspectionResultOverdue) -> None:
        row = self._became(fact)
        row.noted_overdue = _with(row.noted_overdue, fact.body.code)

    def asked_again(self, fact: f.AnotherVisitRequested) -> None:
        row = self._became(fact)
        row.asked_again = _with(row.asked_again, fact.body.code)

    def told_to_rectify(self, fact: f.RectificationNoticeIssued) -> None:
        row = self._became(fact, InspectionState.RECTIFICATION_ISSUED)
        row.notice_no, row.rectify_by = fact.notice_no, fact.rectify_by

    def rectified(self, fact: f.RectificationReported) -> None:
        row = self._became(fact, InspectionState.RECTIFIED)
        row.reinspect_by = fact.reinspect_by

    def reinspection_noted(self, fact: f.ReinspectionNoted) -> None:
        if fact.outcome is ReinspectionOutcome.CANCELLED:
            self._became(fact, InspectionState.RECTIFICATION_ISSUED)
        else:
            self._became(fact, InspectionState.REINSPECTED).rounds = fact.rounds

    def accepted(self, fact: f.AcceptanceOpinionIssued) -> None:
        self._became(fact).opinion_no = fact.opinion_no

    def reinspected(self, fact: f.ReinspectionHeld) -> None:
        row = self._became(fact, InspectionState.REINSPECTED)
        row.signed = row.signed | {fact.body.code: str(fact.result)}

    def concluded(self, fact: f.InspectionConcluded) -> None:
        passed = fact.outcome is InspectionOutcome.PASSED
        row = self._became(fact, InspectionState.PASSED if passed else InspectionState.FAILED)
        row.outcome = fact.outcome
        if fact.parent_id is not None:
            return
        for visit in self._visits(fact):
            visit.outcome = fact.outcome

    def absent(self, fact: f.InspectionAbsenceNoted) -> None:
        row = self._became(fact)
        row.absent = _with(row.absent, fact.body.code)

    def absence_deemed(self, fact: f.InspectionAbsenceDeemed) -> None:
        row = self._became(fact)
        row.deemed = row.deemed | {fact.body.code: fact.clause}

    def cancelled(self, fact: f.InspectionCancelled) -> None:
        self._became(fact, InspectionState.CANCELLED)
        # The sites must still be seen: its visits wait again.
        for visit in self._visits(fact):
            visit.inspection_id, visit.waiting = None, True

    def _gathered(self, row: InspectionRow, need: SiteVisitNeed) -> None:
        if str(need.case_id) not in row.case_ids:
            row.case_ids, row.case_nos = [*row.case_ids, str(need.case_id)], [*row.case_nos, need.case_no]
        if need.safety:
            row.safety_cases = _with(row.safety_cases, str(need.case_id))
        if row.parent_id is not None:
            return
        for visit in self.visits.family(need.case_id):
            if visit.waiting and (visit.place, visit.kind) == (row.place, row.kind):
                visit.inspection_id, visit.waiting = row.inspection_id, False

    def _all_confirmed(self, row: InspectionRow) -> None:
        if row.state == InspectionState.INVITED and {b["code"] for b in row.invited} <= set(row.confirmed):
            row.state = InspectionState.CONFIRMED

    def _came(self, row: InspectionRow, body: Body) -> None:
        row.present = _with(row.present, body.code)
        row.absent = [code for code in row.absent if code != body.code]
        row.deemed = {code: clause for code, clause in row.deemed.items() if code != body.code}

    def _visits(self, fact: f.InspectionFact) -> Iterator[VisitRow]:
        for case_id in fact.case_ids:
            yield from (v for v in self.visits.family(case_id) if v.inspection_id == fact.originator_id)

    def _became(self, fact: Event, state: InspectionState | None = None) -> InspectionRow:
        row = self.inspections[fact.originator_id]
        row.position, row.version, row.state = self.position, fact.originator_version, state or row.state
        return row


def _plain(drawings: DrawingSet | None) -> dict[str, Any] | None:
    return drawings.model_dump(mode="json") if drawings else None


def _bodies(bodies: Iterable[Body]) -> list[dict[str, str]]:
    return [{"code": b.code, "name": b.name} for b in bodies]


def _with(codes: list[str], code: str) -> list[str]:
    return codes if code in codes else [*codes, code]
