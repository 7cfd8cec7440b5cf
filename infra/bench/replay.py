"""Processor time of a replay, per fact: stored rows in memory to the aggregate they make, 20 facts a case. Library:
default mapper, ``@event`` aggregate, project_aggregate, as repository.get() does it. Ours: decode and fold. Measured
with process_time, so that waiting and neighbours do not count; decoding alone is shown too."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from eventsourcing.application import project_aggregate

from domain.approval_case import ApprovalCase
from domain.kernel.aggregate import replay
from infra.bench.command import FACTS, case_of, prepare
from infra.bench.ground import Ground, Sample, compare
from infra.bench.stock import StockCase, stock_app
from infra.event_store.factory import open_recorder
from infra.event_store.mapper import facts

AT = datetime(2026, 3, 2, 1, 2, 3, 4, UTC)
TIMES = 20
READ = 200


def measure(ground: Ground) -> dict[str, Any]:
    with ground.store() as (owner_url, app_url):
        ground.said(f"making cases of {FACTS} facts")
        asyncio.run(prepare(app_url, range(READ)))
        recorder = open_recorder(app_url)
        ours = list(recorder.load([case_of(number) for number in range(READ)]).items())
        recorder.datastore.close()
        library = stock_app(owner_url)
        ids = [library.accept(number, AT, events=FACTS).id for number in range(READ)]
        theirs = [library.recorder.select_events(case_id) for case_id in ids]
        mapper = library.mapper
        library.close()
    assert {len(rows) for _, rows in ours} == {len(rows) for rows in theirs} == {FACTS}

    def stock() -> None:
        for rows in theirs:
            case = project_aggregate(None, map(mapper.to_domain_event, rows))
            assert isinstance(case, StockCase)
            assert case.version == FACTS

    def decoded_by_stock() -> None:
        for rows in theirs:
            for row in rows:
                mapper.to_domain_event(row)

    def own() -> None:
        for stream, rows in ours:
            assert replay(ApprovalCase, stream, facts(rows)).version == FACTS

    def decoded() -> None:
        for _, rows in ours:
            facts(rows)

    variants: dict[str, Callable[[], Sample]] = {
        "library, decode and project": lambda: _timed(stock),
        "library, decode only": lambda: _timed(decoded_by_stock),
        "ours, decode and fold": lambda: _timed(own),
        "ours, decode only": lambda: _timed(decoded),
    }
    return {"rows": compare(ground, variants, base="library, decode and project", by="cpu_us")}


def _timed(work: Callable[[], None]) -> Sample:
    begun = time.process_time()
    for _ in range(TIMES):
        work()
    return {"cpu_us": (time.process_time() - begun) / (TIMES * READ * FACTS) * 1e6}
