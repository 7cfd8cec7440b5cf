"""所含许可变化告知综合许可证。"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

import pytest

from domain.bundle.commands import NoteCompositePart
from domain.kernel.identity import license_stream
from domain.policies.tell_the_composite_license_what_became_of_a_part import (
    TellTheCompositeLicenseWhatBecameOfAPart,
)
from tests.domain.chains import BUNDLE
from tests.domain.license_file import (
    EFFECTIVE,
    EXPIRED,
    LAPSED,
    PENALTY_REVOKED,
    REINSTATED,
    REVOKED,
    SUBJECT_ENDED,
    SUSPENDED,
    WITHDRAWN,
)
from tests.specification import CASE, given

LICENSE = license_stream(CASE)


@dataclass
class Parts:
    of: dict[UUID, UUID] = field(default_factory=lambda: {REVOKED.case_id: BUNDLE})

    def bundle_of(self, case_id: UUID) -> UUID | None:
        return self.of.get(case_id)


POLICY = TellTheCompositeLicenseWhatBecameOfAPart(Parts())


@pytest.mark.parametrize(
    "fact",
    [SUSPENDED, REINSTATED, SUBJECT_ENDED, LAPSED, EXPIRED, WITHDRAWN, REVOKED, PENALTY_REVOKED],
    ids=lambda fact: fact.TOPIC,
)
def test_whatever_changes_the_state_of_a_license_is_told_to_the_bundle_of_its_case(fact):
    given(POLICY).when(fact, stream=LICENSE).then(NoteCompositePart(bundle_id=BUNDLE, case_id=fact.case_id))


def test_a_license_of_no_bundle_concerns_no_composite():
    given(TellTheCompositeLicenseWhatBecameOfAPart(Parts({}))).when(REVOKED, stream=LICENSE).nothing()


def test_what_leaves_the_state_as_it_was_is_not_told():
    given(POLICY).when(EFFECTIVE, stream=LICENSE).nothing()
