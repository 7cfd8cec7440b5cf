"""What the command line shows of licenses and of an enterprise, after a story was played."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from interfaces.cli.main import app
from tests.cli.test_looking import Ask, own_database, rows

__all__ = ["own_database"]


@pytest.fixture
def ask(own_database: str) -> Ask:
    runner = CliRunner(env={"SHUANGTUI_DATABASE_URL": own_database, "SHUANGTUI_KAFKA_BOOTSTRAP": "unused:1"})
    return lambda *words: runner.invoke(app, list(words))


def one(answer: Result) -> dict[str, Any]:
    assert answer.exit_code == 0, answer.stderr
    return json.loads(answer.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def test_a_license_its_story_and_that_of_its_holder_are_shown_in_both_languages(ask: Ask) -> None:
    told = one(ask("trigger", "license_ended", "-o", "json"))
    assert told["pushes"] == 3

    [listed] = rows(ask("license", "list", "-o", "jsonl"))
    assert (listed["state"], listed["exchange_code"]) == ("cancelled", "04")

    shown = one(ask("license", "show", listed["license_no"], "-o", "json"))
    assert [entry["topic"] for entry in shown["timeline"]][-2:] == ["license.revoked", "license.cancelled"]

    story = ask("enterprise", "timeline", listed["subject_id"])
    assert story.exit_code == 0, story.stderr
    assert "报送监管信息" in story.stdout
    assert "was revoked under" in story.stdout

    assert rows(ask("license", "due", "--days", "3650", "-o", "jsonl")) == []
    assert rows(ask("license", "annual-checks", "-o", "jsonl")) == []
    missing = ask("license", "show", "no-such-number")
    assert missing.exit_code == 1
    assert "没有证照" in missing.stderr
