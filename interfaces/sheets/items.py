"""Items (事项目录表): rows of the catalogue as commands; columns are the elements by their Chinese names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel, ValidationError

from domain.kernel.words import Handling
from domain.service_item import CodeScheme, ItemElements, PublishItemVersion
from domain.service_item.elements import Element, elements_of
from domain.service_item.lawful import terms_said
from interfaces.sheets.cells import value_of
from interfaces.sheets.problems import CellUnclear, RowProblem, missing_cell, of_cell, of_validation
from interfaces.sheets.reading import Sheet, SheetRow

CODE, BEGINS, SCHEME, HANDLING, SAFETY, REASON = "事项编码", "生效日期", "编码体系", "办理方式", "涉及安全", "变更原因"

PUBLICATION: dict[str, tuple[str, Any, bool]] = {
    CODE: ("item", str, True), BEGINS: ("effective_from", date, False), SCHEME: ("scheme", CodeScheme, False),
    HANDLING: ("handling", Handling, False), SAFETY: ("safety", bool, False), REASON: ("reason", str, False),
}  # fmt: skip
"""Columns that belong to the publication and not to the entry: field, what it holds, whether it must be there."""

NEEDED = ("identity.name", "clock.promised_limit", "body.regulators", "identity.legal_basis")
"""Elements without which there is nothing to publish, slim or whole."""

SLIM = frozenset({
    *NEEDED, "clock.case_kind", "clock.statutory_limit", "body.implementing_body", "body.implementing_body_code",
    "body.exercise_level", "body.co_handling_bodies", "conditions.single_officer", "conditions.commitment",
    "conditions.tolerance",
})  # fmt: skip
"""A file with no other elements than these holds slim entries: nobody meant to write a whole catalogue with it."""


def columns() -> dict[str, tuple[str, Element, Any]]:
    """Every element as a column: its title, its path, what it is, and the annotation that it holds."""
    found = {}
    for path, element in elements_of().items():
        cls: type[BaseModel] = ItemElements
        *groups, name = path.split(".")
        for group in groups:
            inner = cls.model_fields[group].annotation
            assert isinstance(inner, type)
            cls = inner
        found[element.zh] = (path, element, cls.model_fields[name].annotation)
    return found


@dataclass(frozen=True, slots=True)
class ItemSheet:
    """The rows of a catalogue file as commands, or what is wrong with them."""

    commands: list[tuple[int, PublishItemVersion]]
    problems: list[RowProblem]


def read_items(sheet: Sheet, *, begins: date, scheme: CodeScheme = CodeScheme.NATIONAL) -> ItemSheet:
    """``begins`` and ``scheme`` hold for rows that do not say them."""
    known = columns()
    problems = [
        RowProblem(
            1, title, "unknown_column", f"没有「{title}」这一列;请核对模板的列标题,多余的列请删除",
            f'there is no column "{title}"; compare the titles with the template and delete what is not in it',
        )
        for title in sheet.titles if title and title not in known and title not in PUBLICATION
    ]  # fmt: skip
    whole = any(known[title][0] not in SLIM for title in sheet.titles if title in known)
    commands = []
    for row in sheet.rows:
        reading = _Row(row, known)
        command = reading.command(begins, scheme, whole)
        problems += reading.problems
        if command is not None:
            commands.append((row.number, command))
    return ItemSheet(commands, problems)


class _Row:
    def __init__(self, row: SheetRow, known: dict[str, tuple[str, Element, Any]]) -> None:
        self.row, self.known = row, known
        self.problems: list[RowProblem] = []

    def command(self, begins: date, scheme: CodeScheme, whole: bool) -> PublishItemVersion | None:
        told: dict[str, Any] = {"effective_from": begins, "scheme": scheme, "reason": "导入事项目录"}
        for title, (name, kind, needed) in PUBLICATION.items():
            if title in self.row.cells:
                told |= dict(self._value(title, name, kind))
            elif needed:
                self.problems.append(missing_cell(self.row.number, title))
        entry = self._entry()
        for path in NEEDED:
            title = elements_of()[path].zh
            if title not in self.row.cells:
                self.problems.append(missing_cell(self.row.number, title))
        if self.problems or entry is None:
            return None
        said = terms_said(entry)
        told |= {"legal_basis": ";".join(map(str, entry.identity.legal_basis))[:2000]}
        told |= {"elements": entry} if whole else {}
        told |= said if not whole else {n: said[n] for n in ("name", "promised_days", "promised_unit", "regulators")}
        column_of = {name: title for title, (name, _, _) in PUBLICATION.items()}
        column_of |= {"promised_days": "承诺办结时限", "statutory_days": "法定办结时限", "regulators": "监管主体"}
        try:
            return PublishItemVersion.model_validate(told | {"only_if_changed": True})
        except ValidationError as wrong:
            self.problems += of_validation(self.row.number, wrong, column_of)
            return None

    def _entry(self) -> ItemElements | None:
        told: dict[str, Any] = {}
        for title, (path, _, kind) in self.known.items():
            if title not in self.row.cells:
                continue
            *groups, name = path.split(".")
            place = told
            for group in groups:
                place = place.setdefault(group, {})
            place |= dict(self._value(title, name, kind))
        try:
            return ItemElements.model_validate(told)
        except ValidationError as wrong:
            self.problems += of_validation(
                self.row.number, wrong, {path: title for title, (path, _, _) in self.known.items()}
            )
            return None

    def _value(self, title: str, name: str, kind: Any) -> Iterator[tuple[str, Any]]:
        try:
            yield name, value_of(self.row.cells[title], kind)
        except CellUnclear as unclear:
            self.problems.append(of_cell(self.row.number, title, unclear))
