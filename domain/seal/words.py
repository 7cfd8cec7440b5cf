"""Words of the seal (用章术语)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from domain.kernel.identity import stream_id
from domain.kernel.words import Personal, Short, Word

SealNo = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{2,40}$")]
"""印章编号: the number under which the seal is filed with public security."""

Officer = Annotated[Short, Personal("text")]
Year = Annotated[int, Field(ge=2004, le=2999)]


class SealKind(Word):
    """印章种类."""

    APPROVAL = "approval", "审批专用章", "seal for approvals"
    ACCEPTANCE = "acceptance", "受理专用章", "seal for acceptance"
    LICENSE = "license", "证照专用章", "seal for license documents"
    OFFICIAL = "official", "公章", "official seal of the organ"
    ELECTRONIC = "electronic", "电子印章", "electronic seal"


class SealState(Word):
    """印章状态, within its year."""

    NEW = "new", "未启用", "not opened"
    IN_USE = "in_use", "在用", "in use"
    OUT_OF_USE = "out_of_use", "已停用", "out of use"
    CLOSED = "closed", "年度已结", "closed for the year"


class UseState(Word):
    """用印状态."""

    REQUESTED = "requested", "待确认", "waiting for the second key"
    USED = "used", "已用印", "sealed"
    DECLINED = "declined", "未用印", "declined"


class Fault(Word):
    """用印不符: why a use was refused."""

    NO_DECISION = "no_decision", "没有对应的决定", "there is no matching decision"
    DIGEST_DIFFERS = "digest_differs", "文书摘要不一致", "the digest of the document differs"


def seal_stream(organ: str, seal_no: str, year: int) -> UUID:
    """One stream per seal and year."""
    return stream_id("seal", year, organ, seal_no)
