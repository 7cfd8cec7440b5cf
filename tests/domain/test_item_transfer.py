"""事项划转: an item goes from one organ to another on a day; who may give it, and when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.kernel.aggregate import replay
from domain.kernel.words import Body, Regulator
from domain.service_item import (
    ItemRetired,
    ItemTransferred,
    ItemVersionPublished,
    RetiredItem,
    RetireItem,
    RunningCases,
    ServiceItem,
    TransferItem,
    UnknownItem,
)
from domain.service_item import refusals as r
from tests.domain.entry import CODE, MARKET, elements, publishing
from tests.specification import BUREAU, HOUSING, STEWARD, Decided, given

OLD = Body(code="11371500MB2862819G", name="市行政审批服务局")
NEW = HOUSING
URBAN = Regulator(code="URBAN-371500", name="市城市管理局")
JUNE, SEPTEMBER = date(2026, 6, 1), date(2026, 9, 1)
TRANSFER = TransferItem(item=CODE, from_organ=OLD, to_organ=NEW, effective_on=JUNE, basis="市编办〔2026〕3 号")


def transfer(**more) -> TransferItem:
    return TRANSFER.model_copy(update=more)


def transferred(**more) -> Decided:
    return given().when(publishing(), by=STEWARD).and_when(transfer(**more), by=STEWARD)


def entry(decided: Decided) -> ServiceItem:
    facts = (*decided.past, *decided.facts)
    return replay(ServiceItem, facts[0].originator_id, facts)


def test_an_item_goes_to_the_new_organ_on_the_day_of_its_transfer_and_not_before():
    item = entry(transferred().then(ItemTransferred))
    assert item.organ_on(JUNE - timedelta(days=1)) == OLD
    assert item.organ_on(JUNE) == NEW


def test_the_regulators_that_a_transfer_names_supervise_from_its_day_on():
    item = entry(transferred(regulators=(URBAN,)))
    assert item.terms_on(CODE, JUNE - timedelta(days=1)).regulators == (MARKET,)
    assert item.terms_on(CODE, JUNE).regulators == (URBAN,)


def test_a_transfer_that_names_no_regulator_leaves_those_that_are():
    assert entry(transferred()).terms_on(CODE, SEPTEMBER).regulators == (MARKET,)


def test_a_version_published_after_the_transfer_names_its_regulators_itself():
    moved = elements(body__implementing_body_code=NEW.code, body__implementing_body=NEW.name)
    decided = transferred(regulators=(URBAN,)).and_when(publishing(moved, effective_from=SEPTEMBER), by=STEWARD)
    assert entry(decided).terms_on(CODE, SEPTEMBER).regulators == (MARKET,)


def test_the_same_transfer_asked_for_twice_happens_once():
    transferred().and_when(TRANSFER, by=STEWARD).nothing()


def test_it_is_said_what_becomes_of_running_cases():
    [stay], [move] = transferred().facts, transferred(running=RunningCases.MOVE).facts
    assert "由原部门办结" in stay.telling("zh")
    assert "随事项移交" in move.telling("zh")
    assert "move to the new organ" in move.telling("en")


def test_an_item_is_not_transferred_to_the_organ_that_has_it():
    transferred(to_organ=OLD).refused(r.TransferToSameOrgan)


def test_only_the_organ_that_has_an_item_gives_it_away():
    transferred(from_organ=BUREAU).refused(r.NotTheImplementingOrgan, owner=OLD, organ=BUREAU)


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2025, 12, 31)])
def test_an_item_is_not_transferred_before_its_last_version_began(day):
    transferred(effective_on=day).refused(r.TransferTooEarly, last=date(2026, 1, 1))


def test_an_item_is_not_transferred_twice_on_one_day_nor_back_in_time():
    again = transfer(from_organ=NEW, to_organ=BUREAU)
    transferred().and_when(again, by=STEWARD).refused(r.TransferTooEarly, last=JUNE)
    on = again.model_copy(update={"effective_on": SEPTEMBER})
    assert entry(transferred().and_when(on, by=STEWARD)).organ_on(SEPTEMBER) == BUREAU


def test_a_retired_item_is_not_transferred():
    retired = given().when(publishing(), by=STEWARD).and_when(
        RetireItem(item=CODE, effective_on=SEPTEMBER, reason="取消"), by=STEWARD
    )
    retired.then(ItemRetired).and_when(TRANSFER, by=STEWARD).refused(RetiredItem, since=SEPTEMBER)


def test_an_item_that_nobody_published_is_not_transferred():
    given().when(TRANSFER, by=STEWARD).refused(UnknownItem)


def test_an_entry_of_which_nobody_said_whose_it_is_is_whose_the_transfer_says():
    slim = publishing().model_copy(update={"elements": None})
    decided = given().when(slim, by=STEWARD).and_when(transfer(from_organ=BUREAU), by=STEWARD)
    item = entry(decided.then(ItemTransferred))
    assert item.organ_on(JUNE - timedelta(days=1)) == BUREAU
    assert item.organ_on(JUNE) == NEW


def test_a_version_may_not_give_the_item_to_another_organ_silently():
    other = elements(body__implementing_body_code=NEW.code, body__implementing_body=NEW.name)
    first = given().when(publishing(), by=STEWARD)
    first.and_when(publishing(other, effective_from=JUNE), by=STEWARD).refused(r.OrganDisagrees, owner=OLD)
    transferred().and_when(publishing(other, effective_from=SEPTEMBER), by=STEWARD).then(ItemVersionPublished)
    transferred().and_when(publishing(effective_from=SEPTEMBER), by=STEWARD).refused(r.OrganDisagrees, owner=NEW)
