"""Loading (导入): reports every event of a log through the public reporting path, in the order of the file.

Batches hold whole cases, so several may be under way at once without disturbing the order inside a case."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import httpx
import orjson

from domain.approval_case.commands import ReportStep, case_stream
from domain.kernel.channel import Channel
from interfaces.topics.envelope import CONTENT_TYPE, JSON, Headers
from interfaces.xes.mapping import Mapping
from interfaces.xes.reader import Log, LogDamaged, Progress

STEPS = 1_000
UNDER_WAY = 3
"""Batches sent and not answered yet: enough that reading goes on while the platform stores."""

Reports = list[dict[str, Any]]


class Sent(NamedTuple):
    """What became of one batch; over Kafka nobody can say yet."""

    recorded: int = 0
    already_there: int = 0
    refused: tuple[str, ...] = ()
    """Why, one sentence for each step that was not taken."""


Send = Callable[[Reports], Awaitable[Sent]]


@dataclass(slots=True)
class Counts:
    """导入结果: what the file holds and what the platform recorded of it."""

    cases: int = 0
    events: int = 0
    activities: int = 0
    officers: int = 0
    added: int = 0
    already_there: int = 0
    refused: int = 0
    seconds: float = 0.0
    source: str = ""
    missing: str = ""
    """What the file lacks, in Chinese and English; empty when it is whole. Not empty: end with an error."""
    problems: list[str] = field(default_factory=list)
    """The first reasons why steps were refused."""

    def told(self) -> dict[str, Any]:
        """The counts as one line of JSON shows them."""
        return asdict(self)

    @property
    def complete(self) -> bool:
        return not self.missing and not self.refused


async def import_log(path: Path, mapping: Mapping, send: Send, progress: Progress | None = None) -> Counts:
    """Report every event of a log. Importing the same log again adds nothing.

    A file that breaks off leaves whole cases only; ``missing`` then says where. Raises what ``send`` raises; what
    was sent before stays, and importing again completes it."""
    begun = time.monotonic()
    log, counts = Log(path), Counts()
    activities: set[str] = set()
    officers: set[str] = set()
    waiting: set[asyncio.Task[Sent]] = set()

    def settle(done: set[asyncio.Task[Sent]]) -> None:
        for task in done:
            sent = task.result()
            counts.added += sent.recorded
            counts.already_there += sent.already_there
            counts.refused += len(sent.refused)
            counts.problems += sent.refused[: max(0, 20 - len(counts.problems))]

    try:
        for batch in _batches(log, mapping, counts, activities, officers):
            while len(waiting) >= UNDER_WAY:
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                settle(done)
            waiting.add(asyncio.create_task(_in_parts(batch, send)))
            if progress is not None:
                progress(log.read, log.size, counts.events)
            # Lets the batch leave before the next one is read.
            await asyncio.sleep(0)
        while waiting:
            done, waiting = await asyncio.wait(waiting)
            settle(done)
    finally:
        for task in waiting:
            task.cancel()
    if progress is not None:
        progress(log.read, log.size, counts.events)
    counts.activities, counts.officers = len(activities), len(officers)
    counts.seconds = round(time.monotonic() - begun, 3)
    return counts


def source_of(path: Path, mapping: Mapping) -> str:
    """The reporting system that a log belongs to, for whoever must show its credentials. Raises LogDamaged."""
    log = Log(path)
    for _ in log.traces():
        break
    return mapping.source.of(log.attributes)


def _batches(log: Log, mapping: Mapping, counts: Counts, activities: set[str], officers: set[str]) -> Iterator[Reports]:
    """Whole cases together, some hundred steps a batch; whoever counts sees only what was given."""
    batch: Reports = []
    seen: set[str] = set()
    fields = mapping.event
    try:
        for trace in log.traces():
            if not counts.source:
                counts.source = mapping.source.of(log.attributes)
            batch += mapping.reports(trace, log.cases, counts.source, seen)
            counts.cases += 1
            counts.events += len(trace.events)
            for event in trace.events:
                activities.add(event.get(fields.activity, "-"))
                if officer := event.get(fields.officer):
                    officers.add(officer)
            if len(batch) >= STEPS:
                yield batch
                batch = []
    except LogDamaged as damage:
        counts.missing = str(damage)
    if batch:
        yield batch


async def _in_parts(batch: Reports, send: Send) -> Sent:
    """One batch, cut where a giant case would make it too large; its parts one after the other, for their order."""
    recorded = already_there = 0
    refused: tuple[str, ...] = ()
    for start in range(0, len(batch), 2 * STEPS):
        sent = await send(batch[start : start + 2 * STEPS])
        recorded, already_there = recorded + sent.recorded, already_there + sent.already_there
        refused += sent.refused
    return Sent(recorded, already_there, refused)


class ReportingRefused(Exception):
    """报送被拒绝。The platform did not take a whole batch; the message is its own answer."""

    def __init__(self, status: int, told: str) -> None:
        super().__init__(
            f"平台未接受报送({status}):{told};请核对地址与令牌,已接受的部分再次导入不会重复。"
            f" The platform did not take the reports ({status}): {told}; check address and token. What was taken"
            " is not taken twice when imported again."
        )


def over_http(client: httpx.AsyncClient) -> Send:
    """Sends to ``POST /v1/reports``; the client knows address and token. Raises ReportingRefused, httpx errors."""

    async def send(batch: Reports) -> Sent:
        answer = await client.post(
            "/v1/reports",
            content=b"\n".join(map(orjson.dumps, batch)),
            headers={"content-type": "application/x-ndjson", "accept-language": "zh"},
        )
        if answer.status_code != 200:
            raise ReportingRefused(answer.status_code, _problem(answer))
        tally = orjson.loads(answer.content)
        refused: tuple[str, ...] = ()
        if tally["refused"]:
            refused = tuple(_reason(batch, r) for r in tally["results"] if r["outcome"] == "refused")
        return Sent(tally["recorded"], tally["already_there"], refused)

    return send


def _reason(batch: Reports, result: dict[str, Any]) -> str:
    report = batch[result["index"]]
    why = result.get("errors") or f"{result.get('zh') or ''} {result.get('en') or ''}".strip()
    return f"{report['case_no']} {report['source_event_id']}: {result.get('code')}: {why}"


def _problem(answer: httpx.Response) -> str:
    try:
        told = orjson.loads(answer.content)
        return str(told.get("detail") or told.get("title") or told)
    except (ValueError, AttributeError):
        return answer.text[:200]


class Sender(Protocol):
    """Sends to the broker and waits; the relay's producer is one."""

    def send(self, topic: str, key: bytes, value: bytes, headers: Headers | None = None) -> object: ...

    def flush(self) -> None: ...


def over_kafka(sender: Sender) -> Send:
    """Sends to the topic of the intake, keyed by case; answered when the broker has it, not yet the platform."""
    topic = Channel.INTAKE.topic()
    kind = ReportStep.NAME.encode()
    constant: Headers = [("ce_specversion", b"1.0"), ("ce_type", kind), (CONTENT_TYPE, JSON.encode())]
    lock = asyncio.Lock()

    def hand_over(batch: Reports) -> None:
        keys: dict[str, bytes] = {}
        for report in batch:
            source, case_no = report["source"], report["case_no"]
            key = keys.get(case_no)
            if key is None:
                key = keys[case_no] = _key(source, report["opened_on"], case_no)
            id = f"{source}/{report['source_event_id']}"
            headers = [*constant, ("ce_id", id.encode()), ("ce_source", source.encode()), ("ce_subject", key)]
            sender.send(topic, key, orjson.dumps(report), headers)
        sender.flush()

    async def send(batch: Reports) -> Sent:
        # One thread at a time speaks to the client.
        async with lock:
            await asyncio.to_thread(hand_over, batch)
        return Sent()

    return send


def _key(source: str, opened_on: str, case_no: str) -> bytes:
    return str(case_stream(source, date.fromisoformat(opened_on), case_no)).encode()
