"""监管信息提示在办件: a finding that names a holder warns that holder's running cases, and its answer ends the warning.

行政许可法第六十一条: what supervision finds must reach whoever is about to decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from domain.approval_case.commands import NoteFinding, NoteFindingAnswered
from domain.policies.policy import Commands, Policy
from domain.supervision_finding import Demand, FindingHandled, FindingReported


class RunningCases(Protocol):
    """What the policy must know of cases."""

    def of_subject(self, identifier: str) -> Sequence[UUID]:
        """Undecided cases of a subject."""


class WarnRunningCasesOfTheHolder(Policy):
    ZH = "监管信息提示在办件"
    READS = ("case_register",)

    def __init__(self, cases: RunningCases) -> None:
        self.cases = cases

    def on_finding(self, fact: FindingReported) -> Commands:
        for case_id in self.cases.of_subject(fact.subject.identifier):
            yield NoteFinding(
                case_id=case_id, finding_id=fact.originator_id, kind=fact.kind.zh, statement=fact.statement,
                hold_until=fact.hold_until,
                consult=fact.organ if Demand.CONSULTATION in fact.demands else None,
            )  # fmt: skip

    def on_answer(self, fact: FindingHandled) -> Commands:
        for case_id in self.cases.of_subject(fact.subject.identifier):
            yield NoteFindingAnswered(case_id=case_id, finding_id=fact.originator_id, result=fact.explanation)
