"""Facts of cases that existing approval systems handle and report (报送)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from domain.approval_case.words import MILESTONE_OF, CaseNo, Irregularity, Means
from domain.kernel.event import Event, Milestone
from domain.kernel.words import Body, ItemTerms, Personal, Regulator, Short, Site, Subject


class CaseReported(Event):
    """办件报送。An existing approval system handles this case and reports it here."""

    TOPIC = "case.reported"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "{source} 报送办件 {case_no}({item_name}),监管部门:{departments}"
    EN = "{source} reports case {case_no} ({item_name}), supervised by {departments}"
    BASIS = "审管互动报送约定"

    source: Short
    case_no: CaseNo
    opened_on: date
    item: str = ""
    item_name: str = ""
    terms: ItemTerms | None = Field(None, description="the item version in force then; none if unknown here")
    subject: Subject | None = None
    site: Site | None = None
    departments: tuple[Body, ...] = ()
    irregularities: tuple[Irregularity, ...] = ()
    attributes: dict[str, str] = Field(default_factory=dict)


class StepReported(Event):
    """环节报送。One step of a reported case, kept as it came, with what is irregular about it."""

    TOPIC = "case.step_reported"
    ZH = "报送环节「{label}」,经办 {officer};异常:{irregularities}"
    EN = 'reported step "{label}" by {officer}; irregular: {irregularities}'
    BASIS = "审管互动报送约定"

    source: Short
    source_event_id: Short
    activity: Short
    activity_name: str = ""
    means: Means | None = None
    officer: Annotated[str, Personal("text")] = ""
    irregularities: tuple[Irregularity, ...] = ()
    attributes: dict[str, str] = Field(default_factory=dict)
    digest: str
    case_no: CaseNo
    item: str = Field("", description="of a reported decision: the item by which contracts are matched")
    item_name: str = ""
    departments: tuple[Body, ...] = Field((), description="whom a reported decision is pushed to")
    regulators: tuple[Regulator, ...] = Field((), description="whom the item version names for the place")
    subject: Subject | None = None
    site: Site | None = None

    @property
    def label(self) -> str:
        return self.activity_name or self.activity

    @property
    def milestone(self) -> Milestone | None:
        return MILESTONE_OF[self.means] if self.means else None
