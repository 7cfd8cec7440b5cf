"""Facts of the consultation (会商事实), in the order of the table of states."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.consultation.words import ConsultationOutcome, Opinion
from domain.kernel.channel import Channel
from domain.kernel.event import Event
from domain.kernel.words import Addressee, Body, OpinionUse, OrderedBy, OrganCode, RegionCode, Short, Text


class ConsultationFact(Event):
    """What every fact of a consultation says: which case it is about, and what demanded it."""

    case_id: Annotated[UUID, OrderedBy()]
    case_no: Short
    cause: Short = Field(description="the demanding source: item, or the id of a finding")


class ConsultationRequested(ConsultationFact):
    """会商已提请。The approving side asks other departments before it decides. 行政许可法第二十六条。"""

    TOPIC = "consultation.requested"
    ZH = "就办件 {case_no}「{item_name}」提请会商,征求 {invited} 的意见:{question}"
    EN = 'a consultation on case {case_no} "{item_name}" was requested, asking {invited}: {question}'
    BASIS = "行政许可法第二十六条"

    item_name: Short
    region: RegionCode | None
    invited: tuple[Body, ...]
    question: Text
    complex: bool
    safety: bool
    due_on: date | None = Field(description="none while no calendar is published")


class ConsultationInvited(ConsultationFact):
    """已邀请会商。One body is asked for its opinion by a date. 行政许可法第二十六条。"""

    TOPIC = "consultation.invited"
    ZH = "邀请「{body}」就办件 {case_no}「{item_name}」反馈会商意见,期限 {due_on}:{question}"
    EN = '{body} was asked for its opinion on case {case_no} "{item_name}" by {due_on}: {question}'
    BASIS = "行政许可法第二十六条"
    CHANNEL = Channel.INTERACTION

    consultation_id: UUID
    body: Annotated[Body, Addressee()]
    item_name: Short
    region: RegionCode | None
    question: Text
    complex: bool
    safety: bool
    due_on: date | None


class ConsultationOpinionFiled(ConsultationFact):
    """会商意见已反馈。An invited body stated its opinion; the envelope names the officer. 行政许可法第二十六条。"""

    TOPIC = "consultation.opinion_filed"
    ZH = "「{body}」对办件 {case_no} 的会商意见:{opinion};理由:{reason};条件:{conditions}"
    EN = "{body} {opinion} on case {case_no}; reason: {reason}; conditions: {conditions}"
    BASIS = "行政许可法第二十六条"

    body: Body
    opinion: Opinion
    reason: Text | None
    legal_basis: Text | None
    conditions: Text | None
    late: bool
    supersedes: int | None = Field(description="version of the earlier opinion of the same body")


class ConsultationOpinionOverdue(ConsultationFact):
    """会商意见逾期。A body stayed silent past the due date; silence is not consent. 行政许可法第二十六条。"""

    TOPIC = "consultation.opinion_overdue"
    ZH = "「{body}」未在 {due_on} 前就办件 {case_no} 反馈会商意见"
    EN = "{body} gave no opinion on case {case_no} by {due_on}"
    BASIS = "行政许可法第二十六条"
    CHANNEL = Channel.INTERACTION

    consultation_id: UUID
    body: Annotated[Body, Addressee()]
    due_on: date


class ConsultationConcluded(ConsultationFact):
    """会商已结论。Every opinion is in, and each objection has been answered. 行政许可法第二十六条。"""

    TOPIC = "consultation.concluded"
    ZH = "办件 {case_no} 的会商结论:{outcome};{conclusion}"
    EN = "the consultation on case {case_no} concluded: {outcome}; {conclusion}"
    BASIS = "行政许可法第二十六条"
    CHANNEL = Channel.INTERACTION

    bodies: Annotated[tuple[Body, ...], Addressee()]
    outcome: ConsultationOutcome
    uses: tuple[OpinionUse, ...]
    conclusion: Text
    automatic: bool


class ConsultationEscalated(ConsultationFact):
    """会商已提交联席会议。The matter goes to the joint conference. 行政许可法第二十六条。"""

    TOPIC = "consultation.escalated"
    ZH = "办件 {case_no} 的会商提交联席会议;原因:{reason};未反馈:{missing};不同意:{objecting}"
    EN = (
        "the consultation on case {case_no} goes to the joint conference; reason: {reason}; "
        "no opinion from: {missing}; objecting: {objecting}"
    )
    BASIS = "行政许可法第二十六条"
    CHANNEL = Channel.INTERACTION

    bodies: Annotated[tuple[Body, ...], Addressee()]
    missing: tuple[OrganCode, ...]
    objecting: tuple[OrganCode, ...]
    reason: Text


class ConsultationConcludedByConference(ConsultationFact):
    """联席会议已议定。The joint conference resolved the matter; the minutes bind. 行政许可法第二十六条。"""

    TOPIC = "consultation.concluded_by_conference"
    ZH = "联席会议就办件 {case_no} 议定:{outcome};{resolution}(纪要 {minutes_no})"
    EN = "the joint conference resolved on case {case_no}: {outcome}; {resolution} (minutes {minutes_no})"
    BASIS = "行政许可法第二十六条"
    CHANNEL = Channel.INTERACTION

    bodies: Annotated[tuple[Body, ...], Addressee()]
    outcome: ConsultationOutcome
    resolution: Text
    minutes_no: Short


class ConsultationCancelled(ConsultationFact):
    """会商已取消。The opinions are no longer needed. 行政许可法第二十六条。"""

    TOPIC = "consultation.cancelled"
    ZH = "办件 {case_no} 的会商取消;原因:{reason}"
    EN = "the consultation on case {case_no} was cancelled; reason: {reason}"
    BASIS = "行政许可法第二十六条"
    CHANNEL = Channel.INTERACTION

    bodies: Annotated[tuple[Body, ...], Addressee()]
    reason: Text
