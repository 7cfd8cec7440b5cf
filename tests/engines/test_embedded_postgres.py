"""内置 PostgreSQL: rows that were committed stay, whatever happens to the server or to us."""

import os
import signal
import subprocess
from pathlib import Path

import psycopg
import pytest

from infra.embedded import postgres as module
from infra.embedded.postgres import Postgres
from infra.embedded.process import Account, servers_in
from tests.engines.conftest import Run, eventually


def write(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
        connection.execute("INSERT INTO kept SELECT generate_series(1, 1000)")


def rows(url: str) -> int:
    with psycopg.connect(url) as connection:
        (count,) = connection.execute("SELECT count(*) FROM kept").fetchone() or (0,)
    return int(count)


def test_a_killed_server_starts_again_with_every_row(engine_home: Path) -> None:
    server = Postgres(engine_home)
    try:
        server.start()
        write(server.url)
        assert server.pid
        os.kill(server.pid, signal.SIGKILL)
        eventually(lambda: not server.alive)

        server.stop()
        server.start()

        assert rows(server.url) == 1000
    finally:
        server.stop()
    assert not servers_in(engine_home / "postgres" / "data")


def test_a_stop_and_a_start_keep_rows_and_port(engine_home: Path) -> None:
    server = Postgres(engine_home)
    try:
        server.start()
        write(server.url)
        port = server.port
        server.stop()
        server.start(port)
        assert (rows(server.url), server.port) == (1000, port)
    finally:
        server.stop()


_LEAVES_A_SERVER_BEHIND = """
import os, signal, sys
from pathlib import Path
from infra.embedded import process
process._prctl = lambda: None  # as on a system that knows no parent-death signal
from infra.embedded.postgres import Postgres
server = Postgres(Path(sys.argv[1]))
server.start()
print(server.pid, server.url, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_server_that_outlived_its_parent_is_ended_before_the_next_starts(engine_home: Path, python: Run) -> None:
    parent = python(_LEAVES_A_SERVER_BEHIND, engine_home)
    assert parent.stdout
    pid, url = parent.stdout.read().split()
    write(url)
    data = engine_home / "postgres" / "data"
    assert int(pid) in servers_in(data)

    server = Postgres(engine_home)
    try:
        server.start()
        assert int(pid) not in servers_in(data)
        assert rows(server.url) == 1000
    finally:
        server.stop()


def test_a_lock_file_that_names_a_stranger_does_not_stop_the_start(engine_home: Path) -> None:
    server = Postgres(engine_home)
    account = Account.needed()
    # Same user as the server, so that PostgreSQL's own look at the number would find somebody alive.
    with subprocess.Popen(["sleep", "600"], cwd="/", **(account.popen() if account else {})) as stranger:
        try:
            server.start()
            server.stop()
            lock = engine_home / "postgres" / "data" / "postmaster.pid"
            lock.write_text(f"{stranger.pid}\n{lock.parent}\n1\n5432\n\n127.0.0.1\n0 0\nready\n")

            server.start()

            assert server.alive
            assert stranger.poll() is None
        finally:
            server.stop()
            stranger.kill()


def test_a_half_made_cluster_is_made_anew(engine_home: Path) -> None:
    unfinished = engine_home / "postgres" / "data.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    server = Postgres(engine_home)
    try:
        server.start()
        write(server.url)
        assert not unfinished.exists()
    finally:
        server.stop()


def test_a_home_the_server_account_cannot_reach_is_neither_opened_nor_given_up(
    engine_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, elsewhere = engine_home / "closed", engine_home / "elsewhere"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(module, "_ELSEWHERE", elsewhere)
    server = Postgres(closed / "home")
    try:
        server.start()
        write(server.url)
    finally:
        server.stop()
    assert closed.stat().st_mode & 0o777 == 0o700
    if os.geteuid() == 0:
        assert list(elsewhere.glob("*/data/PG_VERSION"))
        assert str(elsewhere) in (closed / "home" / "postgres" / "MOVED").read_text()
    else:
        assert (closed / "home" / "postgres" / "data" / "PG_VERSION").exists()


def test_programs_the_server_account_cannot_reach_are_copied_whole(
    engine_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = Postgres._answers
    monkeypatch.setattr(
        Postgres, "_answers", lambda self, programs: "site-packages" not in str(programs) and answers(self, programs)
    )
    server = Postgres(engine_home)
    try:
        server.start()
        write(server.url)
        assert str(server._bin).startswith(str(engine_home))
    finally:
        server.stop()


def test_the_settings_that_keep_rows_are_on_and_chinese_text_has_trigrams(postgres_server: str) -> None:
    with psycopg.connect(postgres_server) as connection:

        def told(query: str) -> object:
            (answer,) = connection.execute(query).fetchone() or (None,)
            return answer

        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            assert told(f"SHOW {name}") == "on"
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        assert told("SELECT cardinality(show_trgm('食品经营许可'))") == 7


def test_a_fresh_database_can_be_a_copy(postgres_url: str, fresh_database: object) -> None:
    assert callable(fresh_database)
    write(template := fresh_database())
    copy = fresh_database(template=template)
    assert (rows(copy), copy != template) == (1000, True)
    assert postgres_url.rpartition("/")[0] == copy.rpartition("/")[0]
