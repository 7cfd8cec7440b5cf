"""Published facts that reach the broker, per second. Bare: a kafka-python producer sends ready records, the same
keys, values and headers to the same topic, nothing bounded, then one flush. Ours: the relay from its first reading of
the log until its position is stored behind the last acknowledgement, with its window of 500."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from kafka import KafkaProducer

from infra.bench.ground import Ground, Sample, compare
from infra.bench.pushes import an_authority, store_pushes
from infra.event_store.factory import open_recorder
from infra.event_store.recorder import EventRecorder
from infra.kafka import Connection
from infra.kafka.connection import open_client
from infra.postgres import connect
from infra.topics import KafkaBroker, RelayTurn, StoreLog
from interfaces.topics.envelope import Envelopes, Outgoing, published
from interfaces.topics.publisher import Relay, position_name

FACTS = 20_000


def measure(ground: Ground) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    with ground.store() as (owner_url, app_url):
        recorder = open_recorder(app_url)
        authority = an_authority()
        ground.said(f"storing {FACTS} pushes")
        store_pushes(recorder, FACTS, authority)
        messages = ready(recorder)
        for name, connection in ground.brokers.items():
            variants: dict[str, Callable[[], Sample]] = {
                f"bare producer, {name}": lambda c=connection: bare(c, messages),  # type: ignore[misc]
                f"relay, {name}": lambda c=connection: relayed(c, recorder, owner_url, app_url),  # type: ignore[misc]
            }
            KafkaBroker(connection).ensure([f"approval.{authority}.v1"])
            rows += compare(ground, variants, base=f"bare producer, {name}")
        recorder.datastore.close()
    sizes = [len(m.value) + len(m.key) + sum(len(k) + len(v) for k, v in m.headers) for m in messages]
    return {"rows": rows, "facts": FACTS, "bytes_of_message": sum(sizes) // len(sizes)}


def ready(recorder: EventRecorder) -> list[Outgoing]:
    """The records as the relay makes them."""
    envelopes = Envelopes()
    found: list[Outgoing] = []
    after, facts = 0, sorted(published())
    while True:
        rows, end = recorder.read(after, 1_000, facts)
        if end == after:
            return found
        found += [message for row in rows for message in envelopes.messages(row)]
        after = end


def bare(connection: Connection, messages: list[Outgoing]) -> Sample:
    producer = open_client(
        KafkaProducer, **connection.client_settings(), acks="all", linger_ms=5, batch_size=65_536,
        allow_auto_create_topics=False, max_block_ms=5_000, delivery_timeout_ms=2_147_483_647,
    )  # fmt: skip
    producer.partitions_for(messages[0].topic)
    begun, cpu = time.perf_counter(), time.process_time()
    for _, topic, key, value, headers in messages:
        producer.send(topic, value, key, headers)
    producer.flush(60)
    sample = _sample(len(messages), begun, cpu)
    producer.close()
    return sample


def relayed(connection: Connection, recorder: EventRecorder, owner_url: str, app_url: str) -> Sample:
    broker, log, turn = KafkaBroker(connection), StoreLog(app_url), RelayTurn(app_url)
    with connect(owner_url) as owner:
        owner.execute(
            "DELETE FROM approval_tracking WHERE application_name = %s", (position_name(broker.cluster_id()),)
        )
    head, stop = recorder.head(), threading.Event()
    relay = Relay(log, turn, broker, Envelopes())
    thread = threading.Thread(target=relay.run, args=(stop,))
    begun, cpu = time.perf_counter(), time.process_time()
    thread.start()
    while relay.position < head:
        time.sleep(0.002)
    sample = _sample(relay.sent, begun, cpu)
    stop.set()
    thread.join()
    log.close()
    broker.close()
    return sample


def _sample(count: int, begun: float, cpu: float) -> Sample:
    return {
        "per_second": count / (time.perf_counter() - begun),
        "client_cpu_us": (time.process_time() - cpu) / count * 1e6,
    }
