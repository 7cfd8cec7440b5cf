"""Facts of the catalogue (事项目录事实)."""

from __future__ import annotations

from datetime import date

from domain.kernel.event import Event
from domain.kernel.words import Body, ItemCode, ItemTerms, Regulator, Text
from domain.service_item.comparing import ElementChange
from domain.service_item.elements import ItemElements
from domain.service_item.words import CodeScheme, RunningCases


class ItemVersionPublished(Event):
    """事项版本已发布。A version of a catalogue entry was published. 行政许可法第三十条。

    ``changes`` is what it says otherwise than the version before; the first version has none."""

    TOPIC = "item.version_published"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "事项「{name}」第 {number} 版发布,自 {effective_from} 起生效;变动:{what_changed};原因:{reason}"
    EN = (
        'version {number} of the item "{name}" was published, in force from {effective_from}; '
        "changed: {changes}; reason: {reason}"
    )
    BASIS = "行政许可法第三十条"

    terms: ItemTerms
    scheme: CodeScheme
    effective_from: date
    legal_basis: Text
    elements: ItemElements | None = None
    changes: tuple[ElementChange, ...] = ()
    reason: Text

    @property
    def name(self) -> str:
        return self.terms.name

    @property
    def number(self) -> int:
        return self.terms.version

    @property
    def what_changed(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(change.title for change in self.changes))


class ItemRetired(Event):
    """事项已取消。The entry takes no more applications from a date on. 行政许可法第二十一条。"""

    TOPIC = "item.retired"
    ZH = "事项 {item} 自 {effective_on} 起取消;原因:{reason}"
    EN = "the item {item} is retired from {effective_on}; reason: {reason}"
    BASIS = "行政许可法第二十一条"

    item: ItemCode
    effective_on: date
    reason: Text


class ItemTransferred(Event):
    """事项已划转。From a date on the item belongs to another organ. 行政许可法第二十五条。"""

    TOPIC = "item.transferred"
    ZH = "事项 {item} 自 {effective_on} 起由「{from_organ}」划转至「{to_organ}」,在办件{running};依据:{basis}"
    EN = (
        "the item {item} goes from {from_organ} to {to_organ} on {effective_on}; "
        "running cases {running}; by: {basis}"
    )
    BASIS = "行政许可法第二十五条"

    item: ItemCode
    from_organ: Body
    to_organ: Body
    effective_on: date
    basis: Text
    running: RunningCases
    regulators: tuple[Regulator, ...] = ()
