"""专家: who is in the pool, for what, and tied to whom."""

from __future__ import annotations

from datetime import date

import pytest

from domain.expert import (
    ChangeDisciplines,
    DeclareTie,
    DisciplinesChanged,
    EndTie,
    EnrollExpert,
    ExpertEnrolled,
    ExpertNumberTaken,
    ExpertReinstated,
    ExpertRemoved,
    ExpertSuspended,
    ReinstateExpert,
    RemoveExpert,
    SuspendExpert,
    TieDeclared,
    TieEnded,
    TieEndsBeforeItBegins,
    TieNotDeclared,
    UnknownDiscipline,
)
from domain.kernel.experts import ExpertState, expert_stream, years_before
from domain.kernel.refusal import OutOfOrder, RoleMayNot
from tests.domain.experts import tie
from tests.specification import DISCIPLINE, EXAMINER, STEWARD, given

ENROLL = EnrollExpert(expert_no="E-0001", name="张三", title="高级工程师", disciplines=("FIRE", "GAS"))
EXPERT = expert_stream("E-0001")
ENROLLED = ExpertEnrolled(expert_no="E-0001", name="张三", title="高级工程师", disciplines=("FIRE", "GAS"))
SUSPENDED = ExpertSuspended(expert_no="E-0001", reason="被投诉")
REMOVED = ExpertRemoved(expert_no="E-0001", reason="退休")
WORKS_THERE = tie()


def test_an_expert_is_enrolled_for_disciplines_of_the_list():
    given().when(ENROLL, by=STEWARD).then(ENROLLED)


def test_a_discipline_that_the_list_does_not_know_is_refused_and_the_list_is_told():
    refusal = (
        given()
        .when(ENROLL.model_copy(update={"disciplines": ("ALCHEMY",)}), by=STEWARD)
        .refused(UnknownDiscipline, discipline="ALCHEMY")
    )
    assert "FIRE" in refusal.told("zh")


def test_the_same_enrolment_again_changes_nothing():
    given(ENROLLED).when(ENROLL, by=STEWARD).nothing()


def test_a_number_is_never_given_to_two_experts():
    given(ENROLLED).when(ENROLL.model_copy(update={"name": "李四"}), by=STEWARD).refused(ExpertNumberTaken)


def test_only_the_keeper_of_the_pool_enrols():
    given().when(ENROLL, by=EXAMINER).refused(RoleMayNot)


def test_disciplines_change_with_a_reason():
    command = ChangeDisciplines(expert_id=EXPERT, disciplines=("FIRE",), reason="燃气资格到期")
    changed = DisciplinesChanged(expert_no="E-0001", disciplines=("FIRE",), reason="燃气资格到期")
    given(ENROLLED).when(command, by=STEWARD).then(changed)
    given(ENROLLED, changed).when(command, by=STEWARD).nothing()


def test_a_tie_is_declared_once_and_ended_on_a_day():
    declare = DeclareTie(expert_id=EXPERT, tie=WORKS_THERE)
    declared = TieDeclared(expert_no="E-0001", tie=WORKS_THERE)
    end = EndTie(expert_id=EXPERT, tie=WORKS_THERE, until=date(2026, 1, 31))
    ended = TieEnded(expert_no="E-0001", tie=WORKS_THERE, until=date(2026, 1, 31))
    given(ENROLLED).when(declare, by=STEWARD).then(declared).and_when(declare, by=STEWARD).nothing()
    decided = given(ENROLLED, declared).when(end, by=STEWARD).then(ended)
    assert decided.aggregate.ties == (WORKS_THERE.model_copy(update={"until": date(2026, 1, 31)}),)
    decided.and_when(end, by=STEWARD).nothing()


def test_a_tie_that_nobody_declared_cannot_be_ended():
    given(ENROLLED).when(EndTie(expert_id=EXPERT, tie=WORKS_THERE, until=date(2026, 1, 31)), by=STEWARD).refused(
        TieNotDeclared
    )


def test_a_tie_does_not_end_before_it_begins():
    declared = TieDeclared(expert_no="E-0001", tie=WORKS_THERE)
    end = EndTie(expert_id=EXPERT, tie=WORKS_THERE, until=date(2014, 1, 1))
    given(ENROLLED, declared).when(end, by=STEWARD).refused(TieEndsBeforeItBegins)


def test_the_discipline_office_may_declare_a_tie_and_suspend():
    given(ENROLLED).when(DeclareTie(expert_id=EXPERT, tie=WORKS_THERE), by=DISCIPLINE).then(TieDeclared)
    given(ENROLLED).when(SuspendExpert(expert_id=EXPERT, reason="被投诉"), by=DISCIPLINE).then(SUSPENDED)


def test_a_suspended_expert_is_reinstated_with_a_reason():
    back = ReinstateExpert(expert_id=EXPERT, reason="查无实据")
    decided = given(ENROLLED, SUSPENDED).when(back, by=STEWARD)
    decided.then(ExpertReinstated(expert_no="E-0001", reason="查无实据"))
    assert decided.aggregate.standing.state is ExpertState.ENROLLED


def test_a_removed_expert_does_not_come_back():
    given(ENROLLED).when(RemoveExpert(expert_id=EXPERT, reason="退休"), by=STEWARD).then(REMOVED)
    given(ENROLLED, SUSPENDED).when(RemoveExpert(expert_id=EXPERT, reason="退休"), by=STEWARD).then(REMOVED)
    for command in (
        ReinstateExpert(expert_id=EXPERT, reason="返聘"),
        SuspendExpert(expert_id=EXPERT, reason="被投诉"),
        DeclareTie(expert_id=EXPERT, tie=WORKS_THERE),
    ):
        given(ENROLLED, REMOVED).when(command, by=STEWARD).refused(OutOfOrder)


@pytest.mark.parametrize(
    ("until", "binds"),
    [(None, True), (date(2026, 3, 1), True), (date(2023, 3, 4), True), (date(2023, 3, 3), False)],
)
def test_a_tie_counts_for_three_years_after_it_ended(until, binds):
    assert tie(until).binds(date(2026, 3, 4), 3) is binds


def test_three_years_before_a_leap_day_is_the_day_before_march():
    assert years_before(date(2028, 2, 29), 3) == date(2025, 2, 28)
