"""Who is responsible for what, where, on a day, and which places are in dispute? (责任清单与争议)"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from domain.kernel.responsibility import Responsible
from domain.kernel.words import Body, Personal
from domain.responsibility.facts import (
    ResponsibilityDisputed,
    ResponsibilityDisputeResolved,
    ResponsibilityTableSet,
)
from domain.responsibility.routing import Standing, responsible
from domain.responsibility.words import Dispute, ResponsibilityRow
from projections.view import Page, Projection, Reader, Table


@dataclass(slots=True)
class TableRow:
    """One version of an item's responsibility table."""

    item: str
    number: int
    effective_from: date
    lines: int
    places: list[str]
    basis: str
    reason: str
    recorded_at: datetime
    first_position: int


@dataclass(slots=True)
class LineRow:
    """One line of a table: for these item versions, here, between these days, who approves and who supervises."""

    item: str
    number: int
    line: int
    region: str | None
    versions_from: int
    versions_to: int | None
    effective_from: date
    effective_to: date | None
    approver: str
    approver_name: str
    officers: list[str]
    regulators: list[dict[str, Any]]
    consult: list[dict[str, Any]]
    inspect: list[dict[str, Any]]

    def masked(self) -> LineRow:
        """The line without the names of officers."""
        mask = Personal("name").mask
        regulators = [one | {"officers": [mask(name) for name in one["officers"]]} for one in self.regulators]
        return replace(self, officers=[mask(name) for name in self.officers], regulators=regulators)

    def row(self) -> ResponsibilityRow:
        """The line as the domain has it."""
        return ResponsibilityRow.model_validate(
            {
                "region": self.region, "versions_from": self.versions_from, "versions_to": self.versions_to,
                "effective_from": self.effective_from, "effective_to": self.effective_to,
                "approver": {"code": self.approver, "name": self.approver_name}, "approver_officers": self.officers,
                "regulators": self.regulators, "consult": self.consult, "inspect": self.inspect,
            }
        )  # fmt: skip


@dataclass(slots=True)
class DisputeRow:
    """A place without an owner, or with more than one; decided once ``owner`` is named."""

    item: str
    number: int
    table_number: int
    kind: str
    place: str | None
    versions_from: int
    versions_to: int | None
    begins: date
    ends: date | None
    claimants: list[dict[str, Any]]
    opened_at: datetime
    owner: str
    owner_name: str
    authority_name: str
    document_no: str
    decided_on: date | None
    first_position: int
    position: int

    def dispute(self) -> Dispute:
        return Dispute.model_validate({name: getattr(self, name) for name in Dispute.model_fields})


_TABLE = "SELECT * FROM projections.responsibility_table"
_LINE = "SELECT * FROM projections.responsibility_line"
_DISPUTE = "SELECT * FROM projections.responsibility_dispute"
_CURRENT = (
    "number = (SELECT max(t.number) FROM projections.responsibility_table AS t"
    " WHERE t.item = {0}.item AND t.effective_from <= %(on)s)"
)


def table(read: Reader, item: str, on: date) -> TableRow | None:
    """The table of an item in force on a day."""
    return read.one(
        TableRow, _TABLE + " WHERE item = %s AND effective_from <= %s ORDER BY number DESC LIMIT 1", (item, on)
    )


def tables(read: Reader, item: str, *, cursor: str | None = None, limit: int = 50) -> Page[TableRow]:
    """Versions of the table of an item, oldest first."""
    return read.page(
        TableRow, _TABLE + " WHERE item = %(item)s", {"item": item}, order=("number",), cursor=cursor, limit=limit
    )


def lines(
    read: Reader, on: date, *, item: str = "", organ: str = "", cursor: str | None = None, limit: int = 50
) -> Page[LineRow]:
    """Lines of the tables in force on a day: of an item, or those in which an organ approves or supervises."""
    where = ["effective_from <= %(on)s AND (effective_to IS NULL OR %(on)s <= effective_to)", _CURRENT.format("l")]
    if item:
        where.append("item = %(item)s")
    if organ:
        where.append(
            "(approver = %(organ)s OR regulators @> jsonb_build_array(jsonb_build_object('code', %(organ)s::text)))"
        )
    return read.page(
        LineRow, f"SELECT * FROM projections.responsibility_line AS l WHERE {' AND '.join(where)}",  # noqa: S608
        {"on": on, "item": item, "organ": organ}, order=("item", "number", "line"), cursor=cursor, limit=limit,
    )  # fmt: skip


def who(read: Reader, item: str, region: str | None, *, version: int, on: date) -> Responsible | None:
    """Who approves and supervises an item version at a place on a day: what a case accepted then was routed by."""
    found = table(read, item, on)
    if found is None:
        return None
    held = read.rows(LineRow, _LINE + " WHERE item = %s AND number = %s ORDER BY line", (item, found.number))
    known = read.rows(DisputeRow, _DISPUTE + " WHERE item = %s ORDER BY number", (item,))
    standing: Standing = {
        row.number: (row.dispute(), Body(code=row.owner, name=row.owner_name) if row.owner else None) for row in known
    }
    rows = [line.row() for line in held]
    return responsible(found.number, rows, standing, region=region, version=version, on=on)


def disputes(
    read: Reader,
    *,
    item: str = "",
    claimant: str = "",
    open_only: bool = True,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[DisputeRow]:
    """The dispute queue, oldest first; ``claimant`` leaves those that an organ claims."""
    where = ["owner = ''"] if open_only else []
    if item:
        where.append("item = %(item)s")
    if claimant:
        where.append("claimants @> jsonb_build_array(jsonb_build_object('code', %(claimant)s::text))")
    return read.page(
        DisputeRow, _DISPUTE + (" WHERE " + " AND ".join(where) if where else ""),
        {"item": item, "claimant": claimant}, order=("first_position",), cursor=cursor, limit=limit,
    )  # fmt: skip


class Responsibilities(Projection):
    """Tables with their lines, and the queue of disputes."""

    NAME = "responsibilities"
    ZH = "责任清单"
    versions = Table("responsibility_table", TableRow, key=("item", "number"), only_added=True)
    lines = Table(
        "responsibility_line", LineRow, key=("item", "number", "line"), only_added=True,
        indexes=("(approver)", "USING gin (regulators jsonb_path_ops)"),
    )  # fmt: skip
    disputes = Table(
        "responsibility_dispute", DisputeRow, key=("item", "number"), touched=lambda event: (event.item,),
        indexes=("(first_position)",),
    )  # fmt: skip

    def was_set(self, fact: ResponsibilityTableSet) -> None:
        self.versions.put(
            TableRow(
                item=fact.item, number=fact.number, effective_from=fact.effective_from, lines=fact.lines,
                places=list(fact.places), basis=fact.basis, reason=fact.reason, recorded_at=fact.recorded_at,
                first_position=self.position,
            )
        )  # fmt: skip
        for line, row in enumerate(fact.rows, 1):
            plain = row.model_dump(mode="json")
            self.lines.put(
                LineRow(
                    item=fact.item, number=fact.number, line=line, region=row.region,
                    versions_from=row.versions_from, versions_to=row.versions_to, effective_from=row.effective_from,
                    effective_to=row.effective_to, approver=row.approver.code, approver_name=row.approver.name,
                    officers=list(row.approver_officers), regulators=plain["regulators"], consult=plain["consult"],
                    inspect=plain["inspect"],
                )
            )  # fmt: skip

    def disputed(self, fact: ResponsibilityDisputed) -> None:
        dispute = fact.dispute
        self.disputes.put(
            DisputeRow(
                item=fact.item, number=fact.number, table_number=fact.table, kind=dispute.kind, place=dispute.place,
                versions_from=dispute.versions_from, versions_to=dispute.versions_to, begins=dispute.begins,
                ends=dispute.ends, claimants=[one.model_dump(mode="json") for one in dispute.claimants],
                opened_at=fact.recorded_at, owner="", owner_name="", authority_name="", document_no="",
                decided_on=None, first_position=self.position, position=self.position,
            )
        )  # fmt: skip

    def resolved(self, fact: ResponsibilityDisputeResolved) -> None:
        row = self.disputes[fact.item, fact.number]
        row.owner, row.owner_name, row.authority_name = fact.owner.code, fact.owner.name, fact.authority.name
        row.document_no, row.decided_on, row.position = fact.document_no, fact.decided_on, self.position
