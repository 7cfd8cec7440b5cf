"""Routing (责任确定): who approves and who supervises a case, by the responsibility table in force at its acceptance.

The table's answer is recorded with its version and holds for the case from then on. Where no table speaks, the item
version that was frozen says who supervises, as it always did."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case.file import CaseFile
from domain.approval_case.words import UNDECIDED
from domain.kernel.aggregate import Facts, Given
from domain.kernel.words import Body, ItemTerms, Regulator, Site


class Routing(CaseFile):
    """责任确定与移交。"""

    def hand_over(self, command: c.HandOverCase, given: Given) -> Facts:
        if self.organ != command.from_organ.code or self.state not in UNDECIDED:
            return
        yield f.CaseHandedOver(
            case_no=self.case_no, from_organ=command.from_organ, to_organ=command.to_organ, basis=command.basis
        )
        if self.routing is not None:
            yield from self._route(given)

    def _route(self, given: Given) -> Facts:
        """By the table in force on the day from which the case counts as accepted; a case that is handed over later
        is routed anew by the table of that day."""
        on = given.today if self.routing is not None or self.day_zero is None else self.day_zero
        yield from self._routed(self._terms, self.site, self.organ, on, given)

    def _routed(self, terms: ItemTerms, site: Site | None, organ: str, on: date, given: Given) -> Facts:
        region = site.region if site else None
        found = given.look.responsibility(terms.item, region, version=terms.version, on=on)
        if found is not None:
            yield f.CaseRouted(
                case_no=self.case_no, item=terms.item, item_version=terms.version, region=region, organ=organ,
                routing=found, told=found.claimants,
            )  # fmt: skip

    @property
    def _regulators(self) -> tuple[Regulator, ...]:
        return self._regulators_of(self._terms, self.site)

    def _regulators_of(self, terms: ItemTerms, site: Site | None) -> tuple[Regulator, ...]:
        """Who must be told of a decision: whom the table names, else whom the item names at the place."""
        if self.routing is not None and self.routing.regulators:
            return tuple(
                Regulator(code=one.code, name=one.name, region=one.region) for one in self.routing.regulators
            )
        return terms.regulators_at(site.region if site else None)

    @property
    def _consulted(self) -> tuple[Body, ...]:
        return _once((*self._terms.consult, *(self.routing.consult if self.routing else ())))

    @property
    def _inspecting(self) -> tuple[Body, ...]:
        """Who must see the site, the item's lead first."""
        return _once((*self._terms.inspect, *(self.routing.inspect if self.routing else ())))


def _once(bodies: Iterable[Body]) -> tuple[Body, ...]:
    found: dict[str, Body] = {}
    for body in bodies:
        found.setdefault(body.code, body)
    return tuple(found.values())
