"""Entering rules (后录规则): next year's calendar, a local closure, a city's practice, without a release.

A directory holds further rule files with the schema of the shipped ones. ``working_days.2027.json`` adds to the book
``working_days``: the name begins with that of the book. Each says on which day it was entered (``entered_on``), since
before that day nobody here could know it. Every process reads the directory once, when it starts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from domain.rules.errors import BadRule
from domain.rules.loader import Provision, RuleBook, read_rules, rule_book, threshold, time_limit, use_entered
from domain.rules.office_hours import OfficeHours
from domain.rules.working_days import WorkingCalendar, calendar_told, working_calendar

BOOKS = ("working_days", "office_hours", "practices", "time_limits", "thresholds", "document_numbers")
"""What may be entered. The procedures of Article 45 may not: their list is closed by law."""

RECEIPT_ROLLS = ("none", "next_working_day")


@dataclass(frozen=True, slots=True)
class Entered:
    """What one process has read: where, and how the files looked then."""

    directory: Path | None = None
    digest: str = ""

    def changed(self) -> bool:
        """Whether the files are others than those this process answers by; it must then be started again."""
        return self.directory is not None and _digest(self.directory) != self.digest


_read = Entered()


def entered() -> Entered:
    """What this process has read."""
    return _read


def enter_rules(directory: Path | None) -> Entered:
    """Read the directory and answer by it from now on; an absent one holds nothing. Raises BadRule,
    OverlappingPeriods, and then leaves everything as it was."""
    global _read
    files = _files(directory)
    _use(_books({path.name: path.read_text(encoding="utf-8") for path in files}))
    _read = Entered(directory, _digest(directory))
    return _read


@dataclass(frozen=True, slots=True)
class Tried:
    """What a file would bring, found by trying it beside everything that is in force."""

    book: str
    keys: tuple[str, ...]
    calendar: WorkingCalendar
    before: WorkingCalendar


def try_rules(directory: Path | None, name: str, text: str, entered_on: date) -> Tried:
    """What one more file would bring; nothing is kept of it. Raises what ``enter_rules`` would raise."""
    before, kept = working_calendar(), dict(_in_use)
    texts = {path.name: path.read_text(encoding="utf-8") for path in _files(directory)}
    book = _book_of(name)
    texts[name] = stamped(name, text, entered_on)
    try:
        _use(_books(texts))
        return Tried(book, tuple(read_rules(name, texts[name])), working_calendar(), before)
    finally:
        use_entered(kept)
        _in_use.clear()
        _in_use.update(kept)


def stamped(name: str, text: str, entered_on: date) -> str:
    """The text of a file with the day it is entered on; one that names a day keeps it."""
    try:
        content = json.loads(text)
    except ValueError as wrong:
        raise BadRule(file=name, key="json", zh=f"不是合格的 JSON({wrong})", en=f"it is no JSON ({wrong})") from wrong
    if not isinstance(content, dict) or "entered_on" in content:
        return text
    return json.dumps({"entered_on": entered_on.isoformat()} | content, ensure_ascii=False, indent=1) + "\n"


def _files(directory: Path | None) -> list[Path]:
    if directory is None or not directory.is_dir():
        return []
    return sorted(path for path in directory.iterdir() if path.suffix == ".json" and not path.name.startswith("."))


def _digest(directory: Path | None) -> str:
    told = [f"{path.name}\x1f{sha256(path.read_bytes()).hexdigest()}" for path in _files(directory)]
    return sha256("\n".join(told).encode()).hexdigest()


def _book_of(name: str) -> str:
    book = name.partition(".")[0]
    if book not in BOOKS:
        known = "、".join(f"{one}.….json" for one in BOOKS)
        raise BadRule(
            file=name, key=book, zh=f"文件名须以规则名开头({known})",
            en=f"the name of the file must begin with that of its book ({', '.join(BOOKS)})",
        )  # fmt: skip
    return book


def _books(texts: Mapping[str, str]) -> dict[str, list[RuleBook]]:
    books: dict[str, list[RuleBook]] = {}
    for name, text in sorted(texts.items()):
        book = _book_of(name)
        books.setdefault(book, []).append(read_rules(name, text, _entered_on(name, text)))
    return books


def _entered_on(name: str, text: str) -> date:
    content = read_rules(name, text).extra
    try:
        return date.fromisoformat(content["entered_on"])
    except (KeyError, TypeError, ValueError) as wrong:
        raise BadRule(
            file=name, key="entered_on", zh="须写明录入日期(用 shuangtui calendar enter 录入会自动写明)",
            en="the day it was entered is missing (shuangtui calendar enter writes it)",
        ) from wrong  # fmt: skip


def _use(books: Mapping[str, list[RuleBook]]) -> None:
    """Answer by these; if one of them cannot be right, by what was before."""
    try:
        use_entered(books)
        for _ in _asked(books):
            pass
    except BaseException:
        use_entered(_in_use)
        raise
    _in_use.clear()
    _in_use.update(books)


_in_use: dict[str, list[RuleBook]] = {}


def _asked(books: Mapping[str, list[RuleBook]]) -> Iterator[object]:
    """Ask everything that was entered once: what is wrong must be said now, not at the first case that needs it."""
    entered_keys = [(name, key) for name, found in books.items() for book in found for key in book]
    for name, key in entered_keys:
        for provision in rule_book(name).versions(key):
            if provision.entered_on is not None:
                yield _asked_of(name, key, provision)
    if "working_days" in books:
        yield calendar_told("", date.max)
        _known_days(working_calendar())


def _asked_of(name: str, key: str, provision: Provision) -> object:
    if name == "time_limits":
        return time_limit(key, on=provision.effective_from)
    if name == "thresholds":
        return threshold(key, on=provision.known_from)
    if name == "office_hours":
        return OfficeHours(working_calendar())
    if key == "receipt_roll" and provision.value not in RECEIPT_ROLLS:
        raise BadRule(
            file=provision.file, key=key, zh=f"只能是 {'、'.join(RECEIPT_ROLLS)},不是 {provision.value}",
            en=f"it is one of {', '.join(RECEIPT_ROLLS)}, not {provision.value}",
        )  # fmt: skip
    switch = name == "practices" and isinstance(rule_book(name).versions(key)[0].value, bool)
    if switch and not isinstance(provision.value, bool):
        # The word "false" is a text, and every text that is not empty would count as yes.
        zh, en = f"只能是 true 或 false,不是 {provision.value!r}", f"it is true or false, not {provision.value!r}"
        raise BadRule(file=provision.file, key=key, zh=zh, en=en)
    return None


def _known_days(calendar: WorkingCalendar) -> None:
    for overlay in calendar.overlays:
        for day in overlay.days:
            if not calendar.covers(day):
                raise BadRule(
                    file="working_days", key=overlay.region, zh=f"{day} 所在年份还没有全国工作日历",
                    en=f"the nation has no calendar yet for the year of {day}",
                )  # fmt: skip
