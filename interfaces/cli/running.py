"""``up`` and the roles of the platform: everything that keeps running until it is told to stop."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import httpx
import structlog
import typer
import uvicorn

from domain.kernel.people import Role
from infra.clock import WallClock
from infra.credit import has_register, register_of
from infra.embedded.engines import Engines, KafkaChoice, promises, running
from infra.logs import configure_logs
from infra.supervisor import Supervisor
from infra.tokens import AccessTokens
from infra.topic_workers import run_intake, run_relay
from infra.wiring import (
    Place,
    Platform,
    keep_what_was_loaded,
    place_of,
    platform_at,
    prepare,
    projection_runner,
    reader_at,
)
from infra.workers.credit import CreditRunner
from infra.workers.policies import EndOfLog, PolicyRunner, TimerRunner
from interfaces.cli.output import Form, FormOption, fail, progress, say, show_one, show_rows
from interfaces.cli.shell import engines, settings, stop_of_loop, until_told_to_stop
from projections.view import ProjectionRunner, Rebuilt

log = structlog.get_logger("run")

project = typer.Typer(help="读模型 read side: 运行、重建、查看 run, rebuild, status.", no_args_is_help=True)


def up(
    kafka: Annotated[
        str, typer.Option(help="embedded 内置 built in; apache 真实 Apache Kafka, 需要 needs Java and Maven")
    ] = "embedded",
) -> None:
    """启动整个平台并保持运行 Start everything and leave it running; Ctrl-C stops it.

    没有设置数据库和 Kafka 地址时,启动内置的 PostgreSQL 与消息服务。With no addresses set, a real PostgreSQL and a
    Kafka-protocol broker are started from installed packages."""
    chosen = settings()
    configure_logs(chosen, "up")
    stop = until_told_to_stop()
    if running(chosen.home) is not None:
        raise fail(f"{chosen.home} 下的平台已在运行", f"the platform of {chosen.home} is already running")
    which: KafkaChoice = "apache" if kafka == "apache" else "embedded"
    started = Engines.start(chosen.home, which, chosen)
    try:
        place = place_of(chosen, started)
        prepare(place, chosen)
        runner = projection_runner(place)
        for name in runner.outdated():
            # Policies and timers ask the read side: on the tables of an older version they would stand still.
            say(f"升级后重建读模型 {name}", f"rebuilding {name}, whose tables are those of an older version")
            _rebuilt(runner, name)
        port = _free_port(chosen.http_host, chosen.http_port)
        env = place.environment(chosen) | {"SHUANGTUI_HTTP_PORT": str(port)}
        supervisor = Supervisor(env, chosen.home / "logs", say)
        supervisor.start_all()
        try:
            _greet(place, f"http://{chosen.http_host}:{port}", chosen.home, supervisor, broker=started.profile)
            while not stop.wait(1.0):
                supervisor.look()
                for sentence in started.watch():
                    say(sentence)
        finally:
            say("正在停止……", "stopping")
            supervisor.stop()
    finally:
        started.stop()


def _greet(place: Place, address: str, home: Path, supervisor: Supervisor, *, broker: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        supervisor.look()
        try:
            if httpx.get(f"{address}/livez", timeout=1).status_code == 200:
                break
        except httpx.HTTPError:
            time.sleep(0.1)
    else:
        raise fail(f"HTTP 服务未能启动,见 {supervisor.log_of('http')}", f"HTTP did not start, see {supervisor.log_of('http')}")
    token = home / "operator.token"
    if not token.exists():
        token.touch(mode=0o600)
        with reader_at(place) as reader:
            token.write_text(AccessTokens(reader.pool, WallClock().now).issue("platform", Role.OPERATOR, purpose="up"))
    if broker == "embedded":
        typer.echo(promises("zh"), err=True)
        typer.echo(promises("en"), err=True)
    where = {"http": address, "docs": f"{address}/docs", "kafka": place.kafka_bootstrap, "token": token}
    show_one(where | {"logs": home / "logs"}, Form.TABLE)
    say("平台已就绪;另开一个终端即可使用其他命令", "ready; use the other commands from another shell")


def _free_port(host: str, wanted: int) -> int:
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                say(f"端口 {wanted} 已被占用,另选空闲端口", f"port {wanted} is taken, using a free one")
                continue
            return int(probe.getsockname()[1])
    raise fail("没有空闲端口", "no free port")


def serve() -> None:
    """HTTP 服务 The HTTP service."""
    chosen = settings()
    configure_logs(chosen, "http")
    uvicorn.run(
        "interfaces.http.factory:create", factory=True, host=chosen.http_host, port=chosen.http_port,
        timeout_graceful_shutdown=10, log_config=None, access_log=False,
    )  # fmt: skip


def relay() -> None:
    """推送转发 The relay: publishes facts to the regulators' topics; one is active, others wait and take over."""
    chosen = settings()
    configure_logs(chosen, "relay")
    stop = until_told_to_stop()
    with engines("embedded", prepared=False) as (_, place):
        run_relay(place, chosen, stop)


def intake() -> None:
    """回推接收 Intake: takes in what regulators and approval systems send over Kafka."""
    _run_beside("intake", run_intake, "embedded")


def policies() -> None:
    """政策 Policies: what the platform does by itself when something happened; it also asks the credit register."""

    async def work(platform: Platform, stop: asyncio.Event) -> None:
        wait, end = platform.read.wait_for, EndOfLog(platform.recorder)
        runners = [
            PolicyRunner(platform.app, platform.recorder, policy, platform.clock, wait, end)
            for policy in platform.policies
        ]
        beside = []
        if has_register(platform.settings):
            register = register_of(platform.settings)
            beside.append(CreditRunner(platform.app, platform.recorder, register, platform.clock).run(stop))
        await asyncio.gather(*(runner.run(stop) for runner in runners), *beside)

    _run_beside("policies", work)


def timers() -> None:
    """计时 Timers: says that a deadline has passed, once for each."""

    async def work(platform: Platform, stop: asyncio.Event) -> None:
        await TimerRunner(platform.app, platform.policies, platform.clock).run(stop)

    _run_beside("timers", work)


def _run_beside(
    name: str, work: Callable[[Platform, asyncio.Event], Awaitable[None]], kafka: KafkaChoice = "none"
) -> None:
    chosen = settings()
    configure_logs(chosen, name)
    stop = until_told_to_stop()

    async def opened(place: Place) -> None:
        async with platform_at(place, chosen) as platform:
            await work(platform, stop_of_loop(stop))

    with engines(kafka, prepared=False) as (_, place):
        keep_what_was_loaded()
        asyncio.run(opened(place))


def migrate(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只列出将执行的变更 only list what would run")] = False,
    output: FormOption = Form.TABLE,
) -> None:
    """迁移 Bring the database to the shape this version needs: tables, roles, year partitions."""
    with engines(prepared=False) as (chosen, place):
        done = prepare(place, chosen, dry_run=dry_run)
        show_one({"applied": done.applied, "partitions": done.partitions, "dry_run": dry_run}, output)


@project.command("run")
def project_run() -> None:
    """运行读模型 Fold new facts into every projection until told to stop."""
    chosen = settings()
    configure_logs(chosen, "projections")
    stop = until_told_to_stop()
    with engines(prepared=False) as (_, place):
        projection_runner(place).run(stop)


@project.command("status")
def project_status(output: FormOption = Form.TABLE) -> None:
    """查看读模型 Position, lag and trouble of every projection."""
    with engines() as (_, place):
        rows = [row._asdict() for row in projection_runner(place).status()]
    titles = {"name": "读模型", "version": "版本", "position": "位置", "lag": "落后", "state": "状态", "error": "问题"}
    show_rows(rows, output, titles=titles)


@project.command("rebuild")
def project_rebuild(
    name: Annotated[str, typer.Argument(help="读模型名称 name of the projection; 省略则用 else --outdated")] = "",
    outdated: Annotated[bool, typer.Option("--outdated", help="升级后全部过时的 all that an upgrade left behind")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只说明将做什么 only say what would be done")] = False,
    output: FormOption = Form.TABLE,
) -> None:
    """重建读模型 Fold everything again beside the live tables, then swap; reads never fail meanwhile."""
    if bool(name) is outdated:
        raise fail("请写明一个读模型,或用 --outdated", "name one projection, or say --outdated", 2)
    with engines() as (_, place):
        runner = projection_runner(place)
        done = [_rebuilt(runner, one, dry_run=dry_run) for one in (runner.outdated() if outdated else [name])]
    if not outdated:
        show_one(done[0], output)
        return
    titles = {"name": "读模型", "version": "版本", "events": "事实", "position": "位置", "swapped": "已换上"}
    show_rows(done, output, titles=titles)


def _rebuilt(runner: ProjectionRunner, name: str, *, dry_run: bool = False) -> Rebuilt:
    with progress(f"重建 {name}", None) as tell:
        return runner.rebuild(name, lambda at, head: tell(at), dry_run=dry_run)


@project.command("compare")
def project_compare(
    name: Annotated[str, typer.Argument(help="读模型名称 name of the projection")], output: FormOption = Form.TABLE
) -> None:
    """核对读模型 Fold everything again beside the live tables and compare, row for row; changes nothing."""
    with engines() as (_, place), progress(f"核对 {name}", None) as tell:
        compared = projection_runner(place).compare(name, lambda at, head: tell(at))
    show_one(compared, output)
