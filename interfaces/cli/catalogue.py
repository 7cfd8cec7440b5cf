"""``shuangtui item`` and ``shuangtui responsibility``: the catalogue, its levels compared, and who answers for what."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from domain.application import Order
from domain.kernel.command import Command
from domain.kernel.people import Actor, Role
from domain.service_item import CodeScheme
from infra.settling import settle
from infra.wiring import Platform
from interfaces.cli.output import (
    CursorOption,
    Form,
    FormOption,
    LimitOption,
    fail,
    progress,
    say,
    show_one,
    show_page,
    show_rows,
)
from interfaces.cli.shell import reading, today, with_platform
from interfaces.sheets.bringing_in import Brought, bring_in
from interfaces.sheets.items import read_items
from interfaces.sheets.problems import RowProblem
from interfaces.sheets.reading import Sheet, SheetUnreadable, read_sheet
from interfaces.sheets.responsibilities import read_responsibilities
from interfaces.sheets.template import item_columns, responsibility_columns, write_template
from projections import catalogue, catalogue_drift, responsibilities

item = typer.Typer(help="事项目录 catalogue of items", no_args_is_help=True)
responsibility = typer.Typer(help="责任清单 who answers for what", no_args_is_help=True)

SHOWN_PROBLEMS = 50

DAY = ["%Y-%m-%d"]
OnOption = Annotated[datetime | None, typer.Option(formats=DAY, help="哪一天,默认今天 on which day; default today")]
CodeArgument = Annotated[str, typer.Argument(help="事项编码 item code")]
FileArgument = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV 或 Excel 文件 CSV or Excel")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只核对,不保存 check everything, store nothing")]
ReportOption = Annotated[Path | None, typer.Option(help="问题清单另存为 CSV write every problem to this CSV")]
OfficerOption = Annotated[str, typer.Option(help="经办人 who brings it in")]
OrganOption = Annotated[str, typer.Option(help="经办部门代码 code of the organ that brings it in")]
SinceOption = Annotated[
    datetime | None, typer.Option(formats=DAY, help="未填写生效日期的行自何日起生效 for rows that name no day")
]
OutOption = Annotated[Path, typer.Option("--output", "-o", dir_okay=False, help="写到哪个 xlsx where to write it")]


@item.command("list")
def item_list(
    text: Annotated[str, typer.Option(help="编码或名称的一部分 part of the code or the name")] = "",
    on: OnOption = None,
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """列出事项 Entries in force on a day, by code."""
    with reading() as read:
        page = catalogue.items(read, _day(on), text=text, limit=limit, cursor=cursor)
    titles = {"item": "编码", "name": "名称", "number": "版本", "effective_from": "生效", "organ_name": "实施主体",
              "complete": "要素齐全", "state": "状态"}  # fmt: skip
    show_page(page, output, titles)


@item.command("show")
def item_show(
    code: CodeArgument,
    version: Annotated[int | None, typer.Option(min=1, help="第几版,默认当日在用 which version")] = None,
    on: OnOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """查看事项 One version: on which terms it is handled, what it lacks, and what it changed, from what to what."""
    day = _day(on)
    with reading() as read:
        number = version
        if number is None:
            found = catalogue.item(read, code, day)
            number = found.number if found is not None else None
        known = {row.number: row for row in _all_versions(read, code, day)}
        row = known.get(number or 0)
        entry = catalogue.entry(read, code, number or 0)
    if row is None or entry is None:
        held = "、".join(map(str, known)) or "无 none"
        raise fail(
            f"事项 {code} 在 {day} 没有这一版;现有版本:{held},用 --version 指定",
            f"the item {code} has no such version on {day}; there are: {held}; name one with --version",
        )
    told = asdict(row) | {"elements": entry.elements, "changes": entry.changes}
    if output is not Form.TABLE:
        show_one(told, output)
        return
    summary = ("item", "name", "number", "state", "effective_from", "effective_to", "organ_name", "reason", "missing")
    show_one({name: told[name] for name in summary}, output)
    show_rows(
        [_readable(change) for change in entry.changes], output,
        titles={"title": "变动要素", "old": "原", "new": "现", "path": "path"},
    )  # fmt: skip


@item.command("history")
def item_history(
    code: CodeArgument,
    on: OnOption = None,
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """版本沿革 Every version with its reason and what it changed, as it stands on a day."""
    with reading() as read:
        page = catalogue.history(read, code, _day(on), limit=limit, cursor=cursor)
    if not page.rows and cursor is None:
        raise fail(f"没有事项 {code};请核对事项编码", f"there is no item {code}; check the code")
    titles = {"number": "版本", "state": "状态", "effective_from": "自", "effective_to": "至", "organ_name": "实施主体",
              "changed": "变动要素", "reason": "原因"}  # fmt: skip
    show_page(page, output, titles)


@item.command("transfers")
def item_transfers(
    code: Annotated[str, typer.Option("--item", help="事项编码 item code")] = "",
    organ: Annotated[str, typer.Option(help="划出或划入部门 organ that gave or took")] = "",
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """划转记录 Items that went, or will go, from one organ to another."""
    with reading() as read:
        page = catalogue.transfers(read, item=code, organ=organ, limit=limit, cursor=cursor)
    titles = {"item": "事项", "effective_on": "生效", "from_name": "划出", "to_name": "划入", "running": "在办件",
              "basis": "依据"}  # fmt: skip
    show_page(page, output, titles)


@item.command("drift")
def item_drift(
    basic_code: Annotated[str, typer.Option(help="基本编码 basic code")] = "",
    organ: Annotated[str, typer.Option(help="实施主体代码 implementing organ")] = "",
    city: Annotated[str, typer.Option(help="市级区划前四位 first four digits of the city")] = "",
    everything: Annotated[bool, typer.Option("--all", help="一致的也列出 also those that agree")] = False,
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """多级十同 Which entries say one of the ten elements otherwise than their city, and which elements."""
    with reading() as read:
        page = catalogue_drift.drift(
            read, basic_code=basic_code, organ=organ, city=city, everything=everything, limit=limit, cursor=cursor
        )
        counted = catalogue_drift.count(read)
    titles = {"basic_code": "基本编码", "organ_name": "实施主体", "level": "层级", "name": "事项", "reference_organ": "市级",
              "differing_zh": "不一致要素"}  # fmt: skip
    show_page(page, output, titles)
    say(
        f"已比对 {counted.compared} 条,不一致 {counted.differing} 条,无市级基准 {counted.without_reference} 条",
        f"{counted.compared} compared, {counted.differing} differ, {counted.without_reference} have no city entry",
    )


@item.command("import")
def item_import(
    file: FileArgument,
    effective_from: SinceOption = None,
    scheme: Annotated[CodeScheme, typer.Option(help="未填写编码体系的行 for rows that name none")] = CodeScheme.NATIONAL,
    officer: OfficerOption = "catalogue-import",
    organ: OrganOption = "platform",
    dry_run: DryRun = False,
    report: ReportOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """导入事项目录 Publish every row that says something new; what says nothing new is left alone, so a file may be
    brought in again. Each row that cannot be published is told with its column, why, and what to do."""
    sheet = _sheet(file)
    read = read_items(sheet, begins=_day(effective_from), scheme=scheme)
    _bring(file, sheet, read.commands, read.problems, _steward(officer, organ), dry_run, report, output)


@item.command("template")
def item_template(output: OutOption = Path("事项目录模板.xlsx")) -> None:
    """导入模板 An empty form with the Chinese column titles and a sheet that says how to fill them in."""
    count = write_template(output, "事项目录", item_columns())
    say(f"已写入 {output}:{count} 列,「填写说明」见第二张表", f"written to {output}: {count} columns, notes on the second sheet")


@responsibility.command("show")
def responsibility_show(
    code: CodeArgument,
    region: Annotated[str | None, typer.Option(help="行政区划代码 region code")] = None,
    version: Annotated[int | None, typer.Option(min=1, help="事项版本,默认当日在用 item version")] = None,
    on: OnOption = None,
    limit: LimitOption = 50,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """查看责任 Who approves and who supervises an item on a day: at a place, or line by line."""
    day = _day(on)
    with reading() as read:
        table = responsibilities.table(read, code, day)
        if table is None:
            raise fail(
                f"事项 {code} 在 {day} 没有责任清单;监管主体以事项版本为准",
                f"no responsibility table of {code} on {day}; its version says who supervises",
            )
        if region is None:
            page = responsibilities.lines(read, day, item=code, limit=limit, cursor=cursor)
            titles = {"line": "行", "region": "区划", "versions_from": "版本自", "versions_to": "至",
                      "effective_from": "生效", "effective_to": "失效", "approver_name": "审批", "officers": "审批责任人",
                      "regulators": "监管"}  # fmt: skip
            show_page(page, output, titles)
            return
        if version is None:
            current = catalogue.item(read, code, day)
            version = current.number if current is not None else 1
        found = responsibilities.who(read, code, region, version=version, on=day)
    assert found is not None
    show_one({"item": code, "region": region, "on": day, "version": version} | found.model_dump(mode="json"), output)


@responsibility.command("disputes")
def responsibility_disputes(
    code: Annotated[str, typer.Option("--item", help="事项编码 item code")] = "",
    claimant: Annotated[str, typer.Option(help="主张部门代码 organ that claims")] = "",
    everything: Annotated[bool, typer.Option("--all", help="已裁定的也列出 also those decided")] = False,
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """责任争议 Places for which nobody, or more than one, answers, oldest first."""
    with reading() as read:
        page = responsibilities.disputes(
            read, item=code, claimant=claimant, open_only=not everything, limit=limit, cursor=cursor
        )
    titles = {"item": "事项", "number": "争议号", "kind": "类型", "place": "区划", "begins": "自", "ends": "至",
              "claimants": "主张部门", "owner_name": "裁定", "document_no": "文号"}  # fmt: skip
    show_page(page, output, titles)


@responsibility.command("import")
def responsibility_import(
    file: FileArgument,
    effective_from: SinceOption = None,
    basis: Annotated[str, typer.Option(help="未填写依据文件的事项 document, for items that name none")] = "",
    officer: OfficerOption = "responsibility-import",
    organ: OrganOption = "platform",
    dry_run: DryRun = False,
    report: ReportOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """导入责任清单 Set the table of every item in the file; what says nothing new is left alone. Places that it leaves
    without an owner, or with more than one, go to the dispute queue."""
    sheet = _sheet(file)
    read = read_responsibilities(sheet, begins=_day(effective_from), basis=basis)
    _bring(file, sheet, read.commands, read.problems, _steward(officer, organ), dry_run, report, output)


@responsibility.command("template")
def responsibility_template(output: OutOption = Path("责任清单模板.xlsx")) -> None:
    """导入模板 An empty form with the Chinese column titles and a sheet that says how to fill them in."""
    count = write_template(output, "责任清单", responsibility_columns())
    say(f"已写入 {output}:{count} 列,「填写说明」见第二张表", f"written to {output}: {count} columns, notes on the second sheet")


def _bring(
    file: Path,
    sheet: Sheet,
    commands: Sequence[tuple[int, Command]],
    problems: Sequence[RowProblem],
    by: Actor,
    dry_run: bool,
    report: Path | None,
    output: Form,
) -> None:
    async def work(platform: Platform, tell: Callable[[int], None]) -> Brought:
        at = platform.now()
        carry_out = platform.app.would if dry_run else platform.app.handle_all
        orders = [(row, Order(command, by, at)) for row, command in commands]
        brought = await bring_in(orders, carry_out, rows=len(sheet.rows), problems=problems, tell=tell)
        if brought.done and not dry_run:
            say("正在更新读模型……", "folding the read side")
            await settle(platform)
        return brought

    with progress(f"导入 {file.name}", len(commands)) as tell:
        brought = with_platform(lambda platform: work(platform, tell))
    told = brought.told()
    if report is not None:
        _write_report(report, brought.problems)
    if output is Form.TABLE:
        shown = told.pop("problems")
        show_rows(
            shown[:SHOWN_PROBLEMS], output,
            titles={"row": "行", "column": "列", "code": "代码", "zh": "问题与办法", "en": "what, and what to do"},
        ) if shown else None
        if len(shown) > SHOWN_PROBLEMS:
            say(
                f"另有 {len(shown) - SHOWN_PROBLEMS} 个问题;用 --report 文件.csv 取得全部",
                f"{len(shown) - SHOWN_PROBLEMS} more problems; --report FILE.csv writes them all",
            )
    show_one(told | {"dry_run": dry_run}, output)
    if brought.problems:
        raise typer.Exit(1)


def _write_report(path: Path, problems: Sequence[RowProblem]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("行 row", "列 column", "代码 code", "问题与办法", "what, and what to do"))
        writer.writerows(problems)
    say(f"问题清单已写入 {path}", f"every problem is in {path}")


def _sheet(file: Path) -> Sheet:
    try:
        return read_sheet(file)
    except SheetUnreadable as trouble:
        raise fail(str(trouble), "") from None


def _steward(officer: str, organ: str) -> Actor:
    return Actor(id=officer, organ=organ, role=Role.STEWARD)


def _all_versions(read: Any, code: str, day: date) -> list[catalogue.ItemVersionSeen]:
    found, cursor = [], None
    while True:
        page = catalogue.history(read, code, day, cursor=cursor, limit=500)
        found += page.rows
        cursor = page.next
        if cursor is None:
            return found


def _readable(change: dict[str, Any]) -> dict[str, Any]:
    """For a list what went and what came, so that one changed material of thirty can be seen."""
    old, new = change["old"], change["new"]
    if isinstance(old, list) and isinstance(new, list):
        return change | {"old": [one for one in old if one not in new], "new": [one for one in new if one not in old]}
    return change


def _day(given: datetime | None) -> date:
    return given.date() if given else today()
