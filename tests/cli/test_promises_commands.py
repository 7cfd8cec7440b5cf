"""What the command line shows and does about promises, bars and credit."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from typer.testing import CliRunner, Result

from domain.rules.dates import SHANGHAI
from infra.settings import Settings
from infra.wiring import clock_of
from interfaces.cli.main import app

Ask = Callable[..., Result]
HEAD = "identifier,name,number,kind,recorded_on,organ,statement,repaired_on\n"


@pytest.fixture(scope="module")
def own_database(postgres_server: str) -> Iterator[str]:
    name = f"promises_{uuid4().hex[:12]}"
    base, _, options = postgres_server.partition("?")
    with psycopg.connect(postgres_server, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield f"{base.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def ask(own_database: str, tmp_path: Path) -> Ask:
    told = {"SHUANGTUI_DATABASE_URL": own_database, "SHUANGTUI_KAFKA_BOOTSTRAP": "unused:1"}

    def asked(*words: str, **settings: str) -> Result:
        return CliRunner(env=told | settings).invoke(app, list(words))

    return asked


def one(answer: Result) -> dict[str, Any]:
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def rows(answer: Result) -> list[dict[str, Any]]:
    assert answer.exit_code == 0, answer.output
    return [json.loads(line) for line in answer.stdout.splitlines()]


def test_a_broken_commitment_is_listed_shown_and_bars_its_holder(ask: Ask) -> None:
    case_id = one(ask("trigger", "commitment_broken", "-o", "json"))["cases"][0]
    (listed,) = rows(ask("commitment", "list", "--state", "settled", "-o", "jsonl"))
    assert listed["case_id"] == case_id
    assert one(ask("commitment", "show", case_id, "-o", "json"))["outcome"] == "采纳"
    assert one(ask("commitment", "show", listed["commitment_id"], "-o", "json"))["case_id"] == case_id
    (bar,) = rows(ask("credit", "bars", "--subject", listed["subject_id"], "--in-force", "-o", "jsonl"))
    assert (bar["kind"], bar["last_day"]) == ("commitment", None)
    missing = ask("commitment", "show", str(uuid4()))
    assert missing.exit_code == 1
    assert ask("commitment", "show", "nonsense").exit_code == 1


def test_a_tolerance_that_lapsed_is_listed(ask: Ask) -> None:
    case_id = one(ask("trigger", "tolerance_lapses", "-o", "json"))["cases"][0]
    listed = {row["case_id"]: row["missing"] for row in rows(ask("tolerance", "list", "--state", "lapsed", "-o", "jsonl"))}
    assert listed[case_id] == ["经营场所平面图"]


def test_a_sample_is_computed_first_and_recorded_only_when_it_is_meant(ask: Ask) -> None:
    one(ask("trigger", "commitment_sampled", "-o", "json"))
    (waiting,) = rows(ask("commitment", "list", "--state", "open", "-o", "jsonl"))
    yesterday = str(date.fromisoformat(waiting["decided_on"]) - timedelta(1))
    words = ("commitment", "sample", waiting["item"], "--on", yesterday, "-o", "jsonl")
    (tried,) = rows(ask(*words, "--dry-run"))
    assert (tried["pool"], tried["percent"]) == (1, 10)
    assert tried["drawn"] == [{"case_no": waiting["case_no"], "commitment_id": waiting["commitment_id"]}]
    one(ask("trigger", "tolerance_lapses", "-o", "json"))
    assert rows(ask("commitment", "list", "--state", "open", "-o", "jsonl"))[0]["samples"] == []
    assert rows(ask(*words)) == [tried]
    one(ask("trigger", "tolerance_lapses", "-o", "json"))
    assert rows(ask("commitment", "list", "--state", "open", "-o", "jsonl"))[0]["samples"] == [tried["sample_no"]]
    refused = ask("commitment", "sample", waiting["item"])
    assert refused.exit_code == 1, "the story drew today already, from another pool"


def test_a_check_of_credit_is_recorded_with_its_source_and_an_unreachable_register_records_nothing(
    ask: Ask, tmp_path: Path
) -> None:
    today = clock_of(Settings()).now().astimezone(SHANGHAI)
    listed = "91371500MA3C5X0Y1T,聊城市柳园商贸有限公司,失信7号,严重失信主体名单,,,,\n"
    (tmp_path / f"credit-{today:%Y%m%d}.csv").write_text(HEAD + listed, encoding="utf-8")
    place = {"SHUANGTUI_CREDIT_REGISTER_FILE": str(tmp_path)}
    subject = "91371500MA3C5X0Y1T"

    tried = one(ask("credit", "check", subject, "--dry-run", "-o", "json", **place))
    assert (tried["result"], tried["recorded"]) == ("dishonest", False)
    assert rows(ask("credit", "history", subject, "-o", "jsonl")) == []

    done = one(ask("credit", "check", subject, "-o", "json", **place))
    assert (done["result"], done["recorded"], len(done["events"])) == ("dishonest", True, 2)
    one(ask("trigger", "tolerance_lapses", "-o", "json"))
    (kept,) = rows(ask("credit", "history", subject, "-o", "jsonl"))
    assert (kept["result"], kept["records"][0]["number"]) == ("dishonest", "失信7号")
    assert [bar["kind"] for bar in rows(ask("credit", "bars", "--subject", subject, "-o", "jsonl"))] == ["dishonesty"]
    unset = ask("credit", "check", subject)
    assert unset.exit_code == 1
