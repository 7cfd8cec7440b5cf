"""采纳情况: a decision says how each binding opinion of a consultation was used (rule R40, 反对意见未回应)."""

from __future__ import annotations

import pytest

from domain.approval_case import facts as f
from domain.approval_case import refusals as r
from domain.approval_case.words import CaseState, Outcome
from domain.kernel.identity import stream_id
from domain.kernel.opinions import HeardOpinion, Opinion
from domain.kernel.words import Adoption, OpinionUse
from tests.domain.case_file import CONSULTATION, DENY, FILE, GRANT, TERMS, consultation, outcome_of
from tests.specification import DECIDER, FIRE, HEALTH, HOUSING, PLATFORM, given

REASON = "疏散通道宽度不足"
OBJECTS = HeardOpinion(body=FIRE, opinion=Opinion.OBJECT, stated=REASON)
CONDITION = HeardOpinion(body=HEALTH, opinion=Opinion.AGREE_WITH_CONDITIONS, stated="加装排烟")
AGREES = HeardOpinion(body=HEALTH, opinion=Opinion.AGREE)
EXAMINED = FILE[CaseState.EXAMINED]


def noted(*heard, cause="item", outcome=Outcome.SUPPORTED, of=CONSULTATION) -> f.ConsultationNoted:
    return f.ConsultationNoted(consultation_id=of, cause=cause, outcome=outcome, heard=heard)


def use(body=FIRE, adoption=Adoption.PARTLY_ADOPTED) -> OpinionUse:
    return OpinionUse(organ=body.code, adoption=adoption, answer="已要求加宽疏散通道")


def saying(command, *uses):
    return command.model_copy(update={"opinion_uses": uses})


def test_what_was_said_enters_the_file_with_the_outcome():
    told = outcome_of("item").model_copy(update={"heard": (OBJECTS, AGREES)})
    given(*EXAMINED, consultation(TERMS)).when(told, by=PLATFORM).then(noted(OBJECTS, AGREES))


@pytest.mark.parametrize("command", [GRANT, DENY], ids=["grant", "denial"])
def test_no_decision_passes_an_objection_over_in_silence(command):
    given(*EXAMINED, noted(OBJECTS)).when(command, by=DECIDER).refused(
        r.OpinionUseNotCited, body=FIRE, opinion=Opinion.OBJECT, stated=REASON
    )


@pytest.mark.parametrize("command", [GRANT, DENY], ids=["grant", "denial"])
def test_nor_conditions(command):
    given(*EXAMINED, noted(CONDITION)).when(command, by=DECIDER).refused(r.OpinionUseNotCited, body=HEALTH)


@pytest.mark.parametrize(
    ("command", "fact"), [(GRANT, f.DecisionGranted), (DENY, f.DecisionDenied)], ids=["grant", "denial"]
)
def test_a_decision_carries_and_tells_how_each_was_used(command, fact):
    uses = (use(), use(HEALTH, Adoption.ADOPTED))
    decided = given(*EXAMINED, noted(OBJECTS, CONDITION)).when(saying(command, *uses), by=DECIDER).then(fact)
    assert decided.facts[0].opinion_uses == uses
    assert "已要求加宽疏散通道" in decided.facts[0].telling("zh")
    assert "opinions used" in decided.facts[0].telling("en")


def test_a_decision_without_opinions_tells_of_none():
    fact = given(*EXAMINED).when(GRANT, by=DECIDER).facts[0]
    assert "会商" not in fact.telling("zh")


def test_an_agreement_binds_nobody_but_may_be_cited():
    given(*EXAMINED, noted(AGREES)).when(GRANT, by=DECIDER).then(f.DecisionGranted)
    given(*EXAMINED, noted(AGREES)).when(saying(GRANT, use(HEALTH, Adoption.ADOPTED)), by=DECIDER).then(
        f.DecisionGranted
    )


def test_nobody_is_cited_who_gave_no_opinion():
    given(*EXAMINED, noted(OBJECTS)).when(saying(GRANT, use(), use(HOUSING)), by=DECIDER).refused(
        r.OpinionNeverHeard, organ=HOUSING.code
    )


def test_a_grant_does_not_claim_to_adopt_the_objection():
    adopting = (use(adoption=Adoption.ADOPTED),)
    given(*EXAMINED, noted(OBJECTS)).when(saying(GRANT, *adopting), by=DECIDER).refused(
        r.AdoptedObjectionForbidsGrant, body=FIRE
    )
    given(*EXAMINED, noted(OBJECTS)).when(saying(DENY, *adopting), by=DECIDER).then(f.DecisionDenied)


def test_a_body_that_bound_in_two_consultations_is_answered_twice():
    past = (*EXAMINED, noted(OBJECTS), noted(OBJECTS, cause="other", of=stream_id("consultation", 2026, "c-2")))
    given(*past).when(saying(GRANT, use()), by=DECIDER).refused(r.OpinionUseNotCited, body=FIRE)
    given(*past).when(saying(GRANT, use(), use(adoption=Adoption.NOT_ADOPTED)), by=DECIDER).then(f.DecisionGranted)


def test_an_objection_is_answered_even_when_its_consultation_was_cancelled():
    past = (*EXAMINED, noted(OBJECTS, cause="voluntary", outcome=Outcome.CANCELLED))
    given(*past).when(GRANT, by=DECIDER).refused(r.OpinionUseNotCited, body=FIRE)


def test_opinions_that_entered_the_file_before_they_were_kept_bind_no_decision():
    given(*EXAMINED, noted()).when(GRANT, by=DECIDER).then(f.DecisionGranted)
