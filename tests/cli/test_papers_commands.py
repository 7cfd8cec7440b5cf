"""文书号、用章、授权 on the command line: numbers, gaps, registers, and what is for those who inspect alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner

from domain.application import Order
from domain.document_number import VoidDocumentNumber
from domain.kernel.documents import DocumentKind, document_stream
from domain.kernel.people import Actor, Role
from infra.settling import settle
from interfaces.cli.main import command_line
from interfaces.cli.shell import with_platform
from interfaces.cli.telling import play

ORGAN = "11371500MB2862819G"


@pytest.fixture(autouse=True)
def on_a_platform(fresh_database: Callable[..., str], tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHUANGTUI_DATABASE_URL", fresh_database())
    monkeypatch.setenv("SHUANGTUI_HOME", str(tmp_path))


def said(*words: str) -> Any:
    return CliRunner().invoke(command_line(words), list(words))


def asked(*words: str) -> Any:
    answer = said(*words, "-o", "json")
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


def settled() -> None:
    with_platform(settle)


def next_number(cause: str) -> dict[str, Any]:
    return asked("document", "next", "grant", "--organ", ORGAN, "--cause", cause, "--officer", "clerk-1")


def test_the_next_number_is_told_and_the_same_cause_gets_the_same_again() -> None:
    first, again, second = next_number("grant"), next_number("grant"), next_number("other")
    year = first["year"]
    assert [one["document_no"] for one in (first, again, second)] == [
        f"聊行审许字〔{year}〕1号", f"聊行审许字〔{year}〕1号", f"聊行审许字〔{year}〕2号",
    ]  # fmt: skip
    assert [one["new"] for one in (first, again, second)] == [True, False, True]

    steward = Actor(id="steward-1", organ=ORGAN, role=Role.STEWARD)
    void = VoidDocumentNumber(series_id=document_stream(ORGAN, DocumentKind.GRANT, year), number=1, reason="打印样张")
    with_platform(lambda platform: platform.app.handle(Order(void, steward, platform.now())))
    settled()
    listed = asked("document", "list", "--organ", ORGAN)["rows"]
    assert [(row["document_no"], row["state"]) for row in listed] == [
        (first["document_no"], "voided"), (second["document_no"], "reserved"),
    ]  # fmt: skip
    gaps = asked("document", "gaps", "--on", f"{year + 1}-01-01")["rows"]
    assert [(row["state"], row["voided_because"]) for row in gaps] == [("voided", "打印样张"), ("unexplained", "")]


def test_an_organ_without_letters_is_told_what_to_do() -> None:
    answer = said("document", "next", "grant", "--organ", "BUREAU-9", "--cause", "grant", "--officer", "clerk-1")
    assert answer.exit_code == 1
    assert "代字" in str(answer.exception)


def test_registers_are_listed_and_what_was_attempted_is_for_those_who_inspect_alone() -> None:
    async def told(platform: Any) -> dict[str, Any]:
        beyond = await play("delegation_exceeded", platform)
        unsealed = await play("seal_without_decision", platform)
        return {"beyond": beyond["cases"], "unsealed": unsealed["cases"]}

    cases = with_platform(told)
    (seal,) = asked("seal", "list")["rows"]
    assert (seal["keeper"], seal["uses"]) == ("冯保管", 2)
    uses = asked("seal", "uses", "--seal", seal["seal_id"])["rows"]
    assert [row["state"] for row in uses] == ["used", "used"]
    (letter,) = asked("delegation", "list")["rows"]
    assert (letter["officer"], letter["retroactive"]) == ("郑首席", False)
    missing = asked("seal", "missing", "--on", "2099-01-01")["rows"]
    assert {row["case_id"] for row in missing} == {str(one) for one in cases["beyond"]}

    outside = str(cases["beyond"][1])
    hidden = {row["topic"] for row in asked("case", "timeline", outside)["rows"]}
    shown = {row["topic"] for row in asked("case", "timeline", outside, "--inspecting")["rows"]}
    assert shown - hidden == {"delegation.exceeded"}

    tail = ("tail", "--after", "0", "--no-follow", "-o", "jsonl")
    heard = {json.loads(line)["type"] for line in said(*tail).stdout.splitlines()}
    all_of_it = {json.loads(line)["type"] for line in said(*tail, "--inspecting").stdout.splitlines()}
    assert all_of_it - heard == {"delegation.exceeded", "seal.use_attempted"}

    refused = said("attempts")
    assert refused.exit_code == 1
    assert "纪检监察" in refused.stderr
    rows = asked("attempts", "--inspecting")["rows"]
    assert sorted(row["what"] for row in rows) == ["delegation.exceeded", "seal.use_attempted", "seal.use_attempted"]


def test_every_command_of_papers_says_what_it_does() -> None:
    for words in (("document",), ("seal",), ("delegation",), ("attempts",)):
        answer = said(*words, "--help")
        assert answer.exit_code == 0
        assert "Usage" in answer.output


