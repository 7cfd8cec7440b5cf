"""``shuangtui calendar`` and ``shuangtui identifier``: what the rules compute, for anyone to check."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer

from domain.rules.errors import RuleError
from domain.rules.identifiers import CHECKS
from domain.rules.working_days import working_calendar
from interfaces.cli.output import Form, FormOption, fail, show_one, show_rows

calendar = typer.Typer(
    help="工作日历 working days: 到期日与逐日理由 due dates, every day with its reason.", no_args_is_help=True
)
identifier = typer.Typer(
    help="标识校验 identifiers: 统一社会信用代码等 checks with reasons.", no_args_is_help=True
)


@calendar.command("due")
def due(
    start: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="起算日(不计入)day 0, not counted")],
    working_days: Annotated[int, typer.Option("--working-days", min=0, help="工作日数 number of working days")],
    region: Annotated[str | None, typer.Option(help="行政区划代码 region code, for local shutdowns")] = None,
    output: FormOption = Form.TABLE,
) -> None:
    """到期日 The last day of a limit, with every day counted or not and why."""
    try:
        found = working_calendar().due(start.date(), working_days, region=region).shown()
    except RuleError as refused:
        raise fail(refused.told("zh"), refused.told("en")) from None
    if output is Form.TABLE:
        show_rows(found["days"], output, titles={"date": "日期", "counted": "计入", "zh": "理由", "en": "reason"})
        show_one({"due": found["due"], "calendar": found["calendar"]}, output)
    else:
        show_one(found, output)


@identifier.command("check")
def check(
    kind: Annotated[str, typer.Argument(help="种类 one of: " + ", ".join(CHECKS))],
    value: Annotated[str, typer.Argument(help="待校验的值 the value to check")],
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="在哪一天有效 valid on a date")] = None,
    output: FormOption = Form.TABLE,
) -> None:
    """校验标识 Check an identifier; errors forbid it, warnings ask to look again."""
    if kind not in CHECKS:
        known = "、".join(CHECKS)
        raise fail(f"没有「{kind}」这一种标识;可选:{known}", f"there is no such kind; choose from {known}", 2)
    day: date | None = on.date() if on else None
    verdict = CHECKS[kind](value, day)
    show_one(verdict.shown(), output)
    if not verdict.valid:
        raise typer.Exit(1)
