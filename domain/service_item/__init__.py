"""ServiceItem (政务服务事项): a versioned catalogue entry with its elements, regulators, consult and inspect rules.

Source: GB/T 39046-2020 table 4. Versions never overlap; the version in force at acceptance is frozen into
the case, so a later change of the catalogue touches no running case (行政许可法第三十条).

``elements`` is everything an entry says, ``comparing`` tells versions and levels apart, ``words`` names terms,
``commands`` what may be asked, ``refusals`` why not, ``facts`` what happened, ``item`` the rules themselves."""

from domain.service_item.commands import PublishItemVersion, RetireItem, TransferItem
from domain.service_item.elements import ItemElements
from domain.service_item.facts import ItemRetired, ItemTransferred, ItemVersionPublished
from domain.service_item.item import ServiceItem
from domain.service_item.refusals import (
    PromiseLongerThanLaw,
    RegulatorMissing,
    RetiredItem,
    UnknownItem,
    VersionsMayNotOverlap,
)
from domain.service_item.words import CodeScheme, RunningCases

__all__ = [
    "CodeScheme",
    "ItemElements",
    "ItemRetired",
    "ItemTransferred",
    "ItemVersionPublished",
    "PromiseLongerThanLaw",
    "PublishItemVersion",
    "RegulatorMissing",
    "RetireItem",
    "RetiredItem",
    "RunningCases",
    "ServiceItem",
    "TransferItem",
    "UnknownItem",
    "VersionsMayNotOverlap",
]
