"""What is due, and when? (办理时限) Every clock of a case, with its pauses and its extension.

``rows`` holds the clocks and the queries, ``board`` how facts start, stop and move them."""

from projections.deadlines.board import Deadlines
from projections.deadlines.rows import (
    Clock,
    DeadlineRow,
    due_before,
    due_between,
    moves,
    of_case,
    told_otherwise,
    without_due_date,
)

__all__ = [
    "Clock",
    "DeadlineRow",
    "Deadlines",
    "due_before",
    "due_between",
    "moves",
    "of_case",
    "told_otherwise",
    "without_due_date",
]
