"""链条模板: published like items, two hundred and one of them as data."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from domain.chain_template import (
    ChainMalformed,
    ChainPublished,
    ChainRetired,
    ChainTemplate,
    ChainVersionsMayNotOverlap,
    CompositeNotNamed,
    PublishChain,
    RetireChain,
    RetiredChain,
    UnknownChain,
)
from domain.kernel.aggregate import replay
from domain.kernel.bundles import ChainKind, SharedMaterial, Stage, chain_stream
from domain.kernel.refusal import RoleMayNot
from domain.service_item import RetiredItem, UnknownItem
from tests.domain.chains import FOOD, HYGIENE, TEMPLATES, TERMS, Sights, item_terms, items, templates
from tests.specification import EXAMINER, STEWARD, catalogue, given

PUBLISH = PublishChain(
    chain="RESTAURANT", name=TERMS.name, kind=TERMS.kind, lead=TERMS.lead, stages=TERMS.stages,
    materials=TERMS.materials, composite=TERMS.composite, effective_from=date(2026, 1, 1),
    legal_basis="国办发〔2023〕29号",
)  # fmt: skip
PUBLISHED = ChainPublished(
    terms=TERMS, effective_from=date(2026, 1, 1), legal_basis="国办发〔2023〕29号", reason="首次发布"
)
LATER = PUBLISH.model_copy(update={"effective_from": date(2026, 6, 1), "reason": "调整"})
SIGHTS = Sights()


def test_a_steward_publishes_a_template_whose_items_are_in_force():
    given(look=SIGHTS).when(PUBLISH, by=STEWARD).then(PUBLISHED)
    given(look=SIGHTS).when(PUBLISH, by=EXAMINER).refused(RoleMayNot)
    assert (PUBLISHED.stage_count, PUBLISHED.part_count, PUBLISHED.number) == (2, 4, 1)


def test_a_template_that_names_an_unknown_or_retired_item_is_not_published():
    given(look=catalogue()).when(PUBLISH, by=STEWARD).refused(UnknownItem)
    given(look=Sights(retired=frozenset({"ITEM-HYG"}))).when(PUBLISH, by=STEWARD).refused(RetiredItem)


def test_the_same_publication_again_changes_nothing_and_versions_never_overlap():
    given(PUBLISHED, look=SIGHTS).when(PUBLISH, by=STEWARD).nothing()
    other = PUBLISH.model_copy(update={"composite": "另一综合许可证"})
    given(PUBLISHED, look=SIGHTS).when(other, by=STEWARD).refused(ChainVersionsMayNotOverlap)
    (second,) = given(PUBLISHED, look=SIGHTS).when(LATER, by=STEWARD).facts
    assert second.terms.version == 2  # type: ignore[attr-defined]


def test_one_license_for_one_line_of_business_must_name_the_license():
    given(look=SIGHTS).when(PUBLISH.model_copy(update={"composite": None}), by=STEWARD).refused(CompositeNotNamed)


def test_no_part_and_no_material_is_named_twice_and_no_material_goes_nowhere():
    twice = PUBLISH.model_copy(update={"stages": (Stage(name="一", parts=(FOOD, HYGIENE)), Stage(name="二", parts=(FOOD,)))})
    stray = PUBLISH.model_copy(update={"materials": (SharedMaterial(name="图纸", parts=("NONE",)),)})
    same = PUBLISH.model_copy(update={"materials": (SharedMaterial(name="图纸"), SharedMaterial(name="图纸"))})
    for command in (twice, stray, same):
        given(look=SIGHTS).when(command, by=STEWARD).refused(ChainMalformed)
    with pytest.raises(ValidationError):
        Stage(name="空", parts=())


def test_a_template_is_retired_from_a_day_on_and_a_later_version_begins_anew():
    retire = RetireChain(chain="RESTAURANT", effective_on=date(2026, 5, 1), reason="整合")
    retired = ChainRetired(chain="RESTAURANT", effective_on=date(2026, 5, 1), reason="整合")
    given(PUBLISHED, look=SIGHTS).when(retire, by=STEWARD).then(retired).and_when(retire, by=STEWARD).nothing()
    given().when(retire, by=STEWARD).refused(UnknownChain)
    (again,) = given(PUBLISHED, retired, look=SIGHTS).when(LATER, by=STEWARD).facts
    template = replay(ChainTemplate, chain_stream("RESTAURANT"), (PUBLISHED, retired, again))
    assert template.terms_on("RESTAURANT", date(2026, 4, 30)).version == 1
    assert template.terms_on("RESTAURANT", date(2026, 6, 1)).version == 2
    with pytest.raises(RetiredChain):
        template.terms_on("RESTAURANT", date(2026, 5, 1))
    with pytest.raises(UnknownChain):
        template.terms_on("RESTAURANT", date(2025, 12, 31))


def test_two_hundred_and_one_templates_of_every_kind_are_published():
    look = catalogue(*(item_terms(item) for item in items()))
    made = list(templates())
    assert made == list(templates())
    assert len({one.chain for one in made}) == TEMPLATES == 201
    assert {one.kind for one in made} == set(ChainKind)
    for command in made:
        given(look=look).when(command, by=STEWARD).then(ChainPublished)
