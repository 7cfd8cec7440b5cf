"""What may be applied for, what does an entry say, whose is it, and who subscribed to what? (事项目录与订阅)"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from domain.approval_case.words import UNDECIDED
from domain.kernel.event import Event
from domain.kernel.words import Change, ItemTerms, Word
from domain.service_item import ItemRetired, ItemTransferred, ItemVersionPublished
from domain.service_item.comparing import ElementChange
from domain.service_item.elements import missing, titled
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
    organ: str = ""
    organ_name: str = ""
    complete: bool = False
    """Whether every mandatory element is there; ``missing`` says which are not, a slim entry lacks them all."""
    missing: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    """What this version says otherwise than the one before, by the Chinese names of the elements."""

    def frozen(self) -> ItemTerms:
        return ItemTerms.model_validate(self.terms)


class EntryState(Word):
    """事项状态: how a version stands on a day."""

    PLANNED = "planned", "待生效", "to come into force"
    IN_FORCE = "in_force", "在用", "in force"
    SUPERSEDED = "superseded", "已被替代", "superseded"
    RETIRED = "retired", "已取消", "retired"


@dataclass(slots=True)
class ItemVersionSeen(ItemVersionRow):
    """A version as it stands on a day: its state, and the organ to which a transfer gave it by then."""

    state: str = ""


@dataclass(slots=True)
class ItemEntryRow:
    """What one version says in every element (none: a slim entry), and its change set as old and new values."""

    item: str
    number: int
    elements: dict[str, Any] | None
    changes: list[dict[str, Any]]


@dataclass(slots=True)
class TransferRow:
    """An item that went, or will go, from one organ to another."""

    item: str
    effective_on: date
    from_organ: str
    from_name: str
    to_organ: str
    to_name: str
    running: str
    basis: str
    regulators: list[dict[str, Any]]
    first_position: int


@dataclass(slots=True)
class ToHandOver:
    """A running case that goes with its item."""

    case_id: UUID
    from_organ: str
    from_name: str
    to_organ: str
    to_name: str
    basis: str


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
_TRANSFER = "SELECT * FROM projections.item_transfer"
_SUBSCRIPTION = "SELECT * FROM projections.subscription"


def items(
    read: Reader, on: date, *, text: str = "", cursor: str | None = None, limit: int = 50
) -> Page[ItemVersionSeen]:
    """Item versions in force on a day, by code; ``text`` is part of the code or the name."""
    like = "%" + text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
    page = read.page(
        ItemVersionRow,
        _ITEM + " WHERE" + _IN_FORCE + (" AND (name ILIKE %(like)s OR item ILIKE %(like)s)" if text else ""),
        {"on": on, "like": like}, order=("item", "number"), cursor=cursor, limit=limit,
    )  # fmt: skip
    return Page(_seen(read, page.rows, on), page.next)


def item(read: Reader, code: str, on: date) -> ItemVersionRow | None:
    """The version of an item in force on a day, or none: unknown, not yet in force, or retired."""
    return read.one(ItemVersionRow, _ITEM + " WHERE item = %(item)s AND" + _IN_FORCE, {"item": code, "on": on})


def versions(read: Reader, code: str) -> list[ItemVersionRow]:
    return read.rows(ItemVersionRow, _ITEM + " WHERE item = %s ORDER BY number", (code,))


def history(
    read: Reader, code: str, on: date, *, cursor: str | None = None, limit: int = 50
) -> Page[ItemVersionSeen]:
    """Versions of an item as they stand on a day, oldest first."""
    page = read.page(
        ItemVersionRow, _ITEM + " WHERE item = %(item)s", {"item": code}, order=("number",), cursor=cursor, limit=limit
    )
    return Page(_seen(read, page.rows, on), page.next)


def _seen(read: Reader, rows: list[ItemVersionRow], on: date) -> list[ItemVersionSeen]:
    codes = list({row.item for row in rows})
    moved = read.rows(
        TransferRow,
        "SELECT * FROM projections.item_transfer WHERE item = ANY(%s) AND effective_on <= %s ORDER BY effective_on",
        (codes, on),
    )
    seen = []
    for row in rows:
        one = ItemVersionSeen(**asdict(row), state=_state(row, on))
        until = min(on, row.effective_to or on)
        for transfer in moved:
            if transfer.item == row.item and row.effective_from < transfer.effective_on <= until:
                one.organ, one.organ_name = transfer.to_organ, transfer.to_name
        seen.append(one)
    return seen


def _state(row: ItemVersionRow, on: date) -> EntryState:
    if row.effective_to is not None and row.effective_to < on:
        return EntryState.RETIRED if row.retired else EntryState.SUPERSEDED
    return EntryState.PLANNED if row.effective_from > on else EntryState.IN_FORCE


def entry(read: Reader, code: str, number: int) -> ItemEntryRow | None:
    """What one version says in every element, and what it changed."""
    return read.one(
        ItemEntryRow, "SELECT * FROM projections.item_entry WHERE item = %s AND number = %s", (code, number)
    )


def transfers(
    read: Reader, *, item: str = "", organ: str = "", cursor: str | None = None, limit: int = 50
) -> Page[TransferRow]:
    """Transfers in the order in which they were recorded: of an item, or from or to an organ."""
    where = [w for w, given in (("item = %(item)s", item), ("%(organ)s IN (from_organ, to_organ)", organ)) if given]
    return read.page(
        TransferRow, _TRANSFER + (" WHERE " + " AND ".join(where) if where else ""),
        {"item": item, "organ": organ}, order=("first_position",), cursor=cursor, limit=limit,
    )  # fmt: skip


def to_hand_over(read: Reader, on: date, *, limit: int) -> list[ToHandOver]:
    """Undecided cases that go with their item and are still with the organ that gave it away, oldest first.

    Only the last transfer that has taken effect counts: an item that came back must not send its cases away again."""
    return read.rows(
        ToHandOver,
        "SELECT c.case_id, t.from_organ, t.from_name, t.to_organ, t.to_name, t.basis"
        " FROM projections.item_transfer AS t JOIN projections.case_register AS c"
        " ON c.item = t.item AND c.organ = t.from_organ AND c.opened_on < t.effective_on AND c.state = ANY(%(states)s)"
        " WHERE t.running = 'move' AND t.effective_on <= %(on)s AND NOT EXISTS (SELECT FROM projections.item_transfer"
        " AS later WHERE later.item = t.item AND later.effective_on > t.effective_on AND later.effective_on <= %(on)s)"
        " ORDER BY c.first_position LIMIT %(limit)s",
        {"on": on, "states": [str(state) for state in UNDECIDED], "limit": limit},
    )


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


def _item_of(event: Event) -> tuple[str, ...]:
    if isinstance(event, ItemVersionPublished):
        return (event.terms.item,)
    return (event.item,) if isinstance(event, (ItemRetired, ItemTransferred)) else ()


def _shown(change: ElementChange) -> dict[str, Any]:
    """One change with its name, and old and new as the values that they are."""
    told: dict[str, Any] = {"path": change.path, "title": change.title}
    for name, said in (("old", change.old), ("new", change.new)):
        told[name] = json.loads(said) if said is not None else None
    return told


class Catalogue(Projection):
    """Item versions with the days on which each is in force, and the contracts of regulators."""

    NAME = "catalogue"
    ZH = "事项目录与订阅"
    VERSION = 2
    items = Table(
        "item_version", ItemVersionRow, key=("item", "number"), touched=_item_of,
        indexes=("(effective_from)",),
    )  # fmt: skip
    entries = Table("item_entry", ItemEntryRow, key=("item", "number"), only_added=True)
    transfers = Table(
        "item_transfer", TransferRow, key=("item", "effective_on"), only_added=True, indexes=("(first_position)",)
    )
    subscriptions = Table(
        "subscription", SubscriptionRow, key=("subscription_id",),
        touched=lambda event: () if _item_of(event) else (event.originator_id,),
        indexes=("(regulator, first_position)", "(first_position)"),
    )  # fmt: skip

    def published(self, fact: ItemVersionPublished) -> None:
        before = self.items.get(fact.terms.item, fact.number - 1)
        # Between a retirement and the next version the item is not in force: the earlier end stands.
        if before is not None and (before.effective_to is None or before.effective_to >= fact.effective_from):
            before.effective_to, before.retired = fact.effective_from - timedelta(days=1), False
        organ, lacking = fact.terms.organ, missing(fact.elements)
        self.items.put(
            ItemVersionRow(
                item=fact.terms.item, number=fact.number, name=fact.name, effective_from=fact.effective_from,
                effective_to=None, legal_basis=fact.legal_basis, reason=fact.reason,
                terms=fact.terms.model_dump(mode="json"), first_position=self.position, position=self.position,
                organ=organ.code if organ else "", organ_name=organ.name if organ else "",
                complete=not lacking, missing=[titled(path) for path in lacking],
                changed=list(fact.what_changed),
            )
        )  # fmt: skip
        self.entries.put(
            ItemEntryRow(
                item=fact.terms.item, number=fact.number,
                elements=fact.elements.model_dump(mode="json") if fact.elements else None,
                changes=[_shown(change) for change in fact.changes],
            )
        )  # fmt: skip

    def retired(self, fact: ItemRetired) -> None:
        for version in self.items.family(fact.item):
            if version.effective_to is None or version.effective_to >= fact.effective_on:
                version.effective_to = fact.effective_on - timedelta(days=1)
                version.retired, version.position = True, self.position

    def transferred(self, fact: ItemTransferred) -> None:
        self.transfers.put(
            TransferRow(
                item=fact.item, effective_on=fact.effective_on, from_organ=fact.from_organ.code,
                from_name=fact.from_organ.name, to_organ=fact.to_organ.code, to_name=fact.to_organ.name,
                running=fact.running, basis=fact.basis,
                regulators=[one.model_dump(mode="json") for one in fact.regulators], first_position=self.position,
            )
        )  # fmt: skip

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
