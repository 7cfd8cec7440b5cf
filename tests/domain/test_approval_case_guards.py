"""办件: what stands between a case and its decision. Every refusal is planted once; the rows of the table of states
stand in `test_approval_case.py`."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case import refusals as r
from domain.approval_case.words import ApproverLevel, CaseState, Opinion, Outcome
from domain.kernel.refusal import Refusal
from domain.kernel.words import SHANGHAI, CaseKind, Handling, Regulator
from tests.domain.case_file import (
    ASSIGNED,
    DENY,
    FILE,
    FINDING,
    GRANT,
    INSPECTION,
    OTHER_FINDING,
    PASSED,
    PROMISED_DUE,
    RECEIVED,
    SUBMIT,
    SUSPENDED,
    TERMS,
    accepted,
    clocks,
    consultation,
    denied,
    extend,
    file_of,
    finding,
    finding_noted,
    granted,
    outcome_of,
    site_visit,
    submitted,
    terms,
    tolerated,
    visited,
)
from tests.specification import (
    ACCEPTOR,
    APPLICANT,
    CASE,
    DECIDER,
    EXAMINER,
    FIRE,
    FRIDAY,
    HEALTH,
    HOUSING,
    MONDAY,
    PLATFORM,
    TUESDAY,
    catalogue,
    given,
    said,
)

S = CaseState
HERE = Path(__file__).parent
ACCEPT = c.AcceptApplication(case_id=CASE, document_no="受〔2026〕1号")
DECISIONS = pytest.mark.parametrize("decide", [GRANT, DENY], ids=["grant", "denial"])


def examined(of=TERMS, *between):
    """A file ready for the decision, with what happened after the acceptance."""
    return (*file_of(of)[S.ACCEPTED], *between, ASSIGNED, PASSED)


# What the item demands

CONSULTING = terms(consult=(FIRE, HEALTH), safety=True)
INSPECTING = terms(inspect=(FIRE, HOUSING))


def test_an_item_that_demands_a_consultation_says_so_with_the_acceptance():
    given(*file_of(CONSULTING)[S.RECEIVED]).when(ACCEPT, by=ACCEPTOR).then(
        accepted(CONSULTING), consultation(CONSULTING, safety=True)
    )


def test_an_item_that_demands_a_site_visit_names_who_must_see_the_place_and_when():
    given(*file_of(INSPECTING)[S.RECEIVED]).when(ACCEPT, by=ACCEPTOR).then(accepted(INSPECTING), site_visit())


def test_every_way_of_acceptance_raises_what_the_item_demands():
    both = terms(consult=(FIRE,), inspect=(FIRE,), tolerance_allowed=True)
    file = file_of(both)[S.RECEIVED]
    demands = (f.ConsultationRequired, f.SiteVisitRequired)
    tolerate = c.AcceptWithTolerance(case_id=CASE, document_no="1", missing=("图",), until=PROMISED_DUE)
    given(*file).when(ACCEPT, by=ACCEPTOR).then(f.ApplicationAccepted, *demands)
    given(*file).when(tolerate, by=ACCEPTOR).then(f.ToleranceAccepted, *demands)
    given(*file).when(c.DeemAccepted(case_id=CASE), by=PLATFORM, at=MONDAY + timedelta(days=9)).then(
        f.AcceptanceDeemed, *demands
    )


def test_an_item_whose_site_must_be_seen_takes_no_application_without_one():
    nowhere = SUBMIT.model_copy(update={"site": None})
    given(look=catalogue(INSPECTING)).when(nowhere, by=APPLICANT).refused(r.SiteMissing, item=INSPECTING.item)


@DECISIONS
def test_nothing_is_decided_while_the_consultation_is_outstanding(decide):
    file = examined(CONSULTING, consultation(CONSULTING))
    given(*file).when(decide, by=DECIDER).refused(r.ConsultationOutstanding, cause="item")


@pytest.mark.parametrize("outcome", [Outcome.SUPPORTED, Outcome.OBJECTED])
@DECISIONS
def test_the_decision_is_free_once_the_consultation_has_its_outcome(decide, outcome):
    noted = given(*examined(CONSULTING, consultation(CONSULTING))).when(outcome_of("item", outcome), by=PLATFORM)
    noted.then(f.ConsultationNoted).and_when(decide, by=DECIDER).then(_decided(decide, CONSULTING))


def test_an_outcome_enters_the_file_once():
    file = examined(CONSULTING, consultation(CONSULTING))
    noted = given(*file).when(outcome_of("item"), by=PLATFORM)
    noted.and_when(outcome_of("item", Outcome.OBJECTED), by=PLATFORM).nothing()


def test_cancelling_is_no_way_round_a_consultation_that_the_item_demands():
    file = examined(CONSULTING, consultation(CONSULTING))
    cancelled = given(*file).when(outcome_of("item", Outcome.CANCELLED), by=PLATFORM)
    cancelled.then(f.ConsultationNoted, consultation(CONSULTING, "item/2"))
    cancelled.and_when(GRANT, by=DECIDER).refused(r.ConsultationOutstanding, cause="item/2")
    again = cancelled.and_when(outcome_of("item/2", Outcome.CANCELLED), by=PLATFORM)
    again.then(f.ConsultationNoted, consultation(CONSULTING, "item/3"))
    again.and_when(outcome_of("item/3"), by=PLATFORM).and_when(GRANT, by=DECIDER).then(f.DecisionGranted)


def test_a_consultation_that_officers_asked_for_themselves_is_noted_and_blocks_nothing():
    noted = given(*FILE[S.EXAMINED]).when(outcome_of("quality", Outcome.CANCELLED), by=PLATFORM)
    noted.then(f.ConsultationNoted).and_when(GRANT, by=DECIDER).then(f.DecisionGranted)


@DECISIONS
def test_nothing_is_decided_before_the_site_was_seen(decide):
    given(*examined(INSPECTING, site_visit())).when(decide, by=DECIDER).refused(r.InspectionOutstanding)


def test_a_site_that_did_not_pass_allows_a_denial_and_no_grant():
    seen = given(*examined(INSPECTING, site_visit())).when(visited(Outcome.OBJECTED), by=PLATFORM)
    seen.then(f.InspectionNoted).and_when(GRANT, by=DECIDER).refused(r.InspectionOutstanding)
    seen.and_when(DENY, by=DECIDER).then(f.DecisionDenied)


def test_a_site_that_passed_allows_the_grant_also_after_it_failed_before():
    failed = given(*examined(INSPECTING, site_visit())).when(visited(Outcome.OBJECTED), by=PLATFORM)
    passed = failed.and_when(visited(), by=PLATFORM).then(f.InspectionNoted)
    passed.and_when(visited(), by=PLATFORM).nothing()
    passed.and_when(GRANT, by=DECIDER).then(f.DecisionGranted)


def test_a_cancelled_visit_is_demanded_anew_from_that_day_on():
    cancelled = given(*examined(INSPECTING, site_visit())).when(visited(Outcome.CANCELLED), by=PLATFORM, at=FRIDAY)
    cancelled.then(f.InspectionNoted, site_visit(not_before=date(2026, 3, 9), not_after=date(2026, 3, 23)))
    cancelled.and_when(DENY, by=DECIDER, at=FRIDAY).refused(r.InspectionOutstanding)
    twice = cancelled.and_when(visited(Outcome.CANCELLED), by=PLATFORM, at=FRIDAY)
    twice.then(f.InspectionNoted, f.SiteVisitRequired)


def test_a_cancelled_visit_that_nobody_demanded_is_noted_alone():
    given(*FILE[S.EXAMINING]).when(visited(Outcome.CANCELLED), by=PLATFORM).then(
        f.InspectionNoted(inspection_id=INSPECTION, outcome=Outcome.CANCELLED)
    )


@pytest.mark.parametrize("state", [S.GRANTED, S.WITHDRAWN])
def test_outcomes_that_come_after_the_end_change_nothing(state):
    given(*FILE[state]).when(outcome_of("item"), by=PLATFORM).nothing()
    given(*FILE[state]).when(visited(), by=PLATFORM).nothing()


# What a regulator's finding demands


def test_a_finding_warns_a_running_case_and_stops_nothing_by_itself():
    warned = given(*FILE[S.EXAMINED]).when(finding(), by=PLATFORM).then(finding_noted())
    warned.and_when(GRANT, by=DECIDER).then(f.DecisionGranted)


def test_the_same_finding_warns_once_and_again_when_it_says_something_else():
    warned = given(*FILE[S.EXAMINED]).when(finding(), by=PLATFORM)
    warned.and_when(finding(), by=PLATFORM).nothing()
    warned.and_when(finding(statement="已停业整顿"), by=PLATFORM).then(finding_noted(statement="已停业整顿"))


def test_a_finding_that_comes_after_the_decision_warns_nobody():
    given(*FILE[S.GRANTED]).when(finding(), by=PLATFORM).nothing()


def test_a_finding_that_asks_for_a_consultation_must_be_consulted_on():
    warned = given(*FILE[S.EXAMINED]).when(finding(consult=HEALTH), by=PLATFORM)
    warned.then(finding_noted(consult=HEALTH), consultation(TERMS, str(FINDING), (HEALTH,), reason="后厨卫生不达标"))
    warned.and_when(GRANT, by=DECIDER).refused(r.ConsultationOutstanding, cause=str(FINDING))


def test_a_consultation_asked_for_before_the_acceptance_is_demanded_with_it():
    warned = given(*FILE[S.RECEIVED]).when(finding(consult=HEALTH), by=PLATFORM).then(finding_noted(consult=HEALTH))
    warned.and_when(ACCEPT, by=ACCEPTOR).then(
        accepted(), consultation(TERMS, str(FINDING), (HEALTH,), reason="后厨卫生不达标")
    )


def test_a_finding_that_is_revised_demands_its_consultation_once():
    warned = given(*FILE[S.EXAMINED]).when(finding(consult=HEALTH), by=PLATFORM)
    warned.and_when(finding(consult=HEALTH, statement="再次发现"), by=PLATFORM).then(f.FindingNoted)


def test_the_consultation_on_a_finding_may_be_cancelled_once_the_finding_was_answered():
    answer = c.NoteFindingAnswered(case_id=CASE, finding_id=FINDING, result="已整改")
    warned = given(*FILE[S.EXAMINED]).when(finding(consult=HEALTH), by=PLATFORM)
    standing = warned.and_when(outcome_of(str(FINDING), Outcome.CANCELLED), by=PLATFORM)
    standing.then(f.ConsultationNoted, f.ConsultationRequired)
    answered = warned.and_when(answer, by=PLATFORM)
    over = answered.and_when(outcome_of(str(FINDING), Outcome.CANCELLED), by=PLATFORM).then(f.ConsultationNoted)
    over.and_when(GRANT, by=DECIDER).then(f.DecisionGranted)


@DECISIONS
def test_a_hold_stops_decisions_to_the_end_of_its_last_day(decide):
    held = given(*FILE[S.EXAMINED]).when(finding(hold_until=FRIDAY.date()), by=PLATFORM)
    midnight = datetime(2026, 3, 6, 23, 59, tzinfo=SHANGHAI)
    held.and_when(decide, by=DECIDER, at=midnight).refused(r.HoldInForce, until=date(2026, 3, 6))
    held.and_when(decide, by=DECIDER, at=midnight + timedelta(minutes=1)).then(type(_decided(decide)))


def _decided(decide, of=TERMS):
    return granted(of) if decide is GRANT else denied(of)


def test_a_hold_ends_when_its_finding_was_answered_and_others_stay():
    held = given(*FILE[S.EXAMINED]).when(finding(hold_until=FRIDAY.date()), by=PLATFORM)
    both = held.and_when(finding(finding_id=OTHER_FINDING, hold_until=TUESDAY.date()), by=PLATFORM)
    answer = c.NoteFindingAnswered(case_id=CASE, finding_id=FINDING, result="已整改")
    one = both.and_when(answer, by=PLATFORM).then(f.FindingAnswered(finding_id=FINDING, result="已整改"))
    one.and_when(GRANT, by=DECIDER).refused(r.HoldInForce, until=TUESDAY.date())
    one.and_when(GRANT, by=DECIDER, at=MONDAY + timedelta(days=2)).then(f.DecisionGranted)
    one.and_when(answer, by=PLATFORM).nothing()


def test_a_revised_finding_moves_or_lifts_its_hold():
    held = given(*FILE[S.EXAMINED]).when(finding(hold_until=TUESDAY.date()), by=PLATFORM)
    longer = held.and_when(finding(hold_until=FRIDAY.date()), by=PLATFORM)
    longer.and_when(GRANT, by=DECIDER).refused(r.HoldInForce, until=FRIDAY.date())
    lifted = longer.and_when(finding(), by=PLATFORM).then(f.FindingNoted)
    lifted.and_when(GRANT, by=DECIDER).then(f.DecisionGranted)


# Who may decide and examine


@DECISIONS
def test_whoever_accepted_the_case_does_not_decide_it(decide):
    both = DECIDER.model_copy(update={"id": ACCEPTOR.id})
    given(*FILE[S.EXAMINED]).when(decide, by=both).refused(r.AcceptorMayNotDecide, officer=ACCEPTOR.id)


@pytest.mark.parametrize("kind", CaseKind)
def test_whoever_accepted_the_case_does_not_examine_it(kind):
    myself = EXAMINER.model_copy(update={"id": ACCEPTOR.id})
    file = file_of(terms(kind=kind))
    opinion = c.RecordExaminationOpinion(case_id=CASE, opinion=Opinion.PASS, grounds="材料齐全")
    assign = c.AssignCase(case_id=CASE, examiner=ACCEPTOR.id)
    reassign = c.ReassignCase(case_id=CASE, examiner=ACCEPTOR.id, reason="回避")
    for state, command in ((S.ACCEPTED, assign), (S.EXAMINING, reassign), (S.EXAMINING, opinion)):
        given(*file[state]).when(command, by=myself).refused(r.AcceptorMayNotExamine, officer=ACCEPTOR.id)


def test_one_officer_does_everything_where_the_item_is_published_as_single_officer():
    alone = file_of(terms(single_officer=True))
    examiner, decider = (one.model_copy(update={"id": ACCEPTOR.id}) for one in (EXAMINER, DECIDER))
    opinion = c.RecordExaminationOpinion(case_id=CASE, opinion=Opinion.PASS, grounds="材料齐全")
    given(*alone[S.ACCEPTED]).when(c.AssignCase(case_id=CASE, examiner=ACCEPTOR.id), by=ACCEPTOR).then(f.CaseAssigned)
    given(*alone[S.EXAMINING]).when(opinion, by=examiner).then(f.ExaminationOpinionRecorded)
    given(*alone[S.EXAMINED]).when(GRANT, by=decider).then(f.DecisionGranted)


def test_who_took_the_case_over_from_silence_is_nobody_so_anybody_entitled_decides():
    deemed = f.AcceptanceDeemed(**clocks())
    file = (submitted(), RECEIVED, said(deemed, by=PLATFORM), ASSIGNED, PASSED)
    both = DECIDER.model_copy(update={"id": ACCEPTOR.id})
    assert given(*file).when(GRANT, by=both).then(f.DecisionGranted).facts[0].accepted_by == ""


# Opinion, tolerance, commitment


def test_a_negative_opinion_allows_no_grant_until_it_was_examined_again():
    negative = c.RecordExaminationOpinion(case_id=CASE, opinion=Opinion.FAIL, grounds="布局不符")
    failed = given(*FILE[S.EXAMINING]).when(negative)
    failed.and_when(GRANT, by=DECIDER).refused(r.OpinionIsNegative)
    failed.and_when(DENY, by=DECIDER).then(f.DecisionDenied)
    back = failed.and_when(c.ReturnStage(case_id=CASE, reason="已调整布局"), by=DECIDER)
    passed = back.and_when(c.RecordExaminationOpinion(case_id=CASE, opinion=Opinion.PASS, grounds="已符合"))
    passed.and_when(GRANT, by=DECIDER).then(f.DecisionGranted)


TOLERANT = terms(tolerance_allowed=True)
TOLERATE = c.AcceptWithTolerance(case_id=CASE, document_no="1", missing=("健康证明",), until=PROMISED_DUE)


def test_tolerance_is_for_items_that_allow_it():
    given(*FILE[S.RECEIVED]).when(TOLERATE, by=ACCEPTOR).refused(r.ToleranceNotAllowed, item=TERMS.item)


def test_what_is_tolerated_comes_within_the_promised_time():
    later = TOLERATE.model_copy(update={"until": date(2026, 3, 17)})
    file = file_of(TOLERANT)[S.RECEIVED]
    given(*file).when(later, by=ACCEPTOR).refused(r.ToleranceTooLong, due=PROMISED_DUE)
    earlier = TOLERATE.model_copy(update={"until": date(2026, 3, 1)})
    given(*file).when(earlier, by=ACCEPTOR).refused(r.DateHasPassed, until=date(2026, 3, 1))


def test_nothing_is_granted_while_a_tolerated_material_is_missing():
    file = (submitted(TOLERANT), RECEIVED, tolerated(TOLERANT, "健康证明", "平面图"), ASSIGNED, PASSED)
    given(*file).when(GRANT, by=DECIDER).refused(r.ToleranceOpen, missing=("健康证明", "平面图"))
    half = given(*file).when(c.ClearTolerance(case_id=CASE, materials=("平面图",)), by=ACCEPTOR)
    half.and_when(GRANT, by=DECIDER).refused(r.ToleranceOpen, missing=("健康证明",))
    whole = half.and_when(c.ClearTolerance(case_id=CASE, materials=("健康证明",)), by=ACCEPTOR)
    assert whole.and_when(GRANT, by=DECIDER).then(f.DecisionGranted).facts[0].with_tolerance


def test_a_denial_need_not_wait_for_tolerated_materials():
    file = (submitted(TOLERANT), RECEIVED, tolerated(TOLERANT, "健康证明"), ASSIGNED, PASSED)
    given(*file).when(DENY, by=DECIDER).then(f.DecisionDenied)


def test_commitment_is_for_items_that_allow_it():
    command = c.FileCommitment(case_id=CASE, commitment="符合开办条件", check_by=date(2026, 5, 1))
    given(*FILE[S.ACCEPTED]).when(command, by=APPLICANT).refused(r.CommitmentNotAllowed, item=TERMS.item)


def test_a_grant_that_rests_on_a_commitment_says_so():
    of = terms(commitment_allowed=True)
    filed = f.CommitmentFiled(commitment="符合开办条件", check_by=date(2026, 5, 1))
    given(*examined(of, filed)).when(GRANT, by=DECIDER).then(granted(of, by_commitment=True))


# Regulators


def test_the_decision_names_the_regulators_of_the_place_only():
    city, district, other, town, next_town = (
        Regulator(code=f"R-{region}", name=region, region=region)
        for region in ("371500", "371502", "371503", "371502100", "371502101")
    )
    everywhere = Regulator(code="R-ALL", name="所有地区")
    of = terms(regulators=(city, district, other, everywhere, town, next_town))
    here = submitted(of).site.model_copy(update={"region": "371502101000"})
    file = (submitted(of, site=here), *file_of(of)[S.EXAMINED][1:])
    assert given(*file).when(GRANT, by=DECIDER).facts[0].regulators == (city, district, everywhere, next_town)


@pytest.mark.parametrize("region", [None, "371521"], ids=["no place is named", "a place that nobody supervises"])
def test_a_decision_is_never_told_to_nobody(region):
    counties = tuple(Regulator(code=f"R-{region}", name=region, region=region) for region in ("371502", "371503"))
    of = terms(regulators=counties)
    site = submitted(of).site.model_copy(update={"region": region}) if region else None
    file = (submitted(of, site=site), *file_of(of)[S.EXAMINED][1:])
    assert given(*file).when(GRANT, by=DECIDER).facts[0].regulators == counties


# Extension (Article 42)

JOINT = terms(handling=Handling.JOINT)
GOVERNMENT = ApproverLevel.GOVERNMENT_HEAD


def extending(of=TERMS, *between, statutory_days: int = 20):
    return (submitted(of), RECEIVED, accepted(of, statutory_days=statutory_days), *between, ASSIGNED)


@pytest.mark.parametrize(
    ("of", "days", "approver", "other", "cap"),
    [
        (TERMS, 45, ApproverLevel.ORGAN_HEAD, GOVERNMENT, 10),
        (JOINT, 45, GOVERNMENT, ApproverLevel.ORGAN_HEAD, 15),
    ],
    ids=["one organ", "joint handling"],
)
def test_an_extension_needs_the_right_approver_and_keeps_to_the_cap(of, days, approver, other, cap):
    file = extending(of, statutory_days=days)
    given(*file).when(extend(cap, approver=approver)).then(f.TimeLimitExtended)
    given(*file).when(extend(1, approver=other)).refused(r.WrongApproverLevel, needed=approver)
    given(*file).when(extend(cap + 1, approver=approver)).refused(r.ExtensionTooLong, days=cap + 1, limit=cap)


def test_the_limit_is_extended_only_once():
    given(*extending()).when(extend(1)).and_when(extend(1)).refused(r.ExtendedAlready)


def test_the_applicant_is_told_before_the_limit_is_extended():
    given(*extending()).when(extend(applicant_told_on=date(2026, 3, 3))).refused(r.ApplicantNotYetTold)


LAST_DAY = datetime(2026, 3, 30, 23, 59, tzinfo=SHANGHAI)


def test_an_expired_limit_is_not_extended():
    given(*extending()).when(extend(), at=LAST_DAY).then(f.TimeLimitExtended)
    late = given(*extending()).when(extend(), at=LAST_DAY + timedelta(minutes=1))
    late.refused(r.ExtensionAfterExpiry, due=date(2026, 3, 30))


def test_a_pause_moves_the_day_on_which_the_limit_expires():
    week = (SUSPENDED, f.SpecialProcedureEnded(result="通过", ended_on=date(2026, 3, 6)))
    file = (*extending(), *week)
    # Five working days, Monday to Friday, are not counted; 3 April is the Friday before the Qingming holiday.
    given(*file).when(extend(), at=LAST_DAY + timedelta(days=4)).then(f.TimeLimitExtended)
    expired = given(*file).when(extend(), at=LAST_DAY + timedelta(days=8))
    expired.refused(r.ExtensionAfterExpiry, due=date(2026, 4, 3))


# Whatever may be refused is refused here once


def test_every_refusal_of_a_case_is_planted_in_a_specification():
    declared = {
        name for name, kind in vars(r).items()
        if isinstance(kind, type) and issubclass(kind, Refusal) and kind.__module__.startswith(r.__name__)
    }  # fmt: skip
    planted = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("test_approval_case*.py"))
    assert {name for name in declared if f"refused(r.{name}" not in planted.replace("\n        ", "")} == set()
