"""引擎组: started together, found by other shells, restarted when they die, gone with their owner."""

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from infra.embedded import Engines, EnginesFailed, promises, running
from infra.kafka import EMBEDDED, ClusterChanged, Connection, Consumer, Producer, ProducerLost, ensure_topics
from infra.settings import Settings
from tests.engines.conftest import Run, eventually, servers_of

Start = Callable[..., Engines]


@pytest.fixture
def start(engine_home: Path) -> Iterator[Start]:
    started: list[Engines] = []

    def begin(**choice: Any) -> Engines:
        started.append(Engines.start(engine_home, **choice))
        return started[-1]

    yield begin
    for engines in started:
        engines.stop()
    assert not servers_of(engine_home)


_OWNER = """
import sys, time
from pathlib import Path
from infra.embedded import Engines
engines = Engines.start(Path(sys.argv[1]))
print(engines.owned, engines.cluster_id, engines.database_url, flush=True)
sys.stdin.read()
"""


def test_a_second_process_finds_the_engines_and_leaves_them_running(
    start: Start, engine_home: Path, python: Run
) -> None:
    first = start()
    second = python(_OWNER, engine_home)
    told, _ = second.communicate()
    assert told.split() == ["False", first.cluster_id, first.database_url]
    found = running(engine_home)
    assert found
    assert (found.database_url, found.kafka_bootstrap) == (first.database_url, first.kafka_bootstrap)
    with psycopg.connect(first.database_url):
        pass
    first.stop()
    assert running(engine_home) is None


def test_of_two_processes_that_start_at_once_one_owns_and_the_other_adopts(engine_home: Path, python: Run) -> None:
    both = [python(_OWNER, engine_home) for _ in range(2)]
    lines = [(process.stdout.readline().split() if process.stdout else []) for process in both]
    assert sorted(line[0] for line in lines) == ["False", "True"]
    assert lines[0][1:] == lines[1][1:]


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_the_engines_end_with_their_owner_however_it_ends(engine_home: Path, python: Run, end: signal.Signals) -> None:
    owner = python(_OWNER, engine_home)
    assert owner.stdout
    _, cluster, url = owner.stdout.readline().split()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    assert servers_of(engine_home, cluster)

    os.kill(owner.pid, end)
    owner.wait()

    eventually(lambda: not servers_of(engine_home, cluster))
    assert running(engine_home) is None
    after = Engines.start(engine_home)
    try:
        assert after.cluster_id != cluster
        with psycopg.connect(after.database_url) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
    finally:
        after.stop()


def test_engines_started_from_a_passing_thread_outlive_it(start: Start) -> None:
    started: list[Engines] = []
    thread = threading.Thread(target=lambda: started.append(start()))
    thread.start()
    thread.join()
    engines = started[0]
    assert engines.watch() == []
    with psycopg.connect(engines.database_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert engines.watch() == []


def test_a_dead_broker_is_replaced_by_an_empty_one_with_another_id_and_every_client_notices(
    start: Start, engine_home: Path
) -> None:
    engines = start()
    before = engines.cluster_id
    assert engines.kafka_bootstrap
    connection = Connection(engines.kafka_bootstrap, EMBEDDED)
    with connection.admin() as admin:
        ensure_topics(admin, {"t": 2})
    producer = Producer(connection, expected_cluster=before)
    consumer = Consumer.assigned(connection, ["t"], {}, expected_cluster=before)
    producer.send("t", b"k", b"v")
    producer.flush()

    assert engines.broker
    assert engines.broker.pid
    os.kill(engines.broker.pid, signal.SIGKILL)
    eventually(lambda: engines.broker and not engines.broker.alive)
    (told,) = engines.watch()

    assert "空集群" in told
    assert engines.cluster_id != before
    found = running(engine_home)
    assert found
    assert (found.cluster_id, found.kafka_bootstrap) == (engines.cluster_id, engines.kafka_bootstrap)
    noticed: list[str] = []

    def look(client: Producer | Consumer) -> bool:
        try:
            if isinstance(client, Producer):
                client.check()
            else:
                client.poll(50)
        except ClusterChanged as change:
            noticed.append(change.found)
            return True
        return False

    for client in (producer, consumer):
        eventually(lambda client=client: look(client))  # type: ignore[misc]
    assert noticed == [engines.cluster_id] * 2
    producer.abandon()
    consumer.close()
    with pytest.raises(ProducerLost):
        producer.send("t", b"k", b"v")
    with connection.admin() as admin:
        ensure_topics(admin, {"t": 2, "u": 2})
    with Producer(connection, expected_cluster=engines.cluster_id) as fresh:
        fresh.send("t", b"k", b"v")
    with Consumer.assigned(connection, ["t"], {}, expected_cluster=engines.cluster_id) as reader:
        eventually(reader.poll)


def test_a_dead_postgres_is_restarted_where_it_was(start: Start) -> None:
    engines = start(kafka="none")
    with psycopg.connect(engines.database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    assert engines.postgres
    assert engines.postgres.pid
    os.kill(engines.postgres.pid, signal.SIGKILL)
    eventually(lambda: engines.postgres and not engines.postgres.alive)

    (told,) = engines.watch()

    assert "数据完好" in told
    with psycopg.connect(engines.database_url) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


def test_only_what_is_unset_is_started(start: Start, engine_home: Path) -> None:
    outside = "postgresql://someone@elsewhere/db"
    only_broker = start(settings=Settings(database_url=outside))
    assert (only_broker.postgres, only_broker.database_url) == (None, outside)
    assert only_broker.kafka_bootstrap
    only_broker.stop()

    only_postgres = start(settings=Settings(kafka_bootstrap="elsewhere:9092"))
    assert (only_postgres.broker, only_postgres.kafka_bootstrap) == (None, "elsewhere:9092")
    assert only_postgres.profile == "kafka"
    only_postgres.stop()

    nothing = Engines.start(
        engine_home / "never", settings=Settings(database_url=outside, kafka_bootstrap="elsewhere:9092")
    )
    assert not nothing.owned
    assert not (engine_home / "never").exists()


def test_the_settings_come_from_the_environment_and_keep_secrets_out_of_sight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHUANGTUI_DATABASE_URL", "postgresql://u:topsecret@h/d")
    monkeypatch.setenv("SHUANGTUI_KAFKA_SASL_PASSWORD", "topsecret")
    monkeypatch.setenv("SHUANGTUI_KAFKA_BOOTSTRAP", "")
    settings = Settings()
    assert settings.database_url == "postgresql://u:topsecret@h/d"
    assert settings.kafka_bootstrap is None
    assert "topsecret" not in repr(settings)
    assert all(field.description for field in Settings.model_fields.values())


def test_another_broker_than_the_running_one_is_refused_in_words(start: Start) -> None:
    start()
    with pytest.raises(EnginesFailed, match="请先停止"):
        start(kafka="apache")


def test_the_state_file_with_the_password_is_for_its_user_alone(start: Start, engine_home: Path) -> None:
    engines = start()
    state = engine_home / "engines.json"
    assert state.stat().st_mode & 0o777 == 0o600
    assert json.loads(state.read_text())["database_url"] == engines.database_url
    assert engines.database_url not in repr(running(engine_home))


def test_what_the_embedded_broker_does_not_promise_is_said_in_both_languages() -> None:
    assert "重启后保留消息" in promises("zh")
    assert "to keep anything over a restart" in promises("en")


_AS_A_PLAIN_USER = """
import os, sys, pwd, encodings.idna
from pathlib import Path
import psycopg
from infra.embedded import Engines
# Once as root, so that everything is loaded: the plain user may not be able to read this interpreter's files.
Engines.start(Path(sys.argv[1]) / "warm").stop()
home = Path(sys.argv[1]) / "plain"
home.mkdir()
if os.geteuid() == 0:
    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    os.setgroups([]); os.setgid(nobody.pw_gid); os.setuid(nobody.pw_uid)
for _ in range(2):
    engines = Engines.start(home)
    with psycopg.connect(engines.database_url) as connection:
        print(os.geteuid(), connection.execute("SELECT 1").fetchone()[0], bool(engines.cluster_id), flush=True)
    engines.stop()
"""


def closed_to_others(place: Path) -> bool:
    return any(not directory.stat().st_mode & 0o001 for directory in (place, *place.parents))


def test_a_plain_user_needs_nothing_more_than_root(engine_home: Path, python: Run) -> None:
    if os.geteuid() == 0 and closed_to_others(Path(psycopg.__file__).parent):
        pytest.skip("the checkout lies below a directory that is closed to other users: none of them could run it")
    told, _ = python(_AS_A_PLAIN_USER, engine_home).communicate()
    lines = [line.split() for line in told.splitlines()]
    assert [line[1:] for line in lines] == [["1", "True"]] * 2
    assert lines[0][0] != "0"
    assert not servers_of(engine_home / "plain")
