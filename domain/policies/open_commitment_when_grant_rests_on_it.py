"""承诺批后即跟踪: when a grant rests on a commitment, its check begins to be owed.

国办发〔2020〕42号: what is granted on a promise is checked afterwards. Whoever supervises learns with the opening what was
promised, by when it must be checked, and by whom."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple, Protocol
from uuid import UUID

from domain.approval_case.facts import DecisionGranted
from domain.commitment.commands import OpenCommitment
from domain.kernel.promises import CommitmentKind
from domain.policies.policy import Commands, Policy
from domain.rules.dates import business_date
from domain.rules.loader import time_limit


class Promised(NamedTuple):
    """What the applicant committed to, as the case's file has it."""

    kind: CommitmentKind
    promise: str
    filed_on: date | None = None
    check_by: date | None = None

    def named_by(self, days: int) -> date | None:
        """The day that the promise itself names; one that only counts the item's days from the filing names none, for
        those days run from the grant."""
        if self.filed_on is not None and self.check_by == self.filed_on + timedelta(days):
            return None
        return self.check_by


class Promises(Protocol):
    """What the policy must know of commitments that were filed."""

    def filed_in(self, case_id: UUID) -> Promised | None:
        """The commitment that stands in a case: the one that was filed last and not withdrawn."""


IN_THE_FILE = Promised(CommitmentKind.CONDITIONS, "承诺书见办件案卷。The commitment is in the file of the case.")
"""A grant that says it rests on a commitment is followed even if nobody can say on which: not to follow it would lose it."""


class OpenCommitmentWhenGrantRestsOnIt(Policy):
    ZH = "承诺批后即跟踪"
    READS = ("promises",)

    def __init__(self, promises: Promises) -> None:
        self.promises = promises

    def on_grant(self, fact: DecisionGranted) -> Commands:
        if not fact.by_commitment:
            return
        promised = self.promises.filed_in(fact.originator_id) or IN_THE_FILE
        filed_on, decided_on = promised.filed_on, business_date(fact.occurred_at)
        days = fact.terms.commitment_days or time_limit("commitment_check", on=filed_on or decided_on).value
        yield OpenCommitment(
            case_id=fact.originator_id, case_no=fact.case_no, item=fact.terms.item, item_name=fact.terms.name,
            kind=promised.kind, promise=promised.promise, subject=fact.subject, site=fact.site, organ=fact.organ,
            regulators=fact.regulators, decided_on=decided_on,
            check_days=fact.terms.commitment_days, promised_by=promised.named_by(days),
        )  # fmt: skip
