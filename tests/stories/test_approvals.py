"""Approved before the last material, and by a machine: what the stories tell is what the platform did."""

from __future__ import annotations

from tests.stories.conftest import Played


async def test_a_provisional_opinion_is_never_pushed_and_becomes_the_decision_by_one_event(played: Played):
    told = await played("provisional_approval")
    events = [e for e in told["events"] if e.startswith(("case.", "push."))]
    assert events == [
        "case.application_submitted", "case.material_received", "case.provisionally_accepted",
        "case.provisionally_examined", "case.provisional_opinion_issued", "case.outstanding_supplied",
        "case.application_accepted", "case.decision_granted", "push.dispatched",
    ]  # fmt: skip
    assert told["pushes"] == 1
    assert any("本意见不是行政许可决定" in line for line in told["timeline"])


async def test_a_machine_grants_what_the_rules_say_and_hands_the_rest_to_a_person(played: Played):
    told = await played("machine_decision")
    events = [e for e in told["events"] if e.startswith("case.")]
    assert events == [
        "case.application_submitted", "case.material_received", "case.application_accepted", "case.assigned",
        "case.checked_by_machine", "case.examination_opinion_recorded", "case.decision_granted",
        "case.application_submitted", "case.material_received", "case.handed_to_officer",
    ]  # fmt: skip
    assert told["pushes"] == 1
    assert len(told["cases"]) == 2
