"""``shuangtui license`` and ``shuangtui enterprise``: licenses as they stand, and the story of one enterprise."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

import typer

from domain.rules.dates import end_of
from interfaces.cli.output import CursorOption, Form, FormOption, LimitOption, fail, out, show_one, show_page
from interfaces.cli.shell import reading, today
from projections import enterprises, licenses, timeline
from projections.timeline import Entry
from projections.view import Page, Reader

license = typer.Typer(help="证照 licenses", no_args_is_help=True)
enterprise = typer.Typer(help="企业 enterprises", no_args_is_help=True)

RegulatorOption = Annotated[str, typer.Option(help="监管部门代码 what this regulator supervises")]
OrganOption = Annotated[str, typer.Option(help="审批部门代码 what this organ granted")]
MaskOption = Annotated[bool, typer.Option("--masked/--unmasked", help="个人信息脱敏 mask personal fields")]
LICENSE = {"license_no": "证号", "item_name": "事项", "subject_name": "持证人", "state": "状态", "exchange_code": "交换码",
           "valid_from": "自", "valid_to": "至", "license_id": "标识"}  # fmt: skip


def _tell(page: Page[Entry], output: Form) -> None:
    if output is not Form.TABLE:
        show_page(page, output, {})
        return
    for entry in page.rows:
        local = entry.occurred_at.astimezone(end_of(date(2000, 1, 1)).tzinfo)
        out.print(f"[bold]{local:%Y-%m-%d %H:%M}[/bold]  {entry.zh}")
        out.print(f"                  [dim]{entry.en}[/dim]")
    if page.next:
        out.print(f"[dim]还有下一页 more: --cursor {page.next}[/dim]")


@license.command("list")
def license_list(
    subject: Annotated[str, typer.Option(help="持证人标识 identifier of the holder")] = "",
    number: Annotated[str, typer.Option(help="证号开头 number begins with")] = "",
    state: Annotated[str, typer.Option(help="状态 state, such as valid")] = "",
    item: Annotated[str, typer.Option(help="事项编码 item code")] = "",
    organ: OrganOption = "",
    regulator: RegulatorOption = "",
    proposed: Annotated[bool, typer.Option("--proposed", help="只看监管建议变动的 those a regulator wants changed")] = False,
    masked: MaskOption = True,
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """列出证照 List licenses with their state and exchange code, newest first."""
    with reading() as read:
        page = licenses.find(
            read, subject=subject, license_no=number, state=state, item=item, organ=organ, authority=regulator,
            proposed=proposed, masked=masked, limit=limit, cursor=cursor,
        )  # fmt: skip
    show_page(page, output, LICENSE)


@license.command("show")
def license_show(
    license_id: Annotated[str, typer.Argument(help="证号或标识 license number or id")],
    masked: MaskOption = True,
    output: FormOption = Form.TABLE,
) -> None:
    """查看证照 Show one license with its renewals, annual checks and everything that happened to it."""
    with reading() as read:
        found = _license(read, license_id, masked)
        told = asdict(found) | {
            "renewals": [asdict(row) for row in licenses.renewals_of(read, found.license_id)],
            "checks": [asdict(row) for row in licenses.checks_of(read, found.license_id)],
        }
        entries = timeline.of_stream(read, found.license_id, masked=masked)
    if output is Form.TABLE:
        show_one(told, output)
        _tell(Page(entries), output)
    else:
        show_one(told | {"timeline": [asdict(entry) for entry in entries]}, output)


@license.command("due")
def license_due(
    days: Annotated[int, typer.Option(min=0, max=3650, help="今后多少日 how many days ahead")] = 90,
    organ: OrganOption = "",
    regulator: RegulatorOption = "",
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """即将到期 Licenses in force that expire within some days, the earliest first."""
    with reading() as read:
        day = today()
        page = licenses.expiring(
            read, day, day + timedelta(days=days), organ=organ, authority=regulator, limit=limit, cursor=cursor
        )
    show_page(page, output, LICENSE | {"renewal_in_time": "已按期申请延续"})


@license.command("annual-checks")
def license_annual_checks(
    year: Annotated[int | None, typer.Option(min=2000, max=2100, help="年度 year; this one without it")] = None,
    month: Annotated[int | None, typer.Option(min=1, max=12, help="到期月份 due in this month")] = None,
    done: Annotated[bool | None, typer.Option("--done/--open", help="已合格或未合格 passed, or not")] = None,
    organ: OrganOption = "",
    regulator: RegulatorOption = "",
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """年检清单 Who is due for the annual check, generated from the dates of the licenses; done and overdue ones shown."""
    with reading() as read:
        day = today()
        page = licenses.annual_checks(
            read, year or day.year, day, month=month, done=done, organ=organ, authority=regulator, limit=limit,
            cursor=cursor,
        )  # fmt: skip
    titles = {"license_no": "证号", "item_name": "事项", "subject_name": "持证人", "opens_on": "自", "due_on": "至",
              "result": "结论", "checked_on": "检查日", "overdue": "逾期"}  # fmt: skip
    show_page(page, output, titles)


@enterprise.command("timeline")
def enterprise_timeline(
    uscc: Annotated[str, typer.Argument(help="统一社会信用代码 unified social credit identifier")],
    at: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="截至某日 as of the end of a day")] = None,
    regulator: RegulatorOption = "",
    masked: MaskOption = True,
    limit: LimitOption = 100,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """企业时间线 Licenses, findings, penalties and commitments of one enterprise in one list, in both languages."""
    with reading() as read:
        page = enterprises.of_subject(
            read, uscc, authority=regulator, masked=masked, until=end_of(at.date()) if at else None, limit=limit,
            cursor=cursor,
        )  # fmt: skip
    _tell(page, output)


def _license(read: Reader, given: str, masked: bool) -> licenses.LicenseRow:
    """A license by its id or number. Raises Exit when there is none, or several."""
    try:
        one = licenses.license(read, UUID(given), masked=masked)
        found = [one] if one is not None else []
    except ValueError:
        found = licenses.numbered(read, given, masked=masked)
    if len(found) > 1:
        several = "、".join(str(row.license_id) for row in found)
        raise fail(f"有多个证照使用证号 {given},请用标识:{several}", f"several licenses use {given}; give an id: {several}")
    if not found:
        raise fail(f"没有证照 {given};请核对证号", f"there is no license {given}; check the number")
    return found[0]
