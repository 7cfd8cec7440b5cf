"""Who promised what, was it kept, and what stands against a subject?"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from cases import day, examined, grant, received, terms
from world import World

from domain.approval_case import commands as c
from domain.approval_case.words import Opinion
from domain.commitment import commands as m
from domain.commitment.words import CheckMethod, CheckResult
from domain.kernel.identity import stream_id
from domain.kernel.promises import CommitmentKind
from domain.kernel.standing import BarKind
from domain.standing import commands as t
from domain.standing.words import BarCause, CreditRecord, CreditResult, LiftGround
from domain.supervision_finding import ProposeRevocation
from projections import deadlines, promises, standings
from projections.deadlines import Clock, Deadlines
from projections.promises import Promises
from projections.standings import Standings
from tests.specification import (
    ACCEPTOR,
    APPLICANT,
    BUREAU,
    DECIDER,
    EXAMINER,
    FIRE,
    HOLDER,
    HOUSING,
    HOUSING_OFFICER,
    MONDAY,
    PLATFORM,
    SHOP,
)

PROMISING = {"commitment_allowed": True, "tolerance_allowed": True}
TODAY = MONDAY.date()


def committed(world: World, **told: Any) -> UUID:
    """A case that was received and in which a commitment was filed."""
    case = received(world, terms(**PROMISING), **told)
    command = c.FileCommitment(case_id=case, commitment="符合卫生条件", check_by=date(2026, 9, 1))
    world.do(command, by=ACCEPTOR)
    return case


def followed(world: World, number: str = "2026-0001", **changed: Any) -> UUID:
    """The commitment that is followed after the grant, by its own id."""
    case = committed(world, case_no=number)
    opening = m.OpenCommitment(
        case_id=case, case_no=number, item=terms().item, item_name="食品经营许可", kind=CommitmentKind.CONDITIONS,
        promise="符合卫生条件", subject=HOLDER, site=SHOP, organ=BUREAU.code, regulators=terms().regulators,
        decided_on=TODAY, **changed,
    )  # fmt: skip
    world.do(opening, by=PLATFORM)
    return opening.stream


def check(world: World, commitment: UUID, result: CheckResult, at: datetime = MONDAY, **changed: Any) -> None:
    command = m.RecordCommitmentCheck(
        commitment_id=commitment, result=result, method=CheckMethod.ROUTINE, checked_on=at.date(),
        officers=("孙监管", "吴监管"), statement="现场查看", **changed,
    )  # fmt: skip
    world.do(command, by=HOUSING_OFFICER, at=at)


def row(world: World, id: UUID) -> promises.CommitmentRow:
    found = promises.commitment(world.folded(Promises).read, id)
    assert found is not None
    return found


def test_a_commitment_is_seen_from_its_filing_on_with_what_was_promised(world: World) -> None:
    case = committed(world)
    found = row(world, case)
    assert (found.state, found.promise, found.commitment_id) == ("filed", "符合卫生条件", None)
    assert (found.case_no, found.item, found.organ, found.subject_id) == (
        "2026-0001", terms().item, ACCEPTOR.organ, HOLDER.identifier,
    )  # fmt: skip


def test_one_that_no_grant_came_to_rest_on_is_void(world: World) -> None:
    case = committed(world)
    world.do(c.WithdrawApplication(case_id=case, reason="不再经营"), by=APPLICANT)
    assert row(world, case).state == "void"


def test_a_followed_commitment_is_found_by_its_own_id_and_by_its_case(world: World) -> None:
    commitment = followed(world)
    found = row(world, commitment)
    assert (found.state, found.check_by, found.regulators) == ("open", date(2026, 5, 1), [HOUSING.code])
    assert row(world, found.case_id) == found


def test_the_way_to_a_broken_promise_and_its_settlement_is_told(world: World) -> None:
    commitment = followed(world)
    case = row(world, commitment).case_id
    check(world, commitment, CheckResult.NOT_KEPT)
    assert row(world, commitment).state == "failed"
    order = m.OrderRectification(
        commitment_id=commitment, document_no="责改1号", requirement="补建", legal_basis="食品安全法", rectify_by=day(5).date()
    )
    world.do(order, by=HOUSING_OFFICER, at=day(1))
    found = row(world, commitment)
    assert (found.state, found.rectify_by, found.result) == ("rectifying", day(5).date(), "not_kept")
    world.do(m.ReportCommitmentRectified(commitment_id=commitment, statement="已补建"), by=APPLICANT, at=day(3))
    assert row(world, commitment).state == "rectified"
    check(world, commitment, CheckResult.NOT_KEPT, day(6))
    proposal = ProposeRevocation(
        organ=HOUSING, finding_no="未践诺1", subject=HOLDER, case_id=case, case_no="2026-0001", found_on=day(6).date(),
        statement="未践诺", legal_basis="行政许可法第六十九条",
    )  # fmt: skip
    world.do(proposal, by=PLATFORM, at=day(6))
    found = row(world, commitment)
    assert (found.state, found.ground, found.broken_on) == ("broken", "not_rectified", day(6).date())
    assert found.proposal_id == proposal.stream
    settle = m.SettleCommitment(
        commitment_id=commitment, finding_id=proposal.stream, result="采纳", explanation="撤销许可"
    )
    world.do(settle, by=PLATFORM, at=day(8))
    found = row(world, commitment)
    assert (found.state, found.outcome) == ("settled", "采纳")


def due(world: World, on: date) -> list[UUID | None]:
    return [found.commitment_id for found in promises.overdue(world.folded(Promises).read, on)]


def test_what_is_overdue_is_said_until_it_was_noted_and_again_when_it_turns_red(world: World) -> None:
    commitment = followed(world, check_days=10)
    yellow, red = date(2026, 3, 13), date(2026, 3, 23)
    assert due(world, yellow - timedelta(1)) == []
    assert due(world, yellow) == [commitment]
    noon = MONDAY + timedelta(days=11)
    world.do(m.NoteCommitmentOverdue(commitment_id=commitment), by=PLATFORM, at=noon)
    assert row(world, commitment).overdue == ["check:yellow"]
    assert due(world, red - timedelta(1)) == []
    assert due(world, red) == [commitment]
    check(world, commitment, CheckResult.NOT_YET_OPERATING, noon, next_check_by=date(2026, 3, 20))
    found = row(world, commitment)
    assert (found.state, found.check_by, found.overdue) == ("deferred", date(2026, 3, 20), [])
    assert due(world, date(2026, 3, 21)) == [commitment]
    check(world, commitment, CheckResult.KEPT, noon + timedelta(days=1))
    assert due(world, date(2027, 1, 1)) == []


def test_an_order_that_ran_out_is_overdue_too(world: World) -> None:
    commitment = followed(world)
    check(world, commitment, CheckResult.NOT_TRUE)
    order = m.OrderRectification(
        commitment_id=commitment, document_no="1", requirement="补", legal_basis="法", rectify_by=date(2026, 3, 9)
    )
    world.do(order, by=HOUSING_OFFICER)
    assert due(world, date(2026, 3, 9)) == []
    assert due(world, date(2026, 3, 10)) == [commitment]


def test_the_pool_of_a_sample_is_what_waits_for_its_check(world: World) -> None:
    first, second, third = followed(world), followed(world, "2026-0002"), followed(world, "2026-0003")
    check(world, second, CheckResult.KEPT)
    check(world, third, CheckResult.NOT_YET_OPERATING, next_check_by=date(2026, 3, 20))
    read = world.folded(Promises).read
    assert [found.commitment_id for found in promises.open_of_item(read, terms().item, limit=10)] == [first, third]
    assert [found.commitment_id for found in promises.open_of_item(read, terms().item, limit=1)] == [first]
    assert promises.open_of_item(read, "other", limit=10) == []
    sampled = m.NoteSampled(commitment_id=first, sample_id=stream_id("sample", 2026, "1"), sample_no="抽查1")
    world.do(sampled, by=PLATFORM)
    assert row(world, first).samples == ["抽查1"]
    drawn = promises.commitments(world.read, sampled=True).rows
    assert [found.commitment_id for found in drawn] == [first]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, 2), ({"organ": BUREAU.code}, 2), ({"organ": FIRE.code}, 0), ({"regulator": HOUSING.code}, 2),
        ({"regulator": FIRE.code}, 0), ({"item": terms().item}, 2), ({"subject": HOLDER.identifier}, 2),
        ({"state": "kept"}, 1), ({"state": "open"}, 1), ({"due_before": date(2026, 5, 2)}, 1),
        ({"due_before": date(2026, 5, 1)}, 0), ({"sampled": True}, 0),
    ],
)  # fmt: skip
def test_commitments_are_listed_by_either_side(world: World, asked: dict[str, Any], found: int) -> None:
    followed(world)
    check(world, followed(world, "2026-0002"), CheckResult.KEPT)
    assert len(promises.commitments(world.folded(Promises).read, **asked).rows) == found


def test_commitments_page(world: World) -> None:
    ids = [followed(world, f"2026-000{n}") for n in range(1, 4)]
    read = world.folded(Promises).read
    first = promises.commitments(read, limit=2)
    rest = promises.commitments(read, limit=2, cursor=first.next)
    assert [r.commitment_id for r in first.rows + rest.rows] == ids[::-1]


def clock(world: World, case: UUID) -> deadlines.DeadlineRow:
    (found,) = [r for r in deadlines.of_case(world.folded(Deadlines).read, case) if r.clock == Clock.COMMITMENT]
    return found


def test_the_clock_of_the_case_follows_the_commitment_from_the_grant_on(world: World) -> None:
    commitment = followed(world)
    case = row(world, commitment).case_id
    assert (clock(world, case).due, clock(world, case).open) == (date(2026, 5, 1), True)
    check(world, commitment, CheckResult.NOT_YET_OPERATING, next_check_by=date(2026, 3, 20))
    assert (clock(world, case).due, clock(world, case).open) == (date(2026, 3, 20), True)
    check(world, commitment, CheckResult.KEPT, day(3))
    assert (clock(world, case).met_on, clock(world, case).open) == (day(3).date(), False)


def test_a_denied_case_owes_no_check_of_its_commitment(world: World) -> None:
    case = committed(world)
    world.do(c.AcceptApplication(case_id=case, document_no="A-1"), by=ACCEPTOR)
    world.do(c.AssignCase(case_id=case, examiner=EXAMINER.id), by=ACCEPTOR)
    world.do(c.RecordExaminationOpinion(case_id=case, opinion=Opinion.FAIL, grounds="布局不符"), by=EXAMINER)
    deny = c.DenyLicense(
        case_id=case, document_no="D-1", reasons="经营场所布局不符合食品安全要求", remedy_notice="可申请行政复议"
    )
    world.do(deny, by=DECIDER, at=day(1))
    assert not clock(world, case).open
    assert row(world, case).state == "void"


# 容缺


def tolerated(world: World, number: str = "2026-0001", *missing: str) -> UUID:
    case = received(world, terms(**PROMISING), case_no=number)
    command = c.AcceptWithTolerance(
        case_id=case, document_no="受1号", missing=missing or ("平面图", "租赁合同"), until=day(5).date()
    )
    world.do(command, by=ACCEPTOR)
    return case


def test_a_tolerance_says_what_is_missing_until_when_and_how_it_ended(world: World) -> None:
    case = tolerated(world)
    world.do(c.ClearTolerance(case_id=case, materials=("平面图",)), by=ACCEPTOR, at=day(1))
    found = promises.tolerance(world.folded(Promises).read, case)
    assert found is not None
    assert (found.state, found.missing, found.until) == ("open", ["租赁合同"], day(5).date())
    assert (found.promised, found.regulators) == (["平面图", "租赁合同"], [HOUSING.code])
    world.do(c.ClearTolerance(case_id=case, materials=("租赁合同",)), by=ACCEPTOR, at=day(2))
    found = promises.tolerance(world.folded(Promises).read, case)
    assert found is not None
    assert (found.state, found.missing, found.ended_on) == ("cleared", [], day(2).date())


def test_one_that_never_came_lapsed_and_one_whose_case_ended_is_ended(world: World) -> None:
    lapsed, ended = tolerated(world), tolerated(world, "2026-0002")
    world.do(c.LapseTolerance(case_id=lapsed), by=PLATFORM, at=day(6))
    world.do(c.WithdrawApplication(case_id=ended, reason="不办了"), by=APPLICANT, at=day(1))
    read = world.folded(Promises).read
    assert {r.case_id: r.state for r in promises.tolerances(read).rows} == {lapsed: "lapsed", ended: "ended"}
    assert [r.case_id for r in promises.tolerances(read, state="lapsed").rows] == [lapsed]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"organ": ACCEPTOR.organ}, 1), ({"organ": FIRE.code}, 0), ({"regulator": HOUSING.code}, 1),
        ({"regulator": FIRE.code}, 0), ({"item": "other"}, 0), ({"subject": HOLDER.identifier}, 1),
    ],
)  # fmt: skip
def test_tolerances_are_listed_by_either_side(world: World, asked: dict[str, Any], found: int) -> None:
    tolerated(world)
    assert len(promises.tolerances(world.folded(Promises).read, **asked).rows) == found


def test_a_grant_without_any_promise_leaves_no_row(world: World) -> None:
    grant(world, examined(world))
    read = world.folded(Promises).read
    assert promises.commitments(read).rows == []
    assert promises.tolerances(read).rows == []


# 主体限制与信用核查


def barred(world: World, kind: BarKind = BarKind.COMMITMENT, cause: str = "case:1", **changed: Any) -> None:
    command = t.ImposeBar(
        subject=HOLDER, kind=kind, basis="国办发〔2020〕42号", since=TODAY, organ=BUREAU.code,
        cause=BarCause(fact_id=cause, statement="未践诺"), **changed,
    )  # fmt: skip
    world.do(command, by=DECIDER)


def test_bars_are_listed_while_they_stand_and_kept_when_they_are_over(world: World) -> None:
    barred(world)
    barred(world, BarKind.HOLD, "case:2", until=date(2026, 3, 20))
    lift = t.LiftBar(subject=HOLDER, bar_no=1, ground=LiftGround.REPAIRED, document_no="信修1号", reason="已修复")

    def standing(on: date) -> list[int]:
        rows = standings.bars(world.folded(Standings).read, subject=HOLDER.identifier, in_force=on).rows
        return [row.bar_no for row in rows]

    assert standing(TODAY - timedelta(1)) == []
    assert standing(TODAY) == [2, 1]
    assert standing(date(2026, 3, 21)) == [1]
    world.do(lift, by=DECIDER, at=day(1))
    assert standing(TODAY) == [2]
    every = standings.bars(world.read, subject=HOLDER.identifier).rows
    assert [(row.bar_no, row.lifted_on) for row in every] == [(2, None), (1, day(1).date())]
    assert [row.bar_no for row in standings.bars(world.read, kind="hold", organ=BUREAU.code).rows] == [2]
    assert standings.bars(world.read, organ=FIRE.code).rows == []


def test_every_answer_of_a_register_is_kept_the_latest_first(world: World) -> None:
    record = CreditRecord(number="失信7号", kind="严重失信主体名单")
    for at, result in ((MONDAY, CreditResult.DISHONEST), (day(2), CreditResult.CLEAN)):
        records = (record,) if result is CreditResult.DISHONEST else ()
        command = t.RecordCreditCheck(
            subject=HOLDER, source="市公共信用信息平台", as_of=at - timedelta(hours=9), result=result, records=records
        )
        world.do(command, by=EXAMINER, at=at)
    read = world.folded(Standings).read
    first, second = standings.checks(read, HOLDER.identifier).rows
    assert (first.result, second.result) == ("clean", "dishonest")
    assert second.records[0]["number"] == "失信7号"
    (bar,) = standings.bars(read, subject=HOLDER.identifier).rows
    assert (bar.kind, bar.lifted_because) == ("dishonesty", "repaired")
    assert standings.checks(read, "nobody").rows == []
