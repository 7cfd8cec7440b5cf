"""未践诺即建议撤销: a broken commitment becomes a proposal to revoke, in the name of whoever found it.

行政许可法第六十九条: the approving side alone changes the license, after registering and deciding the proposal like any
other; what it decides settles the commitment, so that both sides see how it ended."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from domain.commitment.commands import SettleCommitment
from domain.commitment.facts import CommitmentBroken
from domain.kernel.identity import year_of
from domain.policies.policy import Commands, Policy
from domain.supervision_finding import FindingHandled, FindingKind, ProposeRevocation

BASIS = "国办发〔2020〕42号;行政许可法第六十九条"


class BrokenCommitments(Protocol):
    """What the policy must know of commitments."""

    def broken_in(self, case_id: UUID) -> UUID | None:
        """The broken commitment of a case that nobody settled yet."""

    def license_of(self, case_id: UUID) -> str | None:
        """Number of the license that was issued on the grant of a case."""


class ProposeRevocationWhenCommitmentBroken(Policy):
    ZH = "未践诺即建议撤销"
    READS = ("promises", "licenses")

    def __init__(self, commitments: BrokenCommitments) -> None:
        self.commitments = commitments

    def on_breach(self, fact: CommitmentBroken) -> Commands:
        yield ProposeRevocation(
            organ=fact.by, finding_no=proposal_no(fact), subject=fact.subject, case_id=fact.case_id,
            case_no=fact.case_no, license_no=self.commitments.license_of(fact.case_id), found_on=fact.broken_on,
            legal_basis=BASIS, site=fact.site,
            statement=f"未践诺({fact.ground.zh}),建议撤销「{fact.item_name}」许可:{fact.statement}"[:2000],
        )  # fmt: skip

    def on_answer(self, fact: FindingHandled) -> Commands:
        if fact.kind is not FindingKind.PROPOSAL_TO_REVOKE or fact.case_id is None:
            return
        commitment_id = self.commitments.broken_in(fact.case_id)
        if commitment_id is not None:
            yield SettleCommitment(
                commitment_id=commitment_id, finding_id=fact.originator_id, result=fact.result.zh,
                explanation=fact.explanation,
            )  # fmt: skip


def proposal_no(fact: CommitmentBroken) -> str:
    """The number under which the proposal is found: a case number may come again in another year."""
    return f"未践诺〔{year_of(fact.case_id)}〕{fact.case_no}"
