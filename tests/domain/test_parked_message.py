"""退件暂存: what could not be taken in is kept with the reason, and a person decides what becomes of it."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from domain.kernel.channel import Channel
from domain.kernel.event import addressees, masked, personal
from domain.kernel.refusal import OutOfOrder, RoleMayNot, UnknownStream
from domain.parked_message import (
    KEPT,
    MessageParked,
    ParkedMessage,
    ParkedMessageReleased,
    ParkedMessageSkipped,
    ParkedState,
    ParkMessage,
    ReleaseParkedMessage,
    SkipParkedMessage,
)
from domain.push import ClaimPush
from tests.domain.life import BRIEF, Life
from tests.specification import CASE, FIRE, FIRE_OFFICER, OPERATOR, OTHER_CASE, PLATFORM, TUESDAY, given

BODY = '{"officer": "张三", broken'
PARK = ParkMessage(
    year=2026, cluster="lkc-1", topic=f"supervision.{FIRE.code}.v1", partition=0, offset=17, authority=FIRE.code,
    key=str(CASE), body=BODY, digest=sha256(BODY.encode()).hexdigest(), length=len(BODY.encode()),
    reason="not_json", reason_zh="不是 JSON", reason_en="not JSON",
)  # fmt: skip
PARKED = MessageParked(**PARK.model_dump(exclude={"year"}))
WHERE = {"authority": FIRE.code, "topic": PARK.topic, "partition": 0, "offset": 17}
RELEASE = ReleaseParkedMessage(parked_id=PARK.stream, reason="对方已更正")
SKIP = SkipParkedMessage(parked_id=PARK.stream, reason="测试消息")
RELEASED = ParkedMessageReleased(**WHERE, reason="对方已更正")
SKIPPED = ParkedMessageSkipped(**WHERE, reason="测试消息")


def test_a_message_is_set_aside_with_its_reason():
    given().when(PARK, by=PLATFORM).then(PARKED)


def test_the_same_place_in_the_log_is_the_same_message():
    given(PARKED).when(PARK, by=PLATFORM, at=TUESDAY).nothing()


@pytest.mark.parametrize("other", [{"offset": 18}, {"partition": 1}, {"topic": "approval.intake"}, {"cluster": "2"}])
def test_another_place_is_another_message(other):
    assert PARK.model_copy(update=other).stream != PARK.stream


def test_an_operator_releases_it():
    given(PARKED).when(RELEASE, by=OPERATOR).then(RELEASED)


def test_an_operator_skips_it_with_a_reason():
    given(PARKED).when(SKIP, by=OPERATOR).then(SKIPPED)


@pytest.mark.parametrize("command", [RELEASE, SKIP])
@pytest.mark.parametrize(("end", "state"), [(RELEASED, ParkedState.RELEASED), (SKIPPED, ParkedState.SKIPPED)])
def test_what_was_settled_is_not_settled_again(command, end, state):
    given(PARKED, end).when(command, by=OPERATOR).refused(OutOfOrder, state=state)


@pytest.mark.parametrize("command", [RELEASE, SKIP])
def test_only_an_operator_settles_it(command):
    given(PARKED).when(command, by=FIRE_OFFICER).refused(RoleMayNot)


def test_what_was_never_parked_cannot_be_released():
    given().when(RELEASE, by=OPERATOR).refused(UnknownStream)


@pytest.mark.parametrize("fact", [PARKED, RELEASED, SKIPPED])
def test_the_sender_sees_what_became_of_it(fact):
    assert type(fact).CHANNEL is Channel.PARKED
    assert addressees(type(fact), dict(fact)) == (FIRE.code,)


def test_the_body_is_personal_for_nobody_knows_what_is_in_it():
    shown = masked(PARKED.model_dump(mode="json"), personal(MessageParked))
    assert "张三" not in str(shown)
    assert shown["reason_zh"] == "不是 JSON"


def refusal():
    return given().when(ClaimPush(push_id=CASE, officer="张三"), by=FIRE_OFFICER).refused(UnknownStream)


def test_a_refused_order_of_a_policy_is_set_aside_and_goes_to_nobody_outside():
    order = ClaimPush(push_id=CASE, officer="张三")
    command = ParkMessage.of_policy("warn", order, f"{CASE}:3", refusal(), 2026)
    fact = given().when(command, by=PLATFORM).then(MessageParked).facts[0]
    assert (fact.topic, fact.reason, fact.authority) == ("policy.warn", "UnknownStream", None)
    assert addressees(MessageParked, dict(fact)) == ()


def test_each_refused_order_of_one_fact_is_set_aside_by_itself():
    orders = [ClaimPush(push_id=case, officer="张三") for case in (CASE, OTHER_CASE)]
    parked = [ParkMessage.of_policy("warn", order, f"{CASE}:3", refusal(), 2026) for order in orders]
    assert len({command.stream for command in parked}) == 2
    assert parked[0].stream == ParkMessage.of_policy("warn", orders[0], f"{CASE}:3", refusal(), 2026).stream


def test_of_a_long_order_the_beginning_is_kept_and_the_length_is_told():
    order = ClaimPush.model_construct(push_id=CASE, officer="三" * KEPT)
    command = ParkMessage.of_policy("warn", order, "1", refusal(), 2026)
    assert len(command.body) == KEPT
    assert command.length > 3 * KEPT


class ParkedLife(Life):
    OF = ParkedMessage

    @rule(reason=st.sampled_from(["not_json", "wrong_schema"]))
    def park(self, reason):
        self.ask(PARK.model_copy(update={"reason": reason}), PLATFORM)

    @rule(by=st.sampled_from([OPERATOR, PLATFORM]))
    def release(self, by):
        self.ask(RELEASE, by)

    @rule(by=st.sampled_from([OPERATOR, FIRE_OFFICER]))
    def skip(self, by):
        self.ask(SKIP, by)

    @invariant()
    def it_is_parked_first_and_settled_at_most_once(self):
        kinds = [type(fact) for fact in self.facts]
        assert kinds[:1] in ([], [MessageParked])
        assert kinds[1:] in ([], [ParkedMessageReleased], [ParkedMessageSkipped])


TestNoOrderBreaksAParkedMessage = ParkedLife.TestCase
TestNoOrderBreaksAParkedMessage.settings = BRIEF
