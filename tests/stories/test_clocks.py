"""Silence accepts, and the clock of what was accepted runs from the day of receipt."""

from __future__ import annotations

from datetime import timedelta

from domain.rules.dates import business_date
from infra.event_store.mapper import decode
from infra.wiring import Platform
from projections.case_clock import clocks_at, streams_of
from projections.deadlines import Clock
from tests.stories.conftest import Played


async def test_silence_in_the_intake_makes_an_application_accepted_from_the_day_of_receipt(
    played: Played, platform: Platform
):
    told = await played("acceptance_deemed")
    assert [e for e in told["events"] if e.startswith("case.")] == [
        "case.application_submitted", "case.material_received", "case.acceptance_deemed",
    ]  # fmt: skip
    assert told["pushes"] == 0
    (case_id,) = told["cases"]
    received = business_date(platform.now() - timedelta(days=21))
    line = next(line for line in told["timeline"] if "视为受理" in line)
    assert f"自收到材料之日 {received} 起视为受理" in line
    assert f"from the day of receipt, {received}" in line

    stored = await platform.commits.load(streams_of(platform.read, case_id))
    facts = [decode(s.topic, s.state, stream, s.originator_version) for stream, one in stored.items() for s in one]
    clocks = {one.clock: one for one in clocks_at(case_id, facts, platform.now()).clocks}
    for clock in (Clock.STATUTORY, Clock.PROMISED):
        assert clocks[clock].started_on == received
        assert clocks[clock].used > 5, "more than the time for notice was used when the silence was noticed"
        assert clocks[clock].days[0].code == "day_zero"
    assert (clocks[Clock.NOTICE].met_on, clocks[Clock.NOTICE].late) == (None, True)
