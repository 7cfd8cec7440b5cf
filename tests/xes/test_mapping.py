"""The mappings: what the words of a log mean here, and that nothing is left out."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from pydantic import TypeAdapter

from domain.approval_case.commands import ReportStep
from interfaces.xes.mapping import Mapping, UnknownMapping, code_of, mapping_named, mappings
from interfaces.xes.reader import Log, Trace
from tests.shared import shared

STEPS = TypeAdapter(list[ReportStep])
BPIC = mapping_named("bpic15")


def event(activity: str, **more: str) -> dict[str, str]:
    given = {"concept:name": activity, "org:resource": "560872", "time:timestamp": "2014-04-11T10:20:30+02:00"}
    return given | {name.replace("__", ":"): value for name, value in more.items()}


def case(*events: dict[str, str], **attributes: str) -> Trace:
    return Trace({"concept:name": "10009138", "startDate": "2014-04-11T00:00:00+02:00", **attributes}, list(events))


def reports(trace: Trace, mapping: Mapping = BPIC) -> list[dict[str, Any]]:
    found = mapping.reports(trace, 1, "BPIC15_1", set())
    STEPS.validate_python(found)
    return found


def means(trace: Trace) -> list[str | None]:
    return [report.get("means") for report in reports(trace)]


def test_a_case_has_one_decision_however_often_the_activity_stands() -> None:
    again = [event("01_HOOFD_375"), event("01_HOOFD_490_1"), event("01_HOOFD_490_1"), event("01_HOOFD_490_1")]
    assert means(case(*again)) == ["examined", "granted", None, None]


def test_a_case_that_ended_in_refusal_was_denied() -> None:
    assert means(case(event("01_HOOFD_490_1"), last_phase="Vergunning geweigerd")) == ["denied"]


def test_the_last_closing_concludes_the_case() -> None:
    closing = [event("01_HOOFD_820"), event("01_HOOFD_815"), event("01_HOOFD_820")]
    assert means(case(*closing)) == [None, None, "concluded"]


@pytest.mark.parametrize(
    ("moment", "precision", "kept"),
    [
        ("2014-04-11T00:00:00+02:00", "day", "2014-04-11T00:00:00+02:00"),
        ("2014-04-11T00:00:00.000+02:00", "day", "2014-04-11T00:00:00+02:00"),
        ("2014-04-11T00:00:01+02:00", "second", "2014-04-11T00:00:01+02:00"),
        ("2011-10-11T13:45:40.276+02:00", "instant", "2011-10-11T13:45:40.276000+02:00"),
        ("2014-04-11T10:00:00", "second", "2014-04-11T10:00:00+02:00"),
        ("2014-12-11T10:00:00", "second", "2014-12-11T10:00:00+01:00"),
    ],
)
def test_the_precision_and_the_zone_of_a_time_are_kept(moment: str, precision: str, kept: str) -> None:
    [report] = reports(case(event("x", time__timestamp=moment)))
    assert report["precision"] == precision
    assert ReportStep.model_validate(report).occurred_at.isoformat() == kept


def test_an_event_without_a_usable_time_takes_the_day_before_it_and_keeps_what_stood_there() -> None:
    first, second, third = reports(
        case(event("a"), {"concept:name": "b"}, event("c", time__timestamp="2014-13-45"))
    )  # fmt: skip
    assert (second["occurred_at"], second["precision"]) == ("2014-04-11T00:00:00+02:00", "day")
    assert third["attributes"]["time:timestamp"] == "2014-13-45"
    assert second["officer"] == ""
    assert first["source_event_id"] == "10009138#1"


def test_departments_come_from_the_parts_also_those_that_no_table_knows() -> None:
    [report] = reports(case(event("x"), parts="Bouw, Milieu (vergunning),Ruimtevaart / Raketten,Bouw"))
    assert [d["code"] for d in report["departments"]] == [
        "nl-bouw", "nl-milieu-vergunning", "nl-ruimtevaart-raketten",
    ]  # fmt: skip
    assert report["departments"][2]["name"] == "Ruimtevaart / Raketten"


@pytest.mark.parametrize("name", ["消防", "a", "/", "x" * 80, "Flora & Fauna", "-"])
def test_every_name_gives_a_code_that_a_topic_may_carry(name: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{1,39}", code_of(name, "nl-"))


def test_the_source_is_read_from_the_content_not_from_the_name_of_the_file() -> None:
    assert BPIC.source.of({"concept:name": "BPIC15_4.xes"}) == "BPIC15_4"
    assert BPIC.source.of({}) == "BPIC15"
    assert mapping_named("receipt").source.of({"concept:name": "anything"}) == "coselog-receipt"


def test_case_numbers_are_usable_and_never_the_same_twice() -> None:
    seen: set[str] = set()
    names = ["10009138", "10009138", "case 1", "", "长" * 60, "7"]
    numbers = [
        BPIC.reports(Trace({"concept:name": name}, [event("x")]), n, "S", seen)[0]["case_no"]
        for n, name in enumerate(names)
    ]
    assert len(set(numbers)) == len(names)
    assert numbers[:4] == ["10009138", "10009138~2", "case_1", "trace-3"]
    assert all(re.fullmatch(r"\S{2,50}", number) for number in numbers)


def test_more_than_fits_is_kept_beside() -> None:
    many = {f"k{n}": "v" for n in range(150)}
    [report] = reports(case(event("a" * 300, **many)))
    assert len(report["attributes"]) == 100
    assert report["attributes"]["…"].count("k1") > 10
    assert report["activity"] == "a" * 200


@pytest.mark.parametrize(("file", "name"), [("receipt", "receipt"), ("BPIC15_1", "bpic15"), ("BPIC15_2", "bpic15")])
def test_no_value_of_a_real_log_is_dropped(file: str, name: str) -> None:
    mapping = mapping_named(name)
    log = Log(shared(f"data/permit-logs/{file}.xes.gz"))
    fields = mapping.event
    for number, trace in enumerate(log.traces()):
        if number % 20:
            continue
        found = mapping.reports(trace, number, "S", set())
        assert found[0]["case_attributes"] == trace.attributes
        for report, stood in zip(found, trace.events, strict=True):
            given = dict(report.get("attributes", {}))
            given[fields.activity], given[fields.officer] = report["activity"], report["officer"]
            if fields.name:
                given[fields.name] = report["activity_name"]
            given[fields.time] = stood[fields.time]
            assert given == stood
            assert datetime.fromisoformat(report["occurred_at"]) == datetime.fromisoformat(stood[fields.time])


def test_every_mapping_says_whom_its_data_ask_to_cite() -> None:
    assert mappings() == ["bpic15", "receipt"]
    assert all("DOI" in mapping_named(name).cite for name in mappings())


def test_an_unknown_mapping_is_told_with_those_that_exist() -> None:
    with pytest.raises(UnknownMapping, match="bpic15"):
        mapping_named("nothing-of-the-kind")
