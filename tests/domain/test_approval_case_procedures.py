"""办件审查与公开: special procedures, verification, fees, publication and the archive, each with what stands before it."""

from __future__ import annotations

from datetime import date

import pytest

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case import refusals as r
from domain.approval_case.words import CaseState, PublishedDecision, Secrecy
from domain.kernel.words import Change, SpecialProcedure, Subject, SubjectKind
from tests.domain.case_file import (
    ASSIGNED,
    CALENDAR,
    DELIVERED,
    DENY,
    FILE,
    GRANT,
    ISSUED,
    PASSED,
    RECEIVED,
    TERMS,
    TODAY,
    accepted,
    file_of,
    granted,
    submitted,
    terms,
)
from tests.specification import (
    ACCEPTOR,
    BUREAU,
    CASE,
    DECIDER,
    FRIDAY,
    HOLDER,
    MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    given,
)

S = CaseState
P = SpecialProcedure
THIS_FRIDAY = FRIDAY.date()


def start(procedure: SpecialProcedure = P.TESTING, until: date = THIS_FRIDAY):
    return c.StartSpecialProcedure(case_id=CASE, procedure=procedure, notice_no="告〔2026〕1号", planned_end=until)


def end(procedure: SpecialProcedure | None = None):
    return c.EndSpecialProcedure(case_id=CASE, result="合格", procedure=procedure)


# Special procedures (Article 45)


@pytest.mark.parametrize("procedure", SpecialProcedure)
def test_each_of_the_eight_procedures_stops_the_clock_with_notice_and_planned_end(procedure):
    (fact,) = given(*FILE[S.EXAMINING]).when(start(procedure)).facts
    assert (fact.procedure, fact.notice_no, fact.planned_end) == (procedure, "告〔2026〕1号", FRIDAY.date())


def test_only_procedures_that_the_catalogue_lists_stop_the_clock():
    of = terms(special_procedures=(P.TESTING,))
    given(*file_of(of)[S.EXAMINING]).when(start(P.HEARING)).refused(r.ProcedureNotInCatalogue, procedure=P.HEARING)
    given(*file_of(of)[S.EXAMINING]).when(start(P.TESTING)).then(f.SpecialProcedureStarted)
    none = terms(special_procedures=())
    given(*file_of(none)[S.EXAMINING]).when(start(P.TESTING)).refused(r.ProcedureNotInCatalogue)


def test_a_procedure_is_not_planned_to_end_in_the_past():
    given(*FILE[S.EXAMINING]).when(start(until=date(2026, 3, 1))).refused(r.DateHasPassed)


def test_procedures_that_overlap_make_one_pause_and_the_case_goes_on_when_the_last_has_ended():
    one = given(*FILE[S.EXAMINED]).when(start(P.TESTING), at=MONDAY)
    both = one.and_when(start(P.EXPERT_REVIEW), at=TUESDAY).then(f.SpecialProcedureStarted)
    first = both.and_when(end(P.TESTING), at=WEDNESDAY)
    first.then(
        f.SpecialProcedureEnded(
            result="合格", ended_on=WEDNESDAY.date(), procedure=P.TESTING, under_way=(P.EXPERT_REVIEW,),
            planned_end=FRIDAY.date(), calendar=CALENDAR,
        )
    )
    assert (first.aggregate.state, first.aggregate.pauses) == (S.SUSPENDED, ())
    last = first.and_when(end(), at=THURSDAY)
    assert (last.aggregate.state, last.aggregate.pauses) == (S.EXAMINED, ((TODAY, THURSDAY.date()),))


def test_the_same_procedure_does_not_run_twice_at_once():
    given(*FILE[S.EXAMINING]).when(start()).and_when(start()).refused(r.ProcedureUnderWay, procedure=P.TESTING)


def test_it_must_be_clear_which_procedure_has_ended():
    both = given(*FILE[S.EXAMINING]).when(start(P.TESTING)).and_when(start(P.APPRAISAL))
    both.and_when(end()).refused(r.NoSuchProcedure, under_way=(P.TESTING, P.APPRAISAL))
    both.and_when(end(P.HEARING)).refused(r.NoSuchProcedure)


def test_a_procedure_that_was_recorded_before_it_had_a_name_ends_the_pause():
    old = f.SpecialProcedureEnded(result="通过", ended_on=FRIDAY.date())
    decided = given(*FILE[S.SUSPENDED], old).when(GRANT, by=DECIDER)
    decided.then(f.DecisionGranted)


# Verification (Article 34)


def verify(*officers: str):
    return c.RecordVerification(case_id=CASE, officers=officers, how="实地查看", result="与申请一致")


def test_the_substance_is_verified_by_two_officers_at_least():
    given(*FILE[S.EXAMINING]).when(verify("examiner-1", "examiner-2")).then(
        f.SubstanceVerified(officers=("examiner-1", "examiner-2"), how="实地查看", result="与申请一致")
    )
    given(*FILE[S.EXAMINING]).when(verify("examiner-1")).refused(r.TooFewOfficers, limit=2, officers=1)
    given(*FILE[S.EXAMINING]).when(verify("examiner-1", "examiner-1")).refused(r.TooFewOfficers, officers=1)


def test_whoever_accepted_the_case_does_not_verify_it():
    given(*FILE[S.EXAMINING]).when(verify("examiner-1", ACCEPTOR.id)).refused(r.AcceptorMayNotExamine)


# Fees (Articles 58 and 59)

FEE = c.ChargeFee(case_id=CASE, amount=1050, purpose="工本费", receipt_no="票1")


def test_no_fee_is_charged_without_a_law_that_provides_for_it():
    given(*FILE[S.EXAMINED]).when(FEE, by=ACCEPTOR).refused(r.NoFeeBasis, item=TERMS.item)


def test_a_fee_names_the_law_that_provides_for_it():
    of = terms(fee_basis="道路交通安全法第一百零四条")
    (fact,) = given(*file_of(of)[S.GRANTED]).when(FEE, by=ACCEPTOR).facts
    assert (fact.amount, fact.basis) == (1050, of.fee_basis)
    assert "10.50 元" in fact.telling("zh")


# Publication (Articles 5 and 40)

PUBLISH = c.PublishDecision(case_id=CASE, where="市政府网站")
WITHHOLD = c.WithholdPublication(case_id=CASE, secrecy=Secrecy.TRADE_SECRET, reason="涉及配方,申请人不同意公开")


def test_what_the_public_sees_of_a_grant_is_recorded():
    fact = given(*FILE[S.DELIVERED]).when(PUBLISH, by=ACCEPTOR).facts[0]
    assert fact.published == PublishedDecision(
        decision=Change.GRANT, document_no=GRANT.document_no, item_name=TERMS.name, subject_name=HOLDER.name,
        subject_code=HOLDER.identifier, content=GRANT.content, decided_on=TODAY, valid_from=TODAY,
        valid_to=date(2031, 3, 1), license_no="JY1371502", organ=BUREAU.code,
    )  # fmt: skip


def test_a_denial_is_published_with_its_reasons():
    fact = given(*FILE[S.DENIED]).when(PUBLISH, by=ACCEPTOR).facts[0]
    assert (fact.published.decision, fact.published.content) == (Change.DENIAL, DENY.reasons)


def test_of_a_natural_person_the_public_sees_a_masked_name_and_no_number():
    person = Subject(kind=SubjectKind.NATURAL, identifier="digest-of-a-number", name="张三丰")
    grant = granted(subject=person)
    file = (submitted(subject=person), RECEIVED, accepted(subject=person), ASSIGNED, PASSED, grant)
    published = given(*file).when(PUBLISH, by=ACCEPTOR).facts[0].published
    assert (published.subject_name, published.subject_code) == ("张**", "")
    assert "三丰" not in published.model_dump_json()


def test_secrets_and_privacy_are_kept_from_the_public_with_the_reason():
    held = given(*FILE[S.GRANTED]).when(WITHHOLD, by=DECIDER)
    held.then(f.PublicationWithheld(secrecy=Secrecy.TRADE_SECRET, reason="涉及配方,申请人不同意公开"))
    held.and_when(PUBLISH, by=ACCEPTOR).refused(r.PublicationExcluded, secrecy=Secrecy.TRADE_SECRET)
    held.and_when(WITHHOLD, by=DECIDER).nothing()


def test_what_was_published_can_no_longer_be_withheld():
    given(*FILE[S.GRANTED]).when(PUBLISH, by=ACCEPTOR).and_when(WITHHOLD, by=DECIDER).refused(r.PublishedAlready)


# Archive (State Council Decree 716)

ARCHIVE = c.ArchiveCase(case_id=CASE, archive_no="2026-1")
CONCLUDED = (*FILE[S.DELIVERED], f.CaseConcluded())


def test_a_grant_that_nobody_published_is_no_complete_file():
    refused = given(*CONCLUDED).when(ARCHIVE, by=ACCEPTOR).refused(r.FileIncomplete)
    assert "公示" in refused.told("zh")
    assert "publication" in refused.told("en")


@pytest.mark.parametrize(
    "settled", [f.DecisionPublished(where="网站"), f.PublicationWithheld(secrecy="privacy", reason="x")]
)
def test_a_grant_that_was_published_or_withheld_is_archived(settled):
    given(*CONCLUDED, settled).when(ARCHIVE, by=ACCEPTOR).then(f.CaseArchived)


def test_a_grant_may_be_published_after_the_conclusion_and_then_archived():
    published = given(*CONCLUDED).when(PUBLISH, by=ACCEPTOR)
    assert published.aggregate.state is S.CONCLUDED
    published.and_when(ARCHIVE, by=ACCEPTOR).then(f.CaseArchived)


def test_a_grant_that_was_not_served_is_not_concluded():
    for file in (FILE[S.GRANTED], (*FILE[S.GRANTED], ISSUED)):
        refusal = given(*file).when(c.ConcludeCase(case_id=CASE), by=ACCEPTOR).refusal
        assert refusal is not None
    given(*FILE[S.GRANTED], ISSUED, DELIVERED).when(c.ConcludeCase(case_id=CASE), by=ACCEPTOR).then(f.CaseConcluded)


def test_a_case_that_was_denied_or_left_is_archived_as_it_is():
    for state in (S.CONCLUDED, S.WITHDRAWN, S.TERMINATED, S.CLOSED_UNACCEPTED):
        given(*FILE[state]).when(ARCHIVE, by=ACCEPTOR).then(f.CaseArchived)


def test_an_examiner_may_not_be_who_chairs_the_hearing():
    chaired = f.HearingScheduled(held_on=FRIDAY.date(), place="听证室", chair="chair-1", notice_no="听〔2026〕1号")
    command = c.ReassignCase(case_id=CASE, examiner="chair-1", reason="换人")
    given(*FILE[S.EXAMINING], chaired).when(command, by=DECIDER).refused(r.ChairMayNotExamine, officer="chair-1")
