"""The command line computes what the rules say, for anyone to check."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from domain.rules.entering import enter_rules
from interfaces.cli.main import app, command_line

NOTICE = {
    "about": "虚构 fictitious",
    "rules": {
        "2027": [
            {
                "zh": "2027年节假日安排", "en": "holiday arrangement of 2027", "unit": "calendar_year",
                "value": {
                    "notice": "国办发明电〔2026〕0号(虚构)", "make_up_days": ["2027-01-30"],
                    "holidays": [{"zh": "元旦", "en": "New Year's Day", "from": "2027-01-01", "to": "2027-01-03"}],
                },
                "legal_basis": "全国年节及纪念日放假办法", "effective_from": "2026-11-05", "effective_to": None,
                "source": "tests only",
            }
        ],
        "typhoon": [
            {
                "zh": "台风停工", "en": "typhoon closure", "unit": "calendar_days", "legal_basis": "默认 default",
                "value": {"region": "371500", "days": ["2027-01-04"], "working": False, "notice": "聊政办发〔2027〕0号(虚构)"},
                "effective_from": "2026-11-05", "effective_to": None, "source": "tests only",
            }
        ],
    },
}  # fmt: skip


@pytest.fixture
def entering(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A directory of entered rules of its own, and a notice of next year that waits to be entered."""
    monkeypatch.setenv("SHUANGTUI_RULES", str(tmp_path / "rules"))
    file = tmp_path / "working_days.2027.json"
    file.write_text(json.dumps(NOTICE, ensure_ascii=False), encoding="utf-8")
    yield file
    enter_rules(None)


def asked(*words: str) -> tuple[int, dict[str, Any]]:
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


def test_a_notice_is_checked_then_entered_and_from_then_on_its_days_are_computed(entering: Path) -> None:
    file, due = str(entering), ("calendar", "due", "--from", "2026-12-30", "--working-days", "2")
    code, told = asked("calendar", "check", file)
    assert (code, told["ok"], told["keys"]) == (0, True, ["2027", "typhoon"])
    assert told["notices"] == ["国办发明电〔2026〕0号(虚构)", "聊政办发〔2027〕0号(虚构)"]
    assert CliRunner().invoke(app, [*due, "-o", "json"]).exit_code == 1, "checking enters nothing"
    assert asked("calendar", "enter", file, "--dry-run")[1]["entered"] is False
    assert not entering.with_name("rules").exists()

    assert asked("calendar", "enter", file)[1]["entered"] is True
    assert asked("calendar", "enter", file)[0] == 0, "entering the same again changes nothing"
    assert asked(*due)[1]["due"] == "2027-01-04"
    _, local = asked(*due, "--region", "371502")
    assert (local["due"], local["days"][-2]["code"]) == ("2027-01-05", "local_closure")
    assert asked(*due, "--region", "370100")[1]["due"] == "2027-01-04"
    assert CliRunner().invoke(app, [*due, "--known-on", "2026-11-04"]).exit_code == 1, "before it was issued"
    _, shown = asked("calendar", "show", "2027", "--region", "371502")
    assert [day["date"] for day in shown["days"]] == [
        "2027-01-01", "2027-01-02", "2027-01-03", "2027-01-04", "2027-01-30",
    ]  # fmt: skip


def test_what_was_entered_is_never_changed_and_a_wrong_file_is_never_entered(entering: Path) -> None:
    asked("calendar", "enter", str(entering))
    entering.write_text(entering.read_text(encoding="utf-8").replace("2027-01-30", "2027-01-31"), encoding="utf-8")
    again = CliRunner().invoke(app, ["calendar", "enter", str(entering)])
    assert (again.exit_code, "录入过的规则不改" in again.stderr) == (1, True)
    other = entering.rename(entering.with_name("calendar.2027.json"))
    for word in ("check", "enter"):
        wrong = CliRunner().invoke(app, ["calendar", word, str(other)])
        assert (wrong.exit_code, "working_days" in wrong.stderr) == (1, True)
    assert [file.name for file in entering.with_name("rules").iterdir()] == ["working_days.2027.json"]


@pytest.mark.parametrize(
    ("kind", "value", "valid"),
    [("uscc", "91350100M000100Y43", True), ("uscc", "91350100M000100Y44", False), ("region", "371523", False)],
)
def test_an_identifier_is_judged_with_reasons(kind: str, value: str, valid: bool) -> None:
    code, told = asked("identifier", "check", kind, value, "--on", "2026-01-01")

    assert list(told) == ["valid", "errors", "warnings"], "exactly this, for programs that check it"
    assert told["valid"] is valid
    assert bool(told["errors"]) is not valid
    assert code == (0 if valid else 1)


@pytest.mark.parametrize(
    ("kind", "value", "warning"),
    [
        ("uscc", "91371500MA3X000198", "entity_check_character"),
        ("citizen_id", "440524188001010014", "region"),
        ("region", "371502001", "below_county"),
        ("item", "XK37001000", "older_scheme"),
        ("case_no", "11371500MB2862819G3370117003000202709180001", "future_day"),
        ("e_license", "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9", "issuer"),
        ("document_no", "聊行审许字〔2027〕1号", "future_year"),
    ],
)
def test_what_only_asks_to_look_again_is_a_warning_and_no_error(kind: str, value: str, warning: str) -> None:
    code, told = asked("identifier", "check", kind, value, "--on", "2026-01-01")

    assert (code, told["valid"], told["errors"]) == (0, True, [])
    assert [one["code"] for one in told["warnings"]] == [warning]  # type: ignore[index,attr-defined]


def test_a_code_of_another_scheme_is_kept_as_text_where_the_scheme_is_named() -> None:
    assert asked("identifier", "check", "item", "XK37-001", "--scheme", "older")[1]["valid"]
    assert not asked("identifier", "check", "item", "XK37001000", "--scheme", "national")[1]["valid"]


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


def test_a_person_is_looked_up_by_a_digest_that_the_platform_tells_without_showing_the_number(tmp_path: Path) -> None:
    number = "11010519491231002X"
    homes = {"SHUANGTUI_HOME": str(tmp_path)}
    told = [
        CliRunner().invoke(app, ["identifier", "digest", "-o", "json"], input=f"{number}\n", env=env)
        for env in (homes, homes, homes | {"SHUANGTUI_PERSON_KEY": "k" * 32})
    ]
    digests = [json.loads(one.stdout.splitlines()[-1])["identifier"] for one in told]
    assert digests[0] == digests[1] != digests[2], "the key that was made is kept"
    assert all(number not in one.output for one in told)
    assert (tmp_path / "person.key").stat().st_mode & 0o077 == 0

    wrong = CliRunner().invoke(app, ["identifier", "digest"], input="110105194912310021\n", env=homes)
    assert wrong.exit_code == 1
    assert "校验位" in wrong.stderr
