"""监管信息成立即督促整改: when a finding that demands rectification is registered, its rectification is opened.

行政许可法第六十八条: what was found must be mended within a time, and somebody must hold the date."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple, Protocol
from uuid import UUID

from domain.policies.policy import Commands, Policy
from domain.supervision_finding import FindingReceived, OpenRectification


class Demanded(NamedTuple):
    """What a finding demands to be mended, and by when, if it says so."""

    requirement: str
    rectify_by: date | None


class StandingFindings(Protocol):
    """What the policy must know of findings."""

    def rectification_demanded(self, finding_id: UUID) -> Demanded | None:
        """What a finding wants mended, or none if it asks for no rectification."""


class OpenRectificationWhenFindingStands(Policy):
    ZH = "监管信息成立即督促整改"
    READS = ("findings",)

    def __init__(self, findings: StandingFindings) -> None:
        self.findings = findings

    def on_registration(self, fact: FindingReceived) -> Commands:
        demanded = self.findings.rectification_demanded(fact.originator_id)
        if demanded is not None:
            yield OpenRectification(
                finding_id=fact.originator_id,
                requirement=demanded.requirement,
                rectify_by=demanded.rectify_by or fact.decide_by,
            )
