"""Words of the bundle (一件事): its states, what became of a part, a handed-in material."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from domain.kernel.bundles import PartCode
from domain.kernel.words import Body, ItemCode, Short, Value, Word

BundleNo = Annotated[str, StringConstraints(min_length=2, max_length=40, pattern=r"^\S+$")]
"""Number of a bundle (一件事编号); with a dash and the code of a part it is the number of a child's case."""

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class BundleState(Word):
    """一件事状态."""

    RUNNING = "running", "办理中", "running"
    HALTED = "halted", "不再继续,待已开部分办结", "halted, open parts go on"
    JOINED = "joined", "已会合,待发综合许可证", "joined, the composite license is to be issued"
    CONCLUDED = "concluded", "已办结", "concluded"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"


class PartState(Word):
    """部分状态."""

    WAITING = "waiting", "待前一阶段", "waits for the stage before"
    LEFT_OUT = "left_out", "申请人未选", "left out by the applicant"
    OPEN = "open", "办理中", "being handled"
    GRANTED = "granted", "准予", "granted"
    NOT_GRANTED = "not_granted", "未准予", "not granted"


class PartOutcome(Word):
    """部分结果: how a case of the bundle ended."""

    GRANTED = "granted", "准予许可", "granted"
    DENIED = "denied", "不予许可", "denied"
    WITHDRAWN = "withdrawn", "申请人撤回", "withdrawn"
    TERMINATED = "terminated", "终止办理", "terminated"
    NOT_ACCEPTED = "not_accepted", "不予受理", "not accepted"
    NOT_REQUIRED = "not_required", "不需要许可", "needs no license"
    NOT_OPENED = "not_opened", "未能开立", "could not be opened"


class HandedIn(Value):
    """已提交的共享材料: by name and digest; the file itself stays in the archive."""

    name: Short
    digest: Digest

    def __str__(self) -> str:
        return self.name


class OpenedPart(Value):
    """已开立的部分: what its case will be, and the shared materials that it refers to."""

    part: PartCode
    item: ItemCode
    name: Short
    organ: Body
    case_no: Short
    materials: tuple[HandedIn, ...] = ()

    def __str__(self) -> str:
        return self.name


class CompositePart(Value):
    """综合许可证所含许可: which decision of which organ it joins."""

    part: PartCode
    name: Short
    item: ItemCode
    organ: Body
    case_id: UUID
    case_no: Short
    decision_id: Short
    document_no: str

    def __str__(self) -> str:
        return self.name
