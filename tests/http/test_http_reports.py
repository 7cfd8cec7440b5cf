"""批量报送: what existing approval systems report is taken in once, item by item, and nothing disturbs the rest."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
import pytest
from town import City, problem

from domain.approval_case.facts import StepReported
from domain.kernel.people import Role

SOURCE = "dongying-oa"


def step(number: int, **more: Any) -> dict[str, Any]:
    return {
        "source": SOURCE, "source_event_id": f"e-{number}", "case_no": f"DY{number // 3:05}",
        "opened_on": "2026-02-02", "organ": "DY-SPJ", "activity": "01_HOOFD_010",
        "occurred_at": f"2026-02-{2 + number % 3:02}T10:00:00+08:00", **more,
    }  # fmt: skip


async def report(city: City, content: bytes, kind: str = "application/json", source: str = SOURCE) -> Any:
    asked = city.someone("DY-SPJ", Role.SOURCE, source)
    return await city.client.post("/v1/reports", content=content, headers=asked.headers(**{"Content-Type": kind}))


async def test_reported_steps_are_recorded_case_by_case_in_their_order(city: City) -> None:
    answer = await report(city, orjson.dumps([step(n) for n in range(9)]))
    assert answer.status_code == 200
    told = answer.json()
    assert (told["recorded"], told["already_there"], told["refused"]) == (9, 0, 0)
    assert [r["index"] for r in told["results"]] == list(range(9))
    assert len({r["stream"] for r in told["results"]}) == 3
    facts = await city.platform.facts_of(UUID(told["results"][0]["stream"]))
    assert [f.source_event_id for f in facts if isinstance(f, StepReported)] == ["e-0", "e-1", "e-2"]
    assert answer.headers["x-position"] == str(told["position"]) == str(await city.platform.head())


async def test_the_same_report_twice_adds_nothing(city: City) -> None:
    body = orjson.dumps([step(n) for n in range(9)])
    await report(city, body)
    head = await city.platform.head()
    again = (await report(city, body)).json()
    assert (again["recorded"], again["already_there"]) == (0, 9)
    assert await city.platform.head() == head


async def test_the_same_step_twice_in_one_report_is_recorded_once(city: City) -> None:
    told = (await report(city, orjson.dumps([step(0), step(0), step(1)]))).json()
    assert [r["outcome"] for r in told["results"]] == ["recorded", "already_there", "recorded"]


async def test_lines_of_json_are_taken_like_an_array(city: City) -> None:
    lines = b"\n".join(orjson.dumps(step(n)) for n in range(4)) + b"\n"
    told = (await report(city, lines, "application/x-ndjson")).json()
    assert told["recorded"] == 4


async def test_a_bad_item_is_refused_with_its_place_and_the_others_are_recorded(city: City) -> None:
    items = [step(0), step(1, organ="?", activity=""), step(2), step(3, source="somebody-else"), step(4)]
    told = (await report(city, orjson.dumps(items))).json()
    assert (told["recorded"], told["refused"]) == (3, 2)
    outcomes = {r["index"]: r for r in told["results"]}
    assert outcomes[1]["code"] == "ContentMalformed"
    assert {e["pointer"] for e in outcomes[1]["errors"]} == {"/organ", "/activity"}
    assert outcomes[3]["code"] == "NotTheSource"
    assert outcomes[3]["zh"]
    assert outcomes[3]["en"]


async def test_a_step_of_the_future_is_refused_alone(city: City) -> None:
    items = [step(0), step(1, occurred_at="2031-01-01T00:00:00+08:00"), step(2)]
    told = (await report(city, orjson.dumps(items))).json()
    assert [r["outcome"] for r in told["results"]] == ["recorded", "refused", "recorded"]
    assert told["results"][1]["code"] == "FutureTime"


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00-12:00"])
async def test_a_time_that_nobody_can_compute_with_does_not_disturb_the_others(city: City, time: str) -> None:
    items = [step(n) for n in range(7)]
    items[4]["occurred_at"] = time
    answer = await report(city, orjson.dumps(items))
    assert answer.status_code == 200, answer.text
    outcomes = [r["outcome"] for r in answer.json()["results"]]
    assert outcomes[:4] + outcomes[5:] == ["recorded"] * 6


async def test_a_broken_line_is_refused_alone(city: City) -> None:
    lines = [orjson.dumps(step(0)), b"{broken", b"", orjson.dumps(step(1)) + b"," + orjson.dumps(step(2)), b"7"]
    told = (await report(city, b"\n".join(lines), "application/x-ndjson")).json()
    assert [r["outcome"] for r in told["results"]] == ["recorded", "refused", "refused", "refused"]
    assert [r.get("code") for r in told["results"]] == [None, "NotJson", "NotJson", "ContentMalformed"]


async def test_a_line_that_smuggles_in_two_steps_is_refused_and_shifts_no_other(city: City) -> None:
    lines = [orjson.dumps(step(0)), orjson.dumps(step(1)) + b"," + orjson.dumps(step(2)), orjson.dumps(step(3))]
    told = (await report(city, b"\n".join(lines), "application/x-ndjson")).json()
    assert [(r["index"], r["outcome"]) for r in told["results"]] == [(0, "recorded"), (1, "refused"), (2, "recorded")]


async def test_only_a_reporting_system_may_report(city: City) -> None:
    acceptor = city.someone("DY-SPJ", Role.ACCEPTOR, "window-1")
    answer = await city.client.post("/v1/reports", json=[], headers=acceptor.headers())
    problem(answer, 403, "NotForThisRole")


async def test_what_is_no_list_or_too_long_is_refused_whole(city: City) -> None:
    problem(await report(city, b'{"a": 1}'), 422, "NotJson")
    problem(await report(city, b"[1,"), 422, "NotJson")
    problem(await report(city, b"[]", "text/plain"), 415, "MediaTypeNotTaken")
    problem(await report(city, orjson.dumps([step(0)] * 5001)), 413, "TooManyItems")
    problem(await report(city, b" " * (16 * 1024 * 1024 + 1)), 413, "BodyTooLarge")
    assert await city.platform.head() == 0


async def test_an_empty_report_is_an_empty_answer(city: City) -> None:
    told = (await report(city, b"[]")).json()
    assert told == {"recorded": 0, "already_there": 0, "refused": 0, "position": 0, "results": []}
