"""时限逐日: every clock of a case and every day of it, over HTTP and as it stood at a moment."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from town import MARCH, Asked, City, problem

from domain.approval_case.commands import AcceptApplication, ReceiveMaterial
from domain.kernel.people import Actor, Role

WINDOW = Actor(id="window-1", organ="LC-SPJ", role=Role.ACCEPTOR)


async def accepted(city: City, case: str) -> None:
    await city.do(ReceiveMaterial(case_id=case, receipt_no="R-1"), WINDOW)
    city.platform.clock.at = MARCH + timedelta(days=1)
    await city.do(AcceptApplication(case_id=case, document_no="A-1"), WINDOW)
    await city.platform.project()


def acceptor(city: City) -> Asked:
    return city.someone("LC-SPJ", Role.ACCEPTOR, "window-1")


async def test_every_day_of_every_clock_is_told_with_its_reason(city: City, submitted: str) -> None:
    await accepted(city, submitted)
    city.platform.clock.at = MARCH + timedelta(days=3)
    told = (await acceptor(city).get(f"/v1/cases/{submitted}/clock")).json()
    assert (told["case_no"], told["facts"]) == ("LC2026030001", 3)
    clocks = {one["clock"]: one for one in told["clocks"]}
    promised = clocks["promised"]
    assert (promised["due"], promised["used"], promised["remaining"]) == ("2026-03-10", 2, 3)
    assert (promised["amount"], promised["unit"], promised["region"]) == (5, "working_days", "371502")
    assert [day["date"] for day in promised["days"] if day["counted"]][-1] == promised["due"]
    assert all(day["zh"] and day["en"] and day["code"] for day in promised["days"])
    assert promised["calendar"] == told["calendar"] != ""
    assert clocks["notice"]["met_on"] == "2026-03-03"


async def test_asked_as_of_a_moment_it_shows_what_had_been_recorded_then(city: City, submitted: str) -> None:
    await accepted(city, submitted)
    ask, path = acceptor(city), f"/v1/cases/{submitted}/clock"
    then = (await ask.get(path, at=(MARCH + timedelta(hours=1)).isoformat())).json()
    assert [one["clock"] for one in then["clocks"]] == ["notice"]
    assert (then["clocks"][0]["open"], then["clocks"][0]["due"]) == (True, "2026-03-09")
    city.platform.clock.at = MARCH + timedelta(days=90)
    again = (await ask.get(path, at=(MARCH + timedelta(hours=1)).isoformat())).json()
    assert again == then, "the clock of whoever reads has no part in it"
    problem(await ask.get(path, at=(MARCH - timedelta(days=1)).isoformat()), 404, "UnknownStream")


async def test_it_is_told_to_whom_the_case_is_told(city: City, submitted: str) -> None:
    await accepted(city, submitted)
    other = city.someone("DC-SPJ", Role.DECIDER, "judge-9")
    problem(await other.get(f"/v1/cases/{submitted}/clock"), 404, "UnknownStream")
    problem(await acceptor(city).get(f"/v1/cases/{uuid4()}/clock"), 404, "UnknownStream")
    auditor = city.someone("LC-SJJ", Role.AUDITOR, "auditor-1")
    assert (await auditor.get(f"/v1/cases/{submitted}/clock")).status_code == 200
