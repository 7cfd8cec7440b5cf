"""Time (时间): every fact has the time it happened and the time it was recorded."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.kernel.refusal import FutureTime
from domain.kernel.words import Word

CLOCK_SKEW = timedelta(minutes=2)
"""Two systems' clocks may differ by this much before a time counts as lying in the future
(the false-positive allowance of rule R10)."""


class Precision(Word):
    """How exactly the time of a fact is known; nearly half of real permit events carry a date only."""

    DAY = "day", "日", "day"
    SECOND = "second", "秒", "second"
    INSTANT = "instant", "瞬时", "instant"


def not_in_the_future(occurred_at: datetime, at: datetime) -> None:
    if occurred_at > at + CLOCK_SKEW:
        raise FutureTime(time=occurred_at)
