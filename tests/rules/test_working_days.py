"""Specification of the clock: which days count, when a limit ends, and why."""

from __future__ import annotations

import json
from datetime import date, timedelta
from random import Random

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st
from published import (
    CLOCK,
    MAKE_UP_DAYS,
    WEEKDAY_HOLIDAYS,
    WORKING_DAYS_PER_YEAR,
    OffTheCalendar,
    d,
    oracle_due,
    oracle_used,
    oracle_working,
    shared_vectors,
)

from domain.rules.errors import (
    BadRule,
    LimitBelowZero,
    NoCalendarForYear,
    PauseEndsBeforeItStarts,
    UnknownUnit,
)
from domain.rules.loader import Unit, read_rules, rule_book, time_limit
from domain.rules.working_days import CalendarYear, Overlay, WorkingCalendar, due_on, merged, working_calendar

calendar = working_calendar()
EVERY_DAY = [date(2024, 1, 1) + timedelta(n) for n in range((date(2027, 1, 1) - date(2024, 1, 1)).days)]

# A fictitious notice, for these tests only: a typhoon closes 聊城 (371500) on two working days.
TYPHOON = Overlay(
    "371500", frozenset({d("2026-07-13"), d("2026-07-14")}), False, "聊政办发〔2026〕0号(虚构)",
    "台风停工", "typhoon closure", d("2026-07-12"),
)  # fmt: skip
# A fictitious county notice that keeps 茌平 (371503) at work on the second of the two days.
EXCEPT_CHIPING = Overlay(
    "371503", frozenset({d("2026-07-14")}), True, "茌政发〔2026〕0号(虚构)",
    "恢复办公", "open again", d("2026-07-13"),
)  # fmt: skip
local_calendar = WorkingCalendar(calendar.years.values(), [TYPHOON, EXCEPT_CHIPING])

days = st.dates(d("2024-01-01"), d("2026-12-31"))


Clock = tuple[date, int, list[tuple[date, date]]]


@st.composite
def clocks(draw: st.DrawFn, starts: st.SearchStrategy[date] = days) -> Clock:
    """A start, a limit, and pauses about the running period: before it, across its ends, inside one another."""
    start, limit = draw(starts), draw(st.integers(0, 90))
    paused = []
    for _ in range(draw(st.integers(0, 4))):
        begins = start + timedelta(draw(st.integers(-20, 60)))
        paused.append((begins, begins + timedelta(draw(st.integers(0, 25)))))
    return start, limit, paused


# 公布的算例 published vectors


@pytest.mark.parametrize(("name", "start", "limit", "paused", "due"), CLOCK, ids=[case[0] for case in CLOCK])
def test_a_published_example_falls_due_on_the_published_day(
    name: str, start: str, limit: int, paused: list[tuple[str, str]], due: str
) -> None:
    assert calendar.due(d(start), limit, [(d(a), d(b)) for a, b in paused]).date == d(due)


def test_every_shared_clock_vector_falls_due_as_published() -> None:
    vectors = shared_vectors()
    if vectors is None:
        pytest.skip("the shared vectors are not beside this checkout; the literal copies above were tested")
    for case in vectors["working_days"]["cases"]:
        paused = [(d(a), d(b)) for a, b in case["pauses"]]
        assert (case["name"], calendar.due_date(d(case["start"]), case["limit"], paused)) == (
            case["name"],
            d(case["due"]),
        )
    for year, number in vectors["working_days_per_year"].items():
        assert sum(calendar.is_working(day) for day in EVERY_DAY if day.year == int(year)) == number
        off = {d(f"{year}-{day}") for day in vectors["weekday_holidays"][year]}
        made_up = {d(f"{year}-{day}") for day in vectors["make_up_workdays"][year]}
        assert {day for day in calendar.years[int(year)].off if day.weekday() < 5} == off
        assert calendar.years[int(year)].made_up == made_up


def test_deemed_acceptance_dates_back_to_the_receipt() -> None:
    received = d("2026-02-11")
    notice_due = due_on("intake", received)
    assert notice_due == d("2026-02-25")
    assert notice_due + timedelta(1) == d("2026-02-26")
    assert due_on(time_limit("statutory_single", on=received), received) == d("2026-03-17")


# 日历 the calendar


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_a_year_has_its_published_holidays_make_up_days_and_number_of_working_days(year: int) -> None:
    notice = calendar.years[year]
    assert {day for day in notice.off if day.weekday() < 5} == {
        d(f"{year}-{x}") for x in WEEKDAY_HOLIDAYS[year].split()
    }
    assert notice.made_up == {d(f"{year}-{x}") for x in MAKE_UP_DAYS[year].split()}
    assert sum(calendar.is_working(day) for day in EVERY_DAY if day.year == year) == WORKING_DAYS_PER_YEAR[year]


def test_two_independent_libraries_and_the_oracle_agree_on_every_day_of_three_years() -> None:
    china = holidays.country_holidays("CN", years=[2024, 2025, 2026])
    disagreeing = [
        day
        for day in EVERY_DAY
        if not calendar.is_working(day)
        == chinese_calendar.is_workday(day)
        == china.is_working_day(day)
        == oracle_working(day)
    ]
    assert disagreeing == []


def test_a_day_says_why_it_counts_or_not_and_names_the_notice() -> None:
    told = {
        day: calendar.why(d(day)).code for day in ("2026-02-14", "2026-02-17", "2026-02-21", "2026-03-07", "2026-03-09")
    }
    assert told == {
        "2026-02-14": "make_up_day",
        "2026-02-17": "holiday",
        "2026-02-21": "holiday",
        "2026-03-07": "weekend",
        "2026-03-09": "weekday",
    }
    assert calendar.why(d("2026-02-17")) == (
        "holiday", "春节放假(国办发明电〔2025〕7号)", "holiday, Spring Festival (国办发明电〔2025〕7号)",
    )  # fmt: skip
    assert "国办发明电〔2023〕7号" in calendar.why(d("2024-02-04")).zh
    assert "国办发明电〔2024〕12号" in calendar.why(d("2025-10-11")).en


@given(days)
def test_the_reason_of_a_day_never_contradicts_whether_it_counts(day: date) -> None:
    assert calendar.is_working(day) == (calendar.why(day).code in {"weekday", "make_up_day"})


# 没有日历 no calendar


@pytest.mark.parametrize("day", ["2023-12-31", "2027-01-01", "2030-06-04"])
def test_a_year_without_a_calendar_is_refused_and_named(day: str) -> None:
    for ask in (calendar.is_working, calendar.why, calendar.next_working_day):
        with pytest.raises(NoCalendarForYear) as refused:
            ask(d(day))
        assert refused.value.facts["year"] == d(day).year
        assert day[:4] in refused.value.told("zh")
        assert day[:4] in refused.value.told("en")


def test_a_limit_that_ends_on_the_last_known_day_is_computed_and_one_day_more_is_refused() -> None:
    assert calendar.due_date(d("2026-12-30"), 1) == d("2026-12-31")
    with pytest.raises(NoCalendarForYear) as refused:
        calendar.due_date(d("2026-12-30"), 2)
    assert refused.value.facts["year"] == 2027
    with pytest.raises(NoCalendarForYear):
        calendar.used(d("2026-12-30"), d("2027-01-01"))


def test_day_zero_may_lie_before_the_calendar_because_it_is_not_counted() -> None:
    assert calendar.due_date(d("2023-12-31"), 1) == d("2024-01-02")
    with pytest.raises(NoCalendarForYear):
        calendar.due_date(d("2023-12-30"), 1)


def test_a_gap_between_two_known_years_is_refused_not_skipped() -> None:
    gappy = WorkingCalendar([calendar.years[2024], calendar.years[2026]])
    with pytest.raises(NoCalendarForYear) as refused:
        gappy.due_date(d("2024-12-20"), 20)
    assert refused.value.facts["year"] == 2025
    assert gappy.due_date(d("2026-02-05"), 20) == d("2026-03-11")


def test_no_calendar_at_all_refuses_everything() -> None:
    empty = WorkingCalendar([])
    for ask in (
        lambda: empty.due_date(d("2026-01-05"), 1),
        lambda: empty.is_working(d("2026-01-05")),
        empty.coverage_ends,
    ):
        with pytest.raises(NoCalendarForYear):
            ask()


def test_coverage_ends_with_the_last_published_year() -> None:
    assert calendar.coverage_ends() == d("2026-12-31")
    assert not calendar.covers(d("2027-01-01"))


def test_before_a_notice_is_issued_its_year_is_unknown() -> None:
    before, after = working_calendar(d("2025-11-03")), working_calendar(d("2025-11-04"))
    with pytest.raises(NoCalendarForYear):
        before.due_date(d("2025-12-01"), 45)
    assert after.due_date(d("2025-12-01"), 45) == d("2026-02-03")
    assert before.version != after.version == calendar.version


# 时钟代数 the clock algebra


@given(clocks())
def test_a_due_date_equals_that_of_the_slow_oracle_or_both_refuse(clock: Clock) -> None:
    start, limit, paused = clock
    try:
        wanted = oracle_due(start, limit, paused)
    except OffTheCalendar:
        with pytest.raises(NoCalendarForYear):
            calendar.due_date(start, limit, paused)
    else:
        assert calendar.due_date(start, limit, paused) == wanted


@given(clocks(), days)
def test_used_days_equal_those_of_the_slow_oracle(clock: Clock, until: date) -> None:
    start, _, paused = clock
    assert calendar.used(start, until, paused) == oracle_used(start, until, paused)


@given(clocks())
def test_on_the_due_day_the_limit_is_just_used_up_and_the_day_before_it_is_not(clock: Clock) -> None:
    start, limit, paused = clock
    try:
        due = calendar.due_date(start, limit, paused)
    except NoCalendarForYear:
        return
    assert calendar.used(start, due, paused) == limit
    assert calendar.remaining(start, limit, due, paused) == 0
    if limit:
        assert calendar.used(start, due - timedelta(1), paused) == limit - 1
        assert calendar.is_working(due)


@given(clocks())
def test_the_explanation_tells_every_day_and_counts_to_the_limit(clock: Clock) -> None:
    start, limit, paused = clock
    try:
        due = calendar.due(start, limit, paused)
    except NoCalendarForYear:
        return
    told = due.days
    assert [day.date for day in told] == [start + timedelta(n) for n in range((due.date - start).days + 1)]
    assert [day.number for day in told if day.counted] == list(range(1, limit + 1))
    assert told[0].reason.code == "day_zero"
    for day in told[1:]:
        in_pause = any(a <= day.date <= b for a, b in paused)
        assert day.counted == (not in_pause and oracle_working(day.date))
        assert (day.reason.code == "paused") == in_pause
        assert day.reason.zh
        assert day.reason.en


def test_a_due_date_shows_itself_as_plain_values() -> None:
    shown = json.loads(json.dumps(calendar.due(d("2026-02-11"), 5).shown()))
    assert (shown["due"], shown["unit"], shown["calendar"]) == ("2026-02-25", "working_days", calendar.version)
    assert shown["days"][3] == {
        "date": "2026-02-14", "counted": True, "number": 3, "code": "make_up_day",
        "zh": "调休上班(周六,国办发明电〔2025〕7号)", "en": "make-up Saturday (国办发明电〔2025〕7号)",
    }  # fmt: skip


@given(clocks(), st.randoms())
def test_neither_the_order_of_pauses_nor_their_repetition_changes_a_due_date(clock: Clock, chance: Random) -> None:
    start, limit, paused = clock
    shuffled = [*paused, *paused]
    chance.shuffle(shuffled)
    try:
        due = calendar.due_date(start, limit, paused)
    except NoCalendarForYear:
        return
    assert calendar.due_date(start, limit, shuffled) == due
    assert calendar.due_date(start, limit, merged(paused)) == due
    assert due >= calendar.due_date(start, limit)


def test_touching_pauses_become_one() -> None:
    assert merged([(d("2026-06-03"), d("2026-06-05")), (d("2026-06-01"), d("2026-06-02"))]) == [
        (d("2026-06-01"), d("2026-06-05"))
    ]


def test_a_pause_outside_the_running_period_has_no_effect() -> None:
    for pause in (("2026-01-01", "2026-02-05"), ("2026-03-12", "2026-04-01"), ("2027-03-01", "2027-03-09")):
        assert calendar.due_date(d("2026-02-05"), 20, [(d(pause[0]), d(pause[1]))]) == d("2026-03-11")


def test_a_pause_through_a_whole_unpublished_year_does_not_need_its_calendar() -> None:
    assert calendar.used(d("2026-12-28"), d("2027-05-01"), [(d("2026-12-31"), d("2027-05-01"))]) == 2


def test_a_limit_of_zero_ends_on_the_day_it_starts() -> None:
    assert calendar.due(d("2026-02-14"), 0).date == d("2026-02-14")
    assert calendar.used(d("2026-02-14"), d("2026-02-14")) == 0


def test_a_limit_below_zero_and_a_pause_that_runs_backwards_are_refused() -> None:
    with pytest.raises(LimitBelowZero):
        calendar.due_date(d("2026-02-05"), -1)
    with pytest.raises(LimitBelowZero):
        calendar.due_in(d("2026-02-05"), -1, Unit.CALENDAR_DAYS)
    with pytest.raises(PauseEndsBeforeItStarts):
        calendar.due_date(d("2026-02-05"), 20, [(d("2026-02-10"), d("2026-02-09"))])


def test_a_missed_limit_has_less_than_nothing_remaining() -> None:
    assert calendar.remaining(d("2026-02-05"), 20, d("2026-03-13")) == -2


# 收件顺延 receipt outside office hours


def test_receipt_on_a_holiday_may_roll_to_the_next_working_day() -> None:
    assert calendar.next_working_day(d("2024-10-05")) == d("2024-10-08")
    assert calendar.next_working_day(d("2024-10-12")) == d("2024-10-12")


# 其他单位 other units


def test_calendar_days_are_all_counted_and_pauses_put_them_off() -> None:
    assert calendar.due_in(d("2026-09-28"), 5, Unit.CALENDAR_DAYS).date == d("2026-10-03")
    paused = [(d("2026-09-30"), d("2026-10-02"))]
    due = calendar.due_in(d("2026-09-28"), 5, Unit.CALENDAR_DAYS, paused)
    assert due.date == d("2026-10-06")
    assert [day.number for day in due.days if day.counted] == [1, 2, 3, 4, 5]


@given(clocks())
def test_calendar_days_outside_pauses_add_up_to_the_limit(clock: Clock) -> None:
    start, limit, paused = clock
    due = calendar.due_in(start, limit, Unit.CALENDAR_DAYS, paused)
    running = [start + timedelta(n) for n in range(1, (due.date - start).days + 1)]
    outside = [day for day in running if not any(a <= day <= b for a, b in paused)]
    assert len(outside) == limit
    assert limit == 0 or outside[-1] == due.date


def test_months_end_on_the_same_number_or_the_last_of_a_shorter_month() -> None:
    assert calendar.due_in(d("2026-01-31"), 1, Unit.MONTHS).date == d("2026-02-28")
    assert calendar.due_in(d("2025-12-15"), 1, Unit.MONTHS).date == d("2026-01-15")
    assert calendar.due_in(d("2024-02-29"), 1, Unit.YEARS).date == d("2025-02-28")
    assert calendar.due_in(d("2026-01-31"), 1, Unit.MONTHS, [(d("2026-02-02"), d("2026-02-03"))]).date == d(
        "2026-03-02"
    )


def test_parts_of_a_day_need_office_hours() -> None:
    with pytest.raises(UnknownUnit):
        calendar.due_in(d("2026-02-05"), 3, Unit.HOURS)


# 地方调整 regional overlays


def test_a_local_closure_counts_for_the_city_and_its_counties_and_nobody_else() -> None:
    monday = d("2026-07-13")
    working = {
        region: local_calendar.is_working(monday, region)
        for region in (None, "371500", "371502", "371502001", "370800", "370000")
    }
    assert working == {None: True, "371500": False, "371502": False, "371502001": False, "370800": True, "370000": True}
    assert local_calendar.why(monday, "371502").code == "local_closure"
    assert "聊政办发" in local_calendar.why(monday, "371502").zh
    assert local_calendar.why(monday).code == "weekday"


def test_the_narrower_place_has_the_last_word() -> None:
    tuesday = d("2026-07-14")
    assert not local_calendar.is_working(tuesday, "371502")
    assert local_calendar.is_working(tuesday, "371503")
    assert local_calendar.why(tuesday, "371503").code == "local_working_day"


def ends_in_2026(clock: Clock) -> bool:
    """Whether the clock surely runs out while a calendar is published; beyond it, refusing is specified above."""
    start, limit, paused = clock
    stopped = sum((ends - begins).days + 1 for begins, ends in paused)
    return start + timedelta(limit * 7 // 5 + stopped + 25) < d("2026-12-31")


@given(clocks(st.dates(d("2026-06-20"), d("2026-08-01"))).filter(ends_in_2026))
def test_a_local_due_date_equals_that_of_the_oracle_with_the_closure(clock: Clock) -> None:
    start, limit, paused = clock
    due = local_calendar.due(start, limit, paused, "371502")
    assert due.date == oracle_due(start, limit, paused, TYPHOON.days)
    assert local_calendar.used(start, due.date, paused, "371502") == limit == sum(day.counted for day in due.days)


def test_two_notices_that_disagree_on_a_day_of_one_place_are_refused() -> None:
    other = Overlay("371500", frozenset({d("2026-07-14")}), True, "另一文号(虚构)", "上班", "open", d("2026-07-12"))
    with pytest.raises(BadRule):
        WorkingCalendar(calendar.years.values(), [TYPHOON, other])


def test_an_overlay_written_as_a_rule_is_read_like_any_other() -> None:
    text = """{"about": "虚构 fictitious", "rules": {"typhoon": [{"zh": "台风停工", "en": "typhoon closure",
      "value": {"region": "371500", "days": ["2026-07-13", "2026-07-14"],
      "working": false, "notice": "聊政办发〔2026〕0号(虚构)"},
      "unit": "calendar_days", "legal_basis": "默认 default", "effective_from": "2026-07-12", "effective_to": null,
      "source": "tests only"}]}}"""
    assert Overlay.read(read_rules("overlays", text).latest("typhoon")) == TYPHOON


def test_a_calendar_that_cannot_be_right_is_refused() -> None:
    good = rule_book("working_days").latest("2026")
    for wrong in (
        {"holidays": [{"zh": "元旦", "en": "New Year", "from": "2025-12-31", "to": "2026-01-01"}], "make_up_days": []},
        {"holidays": [], "make_up_days": ["2026-03-09"]},
        {
            "holidays": [{"zh": "元旦", "en": "New Year", "from": "2026-01-03", "to": "2026-01-04"}],
            "make_up_days": ["2026-01-04"],
        },
    ):
        value = {"notice": "虚构", **wrong}
        broken = type(good)(
            good.file, good.key, value, good.unit, good.legal_basis, good.effective_from, good.effective_to,
            good.source, good.zh, good.en, good.verify,
        )  # fmt: skip
        with pytest.raises(BadRule):
            CalendarYear.read(broken)
