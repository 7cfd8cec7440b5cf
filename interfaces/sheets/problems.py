"""Problems (问题): what is wrong with a row, in which column, and what to do, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import ValidationError

from domain.kernel.refusal import Refusal
from domain.service_item.elements import titled
from domain.service_item.refusals import ElementsMissing


class RowProblem(NamedTuple):
    """行级问题: the text says what is wrong and what to do."""

    row: int
    column: str
    code: str
    zh: str
    en: str


class CellUnclear(Exception):
    """单元格内容不合规。What stands in a cell cannot be what its column holds."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        self.code, self.zh, self.en = code, zh, en
        super().__init__(f"{zh}{en}")


def of_cell(row: int, column: str, unclear: CellUnclear) -> RowProblem:
    return RowProblem(row, column, unclear.code, unclear.zh, unclear.en)


def missing_cell(row: int, column: str) -> RowProblem:
    return RowProblem(
        row, column, "missing_cell", f"「{column}」未填写;请补填", f'the column "{column}" is empty; fill it in'
    )


def of_refusal(row: int, refusal: Refusal, column: str = "") -> Iterator[RowProblem]:
    """A refusal as problems of a row: missing elements one by one, each in its column."""
    if isinstance(refusal, ElementsMissing):
        for path in str(refusal.facts["en"]).split(", "):
            title = titled(path)
            column = "申请材料" if path.startswith("materials.") else title
            yield RowProblem(
                row, column, refusal.code, f"必填要素「{title}」缺失;请补填(行政许可法第三十条)",
                f'the mandatory element "{path}" is missing; fill it in (Article 30)',
            )  # fmt: skip
        return
    yield RowProblem(row, column, refusal.code, refusal.told("zh"), refusal.told("en"))


_SAID = {
    "string_too_long": ("内容过长,最多 {max_length} 字;请精简", "longer than {max_length} characters; shorten it"),
    "string_too_short": ("内容过短,至少 {min_length} 字;请补充", "shorter than {min_length} characters; say more"),
    "too_long": ("条目过多,最多 {max_length} 条;请合并", "more than {max_length} entries; join some"),
    "string_pattern_mismatch": ("格式不符(应为 {pattern});请更正", "it does not have the form {pattern}; correct it"),
    "greater_than_equal": ("数值过小,至少 {ge};请更正", "less than {ge}; correct it"),
    "less_than_equal": ("数值过大,至多 {le};请更正", "more than {le}; correct it"),
    "value_error": ("{error};请更正", "{error}; correct it"),
    "missing": ("内容不全;请补齐各部分", "a part is missing; supply it"),
}


def of_validation(row: int, wrong: ValidationError, column_of: dict[str, str]) -> Iterator[RowProblem]:
    """What the commands themselves would not take: too long, too many, of another form."""
    for error in wrong.errors(include_url=False):
        path = ".".join(str(part) for part in error["loc"] if not isinstance(part, int))
        column = next((title for known, title in column_of.items() if path == known or path.startswith(known + ".")), "")
        limits: dict[str, Any] = error.get("ctx") or {}
        zh, en = _SAID.get(error["type"], ("内容不合规({msg});请更正", "{msg}; correct it"))
        told = {"msg": error["msg"]} | limits
        yield RowProblem(row, column or path, error["type"], zh.format_map(told), en.format_map(told))
