"""``shuangtui up`` brings everything up on a bare machine, leaves it running, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

PATIENCE = 90.0
SHUANGTUI = [sys.executable, "-m", "interfaces.cli"]


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHUANGTUI_")}
    return kept | {"SHUANGTUI_HOME": str(home), "SHUANGTUI_HTTP_PORT": "0"}


def asked(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*SHUANGTUI, *words], env=environment(home), capture_output=True, text=True, timeout=PATIENCE)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[Path, subprocess.Popen[str], str]]:
    """A platform that is up: its home, the process, and where HTTP answers."""
    said = (tmp_path / "up.txt").open("w+")
    process = subprocess.Popen([*SHUANGTUI, "up"], env=environment(tmp_path), stdout=said, stderr=said, text=True)
    try:
        deadline, address = time.monotonic() + PATIENCE, ""
        while not address:
            said.seek(0)
            address = next((line.split()[1] for line in said if line.startswith("http ")), "")
            assert process.poll() is None, (tmp_path / "up.txt").read_text()
            assert time.monotonic() < deadline, (tmp_path / "up.txt").read_text()
            time.sleep(0.1)
        yield tmp_path, process, address
    finally:
        process.kill()
        process.wait()
        said.close()


def children_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def gone(processes: list[psutil.Process]) -> bool:
    return not psutil.wait_procs(processes, timeout=30)[1]


def test_another_shell_finds_the_platform_and_everything_stops_when_told(
    running: tuple[Path, subprocess.Popen[str], str],
) -> None:
    home, process, address = running
    children = children_of(process)

    played = asked(home, "trigger", "decision_pushed", "-o", "json")
    health = asked(home, "doctor", "-o", "json")
    ready = httpx.get(f"{address}/readyz", timeout=10)
    process.send_signal(signal.SIGINT)

    assert json.loads(played.stdout.splitlines()[-1])["pushes"] == 1, played.stderr
    assert health.returncode == 0, health.stdout
    assert ready.status_code == 200, ready.text
    assert process.wait(60) == 0
    assert gone(children)


def test_a_killed_platform_leaves_no_process_behind_and_starts_again_with_its_facts(
    running: tuple[Path, subprocess.Popen[str], str],
) -> None:
    home, process, _ = running
    asked(home, "trigger", "decision_pushed", "-o", "json")
    children = children_of(process)

    process.kill()

    assert gone(children), "a child outlived its parent"
    listed = asked(home, "case", "list", "-o", "json")
    assert len(json.loads(listed.stdout)["rows"]) == 1, listed.stderr
