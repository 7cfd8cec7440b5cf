"""查阅: everybody reads what is theirs, sees persons as far as the role allows, and nothing older than asked for."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from town import ITEM, Asked, City, application, item, problem

from domain.consultation import RequestConsultation
from domain.kernel.people import Role
from domain.kernel.words import Body, Change, Subject, SubjectKind
from domain.push import DispatchPush, PushContent
from interfaces.http.reads import question

MARKET, FIRE = Body(code="LC-SCJG", name="市场监管局"), Body(code="LC-XFJY", name="消防救援支队")


@pytest.fixture
def acceptor(city: City) -> Asked:
    return city.someone("LC-SPJ", Role.ACCEPTOR, "window-1")


@pytest.fixture
def market(city: City) -> Asked:
    return city.someone("LC-SCJG", Role.REGULATOR, "zhang")


@pytest.fixture
def fire(city: City) -> Asked:
    return city.someone("LC-XFJY", Role.REGULATOR, "wang")


@pytest.fixture
def auditor(city: City) -> Asked:
    return city.someone("LC-SJJ", Role.AUDITOR, "auditor-1")


@pytest.fixture
async def pushed(city: City, submitted: str) -> str:
    """A push of the submitted case to the market regulator, by its id."""
    done = await city.do(dispatch(submitted, MARKET, "decision-1"))
    await city.platform.project()
    return str(done.stream)


def dispatch(case_id: str, regulator: Body, decision: str) -> DispatchPush:
    content = PushContent(
        change=Change.GRANT, case_no="LC2026030001", item=ITEM, item_name="食品经营许可",
        subject=Subject(kind=SubjectKind.NATURAL, identifier="digest-1", name="王小明"),
        decided_on=date(2026, 3, 2), masked=False,
    )  # fmt: skip
    return DispatchPush(
        case_id=case_id, decision_id=decision, regulator=regulator, named_by="item version", content=content
    )


async def test_a_case_is_found_with_its_version_as_etag(city: City, submitted: str, acceptor: Asked) -> None:
    await city.platform.project()
    one = await acceptor.get(f"/v1/cases/{submitted}")
    assert one.status_code == 200, one.text
    assert one.headers["etag"] == '"1"'
    found = (await acceptor.get("/v1/cases", case_no="LC2026")).json()
    assert [c["case_id"] for c in found["rows"]] == [submitted]
    assert found["next"] is None


async def test_a_read_waits_for_the_position_of_the_callers_own_write(
    city: City, submitted: str, acceptor: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    await city.platform.project()
    done = await acceptor.post(f"/v1/cases/{submitted}/receive-material", {"receipt_no": "S-1"})
    position = done.headers["x-position"]
    monkeypatch.setattr(question, "PATIENCE", 0.05)
    late = await acceptor.get(f"/v1/cases/{submitted}", min_position=position)
    problem(late, 503, "NotSeenYet")
    assert late.headers["retry-after"] == "1"
    await city.platform.project()
    seen = await acceptor.get(f"/v1/cases/{submitted}", min_position=position)
    assert (seen.status_code, seen.json()["state"], seen.headers["etag"]) == (200, "received", '"2"')


async def test_pages_follow_each_other_by_an_opaque_cursor(city: City, submitted: str, acceptor: Asked) -> None:
    for number in range(2, 6):
        await acceptor.post("/v1/cases/submit-application", application(f"LC202603000{number}"))
    await city.platform.project()
    seen, cursor = [], None
    while True:
        page = (await acceptor.get("/v1/cases", limit=2, **({"cursor": cursor} if cursor else {}))).json()
        seen += [c["case_no"] for c in page["rows"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [f"LC202603000{n}" for n in (5, 4, 3, 2, 1)]
    # Nonsense; and, with the right stamp, a word and a NUL in the place of a position.
    forged = ("nonsense", "WyIzNzFhNjciLCJhYmMiXQ", "WyIzNzFhNjciLCJhXHUwMDAwIl0")
    for cursor in forged:
        problem(await acceptor.get("/v1/cases", cursor=cursor), 422, "BadCursor")


async def test_an_officer_of_another_organ_does_not_find_the_case(city: City, submitted: str) -> None:
    await city.platform.project()
    other = city.someone("DC-SPJ", Role.DECIDER, "judge-9")
    for path in ("", "/timeline", "/deadlines"):
        problem(await other.get(f"/v1/cases/{submitted}{path}"), 404, "UnknownStream")
    assert (await other.get("/v1/cases")).json()["rows"] == []
    problem(await other.get("/v1/cases", organ="LC-SPJ"), 403, "NotYours")


async def test_what_is_not_there_and_what_is_not_yours_look_alike(city: City, pushed: str, fire: Asked) -> None:
    there = problem(await fire.get(f"/v1/pushes/{pushed}"), 404, "UnknownStream")
    nowhere = problem(await fire.get(f"/v1/pushes/{uuid4()}"), 404, "UnknownStream")
    assert set(there) == set(nowhere)
    assert there["title"] == nowhere["title"]


async def test_a_regulator_reads_its_board_and_no_other(
    city: City, pushed: str, market: Asked, fire: Asked, auditor: Asked
) -> None:
    assert [p["push_id"] for p in (await market.get("/v1/pushes")).json()["rows"]] == [pushed]
    assert (await fire.get("/v1/pushes")).json()["rows"] == []
    problem(await fire.get("/v1/pushes", regulator="LC-SCJG"), 403, "NotYours")
    assert len((await auditor.get("/v1/pushes", regulator="LC-SCJG")).json()["rows"]) == 1
    counted = (await market.get("/v1/pushes/counts")).json()["rows"]
    assert [(c["regulator"], c["state"], c["pushes"]) for c in counted] == [("LC-SCJG", "dispatched", 1)]
    assert (await fire.get("/v1/pushes/counts")).json()["rows"] == []


async def test_a_push_is_acknowledged_on_the_version_that_was_read(city: City, pushed: str, market: Asked) -> None:
    read = await market.get(f"/v1/pushes/{pushed}")
    done = await market.post(f"/v1/pushes/{pushed}/acknowledge", If_Match=read.headers["etag"])
    assert done.status_code == 200, done.text
    again = await market.post(f"/v1/pushes/{pushed}/claim", {"officer": "zhang"}, If_Match=read.headers["etag"])
    problem(again, 412, "StaleVersion")


async def test_another_regulators_push_cannot_be_acted_on(city: City, pushed: str, fire: Asked) -> None:
    problem(await fire.post(f"/v1/pushes/{pushed}/acknowledge"), 403, "NotYourPush")


async def test_persons_are_masked_for_those_who_are_no_party(
    city: City, pushed: str, submitted: str, market: Asked, auditor: Asked, acceptor: Asked
) -> None:
    await market.post(f"/v1/pushes/{pushed}/claim", {"officer": "zhang"})
    await city.platform.project()
    path = f"/v1/pushes/{pushed}"
    audited, own = (await auditor.get(path)).json(), (await market.get(path)).json()
    assert (audited["subject_name"], audited["officer"]) == ("王**", "***")
    assert (own["subject_name"], own["officer"]) == ("王小明", "zhang")
    case = f"/v1/cases/{submitted}"
    assert (await auditor.get(case)).json()["subject_name"].startswith("聊*")
    assert (await acceptor.get(case)).json()["subject_name"] == "聊城某食品有限公司"
    told = (await auditor.get(case + "/timeline")).text
    assert "window-1" not in told
    assert "zhang" not in told
    assert "聊城某" not in told


async def test_the_timeline_tells_the_whole_case_in_both_languages(
    city: City, pushed: str, submitted: str, acceptor: Asked
) -> None:
    told = (await acceptor.get(f"/v1/cases/{submitted}/timeline")).json()
    assert [e["topic"] for e in told["rows"]] == ["case.application_submitted", "push.dispatched"]
    assert "提出申请" in told["rows"][0]["zh"]
    assert "applied for" in told["rows"][0]["en"]
    assert told["state"] == {"version": 1, "state": "submitted", "zh": "已申请", "en": "submitted"}


async def test_a_replay_shows_the_case_as_it_stood_at_a_time_or_version(
    city: City, submitted: str, acceptor: Asked
) -> None:
    before = city.platform.clock.at
    city.platform.clock.at = before.replace(hour=3)
    await acceptor.post(f"/v1/cases/{submitted}/receive-material", {"receipt_no": "S-1"})
    city.platform.clock.at = before.replace(hour=5)
    await acceptor.post(f"/v1/cases/{submitted}/accept-application", {"document_no": "A-1"})
    await city.platform.project()
    path = f"/v1/cases/{submitted}/timeline"
    now = (await acceptor.get(path)).json()
    assert (now["state"]["state"], len(now["rows"])) == ("accepted", 3)
    then = (await acceptor.get(path, at=before.replace(hour=4).isoformat())).json()
    assert (then["state"]["state"], then["state"]["version"], len(then["rows"])) == ("received", 2, 2)
    first = (await acceptor.get(path, version=1)).json()
    assert (first["state"]["state"], [e["version"] for e in first["rows"]]) == ("submitted", [1])
    problem(await acceptor.get(path, at="2020-01-01T00:00:00Z"), 404, "UnknownStream")


async def test_a_regulator_reads_the_timeline_of_its_case_without_the_dealings_of_others(
    city: City, pushed: str, submitted: str, market: Asked, fire: Asked, acceptor: Asked
) -> None:
    await city.do(dispatch(submitted, FIRE, "decision-1"))
    await city.platform.project()
    path = f"/v1/cases/{submitted}/timeline"
    assert len((await acceptor.get(path)).json()["rows"]) == 3
    for regulator in (market, fire):
        rows = (await regulator.get(path)).json()["rows"]
        assert len(rows) == 2
        assert [r["topic"] for r in rows] == ["case.application_submitted", "push.dispatched"]
    stranger = city.someone("LC-HBJ", Role.REGULATOR, "liu")
    problem(await stranger.get(path), 404, "UnknownStream")


async def test_a_consultation_is_read_by_those_invited_and_the_organ_of_the_case(
    city: City, submitted: str, market: Asked, fire: Asked, acceptor: Asked
) -> None:
    asked = await city.do(RequestConsultation(
        case_id=submitted, case_no="LC2026030001", item_name="食品经营许可", invited=(FIRE,), question="是否同意?",
        cause="item",
    ))  # fmt: skip
    await city.platform.project()
    path = f"/v1/consultations/{asked.stream}"
    assert (await fire.get(path)).status_code == 200
    assert (await acceptor.get(path)).status_code == 200
    problem(await market.get(path), 404, "UnknownStream")
    problem(await city.someone("DC-SPJ", Role.DECIDER, "x").get(path), 404, "UnknownStream")
    assert [len((await who.get("/v1/consultations")).json()["rows"]) for who in (fire, acceptor, market)] == [1, 1, 0]


async def test_a_finding_is_read_by_the_regulator_that_reported_it_and_the_approval_side(
    city: City, submitted: str, market: Asked, fire: Asked, acceptor: Asked, auditor: Asked
) -> None:
    reported = await market.post("/v1/findings/report", {
        "organ": {"code": "LC-SCJG", "name": "市场监管局"}, "finding_no": "F-1", "kind": "inspection",
        "subject": {"identifier": "91371500MA3C1ABC2D", "name": "王小明"}, "found_on": "2026-03-01",
        "statement": "现场与申请不符", "legal_basis": "食品安全法",
    })  # fmt: skip
    assert reported.status_code == 201, reported.text
    await city.platform.project()
    path = reported.headers["location"]
    assert (await market.get(path)).json()["subject_name"] == "王小明"
    assert (await acceptor.get(path)).json()["subject_name"] == "王小明"
    assert (await auditor.get(path)).json()["subject_name"] == "王**"
    problem(await fire.get(path), 404, "UnknownStream")
    assert (await fire.get("/v1/findings")).json()["rows"] == []


async def test_what_a_regulator_reports_in_another_name_is_refused(city: City, fire: Asked) -> None:
    answer = await fire.post("/v1/findings/report", {
        "organ": {"code": "LC-SCJG", "name": "市场监管局"}, "finding_no": "F-1", "kind": "inspection",
        "subject": {"identifier": "91371500MA3C1ABC2D", "name": "王小明"}, "found_on": "2026-03-01",
        "statement": "现场与申请不符", "legal_basis": "食品安全法",
    })  # fmt: skip
    assert answer.status_code == 403, answer.text


async def test_an_item_is_read_by_its_code_and_by_the_id_a_command_answered(city: City, fire: Asked) -> None:
    steward = city.someone("LC-SPJ", Role.STEWARD, "steward-1")
    done = await steward.post("/v1/items/publish-version", item())
    await city.platform.project()
    for path in (f"/v1/items/{ITEM}", done.headers["location"]):
        assert [v["number"] for v in (await fire.get(path)).json()["rows"]] == [1]
    assert [i["item"] for i in (await fire.get("/v1/items", text="食品")).json()["rows"]] == [ITEM]
    problem(await fire.get("/v1/items/370000-NONE"), 404, "UnknownStream")


async def test_a_contract_is_read_by_its_regulator(city: City, market: Asked, fire: Asked) -> None:
    steward = city.someone("LC-SPJ", Role.STEWARD, "steward-1")
    terms = {
        "regulator": {"code": "LC-SCJG", "name": "市场监管局"}, "purpose": "事中事后监管", "legal_basis": "食品安全法",
        "contact": "zhang", "effective_from": "2026-01-01",
    }  # fmt: skip
    done = await steward.post("/v1/subscriptions/open", {"number": "S-1", "terms": terms})
    assert done.status_code == 201, done.text
    await city.platform.project()
    assert (await market.get(done.headers["location"])).json()["number"] == "S-1"
    problem(await fire.get(done.headers["location"]), 404, "UnknownStream")
    assert (await fire.get("/v1/subscriptions")).json()["rows"] == []


READS: dict[str, set[Role]] = {
    "/v1/risks": {Role.DISCIPLINE},
    "/v1/risks/counts": {Role.DISCIPLINE},
    "/v1/projections": {Role.OPERATOR, Role.AUDITOR, Role.DISCIPLINE},
    "/v1/parked": {Role.OPERATOR, Role.REGULATOR, Role.AUDITOR, Role.DISCIPLINE},
    "/v1/deadlines": {Role.ACCEPTOR, Role.EXAMINER, Role.DECIDER, Role.AUDITOR, Role.DISCIPLINE},
    "/v1/items": set(Role),
}


@pytest.mark.parametrize("path", READS)
async def test_each_read_is_open_to_its_roles_and_closed_to_the_others(city: City, path: str) -> None:
    for role in Role:
        answer = await city.someone("LC-XXX", role, "somebody").get(path)
        if role in READS[path]:
            assert answer.status_code == 200, (role, answer.text)
        else:
            problem(answer, 403, "NotForThisRole")


async def test_a_source_reads_the_cases_that_it_reported(city: City, submitted: str) -> None:
    source = city.someone("DY-SPJ", Role.SOURCE, "dongying-oa")
    step: dict[str, Any] = {
        "source": "dongying-oa", "source_event_id": "e-1", "case_no": "DY1", "opened_on": "2026-03-01",
        "organ": "DY-SPJ", "activity": "receive", "occurred_at": "2026-03-01T10:00:00+08:00",
    }  # fmt: skip
    answer = await city.client.post("/v1/reports", json=[step], headers=source.headers())
    assert answer.json()["recorded"] == 1
    await city.platform.project()
    assert [c["case_no"] for c in (await source.get("/v1/cases")).json()["rows"]] == ["DY1"]
    problem(await source.get(f"/v1/cases/{submitted}"), 404, "UnknownStream")


async def test_why_nothing_was_sent_is_answered_rule_by_rule(
    city: City, pushed: str, market: Asked, fire: Asked
) -> None:
    for regulator in (market, fire):
        rows = (await regulator.get("/v1/pushes/explain", case_no="LC2026030001")).json()["rows"]
        assert rows
        assert all(row["zh"] and row["en"] for row in rows)
    problem(await fire.get("/v1/pushes/explain", case_no="LC2026030001", regulator="LC-SCJG"), 403, "NotYours")
