"""What bears which seal, and which voucher still bears none? (用章登记与无章凭证)

Acceptance and refusal need a dated written voucher with the special seal (行政许可法第三十二条末款). A voucher whose seal
is not noted by its day is listed here; the case itself goes on, for the applicant must not wait for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.approval_case import facts as f
from domain.kernel.documents import DocumentKind
from domain.kernel.event import Event
from domain.kernel.time import due_by, place_of
from domain.rules.dates import business_date
from domain.seal import facts as s
from domain.seal.words import SealState, UseState
from projections.view import Page, Projection, Reader, Table


@dataclass(slots=True)
class SealRow:
    """A seal in its year."""

    seal_id: UUID
    seal_no: str
    organ: str
    year: int
    name: str
    kind: str
    custody: str
    keeper: str
    state: str
    requests: int
    uses: int
    first_position: int
    position: int
    version: int


@dataclass(slots=True)
class UseRow:
    """One request for a seal and what became of it."""

    seal_id: UUID
    request: int
    seal_no: str
    organ: str
    year: int
    state: str
    case_id: UUID
    kind: str
    document_no: str
    digest: str
    requested_by: str
    requested_at: datetime
    first_position: int
    position: int
    number: int | None = None
    confirmed_by: str = ""
    settled_at: datetime | None = None
    settled_because: str = ""
    rests_on: str = ""


@dataclass(slots=True)
class VoucherRow:
    """An acceptance or a refusal on paper, and since when it bears the seal. No ``seal_by``: no calendar yet."""

    case_id: UUID
    fact: str
    case_no: str
    organ: str
    kind: str
    document_no: str
    issued_on: date
    seal_by: date | None
    position: int
    sealed_at: datetime | None = None
    seal_no: str = ""


@dataclass(slots=True)
class FiledRow:
    """What a voucher needs to be told by: the case it belongs to."""

    case_id: UUID
    case_no: str
    organ: str
    region: str | None


def seals(
    read: Reader, *, organ: str = "", year: int | None = None, state: str = "", cursor: str | None = None, limit: int = 50
) -> Page[SealRow]:
    """Seals by the order in which their years were opened. Raises BadCursor."""
    sql, params = _where("SELECT * FROM projections.seal", organ=organ, year=year, state=state)
    return read.page(SealRow, sql, params, order=("first_position",), cursor=cursor, limit=limit)


def seal(read: Reader, seal_id: UUID) -> SealRow | None:
    return read.one(SealRow, "SELECT * FROM projections.seal WHERE seal_id = %s", (seal_id,))


def uses(
    read: Reader,
    *,
    organ: str = "",
    seal_id: UUID | None = None,
    case_id: UUID | None = None,
    state: str = "",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[UseRow]:
    """Requests and uses, oldest first: those of a seal are its register. Raises BadCursor."""
    sql, params = _where(
        "SELECT * FROM projections.seal_use", organ=organ, seal_id=seal_id, case_id=case_id, state=state
    )
    return read.page(UseRow, sql, params, order=("first_position",), cursor=cursor, limit=limit)


def unsealed(
    read: Reader, on: date, *, organ: str = "", cursor: str | None = None, limit: int = 50
) -> Page[VoucherRow]:
    """Vouchers that should bear the seal by a day and do not, the oldest first. Raises BadCursor."""
    sql, params = _where("SELECT * FROM projections.voucher", organ=organ)
    missing = "sealed_at IS NULL AND seal_by < %(on)s"
    sql += (" AND " if params else " WHERE ") + missing
    return read.page(VoucherRow, sql, params | {"on": on}, order=("seal_by", "position"), cursor=cursor, limit=limit)


def vouchers_of(read: Reader, case_id: UUID) -> list[VoucherRow]:
    """Whether the vouchers of a case bear the seal."""
    return read.rows(
        VoucherRow, "SELECT * FROM projections.voucher WHERE case_id = %s ORDER BY position", (case_id,)
    )


def _where(sql: str, **exact: object) -> tuple[str, dict[str, object]]:
    params = {name: value for name, value in exact.items() if value}
    where = " AND ".join(f"{name} = %({name})s" for name in params)
    return sql + (f" WHERE {where}" if where else ""), params


def _seal_of(event: Event) -> Iterable[object]:
    return (event.originator_id,) if isinstance(event, s.SealFact) else ()


def _case_of(event: Event) -> Iterable[object]:
    return () if isinstance(event, s.SealFact) else (event.originator_id,)


class Sealing(Projection):
    """Seals, their registers, and the vouchers that wait for one."""

    NAME = "sealing"
    ZH = "用章登记与无章凭证"
    VERSION = 2
    seals = Table(
        "seal", SealRow, key=("seal_id",), touched=_seal_of, indexes=("(organ, first_position)", "(first_position)")
    )
    uses = Table(
        "seal_use", UseRow, key=("seal_id", "request"), touched=_seal_of,
        indexes=("(case_id)", "(organ, first_position)", "(first_position)"),
    )  # fmt: skip
    vouchers = Table(
        "voucher", VoucherRow, key=("case_id", "fact"), touched=_case_of,
        indexes=("(seal_by, position) WHERE sealed_at IS NULL",),
    )  # fmt: skip
    filed = Table("voucher_case", FiledRow, key=("case_id",), touched=_case_of)

    def opened(self, fact: s.SealYearOpened) -> None:
        self.seals.put(
            SealRow(
                seal_id=fact.originator_id, seal_no=fact.seal_no, organ=fact.organ, year=fact.year, name=fact.name,
                kind=fact.kind, custody=fact.custody, keeper=fact.keeper, state=SealState.IN_USE, requests=0, uses=0,
                first_position=self.position, position=self.position, version=fact.originator_version,
            )
        )  # fmt: skip

    def requested(self, fact: s.SealUseRequested) -> None:
        self._seal(fact).requests = fact.request
        self.uses.put(
            UseRow(
                seal_id=fact.originator_id, request=fact.request, seal_no=fact.seal_no, organ=fact.organ, year=fact.year,
                state=UseState.REQUESTED, case_id=fact.case_id, kind=fact.kind, document_no=fact.document_no,
                digest=fact.digest, requested_by=fact.actor.id, requested_at=fact.occurred_at,
                first_position=self.position, position=self.position,
            )
        )  # fmt: skip

    def used(self, fact: s.SealUsed) -> None:
        self._seal(fact).uses = fact.number
        row = self._use(fact, UseState.USED)
        row.number, row.confirmed_by, row.rests_on = fact.number, fact.actor.id, fact.rests_on

    def declined(self, fact: s.SealUseDeclined) -> None:
        self._seal(fact)
        self._use(fact, UseState.DECLINED).settled_because = fact.reason

    def handed_over(self, fact: s.SealHandedOver) -> None:
        row = self._seal(fact)
        row.custody, row.keeper = fact.custody, fact.keeper

    def taken_out_of_use(self, fact: s.SealTakenOutOfUse) -> None:
        self._seal(fact).state = SealState.OUT_OF_USE

    def closed(self, fact: s.SealYearClosed) -> None:
        self._seal(fact).state = SealState.CLOSED

    def submitted(self, fact: f.ApplicationSubmitted) -> None:
        region = place_of(fact.organ, fact.site)
        self.filed.put(FiledRow(fact.originator_id, fact.case_no, fact.organ, region))

    def accepted(self, fact: f.ApplicationAccepted | f.ToleranceAccepted) -> None:
        self._voucher(fact, DocumentKind.ACCEPTANCE_NOTICE, fact.document_no)

    def refused(self, fact: f.AcceptanceRefused | f.PermitNotRequired) -> None:
        self._voucher(fact, DocumentKind.REFUSAL_NOTICE, fact.document_no)

    def sealed(self, fact: f.SealNoted) -> None:
        for row in self.vouchers.family(fact.originator_id):
            if row.kind == fact.kind and row.document_no in ("", fact.document_no) and row.sealed_at is None:
                row.sealed_at, row.seal_no, row.position = fact.occurred_at, fact.seal_no, self.position

    def _voucher(self, fact: Event, kind: DocumentKind, document_no: str) -> None:
        case = self.filed[fact.originator_id]
        day = business_date(fact.occurred_at)
        self.vouchers.put(
            VoucherRow(
                case_id=case.case_id, fact=fact.id, case_no=case.case_no, organ=case.organ, kind=kind,
                document_no=document_no, issued_on=day, seal_by=due_by("voucher_seal", day, case.region), position=self.position,
            )
        )  # fmt: skip

    def _seal(self, fact: s.SealFact) -> SealRow:
        row = self.seals[fact.originator_id]
        row.position, row.version = self.position, fact.originator_version
        return row

    def _use(self, fact: s.SealUse, state: UseState) -> UseRow:
        row = self.uses[fact.originator_id, fact.request]
        row.state, row.settled_at, row.position = state, fact.occurred_at, self.position
        return row
