"""Specification of practice as dated data: every number has a basis and a period, and a missing one is said."""

from __future__ import annotations

import ast
import json
import sys
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from published import d

from domain.rules import errors
from domain.rules.errors import BadRule, NoRuleInForce, OverlappingPeriods, RuleError, UnknownRule
from domain.rules.loader import (
    Unit,
    integrity_rule_ids,
    practice,
    read_rules,
    rule_book,
    special_procedure,
    special_procedure_kinds,
    threshold,
    time_limit,
)

TODAY = d("2026-11-02")
BOOKS = (
    "time_limits", "thresholds", "special_procedures", "practices", "office_hours", "working_days", "identifier_codes",
    "expert_disciplines", "document_numbers",
)  # fmt: skip


def entry(**changes: Any) -> dict[str, Any]:
    return {
        "zh": "期限", "en": "a limit", "value": 5, "unit": "working_days", "legal_basis": "默认 default",
        "effective_from": "2026-01-01", "effective_to": None, "source": "tests only", **changes,
    }  # fmt: skip


def book(*entries: Any, key: str = "reply") -> Any:
    return read_rules("fictitious", json.dumps({"rules": {key: list(entries)}}))


# 法定期限 what the law fixes


@pytest.mark.parametrize(
    ("key", "value", "unit", "article"),
    [
        ("intake", 5, Unit.WORKING_DAYS, "三十二"),
        ("statutory_single", 20, Unit.WORKING_DAYS, "四十二"),
        ("statutory_single_extension", 10, Unit.WORKING_DAYS, "四十二"),
        ("statutory_joint", 45, Unit.WORKING_DAYS, "四十二"),
        ("statutory_joint_extension", 15, Unit.WORKING_DAYS, "四十二"),
        ("lower_level_examination", 20, Unit.WORKING_DAYS, "四十三"),
        ("delivery", 10, Unit.WORKING_DAYS, "四十四"),
        ("hearing_request", 5, Unit.CALENDAR_DAYS, "四十七"),
        ("hearing_convene", 20, Unit.WORKING_DAYS, "四十七"),
        ("hearing_notice", 7, Unit.WORKING_DAYS, "四十八"),
        ("renewal_request", 30, Unit.CALENDAR_DAYS, "五十"),
        ("technical_testing", 5, Unit.WORKING_DAYS, "五十五"),
        ("publicity", 7, Unit.WORKING_DAYS, "国办发〔2015〕51号"),
        ("bar_false_material", 1, Unit.YEARS, "七十八"),
        ("bar_fraud", 3, Unit.YEARS, "七十九"),
    ],
)
def test_a_limit_of_the_law_has_its_article_and_unit(key: str, value: int, unit: Unit, article: str) -> None:
    limit = time_limit(key, on=TODAY)
    assert (limit.value, limit.unit) == (value, unit)
    assert article in limit.legal_basis


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("push_dispatch", 1), ("push_acknowledge", 1), ("push_claim", 2), ("push_claim_red", 5), ("push_feedback", 10),
        ("finding_register", 1), ("finding_register_red", 5), ("finding_decide", 20),
        ("consultation_reply", 3), ("consultation_reply_complex", 5),
        ("inspection_notice", 1), ("inspection_opinion", 2), ("inspection_reinspection", 3),
    ],
)  # fmt: skip
def test_a_default_says_that_it_is_one(key: str, value: int) -> None:
    limit = time_limit(key, on=TODAY)
    assert (limit.value, limit.unit, limit.legal_basis) == (value, Unit.WORKING_DAYS, "默认 default")


def test_the_list_of_procedures_that_stop_the_clock_is_closed() -> None:
    assert special_procedure_kinds() == (
        "hearing", "tender", "auction", "inspection", "testing", "quarantine", "appraisal", "expert_review",
    )  # fmt: skip
    assert [special_procedure(kind, on=TODAY).zh for kind in special_procedure_kinds()] == [
        "听证", "招标", "拍卖", "检验", "检测", "检疫", "鉴定", "专家评审",
    ]  # fmt: skip
    with pytest.raises(UnknownRule):
        special_procedure("leadership_study", on=TODAY)


# 阈值 thresholds


def test_all_fifty_integrity_rules_have_a_name_in_both_languages_and_a_version() -> None:
    assert integrity_rule_ids() == tuple(f"R{number:02}" for number in range(1, 51))
    for rule_id in integrity_rule_ids():
        rule = threshold(rule_id, on=TODAY)
        assert rule.zh
        assert rule.en
        assert rule.version
        assert rule.severity in {"notice", "warn", "yellow", "red"}
    assert len({threshold(rule_id, on=TODAY).code for rule_id in integrity_rule_ids()}) == 50


def test_a_threshold_that_is_a_time_limit_is_not_written_twice() -> None:
    rule = threshold("R30", on=TODAY)
    assert (rule["acknowledge_yellow"], rule["claim_yellow"], rule["claim_red"]) == (1, 2, 5)
    assert rule.measures["claim_red"].limit == "push_claim_red"
    assert threshold("R32", on=TODAY)["decide_red"] == 20
    assert threshold("R33", on=TODAY)["dispatch"] == 1
    assert threshold("R01", on=TODAY)["joint"] == 45
    assert threshold("R02", on=TODAY)["notice_at"] == 80
    assert threshold("R10", on=TODAY)["clock_skew"] == 2
    assert threshold("R12", on=TODAY).measures == {}
    assert threshold("R39", on=TODAY).measures == {}


def test_a_measure_nobody_defined_and_a_rule_nobody_knows_are_named_errors() -> None:
    with pytest.raises(UnknownRule):
        threshold("R30", on=TODAY)["speed"]
    with pytest.raises(UnknownRule):
        threshold("R51", on=TODAY)
    with pytest.raises(UnknownRule):
        threshold("R21", on=TODAY)["night_from"]
    assert threshold("R21", on=TODAY).text("night_from") == "22:00"


# 有效期 periods


def test_before_the_law_there_is_no_limit_and_none_is_invented() -> None:
    assert time_limit("statutory_single", on=d("2004-07-01")).value == 20
    with pytest.raises(NoRuleInForce) as refused:
        time_limit("statutory_single", on=d("2004-06-30"))
    assert "2004-07-01" in refused.value.told("zh")
    with pytest.raises(NoRuleInForce):
        time_limit("publicity", on=d("2012-01-05"))


def test_a_new_period_holds_from_its_date_and_the_old_one_for_what_happened_before() -> None:
    dated = book(entry(effective_to="2026-06-30"), entry(value=3, effective_from="2026-07-01"))
    assert dated.on("reply", d("2026-06-30")).value == 5
    assert dated.on("reply", d("2026-07-01")).value == 3
    assert dated.latest("reply").value == 3


def test_a_hole_between_two_periods_is_refused_not_bridged() -> None:
    holed = book(entry(effective_to="2026-03-31"), entry(effective_from="2026-05-01"))
    with pytest.raises(NoRuleInForce):
        holed.on("reply", d("2026-04-15"))


@pytest.mark.parametrize("first_ends", [None, "2026-07-01", "2026-12-31"])
def test_two_periods_at_once_are_refused(first_ends: str | None) -> None:
    with pytest.raises(OverlappingPeriods) as refused:
        book(entry(effective_from="2026-07-01"), entry(effective_to=first_ends))
    assert refused.value.facts["key"] == "reply"


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit": "fortnights"},
        {"effective_from": "2026-13-01"},
        {"effective_from": None},
        {"effective_to": "2025-12-31"},
        {"legal_basis": " "},
        {"source": ""},
        {"zh": ""},
        {"comment": "a field nobody reads"},
    ],
)
def test_an_entry_that_is_not_whole_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadRule):
        book(entry(**wrong))


@pytest.mark.parametrize("field", ["value", "unit", "legal_basis", "effective_from", "effective_to", "source"])
def test_an_entry_without_one_of_its_fields_is_refused(field: str) -> None:
    short = entry()
    del short[field]
    with pytest.raises(BadRule):
        book(short)


def test_the_same_name_twice_in_one_file_is_refused_and_not_silently_the_last() -> None:
    one, other = json.dumps(entry()), json.dumps(entry(value=3))
    with pytest.raises(BadRule) as refused:
        read_rules("fictitious", f'{{"rules": {{"reply": [{one}], "reply": [{other}]}}}}')
    assert refused.value.facts["key"] == "reply"
    with pytest.raises(BadRule):
        book()


def test_an_unknown_name_is_an_error_that_says_which() -> None:
    with pytest.raises(UnknownRule) as refused:
        time_limit("statutory_tripple", on=TODAY)
    assert "statutory_tripple" in refused.value.told("en")
    with pytest.raises(UnknownRule):
        practice("claim_moode", on=TODAY)


# 随附数据 the shipped files


def test_every_shipped_file_loads_and_every_entry_has_a_basis_and_a_source() -> None:
    shipped = {path.name.removesuffix(".json") for path in files("domain.rules").joinpath("data").iterdir()}
    assert shipped - {"__init__.py", "__pycache__"} == {*BOOKS, "region_codes"}
    for name in BOOKS:
        for key in rule_book(name):
            for provision in rule_book(name).versions(key):
                assert provision.legal_basis
                assert provision.source
                assert provision.effective_from <= date(2026, 12, 31)


def test_practice_is_off_where_silence_or_absence_would_cost_somebody_a_right() -> None:
    assert practice("silence_default", on=TODAY).value is False
    assert practice("absence_default", on=TODAY).value is False
    assert practice("receipt_roll", on=TODAY).value == "none"
    assert practice("claim_mode", on=TODAY).value == "explicit"


# 错误 errors


def test_every_error_speaks_two_languages_and_fills_its_placeholders() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, RuleError)]
    for kind in kinds:
        if kind is RuleError:
            continue
        assert any("\u4e00" <= character <= "\u9fa5" for character in kind.ZH)
        assert not any("\u4e00" <= character <= "\u9fa5" for character in kind.EN)
        with pytest.raises(TypeError):
            kind()


def test_the_rules_import_the_standard_library_only_and_never_read_the_time() -> None:
    for path in Path(errors.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                imported = [node.module or ""]
            else:
                imported = []
            for name in imported:
                assert name.split(".")[0] in sys.stdlib_module_names or name.startswith("domain.rules"), (path, name)
            if isinstance(node, ast.Attribute):
                assert node.attr not in {"now", "today", "utcnow", "time_ns"}, (path, node.lineno)
