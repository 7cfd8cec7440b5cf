"""未践诺即建议撤销。"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

import pytest

from domain.commitment.commands import SettleCommitment
from domain.policies.propose_revocation_when_commitment_broken import BASIS, ProposeRevocationWhenCommitmentBroken
from domain.supervision_finding import FindingHandled, FindingKind, FindingResult, ProposeRevocation
from tests.domain.case_file import FINDING
from tests.domain.test_commitment import BY_MARKET, THIS, broken, checked
from tests.specification import CASE, CASE_NO, HOLDER, MONDAY, OTHER_CASE, SHOP, given


@dataclass
class Broken:
    of: dict[UUID, UUID] = field(default_factory=lambda: {CASE: THIS})
    issued: dict[UUID, str] = field(default_factory=dict)

    def broken_in(self, case_id: UUID) -> UUID | None:
        return self.of.get(case_id)

    def license_of(self, case_id: UUID) -> str | None:
        return self.issued.get(case_id)


POLICY = ProposeRevocationWhenCommitmentBroken(Broken())


def handled(kind: FindingKind = FindingKind.PROPOSAL_TO_REVOKE, case_id: UUID | None = CASE) -> FindingHandled:
    return FindingHandled(
        organ=BY_MARKET, finding_no="1", case_id=case_id, kind=kind, subject=HOLDER, result=FindingResult.ADOPTED,
        explanation="撤销许可", late=False,
    )  # fmt: skip


def test_a_broken_commitment_is_proposed_for_revocation_in_the_name_of_who_found_it():
    given(POLICY).when(broken(), stream=THIS).then(
        ProposeRevocation(
            organ=BY_MARKET, finding_no=f"未践诺〔2026〕{CASE_NO}", subject=HOLDER, case_id=CASE, case_no=CASE_NO,
            found_on=MONDAY.date(), legal_basis=BASIS, site=SHOP,
            statement="未践诺(责令整改后仍不符合),建议撤销「食品经营许可」许可:现场查看",
        )
    )  # fmt: skip


def test_the_proposal_names_the_license_that_it_is_about():
    policy = ProposeRevocationWhenCommitmentBroken(Broken(issued={CASE: "JY1371502"}))
    fact = broken()
    (asked,) = policy.react(fact)
    assert isinstance(asked, ProposeRevocation)
    assert asked.license_no == "JY1371502"


def test_what_the_approving_side_decides_settles_the_commitment():
    given(POLICY).when(handled(), stream=FINDING).then(
        SettleCommitment(commitment_id=THIS, finding_id=FINDING, result="采纳", explanation="撤销许可")
    )


@pytest.mark.parametrize("case_id", [OTHER_CASE, None])
def test_it_does_nothing_when_the_proposal_is_about_no_broken_commitment(case_id):
    given(POLICY).when(handled(case_id=case_id), stream=FINDING).nothing()


def test_it_does_nothing_when_another_kind_of_finding_was_handled():
    given(POLICY).when(handled(FindingKind.INSPECTION), stream=FINDING).nothing()


def test_it_does_nothing_when_a_check_found_something_that_can_still_be_mended():
    given(POLICY).when(checked(), stream=THIS).nothing()
