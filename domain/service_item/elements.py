"""Elements (事项要素): everything a catalogue entry says, group by group, as GB/T 39046-2020 table 4 orders it.

Each field says in its ``Element`` what it is called in Chinese, whether it must be there to publish, and whether it
is one of the ten that all levels of a city must say alike (多级十同). The import template, the list of what is
missing and the comparison between levels are computed from that; there is no second list of elements.

Nothing is mandatory to the type itself: an entry that is still being written, or that came from an older catalogue,
can be held and told what it lacks. Version, state and dates of effect are said by the publication, not here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints, model_validator

from domain.kernel.words import (
    Body,
    ExerciseLevel,
    LimitUnit,
    OrganCode,
    RegionCode,
    Regulator,
    Short,
    Text,
    Value,
    Word,
)

Code = Annotated[str, StringConstraints(min_length=1, max_length=50)]
Link = Annotated[str, StringConstraints(max_length=500)]
Note = Annotated[str, StringConstraints(max_length=2000)]


@dataclass(frozen=True, slots=True)
class Element:
    """What a field of the catalogue is: its Chinese name, ``must`` (必填) to publish, ``ten`` (多级十同) to agree.

    ``ordered`` keeps the order of a list when levels are compared: stages of a flow come one after the other, while
    two lists of the same materials are the same list."""

    zh: str
    must: bool = False
    ten: bool = False
    ordered: bool = False


class PowerSource(Word):
    """权力来源."""

    OWN = "1", "法定本级行使", "its own by law"
    FROM_ABOVE = "2", "上级下放", "handed down from above"
    AUTHORISED_FROM_ABOVE = "3", "上级授权", "authorised by the level above"
    AUTHORISED_SAME_LEVEL = "4", "同级授权", "authorised at the same level"
    ENTRUSTED_FROM_ABOVE = "5", "上级委托", "entrusted by the level above"
    ENTRUSTED_SAME_LEVEL = "6", "同级委托", "entrusted at the same level"


class BodyKind(Word):
    """实施主体性质."""

    ORGAN = "1", "法定机关", "organ of state"
    AUTHORISED = "2", "授权组织", "authorised organisation"
    ENTRUSTED = "3", "受委托组织", "entrusted organisation"
    OTHER = "9", "其他", "other"


class HandlingKind(Word):
    """办件类型 as the catalogue writes it; 其他 runs on the clock of a promised case, the stricter one."""

    INSTANT = "1", "即办件", "on the spot"
    PROMISED = "2", "承诺件", "time-promised"
    OTHER = "9", "其他", "other"


class ServiceObject(Word):
    """服务对象."""

    NATURAL = "1", "自然人", "natural person"
    ENTERPRISE = "2", "企业法人", "enterprise"
    INSTITUTION = "3", "事业法人", "public institution"
    ORGANIZATION = "4", "社会组织法人", "social organisation"
    ORGAN = "5", "行政机关", "organ of state"
    OTHER = "6", "其他组织", "other"


class HandlingForm(Word):
    """办理形式."""

    WINDOW = "1", "窗口办理", "counter"
    WEB = "2", "网上办理", "web"
    MOBILE = "3", "移动端办理", "mobile"
    POST = "4", "邮寄办理", "post"
    OTHER = "9", "其他", "other"


class ServiceScope(Word):
    """通办范围."""

    NATION = "nation", "全国", "nation"
    CROSS_PROVINCE = "cross_province", "跨省", "across provinces"
    CROSS_CITY = "cross_city", "跨市", "across cities"
    CROSS_COUNTY = "cross_county", "跨县", "across counties"


class MaterialSource(Word):
    """材料来源渠道: what the government can share may not be asked from the applicant (国务院令第716号)."""

    APPLICANT = "applicant", "申请人自备", "the applicant"
    SHARED = "shared", "政府部门核发或共享", "shared by the government"
    OTHER = "other", "其他", "other"


class Necessity(Word):
    """材料必要性."""

    REQUIRED = "required", "必要", "required"
    CONDITIONAL = "conditional", "非必要(视情形)", "in some cases"


class CoHandlingPart(Word):
    """联办方式."""

    CONSULT = "consult", "会商", "consulted"
    INSPECT = "inspect", "踏勘", "sees the site"


class LegalBasis(Value):
    """设定依据: which law, which article, in which words."""

    law: Short
    article: Annotated[str, StringConstraints(max_length=200)] = ""
    text: Note = ""
    url: Link = ""

    def __str__(self) -> str:
        return f"{self.law}{self.article}"


class LimitSaid(Value):
    """时限: a number, what it counts, and what the catalogue remarks on it."""

    value: int = Field(ge=0, le=3650)
    unit: LimitUnit = LimitUnit.WORKING_DAYS
    note: Note = ""

    def __str__(self) -> str:
        return f"{self.value} {self.unit.zh}"


class AllowedProcedure(Value):
    """特别程序: what may stop the clock for this item, on which basis, and for how long at most."""

    kind: Code
    basis: Text
    max_days: int | None = Field(None, ge=1, le=3650)


class StageQuota(Value):
    """环节时限: how much of the promise one stage may take, in the unit of the promise."""

    stage: Short
    days: int = Field(ge=0, le=3650)


class Condition(Value):
    """受理条件."""

    text: Text
    basis: Note = ""


class FlowStage(Value):
    """办事流程中的一个环节; the order is that of the list."""

    stage: Short
    role: Annotated[str, StringConstraints(max_length=200)] = ""
    optional: bool = False


class ExaminationPoint(Value):
    """审查要点."""

    stage: Annotated[str, StringConstraints(max_length=200)] = ""
    check: Text
    evidence: Note = ""
    basis: Note = ""
    on_failure: Note = ""
    machine_checkable: bool = False


class QuantityLimit(Value):
    """数量限制: then applications are granted in the order of their acceptance (第五十七条)."""

    number: int | None = Field(None, ge=1)
    note: Note = ""


class CommitmentRule(Value):
    """告知承诺."""

    allowed: bool = False
    check_days: int | None = Field(None, ge=1, le=3650, description="calendar days to check what was promised")
    exclusions: Note = ""


class ToleranceRule(Value):
    """容缺受理."""

    allowed: bool = False
    days: int | None = Field(None, ge=1, le=3650, description="working days to supply what is missing")
    exclusions: Note = ""


class CoHandlingBody(Body):
    """联办机构: a party of the consultation or of the joint inspection."""

    part: CoHandlingPart = CoHandlingPart.CONSULT


class ItemMaterial(Value):
    """申请材料; a material has its name once, so that it can be referred to by it."""

    name: Short
    necessity: Annotated[Necessity | None, Element("必要性", must=True)] = None
    kind: Annotated[str, StringConstraints(max_length=200)] = ""
    form: Annotated[str, StringConstraints(max_length=200)] = ""
    copies_original: int = Field(0, ge=0, le=999)
    copies_copy: int = Field(0, ge=0, le=999)
    source: Annotated[MaterialSource | None, Element("来源渠道", must=True)] = None
    issuer: Annotated[str, StringConstraints(max_length=200)] = ""
    basis: Annotated[Text | None, Element("材料依据", must=True)] = None
    acceptance_standard: Note = ""
    sample: Link = ""
    blank_form: Link = ""
    tolerable: bool = False
    tolerance_days: int | None = Field(None, ge=1, le=3650)


class FeeItem(Value):
    """收费项目: no fee unless a law or administrative regulation says so (第五十八条、第五十九条)."""

    name: Short
    standard: Text
    basis: Text | None = None
    reductions: Note = ""


class IntermediaryService(Value):
    """中介服务; without a legal basis it may not be demanded, and the applicant chooses who renders it."""

    name: Short
    basis: Text | None = None
    paid_by: Annotated[str, StringConstraints(max_length=200)] = ""
    time: Annotated[str, StringConstraints(max_length=200)] = ""
    result: Annotated[str, StringConstraints(max_length=200)] = ""


class Question(Value):
    """常见问题."""

    question: Text
    answer: Text


class Identity(Value):
    """基本信息."""

    name: Annotated[Short | None, Element("事项名称", must=True, ten=True)] = None
    basic_code: Annotated[Code | None, Element("基本编码", must=True, ten=True)] = None
    implementation_code: Annotated[Code | None, Element("实施编码", must=True)] = None
    handling_item_code: Annotated[Code | None, Element("业务办理项编码")] = None
    item_type: Annotated[Code | None, Element("事项类型", must=True, ten=True)] = None
    legal_basis: Annotated[tuple[LegalBasis, ...], Element("设定依据", must=True, ten=True)] = Field((), max_length=50)
    duty: Annotated[tuple[Text, ...], Element("责任事项", must=True, ten=True)] = Field((), max_length=50)
    duty_basis: Annotated[tuple[LegalBasis, ...], Element("责任事项依据", must=True, ten=True)] = Field(
        (), max_length=50
    )
    power_source: Annotated[PowerSource | None, Element("权力来源", must=True)] = None


class Implementing(Value):
    """实施主体; ``region`` is our addition: it tells to which city an entry belongs."""

    implementing_body: Annotated[Short | None, Element("实施主体", must=True)] = None
    implementing_body_code: Annotated[OrganCode | None, Element("实施主体代码", must=True)] = None
    implementing_body_kind: Annotated[BodyKind | None, Element("实施主体性质", must=True)] = None
    entrusting_body: Annotated[Short | None, Element("委托部门")] = None
    handling_unit: Annotated[Short | None, Element("承办机构")] = None
    co_handling_bodies: Annotated[tuple[CoHandlingBody, ...], Element("联办机构")] = Field((), max_length=30)
    exercise_level: Annotated[ExerciseLevel | None, Element("行使层级", must=True)] = None
    power_division: Annotated[Text | None, Element("权限划分")] = None
    region: Annotated[RegionCode | None, Element("行政区划")] = None
    regulators: Annotated[tuple[Regulator, ...], Element("监管主体", must=True)] = Field((), max_length=60)


class Clocks(Value):
    """时限; ``special_procedures`` is none while nobody has said whether there are any."""

    case_kind: Annotated[HandlingKind | None, Element("办件类型", must=True)] = None
    statutory_limit: Annotated[LimitSaid | None, Element("法定办结时限", must=True)] = None
    promised_limit: Annotated[LimitSaid | None, Element("承诺办结时限", must=True, ten=True)] = None
    special_procedures: Annotated[tuple[AllowedProcedure, ...] | None, Element("特别程序", must=True)] = Field(
        None, max_length=8
    )
    stage_quotas: Annotated[tuple[StageQuota, ...], Element("环节时限")] = Field((), max_length=30)


class Conditions(Value):
    """条件与审查."""

    acceptance_conditions: Annotated[tuple[Condition, ...], Element("受理条件", must=True, ten=True)] = Field(
        (), max_length=100
    )
    flow: Annotated[tuple[FlowStage, ...], Element("办事流程", must=True, ten=True, ordered=True)] = Field(
        (), max_length=50
    )
    examination_points: Annotated[tuple[ExaminationPoint, ...], Element("审查要点", must=True)] = Field(
        (), max_length=200
    )
    quantity_limit: Annotated[QuantityLimit | None, Element("数量限制")] = None
    single_officer: Annotated[bool, Element("独任审核")] = False
    commitment: Annotated[CommitmentRule, Element("告知承诺")] = CommitmentRule()
    tolerance: Annotated[ToleranceRule, Element("容缺受理")] = ToleranceRule()
    consultation_rule: Annotated[Text | None, Element("会商规则")] = None
    inspection_rule: Annotated[Text | None, Element("踏勘规则")] = None
    hearing_rule: Annotated[Text | None, Element("听证规则")] = None
    expert_rule: Annotated[Text | None, Element("专家评审规则")] = None


class Service(Value):
    """办事服务."""

    service_objects: Annotated[tuple[ServiceObject, ...], Element("服务对象", must=True)] = Field((), max_length=6)
    handling_forms: Annotated[tuple[HandlingForm, ...], Element("办理形式", must=True)] = Field((), max_length=5)
    visits_max: Annotated[int | None, Element("到现场次数", must=True)] = Field(None, ge=0, le=99)
    service_scope: Annotated[ServiceScope | None, Element("通办范围")] = None
    place: Annotated[Text | None, Element("办理地点", must=True)] = None
    hours: Annotated[Text | None, Element("办理时间", must=True)] = None
    consult_channel: Annotated[Text | None, Element("咨询方式", must=True)] = None
    complaint_channel: Annotated[Text | None, Element("监督投诉方式", must=True)] = None
    online: Annotated[bool, Element("网上办理")] = False
    appointment: Annotated[bool, Element("预约办理")] = False
    express: Annotated[bool, Element("物流快递")] = False
    pay_online: Annotated[bool, Element("网上支付")] = False


class Result(Value):
    """审批结果."""

    result_name: Annotated[Short | None, Element("审批结果名称")] = None
    result_kind: Annotated[Short | None, Element("审批结果类型", must=True)] = None
    sample: Annotated[Link, Element("结果样本")] = ""
    validity: Annotated[Short | None, Element("有效期限")] = None
    renewal_days: Annotated[int | None, Element("延续提前天数")] = Field(None, ge=0, le=3650)
    annual_check: Annotated[bool, Element("年检")] = False


class Fees(Value):
    """收费."""

    is_charged: Annotated[bool | None, Element("是否收费", must=True)] = None
    fee_items: Annotated[tuple[FeeItem, ...], Element("收费项目")] = Field((), max_length=50)


class ItemElements(Value):
    """事项全要素: every element of an entry. ``materials`` is none while nobody has said which are needed, and empty
    when none is. Source: GB/T 39046-2020 table 4 and the national upload tables."""

    identity: Identity = Identity()
    body: Implementing = Implementing()
    clock: Clocks = Clocks()
    conditions: Conditions = Conditions()
    materials: Annotated[tuple[ItemMaterial, ...] | None, Element("申请材料", must=True, ten=True)] = Field(
        None, max_length=200
    )
    service: Service = Service()
    result: Result = Result()
    fee: Fees = Fees()
    intermediary: Annotated[tuple[IntermediaryService, ...], Element("中介服务")] = Field((), max_length=50)
    faq: Annotated[tuple[Question, ...], Element("常见问题")] = Field((), max_length=200)

    @model_validator(mode="after")
    def _one_name_one_material(self) -> ItemElements:
        names = [one.name for one in self.materials or ()]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"材料名称重复:{'、'.join(twice)}。A material is named twice.")
        return self


@cache
def elements_of(cls: type[BaseModel] = ItemElements) -> dict[str, Element]:
    """Every element by its path, such as ``identity.name``, in the order of the standard."""
    found: dict[str, Element] = {}
    for name, field in cls.model_fields.items():
        mark = next((m for m in field.metadata if isinstance(m, Element)), None)
        if mark is not None:
            found[name] = mark
        elif isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            found |= {f"{name}.{path}": one for path, one in elements_of(field.annotation).items()}
    return found


def said_of(elements: ItemElements, path: str) -> Any:
    """What an entry says in one element."""
    value: Any = elements
    for part in path.split("."):
        value = getattr(value, part)
    return value


def missing(elements: ItemElements | None) -> tuple[str, ...]:
    """Paths of the elements that must be there and are not (要素缺项); a material is named by its name.

    A slim entry, which has no elements at all, lacks every one of them."""
    return tuple(_missing(elements if elements is not None else ItemElements()))


def _missing(elements: ItemElements) -> Iterator[str]:
    nothing_may_be_said = ("clock.special_procedures", "materials")
    for path, element in elements_of().items():
        said = said_of(elements, path)
        if element.must and (said is None or (said == () and path not in nothing_may_be_said)):
            yield path
    for material in elements.materials or ():
        yield from (
            f"materials.{material.name}.{path}"
            for path, element in elements_of(ItemMaterial).items()
            if element.must and getattr(material, path) is None
        )


def titled(path: str) -> str:
    """The Chinese name of an element, such as 受理条件; for a material with its name."""
    if path.startswith("materials."):
        name, _, part = path.removeprefix("materials.").rpartition(".")
        return f"材料「{name}」的{elements_of(ItemMaterial)[part].zh}"
    return elements_of()[path].zh
