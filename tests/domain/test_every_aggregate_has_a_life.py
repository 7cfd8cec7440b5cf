"""Every aggregate is driven through commands in any order: none is left to the cases that somebody thought of."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from domain.application import AGGREGATES
from tests.domain.life import Life

for path in Path(__file__).parent.glob("test_*.py"):
    import_module(f"tests.domain.{path.stem}")

LIVES = {life for life in Life.__subclasses__() if life.__module__.startswith("tests.domain.")}


def test_every_aggregate_has_a_life():
    assert {life.OF for life in LIVES} == set(AGGREGATES)


def test_every_life_is_lived():
    for life in LIVES:
        assert life.TestCase in vars(sys.modules[life.__module__]).values(), f"{life.__name__} is never run"
