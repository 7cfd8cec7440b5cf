"""订阅: the contract under which a regulator is told of decisions, and why it was told or not, rule by rule."""

from __future__ import annotations

from datetime import date

import pytest

from domain.kernel.channel import Channel
from domain.kernel.event import addressees
from domain.kernel.refusal import RoleMayNot
from domain.kernel.words import Change
from domain.subscription import (
    CloseSubscription,
    Detail,
    OpenSubscription,
    SubscriptionClosed,
    SubscriptionEndsOutsideItsPeriod,
    SubscriptionNumberTaken,
    SubscriptionOpened,
    Terms,
    why,
)
from tests.specification import FIRE, HOUSING, HOUSING_OFFICER, OPERATOR, STEWARD, given

TERMS = Terms(
    regulator=HOUSING, purpose="事中事后监管", legal_basis="审管互动办法第八条", items=("FOOD-1", "FOOD-2"),
    regions=("371502",), contact="联络员 张三", effective_from=date(2026, 1, 1), effective_to=date(2026, 12, 31),
)  # fmt: skip
OPEN = OpenSubscription(number="2026-1", terms=TERMS)
OPENED = SubscriptionOpened(number="2026-1", terms=TERMS, authority=HOUSING.code)
CLOSE = CloseSubscription(subscription_id=OPEN.stream, effective_to=date(2026, 6, 30), reason="职责划转")
CLOSED = SubscriptionClosed(effective_to=date(2026, 6, 30), reason="职责划转", authority=HOUSING.code)


def test_a_contract_is_opened_and_its_regulator_is_told():
    given().when(OPEN, by=STEWARD).then(OPENED)
    assert addressees(SubscriptionOpened, dict(OPENED)) == (HOUSING.code,)
    assert SubscriptionOpened.CHANNEL is SubscriptionClosed.CHANNEL is Channel.INTERACTION


def test_the_same_number_is_given_once_per_regulator():
    given(OPENED).when(OPEN, by=STEWARD).refused(SubscriptionNumberTaken, number="2026-1")
    other = OPEN.model_copy(update={"terms": TERMS.model_copy(update={"regulator": FIRE})})
    assert other.stream != OPEN.stream


def test_a_contract_ends_on_a_day_and_only_once():
    closed = given(OPENED).when(CLOSE, by=OPERATOR).then(CLOSED)
    closed.and_when(CLOSE, by=OPERATOR).nothing()


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2027, 1, 1)], ids=["before it begins", "after it ends"])
def test_a_contract_is_not_ended_outside_the_period_that_was_agreed(day):
    close = CLOSE.model_copy(update={"effective_to": day})
    refused = given(OPENED).when(close, by=STEWARD).refused(SubscriptionEndsOutsideItsPeriod, effective_to=day)
    assert "2026-12-31" in refused.told("zh")
    for last in (TERMS.effective_from, TERMS.effective_to):
        given(OPENED).when(CLOSE.model_copy(update={"effective_to": last}), by=STEWARD).then(SubscriptionClosed)


@pytest.mark.parametrize(("facts", "command"), [((), OPEN), ((OPENED,), CLOSE)], ids=["open", "close"])
def test_a_regulator_does_not_write_its_own_contract(facts, command):
    given(*facts).when(command, by=HOUSING_OFFICER).refused(RoleMayNot)


def test_what_a_contract_does_not_say_is_not_sent():
    silent = Terms(
        regulator=HOUSING, purpose="监管", legal_basis="办法", contact="张三", effective_from=date(2026, 1, 1)
    )
    assert (silent.changes, silent.detail) == ((Change.GRANT,), Detail.MASKED)


def unmet(terms: Terms = TERMS, **changed) -> list[str]:
    decision = {"item": "FOOD-1", "region": "371502", "change": Change.GRANT, "on": date(2026, 3, 2)} | changed
    answers = why(terms, **decision)
    assert [answer.rule for answer in answers] == ["period", "item", "place", "change"], "every rule is answered"
    assert all(answer.zh and answer.en for answer in answers)
    return [answer.rule for answer in answers if not answer.met]


def test_a_decision_that_meets_every_rule_is_sent():
    assert unmet() == []


@pytest.mark.parametrize(
    ("changed", "rules"),
    [
        ({"on": date(2025, 12, 31)}, ["period"]),
        ({"on": date(2026, 1, 1)}, []),
        ({"on": date(2026, 12, 31)}, []),
        ({"on": date(2027, 1, 1)}, ["period"]),
        ({"item": "FOOD-3"}, ["item"]),
        ({"item": ""}, ["item"]),
        ({"region": "371503"}, ["place"]),
        ({"region": "371500"}, ["place"]),
        ({"region": "371502101"}, []),
        ({"region": None}, ["place"]),
        ({"change": Change.DENIAL}, ["change"]),
        ({"on": date(2027, 1, 1), "item": "X", "region": None, "change": Change.DENIAL},
         ["period", "item", "place", "change"]),
    ],
)  # fmt: skip
def test_each_rule_answers_for_itself(changed, rules):
    assert unmet(**changed) == rules


@pytest.mark.parametrize(
    ("regions", "place", "covered"),
    [
        ((), None, True),
        (("370000",), "371502", True),
        (("370000",), "361502", False),
        (("371500",), "371502", True),
        (("371500",), "371602", False),
        (("371502", "371503"), "371503", True),
        (("371502100",), "371502100", True),
        (("371502100",), "371502100003", True),
        (("371502100",), "371502101", False),
        (("371502100000",), "371502101000", False),
        (("371500000000",), "371502101000", True),
        (("371502010",), "371502011", False),
        (("371520",), "371521", False),
    ],
)
def test_a_region_covers_what_lies_below_it_and_nothing_beside_it(regions, place, covered):
    met = unmet(TERMS.model_copy(update={"regions": regions}), region=place)
    assert met == ([] if covered else ["place"])


def test_a_contract_without_items_or_an_end_covers_all_items_and_runs_on():
    assert unmet(TERMS.model_copy(update={"items": (), "effective_to": None}), item="X", on=date(2040, 1, 1)) == []


def test_the_answer_says_the_dates_the_item_and_the_place_in_both_languages():
    period, item, place, change = why(TERMS, item="FOOD-3", region=None, change=Change.DENIAL, on=date(2026, 3, 2))
    assert "2026-01-01" in period.zh
    assert "2026-12-31" in period.en
    assert ("不在" in item.zh, "not" in item.en) == (True, True)
    assert ("未注明" in place.zh, "unnamed" in place.en) == (True, True)
    assert ("未订阅" in change.zh, "not" in change.en) == (True, True)
