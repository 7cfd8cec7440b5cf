"""读出: the quick way of reading a fact gives what the validator gives, for every fact that is declared."""

from datetime import date, datetime, time
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin
from uuid import UUID

import orjson
import pytest
from pydantic import AwareDatetime, BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

import domain.application  # noqa: F401 - declares every fact
from domain.kernel.event import ENVELOPE, EVENTS, Event
from domain.kernel.identity import stream_id
from domain.kernel.words import ItemTerms
from infra.event_store.mapper import StateUnreadable, decode
from infra.event_store.reading import reader_of

STREAM = stream_id("case", 2026, "reading")
TEXTS = ("文本", "lc-bureau", "371502", "approval.lc-bureau.v1", "2026-0000001", "a" * 64, "PART_ONE")
NUMBERS = (3, 60, 2026)
WRONG: tuple[Any, ...] = (None, [], {}, True, 7, 1.5, "?", "2026-13-99", [None], {"more": 1})


def sample(annotation: Any, metadata: tuple[Any, ...] = (), *, full: bool, many: int = 2) -> Any:
    """JSON of a value of this type: optional values and tuples (``many`` of each) are filled when ``full``, else empty."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *more = get_args(annotation)
        return sample(inner, (*metadata, *more), full=full, many=many)
    if origin in (Union, UnionType):
        parts = [part for part in get_args(annotation) if part is not NoneType]
        filled = full or NoneType not in get_args(annotation)
        return sample(parts[0], metadata, full=full, many=many) if filled else None
    if origin is tuple:
        return [sample(get_args(annotation)[0], full=full, many=many)] * many if full else []
    if origin is dict:
        return {"key": sample(get_args(annotation)[1], full=full)}
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        made = fields_of(annotation, full=full, many=many)
        # What may be named only once is named once.
        return made if not full or many == 1 or fits(annotation, made) else fields_of(annotation, full=full, many=1)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return next(iter(annotation)).value
    if annotation in (str, int):
        checked = TypeAdapter(Annotated[(annotation, *metadata)]) if metadata else TypeAdapter(annotation)
        for value in TEXTS if annotation is str else NUMBERS:
            try:
                return checked.validate_python(value)
            except ValidationError:
                continue
        raise AssertionError(f"no sample of {annotation} fits {metadata}")
    return {bool: True, time: "09:30:00", date: "2026-03-02", datetime: "2026-03-02T01:02:03.000004Z",
            AwareDatetime: "2026-03-02T09:02:03+08:00", UUID: str(STREAM)}[annotation]  # fmt: skip


def fits(cls: type[BaseModel], made: dict[str, Any]) -> bool:
    try:
        cls.model_validate_json(orjson.dumps(made))
    except ValidationError:
        return False
    return True


def fields_of(cls: type[BaseModel], *, full: bool, many: int = 2) -> dict[str, Any]:
    outside = ENVELOPE[:2] if issubclass(cls, Event) else ()
    fields: dict[str, FieldInfo] = {n: f for n, f in cls.model_fields.items() if n not in outside}
    return {
        name: sample(field.annotation, tuple(field.metadata), full=full, many=many) for name, field in fields.items()
    }


CONSTRAINTS = {"too_short", "string_too_short", "string_pattern_mismatch", "greater_than_equal", "less_than_equal"}


def validated(cls: type[Event], state: dict[str, Any]) -> Event | str | None:
    """What the validator says; a constraint is for new facts and is not applied to stored ones."""
    try:
        fact = cls.model_validate_json(orjson.dumps(state))
    except ValidationError as e:
        return "constraint" if {error["type"] for error in e.errors()} <= CONSTRAINTS else None
    return fact.stamped(originator_id=STREAM, originator_version=5)


def read(topic: str, state: dict[str, Any]) -> Event | None:
    version = EVENTS[topic].class_version
    try:
        return decode(topic, orjson.dumps(({"class_version": version} if version > 1 else {}) | state), STREAM, 5)
    except StateUnreadable:
        return None


@pytest.mark.parametrize("topic", sorted(EVENTS))
def test_every_fact_is_read_as_the_validator_reads_it(topic: str) -> None:
    cls = EVENTS[topic]
    for full in (True, False):
        state = fields_of(cls, full=full)
        if full:
            cls.model_validate_json(orjson.dumps(state))  # says which field has no fitting sample
        expected = validated(cls, state)
        for _ in range(2 if expected != "constraint" else 0):  # the second time from shared values
            found = read(topic, state)
            assert found == expected
            assert isinstance(found, Event)
            assert isinstance(expected, Event)
            assert found.model_dump_json() == expected.model_dump_json()
            assert found.model_copy() == expected.model_copy()
    state = fields_of(cls, full=True)
    for name in state:
        lacking = {key: value for key, value in state.items() if key != name}
        assert read(topic, lacking) == validated(cls, lacking)
        for wrong in WRONG:
            changed = state | {name: wrong}
            expected = validated(cls, changed)
            if expected != "constraint":
                assert read(topic, changed) == expected, (name, wrong)
    assert read(topic, state | {"more": 1}) is None


def test_most_facts_are_read_the_quick_way() -> None:
    quick = [topic for topic, cls in EVENTS.items() if reader_of(cls) is not None]
    assert len(quick) >= 0.9 * len(EVENTS)


def test_equal_actors_are_one_object() -> None:
    topic = "case.archived"
    state = fields_of(EVENTS[topic], full=True)
    decode(topic, orjson.dumps(state), STREAM, 1)
    one, other = (decode(topic, orjson.dumps(state), STREAM, version) for version in (2, 3))
    assert one.actor is other.actor


def test_equal_terms_are_one_object_and_other_terms_of_the_same_version_are_read_for_what_they_say() -> None:
    topic = "case.application_submitted"
    state = fields_of(EVENTS[topic], full=True)
    terms = state["terms"]
    assert set(ItemTerms.RECURS_BY) < set(terms)

    def told(**changed: Any) -> ItemTerms:
        fact = read(topic, state | {"terms": terms | changed})
        assert fact is not None
        found: ItemTerms = fact.terms  # type: ignore[attr-defined]
        return found

    first = told()
    assert told() is first
    for changed in ({"promised_days": terms["promised_days"] + 1}, {"consult": []}, {"version": terms["version"] + 1}):
        assert told(**changed) == ItemTerms.model_validate_json(orjson.dumps(terms | changed))
    assert told() == first
