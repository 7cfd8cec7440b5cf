"""催办后督办: a push that nobody acknowledged or claimed in time is reminded, then escalated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from domain.policies.policy import Commands, Policy
from domain.push import EscalatePush, PushState, RemindPush
from domain.rules.dates import business_date


class OverduePush(NamedTuple):
    """A push past a limit: ``overdue`` says which step is missing."""

    push_id: UUID
    overdue: PushState
    reminded: bool


class OverduePushes(Protocol):
    """What the policy must know of pushes."""

    def to_remind(self, on: date) -> Sequence[OverduePush]:
        """Pushes past the limit to acknowledge or claim, not yet reminded of that step."""

    def to_escalate(self, on: date) -> Sequence[OverduePush]:
        """Reminded pushes that are still unclaimed past the limit for escalation."""


class RemindThenEscalateUnclaimedPush(Policy):
    ZH = "催办后督办"

    def __init__(self, pushes: OverduePushes) -> None:
        self.pushes = pushes

    def when_time_passes(self, at: datetime) -> Commands:
        today = business_date(at)
        for push in self.pushes.to_remind(today):
            yield RemindPush(push_id=push.push_id, overdue=push.overdue)
        for push in self.pushes.to_escalate(today):
            yield EscalatePush(push_id=push.push_id)
