"""Specification of business dates: the day on which something falls is a day in Asia/Shanghai."""

from datetime import datetime, timedelta

import pytest
from published import d

from domain.rules.dates import business_date, end_of, start_of
from domain.rules.errors import TimeWithoutZone


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-02-10T15:59:59+00:00", "2026-02-10"),
        ("2026-02-10T16:00:00+00:00", "2026-02-11"),
        ("2026-02-11T00:00:00+08:00", "2026-02-11"),
        ("2026-02-10T23:30:00-05:00", "2026-02-11"),
    ],
)
def test_a_moment_falls_on_the_day_it_is_in_shanghai(moment: str, day: str) -> None:
    assert business_date(datetime.fromisoformat(moment)) == d(day)


def test_a_time_without_a_zone_is_refused_in_both_languages() -> None:
    with pytest.raises(TimeWithoutZone) as refused:
        business_date(datetime(2026, 2, 11, 9))
    assert "时区" in refused.value.told("zh")
    assert "zone" in refused.value.told("en")


def test_a_day_ends_one_microsecond_before_the_next_begins() -> None:
    assert end_of(d("2026-02-11")) + timedelta(microseconds=1) == start_of(d("2026-02-12"))
    assert business_date(end_of(d("2026-02-11"))) == business_date(start_of(d("2026-02-11"))) == d("2026-02-11")
