"""Commands of the responsibility table (责任清单办理)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import Field

from domain.kernel.command import Command
from domain.kernel.identity import responsibility_stream
from domain.kernel.people import Role
from domain.kernel.words import Body, ItemCode, RegionCode, Short, Text
from domain.responsibility.words import ResponsibilityRow


class ResponsibilityCommand(Command):
    item: ItemCode

    @property
    def stream(self) -> UUID:
        return responsibility_stream(self.item)


class SetResponsibilityTable(ResponsibilityCommand):
    """设定责任清单。Set the next version of an item's responsibility table, in force from a date on.

    ``places`` are where the item is exercised; each must have exactly one owner, else the table is in dispute. A
    table that says what the last one says already makes no new version."""

    NAME = "responsibility.set_table"
    ZH = "设定责任清单"
    MAY = frozenset({Role.STEWARD})

    effective_from: date
    rows: tuple[ResponsibilityRow, ...] = Field(min_length=1, max_length=2000)
    places: tuple[RegionCode, ...] = Field((), max_length=2000)
    basis: Text = Field(description="document by which powers and duties were divided")
    reason: Text = "首次设定"


class ResolveDispute(ResponsibilityCommand):
    """裁定责任争议。Name the owner of a disputed place, by the document of the organ that settles powers."""

    NAME = "responsibility.resolve_dispute"
    ZH = "裁定责任争议"
    MAY = frozenset({Role.STEWARD})

    dispute: int = Field(ge=1)
    owner: Body
    authority: Body = Field(description="who decided, as a rule the organ establishment office (机构编制部门)")
    document_no: Short
    decided_on: date
