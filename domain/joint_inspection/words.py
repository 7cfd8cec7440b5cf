"""Words of the joint inspection: its states and results, the window, what a case needs, what is wrong."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from domain.kernel.words import Body, Personal, Short, Text, Value, Word


class InspectionState(Word):
    PLANNED = "planned", "已计划", "planned"
    INVITED = "invited", "已邀请", "invited"
    CONFIRMED = "confirmed", "已确认参加", "attendance confirmed"
    CHECKED_IN = "checked_in", "已到场", "checked in"
    FINDINGS_RECORDED = "findings_recorded", "已出具意见", "findings recorded"
    RECTIFICATION_ISSUED = "rectification_issued", "已告知整改", "told what to rectify"
    RECTIFIED = "rectified", "已报整改完成", "reported as rectified"
    REINSPECTED = "reinspected", "已复核", "re-inspected"
    PASSED = "passed", "通过", "passed"
    FAILED = "failed", "不通过", "failed"
    CANCELLED = "cancelled", "已取消", "cancelled"


S = InspectionState
BEFORE_THE_VISIT = (S.INVITED, S.CONFIRMED)
RUNNING = (*BEFORE_THE_VISIT, S.CHECKED_IN, S.FINDINGS_RECORDED, S.RECTIFICATION_ISSUED, S.RECTIFIED, S.REINSPECTED)


class InspectionResult(Word):
    """踏勘意见."""

    PASSED = "passed", "符合要求", "passed"
    PROBLEMS = "problems", "存在问题", "found problems"


class InspectionOutcome(Word):
    """踏勘结论."""

    PASSED = "passed", "通过", "passed"
    FAILED = "failed", "不通过", "failed"


Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Officers = Annotated[tuple[Short, ...], Personal("name"), Field(min_length=1, max_length=20)]
Problems = Annotated[tuple[Text, ...], Field(max_length=50)]


class Window(Value):
    """踏勘时段: first and last day on which the visit may take place."""

    first: date
    last: date

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Window:
        if self.last < self.first:
            raise ValueError("踏勘时段的结束日早于开始日。The window ends before it begins.")
        return self

    def __str__(self) -> str:
        return f"{self.first}~{self.last}"


class SiteVisitNeed(Value):
    """踏勘需求: a case whose site must be seen, and the bodies that must see it."""

    case_id: UUID
    case_no: Short
    bodies: tuple[Body, ...] = Field(min_length=1, max_length=30)

    def __str__(self) -> str:
        return self.case_no


class Problem(Value):
    """踏勘问题: what one body found wrong."""

    body: Body
    text: Text

    def __str__(self) -> str:
        return f"{self.body.name}:{self.text}"
