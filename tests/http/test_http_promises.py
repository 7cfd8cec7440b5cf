"""承诺、容缺与限制: both sides see what was promised on what they decided or supervise, and nobody else does."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from town import ITEM, Asked, City, application, item, problem

from domain.commitment.commands import OpenCommitment
from domain.kernel.people import Role
from domain.kernel.promises import CommitmentKind
from domain.kernel.words import Body, Change, Regulator, Subject
from domain.push import DispatchPush, PushContent

MARKET = Regulator(code="LC-SCJG", name="市场监管局")
HOLDER = Subject(identifier="91371500MA3C1ABC2D", name="聊城某食品有限公司")


@pytest.fixture
def people(city: City) -> dict[str, Asked]:
    return {
        "acceptor": city.someone("LC-SPJ", Role.ACCEPTOR, "window-1"),
        "examiner": city.someone("LC-SPJ", Role.EXAMINER, "looks-1"),
        "decider": city.someone("LC-SPJ", Role.DECIDER, "judge-1"),
        "other_bureau": city.someone("DC-SPJ", Role.DECIDER, "judge-9"),
        "market": city.someone("LC-SCJG", Role.REGULATOR, "zhang"),
        "fire": city.someone("LC-XFJY", Role.REGULATOR, "wang"),
        "auditor": city.someone("LC-SJJ", Role.AUDITOR, "auditor-1"),
        "source": city.someone("LC-SPJ", Role.SOURCE, "system-1"),
    }


@pytest.fixture
async def followed(city: City, submitted: str) -> str:
    """A commitment on which a grant of the submitted case rests, by its id."""
    done = await city.do(
        OpenCommitment(
            case_id=UUID(submitted), case_no="LC2026030001", item=ITEM, item_name="食品经营许可",
            kind=CommitmentKind.CONDITIONS, promise="符合卫生条件", subject=HOLDER, organ="LC-SPJ", regulators=(MARKET,),
            decided_on=date(2026, 3, 2),
        )
    )  # fmt: skip
    await city.platform.project()
    return str(done.stream)


@pytest.mark.parametrize(
    ("who", "sees"),
    [("acceptor", True), ("decider", True), ("market", True), ("auditor", True), ("other_bureau", False), ("fire", False)],
)
async def test_both_sides_see_a_commitment_and_nobody_else(
    followed: str, people: dict[str, Asked], who: str, sees: bool
) -> None:
    listed = (await people[who].get("/v1/commitments")).json()["rows"]
    assert [row["commitment_id"] for row in listed] == ([followed] if sees else [])
    one = await people[who].get(f"/v1/commitments/{followed}")
    if sees:
        assert (one.status_code, one.json()["promise"], one.headers["etag"]) == (200, "符合卫生条件", '"1"')
    else:
        problem(one, 404, "UnknownStream")


async def test_nobody_asks_for_the_commitments_of_another(followed: str, people: dict[str, Asked]) -> None:
    problem(await people["fire"].get("/v1/commitments", regulator="LC-SCJG"), 403, "NotYours")
    problem(await people["other_bureau"].get("/v1/commitments", organ="LC-SPJ"), 403, "NotYours")
    for path in ("/v1/commitments", "/v1/tolerances", "/v1/bars"):
        problem(await people["source"].get(path), 403, "NotForThisRole")


async def test_names_are_masked_for_a_regulator_and_told_to_who_decided(
    followed: str, people: dict[str, Asked]
) -> None:
    told = (await people["decider"].get(f"/v1/commitments/{followed}")).json()["subject_name"]
    masked = (await people["market"].get(f"/v1/commitments/{followed}")).json()["subject_name"]
    assert told == HOLDER.name
    assert masked != HOLDER.name
    assert masked[0] == HOLDER.name[0]


async def test_a_regulator_checks_a_commitment_of_its_items_and_both_sides_see_the_result(
    city: City, followed: str, people: dict[str, Asked]
) -> None:
    check = {
        "result": "kept", "method": "random", "checked_on": "2026-03-02", "officers": ["张三", "李四"], "statement": "符合",
    }  # fmt: skip
    problem(await people["fire"].post(f"/v1/commitments/{followed}/record-check", check), 403, "NotYourCommitment")
    done = await people["market"].post(f"/v1/commitments/{followed}/record-check", check)
    assert done.status_code == 200, done.text
    await city.platform.project()
    for who in ("decider", "market"):
        row = (await people[who].get(f"/v1/commitments/{followed}")).json()
        assert (row["state"], row["result"], row["checked_by"]) == ("kept", "kept", MARKET.name)


async def test_what_is_overdue_is_asked_for_by_day(followed: str, people: dict[str, Asked]) -> None:
    due = date(2026, 3, 2) + timedelta(60)
    assert (await people["market"].get("/v1/commitments", due_before=str(due))).json()["rows"] == []
    late = (await people["market"].get("/v1/commitments", due_before=str(due + timedelta(1)))).json()["rows"]
    assert [row["commitment_id"] for row in late] == [followed]


async def test_the_timeline_of_the_case_tells_its_regulator_of_the_commitment_and_no_other(
    city: City, followed: str, submitted: str, people: dict[str, Asked]
) -> None:
    content = PushContent(
        change=Change.GRANT, case_no="LC2026030001", item=ITEM, item_name="食品经营许可", decided_on=date(2026, 3, 2)
    )
    for body in (MARKET, Body(code="LC-XFJY", name="消防救援支队")):
        push = DispatchPush(
            case_id=UUID(submitted), decision_id="d-1", regulator=Body(code=body.code, name=body.name), named_by="事项",
            content=content,
        )  # fmt: skip
        await city.do(push)
    await city.platform.project()

    async def told(who: str) -> list[str]:
        rows = (await people[who].get(f"/v1/cases/{submitted}/timeline")).json()["rows"]
        return [row["topic"] for row in rows]

    assert "commitment.opened" in await told("decider")
    assert "commitment.opened" in await told("market")
    assert "commitment.opened" not in await told("fire")


# 容缺


async def test_a_tolerance_is_seen_by_both_sides(city: City, people: dict[str, Asked]) -> None:
    steward = city.someone("LC-SPJ", Role.STEWARD, "steward-1")
    lenient = item("370000-LC-0002", tolerance_allowed=True)
    assert (await steward.post("/v1/items/publish-version", lenient)).status_code == 201
    acceptor = people["acceptor"]
    asked = application("LC2026030009", item="370000-LC-0002")
    case = (await acceptor.post("/v1/cases/submit-application", asked)).json()["stream"]
    await acceptor.post(f"/v1/cases/{case}/receive-material", {"receipt_no": "S-1"})
    tolerate: dict[str, Any] = {"document_no": "受1号", "missing": ["平面图"], "until": "2026-03-06"}
    done = await acceptor.post(f"/v1/cases/{case}/accept-with-tolerance", tolerate)
    assert done.status_code == 200, done.text
    await city.platform.project()
    for who, sees in (("acceptor", True), ("market", True), ("auditor", True), ("fire", False), ("other_bureau", False)):
        rows = (await people[who].get("/v1/tolerances")).json()["rows"]
        assert [row["case_id"] for row in rows] == ([case] if sees else []), who
        one = await people[who].get(f"/v1/tolerances/{case}")
        assert one.status_code == (200 if sees else 404), who


# 主体限制与信用核查


def bar(**more: Any) -> dict[str, Any]:
    return {
        "subject": {"identifier": HOLDER.identifier, "name": HOLDER.name}, "kind": "commitment", "since": "2026-03-02",
        "basis": "国办发〔2020〕42号", "organ": "LC-SPJ", "cause": {"fact_id": "letter-1", "statement": "法院函告"}, **more,
    }  # fmt: skip


async def test_a_bar_is_imposed_seen_by_both_sides_and_lifted_by_its_organ_alone(
    city: City, people: dict[str, Asked]
) -> None:
    done = await people["decider"].post("/v1/standings/impose-bar", bar())
    assert done.status_code == 201, done.text
    await city.platform.project()
    for who in ("decider", "other_bureau", "market", "auditor"):
        rows = (await people[who].get("/v1/bars", subject=HOLDER.identifier, in_force="2026-03-02")).json()["rows"]
        assert [(row["bar_no"], row["kind"]) for row in rows] == [(1, "commitment")], who
    lift = {
        "subject": bar()["subject"], "bar_no": 1, "ground": "repaired", "document_no": "信修1号", "reason": "已修复",
    }  # fmt: skip
    problem(await people["other_bureau"].post("/v1/standings/lift-bar", lift), 403, "NotYourBar")
    assert (await people["decider"].post("/v1/standings/lift-bar", lift)).status_code == 201
    await city.platform.project()
    assert (await people["market"].get("/v1/bars", in_force="2026-03-02")).json()["rows"] == []


async def test_a_check_of_credit_is_for_the_approving_side(city: City, people: dict[str, Asked]) -> None:
    told = {
        "subject": bar()["subject"], "source": "市公共信用信息平台", "as_of": "2026-03-02T00:00:00+08:00", "result": "clean",
    }  # fmt: skip
    assert (await people["examiner"].post("/v1/standings/record-credit-check", told)).status_code == 201
    problem(await people["market"].post("/v1/standings/record-credit-check", told), 403, "RoleMayNot")
    await city.platform.project()
    rows = (await people["acceptor"].get("/v1/credit-checks", subject=HOLDER.identifier)).json()["rows"]
    assert [(row["result"], row["source"]) for row in rows] == [("clean", "市公共信用信息平台")]
    problem(await people["market"].get("/v1/credit-checks", subject=HOLDER.identifier), 403, "NotForThisRole")


async def test_a_barred_subject_is_refused_at_the_counter_with_the_reason(
    city: City, submitted: str, people: dict[str, Asked]
) -> None:
    await people["decider"].post("/v1/standings/impose-bar", bar(kind="fraud", items=[ITEM]))
    acceptor = people["acceptor"]
    await acceptor.post(f"/v1/cases/{submitted}/receive-material", {"receipt_no": "S-1"})
    refused = await acceptor.post(f"/v1/cases/{submitted}/accept-application", {"document_no": "受1号"})
    told = problem(refused, 403, "SubjectBarred")
    assert "2029-03-02" in told["detail_zh"]
