"""Which cases are there, and what did each source report?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import psycopg
import pytest
from cases import a_report, accepted, day, granted, pushed, reporter, submitted, terms
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from world import World

from domain.approval_case import facts as f
from domain.approval_case.case import ApprovalCase
from domain.approval_case.commands import WithdrawApplication
from domain.approval_case.words import CaseState, Means
from domain.kernel.aggregate import AGGREGATE_OF_EVENT, replay
from domain.kernel.event import EVENTS, Event
from domain.kernel.identity import stream_id
from domain.kernel.refusal import Kind
from domain.kernel.words import Body, Site, Subject, SubjectKind
from domain.rules.working_days import working_calendar
from infra.event_store.mapper import stored
from projections import case_register, deadlines
from projections.case_register import CaseRegister
from projections.deadlines import Clock, Deadlines
from projections.view import BadCursor, folded_in_memory
from tests.domain.test_no_order_breaks_a_case import CaseLife
from tests.specification import ACCEPTOR, FIRE, HEALTH, HOUSING, MONDAY, PLATFORM, SHOP

PERSON = Subject(kind=SubjectKind.NATURAL, identifier="digest-1", name="欧阳明月")


def test_a_case_is_found_by_number_subject_item_state_source_and_authority(world: World) -> None:
    case, decision = granted(world)
    pushed(world, case, decision)
    submitted(world, terms(item="370100-0002"), case_no="2026-0002", subject=PERSON)
    world.do(a_report(1, departments=(FIRE,)), by=reporter())
    read = world.folded(CaseRegister).read

    def numbers(**asked: str) -> list[str]:
        return [c.case_no for c in case_register.find(read, **asked).rows]

    assert numbers() == ["N-1", "2026-0002", "2026-0001"]
    assert numbers(case_no="2026") == ["2026-0002", "2026-0001"]
    assert numbers(case_no="2026-0001") == ["2026-0001"]
    assert numbers(case_no="%") == []
    assert numbers(subject="digest-1") == ["2026-0002"]
    assert numbers(item="370100-0002") == ["2026-0002"]
    assert numbers(state=CaseState.GRANTED) == ["2026-0001"]
    assert numbers(stage="granted") == ["2026-0001"]
    assert numbers(source="source-1") == ["N-1"]
    assert numbers(authority=HOUSING.code) == ["2026-0001"]
    assert numbers(authority=FIRE.code) == ["N-1"]
    assert case_register.concerns(read, case, HOUSING.code)
    assert not case_register.concerns(read, case, FIRE.code)
    assert [c.case_no for c in case_register.cases_numbered(read, "2026-0001")] == ["2026-0001"]
    found = case_register.case(read, case)
    assert found is not None
    assert (found.decision, found.decided_on, found.version) == ("grant", MONDAY.date(), world.versions[case])
    assert case_register.case(read, stream_id("case", 2026, "none")) is None


def test_a_page_goes_on_where_the_last_one_ended_although_cases_are_added(world: World) -> None:
    for number in range(5):
        submitted(world, case_no=f"2026-{number:04}")
    read = world.folded(CaseRegister).read
    first = case_register.find(read, limit=2)
    submitted(world, case_no="2026-9999")
    world.folded(CaseRegister)
    second = case_register.find(read, limit=2, cursor=first.next)
    third = case_register.find(read, limit=2, cursor=second.next)
    seen = [c.case_no for page in (first, second, third) for c in page.rows]
    assert seen == [f"2026-{n:04}" for n in (4, 3, 2, 1, 0)]
    assert third.next is None


@pytest.mark.parametrize("cursor", ["x", "!!!", "bnVsbA", "eyJhIjoxfQ", "WzEsMl0"])
def test_a_cursor_that_is_not_ours_is_refused(world: World, cursor: str) -> None:
    with pytest.raises(BadCursor) as refused:
        case_register.find(world.read, cursor=cursor)
    assert refused.value.KIND is Kind.MALFORMED


def test_the_cursor_of_another_list_is_refused(world: World) -> None:
    for number in range(3):
        accepted(world, case_no=f"2026-{number:04}")
    read = world.folded(CaseRegister, Deadlines).read
    foreign = deadlines.due_before(read, date(2026, 6, 1), limit=1).next
    assert foreign is not None
    with pytest.raises(BadCursor):
        case_register.find(read, cursor=foreign)


def test_names_are_masked_unless_they_are_asked_for(world: World) -> None:
    case = submitted(world, subject=PERSON)
    read = world.folded(CaseRegister).read
    masked, whole = case_register.case(read, case), case_register.case(read, case, masked=False)
    assert masked is not None
    assert whole is not None
    assert (masked.subject_name, whole.subject_name) == ("欧***", "欧阳明月")
    assert case_register.find(read).rows[0].subject_name == "欧***"


def test_undecided_cases_of_a_subject_are_those_that_a_finding_warns(world: World) -> None:
    granted(world)
    second = submitted(world, case_no="2026-0002")
    withdrawn = submitted(world, case_no="2026-0003")
    world.do(WithdrawApplication(case_id=withdrawn, reason="另行申请"), by=ACCEPTOR)
    read = world.folded(CaseRegister).read
    holder = "91371500MA3C5X0Y1T"
    assert [c.case_id for c in case_register.running_cases_of(read, holder)] == [second]
    states = {c.state: c.cases for c in case_register.counts_by_state(read)}
    assert states == {"granted": 1, "submitted": 1, "withdrawn": 1}


def test_counts_of_a_source_equal_its_facts(world: World) -> None:
    for number, (case, activity, officer) in enumerate(
        [("C-1", "a", "1"), ("C-1", "b", "2"), ("C-2", "a", "1"), ("C-2", "a", ""), ("C-3", "c", "3")]
    ):
        world.do(a_report(number, case_no=case, activity=activity, officer=officer), by=reporter())
    other = a_report(1, source="source-2", case_no="C-1", activity="z", officer="1")
    world.do(other, by=reporter("source-2"))
    # The same report again is no second fact; with other content it is.
    world.do(a_report(0, case_no="C-1", activity="a", officer="1"), by=reporter())
    read = world.folded(CaseRegister, batch=2).read
    counts = case_register.source_counts(read, "source-1")
    assert (counts.cases, counts.events, counts.activities, counts.officers) == (3, 5, 3, 3)
    assert [c.source for c in case_register.sources(read)] == ["source-1", "source-2"]
    assert case_register.source_counts(read, "nobody").events == 0


def test_what_a_system_knows_only_when_it_decides_completes_the_case(world: World) -> None:
    world.do(a_report(1), by=reporter())
    site = Site(region="371502", address="柳园路 2 号")
    told = {"means": Means.GRANTED, "site": site, "subject": PERSON, "departments": (HEALTH,), "item_name": "卫生许可"}
    world.do(a_report(2, **told), by=reporter())
    read = world.folded(CaseRegister).read
    (found,) = case_register.cases_numbered(read, "N-1")
    assert (found.region, found.subject_id, found.item_name) == ("371502", "digest-1", "卫生许可")
    assert (found.named, found.authorities, found.stage) == ([HEALTH.code], [HEALTH.code], "granted")


def test_every_fact_of_a_case_moves_its_row() -> None:
    handled = set(CaseRegister().handlers)
    of_a_case = {event for event in EVENTS.values() if AGGREGATE_OF_EVENT.get(event) is ApprovalCase}
    declared = {event for event in EVENTS.values() if event.__module__ == f.__name__}
    assert of_a_case | declared <= handled


def test_the_register_and_the_clocks_agree_with_the_case_itself_whatever_happened_to_it(world: World) -> None:
    lives: list[tuple[Event, ...]] = []

    class Remembered(CaseLife):
        def teardown(self) -> None:
            lives.append(self.facts)

    brief = settings(max_examples=60, stateful_step_count=30, deadline=None, derandomize=True, database=None)
    run_state_machine_as_test(Remembered, settings=brief)
    cases, told = [], []
    for number, life in enumerate(lives):
        stream = stream_id("case", 2026, "life", number)
        facts = [fact.model_copy().stamped(originator_id=stream) for fact in life]
        world.recorder.insert_events([stored(fact) for fact in facts])
        told += facts
        cases.append(replay(ApprovalCase, stream, facts))
    read = world.folded(batch=37).read
    ends = set()
    for case in cases:
        row = case_register.case(read, case.id)
        assert row is not None
        assert (row.state, row.version) == (str(case.state), case.version)
        ends.add(row.state)
        clocks = {d.clock: d for d in deadlines.of_case(read, case.id)}
        # The days that are listed for a case come from the same handlers, folded in memory over its facts alone.
        at_hand = folded_in_memory(deadlines.Deadlines, [one for one in told if one.originator_id == case.id]).clocks
        assert {row.clock: replace(row, position=0) for row in at_hand.family(case.id) if row.open or row.due} == {
            clock: replace(row, position=0) for clock, row in clocks.items()
        }
        if case.state in (CaseState.ACCEPTED, CaseState.EXAMINING, CaseState.EXAMINED):
            assert case.day_zero is not None
            statutory, calendar = clocks[Clock.STATUTORY], working_calendar()
            limit = case.limit(Clock.STATUTORY).amount + case.extended_days
            assert statutory.due == calendar.due_date(case.day_zero, limit, case.pauses)
            assert statutory.paused_on is None
            assert bool(statutory.extended) == case.extended
        if case.state is CaseState.SUSPENDED:
            assert clocks[Clock.STATUTORY].paused_on == case.paused_on
        if case.state is CaseState.RECEIVED:
            assert clocks[Clock.NOTICE].due == case.notice_due
    assert len(ends) > 6, "the lives led to few states only"


def test_a_body_that_was_invited_sees_the_case(world: World) -> None:
    from domain.consultation import RequestConsultation

    case = accepted(world, terms(consult=(FIRE,)), site=SHOP, at=day(0))
    invited = (Body(code=FIRE.code, name=FIRE.name),)
    asked = RequestConsultation(
        case_id=case, case_no="2026-0001", item_name="x", invited=invited, question="?", cause="c"
    )
    world.do(asked, by=PLATFORM, at=MONDAY + timedelta(hours=1))
    read = world.folded(CaseRegister).read
    assert case_register.concerns(read, case, FIRE.code)


def test_a_question_with_a_character_that_no_text_holds_finds_nothing_and_breaks_nothing(world: World) -> None:
    submitted(world)
    read = world.folded(CaseRegister).read
    assert case_register.find(read, case_no="2026\x00").rows == []
    assert case_register.cases_numbered(read, "\x00") == []


def test_reads_go_on_after_the_database_cut_every_connection(world: World, owner_url: str) -> None:
    submitted(world)
    read = world.folded(CaseRegister).read
    assert len(case_register.find(read).rows) == 1
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert len(case_register.find(read).rows) == 1
