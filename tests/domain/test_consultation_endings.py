"""会商: one specification per row of its table of states and per refusal, from the joint conference on."""

from __future__ import annotations

import pytest

from domain.consultation import (
    CancelConsultation,
    ConcludeByConference,
    ConsultationCancelled,
    ConsultationConcludedByConference,
    ConsultationEscalated,
    ConsultationOpinionDeemed,
    ConsultationOpinionExcused,
    ConsultationOpinionOverdue,
    ConsultationOutcome,
    ConsultationState,
    DeclareConsultationComplex,
    EscalateConsultation,
    ExcuseOpinion,
    NoteOpinionOverdue,
    OpinionNotYetDue,
    OpinionsMissing,
    OpinionUnanswered,
    OutcomeDoesNotFit,
    consultation_stream,
)
from domain.kernel.channel import Channel
from domain.kernel.event import Event, addressees, ordered_by
from domain.kernel.refusal import OutOfOrder
from domain.kernel.words import Adoption
from domain.rules.deeming import DeemingClause
from tests.domain.consultation_file import (
    BY_ITSELF,
    CASE,
    CLAUSE,
    DUE,
    ESCALATED,
    FIRE,
    FIRE_OBJECTS,
    HEALTH,
    HEALTH_AGREES,
    INVITED_FIRE,
    OF_CASE,
    OPEN,
    REQUEST,
    SAID_BY_FIRE,
    SPLIT,
    THIS,
    WITH_CLAUSE,
    conclude,
    concluded,
    filed,
    heard,
    opinion,
    told,
    use,
)
from tests.specification import (
    DECIDER,
    FIRE_OFFICER,
    FRIDAY,
    HEALTH_OFFICER,
    NEXT_MONDAY,
    OTHER_CASE,
    PLATFORM,
    THURSDAY,
    given,
    officer_of,
)


def test_an_objection_may_go_to_the_joint_conference_before_all_have_answered():
    escalate = EscalateConsultation(consultation_id=THIS, reason="分歧")
    given(*OPEN, FIRE_OBJECTS).when(escalate).then(
        ConsultationEscalated(
            **OF_CASE, bodies=(FIRE, HEALTH), missing=(HEALTH.code,), objecting=(FIRE.code,), reason="分歧"
        )
    )


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


def confer(outcome=ConsultationOutcome.OBJECTION_ANSWERED, *uses) -> ConcludeByConference:
    return ConcludeByConference(
        consultation_id=THIS, outcome=outcome, uses=uses, resolution="准予", minutes_no="纪要〔2026〕3号"
    )


def conferred(outcome=ConsultationOutcome.OBJECTION_ANSWERED, *uses, heard=()) -> ConsultationConcludedByConference:
    return ConsultationConcludedByConference(
        **OF_CASE, bodies=(FIRE, HEALTH), outcome=outcome, uses=uses, heard=heard, resolution="准予",
        minutes_no="纪要〔2026〕3号",
    )  # fmt: skip


def test_the_conference_may_override_an_objection_but_answers_it():
    overridden = use(Adoption.NOT_ADOPTED)
    outcome = ConsultationOutcome.OBJECTION_ANSWERED
    given(*OPEN, FIRE_OBJECTS, HEALTH_AGREES, SPLIT).when(confer(outcome, overridden), by=DECIDER).then(
        conferred(outcome, overridden, heard=(SAID_BY_FIRE, heard(HEALTH)))
    )


def test_the_conference_passes_no_objection_over_in_silence():
    given(*OPEN, FIRE_OBJECTS, HEALTH_AGREES, SPLIT).when(confer(), by=DECIDER).refused(OpinionUnanswered, organ=FIRE)


@pytest.mark.parametrize("outcome", [ConsultationOutcome.AGREED, ConsultationOutcome.NO_OBJECTION])
def test_the_conference_does_not_call_it_agreed_while_an_objection_stands(outcome):
    given(*OPEN, FIRE_OBJECTS, HEALTH_AGREES, SPLIT).when(confer(outcome, use()), by=DECIDER).refused(
        OutcomeDoesNotFit, objecting=(FIRE.code,)
    )


def test_the_conference_answers_no_objection_that_nobody_made():
    silent = ConsultationEscalated(
        **OF_CASE, bodies=(FIRE, HEALTH), missing=(FIRE.code, HEALTH.code), objecting=(), reason="逾期未复"
    )
    given(*OPEN, silent).when(confer(), by=DECIDER).refused(OutcomeDoesNotFit, objecting=())
    given(*OPEN, silent).when(confer(ConsultationOutcome.NO_OBJECTION), by=DECIDER).then(
        conferred(ConsultationOutcome.NO_OBJECTION)
    )


def test_the_conference_resolves_nothing_that_was_not_escalated():
    given(*OPEN).when(confer(ConsultationOutcome.AGREED), by=DECIDER).refused(
        OutOfOrder, state=ConsultationState.OPINIONS_OPEN
    )


def cancelled(reason="撤回", heard=()) -> ConsultationCancelled:
    return ConsultationCancelled(**OF_CASE, bodies=(FIRE, HEALTH), reason=reason, heard=heard)


@pytest.mark.parametrize(
    ("past", "said"),
    [(OPEN, ()), ((*OPEN, FIRE_OBJECTS, HEALTH_AGREES, ESCALATED), (SAID_BY_FIRE, heard(HEALTH)))],
    ids=["open", "escalated"],
)
def test_a_consultation_nobody_needs_any_more_is_cancelled_and_what_was_said_is_not_lost(past, said):
    cancel = CancelConsultation(consultation_id=THIS, reason="申请人撤回申请")
    given(*past).when(cancel, by=PLATFORM).then(cancelled("申请人撤回申请", said))


def test_cancelling_twice_is_once():
    given(*OPEN, cancelled()).when(CancelConsultation(consultation_id=THIS, reason="撤回")).nothing()


ENDINGS = {
    ConsultationState.CONCLUDED: concluded(ConsultationOutcome.AGREED),
    ConsultationState.CANCELLED: cancelled(),
    ConsultationState.CONCLUDED_BY_CONFERENCE: conferred(),
}


@pytest.mark.parametrize("state", ENDINGS)
@pytest.mark.parametrize(
    ("command", "by"),
    [
        (opinion(), FIRE_OFFICER),
        (conclude(), DECIDER),
        (EscalateConsultation(consultation_id=THIS, reason="分歧"), DECIDER),
        (DeclareConsultationComplex(consultation_id=THIS, reason="复杂"), DECIDER),
        (ExcuseOpinion(consultation_id=THIS, organ=FIRE.code, reason="不属其管辖"), DECIDER),
        (confer(), DECIDER),
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


# 逾期默认


def deemed(body=FIRE) -> ConsultationOpinionDeemed:
    return ConsultationOpinionDeemed(**OF_CASE, consultation_id=THIS, body=body, due_on=DUE, clause=CLAUSE)


@pytest.fixture
def city_with_clause(monkeypatch):
    """A city that has turned the practice on, for the fire brigade alone."""
    clause = DeemingClause(CLAUSE, organs=(FIRE.code,), regions=("371500",))
    monkeypatch.setattr("domain.kernel.deeming.deeming_clauses", lambda key, on: (clause,))


def test_silence_is_never_consent_where_no_clause_says_so_however_late_it_is():
    decided = given(*OPEN).when(NOTE, by=PLATFORM, at=NEXT_MONDAY)
    decided.then(overdue(FIRE), overdue(HEALTH))
    decided.and_when(conclude(), at=NEXT_MONDAY).refused(OpinionsMissing)


def test_no_clause_is_in_force_as_the_platform_is_shipped():
    decided = given().when(REQUEST)
    assert {fact.silence_clause for fact in decided.facts[1:]} == {None}


@pytest.mark.usefixtures("city_with_clause")
def test_a_body_is_told_in_its_invitation_under_which_clause_its_silence_counts():
    _, fire, health = given().when(REQUEST).facts
    assert (fire.silence_clause, health.silence_clause) == (CLAUSE, None)
    assert CLAUSE in fire.telling("zh")
    assert CLAUSE in fire.telling("en")


@pytest.mark.usefixtures("city_with_clause")
def test_a_clause_holds_only_where_it_says():
    elsewhere = REQUEST.model_copy(update={"region": "370102"})
    assert {fact.silence_clause for fact in given().when(elsewhere).facts[1:]} == {None}


@pytest.mark.usefixtures("city_with_clause")
def test_in_a_matter_of_safety_no_clause_is_told():
    safety = REQUEST.model_copy(update={"safety": True})
    assert {fact.silence_clause for fact in given().when(safety).facts[1:]} == {None}


def test_silence_after_the_due_day_is_noted_then_deemed_under_the_clause_that_the_body_was_told():
    past = told(*OPEN[:2], silence_clause=CLAUSE) + OPEN[2:]
    given(*past).when(NOTE, by=PLATFORM, at=FRIDAY).then(overdue(FIRE), deemed(FIRE), overdue(HEALTH))


def test_a_body_that_was_noted_before_is_deemed_without_being_noted_again():
    given(*WITH_CLAUSE, overdue(FIRE), filed(HEALTH)).when(NOTE, by=PLATFORM, at=FRIDAY).then(
        deemed(FIRE), concluded(ConsultationOutcome.AGREED, heard=(heard(HEALTH),), **BY_ITSELF)
    )


def test_in_a_matter_of_safety_nothing_is_deemed_even_if_a_clause_was_told():
    past = told(*WITH_CLAUSE, safety=True)
    decided = given(*past).when(NOTE, by=PLATFORM, at=FRIDAY)
    decided.then(overdue(FIRE), overdue(HEALTH))
    decided.and_when(conclude(), at=FRIDAY).refused(OpinionsMissing)


def test_nothing_is_deemed_on_the_due_day_itself():
    given(*WITH_CLAUSE).when(NOTE, by=PLATFORM, at=THURSDAY).refused(OpinionNotYetDue)


def test_it_concludes_by_itself_when_the_last_opinion_is_deemed_and_does_not_call_that_agreed():
    given(*WITH_CLAUSE).when(NOTE, by=PLATFORM, at=FRIDAY).then(
        overdue(FIRE), deemed(FIRE), overdue(HEALTH), deemed(HEALTH),
        concluded(ConsultationOutcome.NO_OBJECTION, **BY_ITSELF),
    )  # fmt: skip


def test_silence_does_not_outvote_an_objection():
    given(*WITH_CLAUSE, FIRE_OBJECTS).when(NOTE, by=PLATFORM, at=FRIDAY).then(overdue(HEALTH), deemed(HEALTH))


def test_a_body_whose_silence_was_deemed_may_still_speak_while_it_is_open():
    given(*WITH_CLAUSE, FIRE_OBJECTS, overdue(HEALTH), deemed(HEALTH)).when(
        opinion(), by=HEALTH_OFFICER, at=FRIDAY
    ).then(filed(HEALTH, late=True), SPLIT)


def test_what_lies_before_the_conference_is_not_deemed():
    escalated = told(ESCALATED, missing=(HEALTH.code,))
    given(*WITH_CLAUSE, FIRE_OBJECTS, *escalated).when(NOTE, by=PLATFORM, at=FRIDAY).then(overdue(HEALTH))


def test_the_officer_who_answers_stands_in_the_envelope_of_the_fact():
    someone = officer_of(FIRE, "fire-officer-7")
    fact = given(*OPEN).when(opinion(), by=someone).facts[0]
    assert fact.actor == someone


@pytest.mark.parametrize(
    ("fact", "bodies"),
    [
        (INVITED_FIRE, (FIRE.code,)),
        (overdue(), (FIRE.code,)),
        (deemed(), (FIRE.code,)),
        (ConsultationOpinionExcused(**OF_CASE, consultation_id=THIS, body=FIRE, reason="不属其管辖"), (FIRE.code,)),
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
