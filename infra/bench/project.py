"""Projecting into a register with one row per case, facts per second; rows and position commit together in all of
them. Library: ProjectionRunner over a tracking-recorder view, one transaction per event, as documented; counted from
its first to its last event. Ours: the runner of the product with 1,000 and 5,000 facts a transaction. 2,000 cases
interleaved, the worst case for folding. Ceiling: a mirror of the rows inside the database, nothing folded."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from eventsourcing.dispatch import singledispatchmethod
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection as StockProjection
from eventsourcing.projection import ProjectionRunner as StockRunner
from psycopg.sql import SQL

from domain.approval_case.facts import CaseReassigned
from domain.kernel.identity import stream_id
from infra.bench.append import OFFICER
from infra.bench.ground import Ground, Sample, Stopwatch, compare
from infra.bench.stock import REASON, StockCase, StockCases, reassign, stock_app, stock_environment
from infra.event_store.factory import open_recorder
from infra.event_store.mapper import decode, stored
from infra.postgres import APP_ROLE, connect
from projections.view import Projection, Table
from projections.view.runner import ProjectionRunner
from projections.view.tables import create_tables

AT = datetime(2026, 3, 2, 1, 2, 3, 4, UTC)
CASES = 2_000
OURS, THEIRS = 40_000, 2_000


@dataclass(slots=True)
class BenchRow:
    case_id: UUID
    organ: str
    examiner: str
    reassigned: int
    position: int
    changed_at: datetime


class BenchRegister(Projection):
    """比对用登记表。"""

    NAME = "bench_register"
    ZH = "比对用登记表"

    rows = Table("bench_register", BenchRow, key=("case_id",))

    def reassigned(self, event: CaseReassigned) -> None:
        row = self.rows.get(event.originator_id)
        if row is None:
            organ = event.actor.organ
            row = self.rows.put(BenchRow(event.originator_id, organ, event.examiner, 0, 0, event.recorded_at))
        row.examiner, row.position, row.changed_at = event.examiner, self.position, event.recorded_at
        row.reassigned += 1


class StockRegister(PostgresTrackingRecorder):
    """The same register as the library's documentation writes it."""

    def __init__(self, datastore: PostgresDatastore, **kwargs: Any) -> None:
        super().__init__(datastore, **kwargs)
        self.sql_create_statements.append(
            SQL(
                "CREATE TABLE IF NOT EXISTS public.stock_register (case_id uuid PRIMARY KEY, organ text,"
                " examiner text, reassigned bigint, position bigint, changed_at timestamptz)"
            ).format()
        )

    def upsert(self, event: Any, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(
                "INSERT INTO stock_register AS r VALUES (%s, 'lc-bureau', %s, 1, %s, %s) ON CONFLICT (case_id)"
                " DO UPDATE SET examiner = excluded.examiner, reassigned = r.reassigned + 1,"
                " position = excluded.position, changed_at = excluded.changed_at",
                (event.originator_id, event.examiner, tracking.notification_id, event.timestamp),
                prepare=True,
            )


class StockRegistering(StockProjection[StockRegister]):
    name = "stock_register"

    first = last = 0.0

    @singledispatchmethod
    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        self.view.insert_tracking(tracking)

    @process_event.register
    def _(self, domain_event: StockCase.Reassigned, tracking: Tracking) -> None:  # type: ignore[name-defined]
        type(self).first = self.first or time.perf_counter()
        self.view.upsert(domain_event, tracking)
        type(self).last = time.perf_counter()


def measure(ground: Ground) -> dict[str, Any]:
    with ground.store() as (owner_url, app_url):
        ground.said(f"storing {OURS} facts of {CASES} cases")
        head = _fill(app_url)
        with connect(owner_url) as connection:
            create_tables(connection, [BenchRegister], APP_ROLE)
        library = stock_app(owner_url)
        cases = [StockCase(f"2026-{number:07}", "lc-bureau", "officer-1", AT) for number in range(CASES)]
        library.save(*cases)
        begin = library.recorder.max_notification_id() or 0
        for case in cases[:THEIRS]:
            reassign(case, 0, AT)
        library.save(*cases)
        library.close()
        variants: dict[str, Callable[[], Sample]] = {
            "library, ProjectionRunner": lambda: _library(owner_url, begin),
            "ours, 1,000 a transaction": lambda: _ours(owner_url, app_url, 1_000, head),
            "ours, 5,000 a transaction": lambda: _ours(owner_url, app_url, 5_000, head),
            "ceiling, mirror in the database": lambda: _mirror(owner_url),
        }
        return {"rows": compare(ground, variants, base="library, ProjectionRunner")}


def _fill(url: str) -> int:
    recorder = open_recorder(url)
    streams = [stream_id("bench", 2026, "project", number) for number in range(CASES)]
    for version in range(1, OURS // CASES + 1):
        made = CaseReassigned(examiner=f"examiner-{version % 7}", reason=REASON)
        recorder.insert_events(
            [
                stored(made.stamped(originator_id=s, originator_version=version, occurred_at=AT, recorded_at=AT,
                                    actor=OFFICER, correlation_id=str(s)))
                for s in streams
            ]
        )  # fmt: skip
    head = recorder.head()
    recorder.datastore.close()
    return head


def _library(url: str, begin: int) -> Sample:
    env = stock_environment(url)
    StockRegistering.first = StockRegistering.last = 0.0
    with connect(url) as connection:
        connection.execute("DROP TABLE IF EXISTS stock_register, stock_register_tracking")
    made = StockRegister(_datastore(url), tracking_table_name="stock_register_tracking")
    made.create_table()
    made.insert_tracking(Tracking(StockCases.name, begin))
    made.datastore.close()
    cpu = time.process_time()
    with StockRunner(
        application_class=StockCases, projection_class=StockRegistering, view_class=StockRegister, env=env
    ) as runner:
        runner.wait(begin + THEIRS, timeout=60.0)
    return {
        "per_second": (THEIRS - 1) / (StockRegistering.last - StockRegistering.first),
        "client_cpu_us": (time.process_time() - cpu) / THEIRS * 1e6,
    }


def _datastore(url: str) -> PostgresDatastore:
    env = stock_environment(url)
    return PostgresDatastore(
        env["POSTGRES_DBNAME"], env["POSTGRES_HOST"], env["POSTGRES_PORT"], env["POSTGRES_USER"],
        env["POSTGRES_PASSWORD"],
    )  # fmt: skip


def _ours(owner_url: str, app_url: str, batch: int, head: int) -> Sample:
    with connect(owner_url) as connection:
        connection.execute("TRUNCATE projections.bench_register")
        connection.execute("UPDATE projections.positions SET position = 0 WHERE name = 'bench_register'")
    runner = ProjectionRunner(app_url, [BenchRegister], decode, batch=batch)
    watch = Stopwatch()
    runner.run_once()
    sample = watch.sample(OURS)
    with connect(owner_url) as connection:
        found = connection.execute("SELECT count(*), sum(reassigned), max(position) FROM projections.bench_register")
        assert found.fetchone() == (CASES, OURS, head)
    return sample


def _mirror(url: str) -> Sample:
    with connect(url) as connection:
        connection.execute("DROP TABLE IF EXISTS mirror")
        connection.execute("CREATE TABLE mirror (LIKE approval_events)")
        watch = Stopwatch()
        for after in range(0, OURS, 5_000):
            connection.execute(
                "INSERT INTO mirror SELECT * FROM approval_events WHERE notification_id > %s AND notification_id <= %s",
                (after, after + 5_000),
            )
        return watch.sample(OURS)
