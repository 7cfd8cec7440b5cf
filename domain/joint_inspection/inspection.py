"""The joint inspection itself: decides its commands and folds its facts."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from domain.joint_inspection import commands as c
from domain.joint_inspection import facts as f
from domain.joint_inspection import refusals as r
from domain.joint_inspection.words import (
    BEFORE_THE_VISIT,
    RUNNING,
    InspectionOutcome,
    InspectionResult,
    InspectionState,
    Problem,
    SiteVisitNeed,
    Window,
)
from domain.kernel.aggregate import Aggregate, Facts, Given
from domain.kernel.time import due_by
from domain.kernel.words import Body
from domain.rules.loader import time_limit

S = InspectionState


class JointInspection(Aggregate):
    """联合踏勘。"""

    NAME = "inspection"
    ZH = "联合踏勘"

    state: InspectionState
    plan: f.InspectionPlanned
    window: Window

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.needs: dict[UUID, SiteVisitNeed] = {}
        self.invited: dict[str, Body] = {}
        self.confirmed: set[str] = set()
        self.present: dict[str, f.InspectionCheckedIn] = {}
        self.results: dict[str, f.InspectionFindingRecorded] = {}
        self.absent: set[str] = set()
        self.notice: f.RectificationNoticeIssued | None = None
        self.reinspected: dict[str, f.ReinspectionHeld] = {}

    @property
    def bodies(self) -> tuple[Body, ...]:
        return tuple(self.invited.values())

    @property
    def unsigned(self) -> tuple[Body, ...]:
        """Bodies whose result is missing and whose absence is not noted."""
        return tuple(b for code, b in self.invited.items() if code not in self.results and code not in self.absent)

    @property
    def objecting(self) -> tuple[Body, ...]:
        """Bodies whose problems nobody has seen mended."""
        return tuple(
            found.body for code, found in self.results.items()
            if found.result is InspectionResult.PROBLEMS
            and (code not in self.reinspected or self.reinspected[code].result is InspectionResult.PROBLEMS)
        )  # fmt: skip

    def arrange(self, command: c.PlanJointInspection, given: Given) -> Facts:
        if self.version:
            if any(getattr(self.plan, n) != getattr(command, n) for n in c.PlanJointInspection.model_fields):
                raise r.PlannedOtherwise(cause=command.cause)
            return
        not_before = self._notice(command.window, given)
        first = command.cases[0].case_id
        yield f.InspectionPlanned(
            case_id=first, case_ids=tuple(dict.fromkeys(need.case_id for need in command.cases)),
            **{n: getattr(command, n) for n in c.PlanJointInspection.model_fields},
        )  # fmt: skip
        needed = {body.code: body for body in (command.lead, *(b for need in command.cases for b in need.bodies))}
        for body in needed.values():
            yield self._invitation(body, not_before)

    def add(self, command: c.AddSiteVisit, given: Given) -> Facts:
        need = command.need
        if need.case_id in self.needs:
            if self.needs[need.case_id] != need:
                raise r.JoinedOtherwise(case_no=need.case_no)
            return
        self.must_be(command, self.state, *BEFORE_THE_VISIT)
        newcomers = tuple({b.code: b for b in need.bodies if b.code not in self.invited}.values())
        not_before = self._notice(self.window, given) if newcomers else None
        yield f.SiteVisitAdded(
            case_id=self.plan.case_id, case_ids=(*self.needs, need.case_id), inspection_id=self.id,
            need=need, bodies=need.bodies,
        )  # fmt: skip
        for body in newcomers:
            yield self._invitation(body, not_before)

    def confirm(self, command: c.ConfirmAttendance, given: Given) -> Facts:
        body = self._mine(given)
        if body.code in self.confirmed:
            return
        self.must_be(command, self.state, *BEFORE_THE_VISIT, S.CHECKED_IN)
        yield f.AttendanceConfirmed(**self._cases, body=body)

    def reschedule(self, command: c.RescheduleInspection, given: Given) -> Facts:
        if command.window == self.window:
            return
        # With check-ins but no lead among them a visit cannot yield a result, so it may still be moved.
        gathered = () if self.plan.lead.code in self.present else (S.CHECKED_IN,)
        self.must_be(command, self.state, *BEFORE_THE_VISIT, *gathered)
        self._notice(command.window, given)
        yield f.InspectionRescheduled(
            **self._cases, inspection_id=self.id, bodies=self.bodies, site=self.plan.site, old=self.window,
            window=command.window, reason=command.reason,
        )  # fmt: skip

    def check_in(self, command: c.CheckIn, given: Given) -> Facts:
        body = self._mine(given)
        stated = command.model_dump(exclude={"inspection_id"})
        earlier = self.present.get(body.code)
        if earlier is not None and stated == {name: getattr(earlier, name) for name in stated}:
            return
        self.must_be(command, self.state, *BEFORE_THE_VISIT, S.CHECKED_IN, S.FINDINGS_RECORDED)
        yield f.InspectionCheckedIn(
            **self._cases, **stated, body=body, lead=body.code == self.plan.lead.code,
            in_window=self.window.first <= given.today <= self.window.last,
            result_due_on=due_by("inspection_opinion", given.today),
        )  # fmt: skip

    def sign(self, command: c.RecordInspectionResult, given: Given) -> Facts:
        body = self._mine(given)
        stated = self._stated(command)
        earlier = self.results.get(body.code)
        if earlier is not None and stated == {name: getattr(earlier, name) for name in stated}:
            return
        if body.code not in self.present:
            raise r.NotCheckedIn(organ=body.code)
        self.must_be(command, self.state, S.CHECKED_IN, S.FINDINGS_RECORDED)
        lead = self.present.get(self.plan.lead.code)
        needed = time_limit("inspection_staff", on=given.today).value
        if lead is None or len(set(lead.officers)) < needed:
            there = len(set(lead.officers)) if lead else 0
            raise r.TooFewOfficers(lead=self.plan.lead, present=there, needed=needed)
        yield f.InspectionFindingRecorded(
            **self._cases, **stated, body=body, supersedes=earlier.originator_version if earlier else None
        )
        if len(self.results) == len(self.invited) and not self.objecting:
            yield self._concluded(InspectionOutcome.PASSED, "各部门均签署符合要求。All bodies signed as passed.", True)

    def notify(self, command: c.IssueRectificationNotice, given: Given) -> Facts:
        if self.notice is not None:
            raise r.NoticeAlreadyIssued(notice_no=self.notice.notice_no)
        self.must_be(command, self.state, S.FINDINGS_RECORDED)
        self._all_signed()
        problems = tuple(
            Problem(body=signed.body, text=text) for signed in self.results.values() for text in signed.problems
        )
        if not problems:
            raise r.NothingToRectify()
        yield f.RectificationNoticeIssued(
            **self._cases, bodies=self.bodies, notice_no=command.notice_no, rectify_by=command.rectify_by,
            problems=problems,
        )  # fmt: skip

    def report_rectified(self, command: c.ReportRectified, given: Given) -> Facts:
        if self.state is S.RECTIFIED:
            return
        self.must_be(command, self.state, S.RECTIFICATION_ISSUED)
        yield f.RectificationReported(
            **self._cases, inspection_id=self.id, bodies=self.objecting, statement=command.statement,
            reinspect_by=due_by("inspection_reinspection", given.today),
        )  # fmt: skip

    def look_again(self, command: c.RecordReinspection, given: Given) -> Facts:
        body = self._mine(given)
        stated = self._stated(command)
        earlier = self.reinspected.get(body.code)
        if earlier is not None and stated == {name: getattr(earlier, name) for name in stated}:
            return
        self.must_be(command, self.state, S.RECTIFIED, S.REINSPECTED)
        if body not in self.objecting:
            raise r.NoProblemOfYours(organ=body.code)
        yield f.ReinspectionHeld(**self._cases, **stated, body=body)
        # A body that was absent signed nothing, so its part is never passed without a person saying so.
        if not self.objecting and not self.absent:
            yield self._concluded(InspectionOutcome.PASSED, "问题均已整改并复核。All problems are mended.", True)

    def conclude(self, command: c.ConcludeInspection, given: Given) -> Facts:
        self.must_be(command, self.state, S.FINDINGS_RECORDED, S.RECTIFICATION_ISSUED, S.RECTIFIED, S.REINSPECTED)
        self._all_signed()
        if command.outcome is InspectionOutcome.PASSED and self.objecting:
            raise r.ProblemsRemain(bodies=self.objecting)
        yield self._concluded(command.outcome, command.reason, False)

    def note_absence(self, command: c.NoteAbsence, given: Given) -> Facts:
        # A timer may fire after the visit was concluded or moved: then there is nothing to note.
        if self.state not in RUNNING:
            return
        if given.today <= self.window.last:
            raise r.VisitNotOver(last=self.window.last, today=given.today)
        for code, body in self.invited.items():
            if code not in self.present and code not in self.absent:
                yield f.InspectionAbsenceNoted(
                    **self._cases, inspection_id=self.id, body=body, window=self.window,
                    confirmed=code in self.confirmed,
                )  # fmt: skip

    def cancel(self, command: c.CancelInspection, given: Given) -> Facts:
        if self.state is S.CANCELLED:
            return
        self.must_be(command, self.state, *RUNNING)
        yield f.InspectionCancelled(**self._cases, bodies=self.bodies, site=self.plan.site, reason=command.reason)

    def was_planned(self, fact: f.InspectionPlanned) -> None:
        self.plan, self.window, self.state = fact, fact.window, S.PLANNED
        self.needs = {need.case_id: need for need in fact.cases}

    def was_invited(self, fact: f.InspectionInvited) -> None:
        self.invited[fact.body.code] = fact.body
        self.state = S.INVITED

    def was_added(self, fact: f.SiteVisitAdded) -> None:
        self.needs[fact.need.case_id] = fact.need

    def was_confirmed(self, fact: f.AttendanceConfirmed) -> None:
        self.confirmed.add(fact.body.code)
        if self.state is S.INVITED and self.confirmed.issuperset(self.invited):
            self.state = S.CONFIRMED

    def was_rescheduled(self, fact: f.InspectionRescheduled) -> None:
        self.window, self.state = fact.window, S.INVITED
        for told in (self.confirmed, self.absent, self.present):
            told.clear()

    def was_checked_in(self, fact: f.InspectionCheckedIn) -> None:
        self.present[fact.body.code] = fact
        self.absent.discard(fact.body.code)
        if self.state in BEFORE_THE_VISIT:
            self.state = S.CHECKED_IN

    def was_signed(self, fact: f.InspectionFindingRecorded) -> None:
        self.results[fact.body.code] = fact
        self.state = S.FINDINGS_RECORDED

    def was_notified(self, fact: f.RectificationNoticeIssued) -> None:
        self.notice, self.state = fact, S.RECTIFICATION_ISSUED

    def was_rectified(self, fact: f.RectificationReported) -> None:
        self.state = S.RECTIFIED

    def was_reinspected(self, fact: f.ReinspectionHeld) -> None:
        self.reinspected[fact.body.code] = fact
        self.state = S.REINSPECTED

    def was_concluded(self, fact: f.InspectionConcluded) -> None:
        self.state = S.PASSED if fact.outcome is InspectionOutcome.PASSED else S.FAILED

    def was_absent(self, fact: f.InspectionAbsenceNoted) -> None:
        self.absent.add(fact.body.code)

    def was_cancelled(self, fact: f.InspectionCancelled) -> None:
        self.state = S.CANCELLED

    @property
    def _cases(self) -> dict[str, Any]:
        return {"case_id": self.plan.case_id, "case_ids": tuple(self.needs)}

    def _mine(self, given: Given) -> Body:
        if given.by.organ not in self.invited:
            raise r.NotInvitedToInspect(organ=given.by.organ)
        return self.invited[given.by.organ]

    def _all_signed(self) -> None:
        if self.unsigned:
            raise r.ResultsMissing(bodies=self.unsigned)

    def _notice(self, window: Window, given: Given) -> date | None:
        earliest = due_by("inspection_notice", given.today)
        if earliest is not None and window.last < earliest:
            raise r.NoticeTooShort(earliest=earliest, last=window.last)
        return earliest

    def _invitation(self, body: Body, not_before: date | None) -> f.InspectionInvited:
        needs = self.needs.values()
        wanted = [n.case_no for n in needs if body.code in {b.code for b in n.bodies}] or [n.case_no for n in needs]
        return f.InspectionInvited(
            **self._cases, inspection_id=self.id, body=body, site=self.plan.site, window=self.window,
            lead=self.plan.lead, case_nos=tuple(wanted), not_before=not_before,
        )  # fmt: skip

    def _stated(self, command: c.RecordInspectionResult | c.RecordReinspection) -> dict[str, Any]:
        if (command.result is InspectionResult.PROBLEMS) != bool(command.problems):
            raise r.ProblemsUnclear(result=command.result, count=len(command.problems))
        return command.model_dump(exclude={"inspection_id"})

    def _concluded(self, outcome: InspectionOutcome, reason: str, automatic: bool) -> f.InspectionConcluded:
        return f.InspectionConcluded(
            **self._cases, bodies=self.bodies, outcome=outcome, reason=reason, automatic=automatic,
            case_nos=tuple(need.case_no for need in self.needs.values()),
            absent=tuple(self.invited[code] for code in self.invited if code in self.absent),
        )  # fmt: skip
