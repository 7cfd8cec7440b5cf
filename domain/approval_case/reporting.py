"""Cases that existing systems handle and report (报送), and what is irregular about a step: judged on arrival,
recorded with the step, never refused.

A step sent again takes the place of its first sending: it is not out of order for being late itself."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b
from typing import Any

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case import refusals as r
from domain.approval_case.commands import ReportStep
from domain.approval_case.file import CaseFile
from domain.approval_case.routing import Routing
from domain.approval_case.words import Irregularity, Means
from domain.kernel.aggregate import Facts, Given
from domain.kernel.refusal import Refusal
from domain.kernel.time import Precision, clock_skew, not_in_the_future
from domain.kernel.words import ItemTerms
from domain.rules.dates import business_date
from domain.rules.errors import NoCalendarForYear
from domain.rules.loader import threshold
from domain.rules.working_days import working_calendar

DECIDED = (Means.GRANTED, Means.DENIED)


def content_digest(command: ReportStep) -> str:
    """Digest of what was said. Defaults are left out: a field that a later version adds must not make every
    step that a source sends again look changed."""
    return blake2b(command.model_dump_json(exclude_defaults=True).encode(), digest_size=8).hexdigest()


def item_irregularity(refusal: Refusal) -> Irregularity:
    """What the catalogue's refusal means for a report."""
    return Irregularity.RETIRED_ITEM if refusal.code == "RetiredItem" else Irregularity.UNKNOWN_ITEM


def irregularities(case: CaseFile, command: ReportStep, given: Given, *, resent: bool) -> tuple[Irregularity, ...]:
    """What is wrong with a step, as far as the steps before it show."""
    found = []
    if resent:
        found.append(Irregularity.RESENT_WITH_CHANGES)
    elif _before_the_last(case, command, given.at):
        found.append(Irregularity.OUT_OF_ORDER)
    if not command.historical and _late(command, given):
        found.append(Irregularity.BACK_DATED)
    if command.means in DECIDED:
        if Means.ACCEPTED not in case.milestones:
            found.append(Irregularity.BEFORE_ACCEPTANCE)
        if Means.EXAMINED not in case.milestones:
            found.append(Irregularity.BEFORE_EXAMINATION)
    if not resent and Means.CONCLUDED in case.milestones:
        found.append(Irregularity.AFTER_CONCLUSION)
    return tuple(found)


def _before_the_last(case: CaseFile, command: ReportStep, at: datetime) -> bool:
    if case.last_step is None:
        return False
    last, precision = case.last_step
    if Precision.DAY in (precision, command.precision):
        # A date alone is written as midnight and would seem to lie before every other step of its own day.
        return business_date(command.occurred_at) < business_date(last)
    return command.occurred_at < last - clock_skew(at)


def _late(command: ReportStep, given: Given) -> bool:
    happened = business_date(command.occurred_at)
    allowed = threshold("R09", on=given.today)["lag"]
    try:
        return working_calendar().used(happened, given.today) > allowed
    except NoCalendarForYear:
        return (given.today - happened).days > 2 * allowed


class Reporting(Routing):
    """报送。"""

    def report(self, command: c.ReportStep, given: Given) -> Facts:
        if command.source == c.PLATFORM:
            raise r.SourceReserved(source=command.source)
        if given.by.id != command.source:
            raise r.NotTheSource(organ=given.by.id, owner=command.source)
        not_in_the_future(command.occurred_at, given.at, command.precision)
        digest = content_digest(command)
        known = self.reported.get(command.source_event_id, ())
        if digest in known:
            return
        given.occurred_at, given.precision = command.occurred_at, command.precision
        if not self.version:
            yield self._first_report(command, given)
        assert self.reported_facts is not None
        yield from self._route_reported_decision(command, self.reported_facts, given)
        yield f.StepReported(
            source=command.source, source_event_id=command.source_event_id, activity=command.activity,
            activity_name=command.activity_name, means=command.means, officer=command.officer, digest=digest,
            irregularities=irregularities(self, command, given, resent=bool(known)), attributes=command.attributes,
            case_no=self.case_no, **self._reported_decision(command, self.reported_facts, given),
        )  # fmt: skip

    def _first_report(self, command: c.ReportStep, given: Given) -> f.CaseReported:
        terms, irregular = self._terms_of_report(command, given)
        return f.CaseReported(
            source=command.source, case_no=command.case_no, opened_on=command.opened_on, item=command.item,
            item_name=command.item_name or (terms.name if terms else ""), terms=terms, subject=command.subject,
            site=command.site, departments=command.departments, irregularities=irregular,
            attributes=command.case_attributes,
        )  # fmt: skip

    def _reported_decision(self, command: c.ReportStep, case: f.CaseReported, given: Given) -> dict[str, Any]:
        """What a reported decision needs to be pushed. What the step itself says goes before what the first
        report said: many systems know site and departments only when they decide."""
        if command.means not in DECIDED:
            return {"item_name": case.item_name}
        terms = self.terms or self._terms_of_report(command, given)[0]
        site = command.site or case.site
        return {
            "item": terms.item if terms else command.item or case.item,
            "item_name": case.item_name or command.item_name or (terms.name if terms else ""),
            "departments": command.departments or case.departments,
            "regulators": self._regulators_of(terms, site) if terms else (),
            "subject": command.subject or case.subject, "site": site,
        }  # fmt: skip

    def _route_reported_decision(self, command: c.ReportStep, case: f.CaseReported, given: Given) -> Facts:
        """A case that another system handles is accepted there, so who answers is looked up when its decision is
        told, as of the day on which it was opened, and once."""
        terms = self.terms or self._terms_of_report(command, given)[0] if command.means in DECIDED else None
        if terms is not None and self.routing is None:
            yield from self._routed(terms, command.site or case.site, command.organ, command.opened_on, given)

    def _terms_of_report(
        self, command: c.ReportStep, given: Given
    ) -> tuple[ItemTerms | None, tuple[Irregularity, ...]]:
        if not command.item:
            return None, (Irregularity.UNKNOWN_ITEM,)
        try:
            return given.look.item(command.item, command.opened_on), ()
        except Refusal as refusal:
            return None, (item_irregularity(refusal),)
