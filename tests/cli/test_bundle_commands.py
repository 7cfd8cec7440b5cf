"""``shuangtui bundle``: chain templates come in line by line, and bundles are shown with their parts."""

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

from interfaces.cli.main import app
from tests.domain.chains import TEMPLATES, items, templates


@pytest.fixture(scope="module")
def runner(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CliRunner]:
    name = f"bundles_{uuid4().hex[:12]}"
    with psycopg.connect(postgres_server, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        home = str(tmp_path_factory.mktemp("home"))
        yield CliRunner(
            env={
                "SHUANGTUI_DATABASE_URL": conninfo_to_url(postgres_server, name),
                "SHUANGTUI_KAFKA_BOOTSTRAP": "unused:1", "SHUANGTUI_HOME": home,
            }
        )  # fmt: skip
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def last(answer: Result) -> dict[str, Any]:
    return json.loads(answer.stdout.splitlines()[-1])  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def told(runner: CliRunner) -> dict[str, Any]:
    answer = runner.invoke(app, ["trigger", "chain_of_items", "-o", "json"])
    assert answer.exit_code == 0, answer.stderr
    return last(answer)


def test_a_bundle_is_listed_and_shown_with_the_state_of_each_case(runner: CliRunner, told: dict[str, Any]):
    (row,) = rows(runner.invoke(app, ["bundle", "list", "-o", "jsonl"]))
    assert (row["state"], row["stages"], row["waiting"]) == ("concluded", 2, [])
    shown = last(runner.invoke(app, ["bundle", "show", row["bundle_no"], "-o", "json"]))
    assert {part["part"]: (part["state"], part["case_state"]) for part in shown["parts"]} == {
        "FOOD": ("granted", "granted"), "HYG": ("not_granted", "denied"), "FIRE": ("granted", "granted"),
        "SIGN": ("granted", "granted"),
    }  # fmt: skip
    assert sorted(part["case_id"] for part in shown["parts"]) == sorted(told["cases"])
    table = runner.invoke(app, ["bundle", "show", row["bundle_id"]])
    assert table.exit_code == 0, table.stderr
    assert "户外招牌" in table.stdout
    assert "营业执照" in table.stdout
    assert "digest" not in table.stdout
    nothing = runner.invoke(app, ["bundle", "show", "NOTHING"])
    assert nothing.exit_code == 1
    assert "NOTHING" in nothing.stderr
    assert rows(runner.invoke(app, ["bundle", "list", "--open", "-o", "jsonl"])) == []


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "chains.jsonl"
    made.write_text("".join(one.model_dump_json() + "\n" for one in templates()), encoding="utf-8")
    return made


def test_two_hundred_and_one_templates_are_imported_once_their_items_are_known(runner: CliRunner, file: Path):
    words = ["bundle", "import", str(file), "--officer", "周管理员", "--organ", "BUREAU", "-o", "json"]
    early = runner.invoke(app, [*words, "--dry-run"])
    assert early.exit_code == 1
    assert last(early)["failed"] == TEMPLATES
    assert "CHAIN-ITEM-" in last(early)["problems"][0]["zh"]

    publish_items(runner)
    tried = last(runner.invoke(app, [*words, "--dry-run"]))
    assert (tried["rows"], tried["published"], tried["failed"]) == (TEMPLATES, TEMPLATES, 0)
    assert rows(runner.invoke(app, ["bundle", "chains", "--text", "CHAIN-", "-n", "300", "-o", "jsonl"])) == []

    done = last(runner.invoke(app, words))
    assert (done["published"], done["known"], done["failed"]) == (TEMPLATES, 0, 0)
    again = last(runner.invoke(app, words))
    assert (again["published"], again["known"]) == (0, TEMPLATES)


def publish_items(runner: CliRunner) -> None:
    """The items that the templates are made of, published as the steward would."""
    from datetime import date

    from domain.application import Order
    from domain.kernel.people import Actor, Role
    from domain.kernel.words import Regulator
    from domain.service_item import CodeScheme, PublishItemVersion
    from infra.wiring import Platform
    from interfaces.cli.shell import with_platform

    by = Actor(id="周管理员", organ="BUREAU", role=Role.STEWARD)

    async def publish(platform: Platform) -> None:
        for item in items():
            command = PublishItemVersion(
                item=item, scheme=CodeScheme.OTHER, name=item, effective_from=date(2026, 1, 1), promised_days=5,
                regulators=(Regulator(code="MARKET-1", name="市场监管局"),), legal_basis="优化营商环境条例",
            )  # fmt: skip
            await platform.app.handle(Order(command, by, platform.now()))

    with runner.isolation():
        with_platform(publish)


def test_a_line_that_is_no_template_is_told_with_its_number(runner: CliRunner, tmp_path: Path):
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text('{"chain": "X-1"}\n\n{"chain": "X-2", "name": 3}\n', encoding="utf-8")
    words = ["bundle", "import", "--officer", "周", "--organ", "BUREAU", "-o", "json", "--dry-run"]
    told = last(runner.invoke(app, [*words, str(wrong)]))
    assert [problem["line"] for problem in told["problems"]] == [1, 3]
    assert told["problems"][0]["chain"] == "X-1"
    broken = tmp_path / "broken.jsonl"
    broken.write_text("{not json\n", encoding="utf-8")
    answer = runner.invoke(app, [*words, str(broken)])
    assert answer.exit_code == 2
    assert "第 1 行" in answer.stderr
