"""专家: who may read the pool, who reads the numbers of a draw before the review, and who may compute it again."""

from __future__ import annotations

from typing import Any

import pytest
from town import Asked, City, problem

from domain.expert_draw.commands import CommitDrawSecret, FreezeExpertPool, RevealDrawSecret
from domain.expert_draw.drawing import commitment_of
from domain.kernel.people import Role

SECRET = "5e" * 32


@pytest.fixture
def examiner(city: City) -> Asked:
    return city.someone("LC-SPJ", Role.EXAMINER, "examiner-1")


@pytest.fixture
def colleague(city: City) -> Asked:
    return city.someone("LC-SPJ", Role.EXAMINER, "examiner-2")


@pytest.fixture
def steward(city: City) -> Asked:
    return city.someone("LC-SPJ", Role.STEWARD, "steward-1")


@pytest.fixture
def inspector(city: City) -> Asked:
    return city.someone("LC-JW", Role.DISCIPLINE, "inspector-1")


@pytest.fixture
async def drawn(city: City, submitted: str, steward: Asked, examiner: Asked) -> str:
    """A draw of two experts for the submitted case, by its id."""
    numbers = []
    for n in range(1, 5):
        body = {"expert_no": f"E-{n:04d}", "name": f"张专家{n}", "title": "高工", "disciplines": ["FIRE"]}
        assert (await steward.post("/v1/experts/enroll", body)).status_code == 201
        numbers.append(f"E-{n:04d}")
    asked = await examiner.post("/v1/expert-draws/request", request(submitted))
    assert asked.status_code == 201, asked.text
    draw_id = asked.json()["stream"]
    commit = CommitDrawSecret(draw_id=draw_id, round=1, key_id="key-1", commitment=commitment_of(SECRET))
    await city.do(commit)
    started = await examiner.post(f"/v1/expert-draws/{draw_id}/start", {"salt": "dice 1 2 3"})
    assert started.status_code == 200, started.text
    await city.do(FreezeExpertPool(draw_id=draw_id, round=1, experts=tuple(numbers)))
    await city.do(RevealDrawSecret(draw_id=draw_id, round=1, secret=SECRET))
    await city.platform.project()
    return str(draw_id)


def request(case_id: str, **more: Any) -> dict[str, Any]:
    return {
        "case_id": case_id, "case_no": "LC2026030001", "discipline": "FIRE", "seats": 2, "review_on": "2026-03-03",
        "parties": [{"role": "applicant", "identifier": "91371500MA3C1ABC2D", "name": "聊城某食品有限公司"}],
        "purpose": "消防设计评审", **more,
    }  # fmt: skip


def numbers(answer: Any) -> list[str]:
    return [one["expert_no"] for one in answer.json()["candidates"]]


async def test_before_the_review_only_those_on_duty_and_the_discipline_office_read_who_was_drawn(
    drawn: str, examiner: Asked, colleague: Asked, inspector: Asked, city: City
) -> None:
    path = f"/v1/expert-draws/{drawn}"
    seen = numbers(await examiner.get(path))
    assert len(seen) == 2
    assert all(no.startswith("E-") for no in seen)
    assert numbers(await colleague.get(path)) == ["***", "***"]
    assert numbers(await inspector.get(path)) == seen
    assert numbers(await city.someone("LC-SJJ", Role.AUDITOR, "auditor-1").get(path)) == ["***", "***"]
    (row,) = (await colleague.get("/v1/expert-draws", open=True)).json()["rows"]
    assert [one["expert_no"] for one in row["candidates"]] == ["***", "***"]


async def test_after_the_start_of_the_review_the_numbers_are_no_secret(
    drawn: str, examiner: Asked, colleague: Asked, city: City
) -> None:
    path = f"/v1/expert-draws/{drawn}"
    for no in numbers(await examiner.get(path)):
        assert (await examiner.post(f"{path}/confirm", {"expert_no": no})).status_code == 200
    answer = await examiner.post(f"{path}/start-review")
    assert answer.status_code == 200, answer.text
    await city.platform.project()
    assert numbers(await colleague.get(path)) == numbers(await examiner.get(path))
    assert (await examiner.get(path)).json()["state"] == "reviewing"


async def test_an_officer_of_another_organ_and_a_regulator_see_no_draw(drawn: str, city: City, examiner: Asked) -> None:
    stranger = city.someone("OTHER-SPJ", Role.EXAMINER, "examiner-9")
    problem(await stranger.get(f"/v1/expert-draws/{drawn}"), 404, "UnknownStream")
    assert (await stranger.get("/v1/expert-draws")).json()["rows"] == []
    regulator = city.someone("LC-SCJG", Role.REGULATOR, "zhang")
    problem(await regulator.get(f"/v1/expert-draws/{drawn}"), 403, "NotForThisRole")
    problem(await regulator.get("/v1/experts"), 403, "NotForThisRole")
    foreign = await stranger.post(f"/v1/expert-draws/{drawn}/start", {"salt": "dice 6 6 6"})
    problem(foreign, 403, "ForeignAuthority")


async def test_an_officer_who_is_not_on_duty_is_refused_in_words(drawn: str, colleague: Asked) -> None:
    answer = await colleague.post(f"/v1/expert-draws/{drawn}/cancel", {"reason": "不再需要"})
    problem(answer, 403, "NotOnDuty")


async def test_an_inspector_computes_the_draw_again_and_an_officer_may_not(
    drawn: str, inspector: Asked, examiner: Asked
) -> None:
    told = (await inspector.get(f"/v1/expert-draws/{drawn}/verification")).json()
    assert (told["verdict"], told["drawn"], told["differs"]) == ("match", 1, [])
    assert {step["step"] for step in told["steps"]} >= {"commitment", "pool_complete", "candidates"}
    problem(await examiner.get(f"/v1/expert-draws/{drawn}/verification"), 403, "NotForThisRole")


async def test_the_pool_is_read_by_its_keepers_and_names_are_masked_for_auditors(
    drawn: str, examiner: Asked, steward: Asked, city: City
) -> None:
    assert (await steward.get("/v1/experts", discipline="FIRE")).json()["rows"][0]["name"] == "张专家1"
    row = (await examiner.get("/v1/experts/E-0001")).json()
    assert (row["name"], row["state"]) == ("张专家1", "enrolled")
    assert (await examiner.get(f"/v1/experts/{row['expert_id']}")).json() == row
    auditor = city.someone("LC-SJJ", Role.AUDITOR, "auditor-1")
    assert (await auditor.get("/v1/experts/E-0001")).json()["name"] == "张***"
    problem(await examiner.get("/v1/experts/NOBODY"), 404, "UnknownStream")


async def test_the_load_is_for_the_keeper_and_for_oversight(
    drawn: str, steward: Asked, examiner: Asked, inspector: Asked
) -> None:
    for reader in (steward, inspector):
        answer = await reader.get("/v1/experts/load", until="2026-03-31")
        assert answer.status_code == 200, answer.text
        assert answer.json()["rows"] == [], "nothing is told before the review"
    problem(await examiner.get("/v1/experts/load"), 403, "NotForThisRole")


async def test_what_the_platform_alone_may_do_has_no_route(city: City, drawn: str, examiner: Asked) -> None:
    paths = (await city.client.get("/openapi.json")).json()["paths"]
    assert {p.rpartition("/")[2] for p in paths if p.startswith("/v1/expert-draws/{id}/")} == {
        "start", "confirm", "decline", "recuse", "note-no-show", "redraw", "pick-by-hand", "start-review",
        "file-opinion", "pay", "cancel", "reschedule-review", "assign-duty", "verification",
    }  # fmt: skip
