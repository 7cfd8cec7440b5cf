"""一件事的两项政策: open the parts of a stage at their organs, and tell the bundle how each of them ended."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest

from domain.approval_case import commands as c
from domain.approval_case import facts as cf
from domain.approval_case.words import Material
from domain.bundle import facts as f
from domain.bundle.commands import NotePart
from domain.bundle.words import PartOutcome
from domain.kernel.licensing import Validity
from domain.kernel.words import Matter
from domain.policies.open_the_parts_when_a_stage_opens import OpenThePartsWhenAStageOpens
from domain.policies.tell_the_bundle_how_a_part_ended import TellTheBundleHowAPartEnded
from tests.domain.case_file import decision
from tests.domain.chains import BUNDLE, FOOD, HYGIENE, SUBMIT, case_of
from tests.domain.test_bundle import WITHDRAW, opened
from tests.specification import APPLICANT, HOLDER, MONDAY, OTHER_CASE, SHOP, given, said

OPEN = OpenThePartsWhenAStageOpens()


def the_stage() -> f.StageOpened:
    stage = opened().facts[1]
    assert isinstance(stage, f.StageOpened)
    return stage


def test_each_part_of_a_stage_becomes_a_case_with_the_shared_materials_by_digest():
    asked = given(OPEN).when(the_stage(), stream=BUNDLE).commands
    assert [type(one) for one in asked] == [c.SubmitApplication] * 3
    assert asked[0] == c.SubmitApplication(
        case_no="YJS-0001-FOOD", opened_on=MONDAY.date(), item="ITEM-FOOD", subject=HOLDER, site=SHOP,
        materials=tuple(Material(name=m.name, digest=m.digest) for m in SUBMIT.materials[:2]), bundle_id=BUNDLE,
    )  # fmt: skip
    assert asked[0].stream == case_of("FOOD")


def test_the_case_of_a_part_is_opened_in_the_name_of_the_organ_that_handles_it():
    stage = said(the_stage(), stream=BUNDLE, version=2)
    orders = OPEN.orders_for(stage, MONDAY)
    assert [order.by.on_behalf_of for order in orders] == [one.organ.code for one in stage.parts]  # type: ignore[attr-defined]
    assert orders[1].by.on_behalf_of == HYGIENE.organ.code != FOOD.organ.code
    assert {order.correlation_id for order in orders} == {str(BUNDLE)}


def test_withdrawing_the_bundle_withdraws_its_undecided_cases():
    (withdrawn,) = opened().and_when(WITHDRAW, by=APPLICANT).facts
    given(OPEN).when(withdrawn, stream=BUNDLE).then(
        *(c.WithdrawApplication(case_id=case_of(part), reason="不开了") for part in ("FOOD", "HYG", "SIGN"))
    )


@dataclass
class OneBundle:
    def bundle_of(self, case_id: UUID) -> UUID | None:
        return BUNDLE if case_id == case_of("FOOD") else None


TELL = TellTheBundleHowAPartEnded(OneBundle())
LONG = "不符合本事项规定的许可条件"


@pytest.mark.parametrize(
    ("fact", "outcome", "reason"),
    [
        (cf.CaseWithdrawn(reason="不办了"), PartOutcome.WITHDRAWN, "不办了"),
        (cf.CaseTerminated(ground="主体注销"), PartOutcome.TERMINATED, "主体注销"),
        (cf.AcceptanceRefused(reason=LONG, redirect_to="市场监管局", remedy_notice="可复议"), PartOutcome.NOT_ACCEPTED, LONG),
        (cf.PermitNotRequired(reason="不需许可"), PartOutcome.NOT_REQUIRED, "不需许可"),
    ],
)
def test_however_a_part_ends_its_bundle_is_told_with_the_reason(fact, outcome, reason):
    given(TELL).when(fact, stream=case_of("FOOD")).then(
        NotePart(bundle_id=BUNDLE, case_id=case_of("FOOD"), outcome=outcome, reason=reason)
    )
    given(TELL).when(fact, stream=OTHER_CASE).nothing()


def test_a_correction_that_never_came_ends_the_part_too():
    (asked,) = given(TELL).when(cf.CorrectionLapsed(), stream=case_of("FOOD")).commands
    assert isinstance(asked, NotePart)
    assert asked.outcome is PartOutcome.TERMINATED


def test_a_part_that_silence_granted_is_granted():
    silent = cf.RenewalDeemedGranted(
        **decision(matter=Matter.RENEWAL), content="视为准予延续", expired_on=MONDAY.date(),
        validity=Validity(valid_from=MONDAY.date()),
    )  # fmt: skip
    given(TELL).when(silent, stream=case_of("FOOD")).then(
        NotePart(bundle_id=BUNDLE, case_id=case_of("FOOD"), outcome=PartOutcome.GRANTED)
    )
