"""许可决定推送每一个监管部门: a decision opens one push per regulator that the item version, a contract or
the reporting system names.

谁审批谁负责、谁主管谁监管: whoever supervises must be told, once, of every decision in its remit."""

from __future__ import annotations

from domain.approval_case.facts import DecisionDenied, DecisionGranted, StepReported
from domain.approval_case.words import Means
from domain.kernel.event import Event
from domain.kernel.words import Body, Change, ItemTerms, Matter, Subject
from domain.policies.dispatching import Dispatching
from domain.policies.policy import Commands
from domain.push import PushContent, PushReassigned
from domain.rules.dates import business_date


class PushDecisionToEveryRegulator(Dispatching):
    ZH = "许可决定推送每一个监管部门"

    def on_grant(self, fact: DecisionGranted) -> Commands:
        if fact.matter is not Matter.NEW:
            # What it does to the license is pushed when the license has changed: two pushes would be two duties.
            return
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

    def _content(self, fact: Event, change: Change, terms: ItemTerms | None, subject: Subject | None) -> PushContent:
        officer = getattr(fact, "officer", "") or fact.actor.id
        return PushContent(
            change=change, case_no=getattr(fact, "case_no", ""), item=terms.item if terms else "",
            item_name=terms.name if terms else "", item_version=terms.version if terms else None,
            subject=subject, decided_on=business_date(fact.occurred_at), decided_by=officer, masked=False,
        )  # fmt: skip
