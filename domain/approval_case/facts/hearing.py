"""Facts of the hearing (听证): Articles 36 and 46 to 48. They stop no clock; the special procedure of that name does."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from domain.approval_case.words import LAW
from domain.kernel.event import Event
from domain.kernel.words import Personal, Short, Term, Text

Party = Annotated[Short, Personal("name")]


class InterestedPartyNotified(Event):
    """告知利害关系人。A third party was told that its major interest is at stake. 行政许可法第三十六条。"""

    TOPIC = "case.interested_party_notified"
    ZH = "告知利害关系人 {party}:{interest};告知书 {notice_no},可于 {answer_by} 前陈述和申辩"
    EN = "{party} was told that its interest is at stake: {interest}; notice {notice_no}, to be heard until {answer_by}"
    BASIS = LAW + "第三十六条"

    party: Party
    interest: Text
    notice_no: Short
    answer_by: date


class StatementHeard(Event):
    """听取陈述申辩。The statement of a party was heard. 行政许可法第三十六条。"""

    TOPIC = "case.statement_heard"
    ZH = "听取 {party} 的陈述和申辩:{statement}"
    EN = "{party} was heard: {statement}"
    BASIS = LAW + "第三十六条"

    party: Party
    statement: Text


class HearingNoticeGiven(Event):
    """告知听证权利。The parties were told that they may ask for a hearing. 行政许可法第四十七条。"""

    TOPIC = "case.hearing_notice_given"
    ZH = "告知 {parties} 享有听证权利,告知书 {notice_no},可于 {ask_by} 前提出;缘由:{reason}"
    EN = "{parties} were told that they may ask for a hearing until {ask_by}, notice {notice_no}, because: {reason}"
    BASIS = LAW + "第四十七条第一款"

    notice_no: Short
    parties: Annotated[tuple[Short, ...], Personal("name")]
    reason: Text
    ask_by: date | None = Field(description="last day to ask; none while no calendar says when that is")


class HearingRequested(Event):
    """申请听证。A party asked for the hearing; the organ has twenty working days to hold it. 行政许可法第四十七条。"""

    TOPIC = "case.hearing_requested"
    ZH = "{party} 申请听证,应于 {hold_by} 前组织听证"
    EN = "{party} asked for a hearing, to be held by {hold_by}"
    BASIS = LAW + "第四十七条第一款"

    party: Party
    hold_by: date | None = None


class HearingWaived(Event):
    """放弃听证。A party gave up the right to a hearing. 行政许可法第四十七条。"""

    TOPIC = "case.hearing_waived"
    ZH = "{party} 放弃听证权利{rest}"
    EN = "{party} gave up the right to a hearing{rest}"
    BASIS = LAW + "第四十七条第一款"

    party: Party
    by_all: bool = Field(description="whether every party that was told has given it up")

    @property
    def rest(self) -> Term:
        return Term(",已无人要求听证", "; nobody asks for one any more") if self.by_all else Term("", "")


class HearingLapsed(Event):
    """逾期未申请听证。Nobody asked for a hearing in time. 行政许可法第四十七条。"""

    TOPIC = "case.hearing_lapsed"
    ZH = "至 {ask_by} 无人申请听证"
    EN = "nobody asked for a hearing by {ask_by}"
    BASIS = LAW + "第四十七条第一款"

    ask_by: date


class HearingScheduled(Event):
    """安排听证。Time, place and chair of the hearing were told seven working days ahead. 行政许可法第四十八条。"""

    TOPIC = "case.hearing_scheduled"
    ZH = "定于 {held_on} 在 {place} 听证,主持人 {chair},通知 {notice_no},公开举行:{public}"
    EN = "a hearing is set for {held_on} at {place}, chaired by {chair}, notice {notice_no}, in public: {public}"
    BASIS = LAW + "第四十八条第一款"

    held_on: date
    place: Short
    chair: Annotated[Short, Personal("text")]
    notice_no: Short
    public: bool = True


class HearingChairReplaced(Event):
    """更换听证主持人。Somebody else chairs the hearing, with the reason. 行政许可法第四十八条。"""

    TOPIC = "case.hearing_chair_replaced"
    ZH = "听证主持人由 {was} 改为 {chair},理由:{reason}"
    EN = "{chair} chairs the hearing instead of {was}, because: {reason}"
    BASIS = LAW + "第四十八条第一款第(三)项"

    chair: Annotated[Short, Personal("text")]
    was: Annotated[Short, Personal("text")]
    reason: Text
    challenged_by: Annotated[str, Personal("name")] = ""


class HearingHeld(Event):
    """举行听证。The hearing was held; its minutes are signed, and the decision follows them. 行政许可法第四十八条。"""

    TOPIC = "case.hearing_held"
    ZH = "举行听证,主持人 {chair},笔录 {minutes_no} 已由 {signed_by} 签字;{conclusion}"
    EN = "the hearing was held by {chair}, minutes {minutes_no} signed by {signed_by}: {conclusion}"
    BASIS = LAW + "第四十八条"

    minutes_no: Short
    chair: Annotated[Short, Personal("text")]
    signed_by: Annotated[tuple[Short, ...], Personal("name")]
    conclusion: Text


class HearingOverdue(Event):
    """听证逾期未举行。The hearing was not held within twenty working days. 行政许可法第四十七条。"""

    TOPIC = "case.hearing_overdue"
    ZH = "至 {hold_by} 未举行听证"
    EN = "no hearing was held by {hold_by}"
    BASIS = LAW + "第四十七条第一款"

    hold_by: date
