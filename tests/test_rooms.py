"""房间 (rooms): who may import whom, as data; read from the source with ``ast``, so nothing needs to run.

The first row that fits a file judges it. Every import counts, also one inside a function or under
TYPE_CHECKING: a room that needs a name from a forbidden room is not apart from it."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
ROOMS_HELD = ("domain", "projections", "interfaces", "infra")
OWN = (*ROOMS_HELD, "tests")

KERNEL_LIBRARY = ("pydantic", "eventsourcing.domain", "eventsourcing.dispatch", "eventsourcing.utils")
STORE_LIBRARY = ("eventsourcing.application", "eventsourcing.persistence", "orjson")
ANY_LIBRARY = ("*",)
OUTSIDE_THE_DOORS = ("psycopg", "psycopg_pool", "kafka", "eventsourcing")


class Room(NamedTuple):
    """``files`` is a pattern of paths; ``may`` the modules they may import, always beside the standard library
    and their own chapter; ``never`` what even ``*`` does not open."""

    files: str
    may: tuple[str, ...]
    never: tuple[str, ...] = ()


ROOMS = (
    Room("domain/kernel/*", ("domain.kernel", "domain.rules", *KERNEL_LIBRARY)),
    Room("domain/rules/*", ("domain.rules",)),
    Room("domain/policies/*", ("domain", "pydantic")),
    Room("domain/application/*", ("domain", *STORE_LIBRARY), never=("domain.policies",)),
    Room("domain/sight.py", ("domain",), never=("domain.application", "domain.policies")),
    Room("domain/store.py", STORE_LIBRARY),
    # An aggregate never knows another aggregate: what it must know of one arrives in a command.
    Room("domain/*", ("domain.kernel", "domain.rules", "pydantic")),
    Room(
        "projections/view/*",
        ("domain", "projections", "psycopg", "psycopg_pool", "eventsourcing", "pydantic", "orjson"),
    ),
    Room("projections/*", ("domain", "projections", "pydantic"), never=("domain.application", "domain.policies")),
    # The composition is reached from the command line and the app factory alone.
    Room("interfaces/cli/*", (*ROOMS_HELD, *ANY_LIBRARY), never=OUTSIDE_THE_DOORS),
    Room("interfaces/http/factory.py", (*ROOMS_HELD, *ANY_LIBRARY), never=OUTSIDE_THE_DOORS),
    Room("interfaces/*", ("domain", "projections", "interfaces", *ANY_LIBRARY), never=("infra", *OUTSIDE_THE_DOORS)),
    Room("infra/*", (*ROOMS_HELD, *ANY_LIBRARY)),
)

BANNED_WORDS = frozenset({"manager", "helper", "helpers", "util", "utils", "data", "info", "handlers"})
"""Names that say nothing: what is in a ``Manager`` is found out only by reading it."""

THE_CLOCK = "infra/clock.py"
TIME_READERS = frozenset({
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today",
    "time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.ctime",
})  # fmt: skip


def sources(root: Path) -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS_HELD:
        for path in sorted((root / room).rglob("*.py")):
            yield path.relative_to(root).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imports(path: str, tree: ast.Module) -> Iterator[str]:
    """Dotted names that a file imports; ``from a import b`` counts as ``a.b``, for b may be a module."""
    package = path.removesuffix(".py").removesuffix("/__init__").split("/")
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + path.endswith("__init__.py")] if node.level else []
            module = ".".join([*base, *filter(None, [node.module])])
            yield from (f"{module}.{one.name}" for one in node.names)


def chapter(path: str) -> str:
    """The module or package of one subject, whose parts may always import each other."""
    return ".".join(path.removesuffix(".py").split("/")[:2])


def within(name: str, module: str) -> bool:
    return name == module or name.startswith(module + ".")


def room_of(path: str) -> Room:
    return next(room for room in ROOMS if fnmatch(path, room.files))


def forbidden(path: str, name: str) -> bool:
    top = name.partition(".")[0]
    if top == "__future__":
        return False
    room = room_of(path)
    if any(within(name, never) for never in room.never):
        return True
    if within(name, chapter(path)) or any(within(name, may) for may in room.may if may != "*"):
        return False
    return not (top in sys.stdlib_module_names or ("*" in room.may and top not in OWN))


def words(name: str) -> set[str]:
    """``CaseDataManager`` and ``case_data_manager`` hold the same words; ``DatabaseUrl`` holds no "data"."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def names(path: str, tree: ast.Module) -> Iterator[str]:
    file = Path(path)
    # A folder without a line of code holds files for others to read, no names to import.
    if file.name != "__init__.py" or any(not isinstance(line, ast.Expr) for line in tree.body):
        yield file.parent.name if file.name == "__init__.py" else file.stem
    yield from (node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def reads_the_time(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            read = ast.unparse(node).split(".")
            if ".".join(read[-2:]) in TIME_READERS:
                yield ".".join(read[-2:])
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from (f"time.{one.name}" for one in node.names if f"time.{one.name}" in TIME_READERS)


def offences(root: Path) -> list[str]:
    """Everything in the tree that the house does not allow."""
    found = []
    for path, tree in sources(root):
        found += [f"{path} imports {name}" for name in imports(path, tree) if forbidden(path, name)]
        found += [f"{path} names {name}" for name in names(path, tree) if words(name) & BANNED_WORDS]
        if path != THE_CLOCK:
            found += [f"{path} reads {name}" for name in reads_the_time(tree)]
    return found


def test_every_room_imports_only_what_it_may():
    assert offences(ROOT) == []


def test_every_row_of_the_table_judges_some_file():
    judged = {room_of(path).files for path, _ in sources(ROOT)}
    assert judged == {room.files for room in ROOMS}


OFFENCES = {
    "domain/push.py": [
        ("from domain.approval_case.facts import LicenseGranted", "imports domain.approval_case.facts.LicenseGranted"),
        ("import domain.policies.policy", "imports domain.policies.policy"),
        ("from domain import application", "imports domain.application"),
        ("import psycopg", "imports psycopg"),
        ("from eventsourcing.domain import Aggregate", "imports eventsourcing.domain.Aggregate"),
        ("from infra.clock import Clock", "imports infra.clock.Clock"),
        ("def late():\n    import kafka", "imports kafka"),
        (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from projections import push_board",
            "imports projections.push_board",
        ),
        ("class PushManager: ...", "names PushManager"),
        ("class PushInfo: ...", "names PushInfo"),
        ("from datetime import datetime\nnow = datetime.now()", "reads datetime.now"),
        ("import datetime as dt\nwhen = dt.datetime.utcnow", "reads datetime.utcnow"),
        ("from time import time", "reads time.time"),
    ],
    "domain/approval_case/case.py": [("from ..push import Push", "imports domain.push.Push")],
    "domain/kernel/event.py": [("from domain.push import Push", "imports domain.push.Push")],
    "domain/rules/loader.py": [
        ("import pydantic", "imports pydantic"),
        ("from domain.kernel.words import Body", "imports domain.kernel.words.Body"),
    ],
    "domain/policies/warn.py": [("import projections.findings", "imports projections.findings")],
    "domain/application/batch.py": [("from domain.policies import policy", "imports domain.policies.policy")],
    "projections/timeline.py": [
        ("import psycopg", "imports psycopg"),
        ("from domain.application import Order", "imports domain.application.Order"),
        ("from interfaces.http import app", "imports interfaces.http.app"),
    ],
    "interfaces/http/doors.py": [
        ("from infra.wiring import wire", "imports infra.wiring.wire"),
        ("from psycopg_pool import ConnectionPool", "imports psycopg_pool.ConnectionPool"),
        ("import kafka", "imports kafka"),
        ("from eventsourcing.application import Application", "imports eventsourcing.application.Application"),
    ],
    "interfaces/cli/__init__.py": [("import kafka", "imports kafka")],
    "infra/kafka/utils.py": [("", "names utils")],
    "interfaces/http/handlers.py": [("", "names handlers")],
    "infra/case_data/__init__.py": [("held = 1", "names case_data")],
    "infra/relay.py": [("import datetime\ntoday = datetime.date.today()", "reads date.today")],
}


@pytest.mark.parametrize(
    ("path", "source", "said"),
    [(path, source, said) for path, planted in OFFENCES.items() for source, said in planted],
    ids=lambda one: one if " " in one else "",
)
def test_a_planted_offence_is_caught(tmp_path: Path, path: str, source: str, said: str):
    file = tmp_path / path
    file.parent.mkdir(parents=True)
    file.write_text(source, encoding="utf-8")
    assert offences(tmp_path) == [f"{path} {said}"]


INNOCENT = {
    "domain/approval_case/case.py": "from domain.approval_case.facts import Granted\nfrom .words import CaseState",
    "domain/push.py": "from domain.kernel.event import Event\nfrom domain.rules import loader\nimport pydantic",
    "domain/policies/warn.py": "from domain.application import Order\nfrom domain.push import PushDispatched",
    "projections/view/reader.py": "import psycopg\nfrom eventsourcing.persistence import Tracking",
    "interfaces/cli/serve.py": "from infra.wiring import wire\nimport typer",
    "infra/database_url.py": "class DatabaseUnreachable: ...\nimport time\nnow = time.monotonic()",
    "domain/rules/data/__init__.py": '"""Files that the loader reads."""',
    "infra/clock.py": "from datetime import datetime\nnow = datetime.now()",
}


def test_what_is_allowed_is_not_taken_for_an_offence(tmp_path: Path):
    for path, source in INNOCENT.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(source, encoding="utf-8")
    assert offences(tmp_path) == []
