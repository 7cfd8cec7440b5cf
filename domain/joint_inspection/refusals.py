"""Refusals of the joint inspection (踏勘不予办理)."""

from __future__ import annotations

from domain.kernel.refusal import Kind, Refusal


class PlannedOtherwise(Refusal):
    """同一踏勘事由「{cause}」已有内容不同的踏勘计划;请在原计划中改期或并入。

    An inspection with other content was planned for the same cause "{cause}"; reschedule it or join it."""

    KIND = Kind.CONFLICTING


class NotInvitedToInspect(Refusal):
    """部门 {organ} 不在本次踏勘的受邀名单中;请核对踏勘编号和部门。

    The authority {organ} was not invited to this inspection; check the inspection and the authority."""


class NoticeTooShort(Refusal):
    """踏勘须提前通知,最早可在 {earliest} 踏勘,而时段止于 {last};请推迟时段。

    Bodies need notice: the visit may be on {earliest} at the earliest, but its window ends on {last}; move it."""


class JoinedOtherwise(Refusal):
    """办件 {case_no} 已在本次踏勘中登记了不同的部门;请核对踏勘需求。

    Case {case_no} already takes part in this visit with other bodies; check what it needs."""

    KIND = Kind.CONFLICTING


class NotCheckedIn(Refusal):
    """部门 {organ} 尚未签到,不能出具踏勘意见;请先到场签到。

    {organ} has not checked in and may not sign a result; check in at the site first."""

    KIND = Kind.OUT_OF_ORDER


class TooFewOfficers(Refusal):
    """牵头部门「{lead}」到场 {present} 人,实质核查应当指派至少 {needed} 名工作人员(行政许可法第三十四条);请补足人员。

    The lead {lead} is there with {present}; verifying the substance takes at least {needed} staff (Article 34).
    Send more."""


class ProblemsUnclear(Refusal):
    """意见为「{result}」,但列出的问题有 {count} 项;存在问题的须逐项列明,符合要求的不得列问题。

    The result says "{result}" but lists {count} problems; name every problem, or none when it passed."""

    KIND = Kind.MALFORMED


class ResultsMissing(Refusal):
    """尚未收到 {bodies} 的踏勘意见;请等待其签署,缺席的先登记缺席。

    The results of {bodies} are missing; wait for their signature, or note their absence first."""


class NoticeAlreadyIssued(Refusal):
    """整改通知 {notice_no} 已一次性书面告知,不得再次告知;新的问题请在复核中记录。

    The notice {notice_no} told everything once in writing; there is no second one.
    Record new problems at the re-inspection."""


class NothingToRectify(Refusal):
    """各部门均未发现问题,无需整改通知。

    No body found a problem, so there is nothing to rectify."""


class NoProblemOfYours(Refusal):
    """部门 {organ} 没有提出过待复核的问题,无需复核。

    {organ} raised no problem that waits for re-inspection."""


class ProblemsRemain(Refusal):
    """{bodies} 提出的问题尚未消除,不能作出「通过」的结论;请先整改并复核。

    Problems of {bodies} remain, so it cannot be concluded as passed; rectify and re-inspect first."""


class VisitNotOver(Refusal):
    """踏勘时段止于 {last},今天是 {today},尚不能登记缺席。

    The window lasts until {last} and today is {today}; nobody is absent yet."""

    KIND = Kind.OUT_OF_ORDER
