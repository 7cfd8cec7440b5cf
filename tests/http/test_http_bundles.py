"""一件事: the lead sees the whole, each regulator its own part, a stranger nothing."""

from __future__ import annotations

from typing import Any

import pytest
from town import ITEM, City, item, problem

from domain.approval_case.commands import SubmitApplication
from domain.kernel.people import Role, the_platform
from domain.kernel.words import Body, Change
from domain.push import DispatchPush, PushContent
from tests.specification import MONDAY

MARKET, HEALTH = Body(code="LC-SCJG", name="市场监管局"), Body(code="LC-WJW", name="卫健委")


def chain(**more: Any) -> dict[str, Any]:
    part = {"item": ITEM, "organ": {"code": "LC-SPJ", "name": "审批局"}}
    return {
        "chain": "SHOP", "name": "开便利店一件事", "kind": "one_license", "lead": {"code": "LC-SPJ", "name": "审批局"},
        "stages": [{"name": "并联审批", "parts": [
            {"code": "FOOD", "name": "食品经营许可", **part},
            {"code": "HYG", "name": "公共场所卫生许可", "item": "370000-LC-0002",
             "organ": {"code": "LC-WSJ", "name": "卫生局"}},
        ]}],
        "materials": [{"name": "营业执照"}], "composite": "便利店综合许可证", "effective_from": "2026-01-01",
        "legal_basis": "国办发〔2023〕29号", **more,
    }  # fmt: skip


def application(**more: Any) -> dict[str, Any]:
    return {
        "bundle_no": "YJS-1", "opened_on": "2026-03-02", "chain": "SHOP",
        "subject": {"identifier": "91371500MA3C1ABC2D", "name": "聊城某食品有限公司"},
        "site": {"region": "371502", "address": "东昌西路1号"},
        "materials": [{"name": "营业执照", "digest": "ab" * 32}], **more,
    }  # fmt: skip


@pytest.fixture
async def bundle_id(city: City) -> str:
    steward = city.someone("LC-SPJ", Role.STEWARD, "steward-1")
    for body in (item(), item("370000-LC-0002", name="公共场所卫生许可", regulators=[HEALTH.model_dump()])):
        assert (await steward.post("/v1/items/publish-version", body)).status_code == 201
    published = await steward.post("/v1/chain-templates/publish", chain())
    assert published.status_code == 201, published.text
    acceptor = city.someone("LC-SPJ", Role.ACCEPTOR, "window-1")
    asked = await acceptor.post("/v1/bundles/submit", application())
    assert asked.status_code == 201, asked.text
    for part, regulator in (("FOOD", MARKET), ("HYG", HEALTH)):
        await opened(city, part, "LC-SPJ" if part == "FOOD" else "LC-WSJ", regulator)
    await city.platform.project()
    return str(asked.json()["stream"])


async def opened(city: City, part: str, organ: str, regulator: Body) -> None:
    """The case of a part, as the policy opens it, and a push of it to its regulator."""
    submit = SubmitApplication.model_validate(
        {"case_no": f"YJS-1-{part}", "opened_on": "2026-03-02",
         "item": ITEM if part == "FOOD" else "370000-LC-0002", "subject": application()["subject"]}
    )  # fmt: skip
    await city.do(submit, the_platform("policy").model_copy(update={"on_behalf_of": organ}))
    content = PushContent(
        change=Change.GRANT, case_no=submit.case_no, item=submit.item, item_name=part, decided_on=MONDAY.date()
    )
    push = DispatchPush(
        case_id=submit.stream, decision_id="d", regulator=regulator, named_by="item version", content=content
    )
    await city.do(push)


async def test_the_lead_and_the_organ_of_a_part_see_the_whole(city: City, bundle_id: str) -> None:
    for organ in ("LC-SPJ", "LC-WSJ"):
        officer = city.someone(organ, Role.EXAMINER, "examiner-1")
        answer = await officer.get(f"/v1/bundles/{bundle_id}")
        assert answer.status_code == 200, answer.text
        assert [part["part"] for part in answer.json()["parts"]] == ["FOOD", "HYG"]
        assert answer.headers["etag"] == '"2"'
        assert len((await officer.get("/v1/bundles", open=True)).json()["rows"]) == 1
    stranger = city.someone("OTHER-SPJ", Role.EXAMINER, "examiner-1")
    problem(await stranger.get(f"/v1/bundles/{bundle_id}"), 404, "UnknownStream")
    assert (await stranger.get("/v1/bundles")).json()["rows"] == []


async def test_each_regulator_reads_its_own_part_only(city: City, bundle_id: str) -> None:
    for regulator, own in ((MARKET, "FOOD"), (HEALTH, "HYG")):
        officer = city.someone(regulator.code, Role.REGULATOR, "officer-1")
        seen = (await officer.get(f"/v1/bundles/{bundle_id}")).json()
        assert [part["part"] for part in seen["parts"]] == [own]
        assert (seen["waiting"], seen["materials"]) == ([own], [])
        assert seen["subject_name"].endswith("*")
        other = "HYG" if own == "FOOD" else "FOOD"
        assert f"YJS-1-{other}" not in str(seen)
        (row,) = (await officer.get("/v1/bundles")).json()["rows"]
        assert row == seen
    nobody = city.someone("LC-XFJY", Role.REGULATOR, "officer-1")
    problem(await nobody.get(f"/v1/bundles/{bundle_id}"), 404, "UnknownStream")


async def test_chain_templates_are_open_to_every_token(city: City, bundle_id: str) -> None:
    source = city.someone("LC-OLD", Role.SOURCE, "old-system")
    (row,) = (await source.get("/v1/chain-templates", kind="one_license", text="便利店")).json()["rows"]
    assert (row["chain"], row["parts"], row["composite"]) == ("SHOP", 2, "便利店综合许可证")
    assert (await source.get("/v1/chain-templates", on="2025-12-31")).json()["rows"] == []


async def test_an_incomplete_application_says_which_material_is_missing(city: City, bundle_id: str) -> None:
    acceptor = city.someone("LC-SPJ", Role.ACCEPTOR, "window-1")
    lacking = await acceptor.post("/v1/bundles/submit", application(bundle_no="YJS-2", materials=[]))
    assert "营业执照" in problem(lacking, 403, "SharedMaterialMissing")["detail_zh"]
    early = {"license_no": "ZH-1", "digest": "ab" * 32}
    problem(await acceptor.post(f"/v1/bundles/{bundle_id}/issue-composite", early), 409, "OutOfOrder")


