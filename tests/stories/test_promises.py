"""Promises: materials that never came, and a commitment that was not kept."""

from __future__ import annotations

from uuid import UUID

from domain.commitment.commands import commitment_stream
from domain.kernel.words import Change
from infra.wiring import Platform
from projections import promises, push_board, standings, timeline
from tests.stories.conftest import Played


def of(told: dict[str, list[str]], *kinds: str) -> list[str]:
    return [event for event in told["events"] if event.startswith(kinds)]


async def test_a_tolerated_material_never_comes_and_the_case_ends(played: Played, platform: Platform):
    told = await played("tolerance_lapses")
    assert of(told, "case.") == [
        "case.application_submitted", "case.material_received", "case.tolerance_accepted", "case.tolerance_lapsed",
    ]  # fmt: skip
    assert told["pushes"] == 0
    row = promises.tolerance(platform.read, UUID(str(told["cases"][0])))
    assert row is not None
    assert (row.state, row.missing) == ("lapsed", ["经营场所平面图"])


async def test_a_broken_commitment_is_proposed_for_revocation_and_its_holder_may_not_commit_again(
    played: Played, platform: Platform
):
    told = await played("commitment_broken")
    assert of(told, "commitment.", "standing.", "finding.") == [
        "commitment.opened", "commitment.checked", "commitment.rectification_ordered", "commitment.rectified",
        "commitment.checked", "commitment.broken", "finding.reported", "standing.barred", "finding.received",
        "finding.handled", "commitment.settled",
    ]  # fmt: skip
    events = told["events"]
    assert events.index("case.commitment_filed") < events.index("case.decision_granted")
    assert events.index("case.decision_granted") < events.index("push.dispatched")
    assert events.index("case.decision_granted") < events.index("commitment.opened")
    assert events[-1] == "case.material_received", "the next commitment was refused"
    assert events.count("case.commitment_filed") == 1
    assert [e for e in of(told, "license.") if e != "license.took_effect"] == [
        "license.registered", "license.proposal_noted", "license.proposal_answered", "license.revoked",
    ]  # fmt: skip
    assert told["pushes"] == 2, "the grant, and the revocation"

    first, second = (UUID(str(one)) for one in told["cases"])
    row = promises.commitment(platform.read, first)
    assert row is not None
    assert (row.state, row.outcome, row.commitment_id) == ("settled", "采纳", commitment_stream(first))
    assert {push.change for push in push_board.of_case(platform.read, first)} == {Change.GRANT, Change.REVOCATION}
    (bar,) = standings.bars(platform.read, subject=row.subject_id).rows
    assert (bar.kind, bar.last_day, bar.case_id) == ("commitment", None, first)
    told_of = [entry.topic for entry in timeline.of_case(platform.read, first).rows]
    assert told_of.index("commitment.broken") < told_of.index("standing.barred")
    assert "commitment.opened" not in [entry.topic for entry in timeline.of_case(platform.read, second).rows]


async def test_a_sample_draws_one_of_two_commitments_and_its_check_finds_it_kept(played: Played, platform: Platform):
    told = await played("commitment_sampled")
    assert of(told, "sample.", "commitment.") == [
        "commitment.opened", "commitment.opened", "sample.drawn", "commitment.sampled", "commitment.checked",
    ]  # fmt: skip
    rows = [promises.commitment(platform.read, UUID(str(one))) for one in told["cases"]]
    states = sorted((row.state, len(row.samples), row.method) for row in rows if row is not None)
    assert states == [("kept", 1, "random"), ("open", 0, "")]
