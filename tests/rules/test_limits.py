"""Specification of one limit at work, in every unit, against an oracle that walks minute by minute or day by day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from published import Pause, d, oracle_working

from domain.rules.dates import SHANGHAI, end_of
from domain.rules.errors import NoCalendarForYear, UnknownUnit
from domain.rules.limits import PARTS_OF_A_DAY, UNITS_OF_LIMITS, TimeLimit, earlier
from domain.rules.loader import Unit
from domain.rules.working_days import Overlay, WorkingCalendar, working_calendar

CLOSED = frozenset({d("2026-03-10"), d("2026-04-15"), d("2026-05-20")})
REGION = "371502"
calendar = WorkingCalendar(
    working_calendar().years.values(),
    [Overlay("371500", CLOSED, False, "聊政办发〔2026〕0号(虚构)", "停工", "closed", d("2026-01-01"))],
)
WHOLE = sorted(UNITS_OF_LIMITS - PARTS_OF_A_DAY)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


# An oracle that shares nothing with the product: it walks, and asks of each day or minute whether it counts.


def counts(day: date, pauses: tuple[Pause, ...], region: str | None) -> bool:
    closed = CLOSED if region else frozenset()
    return oracle_working(day, closed) and not any(first <= day <= last for first, last in pauses)


def walked(limit: TimeLimit) -> tuple[date, datetime | None]:
    if limit.unit in (Unit.MINUTES, Unit.HOURS):
        day, moment = _minutes(limit)
    elif limit.unit == Unit.HALF_DAYS:
        day, moment = _half_days(limit)
    else:
        day, moment = _whole(limit), None
    left = limit.extended
    while left:
        day += timedelta(1)
        left -= counts(day, limit.pauses, limit.region)
        moment = None
    return day, moment


def _minutes(limit: TimeLimit) -> tuple[date, datetime]:
    assert limit.starts_at is not None
    now, left = limit.starts_at, limit.amount * (60 if limit.unit == Unit.HOURS else 1)
    while left:
        inside = 9 * 60 <= now.hour * 60 + now.minute < 12 * 60 or 13 * 60 <= now.hour * 60 + now.minute < 17 * 60
        left -= inside and counts(now.date(), limit.pauses, limit.region)
        now += timedelta(minutes=1)
    return now.date(), now


def _half_days(limit: TimeLimit) -> tuple[date, datetime]:
    assert limit.starts_at is not None
    day, left = limit.starts_at.date(), limit.amount
    if not left:
        return day, limit.starts_at
    while True:
        if counts(day, limit.pauses, limit.region):
            for opens, closes in ((9, 12), (13, 17)):
                if datetime(day.year, day.month, day.day, opens, tzinfo=SHANGHAI) > limit.starts_at:
                    left -= 1
                    if not left:
                        return day, datetime(day.year, day.month, day.day, closes, tzinfo=SHANGHAI)
        day += timedelta(1)


def _whole(limit: TimeLimit) -> date:
    day, left = limit.start, limit.amount
    if limit.unit == Unit.WORKING_DAYS:
        while left:
            day += timedelta(1)
            left -= counts(day, limit.pauses, limit.region)
        return day
    if limit.unit == Unit.CALENDAR_DAYS:
        while left:
            day += timedelta(1)
            left -= not any(first <= day <= last for first, last in limit.pauses)
        return day
    month = limit.start.year * 12 + limit.start.month - 1 + limit.amount * (12 if limit.unit == Unit.YEARS else 1)
    number = limit.start.day
    while True:
        try:
            ends = date(month // 12, month % 12 + 1, number)
            break
        except ValueError:
            number -= 1
    paused_before: set[date] = set()
    while True:
        paused = {
            limit.start + timedelta(n) for n in range(1, (ends - limit.start).days + 1)
            if any(first <= limit.start + timedelta(n) <= last for first, last in limit.pauses)
        }  # fmt: skip
        if paused == paused_before:
            return ends
        ends += timedelta(len(paused - paused_before))
        paused_before = paused


@st.composite
def limits(draw: st.DrawFn, units: st.SearchStrategy[Unit] = st.sampled_from(sorted(UNITS_OF_LIMITS))) -> TimeLimit:  # noqa: B008
    unit = draw(units)
    most = {Unit.MINUTES: 600, Unit.HOURS: 20, Unit.HALF_DAYS: 12, Unit.MONTHS: 3, Unit.YEARS: 0}.get(unit, 30)
    start = draw(st.dates(d("2026-02-20"), d("2026-05-25")))
    minute = draw(st.integers(0, 24 * 60 - 1))
    begins = datetime(start.year, start.month, start.day, minute // 60, minute % 60, tzinfo=SHANGHAI)
    pauses = []
    for _ in range(draw(st.integers(0, 3))):
        first = start + timedelta(draw(st.integers(-5, 30)))
        pauses.append((first, first + timedelta(draw(st.integers(0, 9)))))
    return TimeLimit(
        start, draw(st.integers(0, most)), unit, begins if unit in PARTS_OF_A_DAY else None,
        draw(st.sampled_from([0, 0, 10])), tuple(pauses), draw(st.sampled_from([None, REGION])),
    )  # fmt: skip


@given(limits())
def test_a_limit_in_any_unit_ends_when_the_oracle_says(limit: TimeLimit) -> None:
    assert tuple(limit.end(calendar)) == walked(limit)


@given(limits())
def test_at_its_end_a_limit_is_just_used_up_and_its_days_end_with_it(limit: TimeLimit) -> None:
    end, days = limit.end(calendar), list(limit.days(calendar))
    spent = limit.spent(calendar, end.moment)
    assert spent.remaining == 0
    assert [day.date for day in days] == [limit.start + timedelta(n) for n in range((end.on - limit.start).days + 1)]
    numbers = [day.number for day in days if day.number is not None]
    if limit.unit not in PARTS_OF_A_DAY:
        assert numbers == list(range(1, len(numbers) + 1))
    assert all(day.counted == (day.number is not None) for day in days)
    assert all(day.reason.zh and day.reason.en for day in days)
    if limit.unit == Unit.WORKING_DAYS:
        assert (numbers[-1] if numbers else 0) == limit.amount + limit.extended == spent.used


@given(limits(st.sampled_from([Unit.MINUTES, Unit.HOURS])))
def test_the_minutes_told_day_by_day_add_up_to_the_limit(limit: TimeLimit) -> None:
    plain = TimeLimit(limit.start, limit.amount, limit.unit, limit.starts_at, 0, limit.pauses, limit.region)
    told = [day.number for day in plain.days(calendar) if day.number is not None]
    assert (told[-1] if told else 0) == limit.amount * (60 if limit.unit == Unit.HOURS else 1)


@given(limits(), st.integers(0, 60))
def test_what_is_used_and_what_remains_are_the_whole_limit_at_any_moment(limit: TimeLimit, days: int) -> None:
    whole = limit.spent(calendar, limit.end(calendar).moment).used
    some = limit.spent(calendar, end_of(limit.start + timedelta(days)))
    assert some.used + some.remaining == whole


def test_an_extension_of_a_limit_in_hours_is_counted_in_working_days_after_it() -> None:
    limit = TimeLimit(d("2026-03-06"), 4, Unit.HOURS, at("2026-03-06 16:00"), extended=2)
    assert limit.end(calendar).on == d("2026-03-11")
    assert limit.end(calendar).at is None
    assert [(str(day.date), day.number) for day in limit.days(calendar) if day.counted] == [
        ("2026-03-06", 60), ("2026-03-09", 240), ("2026-03-10", 1), ("2026-03-11", 2),
    ]  # fmt: skip


def test_the_earlier_of_two_limits_is_found_across_units_and_without_a_calendar_for_one_unit() -> None:
    hours = TimeLimit(d("2026-03-06"), 4, Unit.HOURS, at("2026-03-06 16:00"))
    days = TimeLimit(d("2026-03-06"), 1)
    assert earlier(hours, days, calendar) is hours
    assert earlier(TimeLimit(d("2026-03-06"), 2, Unit.MONTHS), days, calendar) is days
    beyond = [TimeLimit(d("2026-12-30"), n) for n in (30, 20)]
    assert earlier(*beyond, calendar).amount == 20
    with pytest.raises(NoCalendarForYear):
        earlier(beyond[0], TimeLimit(d("2026-12-30"), 1, Unit.MONTHS), calendar)


def test_people_and_percent_are_no_units_of_time() -> None:
    with pytest.raises(UnknownUnit):
        TimeLimit(d("2026-03-06"), 2, Unit.PERCENT).end(calendar)


def test_the_latest_day_of_a_notice_lies_so_many_working_days_ahead() -> None:
    latest = calendar.latest_start(d("2026-03-16"), 7)
    assert latest == d("2026-03-05")
    assert calendar.due_date(latest, 7) == d("2026-03-16")
    assert calendar.latest_start(d("2026-03-16"), 7, REGION) == d("2026-03-04"), "the closed day does not count"
