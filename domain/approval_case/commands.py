"""Commands of the case (办件命令), in the order in which a case meets them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from domain.approval_case.words import ApproverLevel, CaseNo, DenialGround, Material, Means, Opinion, Outcome, Validity
from domain.kernel.channel import Channel
from domain.kernel.command import Command, Target
from domain.kernel.identity import stream_id
from domain.kernel.people import Role
from domain.kernel.promises import CommitmentKind
from domain.kernel.time import Precision
from domain.kernel.words import (
    Agent,
    Body,
    ItemCode,
    Matter,
    OrganCode,
    Personal,
    Short,
    Site,
    SpecialProcedure,
    Subject,
    SubmissionChannel,
    Text,
)

ACCEPTORS = frozenset({Role.ACCEPTOR})
EXAMINERS = frozenset({Role.EXAMINER})
DECIDERS = frozenset({Role.DECIDER})
OFFICERS = ACCEPTORS | EXAMINERS | DECIDERS
BY_ITSELF = frozenset({Role.SYSTEM})


PLATFORM = "platform"
"""The source of cases that are handled here; no reporting system may use it."""


def case_stream(source: str, opened_on: date, case_no: str) -> UUID:
    """The stream of a case: an external number can be wrong, late or re-issued, so the id is ours."""
    return stream_id("case", opened_on.year, source, case_no)


class SubmitApplication(Command):
    """提出申请。Submit an application for an item version in force."""

    NAME = "case.submit_application"
    ZH = "提出申请"
    MAY = ACCEPTORS | {Role.APPLICANT}

    case_no: CaseNo
    opened_on: date
    item: ItemCode
    subject: Subject
    site: Site | None = None
    materials: tuple[Material, ...] = Field((), max_length=200)
    channel: SubmissionChannel = SubmissionChannel.WINDOW
    agent: Agent | None = None
    matter: Matter = Matter.NEW
    license_id: UUID | None = Field(None, description="the license that is to be altered, renewed or cancelled")
    bundle_id: UUID | None = Field(None, description="the bundle that the case is a part of")

    @property
    def stream(self) -> UUID:
        return case_stream(PLATFORM, self.opened_on, self.case_no)


class CaseCommand(Command):
    case_id: Annotated[UUID, Target()]


class ReceiveMaterial(CaseCommand):
    """收件。Receive the materials and issue the receipt; the intake clock starts."""

    NAME, ZH, MAY = "case.receive_material", "收件", ACCEPTORS
    receipt_no: Short


class CorrectOnSpot(CaseCommand):
    """当场更正。Let an error be corrected on the spot."""

    NAME, ZH, MAY = "case.correct_on_spot", "当场更正", ACCEPTORS
    what: Text


class RequestCorrection(CaseCommand):
    """一次性告知补正。Tell once everything that is missing."""

    NAME, ZH, MAY = "case.request_correction", "告知补正", ACCEPTORS
    missing: tuple[Short, ...] = Field(min_length=1, max_length=100)
    until: date


class SubmitCorrection(CaseCommand):
    """提交补正。Hand in what was missing."""

    NAME, ZH, MAY = "case.submit_correction", "提交补正", ACCEPTORS | {Role.APPLICANT}
    materials: tuple[Short, ...] = Field(min_length=1, max_length=100)


class LapseCorrection(CaseCommand):
    """补正逾期。End a case whose correction never came."""

    NAME, ZH, MAY = "case.lapse_correction", "认定补正逾期", ACCEPTORS | BY_ITSELF


class DeclareNoPermitRequired(CaseCommand):
    """告知不需许可。Tell that the matter needs no license."""

    NAME, ZH, MAY = "case.declare_no_permit_required", "告知不需要许可", ACCEPTORS
    reason: Text


class RefuseAcceptance(CaseCommand):
    """不予受理。Refuse to accept, and name the right organ."""

    NAME, ZH, MAY = "case.refuse_acceptance", "不予受理", ACCEPTORS
    reason: Annotated[str, Field(min_length=10, max_length=2000)]
    redirect_to: Short
    remedy_notice: Text


class AcceptApplication(CaseCommand):
    """受理。Accept the application."""

    NAME, ZH, MAY = "case.accept_application", "受理", ACCEPTORS
    document_no: Short


class DeemAccepted(CaseCommand):
    """视为受理。Record that silence made the application accepted."""

    NAME, ZH, MAY = "case.deem_accepted", "认定视为受理", BY_ITSELF


class AcceptWithTolerance(CaseCommand):
    """容缺受理。Accept although listed minor materials are missing."""

    NAME, ZH, MAY = "case.accept_with_tolerance", "容缺受理", ACCEPTORS
    document_no: Short
    missing: tuple[Short, ...] = Field(min_length=1, max_length=50)
    until: date


class ClearTolerance(CaseCommand):
    """容缺补齐。Record that the tolerated materials came."""

    NAME, ZH, MAY = "case.clear_tolerance", "容缺补齐", ACCEPTORS
    materials: tuple[Short, ...] = Field(min_length=1, max_length=50)


class LapseTolerance(CaseCommand):
    """容缺逾期。End a case whose tolerated materials never came."""

    NAME, ZH, MAY = "case.lapse_tolerance", "认定容缺逾期", ACCEPTORS | BY_ITSELF


class FileCommitment(CaseCommand):
    """告知承诺。File the applicant's commitment."""

    NAME, ZH, MAY = "case.file_commitment", "提交承诺", ACCEPTORS | {Role.APPLICANT}
    commitment: Text
    check_by: date
    kind: CommitmentKind = CommitmentKind.CONDITIONS


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


class ExtendTimeLimit(CaseCommand):
    """延期。Extend the time limit once."""

    NAME, ZH, MAY = "case.extend_time_limit", "延长时限", OFFICERS
    days: int = Field(ge=1)
    approver: ApproverLevel
    reason: Text
    applicant_told_on: date


class NoteConsultation(CaseCommand):
    """会商结果入卷。Put the outcome of a consultation into the file."""

    NAME, ZH, MAY = "case.note_consultation", "会商结果入卷", BY_ITSELF
    consultation_id: UUID
    cause: Short
    outcome: Outcome


class NoteInspection(CaseCommand):
    """踏勘结果入卷。Put the outcome of a joint inspection into the file."""

    NAME, ZH, MAY = "case.note_inspection", "踏勘结果入卷", BY_ITSELF
    inspection_id: UUID
    outcome: Outcome


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


class GrantLicense(CaseCommand):
    """准予许可。Grant the license."""

    NAME, ZH, MAY = "case.grant_license", "准予许可", DECIDERS
    document_no: Short
    content: Text
    validity: Validity


class DenyLicense(CaseCommand):
    """不予许可。Deny the license, with reasons and remedies."""

    NAME, ZH, MAY = "case.deny_license", "不予许可", DECIDERS
    document_no: Short
    reasons: Annotated[str, Field(min_length=10, max_length=2000)]
    remedy_notice: Text
    ground: DenialGround = DenialGround.CONDITIONS_NOT_MET


class IssueLicense(CaseCommand):
    """颁发证件。Issue the license document."""

    NAME, ZH, MAY = "case.issue_license", "颁发证件", OFFICERS
    license_no: Short
    digest: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""


class DeliverLicense(CaseCommand):
    """送达。Serve the license."""

    NAME, ZH, MAY = "case.deliver_license", "送达证件", OFFICERS
    how: Short


class PublishDecision(CaseCommand):
    """公示决定。Publish the decision."""

    NAME, ZH, MAY = "case.publish_decision", "公示决定", OFFICERS
    where: Short


class ConcludeCase(CaseCommand):
    """办结。Conclude the case."""

    NAME, ZH, MAY = "case.conclude", "办结", OFFICERS


class WithdrawApplication(CaseCommand):
    """撤回申请。The applicant withdraws."""

    NAME, ZH, MAY = "case.withdraw_application", "撤回申请", ACCEPTORS | {Role.APPLICANT}
    reason: Text


class TerminateCase(CaseCommand):
    """终止办理。End the case without a decision."""

    NAME, ZH, MAY = "case.terminate", "终止办理", OFFICERS
    ground: Text


class ArchiveCase(CaseCommand):
    """归档。Archive the electronic file."""

    NAME, ZH, MAY = "case.archive", "归档", OFFICERS
    archive_no: Short


class ReportStep(Command):
    """报送环节。An existing approval system reports one step of a case that it handles.

    The same source and source event id again changes nothing; with other content it is recorded as a
    resend. ``opened_on`` is the date the source registered the case, the same in every report of it.
    Steps of one case are taken in the order in which they arrive. Never refused for being irregular:
    the irregularity is recorded with the fact."""

    NAME = "case.report_step"
    ZH = "报送环节"
    MAY = frozenset({Role.SOURCE})
    ARRIVES_ON: ClassVar[Channel | None] = Channel.INTAKE

    source: Short
    source_event_id: Short
    case_no: CaseNo
    opened_on: date
    organ: OrganCode
    activity: Short
    activity_name: Annotated[str, Field(max_length=500)] = ""
    means: Means | None = None
    officer: Annotated[str, Field(max_length=200), Personal("text")] = ""
    occurred_at: AwareDatetime
    precision: Precision = Precision.SECOND
    historical: bool = Field(False, description="a declared load of old cases: lateness is then no irregularity")
    item: Annotated[str, Field(max_length=50)] = ""
    item_name: Annotated[str, Field(max_length=200)] = ""
    subject: Subject | None = None
    site: Site | None = None
    departments: tuple[Body, ...] = Field((), max_length=60)
    attributes: dict[str, str] = Field(default_factory=dict, max_length=100)
    case_attributes: dict[str, str] = Field(default_factory=dict, max_length=100)

    @property
    def stream(self) -> UUID:
        return case_stream(self.source, self.opened_on, self.case_no)
