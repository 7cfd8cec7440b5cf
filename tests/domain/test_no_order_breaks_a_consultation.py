"""会商: no order of commands breaks what must hold."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from domain.consultation import (
    CancelConsultation,
    ConcludeByConference,
    ConcludeConsultation,
    Consultation,
    ConsultationCancelled,
    ConsultationConcluded,
    ConsultationConcludedByConference,
    ConsultationDeclaredComplex,
    ConsultationEscalated,
    ConsultationInvited,
    ConsultationOpinionDeemed,
    ConsultationOpinionExcused,
    ConsultationOpinionFiled,
    ConsultationOpinionOverdue,
    ConsultationOutcome,
    DeclareConsultationComplex,
    EscalateConsultation,
    ExcuseOpinion,
    FileConsultationOpinion,
    NoteOpinionOverdue,
    Opinion,
    RequestConsultation,
)
from domain.kernel.opinions import BINDING
from domain.kernel.words import Adoption, OpinionUse
from tests.domain.consultation_file import CLAUSE, told
from tests.domain.life import BRIEF, Life
from tests.specification import CASE, CASE_NO, DECIDER, EXAMINER, FIRE, HEALTH, HOUSING, PLATFORM, officer_of

ENDINGS = (ConsultationConcluded, ConsultationConcludedByConference, ConsultationCancelled)
REQUEST = RequestConsultation(
    case_id=CASE, case_no=CASE_NO, item_name="食品经营许可", invited=(FIRE, HEALTH), question="能否?", cause="item"
)
WORDS = st.sampled_from(["理由", "理由", None])
BODIES = st.sampled_from([FIRE, HEALTH, FIRE, HEALTH, HOUSING])


class ConsultationLife(Life):
    OF = Consultation

    @initialize(
        safety=st.booleans(), clause=st.sampled_from([CLAUSE, None]), late=st.booleans(),
        spoken=st.tuples(*[st.sampled_from([None, *Opinion])] * 2),
    )  # fmt: skip
    def begin(self, safety, clause, late, spoken):
        """Start anywhere along the usual way, in a city with a clause or without. A clause is told even of safety here,
        and still nothing may be deemed."""
        self.safety = safety
        self.ask(REQUEST.model_copy(update={"safety": safety}), PLATFORM)
        self.facts = told(*self.facts, silence_clause=clause)
        for body, opinion in zip((FIRE, HEALTH), spoken, strict=True):
            if opinion is not None:
                self.file(body, opinion, "理由", "消防法第十五条", "条件")
        if late:
            self.now += timedelta(days=7)

    @rule(invited=st.sampled_from([(FIRE, HEALTH), (FIRE,)]))
    def request(self, invited):
        self.ask(REQUEST.model_copy(update={"invited": invited, "safety": self.safety}), PLATFORM)

    @rule(body=BODIES, opinion=st.sampled_from(Opinion), reason=WORDS, legal_basis=WORDS, conditions=WORDS)
    def file(self, body, opinion, reason, legal_basis, conditions):
        self.ask(
            FileConsultationOpinion(
                consultation_id=REQUEST.stream, opinion=opinion, reason=reason, legal_basis=legal_basis,
                conditions=conditions,
            ),
            officer_of(body),
        )  # fmt: skip

    @rule(body=BODIES)
    def excuse(self, body):
        self.ask(ExcuseOpinion(consultation_id=REQUEST.stream, organ=body.code, reason="不属其管辖"), DECIDER)

    @rule()
    def declare_complex(self):
        self.ask(DeclareConsultationComplex(consultation_id=REQUEST.stream, reason="复杂"), EXAMINER)

    @rule(uses=st.lists(st.tuples(BODIES, st.sampled_from(Adoption)), max_size=3))
    def conclude(self, uses):
        stated = tuple(OpinionUse(organ=body.code, adoption=adoption, answer="已研究") for body, adoption in uses)
        self.ask(ConcludeConsultation(consultation_id=REQUEST.stream, uses=stated, conclusion="可以"), DECIDER)

    @rule(sure=st.integers(0, 4))
    def escalate(self, sure):
        if sure == 4:
            self.ask(EscalateConsultation(consultation_id=REQUEST.stream, reason="分歧"), EXAMINER)

    @rule(
        outcome=st.sampled_from(ConsultationOutcome),
        uses=st.lists(st.tuples(BODIES, st.sampled_from(Adoption)), max_size=3),
    )
    def confer(self, outcome, uses):
        stated = tuple(OpinionUse(organ=body.code, adoption=adoption, answer="已研究") for body, adoption in uses)
        command = ConcludeByConference(
            consultation_id=REQUEST.stream, outcome=outcome, uses=stated, resolution="议定", minutes_no="1"
        )
        self.ask(command, DECIDER)

    @rule(unneeded=st.integers(0, 9))
    def cancel(self, unneeded):
        if unneeded == 9:
            self.ask(CancelConsultation(consultation_id=REQUEST.stream, reason="撤回"), PLATFORM)

    @rule()
    def note(self):
        self.ask(NoteOpinionOverdue(consultation_id=REQUEST.stream), PLATFORM)

    @invariant()
    def nothing_happens_after_the_end(self):
        assert not self.of(*ENDINGS) or self.of(*ENDINGS) == [self.facts[-1]]

    @invariant()
    def nobody_is_invited_or_noted_twice(self):
        for kind in (ConsultationInvited, ConsultationOpinionOverdue):
            codes = [fact.body.code for fact in self.of(kind)]
            assert len(codes) == len(set(codes))

    @invariant()
    def only_the_invited_are_heard(self):
        invited = {fact.body for fact in self.of(ConsultationInvited)}
        assert {fact.body for fact in self.of(ConsultationOpinionFiled)} <= invited

    def last_opinions(self):
        return {fact.body.code: fact.opinion for fact in self.of(ConsultationOpinionFiled)}

    @invariant()
    def no_conclusion_while_an_opinion_is_expected(self):
        settled = {
            fact.body.code
            for fact in self.of(ConsultationOpinionFiled, ConsultationOpinionDeemed, ConsultationOpinionExcused)
        }
        for fact in self.of(ConsultationConcluded):
            assert settled >= {body.code for body in fact.bodies}

    @invariant()
    def no_officer_alone_concludes_a_split_or_overrides_an_objection(self):
        last = self.last_opinions()
        for fact in self.of(ConsultationConcluded):
            objecting = {organ for organ, opinion in last.items() if opinion is Opinion.OBJECT}
            assert not objecting or not {Opinion.AGREE, Opinion.AGREE_WITH_CONDITIONS} & set(last.values())
            adopted = {use.organ for use in fact.uses if use.adoption is not Adoption.NOT_ADOPTED}
            assert objecting <= adopted
            assert bool(objecting) == (fact.outcome is ConsultationOutcome.OBJECTION_ADOPTED)

    @invariant()
    def every_end_hands_over_what_was_said_and_an_answered_one_answers_what_binds(self):
        last = self.last_opinions()
        for fact in self.of(*ENDINGS):
            assert {one.body.code: one.opinion for one in fact.heard} == last
        for fact in self.of(ConsultationConcludedByConference):
            assert {organ for organ, opinion in last.items() if opinion in BINDING} <= {u.organ for u in fact.uses}

    @invariant()
    def silence_is_deemed_only_late_under_a_clause_and_never_in_a_matter_of_safety(self):
        deemed = self.of(ConsultationOpinionDeemed)
        assert not (deemed and self.safety)
        clauses = {fact.body.code: fact.silence_clause for fact in self.of(ConsultationInvited)}
        for fact in deemed:
            assert fact.clause == clauses[fact.body.code] is not None
            assert fact.recorded_at.date() > fact.due_on

    @invariant()
    def nobody_who_has_spoken_is_excused_and_somebody_is_always_asked(self):
        spoken: set[str] = set()
        excused: set[str] = set()
        for fact in self.facts:
            if isinstance(fact, ConsultationOpinionFiled):
                spoken.add(fact.body.code)
                excused.discard(fact.body.code)
            elif isinstance(fact, ConsultationOpinionExcused):
                assert fact.body.code not in spoken
                assert not self.safety
                excused.add(fact.body.code)
        assert len(excused) < len({fact.body.code for fact in self.of(ConsultationInvited)})
        assert len(self.of(ConsultationDeclaredComplex)) <= 1

    @invariant()
    def the_conference_speaks_only_after_an_escalation(self):
        assert len(self.of(ConsultationEscalated)) >= len(self.of(ConsultationConcludedByConference))
        assert len(self.of(ConsultationEscalated)) <= 1


TestNoOrderBreaksAConsultation = ConsultationLife.TestCase
TestNoOrderBreaksAConsultation.settings = BRIEF
