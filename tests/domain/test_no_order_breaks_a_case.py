"""办件: no order of commands, from anybody, on any day, breaks what must hold."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case.case import ApprovalCase
from domain.approval_case.words import (
    ApproverLevel,
    CaseState,
    DenialGround,
    HearingState,
    Opinion,
    Outcome,
    Secrecy,
    TerminationGround,
    Validity,
)
from domain.kernel.aggregate import replay
from domain.kernel.event import Event
from domain.kernel.words import CaseKind, Handling, HearingRule, SpecialProcedure, ToleranceLapse
from domain.rules.dates import business_date
from domain.rules.working_days import working_calendar
from tests.domain.case_file import (
    BY_MACHINE,
    DENY,
    FINDING,
    GRANT,
    MARKET,
    ON_THE_SPOT,
    OTHER_FINDING,
    SUBMIT,
    finding,
    submitted,
    terms,
)
from tests.domain.life import BRIEF, LIVES, Life
from tests.domain.test_approval_case import ALLOWED
from tests.specification import (
    ACCEPTOR,
    APPLICANT,
    CASE,
    DECIDER,
    EXAMINER,
    FIRE,
    HEALTH,
    HOUSING,
    MONDAY,
    PLATFORM,
    SOURCE,
    said,
)

S, H = CaseState, HearingState
# Two people with every role between them: then the wrong one comes often enough.
PEOPLE = st.sampled_from(["acceptor-1", "decider-1"])
FLAGS = st.booleans()
LATER = st.integers(-2, 12)
OUTCOMES = st.sampled_from([*Outcome, Outcome.SUPPORTED, Outcome.SUPPORTED])
FINDINGS = st.sampled_from([FINDING, OTHER_FINDING])
ONCE = (f.Acceptance, f.TimeLimitExtended, f.Decision, f.CaseArchived, f.CaseConcluded, f.LicenseDelivered)
ENDED = (
    f.DecisionGranted, f.DecisionDenied, f.CaseWithdrawn, f.CaseTerminated, f.CorrectionLapsed,
    f.PermitNotRequired, f.AcceptanceRefused, f.ProvisionalApprovalLapsed, f.CaseForwarded,
)  # fmt: skip


def at(*states: CaseState):
    """Asked where it has a chance; what comes in any other place is asked by ``anything``."""
    return precondition(lambda self: self.case.state in states)


class CaseLife(Life):
    OF = ApprovalCase

    @initialize(
        consult=st.sampled_from([(), (FIRE,), (FIRE, HEALTH)]), inspect=st.sampled_from([(), (FIRE, HOUSING)]),
        alone=FLAGS, tolerant=FLAGS, joint=FLAGS, way=st.sampled_from([0, 1, 2, 3, 4, 4, 4, 4]), by=PEOPLE,
        plain=FLAGS, provisional=FLAGS, machine=FLAGS, instant=FLAGS, hearing=st.sampled_from([HearingRule.NONE, *HearingRule]), lapse=st.none() | st.sampled_from(ToleranceLapse), ending=st.none() | OUTCOMES, hold=st.none() | st.integers(0, 2), opinion=st.sampled_from(Opinion),
    )  # fmt: skip
    def begin(self, consult, inspect, alone, tolerant, joint, way, by, plain, provisional, machine, instant, hearing, lapse, ending, hold, opinion):
        """Start anywhere along the usual way, with or without what stands before a decision: chance alone would
        seldom come so far."""
        if plain:
            consult, inspect, hearing = (), (), HearingRule.NONE
        self.terms = terms(
            consult=consult, inspect=inspect, single_officer=alone, tolerance_allowed=tolerant,
            commitment_allowed=tolerant, tolerance_lapse=lapse, hearing=hearing,
            provisional_for=("证",) if provisional else (), machine_rule=BY_MACHINE.rule_version if machine else None,
            kind=CaseKind.INSTANT if instant else CaseKind.PROMISED, handling=Handling.JOINT if joint else Handling.SINGLE, regulators=(MARKET,),
        )  # fmt: skip
        self.facts = (said(submitted(self.terms), by=APPLICANT, stream=CASE, version=1, at=MONDAY),)
        usual = (
            self.receive, lambda: self.tolerate(5, by) if tolerant else self.accept(by),
            lambda: self.assign("examiner-1"), lambda: self.examine(opinion, "examiner-1"),
        )  # fmt: skip
        for step in usual[:way]:
            step()
        if hold is not None:
            self.warn(FINDING, None, hold)
        if ending is not None:
            for cause in list(self.case.demands):
                self.ask(c.NoteConsultation(case_id=CASE, consultation_id=CASE, cause=cause, outcome=ending), PLATFORM)
            if inspect and way > 1:
                self.visit_ends(ending)

    @at(S.SUBMITTED)
    @rule()
    def receive(self):
        self.ask(c.ReceiveMaterial(case_id=CASE, receipt_no="1"), ACCEPTOR)

    @at(S.RECEIVED)
    @rule(days=LATER)
    def request_correction(self, days):
        until = self.today + timedelta(days=days)
        self.ask(c.RequestCorrection(case_id=CASE, missing=("图",), until=until), ACCEPTOR)

    @at(S.AWAITING_CORRECTION)
    @rule()
    def correct(self):
        self.ask(c.SubmitCorrection(case_id=CASE, materials=("图",)), APPLICANT)

    @precondition(lambda self: self.case.state in (S.RECEIVED, S.AWAITING_CORRECTION) or self.case.tolerated)
    @rule(what=st.sampled_from([c.LapseCorrection, c.LapseTolerance, c.DeemAccepted]))
    def time_is_over(self, what):
        self.ask(what(case_id=CASE), PLATFORM)

    @at(S.RECEIVED)
    @rule(by=PEOPLE)
    def accept(self, by):
        self.ask(c.AcceptApplication(case_id=CASE, document_no="1"), ACCEPTOR.model_copy(update={"id": by}))

    @at(S.RECEIVED)
    @rule(days=LATER, by=PEOPLE)
    def tolerate(self, days, by):
        until = self.today + timedelta(days=days)
        command = c.AcceptWithTolerance(case_id=CASE, document_no="1", missing=("图", "证"), until=until)
        self.ask(command, ACCEPTOR.model_copy(update={"id": by}))

    @precondition(lambda self: self.case.tolerated)
    @rule(materials=st.sampled_from([("图",), ("证",), ("图", "证")]))
    def clear(self, materials):
        self.ask(c.ClearTolerance(case_id=CASE, materials=materials), ACCEPTOR)

    @at(S.RECEIVED, S.ACCEPTED, S.EXAMINING, S.EXAMINED, S.SUSPENDED)
    @rule(back=FLAGS)
    def commit_or_take_back(self, back):
        commit = c.FileCommitment(case_id=CASE, commitment="符合")
        self.ask(c.WithdrawCommitment(case_id=CASE, reason="有变") if back else commit, APPLICANT)

    @precondition(lambda self: self.case.must_deny)
    @rule()
    def deny_what_lapsed(self):
        self.deny("decider-1")

    @at(S.ACCEPTED)
    @rule(examiner=st.sampled_from(["acceptor-1", "decider-1", "examiner-1"]))
    def assign(self, examiner):
        self.ask(c.AssignCase(case_id=CASE, examiner=examiner), DECIDER)

    @at(S.EXAMINING)
    @rule(opinion=st.sampled_from([*Opinion, Opinion.PASS]), by=st.sampled_from(["acceptor-1", "examiner-1"]))
    def examine(self, opinion, by):
        command = c.RecordExaminationOpinion(case_id=CASE, opinion=opinion, grounds="材料齐全")
        self.ask(command, EXAMINER.model_copy(update={"id": by}))

    @at(S.EXAMINING, S.EXAMINED)
    @rule()
    def send_back(self):
        self.ask(c.ReturnStage(case_id=CASE, reason="存疑"), DECIDER)

    @at(S.EXAMINING, S.EXAMINED)
    @rule(days=LATER, procedure=st.sampled_from(SpecialProcedure))
    def pause(self, days, procedure):
        planned_end = self.today + timedelta(days=days)
        self.ask(
            c.StartSpecialProcedure(case_id=CASE, procedure=procedure, notice_no="1", planned_end=planned_end), EXAMINER
        )

    @at(S.SUSPENDED)
    @rule(procedure=st.sampled_from(SpecialProcedure))
    def pause_beside(self, procedure):
        self.pause(3, procedure)

    @at(S.SUSPENDED)
    @rule(data=st.data())
    def resume(self, data):
        procedure = data.draw(st.none() | st.sampled_from(list(self.case.procedures)))
        self.ask(c.EndSpecialProcedure(case_id=CASE, result="通过", procedure=procedure), EXAMINER)

    @at(S.ACCEPTED, S.EXAMINING, S.EXAMINED, S.SUSPENDED)
    @rule(
        what=st.sampled_from(["tell", "ask", "waive", "schedule", "replace", "hold", "lapse", "party", "statement"]),
        who=st.sampled_from(["甲", "乙"]), chair=st.sampled_from(["examiner-1", "chair-1", "decider-1"]),
    )  # fmt: skip
    def hearing_goes_on(self, what, who, chair):
        later = self.today + timedelta(days=12)
        if what == "hold" and self.case.hearing.held_on:
            self.now += max(timedelta(0), timedelta(days=(self.case.hearing.held_on - self.today).days))
        command = {
            "tell": c.GiveHearingNotice(case_id=CASE, notice_no="1", parties=("甲", "乙"), reason="重大利益"),
            "ask": c.RequestHearing(case_id=CASE, party=who),
            "waive": c.WaiveHearing(case_id=CASE, party=who),
            "schedule": c.ScheduleHearing(case_id=CASE, held_on=later, place="厅", chair=chair, notice_no="1"),
            "replace": c.ReplaceHearingChair(case_id=CASE, chair=chair, reason="回避"),
            "hold": c.HoldHearing(case_id=CASE, minutes_no="笔录1", signed_by=("甲",), conclusion="已陈述"),
            "lapse": c.LapseHearing(case_id=CASE),
            "party": c.NotifyInterestedParty(
                case_id=CASE, party=who, interest="采光", notice_no="1", answer_by=self.today + timedelta(days=3)
            ),
            "statement": c.HearStatement(case_id=CASE, party=who, statement="不同意"),
        }[what]
        self.ask(command, PLATFORM if what == "lapse" else EXAMINER)

    @at(S.RECEIVED, S.PROVISIONAL, S.PROVISIONALLY_APPROVED, S.ACCEPTED, S.EXAMINED)
    @rule(
        what=st.sampled_from(["begin", "examine", "opine", "supply", "confirm", "take back", "lapse"]), by=PEOPLE,
        opinion=st.sampled_from([*Opinion, Opinion.PASS]), days=LATER,
    )  # fmt: skip
    def provisional_approval_goes_on(self, what, by, opinion, days):
        until = self.today + timedelta(days=days)
        role, command = {
            "begin": (
                ACCEPTOR, c.AcceptProvisionally(case_id=CASE, notice_no="1", outstanding=("证",), until=until)
            ),
            "examine": (EXAMINER, c.ExamineProvisionally(case_id=CASE, opinion=opinion, grounds="符合")),
            "opine": (
                DECIDER,
                c.IssueProvisionalOpinion(case_id=CASE, opinion_no="模1", content="可准予", valid_until=until),
            ),
            "supply": (APPLICANT, c.SupplyOutstanding(case_id=CASE, materials=("证",))),
            "confirm": (
                DECIDER,
                c.ConfirmProvisional(
                    case_id=CASE, document_no="1", content="准予", validity=Validity(valid_from=self.today),
                    minutes_no=self.case.hearing.minutes_no,
                ),
            ),
            "take back": (DECIDER, c.WithdrawProvisionalOpinion(case_id=CASE, reason="规划调整")),
            "lapse": (PLATFORM, c.LapseProvisional(case_id=CASE)),
        }[what]  # fmt: skip
        self.ask(command, role if role is PLATFORM else role.model_copy(update={"id": by}))

    @at(S.PROVISIONAL, S.PROVISIONALLY_APPROVED)
    @rule(by=PEOPLE)
    def everything_comes_and_is_confirmed(self, by):
        """Chance alone would seldom come so far."""
        for what in ("examine", "opine", "supply"):
            self.provisional_approval_goes_on(what, by, Opinion.PASS, 9)
        self.accept("acceptor-2")
        self.provisional_approval_goes_on("confirm", by, Opinion.PASS, 9)

    @at(S.EXAMINED)
    @rule(
        chair=st.sampled_from(["examiner-1", "chair-1"]), waived=FLAGS, named=FLAGS, granting=FLAGS, by=PEOPLE,
    )  # fmt: skip
    def a_hearing_runs_its_course(self, chair, waived, named, granting, by):
        """Chance alone would seldom come so far; every step may still be refused."""
        self.hearing_goes_on("tell", "甲", chair)
        for step, who in (("waive", "甲"), ("waive", "乙")) if waived else (("ask", "甲"),):
            self.hearing_goes_on(step, who, chair)
        if not waived:
            for step in ("schedule", "hold"):
                self.hearing_goes_on(step, "甲", chair)
        if named:
            self.clear_the_way_and_decide(by, Outcome.SUPPORTED, granting)
        else:
            self.ask(GRANT if granting else DENY, DECIDER)

    @at(S.RECEIVED)
    @rule(by=PEOPLE, opinion=st.sampled_from([*Opinion, Opinion.PASS]), early=FLAGS, taken_back=FLAGS)
    def a_provisional_approval_runs_its_course(self, by, opinion, early, taken_back):
        for step in ("begin", "examine", "opine"):
            self.provisional_approval_goes_on(step, "decider-1" if step == "opine" else by, opinion, 9)
        if early:
            self.provisional_approval_goes_on("confirm", by, opinion, 9)
        self.provisional_approval_goes_on("supply", by, opinion, 9)
        if early:
            self.provisional_approval_goes_on("confirm", by, opinion, 9)
        self.accept("acceptor-1")
        if taken_back:
            self.provisional_approval_goes_on("take back", by, opinion, 9)
        for cause in [cause for cause, told in self.case.consultations.items() if told is None]:
            self.ask(
                c.NoteConsultation(case_id=CASE, consultation_id=CASE, cause=cause, outcome=Outcome.SUPPORTED), PLATFORM
            )
        self.provisional_approval_goes_on("confirm", "decider-1", opinion, 9)

    @at(S.SUBMITTED, S.RECEIVED)
    @rule(met=FLAGS)
    def decide_by_machine(self, met):
        point = BY_MACHINE.points[0].model_copy(update={"met": met})
        self.ask(BY_MACHINE.model_copy(update={"points": (point,)}), SOURCE)

    @at(S.SUBMITTED, S.RECEIVED)
    @rule()
    def handle_on_the_spot(self):
        self.ask(ON_THE_SPOT, ACCEPTOR)

    @at(S.EXAMINING, S.EXAMINED)
    @rule(days=st.sampled_from([5, 10, 15, 16]), approver=st.sampled_from(ApproverLevel))
    def extend(self, days, approver):
        command = c.ExtendTimeLimit(
            case_id=CASE, days=days, approver=approver, reason="需补充核验", applicant_told_on=self.today
        )
        self.ask(command, EXAMINER)

    @rule(id=FINDINGS, consult=st.sampled_from([None, HEALTH]), hold=st.none() | st.integers(0, 20))
    def warn(self, id, consult, hold):
        until = None if hold is None else self.today + timedelta(days=hold)
        self.ask(finding(finding_id=id, consult=consult, hold_until=until), PLATFORM)

    @rule(id=FINDINGS)
    def answer(self, id):
        self.ask(c.NoteFindingAnswered(case_id=CASE, finding_id=id, result="已处置"), PLATFORM)

    @rule(outcome=OUTCOMES, data=st.data())
    def consultation_ends(self, outcome, data):
        cause = data.draw(st.sampled_from(["quality", *self.case.demands]))
        self.ask(c.NoteConsultation(case_id=CASE, consultation_id=CASE, cause=cause, outcome=outcome), PLATFORM)

    @rule(outcome=OUTCOMES)
    def visit_ends(self, outcome):
        self.ask(c.NoteInspection(case_id=CASE, inspection_id=CASE, outcome=outcome), PLATFORM)

    @at(S.EXAMINED)
    @rule(by=PEOPLE)
    def grant(self, by):
        command = c.GrantLicense(
            case_id=CASE, document_no="1", content="准予", validity=Validity(valid_from=self.today),
            minutes_no=self.case.hearing.minutes_no,
        )  # fmt: skip
        self.ask(command, DECIDER.model_copy(update={"id": by}))

    @at(S.EXAMINED)
    @rule(by=PEOPLE)
    def deny(self, by):
        command = c.DenyLicense(
            case_id=CASE, document_no="1", reasons="不符合法定条件和标准", remedy_notice="可复议",
            minutes_no=self.case.hearing.minutes_no,
        )  # fmt: skip
        self.ask(command, DECIDER.model_copy(update={"id": by}))

    @at(S.RECEIVED)
    @rule(days=st.integers(6, 14))
    def silence(self, days):
        self.now += timedelta(days=days)
        self.ask(c.DeemAccepted(case_id=CASE), PLATFORM)

    @at(S.EXAMINED)
    @rule(by=PEOPLE, outcome=st.sampled_from([Outcome.SUPPORTED, Outcome.CANCELLED]), granting=FLAGS)
    def clear_the_way_and_decide(self, by, outcome, granting):
        for cause in [cause for cause, told in self.case.consultations.items() if told is None]:
            self.ask(c.NoteConsultation(case_id=CASE, consultation_id=CASE, cause=cause, outcome=outcome), PLATFORM)
        if self.case.visit is False:
            self.visit_ends(outcome)
        (self.grant if granting else self.deny)(by)

    @at(S.GRANTED, S.DENIED, S.DELIVERED, S.CONCLUDED, S.WITHDRAWN, S.TERMINATED)
    @rule(
        what=st.sampled_from(
            [
                c.IssueLicense(case_id=CASE, license_no="1"), c.DeliverLicense(case_id=CASE, how="邮寄"),
                c.WithholdPublication(case_id=CASE, secrecy=Secrecy.PRIVACY, reason="隐私"),
                c.PublishDecision(case_id=CASE, where="网站"), c.ConcludeCase(case_id=CASE),
                c.ArchiveCase(case_id=CASE, archive_no="1"),
            ]
        )
    )  # fmt: skip
    def after_the_decision(self, what):
        self.ask(what, DECIDER)

    @precondition(lambda self: len(self.facts) > 10)
    @rule(
        what=st.sampled_from(
            [c.WithdrawApplication(case_id=CASE, reason="撤"), c.TerminateCase(case_id=CASE, ground_code=TerminationGround.OTHER, ground="x")]
        )
    )
    def end(self, what):
        self.ask(what, ACCEPTOR)

    @rule(command=st.sampled_from(sorted(ALLOWED, key=lambda command: command.NAME)))
    def anything(self, command):
        self.ask(command, ALLOWED[command][0])

    @rule()
    def submit_again(self):
        assert self.ask(SUBMIT, APPLICANT) == ()

    @property
    def today(self) -> date:
        return business_date(self.now)

    @property
    def case(self) -> ApprovalCase:
        if self.known.version != len(self.facts):
            self.known = replay(ApprovalCase, CASE, self.facts)
        return self.known

    known = ApprovalCase(CASE)

    def before(self, decision: Event) -> ApprovalCase:
        """The case as it stood when the decision was taken."""
        return replay(ApprovalCase, CASE, self.facts[: decision.originator_version - 1])

    def after_examination(self) -> list[Event]:
        """Every decision but a denial of what never came, which needs no examination."""
        late = {fact.ground for fact in self.of(f.DecisionDenied)} == {DenialGround.MATERIALS_NEVER_CAME}
        return [] if late else self.of(f.Decision)

    @invariant()
    def what_can_happen_once_happened_once(self):
        for kind in ONCE:
            assert len(self.of(kind)) <= 1, kind

    @invariant()
    def nothing_is_decided_after_an_end(self):
        ends = self.of(*ENDED) + [
            fact for fact in self.of(f.ToleranceLapsed) if fact.outcome is ToleranceLapse.TERMINATE
        ]  # fmt: skip
        assert len(ends) <= 1
        state = self.case.state
        if self.of(f.DecisionGranted):
            assert state in (S.GRANTED, S.DELIVERED, S.CONCLUDED, S.ARCHIVED)
        if self.of(f.DecisionDenied):
            assert state in (S.DENIED, S.CONCLUDED, S.ARCHIVED)

    @invariant()
    def whoever_accepted_neither_examined_nor_decided_unless_the_item_allows_it(self):
        accepted = [fact.actor.id for fact in self.of(f.ApplicationAccepted, f.ToleranceAccepted)]
        if not self.terms.single_officer and not self.of(f.CheckedByMachine):
            others = {fact.actor.id for fact in self.of(f.ExaminationOpinionRecorded, f.Decision)}
            assert not others & set(accepted)

    @invariant()
    def nothing_is_decided_with_a_demand_outstanding(self):
        for decision in self.after_examination():
            past = self.facts[: decision.originator_version - 1]
            asked = {fact.cause for fact in past if isinstance(fact, f.ConsultationRequired)}
            told = {fact.cause for fact in past if isinstance(fact, f.ConsultationNoted)}
            assert asked <= told
            visits = [fact for fact in past if isinstance(fact, (f.SiteVisitRequired, f.InspectionNoted))]
            assert not visits or isinstance(visits[-1], f.InspectionNoted)
            if self.terms.consult:
                outcomes = [
                    fact.outcome for fact in past
                    if isinstance(fact, f.ConsultationNoted) and fact.cause.startswith("item")
                ]  # fmt: skip
                assert set(outcomes) & {Outcome.SUPPORTED, Outcome.OBJECTED}, "a consultation took place"
            if self.terms.inspect and isinstance(decision, f.DecisionGranted):
                assert visits[-1].outcome is Outcome.SUPPORTED

    @invariant()
    def nothing_is_decided_under_a_hold(self):
        for decision in self.of(f.Decision):
            holds = self.before(decision).holds.values()
            assert all(business_date(decision.occurred_at) > until for until in holds)

    @invariant()
    def a_provisional_opinion_is_no_decision_and_only_one_that_stands_is_confirmed(self):
        if self.case.state in (S.PROVISIONAL, S.PROVISIONALLY_APPROVED):
            assert not self.of(f.Decision, f.Acceptance)
            assert self.case.day_zero is None, "no clock of the law runs"
        for decision in self.of(f.DecisionGranted):
            if decision.provisional_no is not None:
                told = [
                    fact for fact in self.facts[: decision.originator_version - 1]
                    if isinstance(fact, (f.ProvisionalOpinionIssued, f.ProvisionalOpinionWithdrawn))
                ]  # fmt: skip
                assert isinstance(told[-1], f.ProvisionalOpinionIssued)
                assert business_date(decision.occurred_at) <= told[-1].valid_until
        assert len(self.of(f.ProvisionallyAccepted)) <= 1

    @invariant()
    def nothing_is_decided_before_its_acceptance(self):
        for decision in self.of(f.Decision):
            assert any(isinstance(fact, f.Acceptance) for fact in self.facts[: decision.originator_version - 1])

    @invariant()
    def a_machine_only_grants_and_only_with_every_point_met(self):
        for decision in self.of(f.Decision):
            checks = self.of(f.CheckedByMachine)
            assert (decision.rule_version is not None) == bool(checks)
            if checks:
                assert isinstance(decision, f.DecisionGranted)
                assert all(point.met for check in checks for point in check.points)
        assert not (self.of(f.CheckedByMachine) and self.of(f.HandedToOfficer))

    @invariant()
    def a_decision_follows_the_minutes_of_its_hearing_and_none_is_under_way(self):
        for decision in self.after_examination():
            past = self.facts[: decision.originator_version - 1]
            held = [fact.minutes_no for fact in past if isinstance(fact, f.HearingHeld)]
            assert [decision.minutes_no] == (held or [None])
            assert self.before(decision).hearing.state not in (H.NOTICED, H.REQUESTED, H.SCHEDULED)
            if self.terms.hearing is HearingRule.MANDATORY:
                assert held
            if self.terms.hearing is HearingRule.ON_REQUEST:
                assert held or [fact for fact in past if isinstance(fact, (f.HearingLapsed, f.HearingWaived))]

    @invariant()
    def whoever_chaired_the_hearing_did_not_examine(self):
        for held in self.of(f.HearingHeld):
            opinions = [fact.actor.id for fact in self.of(f.ExaminationOpinionRecorded)]
            assert held.chair not in opinions

    @invariant()
    def nothing_is_granted_on_a_negative_opinion_or_with_materials_missing(self):
        for grant in self.of(f.DecisionGranted):
            past = self.facts[: grant.originator_version - 1]
            looked = (f.ExaminationOpinionRecorded, f.ProvisionallyExamined)
            opinions = [fact.opinion for fact in past if isinstance(fact, looked)]
            assert opinions[-1] is Opinion.PASS
            missing = {m for fact in past if isinstance(fact, f.ToleranceAccepted) for m in fact.missing}
            assert missing <= {m for fact in past if isinstance(fact, f.ToleranceCleared) for m in fact.materials}

    @invariant()
    def what_lapsed_for_a_denial_is_never_granted_or_cleared(self):
        for lapse in self.of(f.ToleranceLapsed):
            after = self.facts[lapse.originator_version :]
            assert not [fact for fact in after if isinstance(fact, (f.DecisionGranted, f.ToleranceCleared))]

    @invariant()
    def a_grant_rests_on_a_commitment_only_while_nobody_took_it_back(self):
        for grant in self.of(f.DecisionGranted):
            past = self.facts[: grant.originator_version - 1]
            told = [fact for fact in past if isinstance(fact, (f.CommitmentFiled, f.CommitmentWithdrawn))]
            assert grant.by_commitment == bool(told and isinstance(told[-1], f.CommitmentFiled))

    @invariant()
    def due_dates_follow_from_the_facts_alone_and_never_from_the_clock_that_reads_them(self):
        calendar = working_calendar()
        for fact in self.of(f.Acceptance):
            receipt = [
                business_date(one.occurred_at) for one in self.facts[: fact.originator_version - 1]
                if isinstance(one, (f.MaterialReceived, f.CorrectionSubmitted))
            ][-1]  # fmt: skip
            deemed = isinstance(fact, f.AcceptanceDeemed)
            assert fact.day_zero == (receipt if deemed else business_date(fact.occurred_at))
            assert fact.statutory_due == calendar.due_date(fact.day_zero, fact.statutory_days)
            assert fact.promised_due == calendar.due_date(fact.day_zero, fact.promised_days)

    @invariant()
    def the_clock_stands_still_while_one_of_the_eight_procedures_runs_and_at_no_other_time(self):
        running: dict[SpecialProcedure, date] = {}
        paused: list[tuple[date, date]] = []
        begun = None
        for fact in self.of(f.SpecialProcedureStarted, f.SpecialProcedureEnded):
            if isinstance(fact, f.SpecialProcedureStarted):
                begun = begun if running else fact.started_on
                running[fact.procedure] = fact.started_on
                continue
            del running[fact.procedure]
            if not running:
                paused.append((begun, fact.ended_on))
        assert self.case.pauses == tuple(paused)
        assert all(first <= last for first, last in paused)
        if self.case.state in (S.EXAMINING, S.EXAMINED, S.SUSPENDED):
            assert bool(running) == (self.case.state is S.SUSPENDED)

    @invariant()
    def every_demand_of_the_item_was_raised_with_the_acceptance(self):
        if self.of(f.Acceptance):
            assert bool(self.terms.consult) == ("item" in self.case.demands)
            assert bool(self.terms.inspect) <= bool(self.of(f.SiteVisitRequired))


TestCaseLife = CaseLife.TestCase
TestCaseLife.settings = settings(BRIEF, max_examples=2 * LIVES)
