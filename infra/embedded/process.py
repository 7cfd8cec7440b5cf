"""子进程: start a server so that it never outlives us, find one that did, stop it in order."""

import contextlib
import ctypes
import os
import pwd
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from infra.kafka.connection import open_client
from infra.kafka.errors import BrokerUnreachable

_PROC = Path("/proc")


class EnginesFailed(Exception):
    """引擎未能启动。An engine could not be started; the message says which, why and what to do next."""


@dataclass(frozen=True)
class Account:
    """运行账号: the unprivileged user that a server runs as when we are root (PostgreSQL refuses root)."""

    uid: int
    gid: int

    @classmethod
    def needed(cls) -> "Account | None":
        """`postgres` or `nobody` when we are root, None when we are not."""
        if os.geteuid() != 0:
            return None
        for name in ("postgres", "nobody"):
            with contextlib.suppress(KeyError):
                entry = pwd.getpwnam(name)
                return cls(entry.pw_uid, entry.pw_gid)
        raise EnginesFailed(
            "以 root 运行，但系统中没有 postgres 或 nobody 账号：请创建其一，或改用普通用户。"
            " Running as root, but there is neither a `postgres` nor a `nobody` user: make one, or run as a plain user."
        )

    def popen(self) -> dict[str, Any]:
        """Arguments for subprocess; without `extra_groups=[]` the server would keep root's groups."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


@lru_cache
def _prctl() -> Callable[..., int] | None:
    if not sys.platform.startswith("linux"):
        return None
    prctl: Callable[..., int] = ctypes.CDLL(None).prctl
    return prctl


@lru_cache
def _spawner(pid: int) -> ThreadPoolExecutor:
    # The kernel sends the parent-death signal when the *thread* that spawned ends, not the process: servers started
    # from a passing worker thread died with it at once. One thread that lives as long as the process starts them all.
    # Keyed by pid, because threads do not survive a fork.
    return ThreadPoolExecutor(1, thread_name_prefix="engine-spawner")


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    on_parent_death: signal.Signals,
    account: Account | None = None,
    env: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own, so that Ctrl-C reaches only us and we stop it in order."""
    prctl, parent = _prctl(), os.getpid()

    def die_with_parent() -> None:
        if prctl is not None:
            prctl(1, int(on_parent_death))  # PR_SET_PDEATHSIG; set after the uid drop, which would clear it
            if os.getppid() != parent:
                os._exit(1)

    def start() -> subprocess.Popen[bytes]:
        with log.open("ab") as out:
            return subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd="/",
                env=dict(os.environ if env is None else env),
                start_new_session=True,
                # One thread only forks here, and the child calls nothing but prctl, resolved beforehand.
                preexec_fn=die_with_parent,
                **(account.popen() if account else {}),
            )

    return _spawner(parent).submit(start).result()


def stop(process: subprocess.Popen[bytes], steps: Iterable[tuple[signal.Signals, float]]) -> None:
    """Send each signal and wait its seconds, then the next; SIGKILL ends the list. Reaps the child."""
    for number, seconds in (*steps, (signal.SIGKILL, 10.0)):
        if process.poll() is not None:
            return
        process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)


def free_port(preferred: int | None = None) -> int:
    """A free loopback port: the one of last time if nobody took it, so that other shells keep their connections."""
    for wanted in (preferred, 0):
        if wanted is None:
            continue
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", wanted))
            return int(probe.getsockname()[1])
    raise EnginesFailed("本机没有可用端口。 No free port on 127.0.0.1.")


def cluster_answering(bootstrap: str, client_settings: Mapping[str, str] | None = None) -> str | None:
    """The id of the Kafka cluster that answers there now, None if none does.

    Ask for the id and not for an open port: the port may belong to a stranger who was faster.
    """
    host, port = bootstrap.split(":")
    with contextlib.suppress(OSError, KafkaError, BrokerUnreachable):
        # A client that finds nobody retries and logs until its limit; a closed port needs no client.
        socket.create_connection((host, int(port)), timeout=1).close()
        admin = open_client(
            KafkaAdminClient,
            bootstrap_servers=bootstrap,
            # The default of 30 s would hide a broker that came up long before.
            bootstrap_timeout_ms=1_000,
            **(client_settings or {}),
        )
        try:
            return str(admin.describe_cluster()["cluster_id"])
        finally:
            admin.close()
    return None


def await_ready(
    name: str, process: subprocess.Popen[bytes], ready: Callable[[], bool], log: Path, seconds: float
) -> None:
    """Wait until `ready()`; raises EnginesFailed with the end of the log if the server dies or takes too long."""
    until = time.monotonic() + seconds
    while process.poll() is None:
        if ready():
            return
        if time.monotonic() > until:
            break
        time.sleep(0.02)
    code = process.poll()
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    zh, en = (
        (f"退出（代码 {code}）", f"ended with code {code}")
        if code is not None
        else (f"{seconds:.0f} 秒内未就绪", f"was not ready within {seconds:.0f} s")
    )
    raise EnginesFailed(f"{name} {zh}，日志在 {log}。 {name} {en}; its log is {log}:\n{tail}")


def servers_in(directory: Path) -> set[int]:
    """Living processes whose working directory is `directory`: PostgreSQL and its children stay in their data.

    Zombies do not count: under a PID 1 that reaps nothing, a killed server looks alive to `kill -0` for ever.
    """
    return _processes(lambda entry: os.readlink(entry / "cwd") == str(directory))


def servers_named(marker: str) -> set[int]:
    """Living processes, other than ours, with `marker` in their command line."""
    needle = marker.encode()
    return _processes(lambda entry: needle in (entry / "cmdline").read_bytes()) - {os.getpid(), os.getppid()}


def _processes(matches: Callable[[Path], bool]) -> set[int]:
    found = set()
    if _PROC.is_dir():
        for entry in _PROC.iterdir():
            # A process may end, or belong to somebody else, between the listing and the look.
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and matches(entry):
                    found.add(int(entry.name))
    return found


def end_left_over(find: Callable[[], set[int]], steps: Iterable[tuple[signal.Signals, float]]) -> None:
    """Stop servers that outlived their parent; they are not our children, so we look until they are gone."""
    for number, seconds in (*steps, (signal.SIGKILL, 10.0)):
        for pid in find():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        until = time.monotonic() + seconds
        while find():
            if time.monotonic() > until:
                break
            time.sleep(0.02)
        else:
            return
