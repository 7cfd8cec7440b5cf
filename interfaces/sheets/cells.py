"""Cells (单元格): what stands in one cell as the value that a field holds.

A list has one entry per line, and the parts of an entry are separated by ``|`` in the order of its fields. A term may
be written as its code or in Chinese. 无 says that there is none, which is not the same as saying nothing."""

from __future__ import annotations

import re
from datetime import date
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from domain.kernel.words import LimitUnit, Word
from domain.service_item.elements import LimitSaid
from interfaces.sheets.problems import CellUnclear

YES, NO = frozenset({"是", "有", "1", "true", "yes", "y"}), frozenset({"否", "无", "0", "false", "no", "n"})
NOTHING = "无"
PART = re.compile(r"\s*[|｜]\s*")
TERMS = re.compile(r"\s*[\n、,，;；]\s*")
LIMIT = re.compile(r"(\d+)\s*个?\s*(.*)", re.DOTALL)
UNITS = {
    "": LimitUnit.WORKING_DAYS, "工作日": LimitUnit.WORKING_DAYS, "日": LimitUnit.CALENDAR_DAYS,
    "天": LimitUnit.CALENDAR_DAYS, "自然日": LimitUnit.CALENDAR_DAYS, "月": LimitUnit.MONTHS, "小时": LimitUnit.HOURS,
    "分钟": LimitUnit.MINUTES, "半日": LimitUnit.HALF_DAYS, "半天": LimitUnit.HALF_DAYS,
} | {str(unit): unit for unit in LimitUnit}  # fmt: skip


def value_of(text: str, annotation: Any) -> Any:
    """The value that a field of this annotation holds. Raises ``CellUnclear``."""
    inner = plain(annotation)
    if get_origin(inner) is tuple:
        return _entries(text, get_args(inner)[0])
    return _one(text, inner)


def _entries(text: str, annotation: Any) -> tuple[Any, ...]:
    if text == NOTHING:
        return ()
    kind = plain(annotation)
    if isinstance(kind, type) and issubclass(kind, Word):
        return tuple(_one(one, kind) for one in TERMS.split(text) if one)
    return tuple(_one(line.strip(), kind) for line in text.splitlines() if line.strip())


def _one(text: str, kind: Any) -> Any:
    if not isinstance(kind, type):
        return text
    if issubclass(kind, LimitSaid):
        return _limit(text)
    if issubclass(kind, BaseModel):
        return _parts(text, kind)
    if issubclass(kind, Word):
        return _term(text, kind)
    if kind is bool:
        return _yes(text)
    if kind is int:
        return _number(text)
    return day_of(text) if kind is date else text


def _parts(text: str, kind: type[BaseModel]) -> dict[str, Any]:
    names = list(kind.model_fields)
    parts = PART.split(text)
    if len(parts) > len(names):
        raise CellUnclear(
            "too_many_parts", f"「{text[:60]}」有 {len(parts)} 段,最多 {len(names)} 段;请按模板说明填写",
            f'"{text[:60]}" has {len(parts)} parts, {len(names)} at most; see the notes of the template',
        )  # fmt: skip
    said = {}
    for name, part in zip(names, parts, strict=False):
        if part:
            said[name] = _part(part, kind.model_fields[name].annotation)
    for name, field in kind.model_fields.items():
        if field.is_required() and name not in said:
            place = names.index(name) + 1
            raise CellUnclear(
                "part_missing", f"「{text[:60]}」缺第 {place} 段;请按模板说明以 | 分隔填写",
                f'"{text[:60]}" lacks part {place} ({name}); separate the parts with |',
            )  # fmt: skip
    return said


def _part(text: str, annotation: Any) -> Any:
    inner = plain(annotation)
    # Within an entry, which is one line, names of people stand one after the other.
    return tuple(filter(None, TERMS.split(text))) if get_origin(inner) is tuple else _one(text, inner)


def _limit(text: str) -> dict[str, Any]:
    """``20``, ``20个工作日``, ``1个月``, ``2小时``; a remark may follow after ``|``."""
    said, _, note = text.replace("｜", "|").partition("|")
    found = LIMIT.fullmatch(said.strip())
    unit = UNITS.get(found.group(2).strip()) if found else None
    if found is None or unit is None:
        raise CellUnclear(
            "limit_unclear", f"时限「{text[:60]}」无法识别;请写成「20个工作日」「1个月」「2小时」等",
            f'the limit "{text[:60]}" is unclear; write 20个工作日, 1个月, 2小时 or the like',
        )  # fmt: skip
    return {"value": int(found.group(1)), "unit": unit, "note": note.strip()}


def _term(text: str, kind: type[Word]) -> Word:
    for term in kind:
        if text in (term.value, term.zh) or text.lower() == term.en.lower() or term.zh.startswith(text + "("):
            return term
    known = "、".join(f"{term.value} {term.zh}" for term in kind)
    raise CellUnclear("unknown_term", f"「{text[:60]}」不在可选值中;可填:{known}", f'"{text[:60]}" is none of: {known}')


def _yes(text: str) -> bool:
    if text.lower() in YES | NO:
        return text.lower() in YES
    raise CellUnclear("yes_or_no", f"「{text[:60]}」应填「是」或「否」", f'"{text[:60]}" must be 是 or 否')


def _number(text: str) -> int:
    if re.fullmatch(r"\d{1,9}", text):
        return int(text)
    raise CellUnclear("not_a_number", f"「{text[:60]}」应填整数", f'"{text[:60]}" must be a whole number')


def day_of(text: str) -> date:
    """``2026-01-01``, ``2026/1/1``, ``20260101`` or ``2026年1月1日``. Raises ``CellUnclear``."""
    found = re.fullmatch(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?", text)
    try:
        if found:
            return date(*(int(part) for part in found.groups()))
    except ValueError:
        pass
    raise CellUnclear(
        "day_unclear", f"日期「{text[:60]}」无法识别;请写成 2026-01-01", f'the day "{text[:60]}" is unclear; write 2026-01-01'
    )


def plain(annotation: Any) -> Any:
    """An annotation without its marks and without none."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (Union, UnionType):
            annotation = next(one for one in get_args(annotation) if one is not type(None))
        else:
            return annotation
