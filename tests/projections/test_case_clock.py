"""Why is it due then: the board, the list of days and the case itself tell one story, before and after a notice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from cases import day, examined, grant, received, terms
from world import World

from domain.approval_case import commands as c
from domain.approval_case.facts import DueDatesRecomputed
from domain.kernel.event import Event
from domain.kernel.words import LimitUnit, SpecialProcedure
from domain.rules.entering import enter_rules
from domain.rules.working_days import working_calendar
from infra.policy_facts import CalendarsOf
from projections import deadlines
from projections.case_clock import ClocksOfCase, ClockTold, clocks_at, streams_of
from projections.deadlines import Clock, Deadlines
from projections.findings import Findings
from projections.integrity_board import IntegrityBoard
from projections.view import RowsAtHand, folded_in_memory
from tests.entered_rules import entered, text, typhoon, year_2027
from tests.specification import ACCEPTOR, EXAMINER, MONDAY, PLATFORM, SHANGHAI

DECEMBER = datetime(2026, 12, 21, 10, 0, tzinfo=SHANGHAI)
ENTERED_ON = "2026-12-24"


@pytest.fixture(autouse=True)
def shipped_rules_afterwards() -> Iterator[None]:
    yield
    enter_rules(None)


def facts_of(world: World, case: UUID) -> list[Event]:
    """The facts of the case and of everything that moves its clocks, as the store holds them."""
    read = world.folded(Deadlines, Findings).read
    versions = [(stream, n) for stream in streams_of(read, case) for n in range(1, world.versions.get(stream, 0) + 1)]
    return list(read.facts(versions).values())


def told(world: World, case: UUID, at: datetime) -> dict[str, ClockTold]:
    found = clocks_at(case, facts_of(world, case), at)
    assert isinstance(found, ClocksOfCase)
    return {one.clock: one for one in found.clocks}


def board(world: World, case: UUID) -> dict[str, deadlines.DeadlineRow]:
    return {row.clock: row for row in deadlines.of_case(world.folded(Deadlines).read, case)}


def same_as_in_memory(world: World, case: UUID) -> None:
    rows = folded_in_memory(Deadlines, sorted(facts_of(world, case), key=lambda one: one.originator_version)).clocks
    assert isinstance(rows, RowsAtHand)
    in_memory = {row.clock: replace(row, position=0) for row in rows.all() if row.open or row.due is not None}
    assert in_memory == {clock: replace(row, position=0) for clock, row in board(world, case).items()}


def test_every_day_of_a_clock_is_listed_with_what_is_used_and_what_remains(world: World) -> None:
    case = examined(world)
    start = c.StartSpecialProcedure(
        case_id=case, procedure=SpecialProcedure.EXPERT_REVIEW, notice_no="N", planned_end=day(4).date()
    )
    world.do(start, by=EXAMINER, at=day(3))
    world.do(c.EndSpecialProcedure(case_id=case, result="通过"), by=EXAMINER, at=day(4))
    promised = told(world, case, day(6))[Clock.PROMISED]
    assert (promised.due, promised.used, promised.remaining, promised.spent_in) == (day(12).date(), 4, 6, "working_days")
    assert [d.code for d in promised.days[:6]] == ["day_zero", "weekday", "weekday", "paused", "paused", "weekend"]
    assert (promised.days[-1].date, promised.days[-1].number, promised.late) == (day(12).date(), 10, False)
    assert told(world, case, day(13))[Clock.PROMISED].late
    same_as_in_memory(world, case)


def test_a_replay_shows_what_had_been_recorded_by_then_and_no_more(world: World) -> None:
    case = examined(world)
    before = told(world, case, day(2))
    grant(world, case, at=day(3))
    assert told(world, case, day(2)) == before
    assert Clock.DELIVERY in told(world, case, day(3))
    assert clocks_at(case, facts_of(world, case), MONDAY - timedelta(days=1)) is None


def test_a_clock_that_ended_counts_to_its_end_and_not_to_the_asking(world: World) -> None:
    case = examined(world)
    grant(world, case, at=day(3))
    promised = told(world, case, day(30))[Clock.PROMISED]
    assert (promised.met_on, promised.used, promised.remaining, promised.late) == (day(3).date(), 3, 7, False)


def test_a_procedure_that_outlasts_its_plan_keeps_the_clock_standing_still(world: World) -> None:
    case = examined(world)
    start = c.StartSpecialProcedure(
        case_id=case, procedure=SpecialProcedure.TESTING, notice_no="N", planned_end=day(3).date()
    )
    world.do(start, by=EXAMINER, at=day(2))
    planned, over = (told(world, case, day(n))[Clock.PROMISED] for n in (3, 6))
    assert (planned.due, planned.used, planned.late) == (board(world, case)[Clock.PROMISED].due, 1, False)
    assert (over.due, over.used, over.late) == (day(15).date(), 1, False)


def test_a_promise_in_hours_is_told_by_the_minute_on_the_board_and_in_the_list(world: World) -> None:
    case = received(world, terms(promised_days=5, promised_unit=LimitUnit.HOURS))
    world.do(c.AcceptApplication(case_id=case, document_no="A"), by=ACCEPTOR, at=day(0, 15))
    row, shown = board(world, case)[Clock.PROMISED], told(world, case, day(1, 10))[Clock.PROMISED]
    assert (row.due_at, row.unit, row.amount) == (day(1, 13), "hours", 5)
    assert (shown.used, shown.remaining, shown.spent_in, shown.due_at) == (90 + 90, 120, "minutes", row.due_at)
    assert [(d.number, d.counted) for d in shown.days] == [(90, True), (300, True)]
    assert not shown.late
    assert told(world, case, day(1, 16))[Clock.PROMISED].late
    same_as_in_memory(world, case)


def test_a_deemed_acceptance_shows_its_clocks_dated_back_to_the_receipt(world: World) -> None:
    case = received(world)
    world.do(c.DeemAccepted(case_id=case), by=PLATFORM, at=day(6))
    statutory = told(world, case, day(6))[Clock.STATUTORY]
    assert (statutory.started_on, statutory.used) == (MONDAY.date(), 6), "six days were used when it was recorded"
    notice = told(world, case, day(6))[Clock.NOTICE]
    assert (notice.open, notice.met_on, notice.late) == (False, None, True)


def test_a_year_without_a_calendar_says_why_there_is_no_date(world: World) -> None:
    case = examined(world, at=DECEMBER)
    statutory = told(world, case, DECEMBER)[Clock.STATUTORY]
    assert (statutory.due, statutory.days) == (None, [])
    assert statutory.untold is not None
    assert "2027" in statutory.untold["zh"]
    assert "2027" in statutory.untold["en"]


def recompute(world: World, at: datetime) -> list[Event]:
    """One beat of the policy: what the read side finds is asked of the cases."""
    read = world.folded(Deadlines).read
    found = CalendarsOf(read).to_recompute(at.date())
    return [fact for case in found for fact in world.do(c.RecomputeDueDates(case_id=case), by=PLATFORM, at=at)]


def test_a_new_notice_dates_open_cases_by_facts_and_the_board_follows(world: World, tmp_path: Path) -> None:
    case = examined(world, at=DECEMBER)
    away = examined(world, case_no="2026-0002", at=MONDAY)
    before = told(world, case, DECEMBER)
    assert recompute(world, DECEMBER) == [], "nothing is new"
    with entered(tmp_path, working_days_2027=text(year_2027(), ENTERED_ON)):
        assert recompute(world, DECEMBER + timedelta(days=2)) == [], "not known yet on that day"
        later = DECEMBER + timedelta(days=3)
        (fact,) = recompute(world, later)
        assert isinstance(fact, DueDatesRecomputed)
        assert fact.originator_id == case
        rows = board(world, case)
        assert (rows[Clock.PROMISED].due, rows[Clock.STATUTORY].due) == (date(2027, 1, 5), date(2027, 1, 19))
        assert rows[Clock.PROMISED].calendar == fact.calendar == working_calendar().version
        assert recompute(world, later + timedelta(days=1)) == [], "twice is once"
        now = told(world, case, later)
        assert (now[Clock.PROMISED].due, now[Clock.PROMISED].days[-1].number) == (date(2027, 1, 5), 10)
        assert told(world, case, DECEMBER) == before, "a replay of the day before shows no date, as it was"
        assert board(world, away)[Clock.PROMISED].due == day(10).date()
        assert deadlines.without_due_date(world.read).rows == []
        world.folded(IntegrityBoard)
        same_as_in_memory(world, case)


def test_rules_that_were_entered_after_the_start_are_left_to_a_process_that_read_them(
    world: World, tmp_path: Path
) -> None:
    examined(world, at=DECEMBER)
    with entered(tmp_path, working_days_2027=text(year_2027(), ENTERED_ON)) as directory:
        closed = text(typhoon("370100", ("2027-01-04",)), ENTERED_ON)
        (directory / "working_days.closure.json").write_text(closed, encoding="utf-8")
        assert recompute(world, DECEMBER + timedelta(days=3)) == [], "this process would tell the dates of before"
        enter_rules(directory)
        assert len(recompute(world, DECEMBER + timedelta(days=3))) == 1


def test_the_walk_over_open_clocks_is_bounded_at_each_beat_and_comes_to_all(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.policy_facts.AT_ONCE", 2)
    cases = {examined(world, case_no=f"2026-{n:04}", at=DECEMBER) for n in range(3)}
    read = world.folded(Deadlines).read
    with entered(tmp_path, working_days_2027=text(year_2027(), ENTERED_ON)):
        walk, found, beats = CalendarsOf(read), set[UUID](), 0
        while asked := walk.to_recompute((DECEMBER + timedelta(days=3)).date()):
            assert len(asked) <= 2
            found |= set(asked)
            beats += 1
        assert (found, beats) == (cases, 3)
        assert walk.to_recompute((DECEMBER + timedelta(days=3)).date()) == ()
        assert walk.to_recompute((DECEMBER + timedelta(days=4)).date()), "once more on the next day"
