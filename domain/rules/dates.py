"""Business dates: the calendar day in Asia/Shanghai on which something falls."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def business_date(moment: datetime) -> date:
    """The date in Asia/Shanghai of an aware time."""
    return moment.astimezone(SHANGHAI).date()
