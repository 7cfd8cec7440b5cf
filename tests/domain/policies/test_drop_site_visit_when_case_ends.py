"""办件终结则撤出踏勘。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import pytest

from domain.approval_case.facts import CaseForwarded, CorrectionLapsed
from domain.approval_case.words import Opinion
from domain.joint_inspection.commands import DropSiteVisit
from domain.joint_inspection.facts import InspectionPlanned, SiteVisitAdded
from domain.joint_inspection.words import SiteVisitNeed
from domain.policies.drop_site_visit_when_case_ends import REASON, DropSiteVisitWhenCaseEnds
from tests.domain.case_file import INSPECTION, TERMINATED, WITHDRAWN, denied, granted
from tests.domain.inspection_file import PLANNED
from tests.specification import CASE, FIRE, HOUSING, OTHER_CASE, OTHER_CASE_NO, given


@dataclass
class Known:
    """Which visits run for the case, and which cases have ended."""

    running: Sequence[UUID] = ()
    ended: tuple[UUID, ...] = (CASE,)

    def has_ended(self, case_id: UUID) -> bool:
        return case_id in self.ended

    def running_of(self, case_id: UUID) -> Sequence[UUID]:
        return self.running if case_id == CASE else ()


def drop(case_id: UUID = CASE) -> DropSiteVisit:
    return DropSiteVisit(inspection_id=INSPECTION, case_id=case_id, reason=REASON)


FORWARDED = CaseForwarded(to=HOUSING, opinion=Opinion.PASS, document_no="报〔2026〕1号")


@pytest.mark.parametrize(
    "fact", [WITHDRAWN, TERMINATED, CorrectionLapsed(), granted(), denied(), FORWARDED],
    ids=lambda fact: type(fact).__name__,
)  # fmt: skip
def test_a_case_that_ends_leaves_every_visit_that_still_runs(fact):
    given(DropSiteVisitWhenCaseEnds(Known([INSPECTION]))).when(fact, stream=CASE).then(drop())


def test_it_stays_while_the_case_goes_on():
    given(DropSiteVisitWhenCaseEnds(Known([INSPECTION], ended=()))).when(WITHDRAWN, stream=CASE).nothing()


def test_a_visit_planned_after_the_case_has_ended_is_left_too_and_only_by_that_case():
    shared = PLANNED.model_copy(update={"case_ids": (CASE, OTHER_CASE)})
    given(DropSiteVisitWhenCaseEnds(Known())).when(shared, stream=INSPECTION).then(drop())
    joined = SiteVisitAdded(
        case_id=CASE, case_ids=(CASE, OTHER_CASE), inspection_id=INSPECTION, bodies=(FIRE,),
        need=SiteVisitNeed(case_id=OTHER_CASE, case_no=OTHER_CASE_NO, bodies=(FIRE,)),
    )  # fmt: skip
    given(DropSiteVisitWhenCaseEnds(Known(ended=(OTHER_CASE,)))).when(joined, stream=INSPECTION).then(drop(OTHER_CASE))
    given(DropSiteVisitWhenCaseEnds(Known())).when(joined, stream=INSPECTION).nothing()


def test_it_sees_both_sides_before_it_reacts():
    assert set(DropSiteVisitWhenCaseEnds.READS) == {"case_register", "site_visits"}
    assert {InspectionPlanned, SiteVisitAdded} <= set(DropSiteVisitWhenCaseEnds.reacts_to())


def test_it_does_nothing_when_no_visit_runs():
    given(DropSiteVisitWhenCaseEnds(Known())).when(WITHDRAWN, stream=CASE).nothing()
