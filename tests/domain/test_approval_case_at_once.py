"""即办件与秒批: the whole way at once writes every fact of the table, behind the guards of every step."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case import refusals as r
from domain.approval_case.words import CaseState, CheckedPoint, Material, Opinion
from domain.kernel.refusal import RoleMayNot
from domain.kernel.words import CaseKind, HearingRule
from tests.domain.case_file import (
    BY_MACHINE,
    GRANT,
    ON_THE_SPOT,
    POINT,
    RECEIVED,
    accepted,
    finding,
    granted,
    submitted,
    terms,
)
from tests.specification import ACCEPTOR, BUREAU, CASE, DECIDER, FIRE, FRIDAY, HEALTH, MONDAY, PLATFORM, SOURCE, given

S = CaseState
INSTANT = terms(kind=CaseKind.INSTANT, single_officer=True, promised_days=0)
RULE = BY_MACHINE.rule_version
AUTOMATIC = terms(machine_rule=RULE)

# 即办件


def test_an_instant_item_is_handled_on_the_spot_and_every_fact_is_written():
    command = ON_THE_SPOT.model_copy(update={"license_no": "JY-1"})
    done = given(submitted(INSTANT)).when(command, by=ACCEPTOR)
    done.then(
        f.MaterialReceived,
        accepted(INSTANT, promised_days=0, promised_due=MONDAY.date()),
        f.CaseAssigned(examiner=ACCEPTOR.id),
        f.ExaminationOpinionRecorded(opinion=Opinion.PASS, grounds=ON_THE_SPOT.grounds),
        granted(INSTANT),
        f.LicenseIssued(license_no="JY-1"),
    )
    assert done.aggregate.state is S.GRANTED
    assert {fact.recorded_at for fact in done.facts} == {MONDAY}


def test_what_was_received_already_goes_on_from_there():
    done = given(submitted(INSTANT), RECEIVED).when(ON_THE_SPOT, by=ACCEPTOR)
    done.then(f.ApplicationAccepted, f.CaseAssigned, f.ExaminationOpinionRecorded, f.DecisionGranted)


def test_only_an_instant_item_published_for_one_officer_is_handled_on_the_spot():
    promised = terms(single_officer=True)
    given(submitted(promised)).when(ON_THE_SPOT, by=ACCEPTOR).refused(r.NotAnInstantItem, item=promised.item)
    for_two = terms(kind=CaseKind.INSTANT)
    given(submitted(for_two)).when(ON_THE_SPOT, by=ACCEPTOR).refused(r.NotForOneOfficer, item=for_two.item)


@pytest.mark.parametrize(
    ("demands", "refusal"),
    [
        ({"materials": ("申请书",)}, r.MaterialsIncomplete),
        ({"consult": (FIRE,)}, r.ConsultationOutstanding),
        ({"inspect": (FIRE,)}, r.InspectionOutstanding),
        ({"hearing": HearingRule.ON_REQUEST}, r.HearingOutstanding),
    ],
    ids=["material", "consultation", "inspection", "hearing"],
)
def test_what_stands_before_a_decision_stands_before_one_on_the_spot_too(demands, refusal):
    of = terms(kind=CaseKind.INSTANT, single_officer=True, **demands)
    refused = given(submitted(of)).when(ON_THE_SPOT, by=ACCEPTOR)
    refused.refused(refusal)
    assert refused.facts == ()


def test_a_hold_stops_a_decision_on_the_spot():
    held = given(submitted(INSTANT)).when(finding(hold_until=FRIDAY.date()), by=PLATFORM)
    held.and_when(ON_THE_SPOT, by=ACCEPTOR).refused(r.HoldInForce)


# 秒批


def test_a_machine_decides_by_the_published_rules_and_every_fact_says_so():
    decided = given(submitted(AUTOMATIC)).when(BY_MACHINE, by=SOURCE)
    decided.then(
        f.MaterialReceived,
        f.ApplicationAccepted,
        f.CaseAssigned(examiner=SOURCE.id),
        f.CheckedByMachine(rule_version=RULE, points=(POINT,)),
        f.ExaminationOpinionRecorded(
            opinion=Opinion.PASS, grounds=f"按规则 {RULE} 逐点核验,全部符合", rule_version=RULE
        ),
        granted(AUTOMATIC, accepted_by=SOURCE.id, rule_version=RULE),
    )


def test_the_platform_itself_may_be_the_machine_and_no_officer_may():
    assert given(submitted(AUTOMATIC)).when(BY_MACHINE, by=PLATFORM).facts[-1].rule_version == RULE
    for officer in (ACCEPTOR, DECIDER):
        given(submitted(AUTOMATIC)).when(BY_MACHINE, by=officer).refused(RoleMayNot)


def test_no_machine_decides_an_item_that_publishes_no_rules_or_others():
    given(submitted()).when(BY_MACHINE, by=SOURCE).refused(r.NotForAMachine)
    newer = terms(machine_rule="秒批规则 2.0")
    given(submitted(newer)).when(BY_MACHINE, by=SOURCE).refused(r.OtherMachineRule, rule="秒批规则 2.0")


def test_the_machine_of_one_organ_decides_no_case_of_another():
    foreign = SOURCE.model_copy(update={"organ": FIRE.code})
    given(submitted(AUTOMATIC)).when(BY_MACHINE, by=foreign).refused(r.MachineOfAnother, owner=BUREAU.code)


UNMET = CheckedPoint(point="未被列入异常名录", met=False, evidence="cd" * 32)


def test_a_point_that_is_not_met_hands_the_case_to_an_officer_and_denies_nothing():
    command = BY_MACHINE.model_copy(update={"points": (POINT, UNMET)})
    handed = given(submitted(AUTOMATIC)).when(command, by=SOURCE)
    handed.then(
        f.MaterialReceived,
        f.HandedToOfficer(
            rule_version=RULE, points=(POINT, UNMET), unmet=(UNMET.point,), reason=f"未符合:{UNMET.point}"
        ),
    )
    assert handed.aggregate.state is S.RECEIVED, "an officer accepts, or tells the applicant what is missing"
    handed.and_when(BY_MACHINE, by=SOURCE).refused(r.WithAnOfficerNow)
    accept = c.AcceptApplication(case_id=CASE, document_no="受〔2026〕1号")
    human = handed.and_when(accept, by=ACCEPTOR).then(accepted(AUTOMATIC))
    human = human.and_when(c.AssignCase(case_id=CASE, examiner="examiner-1"), by=ACCEPTOR)
    human = human.and_when(c.RecordExaminationOpinion(case_id=CASE, opinion=Opinion.PASS, grounds="已解除"))
    human.and_when(GRANT, by=DECIDER).then(granted(AUTOMATIC))


@pytest.mark.parametrize(
    "demands", [{"consult": (FIRE,)}, {"inspect": (FIRE,)}, {"hearing": HearingRule.ON_REQUEST}, {"materials": ("甲",)}]
)
def test_what_only_people_can_settle_is_handed_to_them(demands):
    of = terms(machine_rule=RULE, **demands)
    given(submitted(of)).when(BY_MACHINE, by=SOURCE).then(f.MaterialReceived, f.HandedToOfficer)


def test_a_machine_counts_the_materials_that_came():
    of = terms(machine_rule=RULE, materials=("申请书",))
    came = submitted(of, materials=(Material(name="申请书"),))
    assert given(came).when(BY_MACHINE, by=SOURCE).facts[-1].document_no == GRANT.document_no


@pytest.mark.parametrize("warning", [{"hold_until": FRIDAY.date()}, {"consult": HEALTH}], ids=["hold", "consultation"])
def test_what_a_regulator_asked_for_is_left_to_people(warning):
    warned = given(submitted(AUTOMATIC)).when(finding(**warning), by=PLATFORM)
    warned.and_when(BY_MACHINE, by=SOURCE).then(f.MaterialReceived, f.HandedToOfficer)
    if "hold_until" in warning:
        later = warned.and_when(BY_MACHINE, by=SOURCE, at=FRIDAY + timedelta(3))
        assert isinstance(later.facts[-1], f.DecisionGranted)
