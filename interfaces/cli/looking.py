"""Looking (查看): cases, pushes, findings, consultations, inspections and risks, from the read side."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import typer

from domain.approval_case import ApprovalCase
from domain.kernel.people import Role
from domain.rules.dates import end_of
from infra.event_store.mapper import decode
from infra.wiring import Platform
from interfaces.cli.output import (
    CursorOption,
    Form,
    FormOption,
    LimitOption,
    fail,
    line,
    out,
    show_one,
    show_page,
    show_rows,
)
from interfaces.cli.shell import reading, today, with_platform
from projections import (
    bundles,
    case_clock,
    case_register,
    consultations,
    findings,
    integrity_board,
    push_board,
    site_visits,
    timeline,
)
from projections import parked as parked_messages
from projections.view import Page, Reader

case = typer.Typer(help="办件 cases", no_args_is_help=True)
push = typer.Typer(help="推送 pushes", no_args_is_help=True)
finding = typer.Typer(help="监管信息 findings", no_args_is_help=True)
consult = typer.Typer(help="会商 consultations", no_args_is_help=True)
inspect = typer.Typer(help="联合踏勘 joint inspections", no_args_is_help=True)
risk = typer.Typer(help="廉政风险 integrity risks", no_args_is_help=True)
parked = typer.Typer(help="退件暂存 messages set aside", no_args_is_help=True)

CaseArgument = Annotated[str, typer.Argument(help="办件编号或编号标识 case number or id")]
InvitedOption = Annotated[str, typer.Option(help="受邀部门 invited body")]
OpenOption = Annotated[bool, typer.Option("--open", help="只看进行中 only those open")]
MaskOption = Annotated[bool, typer.Option("--masked/--unmasked", help="个人信息脱敏 mask personal fields")]
InspectingOption = Annotated[
    bool, typer.Option("--inspecting", help="纪检监察、审计人员查看 also what only they may read")
]
AtOption = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="截至某时 as of")]


@case.command("list")
def case_list(
    state: Annotated[str, typer.Option(help="状态 state")] = "",
    source: Annotated[str, typer.Option(help="来源 reporting source")] = "",
    item: Annotated[str, typer.Option(help="事项编码 item code")] = "",
    number: Annotated[str, typer.Option(help="编号开头 number begins with")] = "",
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """列出办件 List cases, newest first."""
    with reading() as read:
        page = case_register.find(
            read, state=state, source=source, item=item, case_no=number, limit=limit, cursor=cursor
        )
    titles = {"case_no": "编号", "state": "状态", "stage": "进展", "item_name": "事项", "subject_name": "申请人",
              "source": "来源", "case_id": "标识"}  # fmt: skip
    show_page(page, output, titles)


@case.command("show")
def case_show(case_id: CaseArgument, masked: MaskOption = True, output: FormOption = Form.TABLE) -> None:
    """查看办件 Show one case with its pushes."""
    with reading() as read:
        found = case_register.case(read, _case_id(read, case_id), masked=masked)
        assert found is not None
        pushes = push_board.of_case(read, found.case_id)
        bundle = bundles.bundle_of(read, found.case_id)
    told = asdict(found) | {"bundle": bundle} | {"pushes": [{"regulator": p.regulator, "state": p.state, "id": p.push_id} for p in pushes]}
    show_one(told, output)


@case.command("timeline")
def case_timeline(
    case_id: CaseArgument,
    at: AtOption = None,
    masked: MaskOption = True,
    inspecting: InspectingOption = False,
    limit: LimitOption = 100,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """时间线 Everything that happened in a case, its pushes, consultations and inspections, in both languages."""
    with reading() as read:
        found = _case_id(read, case_id)
        page = timeline.of_case(
            read, found, masked=masked, role=_role(inspecting), until=_end(at), limit=limit, cursor=cursor
        )
    if output is not Form.TABLE:
        show_page(page, output, {})
        return
    for entry in page.rows:
        out.print(f"[bold]{_moment(entry.occurred_at, entry.precision)}[/bold]  {entry.zh}")
        out.print(f"                  [dim]{entry.en}[/dim]")
    if page.next:
        out.print(f"[dim]还有下一页 more: --cursor {page.next}[/dim]")


@case.command("replay")
def case_replay(
    case_id: CaseArgument,
    at: AtOption = None,
    version: Annotated[int | None, typer.Option(min=1, help="到第几个事实 up to which fact")] = None,
    output: FormOption = Form.TABLE,
) -> None:
    """回放 The case folded again from its recorded facts alone, up to a time or version, as an auditor would."""
    told = with_platform(lambda platform: _replayed(platform, case_id, _end(at), version))
    show_one(told, output)


async def _replayed(platform: Platform, given: str, at: datetime | None, version: int | None) -> dict[str, Any]:
    case_id = await asyncio.to_thread(_case_id, platform.read, given)
    stored = (await platform.commits.load([case_id])).get(case_id, [])
    facts = [decode(s.topic, s.state, case_id, s.originator_version) for s in stored]
    seen = [
        f for f in facts
        if (at is None or f.recorded_at <= at) and (version is None or f.originator_version <= version)
    ]  # fmt: skip
    again = ApprovalCase(case_id)
    for fact in seen:
        again.fold(fact)
    return {
        "case_id": case_id, "case_no": again.case_no, "state": str(again.state), "state_zh": again.state.zh,
        "version": again.version, "facts": len(seen), "of": len(facts),
        "last": seen[-1].TOPIC if seen else None, "recorded_at": seen[-1].recorded_at if seen else None,
        "accepted_by": again.accepted_by, "examiner": again.examiner, "reported_steps": len(again.reported),
        "consultations": {k: str(v) if v else None for k, v in again.consultations.items()},
        "holds": {str(k): v for k, v in again.holds.items()},
    }  # fmt: skip


@case.command("clock")
def case_clock_(
    case_id: CaseArgument,
    at: AtOption = None,
    clock: Annotated[str, typer.Option(help="只看一种时限 only one clock, such as statutory")] = "",
    output: FormOption = Form.TABLE,
) -> None:
    """时限逐日 Every clock of a case and every day of it, counted or not, and why; with --at as it stood then."""
    told = with_platform(lambda platform: _clocks(platform, case_id, _end(at)))
    if told is None:
        raise fail(f"{at} 之前没有办件 {case_id} 的记录", f"nothing of the case {case_id} was recorded by {at}")
    told.clocks = [one for one in told.clocks if clock in ("", one.clock)]
    if output is not Form.TABLE:
        show_one(asdict(told), output)
        return
    out.print(f"[bold]{told.case_no}[/bold]  截至 as of {_moment(told.as_of, 'instant')}  日历 calendar {told.calendar}")
    for one in told.clocks:
        out.print(f"\n[bold]{one.zh}[/bold] {one.en}: {_limit_line(one)}")
        days = [asdict(day) | {"mark": "计 counted" if day.counted else "—"} for day in one.days]
        titles = {"date": "日期", "mark": "计入", "number": "第几", "zh": "理由", "en": "reason"}
        show_rows(days, output, titles=titles)


def _limit_line(one: case_clock.ClockTold) -> str:
    longer = f" + {one.extended} 个工作日 working days" if one.extended else ""
    due = _moment(one.due_at, "instant") if one.due_at else one.due or (one.untold or {}).get("zh", "未定 not yet known")
    left = f",已用 used {one.used},剩余 remaining {one.remaining}" if one.used is not None else ""
    return f"{one.amount} {one.unit_zh} {one.unit_en}{longer},届满 due {due}{left}"


async def _clocks(platform: Platform, given: str, at: datetime | None) -> case_clock.ClocksOfCase | None:
    case_id = await asyncio.to_thread(_case_id, platform.read, given)
    streams = await asyncio.to_thread(case_clock.streams_of, platform.read, case_id)
    stored = await platform.commits.load(streams)
    facts = [decode(s.topic, s.state, stream, s.originator_version) for stream, one in stored.items() for s in one]
    return case_clock.clocks_at(case_id, facts, at or platform.now())


@push.command("list")
def push_list(
    regulator: Annotated[str, typer.Option(help="监管部门代码 code of the regulator")] = "",
    state: Annotated[list[str] | None, typer.Option(help="状态 state")] = None,
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """列出推送 The push board, oldest unacknowledged first."""
    with reading() as read:
        page = push_board.board(read, regulator, states=state or (), limit=limit, cursor=cursor)
    titles = {"regulator_name": "监管部门", "case_no": "办件", "item_name": "事项", "state": "状态",
              "dispatched_at": "推送", "acknowledge_due": "签收期限", "claim_due": "认领期限", "officer": "认领人",
              "push_id": "标识"}  # fmt: skip
    show_page(page, output, titles)


@push.command("count")
def push_count(output: FormOption = Form.TABLE) -> None:
    """统计推送 How many pushes each regulator has in each state."""
    with reading() as read:
        rows = push_board.counts(read)
    titles = {"regulator_name": "监管部门", "regulator": "代码", "state": "状态", "pushes": "件数"}
    show_page(Page(rows), output, titles)


@push.command("explain")
def push_explain(
    case_no: Annotated[str, typer.Argument(help="办件编号 case number")],
    regulator: Annotated[str, typer.Argument(help="监管部门代码 code of the regulator")],
    output: FormOption = Form.TABLE,
) -> None:
    """为何收到、为何未收到 Why a regulator did, or did not, receive a case: rule by rule."""
    with reading() as read:
        rows = push_board.why_not(read, case_no, regulator)
    titles = {"source": "依据", "rule": "规则", "met": "满足", "zh": "说明", "en": "what"}
    show_page(Page(rows), output, titles)


@finding.command("list")
def finding_list(
    organ: Annotated[str, typer.Option(help="报送部门 reporting regulator")] = "",
    subject: Annotated[str, typer.Option(help="相对人标识 identifier of the subject")] = "",
    open_only: Annotated[bool, typer.Option("--open", help="只看未处置 only those not handled")] = False,
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """列出监管信息 List findings, newest first."""
    with reading() as read:
        page = findings.find(read, organ=organ, subject=subject, open_only=open_only, limit=limit, cursor=cursor)
    titles = {"finding_no": "编号", "organ_name": "报送部门", "kind": "类别", "statement": "内容", "state": "状态",
              "register_by": "登记期限", "decide_by": "处置期限", "resolved": "已关联"}  # fmt: skip
    show_page(page, output, titles)


@consult.command("list")
def consult_list(
    organ: InvitedOption = "",
    open_only: OpenOption = False,
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """列出会商 List consultations."""
    with reading() as read:
        page = consultations.find(read, organ=organ, open_only=open_only, limit=limit, cursor=cursor)
    titles = {"case_no": "办件", "item_name": "事项", "cause": "缘由", "state": "状态", "missing": "未反馈",
              "objecting": "反对", "split": "分歧", "due_on": "期限", "outcome": "结论"}  # fmt: skip
    show_page(page, output, titles)


@consult.command("show")
def consult_show(
    consultation: Annotated[UUID, typer.Argument(help="会商编号 id of the consultation", show_default=False)],
    output: FormOption = Form.TABLE,
) -> None:
    """查看会商 One consultation: who was asked, what each said, was excused or deemed under which clause, and how each
    binding opinion was used."""
    with reading() as read:
        found = consultations.consultation(read, consultation)
    if found is None:
        raise fail(f"没有会商 {consultation}", f"there is no consultation {consultation}", 1)
    show_one(asdict(found), output)


@inspect.command("list")
def inspect_list(
    organ: InvitedOption = "",
    kind: Annotated[str, typer.Option(help="种类 site_visit, drawing_review or completion_acceptance")] = "",
    open_only: OpenOption = False,
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """列出联合踏勘、联合审图、联合验收 List joint inspections of all kinds."""
    with reading() as read:
        page = site_visits.inspections(read, organ=organ, kind=kind, open_only=open_only, limit=limit, cursor=cursor)
    titles = {"kind": "种类", "place": "场所", "case_nos": "办件", "round": "复核", "first_day": "自", "last_day": "至",
              "state": "状态", "present": "已到场", "absent": "缺席", "outcome": "结论"}  # fmt: skip
    show_page(page, output, titles)


@inspect.command("show")
def inspect_show(
    inspection: Annotated[UUID, typer.Argument(help="查验编号 id of the joint inspection", show_default=False)],
    output: FormOption = Form.TABLE,
) -> None:
    """查看联合踏勘 One joint inspection: the hour, who came, what each signed, the notice, and its place in the chain."""
    with reading() as read:
        found = site_visits.inspection(read, inspection)
    if found is None:
        raise fail(f"没有联合踏勘 {inspection}", f"there is no joint inspection {inspection}", 1)
    show_one(asdict(found), output)


@inspect.command("chain")
def inspect_chain(
    inspection: Annotated[UUID, typer.Argument(help="链上任一查验编号 id of any link", show_default=False)],
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """复核链 An inspection and every re-inspection that followed it, in order."""
    with reading() as read:
        page = site_visits.chain(read, inspection, limit=limit, cursor=cursor)
    if not page.rows:
        raise fail(f"没有联合踏勘 {inspection}", f"there is no joint inspection {inspection}", 1)
    titles = {"round": "复核", "inspection_id": "编号", "state": "状态", "signed": "意见", "notice_no": "整改通知",
              "reinspect_by": "复核期限", "outcome": "结论"}  # fmt: skip
    show_page(page, output, titles)


@risk.command("list")
def risk_list(
    rule: Annotated[str, typer.Option(help="规则编号 rule, such as R12")] = "",
    severity: Annotated[str, typer.Option(help="等级 notice, warn, yellow, red")] = "",
    as_of: AtOption = None,
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """列出廉政风险 Leads for a person to check, never verdicts; each with rule, version, threshold and evidence."""
    day = today()
    with reading() as read:
        page = integrity_board.flags(
            read, as_of.date() if as_of else day, rule=rule, severity=severity, limit=limit, cursor=cursor
        )
    titles = {"rule_id": "规则", "severity": "等级", "case_no": "办件", "zh": "说明", "en": "what", "status": "状态"}
    show_page(page, output, titles)


@risk.command("count")
def risk_count(as_of: AtOption = None, output: FormOption = Form.TABLE) -> None:
    """统计廉政风险 How many flags each rule has."""
    day = today()
    with reading() as read:
        rows = integrity_board.counts(read, as_of.date() if as_of else day)
    titles = {name: name for name in (asdict(rows[0]) if rows else {"rule_id": ""})}
    show_page(Page(rows), output, titles)


@parked.command("list")
def parked_list(
    authority: Annotated[str | None, typer.Option(help="部门 authority")] = None,
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """列出退件 Messages that could not be taken in, with the reason."""
    with reading() as read:
        page = parked_messages.messages(read, authority=authority, limit=limit, cursor=cursor)
    titles = {"topic": "主题", "log_offset": "位置", "reason": "代码", "reason_zh": "原因", "reason_en": "why",
              "state": "状态"}  # fmt: skip
    show_page(page, output, titles)


def tail(
    after: Annotated[int | None, typer.Option(help="从哪个位置之后 after which position; 默认最新 default: the end")] = None,
    topic: Annotated[list[str] | None, typer.Option(help="只看这些事实 only facts of these names")] = None,
    follow: Annotated[bool, typer.Option("--follow/--no-follow", help="持续等待 keep waiting")] = True,
    inspecting: InspectingOption = False,
    output: FormOption = Form.TABLE,
) -> None:
    """跟随事实流 Follow what is recorded, as it is recorded."""

    async def followed(platform: Platform) -> None:
        position = after if after is not None else await asyncio.to_thread(platform.recorder.head)
        while True:
            page = platform.recorder.read(position, 500, topic or None)
            for entry in page.entries:
                fact = decode(entry.topic, entry.state, entry.originator_id, entry.originator_version)
                if not type(fact).readable_by(_role(inspecting)):
                    continue
                if output is Form.TABLE:
                    out.print(f"[dim]{entry.id}[/dim] [bold]{entry.topic}[/bold] {fact.telling('zh')}")
                else:
                    print(line({"position": entry.id, "id": fact.id, "type": entry.topic, "zh": fact.telling("zh")}))
            position = page.end
            if not page.entries:
                if not follow:
                    return
                await asyncio.sleep(0.2)

    try:
        with_platform(followed)
    except KeyboardInterrupt:
        time.sleep(0)


def _case_id(read: Reader, given: str) -> UUID:
    """A case by its id or by its number. Raises Exit when there is none, or several."""
    try:
        found: Sequence[UUID] = [UUID(given)]
    except ValueError:
        found = [row.case_id for row in case_register.cases_numbered(read, given)]
    if len(found) > 1:
        several = "、".join(map(str, found))
        raise fail(f"有多个来源使用编号 {given},请用标识:{several}", f"several sources use {given}; give an id: {several}")
    if not found or case_register.case(read, found[0]) is None:
        raise fail(f"没有办件 {given};请核对编号", f"there is no case {given}; check the number")
    return found[0]


def _role(inspecting: bool) -> Role | None:
    """As whom the console reads: an operator has no right to what is confined to those who inspect."""
    return Role.DISCIPLINE if inspecting else None


def _end(at: datetime | None) -> datetime | None:
    """A day means its end: what was recorded that day counts."""
    if at is None:
        return None
    return end_of(at.date()) if at.time() == at.time().min else at.replace(tzinfo=end_of(at.date()).tzinfo)


def _moment(at: datetime, precision: str) -> str:
    local = at.astimezone(end_of(at.date()).tzinfo)
    return f"{local:%Y-%m-%d}      " if precision == "day" else f"{local:%Y-%m-%d %H:%M}"
