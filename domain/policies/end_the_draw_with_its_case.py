"""办件终止则取消抽取: a case that ends before its decision needs no panel any more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from domain.approval_case.facts import CaseTerminated, CaseWithdrawn
from domain.expert_draw.commands import CancelExpertDraw
from domain.policies.policy import Commands, Policy


class OpenDraws(Protocol):
    """What the policy must know of draws."""

    def open_of_case(self, case_id: UUID) -> Sequence[UUID]:
        """Draws of a case whose panel has given no opinion yet."""


class EndTheDrawWithItsCase(Policy):
    ZH = "办件终止则取消抽取"
    READS = ("expert_draws",)

    def __init__(self, draws: OpenDraws) -> None:
        self.draws = draws

    def on_end(self, fact: CaseWithdrawn | CaseTerminated) -> Commands:
        for draw_id in self.draws.open_of_case(fact.originator_id):
            yield CancelExpertDraw(draw_id=draw_id, reason=f"办件已终止。The case ended: {fact.TOPIC}")
