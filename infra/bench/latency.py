"""From a commit to the regulator, one push at a time. Bare: a kafka-python producer sends, a consumer polls; from
handing over until it is received. Ours: from the answer to the commit until the same consumer has the message, with the
relay in a process of its own. ``ratio`` is bare time by our time, so 1 is as fast as no platform at all."""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from kafka import KafkaProducer

from infra.bench.ground import Ground, Sample, compare
from infra.bench.pushes import an_authority, pushed
from infra.event_store.factory import open_recorder
from infra.event_store.mapper import stored
from infra.event_store.recorder import EventRecorder
from infra.kafka import Connection, Consumer
from infra.kafka.connection import open_client
from infra.topics import KafkaBroker, RelayTurn, StoreLog
from interfaces.topics.envelope import Envelopes
from interfaces.topics.publisher import Relay

PUSHES = 200
PAUSE = 0.005
"""Seconds between two pushes: so that each travels alone."""


def measure(ground: Ground) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    for name, connection in ground.brokers.items():
        with ground.store() as (_, app_url):
            recorder = open_recorder(app_url)
            authority, numbers = an_authority(), count()
            KafkaBroker(connection).ensure([f"approval.{authority}.v1"])
            with _relay(app_url, connection), _Regulator(connection, authority) as regulator:
                _ours(recorder, regulator, authority, numbers, 5)
                variants: dict[str, Callable[[], Sample]] = {
                    f"bare, {name}": lambda: _bare(connection, regulator, authority, numbers),  # noqa: B023
                    f"commit to regulator, {name}": lambda: _ours(recorder, regulator, authority, numbers),  # noqa: B023
                }
                rows += compare(ground, variants, base=f"bare, {name}", by="p50_us")
            recorder.datastore.close()
    return {"rows": rows, "pushes": PUSHES}


class _Regulator:
    """Consumes the topic of one authority and notes when each message came."""

    def __init__(self, connection: Connection, authority: str) -> None:
        self._consumer = Consumer.assigned(connection, [f"approval.{authority}.v1"], {})
        self._came: dict[str, float] = {}
        self._news, self._stop = threading.Condition(), threading.Event()
        self._thread = threading.Thread(target=self._listen)

    def _listen(self) -> None:
        while not self._stop.is_set():
            messages = self._consumer.poll(200)
            now = time.perf_counter()
            with self._news:
                self._came.update({(m.header("ce_id") or b"").decode(): now for m in messages})
                self._news.notify_all()
        self._consumer.close()

    def got(self, id: str) -> float:
        with self._news:
            if not self._news.wait_for(lambda: id in self._came, 60):
                raise TimeoutError(f"{id} did not arrive within a minute")
            return self._came.pop(id)

    def __enter__(self) -> _Regulator:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


@contextmanager
def _relay(app_url: str, connection: Connection) -> Iterator[None]:
    # Not multiprocessing: it would run the caller's main module again.
    process = subprocess.Popen([sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert process.stdin is not None
    with process.stdin as told:
        pickle.dump((app_url, connection), told)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _run_relay(app_url: str, connection: Connection) -> None:
    log = StoreLog(app_url)
    Relay(log, RelayTurn(app_url), KafkaBroker(connection), Envelopes()).run(threading.Event())


def _bare(connection: Connection, regulator: _Regulator, authority: str, numbers: Iterator[int]) -> Sample:
    producer = open_client(
        KafkaProducer, **connection.client_settings(), acks="all", linger_ms=0, allow_auto_create_topics=False,
        delivery_timeout_ms=2_147_483_647,
    )  # fmt: skip
    producer.partitions_for(f"approval.{authority}.v1")
    envelopes, waited = Envelopes(), []
    for _ in range(PUSHES):
        fact = stored(pushed(next(numbers), authority))
        row = (0, fact.originator_id, fact.originator_version, fact.topic, fact.state)
        [(_, topic, key, value, headers)] = envelopes.messages(row)  # type: ignore[arg-type]
        begun = time.perf_counter()
        producer.send(topic, value, key, headers)
        waited.append(regulator.got(f"{fact.originator_id}:{fact.originator_version}") - begun)
        time.sleep(PAUSE)
    producer.close()
    return _sample(waited)


def _ours(
    recorder: EventRecorder, regulator: _Regulator, authority: str, numbers: Iterator[int], pushes: int = PUSHES
) -> Sample:
    waited = []
    for _ in range(pushes):
        fact = stored(pushed(next(numbers), authority))
        recorder.insert_events([fact])
        begun = time.perf_counter()
        waited.append(regulator.got(f"{fact.originator_id}:{fact.originator_version}") - begun)
        time.sleep(PAUSE)
    return _sample(waited)


def _sample(waited: list[float]) -> Sample:
    waited.sort()
    return {"p50_us": waited[len(waited) // 2] * 1e6, "p99_us": waited[len(waited) * 99 // 100] * 1e6}


if __name__ == "__main__":
    # What it reads was written by the process that started it.
    _run_relay(*pickle.load(sys.stdin.buffer))  # noqa: S301
