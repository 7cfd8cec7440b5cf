"""办件终结,踏勘撤出: a case that has ended leaves every visit that still runs; the last one to leave cancels it.

A visit serves several cases, so the end of one must not cancel what the others wait for. The case may end before its
visit was planned: so the plan is looked at too, and whichever of the two comes later finds the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from domain.approval_case.facts import CaseOver
from domain.joint_inspection.commands import DropSiteVisit
from domain.joint_inspection.facts import InspectionPlanned, SiteVisitAdded
from domain.policies.policy import Commands, Policy

REASON = "办件已终结,无需踏勘。The case has ended, so nothing needs to be seen any more."


class RunningVisits(Protocol):
    """What the policy must know."""

    def has_ended(self, case_id: UUID) -> bool:
        """Whether a case is decided, withdrawn or otherwise over."""

    def running_of(self, case_id: UUID) -> Sequence[UUID]:
        """Joint inspections that a case takes part in and that have not ended."""


class DropSiteVisitWhenCaseEnds(Policy):
    ZH = "办件终结则撤出踏勘"
    READS = ("case_register", "site_visits")

    def __init__(self, known: RunningVisits) -> None:
        self.known = known

    def on_end(self, fact: CaseOver) -> Commands:
        case_id = fact.originator_id
        # Nearly every case that ends has none running: the cheaper question goes first.
        running = self.known.running_of(case_id)
        if running and self.known.has_ended(case_id):
            for inspection_id in running:
                yield DropSiteVisit(inspection_id=inspection_id, case_id=case_id, reason=REASON)

    def on_plan(self, fact: InspectionPlanned) -> Commands:
        for case_id in fact.case_ids:
            if self.known.has_ended(case_id):
                yield DropSiteVisit(inspection_id=fact.originator_id, case_id=case_id, reason=REASON)

    def on_joining(self, fact: SiteVisitAdded) -> Commands:
        if self.known.has_ended(fact.need.case_id):
            yield DropSiteVisit(inspection_id=fact.originator_id, case_id=fact.need.case_id, reason=REASON)
