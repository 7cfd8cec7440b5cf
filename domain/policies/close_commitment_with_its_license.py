"""证照终结承诺即终结: when a license has ended, nothing of its commitment is left to check.

One that was broken stays broken: it ends with what the approving side decided on it."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from domain.commitment.commands import CloseCommitment
from domain.license.facts import (
    LicenseCancelled,
    LicenseExpired,
    LicensePenaltyRevoked,
    LicenseRevoked,
    LicenseWithdrawn,
)
from domain.policies.policy import Commands, Policy

Ending = LicenseExpired | LicenseWithdrawn | LicenseRevoked | LicensePenaltyRevoked | LicenseCancelled


class LivingCommitments(Protocol):
    """What the policy must know of commitments."""

    def living_in(self, case_id: UUID) -> UUID | None:
        """The commitment on which the grant of a case rests, while anything of it may still be owed or checked."""


class CloseCommitmentWithItsLicense(Policy):
    ZH = "证照终结承诺即终结"
    READS = ("promises",)

    def __init__(self, commitments: LivingCommitments) -> None:
        self.commitments = commitments

    def on_ending(self, fact: Ending) -> Commands:
        commitment_id = self.commitments.living_in(fact.case_id)
        if commitment_id is not None:
            yield CloseCommitment(commitment_id=commitment_id, reason=fact.telling("zh")[:2000])
