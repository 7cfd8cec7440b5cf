"""告知承诺: one specification per row of its table of states and per refusal."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.commitment import commands as c
from domain.commitment import facts as f
from domain.commitment import refusals as r
from domain.commitment import words as w
from domain.kernel.channel import Channel
from domain.kernel.event import EVENTS, Event, addressees, ordered_by
from domain.kernel.identity import stream_id
from domain.kernel.promises import CommitmentKind
from domain.kernel.refusal import FutureTime, OutOfOrder, RoleMayNot, UnknownStream
from domain.kernel.words import Body, Regulator
from domain.rules.loader import rule_book, time_limit
from tests.specification import (
    ACCEPTOR,
    APPLICANT,
    BUREAU,
    CASE,
    CASE_NO,
    DECIDER,
    EXAMINER,
    FIRE,
    HEALTH_OFFICER,
    HOLDER,
    HOUSING,
    MONDAY,
    MONTH_LATER,
    PLATFORM,
    SHOP,
    TUESDAY,
    given,
    officer_of,
)

ITEM = "11371500MB2862819G3370117003000"
TODAY = MONDAY.date()
MARKET = Regulator(code="MARKET-371500", name="市市场监督管理局")
INSPECTOR = officer_of(MARKET)
S, K = w.CommitmentState, w.CheckResult

OPEN = c.OpenCommitment(
    case_id=CASE, case_no=CASE_NO, item=ITEM, item_name="食品经营许可", kind=CommitmentKind.CONDITIONS,
    promise="经营场所符合卫生条件", subject=HOLDER, site=SHOP, organ=BUREAU.code, regulators=(MARKET,), decided_on=TODAY,
)  # fmt: skip
THIS = OPEN.stream
OF = {"case_id": CASE, "case_no": CASE_NO, "regulators": (MARKET,)}
CHECK_BY, RED_ON = date(2026, 5, 1), date(2026, 6, 30)
RECTIFY_BY = date(2026, 3, 20)
SAMPLE = stream_id("sample", 2026, "s-1")
BY_MARKET, BY_BUREAU = Body(code=MARKET.code, name=MARKET.name), Body(code=BUREAU.code, name=BUREAU.code)


def opened(**changed: Any) -> f.CommitmentOpened:
    told = OPEN.model_dump(exclude={"check_days", "promised_by"})
    known = {"checker": w.Checker.EITHER, "check_by": CHECK_BY, "red_on": RED_ON}
    return f.CommitmentOpened.model_validate(told | known | changed)


def check(result: w.CheckResult = K.KEPT, **changed: Any) -> c.RecordCommitmentCheck:
    fields = {
        "method": w.CheckMethod.DEDICATED, "checked_on": TODAY, "officers": ("孙监管", "吴监管"), "statement": "现场查看",
    } | changed  # fmt: skip
    return c.RecordCommitmentCheck(commitment_id=THIS, result=result, **fields)


def checked(result: w.CheckResult = K.KEPT, **changed: Any) -> f.CommitmentChecked:
    fields = dict(check(result)) | {"by": BY_MARKET, "again": False, "late": False, "red_on": None} | changed
    fields.pop("commitment_id")
    return f.CommitmentChecked(**OF, **fields)


def broken(ground: w.BrokenGround = w.BrokenGround.NOT_RECTIFIED, **changed: Any) -> f.CommitmentBroken:
    told = OPEN.model_dump(include={"item", "item_name", "kind", "subject", "site", "organ"})
    known = {"by": BY_MARKET, "ground": ground, "broken_on": TODAY, "statement": "现场查看"}
    return f.CommitmentBroken.model_validate(OF | told | known | changed)


ORDER = c.OrderRectification(
    commitment_id=THIS, document_no="责改〔2026〕3号", requirement="补建洗消间", legal_basis="食品安全法第三十三条",
    rectify_by=RECTIFY_BY,
)  # fmt: skip
ORDERED = f.CommitmentRectificationOrdered(**OF, by=BY_MARKET, **ORDER.model_dump(exclude={"commitment_id"}))
MENDED = c.ReportCommitmentRectified(commitment_id=THIS, statement="已补建")
RECTIFIED = f.CommitmentRectified(**OF, statement="已补建", late=False)
NOTE = c.NoteCommitmentOverdue(commitment_id=THIS)
SETTLE = c.SettleCommitment(
    commitment_id=THIS, finding_id=stream_id("finding", 2026, "x"), result="采纳", explanation="撤销许可"
)
SETTLED = f.CommitmentSettled(**OF, **SETTLE.model_dump(exclude={"commitment_id"}))
CLOSE = c.CloseCommitment(commitment_id=THIS, reason="许可已注销")
CLOSED = f.CommitmentClosed(**OF, reason="许可已注销")
FAILED = (opened(), checked(K.NOT_KEPT))
RECTIFYING = (*FAILED, ORDERED)

STATES: dict[w.CommitmentState, tuple[Event, ...]] = {
    S.OPEN: (opened(),),
    S.DEFERRED: (opened(), checked(K.NOT_YET_OPERATING, next_check_by=date(2026, 4, 1), red_on=date(2026, 5, 1))),
    S.FAILED: FAILED,
    S.RECTIFYING: RECTIFYING,
    S.RECTIFIED: (*RECTIFYING, RECTIFIED),
    S.KEPT: (opened(), checked()),
    S.BROKEN: (*RECTIFYING, RECTIFIED, checked(K.NOT_KEPT, again=True), broken()),
    S.SETTLED: (*RECTIFYING, RECTIFIED, checked(K.NOT_KEPT, again=True), broken(), SETTLED),
    S.CLOSED: (opened(), CLOSED),
}


def after(day: date) -> datetime:
    """The morning after a day."""
    return MONDAY + (day - TODAY + timedelta(1))


@pytest.fixture
def practised(monkeypatch):
    """Another practice than the shipped one, for one test."""

    def enter(book: str, key: str, value: Any) -> None:
        provisions = rule_book(book)._provisions
        entry = provisions[key][0]
        changed = type(entry)(**{n: getattr(entry, n) for n in entry.__slots__} | {"value": value})
        monkeypatch.setitem(provisions, key, (changed,))
        time_limit.cache_clear()

    yield enter
    time_limit.cache_clear()


# 建立


def test_a_grant_on_a_commitment_opens_it_with_its_window_and_every_regulator_is_told():
    given().when(OPEN, by=PLATFORM).then(opened())
    assert f.CommitmentOpened.CHANNEL is Channel.APPROVAL
    assert addressees(f.CommitmentOpened, dict(opened())) == (MARKET.code,)
    assert ordered_by(f.CommitmentOpened, dict(opened()), THIS) == str(CASE)


def test_every_fact_of_a_commitment_goes_to_the_regulators():
    facts = [cls for topic, cls in EVENTS.items() if topic.startswith("commitment.")]
    assert len(facts) == 9
    assert {cls.CHANNEL for cls in facts} == {Channel.APPROVAL}


def test_the_item_may_have_a_period_of_its_own():
    decided = given().when(OPEN.model_copy(update={"check_days": 10}), by=PLATFORM)
    decided.then(opened(check_by=date(2026, 3, 12), red_on=date(2026, 3, 22)))


def test_the_day_that_the_promise_names_narrows_the_window():
    named = OPEN.model_copy(update={"promised_by": date(2026, 3, 12)})
    given().when(named, by=PLATFORM).then(opened(check_by=date(2026, 3, 12), red_on=date(2026, 3, 22)))


@pytest.mark.parametrize("promised_by", [TODAY, TODAY - timedelta(3), date(2027, 1, 1)])
def test_a_promised_day_before_the_grant_or_beyond_the_period_does_not(promised_by):
    given().when(OPEN.model_copy(update={"promised_by": promised_by}), by=PLATFORM).then(opened())


def test_opening_twice_is_once():
    given(opened()).when(OPEN, by=PLATFORM).nothing()


def test_only_the_platform_opens_a_commitment():
    given().when(OPEN, by=DECIDER).refused(RoleMayNot)


# 核查


@pytest.mark.parametrize("by", [INSPECTOR, EXAMINER, DECIDER])
def test_whoever_decided_or_supervises_checks_it(by):
    found = BY_MARKET if by is INSPECTOR else BY_BUREAU
    given(opened()).when(check(), by=by).then(checked(by=found))


@pytest.mark.parametrize("state", [S.OPEN, S.DEFERRED, S.KEPT, S.RECTIFIED])
@pytest.mark.parametrize(("result", "after_it"), [(K.KEPT, S.KEPT), (K.NOT_YET_OPERATING, S.DEFERRED)])
def test_a_check_that_finds_nothing_wrong_leads_on(state, result, after_it):
    command = check(result, statement="再次查看", next_check_by=date(2026, 4, 1))
    decided = given(*STATES[state]).when(command, by=INSPECTOR).then(f.CommitmentChecked)
    assert decided.aggregate.state is after_it


def test_a_commitment_may_be_found_kept_before_the_day_to_rectify():
    decided = given(*RECTIFYING).when(check(), by=INSPECTOR).then(checked(again=True))
    assert decided.aggregate.state is S.KEPT


@pytest.mark.parametrize("result", [K.NOT_TRUE, K.NOT_KEPT])
@pytest.mark.parametrize("state", [S.OPEN, S.DEFERRED, S.KEPT])
def test_what_is_untrue_or_not_kept_waits_for_the_order_to_rectify(state, result):
    decided = given(*STATES[state]).when(check(result), by=INSPECTOR).then(checked(result))
    assert decided.aggregate.state is S.FAILED


def test_a_false_promise_that_nothing_can_mend_is_broken_at_once():
    false = check(K.NOT_TRUE, mendable=False)
    given(opened()).when(false, by=INSPECTOR).then(
        checked(K.NOT_TRUE, mendable=False), broken(w.BrokenGround.UNTRUE)
    )


@pytest.mark.parametrize("state", [S.FAILED, S.BROKEN, S.SETTLED, S.CLOSED])
def test_nothing_is_checked_where_something_else_is_owed_or_all_is_over(state):
    given(*STATES[state]).when(check(statement="再看"), by=INSPECTOR).refused(OutOfOrder, state=state)


def test_a_check_after_its_day_is_taken_and_called_late():
    late = after(CHECK_BY)
    given(opened()).when(check(checked_on=late.date()), by=INSPECTOR, at=late).then(
        checked(checked_on=late.date(), late=True)
    )


def test_the_same_check_again_is_nothing():
    given(opened(), checked()).when(check(), by=INSPECTOR, at=TUESDAY).nothing()


def test_another_body_has_no_say_in_it():
    given(opened()).when(check(), by=HEALTH_OFFICER).refused(
        r.NotYourCommitment, organ=HEALTH_OFFICER.organ, owner=BUREAU.code
    )
    stranger = EXAMINER.model_copy(update={"organ": HOUSING.code})
    given(opened()).when(check(), by=stranger).refused(r.NotYourCommitment)


def test_the_counter_does_not_check():
    given(opened()).when(check(), by=ACCEPTOR).refused(RoleMayNot)


@pytest.mark.parametrize(
    ("checker", "by"), [(w.Checker.APPROVER, INSPECTOR), (w.Checker.REGULATOR, EXAMINER)], ids=["approver", "regulator"]
)
def test_where_one_side_is_to_check_the_other_does_not_in_its_place(checker, by):
    given(opened(checker=checker)).when(check(), by=by).refused(r.NotYourTurnToCheck, checker=checker)
    other = EXAMINER if by is INSPECTOR else INSPECTOR
    given(opened(checker=checker)).when(check(), by=other).then(f.CommitmentChecked)


def test_who_is_to_check_is_the_practice_on_the_day_of_the_decision(practised):
    practised("practices", "commitment_checker", "regulator")
    given().when(OPEN, by=PLATFORM).then(opened(checker=w.Checker.REGULATOR))


@pytest.mark.parametrize("officers", [("孙监管",), ("孙监管", "孙监管")])
def test_a_check_on_the_spot_takes_two(officers):
    given(opened()).when(check(officers=officers), by=INSPECTOR).refused(r.TooFewCheckers, present=1, needed=2)


def test_shared_records_are_read_by_one():
    command = check(method=w.CheckMethod.SHARED, officers=("孙监管",))
    given(opened()).when(command, by=INSPECTOR).then(f.CommitmentChecked)


def test_nothing_is_checked_tomorrow_or_before_the_grant():
    given(opened()).when(check(checked_on=TUESDAY.date()), by=INSPECTOR).refused(FutureTime)
    early = TODAY - timedelta(1)
    given(opened()).when(check(checked_on=early), by=INSPECTOR).refused(
        r.CheckedBeforeTheGrant, checked_on=early, decided_on=TODAY
    )


def test_a_holder_that_does_not_operate_yet_is_looked_at_again_on_a_day():
    command = check(K.NOT_YET_OPERATING, next_check_by=date(2026, 4, 1))
    given(opened()).when(command, by=INSPECTOR).then(
        checked(K.NOT_YET_OPERATING, next_check_by=date(2026, 4, 1), red_on=date(2026, 5, 1))
    )


def test_only_a_deferred_check_tells_of_another():
    deferred = checked(K.NOT_YET_OPERATING, next_check_by=date(2026, 4, 1))
    assert "2026-04-01 前再次核查" in deferred.telling("zh")
    assert "to be checked again by 2026-04-01" in deferred.telling("en")
    assert "再次核查" not in checked().telling("zh")


@pytest.mark.parametrize("named", [None, TODAY])
def test_it_must_name_that_day(named):
    command = check(K.NOT_YET_OPERATING, next_check_by=named)
    given(opened()).when(command, by=INSPECTOR).refused(r.NextCheckMissing, today=TODAY)


def test_it_may_not_be_put_off_beyond_another_period():
    latest = TODAY + timedelta(60)
    on_the_day = check(K.NOT_YET_OPERATING, next_check_by=latest)
    given(opened()).when(on_the_day, by=INSPECTOR).then(f.CommitmentChecked)
    beyond = check(K.NOT_YET_OPERATING, next_check_by=latest + timedelta(1))
    given(opened()).when(beyond, by=INSPECTOR).refused(r.NextCheckTooLate, latest=latest)


# 责令整改与复核


def test_what_was_found_is_ordered_to_be_mended_by_a_day():
    given(*FAILED).when(ORDER, by=INSPECTOR).then(ORDERED)


@pytest.mark.parametrize("state", [s for s in STATES if s is not S.FAILED])
def test_nothing_is_ordered_that_was_not_found(state):
    given(*STATES[state]).when(ORDER, by=INSPECTOR).refused(OutOfOrder, state=state)


def test_the_day_to_rectify_lies_ahead():
    given(*FAILED).when(ORDER.model_copy(update={"rectify_by": TODAY}), by=INSPECTOR).refused(r.RectifyByHasPassed)


def test_another_body_does_not_order():
    given(*FAILED).when(ORDER, by=HEALTH_OFFICER).refused(r.NotYourCommitment)


@pytest.mark.parametrize("by", [APPLICANT, ACCEPTOR, INSPECTOR])
def test_the_holder_or_who_stands_for_it_says_that_it_is_mended(by):
    given(*RECTIFYING).when(MENDED, by=by).then(RECTIFIED)


def test_mended_after_its_day_is_taken_and_called_late():
    given(*RECTIFYING).when(MENDED, by=APPLICANT, at=after(RECTIFY_BY)).then(
        RECTIFIED.model_copy(update={"late": True})
    )


def test_saying_so_twice_is_once():
    given(*STATES[S.RECTIFIED]).when(MENDED, by=APPLICANT).nothing()


def test_nothing_is_mended_that_was_not_ordered():
    given(*FAILED).when(MENDED, by=APPLICANT).refused(OutOfOrder, state=S.FAILED)


def test_while_the_order_runs_nobody_is_found_not_to_have_mended():
    on_the_day = after(RECTIFY_BY) - timedelta(1)
    still = check(K.NOT_KEPT, checked_on=on_the_day.date())
    given(*RECTIFYING).when(still, by=INSPECTOR, at=on_the_day).refused(r.RectificationStillRuns, until=RECTIFY_BY)


@pytest.mark.parametrize("past", [RECTIFYING, (*RECTIFYING, RECTIFIED)], ids=["silent", "reported"])
def test_what_is_still_not_kept_after_the_order_is_broken(past):
    late = after(RECTIFY_BY)
    decided = given(*past).when(check(K.NOT_KEPT, checked_on=late.date()), by=INSPECTOR, at=late)
    decided.then(checked(K.NOT_KEPT, checked_on=late.date(), again=True), broken(broken_on=late.date()))
    assert decided.aggregate.state is S.BROKEN


def test_what_was_reported_as_mended_may_be_found_broken_before_its_day():
    given(*STATES[S.RECTIFIED]).when(check(K.NOT_TRUE), by=INSPECTOR).then(
        checked(K.NOT_TRUE, again=True), broken()
    )


# 抽查


def test_a_commitment_that_waits_for_its_check_is_drawn_once_by_a_sample():
    note = c.NoteSampled(commitment_id=THIS, sample_id=SAMPLE, sample_no="承诺抽查-1")
    drawn = given(opened()).when(note, by=PLATFORM)
    drawn.then(f.CommitmentSampled(**OF, sample_id=SAMPLE, sample_no="承诺抽查-1", check_by=CHECK_BY))
    drawn.and_when(note, by=PLATFORM).nothing()


@pytest.mark.parametrize("state", [s for s in STATES if s not in w.UNVERIFIED])
def test_one_that_was_checked_meanwhile_is_not_drawn(state):
    note = c.NoteSampled(commitment_id=THIS, sample_id=SAMPLE, sample_no="承诺抽查-1")
    given(*STATES[state]).when(note, by=PLATFORM).nothing()


# 逾期


def overdue(severity: w.Severity, duty=w.CommitmentDuty.CHECK, due_on=CHECK_BY) -> f.CommitmentOverdue:
    return f.CommitmentOverdue(**OF, duty=duty, severity=severity, due_on=due_on)


YELLOW, RED = overdue(w.Severity.YELLOW), overdue(w.Severity.RED)


def test_an_unchecked_commitment_is_yellow_from_the_day_after_its_window():
    on_the_day = after(CHECK_BY) - timedelta(1)
    given(opened()).when(NOTE, by=PLATFORM, at=on_the_day).refused(r.CommitmentNotYetDue, due_on=CHECK_BY)
    noted = given(opened()).when(NOTE, by=PLATFORM, at=after(CHECK_BY)).then(YELLOW)
    noted.and_when(NOTE, by=PLATFORM, at=after(CHECK_BY)).nothing()


def test_it_is_red_at_twice_the_window():
    on_the_day = after(RED_ON) - timedelta(1)
    given(opened(), YELLOW).when(NOTE, by=PLATFORM, at=on_the_day).nothing()
    given(opened(), YELLOW).when(NOTE, by=PLATFORM, at=after(RED_ON)).then(RED)


def test_a_timer_that_slept_says_both_at_once():
    given(opened()).when(NOTE, by=PLATFORM, at=after(RED_ON)).then(YELLOW, RED)


def test_a_deferred_check_is_owed_anew():
    deferred = (*STATES[S.DEFERRED][:1], YELLOW, *STATES[S.DEFERRED][1:])
    again = overdue(w.Severity.YELLOW, due_on=date(2026, 4, 1))
    given(*deferred).when(NOTE, by=PLATFORM, at=after(date(2026, 4, 1))).then(again)


def test_an_order_that_ran_out_is_noted_once():
    noted = given(*RECTIFYING).when(NOTE, by=PLATFORM, at=after(RECTIFY_BY))
    noted.then(overdue(w.Severity.YELLOW, w.CommitmentDuty.RECTIFY, RECTIFY_BY))
    noted.and_when(NOTE, by=PLATFORM, at=MONTH_LATER).nothing()


@pytest.mark.parametrize("state", [S.FAILED, S.RECTIFIED, S.KEPT, S.BROKEN, S.SETTLED, S.CLOSED])
def test_where_nothing_is_owed_the_timer_finds_nothing(state):
    given(*STATES[state]).when(NOTE, by=PLATFORM, at=after(RED_ON)).nothing()


# 处置与终结


def test_what_the_approving_side_decided_settles_it():
    settled = given(*STATES[S.BROKEN]).when(SETTLE, by=PLATFORM).then(SETTLED)
    settled.and_when(SETTLE, by=PLATFORM).nothing()


@pytest.mark.parametrize("state", [s for s in STATES if s not in (S.BROKEN, S.SETTLED)])
def test_nothing_is_settled_that_was_not_broken(state):
    given(*STATES[state]).when(SETTLE, by=PLATFORM).refused(OutOfOrder, state=state)


@pytest.mark.parametrize("state", w.LIVING)
def test_a_commitment_ends_with_its_license(state):
    given(*STATES[state]).when(CLOSE, by=PLATFORM).then(CLOSED)


@pytest.mark.parametrize("state", [S.BROKEN, S.SETTLED, S.CLOSED])
def test_one_that_was_broken_or_ended_is_not_closed_over(state):
    given(*STATES[state]).when(CLOSE, by=DECIDER).nothing()


def test_another_organ_does_not_close_it():
    stranger = DECIDER.model_copy(update={"organ": FIRE.code})
    given(opened()).when(CLOSE, by=stranger).refused(r.NotYourCommitment)


@pytest.mark.parametrize("command", [NOTE, CLOSE, SETTLE])
def test_a_commitment_nobody_opened_cannot_be_acted_on(command):
    given().when(command, by=PLATFORM).refused(UnknownStream)
