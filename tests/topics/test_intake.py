"""The intake: messages become commands, facts and offset commit together, and what cannot be taken is set aside
with its reason without disturbing anything else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from eventsourcing.persistence import PersistenceError

from domain.application import Order
from domain.approval_case.facts import CaseReported, StepReported
from domain.commitment.commands import OpenCommitment
from domain.commitment.facts import CommitmentChecked
from domain.joint_inspection.commands import PlanJointInspection
from domain.joint_inspection.facts import SlotsAnswered
from domain.joint_inspection.words import SiteVisitNeed, Window
from domain.kernel.identity import stream_id
from domain.kernel.people import the_platform
from domain.kernel.promises import CommitmentKind
from domain.kernel.words import Body, Site, Subject
from domain.kernel.words import Regulator as Regulated
from domain.parked_message import KEPT, MessageParked
from domain.push import PushAcknowledged, PushClaimed, PushFedBack
from domain.supervision_finding import FindingReported
from infra.bench.pushes import pushed
from infra.kafka import Connection
from infra.topics import IntakePositions, KafkaBroker
from interfaces.topics.envelope import Headers
from interfaces.topics.intake import LARGEST, Intake, position_name
from tests.topics.conftest import AT, OwnBroker, Platform, Regulator, StartRelay, come, read_all

Code = Callable[[str], str]


@asynccontextmanager
async def reading(intake: Intake) -> AsyncIterator[Intake]:
    stop = asyncio.Event()
    task = asyncio.create_task(intake.run(stop))
    try:
        yield intake
    finally:
        stop.set()
        await task


def only(*authorities: str) -> Callable[[str], bool]:
    """On a broker that is shared, the topics of this test alone."""
    return lambda topic: any(f".{authority}." in topic for authority in authorities)


def a_push(platform: Platform, authority: str, number: int = 1) -> UUID:
    fact = pushed(number, authority)
    platform.store(fact)
    return fact.originator_id


def finding(authority: str, number: str, **changes: Any) -> dict[str, Any]:
    return {
        "organ": {"code": authority, "name": "市消防救援支队"}, "finding_no": number, "kind": "inspection",
        "subject": {"identifier": "91371500MA3C000000", "name": "某餐饮管理有限公司"},
        "found_on": "2026-03-01", "statement": "疏散通道被占用", "legal_basis": "消防法第二十八条", **changes,
    }  # fmt: skip


def step(index: int, case_no: str = "2026-77", **changes: Any) -> dict[str, Any]:
    return {
        "source": "old-system", "source_event_id": f"{case_no}#{index}", "case_no": case_no,
        "opened_on": "2026-02-01", "organ": "BUREAU", "activity": f"step-{index}", "officer": "o1",
        "occurred_at": f"2026-02-{index + 1:02}T00:00:00+08:00", "precision": "day", "historical": True, **changes,
    }  # fmt: skip


async def test_what_a_regulator_sends_becomes_facts_in_its_name(
    platform: Platform, broker: Connection, authority: Code
) -> None:
    fire = authority("FIRE")
    push, regulator = a_push(platform, fire), Regulator(broker, fire)
    regulator.send("push.acknowledge", {"push_id": str(push)})
    regulator.send("push.claim", {"push_id": str(push), "officer": "李四"})
    regulator.send("push.file_feedback", {"push_id": str(push), "feedback": "首次检查已安排"})
    regulator.send("finding.report", finding(fire, "X-1", case_no="nobody-knows-it"))
    async with reading(platform.intake(broker, only(fire))) as intake:
        await come(lambda: intake.outcomes["taken"] == 4)
    [acknowledged], [claimed], [_] = (platform.facts(k) for k in (PushAcknowledged, PushClaimed, PushFedBack))
    assert (acknowledged.actor.id, acknowledged.actor.organ) == ("王小明", fire)
    assert claimed.officer == "李四"
    assert [f.case_no for f in platform.facts(FindingReported)] == ["nobody-knows-it"]
    assert platform.facts(MessageParked) == []


async def test_the_hour_of_a_joint_inspection_is_negotiated_over_the_topics_of_those_invited(
    platform: Platform, broker: Connection, authority: Code
) -> None:
    fire, market, water = authority("FIRE"), authority("MARKET"), authority("WATER")
    lead, other = Body(code=fire, name="市消防救援支队"), Body(code=market, name="市场监管局")
    need = SiteVisitNeed(case_id=stream_id("case", 2026, "platform", "8"), case_no="2026-8", bodies=(lead, other))
    window = Window(first=AT.date() + timedelta(days=1), last=AT.date() + timedelta(days=9))
    plan = PlanJointInspection(
        cause="1", site=Site(region="371502", address="柳园南路 1 号"), window=window, cases=(need,), lead=lead
    )
    await platform.app.handle(Order(plan, the_platform("test"), AT))
    slot = {"day": window.last.isoformat(), "begins": "09:30:00", "minutes": 90}
    this = {"inspection_id": str(plan.stream)}
    Regulator(broker, fire).send("inspection.propose_slots", this | {"slots": [slot]})
    async with reading(platform.intake(broker, only(fire, market, water))) as intake:
        await come(lambda: intake.outcomes["taken"] == 1)
        Regulator(broker, water).send("inspection.answer_slots", this | {"accepts": [slot]})
        Regulator(broker, market).send("inspection.answer_slots", this | {"accepts": [slot]})
        await come(lambda: intake.outcomes["taken"] == 2 and intake.outcomes["parked"] == 1)
    [answered] = platform.facts(SlotsAnswered)
    assert (answered.body.code, answered.actor.organ) == (market, market)
    [parked] = platform.facts(MessageParked)
    assert parked.reason == "NotInvitedToInspect"


async def test_a_regulator_checks_the_commitment_it_supervises_over_its_topic(
    platform: Platform, broker: Connection, authority: Code
) -> None:
    market, fire = authority("MARKET"), authority("FIRE")
    command = OpenCommitment(
        case_id=stream_id("case", 2026, "platform", "7"), case_no="7", item="FOOD-1", item_name="食品经营许可",
        kind=CommitmentKind.CONDITIONS, promise="符合卫生条件", organ="BUREAU", decided_on=AT.date(),
        subject=Subject(identifier="91371500MA3C000000", name="某餐饮管理有限公司"),
        regulators=(Regulated(code=market, name="市场监管局"),),
    )  # fmt: skip
    await platform.app.handle(Order(command, the_platform("test"), AT))
    check = {
        "commitment_id": str(command.stream), "result": "kept", "method": "random", "checked_on": "2026-03-02",
        "officers": ["张三", "李四"], "statement": "符合",
    }  # fmt: skip
    Regulator(broker, fire).send("commitment.record_check", check)
    Regulator(broker, market).send("commitment.record_check", check)
    async with reading(platform.intake(broker, only(market, fire))) as intake:
        await come(lambda: intake.outcomes["taken"] == 1 and intake.outcomes["parked"] == 1)
    (found,) = platform.facts(CommitmentChecked)
    assert (found.by.code, found.actor.organ) == (market, market)
    assert [parked.reason for parked in platform.facts(MessageParked)] == ["NotYourCommitment"]


async def test_facts_and_offset_commit_together(platform: Platform, broker: Connection, authority: Code) -> None:
    """Planted: the process dies between storing and hearing of it. Nothing is taken twice, nothing is left out."""
    fire = authority("FIRE")
    regulator = Regulator(broker, fire)
    for number in range(30):
        regulator.send("finding.report", finding(fire, f"X-{number}"))
    commit, died = platform.app.commits.commit, asyncio.Event()

    async def dies_after_storing(unit: Any) -> list[int]:
        await commit(unit)
        died.set()
        raise ConnectionAbortedError("planted: the process dies here")

    async def dies_before_storing(unit: Any) -> list[int]:
        died.set()
        raise ConnectionAbortedError("planted: the process dies here")

    for planted in (dies_before_storing, dies_after_storing):
        died.clear()
        platform.app.commits.commit = planted  # type: ignore[method-assign]
        intake = platform.intake(broker, only(fire), max_records=10, trouble=(ConnectionAbortedError, PersistenceError))
        async with reading(intake):
            await died.wait()
        platform.app.commits.commit = commit  # type: ignore[method-assign]
    async with reading(platform.intake(broker, only(fire))):
        await come(lambda: len(platform.facts(FindingReported)) >= 30)
        await asyncio.sleep(0.3)
    assert sorted(f.finding_no for f in platform.facts(FindingReported)) == sorted(f"X-{n}" for n in range(30))
    assert platform.facts(MessageParked) == []


async def test_it_begins_behind_the_stored_position(platform: Platform, broker: Connection, authority: Code) -> None:
    fire = authority("FIRE")
    regulator = Regulator(broker, fire)
    regulator.send("finding.report", finding(fire, "X-1"))
    async with reading(platform.intake(broker, only(fire))) as first:
        await come(lambda: first.outcomes["taken"] == 1)
    regulator.send("finding.report", finding(fire, "X-2"))
    async with reading(platform.intake(broker, only(fire))) as second:
        await come(lambda: second.outcomes["taken"] == 1)
    assert second.outcomes.total() == 1
    cluster = KafkaBroker(broker).cluster_id()
    stored = IntakePositions(platform.url).of_cluster(cluster)
    assert sum(offset + 1 for offset in stored.values()) == 2
    [(topic, partition)] = {place for place in stored if fire in place[0]} or [("", 0)]
    assert platform.recorder.position(position_name(topic, partition, cluster)) is not None


def malformed(fire: str, push: UUID) -> dict[str, tuple[str, bytes, Headers]]:
    """Each kind of message that cannot be taken: its type, its value, its headers."""
    good = {"push_id": str(push)}
    return {
        "NotJson": ("push.acknowledge", b"{not json", []),
        "WrongSchema": ("push.acknowledge", orjson.dumps({"push": 1}), []),
        "NotAnObject": ("push.acknowledge", b"[]", []),
        "Empty": ("push.acknowledge", b"", []),
        "UnknownType": ("push.invent", orjson.dumps(good), []),
        "NotForThisChannel": ("case.report_step", orjson.dumps(step(1)), []),
        "NotForRegulators": ("push.close", orjson.dumps(good), []),
        "NoEnvelope": ("", orjson.dumps(good), []),
        "ForeignSource": ("push.acknowledge", orjson.dumps(good), [("ce_source", b"HEALTH-371500")]),
        "ForeignOrgan": ("finding.report", orjson.dumps(finding("HEALTH-371500", "X-9")), []),
        "FutureEnvelope": ("push.acknowledge", orjson.dumps(good), [("ce_time", b"2099-01-01T00:00:00Z")]),
        "FutureFinding": ("finding.report", orjson.dumps(finding(fire, "X-8", found_on="2099-01-01")), []),
        "TooLarge": ("push.return", orjson.dumps(good | {"reason": "长" * LARGEST}), []),
        "UnknownPush": ("push.acknowledge", orjson.dumps({"push_id": str(uuid4())}), []),
        "Nul": ("push.return", b'{"push_id":"%s","reason":"a\\u0000b"}' % str(push).encode(), []),
        "Surrogate": ("push.return", b'{"push_id":"%s","reason":"\\ud800"}' % str(push).encode(), []),
    }


EXPECTED = {
    "NotJson": "MessageMalformed", "WrongSchema": "MessageMalformed", "NotAnObject": "MessageMalformed",
    "Empty": "MessageEmpty", "UnknownType": "TypeNotTaken", "NotForThisChannel": "TypeNotTaken",
    "NotForRegulators": "TypeNotTaken", "NoEnvelope": "EnvelopeDamaged", "ForeignSource": "SenderForeign",
    "ForeignOrgan": None, "FutureEnvelope": "FutureTime", "FutureFinding": None, "TooLarge": "MessageTooLarge",
    "UnknownPush": "UnknownStream", "Nul": "ControlCharacter", "Surrogate": "MessageMalformed",
}  # fmt: skip


@pytest.mark.parametrize("kind", EXPECTED)
async def test_what_cannot_be_taken_is_set_aside_with_its_reason_and_disturbs_nothing(
    platform: Platform, embedded_broker: Connection, authority: Code, kind: str
) -> None:
    fire = authority("FIRE")
    push, regulator = a_push(platform, fire), Regulator(embedded_broker, fire)
    type, value, headers = malformed(fire, push)[kind]
    regulator.send("finding.report", finding(fire, "before"))
    regulator.send(type, value, headers=headers)
    regulator.send("finding.report", finding(fire, "after"))
    regulator.send("push.claim", {"push_id": str(push), "officer": "李四"})
    async with reading(platform.intake(embedded_broker, only(fire))) as intake:
        await come(lambda: intake.outcomes.total() == 4)
    assert {f.finding_no for f in platform.facts(FindingReported)} == {"before", "after"}
    assert len(platform.facts(PushClaimed)) == 1
    [parked] = platform.facts(MessageParked)
    assert parked.authority == fire
    assert parked.topic == f"supervision.{fire}.v1"
    assert parked.length == len(value)
    assert len(parked.body) <= KEPT
    assert parked.reason_zh
    assert parked.reason_en
    assert EXPECTED[kind] in (None, parked.reason)


async def test_the_regulator_sees_what_was_set_aside_on_its_own_topic(
    platform: Platform, broker: Connection, authority: Code, start_relay: StartRelay
) -> None:
    fire = authority("FIRE")
    Regulator(broker, fire).send("push.invent", {"secret": "张三"})
    async with reading(platform.intake(broker, only(fire))) as intake:
        await come(lambda: intake.outcomes["parked"] == 1)
    relay = start_relay(platform, broker).relay
    await come(lambda: relay.position >= platform.recorder.head())
    [told] = read_all(broker, f"supervision.{fire}.v1.parked")
    content = orjson.loads(told.value or b"")
    assert content["reason"] == "TypeNotTaken"
    assert "张三" not in content["body"]


async def test_the_same_message_id_again_changes_nothing(
    platform: Platform, broker: Connection, authority: Code
) -> None:
    fire, health = authority("FIRE"), authority("HEALTH")
    push, regulator = a_push(platform, fire), Regulator(broker, fire)
    back = {"push_id": str(push), "reason": "不属于本部门"}
    regulator.send("push.return", back, id="m-1")
    regulator.send("push.return", back, id="m-1")
    async with reading(platform.intake(broker, only(fire))) as intake:
        await come(lambda: intake.outcomes.total() == 2)
    assert (intake.outcomes["taken"], intake.outcomes["repeated"]) == (1, 1)
    regulator.send("push.return", back, id="m-1")
    regulator.send("push.return", back | {"reason": "另一理由"}, id="m-1")
    Regulator(broker, health).send("finding.report", finding(health, "X-1"), id="m-1")
    async with reading(platform.intake(broker, only(fire, health))) as intake:
        await come(lambda: intake.outcomes.total() == 3)
    assert +intake.outcomes == {"taken": 1, "repeated": 1, "parked": 1}
    assert [p.reason for p in platform.facts(MessageParked)] == ["RequestReused"]
    assert len(platform.facts(FindingReported)) == 1


async def test_topics_of_newly_known_authorities_are_read_without_a_restart(
    platform: Platform, broker: Connection, authority: Code
) -> None:
    fire, health = authority("FIRE"), authority("HEALTH")
    Regulator(broker, fire).send("finding.report", finding(fire, "X-1"))
    async with reading(platform.intake(broker, only(fire, health))) as intake:
        await come(lambda: intake.outcomes["taken"] == 1)
        Regulator(broker, health).send("finding.report", finding(health, "X-2"))
        await come(lambda: intake.outcomes["taken"] == 2)
    assert intake.topics == tuple(sorted(f"supervision.{code}.v1" for code in (fire, health)))


async def test_reports_of_an_approval_system_are_kept_in_their_order_with_what_is_irregular(
    platform: Platform, own_broker: OwnBroker
) -> None:
    connection = own_broker.connection
    _report(connection, [step(1), step(2, means="granted"), step(3), step(2, means="granted")], "old-system")
    async with reading(platform.intake(connection)) as intake:
        await come(lambda: intake.outcomes.total() == 4)
    assert +intake.outcomes == {"taken": 3, "repeated": 1}
    [case] = platform.facts(CaseReported)
    steps = platform.facts(StepReported)
    assert [s.activity for s in steps] == ["step-1", "step-2", "step-3"]
    assert "unknown_item" in case.irregularities
    assert "before_acceptance" in steps[1].irregularities
    assert (steps[0].occurred_at.isoformat(), steps[0].precision) == ("2026-02-02T00:00:00+08:00", "day")


async def test_a_report_in_the_name_of_another_system_or_of_the_future_is_set_aside(
    platform: Platform, own_broker: OwnBroker
) -> None:
    connection = own_broker.connection
    _report(connection, [step(1)], "another-system")
    later = (AT + timedelta(days=3)).isoformat()
    _report(connection, [step(2, occurred_at=later), step(3)], "old-system")
    async with reading(platform.intake(connection)) as intake:
        await come(lambda: intake.outcomes.total() == 3)
    assert {p.reason for p in platform.facts(MessageParked)} == {"NotTheSource", "FutureTime"}
    assert {p.authority for p in platform.facts(MessageParked)} == {""}
    assert [s.activity for s in platform.facts(StepReported)] == ["step-3"]


async def test_one_message_the_platform_fails_on_is_set_aside_and_its_neighbours_are_taken(
    platform: Platform, embedded_broker: Connection, authority: Code
) -> None:
    fire = authority("FIRE")
    regulator = Regulator(embedded_broker, fire)
    for number in range(9):
        regulator.send("finding.report", finding(fire, f"X-{number}"))
    handle = platform.app.handle_all

    async def fails_on_one(orders: Any, *more: Any) -> Any:
        if any(getattr(order.command, "finding_no", "") == "X-4" for order in orders):
            raise ZeroDivisionError("planted")
        return await handle(orders, *more)

    platform.app.handle_all = fails_on_one  # type: ignore[method-assign]
    async with reading(platform.intake(embedded_broker, only(fire))) as intake:
        await come(lambda: intake.outcomes.total() == 9)
    assert {f.finding_no for f in platform.facts(FindingReported)} == {f"X-{n}" for n in range(9)} - {"X-4"}
    assert [p.reason for p in platform.facts(MessageParked)] == ["PlatformFailed"]


async def test_a_wiped_broker_is_read_from_its_first_message(
    platform: Platform, own_broker: OwnBroker, authority: Code
) -> None:
    fire = authority("FIRE")
    for number in (1, 2, 3):
        Regulator(own_broker.connection, fire).send("finding.report", finding(fire, f"X-{number}"))
    async with reading(platform.intake(own_broker.connection)) as intake:
        await come(lambda: intake.outcomes["taken"] == 3)
        own_broker.wipe()
        Regulator(own_broker.connection, fire).send("finding.report", finding(fire, "X-4"))
        await come(lambda: intake.outcomes["taken"] == 4)
    assert sorted(f.finding_no for f in platform.facts(FindingReported)) == ["X-1", "X-2", "X-3", "X-4"]


async def test_two_intakes_at_once_take_nothing_twice(
    platform: Platform, embedded_broker: Connection, authority: Code
) -> None:
    fire = authority("FIRE")
    regulator = Regulator(embedded_broker, fire)
    async with (
        reading(platform.intake(embedded_broker, only(fire))),
        reading(platform.intake(embedded_broker, only(fire))),
    ):
        for number in range(20):
            await asyncio.to_thread(regulator.send, "finding.report", finding(fire, f"X-{number}"))
        await come(lambda: len(platform.facts(FindingReported)) >= 20)
    assert sorted(f.finding_no for f in platform.facts(FindingReported)) == sorted(f"X-{n}" for n in range(20))
    assert platform.facts(MessageParked) == []


def _report(connection: Connection, steps: list[dict[str, Any]], source: str) -> None:
    broker = KafkaBroker(connection)
    broker.ensure(["approval.intake", "approval.intake.parked"])
    sender = broker.sender(broker.cluster_id())
    for one in steps:
        headers = [
            ("ce_specversion", b"1.0"), ("ce_id", uuid4().hex.encode()), ("ce_type", b"case.report_step"),
            ("ce_source", f"/systems/{source}".encode()),
        ]  # fmt: skip
        sender.send("approval.intake", one["case_no"].encode(), orjson.dumps(one), headers)
    sender.close()
    broker.close()
