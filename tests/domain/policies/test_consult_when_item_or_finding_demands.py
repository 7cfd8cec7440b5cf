"""应会商必会商。"""

from __future__ import annotations

import pytest

from domain.approval_case.commands import NoteConsultation
from domain.approval_case.facts import ConsultationNoted, SiteVisitRequired
from domain.approval_case.words import Outcome
from domain.consultation import (
    ConsultationCancelled,
    ConsultationConcluded,
    ConsultationConcludedByConference,
    ConsultationEscalated,
    ConsultationOutcome,
    HeardOpinion,
    Opinion,
    RequestConsultation,
    consultation_stream,
)
from domain.policies.consult_when_item_or_finding_demands import ConsultWhenItemOrFindingDemands
from tests.domain.case_file import TERMS, consultation, site_visit
from tests.specification import CASE, CASE_NO, FIRE, HEALTH, given

POLICY = ConsultWhenItemOrFindingDemands()
THERE = consultation_stream(CASE, "item")
OF_CASE = {"case_id": CASE, "case_no": CASE_NO, "cause": "item"}
BODIES = {"bodies": (FIRE, HEALTH)}


HEARD = (HeardOpinion(body=FIRE, opinion=Opinion.OBJECT, stated="疏散不足"),)


def noted(outcome: Outcome) -> NoteConsultation:
    return NoteConsultation(case_id=CASE, consultation_id=THERE, cause="item", outcome=outcome, heard=HEARD)


def test_a_demand_asks_every_body_that_it_names():
    given(POLICY).when(consultation(TERMS, safety=True), stream=CASE).then(
        RequestConsultation(
            case_id=CASE, case_no=CASE_NO, item_name=TERMS.name, invited=(FIRE, HEALTH), cause="item", safety=True,
            question="请就「食品经营许可」提出意见:食品经营许可",
        )
    )  # fmt: skip


def test_a_demand_raised_anew_is_another_consultation():
    asked = [POLICY.react(consultation(TERMS, cause))[0].stream for cause in ("item", "item/2")]
    assert len(set(asked)) == 2


@pytest.mark.parametrize("outcome", ConsultationOutcome)
def test_the_outcome_and_the_opinions_enter_the_file_whoever_concluded_it(outcome):
    expected = Outcome.OBJECTED if outcome is ConsultationOutcome.OBJECTION_ADOPTED else Outcome.SUPPORTED
    by_officer = ConsultationConcluded(
        **OF_CASE, **BODIES, outcome=outcome, uses=(), heard=HEARD, conclusion="可以准予", automatic=False
    )
    by_conference = ConsultationConcludedByConference(
        **OF_CASE, **BODIES, outcome=outcome, heard=HEARD, resolution="准予", minutes_no="1"
    )
    for fact in (by_officer, by_conference):
        given(POLICY).when(fact, stream=THERE).then(noted(expected))


def test_a_cancelled_consultation_is_told_to_the_case():
    given(POLICY).when(ConsultationCancelled(**OF_CASE, **BODIES, reason="撤回", heard=HEARD), stream=THERE).then(
        noted(Outcome.CANCELLED)
    )


@pytest.mark.parametrize(
    "fact",
    [
        site_visit(),
        ConsultationNoted(consultation_id=THERE, cause="item", outcome=Outcome.SUPPORTED),
        ConsultationEscalated(**OF_CASE, **BODIES, missing=(), objecting=(FIRE.code,), reason="分歧"),
    ],
    ids=["a site must be seen", "the outcome is in the file already", "the conference has not met"],
)
def test_it_does_nothing_when(fact: SiteVisitRequired):
    given(POLICY).when(fact).nothing()
