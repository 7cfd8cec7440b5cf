"""What is due while others are heard, promises are open, and several procedures stop the clock at once."""

from __future__ import annotations

from datetime import date

import pytest
from cases import accepted, day, examined, grant, granted, received, terms
from world import World

from domain.approval_case import commands as c
from domain.approval_case.words import CaseState, CheckedPoint, Secrecy, Validity
from domain.kernel.words import SpecialProcedure, TolerableMaterial, ToleranceLapse
from projections import case_register, deadlines, integrity_board
from projections.case_register import CaseRegister
from projections.deadlines import Clock, DeadlineRow, Deadlines
from projections.integrity_board import IntegrityBoard
from tests.specification import ACCEPTOR, APPLICANT, DECIDER, EXAMINER, MONDAY, PLATFORM, SOURCE

P = SpecialProcedure


def clocks(world: World) -> dict[str, DeadlineRow]:
    read = world.folded(Deadlines).read
    (case,) = {stream for stream, made in world.streams.items() if made.NAME == "case"}
    return {row.clock: row for row in deadlines.of_case(read, case)}


def state(world: World, case) -> str:
    found = case_register.case(world.folded(CaseRegister).read, case)
    assert found is not None
    return found.state


def test_two_procedures_at_once_make_one_pause_that_ends_with_the_last(world: World) -> None:
    case = examined(world)
    for procedure, began in ((P.TESTING, day(1)), (P.EXPERT_REVIEW, day(2))):
        start = c.StartSpecialProcedure(case_id=case, procedure=procedure, notice_no="N", planned_end=day(6).date())
        world.do(start, by=EXAMINER, at=began)
    world.do(c.EndSpecialProcedure(case_id=case, result="合格", procedure=P.TESTING), by=EXAMINER, at=day(3))
    assert clocks(world)[Clock.PROMISED].paused_on == day(1).date()
    assert state(world, case) == CaseState.SUSPENDED
    world.do(c.EndSpecialProcedure(case_id=case, result="通过"), by=EXAMINER, at=day(4))
    found = clocks(world)[Clock.PROMISED]
    assert (found.paused_on, found.due) == (None, day(14).date())
    assert found.pauses == [[day(1).date().isoformat(), day(4).date().isoformat()]]
    assert state(world, case) == CaseState.EXAMINED


def test_the_right_to_a_hearing_and_the_hearing_itself_have_their_days(world: World) -> None:
    case = examined(world)
    notice = c.GiveHearingNotice(case_id=case, notice_no="N", parties=("甲公司",), reason="相邻采光")
    world.do(notice, by=EXAMINER)
    assert clocks(world)[Clock.HEARING_REQUEST].due == date(2026, 3, 7)
    world.do(c.RequestHearing(case_id=case, party="甲公司"), by=APPLICANT, at=day(1))
    found = clocks(world)
    assert (found[Clock.HEARING_REQUEST].open, found[Clock.HEARING].due) == (False, day(21).date())
    world.do(
        c.ScheduleHearing(case_id=case, held_on=day(10).date(), place="厅", chair="chair", notice_no="N"),
        by=EXAMINER, at=day(2),
    )  # fmt: skip
    world.do(
        c.HoldHearing(case_id=case, minutes_no="M", signed_by=("甲公司",), conclusion="已陈述"), by=EXAMINER, at=day(10)
    )
    assert clocks(world)[Clock.HEARING].met_on == day(10).date()


def test_a_right_that_nobody_used_and_a_hearing_that_nobody_held_lie_overdue_once(world: World) -> None:
    case = examined(world)
    world.do(c.GiveHearingNotice(case_id=case, notice_no="N", parties=("甲公司",), reason="相邻采光"), by=EXAMINER)
    read = world.folded(Deadlines).read
    assert [r.case_id for r in deadlines.due_before(read, day(5).date(), clocks=(Clock.HEARING_REQUEST,)).rows] == [case]
    world.do(c.LapseHearing(case_id=case), by=PLATFORM, at=day(5))
    read = world.folded(Deadlines).read
    assert deadlines.due_before(read, day(6).date(), clocks=(Clock.HEARING_REQUEST,)).rows == []


@pytest.mark.parametrize(
    ("outcome", "becomes"),
    [(ToleranceLapse.TERMINATE, "terminated"), (ToleranceLapse.WITHDRAW, "withdrawn"), (ToleranceLapse.DENY, "accepted")],
)
def test_what_a_lapsed_tolerance_leaves_open_depends_on_what_the_item_says(world: World, outcome, becomes) -> None:
    case = received(world, terms(tolerance_allowed=True, tolerance_lapse=outcome))
    tolerate = c.AcceptWithTolerance(case_id=case, document_no="1", missing=("甲",), until=day(4).date())
    world.do(tolerate, by=ACCEPTOR)
    world.do(c.LapseTolerance(case_id=case), by=PLATFORM, at=day(5))
    assert state(world, case) == becomes
    still_open = {kind for kind, row in clocks(world).items() if row.open}
    assert still_open == ({Clock.STATUTORY, Clock.PROMISED} if outcome is ToleranceLapse.DENY else set())


def test_a_denial_of_what_never_came_is_no_skipped_consultation(world: World) -> None:
    of = terms(tolerance_allowed=True, tolerance_lapse=ToleranceLapse.DENY, consult=terms().regulators)
    case = received(world, of)
    tolerate = c.AcceptWithTolerance(case_id=case, document_no="1", missing=("甲",), until=day(4).date())
    world.do(tolerate, by=ACCEPTOR)
    world.do(c.LapseTolerance(case_id=case), by=PLATFORM, at=day(5))
    deny = c.DenyLicense(case_id=case, document_no="D", reasons="容缺材料逾期未补齐,不符合条件", remedy_notice="可复议")
    world.do(deny, by=DECIDER, at=day(6))
    read = world.folded(IntegrityBoard).read
    assert integrity_board.flags(read, date(2026, 6, 1), rule="R39").rows == []


def test_materials_that_are_due_on_different_days_are_awaited_one_after_the_other(world: World) -> None:
    tolerable = (TolerableMaterial(name="甲", days=2), TolerableMaterial(name="乙"))
    case = received(world, terms(tolerance_allowed=True, tolerable=tolerable))
    world.do(c.AcceptWithTolerance(case_id=case, document_no="1", missing=("甲", "乙")), by=ACCEPTOR)
    assert clocks(world)[Clock.TOLERANCE].due == day(2).date()
    world.do(c.ClearTolerance(case_id=case, materials=("甲",)), by=ACCEPTOR, at=day(1))
    found = clocks(world)[Clock.TOLERANCE]
    assert (found.open, found.due, found.missing) == (True, day(10).date(), ["乙"])


def test_a_commitment_that_was_taken_back_is_not_checked_and_the_case_is_examined_anew(world: World) -> None:
    case = accepted(world, terms(commitment_allowed=True))
    world.do(c.FileCommitment(case_id=case, commitment="符合"), by=APPLICANT)
    world.do(c.AssignCase(case_id=case, examiner=EXAMINER.id), by=ACCEPTOR)
    world.do(c.RecordExaminationOpinion(case_id=case, opinion="pass", grounds="承诺"), by=EXAMINER)
    world.do(c.WithdrawCommitment(case_id=case, reason="有变"), by=APPLICANT, at=day(1))
    assert not clocks(world)[Clock.COMMITMENT].open
    assert state(world, case) == CaseState.EXAMINING


def test_a_decision_that_is_withheld_from_the_public_owes_no_publication(world: World) -> None:
    case, _ = granted(world)
    world.do(c.WithholdPublication(case_id=case, secrecy=Secrecy.PRIVACY, reason="隐私"), by=DECIDER, at=day(1))
    assert clocks(world)[Clock.PUBLICITY].met_on == day(1).date()


def test_a_machine_that_accepts_and_decides_is_no_officer_who_does_both(world: World) -> None:
    case = received(world, terms(machine_rule="规则 1"))
    machine = c.DecideByMachine(
        case_id=case, receipt_no="R", acceptance_no="A", document_no="D", content="准予",
        validity=Validity(valid_from=MONDAY.date()), rule_version="规则 1", points=(CheckedPoint(point="点", met=True),),
    )  # fmt: skip
    world.do(machine, by=SOURCE)
    assert state(world, case) == CaseState.GRANTED
    read = world.folded(IntegrityBoard).read
    for rule in ("R12", "R20"):
        assert integrity_board.flags(read, date(2026, 6, 1), rule=rule).rows == []


def test_a_provisional_approval_starts_no_clock_of_the_law_until_everything_came_and_was_accepted(world: World) -> None:
    case = received(world, terms(provisional_for=("土地证",)))
    begin = c.AcceptProvisionally(case_id=case, notice_no="M", outstanding=("土地证",), until=day(15).date())
    world.do(begin, by=ACCEPTOR, at=day(1))
    found = clocks(world)
    assert {kind for kind, row in found.items() if row.open} == {Clock.PROVISIONAL}
    assert (found[Clock.NOTICE].met_on, found[Clock.PROVISIONAL].due) == (day(1).date(), day(15).date())
    assert state(world, case) == CaseState.PROVISIONAL
    world.do(c.ExamineProvisionally(case_id=case, opinion="pass", grounds="符合"), by=EXAMINER, at=day(2))
    opinion = c.IssueProvisionalOpinion(case_id=case, opinion_no="M-1", content="可准予", valid_until=day(30).date())
    world.do(opinion, by=DECIDER, at=day(2))
    assert clocks(world)[Clock.PROVISIONAL].due == day(30).date()
    assert state(world, case) == CaseState.PROVISIONALLY_APPROVED
    world.do(c.SupplyOutstanding(case_id=case, materials=("土地证",)), by=APPLICANT, at=day(20))
    found = clocks(world)
    assert {kind for kind, row in found.items() if row.open} == {Clock.NOTICE}
    assert found[Clock.NOTICE].due == date(2026, 4, 7), "five working days, Qingming not counted"
    assert state(world, case) == CaseState.RECEIVED
    world.do(c.AcceptApplication(case_id=case, document_no="A"), by=ACCEPTOR, at=day(21))
    assert clocks(world)[Clock.STATUTORY].started_on == day(21).date()
    assert state(world, case) == CaseState.ACCEPTED


def test_a_provisional_approval_that_lapsed_leaves_no_clock_open(world: World) -> None:
    case = received(world, terms(provisional_for=("土地证",)))
    begin = c.AcceptProvisionally(case_id=case, notice_no="M", outstanding=("土地证",), until=day(5).date())
    world.do(begin, by=ACCEPTOR, at=day(1))
    read = world.folded(Deadlines).read
    assert [r.case_id for r in deadlines.due_before(read, day(6).date(), clocks=(Clock.PROVISIONAL,)).rows] == [case]
    world.do(c.LapseProvisional(case_id=case), by=PLATFORM, at=day(6))
    assert not [row for row in clocks(world).values() if row.open]
    assert state(world, case) == CaseState.TERMINATED


LIMITED = terms(limited_number=True)


def queue_jumps(world: World):
    return integrity_board.flags(world.folded(IntegrityBoard).read, date(2026, 6, 1), rule="R37").rows


def test_whoever_was_accepted_later_is_not_granted_first_where_the_number_is_limited(world: World) -> None:
    first = examined(world, LIMITED, case_no="2026-0001")
    second = examined(world, LIMITED, case_no="2026-0002", at=day(1))
    grant(world, second, at=day(2))
    (found,) = queue_jumps(world)
    assert (found.case_no, found.severity) == ("2026-0002", "yellow")
    assert "2026-0001" in found.zh
    assert "2026-0001" in found.en
    grant(world, first, at=day(3))
    assert len(queue_jumps(world)) == 1, "the flag stays: it was overtaken"


def test_whoever_was_accepted_first_is_granted_first(world: World) -> None:
    for number in (1, 2):
        grant(world, examined(world, LIMITED, case_no=f"2026-{number:04}", at=day(number)), at=day(number))
    assert queue_jumps(world) == []


def test_nobody_is_overtaken_who_left_or_waits_in_a_special_procedure_or_where_numbers_are_not_limited(world: World) -> None:
    left = examined(world, LIMITED, case_no="2026-0001")
    world.do(c.WithdrawApplication(case_id=left, reason="撤回"), by=APPLICANT, at=day(1))
    paused = examined(world, LIMITED, case_no="2026-0002")
    start = c.StartSpecialProcedure(case_id=paused, procedure=P.TESTING, notice_no="N", planned_end=day(9).date())
    world.do(start, by=EXAMINER, at=day(1))
    grant(world, examined(world, LIMITED, case_no="2026-0003", at=day(1)), at=day(2))
    free = terms(item="370100-0002")
    examined(world, free, case_no="2026-0004")
    grant(world, examined(world, free, case_no="2026-0005", at=day(1)), at=day(2))
    assert queue_jumps(world) == []
