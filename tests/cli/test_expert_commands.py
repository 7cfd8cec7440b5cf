"""``shuangtui expert``: the pool is imported row by row, and a manipulated draw is found out from the facts alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from test_looking import conninfo_to_url, rows
from typer.testing import CliRunner, Result

from domain.expert_draw.commands import draw_stream
from interfaces.cli.main import app

HEADER = "expert_no,name,title,disciplines,ties\n"


@pytest.fixture(scope="module")
def database(postgres_server: str) -> Iterator[str]:
    name = f"experts_{uuid4().hex[:12]}"
    with psycopg.connect(postgres_server, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield conninfo_to_url(postgres_server, name)
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def runner(database: str, home: Path) -> CliRunner:
    return CliRunner(
        env={"SHUANGTUI_DATABASE_URL": database, "SHUANGTUI_KAFKA_BOOTSTRAP": "unused:1", "SHUANGTUI_HOME": str(home)}
    )


def last(answer: Result) -> dict[str, Any]:
    return json.loads(answer.stdout.splitlines()[-1])  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def draw_id(runner: CliRunner) -> str:
    """A draw of the story, played on this module's database."""
    told = runner.invoke(app, ["trigger", "expert_drawn", "-o", "json"])
    assert told.exit_code == 0, told.stderr
    from uuid import UUID

    return str(draw_stream(UUID(last(told)["cases"][0]), "FOOD"))


def test_an_import_enrolls_the_good_rows_and_tells_the_others_with_their_reasons(runner: CliRunner, tmp_path: Path):
    file = tmp_path / "experts.csv"
    file.write_text(
        HEADER + "X-0001,张三,高级工程师,FIRE|GAS,employment:91371500MA3C5X0Y1T:某公司:2020-01-01:\n"
        "X-0002,李四,教授,ALCHEMY,\nX-0003,,教授,FIRE,\nX-0004,王五,教授,FIRE,friend:91:某公司:2020-01-01:\n"
        "X-0005,赵六,教授,FIRE,\n",
        encoding="utf-8",
    )
    words = ["expert", "import", str(file), "--officer", "周管理员", "--organ", "BUREAU", "-o", "json"]
    checked = runner.invoke(app, [*words, "--dry-run"])
    told = last(checked)
    assert checked.exit_code == 1
    assert (told["rows"], told["valid"], told["failed"], told["enrolled"], told["dry_run"]) == (5, 2, 3, 0, True)
    assert [p["line"] for p in told["problems"]] == [3, 4, 5]
    assert all(p["zh"] and p["en"] for p in told["problems"])
    assert "FIRE" in told["problems"][0]["zh"]

    done = last(runner.invoke(app, words))
    assert (done["enrolled"], done["known"], done["failed"]) == (2, 0, 3)
    again = last(runner.invoke(app, words))
    assert (again["enrolled"], again["known"]) == (0, 2)

    other = tmp_path / "other.csv"
    other.write_text(HEADER + "X-0001,别人,教授,FIRE,\n", encoding="utf-8")
    refused = last(runner.invoke(app, [*words[:2], str(other), *words[3:]]))
    assert (refused["failed"], refused["problems"][0]["stage"]) == (1, "enroll")


def test_the_sample_of_1304_experts_is_imported_whole(runner: CliRunner, tmp_path: Path):
    made = runner.invoke(app, ["expert", "sample"])
    assert made.exit_code == 0
    assert made.stdout == runner.invoke(app, ["expert", "sample", "--seed", "20"]).stdout
    file = tmp_path / "sample.csv"
    file.write_text(made.stdout, encoding="utf-8")
    words = ["expert", "import", str(file), "--officer", "周", "--organ", "BUREAU", "-o", "json"]
    told = last(runner.invoke(app, words))
    assert (told["rows"], told["enrolled"], told["failed"]) == (1304, 1304, 0)


def test_a_file_without_the_columns_says_which_are_missing(runner: CliRunner, tmp_path: Path):
    file = tmp_path / "wrong.csv"
    file.write_text("number,name\n1,张三\n", encoding="utf-8")
    answer = runner.invoke(app, ["expert", "import", str(file), "--officer", "周", "--organ", "BUREAU"])
    assert answer.exit_code == 2
    assert "expert_no" in answer.stderr


def test_the_pool_its_load_and_its_draws_are_shown(runner: CliRunner, draw_id: str):
    listed = rows(runner.invoke(app, ["expert", "list", "--discipline", "FOOD", "-n", "500", "-o", "jsonl"]))
    listed = [row for row in listed if not row["expert_no"].startswith("LC-")]
    assert len(listed) == 12
    assert all("*" in row["name"] for row in listed)
    shown = last(runner.invoke(app, ["expert", "show", listed[0]["expert_no"], "-o", "json"]))
    assert shown["disciplines"] == ["FOOD"]
    loads = rows(runner.invoke(app, ["expert", "load", "-o", "jsonl"]))
    assert sum(row["reviews"] for row in loads) == 3
    assert sum(row["declined"] for row in loads) == 1
    draws = rows(runner.invoke(app, ["expert", "draws", "-o", "jsonl"]))
    assert [(row["draw_id"], row["state"]) for row in draws] == [(draw_id, "paid")]
    disciplines = {row["discipline"]: row for row in rows(runner.invoke(app, ["expert", "disciplines", "-o", "jsonl"]))}
    assert disciplines["FOOD"]["enrolled"] >= 12
    assert len(disciplines) == 20
    nobody = runner.invoke(app, ["expert", "show", "NOBODY"])
    assert nobody.exit_code == 1
    assert "NOBODY" in nobody.stderr


def test_an_honest_draw_matches(runner: CliRunner, draw_id: str):
    answer = runner.invoke(app, ["expert", "verify", draw_id, "-o", "json"])
    assert answer.exit_code == 0, answer.stderr
    told = last(answer)
    assert (told["verdict"], told["drawn"], told["differs"]) == ("match", 2, [])
    table = runner.invoke(app, ["expert", "verify", draw_id])
    assert "候选" in table.stdout or "抽取结果可复算" in table.stdout
    unknown = runner.invoke(app, ["expert", "verify", str(uuid4())])
    assert unknown.exit_code == 1
    assert "没有抽取" in unknown.stderr


def test_a_draw_that_was_rewritten_in_the_database_is_caught(runner: CliRunner, draw_id: str, database: str):
    """Whoever owns the database can rewrite a row; the facts then no longer compute to each other."""
    with psycopg.connect(database) as owner:
        owner.execute("SET session_replication_role = replica")
        (state,) = owner.execute(
            "SELECT convert_from(state, 'UTF8') FROM approval_events WHERE originator_id = %s AND topic = %s"
            " ORDER BY originator_version LIMIT 1",
            (draw_id, "expert_draw.drawn"),
        ).fetchone()  # type: ignore[misc]
        drawn = json.loads(state)
        others = [one["expert_no"] for one in rows(runner.invoke(app, ["expert", "list", "-n", "100", "-o", "jsonl"]))]
        drawn["candidates"][0]["expert_no"] = next(
            no for no in others if no not in {one["expert_no"] for one in drawn["candidates"]}
        )
        owner.execute(
            "UPDATE approval_events SET state = convert_to(%s, 'UTF8') WHERE originator_id = %s AND topic = %s"
            " AND originator_version = (SELECT min(originator_version) FROM approval_events"
            " WHERE originator_id = %s AND topic = %s)",
            (json.dumps(drawn), draw_id, "expert_draw.drawn", draw_id, "expert_draw.drawn"),
        )
    answer = runner.invoke(app, ["expert", "verify", draw_id, "-o", "json"])
    assert answer.exit_code == 1
    told = last(answer)
    assert told["verdict"] == "mismatch"
    assert "1:candidates" in told["differs"]
    differing = next(step for step in told["steps"] if not step["match"])
    assert differing["recorded"] != differing["computed"]
