"""A small story, played whole: real engines, every role in its own process, regulators that consume and produce."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from interfaces.cli.demo.books import LOST_ONE, TWICE_ONE

ROOT = Path(__file__).parents[2]
OUTSIDE = ("SHUANGTUI_DATABASE_URL", "SHUANGTUI_KAFKA_BOOTSTRAP", "SCALE")
PATIENCE = 300


def command(*args: str) -> list[str]:
    return [sys.executable, "-m", "interfaces.cli", "demo", "--pushes", "60", *args]


def surroundings(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
    return {**kept, "SHUANGTUI_HOME": str(home), "PYTHONUNBUFFERED": "1", **more}


def run(home: Path, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*args), env=surroundings(home, **more), cwd=ROOT,
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip


def played(home: Path, *args: str, **more: str) -> tuple[int, dict[str, Any], str]:
    """Exit code, the last line of standard output, and everything that was said."""
    ended = run(home, *args, **more)
    lines = ended.stdout.strip().splitlines()
    assert lines, ended.stderr[-3000:]
    return ended.returncode, json.loads(lines[-1]), ended.stdout + ended.stderr


def processes_of(home: Path) -> list[str]:
    """Command lines of living processes that were told this home, or that live in it."""
    found = []
    for process in Path("/proc").iterdir():
        if not process.name.isdigit() or int(process.name) == os.getpid():
            continue
        try:
            named = f"SHUANGTUI_HOME={home}".encode() in (process / "environ").read_bytes()
            command = (process / "cmdline").read_bytes()
            if command and (named or str(home) in os.readlink(process / "cwd")):
                found.append(command.replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


def test_a_small_story_comes_to_its_end_with_nothing_lost_and_nothing_doubled(tmp_path: Path):
    code, told, said = played(tmp_path)
    assert (told["lost"], told["doubled"]) == (0, 0), said[-3000:]
    assert {name: told[name] for name in ("pushes", "acknowledged", "claimed", "consultations", "inspections")} == {
        "pushes": 60, "acknowledged": 59, "claimed": 59, "consultations": 3, "inspections": 2,
    }  # fmt: skip
    assert told["parked"] >= 2
    assert told["deliveries"] > told["pushes"]
    assert code == 0
    assert processes_of(tmp_path) == []


def test_faults_in_the_books_of_regulators_are_counted_and_fail_a_story_in_an_empty_database(
    tmp_path: Path, fresh_database: Callable[[], str]
):
    url = fresh_database()
    code, told, _ = played(tmp_path, "--fault", LOST_ONE, "--fault", TWICE_ONE, SHUANGTUI_DATABASE_URL=url)
    assert (told["lost"], told["doubled"], code) == (1, 1, 1)

    again = run(tmp_path, SHUANGTUI_DATABASE_URL=url)
    assert again.returncode == 2
    assert "不是空库" in again.stderr
    assert "not empty" in again.stderr


def test_an_interrupted_story_leaves_no_process_behind(tmp_path: Path):
    playing = subprocess.Popen(
        command(), env=surroundings(tmp_path), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    log = tmp_path / "demo" / "logs" / "relay.log"
    deadline = time.monotonic() + 120
    while "relay_sends" not in (log.read_text() if log.exists() else "") and time.monotonic() < deadline:
        time.sleep(0.1)
    playing.send_signal(signal.SIGINT)
    said, _ = playing.communicate(timeout=120)
    assert playing.returncode == 130, said.decode()[-3000:]
    assert processes_of(tmp_path) == []
