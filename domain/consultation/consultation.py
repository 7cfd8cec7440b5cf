"""The consultation itself: decides its commands and folds its facts."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from domain.consultation import commands as c
from domain.consultation import facts as f
from domain.consultation import refusals as r
from domain.consultation.words import BINDING, ConsultationOutcome, ConsultationState, Opinion
from domain.kernel.aggregate import Aggregate, Facts, Given
from domain.kernel.time import due_by
from domain.kernel.words import Adoption, Body, OpinionUse

S = ConsultationState


class Consultation(Aggregate):
    """会商。"""

    NAME = "consultation"
    ZH = "会商"

    state: ConsultationState
    request: f.ConsultationRequested

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.opinions: dict[str, f.ConsultationOpinionFiled] = {}
        self.noted_overdue: set[str] = set()

    @property
    def invited(self) -> dict[str, Body]:
        return {body.code: body for body in self.request.invited}

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(code for code in self.invited if code not in self.opinions)

    @property
    def objecting(self) -> tuple[str, ...]:
        return tuple(code for code, filed in self.opinions.items() if filed.opinion is Opinion.OBJECT)

    def ask(self, command: c.RequestConsultation, given: Given) -> Facts:
        if self.version:
            known = self.request
            if any(getattr(known, n) != getattr(command, n) for n in c.RequestConsultation.model_fields):
                raise r.RequestedOtherwise(case_no=command.case_no, cause=command.cause)
            return
        limit = "consultation_reply_complex" if command.complex else "consultation_reply"
        due = due_by(limit, given.today)
        asked = {n: getattr(command, n) for n in c.RequestConsultation.model_fields}
        yield f.ConsultationRequested(**asked, due_on=due)
        told = {name: value for name, value in asked.items() if name != "invited"}
        for body in self.invited.values():
            yield f.ConsultationInvited(**told, consultation_id=self.id, body=body, due_on=due)

    def take(self, command: c.FileConsultationOpinion, given: Given) -> Facts:
        body = self._invited(given.by.organ)
        # An opinion that arrives after the escalation is still heard: the conference decides on it.
        self.must_be(command, self.state, S.OPINIONS_OPEN, S.ESCALATED)
        if command.opinion is Opinion.OBJECT and not (command.reason and command.legal_basis):
            raise r.ObjectionNeedsGrounds()
        if command.opinion is Opinion.AGREE_WITH_CONDITIONS and not command.conditions:
            raise r.ConditionsMissing()
        stated = command.model_dump(exclude={"consultation_id"})
        earlier = self.opinions.get(body.code)
        if earlier is not None and stated == {name: getattr(earlier, name) for name in stated}:
            return
        yield f.ConsultationOpinionFiled(
            **self._of_case, body=body, **stated, late=self._is_past_due(given.today),
            supersedes=earlier.originator_version if earlier else None,
        )  # fmt: skip
        if self.state is S.OPINIONS_OPEN and not self.missing and not self.objecting:
            yield self._concluded((), "受邀部门均已反馈,无反对意见。Every body answered and none objects.", True)

    def conclude(self, command: c.ConcludeConsultation, given: Given) -> Facts:
        self.must_be(command, self.state, S.OPINIONS_OPEN)
        if self.missing:
            raise r.OpinionsMissing(organs=self.missing)
        answered = {self._invited(use.organ).code for use in command.uses}
        for organ, filed in self.opinions.items():
            if filed.opinion in BINDING and organ not in answered:
                raise r.OpinionUnanswered(organ=filed.body, opinion=filed.opinion)
        yield self._concluded(command.uses, command.conclusion, False)

    def escalate(self, command: c.EscalateConsultation, given: Given) -> Facts:
        if self.state is S.ESCALATED:
            return
        self.must_be(command, self.state, S.OPINIONS_OPEN)
        yield f.ConsultationEscalated(
            **self._of_case, bodies=self.request.invited, missing=self.missing, objecting=self.objecting,
            reason=command.reason,
        )  # fmt: skip

    def confer(self, command: c.ConcludeByConference, given: Given) -> Facts:
        self.must_be(command, self.state, S.ESCALATED)
        yield f.ConsultationConcludedByConference(
            **self._of_case, bodies=self.request.invited, **command.model_dump(exclude={"consultation_id"})
        )

    def cancel(self, command: c.CancelConsultation, given: Given) -> Facts:
        if self.state is S.CANCELLED:
            return
        self.must_be(command, self.state, S.OPINIONS_OPEN, S.ESCALATED)
        yield f.ConsultationCancelled(**self._of_case, bodies=self.request.invited, reason=command.reason)

    def note_overdue(self, command: c.NoteOpinionOverdue, given: Given) -> Facts:
        # A timer may fire after the last opinion came in: then there is nothing to note, and nothing is wrong.
        if self.state not in (S.OPINIONS_OPEN, S.ESCALATED):
            return
        if not self._is_past_due(given.today):
            raise r.OpinionNotYetDue(due_on=self.request.due_on, today=given.today)
        for organ in self.missing:
            if organ not in self.noted_overdue:
                yield f.ConsultationOpinionOverdue(
                    **self._of_case, consultation_id=self.id, body=self.invited[organ], due_on=self.request.due_on
                )

    def was_requested(self, fact: f.ConsultationRequested) -> None:
        self.request = fact
        self.state = S.REQUESTED

    def was_opened(self, fact: f.ConsultationInvited) -> None:
        self.state = S.OPINIONS_OPEN

    def was_filed(self, fact: f.ConsultationOpinionFiled) -> None:
        self.opinions[fact.body.code] = fact

    def was_overdue(self, fact: f.ConsultationOpinionOverdue) -> None:
        self.noted_overdue.add(fact.body.code)

    def was_concluded(self, fact: f.ConsultationConcluded) -> None:
        self.state = S.CONCLUDED

    def was_escalated(self, fact: f.ConsultationEscalated) -> None:
        self.state = S.ESCALATED

    def was_conferred(self, fact: f.ConsultationConcludedByConference) -> None:
        self.state = S.CONCLUDED_BY_CONFERENCE

    def was_cancelled(self, fact: f.ConsultationCancelled) -> None:
        self.state = S.CANCELLED

    @property
    def _of_case(self) -> dict[str, UUID | str]:
        return {"case_id": self.request.case_id, "case_no": self.request.case_no, "cause": self.request.cause}

    def _is_past_due(self, today: date) -> bool:
        return self.request.due_on is not None and today > self.request.due_on

    def _invited(self, organ: str) -> Body:
        if organ not in self.invited:
            raise r.NotInvited(organ=organ)
        return self.invited[organ]

    def _concluded(self, uses: tuple[OpinionUse, ...], conclusion: str, automatic: bool) -> f.ConsultationConcluded:
        adopted = {use.organ for use in uses if use.adoption is not Adoption.NOT_ADOPTED}
        if self.objecting:
            outcome = (
                ConsultationOutcome.OBJECTION_ADOPTED if adopted.intersection(self.objecting)
                else ConsultationOutcome.OBJECTION_ANSWERED
            )  # fmt: skip
        elif any(filed.opinion is Opinion.AGREE_WITH_CONDITIONS for filed in self.opinions.values()):
            outcome = ConsultationOutcome.AGREED_WITH_CONDITIONS
        else:
            outcome = ConsultationOutcome.AGREED
        return f.ConsultationConcluded(
            **self._of_case, bodies=self.request.invited, outcome=outcome, uses=uses, conclusion=conclusion,
            automatic=automatic,
        )  # fmt: skip
