"""主体信用与限制: what bars a subject, from what, until when; and what a credit check means."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.kernel.identity import standing_stream
from domain.kernel.refusal import FutureTime, RoleMayNot
from domain.kernel.standing import REFUSES, Bar, BarKind, Standing, Step
from domain.standing import SubjectStanding
from domain.standing import commands as c
from domain.standing import facts as f
from domain.standing import refusals as r
from domain.standing.subject_standing import DISHONESTY_BASIS
from domain.standing.words import BarCause, CreditRecord, CreditResult, LiftGround
from tests.specification import (
    ACCEPTOR,
    BUREAU,
    CASE,
    DECIDER,
    EXAMINER,
    FIRE_OFFICER,
    HOLDER,
    HOUSING,
    MONDAY,
    PLATFORM,
    TUESDAY,
    given,
)

ITEM, OTHER_ITEM = "11371500MB2862819G3370117003000", "11371500MB2862819G3370117003001"
TODAY = MONDAY.date()
CAUSE = BarCause(fact_id=f"{CASE}:9", statement="隐瞒有关情况", case_id=CASE)
RECORD = CreditRecord(number="失信〔2026〕7号", kind="严重失信主体名单", recorded_on=date(2026, 1, 9), organ="市发展改革委")
AS_OF = MONDAY - timedelta(hours=9)
SOURCE = "市公共信用信息平台"


def bar(kind: BarKind = BarKind.COMMITMENT, **changed: Any) -> c.ImposeBar:
    fields = {"basis": "国办发〔2020〕42号", "since": TODAY, "cause": CAUSE, "organ": BUREAU.code} | changed
    return c.ImposeBar(subject=HOLDER, kind=kind, **fields)


def barred(kind: BarKind = BarKind.COMMITMENT, bar_no: int = 1, **changed: Any) -> f.BarImposed:
    fields = {
        "basis": "国办发〔2020〕42号", "since": TODAY, "cause": CAUSE, "organ": BUREAU.code, "items": (), "until": None
    } | changed  # fmt: skip
    return f.BarImposed(subject=HOLDER, kind=kind, bar_no=bar_no, **fields)


def lift(ground: LiftGround = LiftGround.REPAIRED, bar_no: int = 1) -> c.LiftBar:
    return c.LiftBar(subject=HOLDER, bar_no=bar_no, ground=ground, document_no="信修〔2026〕2号", reason="已完成信用修复")


def lifted(ground: LiftGround = LiftGround.REPAIRED, bar_no: int = 1) -> f.BarLifted:
    return f.BarLifted(**lift(ground, bar_no).model_dump(exclude={"subject"}), subject=HOLDER)


def check(result: CreditResult = CreditResult.CLEAN, as_of: datetime = AS_OF, **changed: Any) -> c.RecordCreditCheck:
    records = (RECORD,) if result is CreditResult.DISHONEST else ()
    return c.RecordCreditCheck(
        **{"subject": HOLDER, "source": SOURCE, "as_of": as_of, "result": result, "records": records} | changed
    )


def checked(result: CreditResult = CreditResult.CLEAN, at: datetime = MONDAY, **changed: Any) -> f.CreditChecked:
    told = dict(check(result)) | {"checked_at": at, "valid_until": at.date() + timedelta(30)} | changed
    return f.CreditChecked(**told)


def dishonest(bar_no: int = 1, version: int = 1) -> f.BarImposed:
    cause = BarCause(
        fact_id=f"{standing_stream(HOLDER.identifier)}:{version}", statement=f"{SOURCE}:严重失信主体名单(失信〔2026〕7号)"
    )
    return barred(BarKind.DISHONESTY, bar_no, basis=DISHONESTY_BASIS, cause=cause, organ=EXAMINER.organ)


# 限制


@pytest.mark.parametrize(
    ("kind", "until"),
    [
        (BarKind.FALSE_MATERIAL, date(2027, 3, 2)),
        (BarKind.FRAUD, date(2029, 3, 2)),
        (BarKind.COMMITMENT, None),
        (BarKind.TOLERANCE, None),
        (BarKind.DISHONESTY, None),
    ],
)
def test_the_law_fixes_how_long_a_kind_lasts_or_it_stands_until_it_is_lifted(kind, until):
    given().when(bar(kind, items=(ITEM,)), by=PLATFORM).then(barred(kind, items=(ITEM,), until=until))


@pytest.mark.parametrize("named", [date(2026, 3, 9), date(2040, 1, 1)])
def test_nobody_shortens_or_lengthens_a_period_of_the_law(named):
    given().when(bar(BarKind.FRAUD, until=named), by=DECIDER).then(barred(BarKind.FRAUD, until=date(2029, 3, 2)))


def test_a_year_that_begins_on_the_leap_day_ends_with_february():
    leap = datetime.combine(date(2024, 2, 29), MONDAY.timetz())
    command = bar(BarKind.FALSE_MATERIAL, since=date(2024, 2, 29))
    fact = given().when(command, by=PLATFORM, at=leap).facts[0]
    assert isinstance(fact, f.BarImposed)
    assert fact.until == date(2025, 2, 28)


def test_a_bar_is_told_with_its_end_and_its_scope_in_both_languages():
    endless, bounded = barred(), barred(items=(ITEM,), until=date(2027, 3, 2))
    assert "至 解除之日,适用于全部事项" in endless.telling("zh")
    assert "until it is lifted, for every item" in endless.telling("en")
    assert f"至 2027-03-02,适用于事项 {ITEM}" in bounded.telling("zh")
    assert f"until 2027-03-02, for the items {ITEM}" in bounded.telling("en")


def test_bars_of_a_subject_are_numbered():
    second = bar(BarKind.TOLERANCE, cause=CAUSE.model_copy(update={"fact_id": "other:1"}))
    given(barred()).when(second, by=PLATFORM).then(barred(BarKind.TOLERANCE, 2, cause=second.cause))


def test_the_same_cause_bars_once_also_after_it_was_lifted():
    given(barred()).when(bar(), by=PLATFORM).nothing()
    given(barred(), lifted()).when(bar(), by=PLATFORM).nothing()


def test_one_cause_may_bar_from_two_things():
    given(barred()).when(bar(BarKind.TOLERANCE), by=PLATFORM).then(barred(BarKind.TOLERANCE, 2))


def test_an_officer_bars_in_the_name_of_its_own_organ():
    given().when(bar(), by=DECIDER).then(f.BarImposed)
    given().when(bar(organ=HOUSING.code), by=DECIDER).refused(r.NotYourBar, owner=HOUSING.code, organ=BUREAU.code)


@pytest.mark.parametrize("by", [ACCEPTOR, EXAMINER, FIRE_OFFICER])
def test_only_a_decider_or_the_platform_bars(by):
    given().when(bar(), by=by).refused(RoleMayNot)


def test_a_hold_names_its_last_day():
    given().when(bar(BarKind.HOLD), by=DECIDER).refused(r.BarNeedsAnEnd)
    until = date(2026, 3, 20)
    given().when(bar(BarKind.HOLD, until=until), by=DECIDER).then(barred(BarKind.HOLD, until=until))


def test_a_bar_does_not_end_before_it_begins():
    given().when(bar(until=TODAY - timedelta(1)), by=DECIDER).refused(r.BarEndsBeforeItBegins)


# 解除


def test_the_organ_that_barred_lifts_it_on_a_document():
    done = given(barred()).when(lift(), by=DECIDER).then(lifted())
    assert isinstance(done.aggregate, SubjectStanding)
    assert done.aggregate.standing == Standing()


def test_another_organ_does_not_lift_it():
    stranger = DECIDER.model_copy(update={"organ": HOUSING.code})
    given(barred()).when(lift(), by=stranger).refused(r.NotYourBar, owner=BUREAU.code, organ=HOUSING.code)


@pytest.mark.parametrize("kind", [BarKind.FALSE_MATERIAL, BarKind.FRAUD])
def test_repaired_credit_does_not_end_a_period_of_the_law(kind):
    standing = barred(kind, until=date(2027, 3, 2))
    given(standing).when(lift(), by=DECIDER).refused(r.BarNotRepairable, kind=kind)
    given(standing).when(lift(LiftGround.IMPOSED_IN_ERROR), by=DECIDER).then(lifted(LiftGround.IMPOSED_IN_ERROR))


def test_lifting_twice_is_once_and_what_never_was_is_not_lifted():
    given(barred(), lifted()).when(lift(), by=DECIDER).nothing()
    given(barred()).when(lift(bar_no=2), by=DECIDER).refused(r.NoSuchBar, bar_no=2)
    given().when(lift(), by=DECIDER).refused(r.NoSuchBar)


# 信用核查


@pytest.mark.parametrize("result", [CreditResult.CLEAN, CreditResult.UNKNOWN])
def test_a_check_is_recorded_with_its_source_its_time_and_until_when_it_holds(result):
    given().when(check(result), by=EXAMINER).then(checked(result))


def test_serious_dishonesty_bars_at_once():
    given().when(check(CreditResult.DISHONEST), by=EXAMINER).then(checked(CreditResult.DISHONEST), dishonest())


def test_while_it_stands_another_check_bars_no_second_time():
    past = (checked(CreditResult.DISHONEST), dishonest())
    given(*past).when(check(CreditResult.DISHONEST), by=EXAMINER, at=TUESDAY).then(
        checked(CreditResult.DISHONEST, at=TUESDAY)
    )


def test_a_register_that_shows_it_no_more_lifts_it():
    past = (checked(CreditResult.DISHONEST), dishonest(), barred(bar_no=2))
    decided = given(*past).when(check(as_of=TUESDAY), by=EXAMINER, at=TUESDAY).then(f.CreditChecked, f.BarLifted)
    assert isinstance(decided.aggregate, SubjectStanding)
    assert [one.kind for one in decided.aggregate.standing.bars] == [BarKind.COMMITMENT]


def test_the_register_lifts_no_bar_that_an_organ_imposed():
    given(barred(BarKind.DISHONESTY)).when(check(), by=EXAMINER).then(f.CreditChecked)
    both = given(barred(BarKind.DISHONESTY)).when(check(CreditResult.DISHONEST), by=EXAMINER)
    both.then(f.CreditChecked, f.BarImposed)


def test_a_register_that_does_not_know_the_subject_lifts_nothing():
    past = (checked(CreditResult.DISHONEST), dishonest())
    given(*past).when(check(CreditResult.UNKNOWN, as_of=TUESDAY), by=EXAMINER, at=TUESDAY).then(f.CreditChecked)


@pytest.mark.parametrize(("result", "records"), [(CreditResult.DISHONEST, ()), (CreditResult.CLEAN, (RECORD,))])
def test_serious_dishonesty_and_nothing_else_has_records(result, records):
    given().when(check(result, records=records), by=EXAMINER).refused(r.RecordsUnclear, count=len(records))


def test_a_register_of_yesterday_does_not_replace_that_of_today():
    older = check(as_of=AS_OF - timedelta(days=1))
    given(checked()).when(older, by=EXAMINER, at=TUESDAY).refused(r.CheckIsOlder, known=AS_OF)


def test_no_register_knows_tomorrow():
    given().when(check(as_of=TUESDAY), by=EXAMINER).refused(FutureTime)


def test_a_regulator_does_not_record_what_a_register_said():
    given().when(check(), by=FIRE_OFFICER).refused(RoleMayNot)


# 决定时所见


FROM, UNTIL = date(2026, 3, 2), date(2026, 3, 20)
HOLDING = Bar(kind=BarKind.COMMITMENT, basis="依据", items=(ITEM,), since=FROM, until=UNTIL)


@pytest.mark.parametrize(
    ("on", "item", "stands"),
    [
        (FROM - timedelta(1), ITEM, False), (FROM, ITEM, True), (UNTIL, ITEM, True), (UNTIL + timedelta(1), ITEM, False),
        (FROM, OTHER_ITEM, False),
    ],
)  # fmt: skip
def test_a_bar_stands_from_its_first_to_its_last_day_for_its_items(on, item, stands):
    assert HOLDING.stands_against(Step.COMMITMENT, item, on) is stands


def test_a_bar_without_items_stands_for_all_and_without_an_end_for_good():
    endless = HOLDING.model_copy(update={"items": (), "until": None})
    assert endless.stands_against(Step.COMMITMENT, OTHER_ITEM, date(2090, 1, 1))


@pytest.mark.parametrize("kind", BarKind)
@pytest.mark.parametrize("step", Step)
def test_each_kind_stands_against_what_the_law_says(kind, step):
    found = Standing(bars=(HOLDING.model_copy(update={"kind": kind}),)).bar_against(step, ITEM, FROM)
    assert (found is not None) is (step in REFUSES[kind])


def test_what_each_kind_stands_against():
    assert {kind: {str(step) for step in steps} for kind, steps in REFUSES.items()} == {
        BarKind.FALSE_MATERIAL: {"acceptance", "commitment", "tolerance", "grant"},
        BarKind.FRAUD: {"acceptance", "commitment", "tolerance", "grant"},
        BarKind.COMMITMENT: {"commitment"},
        BarKind.TOLERANCE: {"tolerance"},
        BarKind.DISHONESTY: {"commitment", "tolerance"},
        BarKind.HOLD: {"grant"},
    }


def test_of_several_bars_the_longest_is_named():
    longer = HOLDING.model_copy(update={"until": None, "basis": "更长"})
    assert Standing(bars=(HOLDING, longer, HOLDING)).bar_against(Step.COMMITMENT, ITEM, FROM) == longer


def test_a_check_holds_until_its_last_day():
    done = given().when(check(), by=EXAMINER)
    assert isinstance(done.aggregate, SubjectStanding)
    standing = done.aggregate.standing
    assert standing.checked_on(TODAY + timedelta(30))
    assert not standing.checked_on(TODAY + timedelta(31))
    assert not Standing().checked_on(TODAY)
