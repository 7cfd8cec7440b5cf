"""Why a hearing does not go on so, and what of it stands before a decision (听证)."""

from __future__ import annotations

from domain.kernel.refusal import Kind, Refusal


class HearingOutOfOrder(Refusal):
    """听证处于「{state}」,不能办理「{command}」;请按告知、申请、安排、举行的次序办理。(行政许可法第四十七条、第四十八条)

    The hearing stands at "{state}", so "{command}" cannot be done; tell, ask, schedule, hold, in this order (Articles 47
    and 48)."""

    KIND = Kind.OUT_OF_ORDER


class NotAPartyToTheHearing(Refusal):
    """{party} 不在已告知听证权利的人员之列;请核对,或者先告知。(行政许可法第四十七条)

    {party} is not among those who were told of the right to a hearing; check the name, or tell them first (Article 47)."""


class HearingAskedTooLate(Refusal):
    """申请听证的期限已于 {ask_by} 届满;请依程序作出决定。(行政许可法第四十七条)

    A hearing could be asked for until {ask_by}; go on to the decision (Article 47)."""


class HearingMayStillBeAsked(Refusal):
    """申请听证的期限至 {ask_by},尚未届满,不能认定逾期;请等待。(行政许可法第四十七条)

    A hearing may be asked for until {ask_by}, so the right has not lapsed; wait (Article 47)."""


class ExaminerMayNotChair(Refusal):
    """{officer} 审查过本件,不得主持听证;请指定审查人员以外的人员主持。(行政许可法第四十八条第一款第(三)项)

    {officer} examined this case and may not chair its hearing; name somebody who did not (Article 48)."""


class HearingNoticeTooShort(Refusal):
    """听证应当提前通知,最早可定于 {earliest};请改期并通知申请人、利害关系人。(行政许可法第四十八条第一款第(一)项)

    The parties are told of a hearing ahead of time; the earliest day is {earliest}. Choose a later day (Article 48)."""


class HearingTooLate(Refusal):
    """听证应当在 {hold_by} 前举行;请提前安排。(行政许可法第四十七条)

    The hearing must be held by {hold_by}; schedule it earlier (Article 47)."""


class HearingNotYet(Refusal):
    """听证定于 {held_on},尚未到期,不能登记为已举行。(行政许可法第四十八条)

    The hearing is set for {held_on} and cannot have been held yet (Article 48)."""


class HearingOutstanding(Refusal):
    """本件应当听证,目前「{state}」,不得作出决定;请先完成听证程序。(行政许可法第四十六条、第四十七条)

    This case needs its hearing first, which stands at "{state}", so no decision yet (Articles 46 and 47)."""


class InterestedPartyNotHeard(Refusal):
    """利害关系人 {party} 可于 {answer_by} 前陈述和申辩,尚未听取,不得作出决定。(行政许可法第三十六条)

    {party} may be heard until {answer_by} and was not heard yet, so no decision yet (Article 36)."""


class DecisionMustFollowMinutes(Refusal):
    """已举行听证,决定应当根据听证笔录 {minutes_no} 作出;请在决定中写明该笔录。(行政许可法第四十八条第二款)

    A hearing was held and the decision follows its minutes; name the minutes {minutes_no} in it (Article 48)."""


class NoSuchMinutes(Refusal):
    """本件未举行听证,没有笔录 {minutes_no};请删去该笔录编号。

    No hearing was held in this case, so there are no minutes {minutes_no}; leave the number out."""
