"""Facts of the case (办件事实): the table of states, event by event."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.approval_case.words import (
    MILESTONE_OF,
    ApproverLevel,
    CaseNo,
    Irregularity,
    Material,
    Means,
    Opinion,
    Outcome,
    SpecialProcedure,
    Validity,
)
from domain.kernel import event as meaning
from domain.kernel.event import Event, Milestone
from domain.kernel.words import Body, ItemTerms, OrganCode, Personal, Regulator, Short, Site, Subject, Text

LAW = "行政许可法"


class ApplicationSubmitted(Event):
    """申请已提出。An application was submitted for an item version in force. 行政许可法第二十九条。"""

    TOPIC = "case.application_submitted"
    ZH = "{subject} 就「{item_name}」提出申请,办件编号 {case_no}"
    EN = '{subject} applied for "{item_name}", case number {case_no}'
    BASIS = LAW + "第二十九条"
    MILESTONE = meaning.SUBMITTED

    case_no: CaseNo
    terms: ItemTerms
    subject: Subject
    site: Site | None = None
    organ: OrganCode
    materials: tuple[Material, ...] = ()

    @property
    def item_name(self) -> str:
        return self.terms.name


class MaterialReceived(Event):
    """收件。The materials were received and a receipt was issued; the intake clock runs. 行政许可法第三十二条。"""

    TOPIC = "case.material_received"
    ZH = "收到申请材料,回执 {receipt_no}"
    EN = "the materials were received, receipt {receipt_no}"
    BASIS = LAW + "第三十二条"

    receipt_no: Short
    notice_due: date | None = Field(None, description="last day to accept, refuse or ask for correction")


class OnSpotCorrected(Event):
    """当场更正。An error was corrected on the spot; no correction round. 行政许可法第三十二条第(三)项。"""

    TOPIC = "case.onspot_corrected"
    ZH = "当场更正:{what}"
    EN = "corrected on the spot: {what}"
    BASIS = LAW + "第三十二条第一款第(三)项"

    what: Text


class CorrectionRequested(Event):
    """一次性告知补正。Everything missing was told once; the intake clock stops. 行政许可法第三十二条第(四)项。"""

    TOPIC = "case.correction_requested"
    ZH = "一次性告知需补正:{missing};期限 {until}"
    EN = "told once what is missing: {missing}; due {until}"
    BASIS = LAW + "第三十二条第一款第(四)项"

    missing: tuple[Short, ...]
    until: date


class CorrectionSubmitted(Event):
    """补正已提交。The applicant handed in what was missing; the intake clock restarts."""

    TOPIC = "case.correction_submitted"
    ZH = "申请人补正:{materials}"
    EN = "the applicant supplied: {materials}"
    BASIS = LAW + "第三十二条第一款第(五)项"

    materials: tuple[Short, ...]
    notice_due: date | None = None


class CorrectionLapsed(Event):
    """逾期未补正。The correction never came; the case ends with notice given."""

    TOPIC = "case.correction_lapsed"
    ZH = "逾期未补正,办件终止"
    EN = "the correction never came, the case ends"
    BASIS = LAW + "第三十二条"


class PermitNotRequired(Event):
    """不需要许可。The matter needs no license, told at once. 行政许可法第三十二条第(一)项。"""

    TOPIC = "case.permit_not_required"
    ZH = "告知依法不需要取得行政许可:{reason}"
    EN = "told that no license is required: {reason}"
    BASIS = LAW + "第三十二条第一款第(一)项"

    reason: Text


class AcceptanceRefused(Event):
    """不予受理。Not within this organ's power; the right organ is named. 行政许可法第三十二条第(二)项。"""

    TOPIC = "case.acceptance_refused"
    ZH = "不予受理:{reason};请向 {redirect_to} 申请"
    EN = "acceptance refused: {reason}; apply to {redirect_to}"
    BASIS = LAW + "第三十二条第一款第(二)项"

    reason: Text
    redirect_to: Short
    remedy_notice: Text


class Acceptance(Event):
    """What every way of acceptance records: both clocks start from ``day_zero``."""

    case_no: CaseNo
    terms: ItemTerms
    subject: Subject
    site: Site | None = None
    day_zero: date
    statutory_days: int
    promised_days: int
    statutory_due: date | None = Field(description="told to the applicant; none while no calendar is published")
    promised_due: date | None


class ApplicationAccepted(Acceptance):
    """受理。The application is accepted; both clocks start. 行政许可法第三十二条第(五)项。"""

    TOPIC = "case.application_accepted"
    ZH = "受理,受理通知书 {document_no};承诺 {promised_due} 前、法定 {statutory_due} 前作出决定"
    EN = "accepted, notice {document_no}; decision promised by {promised_due}, by law due {statutory_due}"
    BASIS = LAW + "第三十二条第一款第(五)项"
    MILESTONE = meaning.ACCEPTED

    document_no: Short


class AcceptanceDeemed(Acceptance):
    """视为受理。No notice within five working days: accepted from the day of receipt. 行政许可法第三十二条第(四)项。"""

    TOPIC = "case.acceptance_deemed"
    ZH = "逾期未告知,自收到材料之日 {day_zero} 起视为受理"
    EN = "no notice in time: deemed accepted from the day of receipt, {day_zero}"
    BASIS = LAW + "第三十二条第一款第(四)项"
    MILESTONE = meaning.ACCEPTED


class ToleranceAccepted(Acceptance):
    """容缺受理。Accepted although listed minor materials are missing, on a written promise."""

    TOPIC = "case.tolerance_accepted"
    ZH = "容缺受理,须于 {until} 前补齐:{missing}"
    EN = "accepted with gaps, to be supplied by {until}: {missing}"
    BASIS = "地方容缺受理办法"
    MILESTONE = meaning.ACCEPTED

    document_no: Short
    missing: tuple[Short, ...]
    until: date


class ToleranceCleared(Event):
    """容缺补齐。The tolerated materials were supplied."""

    TOPIC = "case.tolerance_cleared"
    ZH = "容缺材料已补齐:{materials}"
    EN = "the tolerated materials were supplied: {materials}"
    BASIS = "地方容缺受理办法"

    materials: tuple[Short, ...]


class ToleranceLapsed(Event):
    """容缺逾期。The tolerated materials never came; the case ends."""

    TOPIC = "case.tolerance_lapsed"
    ZH = "容缺材料逾期未补齐,办件终止"
    EN = "the tolerated materials never came, the case ends"
    BASIS = "地方容缺受理办法"


class CommitmentFiled(Event):
    """告知承诺。The applicant commits to meet the conditions; a grant rests on it. 国办发〔2020〕42号。"""

    TOPIC = "case.commitment_filed"
    ZH = "申请人作出承诺:{commitment};核查期限 {check_by}"
    EN = "the applicant committed: {commitment}; to be checked by {check_by}"
    BASIS = "国办发〔2020〕42号"

    commitment: Text
    check_by: date


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
    ZH = "{site} 需由 {bodies} 踏勘,{not_before} 至 {not_after} 之间"
    EN = "{site} must be visited by {bodies} between {not_before} and {not_after}"
    BASIS = LAW + "第三十四条"

    case_no: CaseNo
    site: Site
    bodies: tuple[Body, ...]
    not_before: date
    not_after: date


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
    ZH = "审查意见:{opinion};{grounds}"
    EN = "examination opinion: {opinion}; {grounds}"
    BASIS = LAW + "第三十四条"
    MILESTONE = meaning.EXAMINED

    opinion: Opinion
    grounds: Text


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
    ZH = "进入特别程序「{procedure}」,预计 {planned_end} 结束,告知书 {notice_no}"
    EN = "special procedure: {procedure}, planned to end {planned_end}, notice {notice_no}"
    BASIS = LAW + "第四十五条"

    procedure: SpecialProcedure
    notice_no: Short
    planned_end: date
    started_on: date


class SpecialProcedureEnded(Event):
    """特别程序结束。The procedure ended with a result; the clock resumes. 行政许可法第四十五条。"""

    TOPIC = "case.special_procedure_ended"
    ZH = "特别程序结束,结果:{result}"
    EN = "the special procedure ended: {result}"
    BASIS = LAW + "第四十五条"

    result: Text
    ended_on: date


class TimeLimitExtended(Event):
    """延期。The limit was extended once, approved at the right level, the applicant told. 行政许可法第四十二条。"""

    TOPIC = "case.time_limit_extended"
    ZH = "经{approver}批准延长 {days} 个工作日,理由:{reason};已于 {applicant_told_on} 告知申请人"
    EN = "extended by {days} working days, approved by the {approver}: {reason}; applicant told {applicant_told_on}"
    BASIS = LAW + "第四十二条"

    days: int
    approver: ApproverLevel
    reason: Text
    applicant_told_on: date


class ConsultationNoted(Event):
    """会商结果入卷。The outcome of a consultation entered the file."""

    TOPIC = "case.consultation_noted"
    ZH = "会商结果入卷:{outcome}"
    EN = "the consultation's outcome entered the file: {outcome}"
    BASIS = LAW + "第二十六条"

    consultation_id: UUID
    cause: Short
    outcome: Outcome


class InspectionNoted(Event):
    """踏勘结果入卷。The outcome of a joint inspection entered the file."""

    TOPIC = "case.inspection_noted"
    ZH = "联合踏勘结果入卷:{outcome}"
    EN = "the joint inspection's outcome entered the file: {outcome}"
    BASIS = LAW + "第三十四条"

    inspection_id: UUID
    outcome: Outcome


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


class Decision(Event):
    """What every decision records; whole, so that a push needs nothing else."""

    case_no: CaseNo
    terms: ItemTerms
    subject: Subject
    site: Site | None = None
    organ: OrganCode
    document_no: Short
    regulators: tuple[Regulator, ...] = Field(description="named by the frozen item version for the place")
    accepted_by: Annotated[str, Personal("text")] = ""
    by_commitment: bool = False
    with_tolerance: bool = False

    @property
    def item_name(self) -> str:
        return self.terms.name


class DecisionGranted(Decision):
    """准予许可。The license is granted. 行政许可法第三十八条第一款。"""

    TOPIC = "case.decision_granted"
    ZH = "准予 {subject}「{item_name}」许可,决定书 {document_no}"
    EN = '{subject} was granted "{item_name}", decision {document_no}'
    BASIS = LAW + "第三十八条第一款"
    MILESTONE = meaning.GRANTED

    content: Text
    validity: Validity


class DecisionDenied(Decision):
    """不予许可。The license is denied, with reasons and remedies. 行政许可法第三十八条第二款。"""

    TOPIC = "case.decision_denied"
    ZH = "不予 {subject}「{item_name}」许可,决定书 {document_no};理由:{reasons}"
    EN = '{subject} was denied "{item_name}", decision {document_no}; reasons: {reasons}'
    BASIS = LAW + "第三十八条第二款"
    MILESTONE = meaning.DENIED

    reasons: Text
    remedy_notice: Text


class LicenseIssued(Event):
    """颁发证件。The license document was issued. 行政许可法第三十九条。"""

    TOPIC = "case.license_issued"
    ZH = "颁发证件 {license_no}"
    EN = "license {license_no} was issued"
    BASIS = LAW + "第三十九条"

    license_no: Short
    digest: str = ""


class LicenseDelivered(Event):
    """送达。The license was served within ten working days of the grant. 行政许可法第四十四条。"""

    TOPIC = "case.license_delivered"
    ZH = "证件送达,方式:{how}"
    EN = "the license was served by {how}"
    BASIS = LAW + "第四十四条"

    how: Short


class DecisionPublished(Event):
    """决定公开。The decision was published. 行政许可法第四十条。"""

    TOPIC = "case.decision_published"
    ZH = "决定已公示:{where}"
    EN = "the decision was published: {where}"
    BASIS = LAW + "第四十条"

    where: Short


class CaseConcluded(Event):
    """办结。The case is concluded."""

    TOPIC = "case.concluded"
    ZH = "办结"
    EN = "concluded"
    BASIS = LAW + "第四十四条"
    MILESTONE = meaning.CONCLUDED


class CaseWithdrawn(Event):
    """撤回申请。The applicant withdrew the application."""

    TOPIC = "case.withdrawn"
    ZH = "申请人撤回申请:{reason}"
    EN = "the applicant withdrew: {reason}"
    BASIS = LAW + "第二十九条"

    reason: Text


class CaseTerminated(Event):
    """终止。The case ended without a decision, on a named ground."""

    TOPIC = "case.terminated"
    ZH = "终止办理:{ground}"
    EN = "terminated: {ground}"
    BASIS = LAW + "第三十二条"

    ground: Text


class CaseArchived(Event):
    """归档。The electronic file was archived."""

    TOPIC = "case.archived"
    ZH = "归档,档号 {archive_no}"
    EN = "archived under {archive_no}"
    BASIS = "国务院令第716号"

    archive_no: Short


class CaseReported(Event):
    """办件报送。An existing approval system handles this case and reports it here."""

    TOPIC = "case.reported"
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
