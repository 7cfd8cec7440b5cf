"""``shuangtui demo`` (演示): a story at the shape of 聊城, on real engines, with a reckoning at its end.

``city`` and ``plan`` say what will happen, ``officers``, ``systems`` and ``regulators`` do it, ``stage`` holds the
processes, ``story`` tells it, ``reckoning`` compares what was sent with what arrived."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from typing import Annotated, NoReturn

import typer

from domain.rules.dates import business_date
from infra.logs import configure_logs
from infra.wiring import reader_at
from interfaces.cli.demo.books import LOST_ONE, TWICE_ONE
from interfaces.cli.demo.ending import show_boards, show_timeline
from interfaces.cli.demo.officers import NotDone
from interfaces.cli.demo.plan import Plan, Size
from interfaces.cli.demo.reckoning import Reckoning
from interfaces.cli.demo.stage import Stage, stage
from interfaces.cli.demo.story import NeverReady, Outcome, Story
from interfaces.cli.demo.systems import NotTaken
from interfaces.cli.output import fail, line, say
from interfaces.cli.shell import settings

FAULTS = (LOST_ONE, TWICE_ONE)


def demo(
    pushes: Annotated[
        int | None,
        typer.Option(min=40, max=200_000, help="推送次数 how many pushes; 默认一年的十分之一 a tenth of a year"),
    ] = None,
    fault: Annotated[
        list[str] | None, typer.Option(hidden=True, help="Plant a fault in the regulators' books: lost, doubled.")
    ] = None,
) -> None:
    """演示 Play four days of a city, from the application to the claim, and reckon what arrived.

    19 个市级监管部门、8 个县,275 + 4408 个事项;默认一年推送量的十分之一,SCALE=liaocheng 为全年。
    最后一行是 JSON;lost 与 doubled 由事件库与监管部门收文登记逐条比对得出。Real PostgreSQL, a real Kafka
    protocol broker, simulated regulators in a process of their own. The last line is JSON; exit 0 only if nothing
    was lost or doubled and everything planned happened."""
    faults = fault or []
    if unknown := set(faults) - set(FAULTS):
        raise fail(f"没有这种故障:{'、'.join(unknown)}", f"no such fault; choose from {', '.join(FAULTS)}", 2)
    began = time.monotonic()
    base = settings()
    configure_logs(base, "demo")
    signal.signal(signal.SIGTERM, _interrupted)
    plan = Plan(Size.of(os.environ.get("SCALE", ""), pushes))
    try:
        with stage(base, plan.size, faults) as set_up:
            say(f"引擎与各进程已启动({time.monotonic() - began:.1f} 秒),日志在 {set_up.settings.home / 'logs'}",
                "engines and processes are up")  # fmt: skip
            outcome = asyncio.run(Story(plan, set_up).tell())
            _show(set_up, outcome)
    except (NeverReady, NotDone, NotTaken) as broken:
        logs = base.home / "demo" / "logs"
        raise fail(
            f"演示中断:{broken};日志在 {logs}", f"the story broke off: {broken}; see the logs in {logs}"
        ) from None
    except KeyboardInterrupt:
        raise fail("演示已中断,所有进程已停止", "interrupted; every process is stopped", 130) from None
    told = outcome.store.told | {
        "lost": len(outcome.reckoning.lost), "doubled": outcome.reckoning.doubled,
        "deliveries": outcome.store.deliveries.total(), "redelivered": outcome.redelivered,
        "seconds": round(time.monotonic() - began, 1),
    }  # fmt: skip
    for name, count in outcome.missing.items():
        say(f"[red]与计划不符[/red] {name}: {count}", f"not as planned; see the logs in {base.home / 'demo' / 'logs'}")
    _say_what_went_astray(outcome.reckoning)
    print(line(told))
    if not outcome.good:
        raise typer.Exit(1)


def _show(set_up: Stage, outcome: Outcome) -> None:
    today = business_date(set_up.clock.now())
    with reader_at(set_up.place) as read:
        show_boards(read, today)
        if outcome.told_case is not None:
            show_timeline(read, outcome.told_case)
    counts = outcome.store.facts
    say(f"停摆后 {outcome.back_in:.1f} 秒续上;审批系统重复报送 {outcome.repeated} 条、"
        f"监管部门重复收到 {outcome.redelivered} 条,均未重复记录;催办 {counts['push.reminded']} 次,"
        f"督办 {counts['push.escalated']} 次",
        f"back {outcome.back_in:.1f} s after the outage; {outcome.repeated} repeated reports and "
        f"{outcome.redelivered} repeated deliveries entered nothing twice")  # fmt: skip


def _say_what_went_astray(reckoning: Reckoning) -> None:
    for name, found in (("丢失 lost", reckoning.lost), ("重复登记 entered again", reckoning.entered_again),
                        ("重复推送 pushed again", reckoning.pushed_again)):  # fmt: skip
        for one in found[:5]:
            say(f"[red]{name}[/red] {' '.join(one)}")


def _interrupted(*_: object) -> NoReturn:
    raise KeyboardInterrupt
