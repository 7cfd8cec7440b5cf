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


class OpinionsSplit(Refusal):
    """部门意见不一致:同意 {agreeing},不同意 {objecting};须提交联席会议议定,不得径行作出结论。

    The opinions are split: {agreeing} for, {objecting} against; take it to the joint conference, which resolves it."""


class OverridingNeedsConference(Refusal):
    """部门 {organ} 不同意,拟不采纳;不采纳反对意见须由联席会议议定,请先提交联席会议。

    {organ} objects, and the objection is not to be adopted; only the joint conference may resolve that. Escalate."""


class OutcomeDoesNotFit(Refusal):
    """议定结果「{outcome}」与在案意见不符(不同意的部门:{objecting});请如实写明反对意见是被采纳还是被回应。

    The outcome "{outcome}" does not fit the opinions on record (objecting: {objecting}); say whether the objection
    was adopted or answered, and only where there is one."""


class OpinionAlreadyStated(Refusal):
    """部门 {organ} 已反馈意见「{opinion}」,不能再免除;请逐条回应该意见。

    {organ} {opinion} already, so it cannot be excused any more; answer its opinion instead."""


class SafetyOpinionNeeded(Refusal):
    """安全事项不得免除部门 {organ} 的会商意见;请催办,或提交联席会议。

    In a matter of safety the opinion of {organ} may not be excused; press for it, or take it to the conference."""


class NobodyLeftToAsk(Refusal):
    """免除 {organ} 后不再有部门发表意见,会商即无意义;请取消会商并说明理由。

    Without {organ} nobody is left whose opinion is asked; cancel the consultation instead, with a reason."""


class ReplyAlreadyDue(Refusal):
    """反馈期限 {due_on} 已过,不能再认定为复杂会商;请登记逾期,或提交联席会议。

    The opinions were due on {due_on}, so the reply can no longer be lengthened; note who is overdue, or escalate."""

    KIND = Kind.OUT_OF_ORDER
