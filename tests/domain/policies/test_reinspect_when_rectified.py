"""整改必复核。"""

from __future__ import annotations

from datetime import date

import pytest

from domain.joint_inspection.commands import CancelInspection, NoteReinspection, PlanReinspection, reinspection_stream
from domain.joint_inspection.facts import InspectionCancelled, InspectionConcluded
from domain.joint_inspection.words import InspectionOutcome, Reinspection, ReinspectionOutcome, Window
from domain.kernel.words import InspectionKind
from domain.policies.reinspect_when_rectified import REASON, ReinspectWhenRectified
from tests.domain.inspection_file import BOTH, NEED, RECTIFIED, TELLS, THIS
from tests.specification import CASE_NO, FIRE, SHOP, TUESDAY, given

CHILD = reinspection_stream(THIS, 1)
FOLLOWING = Reinspection(inspection_id=CHILD, round=1, site=SHOP, cases=(NEED,), lead=FIRE)
REPORTED = RECTIFIED.model_copy(update={"reinspection": FOLLOWING})
POLICY = ReinspectWhenRectified()


def ended(outcome=InspectionOutcome.PASSED, **chain) -> InspectionConcluded:
    return InspectionConcluded(
        **TELLS, bodies=BOTH, outcome=outcome, case_nos=(CASE_NO,), absent=(), reason="已整改", automatic=True, **chain
    )


def noted(outcome: ReinspectionOutcome, rounds: int = 1) -> NoteReinspection:
    return NoteReinspection(inspection_id=THIS, reinspection_id=CHILD, outcome=outcome, rounds=rounds)


def test_the_re_inspection_that_was_announced_is_planned_within_three_working_days_of_the_report():
    given(POLICY).when(REPORTED, stream=THIS, version=9, at=TUESDAY).then(
        PlanReinspection(
            cause=f"{THIS}:9", parent_id=THIS, kind=InspectionKind.SITE_VISIT, planned=FOLLOWING,
            window=Window(first=date(2026, 3, 4), last=date(2026, 3, 6)),
        )
    )  # fmt: skip


def test_it_is_planned_for_the_next_day_while_no_calendar_says_which_days_are_working_days():
    unknown = REPORTED.model_copy(update={"reinspect_by": None})
    (plan,) = POLICY.orders_for(unknown.stamped(originator_id=THIS, occurred_at=TUESDAY.replace(year=2031)), TUESDAY)
    assert plan.command.window == Window(first=date(2031, 3, 4), last=date(2031, 3, 4))


def test_what_was_reported_before_re_inspections_had_a_stream_is_left_where_it_is():
    given(POLICY).when(RECTIFIED, stream=THIS).nothing()


@pytest.mark.parametrize(
    ("outcome", "told"),
    [(InspectionOutcome.PASSED, ReinspectionOutcome.PASSED), (InspectionOutcome.FAILED, ReinspectionOutcome.FAILED)],
)
def test_each_link_tells_the_one_before_it_how_it_ended_and_how_long_the_chain_was(outcome, told):
    given(POLICY).when(ended(outcome, parent_id=THIS, round=1, rounds=2), stream=CHILD).then(noted(told, 3))


def test_a_cancelled_link_is_told_too():
    fact = InspectionCancelled(**TELLS, bodies=BOTH, site=SHOP, reason="台风", parent_id=THIS, round=1)
    given(POLICY).when(fact, stream=CHILD).then(noted(ReinspectionOutcome.CANCELLED))


def test_a_link_is_cancelled_when_the_one_before_it_has_ended():
    useless = CancelInspection(inspection_id=CHILD, reason=REASON)
    given(POLICY).when(ended(InspectionOutcome.FAILED, reinspection_id=CHILD), stream=THIS).then(useless)
    fact = InspectionCancelled(**TELLS, bodies=BOTH, site=SHOP, reason="撤回", reinspection_id=CHILD)
    given(POLICY).when(fact, stream=THIS).then(useless)


def test_the_first_of_a_chain_has_nobody_to_tell():
    given(POLICY).when(ended(), stream=THIS).nothing()
