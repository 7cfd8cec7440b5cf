"""Bundles: one application, the parts decided by their own organs, each regulator told of its own part and of nothing else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from infra.wiring import Platform
from interfaces.cli.stories.teller import FIRE, HEALTH, MARKET
from projections import bundles, case_register, push_board, timeline
from tests.stories.conftest import Played


def pushed_to(platform: Platform, cases: list[Any]) -> list[str]:
    return sorted(push.regulator for c in cases for push in push_board.of_case(platform.read, UUID(str(c))))


async def test_three_organs_decide_on_one_application_and_one_license_joins_them(played: Played, platform: Platform):
    told = await played("one_business_one_license")
    events = told["events"]
    assert [e for e in events if e.startswith("bundle.")] == [
        "bundle.submitted", "bundle.stage_opened", "bundle.part_granted", "bundle.part_granted", "bundle.part_granted",
        "bundle.stage_joined", "bundle.joined", "bundle.composite_issued",
    ]  # fmt: skip
    assert events.count("case.application_submitted") == events.count("case.decision_granted") == 3
    assert told["pushes"] == 3
    assert pushed_to(platform, told["cases"]) == sorted([MARKET.code, HEALTH.code, FIRE.code])
    rows = [case_register.case(platform.read, UUID(str(c))) for c in told["cases"]]
    assert {row.organ for row in rows if row} == {HEALTH.code, "story-bureau", FIRE.code}
    bundle_id = bundles.bundle_of(platform.read, UUID(str(told["cases"][0])))
    assert bundle_id is not None
    found = bundles.bundle(platform.read, bundle_id)
    assert found is not None
    assert (found.state, found.waiting, [part["state"] for part in found.parts]) == ("concluded", [], ["granted"] * 3)
    assert case_register.case(platform.read, bundle_id) is None, "a bundle is no case"
    for case_id in told["cases"]:
        entries = timeline.of_case(platform.read, UUID(str(case_id))).rows
        assert [e.topic for e in entries if e.topic.startswith("bundle.")] == [
            e for e in events if e.startswith("bundle.") and e != "bundle.submitted"
        ], "every part tells how the whole went"
    assert all("综合许可证" not in entry for entry in told["timeline"] if "推送" in entry)


async def test_a_composite_says_what_was_revoked_and_is_issued_anew_without_it(played: Played, platform: Platform):
    told = await played("composite_reissued")
    events = told["events"]
    assert [e for e in events if e.startswith("bundle.composite") or e.startswith("license.")] == [
        "bundle.composite_issued", "license.registered", "license.took_effect", "license.revoked",
        "bundle.composite_part_changed", "bundle.composite_issued",
    ]  # fmt: skip
    assert told["pushes"] == 4, "three decisions and one revocation, and nothing for the composite"
    bundle_id = bundles.bundle_of(platform.read, UUID(str(told["cases"][0])))
    assert bundle_id is not None
    found = bundles.bundle(platform.read, bundle_id)
    assert found is not None
    assert (found.to_reissue, found.license_no.endswith("-2")) == (False, True)
    assert {part["part"]: part["license_state"] for part in found.parts} == {
        "FOOD": "valid", "HYG": "revoked", "FIRE": "valid",
    }  # fmt: skip
    assert any("现为「撤销」" in entry for entry in told["timeline"])


async def test_the_second_stage_opens_when_the_first_has_joined_without_what_was_denied(
    played: Played, platform: Platform
):
    told = await played("chain_of_items")
    events = told["events"]
    assert [e for e in events if e.startswith("bundle.")] == [
        "bundle.submitted", "bundle.stage_opened", "bundle.part_granted", "bundle.part_not_granted",
        "bundle.stage_joined", "bundle.stage_opened", "bundle.part_granted", "bundle.part_granted",
        "bundle.stage_joined", "bundle.concluded",
    ]  # fmt: skip
    assert events.count("case.application_submitted") == 4
    assert events.count("case.decision_denied") == 1
    first_join = events.index("bundle.stage_joined")
    assert first_join < [n for n, e in enumerate(events) if e == "case.application_submitted"][2]
    assert pushed_to(platform, told["cases"]) == sorted([MARKET.code, FIRE.code, "story-city"])
