"""Facts of the commitment (告知承诺事实), in the order of its states. Every one goes to the regulators of the item:
who supervises must know on what a license rests, and what became of it."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.commitment.words import (
    PRACTICE,
    BrokenGround,
    Checker,
    CheckMethod,
    CheckResult,
    CommitmentDuty,
    Officers,
    Severity,
)
from domain.kernel.channel import Channel
from domain.kernel.event import Event
from domain.kernel.promises import CommitmentKind
from domain.kernel.words import (
    Addressee,
    Body,
    ItemCode,
    OrderedBy,
    OrganCode,
    Regulator,
    Short,
    Site,
    Subject,
    Term,
    Text,
)


class CommitmentFact(Event):
    """What every fact of a commitment says: of which case it is, and who supervises it."""

    CHANNEL = Channel.APPROVAL

    case_id: Annotated[UUID, OrderedBy()]
    case_no: Short
    regulators: Annotated[tuple[Regulator, ...], Addressee()]


class CommitmentOpened(CommitmentFact):
    """承诺待核查。A grant rests on this commitment, to be checked within its window. 国办发〔2020〕42号。"""

    TOPIC = "commitment.opened"
    ZH = "办件 {case_no} 的许可基于承诺({kind}):{promise};由{checker}于 {check_by} 前核查"
    EN = "the grant of case {case_no} rests on a commitment ({kind}): {promise}; {checker} to check it by {check_by}"
    BASIS = PRACTICE

    item: ItemCode
    item_name: Short
    kind: CommitmentKind
    promise: Text
    subject: Subject
    site: Site | None
    organ: OrganCode
    decided_on: date
    checker: Checker
    check_by: date
    red_on: date = Field(description="from the day after it, a commitment nobody checked is a red lead (R28)")


class CommitmentSampled(CommitmentFact):
    """承诺列入抽查。A reproducible sample drew this commitment. 国务院令第722号第五十四条(双随机)。"""

    TOPIC = "commitment.sampled"
    ZH = "办件 {case_no} 的承诺被抽查 {sample_no} 抽中,须于 {check_by} 前核查"
    EN = "the commitment of case {case_no} was drawn by the sample {sample_no}, to be checked by {check_by}"
    BASIS = "优化营商环境条例第五十四条"

    sample_id: UUID
    sample_no: Short
    check_by: date


class CommitmentChecked(CommitmentFact):
    """承诺已核查。Somebody looked, and says what was found. 国办发〔2020〕42号。"""

    TOPIC = "commitment.checked"
    ZH = "「{by}」于 {checked_on} 核查({method}):{found}"
    EN = "{by} checked on {checked_on} ({method}): {found}"
    BASIS = PRACTICE

    by: Body
    result: CheckResult
    method: CheckMethod
    checked_on: date
    officers: Officers
    statement: Text
    mendable: bool
    again: bool = Field(description="a check after an order to rectify")
    late: bool
    next_check_by: date | None
    red_on: date | None

    @property
    def found(self) -> Term:
        zh, en = f"{self.result.zh};{self.statement}", f"{self.result.en}; {self.statement}"
        if self.next_check_by is None:
            return Term(zh, en)
        return Term(f"{zh};{self.next_check_by} 前再次核查", f"{en}; to be checked again by {self.next_check_by}")


class CommitmentRectificationOrdered(CommitmentFact):
    """责令整改。The holder is ordered to do by a date what it promised. 国办发〔2020〕42号。"""

    TOPIC = "commitment.rectification_ordered"
    ZH = "「{by}」责令限期整改({document_no}),限 {rectify_by} 前完成:{requirement};依据 {legal_basis}"
    EN = "{by} ordered to rectify by {rectify_by} ({document_no}): {requirement}; by {legal_basis}"
    BASIS = PRACTICE

    by: Body
    document_no: Short
    requirement: Text
    legal_basis: Short
    rectify_by: date


class CommitmentRectified(CommitmentFact):
    """已报告整改完成。The holder says that it is mended; somebody looks again. 国办发〔2020〕42号。"""

    TOPIC = "commitment.rectified"
    ZH = "报告整改完成,待复核:{statement}"
    EN = "reported as rectified, to be checked again: {statement}"
    BASIS = PRACTICE

    statement: Text
    late: bool


class CommitmentBroken(CommitmentFact):
    """未践诺。The promise was false, or not kept even after an order to rectify. 国办发〔2020〕42号。"""

    TOPIC = "commitment.broken"
    ZH = "{subject} 未践诺({ground}),建议撤销「{item_name}」许可:{statement}"
    EN = '{subject} broke the commitment ({ground}); its license "{item_name}" is proposed for revocation: {statement}'
    BASIS = "国办发〔2020〕42号;行政许可法第六十九条"

    by: Body
    ground: BrokenGround
    item: ItemCode
    item_name: Short
    kind: CommitmentKind
    subject: Subject
    site: Site | None
    organ: OrganCode
    broken_on: date
    statement: Text


class CommitmentOverdue(CommitmentFact):
    """承诺逾期。A commitment was not checked, or not mended, by its date (rule R28). 国办发〔2020〕42号。"""

    TOPIC = "commitment.overdue"
    ZH = "办件 {case_no} 的承诺未在 {due_on} 前{duty}({severity})"
    EN = "the commitment of case {case_no} missed the day {due_on} to {duty} ({severity})"
    BASIS = PRACTICE

    duty: CommitmentDuty
    severity: Severity
    due_on: date


class CommitmentSettled(CommitmentFact):
    """未践诺已处置。The approving side decided on the proposal to revoke. 行政许可法第六十九条。"""

    TOPIC = "commitment.settled"
    ZH = "对未践诺的处置:{result};{explanation}"
    EN = "the broken commitment was settled: {result}; {explanation}"
    BASIS = "行政许可法第六十九条"

    finding_id: UUID
    result: Short
    explanation: Text


class CommitmentClosed(CommitmentFact):
    """承诺已终结。The license has ended, so nothing is left to check. 行政许可法第七十条。"""

    TOPIC = "commitment.closed"
    ZH = "承诺终结:{reason}"
    EN = "the commitment is closed: {reason}"
    BASIS = "行政许可法第七十条"

    reason: Text
