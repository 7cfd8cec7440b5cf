"""Specification of limits in minutes, hours and half days: they run only while the office is open."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from published import d, oracle_working

from domain.rules.dates import SHANGHAI, end_of
from domain.rules.errors import (
    BadRule,
    LimitBelowZero,
    NoCalendarForYear,
    NoRuleInForce,
    TimeWithoutZone,
)
from domain.rules.loader import Unit, read_rules
from domain.rules.office_hours import OfficeHours

office = OfficeHours()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "limit", "unit", "due"),
    [
        ("2026-02-13 09:00", 30, Unit.MINUTES, "2026-02-13 09:30"),
        ("2026-02-13 11:45", 30, Unit.MINUTES, "2026-02-13 13:15"),  # over lunch
        ("2026-02-13 16:30", 2, Unit.HOURS, "2026-02-14 10:30"),  # into the make-up Saturday
        ("2026-02-14 16:00", 2, Unit.HOURS, "2026-02-24 10:00"),  # over Spring Festival
        ("2026-02-14 20:00", 1, Unit.HOURS, "2026-02-24 10:00"),  # received after closing
        ("2026-02-15 10:00", 7, Unit.HOURS, "2026-02-24 17:00"),  # a whole day ends at closing, not at next opening
        ("2026-02-13 10:00", 1, Unit.HALF_DAYS, "2026-02-13 17:00"),  # the morning it came in is not counted
        ("2026-02-13 12:30", 1, Unit.HALF_DAYS, "2026-02-13 17:00"),
        ("2026-02-13 13:00", 1, Unit.HALF_DAYS, "2026-02-14 12:00"),
        ("2026-02-13 09:00", 4, Unit.HALF_DAYS, "2026-02-24 12:00"),
        ("2026-02-13 10:00", 0, Unit.MINUTES, "2026-02-13 10:00"),
    ],
)
def test_a_short_limit_runs_while_the_office_is_open(start: str, limit: int, unit: Unit, due: str) -> None:
    assert office.due_at(at(start), limit, unit) == at(due)


def test_a_limit_in_working_days_lasts_to_the_end_of_the_last_day() -> None:
    assert office.due_at(at("2026-02-11 10:00"), 5, Unit.WORKING_DAYS) == end_of(d("2026-02-25"))


def test_a_paused_day_has_no_office_hours() -> None:
    paused = [(d("2026-03-10"), d("2026-03-11"))]
    assert office.due_at(at("2026-03-09 16:00"), 2, Unit.HOURS, paused) == at("2026-03-12 10:00")
    assert office.used(at("2026-03-09 16:00"), at("2026-03-12 10:00"), paused) == timedelta(hours=2)


def test_a_time_from_another_zone_is_read_on_the_clock_of_shanghai() -> None:
    assert office.due_at(datetime.fromisoformat("2026-03-09T01:00:00+00:00"), 1, Unit.HOURS) == at("2026-03-09 10:00")


def test_the_office_is_open_up_to_the_moment_it_closes() -> None:
    told = {m: office.is_open(at(f"2026-03-09 {m}")) for m in ("08:59", "09:00", "12:00", "12:30", "17:00", "17:01")}
    assert told == {"08:59": False, "09:00": True, "12:00": True, "12:30": False, "17:00": True, "17:01": False}
    assert not office.is_open(at("2026-03-07 10:00"))


moments = st.datetimes(datetime(2026, 1, 5), datetime(2026, 6, 30)).map(lambda m: m.replace(tzinfo=SHANGHAI))


@given(moments, st.integers(1, 3000))
def test_when_minutes_are_over_exactly_so_many_were_used(start: datetime, minutes: int) -> None:
    due = office.due_at(start, minutes, Unit.MINUTES)
    assert office.used(start, due) == timedelta(minutes=minutes)
    assert office.used(start, due - timedelta(seconds=1)) < timedelta(minutes=minutes)
    assert oracle_working(due.date())


@given(moments, st.integers(1, 60))
def test_two_half_days_are_one_working_day(start: datetime, days: int) -> None:
    morning = start.replace(hour=9, minute=0, second=0, microsecond=0)
    if not oracle_working(morning.date()):
        return
    halves = office.due_at(morning, 2 * days, Unit.HALF_DAYS)
    assert halves.date() == office.calendar.due_date(morning.date(), days)


def test_hours_past_the_calendar_are_refused() -> None:
    with pytest.raises(NoCalendarForYear):
        office.due_at(at("2026-12-31 16:30"), 2, Unit.HOURS)


def test_a_time_without_a_zone_and_a_limit_below_zero_are_refused() -> None:
    with pytest.raises(TimeWithoutZone):
        office.due_at(datetime(2026, 3, 9, 9), 1, Unit.HOURS)
    with pytest.raises(LimitBelowZero):
        office.due_at(at("2026-03-09 09:00"), -1, Unit.HOURS)


def _hours(*versions: tuple[str, str | None, list[list[str]]]) -> OfficeHours:
    entries = ",".join(
        f'{{"zh":"办公时间","en":"office hours","value":{str(spans).replace(chr(39), chr(34))},"unit":"local_time",'
        f'"legal_basis":"默认 default","effective_from":"{begins}",'
        f'"effective_to":{"null" if ends is None else chr(34) + ends + chr(34)},"source":"tests only"}}'
        for begins, ends, spans in versions
    )
    return OfficeHours(book=read_rules("office_hours", f'{{"rules":{{"office_hours":[{entries}]}}}}'))


def test_summer_hours_begin_on_their_date() -> None:
    winter, summer = [["09:00", "12:00"], ["13:00", "17:00"]], [["08:30", "12:00"], ["14:30", "18:00"]]
    seasonal = _hours(("2026-01-01", "2026-05-31", winter), ("2026-06-01", None, summer))
    assert seasonal.due_at(at("2026-05-29 16:30"), 1, Unit.HOURS) == at("2026-06-01 09:00")
    with pytest.raises(NoRuleInForce):
        seasonal.sessions(date(2025, 6, 3))


def test_office_hours_out_of_order_are_refused() -> None:
    with pytest.raises(BadRule):
        _hours(("2026-01-01", None, [["13:00", "17:00"], ["09:00", "12:00"]]))
