"""What did regulators find, is it answered, and which messages were set aside?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from cases import day, granted
from world import World

from domain import parked_message as k
from domain import supervision_finding as s
from projections import findings, parked
from projections.findings import Findings
from projections.parked import Parked
from tests.specification import (
    ACCEPTOR,
    DECIDER,
    FIRE,
    FIRE_OFFICER,
    HOLDER,
    HOUSING,
    HOUSING_OFFICER,
    MONDAY,
    OPERATOR,
    PLATFORM,
)


def report(world: World, **more: object) -> UUID:
    told: dict[str, object] = {
        "organ": HOUSING, "finding_no": "F-1", "kind": s.FindingKind.RECTIFICATION, "subject": HOLDER,
        "found_on": MONDAY.date(), "statement": "通道堵塞", "legal_basis": "消防法", "rectify_by": day(8).date(),
    }  # fmt: skip
    command = s.ReportFinding.model_validate(told | more)
    world.do(command, by=FIRE_OFFICER if command.organ == FIRE else HOUSING_OFFICER)
    return command.stream


def row(world: World, finding: UUID) -> findings.FindingRow:
    found = findings.finding(world.folded(Findings).read, finding)
    assert found is not None
    return found


def duties(world: World, on: date) -> list[str]:
    return [d.duty for d in findings.overdue_duties(world.folded(Findings).read, on)]


def test_a_finding_is_open_until_it_is_handled_and_its_rectification_confirmed(world: World) -> None:
    finding = report(world)
    world.do(s.RegisterFinding(finding_id=finding), by=ACCEPTOR, at=day(1))
    world.do(s.OpenRectification(finding_id=finding, requirement="清理"), by=DECIDER, at=day(1))
    handle = s.HandleFinding(finding_id=finding, result=s.FindingResult.ADOPTED, explanation="督促整改")
    world.do(handle, by=DECIDER, at=day(2))
    found = row(world, finding)
    assert (found.state, found.open, found.rectifying, found.result) == ("handled", True, True, "adopted")
    assert [f.finding_id for f in findings.open_of_subject(world.read, HOLDER.identifier)] == [finding]
    done = s.RectificationDone(finding_id=finding, statement="已清理")
    world.do(done, by=HOUSING_OFFICER, at=day(3))
    assert row(world, finding).open is False
    assert findings.open_of_subject(world.read, HOLDER.identifier) == []
    assert findings.find(world.read, open_only=True).rows == []


def test_each_duty_is_overdue_after_its_day_until_it_was_noted(world: World) -> None:
    finding = report(world)
    assert duties(world, day(1).date()) == []
    assert duties(world, day(2).date()) == ["register"]
    world.do(s.NoteFindingOverdue(finding_id=finding, duty=s.FindingDuty.REGISTER), by=PLATFORM, at=day(2))
    assert duties(world, day(2).date()) == []
    world.do(s.RegisterFinding(finding_id=finding), by=ACCEPTOR, at=day(3))
    world.do(s.OpenRectification(finding_id=finding, requirement="清理"), by=DECIDER, at=day(3))
    assert duties(world, day(9).date()) == ["rectify"]
    assert duties(world, day(21).date()) == ["rectify", "decide"]
    assert findings.overdue_duties(world.read, day(21).date(), limit=1)[0].due_on == day(8).date()


def test_a_further_revision_replaces_the_first_and_must_be_registered_again(world: World) -> None:
    finding = report(world)
    world.do(s.NoteFindingOverdue(finding_id=finding, duty=s.FindingDuty.REGISTER), by=PLATFORM, at=day(2))
    world.do(s.RegisterFinding(finding_id=finding), by=ACCEPTOR, at=day(2))
    report(world, statement="通道仍堵塞", demands=(s.Demand.CONSULTATION,))
    found = row(world, finding)
    assert (found.revision, found.state, found.statement) == (2, "reported", "通道仍堵塞")
    assert found.noted_overdue == []
    asking = findings.open_of_subject(world.read, HOLDER.identifier, demand=s.Demand.CONSULTATION)
    assert [f.finding_id for f in asking] == [finding]


def test_a_finding_about_an_unknown_case_waits_to_be_linked(world: World) -> None:
    finding = report(world, license_no="L-9")
    case, _ = granted(world)
    read = world.folded(Findings).read
    assert [f.finding_id for f in findings.unresolved(read).rows] == [finding]
    link = s.LinkFindingToCase(finding_id=finding, case_id=case, case_no="2026-0001", license_no="L-9")
    world.do(link, by=ACCEPTOR, at=day(1))
    found = row(world, finding)
    assert (found.resolved, found.case_id, found.case_no) == (True, case, "2026-0001")
    assert findings.unresolved(world.read).rows == []
    assert [f.finding_id for f in findings.of_case(world.read, case)] == [finding]


def test_findings_are_listed_by_organ_subject_kind_and_state(world: World) -> None:
    first, second = report(world), report(world, organ=FIRE, finding_no="F-2", kind=s.FindingKind.INSPECTION)
    world.do(s.RegisterFinding(finding_id=second), by=ACCEPTOR, at=day(1))
    read = world.folded(Findings).read
    asked: list[tuple[dict[str, str], list[UUID]]] = [
        ({}, [second, first]), ({"organ": FIRE.code}, [second]), ({"subject": HOLDER.identifier}, [second, first]),
        ({"kind": "rectification"}, [first]), ({"state": "received"}, [second]), ({"organ": "nobody"}, []),
    ]  # fmt: skip
    for by, expected in asked:
        assert [f.finding_id for f in findings.find(read, **by).rows] == expected


def park(world: World, offset: int, *, authority: str = "", reason: str = "NotJson") -> UUID:
    command = k.ParkMessage(
        year=2026, cluster="c", topic=f"supervision.{authority}.v1", partition=0, offset=offset, authority=authority,
        body="{ 王小二", digest="0" * 64, length=9, reason=reason, reason_zh="不是 JSON", reason_en="not JSON",
    )  # fmt: skip
    world.do(command, by=PLATFORM)
    return command.stream


def test_parked_messages_are_shown_to_whoever_sent_them_until_somebody_settles_them(world: World) -> None:
    ours, theirs, report_ = park(world, 1, authority=FIRE.code), park(world, 2, authority=HOUSING.code), park(world, 3)
    world.do(k.ReleaseParkedMessage(parked_id=theirs, reason="已修复"), by=OPERATOR, at=day(1))
    read = world.folded(Parked).read
    assert [m.parked_id for m in parked.messages(read).rows] == [ours, report_]
    assert [m.parked_id for m in parked.messages(read, authority=FIRE.code).rows] == [ours]
    assert [m.parked_id for m in parked.messages(read, authority="").rows] == [report_]
    assert [m.settled_because for m in parked.messages(read, state="released").rows] == ["已修复"]
    assert parked.messages(read, reason="else").rows == []
    assert {(c.authority, c.state): c.messages for c in parked.counts(read)} == {
        ("", "parked"): 1, (FIRE.code, "parked"): 1, (HOUSING.code, "released"): 1,
    }  # fmt: skip
    found = parked.message(read, ours)
    assert found is not None
    assert (found.log_offset, found.reason, found.reason_en) == (1, "NotJson", "not JSON")


def test_the_body_of_a_parked_message_stays_in_the_fact_alone(world: World) -> None:
    message = park(world, 1)
    read = world.folded(Parked).read
    assert parked.body(read, message) == "{ 王小二"
    assert "王小二" not in repr(world.rows_of([Parked]))
    with pytest.raises(KeyError):
        parked.body(read, UUID(int=9))
