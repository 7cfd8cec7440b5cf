"""失信即受限。"""

from __future__ import annotations

from domain.approval_case.words import DenialGround
from domain.kernel.standing import BarKind
from domain.policies.bar_subject_that_broke_its_word import BarSubjectThatBrokeItsWord
from domain.standing.commands import ImposeBar
from domain.standing.words import BarCause
from tests.domain.case_file import DENY, ITEM, TODAY, denied, granted, terms
from tests.domain.test_commitment import THIS, broken
from tests.specification import BUREAU, CASE, CASE_NO, HOLDER, given

POLICY = BarSubjectThatBrokeItsWord()
SAFETY = terms(safety=True)


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
