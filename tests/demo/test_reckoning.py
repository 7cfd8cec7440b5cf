"""The reckoning: what was sent, against what the regulators entered; planted faults are found and counted."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid5

import orjson
import pytest

from interfaces.cli.demo.books import LOST_ONE, PLANTED_AT, TWICE_ONE, Books, read
from interfaces.cli.demo.reckoning import Store, reckon

WATER, HEALTH = "water", "health"
KEEPERS = {WATER, HEALTH}


class Row(NamedTuple):
    id: int
    stream: UUID
    version: int
    name: str
    state: bytes


def a_push(number: int, regulator: str = WATER, decision: str | None = None) -> Row:
    fields = {"regulator": regulator, "decision_id": decision or f"decision-{number}"}
    return Row(number, uuid5(UUID(int=0), f"{number}{regulator}"), 1, "push.dispatched", orjson.dumps(fields))


def delivery(row: Row) -> tuple[str, str]:
    return orjson.loads(row.state)["regulator"], f"{row.stream}:{row.version}"


def store_of(*rows: Row) -> Store:
    store = Store()
    store.add(rows)
    return store


def test_what_every_addressee_entered_once_is_neither_lost_nor_doubled():
    rows = [a_push(1), a_push(2, HEALTH)]
    found = reckon(store_of(*rows), Counter(map(delivery, rows)), KEEPERS)
    assert (found.lost, found.doubled, found.clean) == ((), 0, True)


def test_a_published_event_that_its_addressee_lacks_is_lost():
    rows = [a_push(1), a_push(2)]
    found = reckon(store_of(*rows), Counter([delivery(rows[0])]), KEEPERS)
    assert found.lost == (delivery(rows[1]),)
    assert not found.clean


def test_an_event_in_the_books_of_somebody_else_is_still_lost_to_its_addressee():
    row = a_push(1)
    found = reckon(store_of(row), Counter([(HEALTH, delivery(row)[1])]), KEEPERS)
    assert found.lost == (delivery(row),)


def test_an_event_entered_again_is_doubled_each_time():
    row = a_push(1)
    found = reckon(store_of(row), Counter({delivery(row): 3}), KEEPERS)
    assert found.doubled == 2
    assert not found.clean


def test_a_decision_pushed_to_one_regulator_again_is_doubled_even_if_each_push_arrived_once():
    rows = [a_push(1, decision="d"), a_push(2, decision="d")]
    found = reckon(store_of(*rows), Counter(map(delivery, rows)), KEEPERS)
    assert found.pushed_again == (("d", WATER),)
    assert found.doubled == 1


def test_a_decision_pushed_to_two_regulators_is_not_doubled():
    rows = [a_push(1, WATER, "d"), a_push(2, HEALTH, "d")]
    assert reckon(store_of(*rows), Counter(map(delivery, rows)), KEEPERS).clean


def test_private_facts_are_counted_and_expected_nowhere():
    claimed = Row(1, UUID(int=1), 2, "push.claimed", orjson.dumps({"regulator": WATER}))
    store = store_of(claimed)
    assert store.told["claimed"] == store.told["events"] == 1
    assert reckon(store, Counter(), KEEPERS).clean


def test_an_event_for_several_bodies_is_expected_from_each():
    fields = {"bodies": [{"code": WATER, "name": "水利局"}, {"code": HEALTH, "name": "卫健委"}]}
    row = Row(1, UUID(int=1), 3, "consultation.concluded", orjson.dumps(fields))
    found = reckon(store_of(row), Counter([(WATER, f"{row.stream}:3")]), KEEPERS)
    assert found.lost == ((HEALTH, f"{row.stream}:3"),)


def test_what_was_parked_of_a_report_concerns_no_regulator():
    row = Row(1, UUID(int=1), 1, "parked.message_parked", orjson.dumps({"authority": ""}))
    assert reckon(store_of(row), Counter(), KEEPERS).clean


@pytest.mark.parametrize(
    ("faults", "lost", "doubled"),
    [((), 0, 0), ((LOST_ONE,), 1, 0), ((TWICE_ONE,), 0, 1), ((LOST_ONE, TWICE_ONE), 1, 1)],
)
def test_a_fault_planted_in_the_books_is_counted_once(tmp_path: Path, faults: tuple[str, ...], lost: int, doubled: int):
    rows = [a_push(number) for number in range(max(PLANTED_AT) + 5)]
    books = Books(tmp_path / "books", faults=faults)
    for row in rows:
        assert books.enter(*delivery(row))
    books.close()
    found = reckon(store_of(*rows), read(tmp_path / "books"), KEEPERS)
    assert (len(found.lost), found.doubled) == (lost, doubled)


def test_books_enter_a_redelivered_event_only_once_and_say_so(tmp_path: Path):
    books = Books(tmp_path / "books")
    assert books.enter(WATER, "a:1")
    assert not books.enter(WATER, "a:1")
    assert books.enter(HEALTH, "a:1")
    books.close()
    assert books.redelivered == 1
    assert read(tmp_path / "books") == {(WATER, "a:1"): 1, (HEALTH, "a:1"): 1}
