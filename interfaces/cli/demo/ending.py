"""The ending (尾声): the boards as they stand, and one real timeline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from domain.consultation import ConsultationOutcome
from domain.joint_inspection.words import InspectionOutcome
from domain.kernel.words import Word
from domain.supervision_finding import FindingKind, FindingResult, FindingState
from interfaces.cli.demo.plan import ZONE
from interfaces.cli.output import Form, out, show_rows
from projections import consultations, findings, integrity_board, push_board, site_visits, timeline
from projections.view import Reader

SHOWN = 5
Board = tuple[str, Mapping[str, str], list[dict[str, Any]]]


def show_boards(read: Reader, today: date) -> None:
    """A few rows of each board, for people."""
    for title, titles, rows in _boards(read, today):
        out.print(f"\n[bold]{title}[/bold]")
        show_rows(rows, Form.TABLE, titles=titles)


def _boards(read: Reader, today: date) -> Iterator[Board]:
    states: dict[str, Counter[str]] = {}
    names: dict[str, str] = {}
    for count in push_board.counts(read):
        names[count.regulator] = count.regulator_name
        states.setdefault(count.regulator, Counter())[count.state] += count.pushes
    yield (
        "推送看板 pushes (最多的几个部门 the busiest)",
        {"name": "监管部门", "all": "推送", "claimed": "已认领", "back": "已反馈", "closed": "已销号", "other": "其他"},
        [
            {"name": names[code], "all": n.total(), "claimed": n["claimed"], "back": n["fed_back"],
             "closed": n["closed"], "other": n.total() - n["claimed"] - n["fed_back"] - n["closed"]}
            for code, n in sorted(states.items(), key=lambda one: -one[1].total())[:SHOWN]
        ],
    )  # fmt: skip
    yield (
        "会商 consultations",
        {"item": "事项", "asked": "受邀", "cause": "事由", "outcome": "结论"},
        [
            {"item": row.item_name, "asked": len(row.invited), "cause": "事项规定" if row.cause == "item" else "监管信息",
             "outcome": _zh(ConsultationOutcome, row.outcome)}
            for row in consultations.find(read, limit=SHOWN).rows
        ],
    )  # fmt: skip
    yield (
        "联合踏勘 joint inspections",
        {"site": "地点", "cases": "办件", "bodies": "部门", "lead": "牵头", "outcome": "结论"},
        [
            {"site": row.site["address"], "cases": len(row.case_ids), "bodies": len(row.invited),
             "lead": row.lead["name"], "outcome": _zh(InspectionOutcome, row.outcome)}
            for row in site_visits.inspections(read, limit=SHOWN).rows
        ],
    )  # fmt: skip
    yield (
        "监管信息 findings",
        {"no": "编号", "kind": "类别", "state": "状态", "result": "处置"},
        [
            {"no": row.finding_no, "kind": _zh(FindingKind, row.kind), "state": _zh(FindingState, row.state),
             "result": _zh(FindingResult, row.result)}
            for row in findings.find(read, limit=SHOWN).rows
        ],
    )  # fmt: skip
    yield (
        "廉政风险 integrity (线索,不是结论 leads, not findings of fault)",
        {"rule": "规则", "severity": "级别", "flags": "线索", "zh": "例如"},
        [
            {"rule": row.rule_id, "severity": row.severity, "flags": row.flags,
             "zh": integrity_board.flags(read, today, rule=row.rule_id, limit=1).rows[0].zh}
            for row in integrity_board.counts(read, today)
        ],
    )  # fmt: skip


def _zh(words: type[Word], code: str) -> str:
    return next((word.zh for word in words if word == code), "")


def show_timeline(read: Reader, case_id: UUID) -> None:
    """One case as it went, with its consultation and its pushes."""
    out.print("\n[bold]一个办件的时间线 the timeline of one case[/bold]")
    for entry in timeline.of_case(read, case_id, masked=False, limit=60).rows:
        out.print(f"  {entry.occurred_at.astimezone(ZONE):%m-%d %H:%M}  {entry.zh}", soft_wrap=True)
