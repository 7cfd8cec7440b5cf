"""Refusals of the case: each says why, and what to do next."""

from __future__ import annotations

from domain.kernel.refusal import ForeignAuthority, Kind, Refusal


class CaseAlreadySubmitted(Refusal):
    """办件编号 {case_no} 已有申请在办;请核对编号,勿重复提交。

    Case number {case_no} was submitted already; check the number instead of submitting twice."""

    KIND = Kind.CONFLICTING


class AcceptorMayNotDecide(Refusal):
    """受理人员 {officer} 不得对同一办件作出决定;请由其他有权人员决定。(受审分离)

    The officer {officer} accepted this case and may not decide it; another entitled officer must decide."""


class AcceptorMayNotExamine(Refusal):
    """受理人员 {officer} 不得审查同一办件;请分办给其他审查人员。(受审分离)

    The officer {officer} accepted this case and may not examine it; assign another examiner."""


class ConsultationOutstanding(Refusal):
    """应会商的事由「{cause}」尚未完成会商,不得作出决定;请等待或催办会商。

    The consultation demanded by "{cause}" is not concluded, so no decision yet; wait for it or press for it."""


class InspectionOutstanding(Refusal):
    """应踏勘的现场尚未踏勘通过,不得准予许可;请等待联合踏勘结论。

    The site inspection has not been passed, so no grant yet; wait for the joint inspection's conclusion."""


class HoldInForce(Refusal):
    """监管部门请求暂缓办理,至 {until} 有效;请先处置该监管信息。

    A regulator asked to hold decisions until {until}; handle that finding first."""


class ToleranceOpen(Refusal):
    """容缺材料尚未补齐:{missing};补齐前不得准予许可。

    Tolerated materials are still missing: {missing}; no grant before they are supplied."""


class ToleranceNotAllowed(Refusal):
    """事项 {item} 不适用容缺受理;请按一般程序办理。

    The item {item} does not allow tolerance acceptance; handle it the ordinary way."""


class CommitmentNotAllowed(Refusal):
    """事项 {item} 不适用告知承诺;请按一般程序办理。

    The item {item} does not allow commitment; handle it the ordinary way."""


class OpinionIsNegative(Refusal):
    """审查意见为不通过,不得准予许可;可退回重新审查,或不予许可。

    The examination opinion is negative, so no grant; return it to examination, or deny."""


class ExtendedAlready(Refusal):
    """本件已延期一次,不得再次延期。(行政许可法第四十二条)

    The limit was extended once already and may not be extended again (Article 42)."""


class ExtensionTooLong(Refusal):
    """延长 {days} 个工作日超过上限 {limit} 个工作日;请缩短。(行政许可法第四十二条)

    An extension of {days} working days exceeds the cap of {limit}; shorten it (Article 42)."""


class WrongApproverLevel(Refusal):
    """本件延期应由{needed}批准;请报其批准后再延期。(行政许可法第四十二条)

    This extension needs the approval of the {needed}; obtain it first (Article 42)."""


class ExtensionAfterExpiry(Refusal):
    """时限已于 {due} 届满,不得再延期。

    The limit expired on {due}; it can no longer be extended."""


class NoticeNotYetOverdue(Refusal):
    """告知期限 {due} 尚未届满,不能认定视为受理。

    The time for notice runs until {due}; acceptance cannot be deemed yet."""


class NotTheSource(ForeignAuthority):
    """{organ} 不得以 {owner} 的名义报送;请使用本系统的报送凭据。

    {organ} may not report in the name of {owner}; use the credentials of that system."""
