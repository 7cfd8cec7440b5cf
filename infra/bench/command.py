"""Whole commands on a case of 20 facts, per second: look at the case, decide, store, answer. Library:
repository.get() and save(), as documented (no cache) and with its cache (fast-forward on). Ours: application.handle()
with the case in memory, and with an empty memory (one grouped load each). Both reassign a running case to another
examiner; ours also checks the role, the state and the rule that an acceptor may not examine."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import UUID

from domain.application import ApprovalSupervision, Order
from domain.approval_case.commands import (
    AcceptApplication,
    AssignCase,
    ReassignCase,
    ReceiveMaterial,
    SubmitApplication,
    case_stream,
)
from domain.kernel.people import Actor, Role
from domain.kernel.words import Regulator, Subject
from domain.service_item import CodeScheme, PublishItemVersion
from infra.bench.ground import Ground, Sample, Stopwatch, compare
from infra.bench.stock import REASON, StockCases, reassign, stock_app
from infra.event_store.factory import environment
from infra.event_store.group_commit import GroupCommit
from infra.event_store.recorder import EventRecorder

FACTS = 20
CASES = 512
"""Made twice: those kept in memory grow with every command, those that are loaded stay near 20 facts."""

AT = datetime(2026, 3, 2, 1, 2, 3, 4, UTC)
ITEM = "bench-item"
STEWARD = Actor(id="steward", organ="lc-bureau", role=Role.STEWARD)
ACCEPTOR = Actor(id="acceptor", organ="lc-bureau", role=Role.ACCEPTOR)


def measure(ground: Ground) -> dict[str, Any]:
    with ground.store() as (owner_url, app_url):
        plain = stock_app(owner_url)
        cached = stock_app(owner_url, AGGREGATE_CACHE_MAXSIZE="1000")
        ground.said(f"making cases of {FACTS} facts")
        fresh = (plain.accept(number, AT, events=FACTS).id for number in count())
        asyncio.run(prepare(app_url))
        variants: dict[str, Callable[[], Sample]] = {
            "library, get + save": lambda: _library(plain, [next(fresh) for _ in range(300)]),
            "library, get + save, its cache warm": lambda: _warm_library(cached, [next(fresh) for _ in range(300)]),
        }
        for callers in (1, 32, 128, 512):
            variants[f"ours, case in memory, {callers} in flight"] = lambda callers=callers: asyncio.run(  # type: ignore[misc]
                _ours(app_url, callers, max(800, min(callers * 60, 15_000)), warm=True)
            )
        for callers in (32, 128):
            variants[f"ours, case not in memory, {callers} in flight"] = lambda callers=callers: asyncio.run(  # type: ignore[misc]
                _ours(app_url, callers, CASES, warm=False)
            )
        table = compare(ground, variants, base="library, get + save")
        plain.close()
        cached.close()
    return {"rows": table}


def _library(app: StockCases, cases: list[UUID]) -> Sample:
    watch = Stopwatch()
    for step, case_id in enumerate(cases):
        case: Any = app.repository.get(case_id)
        reassign(case, step, AT)
        app.save(case)
    return watch.sample(len(cases))


def _warm_library(app: StockCases, cases: list[UUID]) -> Sample:
    for case_id in cases:
        app.repository.get(case_id)
    return _library(app, cases)


def case_of(number: int) -> UUID:
    """The stream of a prepared case."""
    return case_stream("platform", date(2026, 3, 2), f"2026-{number:07}")


async def _opened(url: str) -> tuple[ApprovalSupervision, GroupCommit]:
    app = ApprovalSupervision(environment(url))
    assert isinstance(app.recorder, EventRecorder)
    commits = app.commits = GroupCommit(app.recorder)
    return app, commits


async def _closed(app: ApprovalSupervision, commits: GroupCommit) -> None:
    await commits.aclose()
    app.close()


async def prepare(url: str, numbers: Iterable[int] = range(2 * CASES)) -> None:
    """Publish an item and make the cases that the commands act on."""
    app, commits = await _opened(url)
    regulator = Regulator(code="lc-regulator", name="市场监管局")
    publish = PublishItemVersion(
        item=ITEM, scheme=CodeScheme.OTHER, name="比对事项", effective_from=date(2020, 1, 1), promised_days=10,
        regulators=(regulator,), legal_basis="行政许可法",
    )  # fmt: skip
    await app.handle(Order(publish, STEWARD, AT))

    async def make(number: int) -> None:
        stream = case_of(number)
        subject = Subject(identifier=f"91371500MA{number:08}", name="比对企业")
        submit = SubmitApplication(case_no=f"2026-{number:07}", opened_on=date(2026, 3, 2), item=ITEM, subject=subject)
        for command in (
            submit,
            ReceiveMaterial(case_id=stream, receipt_no="r"),
            AcceptApplication(case_id=stream, document_no="d"),
            AssignCase(case_id=stream, examiner="examiner-0"),
        ):
            await app.handle(Order(command, ACCEPTOR, AT))
        for step in range(FACTS - 4):
            await app.handle(Order(_reassign(stream, step), ACCEPTOR, AT))

    await asyncio.gather(*(make(number) for number in numbers))
    await _closed(app, commits)


def _reassign(stream: UUID, step: int) -> ReassignCase:
    return ReassignCase(case_id=stream, examiner=f"examiner-{step % 7}", reason=REASON)


async def _ours(url: str, callers: int, commands: int, *, warm: bool) -> Sample:
    app, commits = await _opened(url)
    streams = [case_of(number) for number in (range(callers) if warm else range(CASES, 2 * CASES))]
    if warm:
        await asyncio.gather(*(app.handle(Order(_reassign(s, 0), ACCEPTOR, AT)) for s in streams))
    waited: list[float] = []
    queue = iter(range(commands))

    async def caller(number: int) -> None:
        for step in queue:
            begun = time.perf_counter()
            await app.handle(Order(_reassign(streams[number if warm else step], step), ACCEPTOR, AT))
            waited.append(time.perf_counter() - begun)

    watch = Stopwatch()
    await asyncio.gather(*(caller(number) for number in range(callers)))
    sample = watch.sample(commands, waited)
    await _closed(app, commits)
    return sample
