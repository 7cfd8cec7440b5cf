"""What the file holds of a provisional approval (模拟审批案卷)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from domain.approval_case import facts as f
from domain.approval_case.file import CaseFile
from domain.approval_case.words import CaseState, Opinion

S = CaseState


class ProvisionOnFile(NamedTuple):
    """What is outstanding, who looked at the rest, and which opinion came of it."""

    outstanding: tuple[str, ...] = ()
    until: date | None = None
    accepted_by: str = ""
    opinion: Opinion | None = None
    opinion_no: str | None = None
    valid_until: date | None = None
    item_version: int = 0

    @property
    def ends(self) -> date | None:
        """The last day on which what is outstanding may come."""
        return self.valid_until if self.opinion_no is not None else self.until


class Outstanding(CaseFile):
    """待补材料。"""

    provision: ProvisionOnFile = ProvisionOnFile()

    def was_accepted_provisionally(self, fact: f.ProvisionallyAccepted) -> None:
        self.state, self.notice_due, self.terms = S.PROVISIONAL, None, fact.terms
        self.provision = ProvisionOnFile(fact.outstanding, fact.until, fact.actor.id)
        # Told now, once: what is outstanding may be asked for again, and nothing else (Article 32).
        self.told = (*self.told, *(one for one in fact.outstanding if one not in self.told))
        self.materials |= set(fact.not_asked)

    def was_examined_provisionally(self, fact: f.ProvisionallyExamined) -> None:
        self.provision = self.provision._replace(opinion=fact.opinion)
        self.examiners.add(fact.actor.id)

    def provisional_opinion_was_issued(self, fact: f.ProvisionalOpinionIssued) -> None:
        self.state = S.PROVISIONALLY_APPROVED
        self.provision = self.provision._replace(
            opinion_no=fact.opinion_no, valid_until=fact.valid_until, item_version=fact.item_version
        )

    def outstanding_was_supplied(self, fact: f.OutstandingSupplied) -> None:
        self.provision = self.provision._replace(outstanding=fact.outstanding)
        self.materials |= set(fact.materials)
        self.supplied |= set(fact.materials)
        if not fact.outstanding:
            # Complete: an application like any other from here, which the organ must accept or silence does.
            self.state = S.RECEIVED
            self._receipt_counts(fact)

    def provisional_opinion_was_withdrawn(self, fact: f.ProvisionalOpinionWithdrawn) -> None:
        if self.state is S.PROVISIONALLY_APPROVED:
            self.state = S.PROVISIONAL
        self.provision = self.provision._replace(opinion=None, opinion_no=None, valid_until=None, until=fact.until)

    def provisional_approval_has_lapsed(self, fact: f.ProvisionalApprovalLapsed) -> None:
        self.state = S.TERMINATED
