"""引擎组: PostgreSQL and a broker, started, found, watched and stopped together."""

import atexit
import contextlib
import dataclasses
import fcntl
import json
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from infra.embedded.apache import Apache
from infra.embedded.broker import Broker
from infra.embedded.postgres import Postgres
from infra.embedded.process import EnginesFailed
from infra.settings import Settings

KafkaChoice = Literal["embedded", "apache", "none"]
ProfileName = Literal["embedded", "kafka"]

_PROMISES = {
    "zh": """\
内置消息服务（tansu，内存模式）只用于演示、开发与测试，它不承诺：
  · 重启后保留消息：每次启动都是一个新的空集群（集群编号不同），平台从事件库重新推送，接收方按事件编号去重；
  · 副本、权限（ACL、SCRAM）、配额、消息保留期；
  · 事务隔离：读方可能看到已回滚的事务（平台不使用 Kafka 事务）。
PostgreSQL 是唯一的事实来源，内置的也一样：落盘同步不关闭，断电、强杀后数据仍在。
生产环境请用 Apache Kafka：设置 SHUANGTUI_KAFKA_BOOTSTRAP；本机试用：shuangtui up --kafka apache。
""",
    "en": """\
The embedded broker (tansu, in memory) is for demonstration, development and tests. It does not promise
  - to keep anything over a restart: every start is a new, empty cluster with another id; the platform publishes again
    from the event store and receivers deduplicate by event id;
  - replication, access rights (ACL, SCRAM), quotas or retention;
  - isolation of transactions: readers may see aborted ones (the platform uses no Kafka transactions).
PostgreSQL is the only truth, and the embedded one is no less so: it syncs to disk and survives a kill.
In production use Apache Kafka: set SHUANGTUI_KAFKA_BOOTSTRAP; to try it here: shuangtui up --kafka apache.
""",
}


@dataclass(frozen=True)
class Running:
    """运行中的引擎: where the engines of one home answer. None: set from outside, or not wanted."""

    home: Path
    database_url: str | None = dataclasses.field(repr=False)
    """The owner's URL: migrations and tests use it."""
    kafka_bootstrap: str | None
    cluster_id: str | None
    """A value other than the one seen before means an empty broker: make topics, republish from the store."""
    profile: ProfileName
    owner_pid: int


class Engines:
    """引擎组: started by one process, used by many."""

    def __init__(self, home: Path, settings: Settings) -> None:
        """Use `start`."""
        self.home = home
        self.database_url: str = settings.database_url or ""
        self.kafka_bootstrap: str | None = settings.kafka_bootstrap
        self.cluster_id: str | None = None
        self.profile: ProfileName = settings.kafka_profile
        self.owned = False
        self.postgres: Postgres | None = None
        self.broker: Broker | Apache | None = None
        self._lock: int | None = None

    @classmethod
    def start(cls, home: Path, kafka: KafkaChoice = "embedded", settings: Settings | None = None) -> Self:
        """Start what `settings` leaves unset, or adopt the engines that already run under `home`.

        They end with this process, however it ends. Raises EnginesFailed.
        """
        engines = cls(home.resolve(), settings or Settings())
        if engines.database_url and (engines.kafka_bootstrap or kafka == "none"):
            return engines
        try:
            engines.home.mkdir(parents=True, exist_ok=True)
            adopted = engines._lock_or_find()
        except PermissionError as failure:
            raise EnginesFailed(_denied(home)) from failure
        if adopted is not None:
            engines._adopt(adopted, kafka)
            return engines
        try:
            engines._start(kafka)
        except BaseException:
            engines.stop()
            raise
        return engines

    def watch(self) -> list[str]:
        """Restart what has died; returns one sentence (zh en) for each. Call it about once a second."""
        told = []
        if self.postgres is not None and not self.postgres.alive:
            self.postgres.stop()
            self.postgres.start(self.postgres.port)
            told.append("PostgreSQL 已重启，数据完好。 PostgreSQL died and was restarted; its data is whole.")
        if self.broker is not None and not self.broker.alive:
            before = self.cluster_id
            self.broker.stop()
            self.broker.start(self.broker.port)
            told.append(
                "Kafka 已重启。 Apache Kafka died and was restarted."
                if self.broker.cluster_id == before
                else "内置消息服务已重启，现为空集群，将从事件库重新推送。"
                " The embedded broker died and was restarted; it is empty now and is filled again from the event store."
            )
        if told:
            self._tell()
        return told

    def supervise(self, until: threading.Event, say: Callable[[str], None]) -> None:
        """`watch` once a second until the event is set."""
        while not until.wait(1.0):
            for sentence in self.watch():
                say(sentence)

    def stop(self) -> None:
        """Stop the engines this process started; adopted ones are left alone."""
        if self._lock is not None:
            with contextlib.suppress(FileNotFoundError):
                (self.home / "engines.json").unlink()
        if self.broker is not None:
            self.broker.stop()
        if self.postgres is not None:
            self.postgres.stop()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
        atexit.unregister(self.stop)

    def _start(self, kafka: KafkaChoice) -> None:
        self.owned = True
        atexit.register(self.stop)
        if not self.database_url:
            self.postgres = Postgres(self.home)
        if self.kafka_bootstrap is None and kafka != "none":
            self.broker = Apache(self.home) if kafka == "apache" else Broker(self.home)
            self.profile = "kafka" if kafka == "apache" else "embedded"
        ports = _last_ports(self.home)
        with ThreadPoolExecutor(2) as both:
            starting = [
                both.submit(engine.start, ports.get(name))
                for name, engine in (("postgres", self.postgres), ("broker", self.broker))
                if engine is not None
            ]
        for engine in starting:
            engine.result()
        self._tell()

    def _tell(self) -> None:
        """Take over what the engines say of themselves, and write it for other processes."""
        ports = {}
        if self.postgres is not None:
            self.database_url = self.postgres.url
            ports["postgres"] = self.postgres.port
        if self.broker is not None:
            self.kafka_bootstrap, self.cluster_id = self.broker.bootstrap, self.broker.cluster_id
            ports["broker"] = self.broker.port
        state = {
            "database_url": self.database_url if self.postgres else None,
            "kafka_bootstrap": self.kafka_bootstrap if self.broker else None,
            "cluster_id": self.cluster_id,
            "profile": self.profile,
            "owner_pid": os.getpid(),
        }
        # It holds the owner's password: readable by its user alone; renamed into place: never read half.
        _write_private(self.home / "engines.json", state)
        _write_private(self.home / "ports.json", ports)

    def _lock_or_find(self) -> Running | None:
        """Take the home for this process, or the engines of the process that has it."""
        lock = os.open(self.home / "engines.lock", os.O_RDWR | os.O_CREAT, 0o644)
        until = time.monotonic() + 90
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if (found := running(self.home)) is not None:
                    os.close(lock)
                    return found
            else:
                self._lock = lock
                return None
            if time.monotonic() > until:
                os.close(lock)
                raise EnginesFailed(
                    f"另一进程占用 {self.home} 已 90 秒仍未就绪：请结束它，或换一个 SHUANGTUI_HOME。"
                    f" Another process has held {self.home} for 90 s and is not ready: end it, or choose another"
                    " SHUANGTUI_HOME."
                )
            time.sleep(0.05)

    def _adopt(self, found: Running, kafka: KafkaChoice) -> None:
        self.database_url = self.database_url or found.database_url or ""
        if self.kafka_bootstrap is None and kafka != "none":
            wanted: ProfileName = "kafka" if kafka == "apache" else "embedded"
            if found.kafka_bootstrap is None or (kafka == "apache" and found.profile != wanted):
                raise EnginesFailed(
                    f"{self.home} 的引擎已由进程 {found.owner_pid} 启动，消息服务与所求不同：请先停止。"
                    f" The engines of {self.home} already run (process {found.owner_pid}) with another broker than"
                    " asked for: stop them first."
                )
            self.kafka_bootstrap, self.cluster_id, self.profile = found.kafka_bootstrap, found.cluster_id, found.profile
        if not self.database_url:
            raise EnginesFailed(
                f"{self.home} 的引擎由进程 {found.owner_pid} 启动时使用了外部数据库："
                "请同样设置 SHUANGTUI_DATABASE_URL。"
                f" The engines of {self.home} (process {found.owner_pid}) were started with a database of your own:"
                " set SHUANGTUI_DATABASE_URL here too."
            )


def running(home: Path) -> Running | None:
    """The engines that run under `home`, or None; they run exactly as long as the process that started them."""
    try:
        with (home / "engines.lock").open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return Running(home=home.resolve(), **json.loads((home / "engines.json").read_text()))
    except FileNotFoundError:
        pass
    except PermissionError as failure:
        raise EnginesFailed(_denied(home)) from failure
    return None


def promises(language: Literal["zh", "en"]) -> str:
    """What the embedded broker does not promise, as text for people."""
    return _PROMISES[language]


def _denied(home: Path) -> str:
    return (
        f"无权使用 {home}：它属于另一用户，请以该用户运行，或换一个 SHUANGTUI_HOME。"
        f" No right to use {home}: it belongs to another user; run as that user, or choose another SHUANGTUI_HOME."
    )


def _last_ports(home: Path) -> dict[str, int]:
    try:
        return dict(json.loads((home / "ports.json").read_text()))
    except (FileNotFoundError, ValueError):
        return {}


def _write_private(path: Path, content: object) -> None:
    unfinished = path.with_suffix(".unfinished")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(content, file, indent=1)
    unfinished.replace(path)
