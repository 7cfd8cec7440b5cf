"""推送: every state of the obligation, its side paths, the three ways to claim, and whose it is."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from domain.kernel.channel import Channel
from domain.kernel.event import Event, addressees, ordered_by
from domain.kernel.refusal import OutOfOrder, RoleMayNot
from domain.kernel.words import Body, Change, ClaimMode, Site
from domain.push import (
    AcknowledgePush,
    BeginSupervision,
    ClaimPush,
    ClosePush,
    DispatchPush,
    EscalatePush,
    FileFeedback,
    NotYourPush,
    PushAcknowledged,
    PushClaimed,
    PushClosed,
    PushContent,
    PushDelivered,
    PushDispatched,
    PushEscalated,
    PushFedBack,
    PushNotYetOverdue,
    PushReassigned,
    PushReminded,
    PushReturned,
    PushState,
    PushSuperseded,
    ReassignPush,
    RecordDelivery,
    RemindPush,
    ReturnPush,
    SameRegulatorAgain,
    SupersedePush,
    SupervisionBegun,
    SupervisionNotYetBegun,
    push_stream,
)
from tests.entered_rules import closed
from tests.specification import (
    CASE,
    CASE_NO,
    DECIDER,
    FIRE,
    FIRE_OFFICER,
    FRIDAY,
    HEALTH,
    HOLDER,
    HOUSING,
    HOUSING_OFFICER,
    MONDAY,
    NEXT_MONDAY,
    OTHER_CASE,
    PLATFORM,
    SHOP,
    STEWARD,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    given,
    said,
)

P = PushState
DECISION = f"{CASE}:9"
CONTENT = PushContent(
    change=Change.GRANT, case_no=CASE_NO, item="FOOD-1", item_name="食品经营许可", item_version=3, subject=HOLDER,
    site=SHOP, document_no="聊行审许字〔2026〕37号", content="准予食品经营", decided_on=MONDAY.date(),
)  # fmt: skip
DISPATCH = DispatchPush(case_id=CASE, decision_id=DECISION, regulator=HOUSING, named_by="事项第 3 版", content=CONTENT)
THIS = DISPATCH.stream
WHOSE = {"regulator": HOUSING.code, "case_id": CASE}


def dispatched(mode: ClaimMode = ClaimMode.EXPLICIT, **changed) -> PushDispatched:
    fields = {
        "push_id": THIS, "decision_id": DECISION, "regulator_name": HOUSING.name, "claim_mode": mode,
        "named_by": "事项第 3 版", "content": CONTENT, "acknowledge_due": date(2026, 3, 3),
        "claim_due": date(2026, 3, 4), "feedback_due": date(2026, 3, 16),
    }  # fmt: skip
    return PushDispatched(**WHOSE, **fields | changed)


def claimed(officer: str = "监管员 李四", *, automatic: bool = False) -> PushClaimed:
    return PushClaimed(**WHOSE, officer=officer, automatic=automatic)


DISPATCHED, DELIVERED, ACKNOWLEDGED = dispatched(), PushDelivered(**WHOSE), PushAcknowledged(**WHOSE)
CLAIMED = claimed()
BEGUN = SupervisionBegun(**WHOSE, begun_on=MONDAY.date(), how="首次现场检查")
FED_BACK = PushFedBack(**WHOSE, feedback="首次检查通过", first_check_on=date(2026, 3, 20))
RETURNED = PushReturned(**WHOSE, reason="不属本部门职责")
REASSIGNED = PushReassigned(**WHOSE, push_id=THIS, to=FIRE, reason="职责划转", content=CONTENT, decision_id=DECISION)
CLOSED = PushClosed(**WHOSE, push_id=THIS)
SUPERSEDED = PushSuperseded(**WHOSE, push_id=THIS, by_push=push_stream(CASE, "x", HOUSING.code))

RECEIPT, ACKNOWLEDGE = RecordDelivery(push_id=THIS), AcknowledgePush(push_id=THIS)
CLAIM = ClaimPush(push_id=THIS, officer="监管员 李四")
BEGIN = BeginSupervision(push_id=THIS, begun_on=MONDAY.date(), how="首次现场检查")
SEND_BACK = ReturnPush(push_id=THIS, reason="不属本部门职责")
FEED_BACK = FileFeedback(push_id=THIS, feedback="首次检查通过", first_check_on=date(2026, 3, 20))
REASSIGN = ReassignPush(push_id=THIS, regulator=FIRE, reason="职责划转")
CLOSE, ESCALATE = ClosePush(push_id=THIS), EscalatePush(push_id=THIS)
SUPERSEDE = SupersedePush(push_id=THIS, by_push=SUPERSEDED.by_push)
REMIND_ACKNOWLEDGE = RemindPush(push_id=THIS, overdue=P.ACKNOWLEDGED)
REMIND_CLAIM = RemindPush(push_id=THIS, overdue=P.CLAIMED)

FILES = {
    P.DISPATCHED: (DISPATCHED,),
    P.DELIVERED: (DISPATCHED, DELIVERED),
    P.ACKNOWLEDGED: (DISPATCHED, DELIVERED, ACKNOWLEDGED),
    P.CLAIMED: (DISPATCHED, DELIVERED, ACKNOWLEDGED, CLAIMED),
    P.IN_SUPERVISION: (DISPATCHED, ACKNOWLEDGED, CLAIMED, BEGUN),
    P.FED_BACK: (DISPATCHED, ACKNOWLEDGED, CLAIMED, FED_BACK),
    P.CLOSED: (DISPATCHED, ACKNOWLEDGED, CLAIMED, FED_BACK, CLOSED),
    P.RETURNED: (DISPATCHED, RETURNED),
    P.REASSIGNED: (DISPATCHED, RETURNED, REASSIGNED),
    P.SUPERSEDED: (DISPATCHED, SUPERSEDED),
}
UNCLAIMED = (P.DISPATCHED, P.DELIVERED, P.ACKNOWLEDGED)


def of(decided) -> PushState:
    return decided.aggregate.state


# The way of a push


def test_a_decision_is_pushed_with_its_three_due_days():
    decided = given().when(DISPATCH, by=PLATFORM).then(DISPATCHED)
    assert of(decided) is P.DISPATCHED


def test_no_due_day_is_guessed_for_a_year_without_a_calendar():
    fact = given().when(DISPATCH, by=PLATFORM, at=MONDAY.replace(year=2031)).facts[0]
    assert (fact.acknowledge_due, fact.claim_due, fact.feedback_due) == (None, None, None)


AS_EVER = (date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 16))
MOVED = (date(2026, 3, 5), date(2026, 3, 6), date(2026, 3, 18))
JINAN = Site(region="370102", address="历下区 1 号")
OF_LIAOCHENG = Body(code="11371500MB2862819G", name="聊城市监管部门")


@pytest.mark.parametrize(
    ("regulator", "site", "where", "due"),
    [
        (HOUSING, SHOP, SHOP.region, MOVED),  # a regulator without an identifier: where the site lies
        (HOUSING, SHOP, JINAN.region, AS_EVER),
        (HOUSING, None, SHOP.region, AS_EVER),
        (OF_LIAOCHENG, JINAN, "371500", MOVED),  # the regulator's own place, wherever the site lies
        (OF_LIAOCHENG, JINAN, JINAN.region, AS_EVER),
    ],
)
def test_a_closure_where_the_regulator_sits_moves_what_it_owes_and_one_elsewhere_does_not(
    regulator, site, where, due, tmp_path: Path
):
    there = {"regulator": regulator, "content": CONTENT.model_copy(update={"site": site})}
    with closed(tmp_path, where):
        fact = given().when(DISPATCH.model_copy(update=there), by=PLATFORM).facts[0]
    assert (fact.acknowledge_due, fact.claim_due, fact.feedback_due) == due


def test_the_same_decision_pushed_twice_to_a_regulator_is_one_push():
    for state, file in FILES.items():
        if state is not P.REASSIGNED:
            given(*file).when(DISPATCH, by=PLATFORM).nothing()


def test_each_decision_and_each_regulator_has_a_push_of_its_own():
    ids = {
        push_stream(case, decision, body.code)
        for case, decision in ((CASE, DECISION), (CASE, f"{CASE}:12"), (OTHER_CASE, f"{OTHER_CASE}:9"))
        for body in (HOUSING, FIRE, HEALTH)
    }
    assert len(ids) == 9


def test_the_delivery_is_recorded():
    decided = given(DISPATCHED).when(RECEIPT, by=HOUSING_OFFICER).then(DELIVERED)
    assert of(decided) is P.DELIVERED


@pytest.mark.parametrize("state", [P.DISPATCHED, P.DELIVERED])
def test_the_regulator_acknowledges(state):
    decided = given(*FILES[state]).when(ACKNOWLEDGE, by=HOUSING_OFFICER).then(ACKNOWLEDGED)
    assert of(decided) is P.ACKNOWLEDGED


def test_a_named_officer_claims_what_was_acknowledged():
    decided = given(*FILES[P.ACKNOWLEDGED]).when(CLAIM, by=HOUSING_OFFICER).then(CLAIMED)
    assert of(decided) is P.CLAIMED


@pytest.mark.parametrize("state", [P.DISPATCHED, P.DELIVERED])
def test_a_claim_acknowledges_what_was_not_acknowledged_before(state):
    given(*FILES[state]).when(CLAIM, by=HOUSING_OFFICER).then(ACKNOWLEDGED, CLAIMED)


def test_what_was_claimed_is_in_supervision_once_the_regulator_held_its_first_check():
    decided = given(*FILES[P.CLAIMED]).when(BEGIN, by=HOUSING_OFFICER).then(BEGUN)
    assert of(decided) is P.IN_SUPERVISION
    decided.and_when(BEGIN, by=HOUSING_OFFICER).nothing()


def test_what_is_in_supervision_is_fed_back():
    decided = given(*FILES[P.IN_SUPERVISION]).when(FEED_BACK, by=HOUSING_OFFICER).then(FED_BACK)
    assert of(decided) is P.FED_BACK


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 3, 3)], ids=["before the decision", "tomorrow"])
def test_supervision_begins_on_no_day_before_the_decision_or_to_come(day):
    begin = BEGIN.model_copy(update={"begun_on": day})
    given(*FILES[P.CLAIMED]).when(begin, by=HOUSING_OFFICER).refused(SupervisionNotYetBegun, begun_on=day)


def test_the_plan_of_the_first_check_and_later_its_result_are_fed_back():
    first = given(*FILES[P.CLAIMED]).when(FEED_BACK, by=HOUSING_OFFICER).then(FED_BACK)
    assert of(first) is P.FED_BACK
    first.and_when(FEED_BACK.model_copy(update={"feedback": "已检查"}), by=HOUSING_OFFICER).then(PushFedBack)


def test_what_was_fed_back_is_closed():
    decided = given(*FILES[P.FED_BACK]).when(CLOSE, by=DECIDER).then(CLOSED)
    assert of(decided) is P.CLOSED


# Receipts arrive more than once


@pytest.mark.parametrize("state", [state for state in FILES if state is not P.DISPATCHED])
def test_a_delivery_that_is_told_again_is_nothing_new(state):
    given(*FILES[state]).when(RECEIPT, by=HOUSING_OFFICER).nothing()


@pytest.mark.parametrize("state", [P.ACKNOWLEDGED, P.CLAIMED, P.IN_SUPERVISION, P.FED_BACK, P.CLOSED])
def test_an_acknowledgment_that_is_told_again_is_nothing_new(state):
    given(*FILES[state]).when(ACKNOWLEDGE, by=HOUSING_OFFICER).nothing()


# Three ways to claim


@pytest.mark.parametrize(
    ("mode", "delivery", "acknowledgment"),
    [
        (ClaimMode.EXPLICIT, [DELIVERED], [ACKNOWLEDGED]),
        (ClaimMode.SIGNATURE, [DELIVERED], [ACKNOWLEDGED, claimed(HOUSING_OFFICER.id, automatic=True)]),
        (
            ClaimMode.ON_DELIVERY,
            [DELIVERED, claimed(HOUSING_OFFICER.id, automatic=True)],
            [ACKNOWLEDGED, claimed(HOUSING_OFFICER.id, automatic=True)],
        ),
    ],
)
def test_what_counts_as_the_claim_depends_on_the_city_and_is_marked_as_automatic(mode, delivery, acknowledgment):
    given(dispatched(mode)).when(RECEIPT, by=HOUSING_OFFICER).then(*delivery)
    given(dispatched(mode)).when(ACKNOWLEDGE, by=HOUSING_OFFICER).then(*acknowledgment)


@pytest.mark.parametrize("mode", [ClaimMode.SIGNATURE, ClaimMode.ON_DELIVERY])
def test_a_named_officer_may_also_claim_at_once_where_the_claim_would_be_automatic(mode):
    given(dispatched(mode)).when(CLAIM, by=HOUSING_OFFICER).then(ACKNOWLEDGED, CLAIMED)


def test_where_the_delivery_is_the_claim_a_later_acknowledgment_is_nothing_new():
    delivered = given(dispatched(ClaimMode.ON_DELIVERY)).when(RECEIPT, by=HOUSING_OFFICER)
    delivered.and_when(ACKNOWLEDGE, by=HOUSING_OFFICER).nothing()


# Side paths


@pytest.mark.parametrize("state", UNCLAIMED)
def test_an_unclaimed_push_is_returned_with_a_reason(state):
    decided = given(*FILES[state]).when(SEND_BACK, by=HOUSING_OFFICER).then(RETURNED)
    assert of(decided) is P.RETURNED


def test_a_returned_push_goes_to_another_regulator_with_its_content():
    decided = given(*FILES[P.RETURNED]).when(REASSIGN, by=STEWARD).then(REASSIGNED)
    assert of(decided) is P.REASSIGNED


def test_a_returned_push_does_not_go_back_to_whoever_returned_it():
    given(*FILES[P.RETURNED]).when(REASSIGN.model_copy(update={"regulator": HOUSING}), by=STEWARD).refused(
        SameRegulatorAgain, regulator=HOUSING
    )


def test_a_push_that_was_handed_on_and_comes_back_is_an_obligation_once_more():
    reminded = PushReminded(**WHOSE, push_id=THIS, overdue=P.ACKNOWLEDGED)
    file = (DISPATCHED, reminded, RETURNED, REASSIGNED)
    again = given(*file).when(DISPATCH.model_copy(update={"named_by": "改派"}), by=PLATFORM, at=THURSDAY)
    again.then(
        dispatched(
            named_by="改派", acknowledge_due=date(2026, 3, 6), claim_due=date(2026, 3, 9),
            feedback_due=date(2026, 3, 19),
        )
    )  # fmt: skip
    assert of(again) is P.DISPATCHED
    again.and_when(REMIND_ACKNOWLEDGE, by=PLATFORM, at=NEXT_MONDAY).then(PushReminded)


@pytest.mark.parametrize("state", [*UNCLAIMED, P.CLAIMED, P.IN_SUPERVISION, P.FED_BACK, P.RETURNED])
def test_a_correction_replaces_a_push_that_is_still_open(state):
    decided = given(*FILES[state]).when(SUPERSEDE, by=PLATFORM).then(SUPERSEDED)
    assert of(decided) is P.SUPERSEDED


@pytest.mark.parametrize("state", [P.CLOSED, P.REASSIGNED, P.SUPERSEDED])
def test_a_push_that_is_over_is_not_replaced(state):
    given(*FILES[state]).when(SUPERSEDE, by=PLATFORM).nothing()


# Reminders


def reminded(overdue: PushState) -> PushReminded:
    return PushReminded(**WHOSE, push_id=THIS, overdue=overdue)


@pytest.mark.parametrize("state", [P.DISPATCHED, P.DELIVERED])
def test_a_regulator_is_reminded_once_of_what_it_did_not_acknowledge(state):
    first = given(*FILES[state]).when(REMIND_ACKNOWLEDGE, by=PLATFORM, at=WEDNESDAY)
    first.then(reminded(P.ACKNOWLEDGED)).and_when(REMIND_ACKNOWLEDGE, by=PLATFORM, at=FRIDAY).nothing()


@pytest.mark.parametrize("state", UNCLAIMED)
def test_a_regulator_is_reminded_once_of_what_it_did_not_claim(state):
    first = given(*FILES[state]).when(REMIND_CLAIM, by=PLATFORM, at=THURSDAY).then(reminded(P.CLAIMED))
    first.and_when(REMIND_CLAIM, by=PLATFORM, at=FRIDAY).nothing()


def test_nobody_is_reminded_on_the_due_day_itself():
    given(DISPATCHED).when(REMIND_ACKNOWLEDGE, by=PLATFORM, at=TUESDAY).refused(PushNotYetOverdue, due=date(2026, 3, 3))
    given(DISPATCHED).when(REMIND_CLAIM, by=PLATFORM, at=WEDNESDAY).refused(PushNotYetOverdue, due=date(2026, 3, 4))


def test_nobody_is_reminded_while_no_calendar_says_what_was_due():
    undated = dispatched(acknowledge_due=None, claim_due=None)
    given(undated).when(REMIND_CLAIM, by=PLATFORM, at=NEXT_MONDAY).refused(PushNotYetOverdue)


@pytest.mark.parametrize("state", [P.ACKNOWLEDGED, P.CLAIMED, P.RETURNED, P.CLOSED])
def test_a_reminder_that_comes_too_late_is_nothing(state):
    given(*FILES[state]).when(REMIND_ACKNOWLEDGE, by=PLATFORM, at=FRIDAY).nothing()


def test_there_is_no_reminder_of_any_other_step():
    with pytest.raises(ValidationError):
        RemindPush(push_id=THIS, overdue=P.CLOSED)


def test_a_push_that_stays_unclaimed_after_the_reminder_is_escalated_once():
    file = (*FILES[P.DELIVERED], reminded(P.CLAIMED))
    first = given(*file).when(ESCALATE, by=PLATFORM, at=FRIDAY).then(PushEscalated(**WHOSE, push_id=THIS))
    first.and_when(ESCALATE, by=PLATFORM, at=NEXT_MONDAY).nothing()


def test_nothing_is_escalated_that_nobody_was_reminded_of_or_that_was_claimed():
    given(*FILES[P.DELIVERED]).when(ESCALATE, by=PLATFORM, at=FRIDAY).nothing()
    given(*FILES[P.ACKNOWLEDGED], reminded(P.CLAIMED), CLAIMED).when(ESCALATE, by=PLATFORM, at=FRIDAY).nothing()


# Whose it is, and in which order

BY_REGULATORS = (RECEIPT, ACKNOWLEDGE, CLAIM, BEGIN, SEND_BACK, FEED_BACK)


@pytest.mark.parametrize("command", BY_REGULATORS, ids=lambda command: command.NAME)
def test_another_authority_does_not_touch_the_push(command):
    for file in FILES.values():
        given(*file).when(command, by=FIRE_OFFICER).refused(NotYourPush, owner=HOUSING.code, organ=FIRE.code)


@pytest.mark.parametrize("command", BY_REGULATORS, ids=lambda command: command.NAME)
def test_only_regulators_answer_a_push_and_they_may_do_so_over_kafka(command):
    given(DISPATCHED).when(command, by=DECIDER).refused(RoleMayNot)
    assert command.ARRIVES_ON is Channel.SUPERVISION


@pytest.mark.parametrize("command", [DISPATCH, REMIND_CLAIM, ESCALATE, SUPERSEDE], ids=lambda command: command.NAME)
def test_what_the_platform_does_by_itself_nobody_else_does(command):
    for by in (DECIDER, HOUSING_OFFICER):
        given(DISPATCHED).when(command, by=by).refused(RoleMayNot)


ALLOWED = {
    CLAIM: (HOUSING_OFFICER, UNCLAIMED),
    SEND_BACK: (HOUSING_OFFICER, UNCLAIMED),
    ACKNOWLEDGE: (
        HOUSING_OFFICER,
        (P.DISPATCHED, P.DELIVERED, P.ACKNOWLEDGED, P.CLAIMED, P.IN_SUPERVISION, P.FED_BACK, P.CLOSED),
    ),
    BEGIN: (HOUSING_OFFICER, (P.CLAIMED, P.IN_SUPERVISION)),
    FEED_BACK: (HOUSING_OFFICER, (P.CLAIMED, P.IN_SUPERVISION, P.FED_BACK)),
    REASSIGN: (STEWARD, (P.RETURNED,)),
    CLOSE: (DECIDER, (P.FED_BACK,)),
}


@pytest.mark.parametrize("command", ALLOWED, ids=lambda command: command.NAME)
def test_a_step_out_of_its_place_is_refused(command):
    by, allowed = ALLOWED[command]
    for state, file in FILES.items():
        decided = given(*file).when(command, by=by)
        if state in allowed:
            assert decided.refusal is None, state
        else:
            decided.refused(OutOfOrder, state=state)


@pytest.mark.parametrize("fact", [DISPATCHED, REASSIGNED, CLOSED, reminded(P.CLAIMED), SUPERSEDED])
def test_what_the_regulator_must_know_travels_to_it_in_the_order_of_the_case(fact: Event):
    assert type(fact).CHANNEL is Channel.APPROVAL
    assert addressees(type(fact), dict(fact)) == (HOUSING.code,)
    assert ordered_by(type(fact), dict(fact), THIS) == str(CASE)


@pytest.mark.parametrize("fact", [DELIVERED, ACKNOWLEDGED, CLAIMED, BEGUN, RETURNED, FED_BACK])
def test_what_the_regulator_said_itself_is_not_sent_back_to_it(fact: Event):
    assert type(fact).CHANNEL is Channel.PRIVATE


def test_due_days_are_those_of_the_day_of_dispatch_whenever_somebody_looks():
    live = given(said(DISPATCHED, at=MONDAY)).when(ACKNOWLEDGE, by=HOUSING_OFFICER, at=MONDAY + timedelta(days=300))
    assert live.aggregate.due == {P.ACKNOWLEDGED: date(2026, 3, 3), P.CLAIMED: date(2026, 3, 4)}
