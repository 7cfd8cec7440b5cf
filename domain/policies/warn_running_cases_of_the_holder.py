"""监管信息提示在办件: a finding that names a holder warns that holder's running cases, and its answer ends the warning.

行政许可法第六十一条: what supervision finds must reach whoever is about to decide. A case that is opened while a
finding still waits for its answer is warned at once: a hold would else end where the holder applies anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, Protocol
from uuid import UUID

from domain.approval_case.commands import NoteFinding, NoteFindingAnswered
from domain.approval_case.facts import ApplicationSubmitted
from domain.kernel.words import Body
from domain.policies.policy import Commands, Policy
from domain.supervision_finding import Demand, FindingHandled, FindingReported


class RunningCases(Protocol):
    """What the policy must know of cases."""

    def of_subject(self, identifier: str) -> Sequence[UUID]:
        """Undecided cases of a subject."""


class Unanswered(NamedTuple):
    """A finding that waits for its answer, as a case is warned of it."""

    finding_id: UUID
    kind: str
    statement: str
    hold_until: date | None
    consult: Body | None


class UnansweredFindings(Protocol):
    """What the policy must know of findings."""

    def unanswered_about(self, identifier: str) -> Sequence[Unanswered]:
        """Findings about a subject that were not handled yet."""


class WarnRunningCasesOfTheHolder(Policy):
    ZH = "监管信息提示在办件"
    READS = ("case_register", "findings")

    def __init__(self, cases: RunningCases, findings: UnansweredFindings) -> None:
        self.cases = cases
        self.findings = findings

    def on_finding(self, fact: FindingReported) -> Commands:
        for case_id in self.cases.of_subject(fact.subject.identifier):
            yield NoteFinding(
                case_id=case_id, finding_id=fact.originator_id, kind=fact.kind.zh, statement=fact.statement,
                hold_until=fact.hold_until,
                consult=fact.organ if Demand.CONSULTATION in fact.demands else None,
            )  # fmt: skip

    def on_application(self, fact: ApplicationSubmitted) -> Commands:
        for found in self.findings.unanswered_about(fact.subject.identifier):
            yield NoteFinding(case_id=fact.originator_id, **found._asdict())

    def on_answer(self, fact: FindingHandled) -> Commands:
        for case_id in self.cases.of_subject(fact.subject.identifier):
            yield NoteFindingAnswered(case_id=case_id, finding_id=fact.originator_id, result=fact.explanation)
