"""The look itself (踏勘实施): who is there, what each body signs, who stayed away, who is late."""

from __future__ import annotations

from typing import Any

from domain.joint_inspection import commands as c
from domain.joint_inspection import facts as f
from domain.joint_inspection import refusals as r
from domain.joint_inspection.file import InspectionFile
from domain.joint_inspection.planning import IN_PERSON
from domain.joint_inspection.words import BEFORE_THE_VISIT, RUNNING, InspectionResult, InspectionState, Problems
from domain.kernel.aggregate import Facts, Given
from domain.kernel.time import due_by
from domain.kernel.words import Body, InspectionKind
from domain.rules.loader import time_limit

S = InspectionState


class Looking(InspectionFile):
    """签到、出具意见、审图、缺席。"""

    def check_in(self, command: c.CheckIn, given: Given) -> Facts:
        self._only(command, *IN_PERSON)
        body = self._mine(given)
        stated = command.model_dump(exclude={"inspection_id"})
        earlier = self.present.get(body.code)
        if earlier is not None and stated == {name: getattr(earlier, name) for name in stated}:
            return
        self.must_be(command, self.state, *BEFORE_THE_VISIT, S.CHECKED_IN, S.FINDINGS_RECORDED)
        yield f.InspectionCheckedIn(
            **self._cases, **stated, body=body, lead=body.code == self.plan.lead.code,
            in_window=self.days.first <= given.today <= self.days.last,
            result_due_on=due_by("inspection_opinion", given.today, self.place),
        )  # fmt: skip

    def sign(self, command: c.RecordInspectionResult, given: Given) -> Facts:
        self._only(command, *IN_PERSON)
        body = self._mine(given)
        stated = stated_by(command, command.problems)
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
        due = self.present[body.code].result_due_on
        yield f.InspectionFindingRecorded(
            **self._cases, **stated, body=body, supersedes=earlier.originator_version if earlier else None,
            late=due is not None and given.today > due,
        )  # fmt: skip
        yield from self._settled()

    def review(self, command: c.RecordDrawingReview, given: Given) -> Facts:
        self._only(command, InspectionKind.DRAWING_REVIEW)
        body = self._mine(given)
        stated = stated_by(command, command.comments, "digest")
        if self.drawings is None:
            raise r.DrawingsMissing()
        if command.digest != self.drawings.digest:
            raise r.OtherDrawings(version=self.drawings.version, digest=self.drawings.digest[:8])
        own = self.disciplines_of(body.code)
        if command.discipline not in own:
            raise r.NotYourDiscipline(organ=body.code, discipline=command.discipline, seats=own)
        earlier = self.reviews.get((body.code, command.discipline))
        if earlier is not None and stated == {name: getattr(earlier, name) for name in stated}:
            return
        self.must_be(command, self.state, *BEFORE_THE_VISIT, S.FINDINGS_RECORDED)
        yield f.DrawingReviewed(
            **self._cases, **stated, body=body, drawings=self.drawings,
            supersedes=earlier.originator_version if earlier else None,
        )  # fmt: skip
        yield from self._settled()

    def ask_again(self, command: c.RequestAnotherVisit, given: Given) -> Facts:
        body = self._mine(given)
        if body.code in self.absent or (not self._was_there(body) and given.today > self.days.last):
            raise r.AbsenteeMayNotAskAgain(organ=body.code)
        if not self._was_there(body):
            raise r.NotCheckedIn(organ=body.code)
        earlier = self.asked_again.get(body.code)
        if earlier is not None and earlier.reason == command.reason:
            return
        self.must_be(command, self.state, S.CHECKED_IN, S.FINDINGS_RECORDED)
        yield f.AnotherVisitRequested(**self._this, lead=self.plan.lead, body=body, reason=command.reason)

    def note_absence(self, command: c.NoteAbsence, given: Given) -> Facts:
        # A timer may fire after the visit was concluded or moved: then there is nothing to note.
        if self.state not in RUNNING:
            return
        if given.today <= self.days.last:
            raise r.VisitNotOver(last=self.days.last, today=given.today)
        safety = any(need.safety for need in self.needs.values())
        for code, body in tuple(self.invited.items()):
            if self._was_there(body):
                continue
            told: dict[str, Any] = {**self._this, "body": body, "window": self.days}
            if code not in self.absent:
                yield f.InspectionAbsenceNoted(**told, confirmed=code in self.confirmed)
            # Nobody's safety is accepted by who did not look, whatever the invitation said.
            if code in self.clauses and code not in self.deemed and not safety:
                yield f.InspectionAbsenceDeemed(**told, clause=self.clauses[code])
        yield from self._settled()

    def note_result_overdue(self, command: c.NoteResultOverdue, given: Given) -> Facts:
        if self.state not in (S.CHECKED_IN, S.FINDINGS_RECORDED):
            return
        late = [
            (body, due) for code, body in self.invited.items()
            if code in self.present and code not in self.results and code not in self.noted_overdue
            and (due := self.present[code].result_due_on) is not None and given.today > due
        ]  # fmt: skip
        if not late and not self.noted_overdue:
            raise r.ResultNotYetDue(today=given.today)
        for body, due in late:
            yield f.InspectionResultOverdue(**self._this, body=body, due_on=due)

    def _was_there(self, body: Body) -> bool:
        return self._has_signed(body.code) if self.of_drawings else body.code in self.present


def stated_by(
    command: c.RecordInspectionResult | c.RecordDrawingReview | c.RecordReinspection,
    problems: Problems,
    *unsaid: str,
) -> dict[str, Any]:
    """What a body says, without the number of the inspection; problems are listed exactly when there are any."""
    if (command.result is InspectionResult.PROBLEMS) != bool(problems):
        raise r.ProblemsUnclear(result=command.result, count=len(problems))
    return command.model_dump(exclude={"inspection_id", *unsaid})
