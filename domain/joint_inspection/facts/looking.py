"""Facts of the look itself (踏勘实施): who was there, what each signed, who stayed away."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.joint_inspection.facts.base import LAW, PRACTICE, REFORM, InspectionFact
from domain.joint_inspection.words import (
    Digest,
    Discipline,
    DrawingSet,
    InspectionResult,
    Officers,
    Problems,
    Window,
)
from domain.kernel.channel import Channel
from domain.kernel.words import Addressee, Body, Short, Text


class InspectionCheckedIn(InspectionFact):
    """踏勘签到。A body is at the place with its officers and a picture. 行政许可法第三十四条。"""

    TOPIC = "inspection.checked_in"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "「{body}」{officer_count} 人于 {place} 签到;在约定时段内:{in_window}"
    EN = "{body} checked in at {place} with {officer_count} staff; within the window: {in_window}"
    BASIS = LAW

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
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "「{body}」{kind}意见:{result};问题:{problems}"
    EN = "{body}: {result}; problems: {problems}"
    BASIS = LAW

    body: Body
    result: InspectionResult
    problems: Problems
    officers: Officers
    supersedes: int | None = Field(description="version of the earlier result of the same body")
    late: bool = False


class DrawingReviewed(InspectionFact):
    """审图意见已出具。A body signed for one discipline on one version of the drawings. 国办发〔2019〕11号。"""

    TOPIC = "inspection.drawing_reviewed"
    ZH = "「{body}」{discipline}专业审图意见({drawings}):{result};问题:{comments}"
    EN = "{body}, {discipline}, on drawings {drawings}: {result}; comments: {comments}"
    BASIS = REFORM

    body: Body
    discipline: Discipline
    drawings: DrawingSet
    result: InspectionResult
    comments: Problems
    reviewers: Officers
    supersedes: int | None = Field(description="version of the earlier review of the same body and discipline")


class InspectionResultOverdue(InspectionFact):
    """踏勘意见逾期。A body was there and has not signed in time. 联合踏勘制度。"""

    TOPIC = "inspection.result_overdue"
    ZH = "「{body}」未在 {due_on} 前出具{kind}意见"
    EN = "{body} did not sign its result of the {kind} by {due_on}"
    BASIS = PRACTICE
    CHANNEL = Channel.INTERACTION

    inspection_id: UUID
    body: Annotated[Body, Addressee()]
    due_on: date


class AnotherVisitRequested(InspectionFact):
    """要求再次踏勘。A body that was there asks for another visit; nothing passes by itself while that stands. 联合踏勘制度。"""

    TOPIC = "inspection.another_visit_requested"
    ZH = "「{body}」要求再次{kind};原因:{reason}"
    EN = "{body} asks for another {kind}; reason: {reason}"
    BASIS = PRACTICE
    CHANNEL = Channel.INTERACTION

    inspection_id: UUID
    lead: Annotated[Body, Addressee()]
    body: Body
    reason: Text


class InspectionAbsenceNoted(InspectionFact):
    """踏勘缺席。An invited body did not come; it may not ask for another visit. 联合踏勘制度。"""

    TOPIC = "inspection.absence_noted"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "「{body}」未参加 {window} 的{kind},事先确认:{confirmed};不得另行要求踏勘"
    EN = "{body} was absent from the {kind} of {window}, confirmed before: {confirmed}; no visit of its own"
    BASIS = PRACTICE
    CHANNEL = Channel.INTERACTION

    inspection_id: UUID
    body: Annotated[Body, Addressee()]
    window: Window
    confirmed: bool


class InspectionAbsenceDeemed(InspectionFact):
    """缺席视为同意。A clause that the body was told lets its absence count as consent. 依所引条款。"""

    TOPIC = "inspection.absence_deemed"
    ZH = "「{body}」未参加 {window} 的{kind},依{clause}视为同意"
    EN = "{body} was absent from the {kind} of {window}; under {clause} that counts as consent"
    BASIS = PRACTICE
    CHANNEL = Channel.INTERACTION

    inspection_id: UUID
    body: Annotated[Body, Addressee()]
    window: Window
    clause: Text = Field(description="the rule that allows it, as the invitation told it")
