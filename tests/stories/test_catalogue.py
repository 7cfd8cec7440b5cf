"""An item changes hands: each case is where the catalogue and the table of its day put it."""

from __future__ import annotations

from uuid import UUID

from infra.event_store.mapper import decode
from infra.wiring import Platform
from projections import case_register, push_board, responsibilities
from tests.stories.conftest import Played


async def test_a_new_case_is_the_new_organs_and_the_old_one_stays(played: Played, platform: Platform):
    told = await played("item_transferred")
    assert [e for e in told["events"] if e.partition(".")[0] in ("item", "responsibility") or e == "case.routed"] == [
        "item.version_published", "responsibility.table_set", "case.routed", "item.transferred",
        "responsibility.table_set", "case.routed",
    ]  # fmt: skip
    assert told["pushes"] == 2
    staying, going = (UUID(str(case_id)) for case_id in told["cases"])
    organs, pushed, decided = {}, {}, {}
    for case_id in (staying, going):
        case = case_register.case(platform.read, case_id)
        assert case is not None
        organs[case_id] = case.organ
        facts = (await platform.commits.load([case_id]))[case_id]
        told_by = [decode(e.topic, e.state, case_id, e.originator_version) for e in facts]
        decided[case_id] = next(fact.actor.organ for fact in told_by if fact.TOPIC == "case.decision_granted")
        pushed[case_id] = [push.regulator for push in push_board.of_case(platform.read, case_id)]
    assert organs == {staying: "story-bureau", going: "story-urban"}
    assert decided == organs
    assert pushed == {staying: ["story-market"], going: ["story-enforcement"]}
    timeline = "\n".join(told["timeline"])
    assert "划转至「市城市管理局」" in timeline
    assert "按责任清单第 2 版确定责任" in timeline
    assert "routed by version 1 of the responsibility table" in timeline


async def test_the_routing_of_a_case_is_what_the_read_side_says_of_its_day(played: Played, platform: Platform):
    told = await played("item_transferred")
    stored = (await platform.commits.load([UUID(str(told["cases"][1]))]))
    facts = [decode(e.topic, e.state, stream, e.originator_version) for stream, es in stored.items() for e in es]
    routed = next(fact for fact in facts if fact.TOPIC == "case.routed")
    found = responsibilities.who(
        platform.read, routed.item, routed.region, version=routed.item_version, on=platform.now().date()  # type: ignore[attr-defined]
    )
    assert found == routed.routing  # type: ignore[attr-defined]
