"""Commands of the examination (审查), and what others put into the file meanwhile."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.approval_case.commands.case import BY_ITSELF, DECIDERS, EXAMINERS, OFFICERS, CaseCommand
from domain.approval_case.words import ApproverLevel, Opinion, Outcome
from domain.kernel.opinions import HeardOpinion
from domain.kernel.words import Body, InspectionKind, Personal, Short, SpecialProcedure, Text


class AssignCase(CaseCommand):
    """分办。Assign an examiner."""

    NAME, ZH, MAY = "case.assign", "分办", OFFICERS
    examiner: Short


class ReassignCase(CaseCommand):
    """换人办理。Assign another examiner, with a reason."""

    NAME, ZH, MAY = "case.reassign", "换人办理", OFFICERS
    examiner: Short
    reason: Text


class RecordExaminationOpinion(CaseCommand):
    """出具审查意见。Record the examination opinion."""

    NAME, ZH, MAY = "case.record_examination_opinion", "出具审查意见", EXAMINERS
    opinion: Opinion
    grounds: Text


class RecordVerification(CaseCommand):
    """核实实质内容。Record the verification of the substance of the materials, by two officers at least."""

    NAME, ZH, MAY = "case.record_verification", "核实申请材料的实质内容", EXAMINERS
    officers: Annotated[tuple[Short, ...], Field(min_length=1, max_length=20), Personal("text")]
    how: Text
    result: Text


class ReturnStage(CaseCommand):
    """退回。Return the case to examination."""

    NAME, ZH, MAY = "case.return_stage", "退回审查", DECIDERS | EXAMINERS
    reason: Text


class StartSpecialProcedure(CaseCommand):
    """启动特别程序。Pause the clock for one of the eight procedures of Article 45."""

    NAME, ZH, MAY = "case.start_special_procedure", "启动特别程序", OFFICERS
    procedure: SpecialProcedure
    notice_no: Short
    planned_end: date


class EndSpecialProcedure(CaseCommand):
    """结束特别程序。Resume the clock with the procedure's result."""

    NAME, ZH, MAY = "case.end_special_procedure", "结束特别程序", OFFICERS
    result: Text
    procedure: SpecialProcedure | None = Field(None, description="none: the only one under way")


class ExtendTimeLimit(CaseCommand):
    """延期。Extend the time limit once."""

    NAME, ZH, MAY = "case.extend_time_limit", "延长时限", OFFICERS
    days: int = Field(ge=1)
    approver: ApproverLevel
    reason: Text
    applicant_told_on: date


class RecomputeDueDates(CaseCommand):
    """重新计算期限。Tell the due dates of an open case anew after a calendar notice."""

    NAME, ZH, MAY = "case.recompute_due_dates", "重新计算期限", BY_ITSELF


class NoteConsultation(CaseCommand):
    """会商结果入卷。Put the outcome of a consultation into the file."""

    NAME, ZH, MAY = "case.note_consultation", "会商结果入卷", BY_ITSELF
    consultation_id: UUID
    cause: Short
    outcome: Outcome
    heard: tuple[HeardOpinion, ...] = ()


class NoteInspection(CaseCommand):
    """踏勘结果入卷。Put the outcome of a joint inspection into the file."""

    NAME, ZH, MAY = "case.note_inspection", "踏勘结果入卷", BY_ITSELF
    inspection_id: UUID
    outcome: Outcome
    kind: InspectionKind = InspectionKind.SITE_VISIT


class NoteFinding(CaseCommand):
    """监管信息入卷。Warn a running case that a finding names its holder."""

    NAME, ZH, MAY = "case.note_finding", "监管信息入卷", BY_ITSELF
    finding_id: UUID
    kind: Short
    statement: Text
    hold_until: date | None = None
    consult: Body | None = Field(None, description="the reporting body, when the finding demands a consultation")


class NoteFindingAnswered(CaseCommand):
    """监管处置入卷。Record that the finding was handled."""

    NAME, ZH, MAY = "case.note_finding_answered", "监管处置入卷", BY_ITSELF
    finding_id: UUID
    result: Text


class ForwardCase(CaseCommand):
    """报送上级。Send what was examined, with every material, to the level above, which decides (Articles 35 and 43)."""

    NAME, ZH, MAY = "case.forward", "审查后报送上级机关", EXAMINERS | DECIDERS
    to: Body
    document_no: Short
