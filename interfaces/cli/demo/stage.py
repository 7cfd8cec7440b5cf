"""The stage (舞台): engines, roles and regulators of one story, in a home of their own, made anew and taken down."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from infra.clock import StoryClock, WallClock
from infra.embedded.engines import Engines, running
from infra.embedded.process import free_port
from infra.kafka import Connection
from infra.postgres import connect
from infra.settings import Settings
from infra.supervisor import Supervisor
from infra.topics import KafkaBroker
from infra.wiring import Place, place_of, prepare
from interfaces.cli.demo.city import AUTHORITIES
from interfaces.cli.demo.plan import BEGINS, Finding, Size
from interfaces.cli.output import fail, say
from interfaces.topics.envelope import topics_of

WARMING_UP = 9.0
"""Seconds from the start of the processes to the story's Monday morning."""
FROZEN = 4.0


@dataclass(slots=True)
class Regulators:
    """The process of the regulators: told what to report, telling how far they are."""

    process: subprocess.Popen[bytes]
    books: Path
    log: Path
    told: dict[str, int] = field(default_factory=dict)

    @classmethod
    def start(cls, env: dict[str, str], home: Path, size: Size, faults: Sequence[str]) -> Regulators:
        books, log = home / "regulators.books", home / "logs" / "regulators.log"
        with log.open("ab") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "interfaces.cli.demo", str(size.pushes), str(size.consultations),
                 str(size.inspections), str(books), *faults],
                env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, start_new_session=True,
            )  # fmt: skip
        started = cls(process, books, log)
        threading.Thread(target=started._listen, daemon=True, name="regulators").start()
        return started

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.told = json.loads(line)

    def report(self, which: Finding) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"finding": which.value}).encode() + b"\n")
        self.process.stdin.flush()

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> None:
        """End of orders: they close their books and go."""
        if self.process.stdin is not None and not self.process.stdin.closed:
            self.process.stdin.close()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass(slots=True)
class Stage:
    """Everything that runs while the story is told."""

    settings: Settings
    place: Place
    engines: Engines
    supervisor: Supervisor
    regulators: Regulators
    clock: StoryClock
    address: str

    @property
    def connection(self) -> Connection:
        return self.place.kafka(self.settings)

    def look(self) -> None:
        """Restart what died. Raises when the regulators ended."""
        self.supervisor.look()
        self.engines.watch()
        if not self.regulators.alive:
            raise fail(
                f"模拟监管部门进程意外结束,见 {self.regulators.log}",
                f"the process of the regulators ended unexpectedly, see {self.regulators.log}",
            )

    async def outage(self) -> None:
        """The broker freezes and the relay is killed; then the broker goes on, and so must everything."""
        broker = self.engines.broker
        frozen = broker.pid if broker is not None else None
        self.supervisor.kill("relay")
        if frozen is not None:
            os.kill(frozen, signal.SIGSTOP)
        try:
            await asyncio.sleep(FROZEN)
        finally:
            if frozen is not None:
                os.kill(frozen, signal.SIGCONT)

    async def http_answers(self) -> None:
        deadline = time.monotonic() + 60
        async with httpx.AsyncClient() as client:
            while time.monotonic() < deadline:
                self.look()
                try:
                    if (await client.get(f"{self.address}/livez", timeout=2)).is_success:
                        return
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
        log = self.supervisor.log_of("http")
        raise fail(f"HTTP 服务未能启动,见 {log}", f"the HTTP service did not start, see {log}")


@contextmanager
def stage(base: Settings, size: Size, faults: Sequence[str]) -> Iterator[Stage]:
    """Engines and processes for as long as the block lasts. Raises typer.Exit, EnginesFailed."""
    home = (base.home / "demo").resolve()
    if running(home) is not None:
        raise fail(
            f"{home} 下已有一场演示在运行,请先结束它", f"a demonstration already runs under {home}: end it first", 2
        )
    _refuse_what_is_in_use(base)
    shutil.rmtree(home, ignore_errors=True)
    (home / "logs").mkdir(parents=True)
    engines = Engines.start(home, "embedded", base)
    try:
        chosen = base.model_copy(update={"home": home, "http_port": free_port(), "http_host": "127.0.0.1"})
        place = place_of(chosen, engines)
        prepare(place, chosen)
        broker = KafkaBroker(place.kafka(chosen))
        broker.ensure([*topics_of(""), *(topic for a in AUTHORITIES for topic in topics_of(a.code))])
        broker.close()
        clock = StoryClock(BEGINS, size.speed, WallClock().now().astimezone(UTC) + timedelta(seconds=WARMING_UP))
        chosen = chosen.model_copy(update={"story_clock": clock.told()})
        env = place.environment(chosen) | {
            "SHUANGTUI_STORY_CLOCK": clock.told(), "SHUANGTUI_HTTP_HOST": chosen.http_host,
            "SHUANGTUI_HTTP_PORT": str(chosen.http_port),
        }  # fmt: skip
        supervisor = Supervisor(env, home / "logs", say)
        try:
            supervisor.start_all()
            regulators = Regulators.start(env, home, size, faults)
            try:
                address = f"http://{chosen.http_host}:{chosen.http_port}"
                yield Stage(chosen, place, engines, supervisor, regulators, clock, address)
            finally:
                regulators.stop()
        finally:
            supervisor.stop()
    finally:
        engines.stop()


def _refuse_what_is_in_use(base: Settings) -> None:
    """A story invents a city: it is never told into a database or a broker that holds anything."""
    if base.database_url is not None:
        with connect(base.database_url) as connection:
            row = connection.execute(
                "SELECT count(*) FROM information_schema.tables"
                " WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
            ).fetchone()
        if row is not None and row[0]:
            raise fail(
                f"SHUANGTUI_DATABASE_URL 指向的数据库不是空库(已有 {row[0]} 张表),演示不会写入;请取消该设置,或换一个空库",
                f"the database of SHUANGTUI_DATABASE_URL is not empty ({row[0]} tables), a demonstration never writes "
                "there; unset it, or name an empty one", 2,
            )  # fmt: skip
    if base.kafka_bootstrap is not None:
        ours = {topic for authority in AUTHORITIES for topic in topics_of(authority.code)} | set(topics_of(""))
        broker = KafkaBroker(Connection.of(base))
        present = sorted(ours & broker.topics())
        broker.close()
        if present:
            raise fail(
                f"SHUANGTUI_KAFKA_BOOTSTRAP 的消息服务已有主题 {present[0]} 等,演示不会写入;请取消该设置",
                f"the broker of SHUANGTUI_KAFKA_BOOTSTRAP already has topics such as {present[0]}, a demonstration "
                "never writes there; unset it", 2,
            )  # fmt: skip


def now_in_the_story(clock: StoryClock) -> datetime:
    return clock.now().astimezone(BEGINS.tzinfo)
