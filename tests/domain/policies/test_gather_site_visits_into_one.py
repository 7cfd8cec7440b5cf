"""多个踏勘合并为一次。"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import pytest

from domain.approval_case.commands import NoteInspection
from domain.approval_case.words import Outcome
from domain.joint_inspection.commands import AddSiteVisit, PlanJointInspection
from domain.joint_inspection.facts import InspectionAbsenceNoted, InspectionCancelled, InspectionConcluded
from domain.joint_inspection.words import InspectionOutcome, SiteVisitNeed, Window
from domain.kernel.words import InspectionKind
from domain.policies.gather_site_visits_into_one import GatherSiteVisitsIntoOne
from infra.workers.policies import independent
from tests.domain.case_file import INSPECTION, TERMS, consultation, site_visit
from tests.specification import CASE, CASE_NO, FIRE, HOUSING, OTHER_CASE, SHOP, given


@dataclass
class Visits:
    planned: UUID | None = None
    asked: list[tuple[str, InspectionKind, date, date]] = field(default_factory=list)

    def joinable_at(self, place: str, kind: InspectionKind, not_before: date, not_after: date) -> UUID | None:
        self.asked.append((place, kind, not_before, not_after))
        return self.planned


FIRST, LAST = date(2026, 3, 3), date(2026, 3, 17)
NEED = SiteVisitNeed(case_id=CASE, case_no=CASE_NO, bodies=(FIRE, HOUSING))
CASES = {"case_id": CASE, "case_ids": (CASE, OTHER_CASE)}


def test_the_first_visit_due_at_a_place_plans_one_for_all_bodies_led_by_the_first():
    given(GatherSiteVisitsIntoOne(Visits())).when(site_visit(), stream=CASE, version=5).then(
        PlanJointInspection(
            cause=f"{CASE}:5", site=SHOP, window=Window(first=FIRST, last=LAST), lead=FIRE, cases=(NEED,)
        )
    )


def test_a_later_visit_at_the_place_joins_the_one_that_is_planned():
    visits = Visits(planned=INSPECTION)
    given(GatherSiteVisitsIntoOne(visits)).when(site_visit(), stream=CASE).then(
        AddSiteVisit(inspection_id=INSPECTION, need=NEED)
    )
    assert set(visits.asked) == {(SHOP.key, InspectionKind.SITE_VISIT, FIRST, LAST)}


def of_kind(kind: InspectionKind):
    return site_visit().model_copy(update={"kind": kind})


def test_an_acceptance_joins_only_an_acceptance():
    visits = Visits()
    given(GatherSiteVisitsIntoOne(visits)).when(of_kind(InspectionKind.COMPLETION_ACCEPTANCE)).then(PlanJointInspection)
    assert {kind for _, kind, *_ in visits.asked} == {InspectionKind.COMPLETION_ACCEPTANCE}


def test_the_drawings_of_each_case_are_reviewed_by_themselves():
    visits = Visits(planned=INSPECTION)
    asked = GatherSiteVisitsIntoOne(visits).react(of_kind(InspectionKind.DRAWING_REVIEW).stamped(originator_id=CASE))
    assert [(type(command), command.kind) for command in asked] == [
        (PlanJointInspection, InspectionKind.DRAWING_REVIEW)
    ]
    assert visits.asked == []


def test_that_a_matter_is_one_of_safety_is_told_to_the_visit():
    (plan,) = GatherSiteVisitsIntoOne(Visits()).react(site_visit().model_copy(update={"safety": True}))
    assert plan.cases[0].safety


def test_it_sees_its_own_plans_before_it_makes_the_next():
    assert GatherSiteVisitsIntoOne.READS_ITS_OWN


def test_needs_at_one_place_are_met_one_after_another_and_those_elsewhere_at_once():
    elsewhere = site_visit().model_copy(update={"site": SHOP.model_copy(update={"place": "另一处"})})
    policy = GatherSiteVisitsIntoOne(Visits())

    assert independent(policy, [site_visit(), elsewhere]) == 2
    assert independent(policy, [site_visit(), elsewhere, site_visit()]) == 2
    assert independent(policy, [site_visit(), site_visit()]) == 1


@pytest.mark.parametrize(
    ("outcome", "told"), [(InspectionOutcome.PASSED, Outcome.SUPPORTED), (InspectionOutcome.FAILED, Outcome.OBJECTED)]
)
def test_every_case_that_shared_the_visit_learns_its_outcome(outcome, told):
    fact = InspectionConcluded(
        **CASES, bodies=(FIRE, HOUSING), outcome=outcome, case_nos=(CASE_NO,), absent=(), reason="现场查验",
        automatic=False,
    )  # fmt: skip
    given(GatherSiteVisitsIntoOne(Visits())).when(fact, stream=INSPECTION).then(
        NoteInspection(case_id=CASE, inspection_id=INSPECTION, outcome=told),
        NoteInspection(case_id=OTHER_CASE, inspection_id=INSPECTION, outcome=told),
    )


def test_a_re_inspection_tells_the_one_before_it_and_not_the_cases():
    chained = {"parent_id": INSPECTION, "round": 1}
    ended = InspectionConcluded(
        **CASES, **chained, bodies=(FIRE,), outcome=InspectionOutcome.PASSED, case_nos=(CASE_NO,), absent=(),
        reason="已整改", automatic=True,
    )  # fmt: skip
    given(GatherSiteVisitsIntoOne(Visits())).when(ended).nothing()
    called_off = InspectionCancelled(**CASES, **chained, bodies=(FIRE,), site=SHOP, reason="台风")
    given(GatherSiteVisitsIntoOne(Visits())).when(called_off).nothing()


def test_every_case_of_a_cancelled_visit_learns_that_nobody_will_come():
    fact = InspectionCancelled(**CASES, bodies=(FIRE, HOUSING), site=SHOP, reason="台风")
    given(GatherSiteVisitsIntoOne(Visits())).when(fact, stream=INSPECTION).then(
        NoteInspection(case_id=CASE, inspection_id=INSPECTION, outcome=Outcome.CANCELLED),
        NoteInspection(case_id=OTHER_CASE, inspection_id=INSPECTION, outcome=Outcome.CANCELLED),
    )


@pytest.mark.parametrize(
    "fact",
    [
        consultation(TERMS),
        InspectionAbsenceNoted(
            **CASES, inspection_id=INSPECTION, body=FIRE, window=Window(first=FIRST, last=LAST), confirmed=True
        ),
    ],
    ids=["bodies are consulted without a visit", "a body was absent from the visit"],
)
def test_it_does_nothing_when(fact):
    given(GatherSiteVisitsIntoOne(Visits())).when(fact).nothing()
