"""What every fact of a joint inspection says."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.kernel.event import Event
from domain.kernel.words import InspectionKind, OrderedBy, Term

PRACTICE = "联合踏勘制度"
LAW = "行政许可法第三十四条第三款"
REFORM = "国办发〔2019〕11号"


class InspectionFact(Event):
    """Messages are ordered by the first case; ``kind`` says what the bodies look at together."""

    case_id: Annotated[UUID, OrderedBy()] = Field(description="the first case; case_ids names all")
    case_ids: tuple[UUID, ...]
    kind: InspectionKind = InspectionKind.SITE_VISIT


def in_chain(round: int) -> Term:
    """How a telling names an inspection that follows another; nothing for the first one."""
    return Term(f"(第 {round} 次复核)", f" (re-inspection {round})") if round else Term("", "")
