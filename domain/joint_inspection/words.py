"""Words of the joint inspection: its states and results, window and slots, drawings, what a case needs, what is wrong."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from domain.kernel.words import Body, InspectionKind, Personal, Short, Site, Text, Value, Word


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


class ReinspectionOutcome(Word):
    """复核结果, as the inspection that it follows learns it."""

    PASSED = "passed", "通过", "passed"
    FAILED = "failed", "不通过", "failed"
    CANCELLED = "cancelled", "已取消", "cancelled"


class Discipline(Word):
    """审图专业."""

    GENERAL = "general", "综合", "general"
    PLANNING = "planning", "规划", "planning"
    ARCHITECTURE = "architecture", "建筑", "architecture"
    STRUCTURE = "structure", "结构", "structure"
    WATER = "water", "给排水", "water supply and drainage"
    HEATING = "heating", "暖通", "heating and ventilation"
    ELECTRICAL = "electrical", "电气", "electrical"
    FIRE = "fire", "消防", "fire protection"
    CIVIL_DEFENSE = "civil_defense", "人防", "civil air defense"


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
        return f"{self.first}~{self.last}" if self.first != self.last else f"{self.first}"


class Slot(Value):
    """踏勘时间: a day and an hour, Beijing time, that the lead proposes within the window."""

    day: date
    begins: time
    minutes: int = Field(ge=15, le=600)

    def __str__(self) -> str:
        return f"{self.day} {self.begins:%H:%M}({self.minutes}′)"


class DrawingSet(Value):
    """图纸: one version of the drawings under joint review; the sheets themselves stay in the archive."""

    version: int = Field(ge=1, le=999)
    digest: Digest
    sheets: int = Field(ge=1, le=100_000)

    def __str__(self) -> str:
        return f"v{self.version}({self.digest[:8]})"


class Seat(Value):
    """审图席位: the discipline for which a body reviews the drawings and signs."""

    body: Body
    discipline: Discipline

    def __str__(self) -> str:
        return f"{self.body.name}({self.discipline.zh})"


class SiteVisitNeed(Value):
    """踏勘需求: a case whose site must be seen, and the bodies that must see it."""

    case_id: UUID
    case_no: Short
    bodies: tuple[Body, ...] = Field(min_length=1, max_length=30)
    safety: bool = Field(False, description="a matter of safety: no absence is ever deemed consent")

    def __str__(self) -> str:
        return self.case_no


class Problem(Value):
    """踏勘问题: what one body found wrong, and for which discipline when it reviewed drawings."""

    body: Body
    text: Text
    discipline: Discipline | None = None

    def __str__(self) -> str:
        of = f"({self.discipline.zh})" if self.discipline else ""
        return f"{self.body.name}{of}:{self.text}"


class Reinspection(Value):
    """复核安排: the inspection that follows a rectification, in a stream of its own; ``round`` is its place in the chain."""

    inspection_id: UUID
    round: int = Field(ge=1)
    site: Site
    cases: tuple[SiteVisitNeed, ...] = Field(min_length=1)
    lead: Body
    drawings: DrawingSet | None = None
    seats: tuple[Seat, ...] = ()

    def __str__(self) -> str:
        return f"{self.round}"


__all__ = [
    "BEFORE_THE_VISIT",
    "RUNNING",
    "Digest",
    "Discipline",
    "DrawingSet",
    "InspectionKind",
    "InspectionOutcome",
    "InspectionResult",
    "InspectionState",
    "Officers",
    "Problem",
    "Problems",
    "Reinspection",
    "ReinspectionOutcome",
    "Seat",
    "SiteVisitNeed",
    "Slot",
    "Window",
]
