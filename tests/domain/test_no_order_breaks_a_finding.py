"""监管信息: no order of commands breaks what must hold."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from domain.supervision_finding import (
    FindingDuty,
    FindingHandled,
    FindingKind,
    FindingLinked,
    FindingOverdue,
    FindingReceived,
    FindingReported,
    FindingResult,
    HandleFinding,
    LinkFindingToCase,
    NoteFindingOverdue,
    OpenRectification,
    RectificationConfirmed,
    RectificationDone,
    RectificationOpened,
    RegisterFinding,
    ReportFinding,
    SupervisionFinding,
)
from tests.domain.life import BRIEF, Life
from tests.specification import CASE, CASE_NO, EXAMINER, FIRE, HEALTH, HOLDER, OTHER_CASE, PLATFORM, officer_of

REPORT = ReportFinding(
    organ=FIRE, finding_no="1", kind=FindingKind.COMPLAINT, subject=HOLDER, found_on=date(2026, 3, 2), statement="投诉",
    legal_basis="行政许可法第六十五条",
)  # fmt: skip
THIS = REPORT.stream
OFFICERS = st.sampled_from([officer_of(FIRE), officer_of(FIRE), officer_of(HEALTH)])


class FindingLife(Life):
    OF = SupervisionFinding

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[ReportFinding] = []

    @initialize()
    def begin(self):
        self.send(REPORT, officer_of(FIRE))

    @rule(
        kind=st.sampled_from([FindingKind.COMPLAINT, FindingKind.RECTIFICATION, FindingKind.HOLD_REQUEST]),
        case=st.sampled_from([None, CASE, OTHER_CASE]), statement=st.sampled_from(["投诉", "再次投诉"]), by=OFFICERS,
    )  # fmt: skip
    def report(self, kind, case, statement, by):
        self.send(REPORT.model_copy(update={"kind": kind, "case_id": case, "statement": statement}), by)

    def send(self, command, by):
        told_anew = not self.sent or command.statement != self.sent[-1].statement
        if self.ask(command, by):
            self.sent.append(command)
        elif by.organ == FIRE.code and command.kind is not FindingKind.HOLD_REQUEST:
            assert not told_anew, "a report with other content was dropped"

    @rule(by=st.sampled_from([EXAMINER, officer_of(FIRE)]))
    def register(self, by):
        self.ask(RegisterFinding(finding_id=THIS), by)

    @rule(result=st.sampled_from(FindingResult))
    def handle(self, result):
        self.ask(HandleFinding(finding_id=THIS, result=result, explanation="已处置"), EXAMINER)

    @rule(days=st.none() | st.integers(0, 20), by=OFFICERS)
    def open(self, days, by):
        until = None if days is None else self.now.date() + timedelta(days=days)
        self.ask(OpenRectification(finding_id=THIS, rectify_by=until), by)

    @rule(by=OFFICERS)
    def mend(self, by):
        self.ask(RectificationDone(finding_id=THIS, statement="已整改"), by)

    @rule(duty=st.sampled_from(FindingDuty))
    def note(self, duty):
        self.ask(NoteFindingOverdue(finding_id=THIS, duty=duty), PLATFORM)

    @rule(case=st.sampled_from([CASE, OTHER_CASE]))
    def link(self, case):
        self.ask(LinkFindingToCase(finding_id=THIS, case_id=case, case_no=CASE_NO), PLATFORM)

    @invariant()
    def revisions_are_dense_and_none_is_dropped(self):
        reports = self.of(FindingReported)
        assert [fact.revision for fact in reports] == list(range(1, len(reports) + 1))
        assert [fact.statement for fact in reports] == [command.statement for command in self.sent]
        assert {fact.organ for fact in self.facts} <= {FIRE}

    @invariant()
    def each_revision_is_registered_before_it_is_handled_and_handled_once(self):
        owed = ""
        for fact in self.facts:
            if isinstance(fact, FindingReported):
                owed = "register"
            elif isinstance(fact, FindingReceived):
                assert owed == "register"
                owed = "handle"
            elif isinstance(fact, FindingHandled):
                assert owed == "handle"
                owed = ""

    @invariant()
    def rectification_is_opened_and_confirmed_in_turn(self):
        turns = self.of(RectificationOpened, RectificationConfirmed)
        assert all(isinstance(fact, RectificationOpened) is (n % 2 == 0) for n, fact in enumerate(turns))

    @invariant()
    def a_duty_is_noted_once_for_each_time_it_is_owed_and_never_early(self):
        noted: list[FindingDuty] = []
        for fact in self.facts:
            if isinstance(fact, FindingReported):
                noted = [duty for duty in noted if duty is FindingDuty.RECTIFY]
            elif isinstance(fact, RectificationConfirmed):
                noted = [duty for duty in noted if duty is not FindingDuty.RECTIFY]
            elif isinstance(fact, FindingOverdue):
                assert fact.duty not in noted
                assert fact.recorded_at.date() > fact.due_on
                noted.append(fact.duty)

    @invariant()
    def every_fact_is_about_the_case_last_named_and_a_link_outlives_a_report_without_a_case(self):
        named = None
        for fact in self.facts:
            if isinstance(fact, FindingReported):
                assert fact.resolved is (fact.case_id is not None)
                assert fact.case_id is not None or not isinstance(named, FindingLinked)
            if isinstance(fact, (FindingReported, FindingLinked)):
                named = fact
            assert named is not None
            assert fact.case_id == named.case_id


TestNoOrderBreaksAFinding = FindingLife.TestCase
TestNoOrderBreaksAFinding.settings = BRIEF
