"""Commands of the joint inspection (踏勘命令), in the order in which a visit meets them."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.joint_inspection.words import (
    Digest,
    Discipline,
    DrawingSet,
    InspectionOutcome,
    InspectionResult,
    Officers,
    Problems,
    Reinspection,
    ReinspectionOutcome,
    Seat,
    SiteVisitNeed,
    Slot,
    Window,
)
from domain.kernel.channel import Channel
from domain.kernel.command import Command, Target
from domain.kernel.identity import stream_id, year_of
from domain.kernel.people import Role
from domain.kernel.words import Body, InspectionKind, Short, Site, Text


def inspection_stream(case_id: UUID, cause: str) -> UUID:
    """One inspection per first site visit; ``cause`` is the id of the fact that demanded it."""
    return stream_id("inspection", year_of(case_id), cause)


def reinspection_stream(inspection_id: UUID, times: int) -> UUID:
    """The inspection that follows one after its rectification was reported for the ``times``-th time."""
    return stream_id("inspection", year_of(inspection_id), f"reinspection:{inspection_id}:{times}")


APPROVAL_SIDE = frozenset({Role.SYSTEM, Role.EXAMINER, Role.DECIDER})
VISITING = frozenset({Role.REGULATOR, Role.EXAMINER})


class PlanJointInspection(Command):
    """计划联合踏勘。One visit for all bodies that the given cases need; opened by the first site visit due.

    ``kind`` says whether they see a site, review drawings (联合审图) or accept what was built (联合验收)."""

    NAME = "inspection.plan"
    ZH = "计划联合踏勘"
    MAY = APPROVAL_SIDE

    cause: Short = Field(description="id of the fact that demanded the first site visit")
    site: Site
    window: Window
    cases: tuple[SiteVisitNeed, ...] = Field(min_length=1, max_length=100)
    lead: Body
    kind: InspectionKind = InspectionKind.SITE_VISIT

    @property
    def stream(self) -> UUID:
        return inspection_stream(self.cases[0].case_id, self.cause)


class PlanReinspection(Command):
    """计划复核。Open the inspection that follows a rectification, chained to the one whose problems it looks at."""

    NAME = "inspection.plan_reinspection"
    ZH = "计划复核"
    MAY = frozenset({Role.SYSTEM})

    cause: Short = Field(description="id of the fact that reported the rectification")
    parent_id: UUID
    kind: InspectionKind
    window: Window
    planned: Reinspection

    @property
    def stream(self) -> UUID:
        return self.planned.inspection_id


class InspectionCommand(Command):
    inspection_id: Annotated[UUID, Target()]


class AddSiteVisit(InspectionCommand):
    """并入踏勘。Let another case at the same place join, while nobody has checked in."""

    NAME = "inspection.add_site_visit"
    ZH = "并入踏勘"
    MAY = APPROVAL_SIDE

    need: SiteVisitNeed


class DropSiteVisit(InspectionCommand):
    """撤出踏勘。A case that has ended leaves the visit; the last one to leave cancels it."""

    NAME = "inspection.drop_site_visit"
    ZH = "撤出踏勘"
    # By the platform alone: a running case that was taken out by hand would wait for a visit that nobody plans.
    MAY = frozenset({Role.SYSTEM})

    case_id: UUID
    reason: Text


class ProposeSlots(InspectionCommand):
    """提出踏勘时间。The lead proposes hours within the window; proposing again asks everybody anew."""

    NAME = "inspection.propose_slots"
    ZH = "提出踏勘时间"
    MAY = VISITING
    ARRIVES_ON = Channel.SUPERVISION

    slots: tuple[Slot, ...] = Field(min_length=1, max_length=10)


class AnswerSlots(InspectionCommand):
    """答复踏勘时间。An invited body says which of the proposed hours it can; none of them takes a reason."""

    NAME = "inspection.answer_slots"
    ZH = "答复踏勘时间"
    MAY = VISITING
    ARRIVES_ON = Channel.SUPERVISION

    accepts: tuple[Slot, ...] = Field((), max_length=10)
    reason: Text | None = None


class FixSlot(InspectionCommand):
    """确定踏勘时间。The lead fixes an hour that all accepted, or with a reason one that most of them did."""

    NAME = "inspection.fix_slot"
    ZH = "确定踏勘时间"
    MAY = VISITING
    ARRIVES_ON = Channel.SUPERVISION

    slot: Slot
    reason: Text | None = None


class ConfirmAttendance(InspectionCommand):
    """确认参加踏勘。An invited body says that it will come."""

    NAME = "inspection.confirm_attendance"
    ZH = "确认参加踏勘"
    MAY = VISITING
    ARRIVES_ON = Channel.SUPERVISION


class RescheduleInspection(InspectionCommand):
    """踏勘改期。Move the visit; every body is told and confirms again, and hours are negotiated anew."""

    NAME = "inspection.reschedule"
    ZH = "踏勘改期"
    MAY = APPROVAL_SIDE

    window: Window
    reason: Text


class CheckIn(InspectionCommand):
    """踏勘签到。A body is at the place: where, with which officers, and the digest of a picture."""

    NAME = "inspection.check_in"
    ZH = "踏勘签到"
    MAY = VISITING
    ARRIVES_ON = Channel.SUPERVISION

    place: Short
    picture: Digest
    officers: Officers


class RecordInspectionResult(InspectionCommand):
    """出具踏勘意见。A body signs its own result; a changed one supersedes the earlier, which is kept."""

    NAME = "inspection.record_result"
    ZH = "出具踏勘意见"
    MAY = VISITING
    ARRIVES_ON = Channel.SUPERVISION

    result: InspectionResult
    problems: Problems = ()
    officers: Officers


class SubmitDrawings(InspectionCommand):
    """提交图纸。Register the set of drawings, with version and digest, that the joint review looks at."""

    NAME = "inspection.submit_drawings"
    ZH = "提交图纸"
    MAY = frozenset({Role.APPLICANT, Role.ACCEPTOR, Role.EXAMINER})

    drawings: DrawingSet


class AssignDisciplines(InspectionCommand):
    """分配审图专业。Say which body reviews which discipline; a body without one signs once for all it looks at."""

    NAME = "inspection.assign_disciplines"
    ZH = "分配审图专业"
    MAY = frozenset({Role.EXAMINER, Role.DECIDER})

    seats: tuple[Seat, ...] = Field(min_length=1, max_length=60)


class RecordDrawingReview(InspectionCommand):
    """出具审图意见。A body signs for one discipline on one set of drawings; a changed one supersedes the earlier."""

    NAME = "inspection.record_drawing_review"
    ZH = "出具审图意见"
    MAY = VISITING
    ARRIVES_ON = Channel.SUPERVISION

    discipline: Discipline = Discipline.GENERAL
    digest: Digest = Field(description="of the drawings that were reviewed")
    result: InspectionResult
    comments: Problems = ()
    reviewers: Officers


class RequestAnotherVisit(InspectionCommand):
    """要求再次踏勘。A body that was there asks for another visit, with a reason; who stayed away may not."""

    NAME = "inspection.request_another_visit"
    ZH = "要求再次踏勘"
    MAY = VISITING
    ARRIVES_ON = Channel.SUPERVISION

    reason: Text


class IssueRectificationNotice(InspectionCommand):
    """一次性告知整改。Tell every problem of every body, once, in writing."""

    NAME = "inspection.issue_rectification_notice"
    ZH = "告知整改"
    MAY = frozenset({Role.EXAMINER, Role.DECIDER, Role.SYSTEM})

    notice_no: Short
    rectify_by: date


class ReportRectified(InspectionCommand):
    """报告整改完成。The applicant's side says that the problems are mended, and hands in the corrected drawings."""

    NAME = "inspection.report_rectified"
    ZH = "报告整改完成"
    MAY = frozenset({Role.APPLICANT, Role.ACCEPTOR, Role.EXAMINER})

    statement: Text
    drawings: DrawingSet | None = Field(None, description="the corrected set, where drawings are reviewed")


class RecordReinspection(InspectionCommand):
    """复核。A body that found problems looks again and signs, where no inspection of its own was opened for that."""

    NAME = "inspection.record_reinspection"
    ZH = "复核"
    MAY = VISITING
    ARRIVES_ON = Channel.SUPERVISION

    result: InspectionResult
    problems: Problems = ()
    officers: Officers


class NoteReinspection(InspectionCommand):
    """复核结果入卷。Tell an inspection how the one that follows it has ended."""

    NAME = "inspection.note_reinspection"
    ZH = "复核结果入卷"
    MAY = frozenset({Role.SYSTEM})

    reinspection_id: UUID
    outcome: ReinspectionOutcome
    rounds: int = Field(ge=1, description="how many re-inspections lie in the chain below")


class IssueAcceptanceOpinion(InspectionCommand):
    """出具联合验收意见。One merged acceptance opinion for all bodies, once every part has passed."""

    NAME = "inspection.issue_acceptance_opinion"
    ZH = "出具联合验收意见"
    MAY = frozenset({Role.EXAMINER, Role.DECIDER})

    opinion_no: Short
    digest: Digest


class ConcludeInspection(InspectionCommand):
    """作出踏勘结论。Conclude where it does not conclude by itself: a body was absent, or problems remain."""

    NAME = "inspection.conclude"
    ZH = "作出踏勘结论"
    MAY = frozenset({Role.EXAMINER, Role.DECIDER})

    outcome: InspectionOutcome
    reason: Text


class NoteAbsence(InspectionCommand):
    """登记踏勘缺席。After the visit, note every invited body that did not come, each once.

    Where a clause that the body was told allows it, its absence is deemed consent; never in a matter of safety."""

    NAME = "inspection.note_absence"
    ZH = "登记踏勘缺席"
    MAY = frozenset({Role.SYSTEM})


class NoteResultOverdue(InspectionCommand):
    """登记踏勘意见逾期。Note every body that was there and did not sign in time, each once."""

    NAME = "inspection.note_result_overdue"
    ZH = "登记踏勘意见逾期"
    MAY = frozenset({Role.SYSTEM})


class CancelInspection(InspectionCommand):
    """取消踏勘。End an inspection that is no longer needed."""

    NAME = "inspection.cancel"
    ZH = "取消踏勘"
    MAY = APPROVAL_SIDE

    reason: Text
