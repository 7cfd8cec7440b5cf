"""许可决定推送每一个监管部门: a decision opens one push per regulator that the item version, a contract or
the reporting system names.

谁审批谁负责、谁主管谁监管: whoever supervises must be told, once, of every decision in its remit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from domain.approval_case.facts import DecisionDenied, DecisionGranted, StepReported
from domain.approval_case.words import Means
from domain.kernel.event import Event
from domain.kernel.words import Body, Change, ClaimMode, ItemTerms, Subject, SubjectKind
from domain.policies.policy import Commands, Policy
from domain.push import DispatchPush, PushContent, PushReassigned
from domain.rules.dates import business_date
from domain.subscription import Detail, Terms


class Contracts(Protocol):
    """What the policy must know of subscriptions."""

    def of_regulator(self, regulator: str, on: date) -> Terms | None:
        """The contract of a regulator in force on a date, whatever it covers."""

    def covering(self, item: str, region: str | None, change: Change, on: date) -> Sequence[Terms]:
        """The contracts under which a decision must be sent."""


class PushDecisionToEveryRegulator(Policy):
    ZH = "许可决定推送每一个监管部门"
    READS = ("catalogue",)

    def __init__(self, contracts: Contracts) -> None:
        self.contracts = contracts

    def on_grant(self, fact: DecisionGranted) -> Commands:
        content = self._content(fact, Change.GRANT, fact.terms, fact.subject).model_copy(
            update={
                "content": fact.content, "valid_from": fact.validity.valid_from, "valid_to": fact.validity.valid_to,
                "by_commitment": fact.by_commitment, "with_tolerance": fact.with_tolerance,
                "site": fact.site, "document_no": fact.document_no, "accepted_by": fact.accepted_by,
            }
        )  # fmt: skip
        named: dict[str, tuple[Body, str]] = {r.code: (r, f"事项第 {fact.terms.version} 版") for r in fact.regulators}
        region = fact.site.region if fact.site else None
        yield from self._push(fact, fact.originator_id, content, named, region)

    def on_denial(self, fact: DecisionDenied) -> Commands:
        content = self._content(fact, Change.DENIAL, fact.terms, fact.subject).model_copy(
            update={"content": fact.reasons, "site": fact.site, "document_no": fact.document_no}
        )
        yield from self._push(fact, fact.originator_id, content, {}, fact.site.region if fact.site else None)

    def on_reported_step(self, fact: StepReported) -> Commands:
        if fact.means not in (Means.GRANTED, Means.DENIED):
            return
        change = Change.GRANT if fact.means is Means.GRANTED else Change.DENIAL
        content = self._content(fact, change, None, fact.subject).model_copy(
            update={"site": fact.site, "item": fact.item, "item_name": fact.item_name or fact.activity}
        )
        named: dict[str, tuple[Body, str]] = {}
        if change is Change.GRANT:
            named = {r.code: (r, "事项版本") for r in fact.regulators}
            named |= {d.code: (d, f"{fact.source} 报送") for d in fact.departments}
        yield from self._push(fact, fact.originator_id, content, named, fact.site.region if fact.site else None)

    def on_reassignment(self, fact: PushReassigned) -> Commands:
        on, content = business_date(fact.occurred_at), fact.content
        region = content.site.region if content.site else None
        covering = self.contracts.covering(content.item, region, content.change, on)
        named_by = f"改派:{fact.reason}"[:2000]
        yield self._dispatch(fact.case_id, fact.decision_id, fact.to, named_by, content, covering, on)

    def _push(
        self,
        fact: Event,
        case_id: UUID,
        content: PushContent,
        named: Mapping[str, tuple[Body, str]],
        region: str | None,
    ) -> Commands:
        told, on = dict(named), content.decided_on
        covering = self.contracts.covering(content.item, region, content.change, on)
        for terms in covering:
            told.setdefault(terms.regulator.code, (terms.regulator, f"订阅:{terms.purpose}"))
        for body, named_by in told.values():
            yield self._dispatch(case_id, fact.id, body, named_by, content, covering, on)

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

    def _content(self, fact: Event, change: Change, terms: ItemTerms | None, subject: Subject | None) -> PushContent:
        officer = getattr(fact, "officer", "") or fact.actor.id
        return PushContent(
            change=change, case_no=getattr(fact, "case_no", ""), item=terms.item if terms else "",
            item_name=terms.name if terms else "", item_version=terms.version if terms else None,
            subject=subject, decided_on=business_date(fact.occurred_at), decided_by=officer, masked=False,
        )  # fmt: skip


def _without_names(content: PushContent) -> PushContent:
    """The content without what identifies natural persons: what a contract does not name is not sent."""
    subject = content.subject
    if subject is not None and subject.kind is SubjectKind.NATURAL:
        subject = subject.model_copy(update={"name": subject.name[:1] + "*" * (len(subject.name) - 1)})
    return content.model_copy(update={"subject": subject, "accepted_by": "", "decided_by": "", "masked": True})
