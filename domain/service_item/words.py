"""Words of the catalogue: the code scheme, what becomes of running cases at a transfer."""

from __future__ import annotations

from domain.kernel.words import Word


class CodeScheme(Word):
    """Which rule the item code follows; other schemes are kept as opaque text."""

    NATIONAL = "national", "国家编码", "national scheme of GB/T 39554.1"
    OTHER = "other", "其他编码", "another scheme, kept as it is"


class RunningCases(Word):
    """在办件去向: what becomes of cases that were submitted before an item went to another organ."""

    STAY = "stay", "由原部门办结", "stay with the old organ"
    MOVE = "move", "随事项移交", "move to the new organ"
