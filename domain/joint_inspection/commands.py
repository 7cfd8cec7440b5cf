"""Commands of the joint inspection (踏勘命令), in the order in which a visit meets them."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.joint_inspection.words import (
    Digest,
    InspectionOutcome,
    InspectionResult,
    Officers,
    Problems,
    SiteVisitNeed,
    Window,
)
from domain.kernel.channel import Channel
from domain.kernel.command import Command, Target
from domain.kernel.identity import stream_id, year_of
from domain.kernel.people import Role
from domain.kernel.words import Body, Short, Site, Text


def inspection_stream(case_id: UUID, cause: str) -> UUID:
    """One inspection per first site visit; ``cause`` is the id of the fact that demanded it."""
    return stream_id("inspection", year_of(case_id), cause)


APPROVAL_SIDE = frozenset({Role.SYSTEM, Role.EXAMINER, Role.DECIDER})
VISITING = frozenset({Role.REGULATOR, Role.EXAMINER})


class PlanJointInspection(Command):
    """计划联合踏勘。One visit for all bodies that the given cases need; opened by the first site visit due."""

    NAME = "inspection.plan"
    ZH = "计划联合踏勘"
    MAY = APPROVAL_SIDE

    cause: Short = Field(description="id of the fact that demanded the first site visit")
    site: Site
    window: Window
    cases: tuple[SiteVisitNeed, ...] = Field(min_length=1, max_length=100)
    lead: Body

    @property
    def stream(self) -> UUID:
        return inspection_stream(self.cases[0].case_id, self.cause)


class InspectionCommand(Command):
    inspection_id: Annotated[UUID, Target()]


class AddSiteVisit(InspectionCommand):
    """并入踏勘。Let another case at the same place join, while nobody has checked in."""

    NAME = "inspection.add_site_visit"
    ZH = "并入踏勘"
    MAY = APPROVAL_SIDE

    need: SiteVisitNeed


class ConfirmAttendance(InspectionCommand):
    """确认参加踏勘。An invited body says that it will come."""

    NAME = "inspection.confirm_attendance"
    ZH = "确认参加踏勘"
    MAY = VISITING
    ARRIVES_ON = Channel.SUPERVISION


class RescheduleInspection(InspectionCommand):
    """踏勘改期。Move the visit; every body is told and confirms again."""

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


class IssueRectificationNotice(InspectionCommand):
    """一次性告知整改。Tell every problem of every body, once, in writing."""

    NAME = "inspection.issue_rectification_notice"
    ZH = "告知整改"
    MAY = frozenset({Role.EXAMINER, Role.DECIDER, Role.SYSTEM})

    notice_no: Short
    rectify_by: date


class ReportRectified(InspectionCommand):
    """报告整改完成。The applicant's side says that the problems are mended."""

    NAME = "inspection.report_rectified"
    ZH = "报告整改完成"
    MAY = frozenset({Role.APPLICANT, Role.ACCEPTOR, Role.EXAMINER})

    statement: Text


class RecordReinspection(InspectionCommand):
    """复核。A body that found problems looks again and signs."""

    NAME = "inspection.record_reinspection"
    ZH = "复核"
    MAY = VISITING
    ARRIVES_ON = Channel.SUPERVISION

    result: InspectionResult
    problems: Problems = ()
    officers: Officers


class ConcludeInspection(InspectionCommand):
    """作出踏勘结论。Conclude where it does not conclude by itself: a body was absent, or problems remain."""

    NAME = "inspection.conclude"
    ZH = "作出踏勘结论"
    MAY = frozenset({Role.EXAMINER, Role.DECIDER})

    outcome: InspectionOutcome
    reason: Text


class NoteAbsence(InspectionCommand):
    """登记踏勘缺席。After the window, note every invited body that did not check in, each once."""

    NAME = "inspection.note_absence"
    ZH = "登记踏勘缺席"
    MAY = frozenset({Role.SYSTEM})


class CancelInspection(InspectionCommand):
    """取消踏勘。End an inspection that is no longer needed."""

    NAME = "inspection.cancel"
    ZH = "取消踏勘"
    MAY = APPROVAL_SIDE

    reason: Text
