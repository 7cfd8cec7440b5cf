"""复核: an inspection of its own, chained to the one whose problems it looks at again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.joint_inspection.commands import (
    CheckIn,
    DropSiteVisit,
    IssueRectificationNotice,
    NoteReinspection,
    PlanReinspection,
    RecordInspectionResult,
    ReportRectified,
    reinspection_stream,
)
from domain.joint_inspection.facts import (
    InspectionCancelled,
    InspectionConcluded,
    InspectionFindingRecorded,
    InspectionInvited,
    InspectionPlanned,
    RectificationNoticeIssued,
    RectificationReported,
    ReinspectionNoted,
    SiteVisitDropped,
)
from domain.joint_inspection.refusals import NotInvitedToInspect, ProblemsRemain, ReinspectedInItsOwnVisit
from domain.joint_inspection.words import InspectionOutcome, InspectionResult, Reinspection, ReinspectionOutcome, Window
from domain.kernel.refusal import RoleMayNot
from domain.kernel.words import InspectionKind
from tests.domain.inspection_file import (
    ADD,
    BOTH,
    CANCEL,
    CANCELLED,
    CONFIRM,
    CREW,
    INVITED,
    MENDED,
    MOVE,
    NEED,
    NOTICE,
    PICTURE,
    RECTIFIED,
    REPORT,
    TELLS,
    THERE,
    THIS,
    TOLD,
    absent,
    again,
    checked_in,
    conclude,
    concluded,
    held,
    recorded,
)
from tests.specification import (
    ACCEPTOR,
    CASE,
    DECIDER,
    FIRE,
    FIRE_OFFICER,
    HEALTH,
    HEALTH_OFFICER,
    HOUSING,
    HOUSING_OFFICER,
    MONDAY,
    NEXT_MONDAY,
    OTHER_CASE,
    PLATFORM,
    SHOP,
    TUESDAY,
    WEDNESDAY,
    given,
)

CHILD = reinspection_stream(THIS, 1)
FOLLOWING = Reinspection(inspection_id=CHILD, round=1, site=SHOP, cases=(NEED,), lead=FIRE)
REPORTED = RECTIFIED.model_copy(update={"reinspection": FOLLOWING})
AWAITING = (*TOLD, REPORTED)
SOON = Window(first=date(2026, 3, 4), last=date(2026, 3, 6))
PLAN_AGAIN = PlanReinspection(
    cause=f"{THIS}:9", parent_id=THIS, kind=InspectionKind.SITE_VISIT, window=SOON, planned=FOLLOWING
)
OF_CHILD = TELLS | {"inspection_id": CHILD}
ONLY_HEALTH = (*THERE, recorded(FIRE), recorded(HEALTH, "无排烟"), NOTICE)


def note(outcome=ReinspectionOutcome.PASSED, rounds=1, of=CHILD) -> NoteReinspection:
    return NoteReinspection(inspection_id=THIS, reinspection_id=of, outcome=outcome, rounds=rounds)


def noted(outcome=ReinspectionOutcome.PASSED, rounds=1) -> ReinspectionNoted:
    return ReinspectionNoted(**TELLS, reinspection_id=CHILD, outcome=outcome, rounds=rounds)


def test_the_report_names_the_inspection_that_will_look_again():
    given(*TOLD).when(REPORT, by=ACCEPTOR, at=TUESDAY).then(REPORTED)


def test_only_who_found_problems_looks_again_and_leads_it():
    following = given(*ONLY_HEALTH).when(REPORT, by=ACCEPTOR).facts[0].reinspection
    assert (following.lead, following.cases[0].bodies) == (HEALTH, (HEALTH,))


def test_the_re_inspection_is_planned_in_a_stream_of_its_own_with_its_place_in_the_chain():
    decided = given().when(PLAN_AGAIN, by=PLATFORM, at=TUESDAY)
    decided.then(InspectionPlanned, InspectionInvited, InspectionInvited)
    planned, first, _ = decided.facts
    assert PLAN_AGAIN.stream == CHILD != THIS
    assert (planned.parent_id, planned.round, planned.window) == (THIS, 1, SOON)
    assert (first.parent_id, first.round) == (THIS, 1)
    assert "第 1 次复核" in planned.telling("zh")
    assert "re-inspection 1" in first.telling("en")


def test_planning_it_twice_is_once():
    planned = given().when(PLAN_AGAIN, by=PLATFORM, at=TUESDAY)
    planned.and_when(PLAN_AGAIN, by=PLATFORM, at=NEXT_MONDAY).nothing()


def test_a_platform_that_comes_to_it_late_still_plans_it_and_leaves_the_notice():
    planned = given().when(PLAN_AGAIN, by=PLATFORM, at=NEXT_MONDAY).facts[0]
    assert planned.window == Window(first=date(2026, 3, 10), last=date(2026, 3, 10))


def test_nobody_but_the_platform_plans_one():
    given().when(PLAN_AGAIN, by=DECIDER, at=TUESDAY).refused(RoleMayNot)


@pytest.mark.parametrize("by", [FIRE_OFFICER, HEALTH_OFFICER])
def test_nobody_looks_again_in_the_old_file(by):
    given(*AWAITING).when(again(), by=by).refused(ReinspectedInItsOwnVisit, round=1, inspection_id=CHILD)


def test_when_it_has_passed_the_one_before_passes_and_tells_how_long_the_chain_was():
    passed = concluded(reason="问题均已整改并复核。All problems are mended.", automatic=True, rounds=2)
    given(*AWAITING).when(note(rounds=2), by=PLATFORM).then(noted(rounds=2), passed)


def test_when_it_has_failed_the_one_before_has_failed():
    given(*AWAITING).when(note(ReinspectionOutcome.FAILED), by=PLATFORM).then(
        noted(ReinspectionOutcome.FAILED),
        concluded(InspectionOutcome.FAILED, reason="复核不通过。The re-inspection failed.", automatic=True, rounds=1),
    )


def test_when_it_was_cancelled_the_rectification_may_be_reported_anew_and_another_one_follows():
    decided = given(*AWAITING).when(note(ReinspectionOutcome.CANCELLED), by=PLATFORM)
    decided.then(noted(ReinspectionOutcome.CANCELLED))
    anew = decided.and_when(REPORT, by=ACCEPTOR).then(RectificationReported).facts[0].reinspection
    assert (anew.inspection_id, anew.round) == (reinspection_stream(THIS, 2), 1)


def test_an_absent_body_keeps_a_mended_site_from_passing_by_itself():
    past = (*INVITED, checked_in(FIRE), absent(HEALTH), recorded(FIRE, "通道被占"), NOTICE, REPORTED)
    decided = given(*past).when(note(), by=PLATFORM).then(noted())
    decided.and_when(conclude()).then(concluded(absent=(HEALTH,), rounds=1))


def test_it_is_noted_once_and_only_while_it_is_awaited():
    given(*AWAITING).when(note(of=OTHER_CASE), by=PLATFORM).nothing()
    given(*AWAITING, noted()).when(note(), by=PLATFORM).nothing()
    given(*TOLD).when(note(), by=PLATFORM).nothing()


def test_an_end_before_it_names_the_re_inspection_that_is_of_no_use_now():
    failed = given(*AWAITING).when(conclude(InspectionOutcome.FAILED)).facts[0]
    assert (failed.reinspection_id, failed.parent_id) == (CHILD, None)
    called_off = given(*AWAITING).when(CANCEL, by=PLATFORM).facts[0]
    assert called_off.reinspection_id == CHILD


def test_it_cannot_be_concluded_as_passed_while_the_re_inspection_is_awaited():
    given(*AWAITING).when(conclude()).refused(ProblemsRemain, bodies=BOTH)


def test_problems_found_again_chain_further():
    """The re-inspection itself: checked in, problems again, one notice, reported: a second link."""
    at = WEDNESDAY
    planned = given().when(PLAN_AGAIN, by=PLATFORM, at=TUESDAY)
    there = CheckIn(inspection_id=CHILD, place="柳园商场一层", picture=PICTURE, officers=CREW)
    wrong = RecordInspectionResult(
        inspection_id=CHILD, result=InspectionResult.PROBLEMS, problems=("仍无排烟",), officers=CREW
    )
    fine = RecordInspectionResult(inspection_id=CHILD, result=InspectionResult.PASSED, officers=CREW)
    notice = IssueRectificationNotice(inspection_id=CHILD, notice_no="整〔2026〕2号", rectify_by=date(2026, 3, 20))
    told = (
        planned.and_when(there, by=FIRE_OFFICER, at=at).and_when(there, by=HEALTH_OFFICER, at=at)
        .and_when(fine, by=FIRE_OFFICER, at=at).and_when(wrong, by=HEALTH_OFFICER, at=at)
        .and_when(notice, at=at).then(RectificationNoticeIssued)
    )  # fmt: skip
    report = ReportRectified(inspection_id=CHILD, statement="已加装排烟")
    following = told.and_when(report, by=ACCEPTOR, at=at).facts[0].reinspection
    assert (following.inspection_id, following.round) == (reinspection_stream(CHILD, 1), 2)
    assert (following.lead, following.cases[0].bodies) == (HEALTH, (HEALTH,))


def test_its_conclusion_names_the_one_before_it():
    planned = given().when(PLAN_AGAIN, by=PLATFORM, at=TUESDAY)
    there = CheckIn(inspection_id=CHILD, place="柳园商场一层", picture=PICTURE, officers=CREW)
    fine = RecordInspectionResult(inspection_id=CHILD, result=InspectionResult.PASSED, officers=CREW)
    at = WEDNESDAY
    ended = (
        planned.and_when(there, by=FIRE_OFFICER, at=at).and_when(there, by=HEALTH_OFFICER, at=at)
        .and_when(fine, by=FIRE_OFFICER, at=at).and_when(fine, by=HEALTH_OFFICER, at=at)
        .then(InspectionFindingRecorded, InspectionConcluded)
    )  # fmt: skip
    fact = ended.facts[1]
    assert (fact.parent_id, fact.round, fact.rounds, fact.outcome) == (THIS, 1, 0, InspectionOutcome.PASSED)


def test_a_rectification_reported_before_re_inspections_had_a_stream_is_looked_at_where_it_was_found():
    given(*MENDED).when(again(), by=FIRE_OFFICER).then(held(FIRE))


# 办件撤出


DROP = DropSiteVisit(inspection_id=THIS, case_id=OTHER_CASE, reason="申请人撤回申请")
SHARED = given(*INVITED).when(ADD)
TOGETHER = (*SHARED.past, *SHARED.facts)


def test_a_case_that_has_ended_leaves_and_the_bodies_that_only_it_needed_are_released():
    dropped = given(*TOGETHER).when(DROP, by=PLATFORM).then(SiteVisitDropped)
    fact = dropped.facts[0]
    assert (fact.need, fact.released, fact.case_ids) == (ADD.need, (HOUSING,), (CASE, OTHER_CASE))
    assert set(dropped.aggregate.needs) == {CASE}
    dropped.and_when(CONFIRM, by=HOUSING_OFFICER).refused(NotInvitedToInspect)


def test_nobody_takes_a_case_out_of_a_visit_by_hand():
    given(*TOGETHER).when(DROP, by=DECIDER).refused(RoleMayNot)


def test_leaving_twice_is_once():
    given(*TOGETHER).when(DROP, by=PLATFORM).and_when(DROP, by=PLATFORM).nothing()


def test_the_last_case_to_leave_cancels_the_visit_and_everybody_is_told():
    last = DropSiteVisit(inspection_id=THIS, case_id=CASE, reason="申请人撤回申请")
    given(*INVITED).when(last, by=PLATFORM).then(
        InspectionCancelled(**TELLS, bodies=BOTH, site=SHOP, reason="申请人撤回申请")
    )


def test_a_case_that_opened_the_visit_may_leave_too_and_the_others_go_on():
    first = DropSiteVisit(inspection_id=THIS, case_id=CASE, reason="申请人撤回申请")
    dropped = given(*TOGETHER).when(first, by=PLATFORM).then(SiteVisitDropped)
    assert dropped.facts[0].released == (HEALTH,)
    fact = dropped.and_when(MOVE).facts[0]
    assert (fact.case_id, fact.case_ids, fact.bodies) == (CASE, (OTHER_CASE,), (FIRE, HOUSING))


def test_a_body_that_is_there_already_is_not_released():
    past = (*TOGETHER, checked_in(HOUSING))
    assert given(*past).when(DROP, by=PLATFORM).facts[0].released == ()


def test_the_visit_passes_when_only_the_released_body_had_not_signed():
    past = (*TOGETHER, checked_in(FIRE), checked_in(HEALTH), recorded(FIRE), recorded(HEALTH))
    given(*past).when(DROP, by=PLATFORM, at=MONDAY + timedelta(days=1)).then(SiteVisitDropped, InspectionConcluded)


def test_nothing_leaves_a_visit_that_has_ended():
    given(*INVITED, CANCELLED).when(DROP, by=PLATFORM).nothing()
