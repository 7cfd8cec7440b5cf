"""Rebuilding: folded anew beside the live tables, swapped in, and no reader notices."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from test_folding import PATIENCE, CountSteps, counted, counting, position, report, running, until
from world import World

from infra.event_store.mapper import decode
from infra.postgres import APP_ROLE, connect
from projections import PROJECTIONS, case_register
from projections.view import AlreadyRebuilding, UnknownProjection, create_tables
from projections.view.rebuilding import _Shadow

__all__ = ["counting"]


def test_rebuilt_rows_equal_those_that_were_folded_as_facts_came(counting: World) -> None:
    for start in range(0, 60, 7):
        report(counting, 7, start=start)
        counting.runner(batch=3).run_once()
    runner = counting.runner()
    before = counting.rows_of(PROJECTIONS)
    for projection in PROJECTIONS:
        done = runner.rebuild(projection.NAME)
        assert done["swapped"]
        assert done["position"] == counting.positions[-1]
    assert counting.rows_of(PROJECTIONS) == before


def test_a_rebuild_tells_how_far_it_is(counting: World) -> None:
    report(counting, 20)
    told: list[tuple[int, int]] = []
    counting.runner([CountSteps], batch=5).rebuild("count_steps", progress=lambda at, head: told.append((at, head)))
    assert told[-1] == (counting.positions[-1],) * 2
    assert [at for at, _ in told] == sorted(at for at, _ in told)
    assert len(told) > 3


def test_a_dry_run_only_counts(counting: World) -> None:
    report(counting, 5)
    runner = counting.runner([CountSteps])
    assert runner.rebuild("count_steps", dry_run=True) == {
        "name": "count_steps", "version": 1, "events": 5, "position": counting.positions[-1], "swapped": False,
    }  # fmt: skip
    assert position(counting) == 0


def test_a_rebuild_mends_rows_that_were_spoiled(counting: World) -> None:
    report(counting, 6)
    runner = counting.runner([CountSteps])
    runner.run_once()
    with psycopg.connect(counting.url, autocommit=True) as connection:
        connection.execute("UPDATE projections.count_steps SET steps = 99")
    assert runner.compare("count_steps")["differing"] > 0
    runner.rebuild("count_steps")
    assert sum(counted(counting).values()) == 6
    assert runner.compare("count_steps")["differing"] == 0


@contextmanager
def beside(*works: Callable[[], object]) -> Iterator[list[Exception]]:
    """Do each work again and again in a thread of its own; yields what went wrong in any of them."""
    stop, wrong = threading.Event(), list[Exception]()

    def again(work: Callable[[], object]) -> None:
        while not stop.is_set():
            try:
                work()
            except Exception as e:
                wrong.append(e)
                return

    threads = [threading.Thread(target=again, args=(work,), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield wrong
    finally:
        stop.set()
        for thread in threads:
            thread.join(PATIENCE)


def test_no_read_fails_and_nothing_is_lost_or_goes_back_while_tables_are_swapped_again_and_again(
    counting: World,
) -> None:
    report(counting, 40)
    runner, rebuilder = counting.runner(batch=10), counting.runner(batch=10)
    numbers, seen = itertools.count(1000), list[int]()

    def read() -> None:
        last = 0
        for _ in range(10):
            position = counting.read.position("case_register")
            events = case_register.source_counts(counting.read, "source-1").events
            assert events >= last, "a reader saw fewer facts than before"
            assert position >= counting.positions[39]
            assert len(case_register.find(counting.read, limit=500).rows) == 3
            last = events
            seen.append(events)

    def write() -> None:
        report(counting, 1, start=next(numbers))

    with running(runner):
        until(lambda: position(counting, "case_register") == counting.positions[-1])
        with beside(read, read, read, write) as wrong:
            for _ in range(8):
                rebuilder.rebuild("case_register")
        until(lambda: position(counting, "case_register") == counting.positions[-1])
    assert wrong == []
    assert len(seen) > 40
    assert case_register.source_counts(counting.read, "source-1").events == 40 + next(numbers) - 1000
    assert runner.compare("case_register")["differing"] == 0


def test_a_reader_that_holds_the_table_makes_the_swap_wait_not_fail(counting: World) -> None:
    report(counting, 3)
    runner = counting.runner([CountSteps])
    runner.run_once()
    with psycopg.connect(counting.url) as holder:
        holder.execute("SELECT * FROM projections.count_steps")
        thread = threading.Thread(target=runner.rebuild, args=("count_steps",))
        thread.start()
        thread.join(1.0)
        assert thread.is_alive()
        # Others read on although a swap waits: it steps back before it would hold them up for long.
        assert sum(counted(counting).values()) == 3
    thread.join(20)
    assert not thread.is_alive()
    assert sum(counted(counting).values()) == 3


def test_a_rebuild_that_dies_leaves_the_live_tables_and_the_next_one_begins_afresh(
    counting: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(counting, 10)
    runner = counting.runner([CountSteps], batch=4)
    runner.run_once()
    before = counted(counting)
    with monkeypatch.context() as patch:
        patch.setattr(_Shadow, "__exit__", lambda *_: None)
        patch.setattr("projections.view.rebuilding._swap", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            runner.rebuild("count_steps")
    assert counted(counting) == before
    assert runner.rebuild("count_steps")["swapped"]
    assert counted(counting) == before


def test_only_one_rebuilds_at_a_time(counting: World) -> None:
    runner = counting.runner([CountSteps])
    with (
        psycopg.connect(counting.url, autocommit=True) as other,
        _Shadow(other, CountSteps, decode, 100, None),
        pytest.raises(AlreadyRebuilding),
    ):
        runner.rebuild("count_steps")
    assert counting.runner([CountSteps]).rebuild("count_steps")["swapped"]


def test_a_raised_version_is_not_folded_into_old_tables_but_asks_for_a_rebuild(
    counting: World, owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(counting, 4)
    counting.runner([CountSteps]).run_once()
    monkeypatch.setattr(CountSteps, "VERSION", 2)
    report(counting, 2, start=4)
    runner = counting.runner([CountSteps])
    runner.run_once()
    assert sum(counted(counting).values()) == 4
    status = runner.status()[0]
    assert (status.state, status.version) == ("outdated", 1)
    assert "project rebuild count_steps" in status.error
    assert runner.outdated() == ["count_steps"]
    with connect(owner_url) as owner:
        assert create_tables(owner, [CountSteps], APP_ROLE) == [], "what serves readers is not thrown away"
    runner.rebuild("count_steps")
    assert sum(counted(counting).values()) == 6
    assert runner.status()[0].state == "stopped"
    assert runner.outdated() == []
    report(counting, 1, start=6)
    runner.run_once()
    assert sum(counted(counting).values()) == 7


def test_an_unknown_name_is_answered_with_the_known_ones(counting: World) -> None:
    with pytest.raises(UnknownProjection) as refused:
        counting.runner([CountSteps]).rebuild("nothing")
    assert "count_steps" in refused.value.told("en")


def test_tables_are_made_once_and_belong_to_the_application(owner_url: str) -> None:
    with connect(owner_url) as owner:
        assert create_tables(owner, PROJECTIONS, APP_ROLE) == []
        assert create_tables(owner, (*PROJECTIONS, CountSteps), APP_ROLE, dry_run=True) == ["projections.count_steps"]
        assert owner.execute("SELECT to_regclass('projections.count_steps')").fetchone() == (None,)
        owners = owner.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'projections'").fetchall()
    assert owners == [(APP_ROLE,)]
