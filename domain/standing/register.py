"""CreditRegister (信用平台): what the platform asks of a city's credit register.

A port: the domain keeps only what was answered, with its source and time (``RecordCreditCheck``); how a register is
reached, a file exchanged by night or a service over HTTP, is known to the adapters alone."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from pydantic import AwareDatetime, Field

from domain.kernel.words import Short, Value
from domain.standing.words import CreditRecord, CreditResult


class CreditAnswer(Value):
    """信用平台的答复. ``as_of`` is the day and time of what the register holds, not of the question."""

    source: Short
    as_of: AwareDatetime
    name: str = Field("", max_length=200, description="how the register calls the subject, if it says")
    result: CreditResult
    records: tuple[CreditRecord, ...] = Field((), max_length=200)


class CreditRegisterSilent(Exception):
    """The register could not answer. The text says in both languages what happened and what to do.

    ``for_all``: it answers nobody at present, so asking again later is worth it; else this one answer is of no use."""

    def __init__(self, zh: str, en: str, *, for_all: bool = True) -> None:
        self.zh, self.en, self.for_all = zh, en, for_all
        super().__init__(f"{zh} {en}")


class CreditRegister(Protocol):
    """A credit register, however it is reached."""

    def look_up(self, identifier: str, at: datetime) -> CreditAnswer:
        """What the register says of a subject at a time. Raises CreditRegisterSilent."""
