"""The process of the regulators; ``shuangtui demo`` starts it."""

from __future__ import annotations

import sys
from pathlib import Path

from infra.clock import StoryClock
from infra.kafka import Connection
from infra.settings import Settings
from interfaces.cli.demo.books import Books
from interfaces.cli.demo.plan import Plan, Size
from interfaces.cli.demo.regulators import play

if __name__ == "__main__":
    *numbers, books, fault = sys.argv[1:]
    chosen = Settings()
    play(
        Plan(Size(*map(int, numbers))), Connection.of(chosen), StoryClock.read(chosen.story_clock),
        Books(Path(books), fault=fault), sys.stdin, sys.stdout,
    )  # fmt: skip
