"""Application and acceptance (申请与受理): Articles 29 to 32, tolerance and commitment."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case import refusals as r
from domain.approval_case.applicant import must_be_free
from domain.approval_case.demands import Demands
from domain.approval_case.licensed import Licensed
from domain.approval_case.words import RUNNING, CaseState
from domain.kernel.aggregate import Facts, Given
from domain.kernel.standing import Step
from domain.kernel.time import due_by, last_day
from domain.kernel.words import Handling
from domain.rules.loader import time_limit

S = CaseState


class Intake(Demands, Licensed):
    """申请与受理。"""

    def submit(self, command: c.SubmitApplication, given: Given) -> Facts:
        if self.version:
            raise r.CaseAlreadySubmitted(case_no=command.case_no)
        # The day of asking, not the date in the application: a date of last year would revive a retired item.
        terms = given.look.item(command.item, given.today)
        if terms.inspect and command.site is None:
            raise r.SiteMissing(item=terms.item)
        asked = tuple(self._asks_about(command, terms, given))
        yield f.ApplicationSubmitted(
            case_no=command.case_no, terms=terms, subject=command.subject, site=command.site,
            organ=terms.organ.code if terms.organ else given.by.on_behalf_of or given.by.organ, materials=command.materials, channel=command.channel,
            agent=command.agent, matter=command.matter, license_id=command.license_id, bundle_id=command.bundle_id,
        )  # fmt: skip
        yield from asked

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
        yield f.PermitNotRequired(
            reason=command.reason, document_no=command.document_no, document_digest=command.document_digest
        )

    def refuse_acceptance(self, command: c.RefuseAcceptance, given: Given) -> Facts:
        self.must_be(command, self.state, S.RECEIVED)
        yield f.AcceptanceRefused(
            reason=command.reason, redirect_to=command.redirect_to, remedy_notice=command.remedy_notice,
            document_no=command.document_no, document_digest=command.document_digest,
        )  # fmt: skip

    def accept(self, command: c.AcceptApplication, given: Given) -> Facts:
        self.must_be(command, self.state, S.RECEIVED)
        must_be_free(self, Step.ACCEPTANCE, given)
        yield f.ApplicationAccepted(
            document_no=command.document_no, document_digest=command.document_digest,
            **self._clocks(given.today),
        )  # fmt: skip
        yield from self._demands(given)

    def accept_with_tolerance(self, command: c.AcceptWithTolerance, given: Given) -> Facts:
        self.must_be(command, self.state, S.RECEIVED)
        if not self._terms.tolerance_allowed:
            raise r.ToleranceNotAllowed(item=self._terms.item)
        must_be_free(self, Step.TOLERANCE, given)
        _not_passed(command.until, given)
        clocks = self._clocks(given.today)
        if clocks["promised_due"] is not None and command.until > clocks["promised_due"]:
            raise r.ToleranceTooLong(until=command.until, due=clocks["promised_due"])
        yield f.ToleranceAccepted(
            document_no=command.document_no, document_digest=command.document_digest, missing=command.missing,
            until=command.until, **clocks,
        )  # fmt: skip
        yield from self._demands(given)

    def deem_accepted(self, command: c.DeemAccepted, given: Given) -> Facts:
        self.must_be(command, self.state, S.RECEIVED)
        if self.notice_due is None or given.today <= self.notice_due:
            raise r.NoticeNotYetOverdue(due=self.notice_due)
        assert self.received_on is not None
        yield f.AcceptanceDeemed(**self._clocks(self.received_on))
        yield from self._demands(given)

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
        if self._terms.safety:
            raise r.CommitmentNotForSafety(item=self._terms.item)
        must_be_free(self, Step.COMMITMENT, given)
        yield f.CommitmentFiled(
            commitment=command.commitment, check_by=command.check_by, kind=command.kind, case_no=self.case_no,
            item=self._terms.item, item_name=self._terms.name, subject=self.subject,
        )  # fmt: skip

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


def _not_passed(until: date, given: Given) -> None:
    if until < given.today:
        raise r.DateHasPassed(until=until, today=given.today)
