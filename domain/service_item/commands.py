"""Commands of the catalogue (事项目录办理)."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.kernel.command import Command
from domain.kernel.identity import item_stream
from domain.kernel.people import Role
from domain.kernel.words import Body, CaseKind, Handling, HandlingRules, ItemCode, Regulator, Short, Text
from domain.service_item.elements import ItemElements
from domain.service_item.words import CodeScheme, RunningCases


class ItemCommand(Command):
    item: ItemCode

    @property
    def stream(self) -> UUID:
        return item_stream(self.item)


class PublishItemVersion(ItemCommand, HandlingRules):
    """发布事项版本。Publish the next version of a catalogue entry, in force from a date on.

    ``elements`` is the whole entry; an entry without them is a slim one. What an entry says of how cases are handled
    need not be said again beside it; said otherwise it is refused. ``organ`` is the implementing organ, where it is
    known. ``only_if_changed``: where the entry in force says the same already, nothing happens."""

    NAME = "item.publish_version"
    ZH = "发布事项版本"
    MAY = frozenset({Role.STEWARD})

    scheme: CodeScheme = CodeScheme.NATIONAL
    name: Short
    effective_from: date
    kind: CaseKind = CaseKind.PROMISED
    handling: Handling = Handling.SINGLE
    promised_days: int = Field(ge=0, le=250)
    statutory_days: Annotated[int, Field(ge=0, le=250)] | None = None
    single_officer: bool = False
    safety: bool = False
    tolerance_allowed: bool = False
    commitment_allowed: bool = False
    regulators: tuple[Regulator, ...] = Field(max_length=60)
    consult: tuple[Body, ...] = Field((), max_length=30)
    inspect: tuple[Body, ...] = Field((), max_length=30)
    legal_basis: Text
    organ: Body | None = None
    elements: ItemElements | None = None
    only_if_changed: bool = False
    reason: Text = "首次发布"


class RetireItem(ItemCommand):
    """取消事项。Take a catalogue entry out of force from a date on."""

    NAME = "item.retire"
    ZH = "取消事项"
    MAY = frozenset({Role.STEWARD})

    effective_on: date
    reason: Text


class TransferItem(ItemCommand):
    """划转事项。Give an item to another organ from a date on: applications of that day and later belong to it.

    ``regulators`` names who supervises from then on; without any the item keeps its own. ``running`` says what
    becomes of the cases that were submitted before."""

    NAME = "item.transfer"
    ZH = "划转事项"
    MAY = frozenset({Role.STEWARD})

    from_organ: Body
    to_organ: Body
    effective_on: date
    basis: Text = Field(description="document by which the item was transferred")
    running: RunningCases = RunningCases.STAY
    regulators: tuple[Regulator, ...] = Field((), max_length=60)
