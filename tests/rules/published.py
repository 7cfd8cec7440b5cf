"""The published vectors as literals, so that the tests stand alone, and a slow oracle that shares no code
with the product: it walks day by day over its own table of holidays."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "domain" / "vectors.json"

Pause = tuple[date, date]


def shared_vectors() -> dict[str, Any] | None:
    return json.loads(SHARED.read_text(encoding="utf-8")) if SHARED.exists() else None


def d(text: str) -> date:
    return date.fromisoformat(text)


CLOCK: list[tuple[str, str, int, list[tuple[str, str]], str]] = [
    ("20 wd across Spring Festival", "2026-02-05", 20, [], "2026-03-11"),
    ("5 wd with make-up Saturday 14 Feb", "2026-02-11", 5, [], "2026-02-25"),
    ("5 wd before National Day 2025", "2025-09-26", 5, [], "2025-10-10"),
    ("10 wd delivery across Labour Day", "2026-04-28", 10, [], "2026-05-14"),
    ("20+10 wd extension", "2026-08-31", 30, [], "2026-10-16"),
    ("45 wd joint", "2025-12-01", 45, [], "2026-02-03"),
    ("45+15 wd joint", "2025-12-01", 60, [], "2026-03-02"),
    ("7 wd publicity, make-up Sunday", "2026-09-18", 7, [], "2026-09-29"),
    ("pause across a make-up Saturday", "2026-04-27", 20, [("2026-05-06", "2026-05-20")], "2026-06-12"),
    (
        "overlapping pauses", "2026-06-01", 20,
        [("2026-06-08", "2026-06-12"), ("2026-06-10", "2026-06-17")], "2026-07-10",
    ),
    ("start on a holiday Saturday", "2024-10-05", 20, [], "2024-11-01"),
    ("1 wd push before National Day", "2026-09-30", 1, [], "2026-10-08"),
]  # fmt: skip

WEEKDAY_HOLIDAYS = {
    2024: "01-01 02-12 02-13 02-14 02-15 02-16 04-04 04-05 05-01 05-02 05-03 06-10 09-16 09-17 10-01 10-02 10-03 "
    "10-04 10-07",
    2025: "01-01 01-28 01-29 01-30 01-31 02-03 02-04 04-04 05-01 05-02 05-05 06-02 10-01 10-02 10-03 10-06 10-07 10-08",
    2026: "01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25 10-01 10-02 10-05 "
    "10-06 10-07",
}
MAKE_UP_DAYS = {
    2024: "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    2025: "01-26 02-08 04-27 09-28 10-11",
    2026: "01-04 02-14 02-28 05-09 09-20 10-10",
}
WORKING_DAYS_PER_YEAR = {2024: 251, 2025: 248, 2026: 248}

_OFF = {d(f"{year}-{day}") for year, days in WEEKDAY_HOLIDAYS.items() for day in days.split()}
_ON = {d(f"{year}-{day}") for year, days in MAKE_UP_DAYS.items() for day in days.split()}


class OffTheCalendar(Exception):
    """The oracle would have to judge a day of a year that has no published calendar."""


def oracle_working(day: date, closed: frozenset[date] = frozenset()) -> bool:
    if day.year not in WORKING_DAYS_PER_YEAR:
        raise OffTheCalendar(day)
    if day in closed:
        return False
    return day in _ON or (day.weekday() < 5 and day not in _OFF)


def oracle_used(start: date, until: date, pauses: list[Pause], closed: frozenset[date] = frozenset()) -> int:
    total, day = 0, start
    while day < until:
        day += timedelta(1)
        if not any(first <= day <= last for first, last in pauses) and oracle_working(day, closed):
            total += 1
    return total


def oracle_due(start: date, limit: int, pauses: list[Pause], closed: frozenset[date] = frozenset()) -> date:
    day = start
    while limit:
        day += timedelta(1)
        if not any(first <= day <= last for first, last in pauses) and oracle_working(day, closed):
            limit -= 1
    return day


IDENTIFIERS: dict[str, dict[str, list[str]]] = {
    "uscc": {
        "valid": ["91350100M000100Y43", "11371500MB2862819G", "91371500MA3X00010C"],
        "warn": ["91371500MA3X000198"],
        "invalid": ["91350100M000100Y44", "91371500MA3S00018X", "91371500M3AX00010C"],
    },
    "citizen_id": {
        "valid": ["11010519491231002X", "440524188001010014", "371502190001010011"],
        "invalid": ["110105194912310021", "11010519491331002X", "110105194902310026"],
    },
    "region": {
        "valid": ["371500 2026-01-01", "371503 2026-01-01", "371523 2015-06-01"],
        "invalid": ["371523 2026-01-01", "991500 2026-01-01", "37150 2026-01-01"],
    },
    "item": {
        "valid": [
            "12441500196720244T3442199806003",
            "11370800MB285591843370117002011",
            "11371500MB2862819G337011700300001",
        ],
        "invalid": [
            "11371500MB2862819H3370117003000",
            "11371500MB2862819G9370117003000",
            "11371500MB2862819G337011700300",
        ],
    },
    "case_no": {
        "valid": [
            "12441500196720244T3442199806003202206230068",
            "11371500MB2862819G3370117003000202609180001",
            "11371500MB2862819G337011700300001202609180002",
        ],
        "invalid": [
            "11371500MB2862819G3370117003000202613180001",
            "11371500MB2862819G337011700300020260918001",
            "11371500MB2862819H3370117003000202609180001",
        ],
    },
    "e_license": {
        "valid": [
            "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
            "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
        ],
        "warn": ["1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9"],
        "invalid": [
            "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.V",
            "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000430.001.U",
            "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.1.U",
        ],
    },
    "document_no": {
        "valid": ["聊行审许字〔2026〕37号", "聊行审投资〔2026〕118号", "济行审规划〔2025〕第5号"],
        "invalid": ["聊行审许字[2026]37号", "聊行审许字〔26〕37号", "聊行审许字〔2026〕0037号"],
    },
}
