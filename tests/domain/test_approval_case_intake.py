"""办件受理: what is frozen at acceptance, what may be asked for and when, and how promises (容缺、承诺) end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case import refusals as r
from domain.approval_case.words import CaseState, DenialGround, Material, TerminationGround, Tolerated
from domain.kernel.aggregate import Look
from domain.kernel.words import ItemTerms, TolerableMaterial, ToleranceLapse
from domain.rules.loader import rule_book
from domain.service_item import RetiredItem
from tests.domain.case_file import (
    ASSIGNED,
    CORRECTION,
    DENY,
    GRANT,
    NOTICE_DUE,
    PASSED,
    PROMISED_DUE,
    RECEIVED,
    SUBMIT,
    SUSPENDED,
    TERMS,
    accepted,
    clocks,
    denied,
    file_of,
    granted,
    submitted,
    terms,
    tolerated,
)
from tests.specification import (
    ACCEPTOR,
    APPLICANT,
    CASE,
    DECIDER,
    FRIDAY,
    MONDAY,
    NEXT_MONDAY,
    PLATFORM,
    TUESDAY,
    WEDNESDAY,
    given,
)

S = CaseState
ACCEPT = c.AcceptApplication(case_id=CASE, document_no="受〔2026〕1号")
DEEM = c.DeemAccepted(case_id=CASE)
LAPSE = c.LapseTolerance(case_id=CASE)


@dataclass(frozen=True)
class Versions(Look):
    """A catalogue whose item changes, or is retired, on a day."""

    first: ItemTerms
    changes_on: date
    then: ItemTerms | None

    def item(self, item: str, on: date) -> ItemTerms:
        if on < self.changes_on:
            return self.first
        if self.then is None:
            raise RetiredItem(item=item, since=self.changes_on)
        return self.then


# Terms are frozen at acceptance

NEXT_VERSION = terms(version=4, promised_days=5)
CHANGED = Versions(TERMS, WEDNESDAY.date(), NEXT_VERSION)


def test_the_version_in_force_at_acceptance_governs_the_case_and_the_one_at_submission_stays_on_record():
    decided = given(*file_of()[S.RECEIVED], look=CHANGED).when(ACCEPT, by=ACCEPTOR, at=WEDNESDAY)
    fact = decided.facts[0]
    assert (fact.terms, fact.promised_days, decided.aggregate.terms) == (NEXT_VERSION, 5, NEXT_VERSION)
    assert decided.past[0].terms == TERMS


def test_a_version_that_begins_after_the_acceptance_changes_nothing():
    accepted_before = given(*file_of()[S.RECEIVED], look=CHANGED).when(ACCEPT, by=ACCEPTOR, at=TUESDAY)
    assert accepted_before.facts[0].terms == TERMS


def test_tolerance_freezes_the_version_in_force_too_and_asks_that_one_whether_it_is_allowed():
    allowed = Versions(TERMS, WEDNESDAY.date(), terms(version=4, tolerance_allowed=True))
    command = c.AcceptWithTolerance(case_id=CASE, document_no="1", missing=("图",))
    story = given(*file_of()[S.RECEIVED], look=allowed)
    story.when(command, by=ACCEPTOR, at=TUESDAY).refused(r.ToleranceNotAllowed)
    assert story.when(command, by=ACCEPTOR, at=WEDNESDAY).facts[0].terms.version == 4


def test_silence_accepts_under_the_version_in_force_on_the_day_of_receipt():
    decided = given(*file_of()[S.RECEIVED], look=CHANGED).when(DEEM, by=PLATFORM, at=MONDAY + timedelta(8))
    assert decided.then(f.AcceptanceDeemed).facts[0].terms == TERMS


RETIRED = Versions(TERMS, WEDNESDAY.date(), None)


def test_an_item_that_was_retired_meanwhile_is_not_accepted_and_may_be_told_to_need_no_license():
    story = given(*file_of()[S.RECEIVED], look=RETIRED)
    story.when(ACCEPT, by=ACCEPTOR, at=TUESDAY).then(accepted(day_zero=TUESDAY.date(), **DUE_FROM_TUESDAY))
    story.when(ACCEPT, by=ACCEPTOR, at=WEDNESDAY).refused(RetiredItem, since=WEDNESDAY.date())
    told = c.DeclareNoPermitRequired(case_id=CASE, reason="该项许可已取消")
    story.when(told, by=ACCEPTOR, at=WEDNESDAY).then(f.PermitNotRequired)


DUE_FROM_TUESDAY = {"statutory_due": date(2026, 3, 31), "promised_due": date(2026, 3, 17)}


def test_silence_about_an_item_that_was_retired_before_the_receipt_ends_the_case_on_that_ground():
    gone = Versions(TERMS, MONDAY.date(), None)
    decided = given(*file_of()[S.RECEIVED], look=gone).when(DEEM, by=PLATFORM, at=MONDAY + timedelta(8))
    (fact,) = decided.then(f.CaseTerminated).facts
    assert fact.ground_code is TerminationGround.ITEM_RETIRED
    assert TERMS.item in fact.ground


def test_silence_is_no_way_round_an_item_retired_after_the_receipt():
    decided = given(*file_of()[S.RECEIVED], look=RETIRED).when(DEEM, by=PLATFORM, at=MONDAY + timedelta(8))
    decided.then(f.AcceptanceDeemed)


def test_a_version_that_now_demands_a_visit_needs_a_site():
    visited = Versions(TERMS, WEDNESDAY.date(), terms(version=4, inspect=(TERMS.regulators[0],)))
    nowhere = (submitted(site=None), RECEIVED)
    given(*nowhere, look=visited).when(ACCEPT, by=ACCEPTOR, at=WEDNESDAY).refused(r.SiteMissing)


# Materials, and what may be asked for

LISTED = terms(materials=("申请书", "平面图", "健康证明"))


def listed(*brought: str):
    return (submitted(LISTED, materials=tuple(Material(name=one) for one in brought)), RECEIVED)


def test_nothing_is_accepted_while_a_listed_material_is_missing():
    given(*listed("申请书")).when(ACCEPT, by=ACCEPTOR).refused(r.MaterialsIncomplete, missing=("平面图", "健康证明"))
    given(*listed("申请书", "平面图", "健康证明")).when(ACCEPT, by=ACCEPTOR).then(accepted(LISTED))


def test_a_listed_material_that_only_some_cases_need_holds_no_acceptance_up():
    some = terms(materials=("申请书", "平面图", "授权委托书"), conditional=("授权委托书",))
    brought = tuple(Material(name=one) for one in ("申请书", "平面图"))
    given(submitted(some, materials=brought), RECEIVED).when(ACCEPT, by=ACCEPTOR).then(accepted(some))


def test_what_shared_data_supplies_is_not_asked_of_the_applicant_and_the_acceptance_says_so():
    shared = ACCEPT.model_copy(update={"not_asked": ("健康证明",)})
    given(*listed("申请书", "平面图")).when(shared, by=ACCEPTOR).then(
        f.ApplicationAccepted(document_no=ACCEPT.document_no, not_asked=("健康证明",), **clocks(LISTED))
    )


def test_a_corrected_material_is_there():
    corrected = (CORRECTION, f.CorrectionSubmitted(materials=("平面图", "健康证明"), notice_due=NOTICE_DUE))
    given(*listed("申请书"), *corrected).when(ACCEPT, by=ACCEPTOR).then(f.ApplicationAccepted)


def ask(*missing: str, **more):
    return c.RequestCorrection(case_id=CASE, missing=missing, until=CORRECTION.until, **more)


def test_nothing_beyond_the_published_list_is_asked_for():
    given(*listed("申请书")).when(ask("平面图", "营业流水"), by=ACCEPTOR).refused(
        r.NotAMaterialOfTheItem, materials=("营业流水",)
    )
    given(*listed("申请书")).when(ask("平面图"), by=ACCEPTOR).then(f.CorrectionRequested)
    shared = ACCEPT.model_copy(update={"not_asked": ("营业流水",)})
    given(*listed("申请书", "平面图", "健康证明")).when(shared, by=ACCEPTOR).refused(r.NotAMaterialOfTheItem)


ANSWERED = (*file_of()[S.AWAITING_CORRECTION], f.CorrectionSubmitted(materials=("平面图",), notice_due=NOTICE_DUE))


def test_everything_missing_is_told_once_and_not_in_parts():
    given(*ANSWERED).when(ask("消防证明"), by=ACCEPTOR).refused(r.CorrectionToldInParts, materials=("消防证明",))
    given(*ANSWERED).when(ask("平面图", "消防证明"), by=ACCEPTOR).refused(
        r.CorrectionToldInParts, materials=("消防证明",)
    )


def test_what_the_applicant_failed_to_cure_is_asked_for_again_and_counted():
    given(*ANSWERED).when(ask("平面图", notice_no="补〔2026〕2号"), by=ACCEPTOR).then(
        f.CorrectionRequested(
            missing=("平面图",), until=CORRECTION.until, notice_no="补〔2026〕2号", round=2, repeated=("平面图",)
        )
    )


def test_what_a_newly_supplied_material_made_needed_may_be_asked_for_naming_that_material():
    given(*ANSWERED).when(ask("消防证明", caused_by=("平面图",)), by=ACCEPTOR).then(
        f.CorrectionRequested(missing=("消防证明",), until=CORRECTION.until, round=2, caused_by=("平面图",))
    )
    given(*ANSWERED).when(ask("消防证明", caused_by=("章程",)), by=ACCEPTOR).refused(r.CorrectionToldInParts)


# Tolerance

TOLERABLE = terms(
    tolerance_allowed=True,
    tolerable=(TolerableMaterial(name="健康证明", days=3), TolerableMaterial(name="平面图")),
)  # fmt: skip


def tolerate(*missing: str, until: date | None = None):
    return c.AcceptWithTolerance(case_id=CASE, document_no="受〔2026〕1号", missing=missing, until=until)


def test_only_materials_on_the_tolerable_list_may_come_later():
    file = file_of(TOLERABLE)[S.RECEIVED]
    given(*file).when(tolerate("健康证明", "申请书"), by=ACCEPTOR).refused(r.NotTolerable, materials=("申请书",))


def test_each_tolerated_material_has_the_days_of_the_catalogue_or_the_promised_time():
    decided = given(*file_of(TOLERABLE)[S.RECEIVED]).when(tolerate("健康证明", "平面图"), by=ACCEPTOR)
    each = (Tolerated(name="健康证明", until=date(2026, 3, 5)), Tolerated(name="平面图", until=PROMISED_DUE))
    assert decided.then(f.ToleranceAccepted).facts[0].each == each
    assert decided.aggregate.supply_by == date(2026, 3, 5)
    cleared = decided.and_when(c.ClearTolerance(case_id=CASE, materials=("健康证明",)), by=ACCEPTOR)
    cleared.then(f.ToleranceCleared(materials=("健康证明",), until=PROMISED_DUE))
    assert cleared.aggregate.supply_by == PROMISED_DUE


def test_no_tolerated_material_is_given_longer_than_its_days():
    file = file_of(TOLERABLE)[S.RECEIVED]
    given(*file).when(tolerate("健康证明", until=FRIDAY.date()), by=ACCEPTOR).refused(
        r.ToleranceTooLong, due=date(2026, 3, 5)
    )


def test_a_year_without_a_calendar_needs_a_named_day():
    file, later = file_of(TOLERABLE)[S.RECEIVED], MONDAY.replace(year=2031)
    given(*file).when(tolerate("平面图"), by=ACCEPTOR, at=later).refused(r.ToleranceWithoutEnd)
    given(*file).when(tolerate("平面图", until=date(2031, 3, 9)), by=ACCEPTOR, at=later).then(f.ToleranceAccepted)


RUNNING_FILES = {
    S.ACCEPTED: (),
    S.EXAMINING: (ASSIGNED,),
    S.EXAMINED: (ASSIGNED, PASSED),
    S.SUSPENDED: (ASSIGNED, SUSPENDED),
}


def awaiting(outcome: ToleranceLapse | None, state: CaseState = S.EXAMINED):
    of = terms(tolerance_allowed=True, tolerance_lapse=outcome)
    return of, (submitted(of), RECEIVED, tolerated(of, "健康证明", until=FRIDAY.date()), *RUNNING_FILES[state])


@pytest.mark.parametrize("state", RUNNING_FILES)
def test_a_lapse_ends_the_case_where_the_item_says_terminate(state):
    _, file = awaiting(ToleranceLapse.TERMINATE, state)
    lapsed = given(*file).when(LAPSE, by=PLATFORM, at=NEXT_MONDAY)
    lapsed.then(f.ToleranceLapsed(outcome=ToleranceLapse.TERMINATE, missing=("健康证明",)))
    assert lapsed.aggregate.state is S.TERMINATED


@pytest.mark.parametrize("state", RUNNING_FILES)
def test_a_lapse_counts_as_a_withdrawal_where_the_item_says_so_and_nobody_is_said_to_have_withdrawn(state):
    _, file = awaiting(ToleranceLapse.WITHDRAW, state)
    lapsed = given(*file).when(LAPSE, by=PLATFORM, at=NEXT_MONDAY)
    lapsed.then(f.ToleranceLapsed, f.CaseWithdrawn)
    assert (lapsed.facts[1].deemed, lapsed.aggregate.state) == (True, S.WITHDRAWN)
    assert "视为撤回申请" in lapsed.facts[1].telling("zh")
    assert "counts as withdrawn" in lapsed.facts[1].telling("en")


@pytest.mark.parametrize("state", RUNNING_FILES)
def test_a_lapse_leads_to_a_denial_with_reasons_and_remedies_where_the_item_says_deny(state):
    of, file = awaiting(ToleranceLapse.DENY, state)
    lapsed = given(*file).when(LAPSE, by=PLATFORM, at=NEXT_MONDAY)
    lapsed.then(f.ToleranceLapsed(outcome=ToleranceLapse.DENY, missing=("健康证明",)))
    assert lapsed.aggregate.state is state, "a timer decides nothing: an authorised person denies"
    clear = c.ClearTolerance(case_id=CASE, materials=("健康证明",))
    lapsed.and_when(clear, by=ACCEPTOR, at=NEXT_MONDAY).refused(r.ToleranceHasLapsed)
    lapsed.and_when(LAPSE, by=PLATFORM, at=NEXT_MONDAY).nothing()
    both = DECIDER.model_copy(update={"id": ACCEPTOR.id})
    lapsed.and_when(DENY, by=both, at=NEXT_MONDAY).refused(r.AcceptorMayNotDecide)
    denial = lapsed.and_when(DENY, by=DECIDER, at=NEXT_MONDAY)
    late = {"publicity_due": date(2026, 3, 18)}
    denial.then(denied(of, with_tolerance=True, ground=DenialGround.MATERIALS_NEVER_CAME, **late))
    assert denial.aggregate.state is S.DENIED


def test_nothing_is_granted_after_a_lapse_that_must_be_denied():
    _, file = awaiting(ToleranceLapse.DENY)
    lapsed = given(*file).when(LAPSE, by=PLATFORM, at=NEXT_MONDAY)
    lapsed.and_when(GRANT, by=DECIDER, at=NEXT_MONDAY).refused(r.ToleranceHasLapsed, missing=("健康证明",))


@pytest.mark.parametrize("outcome", ToleranceLapse)
def test_an_item_that_says_nothing_of_a_lapse_follows_the_practice_in_force(outcome, monkeypatch):
    provisions = rule_book("practices")._provisions
    entry = provisions["tolerance_lapse"][0]
    monkeypatch.setitem(provisions, "tolerance_lapse", (replace(entry, value=str(outcome)),))
    _, file = awaiting(None)
    assert given(*file).when(LAPSE, by=PLATFORM, at=NEXT_MONDAY).facts[0].outcome is outcome


# Commitment

COMMITTING = terms(commitment_allowed=True)
COMMIT = c.FileCommitment(case_id=CASE, commitment="符合开办条件")
COMMITTED = f.CommitmentFiled(commitment="符合开办条件", check_by=date(2026, 5, 1))
TAKE_BACK = c.WithdrawCommitment(case_id=CASE, reason="条件有变")


@pytest.mark.parametrize(("days", "until"), [(None, date(2026, 5, 1)), (90, date(2026, 5, 31))])
def test_a_commitment_is_checked_within_the_days_of_the_item_or_sixty_calendar_days(days, until):
    of = terms(commitment_allowed=True, commitment_days=days)
    assert given(*file_of(of)[S.ACCEPTED]).when(COMMIT, by=APPLICANT).facts[0].check_by == until


@pytest.mark.parametrize("state", [S.RECEIVED, S.ACCEPTED, S.EXAMINING])
def test_the_applicant_takes_a_commitment_back_before_the_decision(state):
    taken = given(*file_of(COMMITTING)[state], COMMITTED).when(TAKE_BACK, by=APPLICANT)
    taken.then(f.CommitmentWithdrawn(reason="条件有变"))
    assert (taken.aggregate.state, taken.aggregate.committed) == (state, False)


def test_an_opinion_that_rested_on_a_commitment_counts_no_longer_when_it_is_taken_back():
    file = file_of(COMMITTING)
    taken = given(*file[S.EXAMINED], COMMITTED).when(TAKE_BACK, by=APPLICANT)
    taken.then(f.CommitmentWithdrawn(reason="条件有变", examined_anew=True))
    assert taken.aggregate.state is S.EXAMINING
    paused = given(*file[S.SUSPENDED], COMMITTED).when(TAKE_BACK, by=APPLICANT)
    back = paused.and_when(c.EndSpecialProcedure(case_id=CASE, result="通过"))
    assert back.aggregate.state is S.EXAMINING


def test_there_must_be_a_commitment_to_take_back():
    given(*file_of(COMMITTING)[S.ACCEPTED]).when(TAKE_BACK, by=APPLICANT).refused(r.NoCommitment)
    taken = given(*file_of(COMMITTING)[S.ACCEPTED], COMMITTED).when(TAKE_BACK, by=APPLICANT)
    taken.and_when(TAKE_BACK, by=APPLICANT).refused(r.NoCommitment)


def test_a_grant_after_the_withdrawal_rests_on_no_commitment():
    file = (*file_of(COMMITTING)[S.EXAMINING], COMMITTED)
    taken = given(*file).when(TAKE_BACK, by=APPLICANT)
    examined = taken.and_when(c.RecordExaminationOpinion(case_id=CASE, opinion=PASSED.opinion, grounds="已核实"))
    examined.and_when(GRANT, by=DECIDER).then(granted(COMMITTING))


@pytest.mark.parametrize("ground", TerminationGround)
def test_a_case_is_terminated_on_a_ground_of_the_closed_list_and_in_words(ground):
    command = c.TerminateCase(case_id=CASE, ground_code=ground, ground="经查属实")
    (fact,) = given(*file_of()[S.EXAMINING]).when(command, by=ACCEPTOR).facts
    assert fact.ground_code is ground
    assert ground.zh in fact.telling("zh")
    assert ground.en in fact.telling("en")


def test_the_submission_still_looks_at_the_item_on_its_own_day():
    given(look=RETIRED).when(SUBMIT, by=APPLICANT, at=WEDNESDAY).refused(RetiredItem)
