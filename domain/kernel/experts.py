"""Experts (专家) as other chapters may know them: their ties, and how they stand in the pool at one version."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints, model_validator

from domain.kernel.identity import STANDING, stream_id
from domain.kernel.words import Personal, Short, Value, Word

ExpertNo = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{1,39}$")]
"""Number of an expert (专家编号) in the pool; facts of a draw name experts by it, never by name."""

Discipline = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z_]{1,39}$")]
"""Code of a discipline (专业类别) in the dated list ``expert_disciplines``."""


def expert_stream(expert_no: str) -> UUID:
    return stream_id("expert", STANDING, expert_no)


class ExpertState(Word):
    """在库状态."""

    ENROLLED = "enrolled", "在库", "enrolled"
    SUSPENDED = "suspended", "暂停", "suspended"
    REMOVED = "removed", "出库", "removed"


class TieKind(Word):
    """利害关系: what makes an expert withdraw."""

    EMPLOYMENT = "employment", "任职", "employment"
    SHAREHOLDING = "shareholding", "持股", "shareholding"
    CONSULTING = "consulting", "咨询服务", "consulting"
    KINSHIP = "kinship", "亲属关系", "kinship"
    AUTHORED = "authored", "编制过申报材料", "wrote the material"


class Tie(Value):
    """一项利害关系: with whom, of what kind, from when to when; no end means that it goes on.

    ``party`` is an identifier (统一社会信用代码, or the keyed digest of a natural person): names may be shared."""

    kind: TieKind
    party: Annotated[str, StringConstraints(min_length=2, max_length=64)]
    party_name: Annotated[Short, Personal("name")]
    since: date
    until: date | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Tie:
        if self.until is not None and self.until < self.since:
            raise ValueError("利害关系的结束日早于开始日。The tie ends before it begins.")
        return self

    def binds(self, on: date, years: int) -> bool:
        """Whether it still counts on a date: it goes on, or it ended within that many years before."""
        return self.until is None or self.until >= years_before(on, years)

    def __str__(self) -> str:
        return f"{self.kind} {self.party} {self.since}~{self.until or ''}"


def years_before(day: date, years: int) -> date:
    """The same day some years earlier; 29 February falls back to the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


class DrawSeen(Value):
    """专家抽取 as the next one of the same case sees it: whether it is over, and how often it was drawn without cause."""

    over: bool
    without_cause: int = 0


class ExpertStanding(Value):
    """专家在库情况: what a draw must know of one expert, as of one version of the expert's own stream."""

    expert_no: ExpertNo
    version: int
    name: Annotated[Short, Personal("name")]
    state: ExpertState
    disciplines: tuple[Discipline, ...]
    ties: tuple[Tie, ...] = ()
