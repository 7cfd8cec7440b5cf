"""The case itself (办件): who may do what, in which order, and why not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case import refusals as r
from domain.approval_case.file import CaseFile, Warned
from domain.approval_case.reporting import content_digest, irregularities, item_irregularity
from domain.approval_case.words import (
    RUNNING,
    UNDECIDED,
    ApproverLevel,
    CaseState,
    Irregularity,
    Means,
    Outcome,
)
from domain.kernel.aggregate import Facts, Given
from domain.kernel.event import ENVELOPE
from domain.kernel.refusal import Refusal
from domain.kernel.time import due_by, last_day, next_working_day, not_in_the_future
from domain.kernel.words import Body, Handling, ItemTerms
from domain.rules.loader import time_limit

S = CaseState
ITEM_DEMANDS = "item"


class ApprovalCase(CaseFile):
    """办件。"""

    # 申请与受理

    def submit(self, command: c.SubmitApplication, given: Given) -> Facts:
        if self.version:
            raise r.CaseAlreadySubmitted(case_no=command.case_no)
        assert given.look is not None
        # The day of asking, not the date in the application: a date of last year would revive a retired item.
        terms = given.look.item(command.item, given.today)
        if terms.inspect and command.site is None:
            raise r.SiteMissing(item=terms.item)
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
        _not_passed(command.until, given)
        yield f.CorrectionRequested(missing=command.missing, until=command.until)

    def submit_correction(self, command: c.SubmitCorrection, given: Given) -> Facts:
        self.must_be(command, self.state, S.AWAITING_CORRECTION)
        yield f.CorrectionSubmitted(materials=command.materials, notice_due=self._notice_due(given.today))

    def lapse_correction(self, command: c.LapseCorrection, given: Given) -> Facts:
        self.must_be(command, self.state, S.AWAITING_CORRECTION)
        if self.correct_by is not None and given.today <= self.correct_by:
            raise r.CorrectionNotYetOverdue(until=self.correct_by)
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
        yield from self._demands(given.today)

    def accept_with_tolerance(self, command: c.AcceptWithTolerance, given: Given) -> Facts:
        self.must_be(command, self.state, S.RECEIVED)
        if not self._terms.tolerance_allowed:
            raise r.ToleranceNotAllowed(item=self._terms.item)
        _not_passed(command.until, given)
        clocks = self._clocks(given.today)
        if clocks["promised_due"] is not None and command.until > clocks["promised_due"]:
            raise r.ToleranceTooLong(until=command.until, due=clocks["promised_due"])
        yield f.ToleranceAccepted(
            document_no=command.document_no, missing=command.missing, until=command.until, **clocks
        )
        yield from self._demands(given.today)

    def deem_accepted(self, command: c.DeemAccepted, given: Given) -> Facts:
        self.must_be(command, self.state, S.RECEIVED)
        if self.notice_due is None or given.today <= self.notice_due:
            raise r.NoticeNotYetOverdue(due=self.notice_due)
        assert self.received_on is not None
        yield f.AcceptanceDeemed(**self._clocks(self.received_on))
        yield from self._demands(given.today)

    def clear_tolerance(self, command: c.ClearTolerance, given: Given) -> Facts:
        self.must_be(command, self.state, *RUNNING)
        if self.tolerated:
            yield f.ToleranceCleared(materials=command.materials)

    def lapse_tolerance(self, command: c.LapseTolerance, given: Given) -> Facts:
        self.must_be(command, self.state, *RUNNING)
        if not self.tolerated:
            return
        if self.supply_by is not None and given.today <= self.supply_by:
            raise r.ToleranceNotYetOverdue(until=self.supply_by)
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
        assert self.paused_on is not None
        # Two machines may differ by a moment at midnight; a pause that ends before it began has no length at all.
        yield f.SpecialProcedureEnded(result=command.result, ended_on=max(given.today, self.paused_on))

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
        if command.applicant_told_on > given.today:
            raise r.ApplicantNotYetTold(told_on=command.applicant_told_on, today=given.today)
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
        if self.consultations.get(command.cause) is not None or self.state not in UNDECIDED:
            return
        yield f.ConsultationNoted(consultation_id=command.consultation_id, cause=command.cause, outcome=command.outcome)
        demand = self.demands.get(command.cause)
        if command.outcome is Outcome.CANCELLED and demand is not None and self._still_demanded(demand):
            # 应会商必会商: cancelling is no way round a demand, so it is asked anew under a cause of its own.
            again = f"{_first_cause(demand.cause)}/{len(self.demands) + 1}"
            yield f.ConsultationRequired(**{**_content(demand), "cause": again})

    def note_inspection(self, command: c.NoteInspection, given: Given) -> Facts:
        if self.visit is command.outcome or self.state not in UNDECIDED:
            return
        demanded = self.visit is not None
        yield f.InspectionNoted(inspection_id=command.inspection_id, outcome=command.outcome)
        if command.outcome is Outcome.CANCELLED and demanded:
            yield from self._site_visit(given.today)

    def note_finding(self, command: c.NoteFinding, given: Given) -> Facts:
        told = Warned(command.kind, command.statement, command.hold_until, command.consult)
        if self.state not in UNDECIDED or self.findings.get(command.finding_id) == told:
            return
        yield f.FindingNoted(finding_id=command.finding_id, **told._asdict())
        if self.state in RUNNING:
            yield from self._demands_of_findings()

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
        if self.visit is False:
            raise r.InspectionOutstanding()
        yield f.DecisionDenied(
            reasons=command.reasons, remedy_notice=command.remedy_notice, **self._decision(command, given)
        )

    def issue(self, command: c.IssueLicense, given: Given) -> Facts:
        self.must_be(command, self.state, S.GRANTED)
        yield f.LicenseIssued(license_no=command.license_no, digest=command.digest)

    def deliver(self, command: c.DeliverLicense, given: Given) -> Facts:
        self.must_be(command, self.state, S.GRANTED)
        if not self.issued:
            raise r.LicenseNotIssued()
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
        if command.source == c.PLATFORM:
            raise r.SourceReserved(source=command.source)
        if given.by.id != command.source:
            raise r.NotTheSource(organ=given.by.id, owner=command.source)
        not_in_the_future(command.occurred_at, given.at, command.precision)
        digest = content_digest(command)
        known = self.reported.get(command.source_event_id, ())
        if digest in known:
            return
        given.occurred_at, given.precision = command.occurred_at, command.precision
        if not self.version:
            yield self._first_report(command, given)
        assert self.reported_facts is not None
        yield f.StepReported(
            source=command.source, source_event_id=command.source_event_id, activity=command.activity,
            activity_name=command.activity_name, means=command.means, officer=command.officer, digest=digest,
            irregularities=irregularities(self, command, given, resent=bool(known)), attributes=command.attributes,
            case_no=self.case_no, **self._reported_decision(command, self.reported_facts, given),
        )  # fmt: skip

    def _first_report(self, command: c.ReportStep, given: Given) -> f.CaseReported:
        terms, irregular = self._terms_of_report(command, given)
        return f.CaseReported(
            source=command.source, case_no=command.case_no, opened_on=command.opened_on, item=command.item,
            item_name=command.item_name or (terms.name if terms else ""), terms=terms, subject=command.subject,
            site=command.site, departments=command.departments, irregularities=irregular,
            attributes=command.case_attributes,
        )  # fmt: skip

    def _reported_decision(self, command: c.ReportStep, case: f.CaseReported, given: Given) -> dict[str, Any]:
        """What a reported decision needs to be pushed. What the step itself says goes before what the first
        report said: many systems know site and departments only when they decide."""
        if command.means not in (Means.GRANTED, Means.DENIED):
            return {"item_name": case.item_name}
        terms = self.terms or self._terms_of_report(command, given)[0]
        site = command.site or case.site
        return {
            "item": terms.item if terms else command.item or case.item,
            "item_name": case.item_name or command.item_name or (terms.name if terms else ""),
            "departments": command.departments or case.departments,
            "regulators": terms.regulators_at(site.region if site else None) if terms else (),
            "subject": command.subject or case.subject, "site": site,
        }  # fmt: skip

    def _terms_of_report(
        self, command: c.ReportStep, given: Given
    ) -> tuple[ItemTerms | None, tuple[Irregularity, ...]]:
        if not command.item or given.look is None:
            return None, (Irregularity.UNKNOWN_ITEM,)
        try:
            return given.look.item(command.item, command.opened_on), ()
        except Refusal as refusal:
            return None, (item_irregularity(refusal),)

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

    def _demands(self, today: date) -> Facts:
        terms = self._terms
        if terms.consult:
            yield self._consultation(terms.consult, ITEM_DEMANDS, terms.name)
        yield from self._demands_of_findings()
        if terms.inspect:
            yield from self._site_visit(today)

    def _demands_of_findings(self) -> Facts:
        for finding_id, told in self.findings.items():
            if told.consult is not None and str(finding_id) not in self.demands:
                yield self._consultation((told.consult,), str(finding_id), told.statement)

    def _consultation(self, bodies: tuple[Body, ...], cause: str, reason: str) -> f.ConsultationRequired:
        return f.ConsultationRequired(
            case_no=self.case_no, item_name=self._terms.name, bodies=bodies, cause=cause, reason=reason,
            safety=self._terms.safety,
        )  # fmt: skip

    def _still_demanded(self, demand: f.ConsultationRequired) -> bool:
        cause = _first_cause(demand.cause)
        return cause == ITEM_DEMANDS or UUID(cause) in self.findings

    def _site_visit(self, today: date) -> Facts:
        if self.site is None:
            return
        not_before = next_working_day(today) or today + timedelta(days=1)
        yield f.SiteVisitRequired(
            case_no=self.case_no, site=self.site, bodies=self._terms.inspect,
            not_before=not_before, not_after=due_by("site_visit_window", not_before) or not_before,
        )  # fmt: skip

    def _acceptor_may_not_examine(self, examiner: str) -> None:
        if examiner == self.accepted_by and not self._terms.single_officer:
            raise r.AcceptorMayNotExamine(officer=examiner)

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


def _not_passed(until: date, given: Given) -> None:
    if until < given.today:
        raise r.DateHasPassed(until=until, today=given.today)


def _first_cause(cause: str) -> str:
    return cause.partition("/")[0]


def _content(fact: f.ConsultationRequired) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in type(fact).model_fields if name not in ENVELOPE}
