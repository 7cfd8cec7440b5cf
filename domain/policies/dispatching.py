"""Dispatching (推送的共同部分): whoever must be told of a change is told once, on the terms of its own contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar, Protocol
from uuid import UUID

from domain.kernel.event import Event
from domain.kernel.words import Body, Change, ClaimMode, SubjectKind
from domain.policies.policy import Commands, Policy
from domain.push import DispatchPush, PushContent
from domain.subscription import Detail, Terms


class Contracts(Protocol):
    """What the policy must know of subscriptions."""

    def of_regulator(self, regulator: str, on: date) -> Terms | None:
        """The contract of a regulator in force on a date, whatever it covers."""

    def covering(self, item: str, region: str | None, change: Change, on: date) -> Sequence[Terms]:
        """The contracts under which a decision must be sent."""


class Dispatching(Policy):
    """Base of the policies that push: who is named, who subscribed, and what each may read."""

    READS: ClassVar[tuple[str, ...]] = ("catalogue",)

    def __init__(self, contracts: Contracts) -> None:
        self.contracts = contracts

    def _push(
        self,
        fact: Event,
        case_id: UUID,
        content: PushContent,
        named: Mapping[str, tuple[Body, str]],
        region: str | None,
        decision_id: str = "",
    ) -> Commands:
        told, on = dict(named), content.decided_on
        covering = self.contracts.covering(content.item, region, content.change, on)
        for terms in covering:
            told.setdefault(terms.regulator.code, (terms.regulator, f"订阅:{terms.purpose}"))
        for body, named_by in told.values():
            yield self._dispatch(case_id, decision_id or fact.id, body, named_by, content, covering, on)

    def _dispatch(
        self,
        case_id: UUID,
        decision_id: str,
        body: Body,
        named_by: str,
        content: PushContent,
        covering: Sequence[Terms],
        on: date,
    ) -> DispatchPush:
        """One push on the terms of its own regulator. Names of people go only under a contract that covers this very
        decision; a contract about other items allows nothing here, but says how the regulator claims."""
        mine = [terms for terms in covering if terms.regulator.code == body.code]
        contract = mine[0] if mine else self.contracts.of_regulator(body.code, on)
        return DispatchPush(
            case_id=case_id, decision_id=decision_id, regulator=Body(code=body.code, name=body.name),
            claim_mode=contract.claim_mode if contract else ClaimMode.EXPLICIT, named_by=named_by,
            content=content if any(t.detail is Detail.FULL for t in mine) else _without_names(content),
        )  # fmt: skip


def _without_names(content: PushContent) -> PushContent:
    """The content without what identifies natural persons: what a contract does not name is not sent."""
    subject = content.subject
    if subject is not None and subject.kind is SubjectKind.NATURAL:
        subject = subject.model_copy(update={"name": subject.name[:1] + "*" * (len(subject.name) - 1)})
    return content.model_copy(update={"subject": subject, "accepted_by": "", "decided_by": "", "masked": True})
