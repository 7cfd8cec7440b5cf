"""库表变更: tables, rights and partitions, made once however many processes ask for it."""

import multiprocessing
from collections.abc import Callable

import psycopg
import pytest
from sample_facts import row

from domain.kernel.identity import STANDING
from infra.event_store import migrate as migrating
from infra.event_store.factory import open_recorder
from infra.event_store.migrate import Migration, MigrationRefused, ensure_year_partitions, migrate, migrations, pending
from infra.event_store.recorder import EventRecorder
from infra.postgres import APP_ROLE, connect, in_role

Fresh = Callable[..., str]


def test_eight_processes_that_migrate_at_once_all_succeed(fresh_database: Fresh) -> None:
    url = fresh_database()
    with multiprocessing.get_context("spawn").Pool(8) as pool:
        done = pool.map(migrate, [url] * 8)
    assert sorted(len(d.applied) for d in done) == [0] * 7 + [len(migrations())]
    assert pending(url) == []


def test_a_dry_run_names_what_would_run_and_changes_nothing(fresh_database: Fresh) -> None:
    url = fresh_database()
    names = [m.name for m in migrations()]
    assert migrate(url, dry_run=True).applied == names == pending(url)
    with connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_a_migration_that_was_edited_after_it_ran_is_refused(owner_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    edited = [Migration(m.name, m.text + "\n-- edited") for m in migrations()]
    monkeypatch.setattr(migrating, "migrations", lambda: edited)
    with pytest.raises(MigrationRefused, match="0001_events was edited"):
        migrate(owner_url)


def test_a_database_that_is_newer_than_the_program_is_refused(owner_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "migrations", lambda: migrations()[:-1])
    with pytest.raises(MigrationRefused, match="does not know"):
        pending(owner_url)


def test_a_migration_that_fails_leaves_nothing_and_runs_again(owner_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("CREATE TABLE half (id int); SELECT 1/0", "CREATE TABLE half (id int)"):
        more = [*migrations(), Migration("9999_half", text)]
        with monkeypatch.context() as patched:
            patched.setattr(migrating, "migrations", lambda more=more: more)
            try:
                assert migrate(owner_url).applied == ["9999_half"]
            except psycopg.errors.DivisionByZero:
                assert pending(owner_url) == ["9999_half"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE approval_events SET topic = 'x'",
        "DELETE FROM approval_events",
        "TRUNCATE approval_events",
        "DELETE FROM approval_events_2026",
        "ALTER TABLE approval_events DISABLE TRIGGER ALL",
        "DROP TABLE approval_events",
        "DELETE FROM approval_requests",
        "SELECT setval('approval_events_notification_id_seq', 1)",
    ],
)
def test_the_application_may_add_and_read_facts_and_nothing_else(
    statement: str, recorder: EventRecorder, store_url: str
) -> None:
    recorder.insert_events([row(1, 1)])
    with connect(store_url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)
    assert len(recorder.read(0, 10).entries) == 1


@pytest.mark.parametrize("table", ["approval_events", "approval_events_2026"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET topic = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_even_the_owner_does_not_change_facts_by_accident(
    table: str, statement: str, recorder: EventRecorder, owner_url: str
) -> None:
    recorder.insert_events([row(1, 1)])
    with connect(owner_url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege, match="事实只增不改"):
        connection.execute(statement.format(table).encode())


def test_a_right_that_was_given_by_hand_is_taken_back(owner_url: str, store_url: str) -> None:
    with connect(owner_url) as owner:
        owner.execute(f"GRANT DELETE ON approval_events TO {APP_ROLE}".encode())
    migrate(owner_url)
    with connect(store_url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("DELETE FROM approval_events")


def test_the_role_logs_in_by_itself_once_it_has_a_password(owner_url: str) -> None:
    role = f"app_{owner_url[-8:]}"
    migrate(owner_url, app_role=role, app_password="it's secret")
    rest = owner_url.rpartition("@")[2]
    recorder = open_recorder(in_role(f"postgresql://{role}:it%27s%20secret@{rest}", role))
    assert recorder.insert_events([row(1, 1)]) == [1]
    recorder.datastore.close()
    with connect(owner_url) as owner:
        owner.execute(f"DROP OWNED BY {role}; DROP ROLE {role}".encode())


def test_each_stream_lies_in_the_partition_of_its_year(owner_url: str, recorder: EventRecorder) -> None:
    with connect(owner_url) as owner:
        ensure_year_partitions(owner, 2027)
        expected = {
            STANDING: "standing", 1999: "standing", 2000: "earlier", 2023: "earlier",
            2024: "2024", 2026: "2026", 2027: "2027", 2060: "later",
        }  # fmt: skip
        for year in expected:
            recorder.insert_events([row("c", 1, year=year)])
        found = owner.execute("SELECT tableoid::regclass::text FROM approval_events ORDER BY notification_id")
        assert [name for (name,) in found] == [f"approval_events_{part}" for part in expected.values()]


def test_facts_that_came_before_their_year_had_a_partition_are_moved_into_it(
    owner_url: str, recorder: EventRecorder
) -> None:
    recorder.insert_events([row("early", v, year=2061) for v in (1, 2)] + [row("other", 1, year=2062)])
    before = recorder.read(0, 10)
    with connect(owner_url) as owner:
        assert "approval_events_2061" in ensure_year_partitions(owner, 2061)
        assert ensure_year_partitions(owner, 2061) == []
        where = owner.execute(
            "SELECT tableoid::regclass::text FROM approval_events ORDER BY notification_id"
        ).fetchall()
        assert where == [("approval_events_2061",)] * 2 + [("approval_events_later",)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute("DELETE FROM approval_events_later")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute("DELETE FROM approval_events_2061")
    assert recorder.read(0, 10) == before
