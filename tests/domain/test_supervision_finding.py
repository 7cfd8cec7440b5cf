"""监管信息: one specification per row of its table of states and per refusal."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from domain.kernel.channel import Channel
from domain.kernel.event import addressees, ordered_by
from domain.kernel.refusal import FutureTime, OutOfOrder, RoleMayNot, UnknownStream
from domain.supervision_finding import (
    Demand,
    FindingDuty,
    FindingHandled,
    FindingKind,
    FindingLinked,
    FindingNotYetDue,
    FindingOverdue,
    FindingReceived,
    FindingReported,
    FindingResult,
    FindingState,
    HandleFinding,
    HoldNeedsExpiry,
    LinkFindingToCase,
    NoDateToRectify,
    NoRectificationOpen,
    NoteFindingOverdue,
    NotYourFinding,
    OpenRectification,
    ProposeRevocation,
    RectificationConfirmed,
    RectificationDone,
    RectificationOpened,
    RegisterFinding,
    ReportFinding,
)
from tests.entered_rules import closed
from tests.specification import (
    ACCEPTOR,
    CASE,
    CASE_NO,
    DECIDER,
    EXAMINER,
    FIRE,
    FIRE_OFFICER,
    HEALTH_OFFICER,
    HOLDER,
    MONDAY,
    MONTH_LATER,
    OTHER_CASE,
    OTHER_CASE_NO,
    PLATFORM,
    SHOP,
    TUESDAY,
    WEDNESDAY,
    given,
)

REPORT = ReportFinding(
    organ=FIRE, finding_no="消监〔2026〕18号", kind=FindingKind.INSPECTION, subject=HOLDER, case_id=CASE, case_no=CASE_NO,
    found_on=date(2026, 2, 27), statement="疏散通道被占用", legal_basis="消防法第二十八条", site=SHOP,
)  # fmt: skip
THIS = REPORT.stream
REGISTER_BY, DECIDE_BY = date(2026, 3, 3), date(2026, 3, 30)
OF_THIS = {"organ": FIRE, "finding_no": REPORT.finding_no, "case_id": CASE}


def report(**changed) -> ReportFinding:
    return REPORT.model_copy(update=changed)


def reported(revision=1, **changed) -> FindingReported:
    stated = dict(REPORT) | {"resolved": True, "register_by": REGISTER_BY, "decide_by": DECIDE_BY} | changed
    return FindingReported(**stated, revision=revision)


REPORTED = reported()
RECEIVED = FindingReceived(**OF_THIS, decide_by=DECIDE_BY)
HANDLED = FindingHandled(
    **OF_THIS, kind=FindingKind.INSPECTION, subject=HOLDER, result=FindingResult.ADOPTED, explanation="已约谈", late=False
)  # fmt: skip
OPENED = RectificationOpened(**OF_THIS, requirement="清理通道", rectify_by=date(2026, 3, 20))
CONFIRMED = RectificationConfirmed(**OF_THIS, statement="已清理", late=False)

REGISTER = RegisterFinding(finding_id=THIS)
HANDLE = HandleFinding(finding_id=THIS, result=FindingResult.ADOPTED, explanation="已约谈")
OPEN = OpenRectification(finding_id=THIS, requirement="清理通道", rectify_by=date(2026, 3, 20))
DONE = RectificationDone(finding_id=THIS, statement="已清理")
LINK = LinkFindingToCase(finding_id=THIS, case_id=OTHER_CASE, case_no=OTHER_CASE_NO, license_no="证1号")


def note(duty: FindingDuty) -> NoteFindingOverdue:
    return NoteFindingOverdue(finding_id=THIS, duty=duty)


# 报送


def test_a_regulator_reports_a_finding_and_the_duties_get_their_days():
    given().when(REPORT, by=FIRE_OFFICER).then(REPORTED)


def test_a_finding_about_an_unknown_case_is_kept_unresolved():
    given().when(report(case_id=None, case_no=None), by=FIRE_OFFICER).then(
        reported(case_id=None, case_no=None, resolved=False)
    )


def test_a_finding_is_ordered_by_its_case_and_by_itself_while_none_is_known():
    unknown = reported(case_id=None)
    assert ordered_by(FindingReported, dict(REPORTED), THIS) == str(CASE)
    assert ordered_by(FindingReported, dict(unknown), THIS) == str(THIS)


def test_the_same_report_again_is_nothing():
    given(REPORTED).when(REPORT, by=FIRE_OFFICER, at=WEDNESDAY).nothing()


def test_the_same_number_with_other_content_is_a_further_revision():
    given(REPORTED).when(report(statement="通道仍被占用"), by=FIRE_OFFICER).then(reported(2, statement="通道仍被占用"))


@pytest.mark.parametrize("past", [(REPORTED, RECEIVED), (REPORTED, RECEIVED, HANDLED)])
def test_a_further_revision_must_be_registered_again(past):
    revised = given(*past).when(report(statement="通道仍被占用"), by=FIRE_OFFICER, at=TUESDAY)
    revised.then(FindingReported).and_when(HANDLE, at=TUESDAY).refused(OutOfOrder, state=FindingState.REPORTED)
    revised.and_when(REGISTER, at=TUESDAY).then(FindingReceived)


@pytest.mark.parametrize(
    ("kind", "demand"),
    [
        (FindingKind.RECTIFICATION, Demand.RECTIFICATION),
        (FindingKind.SUSPENSION, Demand.LICENSE_CHANGE),
        (FindingKind.PENALTY_REVOCATION, Demand.LICENSE_CHANGE),
        (FindingKind.PROPOSAL_TO_ALTER, Demand.LICENSE_CHANGE),
        (FindingKind.PROPOSAL_TO_WITHDRAW, Demand.LICENSE_CHANGE),
        (FindingKind.PROPOSAL_TO_REVOKE, Demand.LICENSE_CHANGE),
        (FindingKind.PROPOSAL_TO_CANCEL, Demand.LICENSE_CHANGE),
    ],
)
def test_some_kinds_demand_something_by_their_nature(kind, demand):
    given().when(report(kind=kind), by=FIRE_OFFICER).then(reported(kind=kind, demands=(demand,)))


def test_what_the_kind_demands_is_not_demanded_twice():
    asked = (Demand.CONSULTATION, Demand.RECTIFICATION)
    rectify = report(kind=FindingKind.RECTIFICATION, demands=asked)
    given().when(rectify, by=FIRE_OFFICER).then(reported(kind=FindingKind.RECTIFICATION, demands=asked))


def test_a_report_sent_again_is_recognised_although_its_kind_added_a_demand():
    rectify = report(kind=FindingKind.RECTIFICATION)
    given().when(rectify, by=FIRE_OFFICER).and_when(rectify, by=FIRE_OFFICER, at=TUESDAY).nothing()


def test_a_hold_request_names_its_end():
    hold = {"kind": FindingKind.HOLD_REQUEST, "hold_until": date(2026, 4, 1)}
    given().when(report(**hold), by=FIRE_OFFICER).then(reported(**hold, demands=(Demand.HOLD,)))


@pytest.mark.parametrize("end", [None, REPORT.found_on, REPORT.found_on - timedelta(days=1)])
def test_a_hold_request_without_an_end_after_its_day_is_refused(end):
    hold = report(kind=FindingKind.HOLD_REQUEST, hold_until=end)
    given().when(hold, by=FIRE_OFFICER).refused(HoldNeedsExpiry, found_on=REPORT.found_on)


def test_nobody_reports_in_the_name_of_another_regulator():
    given().when(REPORT, by=HEALTH_OFFICER).refused(NotYourFinding, organ=HEALTH_OFFICER.organ, owner=FIRE)


def test_the_approving_side_does_not_report_findings():
    given().when(REPORT, by=EXAMINER).refused(RoleMayNot)


def test_nothing_is_found_tomorrow():
    given().when(report(found_on=TUESDAY.date()), by=FIRE_OFFICER).refused(FutureTime)


def test_a_finding_is_kept_although_no_calendar_tells_its_days():
    decided = given().when(REPORT, by=FIRE_OFFICER, at=MONDAY.replace(year=2031))
    decided.then(reported(register_by=None, decide_by=None))


@pytest.mark.parametrize(
    ("site", "where", "due"),
    [
        (SHOP, SHOP.region, (date(2026, 3, 5), date(2026, 4, 1))),
        (SHOP, "370102", (REGISTER_BY, DECIDE_BY)),
        (None, SHOP.region, (REGISTER_BY, DECIDE_BY)),
    ],
)
def test_a_closure_at_the_place_of_the_finding_moves_its_answer_and_one_elsewhere_does_not(
    site, where, due, tmp_path: Path
):
    with closed(tmp_path, where):
        fact = given().when(report(site=site), by=FIRE_OFFICER).facts[0]
    assert (fact.register_by, fact.decide_by) == due


def test_two_regulators_may_use_the_same_number():
    assert report(organ=FIRE.model_copy(update={"code": "HEALTH-371500"})).stream != THIS


# 登记与处置


def test_the_approving_side_registers_it_and_the_regulator_is_told():
    given(REPORTED).when(REGISTER, by=ACCEPTOR).then(RECEIVED)
    assert FindingReceived.CHANNEL is Channel.APPROVAL
    assert addressees(FindingReceived, dict(RECEIVED)) == (FIRE.code,)


def test_registering_twice_is_once():
    given(REPORTED, RECEIVED).when(REGISTER).nothing()


def test_a_regulator_does_not_register_for_the_approving_side():
    given(REPORTED).when(REGISTER, by=FIRE_OFFICER).refused(RoleMayNot)


def test_a_registered_finding_is_handled_and_the_answer_goes_back():
    given(REPORTED, RECEIVED).when(HANDLE, by=DECIDER).then(HANDLED)
    assert FindingHandled.CHANNEL is Channel.APPROVAL
    assert addressees(FindingHandled, dict(HANDLED)) == (FIRE.code,)


def test_an_answer_after_its_day_is_taken_and_called_late():
    given(REPORTED, RECEIVED).when(HANDLE, at=MONTH_LATER + timedelta(days=1)).then(
        HANDLED.model_copy(update={"late": True})
    )


def test_nothing_is_handled_before_it_is_registered():
    given(REPORTED).when(HANDLE).refused(OutOfOrder, state=FindingState.REPORTED)


@pytest.mark.parametrize("command", [HANDLE, REGISTER])
def test_what_was_handled_is_not_handled_again(command):
    given(REPORTED, RECEIVED, HANDLED).when(command).refused(OutOfOrder, state=FindingState.HANDLED)


def test_a_finding_nobody_reported_cannot_be_registered():
    given().when(REGISTER).refused(UnknownStream)


# 整改


@pytest.mark.parametrize("past", [(REPORTED,), (REPORTED, RECEIVED), (REPORTED, RECEIVED, HANDLED)])
def test_rectification_runs_beside_the_handling(past):
    given(*past).when(OPEN, by=PLATFORM).then(OPENED)


def test_it_takes_requirement_and_date_from_the_finding_when_none_are_given():
    dated = reported(rectify_by=date(2026, 3, 16))
    given(dated).when(OpenRectification(finding_id=THIS), by=PLATFORM).then(
        RectificationOpened(**OF_THIS, requirement=REPORT.statement, rectify_by=date(2026, 3, 16))
    )


def test_rectification_without_any_date_is_refused():
    given(REPORTED).when(OpenRectification(finding_id=THIS), by=PLATFORM).refused(NoDateToRectify)


def test_opening_twice_is_once():
    given(REPORTED, OPENED).when(OPEN.model_copy(update={"rectify_by": date(2026, 4, 1)}), by=PLATFORM).nothing()


@pytest.mark.parametrize("by", [FIRE_OFFICER, EXAMINER])
def test_the_reporting_regulator_or_the_approving_side_confirms_that_it_is_mended(by):
    given(REPORTED, OPENED).when(DONE, by=by).then(CONFIRMED)


def test_what_is_mended_after_its_day_is_called_late():
    given(REPORTED, OPENED).when(DONE, by=FIRE_OFFICER, at=MONTH_LATER).then(
        CONFIRMED.model_copy(update={"late": True})
    )


@pytest.mark.parametrize("command", [OPEN, DONE])
def test_another_regulator_has_no_say_in_it(command):
    given(REPORTED, OPENED).when(command, by=HEALTH_OFFICER).refused(NotYourFinding, owner=FIRE)


@pytest.mark.parametrize("past", [(REPORTED,), (REPORTED, OPENED, CONFIRMED)])
def test_nothing_is_confirmed_as_mended_that_is_not_open(past):
    given(*past).when(DONE, by=FIRE_OFFICER).refused(NoRectificationOpen)


# 逾期


@pytest.mark.parametrize(
    ("past", "duty", "due_on", "day_after"),
    [
        ((REPORTED,), FindingDuty.REGISTER, REGISTER_BY, WEDNESDAY),
        ((REPORTED,), FindingDuty.DECIDE, DECIDE_BY, MONTH_LATER + timedelta(days=1)),
        ((REPORTED, RECEIVED), FindingDuty.DECIDE, DECIDE_BY, MONTH_LATER + timedelta(days=1)),
        ((REPORTED, OPENED), FindingDuty.RECTIFY, OPENED.rectify_by, MONDAY + timedelta(days=19)),
    ],
)
def test_a_duty_is_noted_as_overdue_on_the_day_after_its_date_and_once(past, duty, due_on, day_after):
    on_the_day = day_after - timedelta(days=1)
    given(*past).when(note(duty), by=PLATFORM, at=on_the_day).refused(FindingNotYetDue, duty=duty, due_on=due_on)
    noted = given(*past).when(note(duty), by=PLATFORM, at=day_after)
    noted.then(FindingOverdue(**OF_THIS, duty=duty, due_on=due_on))
    noted.and_when(note(duty), by=PLATFORM, at=day_after).nothing()


@pytest.mark.parametrize(
    ("past", "duty"),
    [
        ((REPORTED, RECEIVED), FindingDuty.REGISTER),
        ((REPORTED, RECEIVED, HANDLED), FindingDuty.DECIDE),
        ((REPORTED,), FindingDuty.RECTIFY),
        ((REPORTED, OPENED, CONFIRMED), FindingDuty.RECTIFY),
        ((reported(register_by=None),), FindingDuty.REGISTER),
    ],
)
def test_a_timer_that_comes_after_the_duty_was_met_finds_nothing_to_note(past, duty):
    given(*past).when(note(duty), by=PLATFORM, at=MONTH_LATER + timedelta(days=30)).nothing()


def test_a_further_revision_owes_its_duties_anew():
    overdue = FindingOverdue(**OF_THIS, duty=FindingDuty.REGISTER, due_on=REGISTER_BY)
    revised = given(REPORTED, overdue).when(report(statement="再次发现"), by=FIRE_OFFICER, at=MONTH_LATER)
    revised.and_when(note(FindingDuty.REGISTER), by=PLATFORM, at=MONTH_LATER + timedelta(days=2)).then(FindingOverdue)


# 关联


UNRESOLVED = reported(case_id=None, case_no=None, resolved=False)
LINKED = FindingLinked(**OF_THIS | {"case_id": OTHER_CASE}, case_no=OTHER_CASE_NO, license_no="证1号")


def test_an_unresolved_finding_is_linked_when_its_case_is_found():
    given(UNRESOLVED).when(LINK, by=PLATFORM).then(LINKED)


def test_what_follows_the_link_is_about_the_linked_case():
    given(UNRESOLVED, LINKED).when(REGISTER).then(RECEIVED.model_copy(update={"case_id": OTHER_CASE}))


def test_linking_twice_is_once():
    given(UNRESOLVED, LINKED).when(LINK, by=PLATFORM).nothing()
    given(REPORTED).when(LinkFindingToCase(finding_id=THIS, case_id=CASE, case_no=CASE_NO)).nothing()


def test_a_wrong_link_is_corrected_by_another():
    given(REPORTED).when(LINK).then(LINKED)


def test_a_report_sent_again_after_the_link_is_still_the_same_report():
    given(UNRESOLVED, LINKED).when(report(case_id=None, case_no=None), by=FIRE_OFFICER).nothing()


def test_a_revision_without_a_case_keeps_the_link():
    revised = report(case_id=None, case_no=None, statement="再次发现")
    given(UNRESOLVED, LINKED).when(revised, by=FIRE_OFFICER).then(
        reported(2, statement="再次发现", case_id=OTHER_CASE, case_no=OTHER_CASE_NO, license_no="证1号")
    )


def test_a_revision_that_names_its_case_replaces_the_link():
    given(UNRESOLVED, LINKED).when(REPORT, by=FIRE_OFFICER).then(reported(2))


# 建议撤销


PROPOSAL = ProposeRevocation(
    organ=FIRE, finding_no="未践诺〔2026〕2026-0001", subject=HOLDER, case_id=CASE, case_no=CASE_NO,
    found_on=MONDAY.date(), statement="未践诺,建议撤销许可", legal_basis="行政许可法第六十九条", site=SHOP,
)  # fmt: skip
PROPOSED = reported(
    finding_no=PROPOSAL.finding_no, kind=FindingKind.PROPOSAL_TO_REVOKE, found_on=MONDAY.date(),
    statement=PROPOSAL.statement, legal_basis=PROPOSAL.legal_basis, demands=(Demand.LICENSE_CHANGE,),
)  # fmt: skip


def test_the_platform_proposes_a_revocation_in_the_name_of_who_found_it_and_the_duties_run():
    proposed = given().when(PROPOSAL, by=PLATFORM).then(PROPOSED)
    proposed.and_when(RegisterFinding(finding_id=PROPOSAL.stream), by=ACCEPTOR).then(FindingReceived)


def test_proposing_twice_is_once_and_never_writes_over_what_the_body_said_itself():
    given(PROPOSED).when(PROPOSAL, by=PLATFORM).nothing()
    own = report(finding_no=PROPOSAL.finding_no, found_on=MONDAY.date())
    assert own.stream == PROPOSAL.stream
    given().when(own, by=FIRE_OFFICER).and_when(PROPOSAL, by=PLATFORM).nothing()


@pytest.mark.parametrize("by", [FIRE_OFFICER, DECIDER])
def test_nobody_but_the_platform_proposes_in_the_name_of_another(by):
    given().when(PROPOSAL, by=by).refused(RoleMayNot)
