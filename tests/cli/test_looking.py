"""What the command line shows of a platform on which something has happened."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from typer.testing import CliRunner, Result

from interfaces.cli.main import app

Ask = Callable[..., Result]


@pytest.fixture(scope="module")
def own_database(postgres_server: str) -> Iterator[str]:
    """A database of this module: what it plays must not meet what others count."""
    name = f"looking_{uuid4().hex[:12]}"
    with psycopg.connect(postgres_server, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield conninfo_to_url(postgres_server, name)
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def conninfo_to_url(server: str, name: str) -> str:
    base, _, options = server.partition("?")
    return f"{base.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")


@pytest.fixture(scope="module")
def told(own_database: str) -> dict[str, Any]:
    """The story of one decision, played on a database of this module's own."""
    answer = CliRunner(env={"SHUANGTUI_DATABASE_URL": own_database, "SHUANGTUI_KAFKA_BOOTSTRAP": "unused:1"}).invoke(
        app, ["trigger", "decision_pushed", "-o", "json"]
    )
    assert answer.exit_code == 0, answer.stderr
    return json.loads(answer.stdout.splitlines()[-1])  # type: ignore[no-any-return]


@pytest.fixture
def ask(own_database: str) -> Ask:
    runner = CliRunner(env={"SHUANGTUI_DATABASE_URL": own_database, "SHUANGTUI_KAFKA_BOOTSTRAP": "unused:1"})
    return lambda *words: runner.invoke(app, list(words))


def rows(answer: Result) -> list[dict[str, Any]]:
    assert answer.exit_code == 0, answer.stderr
    return [json.loads(line) for line in answer.stdout.splitlines()]


def test_a_story_ends_with_the_stored_names_of_what_happened_in_order(told: dict[str, Any]) -> None:
    names = [name for name in told["events"] if not name.startswith("item.")]

    assert names[0] == "case.application_submitted"
    assert names.index("case.decision_granted") < names.index("push.dispatched") < names.index("push.claimed")
    assert [name for name in names if name.startswith("case.")][-1] == "case.concluded"
    assert told["pushes"] == 1


def test_a_case_is_found_shown_and_told_in_both_languages(told: dict[str, Any], ask: Ask) -> None:
    case_id = told["cases"][0]

    listed = rows(ask("case", "list", "-o", "jsonl"))
    shown = rows(ask("case", "show", case_id, "-o", "json"))[0]
    timeline = ask("case", "timeline", case_id).stdout

    assert case_id in {row["case_id"] for row in listed}
    assert shown["state"] == "concluded"
    assert "受理" in timeline
    assert "accepted" in timeline


def test_a_case_replayed_to_an_earlier_fact_is_what_it_was_then(told: dict[str, Any], ask: Ask) -> None:
    case_id = told["cases"][0]

    then = rows(ask("case", "replay", case_id, "--version", "3", "-o", "json"))[0]
    now = rows(ask("case", "replay", case_id, "-o", "json"))[0]

    assert (then["state"], then["facts"]) == ("accepted", 3)
    assert (now["state"], now["facts"]) == ("concluded", now["of"])


def test_a_push_says_who_claimed_it_and_why_it_was_sent(told: dict[str, Any], ask: Ask) -> None:
    push = rows(ask("push", "list", "--regulator", "story-market", "-o", "jsonl"))[0]
    why = rows(ask("push", "explain", push["case_no"], "story-market", "-o", "jsonl"))

    assert push["officer"] == "孙监管"
    assert any(rule["met"] for rule in why)
    assert all(rule["zh"] and rule["en"] for rule in why)


def test_every_list_answers_with_json_also_when_it_is_empty(told: dict[str, Any], ask: Ask) -> None:
    for words in (("finding", "list"), ("consult", "list"), ("inspect", "list"), ("risk", "list"), ("parked", "list")):
        answer = ask(*words, "-o", "json")

        assert answer.exit_code == 0, answer.stderr
        assert json.loads(answer.stdout)["rows"] == []


def test_an_unknown_case_is_refused_in_both_languages(told: dict[str, Any], ask: Ask) -> None:
    answer = ask("case", "show", "no-such-case")

    assert answer.exit_code == 1
    assert "没有办件" in answer.stderr
    assert "there is no case" in answer.stderr


def test_an_unknown_consultation_or_inspection_is_refused_in_both_languages(told: dict[str, Any], ask: Ask) -> None:
    for words in (("consult", "show"), ("inspect", "show"), ("inspect", "chain")):
        answer = ask(*words, str(uuid4()))

        assert answer.exit_code == 1
        assert "没有" in answer.stderr
        assert "there is no" in answer.stderr


def test_projections_say_how_they_stand(told: dict[str, Any], ask: Ask) -> None:
    status = rows(ask("project", "status", "-o", "jsonl"))

    assert {row["name"] for row in status} >= {"case_register", "timeline", "push_board", "integrity_board"}
    assert all(row["lag"] == 0 and not row["error"] for row in status)


def test_a_rebuilt_projection_differs_in_no_row(told: dict[str, Any], ask: Ask) -> None:
    compared = rows(ask("project", "compare", "push_board", "-o", "json"))[0]

    assert compared["differing"] == 0
    assert compared["rows"] > 0


def test_a_token_is_issued_once_listed_without_its_secret_and_revoked(told: dict[str, Any], ask: Ask) -> None:
    made = rows(ask("token", "issue", "--organ", "market", "--role", "regulator", "--purpose", "t", "-o", "json"))[0]
    listed = ask("token", "list", "-o", "jsonl")
    number = next(row["number"] for row in rows(listed) if row["organ"] == "market")

    assert made["token"].startswith("st_")
    assert made["token"] not in listed.stdout
    assert ask("token", "revoke", number).exit_code == 0
    assert next(row for row in rows(ask("token", "list", "-o", "jsonl")) if row["organ"] == "market")["revoked_at"]


def test_every_clock_of_a_case_is_told_day_by_day_now_and_as_it_stood(told: dict[str, Any], ask: Ask) -> None:
    case_id = told["cases"][0]

    shown = rows(ask("case", "clock", case_id, "-o", "json"))[-1]
    statutory = next(one for one in shown["clocks"] if one["clock"] == "statutory")
    table = ask("case", "clock", case_id, "--clock", "statutory").stdout
    before = ask("case", "clock", case_id, "--at", "2020-01-01", "-o", "json")

    assert {one["clock"] for one in shown["clocks"]} >= {"notice", "statutory", "promised", "delivery", "publicity"}
    assert (statutory["amount"], statutory["unit"], statutory["met_on"] is not None) == (20, "working_days", True)
    assert statutory["days"] == [] or statutory["days"][0]["code"] == "day_zero"
    assert "法定办理期限" in table
    assert "decision by law" in table
    assert "承诺办理期限" not in table
    assert (before.exit_code, "2020-01-01" in before.stderr) == (1, True)
