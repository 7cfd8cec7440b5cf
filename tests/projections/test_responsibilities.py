"""Who is responsible for what, where, on a day, and which places are in dispute?"""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, settings
from hypothesis import given as any_of
from hypothesis import strategies as st
from world import World

from domain.responsibility import ResponsibilityTable
from projections import responsibilities
from projections.responsibilities import Responsibilities
from tests.domain.test_responsibility import (
    CITY,
    DISTRICT,
    ITEM,
    JANUARY,
    JUNE,
    OTHER,
    ROWS,
    TODAY,
    TOWN,
    URBAN,
    resolving,
    row,
    setting,
)
from tests.specification import BUREAU, FIRE, HOUSING, STEWARD


def test_who_approves_and_supervises_is_told_for_a_place_and_a_day(world: World) -> None:
    world.do(setting(row(), row(FIRE, DISTRICT, regulators=(URBAN,))), by=STEWARD)
    world.do(setting(row(HOUSING), effective_from=JUNE), by=STEWARD)
    read = world.folded(Responsibilities).read
    here = responsibilities.who(read, ITEM, TOWN, version=1, on=TODAY)
    assert here is not None
    assert (here.table, here.approver, here.regulators) == (1, FIRE, (URBAN,))
    later = responsibilities.who(read, ITEM, TOWN, version=1, on=JUNE)
    assert later is not None
    assert (later.table, later.approver) == (2, HOUSING)
    assert responsibilities.who(read, ITEM, TOWN, version=1, on=date(2025, 12, 31)) is None
    assert [one.number for one in responsibilities.tables(read, ITEM).rows] == [1, 2]


def test_an_organ_finds_what_it_approves_and_what_it_supervises_on_a_day(world: World) -> None:
    world.do(setting(row(), row(FIRE, DISTRICT, regulators=(URBAN,))), by=STEWARD)
    world.do(setting(row(effective_from=JUNE), effective_from=JUNE), by=STEWARD)
    read = world.folded(Responsibilities).read

    def lines(organ: str, on: date = TODAY) -> list[str | None]:
        return [one.region for one in responsibilities.lines(read, on, organ=organ).rows]

    assert lines(FIRE.code) == [DISTRICT]
    assert lines(URBAN.code) == [DISTRICT]
    assert lines(BUREAU.code) == [CITY]
    assert lines(FIRE.code, JUNE) == []
    first = responsibilities.lines(read, TODAY, item=ITEM, limit=1)
    assert [one.line for one in responsibilities.lines(read, TODAY, item=ITEM, cursor=first.next).rows] == [2]


def test_the_queue_holds_disputes_until_they_are_decided(world: World) -> None:
    world.do(setting(row(), row(FIRE), places=(CITY, "371400")), by=STEWARD)
    read = world.folded(Responsibilities).read
    queue = responsibilities.disputes(read).rows
    assert [(one.kind, one.place) for one in queue] == [("two_owners", CITY), ("nobody", "371400")]
    assert [one.number for one in responsibilities.disputes(read, claimant=FIRE.code).rows] == [1]
    disputed = responsibilities.who(read, ITEM, DISTRICT, version=1, on=TODAY)
    assert disputed is not None
    assert (disputed.dispute, disputed.claimants) == (1, (BUREAU, FIRE))
    world.do(resolving(), by=STEWARD)
    read = world.folded(Responsibilities).read
    assert [one.number for one in responsibilities.disputes(read).rows] == [2]
    everything = responsibilities.disputes(read, open_only=False).rows
    assert (everything[0].owner, everything[0].document_no) == (FIRE.code, "聊编办〔2026〕3号")
    settled = responsibilities.who(read, ITEM, DISTRICT, version=1, on=TODAY)
    assert settled is not None
    assert settled.approver == FIRE


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@any_of(
    rows=ROWS, number=st.integers(0, 10_000_000), place=st.sampled_from([None, CITY, DISTRICT, TOWN, OTHER]),
    version=st.integers(1, 3), on=st.dates(JANUARY, date(2026, 1, 15)),
)  # fmt: skip
def test_the_read_side_answers_what_a_case_would_have_been_routed_by(world: World, rows, number, place, version, on):
    command = setting(*rows).model_copy(update={"item": f"ITEM-{number}"})
    if command.stream not in world.streams:
        world.do(command, by=STEWARD)
    world.runner((Responsibilities,)).run_once()
    table = world.streams[command.stream]
    assert isinstance(table, ResponsibilityTable)
    told = responsibilities.who(world.read, command.item, place, version=version, on=on)
    assert told == table.responsible(place, version=version, on=on)
