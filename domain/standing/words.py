"""Words of the standing: why a bar was imposed or lifted, and what a credit register answers."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.kernel.words import Short, Text, Value, Word


class CreditResult(Word):
    """信用核查结果."""

    CLEAN = "clean", "无严重失信记录", "no serious dishonesty on record"
    DISHONEST = "dishonest", "存在严重失信记录", "serious dishonesty on record"
    UNKNOWN = "unknown", "查无此主体", "the register does not know the subject"


class LiftGround(Word):
    """解除限制的事由."""

    REPAIRED = "repaired", "信用修复", "the credit was repaired"
    IMPOSED_IN_ERROR = "imposed_in_error", "原认定被撤销", "what it rested on was set aside"
    ANSWERED = "answered", "事由已处置", "what it waited for was answered"


class CreditRecord(Value):
    """失信记录: one entry of the register, as it was told."""

    number: Short
    kind: Short
    recorded_on: date | None = None
    organ: Annotated[str, Field(max_length=200)] = ""
    statement: Annotated[str, Field(max_length=2000)] = ""

    def __str__(self) -> str:
        return f"{self.kind}({self.number})"


class BarCause(Value):
    """What a bar rests on: the fact that brought it about, and its case where there is one."""

    fact_id: Short
    statement: Text
    case_id: UUID | None = None

    def __str__(self) -> str:
        return self.statement
