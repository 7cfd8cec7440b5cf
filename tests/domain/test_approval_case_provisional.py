"""模拟审批: an opinion before the last material. It starts no clock of the law, decides nothing and is pushed to nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case import refusals as r
from domain.approval_case.words import CaseState, Material, Opinion
from domain.kernel.aggregate import Look
from domain.kernel.event import EVENTS
from domain.kernel.refusal import OutOfOrder
from domain.kernel.standing import Bar, BarKind, Standing
from domain.kernel.words import Matter
from domain.policies.push_decision_to_every_regulator import PushDecisionToEveryRegulator
from tests.domain.case_file import (
    GRANT,
    LAND,
    LOOKED_AT,
    PROMISED_DUE,
    RECEIVED,
    STATUTORY_DUE,
    accepted,
    consultation,
    file_of,
    finding,
    granted,
    opined,
    outcome_of,
    provisional,
    site_visit,
    submitted,
    terms,
)
from tests.specification import (
    ACCEPTOR,
    APPLICANT,
    CASE,
    DECIDER,
    EXAMINER,
    FIRE,
    FRIDAY,
    MONDAY,
    NEXT_MONDAY,
    PLATFORM,
    TUESDAY,
    given,
)

S = CaseState
OF = terms(provisional_for=(LAND,))
FILE = file_of(OF)
BEGIN = c.AcceptProvisionally(case_id=CASE, notice_no="模〔2026〕1号", outstanding=(LAND,), until=PROMISED_DUE)
EXAMINE = c.ExamineProvisionally(case_id=CASE, opinion=Opinion.PASS, grounds="其余材料符合要求")
OPINE = c.IssueProvisionalOpinion(
    case_id=CASE, opinion_no="模意〔2026〕1号", content="待取得土地手续后可准予", valid_until=STATUTORY_DUE
)
SUPPLY = c.SupplyOutstanding(case_id=CASE, materials=(LAND,))
ACCEPT = c.AcceptApplication(case_id=CASE, document_no="受〔2026〕1号")
CONFIRM = c.ConfirmProvisional(**GRANT.model_dump())
LAPSE = c.LapseProvisional(case_id=CASE)
TAKE_BACK = c.WithdrawProvisionalOpinion(case_id=CASE, reason="规划调整")
OPINED = FILE[S.PROVISIONALLY_APPROVED]


def test_a_provisional_approval_begins_before_the_acceptance_and_starts_no_clock_of_the_law():
    begun = given(*FILE[S.RECEIVED]).when(BEGIN, by=ACCEPTOR).then(provisional(OF))
    assert begun.aggregate.state is S.PROVISIONAL
    assert (begun.aggregate.day_zero, begun.aggregate.notice_due) == (None, None)


def test_only_materials_that_the_item_names_may_be_outstanding():
    other = BEGIN.model_copy(update={"outstanding": (LAND, "环评批复")})
    given(*FILE[S.RECEIVED]).when(other, by=ACCEPTOR).refused(r.NotProvisional, materials=("环评批复",))
    given(*file_of()[S.RECEIVED]).when(BEGIN, by=ACCEPTOR).refused(r.NotProvisional)


def test_everything_else_must_be_there():
    of = terms(provisional_for=(LAND,), materials=("申请书", LAND))
    given(submitted(of), RECEIVED).when(BEGIN, by=ACCEPTOR).refused(r.MaterialsIncomplete, missing=("申请书",))
    came = submitted(of, materials=(Material(name="申请书"),))
    given(came, RECEIVED).when(BEGIN, by=ACCEPTOR).then(f.ProvisionallyAccepted)


def test_a_renewal_is_not_taken_out_of_the_clocks_of_the_law():
    asked = submitted(OF, matter=Matter.RENEWAL)
    given(asked, RECEIVED).when(BEGIN, by=ACCEPTOR).refused(r.NotProvisional)


def test_what_is_outstanding_is_not_due_in_the_past():
    late = BEGIN.model_copy(update={"until": date(2026, 3, 1)})
    given(*FILE[S.RECEIVED]).when(late, by=ACCEPTOR).refused(r.DateHasPassed)


def test_what_is_there_is_examined_by_somebody_who_did_not_take_it_in():
    given(*FILE[S.PROVISIONAL]).when(EXAMINE).then(LOOKED_AT)
    mine = EXAMINER.model_copy(update={"id": ACCEPTOR.id})
    given(*FILE[S.PROVISIONAL]).when(EXAMINE, by=mine).refused(r.AcceptorMayNotExamine)


def test_a_numbered_opinion_says_what_is_outstanding_and_until_when_it_holds():
    issued = given(*FILE[S.PROVISIONAL], LOOKED_AT).when(OPINE, by=DECIDER).then(opined(OF))
    assert issued.aggregate.state is S.PROVISIONALLY_APPROVED
    assert "不是行政许可决定" in issued.facts[0].telling("zh")


def test_no_opinion_without_examination_or_against_it():
    given(*FILE[S.PROVISIONAL]).when(OPINE, by=DECIDER).refused(r.NotYetExamined)
    failed = f.ProvisionallyExamined(opinion=Opinion.FAIL, grounds="不符合规划")
    given(*FILE[S.PROVISIONAL], failed).when(OPINE, by=DECIDER).refused(r.OpinionIsNegative)
    mine = DECIDER.model_copy(update={"id": ACCEPTOR.id})
    given(*FILE[S.PROVISIONAL], LOOKED_AT).when(OPINE, by=mine).refused(r.AcceptorMayNotDecide)


def test_the_guards_of_a_decision_stand_before_the_opinion_too():
    of = terms(provisional_for=(LAND,), consult=(FIRE,), inspect=(FIRE,))
    begun = given(submitted(of), RECEIVED).when(BEGIN, by=ACCEPTOR)
    begun.then(provisional(of), consultation(of, bodies=(FIRE,)), site_visit(bodies=(FIRE,)))
    examined = begun.and_when(EXAMINE)
    examined.and_when(OPINE, by=DECIDER).refused(r.ConsultationOutstanding)
    consulted = examined.and_when(outcome_of("item"), by=PLATFORM)
    consulted.and_when(OPINE, by=DECIDER).refused(r.InspectionOutstanding)
    held = given(*FILE[S.PROVISIONAL], LOOKED_AT).when(finding(hold_until=FRIDAY.date()), by=PLATFORM)
    held.and_when(OPINE, by=DECIDER).refused(r.HoldInForce)


def test_what_was_demanded_in_the_provisional_phase_is_not_demanded_again_at_the_acceptance():
    of = terms(provisional_for=(LAND,), consult=(FIRE,))
    done = given(submitted(of), RECEIVED).when(BEGIN, by=ACCEPTOR).and_when(outcome_of("item"), by=PLATFORM)
    done.and_when(SUPPLY, by=APPLICANT).and_when(ACCEPT, by=ACCEPTOR).then(f.ApplicationAccepted)


def test_when_everything_came_the_organ_has_the_days_of_article_32_to_accept():
    whole = given(*OPINED).when(SUPPLY, by=APPLICANT, at=TUESDAY)
    (fact,) = whole.then(f.OutstandingSupplied).facts
    assert (fact.outstanding, fact.notice_due) == ((), date(2026, 3, 10))
    assert whole.aggregate.state is S.RECEIVED
    whole.and_when(c.DeemAccepted(case_id=CASE), by=PLATFORM, at=TUESDAY + timedelta(7)).refused(r.NoticeNotYetOverdue)
    deemed = whole.and_when(c.DeemAccepted(case_id=CASE), by=PLATFORM, at=TUESDAY + timedelta(8))
    assert deemed.then(f.AcceptanceDeemed).facts[0].day_zero == TUESDAY.date()


def test_materials_come_one_by_one_and_twice_is_once():
    of = terms(provisional_for=(LAND, "规划许可证"))
    both = BEGIN.model_copy(update={"outstanding": (LAND, "规划许可证")})
    begun = given(submitted(of), RECEIVED).when(both, by=ACCEPTOR)
    first = begun.and_when(SUPPLY, by=APPLICANT)
    first.then(f.OutstandingSupplied(materials=(LAND,), outstanding=("规划许可证",)))
    assert first.aggregate.state is S.PROVISIONAL
    first.and_when(SUPPLY, by=APPLICANT).nothing()


def test_the_clocks_of_the_law_start_with_the_acceptance_and_not_with_the_provisional_phase():
    whole = given(*OPINED).when(SUPPLY, by=APPLICANT, at=TUESDAY)
    (fact,) = whole.and_when(ACCEPT, by=ACCEPTOR, at=FRIDAY).facts
    assert (fact.day_zero, fact.statutory_days) == (FRIDAY.date(), 20)


def test_a_case_goes_through_a_provisional_approval_once():
    whole = given(*OPINED).when(SUPPLY, by=APPLICANT)
    again = BEGIN.model_copy(update={"notice_no": "模〔2026〕2号"})
    whole.and_when(again, by=ACCEPTOR).refused(r.ProvisionalOnlyOnce)


def test_one_fact_converts_the_opinion_to_the_formal_decision():
    whole = given(*OPINED).when(SUPPLY, by=APPLICANT).and_when(ACCEPT, by=ACCEPTOR).then(accepted(OF))
    decided = whole.and_when(CONFIRM, by=DECIDER)
    decided.then(granted(OF, provisional_no="模意〔2026〕1号"))
    assert decided.aggregate.state is S.GRANTED
    decided.and_when(CONFIRM, by=DECIDER).refused(OutOfOrder)


def test_nothing_is_confirmed_before_the_acceptance():
    for file in (OPINED, FILE[S.PROVISIONAL], FILE[S.RECEIVED]):
        given(*file).when(CONFIRM, by=DECIDER).refused(OutOfOrder)


@dataclass(frozen=True)
class Barred(Look):
    def standing(self, subject: str) -> Standing:
        return Standing(bars=(Bar(kind=BarKind.FRAUD, basis="第七十九条", since=MONDAY.date(), until=date(2029, 3, 1)),))


def confirmed_after(*between):
    return (*OPINED, f.OutstandingSupplied(materials=(LAND,)), accepted(OF), *between)


def test_the_guards_of_a_decision_apply_again_when_it_is_confirmed():
    held = given(*confirmed_after()).when(finding(hold_until=FRIDAY.date()), by=PLATFORM)
    held.and_when(CONFIRM, by=DECIDER).refused(r.HoldInForce)
    demanded = given(*confirmed_after()).when(finding(consult=FIRE), by=PLATFORM)
    demanded.and_when(CONFIRM, by=DECIDER).refused(r.ConsultationOutstanding)
    given(*confirmed_after(), look=Barred()).when(CONFIRM, by=DECIDER).refused(r.SubjectBarred)
    mine = DECIDER.model_copy(update={"id": ACCEPTOR.id})
    given(*confirmed_after()).when(CONFIRM, by=mine).refused(r.AcceptorMayNotDecide)


def test_an_opinion_that_is_over_or_was_given_under_another_version_is_not_confirmed():
    late = MONDAY + timedelta(29)
    given(*confirmed_after()).when(CONFIRM, by=DECIDER, at=late).refused(
        r.ProvisionalOpinionExpired, valid_until=STATUTORY_DUE
    )
    newer = OF.model_copy(update={"version": 4})
    changed = (*OPINED, f.OutstandingSupplied(materials=(LAND,)), accepted(newer))
    given(*changed).when(CONFIRM, by=DECIDER).refused(r.ProvisionalOpinionOutdated, version=4)


def test_without_an_opinion_the_ordinary_way_leads_to_the_decision():
    given(*FILE[S.ACCEPTED]).when(CONFIRM, by=DECIDER).refused(r.NoProvisionalOpinion)
    ordinary = given(*confirmed_after()).when(c.AssignCase(case_id=CASE, examiner=EXAMINER.id), by=ACCEPTOR)
    examined = ordinary.and_when(
        c.RecordExaminationOpinion(case_id=CASE, opinion=Opinion.PASS, grounds="全部材料符合"),
    )
    examined.and_when(GRANT, by=DECIDER).then(granted(OF))


def test_an_opinion_is_taken_back_with_the_reason_and_confirms_nothing_any_more():
    back = given(*OPINED).when(TAKE_BACK, by=DECIDER)
    back.then(f.ProvisionalOpinionWithdrawn(opinion_no="模意〔2026〕1号", reason="规划调整", until=PROMISED_DUE))
    assert back.aggregate.state is S.PROVISIONAL
    back.and_when(OPINE, by=DECIDER).refused(r.NotYetExamined)
    later = given(*confirmed_after()).when(TAKE_BACK, by=DECIDER)
    later.and_when(CONFIRM, by=DECIDER).refused(r.NoProvisionalOpinion)
    given(*FILE[S.ACCEPTED]).when(TAKE_BACK, by=DECIDER).refused(r.NoProvisionalOpinion)


def test_what_never_came_ends_the_provisional_approval_after_its_last_day():
    story = given(*FILE[S.PROVISIONAL])
    story.when(LAPSE, by=PLATFORM, at=MONDAY + timedelta(14)).refused(r.ProvisionalStillOpen, until=PROMISED_DUE)
    lapsed = story.when(LAPSE, by=PLATFORM, at=MONDAY + timedelta(15))
    lapsed.then(f.ProvisionalApprovalLapsed(until=PROMISED_DUE, outstanding=(LAND,)))
    assert lapsed.aggregate.state is S.TERMINATED


def test_an_opinion_lasts_as_long_as_it_says():
    given(*OPINED).when(LAPSE, by=PLATFORM, at=MONDAY + timedelta(28)).refused(
        r.ProvisionalStillOpen, until=STATUTORY_DUE
    )
    given(*OPINED).when(LAPSE, by=PLATFORM, at=MONDAY + timedelta(29)).then(
        f.ProvisionalApprovalLapsed(until=STATUTORY_DUE, outstanding=(LAND,), opinion_no="模意〔2026〕1号")
    )


def test_the_applicant_may_leave_a_provisional_approval():
    left = given(*OPINED).when(c.WithdrawApplication(case_id=CASE, reason="不再建设"), by=APPLICANT, at=NEXT_MONDAY)
    assert left.aggregate.state is S.WITHDRAWN


class NoContracts:
    def of_regulator(self, regulator, on):
        return None

    def covering(self, item, region, change, on):
        return ()


PROVISIONAL_FACTS = sorted(
    (kind for topic, kind in EVENTS.items() if kind.__module__ == "domain.approval_case.facts.provisional"),
    key=lambda kind: kind.TOPIC,
)


@pytest.mark.parametrize("kind", PROVISIONAL_FACTS, ids=lambda kind: kind.TOPIC)
def test_no_fact_of_a_provisional_approval_is_pushed_to_anybody(kind):
    assert kind not in PushDecisionToEveryRegulator.reacts_to()
    assert not issubclass(kind, f.Decision)
    assert kind.MILESTONE is None
    assert kind.CHANNEL.value == "private"


def test_the_confirmed_decision_is_pushed_like_any_other():
    policy = PushDecisionToEveryRegulator(NoContracts())
    asked = given(policy).when(granted(OF, provisional_no="模意〔2026〕1号"))
    assert [command.regulator.code for command in asked.commands] == [OF.regulators[0].code]
