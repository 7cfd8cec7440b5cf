"""失信即受限。"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from domain.approval_case.words import DenialGround
from domain.kernel.identity import license_stream
from domain.kernel.standing import BarKind
from domain.license.words import RevocationGround
from domain.policies.bar_subject_that_broke_its_word import BarSubjectThatBrokeItsWord
from domain.standing.commands import ImposeBar
from domain.standing.words import BarCause
from tests.domain.case_file import DENY, ITEM, TODAY, denied, granted, terms
from tests.domain.license_file import CONTENT, REVOKED
from tests.domain.test_commitment import THIS, broken
from tests.specification import BUREAU, CASE, CASE_NO, HOLDER, given


@dataclass
class Safety:
    touching: frozenset[tuple[str, int]] = frozenset({(CONTENT.item, CONTENT.item_version)})

    def touches_safety(self, item: str, version: int) -> bool:
        return (item, version) in self.touching


POLICY = BarSubjectThatBrokeItsWord(Safety())
SAFETY = terms(safety=True)
BY_FRAUD = REVOKED.model_copy(update={"ground": RevocationGround.FRAUD_OR_BRIBERY, "mandatory": True})
LICENSE = license_stream(CASE)


def test_a_broken_commitment_bars_from_commitments_until_the_credit_is_repaired():
    cause = BarCause(
        fact_id=f"{THIS}:1", case_id=CASE, statement=f"办件 {CASE_NO} 未践诺(责令整改后仍不符合):现场查看"
    )
    given(POLICY).when(broken(), stream=THIS).then(
        ImposeBar(
            subject=HOLDER, kind=BarKind.COMMITMENT, basis="国办发〔2020〕42号", since=TODAY, organ=BUREAU.code, cause=cause
        )
    )


def test_false_material_in_a_matter_of_safety_bars_from_the_item():
    cause = BarCause(
        fact_id=f"{CASE}:1", case_id=CASE, statement=f"办件 {CASE_NO} 隐瞒情况或提供虚假材料:{DENY.reasons}"
    )
    given(POLICY).when(denied(SAFETY, ground=DenialGround.FALSE_MATERIAL)).then(
        ImposeBar(
            subject=HOLDER, kind=BarKind.FALSE_MATERIAL, basis="行政许可法第七十八条", items=(ITEM,), since=TODAY,
            organ=BUREAU.code, cause=cause,
        )
    )  # fmt: skip


def test_it_does_nothing_when_false_material_was_in_no_matter_of_safety():
    given(POLICY).when(denied(ground=DenialGround.FALSE_MATERIAL)).nothing()


def test_it_does_nothing_when_the_conditions_were_merely_not_met():
    given(POLICY).when(denied(SAFETY)).nothing()


def test_it_does_nothing_when_a_license_is_granted():
    given(POLICY).when(granted(SAFETY)).nothing()


def test_a_license_of_a_safety_item_got_by_fraud_bars_from_the_item():
    cause = BarCause(
        fact_id=f"{LICENSE}:1", case_id=BY_FRAUD.case_id,
        statement=f"证照 {BY_FRAUD.license_no} 依 {BY_FRAUD.document_no} 撤销({BY_FRAUD.ground.zh}):{BY_FRAUD.reasons}",
    )  # fmt: skip
    given(POLICY).when(BY_FRAUD, stream=LICENSE).then(
        ImposeBar(
            subject=CONTENT.subject, kind=BarKind.FRAUD, basis="行政许可法第七十九条", items=(CONTENT.item,), since=TODAY,
            organ=CONTENT.organ, cause=cause,
        )
    )  # fmt: skip


@pytest.mark.parametrize("ground", [one for one in RevocationGround if one is not RevocationGround.FRAUD_OR_BRIBERY])
def test_it_does_nothing_when_a_license_was_revoked_for_what_its_holder_did_not_do(ground):
    given(POLICY).when(BY_FRAUD.model_copy(update={"ground": ground}), stream=LICENSE).nothing()


def test_it_does_nothing_when_fraud_was_in_no_matter_of_safety():
    given(BarSubjectThatBrokeItsWord(Safety(frozenset()))).when(BY_FRAUD, stream=LICENSE).nothing()
