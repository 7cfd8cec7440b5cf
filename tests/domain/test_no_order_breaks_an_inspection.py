"""联合踏勘: no order of commands breaks what must hold."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from domain.joint_inspection.commands import (
    AddSiteVisit,
    CancelInspection,
    CheckIn,
    ConcludeInspection,
    ConfirmAttendance,
    IssueRectificationNotice,
    NoteAbsence,
    PlanJointInspection,
    RecordInspectionResult,
    RecordReinspection,
    ReportRectified,
    RescheduleInspection,
)
from domain.joint_inspection.facts import (
    InspectionAbsenceNoted,
    InspectionCancelled,
    InspectionCheckedIn,
    InspectionConcluded,
    InspectionFindingRecorded,
    InspectionInvited,
    InspectionRescheduled,
    RectificationNoticeIssued,
    ReinspectionHeld,
    SiteVisitAdded,
)
from domain.joint_inspection.words import InspectionOutcome, InspectionResult, SiteVisitNeed, Window
from tests.domain.life import BRIEF, Life
from tests.specification import (
    ACCEPTOR,
    CASE,
    CASE_NO,
    DECIDER,
    EXAMINER,
    FIRE,
    HEALTH,
    HOUSING,
    MONDAY,
    OTHER_CASE,
    OTHER_CASE_NO,
    PLATFORM,
    SHOP,
    officer_of,
)

TOMORROW = MONDAY.date() + timedelta(days=1)
PLAN = PlanJointInspection(
    cause="1", site=SHOP, window=Window(first=TOMORROW, last=TOMORROW + timedelta(days=2)), lead=FIRE,
    cases=(SiteVisitNeed(case_id=CASE, case_no=CASE_NO, bodies=(FIRE, HEALTH)),),
)  # fmt: skip
THIS = PLAN.stream
BODIES = st.sampled_from([FIRE, HEALTH, FIRE, HEALTH, HOUSING])
CREWS = st.sampled_from([("张三", "李四"), ("张三", "李四"), ("张三",)])
COMING = st.sampled_from([(FIRE,), (HEALTH,), (FIRE, HEALTH)])
FOUND = st.sampled_from([(), ("通道被占",), ("无排烟", "无洗手池")])


def judged(problems: tuple[str, ...]) -> InspectionResult:
    return InspectionResult.PROBLEMS if problems else InspectionResult.PASSED


class InspectionLife(Life):
    @initialize(depth=st.integers(0, 7), coming=COMING, problems=FOUND)
    def begin(self, depth, coming, problems):
        """Start anywhere along the usual way, or chance would seldom come far."""
        self.ask(PLAN, PLATFORM)
        way = [
            *((self.check_in, body, ("张三", "李四")) for body in coming),
            (self.after_the_window,),
            *((self.sign, body, problems) for body in coming),
            (self.notify,),
            (self.report,),
        ]
        for step, *said in way[:depth]:
            step(*said)

    def after_the_window(self):
        self.now += timedelta(days=4)
        self.note()

    @rule(lead=st.sampled_from([FIRE, HEALTH]))
    def plan(self, lead):
        self.ask(PLAN.model_copy(update={"lead": lead}), PLATFORM)

    @rule(bodies=st.sampled_from([(FIRE, HEALTH), (HOUSING,)]))
    def add(self, bodies):
        need = SiteVisitNeed(case_id=OTHER_CASE, case_no=OTHER_CASE_NO, bodies=bodies)
        self.ask(AddSiteVisit(inspection_id=THIS, need=need), PLATFORM)

    @rule(body=BODIES)
    def confirm(self, body):
        self.ask(ConfirmAttendance(inspection_id=THIS), officer_of(body))

    @rule(days=st.integers(0, 5))
    def reschedule(self, days):
        first = self.now.date() + timedelta(days=days)
        window = Window(first=first, last=first + timedelta(days=1))
        self.ask(RescheduleInspection(inspection_id=THIS, window=window, reason="暴雨"), DECIDER)

    @rule(body=BODIES, officers=CREWS)
    def check_in(self, body, officers):
        self.ask(CheckIn(inspection_id=THIS, place="现场", picture="0" * 64, officers=officers), officer_of(body))

    @rule(body=BODIES, problems=FOUND)
    def sign(self, body, problems):
        command = RecordInspectionResult(
            inspection_id=THIS, result=judged(problems), problems=problems, officers=("张三",)
        )
        self.ask(command, officer_of(body))

    @rule()
    def notify(self):
        self.ask(IssueRectificationNotice(inspection_id=THIS, notice_no="1", rectify_by=self.now.date()), EXAMINER)

    @rule()
    def report(self):
        self.ask(ReportRectified(inspection_id=THIS, statement="已整改"), ACCEPTOR)

    @rule(body=BODIES, problems=FOUND)
    def look_again(self, body, problems):
        command = RecordReinspection(inspection_id=THIS, result=judged(problems), problems=problems, officers=("张三",))
        self.ask(command, officer_of(body))

    @rule(outcome=st.sampled_from(InspectionOutcome), sure=st.sampled_from([False, True]))
    def conclude(self, outcome, sure):
        if sure:
            self.ask(ConcludeInspection(inspection_id=THIS, outcome=outcome, reason="属实"), DECIDER)

    @rule()
    def note(self):
        self.ask(NoteAbsence(inspection_id=THIS), PLATFORM)

    @rule(unneeded=st.integers(0, 9))
    def cancel(self, unneeded):
        if unneeded == 9:
            self.ask(CancelInspection(inspection_id=THIS, reason="撤回"), PLATFORM)

    @invariant()
    def nothing_happens_after_the_end(self):
        ended = self.of(InspectionConcluded, InspectionCancelled)
        assert not ended or ended == [self.facts[-1]]

    @invariant()
    def there_is_one_notice_and_it_lists_every_problem(self):
        notices = self.of(RectificationNoticeIssued)
        assert len(notices) <= 1
        for notice in notices:
            last = {fact.body.code: fact.problems for fact in self.of(InspectionFindingRecorded)}
            assert [p.text for p in notice.problems] == [text for problems in last.values() for text in problems]

    @invariant()
    def nobody_is_invited_twice(self):
        codes = [fact.body.code for fact in self.of(InspectionInvited)]
        assert len(codes) == len(set(codes))

    @invariant()
    def nobody_signs_who_was_not_there_nor_before_the_lead_had_two(self):
        there: dict[str, set[str]] = {}
        for fact in self.facts:
            if isinstance(fact, InspectionRescheduled):
                there.clear()
            elif isinstance(fact, InspectionCheckedIn):
                there[fact.body.code] = set(fact.officers)
            elif isinstance(fact, InspectionFindingRecorded):
                assert fact.body.code in there
                assert len(there.get(FIRE.code, ())) >= 2

    @invariant()
    def absence_is_noted_once_for_each_window(self):
        noted: list[str] = []
        for fact in self.facts:
            if isinstance(fact, InspectionRescheduled):
                noted.clear()
            elif isinstance(fact, InspectionCheckedIn) and fact.body.code in noted:
                noted.remove(fact.body.code)
            elif isinstance(fact, InspectionAbsenceNoted):
                assert fact.body.code not in noted
                noted.append(fact.body.code)

    @invariant()
    def passed_means_that_every_problem_was_seen_mended_and_nobody_is_forgotten(self):
        last = {fact.body.code: fact.result for fact in self.of(InspectionFindingRecorded)}
        last |= {fact.body.code: fact.result for fact in self.of(ReinspectionHeld)}
        for fact in self.of(InspectionConcluded):
            absent = {body.code for body in fact.absent}
            assert {body.code for body in fact.bodies} == last.keys() | absent
            assert not (fact.automatic and absent - last.keys())
            if fact.outcome is InspectionOutcome.PASSED:
                assert set(last.values()) == {InspectionResult.PASSED}

    @invariant()
    def the_conclusion_names_every_case_that_shared_the_visit(self):
        cases = {CASE, *(fact.need.case_id for fact in self.of(SiteVisitAdded))}
        for fact in self.of(InspectionConcluded):
            assert set(fact.case_ids) == cases


TestNoOrderBreaksAnInspection = InspectionLife.TestCase
TestNoOrderBreaksAnInspection.settings = BRIEF
