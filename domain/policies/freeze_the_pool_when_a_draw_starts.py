"""启动即冻结专家池: when the officer on duty starts a draw, everybody enrolled in its discipline is named.

The draw looks each of them up itself; what the policy adds is only that nobody is forgotten, and an inspector can
see from the experts' own facts that nobody was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from domain.expert_draw.commands import FreezeExpertPool
from domain.expert_draw.facts import ExpertDrawStarted
from domain.policies.policy import Commands, Policy


class EnrolledExperts(Protocol):
    """What the policy must know of the pool."""

    def in_discipline(self, discipline: str) -> Sequence[str]:
        """Numbers of the experts of a discipline, the suspended ones too; the draw leaves those out with a reason."""


class FreezeThePoolWhenADrawStarts(Policy):
    ZH = "启动即冻结专家池"
    READS = ("expert_pool",)

    def __init__(self, experts: EnrolledExperts) -> None:
        self.experts = experts

    def on_start(self, fact: ExpertDrawStarted) -> Commands:
        experts = tuple(self.experts.in_discipline(fact.discipline))
        yield FreezeExpertPool(draw_id=fact.originator_id, round=fact.round, experts=experts)
