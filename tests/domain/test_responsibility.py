"""责任清单: who answers for an item where, what happens when nobody or more than one does, and who ends that."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given as any_of
from hypothesis import settings
from hypothesis import strategies as st

from domain.kernel.aggregate import replay
from domain.kernel.event import Event, addressees
from domain.kernel.responsibility import Responsible, ResponsibleRegulator
from domain.kernel.words import Body
from domain.responsibility import ResponsibilityTable
from domain.responsibility import refusals as r
from domain.responsibility.commands import ResolveDispute, SetResponsibilityTable
from domain.responsibility.facts import (
    ResponsibilityDisputed,
    ResponsibilityDisputeResolved,
    ResponsibilityTableSet,
)
from domain.responsibility.routing import disputes_of, responsible, speaking
from domain.responsibility.words import Dispute, DisputeKind, ResponsibilityRow
from tests.specification import BUREAU, FIRE, HEALTH, HOUSING, MONDAY, STEWARD, Decided, given

ITEM = "11371500MB2862819G3370117003000"
JANUARY, JUNE = date(2026, 1, 1), date(2026, 6, 1)
TODAY = MONDAY.date()
CITY, DISTRICT, TOWN, OTHER = "371500", "371502", "371502102", "371521"
MARKET = ResponsibleRegulator(code="MARKET-371500", name="市市场监督管理局", officers=("孙监管",))
URBAN = ResponsibleRegulator(code="URBAN-371500", name="市城市管理局")
ESTABLISHMENT = Body(code="BIANBAN-371500", name="市委编办")


def row(approver: Body = BUREAU, region: str | None = CITY, **more: Any) -> ResponsibilityRow:
    told = {"approver": approver, "region": region, "effective_from": JANUARY, "regulators": (MARKET,)}
    return ResponsibilityRow.model_validate(told | more)


def setting(*rows: ResponsibilityRow, places: tuple[str, ...] = (CITY,), **more: Any) -> SetResponsibilityTable:
    told = {"item": ITEM, "effective_from": JANUARY, "rows": rows, "places": places, "basis": "聊政发〔2026〕1号"}
    return SetResponsibilityTable.model_validate(told | more)


def resolving(dispute: int = 1, owner: Body = FIRE, **more: Any) -> ResolveDispute:
    told = {"dispute": dispute, "owner": owner, "authority": ESTABLISHMENT, "document_no": "聊编办〔2026〕3号"}
    return ResolveDispute.model_validate({"item": ITEM, "decided_on": TODAY} | told | more)


def when(command: Any, *facts: Event) -> Decided:
    return given(*facts).when(command, by=STEWARD)


def found(decided: Decided, region: str | None, *, version: int = 1, on: date = TODAY) -> Responsible:
    facts = (*decided.past, *decided.facts)
    answer = replay(ResponsibilityTable, facts[0].originator_id, facts).responsible(region, version=version, on=on)
    assert answer is not None
    return answer


def disputes(decided: Decided) -> list[Dispute]:
    return [fact.dispute for fact in decided.facts if isinstance(fact, ResponsibilityDisputed)]


def test_a_table_with_one_owner_for_every_place_is_set_without_a_dispute():
    when(setting(row())).then(ResponsibilityTableSet)


def test_it_names_approver_regulators_officers_and_whom_else_to_ask_and_the_version_it_used():
    told = row(approver_officers=("赵决定",), consult=(FIRE,), inspect=(HEALTH,))
    assert found(when(setting(told)), DISTRICT) == Responsible(
        table=1, approver=BUREAU, approver_officers=("赵决定",), regulators=(MARKET,), consult=(FIRE,), inspect=(HEALTH,)
    )


def test_the_narrower_place_goes_before_the_wider_one():
    decided = when(setting(row(), row(FIRE, DISTRICT, regulators=(URBAN,)), row(HEALTH, None)))
    assert disputes(decided) == []
    assert [found(decided, place).approver for place in (TOWN, OTHER, "110000")] == [FIRE, BUREAU, HEALTH]
    assert found(decided, TOWN).regulators == (URBAN,)


def test_rows_speak_of_their_item_versions_and_days_alone():
    decided = when(setting(
        row(versions_to=1), row(FIRE, versions_from=2, effective_to=date(2026, 5, 31)),
        row(HEALTH, versions_from=2, effective_from=JUNE),
    ))  # fmt: skip
    assert disputes(decided) == []
    assert found(decided, CITY, version=1).approver == BUREAU
    assert found(decided, CITY, version=2).approver == FIRE
    assert found(decided, CITY, version=7, on=JUNE).approver == HEALTH


def test_before_the_first_table_began_it_says_nothing():
    decided = when(setting(row(effective_from=JUNE), effective_from=JUNE))
    table = replay(ResponsibilityTable, decided.facts[0].originator_id, decided.facts)
    assert table.responsible(CITY, version=1, on=TODAY) is None


def test_a_case_that_names_no_place_is_told_to_the_regulators_of_every_place():
    decided = when(setting(row(), row(BUREAU, OTHER, regulators=(URBAN,)), places=(CITY, OTHER)))
    answer = found(decided, None)
    assert answer.approver == BUREAU
    assert answer.regulators == (MARKET, URBAN)
    two = found(when(setting(row(), row(FIRE, OTHER), places=(CITY, OTHER))), None)
    assert (two.approver, two.dispute, two.claimants) == (None, None, (BUREAU, FIRE))


def test_a_place_where_the_item_is_exercised_and_nobody_answers_goes_to_the_dispute_queue():
    decided = when(setting(row(), places=(CITY, "371400"))).then(ResponsibilityTableSet, ResponsibilityDisputed)
    assert disputes(decided) == [Dispute(kind=DisputeKind.NOBODY, place="371400", begins=JANUARY)]
    answer = found(decided, "371400")
    assert (answer.approver, answer.dispute) == (None, 1)


def test_two_owners_of_one_place_go_to_the_dispute_queue_and_both_are_told():
    decided = when(setting(row(), row(FIRE))).then(ResponsibilityTableSet, ResponsibilityDisputed)
    fact = decided.facts[1]
    assert disputes(decided) == [
        Dispute(kind=DisputeKind.TWO_OWNERS, place=CITY, begins=JANUARY, claimants=(BUREAU, FIRE))
    ]
    assert addressees(type(fact), dict(fact)) == (BUREAU.code, FIRE.code)
    assert "多头负责" in fact.telling("zh")
    answer = found(decided, DISTRICT)
    assert (answer.approver, answer.dispute, answer.claimants) == (None, 1, (BUREAU, FIRE))
    assert answer.regulators == (MARKET,)


def test_one_claim_to_a_place_and_to_a_narrower_one_within_it_is_one_dispute():
    decided = when(setting(row(), row(FIRE), places=(DISTRICT, TOWN)))
    assert [one.place for one in disputes(decided)] == [CITY]
    assert found(decided, TOWN).dispute == 1
    settled = decided.and_when(resolving(), by=STEWARD)
    assert found(settled, TOWN).approver == FIRE
    other = when(setting(row(), row(FIRE), row(FIRE, DISTRICT), row(HEALTH, DISTRICT)))
    assert [(one.place, one.claimants) for one in disputes(other)] == [
        (CITY, (BUREAU, FIRE)), (DISTRICT, (FIRE, HEALTH)),
    ]  # fmt: skip


def test_a_dispute_lasts_as_long_as_the_rows_disagree():
    rows = (row(), row(FIRE, effective_from=date(2026, 3, 1), effective_to=date(2026, 3, 31)))
    [dispute] = disputes(when(setting(*rows)))
    assert (dispute.begins, dispute.ends) == (date(2026, 3, 1), date(2026, 3, 31))
    assert found(when(setting(*rows)), CITY, on=date(2026, 4, 1)).approver == BUREAU


def test_a_gap_between_two_rows_is_a_dispute_of_its_days_and_versions():
    rows = (row(effective_to=date(2026, 3, 31)), row(effective_from=date(2026, 4, 11), versions_from=2))
    first, rest = disputes(when(setting(*rows)))
    assert (first.begins, first.ends, first.versions_from, first.versions_to) == (date(2026, 4, 1), None, 1, 1)
    assert (rest.begins, rest.ends, rest.versions_from, rest.versions_to) == (
        date(2026, 4, 1), date(2026, 4, 10), 2, None,
    )  # fmt: skip


def test_one_organ_named_in_two_rows_is_one_owner_with_the_regulators_of_both():
    decided = when(setting(row(), row(regulators=(URBAN, MARKET.model_copy(update={"officers": ("周监管",)})))))
    assert disputes(decided) == []
    regulators = {one.code: one.officers for one in found(decided, CITY).regulators}
    assert regulators == {MARKET.code: ("孙监管", "周监管"), URBAN.code: ()}


def test_versions_of_the_table_are_numbered_and_each_holds_from_its_day():
    first = when(setting(row()))
    second = first.and_when(setting(row(FIRE), effective_from=JUNE, reason="划转"), by=STEWARD)
    [fact] = second.then(ResponsibilityTableSet).facts
    assert isinstance(fact, ResponsibilityTableSet)
    assert fact.number == 2
    assert [(found(second, CITY, on=day).table, found(second, CITY, on=day).approver) for day in (TODAY, JUNE)] == [
        (1, BUREAU), (2, FIRE),
    ]  # fmt: skip


def test_a_table_that_says_what_the_last_one_says_makes_no_new_version():
    when(setting(row())).and_when(setting(row(), reason="再次导入"), by=STEWARD).nothing()


def test_a_table_may_not_begin_before_the_last_one():
    later = when(setting(row(effective_from=JUNE), effective_from=JUNE))
    later.and_when(setting(row(FIRE)), by=STEWARD).refused(r.TableTooEarly, effective_from=JANUARY, last=JUNE)


def test_the_owner_that_the_deciding_organ_names_answers_from_then_on_and_claimants_are_told():
    decided = when(setting(row(), row(FIRE, regulators=(URBAN,)))).and_when(resolving(), by=STEWARD)
    [fact] = decided.then(ResponsibilityDisputeResolved).facts
    assert addressees(type(fact), dict(fact)) == (BUREAU.code, FIRE.code)
    answer = found(decided, DISTRICT)
    assert (answer.approver, answer.dispute, answer.regulators, answer.claimants) == (FIRE, None, (URBAN,), ())


def test_a_place_that_nobody_claimed_may_be_given_to_anybody():
    decided = when(setting(row(), places=(CITY, "371400"))).and_when(resolving(owner=HOUSING), by=STEWARD)
    assert found(decided, "371400").approver == HOUSING


def test_the_same_decision_told_twice_is_one_and_another_one_is_refused():
    decided = when(setting(row(), row(FIRE))).and_when(resolving(), by=STEWARD)
    decided.and_when(resolving(), by=STEWARD).nothing()
    decided.and_when(resolving(owner=BUREAU), by=STEWARD).refused(r.DisputeResolvedOtherwise, owner=FIRE)


def test_a_dispute_that_is_not_there_cannot_be_decided_nor_one_that_will_be_decided_tomorrow():
    decided = when(setting(row(), row(FIRE)))
    decided.and_when(resolving(2), by=STEWARD).refused(r.UnknownDispute)
    decided.and_when(resolving(decided_on=TODAY + timedelta(1)), by=STEWARD).refused(r.DecidedInTheFuture)


def test_a_new_table_does_not_end_a_dispute_and_one_that_repeats_it_opens_no_second():
    decided = when(setting(row(), row(FIRE)))
    silent = decided.and_when(setting(row(), effective_from=JUNE), by=STEWARD).then(ResponsibilityTableSet)
    table = replay(ResponsibilityTable, silent.past[0].originator_id, (*silent.past, *silent.facts))
    assert [number for number, _ in table.standing] == [1]
    decided.and_when(setting(row(), row(FIRE), effective_from=JUNE), by=STEWARD).then(ResponsibilityTableSet)


def test_what_was_decided_holds_for_later_tables_that_disagree_the_same_way_and_no_longer():
    decided = when(setting(row(), row(FIRE))).and_when(resolving(), by=STEWARD)
    same = decided.and_when(setting(row(), row(FIRE), effective_from=JUNE), by=STEWARD).then(ResponsibilityTableSet)
    assert found(same, CITY, on=JUNE).approver == FIRE
    other = decided.and_when(setting(row(), row(HEALTH), effective_from=JUNE), by=STEWARD)
    other.then(ResponsibilityTableSet, ResponsibilityDisputed)
    assert found(other, CITY, on=JUNE).dispute == 2


@pytest.mark.parametrize(
    "wrong", [{"effective_to": date(2025, 12, 31)}, {"versions_from": 3, "versions_to": 2}], ids=["days", "versions"]
)
def test_a_row_may_not_end_before_it_begins(wrong):
    with pytest.raises(ValueError, match="责任行"):
        row(**wrong)


REGIONS = st.sampled_from([None, CITY, DISTRICT, TOWN, OTHER])
BODIES = st.sampled_from([BUREAU, FIRE])
DAYS = st.dates(JANUARY, date(2026, 1, 12))
ROWS = st.lists(
    st.builds(
        lambda approver, region, first, length, begin, more: row(
            approver, region, effective_from=first, effective_to=first + timedelta(length) if length else None,
            versions_from=begin, versions_to=begin + more if more is not None else None,
        ),
        BODIES, REGIONS, DAYS, st.none() | st.integers(1, 5), st.integers(1, 2), st.none() | st.integers(0, 1),
    ),
    min_size=1, max_size=5,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@any_of(
    rows=ROWS, place=st.sampled_from([CITY, DISTRICT, TOWN, OTHER]), version=st.integers(1, 4),
    on=st.dates(JANUARY, date(2026, 1, 25)),
)  # fmt: skip
def test_a_place_has_one_owner_on_a_day_or_lies_in_exactly_one_dispute(rows, place, version, on):
    """Counted the slow way: on this very day, of the narrowest place, how many organs are named?"""
    held = [one for one in rows if one.holds(place, version, on)]
    narrowest = max((one.narrowness for one in held), default=0)
    owners = {one.approver.code for one in held if one.narrowness == narrowest}
    told = [one for one in disputes_of(rows, [place], JANUARY) if one.place == place]
    here = [one for one in told if one.concerns(place, version, on)]
    assert len(here) == (len(owners) != 1)
    if here:
        assert here[0].kind is (DisputeKind.TWO_OWNERS if owners else DisputeKind.NOBODY)
        assert {one.code for one in here[0].claimants} == owners
    standing = {number: (one, None) for number, one in enumerate(told, 1)}
    answer = responsible(1, rows, standing, region=place, version=version, on=on)
    assert (answer.approver is None) == bool(here)
    assert (answer.dispute is not None) == bool(here)
    assert {one.approver.code for one in speaking(rows, place, version, on)} == owners
