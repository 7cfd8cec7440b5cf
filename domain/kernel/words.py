"""Words that several chapters of the regulation share: labelled terms and small value objects."""

from __future__ import annotations

import re
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from domain.rules.dates import SHANGHAI


class Word(str, Enum):
    """A term with its Chinese and English label; stored and sent as its code."""

    zh: str
    en: str

    def __new__(cls, code: str, zh: str, en: str) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.zh, member.en = zh, en
        return member

    @classmethod
    def of(cls, code: str) -> Self:
        """The term of a code. Raises ValueError for an unknown one."""
        return cls(code)  # type: ignore[call-arg]  # looking a member up takes its value only

    def __str__(self) -> str:
        return str(self.value)


class Term(str):
    """A name that is spoken in either language, such as that of a command."""

    en: str

    def __new__(cls, zh: str, en: str) -> Self:
        made = str.__new__(cls, zh)
        made.en = en
        return made


class Value(BaseModel):
    """Base of small immutable value objects inside commands and facts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    RECURS_BY: ClassVar[tuple[str, ...]] = ()
    """Fields that name a value which stands unchanged in thousands of facts, so that readers may hold it once."""


class Personal:
    """Marks a field whose content identifies a natural person; ``how`` says how it is masked."""

    def __init__(self, how: str = "text") -> None:
        self.how = how

    def mask(self, value: str) -> str:
        if self.how == "name":
            return value[:1] + "*" * (len(value) - 1) if value else value
        if self.how == "number":
            return value[:6] + "*" * max(len(value) - 10, 1) + value[-4:] if len(value) > 10 else "*" * len(value)
        return "***"


class Addressee:
    """Marks the field that names the authority (or authorities) an event is sent to."""


class OrderedBy:
    """Marks the field whose stream orders the messages of an event (the Kafka key)."""


OrganCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{1,39}$")]
"""Code of an organ (部门): its unified social credit identifier, or our own code below it.
It is part of topic names, so it holds nothing a topic name may not hold."""

ItemCode = Annotated[str, StringConstraints(min_length=2, max_length=50)]
"""Implementation code (实施编码) of an item, in whichever scheme the region uses."""

RegionCode = Annotated[str, StringConstraints(pattern=r"^\d{6}(\d{3}|\d{6})?$")]
"""Region code (行政区划代码): 6 digits, or 9 or 12 down to town and village."""


def covers(region: str, place: str | None) -> bool:
    """Whether a place lies within a region: the levels are 2, 4, 6, 9 and 12 digits long.

    Stripping zeros instead would make the town 371502100 cover the towns 371502101 to 371502109."""
    level = next((n for n in (2, 4, 6, 9) if not region[n:].strip("0")), len(region))
    return (place or "").startswith(region[:level])


Text = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class SubjectKind(Word):
    """What kind of person stands before the organ (行政相对人)."""

    NATURAL = "natural", "自然人", "natural person"
    ENTERPRISE = "enterprise", "企业法人", "enterprise"
    INSTITUTION = "institution", "事业单位", "public institution"
    ORGANIZATION = "organization", "社会组织", "social organization"
    ORGAN = "organ", "行政机关", "organ of state"
    OTHER = "other", "其他", "other"


class Subject(Value):
    """行政相对人 (applicant, licensee): ``identifier`` is the unified social credit identifier of a
    body, or a keyed digest for a natural person, whose number never enters an event."""

    kind: SubjectKind = SubjectKind.ENTERPRISE
    identifier: Annotated[str, StringConstraints(min_length=2, max_length=64)]
    name: Annotated[Short, Personal("name")]

    def __str__(self) -> str:
        return self.name


class Site(Value):
    """场所: where the permit is used; ``place`` groups visits that can be one."""

    region: RegionCode
    address: Short
    place: Annotated[str, StringConstraints(max_length=120)] = ""

    @property
    def key(self) -> str:
        return f"{self.region}/{self.place or self.address}"

    def __str__(self) -> str:
        return self.address


class Body(Value):
    """A department with its name (部门)."""

    code: OrganCode
    name: Short

    def __str__(self) -> str:
        return self.name


class Regulator(Body):
    """监管主体: who supervises what the item permits, and where; no region means everywhere."""

    region: RegionCode | None = None

    def supervises(self, region: str | None) -> bool:
        return self.region is None or covers(self.region, region)


class ClaimMode(Word):
    """认领方式: how a push becomes somebody's duty; cities differ."""

    EXPLICIT = "explicit", "明示认领", "explicit claim by a named officer"
    SIGNATURE = "signature", "签收即认领", "the acknowledgment is the claim"
    ON_DELIVERY = "on_delivery", "推送即认领", "the delivery is the claim"


class Change(Word):
    """推送内容类别: what was decided, or what became of the license later. Seven different things, never one
    flag: an alteration is no renewal, a withdrawal (撤回) no revocation (撤销), a penalty (吊销) neither."""

    GRANT = "grant", "准予许可", "grant"
    DENIAL = "denial", "不予许可", "denial"
    ALTERATION = "alteration", "变更", "alteration"
    RENEWAL = "renewal", "延续", "renewal"
    SUSPENSION = "suspension", "暂扣", "suspension"
    REINSTATEMENT = "reinstatement", "恢复有效", "reinstatement"
    EXPIRY = "expiry", "有效期届满", "expiry"
    WITHDRAWAL = "withdrawal", "撤回", "withdrawal"
    REVOCATION = "revocation", "撤销", "revocation"
    PENALTY_REVOCATION = "penalty_revocation", "吊销", "revocation as a penalty"
    CANCELLATION = "cancellation", "注销", "cancellation"


class Matter(Word):
    """申请类型: what the applicant asks for (行政许可法第四十九条、第五十条)."""

    NEW = "new", "新办", "a new license"
    ALTERATION = "alteration", "变更", "alteration of a license"
    RENEWAL = "renewal", "延续", "renewal of a license"
    CANCELLATION = "cancellation", "注销", "cancellation of a license"


class SubmissionChannel(Word):
    """申请方式: how the application came (行政许可法第二十九条)."""

    WINDOW = "window", "窗口", "at the counter"
    WEB = "web", "网上", "on the web"
    MOBILE = "mobile", "移动端", "on a mobile device"
    POST = "post", "邮寄", "by post"


class CaseKind(Word):
    """办件类型."""

    INSTANT = "instant", "即办件", "on-the-spot case"
    PROMISED = "promised", "承诺件", "time-promised case"


class Handling(Word):
    """办理方式: picks the 20 or the 45 working-day clock (第四十二条)."""

    SINGLE = "single", "单独办理", "single"
    JOINT = "joint", "联合办理", "joint"


class LimitUnit(Word):
    """期限单位: what a limit of an item counts. Parts of a day run only while the office is open."""

    MINUTES = "minutes", "分钟", "minutes"
    HOURS = "hours", "小时", "hours"
    HALF_DAYS = "half_days", "半日", "half days"
    WORKING_DAYS = "working_days", "个工作日", "working days"
    CALENDAR_DAYS = "calendar_days", "日", "calendar days"
    MONTHS = "months", "个月", "months"


class ExerciseLevel(Word):
    """行使层级 (GB/T 39554.1)."""

    NATIONAL = "1", "国家级", "national"
    PROVINCIAL = "2", "省级", "provincial"
    CITY = "3", "市级", "city"
    COUNTY = "4", "县级", "county"
    TOWN = "5", "乡级", "town"
    VILLAGE = "6", "村级", "village"
    GRADED = "7", "分级", "graded"


class SpecialProcedure(Word):
    """特别程序: the closed list of Article 45; nothing else pauses the clock."""

    HEARING = "hearing", "听证", "hearing"
    TENDER = "tender", "招标", "tender"
    AUCTION = "auction", "拍卖", "auction"
    INSPECTION = "inspection", "检验", "inspection of goods"
    TESTING = "testing", "检测", "testing"
    QUARANTINE = "quarantine", "检疫", "quarantine"
    APPRAISAL = "appraisal", "鉴定", "appraisal"
    EXPERT_REVIEW = "expert_review", "专家评审", "expert review"


class HearingRule(Word):
    """听证要求 (行政许可法第四十六条、第四十七条)."""

    NONE = "none", "不需听证", "no hearing"
    ON_REQUEST = "on_request", "告知听证权利,依申请举行", "on request, after telling the right"
    MANDATORY = "mandatory", "应当听证", "a hearing must be held"


class InspectionKind(Word):
    """联合查验种类: what several bodies look at together."""

    SITE_VISIT = "site_visit", "联合踏勘", "joint site inspection"
    DRAWING_REVIEW = "drawing_review", "联合审图", "joint drawing review"
    COMPLETION_ACCEPTANCE = "completion_acceptance", "联合验收", "joint completion acceptance"


class ToleranceLapse(Word):
    """容缺逾期的处理: cities differ, so the item says which, else the practice in force."""

    TERMINATE = "terminate", "终止办理", "the case is terminated"
    DENY = "deny", "不予许可", "the license is denied"
    WITHDRAW = "withdraw", "视为撤回申请", "the application counts as withdrawn"


class TolerableMaterial(Value):
    """可容缺材料: a minor material that may come later, and within how many working days."""

    name: Short
    days: int | None = Field(None, ge=1, le=250, description="working days; none: by the promised end")

    def __str__(self) -> str:
        return self.name


class HandlingRules(Value):
    """办理规则: what a version of an item says of how its cases are handled; every one has an answer for silence."""

    level: ExerciseLevel | None = None
    promised_unit: LimitUnit = LimitUnit.WORKING_DAYS
    statutory_unit: LimitUnit = LimitUnit.WORKING_DAYS
    materials: tuple[Short, ...] = Field((), max_length=200, description="the catalogue's list; none: not stated")
    conditional: tuple[Short, ...] = Field((), max_length=200, description="listed materials that only some cases need")
    tolerable: tuple[TolerableMaterial, ...] = Field((), max_length=100, description="none: not stated")
    tolerance_lapse: ToleranceLapse | None = Field(None, description="none: the practice in force")
    commitment_days: int | None = Field(None, ge=1, le=3650, description="calendar days for the check; none: default")
    special_procedures: tuple[SpecialProcedure, ...] | None = Field(None, description="none: any of Article 45")
    hearing: HearingRule = HearingRule.NONE
    machine_rule: Short | None = Field(None, description="version of the rules by which a machine may decide (秒批)")
    provisional_for: tuple[Short, ...] = Field(
        (), max_length=20, description="materials that may be outstanding while a provisional opinion is given (模拟审批)"
    )
    limited_number: bool = Field(False, description="decided in the order of acceptance (第五十七条)")
    inspect_kind: InspectionKind = InspectionKind.SITE_VISIT
    license_type: Short | None = Field(None, description="type of the license that a grant leads to")
    validity_months: int | None = Field(None, ge=1, le=1200)
    renewal_days: int | None = Field(None, ge=1, le=365, description="calendar days before expiry; none: Article 50")
    annual_check: bool = Field(False, description="the license is checked every year (年检)")
    fee_basis: Text | None = Field(None, description="law or regulation by which a fee is charged; none: free")


class ItemTerms(HandlingRules):
    """The terms of one item version (事项版本), as they are frozen into a case at acceptance."""

    RECURS_BY = ("item", "version")

    item: ItemCode
    version: int = Field(ge=1)
    name: Short
    kind: CaseKind = CaseKind.PROMISED
    handling: Handling = Handling.SINGLE
    promised_days: int = Field(ge=0, description="in ``promised_unit``; 0 for an on-the-spot case")
    statutory_days: int | None = Field(None, ge=0, description="the item's own statute, if it has one")
    single_officer: bool = False
    safety: bool = False
    tolerance_allowed: bool = False
    commitment_allowed: bool = False
    organ: Body | None = Field(None, description="the implementing organ; none: not stated")
    regulators: tuple[Regulator, ...] = ()
    consult: tuple[Body, ...] = Field((), description="bodies whose opinion the item demands")
    inspect: tuple[Body, ...] = Field((), description="bodies that must see the site, the lead first")

    def regulators_at(self, region: str | None) -> tuple[Regulator, ...]:
        """Who must be told of a decision about a place. Where none of them supervises it, or no place is named, all
        are: one that it does not concern returns it and it is handed on, but nobody told is nobody watching."""
        return tuple(r for r in self.regulators if r.supervises(region)) or self.regulators


class Adoption(Word):
    """How the approving side uses an opinion (采纳情况)."""

    ADOPTED = "adopted", "采纳", "adopted"
    PARTLY_ADOPTED = "partly_adopted", "部分采纳", "partly adopted"
    NOT_ADOPTED = "not_adopted", "不采纳", "not adopted"


class OpinionUse(Value):
    """采纳说明: how the opinion of one body is used, and why."""

    organ: OrganCode
    adoption: Adoption
    answer: Text

    def __str__(self) -> str:
        return f"{self.organ}({self.adoption.zh}):{self.answer}"


class Agent(Value):
    """代理人: who applies for somebody else (行政许可法第二十九条)."""

    name: Annotated[Short, Personal("name")]
    mandate: Short = Field(description="number of the power of attorney")

    def __str__(self) -> str:
        return self.name


def said(value: Any, language: str) -> str:
    """How a value is spoken in ``zh`` or ``en`` inside the telling of an event."""
    if isinstance(value, Word):
        return value.zh if language == "zh" else value.en
    if isinstance(value, Term):
        return str(value) if language == "zh" else value.en
    if isinstance(value, datetime):
        return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if value is None or value == () or value == "":
        return "无" if language == "zh" else "none"
    if isinstance(value, bool):
        return ("是" if value else "否") if language == "zh" else ("yes" if value else "no")
    if isinstance(value, (tuple, list)):
        return ("、" if language == "zh" else ", ").join(said(v, language) for v in value)
    return str(value)


PLACEHOLDER = re.compile(r"\{(\w+)\}")


def spoken(template: str, values: Any, language: str) -> str:
    """Fill ``{field}`` placeholders of a telling from the attributes of ``values``."""
    return PLACEHOLDER.sub(lambda m: said(getattr(values, m.group(1)), language), template)
