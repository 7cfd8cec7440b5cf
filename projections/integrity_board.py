"""What looks like an integrity risk? (廉政风险看板) Leads from eight rules, never findings of fault.

A flag that depends on time passing is stored with the day from which it holds and the day on which what was owed
came; whether it holds is answered for a day that the reader names. The fold reads no clock, so it can be rebuilt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from projections.view import Page, Reader


@dataclass(slots=True)
class Flag:
    """One lead: which rule (and version) it rests on, what was seen against which threshold, and the evidence.

    ``status`` is ``raised`` while what was owed is outstanding or cannot be mended, ``late`` once it came too late.
    ``evidence`` holds event ids (``stream:version``), ``first_seen`` the day from which the flag holds."""

    flag_id: str
    rule_id: str
    rule_version: str
    code: str
    name_zh: str
    name_en: str
    severity: str
    status: str
    subject_kind: str
    subject_key: str
    case_id: UUID | None
    case_no: str
    item: str
    regulator: str
    first_seen: date
    met_on: date | None
    threshold: dict[str, Any]
    observed: dict[str, Any]
    evidence: list[str]
    zh: str
    en: str
    position: int


@dataclass(slots=True)
class RuleCount:
    rule_id: str
    severity: str
    flags: int


def flags(
    read: Reader,
    as_of: date,
    *,
    rule: str = "",
    severity: str = "",
    case_id: UUID | None = None,
    case_no: str = "",
    regulator: str = "",
    item: str = "",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Flag]:
    """Flags that hold on the day ``as_of``, newest first. Raises BadCursor."""
    raise NotImplementedError


def flag(read: Reader, flag_id: str, as_of: date) -> Flag | None:
    """One flag, if it holds on that day."""
    raise NotImplementedError


def counts(read: Reader, as_of: date) -> list[RuleCount]:
    """How many flags each rule has on that day, by severity."""
    raise NotImplementedError
