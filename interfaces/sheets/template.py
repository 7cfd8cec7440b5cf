"""Template (模板): empty forms with the Chinese column titles, and a second sheet that says how to fill them in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

import xlsxwriter
from pydantic import BaseModel

from domain.kernel.words import Word
from domain.service_item.elements import LimitSaid
from interfaces.sheets.cells import plain
from interfaces.sheets.items import NEEDED, PUBLICATION, columns
from interfaces.sheets.responsibilities import ITEM, ROW, TABLE
from interfaces.sheets.responsibilities import NEEDED as ROW_NEEDED

PARTS = {
    "law": "法律法规", "article": "条款", "text": "内容", "url": "网址", "code": "代码", "name": "名称",
    "region": "行政区划", "part": "会商或踏勘", "value": "数值", "unit": "单位", "note": "备注", "kind": "种类",
    "basis": "依据", "max_days": "最长天数", "stage": "环节", "days": "天数", "role": "承办角色", "optional": "是否可选",
    "check": "审查内容", "evidence": "证据材料", "on_failure": "不符处理", "machine_checkable": "可否机审",
    "number": "数量", "allowed": "是否允许", "check_days": "核查天数", "exclusions": "排除情形", "necessity": "必要性",
    "form": "介质", "copies_original": "原件份数", "copies_copy": "复印件份数", "source": "来源渠道", "issuer": "出具单位",
    "acceptance_standard": "受理标准", "sample": "样表", "blank_form": "空表", "tolerable": "可否容缺",
    "tolerance_days": "容缺天数", "standard": "标准", "reductions": "减免", "paid_by": "付费方", "time": "时限",
    "result": "成果", "question": "问题", "answer": "解答", "officers": "责任人",
}  # fmt: skip
"""How the parts of an entry are called in the notes."""

Note = tuple[str, bool, bool, str]
"""One column: its title, whether it must be there, whether it is one of the ten, how it is filled in."""


def item_columns() -> Iterator[Note]:
    for title, (_, kind, needed) in PUBLICATION.items():
        yield title, needed, False, how(kind)
    for title, (path, element, kind) in columns().items():
        yield title, element.must or path in NEEDED, element.ten, how(kind)


def responsibility_columns() -> Iterator[Note]:
    yield ITEM, True, False, how(str)
    for titles in (ROW, TABLE):
        for title, (_, kind) in titles.items():
            yield title, title in ROW_NEEDED, False, how(kind)


def how(annotation: Any) -> str:
    """How a cell is filled in, said from what it holds."""
    inner = plain(annotation)
    if get_origin(inner) is tuple:
        kind = plain(get_args(inner)[0])
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return f"每行一条;{_parts(kind)};没有的填「无」"
        return f"{_terms(kind)},可多项,以顿号分隔" if _is_term(kind) else "每行一条;没有的填「无」"
    if isinstance(inner, type) and issubclass(inner, LimitSaid):
        return "如 20个工作日、1个月、2小时;备注写在 | 之后"
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        return _parts(inner)
    if _is_term(inner):
        return _terms(inner)
    return {bool: "是 或 否", int: "整数"}.get(inner, "如 2026-01-01" if getattr(inner, "today", None) else "文字")


def _is_term(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Word)


def _terms(kind: type[Word]) -> str:
    return "可填:" + "、".join(f"{term.value} {term.zh}" for term in kind)


def _parts(kind: type[BaseModel]) -> str:
    return "以 | 分隔:" + "|".join(PARTS[name] for name in kind.model_fields)


def write_template(path: Path, sheet: str, notes: Iterator[Note]) -> int:
    """Write an empty form; returns how many columns it has."""
    told = list(notes)
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
        form = book.add_worksheet(sheet)
        for column, (title, must, _, _) in enumerate(told):
            form.write_string(0, column, f"{title}*" if must else title, bold)
            form.set_column(column, column, 18)
        form.freeze_panes(1, 1)
        explained = book.add_worksheet("填写说明")
        explained.set_column(0, 0, 18)
        explained.set_column(3, 3, 90, wrapped)
        for column, title in enumerate(("列标题", "必填", "多级十同", "填写方法")):
            explained.write_string(0, column, title, bold)
        for row, (title, must, ten, text) in enumerate(told, 1):
            for column, cell in enumerate((title, "是" if must else "", "是" if ten else "", text)):
                explained.write_string(row, column, cell)
    return len(told)
