"""Commands of the routing (移交)."""

from __future__ import annotations

from domain.approval_case.commands.case import BY_ITSELF, CaseCommand
from domain.kernel.words import Body, Text


class HandOverCase(CaseCommand):
    """移交办件。The item went to another organ and takes its running cases with it."""

    NAME, ZH, MAY = "case.hand_over", "移交办件", BY_ITSELF
    from_organ: Body
    to_organ: Body
    basis: Text
