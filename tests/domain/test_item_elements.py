"""事项全要素: which elements an entry must bring, and what it may not say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.kernel.words import CaseKind, ExerciseLevel, TolerableMaterial
from domain.rules.loader import practice
from domain.service_item import ItemVersionPublished, PromiseLongerThanLaw, item
from domain.service_item import refusals as r
from domain.service_item.elements import ItemElements, LimitSaid, elements_of, missing, titled
from tests.domain.entry import CODE, MANDATORY, elements, publishing
from tests.specification import FIRE, HEALTH, STEWARD, given

TEN = {
    "identity.name", "identity.basic_code", "identity.item_type", "identity.legal_basis", "identity.duty",
    "identity.duty_basis", "clock.promised_limit", "conditions.acceptance_conditions", "conditions.flow", "materials",
}  # fmt: skip


def without(path: str) -> ItemElements:
    """The whole entry with one element left out."""
    group, _, name = path.partition(".")
    if not name:
        return elements(**{group: None})
    blank = ItemElements().model_dump()[group][name]
    return elements(**{f"{group}__{name}": blank})


def demanding(monkeypatch: pytest.MonkeyPatch, choice: str) -> None:
    chosen = replace(practice("catalogue_completeness", on=date(2026, 3, 2)), value=choice)
    monkeypatch.setattr(item, "practice", lambda key, *, on: chosen)


def test_ten_elements_are_marked_to_be_the_same_at_all_levels():
    assert {path for path, element in elements_of().items() if element.ten} == TEN


def test_a_whole_entry_lacks_nothing_and_is_published_with_all_it_says():
    assert missing(elements()) == ()
    decided = given().when(publishing(), by=STEWARD).then(ItemVersionPublished)
    [fact] = decided.facts
    assert isinstance(fact, ItemVersionPublished)
    assert fact.elements == elements()
    assert fact.changes == ()


@pytest.mark.parametrize("path", MANDATORY)
def test_an_entry_that_brings_elements_must_bring_every_mandatory_one(path: str):
    lacking = without(path)
    assert missing(lacking) == (path,)
    refusal = given().when(publishing(lacking), by=STEWARD).refused(r.ElementsMissing, item=CODE)
    assert titled(path) in refusal.told("zh")


@pytest.mark.parametrize("part", ["necessity", "source", "basis"])
def test_a_material_must_say_whether_it_is_needed_whence_it_comes_and_why(part: str):
    told = {"name": "申请书", "necessity": "required", "source": "applicant", "basis": "办法第十条"} | {part: None}
    lacking = elements(materials=[told])
    assert missing(lacking) == (f"materials.申请书.{part}",)
    assert "申请书" in titled(missing(lacking)[0])


def test_that_no_material_and_no_special_procedure_is_needed_can_be_said():
    assert missing(elements(materials=[], clock__special_procedures=[])) == ()


def test_a_slim_entry_lacks_every_mandatory_element_and_is_published_all_the_same():
    assert missing(None) == MANDATORY
    given().when(publishing().model_copy(update={"elements": None}), by=STEWARD).then(ItemVersionPublished)


def test_where_practice_demands_it_a_slim_entry_is_refused(monkeypatch):
    demanding(monkeypatch, "every")
    given().when(publishing().model_copy(update={"elements": None}), by=STEWARD).refused(r.ElementsMissing)
    given().when(publishing(), by=STEWARD).then(ItemVersionPublished)


def test_where_practice_demands_nothing_a_half_filled_entry_is_published(monkeypatch):
    demanding(monkeypatch, "off")
    given().when(publishing(without("service.place")), by=STEWARD).then(ItemVersionPublished)


def test_a_material_is_named_once():
    twice = {"name": "申请书", "necessity": "required", "source": "applicant", "basis": "办法"}
    with pytest.raises(ValueError, match="申请书"):
        elements(materials=[twice, twice])


DAYS_20 = LimitSaid(value=20)
INSTANT = {"kind": CaseKind.INSTANT, "promised_days": 0}
FREE = {"name": "工本费", "standard": "10 元/证"}


@pytest.mark.parametrize(
    ("said", "more", "refusal"),
    [
        ({"clock__promised_limit": {"value": 21}, "clock__stage_quotas": []}, {"promised_days": 21},
         PromiseLongerThanLaw),
        ({"clock__stage_quotas": [{"stage": "受理", "days": 3}, {"stage": "审查", "days": 8}]}, {},
         r.StageQuotasExceedPromise),
        ({"clock__case_kind": "1"}, {"kind": CaseKind.INSTANT}, r.InstantPromisesDays),
        ({"fee__is_charged": True, "fee__fee_items": [FREE]}, {}, r.FeeWithoutBasis),
        ({"fee__is_charged": True}, {}, r.FeeWithoutBasis),
        ({"intermediary": [{"name": "环境影响评价"}]}, {}, r.IntermediaryWithoutBasis),
        ({"clock__special_procedures": [{"kind": "meeting", "basis": "惯例"}]}, {}, r.NoSuchSpecialProcedure),
        ({"conditions__tolerance": {"allowed": True, "days": 11}}, {"tolerance_allowed": True},
         r.ToleranceLongerThanPromise),
        ({"materials": [{"name": "章程", "necessity": "conditional", "source": "applicant", "basis": "办法",
                         "tolerable": True, "tolerance_days": 11}]}, {}, r.ToleranceLongerThanPromise),
        ({"identity__name": "食品销售许可"}, {}, r.ElementsContradictTerms),
        ({"clock__promised_limit": {"value": 9}, "clock__stage_quotas": []}, {}, r.ElementsContradictTerms),
        ({"clock__statutory_limit": {"value": 30}}, {"statutory_days": 20}, r.ElementsContradictTerms),
        ({"conditions__single_officer": True}, {"single_officer": False}, r.ElementsContradictTerms),
        ({"conditions__commitment": {"allowed": True}}, {"commitment_allowed": False}, r.ElementsContradictTerms),
        ({"body__regulators": [FIRE.model_dump()]}, {}, r.ElementsContradictTerms),
        ({"body__co_handling_bodies": [HEALTH.model_dump()]}, {"consult": (FIRE,)}, r.ElementsContradictTerms),
        ({}, {"materials": ("申请书",)}, r.ElementsContradictTerms),
        ({"clock__promised_limit": {"value": 2, "unit": "months"}, "clock__stage_quotas": []},
         {"promised_days": 2, "promised_unit": "months"}, PromiseLongerThanLaw),
        ({}, {"organ": FIRE}, r.ElementsContradictTerms),
        ({"identity__basic_code": "370117003001"}, {}, r.CodesDisagree),
        ({"identity__item_type": "07"}, {}, r.CodesDisagree),
        ({"identity__implementation_code": "11371500MB2862819G3370117002011"}, {}, r.CodesDisagree),
    ],
    ids=[
        "promised longer than the law gives", "stages take more than the promise", "on the spot, but with days",
        "a fee without a basis", "charged, but nobody says for what", "an intermediary nobody may demand",
        "a pause the law does not know", "tolerance longer than the promise", "a material tolerated for too long",
        "another name", "another promise", "another statute", "another number of officers", "another commitment",
        "other regulators", "other bodies to consult", "other materials", "two months where the law gives twenty days",
        "another organ", "another basic code", "another type",
        "another implementation code",
    ],
)  # fmt: skip
def test_an_entry_that_says_what_may_not_be_is_refused(said, more, refusal):
    given().when(publishing(elements(**said), **more), by=STEWARD).refused(refusal)


def test_what_is_on_the_spot_and_what_rests_on_a_basis_is_published():
    lawful = elements(
        clock__case_kind="1", clock__promised_limit={"value": 0}, clock__stage_quotas=[],
        fee={"is_charged": True, "fee_items": [FREE | {"basis": "行政事业性收费标准管理办法"}]},
        intermediary=[{"name": "检验检测", "basis": "食品安全法第八十四条"}],
        clock__special_procedures=[{"kind": "hearing", "basis": "行政许可法第四十六条", "max_days": 20}],
    )  # fmt: skip
    given().when(publishing(lawful, **INSTANT), by=STEWARD).then(ItemVersionPublished)


def test_what_an_entry_says_of_handling_need_not_be_said_again_and_is_what_cases_run_on():
    told = elements(
        conditions__tolerance={"allowed": True, "days": 5}, conditions__commitment={"allowed": True, "check_days": 60},
        body__co_handling_bodies=[FIRE.model_dump(), HEALTH.model_dump() | {"part": "inspect"}],
        materials=[{"name": "章程", "necessity": "conditional", "source": "applicant", "basis": "办法", "tolerable": True}],
        result={"result_kind": "证照", "annual_check": True, "renewal_days": 30},
    )  # fmt: skip
    [fact] = given().when(publishing(told), by=STEWARD).facts
    assert isinstance(fact, ItemVersionPublished)
    terms = fact.terms
    assert (terms.consult, terms.inspect) == ((FIRE,), (HEALTH,))
    assert (terms.materials, terms.tolerable) == (("章程",), (TolerableMaterial(name="章程", days=5),))
    assert (terms.tolerance_allowed, terms.commitment_days, terms.annual_check, terms.renewal_days) == (
        True, 60, True, 30,
    )  # fmt: skip
    assert (terms.level, terms.special_procedures) == (ExerciseLevel.CITY, ())
    assert terms.organ is not None
    assert terms.organ.code == "11371500MB2862819G"


def test_limits_in_different_units_are_compared_by_the_days_on_which_they_end():
    month = elements(clock__promised_limit={"value": 1, "unit": "months"}, clock__stage_quotas=[])
    longer = {"promised_days": 1, "promised_unit": "months", "effective_from": "2026-03-02"}
    given().when(publishing(month, **longer, statutory_days=22), by=STEWARD).refused(r.ElementsContradictTerms)
    statute = elements(
        clock__promised_limit={"value": 1, "unit": "months"}, clock__stage_quotas=[],
        clock__statutory_limit={"value": 23},
    )  # fmt: skip
    given().when(publishing(statute, **longer), by=STEWARD).then(ItemVersionPublished)
    shorter = statute.model_copy(update={"clock": statute.clock.model_copy(update={"statutory_limit": DAYS_20})})
    given().when(publishing(shorter, **longer), by=STEWARD).refused(PromiseLongerThanLaw, statutory=20)


def test_a_fee_that_is_not_charged_needs_no_basis():
    told = elements(fee={"is_charged": False, "fee_items": [FREE]})
    given().when(publishing(told), by=STEWARD).then(ItemVersionPublished)


def test_an_entry_keeps_its_basic_code_through_all_versions():
    first = given().when(publishing(scheme="other"), by=STEWARD)
    other = publishing(elements(identity__basic_code="370117003001"), scheme="other", effective_from="2026-06-01")
    first.and_when(other, by=STEWARD).refused(r.BasicCodeIsFixed, known="370117003000")
