"""Facts of the push (推送事实), in the order of the table of states."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from domain.kernel.channel import Channel
from domain.kernel.event import Event
from domain.kernel.words import Addressee, Body, Change, ClaimMode, OrderedBy, OrganCode, Personal, Short, Text
from domain.push.words import PRACTICE, PushContent, PushState


class PushFact(Event):
    """What every fact of a push carries: whom it concerns, and the case whose order it keeps."""

    CHANNEL = Channel.APPROVAL
    BASIS = PRACTICE

    regulator: Annotated[OrganCode, Addressee()]
    case_id: Annotated[UUID, OrderedBy()]


class PushDispatched(PushFact):
    """已推送。A decision was pushed to the regulator; it must be acknowledged and claimed."""

    TOPIC = "push.dispatched"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "向 {regulator_name} 推送「{item_name}」({change}),签收期限 {acknowledge_due},认领期限 {claim_due}"
    EN = '"{item_name}" ({change}) pushed to {regulator_name}, acknowledge by {acknowledge_due}, claim by {claim_due}'

    push_id: UUID
    decision_id: Short
    regulator_name: Short
    claim_mode: ClaimMode
    named_by: Text
    content: PushContent
    acknowledge_due: date | None
    claim_due: date | None
    feedback_due: date | None

    @property
    def item_name(self) -> str:
        return self.content.item_name or self.content.item

    @property
    def change(self) -> Change:
        return self.content.change


class Receipt(PushFact):
    """What the regulator's own steps carry; they are not sent back to it."""

    CHANNEL = Channel.PRIVATE


class PushDelivered(Receipt):
    """已送达。The regulator's system received the push."""

    TOPIC = "push.delivered"
    ZH = "推送已送达 {regulator}"
    EN = "the push reached {regulator}"


class PushAcknowledged(Receipt):
    """已签收。The regulator acknowledged the push."""

    TOPIC = "push.acknowledged"
    ZH = "{regulator} 已签收"
    EN = "{regulator} acknowledged"


class PushClaimed(Receipt):
    """已认领。A named officer of the regulator took the permit into supervision."""

    TOPIC = "push.claimed"
    ZH = "{regulator} 的 {officer} 已认领(自动认领:{automatic})"
    EN = "{officer} of {regulator} claimed it (automatically: {automatic})"

    officer: Annotated[Short, Personal("text")]
    automatic: bool = False


class SupervisionBegun(Receipt):
    """已纳入监管。The regulator held its first check of what it claimed: supervision runs. 行政许可法第六十一条。"""

    TOPIC = "push.supervision_begun"
    ZH = "{regulator} 自 {begun_on} 起纳入监管:{how}"
    EN = "{regulator} has it under supervision since {begun_on}: {how}"
    BASIS = "行政许可法第六十一条"

    begun_on: date
    how: Text


class PushReturned(Receipt):
    """已退回。The regulator sent the push back with a reason."""

    TOPIC = "push.returned"
    ZH = "{regulator} 退回推送,理由:{reason}"
    EN = "{regulator} returned the push: {reason}"

    reason: Text


class PushFedBack(Receipt):
    """已反馈。The regulator told the plan or result of its first check."""

    TOPIC = "push.fed_back"
    ZH = "{regulator} 反馈:{feedback};首次检查 {first_check_on}"
    EN = "{regulator} fed back: {feedback}; first check {first_check_on}"

    feedback: Text
    first_check_on: date | None = None


class PushReassigned(PushFact):
    """已改派。The push was withdrawn from this regulator and goes to another one."""

    TOPIC = "push.reassigned"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "推送改派给 {to},理由:{reason}"
    EN = "the push goes to {to} instead: {reason}"

    push_id: UUID
    to: Body
    reason: Text
    content: PushContent
    decision_id: Short


class PushClosed(PushFact):
    """已销号。The push is closed."""

    TOPIC = "push.closed"
    ZH = "推送销号"
    EN = "the push is closed"

    push_id: UUID


class PushReminded(PushFact):
    """已催办。The push is overdue and the regulator was reminded."""

    TOPIC = "push.reminded"
    ZH = "逾期未「{overdue}」,已催办"
    EN = "overdue ({overdue}); a reminder was sent"

    push_id: UUID
    overdue: PushState


class PushEscalated(PushFact):
    """已督办。Nobody claimed the push after the reminder; the superior is told."""

    TOPIC = "push.escalated"
    ZH = "催办后仍未认领,转督办"
    EN = "still unclaimed after the reminder, escalated"

    push_id: UUID


class PushSuperseded(PushFact):
    """已被更正。A corrected push replaces this one."""

    TOPIC = "push.superseded"
    ZH = "推送已由 {by_push} 更正"
    EN = "the push was replaced by {by_push}"

    push_id: UUID
    by_push: UUID
