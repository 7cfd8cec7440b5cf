"""The case itself (办件): who may do what, in which order, and why not."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import blake2b
from typing import Any
from uuid import UUID

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case import refusals as r
from domain.approval_case.words import (
    RUNNING,
    UNDECIDED,
    ApproverLevel,
    CaseState,
    Irregularity,
    Means,
    Opinion,
    Outcome,
)
from domain.kernel.aggregate import Aggregate, Facts, Given
from domain.kernel.refusal import Refusal
from domain.kernel.time import clock_skew, due_by, last_day, next_working_day, not_in_the_future
from domain.kernel.words import CaseKind, Handling, ItemTerms, Site, Subject
from domain.rules.dates import business_date
from domain.rules.errors import NoCalendarForYear
from domain.rules.loader import threshold, time_limit
from domain.rules.working_days import working_calendar

S = CaseState
ITEM_DEMANDS = "item"


class ApprovalCase(Aggregate):
    """办件。"""

    NAME = "case"
    ZH = "办件"

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.state: CaseState = S.NEW
        self.before_pause: CaseState = S.NEW
        self.case_no = self.organ = self.accepted_by = self.examiner = ""
        self.terms: ItemTerms | None = None
        self.subject: Subject | None = None
        self.site: Site | None = None
        self.received_on: date | None = None
        self.notice_due: date | None = None
        self.day_zero: date | None = None
        self.statutory_days = 0
        self.pauses: list[tuple[date, date]] = []
        self.paused_on: date | None = None
        self.tolerated: tuple[str, ...] = ()
        self.committed = self.tolerant = self.extended = self.negative = False
        self.consultations: dict[str, Outcome | None] = {}
        self.visit: Outcome | bool | None = None
        self.findings: set[UUID] = set()
        self.holds: dict[UUID, date] = {}
        self.reported: dict[str, str] = {}
        self.last_step: Any = None
        self.reported_facts: f.CaseReported | None = None
        self.milestones: set[Means] = set()

    # 申请与受理

    def submit(self, command: c.SubmitApplication, given: Given) -> Facts:
        if self.version:
            raise r.CaseAlreadySubmitted(case_no=command.case_no)
        assert given.look is not None
        terms = given.look.item(command.item, command.opened_on)
        yield f.ApplicationSubmitted(
            case_no=command.case_no, terms=terms, subject=command.subject, site=command.site,
            organ=given.by.on_behalf_of or given.by.organ, materials=command.materials,
        )  # fmt: skip

    def receive(self, command: c.ReceiveMaterial, given: Given) -> Facts:
        self.must_be(command, self.state, S.SUBMITTED)
        yield f.MaterialReceived(receipt_no=command.receipt_no, notice_due=self._notice_due(given.today))

    def correct_on_spot(self, command: c.CorrectOnSpot, given: Given) -> Facts:
        self.must_be(command, self.state, S.RECEIVED)
        yield f.OnSpotCorrected(what=command.what)

    def request_correction(self, command: c.RequestCorrection, given: Given) -> Facts:
        self.must_be(command, self.state, S.RECEIVED)
        yield f.CorrectionRequested(missing=command.missing, until=command.until)

    def submit_correction(self, command: c.SubmitCorrection, given: Given) -> Facts:
        self.must_be(command, self.state, S.AWAITING_CORRECTION)
        yield f.CorrectionSubmitted(materials=command.materials, notice_due=self._notice_due(given.today))

    def lapse_correction(self, command: c.LapseCorrection, given: Given) -> Facts:
        self.must_be(command, self.state, S.AWAITING_CORRECTION)
        yield f.CorrectionLapsed()

    def declare_no_permit_required(self, command: c.DeclareNoPermitRequired, given: Given) -> Facts:
        self.must_be(command, self.state, S.RECEIVED)
        yield f.PermitNotRequired(reason=command.reason)

    def refuse_acceptance(self, command: c.RefuseAcceptance, given: Given) -> Facts:
        self.must_be(command, self.state, S.RECEIVED)
        yield f.AcceptanceRefused(
            reason=command.reason, redirect_to=command.redirect_to, remedy_notice=command.remedy_notice
        )

    def accept(self, command: c.AcceptApplication, given: Given) -> Facts:
        self.must_be(command, self.state, S.RECEIVED)
        yield f.ApplicationAccepted(document_no=command.document_no, **self._clocks(given.today))
        yield from self._demands_of_the_item(given.today)

    def accept_with_tolerance(self, command: c.AcceptWithTolerance, given: Given) -> Facts:
        self.must_be(command, self.state, S.RECEIVED)
        if not self._terms.tolerance_allowed:
            raise r.ToleranceNotAllowed(item=self._terms.item)
        yield f.ToleranceAccepted(
            document_no=command.document_no, missing=command.missing, until=command.until, **self._clocks(given.today)
        )
        yield from self._demands_of_the_item(given.today)

    def deem_accepted(self, command: c.DeemAccepted, given: Given) -> Facts:
        self.must_be(command, self.state, S.RECEIVED)
        if self.notice_due is None or given.today <= self.notice_due:
            raise r.NoticeNotYetOverdue(due=self.notice_due)
        assert self.received_on is not None
        yield f.AcceptanceDeemed(**self._clocks(self.received_on))
        yield from self._demands_of_the_item(given.today)

    def clear_tolerance(self, command: c.ClearTolerance, given: Given) -> Facts:
        self.must_be(command, self.state, *RUNNING)
        if self.tolerated:
            yield f.ToleranceCleared(materials=command.materials)

    def lapse_tolerance(self, command: c.LapseTolerance, given: Given) -> Facts:
        self.must_be(command, self.state, *RUNNING)
        if self.tolerated:
            yield f.ToleranceLapsed()

    def commit(self, command: c.FileCommitment, given: Given) -> Facts:
        self.must_be(command, self.state, S.RECEIVED, S.ACCEPTED)
        if not self._terms.commitment_allowed:
            raise r.CommitmentNotAllowed(item=self._terms.item)
        yield f.CommitmentFiled(commitment=command.commitment, check_by=command.check_by)

    # 审查

    def assign(self, command: c.AssignCase, given: Given) -> Facts:
        self.must_be(command, self.state, S.ACCEPTED)
        self._acceptor_may_not_examine(command.examiner)
        yield f.CaseAssigned(examiner=command.examiner)

    def reassign(self, command: c.ReassignCase, given: Given) -> Facts:
        self.must_be(command, self.state, S.EXAMINING)
        self._acceptor_may_not_examine(command.examiner)
        yield f.CaseReassigned(examiner=command.examiner, reason=command.reason)

    def record_opinion(self, command: c.RecordExaminationOpinion, given: Given) -> Facts:
        self.must_be(command, self.state, S.EXAMINING)
        self._acceptor_may_not_examine(given.by.id)
        yield f.ExaminationOpinionRecorded(opinion=command.opinion, grounds=command.grounds)

    def return_stage(self, command: c.ReturnStage, given: Given) -> Facts:
        self.must_be(command, self.state, S.EXAMINING, S.EXAMINED)
        yield f.StageReturned(reason=command.reason)

    def start_special_procedure(self, command: c.StartSpecialProcedure, given: Given) -> Facts:
        self.must_be(command, self.state, S.EXAMINING, S.EXAMINED)
        yield f.SpecialProcedureStarted(
            procedure=command.procedure, notice_no=command.notice_no,
            planned_end=command.planned_end, started_on=given.today,
        )  # fmt: skip

    def end_special_procedure(self, command: c.EndSpecialProcedure, given: Given) -> Facts:
        self.must_be(command, self.state, S.SUSPENDED)
        yield f.SpecialProcedureEnded(result=command.result, ended_on=given.today)

    def extend(self, command: c.ExtendTimeLimit, given: Given) -> Facts:
        self.must_be(command, self.state, S.EXAMINING, S.EXAMINED)
        joint = self._terms.handling is Handling.JOINT
        needed = ApproverLevel.GOVERNMENT_HEAD if joint else ApproverLevel.ORGAN_HEAD
        cap = time_limit("statutory_joint_extension" if joint else "statutory_single_extension", on=given.today).value
        if self.extended:
            raise r.ExtendedAlready()
        if command.days > cap:
            raise r.ExtensionTooLong(days=command.days, limit=cap)
        if command.approver is not needed:
            raise r.WrongApproverLevel(needed=needed)
        assert self.day_zero is not None
        expires = last_day(self.day_zero, self.statutory_days, self.pauses)
        if expires is not None and given.today > expires:
            raise r.ExtensionAfterExpiry(due=expires)
        yield f.TimeLimitExtended(
            days=command.days, approver=command.approver, reason=command.reason,
            applicant_told_on=command.applicant_told_on,
        )  # fmt: skip

    # 会商、踏勘、监管信息入卷

    def note_consultation(self, command: c.NoteConsultation, given: Given) -> Facts:
        if self.consultations.get(command.cause) is None and self.state in UNDECIDED:
            yield f.ConsultationNoted(
                consultation_id=command.consultation_id, cause=command.cause, outcome=command.outcome
            )

    def note_inspection(self, command: c.NoteInspection, given: Given) -> Facts:
        if self.visit is not command.outcome and self.state in UNDECIDED:
            yield f.InspectionNoted(inspection_id=command.inspection_id, outcome=command.outcome)

    def note_finding(self, command: c.NoteFinding, given: Given) -> Facts:
        if command.finding_id in self.findings or self.state not in UNDECIDED:
            return
        yield f.FindingNoted(
            finding_id=command.finding_id, kind=command.kind,
            statement=command.statement, hold_until=command.hold_until,
        )  # fmt: skip
        if command.consult is not None and self.state in RUNNING:
            yield f.ConsultationRequired(
                case_no=self.case_no, item_name=self._terms.name, bodies=(command.consult,),
                cause=str(command.finding_id), reason=command.statement, safety=self._terms.safety,
            )  # fmt: skip

    def note_finding_answered(self, command: c.NoteFindingAnswered, given: Given) -> Facts:
        if command.finding_id in self.findings:
            yield f.FindingAnswered(finding_id=command.finding_id, result=command.result)

    # 决定

    def grant(self, command: c.GrantLicense, given: Given) -> Facts:
        self._may_decide(command, given)
        if self.negative:
            raise r.OpinionIsNegative()
        if self.tolerated:
            raise r.ToleranceOpen(missing=self.tolerated)
        if self.visit is not None and self.visit is not Outcome.SUPPORTED:
            raise r.InspectionOutstanding()
        yield f.DecisionGranted(content=command.content, validity=command.validity, **self._decision(command, given))

    def deny(self, command: c.DenyLicense, given: Given) -> Facts:
        self._may_decide(command, given)
        yield f.DecisionDenied(
            reasons=command.reasons, remedy_notice=command.remedy_notice, **self._decision(command, given)
        )

    def issue(self, command: c.IssueLicense, given: Given) -> Facts:
        self.must_be(command, self.state, S.GRANTED)
        yield f.LicenseIssued(license_no=command.license_no, digest=command.digest)

    def deliver(self, command: c.DeliverLicense, given: Given) -> Facts:
        self.must_be(command, self.state, S.GRANTED)
        yield f.LicenseDelivered(how=command.how)

    def publish(self, command: c.PublishDecision, given: Given) -> Facts:
        self.must_be(command, self.state, S.GRANTED, S.DENIED, S.DELIVERED)
        yield f.DecisionPublished(where=command.where)

    def conclude(self, command: c.ConcludeCase, given: Given) -> Facts:
        self.must_be(command, self.state, S.DELIVERED, S.DENIED)
        yield f.CaseConcluded()

    def withdraw(self, command: c.WithdrawApplication, given: Given) -> Facts:
        self.must_be(command, self.state, *UNDECIDED)
        yield f.CaseWithdrawn(reason=command.reason)

    def terminate(self, command: c.TerminateCase, given: Given) -> Facts:
        self.must_be(command, self.state, *UNDECIDED)
        yield f.CaseTerminated(ground=command.ground)

    def archive(self, command: c.ArchiveCase, given: Given) -> Facts:
        self.must_be(command, self.state, S.CONCLUDED, S.WITHDRAWN, S.TERMINATED, S.CLOSED_UNACCEPTED)
        yield f.CaseArchived(archive_no=command.archive_no)

    # 报送

    def report(self, command: c.ReportStep, given: Given) -> Facts:
        if given.by.id != command.source:
            raise r.NotTheSource(organ=given.by.id, owner=command.source)
        not_in_the_future(command.occurred_at, given.at)
        digest = blake2b(command.model_dump_json().encode(), digest_size=8).hexdigest()
        known = self.reported.get(command.source_event_id)
        if known == digest:
            return
        given.occurred_at, given.precision = command.occurred_at, command.precision
        irregular: list[Irregularity] = []
        if not self.version:
            terms = self._terms_of_report(command, given, irregular)
            yield f.CaseReported(
                source=command.source, case_no=command.case_no, opened_on=command.opened_on, item=command.item,
                item_name=command.item_name or (terms.name if terms else ""), terms=terms, subject=command.subject,
                site=command.site, departments=command.departments, irregularities=tuple(irregular),
                attributes=command.case_attributes,
            )  # fmt: skip
        assert self.reported_facts is not None
        case, decided = self.reported_facts, command.means in (Means.GRANTED, Means.DENIED)
        yield f.StepReported(
            source=command.source, source_event_id=command.source_event_id, activity=command.activity,
            activity_name=command.activity_name, means=command.means, officer=command.officer, digest=digest,
            irregularities=tuple(self._irregularities(command, given, resent=known is not None)),
            attributes=command.attributes, case_no=self.case_no, item_name=case.item_name,
            departments=case.departments if decided else (),
            regulators=self.terms.regulators_at(case.site.region if case.site else None)
            if decided and self.terms else (),
            subject=case.subject if decided else None, site=case.site if decided else None,
        )  # fmt: skip

    def _terms_of_report(
        self, command: c.ReportStep, given: Given, irregular: list[Irregularity]
    ) -> ItemTerms | None:
        if not command.item or given.look is None:
            irregular.append(Irregularity.UNKNOWN_ITEM)
            return None
        try:
            return given.look.item(command.item, command.opened_on)
        except Refusal as refusal:
            retired = refusal.code == "RetiredItem"
            irregular.append(Irregularity.RETIRED_ITEM if retired else Irregularity.UNKNOWN_ITEM)
            return None

    def _irregularities(self, command: c.ReportStep, given: Given, *, resent: bool) -> list[Irregularity]:
        found = []
        if resent:
            found.append(Irregularity.RESENT_WITH_CHANGES)
        if self.last_step is not None and command.occurred_at < self.last_step - clock_skew(given.at):
            found.append(Irregularity.OUT_OF_ORDER)
        if not command.historical and self._late(command, given):
            found.append(Irregularity.BACK_DATED)
        if command.means in (Means.GRANTED, Means.DENIED):
            if Means.ACCEPTED not in self.milestones:
                found.append(Irregularity.BEFORE_ACCEPTANCE)
            if Means.EXAMINED not in self.milestones:
                found.append(Irregularity.BEFORE_EXAMINATION)
        if Means.CONCLUDED in self.milestones:
            found.append(Irregularity.AFTER_CONCLUSION)
        return found

    def _late(self, command: c.ReportStep, given: Given) -> bool:
        happened = business_date(command.occurred_at)
        allowed = threshold("R09", on=given.today)["lag"]
        try:
            return working_calendar().used(happened, given.today) > allowed
        except NoCalendarForYear:
            return (given.today - happened).days > 2 * allowed

    # 共同的规则

    @property
    def _terms(self) -> ItemTerms:
        assert self.terms is not None
        return self.terms

    def _notice_due(self, received: date) -> date | None:
        return due_by("intake", received)

    def _clocks(self, day_zero: date) -> dict[str, Any]:
        terms = self._terms
        law = "statutory_joint" if terms.handling is Handling.JOINT else "statutory_single"
        statutory = terms.statutory_days if terms.statutory_days is not None else time_limit(law, on=day_zero).value
        promised = min(terms.promised_days, statutory)
        return {
            "case_no": self.case_no, "terms": terms, "subject": self.subject, "site": self.site,
            "day_zero": day_zero, "statutory_days": statutory, "promised_days": promised,
            "statutory_due": last_day(day_zero, statutory), "promised_due": last_day(day_zero, promised),
        }  # fmt: skip

    def _demands_of_the_item(self, today: date) -> Facts:
        terms = self._terms
        if terms.consult:
            yield f.ConsultationRequired(
                case_no=self.case_no, item_name=terms.name, bodies=terms.consult,
                cause=ITEM_DEMANDS, reason=terms.name, safety=terms.safety,
            )  # fmt: skip
        if terms.inspect and self.site is not None:
            not_before = next_working_day(today) or today + timedelta(days=1)
            yield f.SiteVisitRequired(
                case_no=self.case_no, site=self.site, bodies=terms.inspect,
                not_before=not_before, not_after=due_by("site_visit_window", not_before) or not_before,
            )  # fmt: skip

    def _acceptor_may_not_examine(self, examiner: str) -> None:
        if examiner == self.accepted_by and not self._alone:
            raise r.AcceptorMayNotExamine(officer=examiner)

    @property
    def _alone(self) -> bool:
        return self._terms.single_officer or self._terms.kind is CaseKind.INSTANT

    def _may_decide(self, command: c.GrantLicense | c.DenyLicense, given: Given) -> None:
        self.must_be(command, self.state, S.EXAMINED)
        if given.by.id == self.accepted_by and not self._terms.single_officer:
            raise r.AcceptorMayNotDecide(officer=given.by.id)
        for cause, outcome in self.consultations.items():
            if outcome is None:
                raise r.ConsultationOutstanding(cause=cause)
        for until in self.holds.values():
            if given.today <= until:
                raise r.HoldInForce(until=until)

    def _decision(self, command: c.GrantLicense | c.DenyLicense, given: Given) -> dict[str, Any]:
        return {
            "case_no": self.case_no, "terms": self._terms, "subject": self.subject, "site": self.site,
            "organ": given.by.on_behalf_of or given.by.organ, "document_no": command.document_no,
            "regulators": self._terms.regulators_at(self.site.region if self.site else None),
            "accepted_by": self.accepted_by, "by_commitment": self.committed, "with_tolerance": self.tolerant,
        }  # fmt: skip

    # 事实如何改变办件

    def was_submitted(self, fact: f.ApplicationSubmitted) -> None:
        self.state, self.case_no, self.terms = S.SUBMITTED, fact.case_no, fact.terms
        self.subject, self.site, self.organ = fact.subject, fact.site, fact.organ

    def was_received(self, fact: f.MaterialReceived) -> None:
        self.state, self.received_on, self.notice_due = S.RECEIVED, business_date(fact.occurred_at), fact.notice_due

    def awaits_correction(self, fact: f.CorrectionRequested) -> None:
        self.state, self.notice_due = S.AWAITING_CORRECTION, None

    def was_corrected(self, fact: f.CorrectionSubmitted) -> None:
        self.state, self.notice_due = S.RECEIVED, fact.notice_due
        self.received_on = business_date(fact.occurred_at)

    def ended(self, fact: f.CorrectionLapsed | f.ToleranceLapsed | f.CaseTerminated) -> None:
        self.state = S.TERMINATED

    def closed_unaccepted(self, fact: f.PermitNotRequired | f.AcceptanceRefused) -> None:
        self.state = S.CLOSED_UNACCEPTED

    def was_accepted(self, fact: f.ApplicationAccepted | f.AcceptanceDeemed | f.ToleranceAccepted) -> None:
        self.state, self.day_zero, self.statutory_days = S.ACCEPTED, fact.day_zero, fact.statutory_days
        if not isinstance(fact, f.AcceptanceDeemed):
            self.accepted_by = fact.actor.id
        if isinstance(fact, f.ToleranceAccepted):
            self.tolerated, self.tolerant = fact.missing, True

    def tolerance_was_cleared(self, fact: f.ToleranceCleared) -> None:
        self.tolerated = tuple(m for m in self.tolerated if m not in fact.materials)

    def was_committed(self, fact: f.CommitmentFiled) -> None:
        self.committed = True

    def consultation_is_required(self, fact: f.ConsultationRequired) -> None:
        self.consultations.setdefault(fact.cause, None)

    def consultation_was_noted(self, fact: f.ConsultationNoted) -> None:
        self.consultations[fact.cause] = fact.outcome

    def visit_is_required(self, fact: f.SiteVisitRequired) -> None:
        self.visit = False

    def inspection_was_noted(self, fact: f.InspectionNoted) -> None:
        self.visit = fact.outcome

    def finding_was_noted(self, fact: f.FindingNoted) -> None:
        self.findings.add(fact.finding_id)
        if fact.hold_until is not None:
            self.holds[fact.finding_id] = fact.hold_until

    def finding_was_answered(self, fact: f.FindingAnswered) -> None:
        self.findings.discard(fact.finding_id)
        self.holds.pop(fact.finding_id, None)

    def was_assigned(self, fact: f.CaseAssigned | f.CaseReassigned) -> None:
        self.state, self.examiner = S.EXAMINING, fact.examiner

    def was_examined(self, fact: f.ExaminationOpinionRecorded) -> None:
        self.state, self.negative = S.EXAMINED, fact.opinion is Opinion.FAIL

    def was_returned(self, fact: f.StageReturned) -> None:
        self.state = S.EXAMINING

    def was_suspended(self, fact: f.SpecialProcedureStarted) -> None:
        self.before_pause, self.state, self.paused_on = self.state, S.SUSPENDED, fact.started_on

    def was_resumed(self, fact: f.SpecialProcedureEnded) -> None:
        self.state = self.before_pause
        if self.paused_on is not None:
            self.pauses.append((self.paused_on, fact.ended_on))

    def was_extended(self, fact: f.TimeLimitExtended) -> None:
        self.extended = True

    def was_granted(self, fact: f.DecisionGranted) -> None:
        self.state = S.GRANTED

    def was_denied(self, fact: f.DecisionDenied) -> None:
        self.state = S.DENIED

    def was_delivered(self, fact: f.LicenseDelivered) -> None:
        self.state = S.DELIVERED

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
        self.reported[fact.source_event_id] = fact.digest
        self.last_step = max(self.last_step or fact.occurred_at, fact.occurred_at)
        if fact.means is not None:
            self.milestones.add(fact.means)
