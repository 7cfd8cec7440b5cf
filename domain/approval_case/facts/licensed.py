"""Facts of cases about a license that exists (变更、延续、注销): what was asked, and what silence granted."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import Field

from domain.approval_case.facts.decision import DecisionGranted
from domain.approval_case.words import LAW, CaseNo
from domain.kernel.event import Event
from domain.kernel.licensing import Validity
from domain.kernel.words import Short


class RenewalApplied(Event):
    """延续申请。The renewal of a license was asked, in time or late. 行政许可法第五十条第一款。"""

    TOPIC = "case.renewal_applied"
    ZH = "申请延续证照 {license_no}(有效期至 {valid_to}),应于 {ask_by} 前提出,按时:{in_time}"
    EN = "renewal of the license {license_no}, valid until {valid_to}, asked; due by {ask_by}, in time: {in_time}"
    BASIS = LAW + "第五十条第一款"

    case_no: CaseNo
    license_id: UUID
    license_no: Short
    validity: Validity = Field(description="the period that ends")
    ask_by: date
    in_time: bool

    @property
    def valid_to(self) -> date | None:
        return self.validity.valid_to


class RenewalDeemedGranted(DecisionGranted):
    """视为准予延续。Nobody decided before the license expired, so the law granted it. 行政许可法第五十条第二款。"""

    TOPIC = "case.renewal_deemed_granted"
    class_version = 1
    ADDED_ONLY = ()  # type: ignore[assignment]  # a fact of its own, in its first version
    ZH = "有效期于 {expired_on} 届满前未作决定,视为准予 {subject}「{item_name}」延续,至 {valid_to}"
    EN = '"{item_name}" of {subject} expired on {expired_on} without a decision: renewal deemed granted, to {valid_to}'
    BASIS = LAW + "第五十条第二款"

    document_no: str = ""
    expired_on: date

    @property
    def valid_to(self) -> date | None:
        return self.validity.valid_to
