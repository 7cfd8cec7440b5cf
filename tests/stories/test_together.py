"""Disagreement, re-inspection and joint drawing review: what the stories tell is what the platform did."""

from __future__ import annotations

from typing import Any

from tests.stories.conftest import Played


def of(told: dict[str, Any], *beginnings: str) -> list[str]:
    return [event for event in told["events"] if event.startswith(beginnings)]


def lines(told: dict[str, Any], *words: str) -> list[str]:
    return [line for line in told["timeline"] if all(word in line for word in words)]


async def test_bodies_that_disagree_meet_and_the_decision_cites_each_opinion_before_it_is_pushed(played: Played):
    told = await played("consultation_split")
    assert of(told, "consultation.") == [
        "consultation.requested", "consultation.invited", "consultation.invited", "consultation.opinion_filed",
        "consultation.opinion_filed", "consultation.escalated", "consultation.concluded_by_conference",
    ]  # fmt: skip
    assert of(told, "case.consultation", "case.decision") == [
        "case.consultation_required", "case.consultation_noted", "case.decision_granted",
    ]  # fmt: skip
    assert told["pushes"] == 1
    assert told["events"].index("case.decision_granted") < told["events"].index("push.dispatched")
    (decision,) = lines(told, "准予", "会商意见采纳情况")
    assert "部分采纳" in decision
    assert "opinions used" in decision
    assert len(lines(told, "意见不一致", "split")) == 1


async def test_a_site_that_was_mended_is_looked_at_again_and_the_case_hears_of_it_once(played: Played):
    told = await played("inspection_repeated")
    assert of(told, "inspection.") == [
        "inspection.planned", "inspection.invited", "inspection.invited", "inspection.slots_proposed",
        "inspection.slots_answered", "inspection.slot_fixed", "inspection.checked_in", "inspection.checked_in",
        "inspection.finding_recorded", "inspection.finding_recorded", "inspection.rectification_notice_issued",
        "inspection.rectification_reported", "inspection.planned", "inspection.invited", "inspection.checked_in",
        "inspection.finding_recorded", "inspection.concluded", "inspection.reinspection_noted", "inspection.concluded",
    ]  # fmt: skip
    assert of(told, "case.inspection", "case.decision") == ["case.inspection_noted", "case.decision_granted"]
    assert told["pushes"] == 1
    assert len(lines(told, "第 1 次复核", "re-inspection 1")) >= 3
    assert len(lines(told, "在约定时段内:是")) == 3


async def test_drawings_are_reviewed_by_discipline_commented_on_once_and_reviewed_again(played: Played):
    told = await played("drawings_reviewed_jointly")
    assert of(told, "inspection.") == [
        "inspection.planned", "inspection.invited", "inspection.invited", "inspection.drawings_submitted",
        "inspection.disciplines_assigned", "inspection.drawing_reviewed", "inspection.drawing_reviewed",
        "inspection.drawing_reviewed", "inspection.rectification_notice_issued", "inspection.rectification_reported",
        "inspection.planned", "inspection.invited", "inspection.invited", "inspection.drawing_reviewed",
        "inspection.drawing_reviewed", "inspection.concluded", "inspection.reinspection_noted", "inspection.concluded",
    ]  # fmt: skip
    assert told["pushes"] == 1
    (notice,) = lines(told, "二层疏散距离超限", "后厨排风量不足", "一次性书面告知")
    assert "消防救援支队(消防)" in notice
    assert lines(told, "联合审图结果入卷", "joint drawing review")
    assert not lines(told, "联合踏勘")
