"""Bringing in (导入): the commands of a file, many in one commit, or rehearsed without storing anything."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.application import Answer, Order, Receipt
from domain.kernel.refusal import Refusal
from interfaces.sheets.problems import RowProblem, of_refusal

AT_ONCE = 200
"""Commands of one commit: a file of thousands is a few dozen commits, and others get their turn between them."""

CarryOut = Callable[[Sequence[Order]], Awaitable[list[Answer]]]


@dataclass(slots=True)
class Brought:
    """导入结果: of the rows of a file, how many were new or changed, said nothing new, or were refused and why."""

    rows: int
    done: int = 0
    unchanged: int = 0
    refused: int = 0
    problems: list[RowProblem] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        problems = [one._asdict() for one in self.problems]
        return {
            "rows": self.rows, "done": self.done, "unchanged": self.unchanged, "refused": self.refused,
            "problems": problems,
        }  # fmt: skip


async def bring_in(
    orders: Sequence[tuple[int, Order]],
    carry_out: CarryOut,
    *,
    rows: int,
    problems: Sequence[RowProblem] = (),
    tell: Callable[[int], None] = lambda done: None,
) -> Brought:
    """Carry out the commands of a file in its order. A refused one disturbs no other; rows that could not even be
    read are refused as well."""
    unread = {problem.row for problem in problems if problem.row > 1}
    brought = Brought(rows, refused=len(unread), problems=list(problems))
    for start in range(0, len(orders), AT_ONCE):
        part = orders[start : start + AT_ONCE]
        for (row, _), answer in zip(part, await carry_out([order for _, order in part]), strict=True):
            if isinstance(answer, Refusal):
                brought.refused += 1
                brought.problems += of_refusal(row, answer)
            elif isinstance(answer, Receipt) and answer.events:
                brought.done += 1
            else:
                brought.unchanged += 1
        tell(start + len(part))
    brought.problems.sort()
    return brought
