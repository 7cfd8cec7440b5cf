"""Refusals of the catalogue (事项目录不予办理)."""

from __future__ import annotations

from domain.kernel.refusal import Kind, Refusal


class UnknownItem(Refusal):
    """目录中没有事项 {item},或其在 {on} 尚未生效;请核对事项编码。

    The catalogue has no item {item}, or it is not yet in force on {on}; check the item code."""

    KIND = Kind.UNKNOWN


class RetiredItem(Refusal):
    """事项 {item} 已自 {since} 起取消,不得再受理;请核对现行目录。

    The item {item} was retired on {since} and takes no more applications; check the current catalogue."""


class VersionsMayNotOverlap(Refusal):
    """新版本生效日 {effective_from} 不晚于现有版本生效日 {last};版本不得重叠。

    The new version would begin on {effective_from}, not after the last one of {last}; versions may not overlap."""

    KIND = Kind.CONFLICTING


class PromiseLongerThanLaw(Refusal):
    """承诺时限 {promised}{unit}超过法定时限 {statutory}{statutory_unit};请缩短承诺时限。

    The promised limit of {promised} {unit} exceeds the statutory {statutory} {statutory_unit}; shorten the promise."""


class RegulatorMissing(Refusal):
    """事项 {item} 没有监管主体,不得发布;请先确定监管部门。(谁主管谁监管)

    The item {item} has no regulator and may not be published; name who supervises it first."""


class ElementsMissing(Refusal):
    """事项 {item} 缺少必填要素:{zh};请补齐后再发布。(行政许可法第三十条;GB/T 39046-2020)

    The item {item} lacks elements that must be published: {en}; supply them, then publish (Article 30)."""


class ElementsContradictTerms(Refusal):
    """事项 {item} 的要素「{element}」写的是 {said},而本版本按 {terms} 执行;请统一后再发布。

    In the item {item} the element "{element}" says {said}, but the version would run on {terms}; make them agree."""

    KIND = Kind.CONFLICTING


class CodesDisagree(Refusal):
    """事项 {item} 的「{element}」为 {said},与事项编码不一致;请核对编码。(GB/T 39554.1-2020)

    The "{element}" of the item {item} is {said}, which its own code does not hold; check the codes."""

    KIND = Kind.MALFORMED


class BasicCodeIsFixed(Refusal):
    """事项 {item} 的基本编码是 {known},不能改为 {said};基本编码变化即为新事项,请另行发布。

    The basic code of the item {item} is {known} and cannot become {said}; another basic code is another item."""

    KIND = Kind.CONFLICTING


class StageQuotasExceedPromise(Refusal):
    """各环节时限合计 {quotas}{unit},超过承诺时限 {promised}{unit};请压缩环节时限。

    The quotas of the stages add up to {quotas} {unit}, more than the promise of {promised}; shorten them."""


class InstantPromisesDays(Refusal):
    """即办件应当场办结,承诺时限应为 0,现为 {promised};请改为 0 或改办件类型。

    An on-the-spot case is decided at once: its promise is 0, not {promised}; correct one of the two."""


class FeeWithoutBasis(Refusal):
    """收费项目「{fee}」没有法律、行政法规依据,不得收费(行政许可法第五十八条、第五十九条);请补充依据或取消收费。

    The fee "{fee}" rests on no law or administrative regulation and may not be charged (Articles 58 and 59);
    name its basis, or drop it."""


class IntermediaryWithoutBasis(Refusal):
    """中介服务「{service}」没有法定依据,不得要求申请人提供(国办发〔2015〕31号);请补充依据或取消该要求。

    The intermediary service "{service}" has no legal basis and may not be demanded of applicants;
    name its basis, or drop the demand."""


class NoSuchSpecialProcedure(Refusal):
    """「{kind}」不是行政许可法第四十五条列明的特别程序,不得不计入时限;请从 {kinds} 中选择。

    "{kind}" is none of the procedures of Article 45 and may not stop the clock; choose from {kinds}."""

    KIND = Kind.MALFORMED


class ToleranceLongerThanPromise(Refusal):
    """容缺补齐期限 {days} 个工作日超过承诺时限 {promised}{unit};补齐期限不得长于承诺时限,请缩短。

    The {days} working days to supply what is missing are longer than the promise of {promised} {unit}; shorten them."""


class OrganDisagrees(Refusal):
    """事项 {item} 自 {since} 起由 {owner} 实施,不能以 {organ} 的名义发布;机构变动请先办理划转。

    From {since} the item {item} belongs to {owner} and may not be published for {organ}; transfer it first."""

    KIND = Kind.CONFLICTING


class TransferToSameOrgan(Refusal):
    """事项 {item} 已由 {organ} 实施,划出与划入部门相同;请核对划入部门。

    The item {item} is with {organ} already: giver and taker are the same; check the organ that takes it."""

    KIND = Kind.MALFORMED


class NotTheImplementingOrgan(Refusal):
    """事项 {item} 由 {owner} 实施,不能由 {organ} 划出;请核对划出部门。

    The item {item} belongs to {owner}, so {organ} cannot give it away; check the organ that gives it."""


class TransferTooEarly(Refusal):
    """划转生效日 {effective_on} 不晚于 {last} 的最近一次版本或划转;请改为其后的日期。

    The transfer would take effect on {effective_on}, not after the last version or transfer, of {last};
    choose a later day."""

    KIND = Kind.CONFLICTING


class OwnerInDispute(Refusal):
    """事项 {item} 的责任归属有 {disputes} 项争议未裁定({what}),不得发布;请先由机构编制部门裁定。

    {disputes} disputes about who answers for the item {item} stand ({what}), so it may not be published;
    have the organ that settles powers decide them first."""

    KIND = Kind.CONFLICTING
