"""整改必复核: who found the problems looks again, in an inspection chained to the one that found them.

Each link tells the one before it how it ended, so the first of the chain passes only when its problems were seen
mended, however many rounds that took. A link that is of no use any more, because the one before has ended, is cancelled."""

from __future__ import annotations

from datetime import timedelta

from domain.joint_inspection.commands import CancelInspection, NoteReinspection, PlanReinspection
from domain.joint_inspection.facts import InspectionCancelled, InspectionConcluded, RectificationReported
from domain.joint_inspection.words import InspectionOutcome, ReinspectionOutcome, Window
from domain.kernel.time import next_working_day, place_of
from domain.policies.policy import Commands, Policy
from domain.rules.dates import business_date

REASON = "上一次查验已结束,无需复核。The inspection before it has ended, so there is nothing to look at again."
OUTCOME = {
    InspectionOutcome.PASSED: ReinspectionOutcome.PASSED,
    InspectionOutcome.FAILED: ReinspectionOutcome.FAILED,
}


class ReinspectWhenRectified(Policy):
    ZH = "整改必复核"

    def on_report(self, fact: RectificationReported) -> Commands:
        # Reported before re-inspections had a stream of their own: it is looked at again where it was found.
        if fact.reinspection is None:
            return
        reported = business_date(fact.occurred_at)
        place = place_of(fact.reinspection.lead.code, fact.reinspection.site)
        first = next_working_day(reported, place) or reported + timedelta(days=1)
        last = max(first, fact.reinspect_by or first)
        yield PlanReinspection(
            cause=fact.id, parent_id=fact.originator_id, kind=fact.kind, window=Window(first=first, last=last),
            planned=fact.reinspection,
        )  # fmt: skip

    def on_conclusion(self, fact: InspectionConcluded) -> Commands:
        if fact.parent_id is not None:
            yield NoteReinspection(
                inspection_id=fact.parent_id, reinspection_id=fact.originator_id, outcome=OUTCOME[fact.outcome],
                rounds=fact.rounds + 1,
            )  # fmt: skip
        if fact.reinspection_id is not None:
            yield CancelInspection(inspection_id=fact.reinspection_id, reason=REASON)

    def on_cancellation(self, fact: InspectionCancelled) -> Commands:
        if fact.parent_id is not None:
            yield NoteReinspection(
                inspection_id=fact.parent_id, reinspection_id=fact.originator_id,
                outcome=ReinspectionOutcome.CANCELLED, rounds=1,
            )  # fmt: skip
        if fact.reinspection_id is not None:
            yield CancelInspection(inspection_id=fact.reinspection_id, reason=REASON)
