"""How the command line speaks: tables for people, JSON for programs, trouble in two languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from enum import Enum
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from projections.view import Page

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


class Form(str, Enum):
    """How a result is printed."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"


FormOption = Annotated[
    Form, typer.Option("-o", "--output", help="输出形式 how to print: table (人看), json (一个文档), jsonl (逐行)")
]
LimitOption = Annotated[int, typer.Option("--limit", "-n", min=1, max=1000, help="每页行数 rows a page")]
CursorOption = Annotated[str | None, typer.Option("--cursor", help="下一页标记 where the page before ended")]


def plain(value: Any) -> Any:
    """A value as JSON can carry it."""
    return orjson.loads(orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS))


def line(value: Any) -> str:
    return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def show_rows(
    rows: Sequence[Mapping[str, Any]], form: Form, *, titles: Mapping[str, str], cursor: str | None = None
) -> None:
    """Print a page of rows; ``titles`` names the columns of the table and their order."""
    if form is Form.JSONL:
        for row in rows:
            print(line(row))
    elif form is Form.JSON:
        print(orjson.dumps({"rows": plain(list(rows)), "next": cursor}, option=orjson.OPT_INDENT_2).decode())
    else:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for title in titles.values():
            table.add_column(title, overflow="fold")
        for row in rows:
            table.add_row(*(_cell(row.get(name)) for name in titles))
        out.print(table if rows else "(没有记录 nothing here)")
    if cursor and form is not Form.JSON:
        err.print(f"[dim]还有下一页 more: --cursor {cursor}[/dim]")


def show_page(page: Page[Any], form: Form, titles: Mapping[str, str]) -> None:
    """Print a page of the read side, with where the next one begins."""
    show_rows([asdict(row) for row in page.rows], form, titles=titles, cursor=page.next)


def show_one(value: Mapping[str, Any], form: Form) -> None:
    """Print one result: last line of standard output when it is JSON."""
    if form is Form.TABLE:
        for name, content in value.items():
            out.print(f"[bold]{name}[/bold]  {_cell(content)}")
    else:
        print(line(value))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return "、".join(_cell(v) for v in value)
    if isinstance(value, dict):
        return line(value)
    if hasattr(value, "strftime") and hasattr(value, "hour"):
        return str(value.strftime("%Y-%m-%d %H:%M"))
    return str(value)


@contextmanager
def progress(title: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error; the block calls it with how much is done."""
    told = TextColumn("{task.description}")
    with Progress(SpinnerColumn(), told, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=err, transient=not err.is_terminal) as bar:
        task = bar.add_task(title, total=total)
        yield lambda done: bar.update(task, completed=done)


def say(zh: str, en: str = "") -> None:
    """One sentence of the story for people, on standard error so that output stays for programs."""
    err.print(f"{zh}  [dim]{en}[/dim]" if en else zh, soft_wrap=True)


def fail(zh: str, en: str, code: int = 1) -> typer.Exit:
    """Say what went wrong and what to do; raise what this returns."""
    err.print(f"[red]错误[/red] {zh}\n[dim]{en}[/dim]")
    return typer.Exit(code)
