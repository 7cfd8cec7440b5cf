"""The catalogue over HTTP: whole entries, levels compared, transfers, and who answers for what."""

from __future__ import annotations

from typing import Any

import pytest
from town import Asked, City, problem

from domain.kernel.people import Role
from tests.domain.entry import WHOLE

CITY, COUNTY = "370117003000-371500", "370117003000-371502"


def whole(code: str, organ: str, level: str, days: int) -> dict[str, Any]:
    told = {group: dict(one) if isinstance(one, dict) else one for group, one in WHOLE.items()}
    told["identity"] |= {"implementation_code": code}
    told["body"] |= {"implementing_body_code": organ, "exercise_level": level, "region": code[-6:]}
    told["clock"] |= {"promised_limit": {"value": days}, "stage_quotas": []}
    return {
        "item": code, "scheme": "other", "name": "食品经营许可", "effective_from": "2026-01-01", "promised_days": days,
        "regulators": WHOLE["body"]["regulators"], "legal_basis": "食品安全法第三十五条", "elements": told,
    }  # fmt: skip


@pytest.fixture
async def steward(city: City) -> Asked:
    """The catalogue of a city and one of its counties, which promises less time."""
    someone = city.someone("LC-SPJ", Role.STEWARD, "steward-1")
    for told in (whole(CITY, "CITY-371500", "3", 10), whole(COUNTY, "COUNTY-371502", "4", 8)):
        done = await someone.post("/v1/items/publish-version", told)
        assert done.status_code == 201, done.text
    await city.platform.project()
    return someone


def rows(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    return answer.json()["rows"]  # type: ignore[no-any-return]


async def test_versions_page_and_one_is_read_with_every_element(steward: Asked) -> None:
    [version] = rows(await steward.get(f"/v1/items/{CITY}", limit=1))
    assert (version["state"], version["complete"], version["organ"]) == ("in_force", True, "CITY-371500")
    one = await steward.get(f"/v1/items/{CITY}/versions/1")
    assert one.json()["elements"]["service"]["place"] == "政务服务中心一楼"
    problem(await steward.get(f"/v1/items/{CITY}/versions/2"), 404, "UnknownStream")


async def test_levels_that_differ_are_told_to_everybody_page_by_page(steward: Asked, city: City) -> None:
    regulator = city.someone("LC-SCJG", Role.REGULATOR, "zhang")
    [found] = rows(await regulator.get("/v1/items/drift", basic_code="370117003000"))
    assert (found["item"], found["reference"], found["differing_zh"]) == (COUNTY, CITY, ["承诺办结时限"])
    assert rows(await regulator.get("/v1/items/drift", city="3701")) == []


async def test_an_entry_that_lacks_an_element_is_refused_with_its_name(steward: Asked) -> None:
    told = whole("NEW-371500", "CITY-371500", "3", 10)
    told["elements"]["service"] = told["elements"]["service"] | {"place": None}
    refused = problem(await steward.post("/v1/items/publish-version", told), 403, "ElementsMissing")
    assert "办理地点" in refused["detail_zh"]


async def test_a_transfer_is_asked_for_and_read(steward: Asked, city: City) -> None:
    told = {
        "item": CITY, "from_organ": {"code": "CITY-371500", "name": "市审批局"}, "effective_on": "2026-06-01",
        "to_organ": {"code": "URBAN", "name": "市城管局"}, "basis": "编办文件",
    }  # fmt: skip
    done = await steward.post("/v1/items/transfer", told)
    assert done.status_code in (200, 201), done.text
    problem(
        await steward.post("/v1/items/transfer", told | {"to_organ": told["from_organ"], "effective_on": "2026-07-01"}),
        422, "TransferToSameOrgan",
    )  # fmt: skip
    await city.platform.project()
    [found] = rows(await steward.get("/v1/items/transfers", organ="URBAN"))
    assert (found["item"], found["effective_on"], found["running"]) == (CITY, "2026-06-01", "stay")
    [then] = rows(await steward.get(f"/v1/items/{CITY}", on="2026-06-01"))
    assert then["organ"] == "URBAN"


def table(*approvers: str) -> dict[str, Any]:
    return {
        "item": CITY, "effective_from": "2026-01-01", "places": ["371500"], "basis": "聊政发〔2026〕1号",
        "rows": [
            {
                "region": "371500", "effective_from": "2026-01-01", "approver": {"code": code, "name": code},
                "approver_officers": ["赵决定"], "regulators": [{"code": "LC-SCJG", "name": "市场监管局", "officers": ["孙监管"]}],
            }
            for code in approvers
        ],
    }  # fmt: skip


async def test_who_answers_is_told_for_a_place_and_officers_as_the_reader_may_see_them(
    steward: Asked, city: City
) -> None:
    assert (await steward.post("/v1/responsibilities/set-table", table("CITY-371500"))).status_code == 201
    await city.platform.project()
    asked = {"item": CITY, "region": "371502", "on": "2026-03-02"}
    market, system = city.someone("LC-SCJG", Role.REGULATOR, "zhang"), city.someone("LC-SPJ", Role.SOURCE, "source-1")
    for someone, officers in ((market, ["赵决定"]), (system, ["赵**"])):
        told = (await someone.get("/v1/responsibilities/who", **asked)).json()
        assert told["approver"]["code"] == "CITY-371500"
        assert told["approver_officers"] == officers
    [line] = rows(await system.get("/v1/responsibilities", organ="LC-SCJG"))
    assert (line["item"], line["officers"], line["regulators"][0]["officers"]) == (CITY, ["赵**"], ["孙**"])
    problem(await market.get("/v1/responsibilities/who", item=COUNTY), 404, "UnknownStream")


async def test_a_dispute_stands_in_the_queue_until_it_is_decided_and_nothing_is_published_meanwhile(
    steward: Asked, city: City
) -> None:
    assert (await steward.post("/v1/responsibilities/set-table", table("A-1", "B-1"))).status_code == 201
    await city.platform.project()
    [found] = rows(await steward.get("/v1/responsibilities/disputes", claimant="B-1"))
    assert (found["kind"], [one["code"] for one in found["claimants"]]) == ("two_owners", ["A-1", "B-1"])
    later = whole(CITY, "CITY-371500", "3", 9) | {"effective_from": "2026-06-01"}
    problem(await steward.post("/v1/items/publish-version", later), 409, "OwnerInDispute")
    decided = {
        "item": CITY, "dispute": 1, "owner": {"code": "A-1", "name": "甲局"}, "decided_on": "2026-03-02",
        "authority": {"code": "BIANBAN", "name": "市委编办"}, "document_no": "聊编办〔2026〕3号",
    }  # fmt: skip
    done = await steward.post("/v1/responsibilities/resolve-dispute", decided)
    assert done.status_code in (200, 201), done.text
    assert (await steward.post("/v1/items/publish-version", later)).status_code == 201
    await city.platform.project()
    assert rows(await steward.get("/v1/responsibilities/disputes")) == []
    [told] = rows(await steward.get("/v1/responsibilities/disputes", open=False))
    assert told["owner"] == "A-1"
