"""Keeps the roles of one machine running (进程看护): starts each, restarts what dies, stops all together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROLES: dict[str, tuple[str, ...]] = {
    "http": ("serve",),
    "projections": ("project", "run"),
    "policies": ("policies",),
    "timers": ("timers",),
    "relay": ("relay",),
    "intake": ("intake",),
}
"""Every role of the platform and the command that plays it."""

GRACE = 15.0
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
SETTLED = 30.0
"""Seconds after which a role counts as up, so that its next death is restarted at once again."""

PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class _Child:
    args: tuple[str, ...]
    process: subprocess.Popen[bytes]
    started: float
    pause: float = FIRST_PAUSE
    restart_at: float | None = None


class Supervisor:
    """Child processes of this command, one per role. Use from the main thread: a child dies with its parent
    thread, so that a killed parent leaves nothing behind."""

    def __init__(self, env: Mapping[str, str], logs: Path, say: Callable[[str, str], None]) -> None:
        self._env, self._logs, self._say = dict(env), logs, say
        self._children: dict[str, _Child] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, *args: str) -> None:
        """Start `shuangtui ARGS` under a name."""
        self._children[name] = _Child(args, self._spawn(name, args), time.monotonic())

    def start_all(self) -> None:
        for name, args in ROLES.items():
            self.start(name, *args)

    def kill(self, name: str) -> None:
        """Kill a child without warning, as a crash would; it is restarted."""
        self._children[name].process.kill()

    def alive(self, name: str) -> bool:
        return self._children[name].process.poll() is None

    def log_of(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def look(self) -> None:
        """Restart what died, with a growing pause. Call it about every second."""
        now = time.monotonic()
        for name, child in self._children.items():
            code = child.process.poll()
            if code is None:
                if now - child.started > SETTLED:
                    child.pause = FIRST_PAUSE
                continue
            if child.restart_at is None:
                child.restart_at = now + child.pause
                self._say(
                    f"{name} 已退出(代码 {code}),{child.pause:.1f} 秒后重启;日志 {self.log_of(name)}",
                    f"{name} ended with {code} and is restarted in {child.pause:.1f} s; log {self.log_of(name)}",
                )
            elif now >= child.restart_at:
                child.pause = min(child.pause * 2, LONGEST_PAUSE)
                child.process, child.started, child.restart_at = self._spawn(name, child.args), now, None

    def watch(self, until: threading.Event) -> None:
        """Look after the children until the event is set."""
        while not until.wait(0.5):
            self.look()

    def stop(self) -> None:
        """Ask every child to stop, wait, then kill what is left."""
        for child in self._children.values():
            if child.process.poll() is None:
                child.process.terminate()
        deadline = time.monotonic() + GRACE
        for name, child in self._children.items():
            try:
                child.process.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                self._say(f"{name} 未在 {GRACE:.0f} 秒内停止,强制结束", f"{name} did not stop in {GRACE:.0f} s: killed")
                child.process.kill()
                child.process.wait()
        self._children.clear()

    def _spawn(self, name: str, args: tuple[str, ...]) -> subprocess.Popen[bytes]:
        with self.log_of(name).open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "interfaces.cli", *args],
                env=self._env, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=_die_with_parent,
            )  # fmt: skip


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() == 1:
            os._exit(1)
