"""Notices (节假日安排通知、地方调整): what a year orders, and on which days a region differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from domain.rules.errors import BadRule
from domain.rules.loader import Provision
from domain.rules.reason import Reason


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One year as a notice (节假日安排通知) orders it: days off, and weekend days that are worked instead."""

    year: int
    notice: str
    known_from: date
    off: Mapping[date, tuple[str, str]]
    made_up: frozenset[date]

    @classmethod
    def read(cls, provision: Provision) -> CalendarYear:
        """Raises BadRule for a day outside the year, both off and worked, or a make-up day that is a weekday."""
        try:
            return cls._read(provision)
        except (AttributeError, KeyError, TypeError, ValueError) as wrong:
            raise BadRule(
                file=provision.file, key=provision.key,
                zh=f"年度日历须有 notice、holidays(zh、en、from、to)和 make_up_days({wrong!r})",
                en=f"a year has a notice, holidays (zh, en, from, to) and make_up_days ({wrong!r})",
            ) from wrong  # fmt: skip

    @classmethod
    def _read(cls, provision: Provision) -> CalendarYear:

        def bad(zh: str, en: str) -> BadRule:
            return BadRule(file=provision.file, key=provision.key, zh=zh, en=en)

        year, off = int(provision.key), {}
        for holiday in provision.value["holidays"]:
            first, last = date.fromisoformat(holiday["from"]), date.fromisoformat(holiday["to"])
            for ordinal in range(first.toordinal(), last.toordinal() + 1):
                off[date.fromordinal(ordinal)] = (holiday["zh"], holiday["en"])
        made_up = frozenset(date.fromisoformat(day) for day in provision.value["make_up_days"])
        if any(day.year != year for day in [*off, *made_up]):
            raise bad("有日期不在该年", "a day lies outside the year")
        if made_up & off.keys():
            raise bad("同一天既放假又上班", "a day is both off and worked")
        if any(day.weekday() < 5 for day in made_up):
            raise bad("补班日不是周末", "a make-up day is no weekend day")
        return cls(year, provision.value["notice"], provision.known_from, off, made_up)


@dataclass(frozen=True, slots=True)
class Overlay:
    """Days on which one region differs from the nation (地方调整): a typhoon closure, a local festival.

    It holds for the region code given and everything below it (a province's for its cities and counties)."""

    region: str
    days: frozenset[date]
    working: bool
    notice: str
    zh: str
    en: str
    known_from: date

    @classmethod
    def read(cls, provision: Provision) -> Overlay:
        """Raises BadRule for an entry that lacks a field, or whose days and region cannot be read."""
        value = provision.value
        try:
            region, working, notice = value["region"], value["working"], value["notice"]
            days = frozenset(map(date.fromisoformat, value["days"]))
            if not (region.isdecimal() and len(region) in (6, 9, 12) and isinstance(working, bool) and days):
                raise ValueError(f"region {region}, working {working}, {len(days)} days")
        except (AttributeError, KeyError, TypeError, ValueError) as wrong:
            raise BadRule(
                file=provision.file, key=provision.key,
                zh=f"地方调整须有 region、days、working、notice({wrong})",
                en=f"an overlay has region, days, working and notice ({wrong})",
            ) from wrong  # fmt: skip
        return cls(region, days, working, notice, provision.zh, provision.en, provision.known_from)

    @property
    def prefix(self) -> str:
        # By levels of 2, 4, 6 and 9 digits: stripping zeros would make the town 371502100 cover 371502101 too.
        level = next((n for n in (2, 4, 6, 9) if not self.region[n:].strip("0")), len(self.region))
        return self.region[:level]

    def covers(self, region: str) -> bool:
        return region.startswith(self.prefix)

    def reason(self) -> Reason:
        zh, en = f"{self.zh}({self.notice})", f"{self.en} ({self.notice})"
        if self.working:
            return Reason("local_working_day", f"当地上班:{zh}", f"worked locally: {en}")
        return Reason("local_closure", f"当地停止办公:{zh}", f"closed locally: {en}")
