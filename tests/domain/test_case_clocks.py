"""时限: which limit runs in which unit and whose calendar, and what a new notice does to what was told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case import refusals as r
from domain.approval_case.words import CaseClock, CaseState, DueDateChange
from domain.kernel.event import Event
from domain.kernel.time import handling_region
from domain.kernel.words import HearingRule, LimitUnit, Site
from domain.rules.entering import enter_rules
from domain.rules.working_days import working_calendar
from tests.domain.case_file import (
    ASSIGNED,
    CALENDAR,
    CASE_NO,
    DENY,
    FILE,
    GRANT,
    PASSED,
    SUSPENDED,
    TERMS,
    TODAY,
    accepted,
    extend,
    submitted,
    terms,
)
from tests.entered_rules import NOTICE_2027, closed, entered, rule, text, typhoon, year_2027
from tests.specification import (
    ACCEPTOR,
    CASE,
    DECIDER,
    EXAMINER,
    FIRE,
    MONDAY,
    PLATFORM,
    SHANGHAI,
    SHOP,
    SOURCE,
    catalogue,
    given,
    said,
)

S = CaseState
BUREAU_OF_LIAOCHENG = "11371500MB2862819G"
RECEIVE = c.ReceiveMaterial(case_id=CASE, receipt_no="收〔2026〕1号")
ACCEPT = c.AcceptApplication(case_id=CASE, document_no="受〔2026〕1号")
RECOMPUTE = c.RecomputeDueDates(case_id=CASE)
DECEMBER = datetime(2026, 12, 21, 10, 0, tzinfo=SHANGHAI)
"""A Monday on which twenty working days reach into a year that has no calendar yet."""


@pytest.fixture(autouse=True)
def shipped_rules_afterwards() -> Iterator[None]:
    yield
    enter_rules(None)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def accepting(at: datetime = MONDAY, *, organ: str = "", site: Site | None = None, **item: object) -> f.Acceptance:
    """What is told to an applicant whose application is received and accepted at a moment."""
    opened = submitted(terms(**item), **({"organ": organ} if organ else {}), **({"site": site} if site else {}))
    story = given(opened).when(RECEIVE, by=ACCEPTOR, at=at).and_when(ACCEPT, by=ACCEPTOR, at=at)
    fact = story.facts[0]
    assert isinstance(fact, f.Acceptance)
    return fact


# 期限单位 units


def test_a_promise_in_hours_tells_the_exact_moment_on_office_hours():
    fact = accepting(moment("2026-03-02 16:00"), promised_days=2, promised_unit=LimitUnit.HOURS)
    assert (fact.promised_unit, fact.promised_days) == (LimitUnit.HOURS, 2)
    assert (fact.promised_due, fact.promised_at) == (date(2026, 3, 3), moment("2026-03-03 10:00"))
    assert (fact.statutory_unit, fact.statutory_due, fact.statutory_at) == (
        LimitUnit.WORKING_DAYS, date(2026, 3, 30), None,
    )  # fmt: skip
    assert fact.runs_from == moment("2026-03-02 16:00")
    assert "2026-03-03 10:00" in fact.telling("zh")
    assert "2026-03-03 10:00" in fact.telling("en")


@pytest.mark.parametrize(
    ("amount", "unit", "due", "at"),
    [
        (30, LimitUnit.MINUTES, "2026-03-02", "2026-03-02 13:15"),
        (3, LimitUnit.HALF_DAYS, "2026-03-03", "2026-03-03 17:00"),
        (7, LimitUnit.CALENDAR_DAYS, "2026-03-09", None),
        (3, LimitUnit.WORKING_DAYS, "2026-03-05", None),
    ],
)
def test_a_promise_is_told_in_its_own_unit(amount, unit, due, at):
    fact = accepting(moment("2026-03-02 11:45"), promised_days=amount, promised_unit=unit)
    assert (fact.promised_due, fact.promised_at) == (date.fromisoformat(due), moment(at) if at else None)


def test_an_own_statute_in_months_is_counted_in_months():
    fact = accepting(statutory_days=2, statutory_unit=LimitUnit.MONTHS, promised_days=45)
    assert (fact.statutory_due, fact.statutory_unit) == (date(2026, 5, 2), LimitUnit.MONTHS)


def test_a_promise_that_would_end_after_the_limit_of_the_law_is_the_limit_of_the_law():
    fact = accepting(promised_days=2, promised_unit=LimitUnit.MONTHS)
    assert (fact.promised_days, fact.promised_unit) == (20, LimitUnit.WORKING_DAYS)
    assert fact.promised_due == fact.statutory_due


def test_an_extension_of_an_own_statute_in_days_may_be_asked_for_until_it_ends():
    file = (submitted(), FILE[S.RECEIVED][1])
    of = terms(statutory_days=10, statutory_unit=LimitUnit.CALENDAR_DAYS)
    fact = accepted(of, statutory_days=10, statutory_unit=LimitUnit.CALENDAR_DAYS, statutory_due=date(2026, 3, 12))
    file = (submitted(of), FILE[S.RECEIVED][1], fact, ASSIGNED)
    given(*file).when(extend(), at=moment("2026-03-12 23:00")).then(f.TimeLimitExtended)
    given(*file).when(extend(), at=moment("2026-03-13 00:00")).refused(r.ExtensionAfterExpiry, due=date(2026, 3, 12))


# 地区日历 whose calendar


@pytest.mark.parametrize(
    ("organ", "site", "region"),
    [
        (BUREAU_OF_LIAOCHENG, "370102", "371500"),  # the organ's own place, wherever the site lies
        ("BUREAU-371500", "370102", "370102"),  # an organ without an identifier: the place of the site
        ("BUREAU-371500", None, None),
        ("11371500MB2862819H", "370102", "370102"),  # a wrong check character is no identifier
        ("11100000000013338W", "370102", None),  # a central organ follows the nation's calendar
    ],
)
def test_the_calendar_is_that_of_the_place_where_the_handling_organ_sits(organ, site, region):
    assert handling_region(organ, site) == region


def test_a_local_closure_moves_the_dates_of_an_organ_there_and_of_no_other(tmp_path: Path):
    july = moment("2026-07-13 10:00")
    with entered(tmp_path, working_days_typhoon=text(typhoon(days=("2026-07-14", "2026-07-15")), "2026-07-12")):
        here, elsewhere = accepting(july, organ=BUREAU_OF_LIAOCHENG), accepting(july, organ="JINAN", site=JINAN)
    assert (here.region, here.promised_due, here.statutory_due) == ("371500", date(2026, 7, 29), date(2026, 8, 12))
    assert (elsewhere.region, elsewhere.promised_due) == ("370102", date(2026, 7, 27))
    assert here.calendar == elsewhere.calendar != CALENDAR, "the version names everything that was known"


@pytest.mark.parametrize(
    ("organ", "region"), [(BUREAU_OF_LIAOCHENG, "371500"), ("11100000000013338W", None), ("BUREAU-371500", "370102")]
)
def test_others_see_whose_calendar_counts_the_days_of_a_case_however_it_came_in(organ, region):
    own = given(submitted(organ=organ, site=JINAN)).when(RECEIVE, by=ACCEPTOR)
    report = c.ReportStep(
        source=SOURCE.id, source_event_id="1", case_no=CASE_NO, opened_on=TODAY, organ=organ, activity="收件",
        occurred_at=MONDAY, item=TERMS.item, site=JINAN,
    )  # fmt: skip
    reported = given(look=catalogue(TERMS)).when(report, by=SOURCE.model_copy(update={"organ": organ}))
    assert [decided.aggregate.seen().region for decided in (own, reported)] == [region, region]


@pytest.mark.parametrize(
    ("at", "where", "days"),
    [
        (MONDAY, SHOP.region, ("2026-03-05", "2026-03-19")),
        (MONDAY, "370102", ("2026-03-03", "2026-03-17")),
        # The window has begun when the closure comes; 28 February is a Saturday on which one works.
        (MONDAY - timedelta(days=3), SHOP.region, ("2026-02-28", "2026-03-17")),
        (MONDAY - timedelta(days=3), "370102", ("2026-02-28", "2026-03-13")),
    ],
)
def test_a_closure_at_the_site_moves_the_window_of_its_visit_and_one_elsewhere_does_not(
    at, where, days, tmp_path: Path
):
    with closed(tmp_path, where):
        opened = submitted(terms(inspect=(FIRE,)), organ=BUREAU_OF_LIAOCHENG)
        story = given(opened).when(RECEIVE, by=ACCEPTOR, at=at).and_when(ACCEPT, by=ACCEPTOR, at=at)
    visit = story.facts[1]
    assert isinstance(visit, f.SiteVisitRequired)
    assert (str(visit.not_before), str(visit.not_after)) == days


JINAN = Site(region="370102", address="历下区 1 号")


# 收件顺延 receipt outside office hours


@pytest.mark.parametrize(
    ("at", "plain", "rolled"),
    [
        ("2026-03-06 17:00", "2026-03-06", "2026-03-06"),
        ("2026-03-06 17:01", "2026-03-06", "2026-03-09"),
        ("2026-03-07 10:00", "2026-03-07", "2026-03-09"),
        ("2026-03-06 07:00", "2026-03-06", "2026-03-06"),
        ("2026-03-06 12:30", "2026-03-06", "2026-03-06"),
    ],
)
def test_a_receipt_outside_office_hours_counts_from_the_next_working_day_only_where_that_is_practised(
    at, plain, rolled, tmp_path: Path
):
    told = given(submitted()).when(RECEIVE, by=ACCEPTOR, at=moment(at)).facts[0]
    assert told.received_on == date.fromisoformat(plain)
    roll = {"receipt_roll": [rule("next_working_day", effective_from="2026-01-01")]}
    with entered(tmp_path, practices_here=text(roll)):
        story = given(submitted()).when(RECEIVE, by=ACCEPTOR, at=moment(at))
        told = story.facts[0]
        assert told.received_on == date.fromisoformat(rolled)
        assert told.notice_due == working_calendar().due_date(told.received_on, 5)
        late = moment("2026-03-20 09:00")
        deemed = story.and_when(c.DeemAccepted(case_id=CASE), by=PLATFORM, at=late).facts[0]
        assert deemed.day_zero == told.received_on, "deemed acceptance dates back to the day that counts"


def test_deemed_acceptance_runs_a_promise_in_hours_from_the_moment_of_receipt():
    opened = submitted(terms(promised_days=2, promised_unit=LimitUnit.HOURS))
    story = given(opened).when(RECEIVE, by=ACCEPTOR, at=moment("2026-03-02 16:00"))
    fact = story.and_when(c.DeemAccepted(case_id=CASE), by=PLATFORM, at=moment("2026-03-10 09:00")).facts[0]
    assert (fact.runs_from, fact.promised_at) == (moment("2026-03-02 16:00"), moment("2026-03-03 10:00"))


# 新的日历通知 a new notice


def dated(*facts: Event, at: datetime = DECEMBER) -> tuple[Event, ...]:
    return tuple(said(fact, by=fact.actor, at=at) for fact in facts)


def accepted_in_december(**item: object) -> tuple[Event, ...]:
    story = given(submitted(terms(**item))).when(RECEIVE, by=ACCEPTOR, at=DECEMBER)
    story = story.and_when(ACCEPT, by=ACCEPTOR, at=DECEMBER)
    return (*story.past, *story.facts)


@pytest.fixture
def notice(tmp_path: Path) -> Iterator[Path]:
    """The notice of 2027 is entered on 24 December, after the cases of these specifications were accepted."""
    with entered(tmp_path, working_days_2027=text(year_2027(), "2026-12-24")) as directory:
        yield directory


BEFORE, AFTER = DECEMBER + timedelta(days=2), DECEMBER + timedelta(days=3)


def test_what_was_told_without_a_calendar_gets_its_date_when_the_notice_is_entered(notice: Path):
    file = accepted_in_december()
    assert (file[2].statutory_due, file[2].promised_due) == (None, None)
    decided = given(*file).when(RECOMPUTE, by=PLATFORM, at=AFTER)
    decided.then(
        f.DueDatesRecomputed(
            case_no=CASE_NO, calendar=working_calendar().version, before=CALENDAR, notices=(NOTICE_2027,),
            region="371502",
            changes=(
                DueDateChange(clock=CaseClock.STATUTORY, new=date(2027, 1, 19)),
                DueDateChange(clock=CaseClock.PROMISED, new=date(2027, 1, 5)),
            ),
        )
    )  # fmt: skip
    fact = decided.facts[0]
    assert fact.telling("zh") == (
        f"工作日历更新({NOTICE_2027}),期限重新计算:法定办理期限 无 改为 2027-01-19;承诺办理期限 无 改为 2027-01-05"
    )
    assert "decision by law: none becomes 2027-01-19" in fact.telling("en")
    decided.and_when(RECOMPUTE, by=PLATFORM, at=AFTER).nothing()


def test_before_the_notice_is_known_nothing_is_recomputed(notice: Path):
    given(*accepted_in_december()).when(RECOMPUTE, by=PLATFORM, at=BEFORE).nothing()


def test_a_case_whose_dates_a_new_notice_does_not_move_is_left_alone(notice: Path):
    given(*FILE[S.EXAMINED]).when(RECOMPUTE, by=PLATFORM, at=AFTER).nothing()


def test_the_answer_to_a_receipt_gets_its_date_too_and_only_then_can_silence_be_acceptance(tmp_path: Path):
    deem = c.DeemAccepted(case_id=CASE)
    with entered(tmp_path, working_days_2027=text(year_2027(), "2027-01-04")):
        story = given(submitted()).when(RECEIVE, by=ACCEPTOR, at=moment("2026-12-28 10:00"))
        assert story.facts[0].notice_due is None
        story.and_when(deem, by=PLATFORM, at=moment("2027-01-06 09:00")).refused(r.NoticeNotYetOverdue)
        dated = story.and_when(RECOMPUTE, by=PLATFORM, at=moment("2027-01-04 00:10"))
        assert dated.facts[0].changes == (DueDateChange(clock=CaseClock.NOTICE, new=date(2027, 1, 5)),)
        dated.and_when(deem, by=PLATFORM, at=moment("2027-01-05 23:59")).refused(r.NoticeNotYetOverdue)
        dated.and_when(deem, by=PLATFORM, at=moment("2027-01-06 00:00")).then(f.AcceptanceDeemed)


def test_the_answer_to_a_receipt_that_counts_for_a_later_day_is_told_anew_from_that_day(tmp_path: Path):
    roll = {"receipt_roll": [rule("next_working_day", effective_from="2026-01-01")]}
    with entered(tmp_path, practices_here=text(roll), working_days_2027=text(year_2027(), "2027-01-04")):
        story = given(submitted()).when(RECEIVE, by=ACCEPTOR, at=moment("2026-12-26 10:00"))
        assert (story.facts[0].received_on, story.facts[0].notice_due) == (date(2026, 12, 28), None)
        dated = story.and_when(RECOMPUTE, by=PLATFORM, at=moment("2027-01-04 00:10"))
        assert dated.facts[0].changes == (DueDateChange(clock=CaseClock.NOTICE, new=date(2027, 1, 5)),)


def test_pauses_and_extension_are_in_the_date_that_is_told_anew(notice: Path):
    file = (*accepted_in_december(), said(ASSIGNED, at=DECEMBER))
    story = given(*file).when(extend(5, applicant_told_on=DECEMBER.date()), by=EXAMINER, at=DECEMBER)
    pause = c.StartSpecialProcedure(
        case_id=CASE, procedure=SUSPENDED.procedure, notice_no="1", planned_end=date(2027, 1, 8)
    )
    story = story.and_when(pause, by=EXAMINER, at=BEFORE)
    told = {change.clock: change.new for change in story.and_when(RECOMPUTE, by=PLATFORM, at=AFTER).facts[0].changes}
    pauses = [(BEFORE.date(), date(2027, 1, 8))]
    calendar = working_calendar()
    assert told == {
        CaseClock.STATUTORY: calendar.due_date(DECEMBER.date(), 25, pauses),
        CaseClock.PROMISED: calendar.due_date(DECEMBER.date(), 15, pauses),
    }


def test_a_closure_at_the_organs_place_moves_what_was_told_and_a_closure_elsewhere_does_not(tmp_path: Path):
    file = (*FILE[S.EXAMINED],)
    closed = typhoon(days=("2026-03-10", "2026-03-11"))
    away = typhoon(region="370100", days=("2026-03-10",))
    for rules in (closed, away):
        rules[next(iter(rules))][0]["effective_from"] = "2026-03-05"
    with entered(tmp_path / "here", working_days_x=text(closed, "2026-03-05")):
        changes = given(*file).when(RECOMPUTE, by=PLATFORM, at=moment("2026-03-05 09:00")).facts[0].changes
        assert [(one.old, one.new) for one in changes] == [
            (date(2026, 3, 30), date(2026, 4, 1)), (date(2026, 3, 16), date(2026, 3, 18)),
        ]  # fmt: skip
    with entered(tmp_path / "away", working_days_x=text(away, "2026-03-05")):
        given(*file).when(RECOMPUTE, by=PLATFORM, at=moment("2026-03-05 09:00")).nothing()


def test_a_decided_case_keeps_what_was_told(tmp_path: Path):
    closed = typhoon(days=("2026-03-10",))
    closed["typhoon-371500"][0]["effective_from"] = "2026-03-05"
    with entered(tmp_path, working_days_x=text(closed, "2026-03-05")):
        for state in (S.GRANTED, S.DENIED, S.DELIVERED, S.CONCLUDED, S.ARCHIVED, S.WITHDRAWN, S.TERMINATED):
            given(*FILE[state]).when(RECOMPUTE, by=PLATFORM, at=moment("2026-03-05 09:00")).nothing()


@pytest.mark.parametrize("decide", [GRANT, DENY])
def test_the_dates_after_a_decision_that_no_calendar_could_tell_are_told_once_it_is_known(decide, notice: Path):
    decided = given(*dated(*FILE[S.EXAMINED])).when(decide, by=DECIDER, at=BEFORE)
    assert decided.facts[0].publicity_due is None
    changes = decided.and_when(RECOMPUTE, by=PLATFORM, at=AFTER).facts[0].changes
    delivery = (DueDateChange(clock=CaseClock.DELIVERY, new=date(2027, 1, 7)),) if decide is GRANT else ()
    assert changes == (*delivery, DueDateChange(clock=CaseClock.PUBLICITY, new=date(2027, 1, 4)))
    published = decided.and_when(c.PublishDecision(case_id=CASE, where="网站"), by=DECIDER, at=BEFORE)
    left = published.and_when(RECOMPUTE, by=PLATFORM, at=AFTER)
    assert [one.clock for fact in left.facts for one in fact.changes] == [one.clock for one in delivery]


def test_a_fact_of_before_that_names_no_calendar_is_taken_by_the_one_of_its_day(notice: Path):
    old = accepted(TERMS, day_zero=DECEMBER.date(), statutory_due=None, promised_due=None, region=None, calendar="")
    file = (submitted(), FILE[S.RECEIVED][1], said(old, by=ACCEPTOR, at=DECEMBER))
    told = given(*file).when(RECOMPUTE, by=PLATFORM, at=AFTER).facts[0]
    assert (told.before, told.region) == (CALENDAR, None)
    assert [change.new for change in told.changes] == [date(2027, 1, 19), date(2027, 1, 5)]


def test_only_the_platform_recomputes(notice: Path):
    with pytest.raises(AssertionError, match="RoleMayNot"):
        given(*accepted_in_december()).when(RECOMPUTE, by=DECIDER, at=AFTER).then()


def test_what_a_pause_or_an_extension_tells_is_told_by_the_calendar_of_its_own_day(notice: Path):
    file = (*accepted_in_december(), said(ASSIGNED, at=DECEMBER), said(PASSED, at=DECEMBER))
    story = given(*file).when(extend(5, applicant_told_on=DECEMBER.date()), by=EXAMINER, at=AFTER)
    assert story.facts[0].calendar == working_calendar().version != CALENDAR
    story.and_when(RECOMPUTE, by=PLATFORM, at=AFTER).nothing()


def test_today_is_that_of_the_day_the_file_was_made():
    assert working_calendar(TODAY).version == CALENDAR


def test_the_date_of_a_hearing_that_no_calendar_could_tell_is_told_once_it_is_known(notice: Path):
    of = terms(hearing=HearingRule.ON_REQUEST)
    story = given(submitted(of), look=catalogue(of)).when(RECEIVE, by=ACCEPTOR, at=DECEMBER)
    story = story.and_when(ACCEPT, by=ACCEPTOR, at=DECEMBER)
    story = story.and_when(c.AssignCase(case_id=CASE, examiner=EXAMINER.id), by=DECIDER, at=DECEMBER)
    tell = c.GiveHearingNotice(case_id=CASE, notice_no="1", parties=("甲公司",), reason="涉及重大利益")
    story = story.and_when(tell, by=EXAMINER, at=DECEMBER)
    asked = story.and_when(c.RequestHearing(case_id=CASE, party="甲公司"), by=ACCEPTOR, at=BEFORE)
    assert asked.facts[0].hold_by is None
    again = asked.and_when(RECOMPUTE, by=PLATFORM, at=AFTER)
    told = {change.clock: change.new for change in again.facts[0].changes}
    assert told[CaseClock.HEARING] == working_calendar().due_date(BEFORE.date(), 20)
    late = moment("2027-01-22 09:00")
    again.and_when(c.NoteHearingOverdue(case_id=CASE), by=PLATFORM, at=late).then(
        f.HearingOverdue(hold_by=told[CaseClock.HEARING])
    )
