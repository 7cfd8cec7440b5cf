"""Words of the case: its states, the meanings of reported steps, what may pause its clock."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import StringConstraints

from domain.kernel.event import ACCEPTED, CONCLUDED, DENIED, EXAMINED, GRANTED, SUBMITTED, Milestone
from domain.kernel.licensing import Validity as Validity
from domain.kernel.words import Change, OrganCode, Short, Text, Value, Word, said

LAW = "行政许可法"

CaseNo = Annotated[str, StringConstraints(min_length=2, max_length=50, pattern=r"^\S+$")]


class CaseState(Word):
    """办件状态."""

    NEW = "new", "未收件", "not yet submitted"
    SUBMITTED = "submitted", "已申请", "submitted"
    RECEIVED = "received", "已收件", "received"
    AWAITING_CORRECTION = "awaiting_correction", "待补正", "awaiting correction"
    PROVISIONAL = "provisional", "模拟审批中", "in provisional approval"
    PROVISIONALLY_APPROVED = "provisionally_approved", "已出具模拟审批意见", "with a provisional opinion"
    CLOSED_UNACCEPTED = "closed_unaccepted", "不予受理", "closed without acceptance"
    ACCEPTED = "accepted", "已受理", "accepted"
    EXAMINING = "examining", "审查中", "under examination"
    SUSPENDED = "suspended", "特别程序中", "suspended by a special procedure"
    EXAMINED = "examined", "已审查", "examined"
    FORWARDED = "forwarded", "已报送上级机关", "forwarded to the level above"
    GRANTED = "granted", "准予许可", "granted"
    DENIED = "denied", "不予许可", "denied"
    DELIVERED = "delivered", "已送达", "delivered"
    CONCLUDED = "concluded", "已办结", "concluded"
    WITHDRAWN = "withdrawn", "已撤回申请", "withdrawn by the applicant"
    TERMINATED = "terminated", "已终止", "terminated"
    ARCHIVED = "archived", "已归档", "archived"
    REPORTED = "reported", "报送办件", "handled elsewhere and reported"


S = CaseState
PROVISIONAL = (S.PROVISIONAL, S.PROVISIONALLY_APPROVED)
RUNNING = (S.ACCEPTED, S.EXAMINING, S.SUSPENDED, S.EXAMINED)
UNDECIDED = (S.SUBMITTED, S.RECEIVED, S.AWAITING_CORRECTION, *PROVISIONAL, *RUNNING)


class Means(Word):
    """What a reported step means here; a step without one is kept as a step."""

    SUBMITTED = "submitted", "申请", "application submitted"
    ACCEPTED = "accepted", "受理", "application accepted"
    EXAMINED = "examined", "审查", "examination opinion recorded"
    GRANTED = "granted", "准予许可", "license granted"
    DENIED = "denied", "不予许可", "license denied"
    CONCLUDED = "concluded", "办结", "case concluded"


MILESTONE_OF: dict[Means, Milestone] = {
    Means.SUBMITTED: SUBMITTED,
    Means.ACCEPTED: ACCEPTED,
    Means.EXAMINED: EXAMINED,
    Means.GRANTED: GRANTED,
    Means.DENIED: DENIED,
    Means.CONCLUDED: CONCLUDED,
}


class Irregularity(Word):
    """What is wrong with a reported fact. It is recorded all the same, and the integrity rules read it."""

    OUT_OF_ORDER = "out_of_order", "时间早于上一环节", "earlier than the step before it"
    UNKNOWN_ITEM = "unknown_item", "目录中无此事项", "the catalogue has no such item"
    RETIRED_ITEM = "retired_item", "事项已取消", "the item was retired"
    BACK_DATED = "back_dated", "事后补录", "reported long after it happened"
    BEFORE_ACCEPTANCE = "before_acceptance", "未受理先决定", "decided before acceptance"
    BEFORE_EXAMINATION = "before_examination", "未审查先决定", "decided before examination"
    AFTER_CONCLUSION = "after_conclusion", "办结后仍有环节", "a step after the conclusion"
    RESENT_WITH_CHANGES = "resent_with_changes", "重报内容不一致", "sent again with other content"


class CaseClock(Word):
    """时限种类: what a clock of a case is about."""

    NOTICE = "notice", "受理告知期限", "notice of acceptance, refusal or correction"
    CORRECTION = "correction", "补正期限", "correction by the applicant"
    TOLERANCE = "tolerance", "容缺补齐期限", "tolerated materials"
    STATUTORY = "statutory", "法定办理期限", "decision by law"
    PROMISED = "promised", "承诺办理期限", "decision as promised"
    COMMITMENT = "commitment", "承诺核查期限", "check of the commitment"
    PROVISIONAL = "provisional", "模拟审批待补期限", "outstanding materials of a provisional approval"
    HEARING_REQUEST = "hearing_request", "申请听证期限", "request for a hearing"
    HEARING_NOTICE = "hearing_notice", "听证通知期限", "notice of the hearing"
    HEARING = "hearing", "组织听证期限", "holding the hearing"
    DELIVERY = "delivery", "送达期限", "service of the license"
    PUBLICITY = "publicity", "公示期限", "publication of the decision"


class DueDateChange(Value):
    """期限日期变更: one clock, what was told before, and what holds now; parts of a day by the moment."""

    clock: CaseClock
    old: date | None = None
    new: date
    old_at: datetime | None = None
    new_at: datetime | None = None

    def told(self, language: str) -> str:
        old, new = said(self.old_at or self.old, language), said(self.new_at or self.new, language)
        zh = language == "zh"
        return f"{self.clock.zh} {old} 改为 {new}" if zh else f"{self.clock.en}: {old} becomes {new}"


class Opinion(Word):
    """审查意见."""

    PASS = "pass", "通过", "pass"
    FAIL = "fail", "不通过", "fail"


class DenialGround(Word):
    """不予许可的事由 (第三十八条、第七十八条)."""

    CONDITIONS_NOT_MET = "conditions_not_met", "不符合法定条件", "the conditions are not met"
    FALSE_MATERIAL = "false_material", "隐瞒情况或提供虚假材料", "false material"
    MATERIALS_NEVER_CAME = "materials_never_came", "容缺材料逾期未补齐", "tolerated materials never came"


class TerminationGround(Word):
    """终止办理的事由: a closed list; the text beside it says what happened."""

    APPLICANT_ENDED = "applicant_ended", "申请人死亡、丧失行为能力或者依法终止", "the applicant died or ended"
    ITEM_RETIRED = "item_retired", "许可事项已依法取消", "the item is no longer in force"
    OBJECT_GONE = "object_gone", "许可事项所依附的对象已不存在", "what the license was for no longer exists"
    FORCE_MAJEURE = "force_majeure", "不可抗力致许可事项无法实施", "force majeure"
    OUTSIDE_POWER = "outside_power", "受理后发现不属于本机关职权", "found to be outside this organ's power"
    DUPLICATE = "duplicate", "同一申请已另案办理", "the same application is handled in another case"
    SUPERIOR_ORDER = "superior_order", "司法机关或者上级机关依法决定", "ordered by a court or a superior organ"
    FEE_UNPAID = "fee_unpaid", "未依法缴纳费用", "a fee that the law demands was not paid"
    OTHER = "other", "依法应当终止的其他情形", "another ground by law"


class Secrecy(Word):
    """不予公开的事由 (第五条第二款): a closed list."""

    STATE_SECRET = "state_secret", "国家秘密", "state secret"
    TRADE_SECRET = "trade_secret", "商业秘密", "trade secret"
    PRIVACY = "privacy", "个人隐私", "personal privacy"


class HearingState(Word):
    """听证状态."""

    NONE = "none", "未启动听证", "no hearing"
    NOTICED = "noticed", "已告知听证权利", "the right to a hearing was told"
    REQUESTED = "requested", "已申请听证", "a hearing was asked for"
    WAIVED = "waived", "已放弃听证", "the hearing was waived"
    LAPSED = "lapsed", "逾期未申请听证", "nobody asked in time"
    SCHEDULED = "scheduled", "已安排听证", "the hearing is scheduled"
    HELD = "held", "已举行听证", "the hearing was held"


class Outcome(Word):
    """How a consultation or a joint inspection ended, as the case sees it."""

    SUPPORTED = "supported", "同意", "supported"
    OBJECTED = "objected", "有反对意见", "objected"
    CANCELLED = "cancelled", "已取消", "cancelled"


class ApproverLevel(Word):
    """Who approved an extension (第四十二条)."""

    ORGAN_HEAD = "organ_head", "本机关负责人", "head of the organ"
    GOVERNMENT_HEAD = "government_head", "本级政府负责人", "head of the government at that level"


class Material(Value):
    """申请材料, by name and digest; the file itself stays in the archive."""

    name: Short
    digest: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = ""


class PublishedDecision(Value):
    """公示内容: what the public sees of a decision. Of a natural person the name is masked and no number is shown."""

    decision: Change
    document_no: Short
    item_name: Short
    subject_name: Short
    subject_code: Annotated[str, StringConstraints(max_length=64)] = ""
    content: Text
    decided_on: date
    valid_from: date | None = None
    valid_to: date | None = None
    license_no: Annotated[str, StringConstraints(max_length=200)] = ""
    organ: OrganCode


class CheckedPoint(Value):
    """审查要点: one point that a machine checked, whether it is met, and the digest of what showed it."""

    point: Short
    met: bool
    evidence: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = ""

    def __str__(self) -> str:
        return self.point


class Tolerated(Value):
    """容缺材料: one material that may come later, and until when."""

    name: Short
    until: date

    def __str__(self) -> str:
        return f"{self.name}({self.until})"


Reason = Text
