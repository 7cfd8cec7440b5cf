"""``shuangtui calendar`` and ``shuangtui identifier``: what the rules compute, for anyone to check."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from domain.rules.dates import business_date
from domain.rules.entering import Tried, enter_rules, stamped, try_rules
from domain.rules.errors import NoCalendarForYear, RuleError
from domain.rules.identifiers import CHECKS, SCHEMES, check_citizen_id, check_item
from domain.rules.working_days import WorkingCalendar, working_calendar
from infra.keys import persons_of
from infra.rules import rules_directory
from infra.settings import Settings
from interfaces.cli.output import Form, FormOption, fail, say, show_one, show_rows

calendar = typer.Typer(
    help="工作日历 working days: 到期日与逐日理由 due dates with reasons; 录入新通知 entering a new notice.",
    no_args_is_help=True,
)
identifier = typer.Typer(
    help="标识校验 identifiers: 统一社会信用代码等 checks with reasons.", no_args_is_help=True
)

RegionOption = Annotated[str | None, typer.Option(help="行政区划代码 region code, for local shutdowns")]
KnownOption = Annotated[
    datetime | None, typer.Option("--known-on", formats=["%Y-%m-%d"], help="按当日已知的日历 as it was known on a day")
]
FileArgument = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="规则文件 rule file, such as working_days.2027.json")
]


@contextmanager
def telling() -> Iterator[None]:
    """What the rules refuse is told here too, for those who call a command without the program around it."""
    try:
        yield
    except RuleError as refused:
        raise fail(refused.told("zh"), refused.told("en")) from None


def _calendar(known_on: datetime | None = None) -> WorkingCalendar:
    enter_rules(rules_directory(Settings()))
    return working_calendar(known_on.date() if known_on else None)


def _today() -> date:
    from infra.wiring import clock_of  # the platform is loaded only by the commands that write

    return business_date(clock_of(Settings()).now())


@calendar.command("due")
def due(
    start: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="起算日(不计入)day 0, not counted")],
    working_days: Annotated[int, typer.Option("--working-days", min=0, help="工作日数 number of working days")],
    region: RegionOption = None,
    known_on: KnownOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """到期日 The last day of a limit, with every day counted or not and why."""
    with telling():
        found = _calendar(known_on).due(start.date(), working_days, region=region).shown()
    if output is Form.TABLE:
        show_rows(found["days"], output, titles={"date": "日期", "counted": "计入", "zh": "理由", "en": "reason"})
        show_one({"due": found["due"], "calendar": found["calendar"]}, output)
    else:
        show_one(found, output)


@calendar.command("show")
def show(
    year: Annotated[int, typer.Argument(min=1900, max=2999, help="年份 year")],
    region: RegionOption = None,
    known_on: KnownOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """查看一年 The days of a year on which it differs from Monday to Friday, each with the notice that orders it."""
    with telling():
        told = year_of(_calendar(known_on), year, region)
    if output is Form.TABLE:
        days = told.pop("days")
        show_rows(days, output, titles={"date": "日期", "working": "上班", "zh": "理由", "en": "reason"})
    show_one(told, output)


def year_of(known: WorkingCalendar, year: int, region: str | None = None) -> dict[str, Any]:
    """A year as plain values. Raises NoCalendarForYear."""
    if year not in known.years:
        raise NoCalendarForYear(year=year)
    notice = known.years[year]
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    days = [(day, known.why(day, region)) for day in map(date.fromordinal, range(first, last + 1))]
    return {
        "year": year, "region": region, "notice": notice.notice, "known_from": notice.known_from,
        "working_days": sum(known.is_working(day, region) for day, _ in days), "calendar": known.version,
        "days": [
            {"date": day, "working": known.is_working(day, region), **why._asdict()}
            for day, why in days if why.code not in ("weekday", "weekend")
        ],
    }  # fmt: skip


@calendar.command("check")
def calendar_check(file: FileArgument, output: FormOption = Form.TABLE) -> None:
    """核对规则文件 What a file would bring, tried beside everything in force; nothing is kept of it.

    文件名以规则名开头,格式与随附规则相同。The name begins with that of the book: working_days.2027.json."""
    with telling():
        told = _told(file, _tried(file))
    show_one(told, output)


@calendar.command("enter")
def calendar_enter(
    file: FileArgument,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只核对不录入 only check")] = False,
    output: FormOption = Form.TABLE,
) -> None:
    """录入规则文件 Enter next year's notice, a local closure or a local practice. It holds in every process started
    from then on; open cases are recomputed by events, decided cases keep what was told."""
    with telling():
        tried, directory = _tried(file), rules_directory(Settings())
    place = directory / file.name
    text = stamped(file.name, file.read_text(encoding="utf-8"), _today())
    if place.exists() and _content(place.read_text(encoding="utf-8")) != _content(text):
        raise fail(
            f"{place} 已录入过其他内容;录入过的规则不改,请另起文件名、以新的有效期录入",
            f"{place} holds something else; what was entered is never changed: take another name and a new period",
        )
    if not dry_run and not place.exists():
        directory.mkdir(parents=True, exist_ok=True)
        written = directory / f".{file.name}.part"
        written.write_text(text, encoding="utf-8")
        written.rename(place)
        say("已录入;请重启各进程使其生效", "entered; start the processes again so that it holds in each")
    show_one(_told(file, tried) | {"entered": not dry_run, "place": place}, output)


def _tried(file: Path) -> Tried:
    directory = rules_directory(Settings())
    enter_rules(directory)
    text = file.read_text(encoding="utf-8")
    return try_rules(directory, file.name, text, _today())


def _content(text: str) -> list[str]:
    """What a file says, apart from the day it was entered on."""
    return [line for line in text.split("\n") if '"entered_on"' not in line]


def _told(file: Path, tried: Tried) -> dict[str, Any]:
    after, before = tried.calendar, tried.before
    years = [y for y in after.years if before.years.get(y) != after.years[y]]
    return {
        "file": file.name, "ok": True, "book": tried.book, "keys": tried.keys,
        "years": {year: year_of(after, year)["working_days"] for year in years},
        "regions": sorted({o.region for o in after.overlays} - {o.region for o in before.overlays}),
        "notices": after.since(before), "calendar": after.version, "before": before.version,
        "covers_until": after.coverage_ends(),
    }  # fmt: skip


@identifier.command("check")
def check(
    kind: Annotated[str, typer.Argument(help="种类 one of: " + ", ".join(CHECKS))],
    value: Annotated[str, typer.Argument(help="待校验的值 the value to check")],
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="在哪一天有效 valid on a date")] = None,
    scheme: Annotated[
        str | None, typer.Option(help="事项编码体系 scheme of an item code: national, older; 缺省按形式判断 by its form")
    ] = None,
    output: FormOption = Form.TABLE,
) -> None:
    """校验标识 Check an identifier; errors forbid it, warnings ask to look again."""
    if kind not in CHECKS:
        known = "、".join(CHECKS)
        raise fail(f"没有「{kind}」这一种标识;可选:{known}", f"there is no such kind; choose from {known}", 2)
    day: date | None = on.date() if on else None
    if scheme is not None and (kind != "item" or scheme not in SCHEMES):
        raise fail("--scheme 只用于 item,取 national 或 older", "--scheme is for item only: national or older", 2)
    verdict = check_item(value, day, scheme) if scheme else CHECKS[kind](value, day)
    told = verdict.shown()
    show_one({"kind": verdict.kind, **told, "parts": dict(verdict.parts)} if output is Form.TABLE else told, output)
    if not verdict.valid:
        raise typer.Exit(1)


@identifier.command("digest")
def digest(
    number: Annotated[
        str, typer.Option(prompt="公民身份号码 citizen number", hide_input=True, help="公民身份号码;缺省时询问,不回显 asked for")
    ],
    output: FormOption = Form.TABLE,
) -> None:
    """自然人摘要 The digest by which this platform knows a natural person; the number itself is stored nowhere."""
    verdict = check_citizen_id(number)
    if not verdict.valid:
        raise fail(verdict.errors[0].zh, verdict.errors[0].en)
    show_one({"identifier": persons_of(Settings()).digest(verdict.value)}, output)
