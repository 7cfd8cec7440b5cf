"""The simulated offices: what an authority answers, given what it received and the time of the story."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.kernel.command import COMMANDS
from interfaces.cli.demo.city import AUTHORITY
from interfaces.cli.demo.offices import REPORTED_BY, Gathering, Office, Reply
from interfaces.cli.demo.plan import BEGINS, SLOW, Finding, Plan, Size, Turn

PLAN = Plan(Size.of(pushes=60))
NOW = BEGINS + timedelta(hours=2)
CASE = "07ea0000-0000-8000-8000-000000000001"
PUSH = "07ea0000-0000-8000-8000-000000000002"
VISIT = "07ea0000-0000-8000-8000-000000000003"


def office(code: str, gathering: Gathering | None = None) -> Office:
    return Office(AUTHORITY[code], PLAN, gathering or Gathering(PLAN))


def a_push(**content: Any) -> dict[str, Any]:
    subject = content.pop("subject", {"kind": "enterprise", "identifier": "SUBJECT", "name": "某公司"})
    return {
        "push_id": PUSH, "case_id": CASE, "claim_mode": "explicit",
        "content": {"subject": subject, "case_no": "CASE-1", **content},
    }  # fmt: skip


def commands(replies: list[Reply]) -> list[str]:
    return [reply.command for reply in replies]


def test_a_push_is_acknowledged_and_then_claimed_by_a_named_officer():
    replies = office("water").take("push.dispatched", a_push(), NOW)
    assert commands(replies)[:2] == ["push.acknowledge", "push.claim"]
    assert NOW < replies[0].at < replies[1].at
    assert replies[1].body is not None
    assert replies[1].body["officer"]


def test_where_the_signature_is_the_claim_nothing_is_claimed_beside_it():
    replies = office("gaotang").take("push.dispatched", a_push() | {"claim_mode": "signature"}, NOW)
    assert "push.claim" not in commands(replies)


def test_the_slow_regulator_answers_only_when_it_is_escalated():
    slow = office(SLOW)
    assert slow.take("push.dispatched", a_push(), NOW) == []
    reminded = slow.take("push.reminded", {"push_id": PUSH, "case_id": CASE, "overdue": "acknowledged"}, NOW)
    assert commands(reminded) == ["push.acknowledge"]
    woken = slow.take("push.escalated", {"push_id": PUSH, "case_id": CASE}, NOW)
    assert "push.claim" in commands(woken)
    assert commands(slow.take("push.dispatched", a_push(), NOW))[0] == "push.acknowledge"


def test_a_push_that_belongs_to_somebody_else_is_returned_with_a_reason():
    returned = PLAN.one(Turn.RETURNED)
    code = returned.item.regulators[0].code
    replies = office(code).take("push.dispatched", a_push(subject=returned.subject.model_dump(mode="json")), NOW)
    assert commands(replies) == ["push.return"]


def an_invitation(cases: int, place: str, lead: str = "water") -> dict[str, Any]:
    return {
        "round": 0, "inspection_id": VISIT, "case_id": CASE, "case_ids": [CASE] * cases, "lead": {"code": lead},
        "window": {"first": "2026-03-02", "last": "2026-03-16"}, "not_before": "2026-03-03",
        "site": {"address": "某园区", "place": place},
    }  # fmt: skip


def test_nobody_goes_to_a_place_before_every_case_that_waits_there_has_joined():
    place, needed = next((place, count) for place, count in PLAN.visits.items() if count > 1)
    gathering = Gathering(PLAN)
    office("water", gathering).take("inspection.invited", an_invitation(1, place), NOW)
    assert gathering.complete_since(VISIT) is None
    added = {"inspection_id": VISIT, "case_ids": [CASE] * needed}
    assert office("health", gathering).take("inspection.site_visit_added", added, NOW) == []
    assert gathering.complete_since(VISIT) == NOW


def test_results_are_signed_hours_after_the_lead_is_there_with_two_officers():
    replies = office("water").take("inspection.invited", an_invitation(9, "elsewhere"), NOW)
    check_in, result = replies[1], replies[2]
    assert commands(replies) == ["inspection.confirm_attendance", "inspection.check_in", "inspection.record_result"]
    assert check_in.body is not None
    assert len(set(check_in.body["officers"])) == 2
    assert check_in.at == datetime.fromisoformat("2026-03-03T09:30+08:00")
    assert result.after - check_in.after > timedelta(hours=5)


@pytest.mark.parametrize("which", list(Finding))
def test_every_finding_of_the_story_is_a_valid_command(which: Finding):
    reply = office(REPORTED_BY[which]).finding(which, NOW)
    assert reply.body is not None
    command = COMMANDS[reply.command].model_validate(dict(reply.body))
    assert command.NAME == "finding.report"


def test_what_an_office_does_not_know_it_only_enters_in_its_books():
    assert office("water").take("subscription.opened", {}, NOW) == []
