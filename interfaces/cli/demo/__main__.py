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
    pushes, consultations, inspections, books, *faults = sys.argv[1:]
    chosen = Settings()
    play(
        Plan(Size(int(pushes), int(consultations), int(inspections))), Connection.of(chosen), StoryClock.read(chosen.story_clock),
        Books(Path(books), faults=faults), sys.stdin, sys.stdout,
    )  # fmt: skip
