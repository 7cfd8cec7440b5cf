"""在办件随事项移交: when an item goes to another organ and takes its running cases along, each is handed over.

A transfer is decided ahead of its day, so this comes with the passing of time. A case that was handed over is no longer
with the old organ, so it is not asked for again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from domain.approval_case.commands import HandOverCase
from domain.kernel.words import Body
from domain.policies.policy import Commands, Policy
from domain.rules.dates import business_date


class GoesAlong(NamedTuple):
    """A running case whose item belongs to another organ by now."""

    case_id: UUID
    from_organ: Body
    to_organ: Body
    basis: str


class TransferredItems(Protocol):
    """What the policy must know of items that were transferred."""

    def going_along(self, on: date) -> Sequence[GoesAlong]:
        """Undecided cases that go with their item and are still with the organ that gave it away."""


class HandRunningCasesToTheNewOrgan(Policy):
    ZH = "在办件随事项移交"

    def __init__(self, items: TransferredItems) -> None:
        self.items = items

    def when_time_passes(self, at: datetime) -> Commands:
        for case in self.items.going_along(business_date(at)):
            yield HandOverCase(
                case_id=case.case_id, from_organ=case.from_organ, to_organ=case.to_organ, basis=case.basis
            )
