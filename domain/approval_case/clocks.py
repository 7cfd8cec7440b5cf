"""Clocks (时限): which limits run for a case, from which day, in whose calendar, and what they say now.

Articles 32, 42, 44 and 45, and the dual-publicity rules. Every date that is told names the calendar it was told by, so
that it can be computed again, by anybody and at any time, and comes out the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case.file import CaseFile
from domain.approval_case.words import RUNNING, UNDECIDED, CaseClock, CaseState, DueDateChange
from domain.kernel.aggregate import Facts, Given
from domain.kernel.time import place_of
from domain.kernel.words import Handling, ItemTerms, LimitUnit
from domain.rules.dates import business_date
from domain.rules.errors import NoCalendarForYear, NoRuleInForce
from domain.rules.limits import PARTS_OF_A_DAY, End, TimeLimit, earlier
from domain.rules.loader import Unit, practice, time_limit
from domain.rules.office_hours import office_hours
from domain.rules.working_days import WorkingCalendar, calendar_told, working_calendar

S = CaseState
RULE_OF = {
    CaseClock.NOTICE: "intake", CaseClock.HEARING: "hearing_convene", CaseClock.PUBLICITY: "publicity",
    CaseClock.DELIVERY: "delivery",
}  # fmt: skip
"""The named limit of the rules that a clock runs by, where the acceptance does not tell it."""


def limit_of_rules(key: str, start: date, region: str | None) -> TimeLimit | None:
    """A named limit of the rules as it runs from a day, or none where none was in force."""
    try:
        held = time_limit(key, on=start)
    except NoRuleInForce:
        return None
    return TimeLimit(start, held.value, held.unit, region=region)


def end_of_limit(limit: TimeLimit, calendar: WorkingCalendar) -> End | None:
    """When a limit ends, or none while a year it runs through has no calendar: the law does not let an organ wait with
    acceptance until the calendar is out."""
    try:
        return limit.end(calendar)
    except NoCalendarForYear:
        return None


TERMS_OF_LIMITS = {
    "item", "version", "name", "handling", "promised_days", "promised_unit", "statutory_days", "statutory_unit",
}  # fmt: skip


def terms_of_limits(terms: ItemTerms) -> dict[str, Any]:
    """What the limits of a reported case follow from, for whoever must remember it until the acceptance is reported."""
    return terms.model_dump(mode="json", include=TERMS_OF_LIMITS)


def statutory_limit(
    terms: ItemTerms, day_zero: date, runs_from: datetime | None, region: str | None
) -> TimeLimit | None:
    """The item's own statute, else Article 42 by the way the item is handled, once that was in force."""
    if terms.statutory_days is not None:
        unit = Unit(terms.statutory_unit)
        return TimeLimit(day_zero, terms.statutory_days, unit, _if_parts(unit, runs_from), region=region)
    return limit_of_rules(
        "statutory_joint" if terms.handling is Handling.JOINT else "statutory_single", day_zero, region
    )


def promised_limit(terms: ItemTerms, statutory: TimeLimit, runs_from: datetime, calendar: WorkingCalendar) -> TimeLimit:
    """What the organ promises, and never more than the law gives it."""
    unit = Unit(terms.promised_unit)
    promised = TimeLimit(
        statutory.start, terms.promised_days, unit, _if_parts(unit, runs_from), region=statutory.region
    )
    try:
        return earlier(promised, statutory, calendar)
    except NoCalendarForYear:
        return promised


def _if_parts(unit: Unit, runs_from: datetime | None) -> datetime | None:
    return runs_from if unit in PARTS_OF_A_DAY else None


class Clocks(CaseFile):
    """时限。"""

    def recompute(self, command: c.RecomputeDueDates, given: Given) -> Facts:
        """Decided cases keep what was told; only what no calendar could tell then gets its date."""
        known, before = working_calendar(given.today), calendar_told(self.calendar, self.told_on or given.today)
        if known.version == before.version:
            return
        changes = []
        for clock, limit in self._at_work():
            old, new = end_of_limit(limit, before), end_of_limit(limit, known)
            if new is not None and new != old and (old is None or self.state in UNDECIDED):
                changes.append(
                    DueDateChange(
                        clock=clock, old=old.on if old else None, new=new.on, old_at=old.at if old else None, new_at=new.at
                    )
                )
        if changes:
            yield f.DueDatesRecomputed(
                case_no=self.case_no, calendar=known.version, before=before.version, notices=known.since(before),
                region=self.region, changes=tuple(changes),
            )  # fmt: skip

    def limit(self, clock: CaseClock) -> TimeLimit | None:
        """The limit of a clock as the fact that started it tells, without what paused or extended it since; none while
        nothing has started it, or where the rules knew no such limit then."""
        fact = self.started_by.get(clock)
        if fact is None:
            return None
        if isinstance(fact, f.Acceptance):
            amount, counted = (
                (fact.statutory_days, fact.statutory_unit) if clock is CaseClock.STATUTORY
                else (fact.promised_days, fact.promised_unit)
            )  # fmt: skip
            unit = Unit(counted)
            return TimeLimit(fact.day_zero, amount, unit, _if_parts(unit, fact.runs_from), region=fact.region)
        start = self.received_on if clock is CaseClock.NOTICE else None
        return limit_of_rules(RULE_OF[clock], start or business_date(fact.occurred_at), self.region)

    def _at_work(self) -> Iterator[tuple[CaseClock, TimeLimit]]:
        """The limits of the law that run now; a date that a document names is no matter of calendars."""
        if self.state is S.RECEIVED:
            yield from self._found(CaseClock.NOTICE)
        elif self.state in RUNNING:
            yield from self._found(CaseClock.STATUTORY, CaseClock.PROMISED, CaseClock.HEARING)
        elif self.state in (S.GRANTED, S.DENIED, S.DELIVERED):
            if self.state is S.GRANTED:
                yield from self._found(CaseClock.DELIVERY)
            if not self.published:
                yield from self._found(CaseClock.PUBLICITY)

    def _found(self, *clocks: CaseClock) -> Iterator[tuple[CaseClock, TimeLimit]]:
        for clock in clocks:
            limit = self.limit(clock)
            if limit is not None:
                yield clock, self._now(limit) if clock in (CaseClock.STATUTORY, CaseClock.PROMISED) else limit

    def _now(self, limit: TimeLimit) -> TimeLimit:
        """A limit of the decision with the pauses and the extension there are; an open pause lasts as it is planned."""
        pauses = list(self.pauses)
        if self.paused_on is not None:
            pauses.append((self.paused_on, max(self.paused_on, self.planned_end or self.paused_on)))
        return TimeLimit(
            limit.start, limit.amount, limit.unit, limit.starts_at, self.extended_days, tuple(pauses), limit.region
        )

    def _expired_on(self, given: Given) -> date | None:
        """The last day of the statutory limit if it has passed by today."""
        limit = self.limit(CaseClock.STATUTORY)
        end = end_of_limit(self._now(limit), working_calendar(given.today)) if limit is not None else None
        return end.on if end is not None and given.today > end.on else None

    def _receipt(self, given: Given) -> dict[str, Any]:
        """The day a receipt counts for, and until when the organ must answer it (第三十二条)."""
        region = place_of(self.organ, self.site)
        known, day = working_calendar(given.today), given.today
        if practice("receipt_roll", on=day).value == "next_working_day":
            try:
                day = office_hours(known).receipt_day(given.at, region)
            except NoCalendarForYear:
                day = given.today
        limit = limit_of_rules("intake", day, region)
        end = end_of_limit(limit, known) if limit else None
        return {
            "received_on": day, "region": region, "calendar": known.version, "notice_due": end.on if end else None,
        }  # fmt: skip

    def _clocks(self, given: Given, terms: ItemTerms, day_zero: date, runs_from: datetime) -> dict[str, Any]:
        """Both clocks of the decision, as every way of acceptance tells them."""
        known = working_calendar(given.today)
        region = self._place
        statutory = statutory_limit(terms, day_zero, runs_from, region)
        if statutory is None:
            raise NoRuleInForce(key="statutory_single", on=day_zero, periods="2004-07-01..")
        promised = promised_limit(terms, statutory, runs_from, known)
        by_law, by_promise = end_of_limit(statutory, known), end_of_limit(promised, known)
        parts = {statutory.unit, promised.unit} & PARTS_OF_A_DAY
        return {
            "case_no": self.case_no, "terms": terms, "subject": self.subject, "site": self.site,
            "day_zero": day_zero, "runs_from": runs_from if parts else None,
            "statutory_days": statutory.amount, "statutory_unit": LimitUnit.of(statutory.unit),
            "promised_days": promised.amount, "promised_unit": LimitUnit.of(promised.unit),
            "statutory_due": by_law.on if by_law else None, "statutory_at": by_law.at if by_law else None,
            "promised_due": by_promise.on if by_promise else None, "promised_at": by_promise.at if by_promise else None,
            "region": region, "calendar": known.version,
        }  # fmt: skip

    @property
    def _place(self) -> str | None:
        """Whose calendar counts the days of the case, also where no fact has told it: before the receipt, and in a
        case that another system reports."""
        reported = self.reported_facts
        organ, site = (reported.actor.organ, reported.site) if reported else (self.organ, self.site)
        return self.region or place_of(organ, site)

    def _after_decision(self, given: Given, day: date, *, granted: bool) -> dict[str, Any]:
        """What a decision of a day starts: publication, and for a grant the service of the license (第四十四条)."""
        known = working_calendar(given.today)
        told: dict[str, Any] = {"region": self.region, "calendar": known.version}
        for key in ("publicity", "delivery") if granted else ("publicity",):
            limit = limit_of_rules(key, day, self.region)
            end = end_of_limit(limit, known) if limit else None
            told[f"{key}_due"] = end.on if end else None
        return told

    def _told_now(self, given: Given) -> str:
        """The calendar by which a fact of now moves the clocks."""
        return working_calendar(given.today).version
