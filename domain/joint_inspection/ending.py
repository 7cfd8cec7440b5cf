"""The end (踏勘结论): problems told once, rectification, the chained re-inspection, and the outcome."""

from __future__ import annotations

from domain.joint_inspection import commands as c
from domain.joint_inspection import facts as f
from domain.joint_inspection import refusals as r
from domain.joint_inspection.file import InspectionFile
from domain.joint_inspection.looking import stated_by
from domain.joint_inspection.words import (
    InspectionOutcome,
    InspectionResult,
    InspectionState,
    Reinspection,
    ReinspectionOutcome,
)
from domain.kernel.aggregate import Facts, Given
from domain.kernel.time import due_by, place_of
from domain.kernel.words import InspectionKind

S = InspectionState


class Ending(InspectionFile):
    """告知整改、复核、作出结论。"""

    def notify(self, command: c.IssueRectificationNotice, given: Given) -> Facts:
        if self.notice is not None:
            raise r.NoticeAlreadyIssued(notice_no=self.notice.notice_no)
        self.must_be(command, self.state, S.FINDINGS_RECORDED)
        self._all_signed()
        if not self.problems:
            raise r.NothingToRectify()
        yield f.RectificationNoticeIssued(
            **self._cases, bodies=self.bodies, notice_no=command.notice_no, rectify_by=command.rectify_by,
            problems=self.problems,
        )  # fmt: skip

    def report_rectified(self, command: c.ReportRectified, given: Given) -> Facts:
        if self.state is S.RECTIFIED:
            return
        self.must_be(command, self.state, S.RECTIFICATION_ISSUED)
        if command.drawings is not None:
            self._only(command, InspectionKind.DRAWING_REVIEW)
        if self.of_drawings:
            if command.drawings is None:
                raise r.DrawingsMissing()
            if self.drawings is not None and command.drawings.version <= self.drawings.version:
                raise r.DrawingsNotNewer(version=command.drawings.version, known=self.drawings.version)
        following = self._following(command)
        place = place_of(following.lead.code, following.site)
        yield f.RectificationReported(
            **self._this, bodies=self.objecting, statement=command.statement, reinspection=following,
            reinspect_by=due_by("inspection_reinspection", given.today, place),
        )  # fmt: skip

    def look_again(self, command: c.RecordReinspection, given: Given) -> Facts:
        following = self.following.reinspection if self.following else None
        if following is not None:
            raise r.ReinspectedInItsOwnVisit(round=following.round, inspection_id=following.inspection_id)
        body = self._mine(given)
        stated = stated_by(command, command.problems)
        earlier = self.reinspected.get(body.code)
        if earlier is not None and stated == {name: getattr(earlier, name) for name in stated}:
            return
        self.must_be(command, self.state, S.RECTIFIED, S.REINSPECTED)
        if body not in self.objecting:
            raise r.NoProblemOfYours(organ=body.code)
        yield f.ReinspectionHeld(**self._cases, **stated, body=body)
        yield from self._settled()

    def note_reinspection(self, command: c.NoteReinspection, given: Given) -> Facts:
        following = self.following.reinspection if self.following else None
        if self.state is not S.RECTIFIED or following is None or following.inspection_id != command.reinspection_id:
            return
        yield f.ReinspectionNoted(
            **self._cases, reinspection_id=command.reinspection_id, outcome=command.outcome, rounds=command.rounds
        )
        if command.outcome is ReinspectionOutcome.FAILED:
            yield self._concluded(InspectionOutcome.FAILED, "复核不通过。The re-inspection failed.", True)
        yield from self._settled()

    def accept(self, command: c.IssueAcceptanceOpinion, given: Given) -> Facts:
        self._only(command, InspectionKind.COMPLETION_ACCEPTANCE)
        self.must_be(command, self.state, S.FINDINGS_RECORDED, S.REINSPECTED)
        # One opinion speaks for all: it may not speak for a body that has not looked.
        if missing := (*self.unsigned, *self.unseen):
            raise r.ResultsMissing(bodies=missing)
        if self.objecting:
            raise r.ProblemsRemain(bodies=self.objecting)
        yield f.AcceptanceOpinionIssued(
            **self._cases, bodies=self.bodies, opinion_no=command.opinion_no, digest=command.digest,
            deemed=self._named(self.deemed),
        )  # fmt: skip
        told = f"出具联合验收意见 {command.opinion_no}。The joint acceptance opinion was issued."
        yield self._concluded(InspectionOutcome.PASSED, told, False)

    def conclude(self, command: c.ConcludeInspection, given: Given) -> Facts:
        self.must_be(command, self.state, S.FINDINGS_RECORDED, S.RECTIFICATION_ISSUED, S.RECTIFIED, S.REINSPECTED)
        self._all_signed()
        if command.outcome is InspectionOutcome.PASSED:
            if self.objecting:
                raise r.ProblemsRemain(bodies=self.objecting)
            if self._ends_with_an_opinion:
                raise r.AcceptanceOpinionMissing()
        yield self._concluded(command.outcome, command.reason, False)

    def _following(self, command: c.ReportRectified) -> Reinspection:
        """Who found the problems looks again, in an inspection of its own whose number everybody is told."""
        objecting = self.objecting
        again = {body.code for body in objecting}
        lead = self.plan.lead if self.plan.lead.code in again else objecting[0]
        cases = tuple(
            need.model_copy(update={"bodies": tuple(b for b in need.bodies if b.code in again) or (lead,)})
            for need in self.needs.values()
        )
        reviewed = {(organ, d) for (organ, d), one in self.reviews.items() if one.result is InspectionResult.PROBLEMS}
        return Reinspection(
            inspection_id=c.reinspection_stream(self.id, self.rectified + 1), round=self.plan.round + 1,
            site=self.plan.site, cases=cases, lead=lead, drawings=command.drawings,
            seats=tuple(seat for seat in self.seats if (seat.body.code, seat.discipline) in reviewed),
        )  # fmt: skip
