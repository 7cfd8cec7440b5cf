"""变更要素、多级十同: what a version changed, and in which of the ten elements two entries differ."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given as any_of
from hypothesis import settings
from hypothesis import strategies as st

from domain.service_item import ItemVersionPublished
from domain.service_item.comparing import (
    ElementChange,
    applied,
    canonical,
    changes,
    digest,
    said_by,
    ten_digests,
)
from domain.service_item.elements import elements_of
from tests.domain.entry import MARKET, elements, publishing
from tests.specification import FIRE, STEWARD, given

LATER = {"effective_from": "2026-06-01", "reason": "压缩时限"}
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab食品 ", max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=2), inner, max_size=3),
    max_leaves=12,
)
SAID = st.dictionaries(
    st.sampled_from([f"elements.{path}" for path in elements_of()]), PLAIN.map(canonical), max_size=12
)  # fmt: skip


def second(**said: Any) -> ItemVersionPublished:
    """The second version, which says something otherwise."""
    more = {name: said.pop(name) for name in ("promised_days", "regulators") if name in said}
    decided = given().when(publishing(), by=STEWARD).and_when(publishing(elements(**said), **LATER, **more), by=STEWARD)
    [fact] = decided.facts
    assert isinstance(fact, ItemVersionPublished)
    return fact


def test_a_version_after_the_first_states_which_elements_changed_from_what_to_what_and_why():
    quotas = [{"stage": "受理", "days": 1}, {"stage": "审查", "days": 6}]
    fact = second(clock__promised_limit={"value": 7}, clock__stage_quotas=quotas, promised_days=7)
    told = {change.path: (json.loads(change.old or "0"), json.loads(change.new or "0")) for change in fact.changes}
    assert set(told) == {"terms.promised_days", "elements.clock.promised_limit", "elements.clock.stage_quotas"}
    assert told["terms.promised_days"] == (10, 7)
    assert told["elements.clock.promised_limit"][1]["value"] == 7
    assert fact.reason == "压缩时限"
    assert "承诺办结时限、环节时限" in fact.telling("zh")
    assert "elements.clock.stage_quotas" in fact.telling("en")


def test_an_element_that_came_and_one_that_went_are_both_named():
    fact = second(body__handling_unit="审批二科", clock__stage_quotas=[])
    assert [(change.path, change.new is None or change.old is None) for change in fact.changes] == [
        ("elements.body.handling_unit", True), ("elements.clock.stage_quotas", False),
    ]  # fmt: skip


def test_other_regulators_are_a_change_of_what_cases_run_on_and_of_what_the_entry_says():
    fact = second(body__regulators=[MARKET.model_dump(), FIRE.model_dump()], regulators=[MARKET.model_dump(), FIRE.model_dump()])
    assert [change.path for change in fact.changes] == ["terms.regulators", "elements.body.regulators"]


@any_of(before=SAID, after=SAID)
def test_a_change_set_applied_to_the_version_before_gives_the_version_it_belongs_to(before, after):
    changed = changes(before, after)
    assert applied(before, changed) == after
    assert changes(after, after) == ()
    assert all(change.old != change.new for change in changed)


@settings(max_examples=30)
@any_of(
    days=st.integers(0, 10), unit=st.none() | st.text("科室一二", min_size=1, max_size=3), exempt=st.booleans(),
    names=st.lists(st.sampled_from(["申请书", "执照", "章程"]), unique=True),
)  # fmt: skip
def test_the_change_set_of_a_published_version_leads_from_the_one_before_to_it(days, unit, exempt, names):
    materials = [{"name": n, "necessity": "required", "source": "other", "basis": "办法"} for n in names]
    entry = elements(
        clock__promised_limit={"value": days}, clock__stage_quotas=[], body__handling_unit=unit, materials=materials,
        conditions__single_officer=exempt,
    )  # fmt: skip
    decided = given().when(publishing(), by=STEWARD)
    [first] = decided.facts
    [then] = decided.and_when(publishing(entry, promised_days=days, single_officer=exempt, **LATER), by=STEWARD).facts
    assert isinstance(first, ItemVersionPublished)
    assert isinstance(then, ItemVersionPublished)
    before, after = (said_by(f.terms, f.legal_basis, f.elements) for f in (first, then))
    assert applied(before, then.changes) == after


@any_of(PLAIN)
def test_the_order_in_which_keys_were_written_makes_no_difference(value):
    assert digest(turned(value)) == digest(value)


def turned(value: Any) -> Any:
    """The same value with every object written backwards."""
    if isinstance(value, dict):
        return {key: turned(one) for key, one in reversed(value.items())}
    return [turned(one) for one in value] if isinstance(value, list) else value


@any_of(PLAIN, PLAIN)
def test_two_values_have_one_digest_only_when_they_say_the_same(one, other):
    assert (digest(one) == digest(other)) is (canonical(one) == canonical(other))


def test_the_canonical_form_is_what_the_standard_for_canonical_json_writes():
    assert canonical({"b": [1, True, None], "a": ' "é" ', "c": None}) == '{"a":"\\"é\\"","b":[1,true,null]}'


def differing(**said: Any) -> set[str]:
    city, county = ten_digests(elements()), ten_digests(elements(**said))
    return {path for path in city if city[path] != county[path]}


def test_levels_that_list_the_same_conditions_in_another_order_say_the_same():
    assert differing(conditions__acceptance_conditions=[{"text": "有健康证明"}, {"text": "有固定经营场所"}]) == set()


def test_stages_in_another_order_are_another_flow():
    flow = [{"stage": "审查"}, {"stage": "受理", "role": "受理人员"}, {"stage": "决定"}]
    assert differing(conditions__flow=flow) == {"conditions.flow"}


def test_a_shorter_promise_another_material_and_a_missing_duty_are_seen_and_the_place_is_not():
    found = differing(
        clock__promised_limit={"value": 8}, clock__stage_quotas=[], materials=[], identity__duty=[],
        service__place="县政务服务中心",
    )  # fmt: skip
    assert found == {"clock.promised_limit", "materials", "identity.duty"}
    assert differing(clock__promised_limit={"value": 10, "note": "提速 50%"}) == set()


def test_a_change_says_its_chinese_name():
    assert ElementChange(path="elements.clock.promised_limit", new="1").title == "承诺办结时限"
    assert ElementChange(path="terms.regulators", new="1").title == "监管主体"
