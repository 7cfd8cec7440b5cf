"""联合踏勘: one specification per row of its table of states and per refusal; the hour, the kinds, the chain and absence
have files of their own."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from domain.joint_inspection.commands import AddSiteVisit, ProposeSlots
from domain.joint_inspection.facts import (
    AttendanceConfirmed,
    InspectionAbsenceNoted,
    InspectionCancelled,
    InspectionConcluded,
    InspectionFindingRecorded,
    InspectionInvited,
    InspectionPlanned,
    InspectionRescheduled,
    RectificationReported,
    SiteVisitAdded,
)
from domain.joint_inspection.refusals import (
    JoinedOtherwise,
    NoProblemOfYours,
    NotCheckedIn,
    NothingToRectify,
    NoticeAlreadyIssued,
    NoticeTooShort,
    NotInvitedToInspect,
    PlannedOtherwise,
    ProblemsRemain,
    ProblemsUnclear,
    ResultsMissing,
    TooFewOfficers,
    VisitNotOver,
)
from domain.joint_inspection.words import (
    InspectionOutcome,
    InspectionResult,
    InspectionState,
    SiteVisitNeed,
    Slot,
    Window,
)
from domain.kernel.channel import Channel
from domain.kernel.event import Event, addressees, ordered_by
from domain.kernel.refusal import OutOfOrder, RoleMayNot, UnknownStream
from domain.kernel.words import Body, Site
from domain.policies.reinspect_when_rectified import ReinspectWhenRectified
from tests.domain.inspection_file import (
    ADD,
    BOTH,
    CANCEL,
    CANCELLED,
    CAUSE,
    CONFIRM,
    CONFIRMED,
    INVITED,
    ISSUE,
    LATER,
    MENDED,
    MOVE,
    NEED,
    NOTE,
    NOTICE,
    OF_THIS,
    PLAN,
    PLANNED,
    RECTIFIED,
    REPORT,
    TELLS,
    THERE,
    THIS,
    TOLD,
    WINDOW,
    WRONG,
    absent,
    again,
    check_in,
    checked_in,
    conclude,
    concluded,
    held,
    invited,
    recorded,
    result,
)
from tests.entered_rules import closed
from tests.specification import (
    ACCEPTOR,
    BUREAU,
    CASE,
    CASE_NO,
    DECIDER,
    EXAMINER,
    FIRE,
    FIRE_OFFICER,
    FRIDAY,
    HEALTH,
    HEALTH_OFFICER,
    HOUSING,
    HOUSING_OFFICER,
    MONDAY,
    NEXT_MONDAY,
    OTHER_CASE,
    OTHER_CASE_NO,
    PLATFORM,
    SHOP,
    TUESDAY,
    WEDNESDAY,
    given,
    officer_of,
)

# 计划与邀请


def test_a_plan_invites_every_body_once_the_lead_first():
    given().when(PLAN, by=PLATFORM).then(PLANNED, invited(FIRE), invited(HEALTH))


def test_a_lead_that_no_case_names_is_invited_too():
    plan = PLAN.model_copy(update={"lead": HOUSING})
    decided = given().when(plan)
    assert [fact.body for fact in decided.facts[1:]] == [HOUSING, FIRE, HEALTH]


def test_bodies_that_several_cases_need_are_invited_to_one_visit():
    both = PLAN.model_copy(update={"cases": (NEED, ADD.need)})
    decided = given().when(both).then(InspectionPlanned, *[InspectionInvited] * 3)
    assert [(fact.body, fact.case_nos) for fact in decided.facts[1:]] == [
        (FIRE, (CASE_NO, OTHER_CASE_NO)), (HEALTH, (CASE_NO,)), (HOUSING, (OTHER_CASE_NO,)),
    ]  # fmt: skip
    assert {fact.case_ids for fact in decided.facts} == {(CASE, OTHER_CASE)}


def test_a_window_that_leaves_no_notice_is_refused():
    today = Window(first=MONDAY.date(), last=MONDAY.date())
    given().when(PLAN.model_copy(update={"window": today})).refused(NoticeTooShort, earliest=date(2026, 3, 3))


def test_a_weekend_is_no_notice():
    weekend = Window(first=date(2026, 3, 7), last=date(2026, 3, 8))
    given().when(PLAN.model_copy(update={"window": weekend}), at=FRIDAY).refused(
        NoticeTooShort, earliest=date(2026, 3, 9)
    )


JINAN = Site(region="370102", address="历下区 1 号")
OF_LIAOCHENG = Body(code="11371500MB2862819G", name="聊城市消防救援支队")


@pytest.mark.parametrize(
    ("lead", "site", "where", "moved"),
    [
        (FIRE, SHOP, SHOP.region, True),  # a lead without an identifier: where the site lies
        (FIRE, SHOP, JINAN.region, False),
        (OF_LIAOCHENG, JINAN, "371500", True),  # the lead's own place
        (OF_LIAOCHENG, JINAN, JINAN.region, False),
    ],
)
def test_a_closure_at_the_place_moves_every_duty_of_the_visit_and_one_elsewhere_does_not(
    lead, site, where, moved, tmp_path: Path
):
    next_day, in_two, in_three = (date(2026, 3, d) for d in ((5, 6, 9) if moved else (3, 4, 5)))
    need = NEED.model_copy(update={"bodies": (lead,)})
    friday = Slot(day=FRIDAY.date(), begins=time(9), minutes=60)
    plan = PLAN.model_copy(
        update={"lead": lead, "site": site, "cases": (need,), "window": Window(first=in_two, last=friday.day)}
    )
    by = officer_of(lead)
    with closed(tmp_path, where):
        planned = given().when(plan, by=PLATFORM)
        assert planned.facts[1].not_before == next_day
        assert planned.and_when(ProposeSlots(inspection_id=THIS, slots=(friday,)), by=by).facts[0].answer_by == next_day
        there = planned.and_when(check_in(), by=by)
        assert there.facts[0].result_due_on == in_two
        wrong = there.and_when(result("通道被占"), by=by).and_when(ISSUE)
        mended = wrong.and_when(REPORT, by=ACCEPTOR).facts[0]
        assert mended.reinspect_by == in_three
        short = plan.model_copy(update={"window": Window(first=TUESDAY.date(), last=WEDNESDAY.date())})
        decided = given().when(short, by=PLATFORM)
        assert (decided.refusal is not None) == moved
        (again,) = ReinspectWhenRectified().react(mended)
        assert again.window == Window(first=next_day, last=in_three)
        chained = given().when(again, by=PLATFORM)
        assert chained.facts[1].not_before == next_day


def test_a_window_may_not_end_before_it_begins():
    with pytest.raises(ValidationError, match="踏勘时段"):
        Window(first=date(2026, 3, 5), last=date(2026, 3, 4))


def test_the_same_cause_plans_only_one_visit():
    given(*INVITED).when(PLAN, by=PLATFORM, at=NEXT_MONDAY).nothing()


def test_the_same_cause_with_another_plan_is_refused():
    given(*INVITED).when(PLAN.model_copy(update={"lead": HEALTH})).refused(PlannedOtherwise, cause=CAUSE)


# 并入


def test_another_case_joins_the_visit_and_its_new_bodies_are_invited():
    joined = {"case_ids": (CASE, OTHER_CASE)}
    given(*INVITED).when(ADD, by=PLATFORM).then(
        SiteVisitAdded(**OF_THIS | joined, need=ADD.need, bodies=(FIRE, HOUSING)),
        invited(HOUSING, OTHER_CASE_NO, **joined),
    )


def test_joining_twice_is_once():
    given(*INVITED).when(ADD).and_when(ADD).nothing()


def test_a_case_that_joined_with_other_bodies_is_refused():
    given(*INVITED).when(
        AddSiteVisit(inspection_id=THIS, need=SiteVisitNeed(case_id=CASE, case_no=CASE_NO, bodies=(HOUSING,)))
    ).refused(JoinedOtherwise, case_no=CASE_NO)


def test_new_bodies_get_their_notice_too():
    given(*INVITED).when(ADD, at=MONDAY + timedelta(days=3)).refused(NoticeTooShort, last=WINDOW.last)


def test_nobody_joins_a_visit_that_has_begun():
    given(*INVITED, checked_in(FIRE)).when(ADD).refused(OutOfOrder, state=InspectionState.CHECKED_IN)


# 确认与改期


def test_an_invited_body_confirms_its_attendance():
    given(*INVITED).when(CONFIRM, by=FIRE_OFFICER).then(AttendanceConfirmed(**TELLS, body=FIRE))


def test_the_visit_is_confirmed_when_all_have_confirmed():
    one = given(*INVITED).when(CONFIRM, by=FIRE_OFFICER)
    assert one.aggregate.state is InspectionState.INVITED
    assert one.and_when(CONFIRM, by=HEALTH_OFFICER).aggregate.state is InspectionState.CONFIRMED


def test_confirming_twice_is_once():
    given(*CONFIRMED).when(CONFIRM, by=FIRE_OFFICER).nothing()


@pytest.mark.parametrize("command", [CONFIRM, check_in(), result()])
def test_a_body_that_was_not_invited_is_refused(command):
    given(*INVITED).when(command, by=HOUSING_OFFICER).refused(NotInvitedToInspect, organ=HOUSING.code)


def test_a_moved_visit_is_told_to_everybody_and_confirmed_again():
    moved = (
        given(*CONFIRMED)
        .when(MOVE)
        .then(InspectionRescheduled(**OF_THIS, bodies=BOTH, site=SHOP, old=WINDOW, window=LATER, reason="暴雨"))
    )
    moved.and_when(CONFIRM, by=FIRE_OFFICER).then(AttendanceConfirmed)


def test_moving_to_the_same_window_is_nothing():
    given(*INVITED).when(MOVE.model_copy(update={"window": WINDOW})).nothing()


def test_a_moved_visit_keeps_the_notice():
    given(*INVITED).when(MOVE, at=MONDAY + timedelta(days=8)).refused(NoticeTooShort)


def test_a_visit_whose_lead_is_there_can_no_longer_be_moved():
    given(*INVITED, checked_in(FIRE)).when(MOVE).refused(OutOfOrder, state=InspectionState.CHECKED_IN)


def test_a_visit_whose_lead_stayed_away_can_still_be_moved():
    given(*INVITED, checked_in(HEALTH)).when(MOVE).then(InspectionRescheduled)


# 签到与意见


def test_a_body_checks_in_with_place_picture_and_officers():
    given(*CONFIRMED).when(check_in(), by=FIRE_OFFICER, at=TUESDAY).then(checked_in(FIRE))


def test_a_check_in_outside_the_window_is_recorded_as_such():
    given(*INVITED).when(check_in(), by=FIRE_OFFICER, at=FRIDAY).then(
        checked_in(FIRE, in_window=False, due=date(2026, 3, 10))
    )


def test_checking_in_twice_is_once():
    given(*THERE).when(check_in(), by=FIRE_OFFICER, at=TUESDAY).nothing()


def test_a_second_officer_who_comes_later_is_added_by_checking_in_again():
    given(*INVITED, checked_in(FIRE, ("张三",))).when(check_in(), by=FIRE_OFFICER, at=TUESDAY).then(checked_in(FIRE))


def test_a_body_signs_its_own_result():
    given(*THERE).when(result("通道被占"), by=FIRE_OFFICER).then(recorded(FIRE, "通道被占"))


def test_the_approving_side_signs_when_it_is_among_the_invited():
    given(PLANNED, invited(FIRE), invited(BUREAU), checked_in(FIRE), checked_in(BUREAU)).when(
        result("面积不符"), by=EXAMINER
    ).then(recorded(BUREAU, "面积不符"))


def test_a_body_that_is_not_there_may_not_sign():
    given(*INVITED, checked_in(FIRE)).when(result(), by=HEALTH_OFFICER).refused(NotCheckedIn, organ=HEALTH.code)


@pytest.mark.parametrize("officers", [("张三",), ("张三", "张三")])
def test_no_result_counts_while_the_lead_has_fewer_than_two_officers(officers):
    past = (*INVITED, checked_in(FIRE, officers), checked_in(HEALTH))
    given(*past).when(result(), by=HEALTH_OFFICER).refused(TooFewOfficers, present=1, needed=2)


def test_no_result_counts_while_the_lead_is_not_there():
    given(*INVITED, checked_in(HEALTH)).when(result(), by=HEALTH_OFFICER).refused(TooFewOfficers, present=0)


@pytest.mark.parametrize(
    "unclear", [result(result=InspectionResult.PROBLEMS), result("通道被占", result=InspectionResult.PASSED)]
)
def test_problems_are_listed_exactly_when_there_are_any(unclear):
    given(*THERE).when(unclear, by=FIRE_OFFICER).refused(ProblemsUnclear)


def test_the_same_result_delivered_twice_is_one():
    given(*THERE, recorded(FIRE, "通道被占")).when(result("通道被占"), by=FIRE_OFFICER).nothing()


def test_a_changed_result_supersedes_the_first_and_both_are_kept():
    given(*THERE, recorded(FIRE, "通道被占")).when(result("标志缺失"), by=FIRE_OFFICER).then(
        recorded(FIRE, "标志缺失", supersedes=6)
    )


def test_it_concludes_by_itself_when_every_body_passed_it():
    given(*THERE, recorded(FIRE)).when(result(), by=HEALTH_OFFICER).then(
        recorded(HEALTH), concluded(reason="各部门均签署符合要求。All bodies signed as passed.", automatic=True)
    )


def test_it_does_not_conclude_by_itself_while_a_body_is_absent():
    given(*INVITED, checked_in(FIRE), absent(HEALTH)).when(result(), by=FIRE_OFFICER).then(recorded(FIRE))


# 整改


def test_all_problems_of_all_bodies_are_told_once_in_writing():
    given(*WRONG).when(ISSUE).then(NOTICE)


def test_a_second_notice_is_refused():
    given(*TOLD).when(ISSUE).refused(NoticeAlreadyIssued, notice_no="整〔2026〕1号")
    given(*MENDED).when(ISSUE).refused(NoticeAlreadyIssued)


def test_no_notice_before_every_body_has_signed():
    given(*THERE, recorded(FIRE, "通道被占")).when(ISSUE).refused(ResultsMissing, bodies=(HEALTH,))


def test_no_notice_without_a_problem():
    given(*INVITED, checked_in(FIRE), absent(HEALTH), recorded(FIRE)).when(ISSUE).refused(NothingToRectify)


def test_no_notice_before_anybody_signed():
    given(*THERE).when(ISSUE).refused(OutOfOrder, state=InspectionState.CHECKED_IN)


def test_the_bodies_that_found_problems_are_asked_to_look_again():
    fact = given(*TOLD).when(REPORT, by=ACCEPTOR, at=TUESDAY).then(RectificationReported).facts[0]
    assert (fact.bodies, fact.statement, fact.reinspect_by) == (BOTH, "已整改", date(2026, 3, 6))


def test_only_they_are_asked():
    past = (*THERE, recorded(FIRE, "通道被占"), recorded(HEALTH), NOTICE)
    fact = given(*past).when(REPORT, by=ACCEPTOR).facts[0]
    assert addressees(type(fact), dict(fact)) == (FIRE.code,)


def test_reporting_twice_is_once():
    given(*MENDED).when(REPORT, by=ACCEPTOR).nothing()


def test_nothing_is_reported_as_mended_before_the_notice():
    given(*WRONG).when(REPORT, by=ACCEPTOR).refused(OutOfOrder, state=InspectionState.FINDINGS_RECORDED)


def test_a_body_looks_again_and_signs():
    given(*MENDED).when(again(), by=FIRE_OFFICER).then(held(FIRE))


def test_looking_again_twice_is_once():
    given(*MENDED, held(FIRE)).when(again(), by=FIRE_OFFICER).nothing()


def test_it_passes_by_itself_when_all_problems_are_mended():
    given(*MENDED, held(FIRE)).when(again(), by=HEALTH_OFFICER).then(
        held(HEALTH), concluded(reason="问题均已整改并复核。All problems are mended.", automatic=True)
    )


def test_it_does_not_pass_while_a_problem_remains():
    given(*MENDED, held(FIRE)).when(again("仍无排烟"), by=HEALTH_OFFICER).then(held(HEALTH, "仍无排烟"))


def test_a_body_without_problems_has_nothing_to_look_at_again():
    past = (*THERE, recorded(FIRE, "通道被占"), recorded(HEALTH), NOTICE, RECTIFIED)
    given(*past).when(again(), by=HEALTH_OFFICER).refused(NoProblemOfYours, organ=HEALTH.code)


def test_nobody_looks_again_before_it_is_reported_as_mended():
    given(*TOLD).when(again(), by=FIRE_OFFICER).refused(OutOfOrder, state=InspectionState.RECTIFICATION_ISSUED)


def test_nothing_new_is_found_after_the_notice():
    given(*TOLD).when(result("又一个问题"), by=FIRE_OFFICER).refused(
        OutOfOrder, state=InspectionState.RECTIFICATION_ISSUED
    )


# 结论


@pytest.mark.parametrize("past", [WRONG, TOLD, MENDED, (*MENDED, held(FIRE), held(HEALTH, "仍无排烟"))])
def test_a_person_concludes_that_it_failed(past):
    given(*past).when(conclude(InspectionOutcome.FAILED)).then(concluded(InspectionOutcome.FAILED))


def test_it_cannot_be_concluded_as_passed_while_problems_remain():
    given(*MENDED, held(FIRE)).when(conclude()).refused(ProblemsRemain, bodies=(HEALTH,))


def test_it_cannot_be_concluded_while_a_body_that_was_there_has_not_signed():
    given(*THERE, recorded(FIRE)).when(conclude()).refused(ResultsMissing, bodies=(HEALTH,))


def test_absence_is_no_consent_but_a_person_may_conclude_over_it_and_it_is_named():
    past = (*INVITED, checked_in(FIRE), absent(HEALTH), recorded(FIRE))
    given(*past).when(conclude()).then(concluded(absent=(HEALTH,)))


def test_an_absent_body_keeps_a_mended_site_from_passing_by_itself():
    past = (*INVITED, checked_in(FIRE), absent(HEALTH), recorded(FIRE, "通道被占"), NOTICE, RECTIFIED)
    given(*past).when(again(), by=FIRE_OFFICER).then(held(FIRE)).and_when(conclude()).then(concluded(absent=(HEALTH,)))


def test_nothing_is_concluded_before_the_visit():
    given(*INVITED).when(conclude()).refused(OutOfOrder, state=InspectionState.INVITED)


def test_a_regulator_does_not_conclude_for_all():
    given(*WRONG).when(conclude(), by=FIRE_OFFICER).refused(RoleMayNot)


# 缺席、取消


def test_who_did_not_come_is_noted_after_the_window():
    given(*CONFIRMED, checked_in(FIRE)).when(NOTE, by=PLATFORM, at=FRIDAY).then(absent(HEALTH, confirmed=True))
    given(*INVITED).when(NOTE, by=PLATFORM, at=FRIDAY).then(absent(FIRE), absent(HEALTH))


def test_an_absent_body_is_noted_once():
    given(*INVITED, absent(FIRE), absent(HEALTH)).when(NOTE, by=PLATFORM, at=NEXT_MONDAY).nothing()


def test_nobody_is_absent_on_the_last_day_of_the_window():
    given(*INVITED).when(NOTE, by=PLATFORM, at=MONDAY + timedelta(days=3)).refused(VisitNotOver, last=WINDOW.last)


def test_a_timer_that_comes_after_the_conclusion_finds_nothing_to_note():
    given(*THERE, concluded()).when(NOTE, by=PLATFORM, at=FRIDAY).nothing()


def test_absence_is_counted_anew_for_a_moved_visit():
    moved = given(*INVITED, absent(FIRE), absent(HEALTH)).when(MOVE, at=FRIDAY)
    moved.and_when(NOTE, by=PLATFORM, at=MONDAY + timedelta(days=9)).then(
        *(InspectionAbsenceNoted(**OF_THIS, body=body, window=LATER, confirmed=False) for body in BOTH)
    )


def test_a_body_that_came_late_is_no_longer_absent_and_signs():
    past = (*INVITED, checked_in(FIRE), absent(HEALTH), recorded(FIRE))
    late = given(*past).when(check_in(), by=HEALTH_OFFICER, at=FRIDAY)
    late.and_when(conclude(), at=FRIDAY).refused(ResultsMissing, bodies=(HEALTH,))
    late.and_when(result(), by=HEALTH_OFFICER, at=FRIDAY).then(InspectionFindingRecorded, InspectionConcluded)


@pytest.mark.parametrize("past", [INVITED, CONFIRMED, THERE, WRONG, TOLD, MENDED])
def test_a_visit_nobody_needs_any_more_is_cancelled_and_everybody_is_told(past):
    given(*past).when(CANCEL, by=PLATFORM).then(
        InspectionCancelled(**TELLS, bodies=BOTH, site=SHOP, reason="申请人撤回申请")
    )


def test_cancelling_twice_is_once():
    given(*INVITED, CANCELLED).when(CANCEL).nothing()


@pytest.mark.parametrize("outcome", InspectionOutcome)
def test_what_was_concluded_cannot_be_cancelled(outcome):
    given(*WRONG, concluded(outcome)).when(CANCEL).refused(OutOfOrder, state=InspectionState(outcome.value))


@pytest.mark.parametrize(
    ("command", "by"),
    [
        (ADD, PLATFORM), (MOVE, DECIDER), (CONFIRM, FIRE_OFFICER), (check_in(("王五",)), FIRE_OFFICER),
        (result("通道被占"), FIRE_OFFICER), (ISSUE, EXAMINER), (REPORT, ACCEPTOR), (again("无"), FIRE_OFFICER),
        (conclude(), DECIDER),
    ],
)  # fmt: skip
def test_what_has_ended_takes_nothing_more(command, by):
    given(*INVITED, checked_in(FIRE), CANCELLED).when(command, by=by, at=WEDNESDAY).refused(
        OutOfOrder, state=InspectionState.CANCELLED
    )


def test_nobody_comes_to_a_visit_that_does_not_exist():
    given().when(check_in(), by=FIRE_OFFICER).refused(UnknownStream)


@pytest.mark.parametrize(
    ("fact", "told"),
    [
        (invited(FIRE), (FIRE.code,)),
        (SiteVisitAdded(**OF_THIS, need=ADD.need, bodies=ADD.need.bodies), (FIRE.code, HOUSING.code)),
        (absent(HEALTH), (HEALTH.code,)),
        (concluded(), (FIRE.code, HEALTH.code)),
        (NOTICE, (FIRE.code, HEALTH.code)),
        (CANCELLED, (FIRE.code, HEALTH.code)),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, Event) else "",
)
def test_every_body_is_told_in_the_order_of_the_first_case(fact: Event, told):
    assert type(fact).CHANNEL is Channel.INTERACTION
    assert addressees(type(fact), dict(fact)) == told
    assert ordered_by(type(fact), dict(fact), THIS) == str(CASE)
