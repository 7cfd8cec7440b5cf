"""The file of a case (案卷): what the case remembers, and how each fact changes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar
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

S = CaseState
Told = (
    f.MaterialReceived | f.CorrectionSubmitted | f.OutstandingSupplied | f.Acceptance | f.SpecialProcedureStarted | f.SpecialProcedureEnded
    | f.TimeLimitExtended | f.DueDatesRecomputed | f.Decision
)  # fmt: skip
"""Facts that tell a date, and by which calendar."""


StartsClock = f.MaterialReceived | f.CorrectionSubmitted | f.OutstandingSupplied | f.Acceptance | f.HearingRequested | f.Decision
"""Facts that start a clock; which limit it is follows from the fact (``clocks``)."""

NOTHING: Mapping[Any, Any] = MappingProxyType({})
K = TypeVar("K")
V = TypeVar("V")


def _without(known: Mapping[K, V], key: K) -> Mapping[K, V]:
    return {one: value for one, value in known.items() if one != key}


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

    # Most cases never touch most of this, and every load folds a case anew: what never changes in place is shared by
    # all cases until a fact replaces it.
    state: CaseState = S.NEW
    before_pause: CaseState = S.NEW
    case_no: str = ""
    organ: str = ""
    accepted_by: str = ""
    examiner: str = ""
    routing: Responsible | None = None
    terms: ItemTerms | None = None
    application: f.ApplicationSubmitted | None = None
    region: str | None = None
    last_told: Told | None = None
    notice_due: date | None = None
    correct_by: date | None = None
    pauses: tuple[tuple[date, date], ...] = ()
    procedures: Mapping[SpecialProcedure, tuple[date, date]] = NOTHING
    paused_on: date | None = None
    planned_end: date | None = None
    extended_days: int = 0
    chair: str = ""
    handed_over: bool = False
    rule_version: str | None = None
    denial: f.DecisionDenied | None = None
    license_no: str = ""
    secrecy: Secrecy | None = None
    forwarded: ForwardedFile | None = None
    materials: frozenset[str] = frozenset()
    supplied: frozenset[str] = frozenset()
    told: tuple[str, ...] = ()
    notices: int = 0
    correction_notice: f.CorrectionRequested | None = None
    due_of: Mapping[str, date] = NOTHING
    must_deny: bool = False
    committed: bool = False
    tolerant: bool = False
    extended: bool = False
    negative: bool = False
    issued: bool = False
    published: bool = False
    consultations: Mapping[str, Outcome | None] = NOTHING
    demands: Mapping[str, f.ConsultationRequired] = NOTHING
    heard: Mapping[UUID, tuple[HeardOpinion, ...]] = NOTHING
    findings: Mapping[UUID, Warned] = NOTHING
    visit: Outcome | bool | None = None
    visit_demanded: bool = False
    milestones: frozenset[Means] = frozenset()
    last_step: tuple[datetime, Precision] | None = None
    reported_facts: f.CaseReported | None = None
    renewal: f.RenewalApplied | None = None
    decision: f.DecisionGranted | None = None

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.started_by: dict[CaseClock, StartsClock] = {}
        self.examiners: set[str] = set()
        self.reported: dict[str, tuple[str, ...]] = {}

    @property
    def subject(self) -> Subject | None:
        """Who applied."""
        return self.application.subject if self.application is not None else None

    @property
    def site(self) -> Site | None:
        """Where it is to be done."""
        return self.application.site if self.application is not None else None

    @property
    def matter(self) -> Matter:
        """What is asked: a new license, or something about one that exists."""
        return self.application.matter if self.application is not None else Matter.NEW

    @property
    def license_id(self) -> UUID | None:
        """The license that it is about."""
        return self.application.license_id if self.application is not None else None

    @property
    def bundle_id(self) -> UUID | None:
        """The bundle that the case is part of."""
        return self.application.bundle_id if self.application is not None else None

    @property
    def from_below(self) -> tuple[str, ...]:
        """Materials that a lower level forwarded, and that may not be asked for again."""
        return self.application.forwarded if self.application is not None else ()

    @property
    def digests(self) -> Mapping[str, str]:
        """Digests of the materials as they were submitted, by name."""
        return {one.name: one.digest for one in self.application.materials} if self.application is not None else NOTHING

    @property
    def received_at(self) -> datetime | None:
        """When the materials came, the last time that they were complete anew."""
        receipt = self.started_by.get(CaseClock.NOTICE)
        return receipt.occurred_at if receipt is not None else None

    @property
    def received_on(self) -> date | None:
        """The day that this counts for."""
        receipt = self.started_by.get(CaseClock.NOTICE)
        if not isinstance(receipt, f.MaterialReceived | f.CorrectionSubmitted | f.OutstandingSupplied):
            return None
        return receipt.received_on or business_date(receipt.occurred_at)

    @property
    def day_zero(self) -> date | None:
        """The day from which the limits of the decision are counted; none before acceptance."""
        acceptance = self.started_by.get(CaseClock.STATUTORY)
        return acceptance.day_zero if isinstance(acceptance, f.Acceptance) else None

    @property
    def tolerated(self) -> tuple[str, ...]:
        """Materials that are still awaited."""
        return tuple(self.due_of)

    @property
    def supply_by(self) -> date | None:
        """The day of the tolerated material that is due first."""
        return min(self.due_of.values(), default=None)

    @property
    def holds(self) -> Mapping[UUID, date]:
        """Findings that stop the decision, and until when each does."""
        return {one: told.hold_until for one, told in self.findings.items() if told.hold_until is not None}

    @property
    def calendar(self) -> str:
        """The calendar by which the dates of the case were told last."""
        return self.last_told.calendar if self.last_told is not None else ""

    @property
    def told_on(self) -> date | None:
        """The day on which they were."""
        return business_date(self.last_told.recorded_at) if self.last_told is not None else None

    @property
    def _terms(self) -> ItemTerms:
        assert self.terms is not None
        return self.terms

    def was_submitted(self, fact: f.ApplicationSubmitted) -> None:
        self.state, self.case_no, self.terms = S.SUBMITTED, fact.case_no, fact.terms
        self.application, self.organ = fact, fact.organ
        self.materials = frozenset([material.name for material in fact.materials])

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
        self.state, self.region = S.ACCEPTED, fact.region
        self.started_by[CaseClock.STATUTORY] = self.started_by[CaseClock.PROMISED] = self.last_told = fact
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
        self.consultations = {fact.cause: None, **self.consultations}
        self.demands = {fact.cause: fact, **self.demands}

    def consultation_was_noted(self, fact: f.ConsultationNoted) -> None:
        self.consultations = {**self.consultations, fact.cause: fact.outcome}
        self.heard = {**self.heard, fact.consultation_id: fact.heard}

    def visit_is_required(self, fact: f.SiteVisitRequired) -> None:
        self.visit, self.visit_demanded = False, True

    def inspection_was_noted(self, fact: f.InspectionNoted) -> None:
        self.visit = fact.outcome

    def finding_was_noted(self, fact: f.FindingNoted) -> None:
        told = Warned(fact.kind, fact.statement, fact.hold_until, fact.consult)
        self.findings = {**self.findings, fact.finding_id: told}

    def finding_was_answered(self, fact: f.FindingAnswered) -> None:
        self.findings = _without(self.findings, fact.finding_id)

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
        self.procedures = {**self.procedures, fact.procedure: (fact.started_on, fact.planned_end)}
        self.planned_end = max(end for _, end in self.procedures.values())
        self.last_told = fact

    def was_resumed(self, fact: f.SpecialProcedureEnded) -> None:
        """Procedures that overlap make one pause, from the first start to the last end."""
        self.procedures = _without(self.procedures, fact.procedure) if fact.procedure is not None else NOTHING
        # Where one outlasts its plan, the clock stood still at least until the other ended.
        self.planned_end = max(fact.ended_on, *(end for _, end in self.procedures.values())) if self.procedures else None
        if not self.procedures and self.paused_on is not None:
            self.state = self.before_pause
            self.pauses = (*self.pauses, (self.paused_on, max(self.paused_on, fact.ended_on)))
            self.paused_on = None
        self.last_told = fact

    def was_extended(self, fact: f.TimeLimitExtended) -> None:
        self.extended, self.extended_days = True, self.extended_days + fact.days
        self.last_told = fact

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
        self.last_told = fact

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
            self.milestones |= {fact.means}

    def _receipt_counts(self, fact: f.MaterialReceived | f.CorrectionSubmitted | f.OutstandingSupplied) -> None:
        self.notice_due, self.region = fact.notice_due, fact.region
        self.started_by[CaseClock.NOTICE] = self.last_told = fact

    def _decision_starts(self, fact: f.Decision, *clocks: CaseClock) -> None:
        for clock in clocks:
            self.started_by[clock] = fact
        self.last_told = fact
