"""Facts of the intake (申请与受理): from the application to its acceptance, or its end before that."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from domain.approval_case.words import LAW, CaseNo, Material, Tolerated
from domain.kernel import event as meaning
from domain.kernel.documents import DigestIfKnown
from domain.kernel.event import Event
from domain.kernel.promises import CommitmentKind
from domain.kernel.words import (
    Agent,
    ItemTerms,
    LimitUnit,
    Matter,
    OrganCode,
    RegionCode,
    Short,
    Site,
    Subject,
    SubmissionChannel,
    Text,
    ToleranceLapse,
)


class ApplicationSubmitted(Event):
    """申请已提出。An application was submitted for an item version in force. 行政许可法第二十九条。"""

    TOPIC = "case.application_submitted"
    class_version = 2
    ADDED_ONLY = (2,)
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
    channel: SubmissionChannel = SubmissionChannel.WINDOW
    agent: Agent | None = None
    matter: Matter = Matter.NEW
    license_id: UUID | None = Field(None, description="the license that is to be altered, renewed or cancelled")
    bundle_id: UUID | None = Field(None, description="the bundle that the case is a part of")
    forwarded_from: UUID | None = Field(None, description="the case in which the lower level examined it first")
    forwarded: tuple[Short, ...] = Field((), description="materials that came from below and are not asked for again")

    @property
    def item_name(self) -> str:
        return self.terms.name


class MaterialReceived(Event):
    """收件。The materials were received and a receipt was issued; the intake clock runs. 行政许可法第三十二条。"""

    TOPIC = "case.material_received"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "收到申请材料,回执 {receipt_no}"
    EN = "the materials were received, receipt {receipt_no}"
    BASIS = LAW + "第三十二条"

    receipt_no: Short
    notice_due: date | None = Field(None, description="last day to accept, refuse or ask for correction")
    received_on: date | None = Field(None, description="the day the receipt counts for; none: the day it happened")
    region: RegionCode | None = Field(None, description="whose calendar was asked; none: the nation's")
    calendar: str = Field("", description="version of the calendar by which the date was told")


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
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "一次性告知需补正:{missing};期限 {until}"
    EN = "told once what is missing: {missing}; due {until}"
    BASIS = LAW + "第三十二条第一款第(四)项"

    missing: tuple[Short, ...]
    until: date
    notice_no: Short | None = None
    round: int = Field(1, description="which notice of the case this is; the law knows one")
    repeated: tuple[Short, ...] = Field((), description="asked before, and not cured")
    caused_by: tuple[Short, ...] = Field((), description="supplied materials that made a new ask needed")


class CorrectionSubmitted(Event):
    """补正已提交。The applicant handed in what was missing; the intake clock restarts."""

    TOPIC = "case.correction_submitted"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "申请人补正:{materials}"
    EN = "the applicant supplied: {materials}"
    BASIS = LAW + "第三十二条第一款第(五)项"

    materials: tuple[Short, ...]
    notice_due: date | None = None
    received_on: date | None = Field(None, description="the day the receipt counts for; none: the day it happened")
    region: RegionCode | None = Field(None, description="whose calendar was asked; none: the nation's")
    calendar: str = Field("", description="version of the calendar by which the date was told")


class CorrectionLapsed(Event):
    """逾期未补正。The correction never came; the case ends with notice given."""

    TOPIC = "case.correction_lapsed"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "逾期未补正,办件终止;告知的期限 {until},尚缺 {missing}"
    EN = "the correction never came, the case ends; told to be due {until}, still missing: {missing}"
    BASIS = LAW + "第三十二条"

    until: date | None = Field(None, description="the day told in the notice")
    missing: tuple[Short, ...] = Field((), description="what the notice had asked for")
    notice_no: Short | None = None


class PermitNotRequired(Event):
    """不需要许可。The matter needs no license, told at once. 行政许可法第三十二条第(一)项。"""

    TOPIC = "case.permit_not_required"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "告知依法不需要取得行政许可:{reason}"
    EN = "told that no license is required: {reason}"
    BASIS = LAW + "第三十二条第一款第(一)项"

    reason: Text
    document_no: str = ""
    document_digest: DigestIfKnown = ""


class AcceptanceRefused(Event):
    """不予受理。Not within this organ's power; the right organ is named. 行政许可法第三十二条第(二)项。"""

    TOPIC = "case.acceptance_refused"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "不予受理:{reason};请向 {redirect_to} 申请"
    EN = "acceptance refused: {reason}; apply to {redirect_to}"
    BASIS = LAW + "第三十二条第一款第(二)项"

    reason: Text
    redirect_to: Short
    remedy_notice: Text
    document_no: str = ""
    document_digest: DigestIfKnown = ""


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
    statutory_unit: LimitUnit = LimitUnit.WORKING_DAYS
    promised_unit: LimitUnit = LimitUnit.WORKING_DAYS
    runs_from: datetime | None = Field(None, description="the moment from which a limit in parts of a day runs")
    statutory_at: datetime | None = Field(None, description="the exact moment of a statute in parts of a day")
    promised_at: datetime | None = Field(None, description="the exact moment of a promise in parts of a day")
    region: RegionCode | None = Field(None, description="whose calendar was asked; none: the nation's")
    calendar: str = Field("", description="version of the calendar by which the dates were told")

    @property
    def promised_by(self) -> date | None:
        """The day promised, or the moment."""
        return self.promised_at or self.promised_due

    @property
    def statutory_by(self) -> date | None:
        return self.statutory_at or self.statutory_due


class ApplicationAccepted(Acceptance):
    """受理。The application is accepted; both clocks start. 行政许可法第三十二条第(五)项。"""

    TOPIC = "case.application_accepted"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "受理,受理通知书 {document_no};承诺 {promised_by} 前、法定 {statutory_by} 前作出决定"
    EN = "accepted, notice {document_no}; decision promised by {promised_by}, by law due {statutory_by}"
    BASIS = LAW + "第三十二条第一款第(五)项"
    MILESTONE = meaning.ACCEPTED

    document_no: Short
    document_digest: DigestIfKnown = ""
    not_asked: tuple[Short, ...] = Field((), description="materials that shared data supplies or the case does not need")


class AcceptanceDeemed(Acceptance):
    """视为受理。No notice within five working days: accepted from the day of receipt. 行政许可法第三十二条第(四)项。"""

    TOPIC = "case.acceptance_deemed"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "逾期未告知,自收到材料之日 {day_zero} 起视为受理;自该日起算,承诺 {promised_by} 前、法定 {statutory_by} 前作出决定"
    EN = (
        "no notice in time: deemed accepted from the day of receipt, {day_zero}; counted from that day, the decision is "
        "promised by {promised_by}, by law due {statutory_by}"
    )
    BASIS = LAW + "第三十二条第一款第(四)项"
    MILESTONE = meaning.ACCEPTED


class ToleranceAccepted(Acceptance):
    """容缺受理。Accepted although listed minor materials are missing, on a written promise."""

    TOPIC = "case.tolerance_accepted"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "容缺受理,须于 {until} 前补齐:{missing}"
    EN = "accepted with gaps, to be supplied by {until}: {missing}"
    BASIS = "地方容缺受理办法"
    MILESTONE = meaning.ACCEPTED

    document_no: Short
    document_digest: DigestIfKnown = ""
    missing: tuple[Short, ...]
    until: date
    each: tuple[Tolerated, ...] = Field((), description="where the materials are due on different days")
    not_asked: tuple[Short, ...] = Field((), description="materials that shared data supplies or the case does not need")

    @property
    def due_of(self) -> dict[str, date]:
        """Until when each material is awaited."""
        return dict.fromkeys(self.missing, self.until) | {one.name: one.until for one in self.each}


class ToleranceCleared(Event):
    """容缺补齐。The tolerated materials were supplied."""

    TOPIC = "case.tolerance_cleared"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "容缺材料已补齐:{materials}"
    EN = "the tolerated materials were supplied: {materials}"
    BASIS = "地方容缺受理办法"

    materials: tuple[Short, ...]
    until: date | None = Field(None, description="the day of what is still awaited; none when all came")


class ToleranceLapsed(Event):
    """容缺逾期。Tolerated materials never came: the case ends, must be denied, or counts as withdrawn, as the item says."""

    TOPIC = "case.tolerance_lapsed"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "容缺材料逾期未补齐:{missing};处理:{outcome}"
    EN = "tolerated materials never came: {missing}; so {outcome}"
    BASIS = "地方容缺受理办法"

    outcome: ToleranceLapse = ToleranceLapse.TERMINATE
    missing: tuple[Short, ...] = ()


class CommitmentFiled(Event):
    """告知承诺。The applicant commits to meet the conditions; a grant rests on it. 国办发〔2020〕42号。"""

    TOPIC = "case.commitment_filed"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "申请人作出承诺({kind}):{commitment};核查期限 {check_by}"
    EN = "the applicant committed ({kind}): {commitment}; to be checked by {check_by}"
    BASIS = "国办发〔2020〕42号"

    commitment: Text
    check_by: date
    kind: CommitmentKind = CommitmentKind.CONDITIONS
    case_no: str = ""
    item: str = ""
    item_name: str = ""
    subject: Subject | None = None


class CommitmentWithdrawn(Event):
    """撤回承诺。The applicant took the commitment back before the decision: the ordinary way from here. 国办发〔2020〕42号。"""

    TOPIC = "case.commitment_withdrawn"
    ZH = "申请人撤回承诺,按一般程序办理:{reason}"
    EN = "the applicant took the commitment back, so the ordinary way: {reason}"
    BASIS = "国办发〔2020〕42号"

    reason: Text
    examined_anew: bool = Field(False, description="the opinion rested on the commitment and counts no longer")
