"""Facts of the joint inspection (踏勘事实), in the order of the table of states."""

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
    Problem,
    Problems,
    SiteVisitNeed,
    Window,
)
from domain.kernel.channel import Channel
from domain.kernel.event import Event
from domain.kernel.words import Addressee, Body, OrderedBy, Short, Site, Text


class InspectionFact(Event):
    """What every fact of a joint inspection says; messages are ordered by the first case."""

    case_id: Annotated[UUID, OrderedBy()] = Field(description="the first case; case_ids names all")
    case_ids: tuple[UUID, ...]


PRACTICE = "联合踏勘制度"


class InspectionPlanned(InspectionFact):
    """联合踏勘已计划。One visit for the cases and bodies named. 行政许可法第三十四条。"""

    TOPIC = "inspection.planned"
    ZH = "计划于 {window} 在 {site} 联合踏勘,牵头「{lead}」,涉及办件 {cases}"
    EN = "a joint inspection of {site} is planned for {window}, led by {lead}, for cases {cases}"
    BASIS = "行政许可法第三十四条第三款"

    cause: Short
    site: Site
    window: Window
    cases: tuple[SiteVisitNeed, ...]
    lead: Body


class InspectionInvited(InspectionFact):
    """已邀请踏勘。One body is told when and where, at least the notice of the rules ahead. 联合踏勘制度。"""

    TOPIC = "inspection.invited"
    ZH = "邀请「{body}」于 {window} 到 {site} 参加联合踏勘,牵头「{lead}」,办件 {case_nos}"
    EN = "{body} is invited to the joint inspection of {site} in {window}, led by {lead}, for cases {case_nos}"
    BASIS = PRACTICE
    CHANNEL = Channel.INTERACTION

    inspection_id: UUID
    body: Annotated[Body, Addressee()]
    site: Site
    window: Window
    lead: Body
    case_nos: tuple[Short, ...] = Field(description="the cases that need this body")
    not_before: date | None = Field(description="first day that leaves the notice due; none while no calendar is known")


class SiteVisitAdded(InspectionFact):
    """办件并入踏勘。Another case at the place joins the same visit. 联合踏勘制度。"""

    TOPIC = "inspection.site_visit_added"
    ZH = "办件 {need} 并入联合踏勘"
    EN = "case {need} joins the joint inspection"
    BASIS = PRACTICE
    CHANNEL = Channel.INTERACTION

    inspection_id: UUID
    need: SiteVisitNeed
    bodies: Annotated[tuple[Body, ...], Addressee()]


class AttendanceConfirmed(InspectionFact):
    """已确认参加踏勘。An invited body will come; the envelope names who said so. 联合踏勘制度。"""

    TOPIC = "inspection.attendance_confirmed"
    ZH = "「{body}」确认参加联合踏勘"
    EN = "{body} will attend the joint inspection"
    BASIS = PRACTICE

    body: Body


class InspectionRescheduled(InspectionFact):
    """踏勘已改期。The visit moved; everybody is told and confirms again. 联合踏勘制度。"""

    TOPIC = "inspection.rescheduled"
    ZH = "{site} 的联合踏勘由 {old} 改期至 {window};原因:{reason}"
    EN = "the joint inspection of {site} moved from {old} to {window}; reason: {reason}"
    BASIS = PRACTICE
    CHANNEL = Channel.INTERACTION

    inspection_id: UUID
    bodies: Annotated[tuple[Body, ...], Addressee()]
    site: Site
    old: Window
    window: Window
    reason: Text


class InspectionCheckedIn(InspectionFact):
    """踏勘签到。A body is at the place with its officers and a picture. 行政许可法第三十四条。"""

    TOPIC = "inspection.checked_in"
    ZH = "「{body}」{officer_count} 人于 {place} 签到;在约定时段内:{in_window}"
    EN = "{body} checked in at {place} with {officer_count} staff; within the window: {in_window}"
    BASIS = "行政许可法第三十四条第三款"

    body: Body
    place: Short
    picture: Digest
    officers: Officers
    lead: bool
    in_window: bool
    result_due_on: date | None

    @property
    def officer_count(self) -> int:
        return len(self.officers)


class InspectionFindingRecorded(InspectionFact):
    """踏勘意见已出具。A body signed its own result. 行政许可法第三十四条。"""

    TOPIC = "inspection.finding_recorded"
    ZH = "「{body}」踏勘意见:{result};问题:{problems}"
    EN = "{body}: {result}; problems: {problems}"
    BASIS = "行政许可法第三十四条第三款"

    body: Body
    result: InspectionResult
    problems: Problems
    officers: Officers
    supersedes: int | None = Field(description="version of the earlier result of the same body")


class RectificationNoticeIssued(InspectionFact):
    """整改已一次性告知。Every problem of every body in one written notice. 行政许可法第三十二条第一款第四项。"""

    TOPIC = "inspection.rectification_notice_issued"
    ZH = "一次性书面告知整改({notice_no}),限 {rectify_by} 前完成:{problems}"
    EN = "told once in writing ({notice_no}) what to rectify by {rectify_by}: {problems}"
    BASIS = "行政许可法第三十二条第一款第四项"
    CHANNEL = Channel.INTERACTION

    bodies: Annotated[tuple[Body, ...], Addressee()]
    notice_no: Short
    rectify_by: date
    problems: tuple[Problem, ...]


class RectificationReported(InspectionFact):
    """已报告整改完成。The bodies that found problems are asked to look again. 联合踏勘制度。"""

    TOPIC = "inspection.rectification_reported"
    ZH = "报告整改完成:{statement};请「{bodies}」于 {reinspect_by} 前复核"
    EN = "reported as rectified: {statement}; {bodies} to look again by {reinspect_by}"
    BASIS = PRACTICE
    CHANNEL = Channel.INTERACTION

    inspection_id: UUID
    bodies: Annotated[tuple[Body, ...], Addressee()]
    statement: Text
    reinspect_by: date | None


class ReinspectionHeld(InspectionFact):
    """已复核。A body that found problems looked again and signed. 行政许可法第三十四条。"""

    TOPIC = "inspection.reinspection_held"
    ZH = "「{body}」复核:{result};问题:{problems}"
    EN = "{body} looked again: {result}; problems: {problems}"
    BASIS = "行政许可法第三十四条第三款"

    body: Body
    result: InspectionResult
    problems: Problems
    officers: Officers


class InspectionConcluded(InspectionFact):
    """联合踏勘已结论。The outcome for every case that shared the visit. 行政许可法第三十四条。"""

    TOPIC = "inspection.concluded"
    ZH = "联合踏勘结论:{outcome};办件 {case_nos};缺席:{absent};{reason}"
    EN = "the joint inspection concluded: {outcome}; cases {case_nos}; absent: {absent}; {reason}"
    BASIS = "行政许可法第三十四条第三款"
    CHANNEL = Channel.INTERACTION

    bodies: Annotated[tuple[Body, ...], Addressee()]
    outcome: InspectionOutcome
    case_nos: tuple[Short, ...]
    absent: tuple[Body, ...]
    reason: Text
    automatic: bool


class InspectionAbsenceNoted(InspectionFact):
    """踏勘缺席。An invited body did not come; it may not ask for another visit. 联合踏勘制度。"""

    TOPIC = "inspection.absence_noted"
    ZH = "「{body}」未参加 {window} 的联合踏勘,事先确认:{confirmed};不得另行要求踏勘"
    EN = "{body} was absent from the joint inspection of {window}, confirmed before: {confirmed}; no visit of its own"
    BASIS = PRACTICE
    CHANNEL = Channel.INTERACTION

    inspection_id: UUID
    body: Annotated[Body, Addressee()]
    window: Window
    confirmed: bool


class InspectionCancelled(InspectionFact):
    """联合踏勘已取消。The visit is no longer needed. 联合踏勘制度。"""

    TOPIC = "inspection.cancelled"
    ZH = "{site} 的联合踏勘取消;原因:{reason}"
    EN = "the joint inspection of {site} was cancelled; reason: {reason}"
    BASIS = PRACTICE
    CHANNEL = Channel.INTERACTION

    bodies: Annotated[tuple[Body, ...], Addressee()]
    site: Site
    reason: Text
