"""责任确定: who answers for a case, by which version of the table, and to whom it goes with its item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case.words import Means
from domain.kernel.aggregate import Look
from domain.kernel.event import addressees
from domain.kernel.refusal import RoleMayNot
from domain.kernel.responsibility import Responsible, ResponsibleRegulator
from domain.kernel.words import Body, ItemTerms, Regulator
from tests.domain.case_file import (
    ASSIGNED,
    GRANT,
    MARKET,
    PASSED,
    RECEIVED,
    SUBMIT,
    TERMS,
    TODAY,
    accepted,
    submitted,
    terms,
)
from tests.specification import (
    ACCEPTOR,
    APPLICANT,
    BUREAU,
    CASE,
    CASE_NO,
    DECIDER,
    FIRE,
    HEALTH,
    HOUSING,
    MONDAY,
    PLATFORM,
    SHOP,
    SOURCE,
    Catalogue,
    given,
)

URBAN = ResponsibleRegulator(code="URBAN-371500", name="市城市管理局", officers=("周监管",))
ROUTED_TO = Responsible(table=4, approver=BUREAU, approver_officers=("赵决定",), regulators=(URBAN,))
DISPUTED = Responsible(table=4, regulators=(URBAN,), dispute=2, claimants=(BUREAU, HOUSING))
ACCEPT = c.AcceptApplication(case_id=CASE, document_no="受〔2026〕1号")
HAND_OVER = c.HandOverCase(case_id=CASE, from_organ=BUREAU, to_organ=HOUSING, basis="市编办〔2026〕3 号")


@dataclass(frozen=True, slots=True)
class Tables(Catalogue):
    """A responsibility table that gives one answer, and remembers nothing."""

    found: Responsible | None = None
    since: date = date.min

    def responsibility(self, item: str, region: str | None, *, version: int, on: date) -> Responsible | None:
        assert (item, region, version) == (TERMS.item, SHOP.region, TERMS.version)
        return self.found if on >= self.since else None


def table(found: Responsible | None = ROUTED_TO, of: ItemTerms = TERMS, since: date = date.min) -> Look:
    return Tables({of.item: of}, found, since)


def routed(found: Responsible = ROUTED_TO, **more: Any) -> f.CaseRouted:
    told = {
        "case_no": CASE_NO, "item": TERMS.item, "item_version": TERMS.version, "region": SHOP.region,
        "organ": BUREAU.code, "routing": found, "told": found.claimants,
    }  # fmt: skip
    return f.CaseRouted(**told | more)


def test_at_acceptance_the_table_says_who_answers_and_which_version_said_so():
    decided = given(submitted(), RECEIVED, look=table()).when(ACCEPT, by=ACCEPTOR)
    decided.then(f.ApplicationAccepted, routed())
    assert "第 4 版" in decided.facts[1].telling("zh")
    assert "市城市管理局" in decided.facts[1].telling("zh")
    assert "version 4" in decided.facts[1].telling("en")


def test_where_no_table_speaks_nothing_is_routed_and_the_item_says_who_supervises():
    given(submitted(), RECEIVED, look=table(None)).when(ACCEPT, by=ACCEPTOR).then(f.ApplicationAccepted)
    [fact] = given(submitted(), RECEIVED, accepted(), ASSIGNED, PASSED).when(GRANT, by=DECIDER).facts
    assert isinstance(fact, f.DecisionGranted)
    assert fact.regulators == (MARKET,)


def test_a_decision_is_for_the_regulators_that_the_table_named_at_acceptance():
    file = (submitted(), RECEIVED, accepted(), routed(), ASSIGNED, PASSED)
    [fact] = given(*file, look=table(None)).when(GRANT, by=DECIDER).facts
    assert isinstance(fact, f.DecisionGranted)
    assert fact.regulators == (Regulator(code=URBAN.code, name=URBAN.name),)


def test_a_table_that_names_no_regulator_leaves_those_of_the_item():
    silent = ROUTED_TO.model_copy(update={"regulators": ()})
    file = (submitted(), RECEIVED, accepted(), routed(silent), ASSIGNED, PASSED)
    [fact] = given(*file).when(GRANT, by=DECIDER).facts
    assert isinstance(fact, f.DecisionGranted)
    assert fact.regulators == (MARKET,)


def test_bodies_that_the_table_names_are_consulted_and_see_the_site_beside_those_of_the_item():
    of = terms(consult=(FIRE,), inspect=(HEALTH,))
    asks = ROUTED_TO.model_copy(update={"consult": (HOUSING, FIRE), "inspect": (FIRE,)})
    decided = given(submitted(of), RECEIVED, look=table(asks, of)).when(ACCEPT, by=ACCEPTOR)
    decided.then(f.ApplicationAccepted, f.CaseRouted, f.ConsultationRequired, f.SiteVisitRequired)
    consulted, visited = decided.facts[2:]
    assert isinstance(consulted, f.ConsultationRequired)
    assert isinstance(visited, f.SiteVisitRequired)
    assert consulted.bodies == (FIRE, HOUSING)
    assert visited.bodies == (HEALTH, FIRE)


def test_a_case_of_a_disputed_place_is_accepted_handled_where_it_came_in_and_every_claimant_is_told():
    decided = given(submitted(), RECEIVED, look=table(DISPUTED)).when(ACCEPT, by=ACCEPTOR)
    decided.then(f.ApplicationAccepted, routed(DISPUTED))
    fact = decided.facts[1]
    assert addressees(type(fact), dict(fact)) == (BUREAU.code, HOUSING.code)
    assert "争议" in fact.telling("zh")
    assert "dispute 2" in fact.telling("en")


def test_a_case_that_counts_as_accepted_is_routed_by_the_table_of_the_day_of_receipt():
    late = MONDAY + timedelta(days=9)
    deem = c.DeemAccepted(case_id=CASE)
    later = given(submitted(), RECEIVED, look=table(since=TODAY + timedelta(1))).when(deem, by=PLATFORM, at=late)
    later.then(f.AcceptanceDeemed)
    given(submitted(), RECEIVED, look=table(since=TODAY)).when(deem, by=PLATFORM, at=late).then(
        f.AcceptanceDeemed, routed()
    )


def test_an_application_belongs_to_the_organ_that_the_catalogue_names_on_its_day():
    of = terms(organ=HOUSING)
    [fact] = given(look=table(None, of)).when(SUBMIT, by=APPLICANT).facts
    assert isinstance(fact, f.ApplicationSubmitted)
    assert fact.organ == HOUSING.code
    [other] = given(look=table(None)).when(SUBMIT, by=APPLICANT).facts
    assert isinstance(other, f.ApplicationSubmitted)
    assert other.organ == BUREAU.code


HANDED = f.CaseHandedOver(case_no=CASE_NO, from_organ=BUREAU, to_organ=HOUSING, basis=HAND_OVER.basis)


@pytest.mark.parametrize("file", [(submitted(),), (submitted(), RECEIVED), (submitted(), RECEIVED, accepted())])
def test_a_running_case_goes_with_its_item_once(file):
    given(*file).when(HAND_OVER, by=PLATFORM).then(HANDED).and_when(HAND_OVER, by=PLATFORM).nothing()


def test_a_case_that_was_routed_is_routed_anew_where_it_goes():
    moved = ROUTED_TO.model_copy(update={"table": 5, "approver": Body(code=HOUSING.code, name=HOUSING.name)})
    file = (submitted(), RECEIVED, accepted(), routed())
    decided = given(*file, look=table(moved)).when(HAND_OVER, by=PLATFORM)
    decided.then(HANDED, routed(moved, organ=HOUSING.code))


def test_a_decided_case_and_one_of_another_organ_stay_where_they_are():
    decided = given(submitted(), RECEIVED, accepted(), ASSIGNED, PASSED).when(GRANT, by=DECIDER)
    decided.and_when(HAND_OVER, by=PLATFORM).nothing()
    given(submitted(organ=FIRE.code)).when(HAND_OVER, by=PLATFORM).nothing()


def test_only_the_platform_hands_a_case_over():
    given(submitted()).when(HAND_OVER, by=DECIDER).refused(RoleMayNot)


def report(number: int, means: Means | None, **more: Any) -> c.ReportStep:
    told: dict[str, Any] = {
        "source": SOURCE.id, "source_event_id": str(number), "case_no": CASE_NO, "opened_on": TODAY,
        "organ": BUREAU.code, "activity": "step", "means": means, "item": TERMS.item, "site": SHOP,
        "occurred_at": MONDAY - timedelta(hours=1),
    }  # fmt: skip
    return c.ReportStep.model_validate(told | more)


def test_a_decision_that_another_system_reports_is_routed_by_the_table_of_the_day_the_case_was_opened():
    opened = given(look=table(since=TODAY)).when(report(1, Means.SUBMITTED), by=SOURCE)
    opened.then(f.CaseReported, f.StepReported)
    decided = opened.and_when(report(2, Means.GRANTED), by=SOURCE).then(f.CaseRouted, f.StepReported)
    told, step = decided.facts
    assert isinstance(told, f.CaseRouted)
    assert isinstance(step, f.StepReported)
    assert (told.organ, told.routing, told.region) == (BUREAU.code, ROUTED_TO, SHOP.region)
    assert [one.code for one in step.regulators] == [URBAN.code]
    decided.and_when(report(3, Means.GRANTED), by=SOURCE).then(f.StepReported)


def test_a_reported_decision_about_an_item_without_a_table_names_the_regulators_of_the_item():
    decided = given(look=table(None)).when(report(1, Means.GRANTED), by=SOURCE).then(f.CaseReported, f.StepReported)
    step = decided.facts[1]
    assert isinstance(step, f.StepReported)
    assert step.regulators == (MARKET,)
