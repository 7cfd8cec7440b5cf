"""The main road: what the first stories tell is what the platform did."""

from __future__ import annotations

from tests.stories.conftest import Played


async def test_a_decision_is_pushed_claimed_and_fed_back(played: Played):
    told = await played("decision_pushed")
    assert told["pushes"] == 1
    assert [e for e in told["events"] if not e.startswith("item.")] == [
        "case.application_submitted", "case.material_received", "case.application_accepted", "case.assigned",
        "case.examination_opinion_recorded", "case.decision_granted", "push.dispatched", "push.acknowledged",
        "push.claimed", "push.fed_back", "case.license_issued", "case.license_delivered", "case.decision_published",
        "case.concluded", "license.registered", "license.took_effect",
    ]  # fmt: skip


async def test_a_consultation_that_the_item_demands_comes_before_the_decision(played: Played):
    events = (await played("consultation_demanded"))["events"]
    assert events.index("consultation.concluded") < events.index("case.consultation_noted")
    assert events.index("case.consultation_noted") < events.index("case.decision_granted")


async def test_two_cases_at_one_place_become_one_inspection(played: Played):
    told = await played("sites_gathered")
    assert len(told["cases"]) == 2
    assert told["events"].count("inspection.planned") == 1
    assert told["events"].count("inspection.site_visit_added") == 1


async def test_a_finding_warns_the_running_case_of_the_holder(played: Played):
    events = (await played("holder_warned"))["events"]
    assert events.index("finding.reported") < events.index("case.finding_noted") < events.index("consultation.requested")
