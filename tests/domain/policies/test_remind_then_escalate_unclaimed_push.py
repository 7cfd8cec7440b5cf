"""催办后督办。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from domain.policies.remind_then_escalate_unclaimed_push import OverduePush, RemindThenEscalateUnclaimedPush
from domain.push import EscalatePush, PushClaimed, PushState, RemindPush, push_stream
from tests.specification import CASE, FIRE, HEALTH, HOUSING, MONDAY, given

A, B = (push_stream(CASE, "9", body.code) for body in (FIRE, HEALTH))


@dataclass
class Pushes:
    reminders: Sequence[OverduePush] = ()
    escalations: Sequence[OverduePush] = ()
    asked: set[date] = field(default_factory=set)

    def to_remind(self, on: date) -> Sequence[OverduePush]:
        self.asked.add(on)
        return self.reminders

    def to_escalate(self, on: date) -> Sequence[OverduePush]:
        self.asked.add(on)
        return self.escalations


def test_each_overdue_step_is_reminded_of():
    pushes = Pushes([OverduePush(A, PushState.ACKNOWLEDGED, False), OverduePush(A, PushState.CLAIMED, False)])
    given(RemindThenEscalateUnclaimedPush(pushes)).when_time_passes(MONDAY).then(
        RemindPush(push_id=A, overdue=PushState.ACKNOWLEDGED), RemindPush(push_id=A, overdue=PushState.CLAIMED)
    )


def test_what_stays_unclaimed_after_the_reminder_is_escalated():
    pushes = Pushes([OverduePush(A, PushState.CLAIMED, False)], [OverduePush(B, PushState.CLAIMED, True)])
    given(RemindThenEscalateUnclaimedPush(pushes)).when_time_passes(MONDAY).then(
        RemindPush(push_id=A, overdue=PushState.CLAIMED), EscalatePush(push_id=B)
    )


def test_the_day_is_that_of_the_place():
    pushes = Pushes()
    late = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
    given(RemindThenEscalateUnclaimedPush(pushes)).when_time_passes(late).nothing()
    assert pushes.asked == {date(2026, 3, 3)}


def test_it_does_nothing_when_nothing_is_overdue():
    given(RemindThenEscalateUnclaimedPush(Pushes())).when_time_passes(MONDAY).nothing()


def test_it_does_nothing_when_a_push_is_claimed():
    pushes = Pushes([OverduePush(A, PushState.CLAIMED, False)])
    claimed = PushClaimed(regulator=HOUSING.code, case_id=CASE, officer="李四")
    given(RemindThenEscalateUnclaimedPush(pushes)).when(claimed, stream=A).nothing()
