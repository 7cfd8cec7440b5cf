"""Commands of the push (推送命令), in the order in which a push meets them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from domain.kernel.channel import Channel
from domain.kernel.command import Command, Target
from domain.kernel.identity import stream_id, year_of
from domain.kernel.people import Role
from domain.kernel.words import Body, ClaimMode, Personal, Short, Text
from domain.push.words import PushContent, PushState


def push_stream(case_id: UUID, cause: str, regulator: str) -> UUID:
    """One stream per decision and regulator: the same decision pushed twice is one push."""
    return stream_id("push", year_of(case_id), cause, regulator)


class DispatchPush(Command):
    """推送。Open the push of a decision to one regulator."""

    NAME = "push.dispatch"
    ZH = "推送"
    MAY = frozenset({Role.SYSTEM})

    case_id: UUID
    decision_id: Short
    regulator: Body
    claim_mode: ClaimMode = ClaimMode.EXPLICIT
    named_by: Text = Field(description="which rule names this regulator: the item version, a contract, a report")
    content: PushContent

    @property
    def stream(self) -> UUID:
        return push_stream(self.case_id, self.decision_id, self.regulator.code)


class PushCommand(Command):
    push_id: Annotated[UUID, Target()]


class RegulatorCommand(PushCommand):
    MAY = frozenset({Role.REGULATOR})
    ARRIVES_ON = Channel.SUPERVISION


class RecordDelivery(RegulatorCommand):
    """送达回执。The regulator's system received the push."""

    NAME, ZH = "push.record_delivery", "送达回执"


class AcknowledgePush(RegulatorCommand):
    """签收。Acknowledge receipt of the push."""

    NAME, ZH = "push.acknowledge", "签收"


class ClaimPush(RegulatorCommand):
    """认领。A named officer takes the permit into supervision."""

    NAME, ZH = "push.claim", "认领"
    officer: Annotated[Short, Personal("text")]


class BeginSupervision(RegulatorCommand):
    """纳入监管。Record that supervision of what was claimed has begun: the first check was held."""

    NAME, ZH = "push.begin_supervision", "纳入监管"
    begun_on: date = Field(description="the day of the first check; not before the decision, not after today")
    how: Text = Field(description="what was done: which check, under which plan")


class ReturnPush(RegulatorCommand):
    """退回。Send the push back with a reason: it belongs to somebody else, or something is missing."""

    NAME, ZH = "push.return", "退回"
    reason: Text


class FileFeedback(RegulatorCommand):
    """反馈。Report the plan of the first check, or its result."""

    NAME, ZH = "push.file_feedback", "反馈"
    feedback: Text
    first_check_on: date | None = None


class ReassignPush(PushCommand):
    """改派。Send a returned push to the right regulator."""

    NAME, ZH = "push.reassign", "改派"
    MAY = frozenset({Role.ACCEPTOR, Role.EXAMINER, Role.DECIDER, Role.STEWARD})
    regulator: Body
    reason: Text


class ClosePush(PushCommand):
    """销号。Close a push that was fed back."""

    NAME, ZH = "push.close", "销号"
    MAY = frozenset({Role.ACCEPTOR, Role.EXAMINER, Role.DECIDER, Role.SYSTEM})


class RemindPush(PushCommand):
    """催办。Remind the regulator of an unclaimed push."""

    NAME, ZH = "push.remind", "催办"
    MAY = frozenset({Role.SYSTEM})
    overdue: Literal[PushState.ACKNOWLEDGED, PushState.CLAIMED] = Field(description="the step that is overdue")


class EscalatePush(PushCommand):
    """督办。Escalate a push that nobody claimed after the reminder."""

    NAME, ZH = "push.escalate", "督办"
    MAY = frozenset({Role.SYSTEM})


class SupersedePush(PushCommand):
    """更正。Mark the push as replaced by a corrected one."""

    NAME, ZH = "push.supersede", "更正推送"
    MAY = frozenset({Role.SYSTEM})
    by_push: UUID
