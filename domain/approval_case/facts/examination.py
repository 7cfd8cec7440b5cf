"""Facts of the examination (审查): who examines, what pauses the clock, and what others told the case."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.approval_case.words import LAW, ApproverLevel, CaseNo, DueDateChange, Material, Opinion, Outcome
from domain.kernel import event as meaning
from domain.kernel.event import Event
from domain.kernel.opinions import HeardOpinion
from domain.kernel.words import Body, InspectionKind, Personal, RegionCode, Short, Site, SpecialProcedure, Term, Text


class ConsultationRequired(Event):
    """需要会商。The item, or a finding about the holder, demands a consultation before the decision."""

    TOPIC = "case.consultation_required"
    ZH = "需会商 {bodies},缘由:{reason}"
    EN = "{bodies} must be consulted, because: {reason}"
    BASIS = LAW + "第二十六条"

    case_no: CaseNo
    item_name: Short
    bodies: tuple[Body, ...]
    cause: Short
    reason: Text
    safety: bool = False


class SiteVisitRequired(Event):
    """需要现场踏勘。The site must be seen by several bodies, in one visit if it can be."""

    TOPIC = "case.site_visit_required"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "{site} 需由 {bodies} {kind},{not_before} 至 {not_after} 之间"
    EN = "{site} needs a {kind} by {bodies} between {not_before} and {not_after}"
    BASIS = LAW + "第三十四条"

    case_no: CaseNo
    site: Site
    bodies: tuple[Body, ...]
    not_before: date
    not_after: date
    kind: InspectionKind = InspectionKind.SITE_VISIT
    safety: bool = False


class CaseAssigned(Event):
    """分办。An examiner was assigned."""

    TOPIC = "case.assigned"
    ZH = "分办给审查人员 {examiner}"
    EN = "assigned to the examiner {examiner}"
    BASIS = LAW + "第三十四条"

    examiner: Annotated[Short, Personal("text")]


class CaseReassigned(Event):
    """换人办理。Another examiner was assigned, with a reason."""

    TOPIC = "case.reassigned"
    ZH = "改由 {examiner} 审查,理由:{reason}"
    EN = "reassigned to {examiner}, because: {reason}"
    BASIS = LAW + "第三十四条"

    examiner: Annotated[Short, Personal("text")]
    reason: Text


class ExaminationOpinionRecorded(Event):
    """审查意见。The examiner recorded an opinion. 行政许可法第三十四条。"""

    TOPIC = "case.examination_opinion_recorded"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "审查意见:{opinion};{grounds}"
    EN = "examination opinion: {opinion}; {grounds}"
    BASIS = LAW + "第三十四条"
    MILESTONE = meaning.EXAMINED

    opinion: Opinion
    grounds: Text
    rule_version: Short | None = Field(None, description="rules by which a machine examined; none: a person did")


class SubstanceVerified(Event):
    """实质核查。The substance of the materials was verified by two officers at least. 行政许可法第三十四条第三款。"""

    TOPIC = "case.substance_verified"
    ZH = "{officers} 核实申请材料的实质内容,方式:{how};结果:{result}"
    EN = "{officers} verified the substance of the materials by {how}: {result}"
    BASIS = LAW + "第三十四条第三款"

    officers: Annotated[tuple[Short, ...], Personal("text")]
    how: Text
    result: Text


class StageReturned(Event):
    """退回。The case was returned to examination with a reason; the clock keeps running."""

    TOPIC = "case.stage_returned"
    ZH = "退回重新审查,理由:{reason}"
    EN = "returned for examination, because: {reason}"
    BASIS = LAW + "第三十四条"

    reason: Text


class SpecialProcedureStarted(Event):
    """特别程序开始。The clock pauses for one of the eight procedures, told in writing. 行政许可法第四十五条。"""

    TOPIC = "case.special_procedure_started"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "进入特别程序「{procedure}」,预计 {planned_end} 结束,告知书 {notice_no}"
    EN = "special procedure: {procedure}, planned to end {planned_end}, notice {notice_no}"
    BASIS = LAW + "第四十五条"

    procedure: SpecialProcedure
    notice_no: Short
    planned_end: date
    started_on: date
    calendar: str = Field("", description="version of the calendar by which the clocks go on")


class SpecialProcedureEnded(Event):
    """特别程序结束。The procedure ended with a result; the clock resumes. 行政许可法第四十五条。"""

    TOPIC = "case.special_procedure_ended"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "特别程序{which}结束,结果:{result}"
    EN = "the special procedure{which} ended: {result}"
    BASIS = LAW + "第四十五条"

    result: Text
    ended_on: date
    calendar: str = Field("", description="version of the calendar by which the clocks go on")
    procedure: SpecialProcedure | None = Field(None, description="none: the only one there was")
    under_way: tuple[SpecialProcedure, ...] = Field((), description="others still under way: the clock stands on")
    planned_end: date | None = Field(None, description="when those others are planned to end")

    @property
    def which(self) -> Term:
        named = self.procedure
        return Term(f"「{named.zh}」", f" ({named.en})") if named else Term("", "")


class TimeLimitExtended(Event):
    """延期。The limit was extended once, approved at the right level, the applicant told. 行政许可法第四十二条。"""

    TOPIC = "case.time_limit_extended"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "经{approver}批准延长 {days} 个工作日,理由:{reason};已于 {applicant_told_on} 告知申请人"
    EN = "extended by {days} working days, approved by the {approver}: {reason}; applicant told {applicant_told_on}"
    BASIS = LAW + "第四十二条"

    days: int
    approver: ApproverLevel
    reason: Text
    applicant_told_on: date
    calendar: str = Field("", description="version of the calendar by which the clocks go on")


class DueDatesRecomputed(Event):
    """期限重新计算。A new calendar notice moved, or for the first time set, the due dates of an open case; what a
    decided case was told stays. 行政许可法第八十二条。"""

    TOPIC = "case.due_dates_recomputed"
    ZH = "工作日历更新({notices}),期限重新计算:{changes_zh}"
    EN = "due dates recomputed by a new calendar ({notices}): {changes_en}"
    BASIS = LAW + "第八十二条"

    case_no: CaseNo
    calendar: str = Field(description="version of the calendar by which the dates are told now")
    before: str = Field(description="version of the calendar by which they were told before")
    notices: tuple[str, ...] = Field((), description="the notices that are new")
    region: RegionCode | None = None
    changes: tuple[DueDateChange, ...]

    @property
    def changes_zh(self) -> str:
        return ";".join(change.told("zh") for change in self.changes)

    @property
    def changes_en(self) -> str:
        return "; ".join(change.told("en") for change in self.changes)


class ConsultationNoted(Event):
    """会商结果入卷。The outcome of a consultation entered the file."""

    TOPIC = "case.consultation_noted"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "会商结果入卷:{outcome};在案意见:{heard}"
    EN = "the consultation's outcome entered the file: {outcome}; opinions on record: {heard}"
    BASIS = LAW + "第二十六条"

    consultation_id: UUID
    cause: Short
    outcome: Outcome
    heard: tuple[HeardOpinion, ...] = Field((), description="the decision must say how the binding ones are used")


class InspectionNoted(Event):
    """踏勘结果入卷。The outcome of a joint inspection entered the file."""

    TOPIC = "case.inspection_noted"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "{kind}结果入卷:{outcome}"
    EN = "the outcome of the {kind} entered the file: {outcome}"
    BASIS = LAW + "第三十四条"

    inspection_id: UUID
    outcome: Outcome
    kind: InspectionKind = InspectionKind.SITE_VISIT


class FindingNoted(Event):
    """监管信息提示。A regulator's finding names the holder of this running case."""

    TOPIC = "case.finding_noted"
    ZH = "监管信息提示({kind}):{statement}"
    EN = "a regulator's finding concerns this case ({kind}): {statement}"
    BASIS = LAW + "第六十一条"

    finding_id: UUID
    kind: Short
    statement: Text
    hold_until: date | None = None
    consult: Body | None = Field(None, description="the body to consult before the decision, if it asked for that")


class FindingAnswered(Event):
    """监管信息已答复。The finding that concerned this case was handled; a hold it asked for is over."""

    TOPIC = "case.finding_answered"
    ZH = "监管信息已处置:{result}"
    EN = "the finding was handled: {result}"
    BASIS = LAW + "第六十一条"

    finding_id: UUID
    result: Text


class CaseForwarded(Event):
    """报送上级。The lower level examined first and sent opinion and materials up. 行政许可法第三十五条、第四十三条。"""

    TOPIC = "case.forwarded"
    ZH = "审查意见「{opinion}」连同全部材料报送 {to},文号 {document_no}"
    EN = 'forwarded to {to} with the opinion "{opinion}" and every material, document {document_no}'
    BASIS = LAW + "第三十五条、第四十三条"

    to: Body
    opinion: Opinion
    materials: tuple[Material, ...] = ()
    document_no: Short
