"""引擎 for the tests: one real PostgreSQL and real brokers for the whole run, whatever the number of workers.

Each engine is kept by a process of its own (`tests/engines/keeper.py`) that lives as long as anybody holds the lock
file of the run: it ends when the last worker has gone, and also when all of them were killed.
"""

import contextlib
import fcntl
import json
import os
import shutil
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from filelock import FileLock
from psycopg import sql

from infra.embedded import apache
from infra.kafka import APACHE, EMBEDDED, Connection

pytest.register_assert_rewrite("tests.specification")

_ROOM = "SHUANGTUI_TEST_ROOM"
_KEEPER = Path(__file__).parent / "engines" / "keeper.py"
_APACHE_FIXTURES = {"apache_kafka", "secured_kafka", "kafka_jars"}

MakeDatabase = Callable[..., str]
MakeName = Callable[[str], str]


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        room = tempfile.mkdtemp(prefix="shuangtui-test-")
        # As root, PostgreSQL runs as another user, who must come through.
        os.chmod(room, 0o755)
        os.environ[_ROOM] = room
    # Everything the platform reads from its surroundings would make the tests depend on the shell they start in.
    for name in [name for name in os.environ if name.startswith("SHUANGTUI_") and name != _ROOM]:
        del os.environ[name]
    # Rules that somebody entered beside this checkout would move the due dates of the specifications.
    os.environ["SHUANGTUI_RULES"] = str(Path(os.environ[_ROOM]) / "no-rules")
    users = (Path(os.environ[_ROOM]) / "users.lock").open("w")
    fcntl.flock(users, fcntl.LOCK_SH)
    config.stash[_USERS] = users


def pytest_unconfigure(config: pytest.Config) -> None:
    if (users := config.stash.get(_USERS, None)) is not None:
        users.close()
    if not hasattr(config, "workerinput"):
        room = Path(os.environ.pop(_ROOM))
        for keeper in room.glob("*.keeper"):
            # Its engine is stopped when the keeper's lock is free.
            with contextlib.suppress(FileNotFoundError), keeper.open() as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.rmtree(room, ignore_errors=True)


_USERS: pytest.StashKey[Any] = pytest.StashKey()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        broker = getattr(item, "callspec", None) and item.callspec.params.get("broker")  # type: ignore[attr-defined]
        if broker == "apache" or _APACHE_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.apache)


def _engine(name: str) -> dict[str, str]:
    """What the keeper of this engine says of it; the first who asks starts the keeper."""
    room = Path(os.environ[_ROOM])
    state, log = room / f"{name}.json", room / f"{name}.log"
    with FileLock(room / f"{name}.lock"):
        if not state.exists():
            out = os.open(log, os.O_WRONLY | os.O_CREAT, 0o644)
            os.posix_spawn(
                sys.executable,
                [sys.executable, str(_KEEPER), name, str(room)],
                os.environ,
                file_actions=[(os.POSIX_SPAWN_DUP2, out, 1), (os.POSIX_SPAWN_DUP2, out, 2)],
                # Ctrl-C is for pytest; the keeper ends when the lock of the run is free.
                setsid=True,
            )
            os.close(out)
            until = time.monotonic() + 300
            while not state.exists():
                if time.monotonic() > until:
                    pytest.fail(f"the keeper of {name} says nothing:\n{log.read_text()}")
                time.sleep(0.02)
    told: dict[str, str] = json.loads(state.read_text())
    if "failed" in told:
        pytest.fail(f"{name} did not start: {told['failed']}")
    return told


@pytest.fixture(scope="session")
def kafka_jars() -> Path:
    """Apache Kafka's jars; skips with the reason where Java or Maven cannot give them."""
    try:
        if (lack := apache.missing()) is None:
            return apache.jars()
    except apache.ApacheUnavailable as reason:
        lack = str(reason)
    if os.environ.get("REQUIRE_APACHE_KAFKA") == "1":
        pytest.fail(f"REQUIRE_APACHE_KAFKA=1, but: {lack}")
    pytest.skip(lack)


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The owner's URL of the one PostgreSQL of this run; its database is nobody's: use `postgres_url`."""
    return _engine("postgres")["database_url"]


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str) -> str:
    """A database of this worker alone, empty at its start."""
    return make_database(postgres_server)


@pytest.fixture
def fresh_database(postgres_server: str) -> Iterator[MakeDatabase]:
    """`fresh_database()` makes an empty database and returns its URL; `fresh_database(template=url)` makes a copy.

    Nobody may be connected to the template meanwhile. They are dropped after the test.
    """
    made: list[str] = []

    def make(template: str | None = None) -> str:
        made.append(make_database(postgres_server, template))
        return made[-1]

    yield make
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        for url in made:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(_name(url))))


def make_database(server: str, template: str | None = None) -> str:
    name = f"test_{uuid.uuid4().hex[:12]}"
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(_name(template) if template else "template1")
    )
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)
    return f"{server.rpartition('/')[0]}/{name}"


def _name(url: str) -> str:
    return url.rpartition("/")[2]


@pytest.fixture(scope="session")
def embedded_broker() -> Connection:
    """The embedded broker of this run. Shared: take names of your own from `topic_name`."""
    return Connection(_engine("embedded")["bootstrap"], EMBEDDED)


@pytest.fixture(scope="session")
def apache_kafka(kafka_jars: Path) -> Connection:
    """The Apache Kafka of this run, without access control. Shared: take names of your own from `topic_name`."""
    return Connection(_engine("apache")["bootstrap"], APACHE)


@pytest.fixture(scope="session")
def secured_kafka(kafka_jars: Path) -> Connection:
    """An Apache Kafka with SCRAM and ACLs, as its administrator."""
    told = _engine("secured")
    return Connection(told["bootstrap"], APACHE).as_user(told["user"], told["password"])


@pytest.fixture(params=["embedded", "apache"])
def broker(request: pytest.FixtureRequest) -> Connection:
    """Both brokers, one after the other: two brokers, one behaviour."""
    name = {"embedded": "embedded_broker", "apache": "apache_kafka"}[request.param]
    connection: Connection = request.getfixturevalue(name)
    return connection


@pytest.fixture
def topic_name() -> MakeName:
    """`topic_name("approval")` is a name of this test alone on the shared brokers; good for groups and users too."""
    mark = uuid.uuid4().hex[:10]
    return lambda word: f"{word}-{mark}"


@pytest.fixture
def engine_home() -> Iterator[Path]:
    """A directory for engines of the test's own, where another user can come (pytest's `tmp_path` is closed)."""
    home = Path(tempfile.mkdtemp(prefix="home-", dir=os.environ[_ROOM]))
    home.chmod(0o755)
    yield home
    shutil.rmtree(home, ignore_errors=True)
