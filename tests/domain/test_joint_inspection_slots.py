"""踏勘时间协商: the lead proposes hours within the window, each body answers, the lead fixes one."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from domain.joint_inspection.commands import AnswerSlots, FixSlot, ProposeSlots
from domain.joint_inspection.facts import (
    InspectionAbsenceNoted,
    InspectionRescheduled,
    SlotFixed,
    SlotsAnswered,
    SlotsProposed,
)
from domain.joint_inspection.refusals import (
    NoticeTooShort,
    NotInvitedToInspect,
    OnlyTheLeadDoes,
    SlotAlreadyFixed,
    SlotAnswersMissing,
    SlotLacksMajority,
    SlotNeedsReason,
    SlotNotProposed,
    SlotOutsideWindow,
)
from domain.joint_inspection.words import InspectionState, Slot, Window
from domain.kernel.refusal import OutOfOrder
from tests.domain.inspection_file import (
    ADD,
    BOTH,
    CONFIRM,
    INVITED,
    LATER,
    MOVE,
    NOTE,
    OF_THIS,
    THIS,
    check_in,
    checked_in,
    invited,
)
from tests.specification import (
    FIRE,
    FIRE_OFFICER,
    HEALTH,
    HEALTH_OFFICER,
    HOUSING,
    HOUSING_OFFICER,
    PLATFORM,
    TUESDAY,
    WEDNESDAY,
    given,
)

TUESDAY_MORNING = Slot(day=date(2026, 3, 3), begins=time(9, 30), minutes=90)
WEDNESDAY_NOON = Slot(day=date(2026, 3, 4), begins=time(14), minutes=60)
ELSEWHEN = Slot(day=date(2026, 3, 5), begins=time(9), minutes=60)
SLOTS = (TUESDAY_MORNING, WEDNESDAY_NOON)
PROPOSE = ProposeSlots(inspection_id=THIS, slots=SLOTS)
ANSWER_BY = date(2026, 3, 3)
PROPOSED = SlotsProposed(**OF_THIS, bodies=BOTH, lead=FIRE, slots=SLOTS, answer_by=ANSWER_BY)
THREE = (*INVITED, invited(HOUSING))
ALL = (FIRE, HEALTH, HOUSING)


def answer(*accepts, reason=None) -> AnswerSlots:
    return AnswerSlots(inspection_id=THIS, accepts=accepts, reason=reason)


def answered(body, *accepts, reason=None, supersedes=None) -> SlotsAnswered:
    return SlotsAnswered(**OF_THIS, lead=FIRE, body=body, accepts=accepts, reason=reason, supersedes=supersedes)


def fix(slot=TUESDAY_MORNING, reason=None) -> FixSlot:
    return FixSlot(inspection_id=THIS, slot=slot, reason=reason)


def fixed(slot=TUESDAY_MORNING, accepted=BOTH, others=(), bodies=BOTH, reason=None) -> SlotFixed:
    return SlotFixed(**OF_THIS, bodies=bodies, slot=slot, accepted=accepted, others=others, reason=reason)


def test_the_lead_proposes_hours_within_the_window_and_everybody_is_asked():
    given(*INVITED).when(PROPOSE, by=FIRE_OFFICER).then(PROPOSED)


def test_proposing_the_same_again_is_nothing():
    given(*INVITED, PROPOSED).when(PROPOSE, by=FIRE_OFFICER).nothing()


@pytest.mark.parametrize("command", [PROPOSE, fix()], ids=["propose", "fix"])
def test_only_the_lead_proposes_and_fixes(command):
    given(*INVITED, PROPOSED).when(command, by=HEALTH_OFFICER).refused(OnlyTheLeadDoes, lead=FIRE)


def test_an_hour_outside_the_window_is_not_proposed():
    outside = Slot(day=date(2026, 3, 6), begins=time(9), minutes=60)
    given(*INVITED).when(ProposeSlots(inspection_id=THIS, slots=(outside,)), by=FIRE_OFFICER).refused(
        SlotOutsideWindow, slot=outside
    )


def test_an_hour_that_leaves_no_notice_is_not_proposed():
    given(*INVITED).when(PROPOSE, by=FIRE_OFFICER, at=TUESDAY).refused(NoticeTooShort)


def test_a_body_answers_which_hours_it_can():
    given(*INVITED, PROPOSED).when(answer(WEDNESDAY_NOON), by=HEALTH_OFFICER).then(answered(HEALTH, WEDNESDAY_NOON))


def test_the_same_answer_delivered_twice_is_one():
    past = (*INVITED, PROPOSED, answered(HEALTH, WEDNESDAY_NOON))
    given(*past).when(answer(WEDNESDAY_NOON), by=HEALTH_OFFICER).nothing()


def test_a_changed_answer_supersedes_the_first():
    past = (*INVITED, PROPOSED, answered(HEALTH, WEDNESDAY_NOON))
    given(*past).when(answer(*SLOTS), by=HEALTH_OFFICER).then(answered(HEALTH, *SLOTS, supersedes=5))


def test_a_body_that_can_at_no_hour_says_why():
    given(*INVITED, PROPOSED).when(answer(), by=HEALTH_OFFICER).refused(SlotNeedsReason)
    given(*INVITED, PROPOSED).when(answer(reason="全市统考"), by=HEALTH_OFFICER).then(
        answered(HEALTH, reason="全市统考")
    )


def test_nobody_accepts_an_hour_that_was_not_proposed():
    given(*INVITED, PROPOSED).when(answer(ELSEWHEN), by=HEALTH_OFFICER).refused(SlotNotProposed, slot=ELSEWHEN)


def test_who_was_not_invited_does_not_answer():
    given(*INVITED, PROPOSED).when(answer(*SLOTS), by=HOUSING_OFFICER).refused(NotInvitedToInspect)


def test_an_hour_that_all_accepted_is_fixed_and_confirms_the_visit():
    decided = given(*INVITED, PROPOSED, answered(HEALTH, *SLOTS)).when(fix(), by=FIRE_OFFICER).then(fixed())
    assert decided.aggregate.state is InspectionState.CONFIRMED
    decided.and_when(fix(), by=FIRE_OFFICER).nothing()


def test_an_hour_that_was_not_proposed_is_not_fixed():
    given(*INVITED, PROPOSED, answered(HEALTH, *SLOTS)).when(fix(ELSEWHEN), by=FIRE_OFFICER).refused(SlotNotProposed)


def test_nothing_is_fixed_while_an_answer_may_still_come():
    given(*INVITED, PROPOSED).when(fix(), by=FIRE_OFFICER).refused(
        SlotAnswersMissing, bodies=(HEALTH,), answer_by=ANSWER_BY
    )


def test_silence_past_the_answer_day_accepts_nothing_and_most_must_still_agree():
    past = (*INVITED, PROPOSED)
    given(*past).when(fix(WEDNESDAY_NOON), by=FIRE_OFFICER, at=WEDNESDAY).refused(
        SlotLacksMajority, accepted=1, invited=2
    )


def test_an_hour_that_most_accepted_is_fixed_with_a_reason_and_the_others_still_have_to_confirm():
    past = (*THREE, PROPOSED, answered(HEALTH, TUESDAY_MORNING), answered(HOUSING, WEDNESDAY_NOON))
    given(*past).when(fix(), by=FIRE_OFFICER).refused(SlotNeedsReason)
    decided = given(*past).when(fix(reason="仅此时全部设备开机"), by=FIRE_OFFICER)
    decided.then(fixed(accepted=BOTH, others=(HOUSING,), bodies=ALL, reason="仅此时全部设备开机"))
    assert decided.aggregate.state is InspectionState.INVITED
    assert decided.and_when(CONFIRM, by=HOUSING_OFFICER).aggregate.state is InspectionState.CONFIRMED


def test_half_is_no_majority():
    past = (*INVITED, PROPOSED, answered(HEALTH, WEDNESDAY_NOON))
    given(*past).when(fix(reason="牵头部门日程"), by=FIRE_OFFICER).refused(SlotLacksMajority, accepted=1, invited=2)


def test_proposing_anew_asks_everybody_anew():
    anew = ProposeSlots(inspection_id=THIS, slots=(ELSEWHEN,))
    decided = given(*INVITED, PROPOSED, answered(HEALTH, *SLOTS)).when(anew, by=FIRE_OFFICER).then(SlotsProposed)
    decided.and_when(fix(ELSEWHEN), by=FIRE_OFFICER).refused(SlotAnswersMissing)


SETTLED = (*INVITED, PROPOSED, answered(HEALTH, *SLOTS), fixed())


@pytest.mark.parametrize(
    ("command", "by"),
    [(ProposeSlots(inspection_id=THIS, slots=(ELSEWHEN,)), FIRE_OFFICER), (answer(ELSEWHEN), HEALTH_OFFICER),
     (fix(WEDNESDAY_NOON), FIRE_OFFICER)],
    ids=["propose", "answer", "fix"],
)  # fmt: skip
def test_a_fixed_hour_is_changed_only_by_rescheduling(command, by):
    given(*SETTLED).when(command, by=by).refused(SlotAlreadyFixed, slot=TUESDAY_MORNING)


def test_rescheduling_restarts_the_negotiation():
    moved = given(*SETTLED).when(MOVE).then(InspectionRescheduled)
    assert moved.facts[0].old == Window(first=TUESDAY_MORNING.day, last=TUESDAY_MORNING.day)
    assert moved.aggregate.state is InspectionState.INVITED
    later = Slot(day=LATER.first, begins=time(9), minutes=60)
    moved.and_when(ProposeSlots(inspection_id=THIS, slots=(later,)), by=FIRE_OFFICER).then(SlotsProposed)


def test_the_day_of_the_fixed_hour_is_the_day_of_the_visit():
    given(*SETTLED).when(check_in(), by=FIRE_OFFICER, at=WEDNESDAY).then(
        checked_in(FIRE, in_window=False, due=date(2026, 3, 6))
    )
    absentees = (
        given(*SETTLED).when(NOTE, by=PLATFORM, at=WEDNESDAY).then(InspectionAbsenceNoted, InspectionAbsenceNoted)
    )
    assert {fact.window.last for fact in absentees.facts} == {TUESDAY_MORNING.day}


def test_nobody_negotiates_about_a_visit_that_has_begun():
    begun = (*INVITED, checked_in(FIRE))
    given(*begun).when(PROPOSE, by=FIRE_OFFICER).refused(OutOfOrder, state=InspectionState.CHECKED_IN)


def test_a_case_that_joins_later_tells_its_bodies_the_fixed_hour():
    wednesday = fixed(WEDNESDAY_NOON)
    past = (*INVITED, PROPOSED, answered(HEALTH, *SLOTS), wednesday)
    _, invitation = given(*past).when(ADD).facts
    assert invitation.slot == WEDNESDAY_NOON
    assert timedelta(minutes=invitation.slot.minutes) == timedelta(hours=1)
