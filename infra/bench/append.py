"""Durable saves of one fact each, per second. Library: a command on an aggregate in memory, then app.save(), with 1
and 4 threads. Ours: a fact made and encoded, then commit(), by so many callers in flight on one event loop; also our
recorder without grouping. Raw limit: INSERT of ready rows, 1 and 50 a commit, no lock and no order. Each answer counts
only when its commit is durable."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from domain.approval_case.facts import CaseReassigned
from domain.kernel.event import Event
from domain.kernel.identity import stream_id
from domain.kernel.people import Actor, Role
from domain.store import Unit
from infra.bench.ground import Ground, Sample, Stopwatch, compare
from infra.bench.stock import REASON, reassign, stock_app
from infra.event_store.factory import open_recorder
from infra.event_store.group_commit import GroupCommit
from infra.event_store.mapper import stored
from infra.event_store.recorder import EventRecorder
from infra.postgres import connect

IN_FLIGHT = (1, 8, 32, 128, 512)
AT = datetime(2026, 3, 2, 1, 2, 3, 4, UTC)
OFFICER = Actor(id="officer-2", organ="lc-bureau", role=Role.ACCEPTOR)

_RAW = (
    b"INSERT INTO public.approval_events (originator_id, originator_version, topic, state)"
    b" SELECT * FROM unnest(%b::uuid[], %b::bigint[], %b::text[], %b::bytea[])"
)


class Numbers:
    """A new stream for every fact, so that no variant ever meets a conflict."""

    def __init__(self) -> None:
        self._last = 0

    def fact(self) -> Event:
        self._last += 1
        return CaseReassigned(examiner=f"examiner-{self._last % 7}", reason=REASON).stamped(
            originator_id=stream_id("bench", 2026, self._last), originator_version=1,
            occurred_at=AT, recorded_at=AT, actor=OFFICER, correlation_id=str(self._last),
        )  # fmt: skip


def measure(ground: Ground) -> dict[str, Any]:
    with ground.store() as (owner_url, app_url):
        numbers = Numbers()
        library = stock_app(owner_url)
        recorder = open_recorder(app_url)
        variants: dict[str, Callable[[], Sample]] = {
            "library, 1 thread": lambda: _library(library, 1, 500),
            "library, 4 threads": lambda: _library(library, 4, 800),
            "our recorder alone, 1 thread": lambda: _alone(recorder, numbers, 1_500),
        }
        for callers in IN_FLIGHT:
            variants[f"ours, {callers} in flight"] = lambda callers=callers: asyncio.run(  # type: ignore[misc]
                grouped(recorder, numbers, callers, max(1_500, min(callers * 150, 40_000)))
            )
        for rows in (1, 50):
            variants[f"raw INSERT, {rows} a commit"] = lambda rows=rows: _raw(  # type: ignore[misc]
                owner_url, numbers, rows, 2_000 if rows == 1 else 20_000
            )
        table = compare(ground, variants, base="library, 1 thread")
        sizes = {
            "library": len(library.recorder.select_notifications(start=100, limit=1)[0].state),
            "ours": len(recorder.read(0, 1).entries[0].state),
        }
        library.close()
        recorder.datastore.close()
    return {"rows": table, "bytes_of_state": sizes}


def _library(app: Any, threads: int, saves: int) -> Sample:
    def work(share: int) -> None:
        case = app.accept(share, AT, events=1)
        for step in range(saves // threads):
            reassign(case, step, AT)
            app.save(case)

    watch = Stopwatch()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))
    return watch.sample(saves)


def _alone(recorder: EventRecorder, numbers: Numbers, saves: int) -> Sample:
    watch = Stopwatch()
    for _ in range(saves):
        recorder.insert_events([stored(numbers.fact())])
    return watch.sample(saves)


async def grouped(recorder: EventRecorder, numbers: Numbers, callers: int, saves: int) -> Sample:
    """Saves by callers that each wait for their answer before the next one."""
    commits = GroupCommit(recorder)
    await commits.commit(Unit([stored(numbers.fact())]))
    waited: list[float] = []

    async def caller() -> None:
        for _ in range(saves // callers):
            begun = time.perf_counter()
            await commits.commit(Unit([stored(numbers.fact())]))
            waited.append(time.perf_counter() - begun)

    watch = Stopwatch()
    await asyncio.gather(*(caller() for _ in range(callers)))
    sample = watch.sample(len(waited), waited)
    await commits.aclose()
    return sample


def _raw(url: str, numbers: Numbers, size: int, rows: int) -> Sample:
    ready = [stored(numbers.fact()) for _ in range(rows)]
    with connect(url) as connection:
        cursor = connection.cursor(binary=True)
        watch = Stopwatch()
        for at in range(0, rows, size):
            part = ready[at : at + size]
            columns = [list(c) for c in zip(*(vars(e).values() for e in part), strict=True)]
            cursor.execute(_RAW, columns, prepare=True)
        return watch.sample(rows)
