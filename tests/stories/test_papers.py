"""首席代表与用章: what the stories of papers tell is what the platform did, and who may see it."""

from __future__ import annotations

from uuid import UUID

import pytest

from domain.kernel.people import INSPECTING, Role
from infra.wiring import Platform
from projections import attempts, timeline
from tests.stories.conftest import Played


def decided(events: list[str], *prefixes: str) -> list[str]:
    return [one for one in events if one.startswith(prefixes)]


async def test_a_decision_outside_the_letter_is_refused_and_the_attempt_recorded(played: Played, platform: Platform):
    told = await played("delegation_exceeded")
    inside, outside = map(UUID, map(str, told["cases"]))
    assert decided(told["events"], "delegation.", "case.decision") == [
        "delegation.granted", "case.decision_granted", "delegation.exceeded", "case.decision_granted",
    ]  # fmt: skip
    assert told["pushes"] == 2, "both decisions that were taken are pushed, the refused one is not"
    letters = [entry.zh for entry in timeline.of_case(platform.read, inside).rows if entry.topic == "case.decision_granted"]
    assert len(letters) == 1
    for role in Role:
        seen = {entry.topic for entry in timeline.of_case(platform.read, outside, role=role).rows}
        assert ("delegation.exceeded" in seen) is (role in INSPECTING)
        assert "case.decision_granted" in seen
    (one,) = attempts.attempts(platform.read, case_id=outside, masked=False).rows
    assert (one.faults, one.officer) == (["place"], "郑首席")
    assert "超出授权区域" in one.zh
    assert "the place" in one.en


async def test_nothing_is_sealed_without_its_decision_nor_by_one_hand(played: Played, platform: Platform):
    told = await played("seal_without_decision")
    assert decided(told["events"], "seal.", "case.decision", "case.seal") == [
        "seal.year_opened", "seal.use_requested", "seal.used", "seal.use_attempted", "case.decision_granted",
        "seal.use_attempted", "seal.use_requested", "seal.used", "case.seal_noted", "case.seal_noted",
    ]  # fmt: skip
    (case_id,) = map(UUID, map(str, told["cases"]))
    rows = timeline.of_case(platform.read, case_id, masked=False).rows
    assert not any(entry.topic == "seal.use_attempted" for entry in rows)
    assert any("已加盖印章" in entry.zh and "bears the seal" in entry.en for entry in rows)
    faults = [one.faults for one in attempts.attempts(platform.read, case_id=case_id).rows]
    assert faults == [["digest_differs"], ["no_decision"]]


@pytest.mark.parametrize("story", ["delegation_exceeded", "seal_without_decision"])
async def test_a_story_of_papers_is_played_again_on_the_same_platform(played: Played, story: str):
    first, second = (await played(story))["events"], (await played(story))["events"]
    assert first == second
