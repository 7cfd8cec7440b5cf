"""会商: one specification per row of its table of states and per refusal."""

from __future__ import annotations

from datetime import date

import pytest

from domain.consultation import (
    CancelConsultation,
    ConcludeByConference,
    ConcludeConsultation,
    ConditionsMissing,
    ConsultationCancelled,
    ConsultationConcluded,
    ConsultationConcludedByConference,
    ConsultationEscalated,
    ConsultationInvited,
    ConsultationOpinionFiled,
    ConsultationOpinionOverdue,
    ConsultationOutcome,
    ConsultationRequested,
    ConsultationState,
    EscalateConsultation,
    FileConsultationOpinion,
    NoteOpinionOverdue,
    NotInvited,
    ObjectionNeedsGrounds,
    Opinion,
    OpinionNotYetDue,
    OpinionsMissing,
    OpinionUnanswered,
    RequestConsultation,
    RequestedOtherwise,
    consultation_stream,
)
from domain.kernel.channel import Channel
from domain.kernel.event import Event, addressees, ordered_by
from domain.kernel.refusal import OutOfOrder, RoleMayNot, UnknownStream
from domain.kernel.words import Adoption, OpinionUse
from tests.specification import (
    CASE,
    CASE_NO,
    DECIDER,
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
    PLATFORM,
    THURSDAY,
    TUESDAY,
    given,
    officer_of,
)

THIS = consultation_stream(CASE, "item")
DUE = date(2026, 3, 5)
QUESTION = "该场所能否开办餐饮?"
REASON = "疏散通道宽度不足"
LAW = "消防法第十五条"

REQUEST = RequestConsultation(
    case_id=CASE, case_no=CASE_NO, item_name="食品经营许可", region="371502", invited=(FIRE, HEALTH),
    question=QUESTION, cause="item",
)  # fmt: skip
OF_CASE = {"case_id": CASE, "case_no": CASE_NO, "cause": "item"}
REQUESTED = ConsultationRequested(**REQUEST.model_dump(), due_on=DUE)
INVITED_FIRE, INVITED_HEALTH = (
    ConsultationInvited(
        **OF_CASE, consultation_id=THIS, body=body, item_name="食品经营许可", region="371502", question=QUESTION,
        complex=False, safety=False, due_on=DUE,
    )
    for body in (FIRE, HEALTH)
)  # fmt: skip
OPEN = (REQUESTED, INVITED_FIRE, INVITED_HEALTH)


def filed(body=FIRE, opinion=Opinion.AGREE, *, supersedes=None, late=False, **said_too) -> ConsultationOpinionFiled:
    stated = {"reason": None, "legal_basis": None, "conditions": None} | said_too
    return ConsultationOpinionFiled(**OF_CASE, body=body, opinion=opinion, late=late, supersedes=supersedes, **stated)


def concluded(outcome: ConsultationOutcome, uses=(), **said_too) -> ConsultationConcluded:
    stated = {"conclusion": "可以准予", "automatic": False} | said_too
    return ConsultationConcluded(**OF_CASE, bodies=(FIRE, HEALTH), outcome=outcome, uses=uses, **stated)


BY_ITSELF = {"conclusion": "受邀部门均已反馈,无反对意见。Every body answered and none objects.", "automatic": True}
FIRE_OBJECTS = filed(FIRE, Opinion.OBJECT, reason=REASON, legal_basis=LAW)
HEALTH_AGREES = filed(HEALTH)
ESCALATED = ConsultationEscalated(**OF_CASE, bodies=(FIRE, HEALTH), missing=(), objecting=(FIRE.code,), reason="分歧")


def opinion(opinion=Opinion.AGREE, **said_too) -> FileConsultationOpinion:
    return FileConsultationOpinion(consultation_id=THIS, opinion=opinion, **said_too)


def conclude(*uses: OpinionUse) -> ConcludeConsultation:
    return ConcludeConsultation(consultation_id=THIS, uses=uses, conclusion="可以准予")


def test_a_request_invites_every_body_and_names_the_day_the_reply_is_due():
    given().when(REQUEST).then(REQUESTED, INVITED_FIRE, INVITED_HEALTH)


def test_a_complex_consultation_leaves_the_longer_reply():
    decided = given().when(REQUEST.model_copy(update={"complex": True}))
    assert {fact.due_on for fact in decided.facts} == {date(2026, 3, 9)}


def test_no_due_day_is_guessed_for_a_year_without_a_calendar():
    decided = given().when(REQUEST, at=MONDAY.replace(year=2031))
    assert {fact.due_on for fact in decided.facts} == {None}


def test_the_same_cause_opens_it_only_once():
    given(*OPEN).when(REQUEST, by=PLATFORM, at=TUESDAY).nothing()


def test_the_same_cause_with_other_content_is_refused():
    other = REQUEST.model_copy(update={"invited": (HOUSING,)})
    given(*OPEN).when(other).refused(RequestedOtherwise, cause="item")


def test_another_cause_is_another_consultation():
    finding = REQUEST.model_copy(update={"cause": "finding-1"})
    assert finding.stream != REQUEST.stream
    given().when(finding).then(ConsultationRequested, ConsultationInvited, ConsultationInvited)


def test_a_body_named_twice_is_invited_once():
    given().when(REQUEST.model_copy(update={"invited": (FIRE, FIRE)})).then(ConsultationRequested, ConsultationInvited)


def test_an_invited_body_files_its_opinion():
    given(*OPEN).when(opinion(), by=FIRE_OFFICER).then(filed(FIRE))


def test_an_opinion_after_the_due_day_is_taken_and_called_late():
    given(*OPEN).when(opinion(), by=FIRE_OFFICER, at=FRIDAY).then(filed(FIRE, late=True))


def test_the_same_opinion_delivered_twice_is_one():
    given(*OPEN, filed(FIRE)).when(opinion(), by=FIRE_OFFICER).nothing()


def test_a_second_opinion_supersedes_the_first_and_both_are_kept():
    given(*OPEN, filed(FIRE)).when(opinion(Opinion.NO_OPINION), by=FIRE_OFFICER).then(
        filed(FIRE, Opinion.NO_OPINION, supersedes=4)
    )


def test_it_concludes_by_itself_when_all_have_filed_and_none_objects():
    given(*OPEN, filed(FIRE)).when(opinion(Opinion.NO_OPINION), by=HEALTH_OFFICER).then(
        filed(HEALTH, Opinion.NO_OPINION), concluded(ConsultationOutcome.AGREED, **BY_ITSELF)
    )


def test_conditions_are_part_of_the_outcome_when_it_concludes_by_itself():
    conditional = opinion(Opinion.AGREE_WITH_CONDITIONS, conditions="加装排烟")
    given(*OPEN, filed(FIRE)).when(conditional, by=HEALTH_OFFICER).then(
        ConsultationOpinionFiled, concluded(ConsultationOutcome.AGREED_WITH_CONDITIONS, **BY_ITSELF)
    )


def test_it_stays_open_while_somebody_objects():
    given(*OPEN, FIRE_OBJECTS).when(opinion(), by=HEALTH_OFFICER).then(HEALTH_AGREES)


def test_it_concludes_by_itself_when_the_objection_is_withdrawn():
    given(*OPEN, FIRE_OBJECTS, HEALTH_AGREES).when(opinion(), by=FIRE_OFFICER).then(
        filed(FIRE, supersedes=4), concluded(ConsultationOutcome.AGREED, **BY_ITSELF)
    )


@pytest.mark.parametrize("grounds", [{}, {"reason": REASON}, {"legal_basis": LAW}])
def test_an_objection_without_reason_and_legal_basis_is_refused(grounds):
    given(*OPEN).when(opinion(Opinion.OBJECT, **grounds), by=FIRE_OFFICER).refused(ObjectionNeedsGrounds)


def test_an_objection_with_reason_and_legal_basis_is_filed():
    given(*OPEN).when(opinion(Opinion.OBJECT, reason=REASON, legal_basis=LAW), by=FIRE_OFFICER).then(FIRE_OBJECTS)


def test_conditions_must_be_stated():
    given(*OPEN).when(opinion(Opinion.AGREE_WITH_CONDITIONS), by=FIRE_OFFICER).refused(ConditionsMissing)


def test_a_body_that_was_not_invited_is_refused():
    given(*OPEN).when(opinion(), by=HOUSING_OFFICER).refused(NotInvited, organ=HOUSING.code)


def test_only_a_regulator_may_file_an_opinion():
    given(*OPEN).when(opinion(), by=DECIDER).refused(RoleMayNot)


def test_nobody_answers_a_consultation_that_does_not_exist():
    given().when(opinion(), by=FIRE_OFFICER).refused(UnknownStream)


def test_it_cannot_be_concluded_while_opinions_are_missing():
    given(*OPEN, FIRE_OBJECTS).when(conclude()).refused(OpinionsMissing, organs=(HEALTH.code,))


def test_it_cannot_be_concluded_while_an_objection_is_unanswered():
    given(*OPEN, FIRE_OBJECTS, HEALTH_AGREES).when(conclude()).refused(OpinionUnanswered, organ=FIRE)


def test_it_cannot_be_concluded_while_conditions_are_unanswered():
    conditional = filed(HEALTH, Opinion.AGREE_WITH_CONDITIONS, conditions="加装排烟")
    answer = OpinionUse(organ=FIRE.code, adoption=Adoption.NOT_ADOPTED, answer="已按图审意见整改")
    given(*OPEN, FIRE_OBJECTS, conditional).when(conclude(answer)).refused(OpinionUnanswered, organ=HEALTH)


@pytest.mark.parametrize(
    ("adoption", "outcome"),
    [
        (Adoption.NOT_ADOPTED, ConsultationOutcome.OBJECTION_ANSWERED),
        (Adoption.PARTLY_ADOPTED, ConsultationOutcome.OBJECTION_ADOPTED),
        (Adoption.ADOPTED, ConsultationOutcome.OBJECTION_ADOPTED),
    ],
)
def test_an_answered_objection_concludes_and_says_whether_it_was_adopted(adoption, outcome):
    answer = OpinionUse(organ=FIRE.code, adoption=adoption, answer="已按图审意见整改")
    given(*OPEN, FIRE_OBJECTS, HEALTH_AGREES).when(conclude(answer)).then(concluded(outcome, (answer,)))


def test_the_use_of_an_opinion_nobody_was_asked_for_is_refused():
    answer = OpinionUse(organ=HOUSING.code, adoption=Adoption.ADOPTED, answer="采纳")
    given(*OPEN, FIRE_OBJECTS, HEALTH_AGREES).when(conclude(answer)).refused(NotInvited, organ=HOUSING.code)


def test_disagreement_goes_to_the_joint_conference():
    escalate = EscalateConsultation(consultation_id=THIS, reason="分歧")
    given(*OPEN, FIRE_OBJECTS, HEALTH_AGREES).when(escalate).then(ESCALATED)


def test_silence_goes_to_the_joint_conference_and_is_named():
    escalate = EscalateConsultation(consultation_id=THIS, reason="逾期未复")
    given(*OPEN).when(escalate, by=PLATFORM).then(
        ConsultationEscalated(
            **OF_CASE, bodies=(FIRE, HEALTH), missing=(FIRE.code, HEALTH.code), objecting=(), reason="逾期未复"
        )
    )


def test_escalating_twice_is_once():
    escalate = EscalateConsultation(consultation_id=THIS, reason="再次提交")
    given(*OPEN, FIRE_OBJECTS, HEALTH_AGREES, ESCALATED).when(escalate).nothing()


def test_an_opinion_after_the_escalation_is_heard_but_concludes_nothing():
    given(*OPEN, FIRE_OBJECTS, HEALTH_AGREES, ESCALATED).when(opinion(), by=FIRE_OFFICER).then(
        filed(FIRE, supersedes=4)
    )


def test_the_conference_resolves_what_was_escalated():
    resolved = {
        "outcome": ConsultationOutcome.OBJECTION_ANSWERED,
        "resolution": "准予",
        "minutes_no": "纪要〔2026〕3号",
    }
    confer = ConcludeByConference(consultation_id=THIS, **resolved)
    given(*OPEN, FIRE_OBJECTS, HEALTH_AGREES, ESCALATED).when(confer, by=DECIDER).then(
        ConsultationConcludedByConference(**OF_CASE, bodies=(FIRE, HEALTH), **resolved)
    )


def test_the_conference_resolves_nothing_that_was_not_escalated():
    confer = ConcludeByConference(
        consultation_id=THIS, outcome=ConsultationOutcome.AGREED, resolution="准予", minutes_no="纪要〔2026〕3号"
    )
    given(*OPEN).when(confer, by=DECIDER).refused(OutOfOrder, state=ConsultationState.OPINIONS_OPEN)


@pytest.mark.parametrize("past", [OPEN, (*OPEN, FIRE_OBJECTS, HEALTH_AGREES, ESCALATED)])
def test_a_consultation_nobody_needs_any_more_is_cancelled_and_everybody_is_told(past):
    cancel = CancelConsultation(consultation_id=THIS, reason="申请人撤回申请")
    given(*past).when(cancel, by=PLATFORM).then(
        ConsultationCancelled(**OF_CASE, bodies=(FIRE, HEALTH), reason="申请人撤回申请")
    )


def test_cancelling_twice_is_once():
    cancelled = ConsultationCancelled(**OF_CASE, bodies=(FIRE, HEALTH), reason="撤回")
    given(*OPEN, cancelled).when(CancelConsultation(consultation_id=THIS, reason="撤回")).nothing()


ENDINGS = {
    ConsultationState.CONCLUDED: concluded(ConsultationOutcome.AGREED),
    ConsultationState.CANCELLED: ConsultationCancelled(**OF_CASE, bodies=(FIRE, HEALTH), reason="撤回"),
    ConsultationState.CONCLUDED_BY_CONFERENCE: ConsultationConcludedByConference(
        **OF_CASE, bodies=(FIRE, HEALTH), outcome=ConsultationOutcome.AGREED, resolution="准予", minutes_no="1"
    ),
}


@pytest.mark.parametrize("state", ENDINGS)
@pytest.mark.parametrize(
    ("command", "by"),
    [
        (opinion(), FIRE_OFFICER),
        (conclude(), DECIDER),
        (EscalateConsultation(consultation_id=THIS, reason="分歧"), DECIDER),
    ],
)
def test_what_has_ended_takes_nothing_more(state, command, by):
    given(*OPEN, ENDINGS[state]).when(command, by=by).refused(OutOfOrder, state=state)


@pytest.mark.parametrize("state", [ConsultationState.CONCLUDED, ConsultationState.CONCLUDED_BY_CONFERENCE])
def test_what_was_concluded_cannot_be_cancelled(state):
    cancel = CancelConsultation(consultation_id=THIS, reason="撤回")
    given(*OPEN, ENDINGS[state]).when(cancel).refused(OutOfOrder, state=state)


NOTE = NoteOpinionOverdue(consultation_id=THIS)


def overdue(body=FIRE) -> ConsultationOpinionOverdue:
    return ConsultationOpinionOverdue(**OF_CASE, consultation_id=THIS, body=body, due_on=DUE)


def test_every_silent_body_is_noted_after_the_due_day():
    given(*OPEN, filed(HEALTH)).when(NOTE, by=PLATFORM, at=FRIDAY).then(overdue(FIRE))
    given(*OPEN).when(NOTE, by=PLATFORM, at=FRIDAY).then(overdue(FIRE), overdue(HEALTH))


def test_a_silent_body_is_noted_once():
    given(*OPEN, overdue(FIRE), overdue(HEALTH)).when(NOTE, by=PLATFORM, at=NEXT_MONDAY).nothing()


def test_nobody_is_overdue_on_the_due_day_itself():
    given(*OPEN).when(NOTE, by=PLATFORM, at=THURSDAY).refused(OpinionNotYetDue, due_on=DUE)


def test_a_timer_that_comes_after_the_end_finds_nothing_to_note():
    given(*OPEN, ENDINGS[ConsultationState.CONCLUDED]).when(NOTE, by=PLATFORM, at=FRIDAY).nothing()


def test_silence_is_never_consent_however_late_it_is():
    decided = given(*OPEN).when(NOTE, by=PLATFORM, at=NEXT_MONDAY)
    decided.and_when(conclude(), at=NEXT_MONDAY).refused(OpinionsMissing)


def test_the_officer_who_answers_stands_in_the_envelope_of_the_fact():
    someone = officer_of(FIRE, "fire-officer-7")
    fact = given(*OPEN).when(opinion(), by=someone).facts[0]
    assert fact.actor == someone


@pytest.mark.parametrize(
    ("fact", "bodies"),
    [
        (INVITED_FIRE, (FIRE.code,)),
        (overdue(), (FIRE.code,)),
        (concluded(ConsultationOutcome.AGREED), (FIRE.code, HEALTH.code)),
        (ESCALATED, (FIRE.code, HEALTH.code)),
        *((ENDINGS[s], (FIRE.code, HEALTH.code)) for s in ENDINGS),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, Event) else "",
)
def test_every_body_is_told_in_the_order_of_the_case(fact: Event, bodies):
    assert type(fact).CHANNEL is Channel.INTERACTION
    assert addressees(type(fact), dict(fact)) == bodies
    assert ordered_by(type(fact), dict(fact), THIS) == str(CASE)


def test_the_stream_follows_from_the_case_and_the_cause():
    assert REQUEST.stream == consultation_stream(CASE, "item")
    assert REQUEST.stream != consultation_stream(OTHER_CASE, "item")
