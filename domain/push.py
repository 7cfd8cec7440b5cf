"""Push (推送): the obligation that one decision lays on one regulator, with a clock.

dispatched -> delivered -> acknowledged (签收) -> claimed by a named officer (认领) -> in supervision ->
fed back (反馈) -> closed (销号); side paths: returned and reassigned, superseded by a correction.
Neither side may be able to say that nobody told them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from domain.kernel.aggregate import Aggregate, Facts, Given
from domain.kernel.channel import Channel
from domain.kernel.command import Command, Target
from domain.kernel.event import Event
from domain.kernel.identity import stream_id, year_of
from domain.kernel.people import Role
from domain.kernel.refusal import ForeignAuthority, Refusal
from domain.kernel.time import due_by
from domain.kernel.words import (
    Addressee,
    Body,
    Change,
    ClaimMode,
    OrderedBy,
    OrganCode,
    Personal,
    Short,
    Site,
    Subject,
    Text,
    Value,
    Word,
)

PRACTICE = "审管互动推送约定"


class PushState(Word):
    """推送状态."""

    NEW = "new", "未推送", "not yet dispatched"
    DISPATCHED = "dispatched", "已推送", "dispatched"
    DELIVERED = "delivered", "已送达", "delivered"
    ACKNOWLEDGED = "acknowledged", "已签收", "acknowledged"
    CLAIMED = "claimed", "已认领", "claimed"
    IN_SUPERVISION = "in_supervision", "监管中", "in supervision"
    FED_BACK = "fed_back", "已反馈", "fed back"
    CLOSED = "closed", "已销号", "closed"
    RETURNED = "returned", "已退回", "returned"
    REASSIGNED = "reassigned", "已改派", "reassigned"
    SUPERSEDED = "superseded", "已被更正", "superseded"


P = PushState
OPEN = (P.DISPATCHED, P.DELIVERED, P.ACKNOWLEDGED, P.CLAIMED, P.IN_SUPERVISION, P.FED_BACK, P.RETURNED)
UNCLAIMED = (P.DISPATCHED, P.DELIVERED, P.ACKNOWLEDGED)


class PushContent(Value):
    """What the regulator is told. Composed, and masked as its contract says, when the push is opened."""

    change: Change
    case_no: Short
    item: str
    item_name: str
    item_version: int | None = None
    subject: Subject | None = None
    site: Site | None = None
    document_no: str = ""
    content: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    by_commitment: bool = False
    with_tolerance: bool = False
    decided_on: date
    accepted_by: Annotated[str, Personal("text")] = ""
    decided_by: Annotated[str, Personal("text")] = ""
    masked: bool = True


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


class NotYourPush(ForeignAuthority):
    """该推送属于 {owner},{organ} 不得办理;请核对推送编号。

    This push belongs to {owner}; {organ} may not act on it. Check the push number."""


class PushNotYetOverdue(Refusal):
    """「{overdue}」的期限 {due} 尚未届满,不能催办。

    The time for "{overdue}" runs until {due}; it is too early for a reminder."""


class SameRegulatorAgain(Refusal):
    """{regulator} 已退回该推送,不能再派给同一部门;请选择其他监管部门。

    {regulator} returned this push and cannot get it again; choose another regulator."""


class PushFact(Event):
    """What every fact of a push carries: whom it concerns, and the case whose order it keeps."""

    CHANNEL = Channel.APPROVAL
    BASIS = PRACTICE

    regulator: Annotated[OrganCode, Addressee()]
    case_id: Annotated[UUID, OrderedBy()]


class PushDispatched(PushFact):
    """已推送。A decision was pushed to the regulator; it must be acknowledged and claimed."""

    TOPIC = "push.dispatched"
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


class Push(Aggregate):
    """推送。"""

    NAME = "push"
    ZH = "推送"

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.state: PushState = P.NEW
        self.regulator = ""
        self.case_id = id
        self.claim_mode = ClaimMode.EXPLICIT
        self.content: PushContent | None = None
        self.decision_id = ""
        self.due: dict[PushState, date | None] = {}
        self.reminded: set[PushState] = set()
        self.escalated = False

    def dispatch(self, command: DispatchPush, given: Given) -> Facts:
        # A push that was handed on and comes back is an obligation once more; else it would be nobody's.
        if self.version and self.state is not P.REASSIGNED:
            return
        yield PushDispatched(
            push_id=self.id, case_id=command.case_id, decision_id=command.decision_id,
            regulator=command.regulator.code, regulator_name=command.regulator.name,
            claim_mode=command.claim_mode, named_by=command.named_by, content=command.content,
            acknowledge_due=due_by("push_acknowledge", given.today), claim_due=due_by("push_claim", given.today),
            feedback_due=due_by("push_feedback", given.today),
        )  # fmt: skip

    def record_delivery(self, command: RecordDelivery, given: Given) -> Facts:
        self._is_mine(given)
        if self.state is P.DISPATCHED:
            yield PushDelivered(**self._who)
            if self.claim_mode is ClaimMode.ON_DELIVERY:
                yield PushClaimed(officer=given.by.id, automatic=True, **self._who)

    def acknowledge(self, command: AcknowledgePush, given: Given) -> Facts:
        self._is_mine(given)
        if self.state in (P.ACKNOWLEDGED, P.CLAIMED, P.IN_SUPERVISION, P.FED_BACK, P.CLOSED):
            return
        self.must_be(command, self.state, P.DISPATCHED, P.DELIVERED)
        yield PushAcknowledged(**self._who)
        if self.claim_mode is not ClaimMode.EXPLICIT:
            yield PushClaimed(officer=given.by.id, automatic=True, **self._who)

    def claim(self, command: ClaimPush, given: Given) -> Facts:
        self._is_mine(given)
        self.must_be(command, self.state, P.DISPATCHED, P.DELIVERED, P.ACKNOWLEDGED)
        if self.state is not P.ACKNOWLEDGED:
            yield PushAcknowledged(**self._who)
        yield PushClaimed(officer=command.officer, **self._who)

    def send_back(self, command: ReturnPush, given: Given) -> Facts:
        self._is_mine(given)
        self.must_be(command, self.state, *UNCLAIMED)
        yield PushReturned(reason=command.reason, **self._who)

    def feed_back(self, command: FileFeedback, given: Given) -> Facts:
        self._is_mine(given)
        self.must_be(command, self.state, P.CLAIMED, P.IN_SUPERVISION, P.FED_BACK)
        yield PushFedBack(feedback=command.feedback, first_check_on=command.first_check_on, **self._who)

    def reassign(self, command: ReassignPush, given: Given) -> Facts:
        self.must_be(command, self.state, P.RETURNED)
        if command.regulator.code == self.regulator:
            raise SameRegulatorAgain(regulator=command.regulator)
        assert self.content is not None
        yield PushReassigned(
            push_id=self.id, to=command.regulator, reason=command.reason,
            content=self.content, decision_id=self.decision_id, **self._who,
        )  # fmt: skip

    def close(self, command: ClosePush, given: Given) -> Facts:
        self.must_be(command, self.state, P.FED_BACK)
        yield PushClosed(push_id=self.id, **self._who)

    def remind(self, command: RemindPush, given: Given) -> Facts:
        waiting = UNCLAIMED if command.overdue is P.CLAIMED else (P.DISPATCHED, P.DELIVERED)
        if self.state in waiting and command.overdue not in self.reminded:
            due = self.due[command.overdue]
            if due is None or given.today <= due:
                raise PushNotYetOverdue(overdue=command.overdue, due=due)
            yield PushReminded(push_id=self.id, overdue=command.overdue, **self._who)

    def escalate(self, command: EscalatePush, given: Given) -> Facts:
        if self.state in UNCLAIMED and self.reminded and not self.escalated:
            yield PushEscalated(push_id=self.id, **self._who)

    def supersede(self, command: SupersedePush, given: Given) -> Facts:
        if self.state in OPEN:
            yield PushSuperseded(push_id=self.id, by_push=command.by_push, **self._who)

    def _is_mine(self, given: Given) -> None:
        if given.by.organ != self.regulator:
            raise NotYourPush(owner=self.regulator, organ=given.by.organ)

    @property
    def _who(self) -> dict[str, Any]:
        return {"regulator": self.regulator, "case_id": self.case_id}

    def was_dispatched(self, fact: PushDispatched) -> None:
        self.state, self.regulator, self.case_id = P.DISPATCHED, fact.regulator, fact.case_id
        self.claim_mode, self.content, self.decision_id = fact.claim_mode, fact.content, fact.decision_id
        self.due = {P.ACKNOWLEDGED: fact.acknowledge_due, P.CLAIMED: fact.claim_due}
        self.reminded, self.escalated = set(), False

    def was_delivered(self, fact: PushDelivered) -> None:
        self.state = P.DELIVERED

    def was_acknowledged(self, fact: PushAcknowledged) -> None:
        self.state = P.ACKNOWLEDGED

    def was_claimed(self, fact: PushClaimed) -> None:
        self.state = P.CLAIMED

    def was_returned(self, fact: PushReturned) -> None:
        self.state = P.RETURNED

    def was_fed_back(self, fact: PushFedBack) -> None:
        self.state = P.FED_BACK

    def was_reassigned(self, fact: PushReassigned) -> None:
        self.state = P.REASSIGNED

    def was_closed(self, fact: PushClosed) -> None:
        self.state = P.CLOSED

    def was_reminded(self, fact: PushReminded) -> None:
        self.reminded.add(fact.overdue)

    def was_escalated(self, fact: PushEscalated) -> None:
        self.escalated = True

    def was_superseded(self, fact: PushSuperseded) -> None:
        self.state = P.SUPERSEDED
