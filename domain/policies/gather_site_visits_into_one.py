"""多个踏勘合并为一次: site visits due at one place within a window become one joint inspection.

Every body that needs to see the place is invited to the same visit; a later case joins the visit that is
already planned instead of opening another (多部门踏勘一次完成). Drawings belong to one case: their review is its own.
Only the first inspection of a chain speaks to the cases; a re-inspection tells the one before it."""

from __future__ import annotations

from datetime import date
from typing import Protocol
from uuid import UUID

from domain.approval_case.commands import NoteInspection
from domain.approval_case.facts import SiteVisitRequired
from domain.approval_case.words import Outcome
from domain.joint_inspection.commands import AddSiteVisit, PlanJointInspection
from domain.joint_inspection.facts import InspectionCancelled, InspectionConcluded
from domain.joint_inspection.words import InspectionOutcome, SiteVisitNeed, Window
from domain.kernel.event import Event
from domain.kernel.words import InspectionKind
from domain.policies.policy import Commands, Policy


class PlannedVisits(Protocol):
    """What the policy must know of inspections."""

    def joinable_at(self, place: str, kind: InspectionKind, not_before: date, not_after: date) -> UUID | None:
        """An inspection of a kind planned at a place within a window that nobody has begun."""


class GatherSiteVisitsIntoOne(Policy):
    ZH = "多个踏勘合并为一次"
    READS = ("site_visits",)
    READS_ITS_OWN = True

    def __init__(self, visits: PlannedVisits) -> None:
        self.visits = visits

    def rests_on(self, event: Event) -> str | None:
        return event.site.key if isinstance(event, SiteVisitRequired) else None

    def on_need(self, fact: SiteVisitRequired) -> Commands:
        need = SiteVisitNeed(case_id=fact.originator_id, case_no=fact.case_no, bodies=fact.bodies, safety=fact.safety)
        planned = None
        if fact.kind is not InspectionKind.DRAWING_REVIEW:
            planned = self.visits.joinable_at(fact.site.key, fact.kind, fact.not_before, fact.not_after)
        if planned is not None:
            yield AddSiteVisit(inspection_id=planned, need=need)
        else:
            yield PlanJointInspection(
                cause=fact.id, site=fact.site, window=Window(first=fact.not_before, last=fact.not_after),
                lead=fact.bodies[0], cases=(need,), kind=fact.kind,
            )  # fmt: skip

    def on_conclusion(self, fact: InspectionConcluded) -> Commands:
        if fact.parent_id is not None:
            return
        passed = fact.outcome is InspectionOutcome.PASSED
        for case_id in fact.case_ids:
            yield NoteInspection(
                case_id=case_id, inspection_id=fact.originator_id,
                outcome=Outcome.SUPPORTED if passed else Outcome.OBJECTED, kind=fact.kind,
            )  # fmt: skip

    def on_cancellation(self, fact: InspectionCancelled) -> Commands:
        """Every case learns of it and demands its visit anew; else it would wait for a visit that nobody plans."""
        if fact.parent_id is not None:
            return
        for case_id in fact.case_ids:
            yield NoteInspection(
                case_id=case_id, inspection_id=fact.originator_id, outcome=Outcome.CANCELLED, kind=fact.kind
            )
