"""会商: one specification per row of its table of states and per refusal, up to the conclusion; see also endings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from domain.consultation import (
    ConditionsMissing,
    ConsultationDeclaredComplex,
    ConsultationEscalated,
    ConsultationInvited,
    ConsultationOpinionExcused,
    ConsultationOpinionFiled,
    ConsultationOutcome,
    ConsultationRequested,
    DeclareConsultationComplex,
    ExcuseOpinion,
    NobodyLeftToAsk,
    NotInvited,
    ObjectionNeedsGrounds,
    Opinion,
    OpinionAlreadyStated,
    OpinionsMissing,
    OpinionsSplit,
    OpinionUnanswered,
    OverridingNeedsConference,
    ReplyAlreadyDue,
    RequestedOtherwise,
    SafetyOpinionNeeded,
)
from domain.kernel.aggregate import NOTHING_KNOWN, Look
from domain.kernel.licensing import CaseSeen
from domain.kernel.refusal import RoleMayNot, UnknownStream
from domain.kernel.words import Adoption
from tests.domain.consultation_file import (
    BY_ITSELF,
    DUE,
    FIRE,
    FIRE_OBJECTS,
    HEALTH,
    HEALTH_AGREES,
    HEALTH_SILENT,
    INVITED_FIRE,
    INVITED_HEALTH,
    LATER_DUE,
    LAW,
    OF_CASE,
    OPEN,
    REASON,
    REQUEST,
    REQUESTED,
    SAFETY,
    SAID_BY_FIRE,
    SPLIT,
    THIS,
    conclude,
    concluded,
    filed,
    heard,
    opinion,
    use,
)
from tests.entered_rules import closed
from tests.specification import (
    DECIDER,
    EXAMINER,
    FIRE_OFFICER,
    FRIDAY,
    HEALTH_OFFICER,
    HOUSING,
    HOUSING_OFFICER,
    MONDAY,
    PLATFORM,
    THURSDAY,
    TUESDAY,
    given,
)


def test_a_request_invites_every_body_and_names_the_day_the_reply_is_due():
    given().when(REQUEST).then(REQUESTED, INVITED_FIRE, INVITED_HEALTH)


def test_a_complex_consultation_leaves_the_longer_reply():
    decided = given().when(REQUEST.model_copy(update={"complex": True}))
    assert {fact.due_on for fact in decided.facts} == {date(2026, 3, 9)}


def test_no_due_day_is_guessed_for_a_year_without_a_calendar():
    decided = given().when(REQUEST, at=MONDAY.replace(year=2031))
    assert {fact.due_on for fact in decided.facts} == {None}


@dataclass(frozen=True, slots=True)
class Asking(Look):
    """The case that asks, with the place whose calendar counts its days."""

    region: str | None

    def case(self, case_id: UUID) -> CaseSeen | None:
        return CaseSeen(case_id=case_id, undecided=True, region=self.region)


@pytest.mark.parametrize(
    ("look", "where", "due", "later"),
    [
        (Asking("371500"), "371500", date(2026, 3, 9), date(2026, 3, 11)),
        (Asking("371500"), "370102", DUE, LATER_DUE),
        (Asking(None), "371500", DUE, LATER_DUE),  # the case of a central organ
        (NOTHING_KNOWN, "371502", date(2026, 3, 9), date(2026, 3, 11)),  # a case nobody knows: the place it states
    ],
)
def test_a_closure_where_the_case_is_handled_moves_the_reply_and_one_elsewhere_does_not(
    look, where, due, later, tmp_path: Path
):
    with closed(tmp_path, where):
        asked = given(look=look).when(REQUEST)
        assert {fact.due_on for fact in asked.facts} == {due}
        declared = asked.and_when(DeclareConsultationComplex(consultation_id=THIS, reason="涉及多部门"), by=DECIDER)
        assert declared.facts[0].due_on == later


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
        filed(HEALTH, Opinion.NO_OPINION),
        concluded(ConsultationOutcome.AGREED, heard=(heard(), heard(HEALTH, Opinion.NO_OPINION)), **BY_ITSELF),
    )


def test_where_nobody_says_yes_nor_no_the_outcome_does_not_claim_that_they_agreed():
    given(*OPEN, filed(FIRE, Opinion.NO_OPINION)).when(opinion(Opinion.NO_OPINION), by=HEALTH_OFFICER).then(
        filed(HEALTH, Opinion.NO_OPINION),
        concluded(
            ConsultationOutcome.NO_OBJECTION,
            heard=(heard(opinion=Opinion.NO_OPINION), heard(HEALTH, Opinion.NO_OPINION)), **BY_ITSELF,
        ),
    )  # fmt: skip


def test_conditions_are_part_of_the_outcome_when_it_concludes_by_itself():
    conditional = opinion(Opinion.AGREE_WITH_CONDITIONS, conditions="加装排烟")
    given(*OPEN, filed(FIRE)).when(conditional, by=HEALTH_OFFICER).then(
        ConsultationOpinionFiled,
        concluded(
            ConsultationOutcome.AGREED_WITH_CONDITIONS,
            heard=(heard(), heard(HEALTH, Opinion.AGREE_WITH_CONDITIONS, "加装排烟")), **BY_ITSELF,
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    "agrees", [opinion(), opinion(Opinion.AGREE_WITH_CONDITIONS, conditions="加装排烟")], ids=["agree", "conditions"]
)
def test_bodies_that_contradict_each_other_go_to_the_joint_conference_without_anybody_asking(agrees):
    given(*OPEN, FIRE_OBJECTS).when(agrees, by=HEALTH_OFFICER).then(ConsultationOpinionFiled, SPLIT)


def test_an_objection_that_comes_last_goes_there_too():
    objects = opinion(Opinion.OBJECT, reason=REASON, legal_basis=LAW)
    given(*OPEN, HEALTH_AGREES).when(objects, by=FIRE_OFFICER).then(FIRE_OBJECTS, SPLIT)


def test_nothing_goes_there_while_an_opinion_is_still_expected():
    given(*OPEN).when(opinion(Opinion.OBJECT, reason=REASON, legal_basis=LAW), by=FIRE_OFFICER).then(FIRE_OBJECTS)


def test_an_objection_that_nobody_contradicts_is_answered_by_a_person():
    given(*OPEN, FIRE_OBJECTS).when(opinion(Opinion.NO_OPINION), by=HEALTH_OFFICER).then(
        filed(HEALTH, Opinion.NO_OPINION)
    )


def test_it_concludes_by_itself_when_the_objection_is_withdrawn():
    given(*OPEN, FIRE_OBJECTS, HEALTH_SILENT).when(opinion(), by=FIRE_OFFICER).then(
        filed(FIRE, supersedes=4),
        concluded(ConsultationOutcome.AGREED, heard=(heard(), heard(HEALTH, Opinion.NO_OPINION)), **BY_ITSELF),
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
    given(*OPEN, FIRE_OBJECTS, HEALTH_SILENT).when(conclude()).refused(OpinionUnanswered, organ=FIRE)


def test_it_cannot_be_concluded_while_conditions_are_unanswered():
    conditional = filed(HEALTH, Opinion.AGREE_WITH_CONDITIONS, conditions="加装排烟")
    given(*OPEN, filed(FIRE), conditional).when(conclude()).refused(OpinionUnanswered, organ=HEALTH)


def test_a_split_that_was_recorded_before_it_went_to_the_conference_by_itself_is_not_concluded_quietly():
    given(*OPEN, FIRE_OBJECTS, HEALTH_AGREES).when(conclude(use())).refused(
        OpinionsSplit, agreeing=(HEALTH.code,), objecting=(FIRE.code,)
    )


@pytest.mark.parametrize("adoption", [Adoption.PARTLY_ADOPTED, Adoption.ADOPTED])
def test_an_objection_that_is_adopted_concludes(adoption):
    said = (SAID_BY_FIRE, heard(HEALTH, Opinion.NO_OPINION))
    given(*OPEN, FIRE_OBJECTS, HEALTH_SILENT).when(conclude(use(adoption))).then(
        concluded(ConsultationOutcome.OBJECTION_ADOPTED, (use(adoption),), heard=said)
    )


def test_one_officer_alone_does_not_override_an_objection():
    given(*OPEN, FIRE_OBJECTS, HEALTH_SILENT).when(conclude(use(Adoption.NOT_ADOPTED))).refused(
        OverridingNeedsConference, organ=FIRE
    )


def test_the_use_of_an_opinion_nobody_was_asked_for_is_refused():
    answer = use(Adoption.ADOPTED, HOUSING.code)
    given(*OPEN, FIRE_OBJECTS, HEALTH_SILENT).when(conclude(answer)).refused(NotInvited, organ=HOUSING.code)


# 复杂会商


COMPLEX = ConsultationDeclaredComplex(
    **OF_CASE, consultation_id=THIS, bodies=(FIRE, HEALTH), due_on=LATER_DUE, reason="涉及多部法规"
)
DECLARE = DeclareConsultationComplex(consultation_id=THIS, reason="涉及多部法规")


def test_a_consultation_found_complex_leaves_the_longer_reply_counted_from_the_request():
    decided = given(*OPEN).when(DECLARE, at=THURSDAY).then(COMPLEX)
    decided.and_when(opinion(), by=FIRE_OFFICER, at=FRIDAY).then(filed(FIRE))


def test_declaring_it_complex_twice_is_once():
    given(*OPEN, COMPLEX).when(DECLARE).nothing()


def test_a_reply_that_is_already_due_is_not_lengthened_any_more():
    given(*OPEN).when(DECLARE, at=FRIDAY).refused(ReplyAlreadyDue, due_on=DUE)


# 免除意见


def excuse(body=HEALTH) -> ExcuseOpinion:
    return ExcuseOpinion(consultation_id=THIS, organ=body.code, reason="该区域不属其管辖")


def excused(body=HEALTH) -> ConsultationOpinionExcused:
    return ConsultationOpinionExcused(**OF_CASE, consultation_id=THIS, body=body, reason="该区域不属其管辖")


def test_a_body_is_excused_with_a_reason_and_told():
    given(*OPEN).when(excuse(), by=DECIDER).then(excused())


def test_excusing_twice_is_once():
    given(*OPEN, excused()).when(excuse(), by=DECIDER).nothing()


def test_it_concludes_by_itself_when_the_last_missing_opinion_is_excused():
    given(*OPEN, filed(FIRE)).when(excuse(), by=DECIDER).then(
        excused(), concluded(ConsultationOutcome.AGREED, heard=(heard(),), **BY_ITSELF)
    )


def test_an_excused_body_may_still_speak_and_is_heard():
    decided = given(*OPEN, excused()).when(opinion(Opinion.OBJECT, reason=REASON, legal_basis=LAW), by=HEALTH_OFFICER)
    decided.then(filed(HEALTH, Opinion.OBJECT, reason=REASON, legal_basis=LAW))
    decided.and_when(opinion(), by=FIRE_OFFICER).then(ConsultationOpinionFiled, ConsultationEscalated)


def test_a_body_that_has_spoken_is_answered_and_not_excused():
    given(*OPEN, FIRE_OBJECTS).when(excuse(FIRE), by=DECIDER).refused(OpinionAlreadyStated, organ=FIRE)


def test_in_a_matter_of_safety_nobody_is_excused():
    given(*SAFETY).when(excuse(), by=DECIDER).refused(SafetyOpinionNeeded, organ=HEALTH)


def test_the_last_body_that_is_asked_is_not_excused():
    given(*OPEN, excused()).when(excuse(FIRE), by=DECIDER).refused(NobodyLeftToAsk, organ=FIRE)


def test_only_a_decider_excuses():
    given(*OPEN).when(excuse(), by=EXAMINER).refused(RoleMayNot)
