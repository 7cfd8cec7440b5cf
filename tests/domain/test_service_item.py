"""政务服务事项: which version is in force on a day, and what may not be published."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given as any_of
from hypothesis import settings
from hypothesis import strategies as st

from domain.kernel.aggregate import Look, replay
from domain.kernel.identity import item_stream
from domain.kernel.refusal import MalformedIdentifier, RoleMayNot
from domain.kernel.words import Handling, ItemTerms, Regulator
from domain.service_item import (
    CodeScheme,
    ItemRetired,
    ItemVersionPublished,
    PromiseLongerThanLaw,
    PublishItemVersion,
    RegulatorMissing,
    RetiredItem,
    RetireItem,
    ServiceItem,
    UnknownItem,
    VersionsMayNotOverlap,
)
from domain.service_item.comparing import ElementChange
from domain.service_item.refusals import OwnerInDispute
from tests.specification import ACCEPTOR, FIRE, HEALTH, HOUSING, STEWARD, given, said

CODE = "11371500MB2862819G3370117003000"
JANUARY, MARCH, JUNE, SEPTEMBER = (date(2026, month, 1) for month in (1, 3, 6, 9))
MARKET = Regulator(code="MARKET-371500", name="市市场监督管理局")

PUBLISH = PublishItemVersion(
    item=CODE, name="食品经营许可", effective_from=JANUARY, promised_days=10, regulators=(MARKET,), consult=(FIRE,),
    inspect=(HEALTH, HOUSING), legal_basis="食品安全法第三十五条",
)  # fmt: skip
RETIRE = RetireItem(item=CODE, effective_on=JUNE, reason="国务院决定取消")


def published(version: int, effective_from: date, changes=(), **changed) -> ItemVersionPublished:
    fields = PUBLISH.model_dump(include=set(ItemTerms.model_fields)) | {"version": version} | changed
    return ItemVersionPublished(
        terms=ItemTerms(**fields), scheme=CodeScheme.NATIONAL, effective_from=effective_from,
        legal_basis=PUBLISH.legal_basis, changes=changes, reason="首次发布",
    )  # fmt: skip


def retired(on: date) -> ItemRetired:
    return ItemRetired(item=CODE, effective_on=on, reason="国务院决定取消")


def entry(*facts) -> ServiceItem:
    stream = item_stream(CODE)
    return replay(ServiceItem, stream, [said(one, stream=stream, version=n) for n, one in enumerate(facts, 1)])


FIRST, SECOND = published(1, JANUARY), published(2, SEPTEMBER)


def test_the_first_version_is_published_with_all_that_a_case_will_freeze():
    given().when(PUBLISH, by=STEWARD).then(FIRST)


def test_the_next_version_has_the_next_number():
    later = PUBLISH.model_copy(update={"effective_from": SEPTEMBER, "promised_days": 7})
    changed = (ElementChange(path="terms.promised_days", old="10", new="7"),)
    given(FIRST).when(later, by=STEWARD).then(published(2, SEPTEMBER, changes=changed, promised_days=7))


@pytest.mark.parametrize("begins", [JANUARY, SEPTEMBER])
def test_what_the_entry_in_force_says_already_is_not_published_again_where_only_changes_are_wanted(begins):
    again = PUBLISH.model_copy(update={"effective_from": begins, "reason": "再次导入", "only_if_changed": True})
    given(FIRST).when(again, by=STEWARD).nothing()


def test_a_retired_item_is_published_again_though_it_says_the_same():
    again = PUBLISH.model_copy(update={"effective_from": SEPTEMBER, "only_if_changed": True})
    given(FIRST, retired(JUNE)).when(again, by=STEWARD).then(published(2, SEPTEMBER))


@pytest.mark.parametrize("begins", [JANUARY, date(2025, 12, 31)])
def test_versions_do_not_overlap(begins):
    given(FIRST).when(PUBLISH.model_copy(update={"effective_from": begins}), by=STEWARD).refused(
        VersionsMayNotOverlap, effective_from=begins, last=JANUARY
    )


def test_nothing_is_published_that_nobody_supervises():
    given().when(PUBLISH.model_copy(update={"regulators": ()}), by=STEWARD).refused(RegulatorMissing, item=CODE)


@pytest.mark.parametrize(
    ("changed", "statutory"),
    [
        ({"statutory_days": 9}, 9),
        ({"promised_days": 21}, 20),
        ({"promised_days": 46, "handling": Handling.JOINT}, 45),
    ],
    ids=["the item's own statute", "one organ", "joint handling"],
)
def test_nobody_promises_more_time_than_the_law_gives(changed, statutory):
    given().when(PUBLISH.model_copy(update=changed), by=STEWARD).refused(PromiseLongerThanLaw, statutory=statutory)


@pytest.mark.parametrize(
    "changed",
    [
        {"promised_days": 20},
        {"promised_days": 45, "handling": Handling.JOINT},
        {"promised_days": 60, "statutory_days": 60},
    ],
)
def test_a_promise_may_be_as_long_as_the_law_allows(changed):
    given().when(PUBLISH.model_copy(update=changed), by=STEWARD).then(ItemVersionPublished)


@pytest.mark.parametrize(
    "code", ["11371500MB2862819H3370117003000", "11371500MB2862819G9370117003000", "11371500MB2862819G337011700300"]
)
def test_a_code_that_breaks_the_national_scheme_is_refused_under_it_and_kept_under_another(code):
    wrong = PUBLISH.model_copy(update={"item": code})
    given().when(wrong, by=STEWARD).refused(MalformedIdentifier, value=code)
    given().when(wrong.model_copy(update={"scheme": CodeScheme.OTHER}), by=STEWARD).then(ItemVersionPublished)


@pytest.mark.parametrize("code", ["XK-001 ", "XK\n001", "XK\x00001"])
def test_a_code_of_another_scheme_is_visible_text_all_the_same(code):
    blurred = PUBLISH.model_copy(update={"item": code, "scheme": CodeScheme.OTHER})
    given().when(blurred, by=STEWARD).refused(MalformedIdentifier, value=code)


def test_only_the_steward_keeps_the_catalogue():
    given().when(PUBLISH, by=ACCEPTOR).refused(RoleMayNot)
    given(FIRST).when(RETIRE, by=ACCEPTOR).refused(RoleMayNot)


def test_an_item_is_retired_from_a_day_on():
    given(FIRST).when(RETIRE, by=STEWARD).then(retired(JUNE))


def test_retiring_it_again_for_the_same_day_is_once_and_for_another_day_corrects_it():
    given(FIRST, retired(JUNE)).when(RETIRE, by=STEWARD).nothing()
    given(FIRST, retired(MARCH)).when(RETIRE, by=STEWARD).then(retired(JUNE))


def test_what_the_catalogue_never_held_cannot_be_retired():
    given().when(RETIRE, by=STEWARD).refused(UnknownItem, item=CODE)


def terms_on(item: ServiceItem, day: date) -> int | type:
    """The number of the version in force on a day, or why there is none."""
    try:
        return item.terms_on(CODE, day).version
    except (UnknownItem, RetiredItem) as refusal:
        return type(refusal)


DAYS = (date(2025, 12, 31), JANUARY, MARCH, date(2026, 5, 31), JUNE, date(2026, 8, 31), SEPTEMBER)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([FIRST], [UnknownItem, 1, 1, 1, 1, 1, 1]),
        ([FIRST, SECOND], [UnknownItem, 1, 1, 1, 1, 1, 2]),
        ([FIRST, retired(JUNE)], [UnknownItem, 1, 1, 1, RetiredItem, RetiredItem, RetiredItem]),
        ([FIRST, SECOND, retired(JUNE)], [UnknownItem, 1, 1, 1, RetiredItem, RetiredItem, RetiredItem]),
        ([FIRST, retired(JUNE), SECOND], [UnknownItem, 1, 1, 1, RetiredItem, RetiredItem, 2]),
        ([FIRST, retired(MARCH), retired(JUNE)], [UnknownItem, 1, 1, 1, RetiredItem, RetiredItem, RetiredItem]),
        ([FIRST, retired(MARCH), published(2, JUNE)], [UnknownItem, 1, RetiredItem, RetiredItem, 2, 2, 2]),
        ([FIRST, retired(SEPTEMBER), published(2, JUNE)], [UnknownItem, 1, 1, 1, 2, 2, 2]),
    ],
    ids=[
        "one version", "two versions", "retired", "retired before the next begins", "published anew after a gap",
        "the day of retirement corrected", "published anew at once", "retired later, but published anew before",
    ],
)  # fmt: skip
def test_on_every_day_one_version_or_none_is_in_force(facts, expected):
    item = entry(*facts)
    assert [terms_on(item, day) for day in DAYS] == expected


def test_a_retired_item_says_since_when():
    with pytest.raises(RetiredItem) as refused:
        entry(FIRST, retired(JUNE)).terms_on(CODE, SEPTEMBER)
    assert refused.value.facts["since"] == JUNE


@settings(max_examples=60, deadline=None)
@any_of(
    begins=st.lists(st.dates(JANUARY, SEPTEMBER), min_size=1, max_size=5, unique=True).map(sorted),
    over=st.none() | st.dates(JANUARY, SEPTEMBER),
    day=st.dates(JANUARY, SEPTEMBER),
)
def test_a_later_change_of_the_catalogue_does_not_change_what_was_in_force_before_it(begins, over, day):
    facts = [published(number, first) for number, first in enumerate(begins, 1)]
    before = terms_on(entry(*facts), day)
    later = [*facts, published(len(facts) + 1, date(2026, 10, 1)), *([retired(over)] if over else [])]
    after = terms_on(entry(*later), day)
    assert after == (before if over is None or day < over or before is UnknownItem else RetiredItem)


class InDispute(Look):
    def disputes(self, item: str) -> tuple[str, ...]:
        return ("1:371502 2026-01-01~",) if item == CODE else ()


def test_nothing_is_published_about_an_item_while_it_is_in_dispute_who_answers_for_it():
    refusal = given(look=InDispute()).when(PUBLISH, by=STEWARD).refused(OwnerInDispute, item=CODE, disputes=1)
    assert "371502" in refusal.told("zh")
    later = PUBLISH.model_copy(update={"effective_from": SEPTEMBER, "promised_days": 7})
    given(FIRST, look=InDispute()).when(later, by=STEWARD).refused(OwnerInDispute)
