"""用章、授权、文书号: officers read their organ's registers; what was attempted in vain, only those who inspect."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

import orjson
import pytest
from town import Asked, City, application, item, problem

from domain.delegation import GrantDelegation
from domain.kernel.delegation import Scope
from domain.kernel.event import Event
from domain.kernel.people import INSPECTING, Role
from domain.kernel.words import Addressee
from domain.seal.commands import OpenSealYear
from domain.seal.words import SealKind
from interfaces.http.access import Caller
from interfaces.http.app import create_app
from interfaces.http.stream import Listener, visible_topics

ORGAN = "LC-SPJ"
DIGEST = "ab" * 32
CHIEF = "chief-1"
SEAL = OpenSealYear(
    organ=ORGAN, seal_no="3715000012345", year=2026, name="审批专用章", kind=SealKind.APPROVAL, custody=ORGAN,
    keeper="keeper-1",
)  # fmt: skip
LETTER = GrantDelegation(
    organ=ORGAN, officer=CHIEF, head="head-1", letter_no="聊行审授〔2026〕3号", scope=Scope(places=("371521",)),
    valid_from="2026-03-02", valid_to="2026-12-31",
)  # fmt: skip
MARKER = "聊行审许字〔2026〕7777号"
"""A number that only the two attempts bear: where it shows, they show."""


@pytest.fixture
def steward(city: City) -> Asked:
    return city.someone(ORGAN, Role.STEWARD, "keeper-1")


@pytest.fixture
def decider(city: City) -> Asked:
    return city.someone(ORGAN, Role.DECIDER, CHIEF)


@dataclass
class Attempted:
    """A case in which an officer went beyond the letter and asked for a seal without a decision."""

    case: str
    refusals: list[dict[str, Any]]


async def examined(city: City, steward: Asked) -> str:
    assert (await steward.post("/v1/items/publish-version", item())).status_code == 201
    acceptor = city.someone(ORGAN, Role.ACCEPTOR, "window-1")
    examiner = city.someone(ORGAN, Role.EXAMINER, "examiner-1")
    case = (await acceptor.post("/v1/cases/submit-application", application())).json()["stream"]
    for who, verb, body in (
        (acceptor, "receive-material", {"receipt_no": "S-1"}),
        (acceptor, "accept-application", {"document_no": "聊行审受字〔2026〕1号"}),
        (acceptor, "assign", {"examiner": "examiner-1"}),
        (examiner, "record-examination-opinion", {"opinion": "pass", "grounds": "材料齐全"}),
    ):
        answer = await who.post(f"/v1/cases/{case}/{verb}", body)
        assert answer.status_code == 200, answer.text
    return str(case)


def grant(**more: Any) -> dict[str, Any]:
    return {"document_no": MARKER, "content": "准予", "validity": {"valid_from": "2026-03-02"}, **more}


@pytest.fixture
async def attempted(city: City, steward: Asked, decider: Asked) -> Attempted:
    case = await examined(city, steward)
    assert (await steward.post("/v1/seals/open-year", SEAL.model_dump(mode="json"))).status_code == 201
    assert (await steward.post("/v1/delegations/grant", LETTER.model_dump(mode="json"))).status_code == 201
    beyond = await decider.post(f"/v1/cases/{case}/grant-license", grant(as_chief_representative=True))
    paper = {"case_id": case, "kind": "grant", "document_no": MARKER, "digest": DIGEST}
    without = await decider.post(f"/v1/seals/{SEAL.stream}/request-use", paper)
    await city.platform.project()
    return Attempted(case, [problem(beyond, 403, "DelegationExceeded"), problem(without, 403, "SealWithoutDecision")])


async def test_what_was_attempted_in_vain_is_refused_and_recorded_for_those_who_inspect(
    city: City, attempted: Attempted
) -> None:
    assert "超出授权区域" in attempted.refusals[0]["detail_zh"]
    discipline = city.someone("LC-JW", Role.DISCIPLINE, "inspector-1")
    rows = (await discipline.get("/v1/attempts")).json()["rows"]
    assert [(row["what"], row["officer"], row["faults"]) for row in rows] == [
        ("seal.use_attempted", CHIEF, ["no_decision"]), ("delegation.exceeded", CHIEF, ["place"]),
    ]  # fmt: skip
    one = await discipline.get("/v1/attempts", what="delegation.exceeded", case_id=attempted.case)
    assert [row["document_no"] for row in one.json()["rows"]] == [MARKER]
    auditor = city.someone("LC-SJJ", Role.AUDITOR, "auditor-1")
    masked = (await auditor.get("/v1/attempts")).json()["rows"]
    assert len(masked) == 2
    assert CHIEF not in orjson.dumps(masked).decode()


async def test_the_same_request_sent_again_is_recorded_once(city: City, attempted: Attempted, decider: Asked) -> None:
    body = grant(as_chief_representative=True)
    for _ in range(2):
        again = await decider.post(f"/v1/cases/{attempted.case}/grant-license", body, key="one-and-the-same")
        problem(again, 403, "DelegationExceeded")
    await city.platform.project()
    discipline = city.someone("LC-JW", Role.DISCIPLINE, "inspector-1")
    rows = (await discipline.get("/v1/attempts", what="delegation.exceeded")).json()["rows"]
    assert len(rows) == 2


EVERY_ROLE = [role for role in Role if role is not Role.SYSTEM]


@pytest.mark.parametrize("role", EVERY_ROLE, ids=str)
async def test_no_read_shows_an_attempt_to_anybody_but_those_who_inspect(
    city: City, attempted: Attempted, role: Role
) -> None:
    """Every read that the platform offers is asked by every role, in its own organ and as the regulator concerned."""
    organs = ("LC-SPJ", "LC-SCJG") if role in (Role.REGULATOR, Role.APPLICANT) else ("LC-SPJ",)
    found = set()
    for organ in organs:
        who = city.someone(organ, role, "" if role in (Role.SOURCE,) else "somebody-1")
        for path in await reads(city):
            for id in (attempted.case, str(SEAL.stream), str(LETTER.stream)):
                answer = await who.get(re.sub(r"{\w+}", id, path))
                assert answer.status_code < 500, (path, answer.text)
                text = answer.text.replace(f'"id":"{id}"', "")
                if MARKER in text or "use_attempted" in text or "delegation.exceeded" in text:
                    found.add(path)
                if "{" not in path:
                    break
    if role in INSPECTING:
        assert {"/v1/attempts", "/v1/cases/{id}/timeline"} <= found
    else:
        assert found == set()


async def reads(city: City) -> list[str]:
    described = create_app(city.platform).openapi()
    return [path for path, on in described["paths"].items() if "get" in on and path not in ("/v1/events",)]


@pytest.mark.parametrize("role", EVERY_ROLE, ids=str)
async def test_no_listener_hears_of_an_attempt_but_those_who_inspect(
    city: City, attempted: Attempted, role: Role
) -> None:
    caller = await a_caller(city, role)
    topics = visible_topics(caller, None)
    listener = Listener(caller, 0, topics)
    page = await city.platform.events_after(0, 1000, None if topics is None else sorted(topics))
    heard = {type(happened.fact).TOPIC for happened in page.facts if listener.sees(happened.fact)}
    confined = {"delegation.exceeded", "seal.use_attempted"}
    assert heard & confined == (confined if role in INSPECTING else set())


class Confined(Event):
    """试。A fact for those who inspect that names, by mistake, an addressee."""

    TOPIC = "test.confined_and_addressed"
    ZH = "仅供纪检"
    EN = "for inspectors only"
    ONLY_FOR = INSPECTING

    authority: Annotated[str, Addressee()] = ORGAN


async def test_even_a_fact_that_names_an_addressee_by_mistake_is_heard_by_those_who_inspect_alone(city: City) -> None:
    for role in (Role.REGULATOR, Role.DISCIPLINE):
        listener = Listener(await a_caller(city, role), 0, None)
        assert listener.sees(Confined()) is (role in INSPECTING)


async def a_caller(city: City, role: Role) -> Any:
    bearer = await city.platform.authenticate(city.someone("LC-SPJ", role, "somebody-1").token)
    assert bearer is not None
    return Caller(bearer, bearer.acting(""), "token", "zh")


async def test_a_letter_shows_who_may_sign_how_far_to_the_organ_itself(
    city: City, attempted: Attempted, decider: Asked
) -> None:
    (row,) = (await decider.get("/v1/delegations")).json()["rows"]
    assert (row["letter_no"], row["officer"], row["scope"]["places"]) == (LETTER.letter_no, CHIEF, ["371521"])
    stranger = city.someone("LC-9", Role.DECIDER, "other-1")
    assert (await stranger.get("/v1/delegations")).json()["rows"] == []
    problem(await stranger.get("/v1/delegations", organ=ORGAN), 403, "NotYours")
    regulator = city.someone("LC-SCJG", Role.REGULATOR, "zhang")
    problem(await regulator.get("/v1/delegations"), 403, "NotForThisRole")


async def test_a_seal_is_used_with_two_keys_and_its_register_shows_it(
    city: City, steward: Asked, decider: Asked
) -> None:
    case = await examined(city, steward)
    assert (await steward.post("/v1/seals/open-year", SEAL.model_dump(mode="json"))).status_code == 201
    paper = {"case_id": case, "kind": "acceptance_notice", "document_no": "聊行审受字〔2026〕1号", "digest": DIGEST}
    asked_for = await decider.post(f"/v1/seals/{SEAL.stream}/request-use", paper)
    assert asked_for.status_code == 200, asked_for.text
    alone = await decider.post(f"/v1/seals/{SEAL.stream}/confirm-use", {"request": 1})
    problem(alone, 403, "SameHandTwice")
    assert (await steward.post(f"/v1/seals/{SEAL.stream}/confirm-use", {"request": 1})).status_code == 200
    await city.platform.project()
    one = await decider.get(f"/v1/seals/{SEAL.stream}")
    assert one.headers["etag"] == '"3"'
    assert (one.json()["keeper"], one.json()["uses"]) == ("keeper-1", 1)
    (use,) = (await decider.get(f"/v1/seals/{SEAL.stream}/uses")).json()["rows"]
    assert (use["state"], use["requested_by"], use["confirmed_by"]) == ("used", CHIEF, "keeper-1")
    assert use["rests_on"] == f"{case}:3"
    auditor = city.someone("LC-SJJ", Role.AUDITOR, "auditor-1")
    (masked,) = (await auditor.get(f"/v1/seals/{SEAL.stream}/uses")).json()["rows"]
    assert (masked["requested_by"], masked["confirmed_by"]) == ("***", "***")
    stranger = city.someone("LC-9", Role.DECIDER, "other-1")
    problem(await stranger.get(f"/v1/seals/{SEAL.stream}"), 404, "UnknownStream")
    assert (await stranger.get("/v1/seals")).json()["rows"] == []
    assert [row["seal_no"] for row in (await decider.get("/v1/seals", year=2026)).json()["rows"]] == [SEAL.seal_no]


async def test_vouchers_without_a_seal_are_listed_after_their_day(city: City, steward: Asked, decider: Asked) -> None:
    case = await examined(city, steward)
    await city.platform.project()
    today = await decider.get("/v1/vouchers/unsealed")
    assert today.json()["rows"] == []
    (row,) = (await decider.get("/v1/vouchers/unsealed", on="2026-03-04")).json()["rows"]
    assert (row["case_id"], row["seal_by"], row["document_no"]) == (case, "2026-03-03", "聊行审受字〔2026〕1号")
    (voucher,) = (await decider.get(f"/v1/cases/{case}/vouchers")).json()["rows"]
    assert (voucher["kind"], voucher["sealed_at"]) == ("acceptance_notice", None)
    stranger = city.someone("LC-9", Role.DECIDER, "other-1")
    problem(await stranger.get(f"/v1/cases/{case}/vouchers"), 404, "UnknownStream")


async def test_document_numbers_are_given_out_over_http_and_their_gaps_are_listed(city: City) -> None:
    organ = "11371500MB2862819G"
    clerk = city.someone(organ, Role.DECIDER, "clerk-1")
    body = {"organ": organ, "kind": "grant", "year": 2026, "cause": "grant"}
    first = await clerk.post("/v1/document-numbers/issue", body)
    assert first.status_code == 201, first.text
    again = await clerk.post("/v1/document-numbers/issue", body)
    assert (again.status_code, again.json()["events"]) == (200, [])
    series = first.json()["stream"]
    void = await clerk.post(f"/v1/document-numbers/{series}/void", {"number": 1, "reason": "打印样张"})
    assert void.status_code == 200, void.text
    await clerk.post("/v1/document-numbers/issue", body)
    await city.platform.project()
    rows = (await clerk.get("/v1/document-numbers")).json()["rows"]
    assert [(row["document_no"], row["state"]) for row in rows] == [
        ("聊行审许字〔2026〕1号", "voided"), ("聊行审许字〔2026〕2号", "reserved"),
    ]  # fmt: skip
    gaps = (await clerk.get("/v1/document-numbers/gaps", on="2027-01-01")).json()["rows"]
    assert [row["state"] for row in gaps] == ["voided", "unexplained"]
    stranger = city.someone("LC-9", Role.DECIDER, "other-1")
    assert (await stranger.get("/v1/document-numbers")).json()["rows"] == []
