"""会商: no order of commands breaks what must hold."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from domain.consultation import (
    CancelConsultation,
    ConcludeByConference,
    ConcludeConsultation,
    ConsultationCancelled,
    ConsultationConcluded,
    ConsultationConcludedByConference,
    ConsultationEscalated,
    ConsultationInvited,
    ConsultationOpinionFiled,
    ConsultationOpinionOverdue,
    ConsultationOutcome,
    EscalateConsultation,
    FileConsultationOpinion,
    NoteOpinionOverdue,
    Opinion,
    RequestConsultation,
)
from domain.kernel.words import Adoption, OpinionUse
from tests.domain.life import BRIEF, Life
from tests.specification import CASE, CASE_NO, DECIDER, EXAMINER, FIRE, HEALTH, HOUSING, PLATFORM, officer_of

ENDINGS = (ConsultationConcluded, ConsultationConcludedByConference, ConsultationCancelled)
REQUEST = RequestConsultation(
    case_id=CASE, case_no=CASE_NO, item_name="食品经营许可", invited=(FIRE, HEALTH), question="能否?", cause="item"
)
WORDS = st.sampled_from(["理由", "理由", None])
BODIES = st.sampled_from([FIRE, HEALTH, FIRE, HEALTH, HOUSING])


class ConsultationLife(Life):
    @initialize()
    def begin(self):
        self.ask(REQUEST, PLATFORM)

    @rule(invited=st.sampled_from([(FIRE, HEALTH), (FIRE,)]))
    def request(self, invited):
        self.ask(REQUEST.model_copy(update={"invited": invited}), PLATFORM)

    @rule(body=BODIES, opinion=st.sampled_from(Opinion), reason=WORDS, legal_basis=WORDS, conditions=WORDS)
    def file(self, body, opinion, reason, legal_basis, conditions):
        self.ask(
            FileConsultationOpinion(
                consultation_id=REQUEST.stream, opinion=opinion, reason=reason, legal_basis=legal_basis,
                conditions=conditions,
            ),
            officer_of(body),
        )  # fmt: skip

    @rule(uses=st.lists(st.tuples(BODIES, st.sampled_from(Adoption)), max_size=3))
    def conclude(self, uses):
        stated = tuple(OpinionUse(organ=body.code, adoption=adoption, answer="已研究") for body, adoption in uses)
        self.ask(ConcludeConsultation(consultation_id=REQUEST.stream, uses=stated, conclusion="可以"), DECIDER)

    @rule()
    def escalate(self):
        self.ask(EscalateConsultation(consultation_id=REQUEST.stream, reason="分歧"), EXAMINER)

    @rule(outcome=st.sampled_from(ConsultationOutcome))
    def confer(self, outcome):
        command = ConcludeByConference(
            consultation_id=REQUEST.stream, outcome=outcome, resolution="议定", minutes_no="1"
        )
        self.ask(command, DECIDER)

    @rule()
    def cancel(self):
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

    @invariant()
    def no_conclusion_without_every_opinion_and_an_answer_to_each_objection(self):
        last = {fact.body.code: fact.opinion for fact in self.of(ConsultationOpinionFiled)}
        for fact in self.of(ConsultationConcluded):
            assert last.keys() == {body.code for body in fact.bodies}
            answered = {use.organ for use in fact.uses}
            assert {organ for organ, opinion in last.items() if opinion is Opinion.OBJECT} <= answered

    @invariant()
    def the_conference_speaks_only_after_an_escalation(self):
        assert len(self.of(ConsultationEscalated)) >= len(self.of(ConsultationConcludedByConference))
        assert len(self.of(ConsultationEscalated)) <= 1


TestNoOrderBreaksAConsultation = ConsultationLife.TestCase
TestNoOrderBreaksAConsultation.settings = BRIEF
