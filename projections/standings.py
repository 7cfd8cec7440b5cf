"""What stands against a subject, and what did the credit register say of it? (主体限制与信用核查)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.rules.dates import business_date
from domain.standing import facts as f
from projections.view import Page, Projection, Reader, Table


@dataclass(slots=True)
class BarRow:
    """One bar. ``last_day`` none: until it is lifted; ``items`` empty: every item."""

    standing_id: UUID
    bar_no: int
    subject_id: str
    subject_name: str
    kind: str
    basis: str
    items: list[str]
    first_day: date
    last_day: date | None
    statement: str
    cause: str
    case_id: UUID | None
    organ: str
    first_position: int
    position: int
    lifted_on: date | None = None
    lifted_because: str = ""
    document_no: str = ""


@dataclass(slots=True)
class CheckRow:
    """One answer of a credit register, as it was recorded."""

    standing_id: UUID
    version: int
    subject_id: str
    subject_name: str
    source: str
    checked_at: datetime
    as_of: datetime
    result: str
    records: list[dict[str, str]]
    valid_until: date
    position: int


_BAR = "SELECT * FROM projections.bar"
_CHECK = "SELECT * FROM projections.credit_check"


def bars(
    read: Reader,
    *,
    subject: str = "",
    kind: str = "",
    organ: str = "",
    in_force: date | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[BarRow]:
    """Bars, newest first; ``in_force`` leaves those that stand on a day, ``organ`` those that an organ answers for."""
    exact = {"subject_id": subject, "kind": kind, "organ": organ}
    params: dict[str, object] = {name: value for name, value in exact.items() if value}
    where = [f"{name} = %({name})s" for name in params]
    if in_force is not None:
        where.append("first_day <= %(on)s AND (last_day IS NULL OR last_day >= %(on)s) AND lifted_on IS NULL")
        params["on"] = in_force
    return read.page(
        BarRow, _BAR + (" WHERE " + " AND ".join(where) if where else ""), params,
        order=("first_position",), cursor=cursor, limit=limit, descending=True,
    )  # fmt: skip


def checks(read: Reader, subject: str, *, cursor: str | None = None, limit: int = 50) -> Page[CheckRow]:
    """What credit registers said of a subject, the latest first."""
    return read.page(
        CheckRow, _CHECK + " WHERE subject_id = %(subject)s", {"subject": subject},
        order=("position",), cursor=cursor, limit=limit, descending=True,
    )  # fmt: skip


class Standings(Projection):
    """Bars on subjects, and checks of their credit."""

    NAME = "standings"
    ZH = "主体限制与信用核查"
    bars = Table(
        "bar", BarRow, key=("standing_id", "bar_no"),
        indexes=("(first_position)", "(subject_id, first_position)", "(organ, first_position)", "(kind, first_position)"),
    )  # fmt: skip
    checks = Table(
        "credit_check", CheckRow, key=("standing_id", "version"), only_added=True, indexes=("(subject_id, position)",)
    )

    def barred(self, fact: f.BarImposed) -> None:
        self.bars.put(
            BarRow(
                standing_id=fact.originator_id, bar_no=fact.bar_no, subject_id=fact.subject.identifier,
                subject_name=fact.subject.name, kind=fact.kind, basis=fact.basis, items=list(fact.items),
                first_day=fact.since, last_day=fact.until, statement=fact.cause.statement, cause=fact.cause.fact_id,
                case_id=fact.cause.case_id, organ=fact.organ, first_position=self.position, position=self.position,
            )
        )  # fmt: skip

    def lifted(self, fact: f.BarLifted) -> None:
        row = self.bars[fact.originator_id, fact.bar_no]
        row.lifted_on, row.lifted_because = business_date(fact.occurred_at), fact.ground
        row.document_no, row.position = fact.document_no, self.position

    def checked(self, fact: f.CreditChecked) -> None:
        self.checks.put(
            CheckRow(
                standing_id=fact.originator_id, version=fact.originator_version, subject_id=fact.subject.identifier,
                subject_name=fact.subject.name, source=fact.source, checked_at=fact.checked_at, as_of=fact.as_of,
                result=fact.result, records=[r.model_dump(mode="json") for r in fact.records],
                valid_until=fact.valid_until, position=self.position,
            )
        )  # fmt: skip
