"""The file of a case (案卷): what the case remembers, and how each fact changes it."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from domain.approval_case import facts as f
from domain.approval_case.words import CaseClock, CaseState, Means, Opinion, Outcome, Secrecy
from domain.kernel.aggregate import Aggregate
from domain.kernel.licensing import ForwardedFile, ForwardedMaterial
from domain.kernel.opinions import HeardOpinion
from domain.kernel.responsibility import Responsible
from domain.kernel.time import Precision
from domain.kernel.words import Body, ItemTerms, Matter, Site, SpecialProcedure, Subject, ToleranceLapse
from domain.rules.dates import business_date
from domain.rules.errors import NoRuleInForce
from domain.rules.limits import PARTS_OF_A_DAY, TimeLimit
from domain.rules.loader import Unit, time_limit

S = CaseState
Told = (
    f.MaterialReceived | f.CorrectionSubmitted | f.OutstandingSupplied | f.Acceptance | f.SpecialProcedureStarted | f.SpecialProcedureEnded
    | f.TimeLimitExtended | f.DueDatesRecomputed | f.Decision
)  # fmt: skip
"""Facts that tell a date, and by which calendar."""


def limit_of_rules(key: str, start: date, region: str | None) -> TimeLimit | None:
    """A named limit of the rules as it runs from a day, or none where none was in force."""
    try:
        held = time_limit(key, on=start)
    except NoRuleInForce:
        return None
    return TimeLimit(start, held.value, held.unit, region=region)


class Warned(NamedTuple):
    """What a finding told this case."""

    kind: str
    statement: str
    hold_until: date | None
    consult: Body | None


class CaseFile(Aggregate):
    """案卷。"""

    NAME = "case"
    ZH = "办件"

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.state: CaseState = S.NEW
        self.before_pause: CaseState = S.NEW
        self.case_no = self.organ = self.accepted_by = self.examiner = ""
        self.routing: Responsible | None = None
        self.terms: ItemTerms | None = None
        self.subject: Subject | None = None
        self.site: Site | None = None
        self.matter = Matter.NEW
        self.license_id: UUID | None = None
        self.bundle_id: UUID | None = None
        self.received_on: date | None = None
        self.received_at: datetime | None = None
        self.region: str | None = None
        self.calendar = ""
        self.told_on: date | None = None
        self.limits: dict[CaseClock, TimeLimit] = {}
        self.notice_due: date | None = None
        self.correct_by: date | None = None
        self.day_zero: date | None = None
        self.pauses: list[tuple[date, date]] = []
        self.paused_on: date | None = None
        self.planned_end: date | None = None
        self.extended_days = 0
        self.procedures: dict[SpecialProcedure, tuple[date, date]] = {}
        self.examiners: set[str] = set()
        self.chair = ""
        self.handed_over = False
        self.rule_version: str | None = None
        self.denial: f.DecisionDenied | None = None
        self.license_no = ""
        self.secrecy: Secrecy | None = None
        self.materials: set[str] = set()
        self.digests: dict[str, str] = {}
        self.from_below: tuple[str, ...] = ()
        self.forwarded: ForwardedFile | None = None
        self.supplied: set[str] = set()
        self.told: tuple[str, ...] = ()
        self.notices = 0
        self.correction_notice: f.CorrectionRequested | None = None
        self.due_of: dict[str, date] = {}
        self.must_deny = False
        self.committed = self.tolerant = self.extended = self.negative = self.issued = self.published = False
        self.consultations: dict[str, Outcome | None] = {}
        self.demands: dict[str, f.ConsultationRequired] = {}
        self.heard: dict[UUID, tuple[HeardOpinion, ...]] = {}
        self.visit: Outcome | bool | None = None
        self.visit_demanded = False
        self.findings: dict[UUID, Warned] = {}
        self.holds: dict[UUID, date] = {}
        self.reported: dict[str, tuple[str, ...]] = {}
        self.last_step: tuple[datetime, Precision] | None = None
        self.reported_facts: f.CaseReported | None = None
        self.milestones: set[Means] = set()
        self.renewal: f.RenewalApplied | None = None
        self.decision: f.DecisionGranted | None = None

    @property
    def tolerated(self) -> tuple[str, ...]:
        """Materials that are still awaited."""
        return tuple(self.due_of)

    @property
    def supply_by(self) -> date | None:
        """The day of the tolerated material that is due first."""
        return min(self.due_of.values(), default=None)

    @property
    def _terms(self) -> ItemTerms:
        assert self.terms is not None
        return self.terms

    def was_submitted(self, fact: f.ApplicationSubmitted) -> None:
        self.state, self.case_no, self.terms = S.SUBMITTED, fact.case_no, fact.terms
        self.subject, self.site, self.organ = fact.subject, fact.site, fact.organ
        self.matter, self.license_id, self.bundle_id = fact.matter, fact.license_id, fact.bundle_id
        self.materials = {material.name for material in fact.materials}
        self.digests = {material.name: material.digest for material in fact.materials}
        self.from_below = fact.forwarded

    def was_received(self, fact: f.MaterialReceived) -> None:
        self.state = S.RECEIVED
        self._receipt_counts(fact)

    def awaits_correction(self, fact: f.CorrectionRequested) -> None:
        self.state, self.notice_due, self.correct_by = S.AWAITING_CORRECTION, None, fact.until
        self.notices, self.correction_notice = self.notices + 1, fact
        self.told = (*self.told, *(one for one in fact.missing if one not in self.told))

    def was_corrected(self, fact: f.CorrectionSubmitted) -> None:
        self.state = S.RECEIVED
        self._receipt_counts(fact)
        self.materials |= set(fact.materials)
        self.supplied |= set(fact.materials)

    def ended(self, fact: f.CorrectionLapsed | f.CaseTerminated) -> None:
        self.state = S.TERMINATED

    def tolerance_has_lapsed(self, fact: f.ToleranceLapsed) -> None:
        if fact.outcome is ToleranceLapse.TERMINATE:
            self.state = S.TERMINATED
        self.must_deny = fact.outcome is ToleranceLapse.DENY

    def closed_unaccepted(self, fact: f.PermitNotRequired | f.AcceptanceRefused) -> None:
        self.state = S.CLOSED_UNACCEPTED

    def was_accepted(self, fact: f.ApplicationAccepted | f.AcceptanceDeemed | f.ToleranceAccepted) -> None:
        self.state, self.day_zero, self.region = S.ACCEPTED, fact.day_zero, fact.region
        for clock, amount, counted in (
            (CaseClock.STATUTORY, fact.statutory_days, fact.statutory_unit),
            (CaseClock.PROMISED, fact.promised_days, fact.promised_unit),
        ):
            unit = Unit(counted)
            runs_from = fact.runs_from if unit in PARTS_OF_A_DAY else None
            self.limits[clock] = TimeLimit(fact.day_zero, amount, unit, runs_from, region=fact.region)
        self._told_by(fact)
        # Frozen now, and not when it was submitted: the version in force at acceptance governs the case.
        self.terms = fact.terms
        if not isinstance(fact, f.AcceptanceDeemed):
            self.accepted_by = fact.actor.id
        if isinstance(fact, f.ToleranceAccepted):
            self.due_of, self.tolerant = fact.due_of, True

    def was_routed(self, fact: f.CaseRouted) -> None:
        self.routing = fact.routing

    def was_handed_over(self, fact: f.CaseHandedOver) -> None:
        self.organ = fact.to_organ.code

    def tolerance_was_cleared(self, fact: f.ToleranceCleared) -> None:
        self.due_of = {name: until for name, until in self.due_of.items() if name not in fact.materials}
        self.materials |= set(fact.materials)

    def was_committed(self, fact: f.CommitmentFiled) -> None:
        self.committed = True

    def commitment_was_withdrawn(self, fact: f.CommitmentWithdrawn) -> None:
        self.committed = False
        if fact.examined_anew:
            if self.state is S.EXAMINED:
                self.state = S.EXAMINING
            self.before_pause = S.EXAMINING

    def consultation_is_required(self, fact: f.ConsultationRequired) -> None:
        self.consultations.setdefault(fact.cause, None)
        self.demands.setdefault(fact.cause, fact)

    def consultation_was_noted(self, fact: f.ConsultationNoted) -> None:
        self.consultations[fact.cause] = fact.outcome
        self.heard[fact.consultation_id] = fact.heard

    def visit_is_required(self, fact: f.SiteVisitRequired) -> None:
        self.visit, self.visit_demanded = False, True

    def inspection_was_noted(self, fact: f.InspectionNoted) -> None:
        self.visit = fact.outcome

    def finding_was_noted(self, fact: f.FindingNoted) -> None:
        self.findings[fact.finding_id] = Warned(fact.kind, fact.statement, fact.hold_until, fact.consult)
        self.holds.pop(fact.finding_id, None)
        if fact.hold_until is not None:
            self.holds[fact.finding_id] = fact.hold_until

    def finding_was_answered(self, fact: f.FindingAnswered) -> None:
        self.findings.pop(fact.finding_id, None)
        self.holds.pop(fact.finding_id, None)

    def was_assigned(self, fact: f.CaseAssigned | f.CaseReassigned) -> None:
        self.state, self.examiner = S.EXAMINING, fact.examiner
        self.examiners.add(fact.examiner)

    def was_examined(self, fact: f.ExaminationOpinionRecorded) -> None:
        self.state, self.negative = S.EXAMINED, fact.opinion is Opinion.FAIL
        self.examiners.add(fact.actor.id)

    def was_checked_by_machine(self, fact: f.CheckedByMachine) -> None:
        self.rule_version = fact.rule_version

    def was_handed_over_to_officer(self, fact: f.HandedToOfficer) -> None:
        self.handed_over = True

    def was_verified(self, fact: f.SubstanceVerified) -> None:
        self.examiners |= set(fact.officers)

    def was_forwarded(self, fact: f.CaseForwarded) -> None:
        self.state = S.FORWARDED
        materials = tuple(ForwardedMaterial(name=one.name, digest=one.digest) for one in fact.materials)
        self.forwarded = ForwardedFile(to=fact.to.code, opinion=str(fact.opinion), materials=materials)

    def was_returned(self, fact: f.StageReturned) -> None:
        self.state = S.EXAMINING

    def was_suspended(self, fact: f.SpecialProcedureStarted) -> None:
        if not self.procedures:
            self.before_pause, self.state, self.paused_on = self.state, S.SUSPENDED, fact.started_on
        self.procedures[fact.procedure] = fact.started_on, fact.planned_end
        self.planned_end = max(end for _, end in self.procedures.values())
        self._told_by(fact)

    def was_resumed(self, fact: f.SpecialProcedureEnded) -> None:
        """Procedures that overlap make one pause, from the first start to the last end."""
        if fact.procedure is not None:
            self.procedures.pop(fact.procedure, None)
        else:
            self.procedures.clear()
        # Where one outlasts its plan, the clock stood still at least until the other ended.
        self.planned_end = max(fact.ended_on, *(end for _, end in self.procedures.values())) if self.procedures else None
        if not self.procedures and self.paused_on is not None:
            self.state = self.before_pause
            self.pauses.append((self.paused_on, max(self.paused_on, fact.ended_on)))
            self.paused_on = None
        self._told_by(fact)

    def was_extended(self, fact: f.TimeLimitExtended) -> None:
        self.extended, self.extended_days = True, self.extended_days + fact.days
        self._told_by(fact)

    def renewal_was_applied_for(self, fact: f.RenewalApplied) -> None:
        self.renewal = fact

    def was_granted(self, fact: f.DecisionGranted | f.RenewalDeemedGranted) -> None:
        self.state, self.decision = S.GRANTED, fact
        if isinstance(fact, f.DecisionGranted):
            self._decision_starts(fact, CaseClock.PUBLICITY, CaseClock.DELIVERY)

    def was_denied(self, fact: f.DecisionDenied) -> None:
        self.state, self.denial = S.DENIED, fact
        self._decision_starts(fact, CaseClock.PUBLICITY)

    def was_recomputed(self, fact: f.DueDatesRecomputed) -> None:
        for change in fact.changes:
            if change.clock is CaseClock.NOTICE:
                self.notice_due = change.new
        self._told_by(fact)

    def was_issued(self, fact: f.LicenseIssued) -> None:
        self.issued, self.license_no = True, fact.license_no

    def was_delivered(self, fact: f.LicenseDelivered) -> None:
        self.state = S.DELIVERED

    def was_published(self, fact: f.DecisionPublished) -> None:
        self.published = True

    def was_withheld(self, fact: f.PublicationWithheld) -> None:
        self.secrecy = fact.secrecy

    def was_concluded(self, fact: f.CaseConcluded) -> None:
        self.state = S.CONCLUDED

    def was_withdrawn(self, fact: f.CaseWithdrawn) -> None:
        self.state = S.WITHDRAWN

    def was_archived(self, fact: f.CaseArchived) -> None:
        self.state = S.ARCHIVED

    def was_reported(self, fact: f.CaseReported) -> None:
        self.state, self.case_no, self.terms = S.REPORTED, fact.case_no, fact.terms
        self.reported_facts = fact

    def step_was_reported(self, fact: f.StepReported) -> None:
        self.reported[fact.source_event_id] = (*self.reported.get(fact.source_event_id, ()), fact.digest)
        if self.last_step is None or fact.occurred_at >= self.last_step[0]:
            self.last_step = (fact.occurred_at, fact.precision)
        if fact.means is not None:
            self.milestones.add(fact.means)

    def _receipt_counts(self, fact: f.MaterialReceived | f.CorrectionSubmitted | f.OutstandingSupplied) -> None:
        self.received_at, self.received_on = fact.occurred_at, fact.received_on or business_date(fact.occurred_at)
        self.notice_due, self.region = fact.notice_due, fact.region
        self._starts(CaseClock.NOTICE, "intake", self.received_on)
        self._told_by(fact)

    def _decision_starts(self, fact: f.Decision, *clocks: CaseClock) -> None:
        for clock in clocks:
            self._starts(clock, str(clock), business_date(fact.occurred_at))
        self._told_by(fact)

    def _starts(self, clock: CaseClock, key: str, day: date) -> None:
        limit = limit_of_rules(key, day, self.region)
        if limit is not None:
            self.limits[clock] = limit

    def _told_by(self, fact: Told) -> None:
        self.calendar, self.told_on = fact.calendar, business_date(fact.recorded_at)
