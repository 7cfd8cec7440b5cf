"""Refusals of the consultation (会商不予办理)."""

from __future__ import annotations

from domain.kernel.refusal import Kind, Refusal


class RequestedOtherwise(Refusal):
    """办件 {case_no} 已因同一事由「{cause}」提请过内容不同的会商;请在原会商中办理,或以新的事由另行提请。

    A consultation with other content was requested for case {case_no} with the same cause "{cause}";
    continue that one, or request another with a cause of its own."""

    KIND = Kind.CONFLICTING


class NotInvited(Refusal):
    """部门 {organ} 不在本次会商的受邀名单中,不能反馈或被引用意见;请核对会商编号和部门。

    The authority {organ} was not invited to this consultation; check the consultation and the authority."""


class ObjectionNeedsGrounds(Refusal):
    """不同意的意见必须写明理由和法律依据;请补充后再提交。

    An objection must state its reason and its legal basis; add both and send again."""

    KIND = Kind.MALFORMED


class ConditionsMissing(Refusal):
    """附条件同意的意见没有写明条件;请写明后再提交。

    An opinion that agrees with conditions must state them; add them and send again."""

    KIND = Kind.MALFORMED


class OpinionsMissing(Refusal):
    """尚未收到 {organs} 的会商意见,不能作出结论;请等待反馈,或提交联席会议。

    The opinions of {organs} are missing, so it may not be concluded; wait, or escalate to the conference."""


class OpinionUnanswered(Refusal):
    """部门 {organ} 的意见为「{opinion}」,尚未说明如何采纳;请逐条回应后再作结论。

    {organ} {opinion}, and how that is used is not stated; answer it before concluding."""


class OpinionNotYetDue(Refusal):
    """会商意见的反馈期限为 {due_on},今天是 {today},尚未逾期;请核对计时任务。

    The opinions are due on {due_on} and today is {today}, so nothing is overdue; check the timer."""

    KIND = Kind.OUT_OF_ORDER
