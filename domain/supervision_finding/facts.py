"""Facts of the finding (监管信息事实), in the order of the table of states."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.kernel.channel import Channel
from domain.kernel.event import Event
from domain.kernel.words import Addressee, Body, OrderedBy, Short, Site, Subject, Text
from domain.supervision_finding.words import PRACTICE, Demand, FindingDuty, FindingKind, FindingResult


class FindingFact(Event):
    """What every fact of a finding says: whose it is, and which case it is about as far as is known."""

    organ: Body
    finding_no: Short
    case_id: Annotated[UUID | None, OrderedBy()]


class FindingReported(FindingFact):
    """监管信息已报送。A regulator reported a finding; a later revision replaces it. 行政许可法第六十四条。"""

    TOPIC = "finding.reported"
    ZH = "「{organ}」报送监管信息 {finding_no}({kind},第 {revision} 次):{subject},{statement};要求:{demands}"
    EN = "{organ} reported {finding_no} ({kind}, revision {revision}): {subject}, {statement}; asks: {demands}"
    BASIS = "行政许可法第六十四条、第六十五条"

    revision: int
    kind: FindingKind
    subject: Subject
    case_no: Short | None
    license_no: Short | None
    push_id: UUID | None
    found_on: date
    statement: Text
    legal_basis: Text
    site: Site | None
    demands: tuple[Demand, ...]
    rectify_by: date | None
    hold_until: date | None
    resolved: bool = Field(description="whether the case it is about is named")
    register_by: date | None
    decide_by: date | None


class FindingReceived(FindingFact):
    """监管信息已接收登记。The approving side has the finding; the regulator is told. 监管信息回推约定。"""

    TOPIC = "finding.received"
    ZH = "监管信息 {finding_no} 已接收登记,承办 {officer},处置期限 {decide_by}"
    EN = "the finding {finding_no} was registered by {officer}, to be decided by {decide_by}"
    BASIS = PRACTICE
    CHANNEL = Channel.APPROVAL

    organ: Annotated[Body, Addressee()]
    decide_by: date | None

    @property
    def officer(self) -> str:
        return str(self.actor)


class FindingHandled(FindingFact):
    """监管信息已处置。The approving side decided on the finding; the answer goes back. 行政许可法第六十九条。"""

    TOPIC = "finding.handled"
    ZH = "监管信息 {finding_no} 处置结果:{result};{explanation}"
    EN = "the finding {finding_no} was handled: {result}; {explanation}"
    BASIS = "行政许可法第六十四条、第六十九条"
    CHANNEL = Channel.APPROVAL

    organ: Annotated[Body, Addressee()]
    kind: FindingKind
    subject: Subject
    result: FindingResult
    explanation: Text
    late: bool


class RectificationOpened(FindingFact):
    """整改已督促。The holder is to mend what the finding says, by a date. 行政许可法第六十六条、第六十八条。"""

    TOPIC = "finding.rectification_opened"
    ZH = "就监管信息 {finding_no} 督促整改,限 {rectify_by} 前完成:{requirement}"
    EN = "rectification was opened for the finding {finding_no}, due {rectify_by}: {requirement}"
    BASIS = "行政许可法第六十六条、第六十八条"
    CHANNEL = Channel.APPROVAL

    organ: Annotated[Body, Addressee()]
    requirement: Text
    rectify_by: date


class RectificationConfirmed(FindingFact):
    """整改已确认。What the finding asked to mend is mended. 行政许可法第六十八条。"""

    TOPIC = "finding.rectification_confirmed"
    ZH = "监管信息 {finding_no} 整改完成:{statement}"
    EN = "the rectification for the finding {finding_no} is confirmed: {statement}"
    BASIS = "行政许可法第六十八条"
    CHANNEL = Channel.APPROVAL

    organ: Annotated[Body, Addressee()]
    statement: Text
    late: bool


class FindingOverdue(FindingFact):
    """监管信息逾期。A duty of the finding was not met by its date (rule R32). 监管信息回推约定。"""

    TOPIC = "finding.overdue"
    ZH = "监管信息 {finding_no} 未在 {due_on} 前{duty}"
    EN = "the finding {finding_no} missed its duty to {duty} by {due_on}"
    BASIS = PRACTICE

    duty: FindingDuty
    due_on: date


class FindingLinked(FindingFact):
    """监管信息已关联办件。The case that the finding is about was found. 监管信息回推约定。"""

    TOPIC = "finding.linked"
    ZH = "监管信息 {finding_no} 关联到办件 {case_no}"
    EN = "the finding {finding_no} was linked to case {case_no}"
    BASIS = PRACTICE

    case_no: Short
    license_no: Short | None
