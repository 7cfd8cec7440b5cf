"""Reading (读取): rows of a CSV file or of the first sheet of an Excel workbook, each with its number in the file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

EXCEL = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
ENCODINGS = ("utf-8-sig", "gb18030")
"""Excel in Chinese writes CSV in GB 18030 unless told otherwise; both are read without asking."""


class SheetUnreadable(Exception):
    """文件无法读取。The file cannot be read; the message says why and what to do, in both languages."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """表格的一行: its number in the file, the header being row 1, and its cells by column title; none are empty."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """表格: its column titles and its rows; rows without any content are left out."""

    titles: tuple[str, ...]
    rows: tuple[SheetRow, ...]


def read_sheet(path: Path) -> Sheet:
    """Raises ``SheetUnreadable``."""
    lines = _excel(path) if path.suffix.lower() in EXCEL else _csv(path)
    titles: tuple[str, ...] | None = None
    rows = []
    for number, line in lines:
        if titles is None:
            titles = _titles(line, path)
            continue
        cells = {title: text for title, text in zip(titles, line, strict=False) if title and text}
        if cells:
            rows.append(SheetRow(number, cells))
    if titles is None:
        raise SheetUnreadable(
            f"{path.name} 没有内容:第一行应为列标题,可用 template 命令生成模板。"
            f"{path.name} is empty: the first row must hold the column titles; the template command writes them."
        )
    return Sheet(titles, tuple(rows))


def _titles(line: list[str], path: Path) -> tuple[str, ...]:
    # A mandatory column is marked with a star in the template; whoever removes the star means the same column.
    titles = tuple(cell.strip().rstrip("*＊").strip() for cell in line)
    twice = sorted({title for title in titles if title and titles.count(title) > 1})
    if twice:
        named = "、".join(twice)
        raise SheetUnreadable(
            f"{path.name} 的列标题重复:{named};请保留一列。A column title of {path.name} appears twice: {named}; keep one."
        )
    return titles


def _csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    raw = path.read_bytes()
    for encoding in ENCODINGS:
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise SheetUnreadable(
            f"{path.name} 既不是 UTF-8 也不是 GB 18030 编码;请另存为 UTF-8 的 CSV 或 xlsx。"
            f"{path.name} is neither UTF-8 nor GB 18030; save it as CSV in UTF-8, or as xlsx."
        )
    try:
        # Numbered by rows, not by lines: a cell may hold several lines, and people count rows.
        for number, line in enumerate(csv.reader(text.splitlines(keepends=True), strict=True), 1):
            yield number, [cell.strip() for cell in line]
    except csv.Error as wrong:
        raise SheetUnreadable(
            f"{path.name} 不是完整的 CSV({wrong});请检查引号是否成对。"
            f"{path.name} is not whole as CSV ({wrong}); check that every quotation mark has its partner."
        ) from wrong


def _excel(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        lines = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, IndexError) as wrong:
        raise SheetUnreadable(
            f"{path.name} 不是可读的 Excel 工作簿({wrong});请用 Excel 打开后另存为 xlsx。"
            f"{path.name} is no readable workbook ({wrong}); open it in Excel and save it as xlsx."
        ) from wrong
    for number, line in enumerate(lines, 1):
        yield number, [_text(cell) for cell in line]


def _text(cell: object) -> str:
    """A cell as a person sees it: Excel keeps 20 as 20.0, and days as moments."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time.min else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()
