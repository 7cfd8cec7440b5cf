"""In which of the ten elements do the levels of a city say an item differently?"""

from __future__ import annotations

from datetime import date
from typing import Any

from world import World

from domain.service_item import RetireItem
from projections import catalogue_drift
from projections.catalogue_drift import CatalogueDrift, DriftCount
from tests.domain.entry import elements, publishing
from tests.specification import STEWARD

BASIC = "370117003000"
CITY, COUNTY, TOWN, ELSEWHERE = "371500", "371502", "371502102", "370102"
NAMES = {CITY: "市审批局", COUNTY: "区审批局", TOWN: "镇为民服务中心", ELSEWHERE: "另一市审批局"}
LEVELS = {CITY: "3", COUNTY: "4", TOWN: "5", ELSEWHERE: "3"}


def entry(world: World, region: str, *, basic: str = BASIC, since: str = "2026-01-01", **said: Any) -> str:
    code = f"{basic}-{region}"
    told = elements(**{
        "identity__basic_code": basic, "identity__implementation_code": code, "body__region": region,
        "body__exercise_level": LEVELS[region], "body__implementing_body": NAMES[region],
        "body__implementing_body_code": f"ORGAN-{region}",
    } | said)  # fmt: skip
    assert told.clock.promised_limit is not None
    more = {"promised_days": told.clock.promised_limit.value, "effective_from": since, "name": told.identity.name}
    world.do(publishing(told, item=code, scheme="other", **more), by=STEWARD)
    return code


FASTER = {"clock__promised_limit": {"value": 8}, "clock__stage_quotas": []}


def found(world: World, **asked: Any) -> list[tuple[str, list[str]]]:
    page = catalogue_drift.drift(world.folded(CatalogueDrift).read, **asked)
    return [(row.organ_name, row.differing_zh) for row in page.rows]


def test_an_entry_that_says_an_element_otherwise_than_its_city_is_reported_with_what_differs(world: World) -> None:
    entry(world, CITY)
    entry(world, COUNTY, **FASTER)
    entry(world, TOWN, conditions__flow=[{"stage": "受理"}], identity__name="食品经营许可(镇)")
    assert found(world) == [("区审批局", ["承诺办结时限"]), ("镇为民服务中心", ["办事流程", "事项名称"])]
    page = catalogue_drift.drift(world.read)
    assert {row.reference_organ for row in page.rows} == {"市审批局"}


def test_an_entry_that_agrees_in_all_ten_is_not_reported_though_its_place_and_channels_are_its_own(world: World) -> None:
    entry(world, CITY)
    entry(world, COUNTY, service__place="区政务服务中心", service__consult_channel="0635-0000000")
    assert found(world) == []
    assert found(world, everything=True) == [("区审批局", [])]


def test_two_cities_may_differ_and_an_entry_without_one_of_its_city_is_shown_as_such(world: World) -> None:
    entry(world, ELSEWHERE, **FASTER)
    entry(world, COUNTY)
    assert found(world) == []
    [alone] = [row for row in catalogue_drift.drift(world.read, everything=True).rows if row.city == "3715"]
    assert (alone.reference, alone.differing) == (None, [])
    assert catalogue_drift.count(world.read) == DriftCount(compared=0, differing=0, without_reference=1)


def test_once_a_county_says_what_its_city_says_the_report_is_empty(world: World) -> None:
    entry(world, CITY)
    entry(world, COUNTY, **FASTER)
    assert len(found(world)) == 1
    assert catalogue_drift.count(world.read) == DriftCount(compared=1, differing=1, without_reference=0)
    entry(world, COUNTY, since="2026-06-01")
    assert found(world) == []


def test_a_retired_entry_is_neither_reported_nor_held_against(world: World) -> None:
    city, county = entry(world, CITY), entry(world, COUNTY, **FASTER)
    world.do(RetireItem(item=county, effective_on=date(2026, 6, 1), reason="取消"), by=STEWARD)
    assert found(world) == []
    entry(world, TOWN, **FASTER)
    world.do(RetireItem(item=city, effective_on=date(2026, 6, 1), reason="取消"), by=STEWARD)
    assert found(world) == []


def test_the_report_is_asked_by_basic_code_organ_and_city_and_paged(world: World) -> None:
    for basic in (BASIC, "370117004000"):
        entry(world, CITY, basic=basic)
        entry(world, COUNTY, basic=basic, **FASTER)
        entry(world, TOWN, basic=basic, **FASTER)
    assert len(found(world)) == 4
    assert len(found(world, basic_code=BASIC)) == 2
    assert len(found(world, organ=f"ORGAN-{TOWN}")) == 2
    assert found(world, city="3701") == []
    first = catalogue_drift.drift(world.read, limit=3)
    rest = catalogue_drift.drift(world.read, limit=3, cursor=first.next)
    assert [row.basic_code for row in first.rows + rest.rows] == [BASIC, BASIC, "370117004000", "370117004000"]


def test_a_slim_entry_is_held_against_nothing(world: World) -> None:
    entry(world, CITY)
    slim = publishing(item="S-1", scheme="other", elements=elements(identity__implementation_code="S-1"))
    world.do(slim.model_copy(update={"elements": None}), by=STEWARD)
    assert found(world, everything=True) == []
