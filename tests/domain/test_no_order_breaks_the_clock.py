"""时限: whatever happens to a case, four reckonings of every due date agree.

The aggregate, the board of deadlines, the last day that is listed for a clock, and an oracle that walks day by day or
minute by minute over the facts alone. A local closure becomes known in the middle: who was told before it keeps what was
told until it is told anew. And what an officer could see at a moment is what a replay of that moment shows later."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case.case import ApprovalCase
from domain.approval_case.clocks import end_of_limit
from domain.approval_case.words import RUNNING, ApproverLevel, CaseClock, CaseState, Opinion
from domain.kernel.aggregate import replay
from domain.kernel.event import Event
from domain.kernel.words import Handling, LimitUnit, SpecialProcedure
from domain.rules.dates import SHANGHAI, business_date
from domain.rules.working_days import calendar_told
from projections.case_clock import ClocksOfCase, clocks_at
from projections.deadlines import Deadlines
from projections.view import folded_in_memory
from tests.domain.case_file import submitted, terms
from tests.domain.life import BRIEF, Life
from tests.entered_rules import entered, text, typhoon
from tests.rules.published import oracle_working
from tests.specification import ACCEPTOR, APPLICANT, CASE, DECIDER, EXAMINER, MONDAY, PLATFORM, catalogue, given, said

S = CaseState
OF_THE_DECISION = (CaseClock.STATUTORY, CaseClock.PROMISED)
CLOSED_DAYS = ("2026-03-17", "2026-03-24", "2026-03-30", "2026-04-14", "2026-05-13")
CLOSED = frozenset(map(date.fromisoformat, CLOSED_DAYS))
KNOWN_FROM = date(2026, 3, 12)
PROCEDURES = st.sampled_from([SpecialProcedure.TESTING, SpecialProcedure.EXPERT_REVIEW])
HERE, ELSEWHERE = "11371500MB2862819G", "BUREAU-371500"
"""The city bureau, whose place the closure is for, and an organ without an identifier whose site lies elsewhere."""


class ClockLife(Life):
    OF = ApprovalCase

    @initialize(
        promised=st.sampled_from([
            (10, LimitUnit.WORKING_DAYS), (1, LimitUnit.WORKING_DAYS), (0, LimitUnit.WORKING_DAYS),
            (5, LimitUnit.HOURS), (90, LimitUnit.MINUTES), (3, LimitUnit.HALF_DAYS), (9, LimitUnit.CALENDAR_DAYS),
        ]),
        statute=st.sampled_from([
            (None, LimitUnit.WORKING_DAYS), (15, LimitUnit.WORKING_DAYS), (30, LimitUnit.CALENDAR_DAYS),
            (2, LimitUnit.MONTHS),
        ]),
        joint=st.booleans(), here=st.booleans(), minute=st.integers(0, 24 * 60 - 1), day=st.integers(0, 13),
        way=st.sampled_from(["silence", "accepted", "accepted", "examined"]),
    )  # fmt: skip
    def begin(self, promised, statute, joint, here, minute, day, way):
        self.room = tempfile.TemporaryDirectory()
        self.rules = entered(
            Path(self.room.name), working_days_here=text(closure(), KNOWN_FROM.isoformat())
        )
        self.rules.__enter__()
        self.terms = terms(
            promised_days=promised[0], promised_unit=promised[1], statutory_days=statute[0], statutory_unit=statute[1],
            handling=Handling.JOINT if joint else Handling.SINGLE,
        )  # fmt: skip
        self.look = catalogue(self.terms)
        self.region = "371500" if here else "370102"
        self.seen: list[tuple[datetime, ClocksOfCase]] = []
        self.now = MONDAY.replace(hour=minute // 60, minute=minute % 60) + timedelta(days=day)
        opened = submitted(
            self.terms, organ=HERE if here else ELSEWHERE, site=submitted().site.model_copy(update={"region": "370102"})
        )
        self.facts = (said(opened, by=APPLICANT, stream=CASE, version=1, at=self.now),)
        self.ask(c.ReceiveMaterial(case_id=CASE, receipt_no="1"), ACCEPTOR)
        if way == "silence":
            self.now += timedelta(days=12)
            self.ask(c.DeemAccepted(case_id=CASE), PLATFORM)
        else:
            self.ask(c.AcceptApplication(case_id=CASE, document_no="1"), ACCEPTOR)
        if way == "examined":
            self.examine()

    def teardown(self) -> None:
        if hasattr(self, "rules"):
            self.rules.__exit__(None, None, None)
            self.room.cleanup()

    def ask(self, command, by):
        decided = given(*self.facts, look=self.look).when(command, by=by, at=self.now)
        if decided.refusal is None:
            self.facts = decided.past + decided.facts
        return decided.facts if decided.refusal is None else ()

    @rule(hours=st.integers(1, 30))
    def hours_pass(self, hours):
        self.now += timedelta(hours=hours)

    @precondition(lambda self: self.case.state in (S.ACCEPTED, S.EXAMINING))
    @rule()
    def examine(self):
        self.ask(c.AssignCase(case_id=CASE, examiner="examiner-1"), DECIDER)
        opinion = c.RecordExaminationOpinion(case_id=CASE, opinion=Opinion.PASS, grounds="齐全")
        self.ask(opinion, EXAMINER)

    @precondition(lambda self: self.case.state in (S.EXAMINING, S.EXAMINED, S.SUSPENDED))
    @rule(days=st.integers(0, 12), procedure=PROCEDURES)
    def pause(self, days, procedure):
        end = self.today + timedelta(days=days)
        self.ask(
            c.StartSpecialProcedure(case_id=CASE, procedure=procedure, notice_no="1", planned_end=end), EXAMINER
        )  # fmt: skip

    @precondition(lambda self: self.case.state is S.SUSPENDED)
    @rule(procedure=PROCEDURES)
    def resume(self, procedure):
        self.ask(c.EndSpecialProcedure(case_id=CASE, result="合格", procedure=procedure), EXAMINER)

    @precondition(lambda self: self.case.state in (S.EXAMINING, S.EXAMINED))
    @rule(days=st.integers(1, 15))
    def extend(self, days):
        joint = self.terms.handling is Handling.JOINT
        level = ApproverLevel.GOVERNMENT_HEAD if joint else ApproverLevel.ORGAN_HEAD
        command = c.ExtendTimeLimit(
            case_id=CASE, days=days, approver=level, reason="需补充核验", applicant_told_on=self.today
        )
        self.ask(command, EXAMINER)

    @rule()
    def a_notice_may_be_known(self):
        self.ask(c.RecomputeDueDates(case_id=CASE), PLATFORM)

    @property
    def today(self) -> date:
        return business_date(self.now)

    @property
    def case(self) -> ApprovalCase:
        return replay(ApprovalCase, CASE, self.facts)

    @invariant()
    def four_reckonings_of_every_due_date_agree(self):
        case = self.case
        if case.state not in RUNNING:
            return
        rows = {row.clock: row for row in folded_in_memory(Deadlines, self.facts).clocks.family(CASE)}
        told = {one.clock: one for one in clocks_at(CASE, self.facts, self.now).clocks}
        calendar = calendar_told(case.calendar, case.told_on)
        for clock in OF_THE_DECISION:
            wanted = oracle(self.facts, clock, self.region)
            row, shown = rows[clock], told[clock]
            assert tuple(end_of_limit(case._now(case.limit(clock)), calendar)) == wanted
            assert (row.due, row.due_at) == wanted
            if case.paused_on is None or self.today <= case.planned_end:
                assert (shown.due, shown.due_at) == wanted
            assert shown.days[-1].date == shown.due
            assert (row.region, row.calendar) == (self.region, calendar.version)

    @invariant()
    def what_is_used_and_what_remains_add_up_and_a_late_clock_says_so(self):
        for one in clocks_at(CASE, self.facts, self.now).clocks:
            if one.unit == LimitUnit.WORKING_DAYS and one.used is not None:
                assert one.used + one.remaining == one.amount + one.extended
                assert one.late or one.remaining >= 0 or one.paused_on is not None

    @invariant()
    def a_replay_of_a_moment_shows_what_could_be_seen_then(self):
        if self.seen and self.seen[-1][0] == self.now:
            self.seen.pop()
        for moment, seen in self.seen[-3:]:
            assert asdict(clocks_at(CASE, self.facts, moment)) == asdict(seen)
        self.seen.append((self.now, clocks_at(CASE, self.facts, self.now)))

    @invariant()
    def due_dates_never_depend_on_when_they_are_read(self):
        now = clocks_at(CASE, self.facts, self.now)
        later = clocks_at(CASE, self.facts, self.now + timedelta(days=40), until=self.now)
        if self.case.state is not S.SUSPENDED:
            assert [(one.clock, one.due, one.due_at, one.days) for one in later.clocks] == [
                (one.clock, one.due, one.due_at, one.days) for one in now.clocks
            ]


def closure():
    rules = typhoon(days=CLOSED_DAYS)
    rules["typhoon-371500"][0]["effective_from"] = "2026-03-01"
    return rules


Told = (f.Acceptance, f.SpecialProcedureStarted, f.SpecialProcedureEnded, f.TimeLimitExtended)


def oracle(facts: tuple[Event, ...], clock: CaseClock, region: str) -> tuple[date, datetime | None]:
    """The due date as the facts tell it, walked anew: nothing of the product's reckoning is used."""
    accepted = next(fact for fact in facts if isinstance(fact, f.Acceptance))
    statutory = clock is CaseClock.STATUTORY
    amount = accepted.statutory_days if statutory else accepted.promised_days
    unit = accepted.statutory_unit if statutory else accepted.promised_unit
    pauses: list[tuple[date, date]] = []
    under_way: dict[SpecialProcedure, tuple[date, date]] = {}
    longer, told_on = 0, business_date(accepted.recorded_at)
    for fact in facts:
        if isinstance(fact, (f.SpecialProcedureStarted, f.SpecialProcedureEnded)):
            # Whatever was under way until now stood in the way until now, however long it was planned.
            today = business_date(fact.recorded_at)
            under_way = {one: (began, max(planned, today)) for one, (began, planned) in under_way.items()}
        if isinstance(fact, f.SpecialProcedureStarted):
            under_way[fact.procedure] = fact.started_on, fact.planned_end
        elif isinstance(fact, f.SpecialProcedureEnded):
            pauses.append((under_way.pop(fact.procedure)[0], fact.ended_on))
        elif isinstance(fact, f.TimeLimitExtended):
            longer += fact.days
        if isinstance(fact, (*Told, f.DueDatesRecomputed)):
            told_on = business_date(fact.recorded_at)
    # Each procedure by itself: days on which several were under way are days that are not counted all the same.
    pauses += [(began, max(began, planned)) for began, planned in under_way.values()]
    closed = CLOSED if region == "371500" and told_on >= KNOWN_FROM else frozenset()

    def counts(day: date) -> bool:
        return oracle_working(day, closed) and not any(first <= day <= last for first, last in pauses)

    day, at = _walk(accepted, amount, unit, counts, pauses)
    while longer:
        day, at = day + timedelta(1), None
        longer -= counts(day)
    return day, at


def _walk(accepted, amount, unit, counts, pauses):
    day = accepted.day_zero
    if unit in (LimitUnit.MINUTES, LimitUnit.HOURS):
        return _minutes(accepted.runs_from, amount * (60 if unit is LimitUnit.HOURS else 1), counts)
    if unit is LimitUnit.HALF_DAYS:
        return _half_days(accepted.runs_from, amount, counts)
    if unit is LimitUnit.MONTHS:
        month = day.month - 1 + amount
        ends, last = date(day.year + month // 12, month % 12 + 1, day.day), day
        while last < ends:
            last += timedelta(1)
            ends += timedelta(any(a <= last <= b for a, b in pauses))
        return ends, None
    while amount:
        day += timedelta(1)
        if unit is LimitUnit.WORKING_DAYS:
            amount -= counts(day)
        else:
            amount -= not any(a <= day <= b for a, b in pauses)
    return day, None


def _minutes(start: datetime, left: int, counts) -> tuple[date, datetime]:
    now = start.astimezone(SHANGHAI)
    while left:
        minute = now.hour * 60 + now.minute
        left -= (540 <= minute < 720 or 780 <= minute < 1020) and counts(now.date())
        now += timedelta(minutes=1)
    return now.date(), now


def _half_days(start: datetime, left: int, counts) -> tuple[date, datetime]:
    begins, day = start.astimezone(SHANGHAI), start.astimezone(SHANGHAI).date()
    while True:
        for opens, closes in ((9, 12), (13, 17)) if counts(day) else ():
            left -= datetime(day.year, day.month, day.day, opens, tzinfo=SHANGHAI) > begins
            if not left:
                return day, datetime(day.year, day.month, day.day, closes, tzinfo=SHANGHAI)
        day += timedelta(1)


TestClockLife = ClockLife.TestCase
TestClockLife.settings = settings(BRIEF, max_examples=60, stateful_step_count=15)
