"""Specification of the clauses that let silence or absence count: off as shipped, and never on without a basis."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from domain.kernel.deeming import ABSENCE, SILENCE, clause_for
from domain.rules import deeming
from domain.rules.deeming import DeemingClause, clauses_of, deeming_clauses
from domain.rules.errors import BadRule
from domain.rules.loader import Provision, read_rules

TODAY = date(2026, 3, 2)
NINTH = {"clause": "《聊城市联合会商办法》第九条", "organs": ["FIRE-371500"], "regions": ["371500"]}


def provision(value: Any, basis: str = "《聊城市联合会商办法》") -> Provision:
    entry = {
        "zh": "会商逾期视为无意见", "en": "silence counts", "value": value, "unit": "setting", "legal_basis": basis,
        "effective_from": "2026-01-01", "effective_to": None, "source": "聊政办发〔2025〕9号",
    }  # fmt: skip
    return read_rules("practices", json.dumps({"rules": {SILENCE: [entry]}})).on(SILENCE, TODAY)


@pytest.mark.parametrize("practice", [SILENCE, ABSENCE])
def test_nothing_is_deemed_as_the_platform_is_shipped(practice: str) -> None:
    assert deeming_clauses(practice, on=TODAY) == ()
    assert clause_for(practice, organ="FIRE-371500", region="371502", on=TODAY) is None


def test_a_city_turns_it_on_by_naming_the_clauses_that_allow_it() -> None:
    assert clauses_of(provision([NINTH])) == (DeemingClause(NINTH["clause"], ("FIRE-371500",), ("371500",)),)
    assert clauses_of(provision(False)) == ()


@pytest.mark.parametrize(
    "value", [True, [], ["第九条"], [{"clause": " "}], [{"organs": ["FIRE-371500"]}], [{**NINTH, "on": 1}]]
)
def test_on_without_a_clause_is_refused(value: Any) -> None:
    with pytest.raises(BadRule):
        clauses_of(provision(value))


def test_a_default_of_ours_allows_nothing() -> None:
    with pytest.raises(BadRule):
        clauses_of(provision([NINTH], "默认 default"))


@pytest.mark.parametrize(
    ("organ", "region", "found"),
    [
        ("FIRE-371500", "371502", True),
        ("FIRE-371500", "371502100", True),
        ("FIRE-371500", "370102", False),
        ("FIRE-371500", None, False),
        ("HEALTH-371500", "371502", False),
    ],
)
def test_a_clause_binds_whom_it_names_where_it_holds(
    monkeypatch: pytest.MonkeyPatch, organ: str, region: str | None, found: bool
) -> None:
    monkeypatch.setattr(deeming, "practice", lambda key, on: provision([NINTH]))
    deeming_clauses.cache_clear()
    try:
        told = clause_for(SILENCE, organ=organ, region=region, on=TODAY)
    finally:
        deeming_clauses.cache_clear()
    assert told == (NINTH["clause"] if found else None)


def test_a_clause_that_names_nobody_binds_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.kernel.deeming.deeming_clauses", lambda key, on: (DeemingClause("第九条"),))
    assert clause_for(ABSENCE, organ="HEALTH-371500", region=None, on=TODAY) == "第九条"
