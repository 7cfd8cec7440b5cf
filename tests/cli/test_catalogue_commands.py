"""The catalogue at the command line: brought in from files, rehearsed, compared between levels, and routed."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from typer.testing import CliRunner, Result

from interfaces.cli.main import app
from tests.sheets.test_sheets import ROW, SLIM, WHOLE, csv_of

Ask = Callable[..., Result]


@pytest.fixture
def ask(postgres_server: str, tmp_path: Path) -> Iterator[Ask]:
    """A platform on a database of this test's own."""
    name = f"catalogue_{uuid4().hex[:12]}"
    with psycopg.connect(postgres_server, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        base, _, options = postgres_server.partition("?")
        url = f"{base.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")
        runner = CliRunner(env={"SHUANGTUI_DATABASE_URL": url, "SHUANGTUI_KAFKA_BOOTSTRAP": "unused:1"})
        yield lambda *words: runner.invoke(app, [str(word) for word in words])
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def told(answer: Result, code: int = 0) -> dict[str, Any]:
    assert answer.exit_code == code, answer.stdout + answer.stderr
    return json.loads(answer.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def listed(answer: Result) -> list[dict[str, Any]]:
    assert answer.exit_code == 0, answer.stderr
    return json.loads(answer.stdout)["rows"]  # type: ignore[no-any-return]


def bring(ask: Ask, path: Path, *more: str) -> Result:
    return ask("item", "import", path, "--scheme", "other", "--effective-from", "2026-01-01", "-o", "json", *more)


def entry(number: int, **more: str) -> dict[str, str]:
    code = f"ITEM-{number:04}"
    return WHOLE | {"事项编码": code, "实施编码": code, "基本编码": f"3701170{number:05}"} | more


def counts(answer: dict[str, Any]) -> tuple[int, int, int]:
    return answer["done"], answer["unchanged"], answer["refused"]


def test_a_file_is_brought_in_again_without_a_new_version_and_what_changed_is_one(ask: Ask, tmp_path: Path) -> None:
    first = csv_of(tmp_path / "1.csv", entry(1), entry(2), entry(3))
    assert counts(told(bring(ask, first))) == (3, 0, 0)
    assert counts(told(bring(ask, first))) == (0, 3, 0)
    faster = entry(2, 承诺办结时限="7", 变更原因="压缩时限", 生效日期="2026-06-01")
    second = csv_of(tmp_path / "2.csv", entry(1), faster, entry(3))
    assert counts(told(bring(ask, second))) == (1, 2, 0)
    assert counts(told(bring(ask, csv_of(tmp_path / "3.csv", entry(2), faster)))) == (0, 2, 0)
    shown = told(ask("item", "show", "ITEM-0002", "--version", "2", "-o", "json"))
    assert {change["path"]: (change["old"], change["new"]) for change in shown["changes"]}["terms.promised_days"] == (10, 7)
    assert shown["reason"] == "压缩时限"
    assert shown["complete"] is True
    assert shown["elements"]["service"]["place"] == "一楼"
    versions = listed(ask("item", "history", "ITEM-0002", "--on", "2026-06-01", "-o", "json"))
    assert [one["state"] for one in versions] == ["superseded", "in_force"]
    assert "承诺办结时限" in versions[1]["changed"]
    assert "压缩时限" in ask("item", "history", "ITEM-0002", "--on", "2026-06-01").stdout


def test_a_rehearsal_tells_what_would_happen_and_stores_nothing(ask: Ask, tmp_path: Path) -> None:
    path = csv_of(tmp_path / "1.csv", entry(1), entry(1, 承诺办结时限="9"), entry(2, 承诺办结时限="21"))
    rehearsed = told(bring(ask, path, "--dry-run"), 1)
    assert counts(rehearsed) == (1, 0, 2)
    assert [(one["row"], one["code"]) for one in rehearsed["problems"]] == [
        (3, "VersionsMayNotOverlap"), (4, "PromiseLongerThanLaw"),
    ]  # fmt: skip
    assert listed(ask("item", "list", "-o", "json")) == []
    assert counts(told(bring(ask, path), 1)) == (1, 0, 2)


def test_every_problem_of_a_file_is_told_with_row_column_code_and_remedy(ask: Ask, tmp_path: Path) -> None:
    rows = (entry(1), entry(2, 办理地点="", 咨询方式=""), entry(3, 承诺办结时限="随时"), entry(4, 是否收费="是"))
    report = tmp_path / "report.csv"
    answer = bring(ask, csv_of(tmp_path / "1.csv", *rows), "--report", str(report))
    found = told(answer, 1)
    assert counts(found) == (1, 0, 3)
    assert [(one["row"], one["column"], one["code"]) for one in found["problems"]] == [
        (3, "办理地点", "ElementsMissing"), (3, "咨询方式", "ElementsMissing"), (4, "承诺办结时限", "limit_unclear"),
        (5, "", "FeeWithoutBasis"),
    ]  # fmt: skip
    with report.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == 5
    assert "请补填" in ask("item", "import", tmp_path / "1.csv", "--scheme", "other").stdout.replace("\n", "")


def test_levels_that_say_an_element_differently_are_reported(ask: Ask, tmp_path: Path) -> None:
    city = entry(1, 行政区划="371500")
    county = entry(2, 行政区划="371502", 行使层级="县级", 实施主体="区审批局", 实施主体代码="DISTRICT",
                   基本编码=city["基本编码"], 承诺办结时限="8")  # fmt: skip
    told(bring(ask, csv_of(tmp_path / "1.csv", city, county)))
    [found] = listed(ask("item", "drift", "-o", "json"))
    assert (found["organ_name"], found["reference_organ"], found["differing_zh"]) == (
        "区审批局", "市行政审批服务局", ["承诺办结时限"],
    )  # fmt: skip


def test_a_table_is_brought_in_shown_and_its_dispute_stops_the_catalogue(ask: Ask, tmp_path: Path) -> None:
    told(bring(ask, csv_of(tmp_path / "i.csv", SLIM)))
    claimed = {"事项编码": "FOOD-1", "行政区划": "371502", "生效日期": "2026-01-01", "审批部门代码": "DISTRICT"}
    path = csv_of(tmp_path / "r.csv", ROW, claimed, claimed | {"审批部门代码": "URBAN"})
    imported = ("responsibility", "import", path, "-o", "json")
    assert counts(told(ask(*imported, "--dry-run"))) == (1, 0, 0)
    assert counts(told(ask(*imported))) == (1, 0, 0)
    assert counts(told(ask(*imported))) == (0, 1, 0)
    here = told(ask("responsibility", "show", "FOOD-1", "--region", "371521", "--on", "2026-03-02", "-o", "json"))
    assert here["dispute"] is None
    assert len(listed(ask("responsibility", "show", "FOOD-1", "--on", "2026-03-02", "-o", "json"))) == 3
    there = told(ask("responsibility", "show", "FOOD-1", "--region", "371502", "--on", "2026-03-02", "-o", "json"))
    assert (there["approver"], there["dispute"]) == (None, 1)
    [dispute] = listed(ask("responsibility", "disputes", "-o", "json"))
    assert [one["code"] for one in dispute["claimants"]] == ["DISTRICT", "URBAN"]
    faster = csv_of(tmp_path / "f.csv", SLIM | {"承诺办结时限": "5", "生效日期": "2026-06-01"})
    refused = told(bring(ask, faster), 1)
    assert [one["code"] for one in refused["problems"]] == ["OwnerInDispute"]


def test_what_is_not_there_is_said_in_both_languages(ask: Ask, tmp_path: Path) -> None:
    for words in (("item", "show", "NOTHING"), ("item", "history", "NOTHING"), ("responsibility", "show", "NOTHING")):
        answer = ask(*words)
        assert answer.exit_code == 1
        assert "NOTHING" in answer.stderr
    (tmp_path / "a.csv").write_bytes(b"")
    assert "没有内容" in ask("item", "import", tmp_path / "a.csv").stderr


def test_an_empty_form_is_written_for_both_lists(ask: Ask, tmp_path: Path) -> None:
    for group in ("item", "responsibility"):
        path = tmp_path / f"{group}.xlsx"
        assert ask(group, "template", "-o", path).exit_code == 0
        assert path.stat().st_size > 0
