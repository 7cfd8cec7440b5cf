"""``shuangtui expert``: the pool, its load, its draws, and whether a draw was fair, from the recorded facts alone."""

from __future__ import annotations

import asyncio
import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from pydantic import ValidationError

from domain.application import Order
from domain.expert import EnrollExpert
from domain.kernel.experts import Tie, TieKind
from domain.kernel.people import Actor, Role
from domain.kernel.refusal import Refusal
from domain.rules.loader import expert_discipline, expert_disciplines, threshold
from infra.doors import PlatformDoors
from infra.wiring import Platform
from interfaces.cli.demo.experts import EXPERTS, enrolments
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
from interfaces.draw_audit import audit
from projections import expert_draws, expert_load, expert_pool

expert = typer.Typer(help="专家库与专家抽取 the expert pool and its draws", no_args_is_help=True)

DisciplineOption = Annotated[str, typer.Option(help="专业类别 code of a discipline")]
NumberArgument = Annotated[str, typer.Argument(help="专家编号 number of the expert")]
DrawArgument = Annotated[UUID, typer.Argument(help="抽取标识 id of the draw")]
DayOption = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]
MaskOption = Annotated[bool, typer.Option("--masked/--unmasked", help="个人信息脱敏 mask personal fields")]
AT_ONCE = 500


@expert.command("list")
def expert_list(
    discipline: DisciplineOption = "",
    state: Annotated[str, typer.Option(help="状态 state: enrolled, suspended, removed")] = "",
    number: Annotated[str, typer.Option(help="编号开头 number begins with")] = "",
    masked: MaskOption = True,
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """列出专家 List the experts of the pool, by number."""
    with reading() as read:
        page = expert_pool.find(
            read, discipline=discipline, state=state, number=number, masked=masked, cursor=cursor, limit=limit
        )
    titles = {
        "expert_no": "编号",
        "name": "姓名",
        "title": "职称",
        "disciplines": "专业",
        "state": "状态",
        "ties": "利害关系",
    }
    show_page(page, output, titles)


@expert.command("show")
def expert_show(expert_no: NumberArgument, masked: MaskOption = True, output: FormOption = Form.TABLE) -> None:
    """查看专家 Show one expert, with the reviews of the window of rule R16."""
    day = today()
    since = day - timedelta(days=threshold("R16", on=day)["window"])
    with reading() as read:
        row = expert_pool.expert(read, expert_no, masked=masked)
        if row is None:
            raise fail(f"没有专家 {expert_no};请核对编号", f"there is no expert {expert_no}; check the number")
        found = expert_load.load(read, since, day, expert_no=expert_no).rows
    show_one(asdict(row) | {"since": since, "load": asdict(found[0]) if found else None}, output)


@expert.command("load")
def expert_load_(
    since: DayOption = None,
    until: DayOption = None,
    discipline: DisciplineOption = "",
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """专家负荷 How often each expert was drawn, answered and reviewed, and whether that is more than chance gives."""
    day = until.date() if until else today()
    first = since.date() if since else day - timedelta(days=threshold("R16", on=day)["window"])
    with reading() as read:
        page = expert_load.load(read, first, day, discipline=discipline, cursor=cursor, limit=limit)
    titles = {"expert_no": "编号", "draws": "抽中", "expected": "期望", "chance": "概率", "confirmed": "确认",
              "declined": "谢绝", "recused": "回避", "no_shows": "未到场", "by_hand": "指定", "reviews": "评审",
              "repeated": "异常"}  # fmt: skip
    show_page(page, output, titles)


@expert.command("disciplines")
def disciplines(output: FormOption = Form.TABLE) -> None:
    """专业类别 The disciplines in force, and how many experts each has."""
    day = today()
    with reading() as read:
        sizes = {row.discipline: row for row in expert_pool.sizes(read)}
    rows = []
    for code in expert_disciplines():
        told, size = expert_discipline(code, on=day), sizes.get(code)
        rows.append({"discipline": code, "zh": told.zh, "en": told.en, "enrolled": size.enrolled if size else 0,
                     "suspended": size.suspended if size else 0})  # fmt: skip
    titles = {"discipline": "专业", "zh": "名称", "en": "name", "enrolled": "在库", "suspended": "暂停"}
    show_rows(rows, output, titles=titles)


@expert.command("draws")
def draws(
    discipline: DisciplineOption = "",
    state: Annotated[str, typer.Option(help="状态 state")] = "",
    open_only: Annotated[bool, typer.Option("--open", help="只看进行中 only those open")] = False,
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """列出抽取 List draws, newest first; numbers of experts stay hidden until the review has started."""
    with reading() as read:
        page = expert_draws.find(
            read, discipline=discipline, state=state, open_only=open_only, cursor=cursor, limit=limit
        )
    titles = {"case_no": "办件", "discipline_name": "专业", "seats": "席位", "review_on": "评审日", "state": "状态",
              "round": "轮次", "pool_size": "可抽", "by_hand": "指定", "without_cause": "无故重抽",
              "conclusion": "结论", "draw_id": "标识"}  # fmt: skip
    show_page(page, output, titles)


@expert.command("verify")
def verify(draw_id: DrawArgument, output: FormOption = Form.TABLE) -> None:
    """核验抽取 Compute a draw again from the recorded facts alone; says match or mismatch, and which step differs."""
    verdict = with_platform(lambda platform: audit(PlatformDoors(platform), draw_id))
    if verdict is None:
        raise fail(f"没有抽取 {draw_id};请核对标识", f"there is no draw {draw_id}; check the id")
    if output is Form.TABLE:
        titles = {"round": "轮次", "step": "步骤", "match": "相符", "zh": "说明", "en": "what"}
        show_rows(verdict["steps"], output, titles=titles)
        show_one({name: verdict[name] for name in ("draw_id", "verdict", "drawn", "differs")}, output)
    else:
        show_one(verdict, output)
    if verdict["verdict"] != "match":
        raise typer.Exit(1)


@expert.command("sample")
def sample(
    count: Annotated[int, typer.Option(min=1, max=100_000, help="人数 how many")] = EXPERTS,
    seed: Annotated[int, typer.Option(help="同一种子同一名单 the same list for the same seed")] = 20,
) -> None:
    """专家库样本 Write a made-up pool in 20 disciplines as CSV, for trying out ``expert import``."""
    day = today()
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(COLUMNS)
    for one in enrolments(seed, count, today=day):
        ties = "|".join(
            f"{t.kind}:{t.party}:{t.party_name}:{t.since}:{t.until or ''}" for t in one.ties
        )  # fmt: skip
        rows.writerow([one.expert_no, one.name, one.title, "|".join(one.disciplines), ties])


COLUMNS = ("expert_no", "name", "title", "disciplines", "ties")
FORM = (
    "列 columns: expert_no,name,title,disciplines,ties;"
    "专业以 | 分隔 disciplines are separated by |;"
    "利害关系 ties: kind:party:party_name:since:until|… (日期 dates YYYY-MM-DD, until 可空 may be empty)"
)


@expert.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV (UTF-8);" + FORM)],
    officer: Annotated[str, typer.Option(help="经办人 who enrolls them")],
    organ: Annotated[str, typer.Option(help="部门代码 code of the organ that keeps the pool")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只校验,不入库 only check, enroll nobody")] = False,
    output: FormOption = Form.TABLE,
) -> None:
    """专家批量入库 Enroll experts from a CSV file, each row for itself; every row that fails is told with its reason.

    重复导入不会重复入库。The same file again enrolls nobody twice."""
    day = today()
    wanted: list[tuple[int, EnrollExpert]] = []
    problems: list[dict[str, Any]] = []
    for line, row in _rows(file):
        try:
            wanted.append((line, enrolment(row, day)))
        except Unreadable as wrong:
            problems.append({"line": line, "expert_no": row["expert_no"], "stage": "read",
                             "zh": wrong.zh, "en": wrong.en})  # fmt: skip
    by = Actor(id=officer, organ=organ, role=Role.STEWARD)
    done = {"enrolled": 0, "known": 0}
    if not dry_run and wanted:
        counts, refused = with_platform(lambda platform: _enrolled(platform, wanted, by))
        done, problems = counts, problems + refused
    problems.sort(key=lambda problem: problem["line"])
    if output is Form.TABLE:
        for problem in problems:
            say(f"第 {problem['line']} 行 {problem['expert_no']}:{problem['zh']}", problem["en"])
    told = {"rows": len(wanted) + sum(p["stage"] == "read" for p in problems), "valid": len(wanted), **done,
            "failed": len(problems), "dry_run": dry_run}  # fmt: skip
    show_one(told if output is Form.TABLE else told | {"problems": problems}, output)
    if problems:
        raise typer.Exit(1)


class Unreadable(Exception):
    """A row that says no expert."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(zh)


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.DictReader(text)
        missing = [name for name in COLUMNS[:4] if name not in (reader.fieldnames or ())]
        if missing:
            raise fail(f"缺少列 {'、'.join(missing)};{FORM}", f"columns are missing: {', '.join(missing)}", 2)
        for row in reader:
            yield reader.line_num, {name: (row.get(name) or "").strip() for name in COLUMNS}


def enrolment(row: Mapping[str, str], day: date) -> EnrollExpert:
    """The enrolment that a row asks for. Raises Unreadable with what is wrong and what to write instead."""
    codes = tuple(code for code in (part.strip() for part in row["disciplines"].split("|")) if code)
    for code in codes:
        if code not in expert_disciplines():
            known = "、".join(expert_disciplines())
            raise Unreadable(
                f"没有专业类别「{code}」;可选:{known}", f"there is no discipline {code}; choose from {known}"
            )
        expert_discipline(code, on=day)
    ties = tuple(_tie(part) for part in row["ties"].split("|") if part.strip())
    try:
        return EnrollExpert(
            expert_no=row["expert_no"], name=row["name"], title=row["title"], disciplines=codes, ties=ties
        )
    except ValidationError as wrong:
        first = wrong.errors()[0]
        column = ".".join(map(str, first["loc"]))
        raise Unreadable(f"列 {column} 不合规,请更正", f"column {column}: {first['msg']}") from wrong


def _tie(text: str) -> Tie:
    parts = [part.strip() for part in text.split(":")]
    try:
        kind, party, name, since, until = [*parts, ""][:5] if len(parts) == 4 else parts
        return Tie(
            kind=TieKind.of(kind), party=party, party_name=name, since=date.fromisoformat(since),
            until=date.fromisoformat(until) if until else None,
        )  # fmt: skip
    except (ValueError, ValidationError) as wrong:
        kinds = ", ".join(kind.value for kind in TieKind)
        raise Unreadable(
            f"利害关系「{text}」应为 种类:标识:名称:起始日:终止日,种类为 {kinds}",
            f'the tie "{text}" must be kind:party:party_name:since:until with a kind of {kinds}',
        ) from wrong


async def _enrolled(
    platform: Platform, wanted: Sequence[tuple[int, EnrollExpert]], by: Actor
) -> tuple[dict[str, int], list[dict[str, Any]]]:
    counts, refused = {"enrolled": 0, "known": 0}, []
    with progress("专家入库 enrolling", len(wanted)) as tell:
        for start in range(0, len(wanted), AT_ONCE):
            part = wanted[start : start + AT_ONCE]
            answers = await platform.app.handle_all([Order(command, by, platform.now()) for _, command in part])
            for (line, command), answer in zip(part, answers, strict=True):
                if isinstance(answer, Refusal):
                    refused.append({"line": line, "expert_no": command.expert_no, "stage": "enroll",
                                    "zh": answer.told("zh"), "en": answer.told("en")})  # fmt: skip
                else:
                    counts["enrolled" if answer.events else "known"] += 1
            tell(start + len(part))
            await asyncio.sleep(0)
    return counts, refused
