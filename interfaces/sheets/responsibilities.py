"""Responsibilities (责任清单表): rows of a file as tables, one per item; what holds for the whole table stands in any
of its rows, and two rows may not say it differently."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from domain.kernel.responsibility import ResponsibleRegulator
from domain.kernel.words import Body
from domain.responsibility.commands import SetResponsibilityTable
from domain.responsibility.words import ResponsibilityRow
from interfaces.sheets.cells import value_of
from interfaces.sheets.problems import CellUnclear, RowProblem, missing_cell, of_cell, of_validation
from interfaces.sheets.reading import Sheet, SheetRow

Bodies = tuple[Body, ...]
Regulators = tuple[ResponsibleRegulator, ...]
Names = tuple[str, ...]

ITEM = "事项编码"
ROW: dict[str, tuple[str, Any]] = {
    "行政区划": ("region", str), "事项版本自": ("versions_from", int), "事项版本至": ("versions_to", int),
    "生效日期": ("effective_from", date), "失效日期": ("effective_to", date), "审批部门代码": ("approver_code", str),
    "审批部门": ("approver_name", str), "审批责任人": ("approver_officers", Names),
    "监管部门": ("regulators", Regulators), "会商部门": ("consult", Bodies), "踏勘部门": ("inspect", Bodies),
}  # fmt: skip
TABLE: dict[str, tuple[str, Any]] = {
    "清单生效日期": ("effective_from", date), "实施区划": ("places", Names), "依据文件": ("basis", str),
    "变更原因": ("reason", str),
}  # fmt: skip
NEEDED = ("审批部门代码", "生效日期")


@dataclass(frozen=True, slots=True)
class ResponsibilitySheet:
    """The tables of a file as commands, each with the number of its first row, or what is wrong."""

    commands: list[tuple[int, SetResponsibilityTable]]
    problems: list[RowProblem]


def read_responsibilities(sheet: Sheet, *, begins: date, basis: str = "") -> ResponsibilitySheet:
    """``begins`` and ``basis`` hold for tables that do not say them."""
    problems = [
        RowProblem(
            1, title, "unknown_column", f"没有「{title}」这一列;请核对模板的列标题,多余的列请删除",
            f'there is no column "{title}"; compare the titles with the template and delete what is not in it',
        )
        for title in sheet.titles if title and title not in {ITEM, *ROW, *TABLE}
    ]  # fmt: skip
    tables: dict[str, _Table] = {}
    for row in sheet.rows:
        item = row.cells.get(ITEM)
        if item is None:
            problems.append(missing_cell(row.number, ITEM))
            continue
        table = tables.setdefault(item, _Table(item, row.number))
        table.add(row)
    commands = []
    for table in tables.values():
        command = table.command(begins, basis)
        problems += table.problems
        if command is not None:
            commands.append((table.first, command))
    return ResponsibilitySheet(commands, sorted(problems))


class _Table:
    def __init__(self, item: str, first: int) -> None:
        self.item, self.first = item, first
        self.rows: list[ResponsibilityRow] = []
        self.told: dict[str, Any] = {}
        self.problems: list[RowProblem] = []

    def add(self, row: SheetRow) -> None:
        for title in NEEDED:
            if title not in row.cells:
                self.problems.append(missing_cell(row.number, title))
        for title, (name, kind) in TABLE.items():
            for value in self._value(row, title, kind):
                if self.told.setdefault(name, value) != value:
                    self.problems.append(RowProblem(
                        row.number, title, "rows_disagree",
                        f"同一事项的「{title}」前后不一致;请改为一致,或只在首行填写",
                        f'the rows of one item say "{title}" differently; make them agree, or fill in the first alone',
                    ))  # fmt: skip
        said = {name: value for title, (name, kind) in ROW.items() for value in self._value(row, title, kind)}
        code = said.pop("approver_code", None)
        said["approver"] = {"code": code, "name": said.pop("approver_name", code)}
        if code is None or "effective_from" not in said:
            return
        try:
            self.rows.append(ResponsibilityRow.model_validate(said))
        except ValidationError as wrong:
            columns = {name: title for title, (name, _) in ROW.items()} | {"approver.code": "审批部门代码"}
            self.problems += of_validation(row.number, wrong, columns)

    def command(self, begins: date, basis: str) -> SetResponsibilityTable | None:
        told = {"effective_from": begins, "reason": "导入责任清单"} | ({"basis": basis} if basis else {}) | self.told
        if "basis" not in told:
            self.problems.append(missing_cell(self.first, "依据文件"))
        if self.problems:
            return None
        try:
            return SetResponsibilityTable.model_validate({"item": self.item, "rows": tuple(self.rows)} | told)
        except ValidationError as wrong:
            columns = {name: title for title, (name, _) in TABLE.items()} | {"item": ITEM}
            self.problems += of_validation(self.first, wrong, columns)
            return None

    def _value(self, row: SheetRow, title: str, kind: Any) -> Iterator[Any]:
        if title not in row.cells:
            return
        text = row.cells[title]
        if kind is Names:
            text = text.replace("、", "\n").replace(",", "\n").replace(",", "\n")
        try:
            yield value_of(text, kind)
        except CellUnclear as unclear:
            self.problems.append(of_cell(row.number, title, unclear))
