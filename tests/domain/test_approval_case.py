"""办件: one specification per row of the table of states; the guards stand in `test_approval_case_guards.py`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import pytest

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case import refusals as r
from domain.approval_case.words import CaseState, Material, Opinion, Secrecy, TerminationGround
from domain.kernel.command import Command
from domain.kernel.event import Event
from domain.kernel.people import Actor, Role
from domain.kernel.refusal import OutOfOrder, RoleMayNot, UnknownStream
from domain.kernel.words import SHANGHAI, CaseKind, Handling, SpecialProcedure
from domain.service_item import UnknownItem
from tests.domain.case_file import (
    ASSIGNED,
    BY_MACHINE,
    CALENDAR,
    CORRECTION,
    DELIVERED,
    DENY,
    FILE,
    GRANT,
    ISSUED,
    LOOK,
    ON_THE_SPOT,
    PASSED,
    PROMISED_DUE,
    REFUSED,
    SUBMIT,
    SUSPENDED,
    TERMINATED,
    TODAY,
    WITHDRAWN,
    accepted,
    clocks,
    committed,
    denied,
    extend,
    granted,
    receipt,
    submitted,
    terms,
    tolerated,
)
from tests.specification import (
    ACCEPTOR,
    APPLICANT,
    BUREAU,
    CASE,
    CASE_NO,
    DECIDER,
    EXAMINER,
    FRIDAY,
    HOUSING_OFFICER,
    MONDAY,
    NEXT_MONDAY,
    PLATFORM,
    SOURCE,
    STEWARD,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    catalogue,
    given,
    said,
)

S = CaseState
RECEIVE = c.ReceiveMaterial(case_id=CASE, receipt_no="收〔2026〕1号")
ACCEPT = c.AcceptApplication(case_id=CASE, document_no="受〔2026〕1号")
DEEM = c.DeemAccepted(case_id=CASE)
PASS = c.RecordExaminationOpinion(case_id=CASE, opinion=Opinion.PASS, grounds="材料齐全")
PAUSE = c.StartSpecialProcedure(
    case_id=CASE, procedure=SpecialProcedure.EXPERT_REVIEW, notice_no="告〔2026〕1号", planned_end=date(2026, 3, 6)
)
RESUME = c.EndSpecialProcedure(case_id=CASE, result="评审通过")


# Intake


def test_an_application_is_submitted_for_the_item_version_in_force():
    given(look=LOOK).when(SUBMIT, by=APPLICANT).then(submitted())


def test_the_application_keeps_the_materials_that_came_with_it():
    plan = Material(name="平面图", digest="0" * 64)
    command = SUBMIT.model_copy(update={"materials": (plan,)})
    given(look=LOOK).when(command, by=ACCEPTOR).then(submitted(materials=(plan,)))


def test_an_entrusted_organ_takes_the_application_in_the_name_of_the_entrusting_one():
    station = Actor(id="window-7", organ="STATION-371502", role=Role.ACCEPTOR, on_behalf_of=BUREAU.code)
    given(look=LOOK).when(SUBMIT, by=station).then(submitted(organ=BUREAU.code))


def test_nobody_applies_for_an_item_that_the_catalogue_does_not_hold():
    given(look=catalogue()).when(SUBMIT, by=APPLICANT).refused(UnknownItem, item=SUBMIT.item)


def test_the_item_is_looked_up_on_the_day_of_asking_whatever_date_the_application_bears():
    class OnlyToday:
        def item(self, item: str, on: date):
            if on != TODAY:
                raise UnknownItem(item=item, on=on)
            return LOOK.item(item, on)

    before = SUBMIT.model_copy(update={"opened_on": date(2026, 1, 5)})
    given(look=OnlyToday()).when(before, by=APPLICANT).then(f.ApplicationSubmitted)


def test_the_same_case_number_is_not_submitted_twice():
    given(submitted(), look=LOOK).when(SUBMIT, by=APPLICANT).refused(r.CaseAlreadySubmitted, case_no=CASE_NO)


def test_receiving_the_materials_starts_the_intake_clock_of_five_working_days():
    given(submitted()).when(RECEIVE, by=ACCEPTOR).then(
        f.MaterialReceived(receipt_no="收〔2026〕1号", **receipt())
    )


def test_no_intake_day_is_guessed_for_a_year_without_a_calendar():
    decided = given(submitted()).when(RECEIVE, by=ACCEPTOR, at=MONDAY.replace(year=2031))
    assert decided.facts[0].notice_due is None


def test_an_error_that_can_be_mended_at_once_is_no_round_of_correction():
    mend = c.CorrectOnSpot(case_id=CASE, what="姓名误写")
    decided = given(*FILE[S.RECEIVED]).when(mend, by=ACCEPTOR).then(f.OnSpotCorrected(what="姓名误写"))
    assert decided.aggregate.state is S.RECEIVED


def test_everything_missing_is_told_at_once_and_the_intake_clock_stops():
    ask = c.RequestCorrection(case_id=CASE, missing=("平面图",), until=CORRECTION.until)
    decided = given(*FILE[S.RECEIVED]).when(ask, by=ACCEPTOR).then(CORRECTION)
    assert (decided.aggregate.state, decided.aggregate.notice_due) == (S.AWAITING_CORRECTION, None)


def test_a_correction_is_not_asked_for_by_a_day_that_has_passed():
    ask = c.RequestCorrection(case_id=CASE, missing=("平面图",), until=date(2026, 3, 1))
    given(*FILE[S.RECEIVED]).when(ask, by=ACCEPTOR).refused(r.DateHasPassed, until=date(2026, 3, 1))


def test_the_correction_restarts_the_intake_clock_from_its_own_day():
    bring = c.SubmitCorrection(case_id=CASE, materials=("平面图",))
    decided = given(*FILE[S.AWAITING_CORRECTION]).when(bring, by=APPLICANT, at=WEDNESDAY)
    decided.then(f.CorrectionSubmitted(materials=("平面图",), **receipt(date(2026, 3, 4), date(2026, 3, 11))))
    assert (decided.aggregate.state, decided.aggregate.received_on) == (S.RECEIVED, date(2026, 3, 4))


def test_a_correction_lapses_after_its_day_and_not_on_it():
    lapse = c.LapseCorrection(case_id=CASE)
    story = given(*FILE[S.AWAITING_CORRECTION])
    story.when(lapse, by=PLATFORM, at=FRIDAY).refused(r.CorrectionNotYetOverdue, until=CORRECTION.until)
    lapsed = f.CorrectionLapsed(until=CORRECTION.until, missing=CORRECTION.missing)
    decided = story.when(lapse, by=PLATFORM, at=NEXT_MONDAY).then(lapsed)
    assert decided.aggregate.state is S.TERMINATED


def test_a_matter_that_needs_no_license_is_told_so_and_closed():
    tell = c.DeclareNoPermitRequired(case_id=CASE, reason="已取消许可")
    decided = given(*FILE[S.RECEIVED]).when(tell, by=ACCEPTOR).then(f.PermitNotRequired(reason="已取消许可"))
    assert decided.aggregate.state is S.CLOSED_UNACCEPTED


def test_whoever_came_to_the_wrong_organ_is_told_the_right_one():
    refuse = c.RefuseAcceptance(case_id=CASE, **REFUSED.model_dump(include={"reason", "redirect_to", "remedy_notice"}))
    decided = given(*FILE[S.RECEIVED]).when(refuse, by=ACCEPTOR).then(REFUSED)
    assert decided.aggregate.state is S.CLOSED_UNACCEPTED


# Acceptance


def test_acceptance_starts_both_clocks_on_its_own_day():
    decided = given(*FILE[S.RECEIVED]).when(ACCEPT, by=ACCEPTOR, at=TUESDAY)
    days = {"day_zero": date(2026, 3, 3), "statutory_due": date(2026, 3, 31), "promised_due": date(2026, 3, 17)}
    decided.then(f.ApplicationAccepted(document_no="受〔2026〕1号", **clocks(**days)))
    assert decided.aggregate.accepted_by == ACCEPTOR.id


@pytest.mark.parametrize(
    ("changed", "statutory", "promised"),
    [
        ({"handling": Handling.JOINT, "promised_days": 40}, 45, 40),
        ({"statutory_days": 15}, 15, 10),
        ({"statutory_days": 7}, 7, 7),
        ({"promised_days": 0, "kind": CaseKind.INSTANT}, 20, 0),
    ],
    ids=["joint handling has 45 days", "the item's own statute", "a promise never outlasts the law", "on the spot"],
)
def test_the_limits_follow_from_the_frozen_item_version(changed, statutory, promised):
    of = terms(**changed)
    fact = given(submitted(of), *FILE[S.RECEIVED][1:]).when(ACCEPT, by=ACCEPTOR).facts[0]
    assert (fact.statutory_days, fact.promised_days) == (statutory, promised)


def test_what_was_accepted_in_a_year_without_a_calendar_bears_no_guessed_day():
    fact = given(*FILE[S.RECEIVED]).when(ACCEPT, by=ACCEPTOR, at=MONDAY.replace(year=2031)).facts[0]
    assert (fact.statutory_due, fact.promised_due) == (None, None)


# The vector of deemed acceptance: received 2026-02-11, notice due 2026-02-25 over Spring Festival.
SPRING = datetime(2026, 2, 11, 15, 0, tzinfo=SHANGHAI)
SPRING_RECEIPT = said(
    f.MaterialReceived(receipt_no="收〔2026〕1号", **receipt(date(2026, 2, 11), date(2026, 2, 25))), by=ACCEPTOR, at=SPRING
)


def test_the_intake_clock_of_the_vector_ends_after_spring_festival():
    given(submitted()).when(RECEIVE, by=ACCEPTOR, at=SPRING).then(SPRING_RECEIPT)


def test_silence_is_no_acceptance_on_the_last_day_of_the_notice_itself():
    story = given(submitted(), SPRING_RECEIPT)
    story.when(DEEM, by=PLATFORM, at=datetime(2026, 2, 25, 23, 59, tzinfo=SHANGHAI)).refused(
        r.NoticeNotYetOverdue, due=date(2026, 2, 25)
    )


@pytest.mark.parametrize("noticed", [datetime(2026, 2, 26, 0, 0, tzinfo=SHANGHAI), MONDAY])
def test_silence_makes_the_application_accepted_from_the_day_of_receipt_whenever_it_is_noticed(noticed):
    decided = given(submitted(), SPRING_RECEIPT).when(DEEM, by=PLATFORM, at=noticed)
    back = {
        "day_zero": date(2026, 2, 11), "statutory_due": date(2026, 3, 17), "promised_due": date(2026, 3, 3),
    }  # fmt: skip
    decided.then(f.AcceptanceDeemed(**clocks(**back)))
    assert decided.aggregate.state is S.ACCEPTED
    assert decided.aggregate.accepted_by == "", "nobody accepted it"


def test_silence_after_a_correction_counts_from_the_correction():
    corrected = said(f.CorrectionSubmitted(materials=("平面图",), notice_due=date(2026, 3, 11)), at=WEDNESDAY)
    story = given(*FILE[S.AWAITING_CORRECTION], corrected)
    fact = story.when(DEEM, by=PLATFORM, at=MONDAY.replace(day=12)).facts[0]
    assert fact.day_zero == date(2026, 3, 4)


def test_silence_accepts_nothing_while_no_calendar_says_when_the_notice_was_due():
    received = f.MaterialReceived(receipt_no="收〔2026〕1号", notice_due=None)
    given(submitted(), received).when(DEEM, by=PLATFORM, at=MONDAY.replace(year=2031)).refused(r.NoticeNotYetOverdue)


TOLERANT = terms(tolerance_allowed=True)


def test_minor_materials_may_come_later_where_the_item_allows_it():
    command = c.AcceptWithTolerance(
        case_id=CASE, document_no="受〔2026〕1号", missing=("健康证明",), until=date(2026, 3, 10)
    )
    given(submitted(TOLERANT), *FILE[S.RECEIVED][1:]).when(command, by=ACCEPTOR).then(
        tolerated(TOLERANT, "健康证明", until=date(2026, 3, 10))
    )


def test_tolerated_materials_are_cleared_one_by_one():
    file = (submitted(TOLERANT), *FILE[S.RECEIVED][1:], tolerated(TOLERANT, "健康证明", "平面图"))
    first = given(*file).when(c.ClearTolerance(case_id=CASE, materials=("健康证明",)), by=ACCEPTOR)
    first.then(f.ToleranceCleared(materials=("健康证明",), until=PROMISED_DUE))
    assert first.aggregate.tolerated == ("平面图",)
    second = first.and_when(c.ClearTolerance(case_id=CASE, materials=("平面图",)), by=ACCEPTOR)
    second.then(f.ToleranceCleared(materials=("平面图",)))
    second.and_when(c.ClearTolerance(case_id=CASE, materials=("平面图",)), by=ACCEPTOR).nothing()


def test_tolerated_materials_that_never_came_end_the_case_after_their_day():
    file = (submitted(TOLERANT), *FILE[S.RECEIVED][1:], tolerated(TOLERANT, "健康证明", until=date(2026, 3, 5)))
    lapse = c.LapseTolerance(case_id=CASE)
    given(*file).when(lapse, by=PLATFORM, at=THURSDAY).refused(r.ToleranceNotYetOverdue, until=date(2026, 3, 5))
    decided = given(*file).when(lapse, by=PLATFORM, at=FRIDAY).then(f.ToleranceLapsed(missing=("健康证明",)))
    assert decided.aggregate.state is S.TERMINATED


def test_nothing_lapses_in_a_case_that_tolerates_nothing():
    given(*FILE[S.ACCEPTED]).when(c.LapseTolerance(case_id=CASE), by=PLATFORM, at=NEXT_MONDAY).nothing()


@pytest.mark.parametrize("state", [S.RECEIVED, S.ACCEPTED])
def test_the_applicant_may_commit_where_the_item_allows_it(state):
    of = terms(commitment_allowed=True)
    file = (submitted(of), *FILE[S.RECEIVED][1:], *([accepted(of)] if state is S.ACCEPTED else []))
    command = c.FileCommitment(case_id=CASE, commitment="符合开办条件", check_by=date(2026, 5, 1))
    decided = given(*file).when(command, by=APPLICANT)
    decided.then(committed(of, "符合开办条件", date(2026, 5, 1)))
    assert (decided.aggregate.state, decided.aggregate.committed) == (state, True)


# Examination


def test_an_accepted_case_is_assigned_to_an_examiner():
    command = c.AssignCase(case_id=CASE, examiner=EXAMINER.id)
    decided = given(*FILE[S.ACCEPTED]).when(command, by=ACCEPTOR).then(ASSIGNED)
    assert decided.aggregate.state is S.EXAMINING


def test_a_case_changes_hands_with_a_reason():
    command = c.ReassignCase(case_id=CASE, examiner="examiner-2", reason="回避")
    given(*FILE[S.EXAMINING]).when(command, by=DECIDER).then(f.CaseReassigned(examiner="examiner-2", reason="回避"))


def test_the_examiner_records_an_opinion():
    decided = given(*FILE[S.EXAMINING]).when(PASS, by=EXAMINER).then(PASSED)
    assert decided.aggregate.state is S.EXAMINED


@pytest.mark.parametrize("state", [S.EXAMINING, S.EXAMINED])
def test_a_case_is_returned_to_examination_with_a_reason_and_the_clock_runs_on(state):
    command = c.ReturnStage(case_id=CASE, reason="材料存疑")
    decided = given(*FILE[state]).when(command, by=DECIDER).then(f.StageReturned(reason="材料存疑"))
    assert (decided.aggregate.state, decided.aggregate.pauses) == (S.EXAMINING, ())


@pytest.mark.parametrize("state", [S.EXAMINING, S.EXAMINED])
def test_a_special_procedure_pauses_the_case_and_its_end_leads_back_where_it_was(state):
    decided = given(*FILE[state]).when(PAUSE).then(SUSPENDED)
    assert decided.aggregate.state is S.SUSPENDED
    back = decided.and_when(RESUME, at=THURSDAY)
    back.then(
        f.SpecialProcedureEnded(
            result="评审通过", ended_on=date(2026, 3, 5), procedure=SpecialProcedure.EXPERT_REVIEW, calendar=CALENDAR
        )
    )
    assert (back.aggregate.state, back.aggregate.pauses) == (state, ((TODAY, date(2026, 3, 5)),))


def test_a_pause_never_ends_before_it_began_even_if_the_clocks_of_two_machines_differ():
    late = said(SUSPENDED.model_copy(update={"started_on": date(2026, 3, 3)}))
    decided = given(*FILE[S.EXAMINING], late).when(RESUME, at=MONDAY)
    assert decided.facts[0].ended_on == date(2026, 3, 3)


@pytest.mark.parametrize("state", [S.EXAMINING, S.EXAMINED])
def test_the_limit_is_extended_with_a_reason_that_the_applicant_was_told(state):
    fact = f.TimeLimitExtended(**extend().model_dump(exclude={"case_id"}), calendar=CALENDAR)
    decided = given(*FILE[state]).when(extend()).then(fact)
    assert decided.aggregate.state is state


# Decision and what follows


def test_a_grant_says_everything_that_a_push_needs():
    decided = given(*FILE[S.EXAMINED]).when(GRANT, by=DECIDER).then(granted())
    assert decided.aggregate.state is S.GRANTED


def test_a_denial_bears_reasons_and_remedies():
    decided = given(*FILE[S.EXAMINED]).when(DENY, by=DECIDER).then(denied())
    assert decided.aggregate.state is S.DENIED


def test_a_license_is_issued_then_served():
    issue = c.IssueLicense(case_id=CASE, license_no="JY1371502")
    serve = c.DeliverLicense(case_id=CASE, how="窗口领取")
    given(*FILE[S.GRANTED]).when(serve, by=ACCEPTOR).refused(r.LicenseNotIssued)
    issued = given(*FILE[S.GRANTED]).when(issue, by=DECIDER).then(ISSUED)
    served = issued.and_when(serve, by=ACCEPTOR).then(DELIVERED)
    assert served.aggregate.state is S.DELIVERED


@pytest.mark.parametrize("state", [S.GRANTED, S.DENIED, S.DELIVERED, S.CONCLUDED])
def test_a_decision_is_published_wherever_the_case_stands_after_it(state):
    decided = given(*FILE[state]).when(c.PublishDecision(case_id=CASE, where="市政府网站"), by=ACCEPTOR)
    decided.then(f.DecisionPublished)
    assert decided.aggregate.state is state


@pytest.mark.parametrize("state", [S.DELIVERED, S.DENIED])
def test_a_case_is_concluded_when_served_or_denied(state):
    decided = given(*FILE[state]).when(c.ConcludeCase(case_id=CASE), by=ACCEPTOR).then(f.CaseConcluded())
    assert decided.aggregate.state is S.CONCLUDED


UNDECIDED = (
    S.SUBMITTED, S.RECEIVED, S.AWAITING_CORRECTION, S.PROVISIONAL, S.PROVISIONALLY_APPROVED, S.ACCEPTED, S.EXAMINING,
    S.SUSPENDED, S.EXAMINED,
)  # fmt: skip


@pytest.mark.parametrize("state", UNDECIDED)
def test_the_applicant_withdraws_at_any_time_before_the_decision(state):
    command = c.WithdrawApplication(case_id=CASE, reason="不再经营")
    decided = given(*FILE[state]).when(command, by=APPLICANT).then(WITHDRAWN)
    assert decided.aggregate.state is S.WITHDRAWN


@pytest.mark.parametrize("state", UNDECIDED)
def test_a_case_is_terminated_on_a_named_ground_at_any_time_before_the_decision(state):
    command = c.TerminateCase(case_id=CASE, ground_code=TerminationGround.APPLICANT_ENDED, ground="申请人死亡")
    decided = given(*FILE[state]).when(command, by=ACCEPTOR).then(TERMINATED)
    assert decided.aggregate.state is S.TERMINATED


@pytest.mark.parametrize("state", [S.CONCLUDED, S.WITHDRAWN, S.TERMINATED, S.CLOSED_UNACCEPTED])
def test_what_has_ended_is_archived(state):
    decided = given(*FILE[state]).when(c.ArchiveCase(case_id=CASE, archive_no="2026-1"), by=ACCEPTOR)
    decided.then(f.CaseArchived(archive_no="2026-1"))
    assert decided.aggregate.state is S.ARCHIVED


# Every command in every state of the table

RUNNING = (S.ACCEPTED, S.EXAMINING, S.SUSPENDED, S.EXAMINED)

ALLOWED: dict[Command, tuple[Actor, Sequence[CaseState]]] = {
    RECEIVE: (ACCEPTOR, [S.SUBMITTED]),
    c.CorrectOnSpot(case_id=CASE, what="误写"): (ACCEPTOR, [S.RECEIVED]),
    c.RequestCorrection(case_id=CASE, missing=("图",), until=PROMISED_DUE): (ACCEPTOR, [S.RECEIVED]),
    c.SubmitCorrection(case_id=CASE, materials=("图",)): (APPLICANT, [S.AWAITING_CORRECTION]),
    c.LapseCorrection(case_id=CASE): (ACCEPTOR, [S.AWAITING_CORRECTION]),
    c.DeclareNoPermitRequired(case_id=CASE, reason="无需许可"): (ACCEPTOR, [S.RECEIVED]),
    c.RefuseAcceptance(
        case_id=CASE, reason="不属于本机关职权范围", redirect_to="市局", remedy_notice="可复议"
    ): (ACCEPTOR, [S.RECEIVED]),
    ACCEPT: (ACCEPTOR, [S.RECEIVED]),
    DEEM: (PLATFORM, [S.RECEIVED]),
    c.AcceptWithTolerance(case_id=CASE, document_no="1", missing=("图",), until=PROMISED_DUE): (ACCEPTOR, [S.RECEIVED]),
    c.ClearTolerance(case_id=CASE, materials=("图",)): (ACCEPTOR, [S.ACCEPTED, S.EXAMINING, S.SUSPENDED, S.EXAMINED]),
    c.LapseTolerance(case_id=CASE): (PLATFORM, [S.ACCEPTED, S.EXAMINING, S.SUSPENDED, S.EXAMINED]),
    c.FileCommitment(case_id=CASE, commitment="符合", check_by=PROMISED_DUE): (APPLICANT, [S.RECEIVED, S.ACCEPTED]),
    c.WithdrawCommitment(case_id=CASE, reason="条件有变"): (
        APPLICANT, [S.RECEIVED, S.ACCEPTED, S.EXAMINING, S.SUSPENDED, S.EXAMINED],
    ),
    c.AssignCase(case_id=CASE, examiner="e"): (DECIDER, [S.ACCEPTED]),
    c.ReassignCase(case_id=CASE, examiner="e", reason="回避"): (DECIDER, [S.EXAMINING]),
    PASS: (EXAMINER, [S.EXAMINING]),
    c.ReturnStage(case_id=CASE, reason="存疑"): (DECIDER, [S.EXAMINING, S.EXAMINED]),
    PAUSE: (EXAMINER, [S.EXAMINING, S.SUSPENDED, S.EXAMINED]),
    c.RecordVerification(case_id=CASE, officers=("a", "b"), how="实地", result="属实"): (
        EXAMINER, [S.EXAMINING, S.SUSPENDED, S.EXAMINED],
    ),
    c.NotifyInterestedParty(case_id=CASE, party="甲", interest="采光", notice_no="1", answer_by=PROMISED_DUE): (
        EXAMINER, RUNNING,
    ),
    c.HearStatement(case_id=CASE, party="甲", statement="不同意"): (EXAMINER, RUNNING),
    c.GiveHearingNotice(case_id=CASE, notice_no="1", parties=("甲",), reason="重大利益"): (EXAMINER, RUNNING),
    c.RequestHearing(case_id=CASE, party="甲"): (APPLICANT, RUNNING),
    c.WaiveHearing(case_id=CASE, party="甲"): (APPLICANT, RUNNING),
    c.LapseHearing(case_id=CASE): (PLATFORM, RUNNING),
    c.ScheduleHearing(case_id=CASE, held_on=PROMISED_DUE, place="厅", chair="z", notice_no="1"): (EXAMINER, RUNNING),
    c.ReplaceHearingChair(case_id=CASE, chair="y", reason="回避"): (EXAMINER, RUNNING),
    c.HoldHearing(case_id=CASE, minutes_no="1", signed_by=("甲",), conclusion="记录"): (EXAMINER, RUNNING),
    c.AcceptProvisionally(case_id=CASE, notice_no="1", outstanding=("证",), until=PROMISED_DUE): (ACCEPTOR, [S.RECEIVED]),
    c.ExamineProvisionally(case_id=CASE, opinion=Opinion.PASS, grounds="符合"): (EXAMINER, [S.PROVISIONAL]),
    c.IssueProvisionalOpinion(case_id=CASE, opinion_no="1", content="可准予", valid_until=PROMISED_DUE): (
        DECIDER, [S.PROVISIONAL],
    ),
    c.SupplyOutstanding(case_id=CASE, materials=("证",)): (APPLICANT, [S.PROVISIONAL, S.PROVISIONALLY_APPROVED]),
    c.ConfirmProvisional(**GRANT.model_dump()): (DECIDER, [S.ACCEPTED, S.EXAMINING, S.EXAMINED]),
    c.WithdrawProvisionalOpinion(case_id=CASE, reason="规划调整"): (
        DECIDER, [S.RECEIVED, S.PROVISIONALLY_APPROVED, *RUNNING],
    ),
    c.LapseProvisional(case_id=CASE): (PLATFORM, [S.PROVISIONAL, S.PROVISIONALLY_APPROVED]),
    c.ForwardCase(case_id=CASE, to=BUREAU, document_no="1"): (EXAMINER, [S.EXAMINED]),
    ON_THE_SPOT: (ACCEPTOR, [S.SUBMITTED, S.RECEIVED]),
    BY_MACHINE: (SOURCE, [S.SUBMITTED, S.RECEIVED]),
    RESUME: (EXAMINER, [S.SUSPENDED]),
    extend(): (EXAMINER, [S.EXAMINING, S.EXAMINED]),
    GRANT: (DECIDER, [S.EXAMINED]),
    DENY: (DECIDER, [S.EXAMINED]),
    c.IssueLicense(case_id=CASE, license_no="1"): (DECIDER, [S.GRANTED]),
    c.DeliverLicense(case_id=CASE, how="邮寄"): (ACCEPTOR, [S.GRANTED]),
    c.PublishDecision(case_id=CASE, where="网站"): (ACCEPTOR, [S.GRANTED, S.DENIED, S.DELIVERED, S.CONCLUDED]),
    c.WithholdPublication(case_id=CASE, secrecy=Secrecy.PRIVACY, reason="隐私"): (
        DECIDER, [S.GRANTED, S.DENIED, S.DELIVERED, S.CONCLUDED],
    ),
    c.ChargeFee(case_id=CASE, amount=1000, purpose="工本费", receipt_no="1"): (
        ACCEPTOR, [*RUNNING, S.GRANTED, S.DELIVERED],
    ),
    c.ConcludeCase(case_id=CASE): (ACCEPTOR, [S.DELIVERED, S.DENIED]),
    c.WithdrawApplication(case_id=CASE, reason="撤"): (APPLICANT, UNDECIDED),
    c.TerminateCase(case_id=CASE, ground_code=TerminationGround.APPLICANT_ENDED, ground="死亡"): (ACCEPTOR, UNDECIDED),
    c.ArchiveCase(case_id=CASE, archive_no="1"): (
        ACCEPTOR, [S.CONCLUDED, S.WITHDRAWN, S.TERMINATED, S.CLOSED_UNACCEPTED, S.FORWARDED],
    ),
}  # fmt: skip


@pytest.mark.parametrize("command", ALLOWED, ids=lambda command: command.NAME)
def test_a_command_out_of_its_place_in_the_table_is_refused(command: Command):
    by, allowed = ALLOWED[command]
    for state, file in FILE.items():
        decided = given(*file).when(command, by=by)
        if state in allowed:
            assert not isinstance(decided.refusal, OutOfOrder), state
        else:
            decided.refused(OutOfOrder, state=state)


def test_the_table_names_every_command_of_a_case_that_people_or_timers_give():
    by_policies = {
        c.NoteConsultation, c.NoteInspection, c.NoteFinding, c.NoteFindingAnswered, c.HandOverCase, c.NoteSeal,
        c.RecomputeDueDates,
    }  # fmt: skip
    opening = {c.SubmitApplication, c.ReportStep}
    by_silence = {c.DeemRenewalGranted, c.NoteHearingOverdue}
    every = {kind for kind in vars(c).values() if isinstance(kind, type) and issubclass(kind, Command) and kind.NAME}
    assert {type(command) for command in ALLOWED} == every - by_policies - opening - by_silence


@pytest.mark.parametrize("command", ALLOWED, ids=lambda command: command.NAME)
def test_a_command_is_refused_to_a_role_that_may_not_give_it(command: Command):
    for by in (STEWARD, HOUSING_OFFICER):
        given(*FILE[S.EXAMINED]).when(command, by=by).refused(RoleMayNot)


def test_nobody_acts_on_a_case_that_does_not_exist():
    given().when(RECEIVE, by=ACCEPTOR).refused(UnknownStream, id=CASE)


def test_every_fact_of_a_case_is_told_in_both_languages():
    for file in FILE.values():
        for fact in file:
            assert isinstance(fact, Event)
            assert "{" not in fact.telling("zh") + fact.telling("en")
