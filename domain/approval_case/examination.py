"""Examination (审查): who examines, what pauses the clock, and its extension. Articles 34, 42 and 45."""

from __future__ import annotations

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case import refusals as r
from domain.approval_case.clocks import Clocks
from domain.approval_case.words import ApproverLevel, CaseState, Material, Opinion
from domain.kernel.aggregate import Facts, Given
from domain.kernel.words import Handling
from domain.rules.loader import time_limit

S = CaseState


class Examination(Clocks):
    """审查。"""

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

    def verify(self, command: c.RecordVerification, given: Given) -> Facts:
        self.must_be(command, self.state, S.EXAMINING, S.EXAMINED, S.SUSPENDED)
        officers = tuple(dict.fromkeys(command.officers))
        needed = time_limit("inspection_staff", on=given.today).value
        if len(officers) < needed:
            raise r.TooFewOfficers(limit=needed, officers=len(officers))
        for officer in officers:
            self._acceptor_may_not_examine(officer)
        yield f.SubstanceVerified(officers=officers, how=command.how, result=command.result)

    def forward(self, command: c.ForwardCase, given: Given) -> Facts:
        self.must_be(command, self.state, S.EXAMINED)
        if self.tolerated:
            raise r.ToleranceOpen(missing=self.tolerated)
        yield f.CaseForwarded(
            to=command.to, opinion=Opinion.FAIL if self.negative else Opinion.PASS, document_no=command.document_no,
            materials=tuple(Material(name=n, digest=self.digests.get(n, "")) for n in sorted(self.materials)),
        )  # fmt: skip

    def return_stage(self, command: c.ReturnStage, given: Given) -> Facts:
        self.must_be(command, self.state, S.EXAMINING, S.EXAMINED)
        yield f.StageReturned(reason=command.reason)

    def start_special_procedure(self, command: c.StartSpecialProcedure, given: Given) -> Facts:
        self.must_be(command, self.state, S.EXAMINING, S.EXAMINED, S.SUSPENDED)
        listed = self._terms.special_procedures
        if listed is not None and command.procedure not in listed:
            raise r.ProcedureNotInCatalogue(item=self._terms.item, procedure=command.procedure)
        if command.procedure in self.procedures:
            raise r.ProcedureUnderWay(procedure=command.procedure)
        if command.planned_end < given.today:
            raise r.DateHasPassed(until=command.planned_end, today=given.today)
        yield f.SpecialProcedureStarted(
            procedure=command.procedure, notice_no=command.notice_no,
            planned_end=command.planned_end, started_on=given.today, calendar=self._told_now(given),
        )  # fmt: skip

    def end_special_procedure(self, command: c.EndSpecialProcedure, given: Given) -> Facts:
        self.must_be(command, self.state, S.SUSPENDED)
        under_way = tuple(self.procedures)
        ended = command.procedure or (under_way[0] if len(under_way) == 1 else None)
        if ended is None or ended not in self.procedures:
            raise r.NoSuchProcedure(under_way=under_way)
        # Two machines may differ by a moment at midnight; a pause that ends before it began has no length at all.
        yield f.SpecialProcedureEnded(
            result=command.result, ended_on=max(given.today, self.procedures[ended][0]), procedure=ended,
            under_way=tuple(one for one in under_way if one is not ended), calendar=self._told_now(given),
            planned_end=max((end for one, (_, end) in self.procedures.items() if one is not ended), default=None),
        )  # fmt: skip

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
        expired_on = self._expired_on(given)
        if expired_on is not None:
            raise r.ExtensionAfterExpiry(due=expired_on)
        yield f.TimeLimitExtended(
            days=command.days, approver=command.approver, reason=command.reason,
            applicant_told_on=command.applicant_told_on, calendar=self._told_now(given),
        )  # fmt: skip

    def _acceptor_may_not_examine(self, examiner: str) -> None:
        if examiner == self.chair:
            raise r.ChairMayNotExamine(officer=examiner)
        if examiner == self.accepted_by and not self._terms.single_officer:
            raise r.AcceptorMayNotExamine(officer=examiner)
