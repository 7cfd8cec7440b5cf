"""Papers (用章、授权、文书号): registers of seals and letters, numbers and their gaps, and what was attempted in vain."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from domain.kernel.people import APPROVING, INSPECTING, Role
from domain.kernel.words import Term
from domain.rules.dates import business_date
from interfaces.http.access import doors_of
from interfaces.http.reads.question import (
    Asked,
    Code,
    Cursor,
    Limit,
    Listing,
    Question,
    answered,
    get,
    listed,
    unknown,
)
from projections import attempts, delegations, document_numbers, sealing
from projections.attempts import Attempt
from projections.delegations import LetterRow
from projections.document_numbers import NumberState, State
from projections.sealing import SealRow, UseRow, VoucherRow

OFFICE = APPROVING | {Role.STEWARD}
"""Who reads the registers of their own organ."""

On = Annotated[date | None, Query(description="as it stands on this day; today without it")]
Year = Annotated[int | None, Query(ge=2004, le=2999)]


def routes() -> APIRouter:
    router = APIRouter()
    get(router, "/v1/seals", find_seals, Listing[SealRow], "印章 Seals")
    get(router, "/v1/seals/{id}", one_seal, SealRow, "印章 One seal in its year")
    get(router, "/v1/seals/{id}/uses", seal_register, Listing[UseRow], "用印登记 Register of a seal")
    get(router, "/v1/cases/{id}/vouchers", case_vouchers, Listing[VoucherRow], "办件凭证与用印 Vouchers of a case and their seals")
    get(router, "/v1/vouchers/unsealed", unsealed_vouchers, Listing[VoucherRow], "无章凭证 Vouchers without a seal")
    get(router, "/v1/delegations", find_letters, Listing[LetterRow], "首席代表授权 Letters of delegation")
    get(router, "/v1/document-numbers", find_numbers, Listing[NumberState], "文书号 Document numbers")
    get(router, "/v1/document-numbers/gaps", number_gaps, Listing[NumberState], "跳号 Gaps in document numbers")
    get(router, "/v1/attempts", find_attempts, Listing[Attempt], "越权与无据用印未遂 What was attempted in vain")
    return router


async def find_seals(
    asked: Asked, organ: Code = "", year: Year = None, state: Code = "", cursor: Cursor = None, limit: Limit = 50
) -> Response:
    """Seals by year, oldest first; officers and stewards see their organ's."""
    own = _own(asked, "印章", "seals", organ)
    page = await asked.ask(
        sealing.seals, asked.read, organ=own, year=year, state=state, cursor=cursor, limit=limit
    )  # fmt: skip
    for row in page.rows:
        row.keeper = asked.officer(row.keeper, row.organ)
    return listed(page)


async def one_seal(asked: Asked, id: UUID) -> Response:
    """With its version as ETag."""
    row = await _seal(asked, id)
    return answered(row, version=row.version)


async def seal_register(
    asked: Asked, id: UUID, state: Code = "", cursor: Cursor = None, limit: Limit = 50
) -> Response:
    """Every request for the seal and what became of it, numbered densely in its year."""
    await _seal(asked, id)
    page = await asked.ask(sealing.uses, asked.read, seal_id=id, state=state, cursor=cursor, limit=limit)
    for row in page.rows:
        row.requested_by = asked.officer(row.requested_by, row.organ)
        row.confirmed_by = asked.officer(row.confirmed_by, row.organ)
    return listed(page)


async def case_vouchers(asked: Asked, id: UUID) -> Response:
    """Acceptance and refusal vouchers of a case, and under which seal each stands, for whoever reads the case."""
    if not await asked.sees_case(id):
        raise unknown("办件", "case", id)
    return listed(await asked.ask(sealing.vouchers_of, asked.read, id))


async def unsealed_vouchers(
    asked: Asked, on: On = None, organ: Code = "", cursor: Cursor = None, limit: Limit = 50
) -> Response:
    """Acceptance and refusal vouchers that should bear the seal by now and do not, the oldest first."""
    own = _own(asked, "无章凭证", "vouchers without a seal", organ)
    return listed(
        await asked.ask(sealing.unsealed, asked.read, _day(asked, on), organ=own, cursor=cursor, limit=limit)
    )


async def find_letters(
    asked: Asked,
    organ: Code = "",
    officer: Code = "",
    on: Annotated[date | None, Query(description="only letters in force on this day")] = None,
    retroactive: Annotated[bool, Query(description="only letters signed after they began")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Letters of delegation with scope and dates; those that came late say so."""
    own = _own(asked, "首席代表授权", "letters of delegation", organ)
    page = await asked.ask(
        delegations.letters, asked.read, organ=own, officer=officer, on=on, retroactive=retroactive, cursor=cursor,
        limit=limit,
    )  # fmt: skip
    for row in page.rows:
        row.officer, row.head = asked.officer(row.officer, row.organ), asked.officer(row.head, row.organ)
    return listed(page)


async def find_numbers(
    asked: Asked,
    on: On = None,
    organ: Code = "",
    kind: Code = "",
    year: Year = None,
    case_id: UUID | None = None,
    state: Annotated[list[State] | None, Query(max_length=5)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Numbers that were given out, and what became of each."""
    own = _own(asked, "文书号", "document numbers", organ)
    return await _numbers(
        asked, on, own, kind=kind, year=year, case_id=case_id, states=tuple(state or ()), cursor=cursor, limit=limit
    )


async def number_gaps(
    asked: Asked, on: On = None, organ: Code = "", year: Year = None, cursor: Cursor = None, limit: Limit = 50
) -> Response:
    """Numbers that no document bears as it should: voided with a reason, unexplained since their year is over, or
    borne by another case."""
    own = _own(asked, "文书号", "document numbers", organ)
    return await _numbers(asked, on, own, year=year, states=document_numbers.GAPS, cursor=cursor, limit=limit)


async def find_attempts(
    asked: Asked,
    what: Code = "",
    organ: Code = "",
    officer: Code = "",
    case_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Decisions beyond a delegation and uses of a seal without a decision, refused and recorded, newest first; only for
    discipline inspectors and auditors."""
    asked.caller.may(Term("越权与无据用印未遂", "what was attempted in vain"), *INSPECTING)
    page = await asked.ask(
        attempts.attempts, asked.read, what=what, organ=organ, officer=officer, case_id=case_id, masked=asked.masked,
        cursor=cursor, limit=limit,
    )  # fmt: skip
    return listed(page)


async def _numbers(asked: Question, on: date | None, organ: str, **asked_for: object) -> Response:
    page = await asked.ask(document_numbers.numbers, asked.read, _day(asked, on), organ=organ, **asked_for)  # type: ignore[arg-type]
    for row in page.rows:
        row.issued_by = asked.officer(row.issued_by, row.organ)
    return listed(page)


async def _seal(asked: Question, seal_id: UUID) -> SealRow:
    own = _own(asked, "印章", "seals", "")
    row = await asked.ask(sealing.seal, asked.read, seal_id)
    if row is None or own not in ("", row.organ):
        raise unknown("印章", "seal", seal_id)
    row.keeper = asked.officer(row.keeper, row.organ)
    return row


def _own(asked: Question, zh: str, en: str, organ: str) -> str:
    asked.may(zh, en, *OFFICE)
    return asked.own(organ, *OFFICE)


def _day(asked: Question, on: date | None) -> date:
    return on or business_date(doors_of(asked.request).now())
