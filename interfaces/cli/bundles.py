"""``shuangtui bundle``: which bundles stand where, what they wait for, and the chain templates that they follow."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import orjson
import typer
from pydantic import ValidationError

from domain.application import Order
from domain.chain_template import PublishChain
from domain.kernel.people import Actor, Role
from domain.kernel.refusal import Refusal
from infra.wiring import Platform
from interfaces.cli.output import (
    CursorOption,
    Form,
    FormOption,
    LimitOption,
    fail,
    out,
    progress,
    say,
    show_one,
    show_page,
    show_rows,
)
from interfaces.cli.shell import reading, today, with_platform
from projections import bundles, case_register
from projections.view import Reader

bundle = typer.Typer(help="一件事 bundles: 一链办理、一业一证、并联审批", no_args_is_help=True)

BundleArgument = Annotated[str, typer.Argument(help="一件事编号或标识 number or id of the bundle")]
MaskOption = Annotated[bool, typer.Option("--masked/--unmasked", help="个人信息脱敏 mask personal fields")]
AT_ONCE = 200


@bundle.command("list")
def bundle_list(
    chain: Annotated[str, typer.Option(help="链条编码 code of the chain")] = "",
    state: Annotated[str, typer.Option(help="状态 state")] = "",
    organ: Annotated[str, typer.Option(help="牵头、收件或办理部门 organ that leads, took in or handles a part")] = "",
    open_only: Annotated[bool, typer.Option("--open", help="只看进行中 only those open")] = False,
    to_reissue: Annotated[
        bool, typer.Option("--to-reissue", help="综合许可证含已终结许可、应换发的 whose composite joins what has ended")
    ] = False,
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """列出一件事 List bundles, newest first, and the parts that each waits for."""
    with reading() as read:
        page = bundles.find(
            read, chain=chain, state=state, organ=organ, open_only=open_only, to_reissue=to_reissue,
            cursor=cursor, limit=limit,
        )
    titles = {"bundle_no": "编号", "chain_name": "链条", "lead_name": "牵头", "state": "状态", "stage": "阶段",
              "stages": "共", "waiting": "等待", "license_no": "综合许可证", "bundle_id": "标识"}  # fmt: skip
    show_page(page, output, titles)


@bundle.command("show")
def bundle_show(bundle_id: BundleArgument, masked: MaskOption = True, output: FormOption = Form.TABLE) -> None:
    """查看一件事 Show one bundle with its parts, each as its own case stands."""
    with reading() as read:
        row = _found(read, bundle_id, masked)
        parts = [part | {"case_state": _case_state(read, part)} for part in row.parts]
    told = asdict(row) | {"parts": parts}
    if output is Form.TABLE:
        titles = {"stage": "阶段", "part": "部分", "name": "事项", "organ_name": "部门", "state": "结果",
                  "case_state": "办件状态", "case_no": "办件", "reason": "原因"}  # fmt: skip
        show_rows(told.pop("parts"), output, titles=titles)
        out.print()
        told["materials"] = [material["name"] for material in row.materials]
    show_one(told, output)


@bundle.command("chains")
def chains(
    kind: Annotated[str, typer.Option(help="种类 kind: chain, one_license, parallel")] = "",
    text: Annotated[str, typer.Option(help="编码或名称片段 part of code or name")] = "",
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="在哪一天有效 in force on a day")] = None,
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """链条模板 Chain templates in force, by code."""
    day = on.date() if on else today()
    with reading() as read:
        page = bundles.chains(read, day, kind=kind, text=text, cursor=cursor, limit=limit)
    titles = {"chain": "编码", "name": "名称", "kind": "种类", "lead_name": "牵头", "stages": "阶段", "parts": "事项",
              "composite": "综合许可证", "version": "版本", "effective_from": "生效"}  # fmt: skip
    show_page(page, output, titles)


@bundle.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="JSONL,每行一个链条模板 one chain template a line")
    ],
    officer: Annotated[str, typer.Option(help="经办人 who publishes them")],
    organ: Annotated[str, typer.Option(help="部门代码 code of the organ that keeps the catalogue")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只校验,不发布 only check, publish nothing")] = False,
    output: FormOption = Form.TABLE,
) -> None:
    """批量发布链条模板 Publish chain templates, each line for itself; every line that fails is told with its reason.

    每行的内容与 chain_template.publish 办理相同;重复导入不会重复发布。Each line is the content of the command
    chain_template.publish; the same file again publishes nothing twice."""
    wanted: list[tuple[int, PublishChain]] = []
    problems: list[dict[str, Any]] = []
    for line, content in _lines(file):
        try:
            wanted.append((line, PublishChain.model_validate(content)))
        except ValidationError as wrong:
            first = wrong.errors()[0]
            at = ".".join(map(str, first["loc"])) or "-"
            problems.append({"line": line, "chain": content.get("chain", "") if isinstance(content, dict) else "",
                             "zh": f"字段 {at} 不合规,请更正", "en": f"field {at}: {first['msg']}"})  # fmt: skip
    rows = len(wanted) + len(problems)
    done = {"published": 0, "known": 0}
    if wanted:
        by = Actor(id=officer, organ=organ, role=Role.STEWARD)
        done, refused = with_platform(lambda platform: _published(platform, wanted, by, dry_run))
        problems += refused
    problems.sort(key=lambda problem: problem["line"])
    if output is Form.TABLE:
        for problem in problems:
            say(f"第 {problem['line']} 行 {problem['chain']}:{problem['zh']}", problem["en"])
    told = {"rows": rows, **done, "failed": len(problems), "dry_run": dry_run}
    show_one(told if output is Form.TABLE else told | {"problems": problems}, output)
    if problems:
        raise typer.Exit(1)


def _lines(file: Path) -> Iterator[tuple[int, Any]]:
    with file.open("rb") as text:
        for number, line in enumerate(text, 1):
            if not line.strip():
                continue
            try:
                yield number, orjson.loads(line)
            except orjson.JSONDecodeError as wrong:
                raise fail(
                    f"第 {number} 行不是 JSON:{wrong};每行应为一个完整的模板",
                    f"line {number} is no JSON: {wrong}; every line must be one whole template", 2,
                ) from wrong  # fmt: skip


async def _published(
    platform: Platform, wanted: Sequence[tuple[int, PublishChain]], by: Actor, dry_run: bool
) -> tuple[dict[str, int], list[dict[str, Any]]]:
    counts, refused = {"published": 0, "known": 0}, []
    # Only tried, all lines are one batch: a line must see what the lines before it would have left.
    at_once = len(wanted) if dry_run else AT_ONCE
    with progress("发布链条模板 publishing", len(wanted)) as tell:
        for start in range(0, len(wanted), at_once):
            part = wanted[start : start + at_once]
            orders = [Order(command, by, platform.now()) for _, command in part]
            answers = await (platform.app.would(orders) if dry_run else platform.app.handle_all(orders))
            for (line, command), answer in zip(part, answers, strict=True):
                if isinstance(answer, Refusal):
                    refused.append({"line": line, "chain": command.chain, "zh": answer.told("zh"),
                                    "en": answer.told("en")})  # fmt: skip
                else:
                    counts["published" if answer.events else "known"] += 1
            tell(start + len(part))
            await asyncio.sleep(0)
    return counts, refused


def _found(read: Reader, given: str, masked: bool) -> bundles.BundleRow:
    """A bundle by its id or by its number. Raises Exit when there is none, or several."""
    try:
        row = bundles.bundle(read, UUID(given), masked=masked)
        found = [row] if row is not None else []
    except ValueError:
        found = bundles.numbered(read, given, masked=masked)
    if len(found) > 1:
        several = "、".join(str(row.bundle_id) for row in found)
        raise fail(f"编号 {given} 有多件,请用标识:{several}", f"several bundles have the number {given}: {several}")
    if not found:
        raise fail(f"没有一件事 {given};请核对编号", f"there is no bundle {given}; check the number")
    return found[0]


def _case_state(read: Reader, part: dict[str, Any]) -> str:
    if part["case_id"] is None:
        return ""
    case = case_register.case(read, UUID(part["case_id"]))
    return case.state if case is not None else ""
