"""Practices as a city enters them: a switch that is off in what is shipped is on for as long as a test lasts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from domain.rules.loader import read_rules, use_entered


@contextmanager
def in_practice(effective_from: str = "2026-01-01", **entered: Any) -> Iterator[None]:
    """A city that has entered these practices, from a day on."""
    rules = {
        key: [{
            "zh": "虚构", "en": "fictitious", "value": value, "unit": "setting", "legal_basis": "虚构 fictitious",
            "effective_from": effective_from, "effective_to": None, "source": "tests only",
        }]
        for key, value in entered.items()
    }  # fmt: skip
    use_entered({"practices": [read_rules("practices", json.dumps({"rules": rules}))]})
    try:
        yield
    finally:
        use_entered({})
