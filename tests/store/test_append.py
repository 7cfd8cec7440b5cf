"""追加: what one append promises, with the library's own recorder as the reference."""

import random
import threading
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from eventsourcing.application import Application
from eventsourcing.persistence import IntegrityError, ProgrammingError
from eventsourcing.postgres import PostgresApplicationRecorder
from sample_facts import StepRecorded, loaded, row

from domain.kernel.identity import stream_id
from domain.store import AlreadyTracked, RequestRepeated, StoredEvent, StoredRequest, Tracking, Unit, VersionConflict
from infra.event_store.factory import NotMigrated, datastore, environment, open_recorder
from infra.event_store.recorder import EventRecorder
from infra.event_store.wire import Unstorable
from infra.postgres import DatabaseUnreachable

ROWS = "SELECT originator_id, originator_version, topic, state, notification_id FROM {} ORDER BY notification_id"


@pytest.fixture
def stock(fresh_database: Callable[..., str]) -> Iterator[PostgresApplicationRecorder]:
    """The unmodified recorder of the library, on tables that it made itself."""
    store = datastore(fresh_database())
    made = PostgresApplicationRecorder(store, events_table_name="approval_events")
    made.create_table()
    yield made
    store.close()


def rows_of(recorder: PostgresApplicationRecorder) -> list[tuple[Any, ...]]:
    with recorder.datastore.get_connection() as connection:
        return [tuple(found.values()) for found in connection.execute(ROWS.format("approval_events")).fetchall()]


def saves(seed: int) -> list[list[StoredEvent]]:
    """Many saves over several streams and years; some of them lose a race."""
    chance = random.Random(seed)
    versions: dict[int, int] = {}
    made = []
    for _ in range(60):
        save = []
        for _ in range(chance.randint(1, 6)):
            case = chance.randint(1, 8)
            version = versions[case] = versions.get(case, 0) + 1
            save.append(
                row(case, version, chance.randbytes(chance.randint(1, 900)), year=(1, 2019, 2025, 2026)[case % 4])
            )
        if chance.random() < 0.15:
            save.append(save[0])  # the same version twice: the whole save must fail
            for event in save[:-1]:
                case = next(
                    c for c in versions if stream_id("case", (1, 2019, 2025, 2026)[c % 4], c) == event.originator_id
                )
                versions[case] = min(versions[case], event.originator_version - 1)
        made.append(save)
    return made


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_same_saves_leave_the_same_rows_in_the_same_order_as_the_stock_recorder(
    seed: int, recorder: EventRecorder, stock: PostgresApplicationRecorder
) -> None:
    outcomes: list[list[Any]] = [[], []]
    for save in saves(seed):
        for outcome, one in zip(outcomes, (recorder, stock), strict=True):
            try:
                outcome.append(list(one.insert_events(save) or []))
            except IntegrityError:
                outcome.append("refused")
    assert outcomes[0] == outcomes[1]
    assert "refused" in outcomes[0]
    assert rows_of(recorder) == rows_of(stock)


def test_the_stock_recorder_reads_what_we_wrote(recorder: EventRecorder, store_url: str) -> None:
    recorder.insert_events([row(1, 1, b'{"a":1}'), row(2, 1, year=2019), row(1, 2)])
    store = datastore(store_url)
    reference = PostgresApplicationRecorder(store, events_table_name="approval_events")
    stream = stream_id("case", 2026, 1)
    assert reference.select_events(stream) == [row(1, 1, b'{"a":1}'), row(1, 2)]
    assert reference.select_notifications(start=1, limit=10) == recorder.select_notifications(start=1, limit=10)
    assert reference.max_notification_id() == recorder.max_notification_id() == 3
    store.close()


def test_a_library_application_saves_and_reads_through_mapper_and_recorder(store_url: str, sample_facts: None) -> None:
    class Approval(Application):  # type: ignore[type-arg]
        name = "approval"

    app = Approval(environment(store_url))
    fact = StepRecorded(step=1).stamped(originator_id=stream_id("case", 2026, 7), originator_version=1)
    recordings = app.save(fact, requests=[StoredRequest("r-1", "f", b"ok")])  # type: ignore[arg-type]
    app.events.put([], tracking=Tracking("intake-0", 4))
    assert [recording.notification.id for recording in recordings] == [1]
    assert list(app.events.get(fact.originator_id)) == [fact]
    assert isinstance(app.recorder, EventRecorder)
    assert app.recorder.find_requests(["r-1", "r-2"]) == {"r-1": StoredRequest("r-1", "f", b"ok", 1)}
    assert app.recorder.position("intake-0") == 4
    app.close()


def test_a_subscription_of_the_library_is_woken_by_an_append(recorder: EventRecorder) -> None:
    with recorder.subscribe() as subscription:
        threading.Timer(0.3, recorder.insert_events, [[row(1, 1)]]).start()
        assert next(subscription).originator_version == 1


def test_an_application_with_the_library_s_database_functions_switched_on_is_refused(store_url: str) -> None:
    class Approval(Application):  # type: ignore[type-arg]
        name = "approval"

    with pytest.raises(ProgrammingError, match="POSTGRES_ENABLE_DB_FUNCTIONS"):
        Approval(environment(store_url) | {"POSTGRES_ENABLE_DB_FUNCTIONS": "y"})
    store = datastore(store_url)
    store.enable_db_functions = True
    with pytest.raises(ProgrammingError, match="tailing readers lose facts"):
        EventRecorder(store)
    store.close()


def test_an_application_that_would_make_its_own_tables_is_refused(store_url: str) -> None:
    class Approval(Application):  # type: ignore[type-arg]
        name = "approval"

    with pytest.raises(ProgrammingError, match="migrate"):
        Approval(environment(store_url) | {"CREATE_TABLE": "y"})


def test_a_stale_version_is_named_and_nothing_of_the_save_is_stored(recorder: EventRecorder) -> None:
    recorder.insert_events([row(1, 1), row(1, 2)])
    with pytest.raises(VersionConflict) as caught:
        recorder.insert_events([row(2, 1), row(1, 2)], requests=[StoredRequest("r", "f", b"")])
    assert caught.value.keys == ((stream_id("case", 2026, 1), 2),)
    assert recorder.head() == 2
    assert recorder.find_requests(["r"]) == {}


def test_a_unit_that_contradicts_itself_is_a_conflict(recorder: EventRecorder) -> None:
    with pytest.raises(VersionConflict) as caught:
        recorder.insert_events([row(1, 1), row(1, 2), row(1, 1)])
    assert caught.value.keys == ((stream_id("case", 2026, 1), 1),)
    with pytest.raises(RequestRepeated):
        recorder.insert_events([], requests=[StoredRequest("r", "f", b""), StoredRequest("r", "g", b"")])


def test_a_version_that_is_taken_in_any_year_s_partition_is_a_conflict(recorder: EventRecorder) -> None:
    for year in (1, 1999, 2000, 2023, 2024, 2026, 2027, 2090):
        recorder.insert_events([row("c", 1, year=year)])
        with pytest.raises(VersionConflict):
            recorder.insert_events([row("c", 1, year=year)])


def test_a_request_that_is_repeated_is_told_so_even_though_its_versions_are_taken_too(recorder: EventRecorder) -> None:
    request = StoredRequest("r-1", "f", b"done")
    recorder.insert_events([row(1, 1)], requests=[request])
    with pytest.raises(RequestRepeated) as caught:
        recorder.insert_events([row(1, 1)], requests=[request])
    assert caught.value.ids == ("r-1",)


def test_a_position_that_was_passed_is_refused_with_its_facts(recorder: EventRecorder) -> None:
    recorder.insert_events([row(1, 1)], tracking=Tracking("findings-0", 10))
    for position in (10, 9):
        with pytest.raises(AlreadyTracked) as caught:
            recorder.insert_events([row(2, 1)], tracking=[Tracking("other-0", 1), Tracking("findings-0", position)])
        assert caught.value.positions == (Tracking("findings-0", position),)
    assert recorder.load([stream_id("case", 2026, 2)]) == {}
    assert recorder.position("other-0") is None
    recorder.insert_events([row(2, 1)], tracking=Tracking("findings-0", 11))
    assert recorder.position("findings-0") == 11


def test_a_position_and_a_request_are_stored_without_facts(recorder: EventRecorder) -> None:
    assert recorder.insert_events([], requests=[StoredRequest("r", "f", b"")], tracking=Tracking("t", 0)) == []
    assert recorder.find_requests(["r"])["r"].position == 0
    assert recorder.position("t") == 0


@pytest.mark.parametrize("value", ["nul \0 here", "half a \ud800 pair"])
def test_a_text_that_postgresql_cannot_hold_is_refused_by_name(recorder: EventRecorder, value: str) -> None:
    with pytest.raises(Unstorable):
        recorder.insert_events([row(1, 1)], requests=[StoredRequest(value, "f", b"")])
    with pytest.raises(Unstorable):
        recorder.insert_events([row(1, 1, topic=value)])
    assert recorder.head() == 0


def test_many_streams_are_loaded_at_once_each_after_its_own_version(recorder: EventRecorder) -> None:
    recorder.insert_events([row(1, 1), row(2, 1, year=2020), row(1, 2), row(1, 3)])
    one, two, none = stream_id("case", 2026, 1), stream_id("case", 2020, 2), stream_id("case", 2026, 3)
    assert recorder.load([none, two, one], {one: 1}) == {
        one: [loaded(1, 2), loaded(1, 3)], two: [loaded(2, 1, year=2020)],
    }  # fmt: skip


def test_a_filtered_page_tells_the_end_of_what_was_scanned(recorder: EventRecorder) -> None:
    recorder.insert_events([row(1, v, topic="a" if v in (2, 3) else "b") for v in range(1, 7)])
    assert [e.id for e in recorder.read(0, 10).entries] == [1, 2, 3, 4, 5, 6]
    assert recorder.read(0, 10, ["a"])[1] == 6, "the whole log was scanned"
    assert recorder.read(0, 1, ["a"])[1] == 2, "only up to the last entry of a full page"
    assert recorder.read(0, 10, ["a"], stop=4)[1] == 4
    assert recorder.read(6, 10, ["a"]) == ([], 6)
    assert recorder.read(6, 10) == ([], 6)
    assert recorder.read(2, 10, stop=4).end == 4


def test_a_save_whose_answer_was_lost_is_answered_from_the_store(store_url: str, owner_url: str) -> None:
    """The library reports such a save as a conflict although it is stored."""
    recorder = open_recorder(store_url)
    unit = Unit([row(1, 1, b'{"mine":1}')], [StoredRequest("r", "f", b"")])
    assert recorder.append([unit]) == [[1]]
    gone = recorder.datastore.pool.getconn()
    pid = gone.info.backend_pid
    gone.close()
    recorder.datastore.pool.putconn(gone)
    other = Unit([row(1, 1, b'{"theirs":1}')])
    absent = Unit([row(9, 1)])
    assert recorder.after_loss([unit, other, absent], pid) == [[1], None, None]
    recorder.datastore.close()


def test_a_connection_that_dies_while_it_waits_for_the_lock_stores_nothing_twice(
    recorder: EventRecorder, owner_url: str
) -> None:
    done: list[Any] = []
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute("SELECT pg_advisory_lock(7310042614)")
        writer = threading.Thread(target=lambda: done.append(recorder.insert_events([row(1, 1)])))
        writer.start()
        waiting = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'"
        while not (found := owner.execute(waiting).fetchone()):
            pass
        owner.execute("SELECT pg_terminate_backend(%s)", (found[0],))
        owner.execute("SELECT pg_advisory_unlock(7310042614)")
        writer.join()
    assert len(recorder.load([stream_id("case", 2026, 1)])[stream_id("case", 2026, 1)]) == 1
    assert done == [[recorder.head()]]


def test_a_store_that_is_not_there_says_so(store_url: str, fresh_database: Callable[..., str]) -> None:
    with pytest.raises(DatabaseUnreachable, match="absent_test_") as caught:
        open_recorder(store_url.replace("/test_", "/absent_test_"))
    assert "shuangtui:" not in str(caught.value), "the password stays out"
    with pytest.raises(NotMigrated, match="shuangtui migrate"):
        open_recorder(fresh_database())
