"""Which pushes wait for whom, for how long, and why was none sent?"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from cases import ITEM, accepted, day, examined, granted, pushed, terms
from world import World

from domain import push as p
from domain.approval_case.commands import DenyLicense
from domain.kernel.words import Change, ClaimMode, Regulator
from domain.subscription import OpenSubscription, Terms
from projections import delivery_lag, push_board
from projections.push_board import PushBoard
from tests.entered_rules import closed
from tests.specification import (
    DECIDER,
    FIRE,
    FIRE_OFFICER,
    HEALTH,
    HOUSING,
    HOUSING_OFFICER,
    MONDAY,
    OPERATOR,
    PLATFORM,
)


@pytest.fixture
def three(world: World) -> list[UUID]:
    """Three pushes to one regulator, on three days."""
    made = []
    for number in range(3):
        case, decision = granted(world, case_no=f"2026-{number:04}", at=day(number))
        made.append(pushed(world, case, decision, at=day(number), case_no=f"2026-{number:04}"))
    return made


def on_board(world: World, regulator: str = HOUSING.code, **asked: object) -> list[UUID]:
    return [row.push_id for row in push_board.board(world.read, regulator, **asked).rows]  # type: ignore[arg-type]


def test_the_oldest_unacknowledged_push_stands_first(world: World, three: list[UUID]) -> None:
    first, second, third = three
    world.folded(PushBoard)
    assert on_board(world) == [first, second, third]
    world.do(p.AcknowledgePush(push_id=first), by=HOUSING_OFFICER, at=day(3))
    world.do(p.ClaimPush(push_id=second, officer="王"), by=HOUSING_OFFICER, at=day(3))
    world.folded(PushBoard)
    assert on_board(world) == [third, first, second]
    assert on_board(world, states=["acknowledged"]) == [first]
    assert on_board(world, FIRE.code) == []
    page = push_board.board(world.read, HOUSING.code, limit=2)
    assert page.next is not None
    assert on_board(world, cursor=page.next) == [second]
    states = {(c.regulator_name, c.state): c.pushes for c in push_board.counts(world.read)}
    assert states == {(HOUSING.name, s): 1 for s in ("acknowledged", "claimed", "dispatched")}


def test_a_push_tells_every_step_of_its_life(world: World) -> None:
    case, decision = granted(world)
    push = pushed(world, case, decision)
    steps = [
        (p.RecordDelivery(push_id=push), HOUSING_OFFICER), (p.ClaimPush(push_id=push, officer="王"), HOUSING_OFFICER),
        (p.FileFeedback(push_id=push, feedback="已列入计划"), HOUSING_OFFICER), (p.ClosePush(push_id=push), PLATFORM),
    ]  # fmt: skip
    for number, (command, by) in enumerate(steps, 1):
        world.do(command, by=by, at=day(number))
    row = push_board.push(world.folded(PushBoard).read, push)
    assert row is not None
    assert (row.delivered_at, row.acknowledged_at, row.claimed_at) == (day(1), day(2), day(2))
    assert (row.fed_back_at, row.closed_at, row.state, row.officer) == (day(3), day(4), "closed", "王")
    assert (row.acknowledge_due, row.claim_due) == (day(1).date(), day(2).date())
    assert row.version == world.versions[push]
    assert [r.push_id for r in push_board.of_case(world.read, case)] == [push]


def test_a_claimed_push_shows_since_when_it_is_under_supervision(world: World) -> None:
    case, decision = granted(world)
    push = pushed(world, case, decision)
    world.do(p.ClaimPush(push_id=push, officer="监管员 李四"), by=HOUSING_OFFICER, at=day(1))
    begin = p.BeginSupervision(push_id=push, begun_on=day(2).date(), how="首次现场检查")
    world.do(begin, by=HOUSING_OFFICER, at=day(3))
    row = push_board.push(world.folded(PushBoard).read, push)
    assert row is not None
    assert (row.state, row.rank, row.supervised_since) == ("in_supervision", push_board.CLAIMED, day(2).date())


def test_a_returned_push_is_settled_for_this_regulator(world: World) -> None:
    case, decision = granted(world)
    push = pushed(world, case, decision)
    world.do(p.ReturnPush(push_id=push, reason="不属于本部门"), by=HOUSING_OFFICER, at=day(1))
    world.do(p.ReassignPush(push_id=push, regulator=FIRE, reason="消防事项"), by=DECIDER, at=day(1))
    row = push_board.push(world.folded(PushBoard).read, push)
    assert row is not None
    assert (row.state, row.returned_for, row.reassigned_to) == ("reassigned", "不属于本部门", FIRE.code)
    assert push_board.to_remind(world.read, date(2026, 6, 1)) == []


def test_what_is_overdue_is_reminded_once_for_each_step_and_then_escalated(world: World) -> None:
    case, decision = granted(world)
    push = pushed(world, case, decision)

    def remind(number: int) -> list[str]:
        return [o.overdue for o in push_board.to_remind(world.folded(PushBoard).read, day(number).date())]

    def escalate(number: int) -> list[UUID]:
        return [o.push_id for o in push_board.to_escalate(world.folded(PushBoard).read, day(number).date())]

    assert remind(1) == []
    assert remind(2) == ["acknowledged"]
    world.do(p.RemindPush(push_id=push, overdue=p.PushState.ACKNOWLEDGED), by=PLATFORM, at=day(2))
    assert remind(2) == []
    assert remind(3) == ["claimed"]
    assert escalate(2) == []
    assert escalate(3) == [push]
    world.do(p.EscalatePush(push_id=push), by=PLATFORM, at=day(3))
    assert escalate(9) == []
    world.do(p.ClaimPush(push_id=push, officer="王"), by=HOUSING_OFFICER, at=day(4))
    assert remind(9) == []


@pytest.mark.parametrize(("where", "first_day"), [("371502", 5), ("370102", 3)])
def test_a_push_is_escalated_by_the_calendar_of_its_place(
    world: World, tmp_path: Path, where: str, first_day: int
) -> None:
    with closed(tmp_path, where):
        case, decision = granted(world)
        push = pushed(world, case, decision)
        world.do(p.RemindPush(push_id=push, overdue=p.PushState.CLAIMED), by=PLATFORM, at=day(5))
        read = world.folded(PushBoard).read
        assert push_board.to_escalate(read, day(first_day - 1).date()) == []
        assert [one.push_id for one in push_board.to_escalate(read, day(first_day).date())] == [push]


def test_an_acknowledged_push_is_only_reminded_of_its_claim(world: World) -> None:
    case, decision = granted(world)
    push = pushed(world, case, decision)
    world.do(p.AcknowledgePush(push_id=push), by=HOUSING_OFFICER, at=day(1))
    read = world.folded(PushBoard).read
    assert [(o.overdue, o.due) for o in push_board.to_remind(read, day(5).date())] == [("claimed", day(2).date())]
    assert push_board.to_escalate(read, day(5).date()) == [], "nobody was reminded yet"


def subscribe(world: World, **more: object) -> None:
    told: dict[str, object] = {
        "regulator": FIRE, "purpose": "监管", "legal_basis": "消防法", "contact": "张", "items": (ITEM,),
        "regions": ("371500",), "effective_from": date(2026, 1, 1),
    }  # fmt: skip
    terms = Terms.model_validate(told | more)
    world.do(OpenSubscription(number=str(len(world.positions)), terms=terms), by=OPERATOR)


def why(world: World, regulator: str, case_no: str = "2026-0001") -> dict[tuple[str, str], bool]:
    answers = push_board.why_not(world.folded().read, case_no, regulator)
    assert all(answer.zh and answer.en for answer in answers)
    return {(answer.source.partition(" ")[0], answer.rule): answer.met for answer in answers}


def test_why_a_push_was_sent_is_answered_with_the_rule_that_named_the_regulator(world: World) -> None:
    case, decision = granted(world)
    pushed(world, case, decision)
    assert why(world, HOUSING.code) == {
        ("push", "pushed"): True, ("case", "decided"): True, ("item", "named"): True, ("contract", "exists"): False,
    }  # fmt: skip


def test_why_none_was_sent_is_answered_rule_by_rule(world: World) -> None:
    granted(world)
    subscribe(world, items=("370100-0009",), regions=("370100",), changes=(Change.DENIAL,))
    assert why(world, FIRE.code) == {
        ("case", "decided"): True, ("item", "named"): False, ("contract", "period"): True,
        ("contract", "item"): False, ("contract", "place"): False, ("contract", "change"): False,
    }  # fmt: skip
    subscribe(world)
    answers = [a for a in push_board.why_not(world.folded().read, "2026-0001", FIRE.code) if a.source != "item"]
    assert sum(a.met for a in answers) == 1 + 1 + 4


def test_why_none_was_sent_of_a_case_undecided_denied_or_unknown(world: World) -> None:
    accepted(world)
    denied = examined(world, case_no="2026-0002")
    deny = DenyLicense(case_id=denied, document_no="D", reasons="不符合法定条件,详见附件", remedy_notice="可复议")
    world.do(deny, by=DECIDER)
    assert why(world, HOUSING.code) == {("case", "decided"): False}
    assert why(world, HOUSING.code, "2026-0002")[("item", "named")] is False
    assert why(world, HOUSING.code, "2026-0003") == {("case", "case"): False}


def test_the_lag_of_each_regulator_is_counted_from_dispatch_to_answer(world: World, three: list[UUID]) -> None:
    world.do(p.AcknowledgePush(push_id=three[0]), by=HOUSING_OFFICER, at=day(0, hour=12))
    world.do(p.ClaimPush(push_id=three[1], officer="王"), by=HOUSING_OFFICER, at=day(1, hour=14))
    case, decision = granted(world, terms(regulators=(Regulator(code=HEALTH.code, name=HEALTH.name),)), case_no="x1")
    push = pushed(world, case, decision, to=FIRE, claim_mode=ClaimMode.ON_DELIVERY, case_no="x1")
    world.do(p.RecordDelivery(push_id=push), by=FIRE_OFFICER, at=MONDAY)
    read = world.folded().read
    fire, housing = delivery_lag.by_regulator(read)
    assert (fire.regulator, fire.delivered, fire.acknowledged, fire.claimed) == (FIRE.code, 1, 1, 1)
    assert (housing.dispatched, housing.acknowledged, housing.claimed, housing.unanswered) == (3, 2, 1, 1)
    assert housing.acknowledge_median == pytest.approx(3 * 3600)
    assert housing.claim_median == pytest.approx(4 * 3600)
    assert housing.oldest_unanswered == 0
    assert [lag.regulator for lag in delivery_lag.by_regulator(read, FIRE.code)] == [FIRE.code]
    head = world.positions[-1]
    assert {(at.behind, at.head) for at in delivery_lag.positions(read)} == {(0, head)}
    world.do(p.AcknowledgePush(push_id=three[2]), by=HOUSING_OFFICER, at=day(3))
    assert {at.behind for at in delivery_lag.positions(read)} == {1}
