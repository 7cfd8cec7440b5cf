"""Notices as an operator enters them; all of them fictitious."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from domain.rules.entering import BOOKS, enter_rules

NOTICE_2027 = "国办发明电〔2026〕0号(虚构)"


def year_2027(**changes: Any) -> dict[str, Any]:
    """A notice for 2027, issued on 5 November 2026."""
    value = {
        "notice": NOTICE_2027,
        "holidays": [
            {"zh": "元旦", "en": "New Year's Day", "from": "2027-01-01", "to": "2027-01-03"},
            {"zh": "春节", "en": "Spring Festival", "from": "2027-02-05", "to": "2027-02-12"},
        ],
        "make_up_days": ["2027-01-30", "2027-02-13"],
    } | changes
    return {"2027": [rule(value, unit="calendar_year", effective_from="2026-11-05")]}


def typhoon(region: str = "371500", days: tuple[str, ...] = ("2026-07-13", "2026-07-14"), **changes: Any) -> Any:
    value = {"region": region, "days": days, "working": False, "notice": "聊政办发〔2026〕0号(虚构)"} | changes
    return {f"typhoon-{region}": [rule(value, effective_from="2026-07-12")]}


def rule(value: Any, *, unit: str = "setting", effective_from: str = "2026-06-01", **changes: Any) -> dict[str, Any]:
    return {
        "zh": "虚构", "en": "fictitious", "value": value, "unit": unit, "legal_basis": "默认 default",
        "effective_from": effective_from, "effective_to": None, "source": "tests only", **changes,
    }  # fmt: skip


def text(rules: Any, entered_on: str | None = "2026-11-26") -> str:
    return json.dumps(({"entered_on": entered_on} if entered_on else {}) | {"rules": rules}, ensure_ascii=False)


@contextmanager
def entered(directory: Path, **files: str) -> Iterator[Path]:
    """Rule files entered for as long as the block lasts; ``working_days_2027`` names ``working_days.2027.json``."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        book = next(b for b in BOOKS if name.startswith(b))
        rest = name.removeprefix(book).strip("_")
        (directory / f"{book}.{rest or 'here'}.json").write_text(content, encoding="utf-8")
    enter_rules(directory)
    try:
        yield directory
    finally:
        enter_rules(None)


def closed(directory: Path, region: str) -> AbstractContextManager[Path]:
    """Nobody works at a place on 3 and 4 March 2026, the two days after the Monday of the specifications."""
    days = ("2026-03-03", "2026-03-04")
    value = {"region": region, "days": days, "working": False, "notice": "聊政办发〔2026〕0号(虚构)"}
    closure = {f"closure-{region}": [rule(value, effective_from="2026-03-01")]}
    return entered(directory, working_days_closure=text(closure, "2026-03-01"))
