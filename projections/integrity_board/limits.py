"""The limits of R01 and R02 (超法定时限、超承诺时限): which they are, and when they run out, in whatever unit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any

from domain.approval_case import facts as f
from domain.approval_case.clocks import end_of_limit, promised_limit, statutory_limit
from domain.kernel.words import ItemTerms
from domain.rules.dates import business_date
from domain.rules.limits import TimeLimit
from domain.rules.loader import Unit, threshold
from domain.rules.working_days import WorkingCalendar, calendar_told, working_calendar
from projections.integrity_board.flags import FlagRow

DAY = timedelta(days=1)
Limits = dict[str, TimeLimit]


def calendar_of(fact: Any) -> WorkingCalendar:
    """The calendar by which a fact was told."""
    return calendar_told(fact.calendar, business_date(fact.recorded_at))


def limits_told(fact: f.Acceptance) -> Limits:
    """Both limits as an acceptance told them."""
    told = (
        ("R01", fact.statutory_days, fact.statutory_unit, fact.statutory_at),
        ("R02", fact.promised_days, fact.promised_unit, fact.promised_at),
    )
    return {
        rule: TimeLimit(fact.day_zero, amount, Unit(unit), fact.runs_from if at else None, region=fact.region)
        for rule, amount, unit, at in told
    }


def limits_of_report(
    terms: dict[str, Any], region: str | None, day: date, at: datetime, recorded_at: datetime
) -> tuple[Limits, WorkingCalendar]:
    """Both limits of a case that another system accepted on a day; none where no law was in force yet."""
    item, calendar = ItemTerms.model_validate(terms), working_calendar(business_date(recorded_at))
    statutory = statutory_limit(item, day, at, region)
    if statutory is None:
        return {}, calendar
    return {"R01": statutory, "R02": promised_limit(item, statutory, at, calendar)}, calendar


def date_anew(row: FlagRow, calendar: WorkingCalendar) -> None:
    """Without a published calendar a limit has no end, and so no flag."""
    end = end_of_limit(row.limit(), calendar)
    row.due, row.calendar = end.on if end else None, calendar.version
    row.holds_from = row.due + DAY if row.due else None
    if row.rule_id == "R02":
        row.notice_from = _notice_from(row, calendar)
        if row.notice_from is not None and row.due is not None:
            row.notice_from = min(row.notice_from, row.due)


def _notice_from(row: FlagRow, calendar: WorkingCalendar) -> date | None:
    limit, share = row.limit(), threshold("R02", on=row.started_on)["notice_at"]
    if not limit.amount:
        return None
    whole = limit.amount + (limit.extended if limit.unit == Unit.WORKING_DAYS else 0)
    end = end_of_limit(replace(limit, amount=ceil(whole * share / 100), extended=0), calendar)
    return end.on if end else None
