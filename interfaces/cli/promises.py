"""``shuangtui commitment``, ``tolerance`` and ``credit``: what was promised, what became of it, what stands against whom."""

from __future__ import annotations

import asyncio
import getpass
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import typer

from domain.application import Order
from domain.commitment_sample import LARGEST_POOL, DrawCommitmentSample, SampleDrawn, draw
from domain.kernel.people import Actor, Role
from domain.kernel.words import Subject
from domain.standing.commands import RecordCreditCheck
from domain.standing.register import CreditAnswer
from infra.credit import register_of
from infra.wiring import Platform, clock_of
from interfaces.cli.output import CursorOption, Form, FormOption, LimitOption, fail, say, show_one, show_page, show_rows
from interfaces.cli.shell import reading, settings, today, with_platform
from projections import promises, standings
from projections.promises import CommitmentRow

commitment = typer.Typer(help="告知承诺 commitments", no_args_is_help=True)
tolerance = typer.Typer(help="容缺 tolerance acceptances", no_args_is_help=True)
credit = typer.Typer(help="主体信用与限制 credit of subjects, bars", no_args_is_help=True)

OrganOption = Annotated[str, typer.Option(help="审批部门代码 the organ that decided")]
RegulatorOption = Annotated[str, typer.Option(help="监管部门代码 a regulator of the item")]
SubjectOption = Annotated[str, typer.Option(help="相对人标识 identifier of the subject")]
StateOption = Annotated[str, typer.Option(help="状态 state")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只计算,不登记 only compute, record nothing")]
OnOption = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="日期 a day; 默认今天 today without it")]


@commitment.command("list")
def commitment_list(
    organ: OrganOption = "",
    regulator: RegulatorOption = "",
    item: Annotated[str, typer.Option(help="事项编码 item code")] = "",
    subject: SubjectOption = "",
    state: StateOption = "",
    overdue: Annotated[bool, typer.Option("--overdue", help="只看逾期未核查 only those past their day")] = False,
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """列出告知承诺 List commitments, newest first."""
    with reading() as read:
        page = promises.commitments(
            read, organ=organ, regulator=regulator, item=item, subject=subject, state=state,
            due_before=today() if overdue else None, limit=limit, cursor=cursor,
        )  # fmt: skip
    titles = {"case_no": "办件", "item_name": "事项", "promise": "承诺", "state": "状态", "check_by": "核查期限",
              "result": "核查结果", "checked_by": "核查部门", "overdue": "逾期", "case_id": "标识"}  # fmt: skip
    show_page(page, output, titles)


@commitment.command("show")
def commitment_show(
    id: Annotated[str, typer.Argument(help="承诺或办件标识 id of the commitment or of its case")],
    output: FormOption = Form.TABLE,
) -> None:
    """查看告知承诺 Show one commitment: what was promised, what was found, and what followed."""
    with reading() as read:
        found = promises.commitment(read, _id(id))
    if found is None:
        raise fail(f"没有这个承诺:{id};请用 shuangtui commitment list 查找", f"there is no such commitment: {id}")
    show_one(asdict(found), output)


@commitment.command("sample")
def commitment_sample(
    item: Annotated[str | None, typer.Argument(help="事项编码,默认全部 item code; every item without it")] = None,
    on: OnOption = None,
    dry_run: DryRun = False,
    output: FormOption = Form.TABLE,
) -> None:
    """抽查承诺 Draw a sample among the commitments that wait for their check, so that anyone can draw it again.

    比例取自规则数据,种子由待核查清单推出。The ratio is dated data; the seed follows from the pool itself. One draw per item and
    day: the same day again gives the same sample, or is refused when the pool has changed."""
    day = on.date() if on else today()
    drawn = with_platform(lambda platform: _sampled(platform, item, day, dry_run))
    if not drawn:
        say("没有待核查的承诺。", "no commitment waits for its check")
    titles = {"sample_no": "抽查", "item": "事项", "pool": "待核查", "percent": "比例", "drawn": "抽中", "seed": "种子"}
    show_rows(drawn, output, titles=titles)


async def _sampled(platform: Platform, item: str | None, day: date, dry_run: bool) -> list[dict[str, Any]]:
    told = []
    items = [item] if item else await asyncio.to_thread(promises.items_waiting, platform.read)
    for code in items:
        # One more than may be drawn among: a pool that is cut must say so.
        waiting = await asyncio.to_thread(promises.open_of_item, platform.read, code, limit=LARGEST_POOL + 1)
        if not waiting:
            continue
        if len(waiting) > LARGEST_POOL:
            waiting.pop()
            say(
                f"事项 {code} 待核查承诺超过 {LARGEST_POOL} 件,在最早的 {LARGEST_POOL} 件中抽取。",
                f"more than {LARGEST_POOL} commitments of {code} wait; drawn among the oldest",
            )
        pool = tuple(row.commitment_id for row in waiting if row.commitment_id is not None)
        if not dry_run:
            await platform.app.handle(
                Order(DrawCommitmentSample(item=code, drawn_on=day, pool=pool), _operator(), platform.now())
            )
        told.append(_told(draw(code, day, pool), waiting))
    return told


def _told(fact: SampleDrawn, waiting: list[CommitmentRow]) -> dict[str, Any]:
    case_of = {row.commitment_id: row.case_no for row in waiting}
    return {
        "sample_no": fact.sample_no, "item": fact.item, "drawn_on": fact.drawn_on, "percent": fact.percent,
        "pool": fact.pool_size, "pool_digest": fact.pool_digest, "method": fact.method, "seed": fact.seed,
        "drawn": [{"case_no": case_of[one], "commitment_id": one} for one in fact.drawn],
    }  # fmt: skip


@tolerance.command("list")
def tolerance_list(
    organ: OrganOption = "",
    regulator: RegulatorOption = "",
    subject: SubjectOption = "",
    state: StateOption = "",
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """列出容缺 List tolerance acceptances: what is missing, until when, how it ended."""
    with reading() as read:
        page = promises.tolerances(
            read, organ=organ, regulator=regulator, subject=subject, state=state, limit=limit, cursor=cursor
        )
    titles = {"case_no": "办件", "item_name": "事项", "subject_name": "申请人", "missing": "待补", "until": "期限",
              "state": "状态", "ended_on": "结束"}  # fmt: skip
    show_page(page, output, titles)


@credit.command("check")
def credit_check(
    subject: Annotated[str, typer.Argument(help="统一社会信用代码 identifier of the subject")],
    name: Annotated[str, typer.Option(help="名称 name, where the register tells none")] = "",
    dry_run: DryRun = False,
    output: FormOption = Form.TABLE,
) -> None:
    """核查信用 Ask the city's credit register about a subject and record the answer with its source and time."""
    register = register_of(settings())
    answer = register.look_up(subject, clock_of(settings()).now())
    told: dict[str, Any] = {"subject": subject, **answer.model_dump(mode="json"), "recorded": not dry_run}
    if not dry_run:
        told |= with_platform(lambda platform: _recorded(platform, subject, name, answer))
    show_one(told, output)


async def _recorded(platform: Platform, identifier: str, name: str, answer: CreditAnswer) -> dict[str, Any]:
    command = RecordCreditCheck(
        subject=Subject(identifier=identifier, name=name or answer.name or identifier), source=answer.source,
        as_of=answer.as_of, result=answer.result, records=answer.records,
    )  # fmt: skip
    done = await platform.app.handle(Order(command, _operator(), platform.now()))
    return {"events": list(done.events)}


@credit.command("bars")
def credit_bars(
    subject: SubjectOption = "",
    kind: Annotated[str, typer.Option(help="种类 kind, such as false_material")] = "",
    in_force: Annotated[bool, typer.Option("--in-force", help="只看有效 only those in force today")] = False,
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """列出限制 Who is barred from what, until when, by which law."""
    with reading() as read:
        page = standings.bars(
            read, subject=subject, kind=kind, in_force=today() if in_force else None, limit=limit, cursor=cursor
        )
    titles = {"subject_name": "主体", "subject_id": "标识", "bar_no": "号", "kind": "种类", "basis": "依据", "first_day": "自",
              "last_day": "至", "statement": "事由", "lifted_on": "解除"}  # fmt: skip
    show_page(page, output, titles)


@credit.command("history")
def credit_history(
    subject: Annotated[str, typer.Argument(help="统一社会信用代码 identifier of the subject")],
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    output: FormOption = Form.TABLE,
) -> None:
    """核查记录 What credit registers said of a subject, the latest first."""
    with reading() as read:
        page = standings.checks(read, subject, limit=limit, cursor=cursor)
    titles = {"checked_at": "核查时间", "source": "来源", "as_of": "数据截至", "result": "结果", "valid_until": "有效至"}
    show_page(page, output, titles)


def _operator() -> Actor:
    """Whoever sits at this shell; that is what the record says."""
    return Actor(id=getpass.getuser(), organ="platform", role=Role.OPERATOR)


def _id(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise fail(f"「{given}」不是标识;请用列表中的标识", f"{given} is no id; take it from the list") from None
