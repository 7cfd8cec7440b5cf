"""Experts: the draw of the story is what the platform did, and anybody can compute it again."""

from __future__ import annotations

from uuid import UUID

from domain.expert_draw.commands import draw_stream
from infra.doors import PlatformDoors
from infra.wiring import Platform
from interfaces.draw_audit import audit
from projections import expert_draws, timeline
from tests.stories.conftest import Played

A_ROUND = ["expert_draw.secret_committed", "expert_draw.started", "expert_draw.pool_frozen", "expert_draw.drawn"]


async def test_experts_are_drawn_one_declines_and_the_case_is_decided(played: Played, platform: Platform):
    told = await played("expert_drawn")
    events = told["events"]
    assert [e for e in events if e.startswith("expert_draw.")] == [
        "expert_draw.requested", *A_ROUND, "expert_draw.declined", "expert_draw.confirmed", "expert_draw.confirmed",
        "expert_draw.redraw_requested", *A_ROUND, "expert_draw.confirmed", "expert_draw.panel_completed",
        "expert_draw.review_started", "expert_draw.opinion_filed", "expert_draw.paid",
    ]  # fmt: skip
    assert events.index("expert_draw.opinion_filed") < events.index("case.special_procedure_ended")
    assert events.index("case.special_procedure_ended") < events.index("case.decision_granted")
    assert told["pushes"] == 1
    (case_id,) = told["cases"]
    draw_id = draw_stream(case_id, "FOOD")
    verdict = await audit(PlatformDoors(platform), draw_id)
    assert verdict is not None
    assert (verdict["verdict"], verdict["drawn"]) == ("match", 2), verdict
    row = expert_draws.draw(platform.read, draw_id)
    assert row is not None
    assert (row.state, row.opened, row.conclusion) == ("paid", True, "pass")
    entries = timeline.of_case(platform.read, UUID(str(case_id)), masked=False).rows
    assert any("专家评审开始" in entry.zh for entry in entries)
