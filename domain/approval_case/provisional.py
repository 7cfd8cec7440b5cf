"""Provisional approval (模拟审批): an opinion before the last material, such as the land title, and the decision after it.

It stands before the acceptance. The clocks of Article 42 start when everything is there and not before: an organ that
counted earlier would promise what it may not decide, and one that counted never would have no clock at all. What runs
instead is told: until when the rest may come, and then the days of Article 32 within which the organ must accept."""

from __future__ import annotations

from datetime import date

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case import refusals as r
from domain.approval_case.applicant import must_be_free
from domain.approval_case.deciding import Deciding
from domain.approval_case.examination import Examination
from domain.approval_case.intake import Intake, not_passed
from domain.approval_case.words import PROVISIONAL, RUNNING, CaseState, Opinion
from domain.kernel.aggregate import Facts, Given
from domain.kernel.standing import Step
from domain.kernel.words import Matter

S = CaseState


class Provisional(Intake, Examination, Deciding):
    """模拟审批。"""

    def accept_provisionally(self, command: c.AcceptProvisionally, given: Given) -> Facts:
        self.must_be(command, self.state, S.RECEIVED)
        terms = self._in_force(given, given.today)
        others = tuple(one for one in command.outstanding if one not in terms.provisional_for)
        # Silence must be able to renew (Article 50): a renewal is not held outside the clocks of the law.
        if others or self.matter is not Matter.NEW:
            raise r.NotProvisional(item=terms.item, materials=others or command.outstanding)
        if self.provision.until is not None:
            # Once is enough: round by round the clocks of the law would never start.
            raise r.ProvisionalOnlyOnce()
        not_passed(command.until, given)
        must_be_free(self, Step.ACCEPTANCE, given)
        self._complete(terms, (*command.outstanding, *command.not_asked))
        yield f.ProvisionallyAccepted(
            case_no=self.case_no, terms=terms, notice_no=command.notice_no, outstanding=command.outstanding,
            until=command.until, not_asked=command.not_asked,
        )  # fmt: skip
        yield from self._demands(given)

    def examine_provisionally(self, command: c.ExamineProvisionally, given: Given) -> Facts:
        self.must_be(command, self.state, S.PROVISIONAL)
        if given.by.id == self.provision.accepted_by and not self._terms.single_officer:
            raise r.AcceptorMayNotExamine(officer=given.by.id)
        yield f.ProvisionallyExamined(opinion=command.opinion, grounds=command.grounds)

    def issue_provisional_opinion(self, command: c.IssueProvisionalOpinion, given: Given) -> Facts:
        self.must_be(command, self.state, S.PROVISIONAL)
        if self.provision.opinion is None:
            raise r.NotYetExamined()
        if self.provision.opinion is Opinion.FAIL:
            raise r.OpinionIsNegative()
        if given.by.id == self.provision.accepted_by and not self._terms.single_officer:
            raise r.AcceptorMayNotDecide(officer=given.by.id)
        not_passed(command.valid_until, given)
        self._nothing_stands_against(given)
        self._consulted_and_seen()
        must_be_free(self, Step.GRANT, given)
        yield f.ProvisionalOpinionIssued(
            case_no=self.case_no, opinion_no=command.opinion_no, content=command.content,
            outstanding=self.provision.outstanding, valid_until=command.valid_until, item_version=self._terms.version,
        )  # fmt: skip

    def supply_outstanding(self, command: c.SupplyOutstanding, given: Given) -> Facts:
        self.must_be(command, self.state, *PROVISIONAL)
        rest = tuple(one for one in self.provision.outstanding if one not in command.materials)
        if rest != self.provision.outstanding:
            receipt = {} if rest else self._receipt(given)
            yield f.OutstandingSupplied(materials=command.materials, outstanding=rest, **receipt)

    def confirm_provisional(self, command: c.ConfirmProvisional, given: Given) -> Facts:
        self.must_be(command, self.state, S.ACCEPTED, S.EXAMINING, S.EXAMINED)
        provision = self.provision
        if provision.opinion_no is None:
            raise r.NoProvisionalOpinion()
        if provision.valid_until is not None and given.today > provision.valid_until:
            raise r.ProvisionalOpinionExpired(opinion_no=provision.opinion_no, valid_until=provision.valid_until)
        if provision.item_version != self._terms.version:
            raise r.ProvisionalOpinionOutdated(opinion_no=provision.opinion_no, version=self._terms.version)
        grant = c.GrantLicense(**command.model_dump())
        yield from self._granted(grant, given, provisional_no=provision.opinion_no)

    def withdraw_provisional_opinion(self, command: c.WithdrawProvisionalOpinion, given: Given) -> Facts:
        self.must_be(command, self.state, S.PROVISIONALLY_APPROVED, S.RECEIVED, *RUNNING)
        if self.provision.opinion_no is None:
            raise r.NoProvisionalOpinion()
        yield f.ProvisionalOpinionWithdrawn(
            opinion_no=self.provision.opinion_no, reason=command.reason, until=_later(self.provision.until, given.today)
        )

    def lapse_provisional(self, command: c.LapseProvisional, given: Given) -> Facts:
        self.must_be(command, self.state, *PROVISIONAL)
        ends = self.provision.ends
        if ends is None or given.today <= ends:
            raise r.ProvisionalStillOpen(until=ends)
        yield f.ProvisionalApprovalLapsed(
            until=ends, outstanding=self.provision.outstanding, opinion_no=self.provision.opinion_no
        )


def _later(until: date | None, today: date) -> date:
    """The applicant is not left with a day that passed while it relied on the opinion."""
    return max(until or today, today)
