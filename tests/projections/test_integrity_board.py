"""The eight integrity rules, each with a case it names, one it leaves alone, and its known false positive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from cases import ITEM, a_report, accepted, day, examined, grant, granted, pushed, reporter, terms
from world import World

from domain import push as p
from domain import supervision_finding as s
from domain.approval_case import commands as c
from domain.approval_case.words import ApproverLevel, Means, Outcome
from domain.consultation import CancelConsultation, RequestConsultation, consultation_stream
from domain.kernel.time import Precision
from domain.kernel.words import ClaimMode, ItemTerms, Regulator, SpecialProcedure
from projections import integrity_board
from projections.integrity_board import Flag
from tests.entered_rules import closed
from tests.specification import (
    ACCEPTOR,
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

LATER = date(2026, 6, 1)


def flags(world: World, rule: str, as_of: date | datetime = LATER) -> list[Flag]:
    on = as_of.date() if isinstance(as_of, datetime) else as_of
    return integrity_board.flags(world.folded(integrity_board.IntegrityBoard).read, on, rule=rule).rows


def the_flag(world: World, rule: str, as_of: date | datetime = LATER) -> Flag:
    (found,) = flags(world, rule, as_of)
    assert found.zh
    assert found.en
    assert "{" not in found.zh + found.en
    assert found.rule_version == "1"
    stored = {f"{s}:{v}" for s, last in world.versions.items() for v in range(1, last + 1)}
    assert found.evidence
    assert set(found.evidence) <= stored
    return found


# R01 超法定时限


def test_r01_names_a_decision_after_the_statutory_limit(world: World) -> None:
    granted(world, decided_at=day(21))
    found = the_flag(world, "R01")
    assert (found.severity, found.status, found.code) == ("red", "late", "overdue_statutory")
    assert (found.threshold, found.observed["used"]) == ({"working_days": 20}, 21)
    assert found.first_seen == date(2026, 3, 31)
    assert len(found.evidence) == 2
    assert flags(world, "R02") == [], "the graver rule speaks alone"


def test_r01_leaves_a_decision_on_the_last_day_alone(world: World) -> None:
    granted(world, decided_at=day(20, hour=23))
    assert flags(world, "R01") == []


def test_r01_names_a_case_that_is_still_undecided_from_the_day_after_the_limit(world: World) -> None:
    accepted(world)
    assert flags(world, "R01", date(2026, 3, 30)) == []
    found = the_flag(world, "R01", date(2026, 3, 31))
    assert (found.status, found.observed["used"]) == ("raised", 21)


def test_r01_takes_the_statute_of_the_item_the_pauses_and_the_extension(world: World) -> None:
    case = examined(world, terms(statutory_days=5, promised_days=5))
    world.do(
        c.StartSpecialProcedure(
            case_id=case, procedure=SpecialProcedure.TESTING, notice_no="N", planned_end=day(3).date()
        ),
        by=EXAMINER, at=day(2),
    )  # fmt: skip
    assert flags(world, "R01") == [], "a clock that stands still does not run out"
    world.do(c.EndSpecialProcedure(case_id=case, result="合格"), by=EXAMINER, at=day(6))
    world.do(
        c.ExtendTimeLimit(
            case_id=case, days=2, approver=ApproverLevel.ORGAN_HEAD, reason="复杂", applicant_told_on=day(7).date()
        ),
        by=EXAMINER, at=day(7),
    )  # fmt: skip
    # 5 working days, 5 of them paused (days 2 to 6), 2 more: day 12 is the last.
    assert flags(world, "R01", day(12)) == []
    assert the_flag(world, "R01", day(13)).threshold == {"working_days": 5, "extension": 2}
    grant(world, case, at=day(12))
    assert flags(world, "R01") == []


def test_r01_is_silent_where_no_calendar_is_published_and_where_the_applicant_withdrew(world: World) -> None:
    year_2029 = MONDAY.replace(year=2029)
    accepted(world, at=year_2029)
    case = accepted(world, case_no="2026-0002")
    world.do(c.WithdrawApplication(case_id=case, reason="另行申请"), by=ACCEPTOR, at=day(25))
    assert flags(world, "R01", date(2030, 1, 1)) == []


# R02 超承诺时限


def test_r02_names_a_decision_after_the_promise_but_within_the_law(world: World) -> None:
    granted(world, terms(promised_days=5), decided_at=day(6))
    found = the_flag(world, "R02")
    assert (found.severity, found.status, found.observed["used"], found.due) == ("yellow", "late", 6, day(5).date())


def test_r02_leaves_a_kept_promise_alone(world: World) -> None:
    granted(world, terms(promised_days=5), decided_at=day(5))
    assert flags(world, "R02") == []


def test_r02_gives_notice_when_four_fifths_of_the_promise_are_used(world: World) -> None:
    case = examined(world, terms(promised_days=10))
    assert flags(world, "R02", day(7)) == []
    found = the_flag(world, "R02", day(8))
    assert (found.severity, found.status, found.observed["used"]) == ("notice", "notice", 8)
    grant(world, case, at=day(9))
    assert flags(world, "R02") == [], "decided in time: the notice is over"


def test_r02_takes_the_promise_frozen_at_acceptance_not_the_one_shortened_later(world: World) -> None:
    case = examined(world, terms(promised_days=10))
    world.offer(terms(version=2, promised_days=3))
    grant(world, case, at=day(9))
    assert flags(world, "R02") == []


# R10 先批后审


def reported(world: World, item: ItemTerms | None = None) -> Callable[..., None]:
    if item is not None:
        world.offer(item)
    count = iter(range(1, 100))

    def report(means: Means, at: datetime, **more: object) -> None:
        told = {"means": means, "activity": str(means), "occurred_at": at, "item": item.item if item else ""}
        world.do(a_report(next(count), **told | more), by=reporter(), at=max(at, day(30)))

    return report


def test_r10_names_a_reported_decision_before_the_examination(world: World) -> None:
    report = reported(world)
    report(Means.GRANTED, MONDAY)
    report(Means.EXAMINED, MONDAY + timedelta(minutes=3))
    found = the_flag(world, "R10")
    assert (found.severity, found.case_no, found.threshold) == ("red", "N-1", {"clock_skew_minutes": 2})
    assert len(found.evidence) == 2


def test_r10_leaves_the_ordinary_order_alone_here_and_reported(world: World) -> None:
    granted(world)
    report = reported(world)
    report(Means.EXAMINED, MONDAY)
    report(Means.GRANTED, MONDAY + timedelta(minutes=3))
    assert flags(world, "R10") == []


def test_r10_allows_for_clocks_that_differ_by_two_minutes(world: World) -> None:
    report = reported(world)
    report(Means.GRANTED, MONDAY)
    report(Means.EXAMINED, MONDAY + timedelta(minutes=2))
    assert flags(world, "R10") == []


def test_r10_compares_only_dates_where_only_a_date_is_known(world: World) -> None:
    midnight = MONDAY.replace(hour=0, minute=0)
    report = reported(world)
    report(Means.EXAMINED, MONDAY)
    report(Means.GRANTED, midnight, precision=Precision.DAY)
    assert flags(world, "R10") == []
    other = {"case_no": "N-2"}
    report(Means.EXAMINED, MONDAY, **other)
    report(Means.GRANTED, midnight - timedelta(days=1), precision=Precision.DAY, **other)
    assert the_flag(world, "R10").case_no == "N-2"


def test_r10_takes_a_flag_back_when_the_examination_was_only_reported_late(world: World) -> None:
    report = reported(world)
    report(Means.GRANTED, day(2))
    report(Means.EXAMINED, day(3))
    assert len(flags(world, "R10")) == 1
    report(Means.EXAMINED, day(1))
    assert flags(world, "R10") == []


# R12 受审不分离


def test_r12_names_one_officer_who_accepted_and_decided_in_another_system(world: World) -> None:
    report = reported(world)
    report(Means.ACCEPTED, MONDAY, officer="560872")
    report(Means.DENIED, day(1), officer="560872")
    found = the_flag(world, "R12")
    assert found.severity == "red"
    assert "560872" not in found.zh + found.en + str(found.observed), "a flag points at events, it names nobody"


def test_r12_leaves_two_officers_alone(world: World) -> None:
    granted(world)
    report = reported(world)
    report(Means.ACCEPTED, MONDAY, officer="1")
    report(Means.GRANTED, day(1), officer="2")
    report(Means.ACCEPTED, MONDAY, case_no="N-2")
    report(Means.GRANTED, day(1), case_no="N-2")
    assert flags(world, "R12") == []


def test_r12_excepts_items_published_as_single_officer(world: World) -> None:
    item = world.offer(terms(single_officer=True))
    case = examined(world, item)
    grant(world, case, by=DECIDER.model_copy(update={"id": ACCEPTOR.id}))
    report = reported(world, item)
    report(Means.ACCEPTED, MONDAY, officer="1")
    report(Means.GRANTED, day(1), officer="1")
    assert flags(world, "R12") == []


def test_r12_names_nobody_for_an_acceptance_that_was_only_deemed(world: World) -> None:
    world.offer(terms())
    from cases import received

    case = received(world)
    world.do(c.DeemAccepted(case_id=case), by=PLATFORM, at=day(6))
    assert flags(world, "R12") == []


# R30 推送未签收


@pytest.fixture
def push(world: World) -> UUID:
    case, decision = granted(world)
    return pushed(world, case, decision)


def by_housing(world: World, command: p.PushCommand, at: datetime) -> None:
    world.do(command, by=HOUSING_OFFICER, at=at)


def test_r30_names_a_push_that_is_not_acknowledged_then_not_claimed_then_red(world: World, push: UUID) -> None:
    assert flags(world, "R30", day(1)) == []
    found = the_flag(world, "R30", day(2))
    assert (found.severity, found.regulator, found.due) == ("yellow", HOUSING.code, day(1).date())
    assert [f.severity for f in flags(world, "R30", day(3))] == ["yellow", "yellow"]
    assert sorted(f.severity for f in flags(world, "R30", day(6))) == ["red", "yellow"]


def test_r30_leaves_a_push_claimed_in_time_alone(world: World, push: UUID) -> None:
    by_housing(world, p.AcknowledgePush(push_id=push), day(1))
    by_housing(world, p.ClaimPush(push_id=push, officer="王某"), day(2))
    assert flags(world, "R30") == []


def test_r30_keeps_what_came_late(world: World, push: UUID) -> None:
    world.do(p.RemindPush(push_id=push, overdue=p.PushState.CLAIMED), by=PLATFORM, at=day(3))
    by_housing(world, p.ClaimPush(push_id=push, officer="王某"), day(4))
    found = flags(world, "R30")
    assert [(f.status, f.severity) for f in found] == [("late", "yellow")] * 2
    assert all(f.met_on == day(4).date() and len(f.evidence) == 3 for f in found)
    assert [f.status for f in flags(world, "R30", day(3))] == ["raised", "raised"]


def test_r30_excepts_claim_on_delivery_and_what_was_sent_back_in_time(world: World, push: UUID) -> None:
    by_housing(world, p.ReturnPush(push_id=push, reason="不属于本部门"), day(1))
    case, decision = granted(world, case_no="2026-0002")
    pushed(world, case, decision, claim_mode=ClaimMode.ON_DELIVERY)
    assert flags(world, "R30") == []


@pytest.mark.parametrize(("where", "red"), [("371502", 8), ("370102", 6)])
def test_r30_turns_red_by_the_calendar_of_the_place_of_the_push(
    world: World, tmp_path: Path, where: str, red: int
) -> None:
    with closed(tmp_path, where):
        case, decision = granted(world)
        pushed(world, case, decision)
        before, since = (sorted(f.severity for f in flags(world, "R30", day(n))) for n in (red - 1, red))
    assert (before, since) == (["yellow", "yellow"], ["red", "yellow"])


# R32 监管信息未处置


def finding(world: World, *, at: datetime = MONDAY, statement: str = "不再符合条件", **more: object) -> UUID:
    told: dict[str, object] = {
        "organ": HOUSING, "finding_no": "F-1", "kind": s.FindingKind.PROPOSAL_TO_REVOKE, "subject": HOLDER,
        "found_on": MONDAY.date(), "statement": statement, "legal_basis": "行政许可法第六十九条",
    }  # fmt: skip
    command = s.ReportFinding.model_validate(told | more)
    world.do(command, by=HOUSING_OFFICER, at=at)
    return command.stream


def test_r32_names_a_finding_that_nobody_registers_then_nobody_decides(world: World) -> None:
    finding(world)
    assert flags(world, "R32", day(1)) == []
    assert the_flag(world, "R32", day(2)).severity == "yellow"
    assert the_flag(world, "R32", day(6)).severity == "red"
    assert sorted(f.severity for f in flags(world, "R32", day(21))) == ["red", "red"]


def test_r32_leaves_a_finding_handled_in_time_and_one_that_asks_for_nothing_alone(world: World) -> None:
    found = finding(world)
    world.do(s.RegisterFinding(finding_id=found), by=ACCEPTOR, at=day(1))
    world.do(
        s.HandleFinding(finding_id=found, result=s.FindingResult.ADOPTED, explanation="撤销"), by=DECIDER, at=day(20)
    )
    finding(world, finding_no="F-2", kind=s.FindingKind.INSPECTION)
    assert flags(world, "R32") == []


def test_r32_begins_anew_when_incomplete_material_came_again(world: World) -> None:
    finding(world)
    finding(world, statement="补充证据材料", at=day(5))
    assert flags(world, "R32", day(6)) == []
    assert the_flag(world, "R32", day(7)).first_seen == day(7).date()


def test_r32_waits_while_the_case_is_in_a_hearing(world: World) -> None:
    case = examined(world)
    found = finding(world, case_id=case, case_no="2026-0001")
    world.do(s.RegisterFinding(finding_id=found), by=ACCEPTOR, at=day(1))
    hearing = c.StartSpecialProcedure(
        case_id=case, procedure=SpecialProcedure.HEARING, notice_no="H", planned_end=day(9).date()
    )
    world.do(hearing, by=EXAMINER, at=day(5))
    assert flags(world, "R32", day(40)) == []
    world.do(c.EndSpecialProcedure(case_id=case, result="已听证"), by=EXAMINER, at=day(14))
    # 20 working days, 10 of them in the hearing do not count, and 6 April is a holiday.
    assert flags(world, "R32", day(31)) == []
    assert the_flag(world, "R32", day(32)).severity == "red"


@pytest.mark.parametrize(("where", "later"), [("371502", 2), ("370102", 0)])
def test_r32_counts_by_the_calendar_of_the_place_of_the_finding_also_after_a_hearing(
    world: World, tmp_path: Path, where: str, later: int
) -> None:
    with closed(tmp_path, where):
        case = examined(world)
        found = finding(world, case_id=case, case_no="2026-0001", site=SHOP)
        assert flags(world, "R32", day(1 + later)) == []
        severe = [the_flag(world, "R32", day(n + later)).severity for n in (2, 5, 6)]
        assert severe == ["yellow", "yellow", "red"]
        world.do(s.RegisterFinding(finding_id=found), by=ACCEPTOR, at=day(1))
        hearing = c.StartSpecialProcedure(
            case_id=case, procedure=SpecialProcedure.HEARING, notice_no="H", planned_end=day(9).date()
        )
        world.do(hearing, by=EXAMINER, at=day(5))
        world.do(c.EndSpecialProcedure(case_id=case, result="已听证"), by=EXAMINER, at=day(14))
        assert flags(world, "R32", day(31 + later)) == []
        assert the_flag(world, "R32", day(32 + later)).severity == "red"


# R33 应推未推


def test_r33_names_a_grant_that_was_not_pushed_within_a_day_here_and_reported(world: World) -> None:
    granted(world)
    assert flags(world, "R33", day(1)) == []
    found = the_flag(world, "R33", day(2))
    assert (found.severity, found.regulator, found.status) == ("red", HOUSING.code, "raised")
    report = reported(world)
    report(Means.GRANTED, MONDAY, departments=(FIRE,))
    assert {f.regulator for f in flags(world, "R33")} == {HOUSING.code, FIRE.code}


def test_r33_leaves_what_was_pushed_in_time_and_denials_alone(world: World) -> None:
    case, decision = granted(world)
    pushed(world, case, decision, at=day(1))
    other = examined(world, case_no="2026-0002")
    world.do(
        c.DenyLicense(case_id=other, document_no="D", reasons="不符合法定条件,详见附件", remedy_notice="可复议"),
        by=DECIDER,
    )
    assert flags(world, "R33") == []


def test_r33_keeps_what_was_pushed_late(world: World) -> None:
    case, decision = granted(world)
    pushed(world, case, decision, at=day(3))
    found = the_flag(world, "R33")
    assert (found.status, found.met_on, len(found.evidence)) == ("late", day(3).date(), 2)


def test_r33_excepts_a_regulator_that_is_the_approver_itself(world: World) -> None:
    granted(world, terms(regulators=(Regulator(code=BUREAU.code, name=BUREAU.name),)))
    assert flags(world, "R33") == []


@pytest.mark.parametrize(("where", "first_day"), [("371502", 4), ("370102", 2)])
def test_r33_counts_by_the_calendar_of_the_place_of_the_case(
    world: World, tmp_path: Path, where: str, first_day: int
) -> None:
    with closed(tmp_path, where):
        granted(world)
        assert flags(world, "R33", day(first_day - 1)) == []
        assert the_flag(world, "R33", day(first_day)).due == day(first_day - 1).date()


# R39 应会商未会商


def test_r39_names_a_reported_decision_on_an_item_that_demands_a_consultation(world: World) -> None:
    report = reported(world, terms(consult=(FIRE,)))
    report(Means.ACCEPTED, MONDAY)
    report(Means.GRANTED, day(1))
    found = the_flag(world, "R39")
    assert (found.severity, found.item, len(found.evidence)) == ("red", ITEM, 2)


def test_r39_leaves_a_decision_after_the_conclusion_and_items_without_consultation_alone(world: World) -> None:
    case = examined(world, terms(consult=(FIRE,)))
    note = c.NoteConsultation(
        case_id=case, consultation_id=consultation_stream(case, "item"), cause="item", outcome=Outcome.SUPPORTED
    )
    world.do(note, by=PLATFORM)
    grant(world, case)
    report = reported(world, terms(item="370100-0002"))
    report(Means.GRANTED, day(1))
    assert flags(world, "R39") == []


def test_r39_gives_only_notice_when_the_consultation_was_cancelled_with_a_reason(world: World) -> None:
    report = reported(world, terms(consult=(FIRE,)))
    report(Means.ACCEPTED, MONDAY)
    case = next(iter(world.streams))
    world.do(
        RequestConsultation(
            case_id=case, case_no="N-1", item_name="食品经营许可", invited=(FIRE,), question="?", cause="item"
        ),
        by=PLATFORM,
    )
    cancel = CancelConsultation(consultation_id=consultation_stream(case, "item"), reason="抢险救灾,应急办理")
    world.do(cancel, by=DECIDER)
    report(Means.GRANTED, day(1))
    found = the_flag(world, "R39")
    assert (found.severity, len(found.evidence)) == ("notice", 3)
    assert "抢险救灾" in found.zh


def test_r39_asks_no_second_consultation_where_one_that_was_cancelled_was_demanded_again_and_concluded(
    world: World,
) -> None:
    case = examined(world, terms(consult=(FIRE,)))
    for cause, outcome in (("item", Outcome.CANCELLED), ("item/2", Outcome.SUPPORTED)):
        note = c.NoteConsultation(
            case_id=case, consultation_id=consultation_stream(case, cause), cause=cause, outcome=outcome
        )
        world.do(note, by=PLATFORM)
    grant(world, case)
    assert flags(world, "R39") == []


# 查询


def test_flags_are_paged_filtered_and_counted(world: World) -> None:
    report = reported(world)
    for number in range(5):
        report(Means.ACCEPTED, MONDAY, officer="1", case_no=f"N-{number}")
        report(Means.GRANTED, MONDAY, officer="1", case_no=f"N-{number}")
    read = world.folded(integrity_board.IntegrityBoard).read
    seen, cursor = [], None
    while True:
        page = integrity_board.flags(read, LATER, cursor=cursor, limit=2)
        seen += [f.case_no for f in page.rows]
        cursor = page.next
        if cursor is None:
            break
    assert seen == [f"N-{n}" for n in reversed(range(5))]
    assert [f.case_no for f in integrity_board.flags(read, LATER, case_no="N-3").rows] == ["N-3"]
    assert integrity_board.flags(read, LATER, severity="yellow").rows == []
    assert [(n.rule_id, n.severity, n.flags) for n in integrity_board.counts(read, LATER)] == [("R12", "red", 5)]
    one = integrity_board.flags(read, LATER, limit=1).rows[0]
    assert integrity_board.flag(read, one.flag_id, LATER) == one
    assert integrity_board.flag(read, one.flag_id, date(2026, 1, 1)) is None
