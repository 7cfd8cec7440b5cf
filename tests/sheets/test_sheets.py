"""表格: what stands in a file becomes commands, or a sentence that says what is wrong where."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from domain.application import Answer, Order, Receipt
from domain.kernel.people import Actor, Role
from domain.kernel.words import SHANGHAI, CaseKind, ExerciseLevel, LimitUnit
from domain.responsibility.commands import SetResponsibilityTable
from domain.service_item import CodeScheme, UnknownItem
from domain.service_item.elements import (
    BodyKind,
    CoHandlingBody,
    ItemMaterial,
    LimitSaid,
    PowerSource,
    ServiceObject,
    missing,
)
from domain.service_item.refusals import ElementsMissing
from interfaces.sheets.bringing_in import AT_ONCE, bring_in
from interfaces.sheets.cells import value_of
from interfaces.sheets.items import columns, read_items
from interfaces.sheets.problems import CellUnclear, RowProblem, of_refusal
from interfaces.sheets.reading import Sheet, SheetUnreadable, read_sheet
from interfaces.sheets.responsibilities import read_responsibilities
from interfaces.sheets.template import item_columns, responsibility_columns, write_template

TODAY = date(2026, 3, 2)
SLIM = {
    "事项编码": "FOOD-1", "事项名称": "食品经营许可", "承诺办结时限": "10个工作日", "监管主体": "MARKET|市场监管局",
    "设定依据": "食品安全法|第三十五条",
}  # fmt: skip
WHOLE = SLIM | {
    "基本编码": "370117003000", "实施编码": "FOOD-1", "事项类型": "01", "责任事项": "受理\n审查\n决定",
    "责任事项依据": "食品安全法", "权力来源": "法定本级行使", "实施主体": "市行政审批服务局", "实施主体代码": "BUREAU",
    "实施主体性质": "法定机关", "行使层级": "市级", "办件类型": "承诺件", "法定办结时限": "20", "特别程序": "无",
    "受理条件": "有固定经营场所", "办事流程": "受理|受理人员\n审查\n决定", "审查要点": "审查|场所布局合理",
    "申请材料": "申请书|必要|纸质|电子|1|0|申请人自备||办法第十条", "服务对象": "企业法人、2", "办理形式": "1,网上办理",
    "到现场次数": "1", "办理地点": "一楼", "办理时间": "工作日", "咨询方式": "12345", "监督投诉方式": "12345",
    "审批结果类型": "证照", "是否收费": "否",
}  # fmt: skip


def csv_of(path: Path, *rows: dict[str, str], encoding: str = "utf-8-sig") -> Path:
    titles = list(dict.fromkeys(title for row in rows for title in row))
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, titles)
        writer.writeheader()
        writer.writerows(rows)
    return path


def excel_of(path: Path, lines: Sequence[Sequence[Any]]) -> Path:
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for row, line in enumerate(lines):
            for column, cell in enumerate(line):
                sheet.write(row, column, cell)
    return path


def read(tmp_path: Path, *rows: dict[str, str]) -> Any:
    return read_items(read_sheet(csv_of(tmp_path / "items.csv", *rows)), begins=TODAY, scheme=CodeScheme.OTHER)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_a_csv_is_read_in_the_encodings_in_which_excel_writes_it(tmp_path, encoding):
    sheet = read_sheet(csv_of(tmp_path / "a.csv", {"事项编码": "A", "办理时间": "上午\n下午"}, encoding=encoding))
    assert sheet.titles == ("事项编码", "办理时间")
    assert [(row.number, row.cells) for row in sheet.rows] == [(2, {"事项编码": "A", "办理时间": "上午\n下午"})]


def test_a_workbook_is_read_as_people_see_it_and_rows_keep_their_numbers(tmp_path):
    lines = [["事项编码*", "到现场次数", "生效日期", "网上办理"], [], [370117003000, 1, datetime(2026, 1, 1), True]]
    sheet = read_sheet(excel_of(tmp_path / "a.xlsx", lines))
    assert sheet.titles[0] == "事项编码"
    assert [(row.number, row.cells) for row in sheet.rows] == [
        (3, {"事项编码": "370117003000", "到现场次数": "1", "生效日期": "2026-01-01", "网上办理": "是"})
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "没有内容"), ("a.csv", b"\xff\xfe\x00\x81", "编码"), ("a.csv", b'"a\nb', "引号"),
        ("a.xlsx", b"no workbook", "另存为"), ("a.csv", "事项编码,事项编码*\n".encode(), "重复"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_why_and_what_to_do(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SheetUnreadable, match=said) as trouble:
        read_sheet(tmp_path / name)
    assert any(word.isascii() for word in str(trouble.value).split())


@pytest.mark.parametrize(
    ("text", "annotation", "value"),
    [
        ("20", LimitSaid, {"value": 20, "unit": LimitUnit.WORKING_DAYS, "note": ""}),
        ("20 个工作日|提速", LimitSaid, {"value": 20, "unit": LimitUnit.WORKING_DAYS, "note": "提速"}),
        ("1个月", LimitSaid, {"value": 1, "unit": LimitUnit.MONTHS, "note": ""}),
        ("2小时", LimitSaid, {"value": 2, "unit": LimitUnit.HOURS, "note": ""}),
        ("法定机关", BodyKind, BodyKind.ORGAN), ("9", BodyKind, BodyKind.OTHER),
        ("镇", ExerciseLevel, None), ("乡级", ExerciseLevel, ExerciseLevel.TOWN),
        ("1、企业法人", tuple[ServiceObject, ...], (ServiceObject.NATURAL, ServiceObject.ENTERPRISE)),
        ("是", bool, True), ("否", bool, False), ("maybe", bool, None), ("三", int, None), ("3", int | None, 3),
        ("无", tuple[ItemMaterial, ...], ()), ("2026年3月2日", date, date(2026, 3, 2)), ("20260302", date, TODAY),
        ("2026-02-30", date, None), ("FIRE|消防|踏勘", CoHandlingBody, {"code": "FIRE", "name": "消防", "part": "inspect"}),
        ("FIRE", CoHandlingBody, None), ("a|b|会商|d", CoHandlingBody, None), ("本级", PowerSource | None, None),
    ],
)  # fmt: skip
def test_a_cell_holds_a_value_or_says_what_it_should(text, annotation, value):
    if value is not None:
        assert value_of(text, annotation) == value
        return
    with pytest.raises(CellUnclear) as unclear:
        value_of(text, annotation)
    assert unclear.value.zh
    assert unclear.value.en


def test_a_file_with_the_columns_of_a_slim_entry_holds_slim_entries(tmp_path):
    found = read(tmp_path, SLIM | {"办件类型": "即办件", "承诺办结时限": "0", "联办机构": "FIRE|消防|踏勘"})
    assert found.problems == []
    [(number, command)] = found.commands
    assert (number, command.elements, command.effective_from) == (2, None, TODAY)
    assert (command.kind, command.promised_days, command.inspect[0].code) == (CaseKind.INSTANT, 0, "FIRE")
    assert command.legal_basis == "食品安全法第三十五条"
    assert command.only_if_changed


def test_a_file_with_every_element_holds_whole_entries(tmp_path):
    found = read(tmp_path, WHOLE)
    assert found.problems == []
    [(_, command)] = found.commands
    assert missing(command.elements) == ()
    assert command.elements.materials[0].name == "申请书"
    assert command.elements.service.service_objects == (ServiceObject.ENTERPRISE, ServiceObject.ENTERPRISE)


def test_each_row_tells_its_own_problems_with_column_and_remedy(tmp_path):
    rows = (
        SLIM, SLIM | {"承诺办结时限": "很快"}, {**SLIM, "事项名称": ""},
        SLIM | {"监管主体": "市场监管局"}, SLIM | {"承诺办结时限": "300"},
        SLIM | {"事项名称": "许" * 201}, SLIM | {"列": "x"},
    )  # fmt: skip
    found = read(tmp_path, *rows)
    assert [number for number, _ in found.commands] == [2, 8]
    told = {(one.row, one.column, one.code) for one in found.problems}
    assert told == {
        (1, "列", "unknown_column"), (3, "承诺办结时限", "limit_unclear"), (4, "事项名称", "missing_cell"),
        (5, "监管主体", "part_missing"), (6, "承诺办结时限", "less_than_equal"),
        (7, "事项名称", "string_too_long"),
    }  # fmt: skip
    assert all(one.zh and one.en for one in found.problems)


def test_missing_elements_are_told_one_by_one_each_in_its_column():
    refusal = ElementsMissing(item="A", zh="…", en="service.place, materials.申请书.basis")
    told = [(one.row, one.column) for one in of_refusal(7, refusal)]
    assert told == [(7, "办理地点"), (7, "申请材料")]


def test_every_element_is_a_column_of_the_template_and_what_the_template_holds_is_read(tmp_path):
    path = tmp_path / "t.xlsx"
    count = write_template(path, "事项目录", item_columns())
    sheet = read_sheet(path)
    assert len(sheet.titles) == count
    assert set(columns()) < set(sheet.titles)
    assert read_items(sheet, begins=TODAY).problems == []
    marked = [title for title, must, _, _ in item_columns() if must]
    assert {"事项编码", "事项名称", "监管主体", "申请材料"} <= set(marked)


ROW = {
    "事项编码": "FOOD-1", "行政区划": "371500", "生效日期": "2026-01-01", "审批部门代码": "BUREAU", "审批部门": "审批局",
    "审批责任人": "赵决定、李受理", "监管部门": "MARKET|市场监管局|371500|孙监管、周监管", "清单生效日期": "2026-01-01",
    "实施区划": "371500、371502", "依据文件": "聊政发〔2026〕1号",
}  # fmt: skip


def tables(tmp_path: Path, *rows: dict[str, str]) -> Any:
    return read_responsibilities(read_sheet(csv_of(tmp_path / "r.csv", *rows)), begins=TODAY)


def test_rows_of_one_item_are_one_table(tmp_path):
    second = {"事项编码": "FOOD-1", "行政区划": "371502", "生效日期": "2026-01-01", "审批部门代码": "DISTRICT"}
    other = ROW | {"事项编码": "FOOD-2", "会商部门": "FIRE|消防"}
    found = tables(tmp_path, ROW, second, other)
    assert found.problems == []
    (first, table), (third, _) = found.commands
    assert (first, third, len(table.rows), table.places) == (2, 4, 2, ("371500", "371502"))
    assert table.rows[0].approver_officers == ("赵决定", "李受理")
    assert table.rows[0].regulators[0].officers == ("孙监管", "周监管")
    assert table.rows[1].approver.name == "DISTRICT"


def test_what_is_wrong_with_a_table_is_told_at_its_row(tmp_path):
    found = tables(
        tmp_path, ROW, ROW | {"依据文件": "另一文件"}, ROW | {"事项编码": "B-1", "审批部门代码": ""},
        ROW | {"事项编码": "B-2", "失效日期": "2025-01-01"}, ROW | {"事项编码": "B-3", "行政区划": "市区"},
        ROW | {"事项编码": "B-4", "依据文件": ""}, {"行政区划": "371500"},
    )  # fmt: skip
    assert found.commands == []
    told = {(one.row, one.column, one.code) for one in found.problems}
    assert {
        (3, "依据文件", "rows_disagree"), (4, "审批部门代码", "missing_cell"), (6, "行政区划", "string_pattern_mismatch"),
        (7, "依据文件", "missing_cell"), (8, "事项编码", "missing_cell"),
    } <= told  # fmt: skip
    assert any(row == 5 and code == "value_error" for row, _, code in told)


def test_the_template_of_responsibilities_holds_every_column_that_is_read(tmp_path):
    write_template(tmp_path / "r.xlsx", "责任清单", responsibility_columns())
    sheet = read_sheet(tmp_path / "r.xlsx")
    assert set(ROW) <= set(sheet.titles)
    assert read_responsibilities(Sheet(sheet.titles, ()), begins=TODAY).problems == []


async def test_a_file_of_hundreds_is_a_few_commits_and_each_answer_finds_its_row():
    """Every tenth row is refused, every third says nothing new."""
    asked: list[int] = []
    command = SetResponsibilityTable.model_validate(
        {"item": "A-1", "effective_from": TODAY, "basis": "文件",
         "rows": [{"effective_from": TODAY, "approver": {"code": "A-1", "name": "甲局"}}]}
    )  # fmt: skip
    by = Actor(id="steward-1", organ="BUREAU", role=Role.STEWARD)
    orders = [(row, Order(command, by, datetime(2026, 3, 2, tzinfo=SHANGHAI), str(row))) for row in range(2, 452)]

    async def carry_out(part: Sequence[Order]) -> list[Answer]:
        asked.append(len(part))
        return [
            UnknownItem(item=order.request, on=TODAY) if int(order.request or 0) % 10 == 0
            else Receipt(order.stream, 1, () if int(order.request or 0) % 3 == 0 else ("x",), 0)
            for order in part
        ]  # fmt: skip

    seen: list[int] = []
    unread = RowProblem(460, "事项名称", "missing_cell", "缺", "missing")
    brought = await bring_in(orders, carry_out, rows=451, problems=[unread], tell=seen.append)
    assert asked == [AT_ONCE, AT_ONCE, 50]
    assert seen == [200, 400, 450]
    assert (brought.done, brought.unchanged, brought.refused) == (270, 135, 46)
    assert [one.row for one in brought.problems] == [*range(10, 452, 10), 460]
    assert brought.problems[0].code == "UnknownItem"
