"""Delegation (首席代表授权) as a decision sees it: what a letter covers, and what goes beyond it.

Shared by the chapter that keeps the letters and the chapter that decides on them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Annotated, NamedTuple
from uuid import UUID

from pydantic import Field, StringConstraints

from domain.kernel.command import Command
from domain.kernel.documents import DocumentKind
from domain.kernel.identity import delegation_stream
from domain.kernel.people import Role
from domain.kernel.words import ExerciseLevel, ItemCode, OrganCode, Personal, RegionCode, Short, Value, Word, covers

LetterNo = Annotated[str, StringConstraints(min_length=2, max_length=100)]
"""授权书编号: the number of the letter of authority."""

ItemPattern = Annotated[str, StringConstraints(min_length=1, max_length=50, pattern=r"^[^\s*]*\*?[^\s*]*$")]
"""An item code, or one with a single ``*`` that stands for any characters."""

Amount = Annotated[int, Field(ge=0, le=10**15)]
"""金额: in fen (分), the minor unit."""


class Beyond(Word):
    """越权之处: in what a decision goes beyond the letter."""

    NO_LETTER = "no_letter", "没有授权书", "there is no letter"
    DATE = "date", "超出授权期限", "outside its dates"
    ITEM = "item", "超出授权事项", "the item"
    PLACE = "place", "超出授权区域", "the place"
    LEVEL = "level", "超出授权层级", "the level of exercise"
    AMOUNT = "amount", "超出授权金额", "the amount"


class Scope(Value):
    """授权范围: what the officer may decide; an empty list means every one."""

    items: tuple[ItemPattern, ...] = Field((), max_length=2000)
    places: tuple[RegionCode, ...] = Field((), max_length=500)
    levels: tuple[ExerciseLevel, ...] = Field((), max_length=7)
    amount_to: Amount | None = Field(None, description="in fen; none: the letter sets no limit of amount")


class UpForDecision(NamedTuple):
    """What is to be decided, as far as a letter speaks of it."""

    item: str
    region: str | None
    level: ExerciseLevel | None
    amount: int | None


class Letter(Value):
    """授权书, as it stands now: altered, withdrawn or made good afterwards."""

    letter_no: LetterNo
    scope: Scope
    valid_from: date
    valid_to: date
    ends_before: date | None = Field(None, description="withdrawn from this day on")
    retroactive: bool = False

    def exceeded(self, matter: UpForDecision, on: date) -> tuple[Beyond, ...]:
        """In what a decision on a day goes beyond the letter; nothing where it is inside."""
        scope = self.scope
        inside = {
            Beyond.DATE: self.valid_from <= on <= self.valid_to and (self.ends_before is None or on < self.ends_before),
            Beyond.ITEM: not scope.items or any(fits(one, matter.item) for one in scope.items),
            Beyond.PLACE: not scope.places or any(covers(one, matter.region) for one in scope.places),
            Beyond.LEVEL: not scope.levels or matter.level in scope.levels,
            # An amount that is not stated cannot be shown to be inside the limit.
            Beyond.AMOUNT: scope.amount_to is None or (matter.amount is not None and matter.amount <= scope.amount_to),
        }  # fmt: skip
        return tuple(beyond for beyond, met in inside.items() if not met)


@lru_cache(maxsize=4096)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, pattern.split("*"))))


def fits(pattern: str, item: str) -> bool:
    """Whether an item code is the one named, or of the kind named by a pattern."""
    return _pattern(pattern).fullmatch(item) is not None


def judged(letters: Iterable[Letter], matter: UpForDecision, on: date) -> tuple[Letter | None, tuple[Beyond, ...]]:
    """The letter that a decision rests on, or the one that comes nearest with what goes beyond it."""
    nearest: tuple[Letter | None, tuple[Beyond, ...]] = (None, (Beyond.NO_LETTER,))
    for letter in letters:
        beyond = letter.exceeded(matter, on)
        if not beyond:
            return letter, ()
        if nearest[0] is None or len(beyond) <= len(nearest[1]):
            nearest = (letter, beyond)
    return nearest


class RecordDelegationExceeded(Command):
    """记录越权尝试。Record that a decision beyond a letter was attempted and refused; the platform alone does this."""

    NAME = "delegation.record_exceeded"
    ZH = "记录越权尝试"
    MAY = frozenset({Role.SYSTEM})

    organ: OrganCode
    officer: Annotated[Short, Personal("text")]
    case_id: UUID
    case_no: Short
    item: ItemCode
    decision: DocumentKind
    document_no: Short
    letter_no: str = ""
    beyond: tuple[Beyond, ...] = Field(min_length=1)

    @property
    def stream(self) -> UUID:
        return delegation_stream(self.organ, self.officer)
