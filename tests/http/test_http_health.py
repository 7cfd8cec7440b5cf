"""健康: living, being ready and being measured are three questions."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from town import MARCH, City, problem

from domain.kernel.people import Role
from domain.rules.entering import enter_rules
from interfaces.http.app import create_app
from interfaces.http.doors import Readiness
from interfaces.http.health import judged


def verdicts(facts: Readiness) -> dict[str, str]:
    return {check.name: check.verdict for check in judged(facts, MARCH)}


async def test_a_process_lives_while_its_loop_turns_whatever_the_database_does(city: City) -> None:
    await city.platform.aclose()
    assert (await city.client.get("/livez")).status_code == 200


async def test_a_migrated_store_is_ready(city: City) -> None:
    answer = await city.client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["ready"] is True
    assert {c["name"] for c in answer.json()["checks"]} >= {"database", "migrations", "partition", "calendar"}


async def test_a_store_that_lacks_a_migration_or_does_not_answer_is_not_ready(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    for facts in (Readiness(pending_migrations=("0009_next",)), Readiness(trouble="connection refused")):

        async def readiness(facts: Readiness = facts) -> Readiness:
            return facts

        monkeypatch.setattr(city.platform, "readiness", readiness)
        answer = await city.client.get("/readyz")
        assert answer.status_code == 503
        failed = [c for c in answer.json()["checks"] if c["verdict"] == "failed"]
        assert len(failed) == 1
        assert failed[0]["zh"]
        assert failed[0]["en"]


def test_what_will_be_missing_later_is_a_warning_now() -> None:
    well = verdicts(Readiness(years=(2026, 2027), head=10, projections={"cases": 10}))
    assert set(well.values()) == {"ok"}
    late = verdicts(Readiness(years=(2026,), head=100_000, projections={"cases": 10}))
    assert (late["partition"], late["projection:cases"]) == ("warning", "warning")
    assert "failed" not in late.values()


def test_a_calendar_that_ends_within_120_days_is_a_warning() -> None:
    autumn = MARCH.replace(month=10)
    assert {c.name: c.verdict for c in judged(Readiness(years=(2027,)), autumn)}["calendar"] == "warning"
    assert verdicts(Readiness(years=(2027,)))["calendar"] == "ok"


@pytest.mark.parametrize(("month", "day", "verdict"), [(9, 2, "ok"), (9, 3, "warning"), (12, 31, "warning")])
def test_readiness_warns_120_days_before_the_last_day_the_calendar_knows(month: int, day: int, verdict: str) -> None:
    told = {c.name: c for c in judged(Readiness(years=(2027,)), MARCH.replace(month=month, day=day))}["calendar"]
    assert (told.verdict, "2026-12-31" in told.zh, "2026-12-31" in told.en) == (verdict, True, True)
    assert ("calendar enter" in told.zh) == (verdict == "warning"), "the warning says what to do"


def test_a_process_that_started_before_rules_were_entered_says_so(tmp_path: Path) -> None:
    enter_rules(tmp_path)
    try:
        assert verdicts(Readiness(years=(2027,)))["rules"] == "ok"
        (tmp_path / "practices.here.json").write_text("{}", encoding="utf-8")
        assert verdicts(Readiness(years=(2027,)))["rules"] == "warning"
    finally:
        enter_rules(None)


async def test_metrics_are_for_the_machine_itself_and_for_operators(city: City) -> None:
    problem(await city.client.get("/metrics"), 401, "TokenMissing")
    auditor, operator = city.someone("LC-SJJ", Role.AUDITOR), city.someone("platform", Role.OPERATOR)
    problem(await auditor.get("/metrics"), 403, "NotForThisRole")
    assert "shuangtui_http_requests_total" in (await operator.get("/metrics")).text
    here = httpx.ASGITransport(app=create_app(city.platform), client=("127.0.0.1", 1))
    async with httpx.AsyncClient(transport=here, base_url="http://platform.test") as local:
        assert (await local.get("/metrics")).status_code == 200
        forwarded = await local.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})
        problem(forwarded, 401, "TokenMissing")
