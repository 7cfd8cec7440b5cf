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


class OtherKind(Refusal):
    """「{command}」不适用于{kind};请核对查验编号,或改用适用的办理。

    "{command}" does not belong to a {kind}; check the number, or use the command that does."""


class OnlyTheLeadDoes(Refusal):
    """「{command}」由牵头部门「{lead}」办理;请与其联系。

    "{command}" is for the lead, {lead}; turn to it."""


class SlotOutsideWindow(Refusal):
    """时间 {slot} 不在踏勘时段 {window} 内;请在时段内另选,或先改期。

    The slot {slot} lies outside the window {window}; choose one inside, or reschedule first."""


class SlotNotProposed(Refusal):
    """时间 {slot} 不在牵头部门提出的时间之列;请从已提出的时间中选择。

    The slot {slot} was not proposed by the lead; choose among those that were."""


class SlotNeedsReason(Refusal):
    """没有可以的时间,或未获全体同意时,须说明理由;请补充后再提交。

    None of the slots, or one that not everybody accepted, takes a reason; state it and send again."""

    KIND = Kind.MALFORMED


class SlotAnswersMissing(Refusal):
    """尚未收到 {bodies} 对踏勘时间的答复,答复期限为 {answer_by};请等待或催办。

    The answers of {bodies} are missing and may come until {answer_by}; wait, or press for them."""

    KIND = Kind.OUT_OF_ORDER


class SlotLacksMajority(Refusal):
    """时间 {slot} 只有 {accepted} 个部门可以,共 {invited} 个,不足多数;请另提时间或改期。

    The slot {slot} suits {accepted} of {invited} bodies, which is no majority; propose others, or reschedule."""


class SlotAlreadyFixed(Refusal):
    """踏勘时间已定为 {slot};如需变更请改期,改期后重新协商时间。

    The slot is fixed: {slot}; to change it, reschedule, and the hours are negotiated anew."""


class DrawingsMissing(Refusal):
    """本次审图尚无图纸,或整改未附新版图纸;请先提交图纸及其摘要。

    There are no drawings to review, or no corrected set with the rectification; submit them with their digest."""


class DrawingsNotNewer(Refusal):
    """图纸版本 {version} 不新于已提交的版本 {known};请提交新版图纸。

    Version {version} of the drawings is not newer than {known}; submit a newer set."""

    KIND = Kind.CONFLICTING


class DrawingsUnderReview(Refusal):
    """第 {version} 版图纸已有审图意见,不得替换;请待一次性告知后提交修改后的图纸。

    Version {version} of the drawings has been commented on and may not be exchanged now; hand in the corrected set
    after the one notice."""


class OtherDrawings(Refusal):
    """审图意见针对的不是现行第 {version} 版图纸(摘要 {digest});请核对图纸后重新出具。

    The review does not speak of the current version {version} (digest {digest}); look at that set and sign again."""

    KIND = Kind.CONFLICTING


class NotYourDiscipline(Refusal):
    """部门 {organ} 未分配「{discipline}」专业;请按分配的专业({seats})出具意见。

    {organ} does not review "{discipline}"; sign for what it was assigned: {seats}."""


class AbsenteeMayNotAskAgain(Refusal):
    """部门 {organ} 未参加本次联合踏勘,不得另行要求踏勘。(联合踏勘制度:缺席部门不得再次踏勘)

    {organ} stayed away from the joint inspection and may not ask for a visit of its own; use what the others found."""


class ReinspectedInItsOwnVisit(Refusal):
    """整改后的复核已单独立卷(第 {round} 次,编号 {inspection_id});请在该次复核中签到、出具意见。

    The re-inspection has a file of its own (round {round}, {inspection_id}); check in and sign there."""


class AcceptanceOpinionMissing(Refusal):
    """联合验收以一份联合验收意见通过;请出具联合验收意见。

    A joint acceptance passes by one merged acceptance opinion; issue that."""


class ResultNotYetDue(Refusal):
    """今天 {today} 尚无逾期的踏勘意见;请核对计时任务。

    No result is overdue on {today}; check the timer."""

    KIND = Kind.OUT_OF_ORDER
