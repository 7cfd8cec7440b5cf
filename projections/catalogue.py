"""What may be applied for, and who subscribed to what? (事项目录与订阅)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from domain.kernel.words import Change, ItemTerms
from domain.service_item import ItemRetired, ItemVersionPublished
from domain.subscription import SubscriptionClosed, SubscriptionOpened, Terms, why
from projections.view import Page, Projection, Reader, Table


@dataclass(slots=True)
class ItemVersionRow:
    """One version of a catalogue entry, in force from ``effective_from`` to ``effective_to`` (none: still)."""

    item: str
    number: int
    name: str
    effective_from: date
    effective_to: date | None
    legal_basis: str
    reason: str
    terms: dict[str, Any]
    first_position: int
    position: int
    retired: bool = False

    def frozen(self) -> ItemTerms:
        return ItemTerms.model_validate(self.terms)


@dataclass(slots=True)
class SubscriptionRow:
    """A regulator's contract. ``effective_to`` counts a closing in; ``terms`` is what was agreed."""

    subscription_id: UUID
    number: str
    regulator: str
    regulator_name: str
    effective_from: date
    effective_to: date | None
    terms: dict[str, Any]
    first_position: int
    position: int
    version: int
    closed_because: str = ""

    def contract(self) -> Terms:
        """The terms with the day on which the contract really ends."""
        return Terms.model_validate(self.terms).model_copy(update={"effective_to": self.effective_to})


_IN_FORCE = " effective_from <= %(on)s AND (effective_to IS NULL OR %(on)s <= effective_to)"
_ITEM = "SELECT * FROM projections.item_version"
_SUBSCRIPTION = "SELECT * FROM projections.subscription"


def items(
    read: Reader, on: date, *, text: str = "", cursor: str | None = None, limit: int = 50
) -> Page[ItemVersionRow]:
    """Item versions in force on a day, by code; ``text`` is part of the code or the name."""
    like = "%" + text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
    return read.page(
        ItemVersionRow,
        _ITEM + " WHERE" + _IN_FORCE + (" AND (name ILIKE %(like)s OR item ILIKE %(like)s)" if text else ""),
        {"on": on, "like": like}, order=("item", "number"), cursor=cursor, limit=limit,
    )  # fmt: skip


def item(read: Reader, code: str, on: date) -> ItemVersionRow | None:
    """The version of an item in force on a day, or none: unknown, not yet in force, or retired."""
    return read.one(ItemVersionRow, _ITEM + " WHERE item = %(item)s AND" + _IN_FORCE, {"item": code, "on": on})


def versions(read: Reader, code: str) -> list[ItemVersionRow]:
    return read.rows(ItemVersionRow, _ITEM + " WHERE item = %s ORDER BY number", (code,))


def count_items(read: Reader, on: date) -> int:
    where = "WHERE" + _IN_FORCE
    return int(read.value(f"SELECT count(*) FROM projections.item_version {where}", {"on": on}))  # noqa: S608


def subscription(read: Reader, subscription_id: UUID) -> SubscriptionRow | None:
    return read.one(SubscriptionRow, _SUBSCRIPTION + " WHERE subscription_id = %s", (subscription_id,))


def subscriptions(
    read: Reader, *, regulator: str = "", on: date | None = None, cursor: str | None = None, limit: int = 50
) -> Page[SubscriptionRow]:
    """Contracts, oldest first; of one regulator, or in force on a day."""
    where = [w for w, given in (("regulator = %(regulator)s", regulator), (_IN_FORCE, on)) if given]
    return read.page(
        SubscriptionRow, _SUBSCRIPTION + (" WHERE " + " AND ".join(where) if where else ""),
        {"regulator": regulator, "on": on}, order=("first_position",), cursor=cursor, limit=limit,
    )  # fmt: skip


def contracts_changed_at(read: Reader) -> int:
    """The position of the last fact that opened or closed a contract; 0 while there is none."""
    return int(read.value("SELECT coalesce(max(position), 0) FROM projections.subscription"))


def contracts(read: Reader) -> list[SubscriptionRow]:
    """Every contract, oldest first, also those that ended."""
    return read.rows(SubscriptionRow, _SUBSCRIPTION + " ORDER BY first_position")


def subscriptions_in_force(
    read: Reader, *, item: str, region: str | None, change: Change, on: date
) -> list[SubscriptionRow]:
    """The contracts under which a decision falls: every rule of ``domain.subscription.why`` is met."""
    rows = read.rows(SubscriptionRow, _SUBSCRIPTION + " WHERE" + _IN_FORCE + " ORDER BY first_position", {"on": on})
    return [
        row for row in rows
        if all(a.met for a in why(row.contract(), item=item, region=region, change=change, on=on))
    ]  # fmt: skip


class Catalogue(Projection):
    """Item versions with the days on which each is in force, and the contracts of regulators."""

    NAME = "catalogue"
    ZH = "事项目录与订阅"
    items = Table(
        "item_version", ItemVersionRow, key=("item", "number"),
        touched=lambda event: (event.terms.item if isinstance(event, ItemVersionPublished) else event.item,)
        if isinstance(event, (ItemVersionPublished, ItemRetired)) else (),
        indexes=("(effective_from)",),
    )  # fmt: skip
    subscriptions = Table(
        "subscription", SubscriptionRow, key=("subscription_id",),
        touched=lambda event: () if isinstance(event, (ItemVersionPublished, ItemRetired)) else (event.originator_id,),
        indexes=("(regulator, first_position)", "(first_position)"),
    )  # fmt: skip

    def published(self, fact: ItemVersionPublished) -> None:
        before = self.items.get(fact.terms.item, fact.number - 1)
        # Between a retirement and the next version the item is not in force: the earlier end stands.
        if before is not None and (before.effective_to is None or before.effective_to >= fact.effective_from):
            before.effective_to, before.retired = fact.effective_from - timedelta(days=1), False
        self.items.put(
            ItemVersionRow(
                item=fact.terms.item, number=fact.number, name=fact.name, effective_from=fact.effective_from,
                effective_to=None, legal_basis=fact.legal_basis, reason=fact.reason,
                terms=fact.terms.model_dump(mode="json"), first_position=self.position, position=self.position,
            )
        )  # fmt: skip

    def retired(self, fact: ItemRetired) -> None:
        for version in self.items.family(fact.item):
            if version.effective_to is None or version.effective_to >= fact.effective_on:
                version.effective_to = fact.effective_on - timedelta(days=1)
                version.retired, version.position = True, self.position

    def opened(self, fact: SubscriptionOpened) -> None:
        terms = fact.terms
        self.subscriptions.put(
            SubscriptionRow(
                subscription_id=fact.originator_id, number=fact.number, regulator=terms.regulator.code,
                regulator_name=terms.regulator.name, effective_from=terms.effective_from,
                effective_to=terms.effective_to, terms=terms.model_dump(mode="json"), first_position=self.position,
                position=self.position, version=fact.originator_version,
            )
        )  # fmt: skip

    def closed(self, fact: SubscriptionClosed) -> None:
        row = self.subscriptions[fact.originator_id]
        row.position, row.version, row.closed_because = self.position, fact.originator_version, fact.reason
        row.effective_to = min(row.effective_to or fact.effective_to, fact.effective_to)
