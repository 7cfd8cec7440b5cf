"""办件听证: Articles 36 and 46 to 48, step by step, and what of them stands before a decision."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case import refusals as r
from domain.approval_case.words import CaseState, HearingState
from domain.kernel.words import HearingRule
from tests.domain.case_file import DENY, FILE, GRANT, STATUTORY_DUE, file_of, terms
from tests.specification import APPLICANT, CASE, DECIDER, EXAMINER, FRIDAY, MONDAY, PLATFORM, TUESDAY, given

S, H = CaseState, HearingState
EXAMINED = FILE[S.EXAMINED]
ON_REQUEST = file_of(terms(hearing=HearingRule.ON_REQUEST))[S.EXAMINED]
MANDATORY = file_of(terms(hearing=HearingRule.MANDATORY))[S.EXAMINED]
LAST_DAY_TO_ASK = date(2026, 3, 7)
HOLD_BY = STATUTORY_DUE
HELD_ON = date(2026, 3, 11)
DECISIONS = pytest.mark.parametrize("decide", [GRANT, DENY], ids=["grant", "denial"])

NOTICE = f.HearingNoticeGiven(
    notice_no="听告〔2026〕1号", parties=("甲公司", "乙公司"), reason="涉及相邻采光", ask_by=LAST_DAY_TO_ASK
)
GIVE_NOTICE = c.GiveHearingNotice(
    case_id=CASE, notice_no="听告〔2026〕1号", parties=("甲公司", "乙公司"), reason="涉及相邻采光"
)
REQUESTED = f.HearingRequested(party="甲公司", hold_by=HOLD_BY)
SCHEDULE = c.ScheduleHearing(
    case_id=CASE, held_on=HELD_ON, place="第一听证室", chair="chair-1", notice_no="听〔2026〕1号"
)
SCHEDULED = f.HearingScheduled(held_on=HELD_ON, place="第一听证室", chair="chair-1", notice_no="听〔2026〕1号")
HOLD = c.HoldHearing(case_id=CASE, minutes_no="笔录〔2026〕1号", signed_by=("甲公司", "chair-1"), conclusion="双方已陈述")
HELD = f.HearingHeld(
    minutes_no="笔录〔2026〕1号", chair="chair-1", signed_by=("甲公司", "chair-1"), conclusion="双方已陈述"
)
LAPSE = c.LapseHearing(case_id=CASE)


def ask(party: str = "甲公司"):
    return c.RequestHearing(case_id=CASE, party=party)


def waive(party: str):
    return c.WaiveHearing(case_id=CASE, party=party)


def with_minutes(decide, minutes_no: str | None = HELD.minutes_no):
    return decide.model_copy(update={"minutes_no": minutes_no})


# Interested parties (Article 36)

TELL = c.NotifyInterestedParty(
    case_id=CASE, party="乙公司", interest="相邻采光", notice_no="告〔2026〕2号", answer_by=FRIDAY.date()
)


@DECISIONS
def test_an_interested_party_is_heard_before_the_decision_or_its_time_passes(decide):
    told = given(*EXAMINED).when(TELL)
    told.then(f.InterestedPartyNotified(**TELL.model_dump(exclude={"case_id"})))
    told.and_when(decide, by=DECIDER, at=FRIDAY).refused(r.InterestedPartyNotHeard, party="乙公司")
    told.and_when(decide, by=DECIDER, at=FRIDAY + timedelta(1)).then(type_of(decide))
    heard = told.and_when(c.HearStatement(case_id=CASE, party="乙公司", statement="影响采光"))
    heard.then(f.StatementHeard(party="乙公司", statement="影响采光")).and_when(decide, by=DECIDER).then(type_of(decide))


def type_of(decide):
    return f.DecisionGranted if isinstance(decide, c.GrantLicense) else f.DecisionDenied


def test_a_party_is_not_told_to_answer_by_a_day_that_has_passed():
    late = TELL.model_copy(update={"answer_by": date(2026, 3, 1)})
    given(*EXAMINED).when(late).refused(r.DateHasPassed)


# The right to ask (Article 47)


def test_the_parties_are_told_that_they_may_ask_within_five_calendar_days():
    given(*EXAMINED).when(GIVE_NOTICE).then(NOTICE)


def test_a_party_that_was_told_asks_and_the_hearing_is_owed_within_twenty_working_days():
    asked = given(*EXAMINED, NOTICE).when(ask(), by=APPLICANT).then(REQUESTED)
    assert asked.aggregate.hearing.state is H.REQUESTED


def test_nobody_asks_who_was_not_told():
    given(*EXAMINED, NOTICE).when(ask("丙公司"), by=APPLICANT).refused(r.NotAPartyToTheHearing, party="丙公司")
    given(*EXAMINED, NOTICE).when(waive("丙公司"), by=APPLICANT).refused(r.NotAPartyToTheHearing)


def test_the_right_to_ask_ends_with_its_last_day():
    saturday, sunday = MONDAY + timedelta(5), MONDAY + timedelta(6)
    given(*EXAMINED, NOTICE).when(ask(), by=APPLICANT, at=saturday).then(f.HearingRequested)
    given(*EXAMINED, NOTICE).when(ask(), by=APPLICANT, at=sunday).refused(
        r.HearingAskedTooLate, ask_by=LAST_DAY_TO_ASK
    )
    given(*EXAMINED, NOTICE).when(LAPSE, by=PLATFORM, at=saturday).refused(r.HearingMayStillBeAsked)
    lapsed = given(*EXAMINED, NOTICE).when(LAPSE, by=PLATFORM, at=sunday)
    lapsed.then(f.HearingLapsed(ask_by=LAST_DAY_TO_ASK)).and_when(LAPSE, by=PLATFORM, at=sunday).nothing()


def test_a_hearing_is_waived_only_when_every_party_has_waived_it():
    one = given(*EXAMINED, NOTICE).when(waive("甲公司"), by=APPLICANT)
    one.then(f.HearingWaived(party="甲公司", by_all=False)).and_when(waive("甲公司"), by=APPLICANT).nothing()
    assert one.aggregate.hearing.state is H.NOTICED
    both = one.and_when(waive("乙公司"), by=APPLICANT).then(f.HearingWaived(party="乙公司", by_all=True))
    assert both.aggregate.hearing.state is H.WAIVED


# The hearing itself (Article 48)


def test_a_hearing_is_announced_seven_working_days_ahead():
    given(*EXAMINED, NOTICE, REQUESTED).when(SCHEDULE).then(SCHEDULED)
    sooner = SCHEDULE.model_copy(update={"held_on": date(2026, 3, 10)})
    given(*EXAMINED, NOTICE, REQUESTED).when(sooner).refused(r.HearingNoticeTooShort, earliest=HELD_ON)


def test_a_hearing_is_held_within_twenty_working_days_unless_that_can_no_longer_be():
    later = SCHEDULE.model_copy(update={"held_on": date(2026, 3, 31)})
    given(*EXAMINED, NOTICE, REQUESTED).when(later).refused(r.HearingTooLate, hold_by=HOLD_BY)
    overdue = SCHEDULE.model_copy(update={"held_on": date(2026, 4, 13)})
    given(*EXAMINED, NOTICE, REQUESTED).when(overdue, at=MONDAY + timedelta(30)).then(f.HearingScheduled)


def test_whoever_examined_the_case_does_not_chair_its_hearing():
    mine = SCHEDULE.model_copy(update={"chair": EXAMINER.id})
    given(*EXAMINED, NOTICE, REQUESTED).when(mine).refused(r.ExaminerMayNotChair, officer=EXAMINER.id)
    replace = c.ReplaceHearingChair(case_id=CASE, chair=EXAMINER.id, reason="原主持人回避")
    given(*EXAMINED, NOTICE, REQUESTED, SCHEDULED).when(replace).refused(r.ExaminerMayNotChair)


def test_whoever_verified_the_substance_does_not_chair_either():
    verified = f.SubstanceVerified(officers=("chair-1", "examiner-2"), how="实地", result="属实")
    given(*EXAMINED, verified, NOTICE, REQUESTED).when(SCHEDULE).refused(r.ExaminerMayNotChair, officer="chair-1")


def test_a_challenged_chair_is_replaced_with_the_reason():
    command = c.ReplaceHearingChair(case_id=CASE, chair="chair-2", reason="与申请人有亲属关系", challenged_by="乙公司")
    given(*EXAMINED, NOTICE, REQUESTED, SCHEDULED).when(command).then(
        f.HearingChairReplaced(chair="chair-2", was="chair-1", reason="与申请人有亲属关系", challenged_by="乙公司")
    )


def test_a_hearing_may_be_moved_with_the_same_notice_ahead():
    moved = SCHEDULE.model_copy(update={"held_on": date(2026, 3, 12)})
    again = given(*EXAMINED, NOTICE, REQUESTED, SCHEDULED).when(moved, at=TUESDAY).then(f.HearingScheduled)
    assert again.aggregate.hearing.held_on == date(2026, 3, 12)


def test_a_hearing_was_held_on_its_day_and_not_before():
    story = given(*EXAMINED, NOTICE, REQUESTED, SCHEDULED)
    story.when(HOLD, at=MONDAY + timedelta(8)).refused(r.HearingNotYet, held_on=HELD_ON)
    story.when(HOLD, at=MONDAY + timedelta(9)).then(HELD)


def test_the_steps_of_a_hearing_come_in_their_order():
    given(*EXAMINED).when(ask(), by=APPLICANT).refused(r.HearingOutOfOrder, state=H.NONE)
    given(*EXAMINED).when(SCHEDULE).refused(r.HearingOutOfOrder, state=H.NONE)
    given(*EXAMINED, NOTICE).when(GIVE_NOTICE).refused(r.HearingOutOfOrder, state=H.NOTICED)
    given(*EXAMINED, NOTICE, REQUESTED).when(HOLD).refused(r.HearingOutOfOrder, state=H.REQUESTED)
    given(*EXAMINED, NOTICE, REQUESTED, SCHEDULED, HELD).when(HOLD).refused(r.HearingOutOfOrder, state=H.HELD)


def test_a_hearing_that_was_not_held_in_time_is_noted_once():
    command = c.NoteHearingOverdue(case_id=CASE)
    story = given(*EXAMINED, NOTICE, REQUESTED)
    story.when(command, by=PLATFORM, at=MONDAY + timedelta(28)).nothing()
    noted = story.when(command, by=PLATFORM, at=MONDAY + timedelta(29)).then(f.HearingOverdue(hold_by=HOLD_BY))
    noted.and_when(command, by=PLATFORM, at=MONDAY + timedelta(29)).nothing()
    given(*EXAMINED, NOTICE, REQUESTED, SCHEDULED, HELD).when(command, by=PLATFORM, at=MONDAY + timedelta(29)).nothing()


def test_a_hearing_stops_no_clock_by_itself():
    held = given(*EXAMINED, NOTICE, REQUESTED, SCHEDULED).when(HOLD, at=MONDAY + timedelta(9))
    assert (held.aggregate.state, held.aggregate.pauses) == (S.EXAMINED, ())


# What stands before the decision


@DECISIONS
@pytest.mark.parametrize("so_far", [(NOTICE,), (NOTICE, REQUESTED), (NOTICE, REQUESTED, SCHEDULED)])
def test_nothing_is_decided_while_a_hearing_is_under_way(decide, so_far):
    given(*EXAMINED, *so_far).when(decide, by=DECIDER).refused(r.HearingOutstanding)


@DECISIONS
def test_an_item_with_a_hearing_on_request_is_not_decided_before_the_right_was_told(decide):
    given(*ON_REQUEST).when(decide, by=DECIDER).refused(r.HearingOutstanding, state=H.NONE)
    lapsed = f.HearingLapsed(ask_by=LAST_DAY_TO_ASK)
    given(*ON_REQUEST, NOTICE, lapsed).when(decide, by=DECIDER).then(type_of(decide))
    waived = (f.HearingWaived(party="甲公司", by_all=False), f.HearingWaived(party="乙公司", by_all=True))
    given(*ON_REQUEST, NOTICE, *waived).when(decide, by=DECIDER).then(type_of(decide))


@DECISIONS
def test_an_item_with_a_mandatory_hearing_is_not_decided_before_it_was_held_even_if_all_waive(decide):
    waived = (NOTICE, f.HearingWaived(party="甲公司", by_all=False), f.HearingWaived(party="乙公司", by_all=True))
    for so_far in ((), waived):
        given(*MANDATORY, *so_far).when(decide, by=DECIDER).refused(r.HearingOutstanding)
        given(*MANDATORY, *so_far).when(SCHEDULE).then(SCHEDULED)
    given(*MANDATORY, SCHEDULED, HELD).when(with_minutes(decide), by=DECIDER).then(type_of(decide))


@DECISIONS
def test_the_decision_follows_the_minutes_and_names_them(decide):
    story = given(*EXAMINED, NOTICE, REQUESTED, SCHEDULED, HELD)
    story.when(decide, by=DECIDER).refused(r.DecisionMustFollowMinutes, minutes_no=HELD.minutes_no)
    story.when(with_minutes(decide, "笔录〔2026〕9号"), by=DECIDER).refused(r.DecisionMustFollowMinutes)
    (fact,) = story.when(with_minutes(decide), by=DECIDER).then(type_of(decide)).facts
    assert fact.minutes_no == HELD.minutes_no


@DECISIONS
def test_no_decision_names_minutes_of_a_hearing_that_was_not_held(decide):
    given(*EXAMINED).when(with_minutes(decide), by=DECIDER).refused(r.NoSuchMinutes, minutes_no=HELD.minutes_no)
