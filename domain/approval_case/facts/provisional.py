"""Facts of the provisional approval (模拟审批). None of them decides anything, and none of them is pushed to anybody."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from domain.approval_case.words import CaseNo, Opinion
from domain.kernel.event import Event
from domain.kernel.words import ItemTerms, RegionCode, Short, Text

BASIS = "地方模拟审批办法"


class ProvisionallyAccepted(Event):
    """模拟受理。The provisional approval begins with materials outstanding. It is no acceptance: no clock of the law runs."""

    TOPIC = "case.provisionally_accepted"
    ZH = "模拟受理,通知书 {notice_no};待补 {outstanding},期限 {until}"
    EN = "provisional approval begun, notice {notice_no}; outstanding: {outstanding}, due {until}"
    BASIS = BASIS

    case_no: CaseNo
    terms: ItemTerms
    notice_no: Short
    outstanding: tuple[Short, ...]
    until: date
    not_asked: tuple[Short, ...] = ()


class ProvisionallyExamined(Event):
    """模拟审查。What is there was examined before the rest came."""

    TOPIC = "case.provisionally_examined"
    ZH = "模拟审查意见:{opinion};{grounds}"
    EN = "provisional examination: {opinion}; {grounds}"
    BASIS = BASIS

    opinion: Opinion
    grounds: Text


class ProvisionalOpinionIssued(Event):
    """出具模拟审批意见。A numbered opinion before the last materials. It is no license, and nobody may act on it as one."""

    TOPIC = "case.provisional_opinion_issued"
    ZH = "出具模拟审批意见 {opinion_no}:{content};待补 {outstanding},有效至 {valid_until};本意见不是行政许可决定"
    EN = "provisional opinion {opinion_no}: {content}; outstanding: {outstanding}, valid until {valid_until}; no license"
    BASIS = BASIS

    case_no: CaseNo
    opinion_no: Short
    content: Text
    outstanding: tuple[Short, ...]
    valid_until: date
    item_version: int


class OutstandingSupplied(Event):
    """补齐待补材料。Outstanding materials came; when all are there, the organ has the days of Article 32 to accept."""

    TOPIC = "case.outstanding_supplied"
    ZH = "补交 {materials},尚缺 {outstanding}"
    EN = "supplied: {materials}; still outstanding: {outstanding}"
    BASIS = "行政许可法第三十二条第一款第(五)项"

    materials: tuple[Short, ...]
    outstanding: tuple[Short, ...] = ()
    notice_due: date | None = Field(None, description="last day to accept, once all is there")
    received_on: date | None = Field(None, description="the day the receipt counts for, once all is there")
    region: RegionCode | None = Field(None, description="whose calendar was asked; none: the nation's")
    calendar: str = Field("", description="version of the calendar by which the date was told")


class ProvisionalOpinionWithdrawn(Event):
    """收回模拟审批意见。The provisional opinion was taken back."""

    TOPIC = "case.provisional_opinion_withdrawn"
    ZH = "收回模拟审批意见 {opinion_no},理由:{reason}"
    EN = "provisional opinion {opinion_no} was taken back, because: {reason}"
    BASIS = BASIS

    opinion_no: Short
    reason: Text
    until: date = Field(description="until when the outstanding materials may still come")


class ProvisionalApprovalLapsed(Event):
    """模拟审批失效。What was outstanding never came; the case ends, and may be applied for anew."""

    TOPIC = "case.provisional_approval_lapsed"
    ZH = "模拟审批失效:至 {until} 未补齐 {outstanding},办件终止"
    EN = "the provisional approval lapsed: by {until} still outstanding: {outstanding}; the case ends"
    BASIS = BASIS

    until: date
    outstanding: tuple[Short, ...]
    opinion_no: Short | None = None
