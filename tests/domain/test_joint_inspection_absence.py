"""缺席与逾期: absence is no consent unless a told clause says so, never in a matter of safety; who stayed away asks for nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.joint_inspection.commands import NoteResultOverdue, RequestAnotherVisit
from domain.joint_inspection.facts import (
    AnotherVisitRequested,
    InspectionAbsenceDeemed,
    InspectionAbsenceNoted,
    InspectionFindingRecorded,
    InspectionInvited,
    InspectionResultOverdue,
    SiteVisitAdded,
)
from domain.joint_inspection.refusals import AbsenteeMayNotAskAgain, NotCheckedIn, ResultNotYetDue
from domain.joint_inspection.words import SiteVisitNeed
from domain.rules.deeming import DeemingClause
from tests.domain.inspection_file import (
    INVITED,
    NEED,
    NOTE,
    OF_THIS,
    OPINION_DUE,
    PLAN,
    PLANNED,
    THERE,
    THIS,
    WINDOW,
    absent,
    check_in,
    checked_in,
    conclude,
    concluded,
    recorded,
    result,
)
from tests.specification import (
    CASE,
    FIRE,
    FIRE_OFFICER,
    FRIDAY,
    HEALTH,
    HEALTH_OFFICER,
    MONDAY,
    NEXT_MONDAY,
    OTHER_CASE,
    OTHER_CASE_NO,
    PLATFORM,
    TUESDAY,
    given,
)

CLAUSE = "《聊城市联合踏勘办法》第七条"
TOLD_CLAUSE = tuple(
    fact.model_copy(update={"absence_clause": CLAUSE}) if isinstance(fact, InspectionInvited) else fact
    for fact in INVITED
)
SAFE_NEED = NEED.model_copy(update={"safety": True})
ASK = RequestAnotherVisit(inspection_id=THIS, reason="配电间未开放,未能查看")


def deemed(body) -> InspectionAbsenceDeemed:
    return InspectionAbsenceDeemed(**OF_THIS, body=body, window=WINDOW, clause=CLAUSE)


def asked(body=FIRE, reason=ASK.reason) -> AnotherVisitRequested:
    return AnotherVisitRequested(**OF_THIS, lead=FIRE, body=body, reason=reason)


@pytest.fixture
def city_with_clause(monkeypatch):
    """A city that has turned the practice on, for the health commission alone."""
    clause = DeemingClause(CLAUSE, organs=(HEALTH.code,), regions=("371500",))
    monkeypatch.setattr("domain.kernel.deeming.deeming_clauses", lambda key, on: (clause,))


def test_no_clause_is_in_force_as_the_platform_is_shipped():
    assert {fact.absence_clause for fact in given().when(PLAN, by=PLATFORM).facts[1:]} == {None}


@pytest.mark.usefixtures("city_with_clause")
def test_a_body_is_told_in_its_invitation_under_which_clause_its_absence_counts():
    _, fire, health = given().when(PLAN, by=PLATFORM).facts
    assert (fire.absence_clause, health.absence_clause) == (None, CLAUSE)
    assert CLAUSE in health.telling("zh")
    assert CLAUSE in health.telling("en")


@pytest.mark.usefixtures("city_with_clause")
def test_in_a_matter_of_safety_no_clause_is_told():
    plan = PLAN.model_copy(update={"cases": (SAFE_NEED,)})
    assert {fact.absence_clause for fact in given().when(plan, by=PLATFORM).facts[1:]} == {None}


def test_absence_is_noted_then_deemed_under_the_clause_that_the_body_was_told():
    past = (*TOLD_CLAUSE, checked_in(FIRE))
    given(*past).when(NOTE, by=PLATFORM, at=FRIDAY).then(absent(HEALTH), deemed(HEALTH))


def test_a_body_that_was_noted_before_is_deemed_without_being_noted_again():
    past = (*TOLD_CLAUSE, checked_in(FIRE), absent(HEALTH))
    given(*past).when(NOTE, by=PLATFORM, at=FRIDAY).then(deemed(HEALTH)).and_when(
        NOTE, by=PLATFORM, at=NEXT_MONDAY
    ).nothing()


def test_where_no_clause_was_told_absence_is_only_noted():
    given(*INVITED, checked_in(FIRE)).when(NOTE, by=PLATFORM, at=FRIDAY).then(absent(HEALTH))


def test_in_a_matter_of_safety_nothing_is_deemed_even_if_a_clause_was_told():
    planned = PLANNED.model_copy(update={"cases": (SAFE_NEED,)})
    past = (planned, *TOLD_CLAUSE[1:], checked_in(FIRE), recorded(FIRE))
    given(*past).when(NOTE, by=PLATFORM, at=FRIDAY).then(absent(HEALTH))


def test_a_safety_case_that_joins_takes_the_clause_from_everybody():
    joining = SiteVisitNeed(case_id=OTHER_CASE, case_no=OTHER_CASE_NO, bodies=(FIRE,), safety=True)
    joined = {"case_ids": (CASE, OTHER_CASE)}
    past = (*TOLD_CLAUSE, SiteVisitAdded(**OF_THIS | joined, need=joining, bodies=(FIRE,)), checked_in(FIRE))
    decided = given(*past).when(NOTE, by=PLATFORM, at=FRIDAY)
    decided.then(InspectionAbsenceNoted)


def test_a_visit_passes_by_itself_when_the_only_missing_part_is_deemed_and_names_who_was_absent():
    past = (*TOLD_CLAUSE, checked_in(FIRE), recorded(FIRE))
    given(*past).when(NOTE, by=PLATFORM, at=FRIDAY).then(
        absent(HEALTH), deemed(HEALTH),
        concluded(absent=(HEALTH,), reason="各部门均签署符合要求。All bodies signed as passed.", automatic=True),
    )  # fmt: skip


def test_a_visit_that_nobody_made_does_not_pass():
    given(*TOLD_CLAUSE).when(NOTE, by=PLATFORM, at=FRIDAY).then(
        absent(FIRE), deemed(FIRE), absent(HEALTH), deemed(HEALTH)
    )


def test_a_body_that_comes_late_speaks_for_itself_again():
    past = (*TOLD_CLAUSE, checked_in(FIRE), absent(HEALTH), deemed(HEALTH))
    late = given(*past).when(check_in(), by=HEALTH_OFFICER, at=FRIDAY)
    late.and_when(result(), by=FIRE_OFFICER, at=FRIDAY).then(InspectionFindingRecorded)


# 再次踏勘


def test_a_body_that_was_there_may_ask_for_another_visit_and_the_lead_learns_of_it():
    given(*THERE).when(ASK, by=HEALTH_OFFICER, at=TUESDAY).then(asked(HEALTH))


def test_asking_twice_is_once():
    given(*THERE, asked(HEALTH)).when(ASK, by=HEALTH_OFFICER, at=TUESDAY).nothing()


def test_an_absent_body_may_not_ask_for_another_visit():
    past = (*INVITED, checked_in(FIRE), absent(HEALTH))
    given(*past).when(ASK, by=HEALTH_OFFICER, at=FRIDAY).refused(AbsenteeMayNotAskAgain, organ=HEALTH.code)


def test_nor_before_its_absence_was_noted():
    given(*INVITED, checked_in(FIRE)).when(ASK, by=HEALTH_OFFICER, at=FRIDAY).refused(AbsenteeMayNotAskAgain)


def test_a_body_that_may_still_come_checks_in_first():
    given(*INVITED, checked_in(FIRE)).when(ASK, by=HEALTH_OFFICER, at=TUESDAY).refused(NotCheckedIn)


def test_nothing_passes_by_itself_while_another_visit_is_asked_for_but_a_person_may_conclude():
    past = (*THERE, asked(HEALTH), recorded(FIRE))
    decided = given(*past).when(result(), by=HEALTH_OFFICER).then(recorded(HEALTH))
    decided.and_when(conclude()).then(concluded())


# 意见逾期


OVERDUE = NoteResultOverdue(inspection_id=THIS)


def overdue(body) -> InspectionResultOverdue:
    return InspectionResultOverdue(**OF_THIS, body=body, due_on=OPINION_DUE)


def test_who_was_there_and_has_not_signed_after_two_working_days_is_noted():
    given(*THERE, recorded(FIRE)).when(OVERDUE, by=PLATFORM, at=FRIDAY).then(overdue(HEALTH))


def test_it_is_noted_once():
    given(*THERE, recorded(FIRE), overdue(HEALTH)).when(OVERDUE, by=PLATFORM, at=NEXT_MONDAY).nothing()


def test_nobody_is_late_on_the_due_day_itself():
    given(*THERE).when(OVERDUE, by=PLATFORM, at=MONDAY + timedelta(days=3)).refused(
        ResultNotYetDue, today=date(2026, 3, 5)
    )


def test_who_did_not_come_owes_no_result():
    given(*INVITED, checked_in(FIRE), recorded(FIRE)).when(OVERDUE, by=PLATFORM, at=FRIDAY).refused(ResultNotYetDue)


def test_a_timer_that_comes_after_the_conclusion_finds_nothing_late():
    given(*THERE, concluded()).when(OVERDUE, by=PLATFORM, at=FRIDAY).nothing()


def test_a_result_after_the_due_day_is_taken_and_called_late():
    fact = given(*THERE).when(result(), by=FIRE_OFFICER, at=FRIDAY).facts[0]
    assert fact.late
