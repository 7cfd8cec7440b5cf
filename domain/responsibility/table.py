"""The responsibility table itself: decides its commands and folds its facts."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from domain.kernel.aggregate import Aggregate, Facts, Given
from domain.kernel.responsibility import Responsible
from domain.kernel.words import Body
from domain.responsibility import refusals as r
from domain.responsibility.commands import ResolveDispute, SetResponsibilityTable
from domain.responsibility.facts import (
    ResponsibilityDisputed,
    ResponsibilityDisputeResolved,
    ResponsibilityTableSet,
)
from domain.responsibility.routing import disputes_of, responsible
from domain.responsibility.words import Dispute


class ResponsibilityTable(Aggregate):
    """责任清单。"""

    NAME = "responsibility"
    ZH = "责任清单"

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.tables: list[ResponsibilityTableSet] = []
        self.disputes: dict[int, tuple[Dispute, Body | None]] = {}
        self.decisions: dict[int, ResponsibilityDisputeResolved] = {}

    @property
    def standing(self) -> tuple[tuple[int, Dispute], ...]:
        """Disputes that nobody has decided yet."""
        return tuple((number, dispute) for number, (dispute, owner) in self.disputes.items() if owner is None)

    def set(self, command: SetResponsibilityTable, given: Given) -> Facts:
        last = self.tables[-1] if self.tables else None
        if last is not None:
            if all(getattr(last, n) == getattr(command, n) for n in ("effective_from", "rows", "places")):
                return
            if command.effective_from < last.effective_from:
                raise r.TableTooEarly(effective_from=command.effective_from, last=last.effective_from)
        number = len(self.tables) + 1
        yield ResponsibilityTableSet(
            number=number, **{n: getattr(command, n) for n in type(command).model_fields},
        )  # fmt: skip
        for found in disputes_of(command.rows, command.places, command.effective_from):
            if any(known.contains(found) for known, _ in self.disputes.values()):
                continue
            yield ResponsibilityDisputed(
                item=command.item, number=len(self.disputes) + 1, table=number, dispute=found,
                claimants=found.claimants,
            )  # fmt: skip

    def resolve(self, command: ResolveDispute, given: Given) -> Facts:
        if command.dispute not in self.disputes:
            raise r.UnknownDispute(item=command.item, dispute=command.dispute)
        if command.decided_on > given.today:
            raise r.DecidedInTheFuture(decided_on=command.decided_on, today=given.today)
        dispute, owner = self.disputes[command.dispute]
        if owner is not None:
            known = self.decisions[command.dispute]
            if (known.owner, known.document_no) == (command.owner, command.document_no):
                return
            raise r.DisputeResolvedOtherwise(dispute=command.dispute, document_no=known.document_no, owner=owner)
        told = {one.code: one for one in (*dispute.claimants, command.owner)}
        yield ResponsibilityDisputeResolved(
            item=command.item, number=command.dispute, owner=command.owner, authority=command.authority,
            document_no=command.document_no, decided_on=command.decided_on, told=tuple(told.values()),
        )  # fmt: skip

    def was_set(self, fact: ResponsibilityTableSet) -> None:
        self.tables.append(fact)

    def was_disputed(self, fact: ResponsibilityDisputed) -> None:
        self.disputes[fact.number] = (fact.dispute, None)

    def was_resolved(self, fact: ResponsibilityDisputeResolved) -> None:
        dispute, _ = self.disputes[fact.number]
        self.disputes[fact.number] = (dispute, fact.owner)
        self.decisions[fact.number] = fact

    def responsible(self, region: str | None, *, version: int, on: date) -> Responsible | None:
        """Who answers for an item version at a place on a day; none before the first table began."""
        table = next((one for one in reversed(self.tables) if one.effective_from <= on), None)
        if table is None:
            return None
        return responsible(table.number, table.rows, self.disputes, region=region, version=version, on=on)
