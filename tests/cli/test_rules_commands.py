"""The command line computes what the rules say, for anyone to check."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from interfaces.cli.main import app, command_line


def asked(*words: str) -> tuple[int, dict[str, object]]:
    answer = CliRunner().invoke(app, [*words, "-o", "json"])
    return answer.exit_code, json.loads(answer.stdout.splitlines()[-1])


def test_a_due_date_is_told_with_every_day_and_why_it_counted() -> None:
    code, told = asked("calendar", "due", "--from", "2026-02-05", "--working-days", "20")

    assert code == 0
    assert told["due"] == "2026-03-11"
    days = {day["date"]: day for day in told["days"]}  # type: ignore[union-attr,attr-defined]
    assert days["2026-02-14"]["counted"], "a make-up Saturday counts"
    assert not days["2026-02-17"]["counted"], "Spring Festival does not"
    assert all(day["zh"] and day["en"] for day in days.values())


def test_a_year_without_a_calendar_is_refused_in_both_languages() -> None:
    answer = CliRunner().invoke(app, ["calendar", "due", "--from", "2030-01-04", "--working-days", "5"])

    assert answer.exit_code == 1
    assert "2030" in answer.stderr
    assert "日历" in answer.stderr
    assert "calendar" in answer.stderr


@pytest.mark.parametrize(
    ("kind", "value", "valid"),
    [("uscc", "91350100M000100Y43", True), ("uscc", "91350100M000100Y44", False), ("region", "371523", False)],
)
def test_an_identifier_is_judged_with_reasons(kind: str, value: str, valid: bool) -> None:
    code, told = asked("identifier", "check", kind, value, "--on", "2026-01-01")

    assert told["valid"] is valid
    assert bool(told["errors"]) is not valid
    assert code == (0 if valid else 1)


def test_an_unknown_kind_of_identifier_names_the_known_ones() -> None:
    answer = CliRunner().invoke(app, ["identifier", "check", "passport", "X"])

    assert answer.exit_code == 2
    assert "uscc" in answer.stderr


@pytest.mark.parametrize("words", [(), ("calendar",), ("doctor", "--role", "http"), ("no-such-command",)])
def test_a_command_is_the_same_whether_it_is_loaded_alone_or_with_all_others(words: tuple[str, ...]) -> None:
    loaded = command_line(words)

    answer = CliRunner().invoke(loaded, ["calendar" if not words or words[0] not in ("doctor",) else "doctor", "--help"])

    assert answer.exit_code == 0, answer.output
    assert "Usage" in answer.output
