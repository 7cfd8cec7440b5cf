"""Why no commitment and no tolerance (容缺与承诺), and what stands against the applicant."""

from __future__ import annotations

from domain.kernel.refusal import Refusal


class ToleranceNotAllowed(Refusal):
    """事项 {item} 不适用容缺受理;请按一般程序办理。

    The item {item} does not allow tolerance acceptance; handle it the ordinary way."""


class ToleranceTooLong(Refusal):
    """容缺补齐期限 {until} 晚于承诺办结之日或者清单允许的期限 {due};请缩短补齐期限。

    The date {until} to supply the missing materials lies after {due}, the promised end or what the list allows; choose an
    earlier one."""


class NotTolerable(Refusal):
    """不在事项 {item} 的可容缺清单之列:{materials};请告知补正。

    Not among the materials that the item {item} lets come later: {materials}; ask for a correction instead."""


class ToleranceWithoutEnd(Refusal):
    """所在年份的工作日历尚未公布,无法推算补齐期限;请写明补齐期限。

    The calendar of that year is not published, so the date to supply the materials cannot be computed; name one."""


class ToleranceOpen(Refusal):
    """容缺材料尚未补齐:{missing};补齐前不得准予许可。

    Tolerated materials are still missing: {missing}; no grant before they are supplied."""


class ToleranceNotYetOverdue(Refusal):
    """容缺补齐期限 {until} 尚未届满,不能认定逾期;请等待申请人补齐。

    The applicant has until {until} to supply the materials; the time is not over yet."""


class ToleranceHasLapsed(Refusal):
    """容缺材料已逾期未补齐:{missing};依事项规定只能作出不予许可决定。

    Tolerated materials never came: {missing}; as the item has it, only a denial may follow."""


class CommitmentNotAllowed(Refusal):
    """事项 {item} 不适用告知承诺;请按一般程序办理。

    The item {item} does not allow commitment; handle it the ordinary way."""


class CommitmentNotForSafety(Refusal):
    """事项 {item} 涉及国家安全、公共安全、生态环境或人身健康,不适用告知承诺;请按一般程序办理。(国办发〔2020〕42号)

    The item {item} touches security, public safety, ecology or health, where nothing is granted on a promise; handle it
    the ordinary way (国办发〔2020〕42号)."""


class NoCommitment(Refusal):
    """本件没有告知承诺,无从撤回;请核对办件编号。

    This case rests on no commitment, so there is none to take back; check the number of the case."""


class SubjectBarred(Refusal):
    """申请人受限制,不得{step}:{kind},依据 {basis},至 {until} 止;请告知申请人,限制解除后再办理。

    The applicant is barred, so no {step}: {kind}, by {basis}, until {until}; tell the applicant, and go on once the bar
    has ended."""


class CreditNotChecked(Refusal):
    """{step}前须有有效的信用核查,现有核查有效至 {valid_until};请先核查申请人信用并登记结果。(国办发〔2020〕42号)

    A recent credit check is needed before this step ({step}); the one on record was valid until {valid_until}. Check the
    applicant's credit first and record the result (国办发〔2020〕42号)."""
