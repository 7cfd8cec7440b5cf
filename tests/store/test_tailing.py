"""次序: ids follow the order of commits, so whoever tails the log skips nothing."""

import asyncio
import multiprocessing
from multiprocessing.queues import Queue
from threading import Thread

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError
from sample_facts import row

from domain.store import Unit
from infra.event_store.factory import datastore, open_recorder
from infra.event_store.group_commit import GroupCommit
from infra.event_store.recorder import EventRecorder

FACTS = 50_000
WRITERS = 4
CALLERS = 12


def write(url: str, writer: int, facts: int, told: "Queue[int]") -> None:
    """One service process: asyncio callers that share commits, and a thread that commits by itself; some lose races."""
    recorder = open_recorder(url)

    def alone() -> None:
        for version in range(1, facts // 10 + 1):
            recorder.insert_events([row(f"{writer}/alone", version)])

    async def together() -> int:
        commits = GroupCommit(recorder)
        stored = 0

        async def caller(number: int) -> None:
            nonlocal stored
            version = 0
            for turn in range(facts * 9 // 10 // CALLERS // 3):
                size = turn % 5 + 1
                unit = Unit([row(f"{writer}/{number}", version + n) for n in range(1, size + 1)])
                if turn % 50 == 49:
                    unit.events.append(unit.events[0])  # a commit that is rolled back leaves a hole among the ids
                try:
                    ids = await commits.commit(unit)
                    stored += len(ids)
                    version += size
                except IntegrityError:
                    pass

        await asyncio.gather(*(caller(number) for number in range(CALLERS)))
        await commits.aclose()
        return stored

    thread = Thread(target=alone)
    thread.start()
    stored = asyncio.run(together())
    thread.join()
    recorder.datastore.close()
    told.put(stored + facts // 10)


def test_a_tailing_reader_skips_nothing_while_several_processes_commit(recorder: EventRecorder, store_url: str) -> None:
    context = multiprocessing.get_context("spawn")
    told: Queue[int] = context.Queue()
    share = FACTS * 11 // 10 // WRITERS
    writers = [context.Process(target=write, args=(store_url, n, share, told)) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    seen: list[int] = []
    filtered: list[int] = []
    position = filtered_position = 0
    while True:
        running = any(writer.is_alive() for writer in writers)
        page = recorder.read(position, 500)
        seen += [entry.id for entry in page.entries]
        position = page.end
        filtered_page = recorder.read(filtered_position, 500, ["test.step"])
        filtered += [entry.id for entry in filtered_page.entries]
        filtered_position = filtered_page.end
        if not (running or page.entries or filtered_page.entries):
            break
    stored = sum(told.get(timeout=10) for _ in writers)
    with recorder.datastore.get_connection() as connection:
        rows = connection.execute("SELECT notification_id AS id FROM approval_events ORDER BY 1").fetchall()
    assert len(rows) == stored >= FACTS
    assert seen == [found["id"] for found in rows]
    assert filtered == seen
    assert seen[-1] > len(seen), "holes were planted among the ids"


def test_an_append_does_not_wait_for_a_vacuum(owner_url: str, store_url: str) -> None:
    """The library's lock and a vacuum exclude each other: every writer froze while one ran, and it never finished."""
    with psycopg.connect(owner_url) as owner:
        for table in ("approval_events", "approval_events_2026"):
            owner.execute(f"LOCK TABLE {table} IN SHARE UPDATE EXCLUSIVE MODE".encode())  # what VACUUM holds
        waiting = datastore(f"{store_url}%20-c%20lock_timeout%3D5000")
        assert EventRecorder(waiting).insert_events([row(1, 1)]) == [1]
        waiting.close()
        with psycopg.connect(owner_url) as other, pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute("LOCK TABLE approval_events IN EXCLUSIVE MODE NOWAIT")
