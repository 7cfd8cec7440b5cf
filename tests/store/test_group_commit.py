"""合并提交: many callers, one commit; each is answered when its facts are durable, and fails alone."""

import asyncio
import random
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, OperationalError
from lossy_wire import lossy_wire
from sample_facts import loaded, row

from domain.kernel.identity import stream_id
from domain.store import AlreadyTracked, RequestRepeated, StoredRequest, Tracking, Unit, VersionConflict
from infra.event_store.factory import open_recorder
from infra.event_store.group_commit import GroupCommit, StoreClosed
from infra.event_store.recorder import EventRecorder
from infra.event_store.wire import Unstorable

LOCK = 7310042614


@pytest.fixture
def owner(owner_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(owner_url, autocommit=True) as connection:
        yield connection


async def together(commits: GroupCommit, owner: psycopg.Connection[Any], *units: Unit) -> list[Any]:
    """Commit the units while the store's lock is held, so that all but the first share one commit."""
    owner.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
    first = asyncio.create_task(commits.commit(Unit([row("first", 1)])))
    await waits_for_lock(owner)
    tasks = [first, *(asyncio.create_task(commits.commit(unit)) for unit in units)]
    await asyncio.sleep(0)
    owner.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))
    return (await asyncio.gather(*tasks, return_exceptions=True))[1:]


async def waits_for_lock(owner: psycopg.Connection[Any]) -> int:
    query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'"
    while not (found := owner.execute(query).fetchone()):
        await asyncio.sleep(0.005)
    return int(found[0])


def transactions(owner: psycopg.Connection[Any]) -> int:
    found = owner.execute("SELECT count(DISTINCT xmin::text) FROM approval_events").fetchone()
    assert found
    return int(found[0])


async def test_callers_that_wait_share_one_commit_in_their_order_of_arrival(
    commits: GroupCommit, owner: psycopg.Connection[Any]
) -> None:
    answers = await together(commits, owner, *(Unit([row(case, 1), row(case, 2)]) for case in range(10)))
    assert answers == [[2 + 2 * case, 3 + 2 * case] for case in range(10)]
    assert transactions(owner) == 2, "the first alone, the ten together"


async def test_a_caller_is_answered_only_when_another_connection_sees_its_facts(
    commits: GroupCommit, owner: psycopg.Connection[Any]
) -> None:
    async def store(case: int) -> None:
        for version in range(1, 6):
            positions = await commits.commit(Unit([row(case, version)], [StoredRequest(f"{case}/{version}", "f", b"")]))
            seen = owner.execute(
                "SELECT r.position FROM approval_events e JOIN approval_requests r ON r.position = e.notification_id"
                " WHERE e.notification_id = ANY(%s)",
                (positions,),
            ).fetchall()
            assert seen == [(positions[0],)]

    await asyncio.gather(*(store(case) for case in range(40)))


async def test_a_stale_unit_fails_alone(commits: GroupCommit, owner: psycopg.Connection[Any]) -> None:
    await commits.commit(Unit([row(3, 1)]))
    answers = await together(commits, owner, *(Unit([row(case, 1)]) for case in range(8)))
    assert isinstance(answers.pop(3), VersionConflict)
    assert all(isinstance(answer, list) for answer in answers)
    assert transactions(owner) == 3, "one look-up and one resend, never member by member"


async def test_of_two_units_that_want_the_same_version_the_earlier_wins(
    commits: GroupCommit, owner: psycopg.Connection[Any]
) -> None:
    answers = await together(commits, owner, Unit([row(1, 1, b"a")]), Unit([row(1, 1, b"b")]), Unit([row(2, 1)]))
    assert [type(answer) for answer in answers] == [list, VersionConflict, list]
    stream = stream_id("case", 2026, 1)
    assert (await commits.load([stream]))[stream] == [loaded(1, 1, b"a")]


async def test_the_same_request_sent_twice_at_once_is_stored_once(
    commits: GroupCommit, owner: psycopg.Connection[Any]
) -> None:
    request = StoredRequest("r-1", "f", b"done")
    answers = await together(commits, owner, Unit([row(1, 1)], [request]), Unit([row(2, 1)], [request]))
    assert [type(answer) for answer in answers] == [list, RequestRepeated]
    assert await commits.find_requests(["r-1", "r-2"]) == {"r-1": StoredRequest("r-1", "f", b"done", answers[0][-1])}
    assert await commits.load([stream_id("case", 2026, 2)]) == {}


async def test_a_message_taken_in_twice_is_stored_once(commits: GroupCommit, owner: psycopg.Connection[Any]) -> None:
    answers = await together(
        commits, owner,
        Unit([row(1, 1)], tracking=[Tracking("intake-0", 5)]),
        Unit([row(2, 1)], tracking=[Tracking("intake-0", 5)]),
        Unit([row(3, 1)], tracking=[Tracking("intake-0", 6)]),
        Unit([row(4, 1)], tracking=[Tracking("intake-1", 5)]),
    )  # fmt: skip
    assert [type(answer) for answer in answers] == [list, AlreadyTracked, list, list]
    assert commits.recorder.position("intake-0") == 6


async def test_a_value_that_cannot_be_stored_fails_only_its_caller(
    commits: GroupCommit, owner: psycopg.Connection[Any]
) -> None:
    bad = Unit([row(2, 1)], [StoredRequest("nul \0 here", "f", b"")])
    answers = await together(commits, owner, Unit([row(1, 1)]), bad, Unit([row(3, 1)]))
    assert [type(answer) for answer in answers] == [list, Unstorable, list]


async def test_a_caller_that_gave_up_is_left_out_and_nobody_waits_for_it(
    commits: GroupCommit, owner: psycopg.Connection[Any]
) -> None:
    owner.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
    tasks = [asyncio.create_task(commits.commit(Unit([row(case, 1)]))) for case in range(40)]
    await waits_for_lock(owner)
    for task in tasks[-18:]:
        task.cancel()
    await asyncio.sleep(0)
    owner.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))
    await asyncio.gather(*tasks, return_exceptions=True)
    assert commits.recorder.head() == 22


async def test_a_group_holds_no_more_facts_than_it_may(recorder: EventRecorder, owner: psycopg.Connection[Any]) -> None:
    commits = GroupCommit(recorder, largest=6)
    units = [Unit([row(case, version) for version in range(1, 4)]) for case in range(5)]
    large = Unit([row("large", version) for version in range(1, 21)])
    answers = await together(commits, owner, *units, large)
    assert [len(answer) for answer in answers] == [3, 3, 3, 3, 3, 20]
    assert transactions(owner) == 5
    await commits.aclose()


async def test_a_commit_whose_connection_dies_is_stored_exactly_once(
    commits: GroupCommit, owner: psycopg.Connection[Any]
) -> None:
    owner.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
    tasks = [asyncio.create_task(commits.commit(Unit([row(case, 1)]))) for case in range(12)]
    owner.execute("SELECT pg_terminate_backend(%s)", (await waits_for_lock(owner),))
    owner.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))
    answers = await asyncio.gather(*tasks)
    assert sorted(position for answer in answers for position in answer) == [
        entry.id for entry in commits.recorder.read(0, 100).entries
    ]
    assert len(commits.recorder.read(0, 100).entries) == 12


async def test_an_answer_that_is_lost_after_the_commit_is_found_in_the_store(store_url: str) -> None:
    """Sent again blindly, the units would be told that somebody else took their versions."""
    with lossy_wire(store_url) as (wire, url):
        recorder = await asyncio.to_thread(open_recorder, url)
        commits = GroupCommit(recorder)
        await commits.commit(Unit([row("before", 1)]))
        wire.lose_next(b"append")
        units = [Unit([row(case, 1), row(case, 2)], [StoredRequest(f"r-{case}", "f", b"")]) for case in range(3)]
        answers = await asyncio.gather(*(commits.commit(unit) for unit in units))
        assert wire.lost == 1
        assert answers == [[2, 3], [4, 5], [6, 7]]
        wire.lose_next(b"approval_append")
        assert await asyncio.to_thread(recorder.insert_events, [row("alone", 1)]) == [8]
        assert wire.lost == 2
        assert recorder.head() == 8
        await commits.aclose()
        recorder.datastore.close()


@pytest.mark.parametrize("seed", [1, 2])
async def test_connections_that_die_at_any_moment_lose_and_double_nothing(
    seed: int, commits: GroupCommit, owner: psycopg.Connection[Any]
) -> None:
    chance = random.Random(seed)
    query = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND query LIKE '%%approval_append%%'"
    )
    running = True

    async def kill() -> None:
        while running:
            await asyncio.sleep(chance.random() / 30)
            owner.execute(query)

    async def store(case: int) -> list[int]:
        return [p for version in range(1, 31) for p in await commits.commit(Unit([row(case, version)]))]

    killer = asyncio.create_task(kill())
    try:
        answers = await asyncio.gather(*(store(case) for case in range(20)))
    finally:
        running = False
        await killer
    entries = commits.recorder.read(0, 10_000).entries
    assert sorted(p for answer in answers for p in answer) == [entry.id for entry in entries]
    assert len(entries) == 600


async def test_a_server_that_went_away_is_said_and_nothing_is_stored(recorder: EventRecorder, owner_url: str) -> None:
    commits = GroupCommit(recorder)
    await commits.commit(Unit([row(1, 1)]))
    with psycopg.connect(owner_url.rpartition("/")[0] + "/postgres", autocommit=True) as server:
        name = owner_url.rpartition("/")[2]
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")  # type: ignore[arg-type]
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        recorder.datastore.pool.timeout = 0.5
        with pytest.raises(OperationalError):
            await commits.commit(Unit([row(2, 1)]))
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")  # type: ignore[arg-type]
    assert await commits.commit(Unit([row(3, 1)])), "it heals by itself"
    assert await commits.load([stream_id("case", 2026, 2)]) == {}
    await commits.aclose()


async def test_closing_answers_whoever_waits_and_refuses_whoever_comes_later(recorder: EventRecorder) -> None:
    commits = GroupCommit(recorder)
    tasks = [asyncio.create_task(commits.commit(Unit([row(case, 1)]))) for case in range(50)]
    await asyncio.sleep(0)
    await commits.aclose()
    assert all(task.done() for task in tasks)
    assert sorted(await asyncio.gather(*tasks)) == [[n] for n in range(1, 51)]
    with pytest.raises(StoreClosed):
        await commits.commit(Unit([row(99, 1)]))


async def test_loads_that_arrive_together_get_each_their_own_streams(commits: GroupCommit) -> None:
    await commits.commit(Unit([row(case, version) for case in range(20) for version in (1, 2, 3)]))
    streams = [stream_id("case", 2026, case) for case in range(21)]
    found = await asyncio.gather(*(commits.load([streams[c], streams[20]], {streams[c]: c % 4}) for c in range(20)))
    for case, answer in enumerate(found):
        expected = [loaded(case, version) for version in (1, 2, 3) if version > case % 4]
        assert answer == ({streams[case]: expected} if expected else {})


async def test_writers_of_every_kind_race_and_each_version_is_won_once(
    commits: GroupCommit, recorder: EventRecorder
) -> None:
    other = GroupCommit(recorder)

    async def race(way: Any, mark: bytes) -> int:
        won = 0
        for version in range(1, 41):
            unit = Unit([row("contested", version, mark)], [StoredRequest(f"{mark!r}{version}", "f", b"")])
            try:
                await way(unit)
                won += 1
            except IntegrityError:
                pass
        return won

    def one_by_one(unit: Unit) -> Any:
        return asyncio.to_thread(recorder.insert_events, unit.events, requests=unit.requests)

    won = await asyncio.gather(race(commits.commit, b"a"), race(other.commit, b"b"), race(one_by_one, b"c"))
    await other.aclose()
    stream = stream_id("case", 2026, "contested")
    assert sum(won) == 40 == len(recorder.load([stream])[stream])
