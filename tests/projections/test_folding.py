"""Folding: what is recorded reaches each projection once, whatever fails meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import psycopg
import pytest
from world import World

from domain.approval_case import facts as f
from domain.approval_case.commands import ReportStep
from domain.approval_case.words import Means
from domain.kernel.identity import stream_id
from infra.event_store.mapper import decode
from infra.postgres import APP_ROLE, connect
from projections import PROJECTIONS, case_register
from projections.view import Projection, ProjectionRunner, ProjectionsNotCreated, Table, create_tables, folding
from tests.specification import BUREAU, MONDAY, SOURCE

PATIENCE = 20.0


@dataclass(slots=True)
class StepCount:
    case_id: UUID
    steps: int
    last_position: int


class CountSteps(Projection):
    """How many steps were reported of each case."""

    NAME = "count_steps"
    counts = Table("count_steps", StepCount, key=("case_id",))

    def reported(self, fact: f.StepReported) -> None:
        row = self.counts.get(fact.originator_id) or self.counts.put(StepCount(fact.originator_id, 0, 0))
        row.steps, row.last_position = row.steps + 1, self.position


class StumblesAtForbidden(CountSteps):
    """The same, and it stumbles over one activity until it is mended."""

    NAME = "stumbles"
    counts = Table("stumbles", StepCount, key=("case_id",))
    mended = False

    def reported(self, fact: f.StepReported) -> None:
        super().reported(fact)
        if fact.activity == "forbidden" and not type(self).mended:
            raise ValueError("this activity is not understood")


@pytest.fixture(autouse=True)
def mend() -> Iterator[None]:
    StumblesAtForbidden.mended = False
    yield
    StumblesAtForbidden.mended = False


@pytest.fixture
def counting(world: World, owner_url: str) -> World:
    with connect(owner_url) as owner:
        create_tables(owner, (CountSteps, StumblesAtForbidden), APP_ROLE)
    return world


def a_step(number: int, *, case: int = 1, activity: str = "look", **more: object) -> ReportStep:
    told: dict[str, object] = {
        "source": SOURCE.id, "source_event_id": str(number), "case_no": f"N-{case}", "opened_on": MONDAY.date(),
        "organ": BUREAU.code, "activity": activity, "occurred_at": MONDAY - timedelta(hours=1),
    }  # fmt: skip
    return ReportStep.model_validate(told | more)


def report(world: World, count: int, *, cases: int = 3, start: int = 0) -> None:
    for number in range(start, start + count):
        world.do(a_step(number, case=number % cases), by=SOURCE)


def counted(world: World) -> dict[str, int]:
    with psycopg.connect(world.url) as connection:
        rows = connection.execute("SELECT case_id::text, steps FROM projections.count_steps").fetchall()
    return dict(rows)


def position(world: World, name: str = "count_steps") -> int:
    return world.read.position(name)


def until(said: Callable[[], bool]) -> None:
    """Wait for something that another thread does; give up loudly."""
    ends = time.monotonic() + PATIENCE
    while not said():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.01)


@contextmanager
def running(runner: ProjectionRunner) -> Iterator[threading.Thread]:
    stop = threading.Event()
    thread = threading.Thread(target=runner.run, args=(stop,))
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_every_recorded_fact_is_folded_once(counting: World) -> None:
    report(counting, 30)
    runner = counting.runner([CountSteps], batch=7)
    runner.run_once()
    assert list(counted(counting).values()) == [10, 10, 10]
    assert position(counting) == counting.positions[-1]
    assert runner.run_once() == 0
    assert list(counted(counting).values()) == [10, 10, 10]


def test_the_position_passes_over_facts_that_nobody_asked_for(counting: World) -> None:
    report(counting, 1)
    counting.record(f.CaseConcluded(), stream=stream_id("case", 2026, "x"))
    counting.runner([CountSteps]).run_once()
    assert position(counting) == counting.positions[-1]
    assert counting.read.wait_for("count_steps", counting.positions[-1], timeout=0)


def test_a_reader_that_waits_for_a_later_position_is_told_that_it_did_not_come(counting: World) -> None:
    assert not counting.read.wait_for("count_steps", 1, timeout=0.01)


@pytest.mark.parametrize("batch", [1, 2, 5000])
def test_the_size_of_a_batch_changes_no_row(counting: World, batch: int) -> None:
    report(counting, 24)
    counting.folded(batch=batch)


def test_a_crash_in_the_middle_of_a_batch_leaves_rows_and_position_as_they_were(
    counting: World, owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(counting, 5)
    runner = ProjectionRunner(owner_url, [CountSteps], decode)
    runner.run_once()
    before = counted(counting), position(counting)
    report(counting, 5, start=5)
    with monkeypatch.context() as patch:
        # The connection dies after the rows were written, at the moment at which the position would be.
        patch.setattr(folding, "_MOVE", b"SELECT pg_terminate_backend(pg_backend_pid()), %s::bigint, %s::text")
        with pytest.raises(psycopg.OperationalError):
            runner.run_once()
    assert (counted(counting), position(counting)) == before
    runner.run_once()
    assert sum(counted(counting).values()) == 10


def test_a_handler_that_dies_leaves_rows_and_position_as_they_were(
    counting: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(counting, 5)
    runner = counting.runner([CountSteps])
    runner.run_once()
    before = counted(counting), position(counting)
    report(counting, 5, start=5)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("projections.view.table.Rows.write", dies)
        with pytest.raises(KeyboardInterrupt):
            runner.run_once()
    assert (counted(counting), position(counting)) == before
    runner.run_once()
    assert sum(counted(counting).values()) == 10


def test_two_who_fold_the_same_batch_at_once_count_it_once(counting: World) -> None:
    report(counting, 6)
    first, second = (psycopg.connect(counting.url, autocommit=True) for _ in range(2))
    with first, second:
        one, other = CountSteps(), CountSteps()
        batch = folding.read_batch(first, 0, counting.positions[-1], 5000, one.topics, decode)
        folding.commit(first, one, folding.facts_for(one, batch, 0), 0, batch.upto)
        with pytest.raises(folding.MovedOn):
            folding.commit(second, other, folding.facts_for(other, batch, 0), 0, batch.upto)
    assert sum(counted(counting).values()) == 6


def test_a_second_runner_waits_and_takes_over_when_the_first_ends(counting: World) -> None:
    first, second = counting.runner([CountSteps]), counting.runner([CountSteps])
    with running(second):
        until(lambda: counting.runner([CountSteps]).status()[0].state == "running")
        report(counting, 3)
        assert first.run_once() == 0, "the turn was not had, so nothing was folded here"
        until(lambda: position(counting) == counting.positions[-1])
    report(counting, 3, start=3)
    first.run_once()
    assert sum(counted(counting).values()) == 6


def test_a_projection_that_fails_stops_alone_right_before_the_fact_and_goes_on_once_mended(counting: World) -> None:
    report(counting, 4)
    counting.do(a_step(100, activity="forbidden"), by=SOURCE)
    forbidden = counting.positions[-1]
    report(counting, 4, start=4)
    runner = counting.runner([CountSteps, StumblesAtForbidden])
    runner.run_once()

    fine, failed = runner.status()
    assert (fine.state, fine.lag) == ("running" if fine.state == "running" else "stopped", 0)
    assert failed.state == "failed"
    assert failed.position == forbidden - 1 or failed.position < forbidden
    assert "停在位置" in failed.error
    assert "Stopped at position" in failed.error
    assert "this activity is not understood" in failed.error
    assert sum(counted(counting).values()) == 9

    StumblesAtForbidden.mended = True
    runner.run_once()
    assert [s.error for s in runner.status()] == ["", ""]
    assert runner.compare("stumbles")["differing"] == 0
    assert position(counting, "stumbles") == counting.positions[-1]


def test_a_failing_projection_goes_on_by_itself_while_the_runner_runs(counting: World) -> None:
    counting.do(a_step(1, activity="forbidden"), by=SOURCE)
    runner = counting.runner([StumblesAtForbidden])
    with running(runner):
        until(lambda: runner.status()[0].state == "failed")
        StumblesAtForbidden.mended = True
        until(lambda: position(counting, "stumbles") == counting.positions[-1])
        assert runner.status()[0].state == "running"


def test_a_fact_that_cannot_be_read_stops_only_those_that_handle_it(counting: World, owner_url: str) -> None:
    report(counting, 2)
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute(
            "INSERT INTO approval_events (originator_id, originator_version, topic, state)"
            " VALUES (gen_random_uuid(), 1, 'case.step_reported', '{}'), (gen_random_uuid(), 1, 'from.tomorrow', '{}')"
        )
    runner = counting.runner([CountSteps, next(p for p in PROJECTIONS if p.NAME == "catalogue")])
    runner.run_once()
    counting_steps, catalogue = runner.status()
    assert counting_steps.state == "failed"
    assert "case.step_reported" in counting_steps.error
    assert (catalogue.state, catalogue.lag) == ("stopped", 0)
    assert sum(counted(counting).values()) == 2


def test_text_that_the_database_cannot_hold_does_not_stop_anything(counting: World) -> None:
    told = {"item_name": "食品\x00许可 \\u0000", "activity": "a\x00b", "case_attributes": {"\x00": "\x00"}}
    counting.do(a_step(1, **told), by=SOURCE)
    counting.folded()
    (found,) = case_register.cases_numbered(counting.read, "N-1")
    assert found.item_name == "食品\ufffd许可 \\u0000"


def test_a_runner_survives_the_death_of_all_its_connections(counting: World, owner_url: str) -> None:
    report(counting, 3)
    runner = counting.runner([CountSteps])
    with running(runner) as thread, psycopg.connect(owner_url, autocommit=True) as owner:
        until(lambda: sum(counted(counting).values()) == 3)
        for round_ in range(1, 3):
            killed = owner.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND"
                " (query LIKE 'LISTEN%' OR application_name = 'shuangtui projections')"
            ).fetchone()
            assert killed is not None
            assert killed[0] >= 2
            report(counting, 3, start=3 * round_)
            until(lambda expected=3 * round_ + 3: sum(counted(counting).values()) == expected)  # type: ignore[misc]
        assert thread.is_alive()


def test_nothing_is_folded_before_the_tables_are_there(postgres_url: str, prepared: str, owner_url: str) -> None:
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute("DROP SCHEMA projections CASCADE")
    with pytest.raises(ProjectionsNotCreated, match="shuangtui migrate"):
        ProjectionRunner(owner_url, PROJECTIONS, decode).run_once()


def test_a_reported_history_older_than_any_rule_or_calendar_stops_nothing(world: World) -> None:
    long_ago = MONDAY.replace(year=1998)
    for number, means in enumerate(Means, 1):
        told = {"means": means, "occurred_at": long_ago, "opened_on": date(1998, 3, 2), "historical": True}
        world.do(a_step(number, officer="kept", **told), by=SOURCE)
    world.folded()
