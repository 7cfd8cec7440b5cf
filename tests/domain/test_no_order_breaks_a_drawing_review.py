"""联合审图: no order of commands breaks what must hold."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from domain.joint_inspection import JointInspection
from domain.joint_inspection.commands import (
    AssignDisciplines,
    ConcludeInspection,
    IssueRectificationNotice,
    NoteAbsence,
    NoteReinspection,
    PlanJointInspection,
    RecordDrawingReview,
    ReportRectified,
    SubmitDrawings,
)
from domain.joint_inspection.facts import (
    DisciplinesAssigned,
    DrawingReviewed,
    DrawingsSubmitted,
    InspectionCheckedIn,
    InspectionConcluded,
    RectificationNoticeIssued,
    RectificationReported,
    ReinspectionNoted,
)
from domain.joint_inspection.words import (
    Discipline,
    DrawingSet,
    InspectionOutcome,
    InspectionResult,
    ReinspectionOutcome,
    Seat,
    SiteVisitNeed,
    Window,
)
from domain.kernel.words import InspectionKind
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
    PLATFORM,
    SHOP,
    officer_of,
)

TOMORROW = MONDAY.date() + timedelta(days=1)
PLAN = PlanJointInspection(
    cause="1", site=SHOP, window=Window(first=TOMORROW, last=TOMORROW + timedelta(days=2)), lead=FIRE,
    cases=(SiteVisitNeed(case_id=CASE, case_no=CASE_NO, bodies=(FIRE, HEALTH)),), kind=InspectionKind.DRAWING_REVIEW,
)  # fmt: skip
THIS = PLAN.stream
SETS = {n: DrawingSet(version=n, digest=f"{n:064x}", sheets=10) for n in (1, 2, 3)}
BODIES = st.sampled_from([FIRE, HEALTH, FIRE, HEALTH, HOUSING])
DISCIPLINES = st.sampled_from([Discipline.GENERAL, Discipline.FIRE, Discipline.HEATING])
FOUND = st.sampled_from([(), (), ("疏散宽度不足",), ("排烟管径不足", "无避难间")])
SEATS = (Seat(body=FIRE, discipline=Discipline.FIRE), Seat(body=HEALTH, discipline=Discipline.HEATING))


class ReviewLife(Life):
    OF = JointInspection

    @initialize(
        drawn=st.booleans(), seated=st.booleans(), comments=st.sampled_from([None, None, None, (), ("无避难间",)])
    )
    def begin(self, drawn, seated, comments):
        """Start anywhere along the usual way, or chance would seldom come far."""
        self.ask(PLAN, PLATFORM)
        if drawn:
            self.submit(1)
        if seated:
            self.seat(SEATS)
        if comments is not None:
            for body, discipline in ((FIRE, Discipline.FIRE), (HEALTH, Discipline.HEATING)):
                self.sign(body, discipline if seated else Discipline.GENERAL, 1, comments)
            self.notify()

    @rule(version=st.sampled_from([1, 2, 3]))
    def submit(self, version):
        self.ask(SubmitDrawings(inspection_id=THIS, drawings=SETS[version]), ACCEPTOR)

    @rule(seats=st.sampled_from([SEATS, SEATS[:1], (Seat(body=HOUSING, discipline=Discipline.STRUCTURE),)]))
    def seat(self, seats):
        self.ask(AssignDisciplines(inspection_id=THIS, seats=seats), EXAMINER)

    @rule(body=BODIES, discipline=DISCIPLINES, version=st.sampled_from([1, 1, 2]), comments=FOUND)
    def sign(self, body, discipline, version, comments):
        command = RecordDrawingReview(
            inspection_id=THIS, discipline=discipline, digest=SETS[version].digest, comments=comments,
            result=InspectionResult.PROBLEMS if comments else InspectionResult.PASSED, reviewers=("张三",),
        )  # fmt: skip
        self.ask(command, officer_of(body))

    @rule()
    def notify(self):
        self.ask(IssueRectificationNotice(inspection_id=THIS, notice_no="1", rectify_by=self.now.date()), EXAMINER)

    @rule(version=st.sampled_from([None, 1, 2, 3]))
    def report(self, version):
        self.ask(ReportRectified(inspection_id=THIS, statement="已修改", drawings=SETS.get(version)), ACCEPTOR)

    @rule(outcome=st.sampled_from(ReinspectionOutcome))
    def hear_of_the_next_review(self, outcome):
        reported = self.of(RectificationReported)
        following = reported[-1].reinspection.inspection_id if reported else THIS
        command = NoteReinspection(inspection_id=THIS, reinspection_id=following, outcome=outcome, rounds=1)
        self.ask(command, PLATFORM)

    @rule(outcome=st.sampled_from(InspectionOutcome), sure=st.integers(0, 3))
    def conclude(self, outcome, sure):
        if sure == 3:
            self.ask(ConcludeInspection(inspection_id=THIS, outcome=outcome, reason="属实"), DECIDER)

    @rule()
    def note(self):
        self.ask(NoteAbsence(inspection_id=THIS), PLATFORM)

    @invariant()
    def every_review_speaks_of_the_drawings_that_lay_there(self):
        lying = None
        for fact in self.facts:
            if isinstance(fact, DrawingsSubmitted):
                assert lying is None or fact.drawings.version > lying.version
                lying = fact.drawings
            elif isinstance(fact, DrawingReviewed):
                assert fact.drawings == lying

    @invariant()
    def nobody_signs_for_a_discipline_of_another_and_nobody_checks_in(self):
        own = {FIRE.code: {Discipline.GENERAL}, HEALTH.code: {Discipline.GENERAL}}
        for fact in self.facts:
            if isinstance(fact, DisciplinesAssigned):
                own = {body.code: set() for body in (FIRE, HEALTH)}
                for seat in fact.seats:
                    own[seat.body.code].add(seat.discipline)
                own = {code: given_ or {Discipline.GENERAL} for code, given_ in own.items()}
            elif isinstance(fact, DrawingReviewed):
                assert fact.discipline in own[fact.body.code]
        assert not self.of(InspectionCheckedIn)

    @invariant()
    def the_one_notice_holds_every_comment_of_every_discipline(self):
        last = {(fact.body.code, fact.discipline): fact.comments for fact in self.of(DrawingReviewed)}
        notices = self.of(RectificationNoticeIssued)
        assert len(notices) <= 1
        for notice in notices:
            assert [p.text for p in notice.problems] == [text for comments in last.values() for text in comments]
            assert all(problem.discipline for problem in notice.problems)

    @invariant()
    def what_is_reviewed_again_is_newer(self):
        lying = max((fact.drawings.version for fact in self.of(DrawingsSubmitted)), default=0)
        for fact in self.of(RectificationReported):
            assert fact.reinspection.drawings.version > lying

    @invariant()
    def passed_means_that_no_comment_was_left_unmended(self):
        last = {(fact.body.code, fact.discipline): fact.result for fact in self.of(DrawingReviewed)}
        noted = self.of(ReinspectionNoted)
        mended = bool(noted) and noted[-1].outcome is ReinspectionOutcome.PASSED
        for fact in self.of(InspectionConcluded):
            if fact.outcome is InspectionOutcome.PASSED:
                assert mended or set(last.values()) == {InspectionResult.PASSED}


TestNoOrderBreaksADrawingReview = ReviewLife.TestCase
TestNoOrderBreaksADrawingReview.settings = BRIEF
