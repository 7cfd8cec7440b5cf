"""部分办结告知一件事: how the case of a part ended is told to its bundle, which then joins, goes on or halts.

The bundle looks the case up itself. What this policy knows is only which case is a part of which bundle."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from domain.approval_case import facts as f
from domain.bundle.commands import NotePart
from domain.bundle.words import PartOutcome
from domain.kernel.event import Event
from domain.policies.policy import Commands, Policy


class PartsOfBundles(Protocol):
    """What the policy must know of bundles."""

    def bundle_of(self, case_id: UUID) -> UUID | None:
        """The bundle that opened a case, if one did."""


class TellTheBundleHowAPartEnded(Policy):
    ZH = "部分办结告知一件事"
    READS = ("bundles",)

    def __init__(self, parts: PartsOfBundles) -> None:
        self.parts = parts

    def on_grant(self, fact: f.DecisionGranted | f.RenewalDeemedGranted) -> Commands:
        bundle_id = self.parts.bundle_of(fact.originator_id)
        if bundle_id is not None:
            yield NotePart(bundle_id=bundle_id, case_id=fact.originator_id, outcome=PartOutcome.GRANTED)

    def on_denial(self, fact: f.DecisionDenied) -> Commands:
        yield from self._ended(fact, PartOutcome.DENIED, fact.reasons)

    def on_withdrawal(self, fact: f.CaseWithdrawn) -> Commands:
        yield from self._ended(fact, PartOutcome.WITHDRAWN, fact.reason)

    def on_termination(self, fact: f.CaseTerminated) -> Commands:
        yield from self._ended(fact, PartOutcome.TERMINATED, fact.ground)

    def on_lapse(self, fact: f.CorrectionLapsed | f.ToleranceLapsed) -> Commands:
        yield from self._ended(fact, PartOutcome.TERMINATED, fact.telling("zh"))

    def on_refusal(self, fact: f.AcceptanceRefused) -> Commands:
        yield from self._ended(fact, PartOutcome.NOT_ACCEPTED, fact.reason)

    def on_no_permit_required(self, fact: f.PermitNotRequired) -> Commands:
        yield from self._ended(fact, PartOutcome.NOT_REQUIRED, fact.reason)

    def _ended(self, fact: Event, outcome: PartOutcome, reason: str) -> Commands:
        bundle_id = self.parts.bundle_of(fact.originator_id)
        if bundle_id is not None:
            yield NotePart(bundle_id=bundle_id, case_id=fact.originator_id, outcome=outcome, reason=reason[:2000])
