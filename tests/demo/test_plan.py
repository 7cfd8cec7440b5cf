"""The plan of the story: the shape of 聊城, exact numbers, valid identifiers, nothing filled in afterwards."""

from __future__ import annotations

from datetime import datetime

import pytest

from domain.rules.dates import business_date
from domain.rules.identifiers import CHECKS, check_item, check_uscc
from domain.rules.loader import threshold
from domain.rules.working_days import working_calendar
from interfaces.cli.demo.city import AUTHORITIES, city_items, county_items, items, subscriptions
from interfaces.cli.demo.plan import Plan, Size, Turn, Way, last_office_hours
from interfaces.cli.demo.systems import steps_of


def test_the_city_has_the_shape_of_the_real_one():
    assert (len(city_items()), len(county_items())) == (275, 4_408)
    assert len({item.item for item in items()}) == 4_683
    assert len([a for a in AUTHORITIES if a.region is None]) == 19
    assert len([a for a in AUTHORITIES if a.region is not None]) == 8


def test_every_item_code_is_valid_and_every_item_has_a_regulator():
    assert [i.item for i in items() if not check_item(i.item, scheme="national").valid or not i.regulators] == []


def test_each_contract_covers_exactly_the_items_that_name_its_regulator():
    covered = {(s.terms.regulator.code, item) for s in subscriptions() for item in s.terms.items}
    assert covered == {(r.code, i.item) for i in items() for r in i.regulators}


@pytest.mark.parametrize(
    ("size", "numbers"),
    [
        (Size.of(), (3_180, 3, 13)),
        (Size.of("liaocheng"), (31_803, 11, 127)),
        (Size.of(pushes=60), (60, 3, 2)),
    ],
)
def test_a_plan_leads_to_its_pushes_consultations_and_visits_exactly(size: Size, numbers: tuple[int, int, int]):
    plan = Plan(size)
    assert (size.pushes, size.consultations, size.inspections) == numbers
    # One push is returned and sent once more.
    assert sum(case.pushes for case in plan.cases) == size.pushes - 1
    assert len([c for c in plan.cases if c.item.consult and c.way is Way.PLATFORM]) == size.consultations - 1
    assert len(plan.visits) == size.inspections
    assert set(plan.visits.values()) <= {2, 3}


def test_about_an_eighth_of_the_cases_is_handled_in_the_platform():
    plan = Plan(Size.of())
    assert 0.11 < len(plan.of(Way.PLATFORM)) / len(plan.cases) < 0.13


def test_every_special_turn_is_in_the_smallest_story():
    assert {case.turn for case in Plan(Size.of(pushes=60)).cases} == set(Turn)


def test_the_same_plan_is_cast_again():
    assert Plan(Size.of(pushes=60)).cases == Plan(Size.of(pushes=60)).cases


def test_case_numbers_and_bodies_are_valid():
    plan = Plan(Size.of(pushes=200))
    day = datetime(2026, 3, 2).date()
    assert all(CHECKS["case_no"](case.case_no(day), None).valid for case in plan.cases)
    assert len({case.case_no(day) for case in plan.cases}) == len(plan.cases)
    bodies = [c.subject for c in plan.cases if c.subject.kind.value == "enterprise"]
    assert all(check_uscc(subject.identifier).valid for subject in bodies)


@pytest.mark.parametrize(
    "now", ["2026-03-02T09:00", "2026-03-03T03:00", "2026-03-03T11:30", "2026-03-04T23:59", "2026-03-08T12:00"]
)
def test_reported_steps_lie_in_the_last_office_hours_and_count_as_in_time(now: str):
    at = datetime.fromisoformat(now + "+08:00")
    times = last_office_hours(at, 6)
    allowed = threshold("R09", on=business_date(at))["lag"]
    assert times == sorted(times)
    assert times[-1] <= at
    assert all(working_calendar().used(business_date(time), business_date(at)) <= allowed for time in times)


def test_only_the_irregular_cases_are_reported_irregularly():
    plan, now = Plan(Size.of(pushes=60)), datetime.fromisoformat("2026-03-02T14:00+08:00")
    same = {c.turn for c in plan.cases if (s := steps_of(c, "system", now))[2]["officer"] == s[4]["officer"]}
    assert same == {Turn.SAME_OFFICER_DID}
