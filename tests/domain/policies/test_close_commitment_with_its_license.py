"""证照终结承诺即终结。"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

import pytest

from domain.commitment.commands import CloseCommitment
from domain.kernel.identity import license_stream
from domain.policies.close_commitment_with_its_license import CloseCommitmentWithItsLicense
from tests.domain.license_file import EXPIRED, PENALTY_REVOKED, REVOKED, SUSPENDED, WITHDRAWN
from tests.domain.test_commitment import THIS
from tests.specification import CASE, given

LICENSE = license_stream(CASE)


@dataclass
class Living:
    of: dict[UUID, UUID] = field(default_factory=lambda: {REVOKED.case_id: THIS})

    def living_in(self, case_id: UUID) -> UUID | None:
        return self.of.get(case_id)


POLICY = CloseCommitmentWithItsLicense(Living())


@pytest.mark.parametrize("fact", [EXPIRED, WITHDRAWN, REVOKED, PENALTY_REVOKED], ids=lambda fact: fact.TOPIC)
def test_a_license_that_ended_ends_what_was_promised_for_it(fact):
    given(POLICY).when(fact, stream=LICENSE).then(CloseCommitment(commitment_id=THIS, reason=fact.telling("zh")))


def test_it_does_nothing_when_the_license_rested_on_no_commitment_that_lives():
    given(CloseCommitmentWithItsLicense(Living({}))).when(REVOKED, stream=LICENSE).nothing()


def test_it_does_nothing_when_the_license_is_only_suspended():
    given(POLICY).when(SUSPENDED, stream=LICENSE).nothing()
