"""What is irregular about a reported step (报送异常): judged on arrival, recorded with the step, never refused.

A step sent again takes the place of its first sending: it is not out of order for being late itself."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b

from domain.approval_case.commands import ReportStep
from domain.approval_case.file import CaseFile
from domain.approval_case.words import Irregularity, Means
from domain.kernel.aggregate import Given
from domain.kernel.refusal import Refusal
from domain.kernel.time import Precision, clock_skew
from domain.rules.dates import business_date
from domain.rules.errors import NoCalendarForYear
from domain.rules.loader import threshold
from domain.rules.working_days import working_calendar


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
    if command.means in (Means.GRANTED, Means.DENIED):
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
