"""一次声明 (declared once): every fact says all that is computed from it, and its stored past stays readable."""

from __future__ import annotations

import json
import re
from uuid import UUID

import pytest

from domain.application import AGGREGATES
from domain.kernel.channel import Channel
from domain.kernel.event import Event, addressees, told_by
from domain.kernel.people import Role
from infra.event_store.mapper import decode, encode
from tests.golden_samples import ENVELOPE_EXAMPLE, GOLDEN, example, facts, place, shape, write_missing

STREAM = UUID("07ea8a3c-5d1f-8000-8000-000000000001")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
MISSING = (
    "金样缺失,请运行 python -m tests.golden_samples。The golden sample is missing: run python -m tests.golden_samples"
)
CHANGED = """字段变了:请升 class_version 并写 upcast;该版本从未存储过的,删去它的两个文件后重写。
A field changed: raise class_version and write its upcast; if this version was never stored anywhere,
delete its two files and write them again."""

every_fact = pytest.mark.parametrize("cls", facts().values(), ids=facts().keys())


def sample(cls: type[Event]) -> bytes:
    assert place(cls, "json").exists(), MISSING
    return place(cls, "json").read_bytes()


@every_fact
def test_a_fact_says_its_chinese_name_an_english_sentence_and_its_legal_basis(cls: type[Event]):
    told = told_by(cls)
    assert CHINESE.search(told.partition("。")[0]), "the docstring begins with the Chinese name"
    assert re.search(r"[A-Za-z]{3,}.*\.", told), "the docstring goes on with an English sentence"
    assert CHINESE.search(cls.BASIS), "BASIS names the law or the practice it rests on"


@every_fact
def test_a_fact_is_told_in_both_languages(cls: type[Event]):
    fact = decode(cls.TOPIC, sample(cls), STREAM, 1)
    zh, en = fact.telling("zh"), fact.telling("en")
    assert CHINESE.search(zh)
    assert re.search(r"[A-Za-z]{2,}", en)
    assert zh != en
    assert not re.search(r"[{}]", zh + en)


@every_fact
def test_a_stored_name_begins_with_its_aggregate(cls: type[Event]):
    assert cls.TOPIC.partition(".")[0] in {aggregate.NAME for aggregate in AGGREGATES}


@every_fact
def test_a_fact_that_travels_names_somebody_to_travel_to(cls: type[Event]):
    fact = decode(cls.TOPIC, sample(cls), STREAM, 1)
    assert (cls.CHANNEL is Channel.PRIVATE) or addressees(cls, dict(fact))


@every_fact
def test_the_golden_sample_is_read_and_written_back_the_same(cls: type[Event]):
    stored = sample(cls)
    fact = decode(cls.TOPIC, stored, STREAM, 7)
    assert (fact.originator_id, fact.originator_version) == (STREAM, 7)
    assert json.loads(encode(fact)) == json.loads(stored)
    assert set(ENVELOPE_EXAMPLE) <= json.loads(stored).keys()


@every_fact
def test_a_field_changes_only_with_the_version_of_its_fact(cls: type[Event]):
    assert place(cls, "shape").exists(), MISSING
    assert changed(place(cls, "shape").read_text(encoding="utf-8").splitlines(), shape(cls)) == [], CHANGED


def changed(before: list[str], after: list[str]) -> list[str]:
    """Lines that went or came. A list of terms may grow: what was stored with the shorter one can still be read."""
    went = [line for line in before if line not in after and not any(grown(line, one) for one in after)]
    came = [line for line in after if line not in before and not any(grown(one, line) for one in before)]
    return went + came


def grown(old: str, new: str) -> bool:
    (path, enum, terms), (same, _, more) = old.partition(": enum "), new.partition(": enum ")
    return bool(enum) and path == same and set(terms.split("|")) <= set(more.split("|"))


def test_states_of_older_versions_are_still_read():
    for topic, cls in facts().items():
        for older in (GOLDEN / topic).glob("v*.json"):
            assert topic == decode(topic, older.read_bytes(), STREAM, 1).TOPIC
            assert int(older.stem.removeprefix("v")) <= cls.class_version


def test_no_sample_is_kept_of_a_fact_that_nobody_declares():
    assert {path.name for path in GOLDEN.iterdir()} - facts().keys() == set()


def test_a_sample_that_exists_is_never_overwritten():
    before = {path: path.read_bytes() for path in GOLDEN.rglob("v*")}
    assert write_missing() == []
    assert {path: path.read_bytes() for path in GOLDEN.rglob("v*")} == before


@every_fact
def test_an_example_can_be_made_of_every_fact(cls: type[Event]):
    cls.model_validate(example(cls))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (["a: string"], ["a: string"], []),
        (["a: string"], ["a: integer"], ["a: integer", "a: string"]),
        (["a: string"], ["a: string", "b?: string"], ["b?: string"]),
        (["a: string", "b: string"], ["a: string"], ["b: string"]),
        (["a: string"], ["a?: string"], ["a: string", "a?: string"]),
        (["a: enum x|y"], ["a: enum x|y|z"], []),
        (["a: enum x|y"], ["a: enum x"], ["a: enum x", "a: enum x|y"]),
        (
            ["a: string maxLength=200"],
            ["a: string maxLength=100"],
            ["a: string maxLength=100", "a: string maxLength=200"],
        ),
    ],
)
def test_a_changed_shape_is_seen(before, after, said):
    assert sorted(changed(before, after)) == sorted(said)


def test_a_fact_that_is_confined_to_some_roles_may_not_travel():
    confined = [cls for cls in facts().values() if cls.ONLY_FOR]
    assert {cls.TOPIC for cls in confined} >= {"delegation.exceeded", "seal.use_attempted"}
    assert {cls.CHANNEL for cls in confined} == {Channel.PRIVATE}
    with pytest.raises(TypeError, match="confined"):
        type("Leaking", (Event,), {
            "__module__": __name__, "__doc__": "试。", "TOPIC": "test.leaking", "ZH": "试", "EN": "test",
            "CHANNEL": Channel.APPROVAL, "ONLY_FOR": frozenset({Role.DISCIPLINE}),
        })  # fmt: skip
