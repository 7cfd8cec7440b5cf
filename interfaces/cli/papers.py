"""Papers (文书、用章、授权): the next document number, the gaps, registers of seals and letters, attempts in vain."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import typer

from domain.application import Order
from domain.document_number import DocumentNumber, IssueDocumentNumber
from domain.kernel.documents import DocumentKind
from domain.kernel.people import Actor, Role
from domain.rules.dates import business_date
from infra.wiring import Platform
from interfaces.cli.output import CursorOption, Form, FormOption, LimitOption, fail, show_one, show_page
from interfaces.cli.shell import reading, today, with_platform
from projections import attempts as refused
from projections import delegations, document_numbers, sealing
from projections.view import Page

document = typer.Typer(help="文书号 document numbers", no_args_is_help=True)
seal = typer.Typer(help="用章 seals", no_args_is_help=True)
delegation = typer.Typer(help="首席代表授权 letters of delegation", no_args_is_help=True)

OrganOption = Annotated[str, typer.Option(help="机关代码 code of the organ")]
KindArgument = Annotated[DocumentKind, typer.Argument(help="文书种类 kind of document")]
YearOption = Annotated[int | None, typer.Option(help="年度 year")]
OnOption = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="截至某日 as of a day; 缺省今日 today")]


@document.command("next")
def document_next(
    kind: KindArgument,
    organ: Annotated[str, typer.Option(help="机关代码 code of the organ")],
    cause: Annotated[str, typer.Option(help="事由 what the document is about, e.g. grant, correction/2")],
    officer: Annotated[str, typer.Option(help="经办人 the officer who asks")],
    case_id: Annotated[UUID | None, typer.Option("--case", help="办件标识 id of the case")] = None,
    output: FormOption = Form.TABLE,
) -> None:
    """编文书号 The next number of this year's series; asked again for the same cause it is the same number."""
    by = Actor(id=officer, organ=organ, role=Role.DECIDER)

    async def issued(platform: Platform) -> dict[str, Any]:
        at = platform.now()
        asked = IssueDocumentNumber(
            organ=organ, kind=kind, year=business_date(at).year, cause=cause, case_id=case_id
        )
        done = await platform.app.handle(Order(asked, by, at))
        series = await platform.app.replayed(done.stream, DocumentNumber)
        return {
            "document_no": series.issued_for(case_id, cause), "kind": str(kind), "organ": organ, "year": asked.year,
            "cause": cause, "case_id": case_id, "new": bool(done.events), "series_id": done.stream,
        }  # fmt: skip

    show_one(with_platform(issued), output)


@document.command("list")
def document_list(
    organ: OrganOption = "",
    kind: Annotated[DocumentKind | None, typer.Option(help="文书种类 kind of document")] = None,
    year: YearOption = None,
    on: OnOption = None,
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """列出文书号 Numbers that were given out, and what became of each."""
    with reading() as read:
        page = document_numbers.numbers(
            read, on.date() if on else today(), organ=organ, kind=str(kind or ""), year=year, limit=limit, cursor=cursor
        )
    _numbers(page, output)


@document.command("gaps")
def document_gaps(
    organ: OrganOption = "",
    year: YearOption = None,
    on: OnOption = None,
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """跳号 Numbers that no document bears as it should: explained, unexplained, or borne by another case."""
    with reading() as read:
        page = document_numbers.gaps(
            read, on.date() if on else today(), organ=organ, year=year, limit=limit, cursor=cursor
        )
    _numbers(page, output)


def _numbers(page: Page[document_numbers.NumberState], output: Form) -> None:
    titles = {"document_no": "文书号", "kind": "种类", "state": "状态", "cause": "事由", "voided_because": "作废原因",
              "case_id": "办件", "borne_by": "载于"}  # fmt: skip
    show_page(page, output, titles)


@seal.command("list")
def seal_list(
    organ: OrganOption = "",
    year: YearOption = None,
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """列出印章 Seals by year."""
    with reading() as read:
        page = sealing.seals(read, organ=organ, year=year, limit=limit, cursor=cursor)
    titles = {"seal_no": "编号", "name": "名称", "year": "年度", "keeper": "保管人", "state": "状态", "uses": "用印次数",
              "seal_id": "标识"}  # fmt: skip
    show_page(page, output, titles)


@seal.command("uses")
def seal_uses(
    seal_id: Annotated[UUID | None, typer.Option("--seal", help="印章标识 id of the seal")] = None,
    case_id: Annotated[UUID | None, typer.Option("--case", help="办件标识 id of the case")] = None,
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """用印登记 The register of a seal, or the uses on one case."""
    with reading() as read:
        page = sealing.uses(read, seal_id=seal_id, case_id=case_id, limit=limit, cursor=cursor)
    titles = {"request": "申请号", "number": "用印号", "state": "状态", "kind": "文书", "document_no": "文书号",
              "requested_by": "申请人", "confirmed_by": "确认人", "requested_at": "申请时间"}  # fmt: skip
    show_page(page, output, titles)


@seal.command("missing")
def seal_missing(
    organ: OrganOption = "",
    on: OnOption = None,
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """无章凭证 Acceptance and refusal vouchers that should bear the seal by now and do not."""
    with reading() as read:
        page = sealing.unsealed(read, on.date() if on else today(), organ=organ, limit=limit, cursor=cursor)
    titles = {"case_no": "办件", "kind": "凭证", "document_no": "文书号", "issued_on": "出具日", "seal_by": "应用印日"}
    show_page(page, output, titles)


@delegation.command("list")
def delegation_list(
    organ: OrganOption = "",
    officer: Annotated[str, typer.Option(help="首席代表 the officer")] = "",
    on: OnOption = None,
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """列出授权书 Letters of delegation, with scope and dates."""
    with reading() as read:
        page = delegations.letters(
            read, organ=organ, officer=officer, on=on.date() if on else None, limit=limit, cursor=cursor
        )
    titles = {"letter_no": "授权书", "officer": "首席代表", "head": "授权人", "valid_from": "自", "valid_to": "至",
              "withdrawn_from": "收回", "retroactive": "补签", "scope": "范围"}  # fmt: skip
    show_page(page, output, titles)


def attempts(
    inspecting: Annotated[
        bool, typer.Option("--inspecting", help="纪检监察、审计人员查看 for discipline inspectors and auditors only")
    ] = False,
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """越权与无据用印未遂 What was attempted beyond a delegation, or to be sealed without a decision, and refused."""
    if not inspecting:
        raise fail(
            "此项仅供纪检监察和审计人员查看;确为其查看请加 --inspecting",
            "this is for discipline inspectors and auditors only; for them, add --inspecting",
        )
    with reading() as read:
        page = refused.attempts(read, masked=False, limit=limit, cursor=cursor)
    titles = {"attempted_at": "时间", "organ": "机关", "officer": "人员", "zh": "说明", "en": "what"}
    show_page(page, output, titles)
