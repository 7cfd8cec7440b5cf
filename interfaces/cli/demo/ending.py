"""The ending (尾声): the boards as they stand, one real timeline, and the line that programs read."""

from __future__ import annotations

from collections import Counter
from datetime import date
from uuid import UUID

from interfaces.cli.demo.plan import ZONE
from interfaces.cli.output import Form, out, show_rows
from projections import consultations, findings, integrity_board, push_board, site_visits, timeline
from projections.view import Reader

SHOWN = 6


def show_boards(read: Reader, today: date) -> None:
    """A few rows of each board, for people."""
    states: dict[str, Counter[str]] = {}
    names: dict[str, str] = {}
    for row in push_board.counts(read):
        names[row.regulator] = row.regulator_name
        states.setdefault(row.regulator, Counter())[row.state] += row.pushes
    rows = [
        {"name": names[code], "all": count.total(), "claimed": count["claimed"], "back": count["fed_back"],
         "closed": count["closed"], "other": count.total() - count["claimed"] - count["fed_back"] - count["closed"]}
        for code, count in sorted(states.items(), key=lambda one: -one[1].total())[:SHOWN]
    ]  # fmt: skip
    out.print("\n[bold]推送看板[/bold] pushes (前几位 the busiest)")
    show_rows(rows, Form.TABLE, titles={"name": "监管部门 regulator", "all": "推送 pushes", "claimed": "已认领 claimed",
                                        "back": "已反馈 fed back", "closed": "已销号 closed", "other": "其他 other"})  # fmt: skip
    out.print("\n[bold]会商[/bold] consultations")
    rows = [
        {"case": row.case_no[-12:], "item": row.item_name, "asked": len(row.invited), "why": row.cause[:8],
         "outcome": row.outcome}
        for row in consultations.find(read, limit=SHOWN).rows
    ]  # fmt: skip
    show_rows(rows, Form.TABLE, titles={"case": "办件 case", "item": "事项 item", "asked": "受邀 asked",
                                        "why": "事由 cause", "outcome": "结论 outcome"})  # fmt: skip
    out.print("\n[bold]联合踏勘[/bold] joint inspections")
    rows = [
        {"site": row.site["address"], "cases": len(row.case_ids), "bodies": len(row.invited), "lead": row.lead["name"],
         "outcome": row.outcome}
        for row in site_visits.inspections(read, limit=SHOWN).rows
    ]  # fmt: skip
    show_rows(rows, Form.TABLE, titles={"site": "地点 site", "cases": "办件 cases", "bodies": "部门 bodies",
                                        "lead": "牵头 lead", "outcome": "结论 outcome"})  # fmt: skip
    out.print("\n[bold]监管信息[/bold] findings")
    rows = [
        {"no": row.finding_no, "kind": row.kind, "state": row.state, "result": row.result}
        for row in findings.find(read, limit=SHOWN).rows
    ]
    show_rows(rows, Form.TABLE, titles={"no": "编号 number", "kind": "类别 kind", "state": "状态 state",
                                        "result": "处置 result"})  # fmt: skip
    out.print("\n[bold]廉政风险[/bold] integrity leads (线索,不是结论 leads, not findings of fault)")
    rows = [
        {"rule": row.rule_id, "severity": row.severity, "flags": row.flags}
        for row in integrity_board.counts(read, today)
    ]
    show_rows(rows, Form.TABLE, titles={"rule": "规则 rule", "severity": "级别 severity", "flags": "线索 leads"})
    for flag in integrity_board.flags(read, today, limit=3, rule="R12").rows:
        out.print(f"  {flag.rule_id} {flag.zh}  [dim]{flag.en}[/dim]")


def show_timeline(read: Reader, case_id: UUID) -> None:
    """One case as it went, with its consultation and its pushes."""
    out.print("\n[bold]一个办件的时间线[/bold] the timeline of one case")
    for entry in timeline.of_case(read, case_id, limit=60).rows:
        out.print(f"  {entry.occurred_at.astimezone(ZONE):%m-%d %H:%M}  {entry.zh}", soft_wrap=True)
