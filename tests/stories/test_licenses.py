"""证照: what the stories of licenses tell is what the platform did, and each change reaches the regulator once."""

from __future__ import annotations

from tests.stories.conftest import Played


def of(told: dict, *kinds: str) -> list[str]:
    return [event for event in told["events"] if event.startswith(kinds)]


async def test_a_renewal_that_nobody_decided_is_granted_by_silence_and_pushed(played: Played):
    told = await played("renewal_by_silence")
    assert of(told, "license.") == [
        "license.registered", "license.took_effect", "license.renewal_asked", "license.renewed_by_silence",
    ]  # fmt: skip
    assert told["events"].index("case.renewal_deemed_granted") < told["events"].index("license.renewed_by_silence")
    assert (len(told["cases"]), told["pushes"]) == (2, 2), "the grant, and the renewal; no third for the deemed decision"


async def test_a_proposal_leads_to_revocation_and_cancellation_and_each_is_pushed(played: Played):
    told = await played("license_ended")
    assert of(told, "license.", "finding.") == [
        "license.registered", "license.took_effect", "finding.reported", "finding.linked", "license.proposal_noted",
        "finding.received", "finding.handled", "license.proposal_answered", "license.revoked", "license.cancelled",
    ]  # fmt: skip
    assert told["pushes"] == 3


async def test_an_alteration_alters_the_license_and_makes_no_second_one(played: Played):
    told = await played("license_altered")
    assert of(told, "license.") == ["license.registered", "license.took_effect", "license.altered"]
    assert told["pushes"] == 2
