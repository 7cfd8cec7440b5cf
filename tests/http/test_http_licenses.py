"""证照查阅: who reads which license, the lists that come from their dates, and the timeline of an enterprise."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from town import Asked, City, application, item, problem

from domain.approval_case import commands as c
from domain.approval_case.words import Opinion, Validity
from domain.kernel.identity import license_stream
from domain.kernel.people import Actor, Role
from domain.kernel.words import Body
from domain.license.commands import NoteProposal, RegisterLicense
from domain.supervision_finding import FindingKind, ReportFinding

USCC = "91371500MA3C1ABC2D"
MARKET = Body(code="LC-SCJG", name="市场监管局")


def officer(name: str, role: Role) -> Actor:
    return Actor(id=name, organ="LC-SPJ", role=role)


@pytest.fixture
async def license_id(city: City) -> str:
    """A license that began the year before and ends this one, and that the market regulator wants revoked."""
    steward = city.someone("LC-SPJ", Role.STEWARD, "steward-1")
    made = await steward.post("/v1/items/publish-version", item(annual_check=True, license_type="食品经营许可证"))
    assert made.status_code == 201, made.text
    acceptor = city.someone("LC-SPJ", Role.ACCEPTOR, "window-1")
    case = (await acceptor.post("/v1/cases/submit-application", application())).json()["stream"]
    window, examiner = officer("window-1", Role.ACCEPTOR), officer("examiner-1", Role.EXAMINER)
    decider = officer("decider-1", Role.DECIDER)
    validity = Validity(valid_from=date(2025, 5, 12), valid_to=date(2026, 5, 11))
    for command, by in (
        (c.ReceiveMaterial(case_id=case, receipt_no="R-1"), window),
        (c.AcceptApplication(case_id=case, document_no="A-1"), window),
        (c.AssignCase(case_id=case, examiner=examiner.id), window),
        (c.RecordExaminationOpinion(case_id=case, opinion=Opinion.PASS, grounds="符合条件"), examiner),
        (c.GrantLicense(case_id=case, document_no="D-1", content="准予经营", validity=validity), decider),
        (c.IssueLicense(case_id=case, license_no="JY-1", digest="ab" * 32), decider),
    ):
        await city.do(command, by)
    registered = await city.do(RegisterLicense(case_id=case, license_no="JY-1", digest="ab" * 32))
    finding = ReportFinding(
        organ=MARKET, finding_no="F-1", kind=FindingKind.PROPOSAL_TO_REVOKE, license_no="JY-1", found_on=date(2026, 3, 2),
        subject=c.SubmitApplication.model_validate(application()).subject, statement="场所证明系伪造", legal_basis="第六十九条",
    )  # fmt: skip
    await city.do(finding, Actor(id="zhang", organ=MARKET.code, role=Role.REGULATOR))
    await city.do(
        NoteProposal(
            license_id=registered.stream, finding_id=finding.stream, finding_no="F-1", revision=1, organ=MARKET,
            kind="建议撤销", kind_en="proposal to revoke", asks_for_change=True, statement="场所证明系伪造",
        )
    )  # fmt: skip
    await city.platform.project()
    assert registered.stream == license_stream(c.SubmitApplication.model_validate(application()).stream)
    return str(registered.stream)


def readers(city: City) -> dict[str, Asked]:
    return {
        "ours": city.someone("LC-SPJ", Role.DECIDER, "decider-1"), "theirs": city.someone("DC-SPJ", Role.DECIDER, "x"),
        "market": city.someone("LC-SCJG", Role.REGULATOR, "zhang"), "fire": city.someone("LC-XFJY", Role.REGULATOR, "w"),
        "auditor": city.someone("LC-SJJ", Role.AUDITOR, "auditor-1"),
    }  # fmt: skip


async def test_a_license_is_read_by_its_organ_its_regulators_and_those_who_inspect(city: City, license_id: str) -> None:
    who = readers(city)
    for name in ("ours", "market", "auditor"):
        one = await who[name].get(f"/v1/licenses/{license_id}")
        assert (one.status_code, one.json()["exchange_code"], one.headers["etag"]) == (200, "01", '"3"'), name
        assert [row["license_no"] for row in (await who[name].get("/v1/licenses", subject=USCC)).json()["rows"]] == ["JY-1"]
    for name in ("theirs", "fire"):
        for path in ("", "/timeline", "/checks", "/renewals"):
            problem(await who[name].get(f"/v1/licenses/{license_id}{path}"), 404, "UnknownStream")
        assert (await who[name].get("/v1/licenses")).json()["rows"] == []


async def test_what_one_regulator_proposed_the_approving_side_reads_and_no_other_regulator(
    city: City, license_id: str
) -> None:
    who = readers(city)
    ours = (await who["ours"].get("/v1/licenses", proposed=True)).json()["rows"]
    assert len(ours[0]["open_proposals"]) == 1
    assert (await who["market"].get(f"/v1/licenses/{license_id}")).json()["open_proposals"] == []

    async def topics(name: str) -> list[str]:
        return [row["topic"] for row in (await who[name].get(f"/v1/licenses/{license_id}/timeline")).json()["rows"]]

    assert "license.proposal_noted" in await topics("ours")
    assert "license.proposal_noted" not in await topics("market")


async def test_the_lists_come_from_the_dates_of_the_licenses_and_page(city: City, license_id: str) -> None:
    ours = readers(city)["ours"]
    soon = (await ours.get("/v1/licenses/expiring", **{"from": "2026-05-01", "to": "2026-05-31"})).json()
    assert [row["license_id"] for row in soon["rows"]] == [license_id]
    due = (await ours.get("/v1/licenses/annual-checks", year=2026, month=5)).json()
    [row] = due["rows"]
    assert (row["opens_on"], row["due_on"], row["result"], row["overdue"]) == ("2026-05-01", "2026-05-31", "", False)
    assert (await ours.get("/v1/licenses/annual-checks", year=2026, month=6)).json() == {"rows": [], "next": None}
    assert (await ours.get("/v1/licenses/annual-checks", year=2026, done=True)).json()["rows"] == []


async def test_the_timeline_of_an_enterprise_is_one_list_within_the_remit_of_whoever_asks(
    city: City, license_id: str
) -> None:
    who = readers(city)

    async def told(name: str) -> list[dict[str, Any]]:
        answer = await who[name].get(f"/v1/enterprises/{USCC}/timeline")
        assert answer.status_code == 200, answer.text
        rows: list[dict[str, Any]] = answer.json()["rows"]
        return rows

    whole = ["license.registered", "license.took_effect", "finding.reported", "license.proposal_noted"]
    assert [row["topic"] for row in await told("ours")] == whole
    assert [row["topic"] for row in await told("auditor")] == whole
    assert [row["topic"] for row in await told("market")] == whole[:3]
    assert await told("fire") == []
    assert all(row["zh"] and row["en"] for row in await told("ours"))
    page = (await who["ours"].get(f"/v1/enterprises/{USCC}/timeline", limit=2)).json()
    rest = (await who["ours"].get(f"/v1/enterprises/{USCC}/timeline", limit=2, cursor=page["next"])).json()
    assert [row["topic"] for row in page["rows"] + rest["rows"]] == whole


async def test_an_officer_of_another_organ_changes_no_license(city: City, license_id: str) -> None:
    who = readers(city)
    revoke = {"ground": "fraud_or_bribery", "reasons": "以虚假材料骗取行政许可", "document_no": "撤1"}
    refused = await who["theirs"].post(f"/v1/licenses/{license_id}/revoke", revoke)
    problem(refused, 403, "ForeignAuthority")
    problem(await who["market"].post(f"/v1/licenses/{license_id}/revoke", revoke), 403, "RoleMayNot")
    done = await who["ours"].post(f"/v1/licenses/{license_id}/revoke", revoke)
    assert done.status_code == 200, done.text


async def test_a_role_that_has_no_business_with_licenses_is_told_so(city: City) -> None:
    source = city.someone("LC-XXX", Role.SOURCE, "somebody")
    for path in ("/v1/licenses", "/v1/licenses/expiring", "/v1/licenses/annual-checks", f"/v1/enterprises/{USCC}/timeline"):
        problem(await source.get(path), 403, "NotForThisRole")
