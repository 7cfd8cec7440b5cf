"""Business dates: the calendar day in Asia/Shanghai on which something falls."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from domain.rules.errors import TimeWithoutZone

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(moment: datetime) -> datetime:
    """The same moment on the clock of Asia/Shanghai. Raises TimeWithoutZone: Python would silently take a
    naive time as the zone of the machine, and a server in UTC would date every morning's cases a day early."""
    if moment.utcoffset() is None:
        raise TimeWithoutZone(moment=moment.isoformat())
    return moment.astimezone(SHANGHAI)


def business_date(moment: datetime) -> date:
    """The date in Asia/Shanghai of an aware time."""
    return local(moment).date()


def start_of(day: date) -> datetime:
    """The first moment of a day in Asia/Shanghai. A deadline on ``day`` has passed from start_of(day + 1)."""
    return datetime.combine(day, time.min, SHANGHAI)


def end_of(day: date) -> datetime:
    """The last microsecond of a day in Asia/Shanghai: until then what is due on ``day`` is in time."""
    return datetime.combine(day, time.max, SHANGHAI)
