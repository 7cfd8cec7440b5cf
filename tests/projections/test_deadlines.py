"""What is due, and when: every clock, by working days, with pauses and extension."""

from __future__ import annotations

from datetime import date

from cases import a_report, accepted, day, examined, grant, granted, received, reporter, terms
from world import World

from domain.approval_case import commands as c
from domain.approval_case.words import ApproverLevel, Means
from domain.kernel.words import SpecialProcedure
from domain.supervision_finding import FindingKind, ReportFinding
from projections import deadlines
from projections.deadlines import Clock, DeadlineRow, Deadlines
from tests.specification import (
    ACCEPTOR,
    APPLICANT,
    DECIDER,
    EXAMINER,
    HOLDER,
    HOUSING,
    HOUSING_OFFICER,
    MONDAY,
    PLATFORM,
)


def clocks(world: World) -> dict[str, DeadlineRow]:
    read = world.folded(Deadlines).read
    (case,) = {stream for stream, made in world.streams.items() if made.NAME == "case"}
    return {row.clock: row for row in deadlines.of_case(read, case)}


def overdue(world: World, when: date, *kinds: Clock) -> list[str]:
    read = world.folded(Deadlines).read
    return [row.clock for row in deadlines.due_before(read, when, clocks=kinds).rows]


def test_the_notice_is_due_five_working_days_after_receipt_and_overdue_the_day_after(world: World) -> None:
    received(world)
    notice = clocks(world)[Clock.NOTICE]
    assert (notice.due, notice.amount, notice.open) == (day(5).date(), 5, True)
    assert overdue(world, day(5).date()) == []
    assert overdue(world, day(6).date(), Clock.NOTICE) == ["notice"]


def test_a_request_for_correction_stops_the_notice_and_the_correction_starts_it_anew(world: World) -> None:
    case = received(world)
    world.do(c.RequestCorrection(case_id=case, missing=("图纸",), until=day(4).date()), by=ACCEPTOR, at=day(1))
    found = clocks(world)
    assert (found[Clock.NOTICE].open, found[Clock.NOTICE].met_on) == (False, day(1).date())
    assert (found[Clock.CORRECTION].due, found[Clock.CORRECTION].missing) == (day(4).date(), ["图纸"])
    assert overdue(world, day(5).date()) == ["correction"]
    world.do(c.SubmitCorrection(case_id=case, materials=("图纸",)), by=APPLICANT, at=day(3))
    found = clocks(world)
    assert (found[Clock.CORRECTION].open, found[Clock.CORRECTION].met_on) == (False, day(3).date())
    assert (found[Clock.NOTICE].open, found[Clock.NOTICE].due) == (True, day(8).date())


def test_acceptance_starts_both_clocks_and_a_deemed_one_dates_back_to_the_receipt(world: World) -> None:
    case = received(world)
    world.do(c.DeemAccepted(case_id=case), by=PLATFORM, at=day(6))
    found = clocks(world)
    assert (found[Clock.STATUTORY].started_on, found[Clock.PROMISED].due) == (MONDAY.date(), day(10).date())
    assert (found[Clock.NOTICE].open, found[Clock.NOTICE].met_on) == (False, None)


def test_a_special_procedure_stops_both_clocks_and_an_extension_lengthens_them(world: World) -> None:
    case = examined(world)
    start = c.StartSpecialProcedure(
        case_id=case, procedure=SpecialProcedure.EXPERT_REVIEW, notice_no="N", planned_end=day(8).date()
    )
    world.do(start, by=EXAMINER, at=day(5))
    paused = clocks(world)[Clock.PROMISED]
    assert (paused.paused_on, paused.due) == (day(5).date(), day(14).date())
    assert overdue(world, date(2027, 1, 1), Clock.PROMISED, Clock.STATUTORY) == [], "a paused clock is never overdue"
    world.do(c.EndSpecialProcedure(case_id=case, result="通过"), by=EXAMINER, at=day(6))
    resumed = clocks(world)[Clock.PROMISED]
    assert (resumed.paused_on, resumed.due) == (None, day(12).date())
    extend = c.ExtendTimeLimit(
        case_id=case, days=5, approver=ApproverLevel.ORGAN_HEAD, reason="复杂", applicant_told_on=day(7).date()
    )
    world.do(extend, by=EXAMINER, at=day(7))
    assert clocks(world)[Clock.PROMISED].due == day(17).date()
    assert clocks(world)[Clock.STATUTORY].extended == 5


def test_a_grant_meets_both_clocks_and_starts_service_and_publication(world: World) -> None:
    case, _ = granted(world, decided_at=day(3))
    found = clocks(world)
    assert {k for k, row in found.items() if row.open} == {"delivery", "publicity"}
    assert (found[Clock.STATUTORY].met_on, found[Clock.PROMISED].met_on) == (day(3).date(),) * 2
    assert (found[Clock.DELIVERY].due, found[Clock.PUBLICITY].due) == (day(13).date(), day(10).date())
    world.do(c.IssueLicense(case_id=case, license_no="L-1"), by=DECIDER, at=day(4))
    world.do(c.DeliverLicense(case_id=case, how="邮寄"), by=DECIDER, at=day(4))
    world.do(c.PublishDecision(case_id=case, where="官网"), by=DECIDER, at=day(5))
    assert not [row for row in clocks(world).values() if row.open]


def test_tolerated_materials_are_due_until_all_of_them_came(world: World) -> None:
    item = terms(tolerance_allowed=True, commitment_allowed=True)
    case = received(world, item)
    tolerate = c.AcceptWithTolerance(case_id=case, document_no="1", missing=("甲", "乙"), until=day(4).date())
    world.do(tolerate, by=ACCEPTOR)
    world.do(c.ClearTolerance(case_id=case, materials=("甲",)), by=ACCEPTOR, at=day(1))
    found = clocks(world)[Clock.TOLERANCE]
    assert (found.open, found.missing, found.due) == (True, ["乙"], day(4).date())
    assert overdue(world, day(5).date(), Clock.TOLERANCE) == ["tolerance"]
    world.do(c.ClearTolerance(case_id=case, materials=("乙",)), by=ACCEPTOR, at=day(2))
    assert clocks(world)[Clock.TOLERANCE].met_on == day(2).date()


def test_a_commitment_is_due_until_its_check_was_reported(world: World) -> None:
    case = accepted(world, terms(commitment_allowed=True))
    world.do(c.FileCommitment(case_id=case, commitment="符合条件", check_by=day(9).date()), by=APPLICANT)
    assert overdue(world, day(10).date(), Clock.COMMITMENT) == ["commitment"]
    check = ReportFinding(
        organ=HOUSING, finding_no="F", kind=FindingKind.COMMITMENT_CHECK, subject=HOLDER, case_id=case,
        case_no="2026-0001", found_on=day(8).date(), statement="已核查", legal_basis="承诺书",
    )  # fmt: skip
    world.do(check, by=HOUSING_OFFICER, at=day(8))
    assert clocks(world)[Clock.COMMITMENT].met_on == day(8).date()


def test_an_ended_case_has_no_open_clock(world: World) -> None:
    case = accepted(world)
    world.do(c.WithdrawApplication(case_id=case, reason="撤回"), by=ACCEPTOR, at=day(1))
    assert not [row for row in clocks(world).values() if row.open]


def test_a_reported_case_of_a_known_item_has_its_clocks_too(world: World) -> None:
    item = world.offer(terms(promised_days=3))
    world.do(a_report(1, means=Means.ACCEPTED, item=item.item, occurred_at=MONDAY), by=reporter(), at=MONDAY)
    found = clocks(world)
    assert (found[Clock.PROMISED].due, found[Clock.STATUTORY].due) == (day(3).date(), day(20).date())
    world.do(a_report(2, means=Means.GRANTED, occurred_at=day(2)), by=reporter(), at=day(2))
    assert clocks(world)[Clock.PROMISED].met_on == day(2).date()


def test_a_clock_that_ends_in_a_year_without_a_calendar_is_shown_as_such_not_guessed(world: World) -> None:
    case = accepted(world, at=MONDAY.replace(year=2029))
    read = world.folded(Deadlines).read
    assert {row.clock for row in deadlines.without_due_date(read).rows} == {"statutory", "promised"}
    assert deadlines.due_before(read, date(2040, 1, 1)).rows == []
    assert {row.case_id for row in deadlines.without_due_date(read).rows} == {case}


def test_what_comes_next_and_what_is_overdue_are_paged_by_due_date(world: World) -> None:
    for number in range(4):
        case = examined(world, case_no=f"2026-{number:04}", at=day(number))
    grant(world, case, at=day(4))
    read = world.folded(Deadlines).read
    page = deadlines.due_before(read, date(2026, 6, 1), clocks=(Clock.PROMISED,), limit=2)
    assert [row.due for row in page.rows] == [day(10).date(), day(11).date()]
    rest = deadlines.due_before(read, date(2026, 6, 1), clocks=(Clock.PROMISED,), limit=2, cursor=page.next)
    assert ([row.due for row in rest.rows], rest.next) == ([day(12).date()], None)
    coming = deadlines.due_between(read, day(11).date(), day(12).date(), clocks=(Clock.PROMISED,))
    assert [row.case_no for row in coming.rows] == ["2026-0001", "2026-0002"]
    assert deadlines.due_between(read, day(11).date(), day(12).date(), organ="elsewhere").rows == []
