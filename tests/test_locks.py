"""Advisory locks share one space of keys in a database: two that meet by accident wait for each other for ever."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
KEY = re.compile(r"\b7310042\d{3}\b")


def keys_in(texts: list[str]) -> Counter[str]:
    return Counter(key for text in texts for key in KEY.findall(text))


def test_every_advisory_lock_has_a_key_of_its_own() -> None:
    sources = [p for room in ("infra", "projections") for p in (ROOT / room).rglob("*") if p.suffix in (".py", ".sql")]

    keys = keys_in([source.read_text("utf-8") for source in sources])

    assert len(keys) >= 4, "the pattern no longer finds the keys"
    assert [key for key, times in keys.items() if times > 1] == []


def test_two_locks_with_one_key_are_noticed() -> None:
    assert keys_in(["TURN = 7310042616", "LOCK = 7310042616"]).most_common(1) == [("7310042616", 2)]
