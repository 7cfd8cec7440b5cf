"""Words of the responsibility table: its rows, and the disputes that it may hold."""

from __future__ import annotations

from datetime import date

from pydantic import Field, model_validator

from domain.kernel.responsibility import Officers, ResponsibleRegulator
from domain.kernel.words import Body, RegionCode, Value, Word, covers


class ResponsibilityRow(Value):
    """责任清单的一行: for these item versions, at this place, between these days, who approves and who supervises.

    No region means everywhere, no last version and no last day that there is none. A row without regulators leaves
    those of the item."""

    region: RegionCode | None = None
    versions_from: int = Field(1, ge=1)
    versions_to: int | None = Field(None, ge=1)
    effective_from: date
    effective_to: date | None = None
    approver: Body
    approver_officers: Officers = ()
    regulators: tuple[ResponsibleRegulator, ...] = Field((), max_length=60)
    consult: tuple[Body, ...] = Field((), max_length=30)
    inspect: tuple[Body, ...] = Field((), max_length=30)

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> ResponsibilityRow:
        if self.effective_to is not None and self.effective_to < self.effective_from:
            raise ValueError("责任行的结束日早于开始日。A row ends before it begins.")
        if self.versions_to is not None and self.versions_to < self.versions_from:
            raise ValueError("责任行的末版本早于首版本。A row names its item versions backwards.")
        return self

    def holds(self, place: str | None, version: int, on: date) -> bool:
        """Whether the row speaks of a place, an item version and a day."""
        return (
            (self.region is None or covers(self.region, place))
            and self.versions_from <= version <= (self.versions_to or version)
            and self.effective_from <= on <= (self.effective_to or on)
        )

    @property
    def narrowness(self) -> int:
        """How narrow its place is; the narrower row goes before the wider one."""
        if self.region is None:
            return 0
        return next((n for n in (2, 4, 6, 9) if not self.region[n:].strip("0")), len(self.region))


class DisputeKind(Word):
    """争议类型."""

    NOBODY = "nobody", "无人负责", "nobody answers"
    TWO_OWNERS = "two_owners", "多头负责", "more than one answers"


class Dispute(Value):
    """责任争议: a place, item versions and a period for which nobody, or more than one, answers."""

    kind: DisputeKind
    place: RegionCode | None = None
    versions_from: int = 1
    versions_to: int | None = None
    begins: date
    ends: date | None = None
    claimants: tuple[Body, ...] = ()

    def contains(self, other: Dispute) -> bool:
        """Whether another dispute is part of this one, so that it needs no entry of its own: the same claims at a
        narrower place, or for fewer days, are decided by the same document."""
        return (
            self.kind is other.kind
            and (self.place is None or covers(self.place, other.place))
            and {one.code for one in self.claimants} == {one.code for one in other.claimants}
            and self.versions_from <= other.versions_from
            and (self.versions_to is None or (other.versions_to or self.versions_to + 1) <= self.versions_to)
            and self.begins <= other.begins
            and (self.ends is None or (other.ends or date.max) <= self.ends)
        )

    def concerns(self, place: str | None, version: int, on: date) -> bool:
        return (
            (self.place is None or covers(self.place, place))
            and self.versions_from <= version <= (self.versions_to or version)
            and self.begins <= on <= (self.ends or on)
        )

    def __str__(self) -> str:
        return f"{self.place or '全域'} {self.begins}~{self.ends or ''}"
