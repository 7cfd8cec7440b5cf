"""联合踏勘: no order of commands breaks what must hold."""

from __future__ import annotations

from datetime import time, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from domain.joint_inspection import JointInspection
from domain.joint_inspection.commands import (
    AddSiteVisit,
    AnswerSlots,
    CancelInspection,
    CheckIn,
    ConcludeInspection,
    ConfirmAttendance,
    DropSiteVisit,
    FixSlot,
    IssueRectificationNotice,
    NoteAbsence,
    NoteReinspection,
    NoteResultOverdue,
    PlanJointInspection,
    ProposeSlots,
    RecordInspectionResult,
    RecordReinspection,
    ReportRectified,
    RequestAnotherVisit,
    RescheduleInspection,
)
from domain.joint_inspection.facts import (
    AnotherVisitRequested,
    InspectionAbsenceDeemed,
    InspectionAbsenceNoted,
    InspectionCancelled,
    InspectionCheckedIn,
    InspectionConcluded,
    InspectionFindingRecorded,
    InspectionInvited,
    InspectionPlanned,
    InspectionRescheduled,
    InspectionResultOverdue,
    RectificationNoticeIssued,
    RectificationReported,
    ReinspectionNoted,
    SiteVisitAdded,
    SiteVisitDropped,
    SlotFixed,
    SlotsAnswered,
    SlotsProposed,
)
from domain.joint_inspection.words import (
    InspectionOutcome,
    InspectionResult,
    ReinspectionOutcome,
    SiteVisitNeed,
    Slot,
    Window,
)
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
    OF = JointInspection

    @initialize(
        depth=st.integers(0, 9), coming=COMING, problems=FOUND, safety=st.booleans(),
        clause=st.sampled_from(["第七条", None]), asked=st.booleans(),
        hours=st.sampled_from([None, [], [0], [1], [0, 1]]), fixing=st.integers(0, 2),
    )  # fmt: skip
    def begin(self, depth, coming, problems, safety, clause, asked, hours, fixing):
        """Start anywhere along the usual way, or chance would seldom come far; in a city with a clause or without.
        A clause is told even of safety here, and still nothing may be deemed."""
        need = PLAN.cases[0].model_copy(update={"safety": safety})
        self.ask(PLAN.model_copy(update={"cases": (need,)}), PLATFORM)
        self.facts = tuple(
            fact.model_copy(update={"absence_clause": clause}) if isinstance(fact, InspectionInvited) else fact
            for fact in self.facts
        )
        if hours is not None:
            self.propose(FIRE, [0, 1])
            self.answer(HEALTH, hours, "考试")
            self.fix(FIRE, fixing, "多数")
        way = [
            *((self.check_in, body, ("张三", "李四")) for body in coming),
            *([(self.ask_again, coming[0])] if asked else []),
            (self.after_the_window,),
            *((self.sign, body, problems) for body in coming),
            (self.notify,),
            (self.report,),
            (self.hear_of_the_re_inspection, ReinspectionOutcome.CANCELLED, 1),
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

    @rule(case_id=st.sampled_from([CASE, OTHER_CASE]), unneeded=st.integers(0, 4))
    def drop(self, case_id, unneeded):
        if unneeded == 4:
            self.ask(DropSiteVisit(inspection_id=THIS, case_id=case_id, reason="撤回"), PLATFORM)

    @rule(body=BODIES, days=st.lists(st.integers(0, 4), min_size=1, max_size=3))
    def propose(self, body, days):
        slots = tuple(Slot(day=TOMORROW + timedelta(days=n), begins=time(9), minutes=60) for n in days)
        self.ask(ProposeSlots(inspection_id=THIS, slots=slots), officer_of(body))

    @rule(body=BODIES, days=st.lists(st.integers(0, 4), max_size=3), reason=st.sampled_from(["考试", None]))
    def answer(self, body, days, reason):
        slots = tuple(Slot(day=TOMORROW + timedelta(days=n), begins=time(9), minutes=60) for n in days)
        self.ask(AnswerSlots(inspection_id=THIS, accepts=slots, reason=reason), officer_of(body))

    @rule(
        body=st.sampled_from([FIRE, FIRE, FIRE, HEALTH]), day=st.integers(0, 2), reason=st.sampled_from(["多数", None])
    )
    def fix(self, body, day, reason):
        slot = Slot(day=TOMORROW + timedelta(days=day), begins=time(9), minutes=60)
        self.ask(FixSlot(inspection_id=THIS, slot=slot, reason=reason), officer_of(body))

    @rule(body=BODIES)
    def ask_again(self, body):
        self.ask(RequestAnotherVisit(inspection_id=THIS, reason="配电间未开"), officer_of(body))

    @rule(outcome=st.sampled_from(ReinspectionOutcome), rounds=st.integers(1, 3))
    def hear_of_the_re_inspection(self, outcome, rounds):
        reported = self.of(RectificationReported)
        following = reported[-1].reinspection.inspection_id if reported else THIS
        command = NoteReinspection(inspection_id=THIS, reinspection_id=following, outcome=outcome, rounds=rounds)
        self.ask(command, PLATFORM)

    @rule()
    def note_late_results(self):
        self.ask(NoteResultOverdue(inspection_id=THIS), PLATFORM)

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
    def nobody_is_invited_twice_unless_it_was_released(self):
        invited: set[str] = set()
        for fact in self.of(InspectionInvited, SiteVisitDropped):
            if isinstance(fact, SiteVisitDropped):
                invited -= {body.code for body in fact.released}
            else:
                assert fact.body.code not in invited
                invited.add(fact.body.code)

    @invariant()
    def an_hour_is_fixed_by_the_lead_among_those_proposed_with_most_of_the_invited(self):
        proposed: tuple[Slot, ...] = ()
        answers: dict[str, tuple[Slot, ...]] = {}
        fixed = False
        for fact in self.facts:
            if isinstance(fact, InspectionRescheduled):
                proposed, answers, fixed = (), {}, False
            elif isinstance(fact, SlotsProposed):
                assert not fixed
                proposed, answers = fact.slots, {}
            elif isinstance(fact, SlotsAnswered):
                assert set(fact.accepts) <= set(proposed)
                answers[fact.body.code] = fact.accepts
            elif isinstance(fact, SlotFixed):
                assert not fixed
                assert fact.slot in proposed
                assert fact.actor.organ == FIRE.code
                assert 2 * len(fact.accepted) > len(fact.bodies)
                assert fact.reason or not fact.others
                for body in fact.accepted:
                    assert body == FIRE or fact.slot in answers[body.code]
                fixed = True

    @invariant()
    def absence_is_deemed_only_under_a_told_clause_and_never_in_a_matter_of_safety(self):
        clauses: dict[str, str | None] = {}
        absent: set[str] = set()
        needs = {}
        for fact in self.facts:
            if isinstance(fact, InspectionPlanned):
                needs = {need.case_id: need for need in fact.cases}
            elif isinstance(fact, SiteVisitAdded):
                needs[fact.need.case_id] = fact.need
            elif isinstance(fact, SiteVisitDropped):
                del needs[fact.need.case_id]
            elif isinstance(fact, InspectionInvited):
                clauses[fact.body.code] = fact.absence_clause
            elif isinstance(fact, InspectionAbsenceNoted):
                absent.add(fact.body.code)
            elif isinstance(fact, InspectionAbsenceDeemed):
                assert fact.clause == clauses[fact.body.code] is not None
                assert fact.body.code in absent
                assert not any(need.safety for need in needs.values())

    @invariant()
    def who_stayed_away_asks_for_nothing_and_owes_no_result(self):
        there: set[str] = set()
        for fact in self.facts:
            if isinstance(fact, InspectionRescheduled):
                there.clear()
            elif isinstance(fact, InspectionCheckedIn):
                there.add(fact.body.code)
            elif isinstance(fact, (AnotherVisitRequested, InspectionResultOverdue)):
                assert fact.body.code in there

    @invariant()
    def each_re_inspection_has_a_stream_of_its_own_one_further_in_the_chain(self):
        following = [fact.reinspection for fact in self.of(RectificationReported)]
        assert len({one.inspection_id for one in following} | {THIS}) == len(following) + 1
        assert {one.round for one in following} <= {1}
        assert len(self.of(ReinspectionNoted)) <= len(following)

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
        noted = self.of(ReinspectionNoted)
        mended = bool(noted) and noted[-1].outcome is ReinspectionOutcome.PASSED
        for fact in self.of(InspectionConcluded):
            absent = {body.code for body in fact.absent}
            deemed = {one.body.code for one in self.of(InspectionAbsenceDeemed)}
            assert {body.code for body in fact.bodies} <= last.keys() | absent
            if fact.outcome is InspectionOutcome.PASSED:
                assert mended or set(last.values()) == {InspectionResult.PASSED}
                assert not (fact.automatic and absent - last.keys() - deemed)
                assert not (fact.automatic and self.of(AnotherVisitRequested))

    @invariant()
    def the_conclusion_names_every_case_that_shared_the_visit_to_the_end(self):
        cases = {CASE}
        for fact in self.of(SiteVisitAdded, SiteVisitDropped):
            (cases.add if isinstance(fact, SiteVisitAdded) else cases.discard)(fact.need.case_id)
        for fact in self.of(InspectionConcluded):
            assert set(fact.case_ids) == cases


TestNoOrderBreaksAnInspection = InspectionLife.TestCase
TestNoOrderBreaksAnInspection.settings = BRIEF
