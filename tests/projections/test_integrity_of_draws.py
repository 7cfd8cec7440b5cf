"""R17, R18, R19: what a draw of experts says by itself, each with what it leaves alone."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from test_expert_boards import PoolWorld
from test_integrity_board import flags, the_flag
from world import World

from domain.expert_draw import commands as c
from domain.expert_draw.words import RedrawReason
from domain.kernel.experts import TieKind
from tests.domain.experts import DRAW, REVIEW_ON, confirm, decline
from tests.specification import CASE, DECIDER, EXAMINER, MONDAY, WEDNESDAY


@pytest.fixture
def town(world: World) -> PoolWorld:
    made = PoolWorld(world)
    made.enroll(20)
    return made


@pytest.fixture
def draw_id(town: PoolWorld) -> UUID:
    return town.drawn()


def complete(world: World, town: PoolWorld, draw_id: UUID) -> list[str]:
    panel = town.panel(draw_id)
    for no in panel:
        world.do(confirm(no), by=EXAMINER)
    return panel


def recuse(expert_no: str) -> c.RecuseExpert:
    return c.RecuseExpert(
        draw_id=DRAW, expert_no=expert_no, tie=TieKind.CONSULTING, party="91371500MA3X00010C", explanation="曾任顾问"
    )


def test_r17_names_a_tie_that_came_to_light_only_within_the_review(world: World, town: PoolWorld, draw_id: UUID) -> None:
    panel = complete(world, town, draw_id)
    world.do(c.StartExpertReview(draw_id=draw_id), by=EXAMINER, at=WEDNESDAY)
    world.do(recuse(panel[0]), by=EXAMINER, at=WEDNESDAY)
    found = the_flag(world, "R17")
    assert (found.severity, found.code, found.case_id) == ("red", "expert_not_recused", CASE)
    assert found.first_seen == REVIEW_ON
    assert panel[0] not in found.zh + found.en


def test_r17_leaves_a_recusal_before_the_review_alone(world: World, town: PoolWorld, draw_id: UUID) -> None:
    world.do(recuse(town.panel(draw_id)[0]), by=EXAMINER)
    assert flags(world, "R17") == []


def set_aside(world: World, town: PoolWorld, draw_id: UUID, times: int) -> None:
    for number in range(1, times + 1):
        first = town.panel(draw_id)[0]
        command = c.RedrawExperts(
            draw_id=draw_id, reason=RedrawReason.SET_ASIDE, explanation="另换一名", replace=(first,)
        )
        world.do(command, by=EXAMINER)
        town.round(draw_id, number + 1)


def test_r18_names_more_redraws_without_cause_than_are_allowed(world: World, town: PoolWorld, draw_id: UUID) -> None:
    set_aside(world, town, draw_id, 4)
    found = the_flag(world, "R18")
    assert (found.severity, found.threshold) == ("yellow", {"redraws": 2})
    assert found.observed["without_cause"] == 4
    assert len(found.evidence) == 2, "the third and the fourth"


def test_r18_leaves_redraws_for_an_experts_sake_alone(world: World, town: PoolWorld, draw_id: UUID) -> None:
    for number in range(1, 5):
        world.do(decline(town.panel(draw_id)[0]), by=EXAMINER)
        redraw = c.RedrawExperts(draw_id=draw_id, reason=RedrawReason.DECLINED, explanation="专家谢绝")
        world.do(redraw, by=EXAMINER)
        town.round(draw_id, number + 1)
    assert flags(world, "R18") == []


def test_r18_names_an_expert_who_was_named_by_hand_with_the_reason(
    world: World, town: PoolWorld, draw_id: UUID
) -> None:
    world.do(c.AssignDrawDuty(draw_id=draw_id, officer=DECIDER.id, reason="分管"), by=DECIDER)
    panel = town.panel(draw_id)
    world.do(decline(panel[0]), by=EXAMINER)
    free = next(f"E-{n:04d}" for n in range(1, 21) if f"E-{n:04d}" not in panel)
    world.do(
        c.PickExpertByHand(draw_id=draw_id, expert_no=free, reason="其余专家均不能到场评审"), by=DECIDER
    )  # fmt: skip
    found = the_flag(world, "R18")
    assert "其余专家均不能到场评审" in found.zh
    assert free not in found.zh + found.en


def test_r19_names_a_review_held_longer_after_the_draw_than_the_rule_allows(
    world: World, town: PoolWorld, draw_id: UUID
) -> None:
    complete(world, town, draw_id)
    later = REVIEW_ON + timedelta(days=1)
    move = c.RescheduleExpertReview(draw_id=draw_id, review_on=later, reason="场地停电")
    world.do(move, by=EXAMINER)
    world.do(c.StartExpertReview(draw_id=draw_id), by=EXAMINER, at=WEDNESDAY + timedelta(days=1))
    found = the_flag(world, "R19")
    assert (found.severity, found.threshold) == ("warn", {"working_days": 2})
    assert (found.observed["drawn_on"], found.observed["latest"]) == (MONDAY.date().isoformat(), REVIEW_ON.isoformat())


def test_r19_leaves_a_review_on_the_second_working_day_alone(world: World, town: PoolWorld, draw_id: UUID) -> None:
    complete(world, town, draw_id)
    world.do(c.StartExpertReview(draw_id=draw_id), by=EXAMINER, at=WEDNESDAY)
    assert flags(world, "R19") == []
