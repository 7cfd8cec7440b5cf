"""The push itself: decides its commands and folds its facts."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from domain.kernel.aggregate import Aggregate, Facts, Given
from domain.kernel.time import due_by
from domain.kernel.words import ClaimMode
from domain.push import commands as c
from domain.push import facts as f
from domain.push import refusals as r
from domain.push.words import OPEN, UNCLAIMED, PushContent, PushState

P = PushState


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

    def dispatch(self, command: c.DispatchPush, given: Given) -> Facts:
        # A push that was handed on and comes back is an obligation once more; else it would be nobody's.
        if self.version and self.state is not P.REASSIGNED:
            return
        today, place = given.today, command.content.place_of(command.regulator.code)
        yield f.PushDispatched(
            push_id=self.id, case_id=command.case_id, decision_id=command.decision_id,
            regulator=command.regulator.code, regulator_name=command.regulator.name,
            claim_mode=command.claim_mode, named_by=command.named_by, content=command.content,
            acknowledge_due=due_by("push_acknowledge", today, place), claim_due=due_by("push_claim", today, place),
            feedback_due=due_by("push_feedback", today, place),
        )  # fmt: skip

    def record_delivery(self, command: c.RecordDelivery, given: Given) -> Facts:
        self._is_mine(given)
        if self.state is P.DISPATCHED:
            yield f.PushDelivered(**self._who)
            if self.claim_mode is ClaimMode.ON_DELIVERY:
                yield f.PushClaimed(officer=given.by.id, automatic=True, **self._who)

    def acknowledge(self, command: c.AcknowledgePush, given: Given) -> Facts:
        self._is_mine(given)
        if self.state in (P.ACKNOWLEDGED, P.CLAIMED, P.IN_SUPERVISION, P.FED_BACK, P.CLOSED):
            return
        self.must_be(command, self.state, P.DISPATCHED, P.DELIVERED)
        yield f.PushAcknowledged(**self._who)
        if self.claim_mode is not ClaimMode.EXPLICIT:
            yield f.PushClaimed(officer=given.by.id, automatic=True, **self._who)

    def claim(self, command: c.ClaimPush, given: Given) -> Facts:
        self._is_mine(given)
        self.must_be(command, self.state, P.DISPATCHED, P.DELIVERED, P.ACKNOWLEDGED)
        if self.state is not P.ACKNOWLEDGED:
            yield f.PushAcknowledged(**self._who)
        yield f.PushClaimed(officer=command.officer, **self._who)

    def begin_supervision(self, command: c.BeginSupervision, given: Given) -> Facts:
        self._is_mine(given)
        if self.state is P.IN_SUPERVISION:
            return
        self.must_be(command, self.state, P.CLAIMED)
        assert self.content is not None
        if not self.content.decided_on <= command.begun_on <= given.today:
            raise r.SupervisionNotYetBegun(
                begun_on=command.begun_on, decided_on=self.content.decided_on, today=given.today
            )
        yield f.SupervisionBegun(begun_on=command.begun_on, how=command.how, **self._who)

    def send_back(self, command: c.ReturnPush, given: Given) -> Facts:
        self._is_mine(given)
        self.must_be(command, self.state, *UNCLAIMED)
        yield f.PushReturned(reason=command.reason, **self._who)

    def feed_back(self, command: c.FileFeedback, given: Given) -> Facts:
        self._is_mine(given)
        self.must_be(command, self.state, P.CLAIMED, P.IN_SUPERVISION, P.FED_BACK)
        yield f.PushFedBack(feedback=command.feedback, first_check_on=command.first_check_on, **self._who)

    def reassign(self, command: c.ReassignPush, given: Given) -> Facts:
        self.must_be(command, self.state, P.RETURNED)
        if command.regulator.code == self.regulator:
            raise r.SameRegulatorAgain(regulator=command.regulator)
        assert self.content is not None
        yield f.PushReassigned(
            push_id=self.id, to=command.regulator, reason=command.reason,
            content=self.content, decision_id=self.decision_id, **self._who,
        )  # fmt: skip

    def close(self, command: c.ClosePush, given: Given) -> Facts:
        self.must_be(command, self.state, P.FED_BACK)
        yield f.PushClosed(push_id=self.id, **self._who)

    def remind(self, command: c.RemindPush, given: Given) -> Facts:
        waiting = UNCLAIMED if command.overdue is P.CLAIMED else (P.DISPATCHED, P.DELIVERED)
        if self.state in waiting and command.overdue not in self.reminded:
            due = self.due[command.overdue]
            if due is None or given.today <= due:
                raise r.PushNotYetOverdue(overdue=command.overdue, due=due)
            yield f.PushReminded(push_id=self.id, overdue=command.overdue, **self._who)

    def escalate(self, command: c.EscalatePush, given: Given) -> Facts:
        if self.state in UNCLAIMED and self.reminded and not self.escalated:
            yield f.PushEscalated(push_id=self.id, **self._who)

    def supersede(self, command: c.SupersedePush, given: Given) -> Facts:
        if self.state in OPEN:
            yield f.PushSuperseded(push_id=self.id, by_push=command.by_push, **self._who)

    def _is_mine(self, given: Given) -> None:
        if given.by.organ != self.regulator:
            raise r.NotYourPush(owner=self.regulator, organ=given.by.organ)

    @property
    def _who(self) -> dict[str, Any]:
        return {"regulator": self.regulator, "case_id": self.case_id}

    def was_dispatched(self, fact: f.PushDispatched) -> None:
        self.state, self.regulator, self.case_id = P.DISPATCHED, fact.regulator, fact.case_id
        self.claim_mode, self.content, self.decision_id = fact.claim_mode, fact.content, fact.decision_id
        self.due = {P.ACKNOWLEDGED: fact.acknowledge_due, P.CLAIMED: fact.claim_due}
        self.reminded, self.escalated = set(), False

    def was_delivered(self, fact: f.PushDelivered) -> None:
        self.state = P.DELIVERED

    def was_acknowledged(self, fact: f.PushAcknowledged) -> None:
        self.state = P.ACKNOWLEDGED

    def was_claimed(self, fact: f.PushClaimed) -> None:
        self.state = P.CLAIMED

    def supervision_has_begun(self, fact: f.SupervisionBegun) -> None:
        self.state = P.IN_SUPERVISION

    def was_returned(self, fact: f.PushReturned) -> None:
        self.state = P.RETURNED

    def was_fed_back(self, fact: f.PushFedBack) -> None:
        self.state = P.FED_BACK

    def was_reassigned(self, fact: f.PushReassigned) -> None:
        self.state = P.REASSIGNED

    def was_closed(self, fact: f.PushClosed) -> None:
        self.state = P.CLOSED

    def was_reminded(self, fact: f.PushReminded) -> None:
        self.reminded.add(fact.overdue)

    def was_escalated(self, fact: f.PushEscalated) -> None:
        self.escalated = True

    def was_superseded(self, fact: f.PushSuperseded) -> None:
        self.state = P.SUPERSEDED
