"""ServiceItem (政务服务事项): a versioned catalogue entry with its regulators, consult and inspect rules.

Source: GB/T 39046-2020 table 4. Versions never overlap; the version in force at acceptance is frozen into
the case, so a later change of the catalogue touches no running case (行政许可法第三十条)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from domain.kernel.aggregate import Aggregate, Facts, Given
from domain.kernel.command import Command
from domain.kernel.event import Event
from domain.kernel.identity import item_stream
from domain.kernel.people import Role
from domain.kernel.refusal import Kind, MalformedIdentifier, Refusal
from domain.kernel.words import (
    Body,
    CaseKind,
    Handling,
    HandlingRules,
    ItemCode,
    ItemTerms,
    Regulator,
    Short,
    Text,
    Word,
)
from domain.rules.identifiers import check_item
from domain.rules.loader import time_limit


class CodeScheme(Word):
    """Which rule the item code follows; other schemes are kept as opaque text."""

    NATIONAL = "national", "国家编码", "national scheme of GB/T 39554.1"
    OTHER = "other", "其他编码", "another scheme, kept as it is"


class ItemCommand(Command):
    item: ItemCode

    @property
    def stream(self) -> UUID:
        return item_stream(self.item)


class PublishItemVersion(ItemCommand, HandlingRules):
    """发布事项版本。Publish the next version of a catalogue entry, in force from a date on."""

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
    reason: Text = "首次发布"


class RetireItem(ItemCommand):
    """取消事项。Take a catalogue entry out of force from a date on."""

    NAME = "item.retire"
    ZH = "取消事项"
    MAY = frozenset({Role.STEWARD})

    effective_on: date
    reason: Text


class UnknownItem(Refusal):
    """目录中没有事项 {item},或其在 {on} 尚未生效;请核对事项编码。

    The catalogue has no item {item}, or it is not yet in force on {on}; check the item code."""

    KIND = Kind.UNKNOWN


class RetiredItem(Refusal):
    """事项 {item} 已自 {since} 起取消,不得再受理;请核对现行目录。

    The item {item} was retired on {since} and takes no more applications; check the current catalogue."""


class VersionsMayNotOverlap(Refusal):
    """新版本生效日 {effective_from} 不晚于现有版本生效日 {last};版本不得重叠。

    The new version would begin on {effective_from}, not after the last one of {last}; versions may not overlap."""

    KIND = Kind.CONFLICTING


class PromiseLongerThanLaw(Refusal):
    """承诺时限 {promised} 个工作日超过法定时限 {statutory} 个工作日;请缩短承诺时限。

    The promised limit of {promised} working days exceeds the statutory {statutory}; shorten the promise."""


class RegulatorMissing(Refusal):
    """事项 {item} 没有监管主体,不得发布;请先确定监管部门。(谁主管谁监管)

    The item {item} has no regulator and may not be published; name who supervises it first."""


class ItemVersionPublished(Event):
    """事项版本已发布。A version of a catalogue entry was published. 行政许可法第三十条。"""

    TOPIC = "item.version_published"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "事项「{name}」第 {number} 版发布,自 {effective_from} 起生效;原因:{reason}"
    EN = 'version {number} of the item "{name}" was published, in force from {effective_from}; reason: {reason}'
    BASIS = "行政许可法第三十条"

    terms: ItemTerms
    scheme: CodeScheme
    effective_from: date
    legal_basis: Text
    reason: Text

    @property
    def name(self) -> str:
        return self.terms.name

    @property
    def number(self) -> int:
        return self.terms.version


class ItemRetired(Event):
    """事项已取消。The entry takes no more applications from a date on. 行政许可法第二十一条。"""

    TOPIC = "item.retired"
    ZH = "事项 {item} 自 {effective_on} 起取消;原因:{reason}"
    EN = "the item {item} is retired from {effective_on}; reason: {reason}"
    BASIS = "行政许可法第二十一条"

    item: ItemCode
    effective_on: date
    reason: Text


class ServiceItem(Aggregate):
    """政务服务事项。"""

    NAME = "item"
    ZH = "政务服务事项"

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.versions: list[tuple[date, ItemTerms]] = []
        self.retirements: dict[int, date] = {}

    @property
    def retired_on(self) -> date | None:
        """From when on the entry is out of force, unless a later version was published since."""
        return self.retirements.get(len(self.versions))

    def publish(self, command: PublishItemVersion, given: Given) -> Facts:
        if command.scheme is CodeScheme.NATIONAL and not (verdict := check_item(command.item, scheme="national")).valid:
            raise MalformedIdentifier(value=command.item, zh=verdict.errors[0].zh, en=verdict.errors[0].en)
        if not command.regulators:
            raise RegulatorMissing(item=command.item)
        law = "statutory_joint" if command.handling is Handling.JOINT else "statutory_single"
        statutory = command.statutory_days
        if statutory is None:
            statutory = time_limit(law, on=command.effective_from).value
        if command.promised_days > statutory:
            raise PromiseLongerThanLaw(promised=command.promised_days, statutory=statutory)
        if self.versions and command.effective_from <= self.versions[-1][0]:
            raise VersionsMayNotOverlap(effective_from=command.effective_from, last=self.versions[-1][0])
        fields: dict[str, Any] = {n: getattr(command, n) for n in ItemTerms.model_fields if n != "version"}
        yield ItemVersionPublished(
            terms=ItemTerms(version=len(self.versions) + 1, **fields),
            scheme=command.scheme,
            effective_from=command.effective_from,
            legal_basis=command.legal_basis,
            reason=command.reason,
        )

    def retire(self, command: RetireItem, given: Given) -> Facts:
        if not self.versions:
            raise UnknownItem(item=command.item, on=command.effective_on)
        if self.retired_on != command.effective_on:
            yield ItemRetired(item=command.item, effective_on=command.effective_on, reason=command.reason)

    def published(self, fact: ItemVersionPublished) -> None:
        self.versions.append((fact.effective_from, fact.terms))

    def was_retired(self, fact: ItemRetired) -> None:
        self.retirements[len(self.versions)] = fact.effective_on

    def terms_on(self, item: str, on: date) -> ItemTerms:
        """Terms in force on a date. Raises ``UnknownItem`` or ``RetiredItem``."""
        begun = [number for number, (begins, _) in enumerate(self.versions, 1) if begins <= on]
        if not begun:
            raise UnknownItem(item=item, on=on)
        # A retirement ends the versions that were published before it; one published later begins anew.
        over = [since for number, since in self.retirements.items() if number >= begun[-1] and since <= on]
        if over:
            raise RetiredItem(item=item, since=over[-1])
        return self.versions[begun[-1] - 1][1]
