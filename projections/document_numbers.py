"""Which numbers were given out, and which of them no document bears? (文书号与跳号)

A number that was voided is an explained gap. One that no document bears when its year is over is unexplained, until
somebody says why. Which documents bear numbers is read from every fact that states one, in whatever order they come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from domain.approval_case import facts as f
from domain.document_number import DocumentNumberIssued, DocumentNumberVoided
from domain.kernel.event import Event
from domain.rules.identifiers import check_document_no
from domain.seal.facts import SealUsed
from projections.view import Page, Projection, Reader, Table


@dataclass(slots=True)
class NumberRow:
    """A number as it was given out."""

    series_id: UUID
    number: int
    document_no: str
    organ: str
    kind: str
    year: int
    cause: str
    case_id: UUID | None
    issued_at: datetime
    issued_by: str
    first_position: int
    position: int
    voided_at: datetime | None = None
    voided_because: str = ""


@dataclass(slots=True)
class BorneRow:
    """A fact that states a document number."""

    document_no: str
    fact: str
    case_id: UUID


@dataclass(slots=True)
class NumberState(NumberRow):
    """A number and what became of it. ``state``: ``borne`` by a document, ``voided`` (an explained gap), ``reserved``
    while its year runs, ``unexplained`` once the year is over, ``misused`` when a case bears it that it was not for."""

    state: str = ""
    borne_by: str | None = None


State = Literal["borne", "voided", "reserved", "unexplained", "misused"]

_STATES = """
    SELECT n.*, b.fact AS borne_by, CASE
        WHEN b.case_id IS NOT NULL AND (n.voided_at IS NOT NULL OR b.case_id IS DISTINCT FROM coalesce(n.case_id, b.case_id))
            THEN 'misused'
        WHEN b.case_id IS NOT NULL THEN 'borne'
        WHEN n.voided_at IS NOT NULL THEN 'voided'
        WHEN n.year < %(year)s THEN 'unexplained'
        ELSE 'reserved' END AS state
    FROM projections.document_number AS n LEFT JOIN LATERAL (
        SELECT fact, case_id FROM projections.document_borne AS one WHERE one.document_no = n.document_no
        ORDER BY (one.case_id IS NOT DISTINCT FROM n.case_id), fact LIMIT 1) AS b ON true"""
_ROW = f"SELECT * FROM ({_STATES}) AS s"  # noqa: S608 - constants


def numbers(
    read: Reader,
    on: date,
    *,
    organ: str = "",
    kind: str = "",
    year: int | None = None,
    case_id: UUID | None = None,
    states: tuple[str, ...] = (),
    cursor: str | None = None,
    limit: int = 50,
) -> Page[NumberState]:
    """Numbers as they stand on a day, by series and number. Raises BadCursor."""
    exact = {"organ": organ, "kind": kind, "year": year, "case_id": case_id}
    params: dict[str, object] = {name: value for name, value in exact.items() if value}
    where = [f"{name} = %(of_{name})s" for name in params]
    named: dict[str, object] = {f"of_{name}": value for name, value in params.items()} | {"year": on.year}
    if states:
        where.append("state = ANY(%(states)s)")
        named["states"] = list(states)
    return read.page(
        NumberState, _ROW + (" WHERE " + " AND ".join(where) if where else ""), named, order=("series_id", "number"), cursor=cursor, limit=limit,
    )  # fmt: skip


GAPS = ("voided", "unexplained", "misused")


def gaps(
    read: Reader, on: date, *, organ: str = "", year: int | None = None, cursor: str | None = None, limit: int = 50
) -> Page[NumberState]:
    """Numbers that no document bears as it should: explained, unexplained, and those that another case bears."""
    return numbers(read, on, organ=organ, year=year, states=GAPS, cursor=cursor, limit=limit)


def number_for(read: Reader, series_id: UUID, case_id: UUID | None, cause: str) -> NumberRow | None:
    """The number that stands for a cause."""
    return read.one(
        NumberRow,
        "SELECT * FROM projections.document_number WHERE series_id = %s AND case_id IS NOT DISTINCT FROM %s"
        " AND cause = %s AND voided_at IS NULL",
        (series_id, case_id, cause),
    )



class DocumentNumbers(Projection):
    """Numbers, their gaps, and the documents that bear them."""

    NAME = "document_numbers"
    ZH = "文书号与跳号"
    numbers = Table(
        "document_number", NumberRow, key=("series_id", "number"),
        indexes=("(organ, year, kind)", "(document_no)", "(case_id) WHERE case_id IS NOT NULL"),
    )  # fmt: skip
    borne = Table("document_borne", BorneRow, key=("document_no", "fact"), only_added=True)

    def issued(self, fact: DocumentNumberIssued) -> None:
        self.numbers.put(
            NumberRow(
                series_id=fact.originator_id, number=fact.number, document_no=fact.document_no, organ=fact.organ,
                kind=fact.kind, year=fact.year, cause=fact.cause, case_id=fact.case_id, issued_at=fact.occurred_at,
                issued_by=fact.actor.id, first_position=self.position, position=self.position,
            )
        )  # fmt: skip

    def voided(self, fact: DocumentNumberVoided) -> None:
        row = self.numbers[fact.originator_id, fact.number]
        row.voided_at, row.voided_because, row.position = fact.occurred_at, fact.reason, self.position

    def received(self, fact: f.MaterialReceived) -> None:
        self._bears(fact, fact.receipt_no)

    def paused(self, fact: f.SpecialProcedureStarted) -> None:
        self._bears(fact, fact.notice_no)

    def decided(
        self,
        fact: f.ApplicationAccepted | f.ToleranceAccepted | f.AcceptanceRefused | f.PermitNotRequired | f.Decision,
    ) -> None:
        self._bears(fact, fact.document_no)

    def sealed(self, fact: SealUsed) -> None:
        self._bears(fact, fact.document_no, fact.case_id)

    def _bears(self, fact: Event, document_no: str, case_id: UUID | None = None) -> None:
        if check_document_no(document_no).valid:
            self.borne.put(BorneRow(document_no, fact.id, case_id or fact.originator_id))
