"""办理: commands over HTTP are carried out once, by those who may, on the version they rest on."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from town import City, application, item, problem

from domain.approval_case.commands import ReportStep
from domain.kernel.command import COMMANDS, Target
from domain.kernel.event import marked
from domain.kernel.people import Role
from interfaces.http.commands import exposed, path_of


async def test_a_command_is_answered_with_its_receipt_version_place_and_position(city: City, submitted: str) -> None:
    acceptor = city.someone("LC-SPJ", Role.ACCEPTOR, "window-1")
    answer = await acceptor.post(f"/v1/cases/{submitted}/receive-material", {"receipt_no": "S-1"})
    assert answer.status_code == 200
    assert answer.json() == {
        "stream": submitted, "version": 2, "events": [f"{submitted}:2"], "position": await city.platform.head(),
    }  # fmt: skip
    assert answer.headers["etag"] == '"2"'
    assert answer.headers["location"] == f"/v1/cases/{submitted}"
    assert answer.headers["x-position"] == str(answer.json()["position"])


async def test_a_request_sent_again_gets_the_same_answer_and_changes_nothing(city: City, submitted: str) -> None:
    acceptor = city.someone("LC-SPJ", Role.ACCEPTOR, "window-1")
    path = f"/v1/cases/{submitted}/receive-material"
    first = await acceptor.post(path, {"receipt_no": "S-1"}, key="the-same-key")
    again = await acceptor.post(path, {"receipt_no": "S-1"}, key="the-same-key")
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert len(await city.platform.facts_of(UUID(submitted))) == 2


async def test_an_opening_command_sent_again_is_created_again_in_name_only(city: City) -> None:
    steward = city.someone("LC-SPJ", Role.STEWARD, "steward-1")
    first = await steward.post("/v1/items/publish-version", item(), key="publish-once")
    again = await steward.post("/v1/items/publish-version", item(), key="publish-once")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()


async def test_a_key_used_for_other_content_is_refused(city: City, submitted: str) -> None:
    acceptor = city.someone("LC-SPJ", Role.ACCEPTOR, "window-1")
    path = f"/v1/cases/{submitted}/receive-material"
    await acceptor.post(path, {"receipt_no": "S-1"}, key="the-same-key")
    problem(await acceptor.post(path, {"receipt_no": "S-2"}, key="the-same-key"), 422, "RequestReused")


async def test_keys_of_different_organs_do_not_meet(city: City) -> None:
    here, there = (city.someone(organ, Role.STEWARD, "steward") for organ in ("LC-SPJ", "DC-SPJ"))
    first = await here.post("/v1/items/publish-version", item("370000-A-01"), key="number-one")
    other = await there.post("/v1/items/publish-version", item("370000-B-01"), key="number-one")
    assert (first.status_code, other.status_code) == (201, 201)


async def test_a_command_without_a_key_is_told_to_bring_one(city: City, submitted: str) -> None:
    acceptor = city.someone("LC-SPJ", Role.ACCEPTOR, "window-1")
    path = f"/v1/cases/{submitted}/receive-material"
    answer = await city.client.post(path, json={"receipt_no": "S-1"}, headers=acceptor.headers())
    problem(answer, 428, "IdempotencyKeyMissing")
    problem(await acceptor.post(path, {"receipt_no": "S-1"}, key="short"), 422, "IdempotencyKeyMalformed")


async def test_a_decision_on_a_stale_version_is_refused(city: City, submitted: str) -> None:
    acceptor = city.someone("LC-SPJ", Role.ACCEPTOR, "window-1")
    path = f"/v1/cases/{submitted}/receive-material"
    problem(await acceptor.post(path, {"receipt_no": "S-1"}, If_Match='"7"'), 412, "StaleVersion")
    problem(await acceptor.post(path, {"receipt_no": "S-1"}, If_Match="7"), 422, "IfMatchMalformed")
    assert (await acceptor.post(path, {"receipt_no": "S-1"}, If_Match='"1"')).status_code == 200


async def test_a_step_out_of_order_is_refused_with_the_state_it_met(city: City, submitted: str) -> None:
    acceptor = city.someone("LC-SPJ", Role.ACCEPTOR, "window-1")
    body = problem(
        await acceptor.post(f"/v1/cases/{submitted}/accept-application", {"document_no": "A"}), 409, "OutOfOrder"
    )
    assert "已申请" in body["detail_zh"]
    assert "submitted" in body["detail_en"]


async def test_the_role_of_the_token_decides_what_may_be_asked(city: City, submitted: str) -> None:
    regulator = city.someone("LC-SCJG", Role.REGULATOR, "zhang")
    answer = await regulator.post(f"/v1/cases/{submitted}/receive-material", {"receipt_no": "S-1"})
    problem(answer, 403, "RoleMayNot")


async def test_an_officer_may_not_act_on_the_case_of_another_organ(city: City, submitted: str) -> None:
    other = city.someone("DC-SPJ", Role.ACCEPTOR, "window-9")
    problem(await other.post(f"/v1/cases/{submitted}/receive-material", {"receipt_no": "S-1"}), 403, "ForeignAuthority")
    portal = city.someone("DC-SPJ", Role.APPLICANT, "portal")
    withdrawn = await portal.post(f"/v1/cases/{submitted}/withdraw-application", {"reason": "r"})
    problem(withdrawn, 403, "ForeignAuthority")
    examiner = city.someone("DC-SPJ", Role.EXAMINER, "examiner-9")
    ask = {
        "case_id": submitted, "case_no": "LC1", "item_name": "x", "question": "?", "cause": "item",
        "invited": [{"code": "LC-XFJY", "name": "消防"}],
    }  # fmt: skip
    problem(await examiner.post("/v1/consultations/request", ask), 403, "ForeignAuthority")
    own = city.someone("LC-SPJ", Role.EXAMINER, "examiner-1")
    opened = await own.post("/v1/consultations/request", ask)
    assert opened.status_code == 201, opened.text
    path = f"{opened.headers['location']}/cancel"
    problem(await examiner.post(path, {"reason": "r"}), 403, "ForeignAuthority")
    assert (await own.post(path, {"reason": "r"})).status_code == 200


async def test_a_stream_that_does_not_exist_is_not_found(city: City) -> None:
    acceptor = city.someone("LC-SPJ", Role.ACCEPTOR, "window-1")
    problem(await acceptor.post(f"/v1/cases/{uuid4()}/receive-material", {"receipt_no": "S"}), 404, "UnknownStream")


async def test_an_unknown_item_has_a_named_refusal(city: City) -> None:
    acceptor = city.someone("LC-SPJ", Role.ACCEPTOR, "window-1")
    problem(await acceptor.post("/v1/cases/submit-application", application()), 404, "UnknownItem")


@pytest.mark.parametrize(
    ("header", "expected"), [("Basic abc", "TokenNotAccepted"), ("Bearer st_nobody", "TokenNotAccepted"), (None, None)]
)
async def test_without_a_good_token_nothing_is_opened(city: City, header: str | None, expected: str | None) -> None:
    answer = await city.client.post(
        "/v1/items/publish-version", json=item(), headers={"Authorization": header} if header else {}
    )
    problem(answer, 401, expected or "TokenMissing")
    assert answer.headers["www-authenticate"].startswith('Bearer realm="shuangtui"')


async def test_a_token_of_an_organ_must_name_the_officer_and_one_of_an_officer_may_not(city: City) -> None:
    organ = city.someone("LC-SPJ", Role.STEWARD)
    problem(await organ.post("/v1/items/publish-version", item()), 422, "OfficerNotNamed")
    named = await organ.post("/v1/items/publish-version", item(), X_Officer="%E5%BC%A0%E4%B8%89")
    assert named.status_code == 201
    fact = (await city.platform.facts_of(UUID(named.json()["stream"])))[0]
    assert (fact.actor.id, fact.actor.organ, fact.actor.role) == ("张三", "LC-SPJ", Role.STEWARD)
    officer = city.someone("LC-SPJ", Role.STEWARD, "li")
    problem(await officer.post("/v1/items/retire", {}, X_Officer="wang"), 403, "OfficerFixed")
    problem(await organ.post("/v1/items/retire", {}, X_Officer="%FF"), 422, "OfficerMalformed")


async def test_every_mistake_in_a_body_is_pointed_at_in_both_languages(city: City) -> None:
    steward = city.someone("LC-SPJ", Role.STEWARD, "steward-1")
    wrong = item(promised_days="five", regulators=[{"code": "?", "name": ""}], surplus=1)
    body = problem(await steward.post("/v1/items/publish-version", wrong), 422, "ContentMalformed")
    found = {error["pointer"]: error for error in body["errors"]}
    assert set(found) == {"/promised_days", "/regulators/0/code", "/regulators/0/name", "/surplus"}
    assert found["/promised_days"]["zh"] == "应为整数"
    assert found["/promised_days"]["en"]


async def test_the_target_is_named_by_the_address_alone(city: City, submitted: str) -> None:
    acceptor = city.someone("LC-SPJ", Role.ACCEPTOR, "window-1")
    body = {"receipt_no": "S-1", "case_id": str(uuid4())}
    told = problem(await acceptor.post(f"/v1/cases/{submitted}/receive-material", body), 422, "ContentMalformed")
    assert told["errors"][0]["pointer"] == "/case_id"


async def test_what_cannot_be_read_as_json_is_refused_as_such(city: City) -> None:
    steward = city.someone("LC-SPJ", Role.STEWARD, "steward-1")
    headers = steward.headers(**{"Idempotency-Key": "a-good-key"})

    async def send(content: bytes, kind: str = "application/json") -> object:
        return await city.client.post(
            "/v1/items/publish-version", content=content, headers={**headers, "Content-Type": kind}
        )

    problem(await send(b"{"), 422, "NotJson")  # type: ignore[arg-type]
    problem(await send(b"[]"), 422, "NotJson")  # type: ignore[arg-type]
    problem(await send(b"\xff"), 422, "NotJson")  # type: ignore[arg-type]
    problem(await send(b"a=b", "application/x-www-form-urlencoded"), 415, "MediaTypeNotTaken")  # type: ignore[arg-type]
    problem(await send(b'{"reason": "a\\u0000b"}'), 422, "ControlCharacter")  # type: ignore[arg-type]
    problem(await send(b" " * (1024 * 1024 + 1)), 413, "BodyTooLarge")  # type: ignore[arg-type]


async def test_a_body_without_a_declared_length_is_bounded_too(city: City) -> None:
    steward = city.someone("LC-SPJ", Role.STEWARD, "steward-1")

    async def endless() -> object:
        for _ in range(20):
            yield b" " * 100_000

    answer = await city.client.post(
        "/v1/items/publish-version", content=endless(),
        headers=steward.headers(**{"Idempotency-Key": "a-good-key", "Content-Type": "application/json"}),
    )  # fmt: skip
    problem(answer, 413, "BodyTooLarge")


async def test_an_unknown_address_and_a_wrong_method_are_problems_too(city: City) -> None:
    problem(await city.client.get("/v1/nothing"), 404, "NoSuchAddress")
    problem(await city.client.get("/v1/cases/"), 404, "NoSuchAddress")
    answer = await city.client.delete("/v1/reports")
    problem(answer, 405, "MethodNotTaken")
    assert answer.headers["allow"] == "POST"
    problem(await city.client.get("/v1/cases/not-a-uuid%00/timeline"), 422, "ControlCharacter")


async def test_problems_are_told_in_the_language_asked_for(city: City) -> None:
    chinese = problem(await city.client.get("/v1/nothing"), 404, "NoSuchAddress")
    english = problem(
        await city.client.get("/v1/nothing", headers={"Accept-Language": "en-GB, zh;q=0.5"}), 404, "NoSuchAddress"
    )
    assert chinese["detail"] == chinese["detail_zh"]
    assert english["detail"] == english["detail_en"]
    assert (chinese["title"], english["title"]) == ("没有找到", "Not found")


async def test_a_request_keeps_the_number_it_came_with(city: City) -> None:
    answer = await city.client.get("/v1/nothing", headers={"X-Request-Id": "trace-42"})
    assert problem(answer, 404, "NoSuchAddress")["request_id"] == "trace-42"


async def test_when_something_breaks_inside_the_caller_gets_a_number_and_no_details(
    city: City, monkeypatch: pytest.MonkeyPatch, submitted: str
) -> None:
    async def broken(*_: object) -> None:
        raise KeyError("a secret inside")

    acceptor = city.someone("LC-SPJ", Role.ACCEPTOR, "window-1")
    monkeypatch.setattr(city.platform.app, "handle", broken)
    answer = await acceptor.post(f"/v1/cases/{submitted}/receive-material", {"receipt_no": "S-1"})
    body = problem(answer, 500, "BrokenInside")
    assert body["request_id"] in body["detail"]
    assert "secret" not in answer.text


async def test_an_absent_store_is_a_matter_of_trying_again(
    city: City, monkeypatch: pytest.MonkeyPatch, submitted: str
) -> None:
    async def away(*_: object) -> None:
        raise city.platform.outages[0]("gone")

    acceptor = city.someone("LC-SPJ", Role.ACCEPTOR, "window-1")
    monkeypatch.setattr(city.platform.app, "handle", away)
    answer = await acceptor.post(f"/v1/cases/{submitted}/receive-material", {"receipt_no": "S-1"})
    problem(answer, 503, "StoreOutOfReach")
    assert answer.headers["retry-after"] == "2"


def test_every_command_that_somebody_may_ask_for_has_one_route_and_no_other_has() -> None:
    published = exposed()
    assert set(published) == {name for name, cls in COMMANDS.items() if cls.MAY - {Role.SYSTEM}}
    paths = [path_of(cls) for cls in published.values()]
    assert len(set(paths)) == len(paths)
    assert all(("{id}" in path_of(cls)) == bool(marked(cls, Target)) for cls in published.values())
    assert path_of(ReportStep) == "/v1/cases/report-step"
