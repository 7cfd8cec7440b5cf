"""Specification of entered rules: a new notice without a release, and nothing computed from a wrong one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from published import d

from domain.rules.entering import enter_rules, try_rules
from domain.rules.entering import entered as what_was_read
from domain.rules.errors import BadRule, NoCalendarForYear, NoLettersForDocument, OverlappingPeriods
from domain.rules.loader import practice, rule_book, special_procedure_kinds, time_limit
from domain.rules.numbering import document_letters
from domain.rules.working_days import calendar_told, due_on, working_calendar
from tests.entered_rules import NOTICE_2027, entered, rule, text, typhoon, year_2027


@pytest.fixture(autouse=True)
def shipped_rules_afterwards() -> Iterator[None]:
    yield
    enter_rules(None)


def test_an_entered_notice_makes_its_year_computable_from_the_day_it_was_entered(tmp_path: Path) -> None:
    with pytest.raises(NoCalendarForYear):
        working_calendar().due_date(d("2026-12-30"), 2)
    with entered(tmp_path, working_days_2027=text(year_2027())):
        assert working_calendar().due_date(d("2026-12-30"), 2) == d("2027-01-04")
        assert due_on("delivery", d("2027-01-25")) == d("2027-02-13"), "both make-up Saturdays count"
        assert working_calendar(d("2026-11-26")).covers(d("2027-01-01"))
        assert working_calendar().why(d("2027-02-08")).zh == f"春节放假({NOTICE_2027})"
    with pytest.raises(NoCalendarForYear):
        working_calendar().due_date(d("2026-12-30"), 2)


def test_between_the_notice_and_its_entering_nobody_here_could_know_it(tmp_path: Path) -> None:
    with entered(tmp_path, working_days_2027=text(year_2027(), entered_on="2026-11-26")):
        assert not working_calendar(d("2026-11-25")).covers(d("2027-01-01")), "issued on the 5th, entered on the 26th"


def test_a_fact_told_by_a_calendar_finds_it_again_by_its_version(tmp_path: Path) -> None:
    before = working_calendar().version
    with entered(tmp_path, working_days_2027=text(year_2027()), working_days_typhoon=text(typhoon(), "2026-11-27")):
        told = {calendar_told(v, d("2026-12-01")).version for v in (before, "facts that name none")}
        assert told == {before, working_calendar().version}
        middle = working_calendar(d("2026-11-26"))
        assert middle.version not in (before, working_calendar().version)
        assert calendar_told(middle.version, d("2024-01-01")).covers(d("2027-01-01"))
        assert working_calendar().since(middle) == ("聊政办发〔2026〕0号(虚构)",)


def test_an_entered_closure_holds_for_its_region_and_below_and_nowhere_else(tmp_path: Path) -> None:
    with entered(tmp_path, working_days_typhoon=text(typhoon(), "2026-07-12")):
        due = {r: working_calendar().due_date(d("2026-07-10"), 3, (), r) for r in (None, "371502", "370100", "371500")}
    assert due == {
        None: d("2026-07-15"), "370100": d("2026-07-15"), "371502": d("2026-07-17"), "371500": d("2026-07-17"),
    }  # fmt: skip


def test_a_closure_of_a_town_does_not_reach_its_neighbour(tmp_path: Path) -> None:
    with entered(tmp_path, working_days_flood=text(typhoon("371502100"), "2026-07-12")):
        closed = {r: not working_calendar().is_working(d("2026-07-13"), r) for r in ("371502100", "371502101", "371502")}
    assert closed == {"371502100": True, "371502101": False, "371502": False}


def test_an_entered_practice_ends_the_default_the_day_before_it_begins(tmp_path: Path) -> None:
    roll = {"receipt_roll": [rule("next_working_day", effective_from="2026-12-01")]}
    with entered(tmp_path, practices_here=text(roll)):
        told = [practice("receipt_roll", on=d(day)).value for day in ("2026-11-30", "2026-12-01")]
        assert told == ["none", "next_working_day"]
    assert practice("receipt_roll", on=d("2026-12-01")).value == "none"


def test_an_organ_enters_the_letters_of_its_documents_and_keeps_the_shipped_words(tmp_path: Path) -> None:
    with pytest.raises(NoLettersForDocument):
        document_letters("BUREAU-9", "grant", on=d("2026-12-01"))
    names = {"organ_short_names": [rule({"BUREAU-9": "济行审"})]}
    words = {"organ_document_words": [rule({"BUREAU-9": {"denial": "规划"}})]}
    with entered(tmp_path, document_numbers_here=text(names | words)):
        letters = [document_letters("BUREAU-9", kind, on=d("2026-12-01")) for kind in ("grant", "denial")]
        assert letters == ["济行审许字", "济行审规划"]
        with pytest.raises(NoLettersForDocument):
            document_letters("BUREAU-9", "license", on=d("2026-12-01"))


def test_an_entered_limit_is_answered_at_once_although_the_shipped_one_was_asked_before(tmp_path: Path) -> None:
    assert time_limit("push_claim", on=d("2026-12-01")).value == 2
    with entered(tmp_path, time_limits_here=text({"push_claim": [rule(3, unit="working_days")]})):
        assert time_limit("push_claim", on=d("2026-12-01")).value == 3
        assert time_limit("push_claim", on=d("2026-05-31")).value == 2


def test_two_entered_periods_of_one_name_may_not_overlap(tmp_path: Path) -> None:
    roll = text({"receipt_roll": [rule("next_working_day")]})
    with pytest.raises(OverlappingPeriods), entered(tmp_path, practices_a=roll, practices_b=roll):
        pass


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("working_days.2027.json", text(year_2027(make_up_days=["2027-01-29"]))),
        ("working_days.2027.json", text(year_2027(holidays=[{"zh": "元旦"}]))),
        ("working_days.2027.json", text({"2027": [rule({}, unit="calendar_year")]})),
        ("working_days.x.json", text(typhoon(days=()))),
        ("working_days.x.json", text(typhoon(region="聊城"))),
        ("working_days.x.json", text(typhoon(days=("2028-03-01",)))),
        ("working_days.x.json", text({"x": [rule({"region": "371500"})]})),
        ("working_days.x.json", "{"),
        ("practices.x.json", text({"receipt_roll": [rule("sometimes")]})),
        ("practices.x.json", text({"seal_required": [rule("false")]})),
        ("time_limits.x.json", text({"push_claim": [rule(-1, unit="working_days")]})),
        ("office_hours.x.json", text({"office_hours": [rule([["13:00", "12:00"]], unit="local_time")]})),
        ("special_procedures.x.json", text({"coffee": [rule(True)]})),
        ("holidays.json", text(year_2027())),
        ("working_days.x.json", text(typhoon(), entered_on=None)),
        ("working_days.x.json", text(typhoon(), entered_on="yesterday")),
    ],
)
def test_a_file_that_cannot_be_right_is_refused_and_leaves_everything_as_it_was(
    tmp_path: Path, name: str, content: str
) -> None:
    good = tmp_path / "good"
    with entered(good, working_days_2027=text(year_2027())):
        version = working_calendar().version
        (good / name).write_text(content, encoding="utf-8")
        with pytest.raises((BadRule, OverlappingPeriods)) as refused:
            enter_rules(good)
        assert refused.value.told("zh")
        assert working_calendar().version == version, "the process goes on by what it had read"
        assert what_was_read().directory == good


def test_the_closed_list_of_article_45_cannot_be_added_to(tmp_path: Path) -> None:
    (tmp_path / "special_procedures.x.json").write_text(text({"coffee": [rule(True)]}), encoding="utf-8")
    with pytest.raises(BadRule):
        enter_rules(tmp_path)
    assert len(special_procedure_kinds()) == 8


def test_a_second_notice_of_a_year_takes_the_place_of_the_first_from_the_day_it_is_known(tmp_path: Path) -> None:
    longer = year_2027(notice="国办发明电〔2027〕0号(虚构)", make_up_days=["2027-01-30"])
    longer["2027"][0]["effective_from"] = "2027-01-20"
    first = year_2027()
    first["2027"][0]["effective_to"] = "2027-01-19"
    with entered(tmp_path, working_days_2027=text(first), working_days_2027b=text(longer, "2027-01-21")):
        assert working_calendar(d("2027-01-20")).is_working(d("2027-02-13"))
        assert not working_calendar(d("2027-01-21")).is_working(d("2027-02-13"))


def test_trying_a_file_tells_what_it_would_bring_and_keeps_nothing(tmp_path: Path) -> None:
    before = working_calendar().version
    tried = try_rules(tmp_path, "working_days.2027.json", text(year_2027(), None), d("2026-11-26"))
    assert (tried.keys, tried.calendar.since(tried.before)) == (("2027",), (NOTICE_2027,))
    assert tried.calendar.version != before == tried.before.version == working_calendar().version
    assert "2027" not in rule_book("working_days")


def test_a_process_knows_that_rules_were_entered_after_it_started(tmp_path: Path) -> None:
    with entered(tmp_path) as directory:
        assert not what_was_read().changed()
        (directory / "working_days.2027.json").write_text(text(year_2027()), encoding="utf-8")
        assert what_was_read().changed()
        enter_rules(directory)
        assert not what_was_read().changed()


def test_an_absent_directory_holds_nothing(tmp_path: Path) -> None:
    assert enter_rules(tmp_path / "nowhere").directory == tmp_path / "nowhere"
    assert json.loads(json.dumps(list(rule_book("working_days")))) == ["2024", "2025", "2026"]
