"""Programs in processes of their own, for faults that a test process must not commit on itself."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.embedded.apache import Apache
from infra.embedded.process import servers_in, servers_named
from infra.kafka import Consumer, Message

Run = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def python() -> Iterator[Run]:
    """`python(program, *arguments)` starts it and hands the process over; it is killed after the test at the latest."""
    started: list[subprocess.Popen[str]] = []

    def run(program: str, *arguments: object) -> "subprocess.Popen[str]":
        started.append(
            subprocess.Popen(
                [sys.executable, "-c", program, *map(str, arguments)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
        )
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()


def servers_of(home: Path, *markers: str) -> set[int]:
    """The living processes that belong to the engines of `home`."""
    found = servers_in(home / "postgres" / "data")
    for marker in (str(home), *markers):
        found |= servers_named(marker)
    return found


def eventually(holds: Callable[[], object]) -> None:
    """Wait until it holds; the limit only ends a test that has failed already."""
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until, "did not come to hold within a minute"
        time.sleep(0.05)


def freeze(pid: int) -> None:
    """Stop a process, and come back when all of its threads stand: the signal alone lets some records through."""
    os.kill(pid, signal.SIGSTOP)
    tasks = Path(f"/proc/{pid}/task")
    if tasks.is_dir():
        eventually(lambda: all((t / "stat").read_text().rpartition(")")[2].split()[0] == "T" for t in tasks.iterdir()))


def read(consumer: Consumer, count: int) -> list[Message]:
    """At least `count` messages, or what came in 100 polls."""
    got: list[Message] = []
    for _ in range(100):
        got += consumer.poll()
        if len(got) >= count:
            break
    return got


@pytest.fixture(scope="module")
def own_apache(kafka_jars: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apache]:
    """An Apache Kafka of this module alone, to be hurt."""
    kafka = Apache(tmp_path_factory.mktemp("own-apache"))
    kafka.start()
    yield kafka
    if kafka.pid is not None and kafka.alive:
        os.kill(kafka.pid, signal.SIGCONT)
    kafka.stop()
