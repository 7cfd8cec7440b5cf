"""Region code (行政区划代码), GB/T 2260: valid on a date. Six digits; platforms extend to 9 (town) or 12 (village)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise

from domain.rules.errors import OverlappingPeriods
from domain.rules.identifiers.verdict import Verdict, judged, wrong_length
from domain.rules.loader import load_text
from domain.rules.reason import Reason


@dataclass(frozen=True, slots=True)
class Region:
    """One code over one period. ``valid_from`` is None where the birth of a code is not on record."""

    code: str
    name: str
    valid_from: date | None
    valid_to: date | None
    successor: str | None

    def in_force(self, on: date | None) -> bool:
        if on is None:
            return self.valid_to is None
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


def read_regions(text: str) -> Mapping[str, tuple[Region, ...]]:
    """Raises OverlappingPeriods when a code would mean two places on one day."""

    def day(written: str | None) -> date | None:
        return None if written is None else date.fromisoformat(written)

    content = json.loads(text)
    found = {code: (Region(code, name, None, None, None),) for code, name in content["codes"].items()}
    for code, periods in content["dated"].items():
        dated = [Region(code, p["name"], day(p["valid_from"]), day(p["valid_to"]), p["successor"]) for p in periods]
        ordered = sorted([*found.get(code, ()), *dated], key=lambda r: r.valid_from or date.min)
        for first, second in pairwise(ordered):
            if first.valid_to is None or first.valid_to >= (second.valid_from or date.min):
                raise OverlappingPeriods(
                    file="region_codes", key=code, first=f"{first.name} ..{first.valid_to}", second=second.name
                )
        found[code] = tuple(ordered)
    return found


@lru_cache(maxsize=1)
def _regions() -> Mapping[str, tuple[Region, ...]]:
    return read_regions(load_text("region_codes"))


def known_region(code: str) -> bool:
    """Whether the code exists or ever existed, as far as is on record."""
    return code in _regions()


def known_province(two_digits: str) -> bool:
    return f"{two_digits}0000" in _regions()


def region(code: str, on: date | None = None) -> Region | None:
    """The place a six-digit code names on a date (without one: today's codes), or None."""
    return next((one for one in _regions().get(code, ()) if one.in_force(on)), None)


def check_region(text: str, on: date | None = None) -> Verdict:
    """Errors: length, digits, no such province, unknown, not valid on the date (naming the successor).
    The town and village digits of a longer code are not on record: a warning says that they were not judged."""
    if len(text) not in (6, 9, 12):
        return judged("region", text, [wrong_length(text, 6, 9, 12)])
    if not (text.isascii() and text.isdecimal()):
        return judged("region", text, [Reason("digits", "只能由数字组成", "it may hold digits only")])
    code = text[:6]
    found = region(code, on)
    if found is None:
        return judged("region", text, [_absent(code, on)])
    warnings = []
    if len(text) > 6:
        warnings.append(Reason("below_county", "县级以下代码未核验", "the digits below the county were not checked"))
    return judged("region", text, (), warnings, {"name": found.name, "province": code[:2] + "0000"})


def _absent(code: str, on: date | None) -> Reason:
    periods = _regions().get(code)
    if periods is None:
        if not known_province(code[:2]):
            return Reason("no_such_province", f"没有省级代码 {code[:2]}", f"there is no province {code[:2]}")
        return Reason("unknown_region", f"区划代码 {code} 未登记", f"region {code} is not on record")
    ended = [one for one in periods if one.valid_to is not None and (on is None or one.valid_to < on)]
    if ended:
        last = ended[-1]
        zh = f"{last.name}({code})已于 {last.valid_to} 后停用"
        en = f"{last.name} ({code}) is retired since {last.valid_to}"
        if last.successor:
            zh, en = f"{zh},现为 {last.successor}", f"{en}, its successor is {last.successor}"
        return Reason("retired", zh, en)
    born = periods[0]
    return Reason(
        "not_yet_valid",
        f"{born.name}({code})自 {born.valid_from} 起启用",
        f"{born.name} ({code}) exists from {born.valid_from}",
    )
