"""会商与联合踏勘 over HTTP: the hour is negotiated, the chain is read, and each link by whom it concerns."""

from __future__ import annotations

from datetime import timedelta

import pytest
from town import Asked, City, problem

from domain.joint_inspection.commands import PlanJointInspection, PlanReinspection, reinspection_stream
from domain.joint_inspection.words import Reinspection, SiteVisitNeed, Window
from domain.kernel.people import Role
from domain.kernel.words import Body, InspectionKind, Site
from domain.rules.dates import business_date

MARKET, FIRE = Body(code="LC-SCJG", name="市场监管局"), Body(code="LC-XFJY", name="消防救援支队")
SHOP = Site(region="371502", address="东昌西路1号")


@pytest.fixture
def market(city: City) -> Asked:
    return city.someone("LC-SCJG", Role.REGULATOR, "zhang")


@pytest.fixture
def fire(city: City) -> Asked:
    return city.someone("LC-XFJY", Role.REGULATOR, "wang")


@pytest.fixture
def examiner(city: City) -> Asked:
    return city.someone("LC-SPJ", Role.EXAMINER, "examiner-1")


def window(city: City) -> Window:
    today = business_date(city.platform.now())
    return Window(first=today + timedelta(days=1), last=today + timedelta(days=20))


async def planned(city: City, case_id: str, *bodies: Body) -> str:
    need = SiteVisitNeed(case_id=case_id, case_no="LC2026030001", bodies=bodies)
    plan = PlanJointInspection(cause="1", site=SHOP, window=window(city), cases=(need,), lead=bodies[0])
    return str((await city.do(plan)).stream)


async def test_the_lead_proposes_hours_and_the_others_answer(
    city: City, submitted: str, market: Asked, fire: Asked, examiner: Asked
) -> None:
    path = f"/v1/inspections/{await planned(city, submitted, FIRE, MARKET)}"
    slot = {"day": window(city).last.isoformat(), "begins": "09:30:00", "minutes": 90}
    problem(await market.post(f"{path}/propose-slots", {"slots": [slot]}), 403, "OnlyTheLeadDoes")
    assert (await fire.post(f"{path}/propose-slots", {"slots": [slot]})).status_code == 200
    problem(await fire.post(f"{path}/fix-slot", {"slot": slot}), 409, "SlotAnswersMissing")
    assert (await market.post(f"{path}/answer-slots", {"accepts": [slot]})).status_code == 200
    assert (await fire.post(f"{path}/fix-slot", {"slot": slot})).status_code == 200
    await city.platform.project()
    shown = (await examiner.get(path)).json()
    assert (shown["state"], shown["slot"]) == ("confirmed", slot)


async def test_a_chain_is_read_in_order_and_a_regulator_sees_the_links_it_is_invited_to(
    city: City, submitted: str, market: Asked, fire: Asked, examiner: Asked
) -> None:
    root = await planned(city, submitted, FIRE, MARKET)
    need = SiteVisitNeed(case_id=submitted, case_no="LC2026030001", bodies=(FIRE,))
    again = Reinspection(
        inspection_id=reinspection_stream(need.case_id, 1), round=1, site=SHOP, cases=(need,), lead=FIRE
    )
    await city.do(
        PlanReinspection(
            cause="2", parent_id=root, kind=InspectionKind.SITE_VISIT, window=window(city), planned=again
        )
    )  # fmt: skip
    await city.platform.project()
    path = f"/v1/inspections/{root}/chain"
    for who, rounds in ((examiner, [0, 1]), (fire, [0, 1]), (market, [0])):
        assert [row["round"] for row in (await who.get(path)).json()["rows"]] == rounds
    first = (await examiner.get(path, limit=1)).json()
    rest = (await examiner.get(path, limit=1, cursor=first["next"])).json()
    assert [row["round"] for row in first["rows"] + rest["rows"]] == [0, 1]
    problem(await market.get(f"/v1/inspections/{again.inspection_id}/chain"), 404, "UnknownStream")
    assert (await examiner.get("/v1/inspections", kind="drawing_review")).json()["rows"] == []
    assert len((await examiner.get("/v1/inspections", kind="site_visit")).json()["rows"]) == 2
