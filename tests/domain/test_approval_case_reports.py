"""报送: cases that other systems handle. What they say is recorded as it came, with what is irregular about it; only a
time in the future and somebody else's name are refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case import refusals as r
from domain.approval_case.reporting import content_digest
from domain.approval_case.words import CaseState, Irregularity, Means
from domain.kernel.aggregate import NOTHING_KNOWN
from domain.kernel.event import ACCEPTED, CONCLUDED, DENIED, EXAMINED, GRANTED, SUBMITTED
from domain.kernel.people import Actor, Role
from domain.kernel.refusal import FutureTime, OutOfOrder
from domain.kernel.time import Precision
from domain.kernel.words import SHANGHAI, Body, Regulator
from domain.service_item import RetiredItem
from tests.domain.case_file import FILE, ITEM, LOOK, MARKET, SUBMIT, TERMS, finding, outcome_of, terms, visited
from tests.specification import (
    ACCEPTOR,
    BUREAU,
    DECIDER,
    FIRE,
    HOLDER,
    HOUSING,
    MONDAY,
    PLATFORM,
    SHOP,
    SOURCE,
    TUESDAY,
    catalogue,
    given,
    stored_and_read,
)

HOUR = timedelta(hours=1)
I = Irregularity  # noqa: E741  the word of this chapter

ELSEWHERE = c.ReportStep(
    source=SOURCE.id, source_event_id="e-1", case_no="W-77", opened_on=MONDAY.date(), organ=BUREAU.code,
    activity="01_REC", activity_name="收件登记", means=Means.SUBMITTED, officer="officer-9", occurred_at=MONDAY - HOUR,
    item=ITEM, subject=HOLDER, site=SHOP, departments=(FIRE,), attributes={"resource": "9"},
    case_attributes={"project": "77"},
)  # fmt: skip
THERE = ELSEWHERE.stream


def step(number: int, **changed) -> c.ReportStep:
    fields = {"source_event_id": f"e-{number}", "means": None, "activity": f"{number:02}_STEP"} | changed
    return ELSEWHERE.model_copy(update=fields)


def reported(*commands: c.ReportStep, look=LOOK, at: datetime = MONDAY):
    """The steps, taken in one after the other."""
    decided = given(look=look).when(commands[0], by=SOURCE, at=at)
    for command in commands[1:]:
        decided = decided.and_when(command, by=SOURCE, at=at)
    return decided


def irregular(command: c.ReportStep, after=(), **kwargs) -> tuple[Irregularity, ...]:
    """What is recorded as irregular with the last of several steps."""
    fact = reported(*after, command, **kwargs).facts[-1]
    assert isinstance(fact, f.StepReported)
    return fact.irregularities


def test_the_first_report_opens_the_case_and_keeps_all_that_was_said():
    first, fact = reported(ELSEWHERE).facts
    assert first == stored_and_read(first)
    assert (first.source, first.case_no, first.item_name, first.terms) == (SOURCE.id, "W-77", TERMS.name, TERMS)
    assert (first.subject, first.site, first.departments) == (HOLDER, SHOP, (FIRE,))
    assert (first.attributes, fact.attributes) == ({"project": "77"}, {"resource": "9"})
    assert (fact.label, fact.officer, fact.irregularities) == ("收件登记", "officer-9", ())


def test_every_fact_of_a_report_bears_when_it_happened_there_and_when_it_was_recorded_here():
    for fact in reported(ELSEWHERE).facts:
        assert (fact.occurred_at, fact.recorded_at, fact.precision) == (MONDAY - HOUR, MONDAY, Precision.SECOND)
        assert fact.actor == SOURCE


@pytest.mark.parametrize("precision", Precision)
def test_the_precision_of_a_time_is_kept_as_it_came(precision):
    midnight = datetime(2026, 3, 2, tzinfo=SHANGHAI)
    fact = stored_and_read(reported(step(1, occurred_at=midnight, precision=precision)).facts[-1])
    assert (fact.occurred_at, fact.precision) == (midnight, precision)
    assert fact.occurred_at.utcoffset() == timedelta(hours=8), "the offset is part of what was said"


def test_a_step_that_nobody_mapped_is_kept_as_a_step():
    fact = reported(step(1, activity="xyz", activity_name="", means=None)).facts[-1]
    assert (fact.label, fact.means, fact.milestone) == ("xyz", None, None)


def test_what_a_step_means_is_the_same_milestone_that_a_case_handled_here_reaches():
    found = [reported(step(1, means=means)).facts[-1].milestone for means in Means]
    assert found == [SUBMITTED, ACCEPTED, EXAMINED, GRANTED, DENIED, CONCLUDED]
    assert f.DecisionGranted.MILESTONE is GRANTED


# Idempotence by the source's own event id


def test_the_same_step_sent_again_changes_nothing():
    reported(ELSEWHERE).and_when(ELSEWHERE, by=SOURCE, at=TUESDAY).nothing()


def test_the_same_step_sent_again_out_of_turn_changes_nothing():
    reported(ELSEWHERE, step(2), step(3)).and_when(step(2), by=SOURCE, at=TUESDAY).nothing()


def test_other_content_under_the_same_id_is_recorded_as_sent_again_with_changes():
    changed = step(2, officer="officer-10")
    assert irregular(changed, (ELSEWHERE, step(2))) == (I.RESENT_WITH_CHANGES,)


def test_both_contents_sent_once_more_change_nothing_or_a_repeated_import_would_grow_for_ever():
    twice = reported(step(1), step(1, officer="officer-10"))
    twice.and_when(step(1), by=SOURCE).nothing()
    twice.and_when(step(1, officer="officer-10"), by=SOURCE).nothing()


def test_a_field_that_a_later_version_adds_does_not_make_old_steps_look_changed():
    class LaterReport(c.ReportStep):
        added: str = ""

    assert content_digest(LaterReport(**dict(ELSEWHERE))) == content_digest(ELSEWHERE)
    assert content_digest(LaterReport(**dict(ELSEWHERE), added="x")) != content_digest(ELSEWHERE)


# Irregularities, each planted once


def test_a_step_earlier_than_the_one_before_it_is_out_of_order():
    before = step(2, occurred_at=MONDAY - 2 * HOUR)
    assert irregular(before, (ELSEWHERE,)) == (I.OUT_OF_ORDER,)


def test_a_step_is_compared_with_the_latest_one_and_not_with_the_last_to_arrive():
    between = step(3, occurred_at=MONDAY - HOUR * 1.5)
    assert irregular(between, (ELSEWHERE, step(2, occurred_at=MONDAY - 2 * HOUR))) == (I.OUT_OF_ORDER,)


def test_clocks_of_two_systems_may_differ_a_little():
    skewed = step(2, occurred_at=ELSEWHERE.occurred_at - timedelta(minutes=2))
    assert irregular(skewed, (ELSEWHERE,)) == ()


def test_a_date_alone_is_not_out_of_order_on_its_own_day():
    today = step(2, occurred_at=datetime(2026, 3, 2, tzinfo=SHANGHAI), precision=Precision.DAY)
    assert irregular(today, (ELSEWHERE,)) == ()
    end_of_day = today.model_copy(update={"occurred_at": datetime(2026, 3, 2, 23, 59, 59, tzinfo=SHANGHAI)})
    assert irregular(step(3), (ELSEWHERE, end_of_day)) == ()
    friday = today.model_copy(update={"occurred_at": datetime(2026, 2, 27, tzinfo=SHANGHAI), "historical": True})
    assert irregular(friday, (ELSEWHERE,)) == (I.OUT_OF_ORDER,)


def test_a_step_sent_again_is_not_out_of_order_for_being_early():
    later = step(2, occurred_at=MONDAY, means=Means.CONCLUDED)
    again = ELSEWHERE.model_copy(update={"officer": "officer-10"})
    assert irregular(again, (ELSEWHERE, later)) == (I.RESENT_WITH_CHANGES,)


@pytest.mark.parametrize(
    ("look", "item", "expected"),
    [
        (catalogue(), ITEM, (I.UNKNOWN_ITEM,)),
        (LOOK, "", (I.UNKNOWN_ITEM,)),
        (NOTHING_KNOWN, ITEM, (I.UNKNOWN_ITEM,)),
        (LOOK, ITEM, ()),
    ],
    ids=["an item nobody published", "no item at all", "no catalogue at hand", "an item in force"],
)
def test_an_unknown_item_is_recorded_and_not_refused(look, item, expected):
    first = reported(step(1, item=item, item_name="报送事项"), look=look).facts[0]
    assert first.irregularities == expected
    assert (first.item, first.item_name) == (item, "报送事项")


def test_a_retired_item_is_recorded_and_not_refused():
    class Retired:
        def item(self, item: str, on: date):
            raise RetiredItem(item=item, since=date(2026, 1, 1))

    assert reported(ELSEWHERE, look=Retired()).facts[0].irregularities == (I.RETIRED_ITEM,)


def test_the_item_is_looked_up_on_the_day_the_source_opened_the_case():
    class Dated:
        def item(self, item: str, on: date):
            return terms(version=1 if on < date(2026, 1, 1) else 2)

    old = step(1, opened_on=date(2025, 12, 31), historical=True)
    assert reported(old, look=Dated()).facts[0].terms.version == 1


LAST_WEEK = datetime(2026, 2, 26, 10, 0, tzinfo=SHANGHAI)


def test_a_step_told_long_after_it_happened_is_back_dated():
    assert irregular(step(1, occurred_at=LAST_WEEK)) == (I.BACK_DATED,)
    assert irregular(step(1, occurred_at=datetime(2026, 2, 28, 10, 0, tzinfo=SHANGHAI))) == (), "a make-up Saturday"


def test_a_declared_load_of_old_cases_is_not_back_dated():
    assert irregular(step(1, occurred_at=LAST_WEEK, historical=True)) == ()


def test_lateness_in_a_year_without_a_calendar_is_judged_in_plain_days():
    long_ago = datetime(2011, 5, 2, tzinfo=UTC)
    assert irregular(step(1, occurred_at=long_ago)) == (I.BACK_DATED,)
    next_day = {"at": long_ago + timedelta(days=1)}
    assert irregular(step(1, occurred_at=long_ago), **next_day) == ()


@pytest.mark.parametrize("means", [Means.GRANTED, Means.DENIED])
def test_a_decision_before_acceptance_and_examination_is_irregular(means):
    decide = step(9, means=means)
    accept, examine = step(2, means=Means.ACCEPTED), step(3, means=Means.EXAMINED)
    assert irregular(decide) == (I.BEFORE_ACCEPTANCE, I.BEFORE_EXAMINATION)
    assert irregular(decide, (accept,)) == (I.BEFORE_EXAMINATION,)
    assert irregular(decide, (examine,)) == (I.BEFORE_ACCEPTANCE,)
    assert irregular(decide, (accept, examine)) == ()


def test_a_step_after_the_conclusion_is_irregular():
    assert irregular(step(3), (ELSEWHERE, step(2, means=Means.CONCLUDED))) == (I.AFTER_CONCLUSION,)


def test_several_irregularities_are_all_recorded():
    worst = step(3, means=Means.GRANTED, occurred_at=LAST_WEEK)
    assert irregular(worst, (ELSEWHERE, step(2, means=Means.CONCLUDED))) == (
        I.OUT_OF_ORDER, I.BACK_DATED, I.BEFORE_ACCEPTANCE, I.BEFORE_EXAMINATION, I.AFTER_CONCLUSION,
    )  # fmt: skip


def test_every_irregularity_has_its_specification():
    planted = {
        I.OUT_OF_ORDER, I.UNKNOWN_ITEM, I.RETIRED_ITEM, I.BACK_DATED, I.BEFORE_ACCEPTANCE, I.BEFORE_EXAMINATION,
        I.AFTER_CONCLUSION, I.RESENT_WITH_CHANGES,
    }  # fmt: skip
    assert planted == set(Irregularity)


# What is refused


def test_a_time_in_the_future_is_refused_beyond_what_clocks_may_differ():
    allowed = step(1, occurred_at=MONDAY + timedelta(minutes=2))
    given(look=LOOK).when(allowed, by=SOURCE).then(f.CaseReported, f.StepReported)
    beyond = step(1, occurred_at=MONDAY + timedelta(minutes=2, seconds=1))
    given(look=LOOK).when(beyond, by=SOURCE).refused(FutureTime, time=beyond.occurred_at)


def test_a_date_alone_may_be_today_however_the_source_writes_it():
    tonight = step(1, occurred_at=datetime(2026, 3, 2, 23, 59, 59, tzinfo=SHANGHAI), precision=Precision.DAY)
    given(look=LOOK).when(tonight, by=SOURCE).then(f.CaseReported, f.StepReported)
    tomorrow = tonight.model_copy(update={"occurred_at": datetime(2026, 3, 3, tzinfo=SHANGHAI)})
    given(look=LOOK).when(tomorrow, by=SOURCE).refused(FutureTime)


def test_a_source_reports_in_its_own_name_only():
    other = SOURCE.model_copy(update={"id": "source-2"})
    given(look=LOOK).when(ELSEWHERE, by=other).refused(r.NotTheSource, organ="source-2", owner=SOURCE.id)


# A decision that is reported is pushed, so it carries what the push needs


def test_a_reported_decision_names_item_subject_site_and_whom_to_tell():
    fact = reported(ELSEWHERE, step(2, means=Means.GRANTED)).facts[-1]
    assert (fact.item, fact.item_name, fact.subject, fact.site) == (ITEM, TERMS.name, HOLDER, SHOP)
    assert (fact.departments, fact.regulators) == ((FIRE,), (MARKET,))


def test_a_later_version_of_the_item_does_not_touch_a_case_that_was_reported_before():
    other = Regulator(code="R-OTHER", name="新监管部门")
    began = reported(ELSEWHERE)
    story = replace(began.story, look=catalogue(terms(version=4, regulators=(other,))))
    decided = replace(began, story=story).and_when(step(2, means=Means.GRANTED), by=SOURCE)
    assert decided.facts[-1].regulators == (MARKET,)


def test_a_step_that_decides_nothing_repeats_nothing_of_the_case():
    fact = reported(ELSEWHERE, step(2)).facts[-1]
    assert (fact.item, fact.subject, fact.site, fact.departments, fact.regulators) == ("", None, None, (), ())


def test_what_only_the_deciding_step_knows_is_not_lost():
    bare = step(1, item="", subject=None, site=None, departments=())
    fact = reported(bare, step(2, means=Means.GRANTED, departments=(HOUSING,))).facts[-1]
    assert (fact.item, fact.subject, fact.site) == (ITEM, HOLDER, SHOP)
    assert (fact.departments, fact.regulators) == ((HOUSING,), (MARKET,))


def test_the_regulators_of_a_reported_decision_are_those_of_its_place():
    elsewhere = Regulator(code="R-371503", name="茌平区", region="371503")
    look = catalogue(terms(regulators=(MARKET, elsewhere)))
    assert reported(ELSEWHERE, step(2, means=Means.GRANTED), look=look).facts[-1].regulators == (MARKET,)
    there = SHOP.model_copy(update={"region": "371503"})
    moved = step(2, means=Means.GRANTED, site=there)
    assert reported(ELSEWHERE, moved, look=look).facts[-1].regulators == (MARKET, elsewhere)


# Handled here and reported from elsewhere do not mix


def test_a_case_of_another_source_is_another_stream_even_with_the_same_number():
    same_number = ELSEWHERE.model_copy(update={"case_no": SUBMIT.case_no})
    assert same_number.stream != SUBMIT.stream


def test_no_system_reports_into_a_case_that_is_handled_here():
    forged = ELSEWHERE.model_copy(update={"source": c.PLATFORM, "case_no": SUBMIT.case_no, "means": Means.GRANTED})
    assert forged.stream == SUBMIT.stream
    impostor = Actor(id=c.PLATFORM, organ=BUREAU.code, role=Role.SOURCE)
    given(*FILE[CaseState.EXAMINED], look=LOOK).when(forged, by=impostor).refused(r.SourceReserved)
    given(look=LOOK).when(forged, by=impostor).refused(r.SourceReserved)


def test_nobody_here_acts_on_a_case_that_is_handled_elsewhere():
    there = reported(ELSEWHERE, step(2, means=Means.ACCEPTED))
    for command, by in (
        (c.ReceiveMaterial(case_id=THERE, receipt_no="1"), ACCEPTOR),
        (
            c.GrantLicense(case_id=THERE, document_no="1", content="准予", validity={"valid_from": MONDAY.date()}),
            DECIDER,
        ),
        (c.WithdrawApplication(case_id=THERE, reason="撤"), ACCEPTOR),
    ):
        there.and_when(command, by=by).refused(OutOfOrder, state=CaseState.REPORTED)


def test_what_policies_tell_a_case_that_is_handled_elsewhere_is_quietly_nothing():
    there = reported(ELSEWHERE)
    for command in (finding(), outcome_of("item"), visited()):
        there.and_when(command.model_copy(update={"case_id": THERE}), by=PLATFORM).nothing()


def test_the_departments_a_source_names_may_be_unknown_here():
    stranger = Body(code="DEPT-1", name="某部门")
    fact = reported(step(1, departments=(stranger,), means=Means.GRANTED)).facts[-1]
    assert fact.departments == (stranger,)
