"""The catalogue entry itself: decides its commands and folds its facts."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from domain.kernel.aggregate import Aggregate, Facts, Given
from domain.kernel.refusal import MalformedIdentifier
from domain.kernel.words import Body, ItemTerms, Regulator
from domain.rules.identifiers import check_item
from domain.rules.loader import practice
from domain.service_item import refusals as r
from domain.service_item.commands import PublishItemVersion, RetireItem, TransferItem
from domain.service_item.comparing import changes, packed, said_by, unpacked
from domain.service_item.elements import missing, titled
from domain.service_item.facts import ItemRetired, ItemTransferred, ItemVersionPublished
from domain.service_item.lawful import check_entry, check_limits, check_procedures, terms_of
from domain.service_item.words import CodeScheme


class Transfer(NamedTuple):
    """划转: from a day on the item is another organ's, and other regulators' if any are named."""

    effective_on: date
    organ: Body
    regulators: tuple[Regulator, ...]


class ServiceItem(Aggregate):
    """政务服务事项。"""

    NAME = "item"
    ZH = "政务服务事项"

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.versions: list[tuple[date, ItemTerms]] = []
        self.retirements: dict[int, date] = {}
        self.said: list[tuple[date, bytes]] = []
        self.basic_code = ""
        self.organs: list[tuple[date, Body]] = []
        self.transfers: list[Transfer] = []

    @property
    def retired_on(self) -> date | None:
        """From when on the entry is out of force, unless a later version was published since."""
        return self.retirements.get(len(self.versions))

    def publish(self, command: PublishItemVersion, given: Given) -> Facts:
        self._code_is_right(command)
        if not command.regulators:
            raise r.RegulatorMissing(item=command.item)
        entry = command.elements
        demanded = practice("catalogue_completeness", on=given.today).value
        lacking = missing(entry)
        if lacking and (demanded == "every" or (demanded == "whole" and entry is not None)):
            raise r.ElementsMissing(item=command.item, zh="、".join(map(titled, lacking)), en=", ".join(lacking))
        if entry is not None:
            check_procedures(one.kind for one in entry.clock.special_procedures or ())
        terms = terms_of(command, len(self.versions) + 1)
        check_limits(terms, command.effective_from)
        if entry is not None:
            check_entry(command, entry, terms, self.basic_code)
        said = said_by(terms, command.legal_basis, entry)
        if command.only_if_changed and self._says_it_already(command, said):
            return
        if standing := given.look.disputes(command.item):
            raise r.OwnerInDispute(item=command.item, disputes=len(standing), what=standing)
        self._owner_is_settled(command, terms)
        if self.versions and command.effective_from <= self.versions[-1][0]:
            raise r.VersionsMayNotOverlap(effective_from=command.effective_from, last=self.versions[-1][0])
        yield ItemVersionPublished(
            terms=terms, scheme=command.scheme, effective_from=command.effective_from,
            legal_basis=command.legal_basis, elements=entry, reason=command.reason,
            changes=changes(unpacked(self.said[-1][1]), said) if self.said else (),
        )  # fmt: skip

    def retire(self, command: RetireItem, given: Given) -> Facts:
        if not self.versions:
            raise r.UnknownItem(item=command.item, on=command.effective_on)
        if self.retired_on != command.effective_on:
            yield ItemRetired(item=command.item, effective_on=command.effective_on, reason=command.reason)

    def transfer(self, command: TransferItem, given: Given) -> Facts:
        known = self.transfers[-1] if self.transfers else None
        asked = Transfer(command.effective_on, command.to_organ, command.regulators)
        if known == asked:
            return
        if command.from_organ.code == command.to_organ.code:
            raise r.TransferToSameOrgan(item=command.item, organ=command.to_organ)
        if not self.versions:
            raise r.UnknownItem(item=command.item, on=command.effective_on)
        if self.retired_on is not None:
            raise r.RetiredItem(item=command.item, since=self.retired_on)
        last = max(self.versions[-1][0], known.effective_on if known else date.min)
        if command.effective_on <= last:
            raise r.TransferTooEarly(effective_on=command.effective_on, last=last)
        owner = self.organ_on(command.effective_on)
        if owner is not None and owner.code != command.from_organ.code:
            raise r.NotTheImplementingOrgan(item=command.item, owner=owner, organ=command.from_organ)
        yield ItemTransferred(
            item=command.item, from_organ=command.from_organ, to_organ=command.to_organ,
            effective_on=command.effective_on, basis=command.basis, running=command.running,
            regulators=command.regulators,
        )  # fmt: skip

    def published(self, fact: ItemVersionPublished) -> None:
        self.versions.append((fact.effective_from, fact.terms))
        self.said.append((fact.effective_from, packed(said_by(fact.terms, fact.legal_basis, fact.elements))))
        organ = fact.terms.organ
        # Once an organ is known only a transfer changes it: a version that begins before one in the future must not.
        if organ is not None and self.organ_on(fact.effective_from) is None:
            self.organs.append((fact.effective_from, organ))
        if fact.elements is not None and fact.elements.identity.basic_code:
            self.basic_code = fact.elements.identity.basic_code

    def was_retired(self, fact: ItemRetired) -> None:
        self.retirements[len(self.versions)] = fact.effective_on

    def was_transferred(self, fact: ItemTransferred) -> None:
        if not self.organs:
            self.organs.append((date.min, fact.from_organ))
        self.organs.append((fact.effective_on, fact.to_organ))
        self.transfers.append(Transfer(fact.effective_on, fact.to_organ, fact.regulators))

    def organ_on(self, on: date) -> Body | None:
        """实施主体: the organ to which the item belongs on a date, where the catalogue knows it."""
        return next((organ for since, organ in reversed(self.organs) if since <= on), None)

    def terms_on(self, item: str, on: date) -> ItemTerms:
        """Terms in force on a date. Raises ``UnknownItem`` or ``RetiredItem``."""
        begun = [number for number, (begins, _) in enumerate(self.versions, 1) if begins <= on]
        if not begun:
            raise r.UnknownItem(item=item, on=on)
        # A retirement ends the versions that were published before it; one published later begins anew.
        over = [since for number, since in self.retirements.items() if number >= begun[-1] and since <= on]
        if over:
            raise r.RetiredItem(item=item, since=over[-1])
        return self._as_transferred(*self.versions[begun[-1] - 1], on)

    def _as_transferred(self, begins: date, terms: ItemTerms, on: date) -> ItemTerms:
        """The terms with the organ, and the regulators, to which a transfer gave the item after they were published."""
        changed: dict[str, Any] = {}
        owner = self.organ_on(on)
        if owner is not None and (terms.organ is None or terms.organ.code != owner.code):
            changed["organ"] = owner
        moved = next((t for t in reversed(self.transfers) if begins < t.effective_on <= on and t.regulators), None)
        if moved is not None:
            changed["regulators"] = moved.regulators
        return terms.model_copy(update=changed) if changed else terms

    def _says_it_already(self, command: PublishItemVersion, said: dict[str, str]) -> bool:
        """Whether the entry says the same already, from that very day or now: bringing a whole catalogue in again
        makes no new versions, also when the file holds several versions of one item."""
        if self.retired_on is not None:
            return False
        now = packed(said)
        later = bool(self.said) and command.effective_from >= self.said[-1][0]
        return any(kept == now for begins, kept in self.said if begins == command.effective_from) or (
            later and self.said[-1][1] == now
        )

    def _code_is_right(self, command: PublishItemVersion) -> None:
        scheme = "national" if command.scheme is CodeScheme.NATIONAL else "older"
        verdict = check_item(command.item, scheme=scheme)
        if not verdict.valid:
            raise MalformedIdentifier(value=command.item, zh=verdict.errors[0].zh, en=verdict.errors[0].en)

    def _owner_is_settled(self, command: PublishItemVersion, terms: ItemTerms) -> None:
        organ, owner = terms.organ, self.organ_on(command.effective_from)
        if organ is not None and owner is not None and organ.code != owner.code:
            since = max(begins for begins, known in self.organs if known == owner and begins <= command.effective_from)
            raise r.OrganDisagrees(item=command.item, since=since, owner=owner, organ=organ)
