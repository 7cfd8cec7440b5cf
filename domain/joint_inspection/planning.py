"""The plan (踏勘计划): who is invited to look at what, on which day, and at which hour."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from domain.joint_inspection import commands as c
from domain.joint_inspection import facts as f
from domain.joint_inspection import refusals as r
from domain.joint_inspection.file import InspectionFile
from domain.joint_inspection.words import BEFORE_THE_VISIT, RUNNING, InspectionState, Slot, Window
from domain.kernel.aggregate import Facts, Given, said_command
from domain.kernel.command import Command
from domain.kernel.deeming import ABSENCE, clause_for
from domain.kernel.time import due_by, place_of
from domain.kernel.words import Body, InspectionKind
from domain.rules.loader import time_limit

S = InspectionState
IN_PERSON = (InspectionKind.SITE_VISIT, InspectionKind.COMPLETION_ACCEPTANCE)


class Planning(InspectionFile):
    """计划、邀请、协商时间、改期、取消。"""

    def arrange(self, command: c.PlanJointInspection, given: Given) -> Facts:
        if self.version:
            if any(getattr(self.plan, n) != getattr(command, n) for n in c.PlanJointInspection.model_fields):
                raise r.PlannedOtherwise(cause=command.cause)
            return
        not_before = _notice(command.window, place_of(command.lead.code, command.site), given)
        first = command.cases[0].case_id
        yield f.InspectionPlanned(
            case_id=first, case_ids=tuple(dict.fromkeys(need.case_id for need in command.cases)),
            **{n: getattr(command, n) for n in c.PlanJointInspection.model_fields},
        )  # fmt: skip
        yield from self._invite(not_before, given)

    def arrange_again(self, command: c.PlanReinspection, given: Given) -> Facts:
        if self.version:
            return
        planned, window = command.planned, command.window
        # It was promised when the rectification was reported: if the platform comes to it late, the days move.
        place = place_of(planned.lead.code, planned.site)
        not_before = due_by("inspection_notice", given.today, place)
        if not_before is not None and window.last < not_before:
            window = Window(first=not_before, last=not_before)
        yield f.InspectionPlanned(
            case_id=planned.cases[0].case_id, case_ids=tuple(need.case_id for need in planned.cases),
            cause=command.cause, kind=command.kind, window=window, parent_id=command.parent_id,
            site=planned.site, cases=planned.cases, lead=planned.lead, round=planned.round,
            drawings=planned.drawings, seats=planned.seats,
        )  # fmt: skip
        yield from self._invite(not_before, given)

    def add(self, command: c.AddSiteVisit, given: Given) -> Facts:
        need = command.need
        if need.case_id in self.needs:
            if self.needs[need.case_id] != need:
                raise r.JoinedOtherwise(case_no=need.case_no)
            return
        self._only(command, *IN_PERSON)
        self.must_be(command, self.state, *BEFORE_THE_VISIT)
        newcomers = tuple({b.code: b for b in need.bodies if b.code not in self.invited}.values())
        not_before = _notice(self.days, self.place, given) if newcomers else None
        yield f.SiteVisitAdded(**self._this | {"case_ids": (*self.needs, need.case_id)}, need=need, bodies=need.bodies)
        for body in newcomers:
            yield self._invitation(body, not_before, given)

    def drop(self, command: c.DropSiteVisit, given: Given) -> Facts:
        # A case may end after the visit did, or leave twice: then there is nothing to leave.
        if command.case_id not in self.needs or self.state not in RUNNING:
            return
        if len(self.needs) == 1:
            yield self._called_off(command.reason)
            return
        need = self.needs[command.case_id]
        staying = [n for case_id, n in self.needs.items() if case_id != command.case_id]
        wanted = {self.plan.lead.code, *(body.code for n in staying for body in n.bodies)}
        begun = self.present.keys() | self.results.keys() | {organ for organ, _ in self.reviews}
        released = self._named(self.invited.keys() - wanted - begun)
        yield f.SiteVisitDropped(**self._this, need=need, bodies=self.bodies, released=released, reason=command.reason)
        yield from self._settled()

    def propose(self, command: c.ProposeSlots, given: Given) -> Facts:
        self._by_the_lead(command, given)
        if self.slot is not None:
            raise r.SlotAlreadyFixed(slot=self.slot)
        if command.slots == self.slots:
            return
        self.must_be(command, self.state, *BEFORE_THE_VISIT)
        for slot in command.slots:
            if not self.window.first <= slot.day <= self.window.last:
                raise r.SlotOutsideWindow(slot=slot, window=self.window)
            _notice(_day_of(slot), self.place, given)
        yield f.SlotsProposed(
            **self._this, bodies=self.bodies, lead=self.plan.lead, slots=command.slots,
            answer_by=due_by("slot_answer", given.today, self.place),
        )  # fmt: skip

    def answer(self, command: c.AnswerSlots, given: Given) -> Facts:
        body = self._mine(given)
        stated = command.model_dump(include={"reason"}) | {"accepts": command.accepts}
        earlier = self.answers.get(body.code)
        if earlier is not None and stated == {name: getattr(earlier, name) for name in stated}:
            return
        if self.slot is not None:
            raise r.SlotAlreadyFixed(slot=self.slot)
        self.must_be(command, self.state, *BEFORE_THE_VISIT)
        for slot in command.accepts:
            if slot not in self.slots:
                raise r.SlotNotProposed(slot=slot)
        if not command.accepts and not command.reason:
            raise r.SlotNeedsReason()
        yield f.SlotsAnswered(
            **self._this, lead=self.plan.lead, body=body, **stated,
            supersedes=earlier.originator_version if earlier else None,
        )  # fmt: skip

    def fix(self, command: c.FixSlot, given: Given) -> Facts:
        self._by_the_lead(command, given)
        if self.slot == command.slot:
            return
        if self.slot is not None:
            raise r.SlotAlreadyFixed(slot=self.slot)
        self.must_be(command, self.state, *BEFORE_THE_VISIT)
        if command.slot not in self.slots:
            raise r.SlotNotProposed(slot=command.slot)
        lead = self.plan.lead.code
        waited_for = self._named(self.invited.keys() - self.answers.keys() - {lead})
        if waited_for and (self.answer_by is None or given.today <= self.answer_by):
            raise r.SlotAnswersMissing(bodies=waited_for, answer_by=self.answer_by)
        accepted = self._named({lead, *(code for code, said in self.answers.items() if command.slot in said.accepts)})
        others = self._named(self.invited.keys() - {body.code for body in accepted})
        if others:
            if 100 * len(accepted) <= time_limit("slot_majority", on=given.today).value * len(self.invited):
                raise r.SlotLacksMajority(slot=command.slot, accepted=len(accepted), invited=len(self.invited))
            if not command.reason:
                raise r.SlotNeedsReason()
        _notice(_day_of(command.slot), self.place, given)
        yield f.SlotFixed(
            **self._this, bodies=self.bodies, slot=command.slot, accepted=accepted, others=others,
            reason=command.reason,
        )  # fmt: skip

    def confirm(self, command: c.ConfirmAttendance, given: Given) -> Facts:
        body = self._mine(given)
        if body.code in self.confirmed:
            return
        self.must_be(command, self.state, *BEFORE_THE_VISIT, S.CHECKED_IN)
        yield f.AttendanceConfirmed(**self._cases, body=body)

    def reschedule(self, command: c.RescheduleInspection, given: Given) -> Facts:
        if command.window == self.days:
            return
        # With check-ins but no lead among them a visit cannot yield a result, so it may still be moved.
        gathered = () if self.plan.lead.code in self.present else (S.CHECKED_IN,)
        self.must_be(command, self.state, *BEFORE_THE_VISIT, *gathered)
        _notice(command.window, self.place, given)
        yield f.InspectionRescheduled(
            **self._this, bodies=self.bodies, site=self.plan.site, old=self.days, window=command.window,
            reason=command.reason,
        )  # fmt: skip

    def submit_drawings(self, command: c.SubmitDrawings, given: Given) -> Facts:
        self._only(command, InspectionKind.DRAWING_REVIEW)
        if command.drawings == self.drawings:
            return
        if self.reviews and self.drawings is not None:
            raise r.DrawingsUnderReview(version=self.drawings.version)
        self.must_be(command, self.state, *BEFORE_THE_VISIT)
        if self.drawings is not None and command.drawings.version <= self.drawings.version:
            raise r.DrawingsNotNewer(version=command.drawings.version, known=self.drawings.version)
        yield f.DrawingsSubmitted(**self._this, bodies=self.bodies, drawings=command.drawings)

    def assign_disciplines(self, command: c.AssignDisciplines, given: Given) -> Facts:
        self._only(command, InspectionKind.DRAWING_REVIEW)
        if command.seats == self.seats:
            return
        self.must_be(command, self.state, *BEFORE_THE_VISIT)
        for seat in command.seats:
            if seat.body.code not in self.invited:
                raise r.NotInvitedToInspect(organ=seat.body.code)
        yield f.DisciplinesAssigned(**self._this, bodies=self.bodies, seats=command.seats)

    def cancel(self, command: c.CancelInspection, given: Given) -> Facts:
        if self.state is S.CANCELLED:
            return
        self.must_be(command, self.state, *RUNNING)
        yield self._called_off(command.reason)

    def _called_off(self, reason: str) -> f.InspectionCancelled:
        return f.InspectionCancelled(
            **self._cases, **self._chain, bodies=self.bodies, site=self.plan.site, reason=reason
        )

    def _by_the_lead(self, command: Command, given: Given) -> None:
        if self._mine(given).code != self.plan.lead.code:
            raise r.OnlyTheLeadDoes(command=said_command(command), lead=self.plan.lead)

    def _invite(self, not_before: date | None, given: Given) -> Iterable[f.InspectionInvited]:
        needed = (self.plan.lead, *(body for need in self.plan.cases for body in need.bodies))
        for body in {body.code: body for body in needed}.values():
            yield self._invitation(body, not_before, given)

    def _invitation(self, body: Body, not_before: date | None, given: Given) -> f.InspectionInvited:
        needs = self.needs.values()
        wanted = [n.case_no for n in needs if body.code in {b.code for b in n.bodies}] or [n.case_no for n in needs]
        return f.InspectionInvited(
            **self._this, body=body, site=self.plan.site, window=self.window, lead=self.plan.lead,
            case_nos=tuple(wanted), not_before=not_before, parent_id=self.plan.parent_id, round=self.plan.round,
            slot=self.slot, drawings=self.drawings, absence_clause=self._clause(body, given.today),
            disciplines=self.disciplines_of(body.code) if self.of_drawings else (),
        )  # fmt: skip

    def _clause(self, body: Body, today: date) -> str | None:
        if any(need.safety for need in self.needs.values()):
            return None
        return clause_for(ABSENCE, organ=body.code, region=self.plan.site.region, on=today)


def _notice(window: Window, place: str | None, given: Given) -> date | None:
    earliest = due_by("inspection_notice", given.today, place)
    if earliest is not None and window.last < earliest:
        raise r.NoticeTooShort(earliest=earliest, last=window.last)
    return earliest


def _day_of(slot: Slot) -> Window:
    return Window(first=slot.day, last=slot.day)
