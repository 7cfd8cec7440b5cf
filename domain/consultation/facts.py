"""Facts of the consultation (会商事实), in the order of the table of states."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.consultation.words import ConsultationOutcome
from domain.kernel.channel import Channel
from domain.kernel.event import Event
from domain.kernel.opinions import HeardOpinion, Opinion
from domain.kernel.words import Addressee, Body, OpinionUse, OrderedBy, OrganCode, RegionCode, Short, Term, Text

PRACTICE = "联合会商制度"

Heard = Annotated[
    tuple[HeardOpinion, ...],
    Field(description="the opinions on record at the end; the decision must answer the binding ones"),
]


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
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "邀请「{body}」就办件 {case_no}「{item_name}」反馈会商意见,期限 {due_on}:{question}{on_silence}"
    EN = '{body} was asked for its opinion on case {case_no} "{item_name}" by {due_on}: {question}{on_silence}'
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
    silence_clause: Text | None = Field(None, description="the clause under which silence counts as no opinion, if any")

    @property
    def on_silence(self) -> Term:
        told = self.silence_clause
        return (
            Term(f";依{told},逾期未反馈视为无意见", f"; under {told}, silence counts as no opinion")
            if told
            else Term("", "")
        )


class ConsultationDeclaredComplex(ConsultationFact):
    """已认定为复杂会商。The bodies have the longer time to reply. 联合会商制度。"""

    TOPIC = "consultation.declared_complex"
    ZH = "办件 {case_no} 的会商认定为复杂会商,反馈期限延至 {due_on};原因:{reason}"
    EN = "the consultation on case {case_no} counts as complex, opinions are due by {due_on}; reason: {reason}"
    BASIS = PRACTICE
    CHANNEL = Channel.INTERACTION

    consultation_id: UUID
    bodies: Annotated[tuple[Body, ...], Addressee()]
    due_on: date | None = Field(description="none while no calendar is published")
    reason: Text


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


class ConsultationOpinionDeemed(ConsultationFact):
    """会商意见视为无意见。A clause that the body was told lets its silence count as no opinion. 依所引条款。"""

    TOPIC = "consultation.opinion_deemed"
    ZH = "「{body}」逾期({due_on})未就办件 {case_no} 反馈会商意见,依{clause}视为无意见"
    EN = "{body} was silent on case {case_no} past {due_on}; under {clause} that counts as no opinion"
    BASIS = PRACTICE
    CHANNEL = Channel.INTERACTION

    consultation_id: UUID
    body: Annotated[Body, Addressee()]
    due_on: date
    clause: Text = Field(description="the rule that allows it, as the invitation told it")


class ConsultationOpinionExcused(ConsultationFact):
    """会商意见已免除。A body need not answer after all; who decided that stands in the envelope. 联合会商制度。"""

    TOPIC = "consultation.opinion_excused"
    ZH = "免除「{body}」对办件 {case_no} 的会商意见;原因:{reason}"
    EN = "{body} need not give its opinion on case {case_no}; reason: {reason}"
    BASIS = PRACTICE
    CHANNEL = Channel.INTERACTION

    consultation_id: UUID
    body: Annotated[Body, Addressee()]
    reason: Text


class ConsultationConcluded(ConsultationFact):
    """会商已结论。Every opinion is in, and each objection has been answered. 行政许可法第二十六条。"""

    TOPIC = "consultation.concluded"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "办件 {case_no} 的会商结论:{outcome};{conclusion}"
    EN = "the consultation on case {case_no} concluded: {outcome}; {conclusion}"
    BASIS = "行政许可法第二十六条"
    CHANNEL = Channel.INTERACTION

    bodies: Annotated[tuple[Body, ...], Addressee()]
    outcome: ConsultationOutcome
    uses: tuple[OpinionUse, ...]
    heard: Heard = ()
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
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "联席会议就办件 {case_no} 议定:{outcome};{resolution}(纪要 {minutes_no})"
    EN = "the joint conference resolved on case {case_no}: {outcome}; {resolution} (minutes {minutes_no})"
    BASIS = "行政许可法第二十六条"
    CHANNEL = Channel.INTERACTION

    bodies: Annotated[tuple[Body, ...], Addressee()]
    outcome: ConsultationOutcome
    uses: tuple[OpinionUse, ...] = ()
    heard: Heard = ()
    resolution: Text
    minutes_no: Short


class ConsultationCancelled(ConsultationFact):
    """会商已取消。The opinions are no longer needed. 行政许可法第二十六条。"""

    TOPIC = "consultation.cancelled"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "办件 {case_no} 的会商取消;原因:{reason}"
    EN = "the consultation on case {case_no} was cancelled; reason: {reason}"
    BASIS = "行政许可法第二十六条"
    CHANNEL = Channel.INTERACTION

    bodies: Annotated[tuple[Body, ...], Addressee()]
    reason: Text
    heard: Heard = ()
