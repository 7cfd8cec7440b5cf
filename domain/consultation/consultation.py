"""The consultation itself: decides its commands and folds its facts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from domain.consultation import commands as c
from domain.consultation import facts as f
from domain.consultation import refusals as r
from domain.consultation.words import ABOUT_OBJECTIONS, ConsultationOutcome, ConsultationState
from domain.kernel.aggregate import Aggregate, Facts, Given
from domain.kernel.deeming import SILENCE, clause_for
from domain.kernel.opinions import BINDING, HeardOpinion, Opinion, unanswered
from domain.kernel.people import Actor
from domain.kernel.time import due_by, handling_region
from domain.kernel.words import Adoption, Body, OpinionUse
from domain.rules.dates import business_date

S = ConsultationState
AGREEING = (Opinion.AGREE, Opinion.AGREE_WITH_CONDITIONS)


class Consultation(Aggregate):
    """会商。"""

    NAME = "consultation"
    ZH = "会商"

    state: ConsultationState
    request: f.ConsultationRequested

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.due_on: date | None = None
        self.complex = False
        self.clauses: dict[str, str] = {}
        self.opinions: dict[str, f.ConsultationOpinionFiled] = {}
        self.excused: set[str] = set()
        self.deemed: set[str] = set()
        self.noted_overdue: set[str] = set()

    @property
    def invited(self) -> dict[str, Body]:
        return {body.code: body for body in self.request.invited}

    @property
    def missing(self) -> tuple[str, ...]:
        """Bodies from which an opinion is still expected."""
        settled = self.opinions.keys() | self.excused | self.deemed
        return tuple(code for code in self.invited if code not in settled)

    @property
    def agreeing(self) -> tuple[str, ...]:
        return tuple(code for code, filed in self.opinions.items() if filed.opinion in AGREEING)

    @property
    def objecting(self) -> tuple[str, ...]:
        return tuple(code for code, filed in self.opinions.items() if filed.opinion is Opinion.OBJECT)

    @property
    def heard(self) -> tuple[HeardOpinion, ...]:
        """The opinions on record, with what the decision will have to answer."""
        return tuple(
            HeardOpinion(body=filed.body, opinion=filed.opinion, stated=filed.conditions or filed.reason)
            for filed in self.opinions.values()
        )

    def ask(self, command: c.RequestConsultation, given: Given) -> Facts:
        if self.version:
            known = self.request
            if any(getattr(known, n) != getattr(command, n) for n in c.RequestConsultation.model_fields):
                raise r.RequestedOtherwise(case_no=command.case_no, cause=command.cause)
            return
        place = _place(command.case_id, given.by, command.region, given)
        due = due_by(_limit(command.complex), given.today, place)
        asked = {n: getattr(command, n) for n in c.RequestConsultation.model_fields}
        yield f.ConsultationRequested(**asked, due_on=due)
        told = {name: value for name, value in asked.items() if name != "invited"}
        for body in self.invited.values():
            yield f.ConsultationInvited(
                **told, consultation_id=self.id, body=body, due_on=due, silence_clause=self._clause(body, given.today)
            )

    def declare_complex(self, command: c.DeclareConsultationComplex, given: Given) -> Facts:
        if self.complex:
            return
        self.must_be(command, self.state, S.OPINIONS_OPEN)
        if self._is_past_due(given.today):
            raise r.ReplyAlreadyDue(due_on=self.due_on)
        place = _place(self.request.case_id, self.request.actor, self.request.region, given)
        yield f.ConsultationDeclaredComplex(
            **self._of_case, consultation_id=self.id, bodies=self.request.invited, reason=command.reason,
            due_on=due_by(_limit(True), business_date(self.request.occurred_at), place),
        )  # fmt: skip

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
        yield from self._settled()

    def excuse(self, command: c.ExcuseOpinion, given: Given) -> Facts:
        body = self._invited(command.organ)
        if body.code in self.excused:
            return
        self.must_be(command, self.state, S.OPINIONS_OPEN, S.ESCALATED)
        if body.code in self.opinions:
            raise r.OpinionAlreadyStated(organ=body, opinion=self.opinions[body.code].opinion)
        if self.request.safety:
            raise r.SafetyOpinionNeeded(organ=body)
        if not self.invited.keys() - self.excused - {body.code}:
            raise r.NobodyLeftToAsk(organ=body)
        yield f.ConsultationOpinionExcused(**self._of_case, consultation_id=self.id, body=body, reason=command.reason)
        yield from self._settled()

    def conclude(self, command: c.ConcludeConsultation, given: Given) -> Facts:
        self.must_be(command, self.state, S.OPINIONS_OPEN)
        if self.missing:
            raise r.OpinionsMissing(organs=self.missing)
        if self.agreeing and self.objecting:
            raise r.OpinionsSplit(agreeing=self.agreeing, objecting=self.objecting)
        self._answered(command.uses)
        for use in command.uses:
            if use.organ in self.objecting and use.adoption is Adoption.NOT_ADOPTED:
                raise r.OverridingNeedsConference(organ=self.invited[use.organ])
        yield self._concluded(command.uses, command.conclusion, False)

    def escalate(self, command: c.EscalateConsultation, given: Given) -> Facts:
        if self.state is S.ESCALATED:
            return
        self.must_be(command, self.state, S.OPINIONS_OPEN)
        yield self._escalated(command.reason)

    def confer(self, command: c.ConcludeByConference, given: Given) -> Facts:
        self.must_be(command, self.state, S.ESCALATED)
        self._answered(command.uses)
        if bool(self.objecting) != (command.outcome in ABOUT_OBJECTIONS):
            raise r.OutcomeDoesNotFit(outcome=command.outcome, objecting=self.objecting)
        yield f.ConsultationConcludedByConference(
            **self._of_case, bodies=self.request.invited, heard=self.heard, uses=command.uses,
            outcome=command.outcome, resolution=command.resolution, minutes_no=command.minutes_no,
        )  # fmt: skip

    def cancel(self, command: c.CancelConsultation, given: Given) -> Facts:
        if self.state is S.CANCELLED:
            return
        self.must_be(command, self.state, S.OPINIONS_OPEN, S.ESCALATED)
        # What was said goes along: cancelling is no way to lose an objection.
        yield f.ConsultationCancelled(
            **self._of_case, bodies=self.request.invited, reason=command.reason, heard=self.heard
        )

    def note_overdue(self, command: c.NoteOpinionOverdue, given: Given) -> Facts:
        # A timer may fire after the last opinion came in: then there is nothing to note, and nothing is wrong.
        if self.state not in (S.OPINIONS_OPEN, S.ESCALATED):
            return
        if not self._is_past_due(given.today):
            raise r.OpinionNotYetDue(due_on=self.due_on, today=given.today)
        for organ in self.missing:
            silent: dict[str, Any] = {**self._of_case, "consultation_id": self.id, "body": self.invited[organ]}
            if organ not in self.noted_overdue:
                yield f.ConsultationOpinionOverdue(**silent, due_on=self.due_on)
            # What went to the conference is for the conference; and safety is never inferred from silence.
            if organ in self.clauses and self.state is S.OPINIONS_OPEN and not self.request.safety:
                yield f.ConsultationOpinionDeemed(**silent, due_on=self.due_on, clause=self.clauses[organ])
        yield from self._settled()

    def was_requested(self, fact: f.ConsultationRequested) -> None:
        self.request = fact
        self.state, self.due_on, self.complex = S.REQUESTED, fact.due_on, fact.complex

    def was_opened(self, fact: f.ConsultationInvited) -> None:
        self.state = S.OPINIONS_OPEN
        if fact.silence_clause is not None:
            self.clauses[fact.body.code] = fact.silence_clause

    def was_declared_complex(self, fact: f.ConsultationDeclaredComplex) -> None:
        self.due_on, self.complex = fact.due_on, True

    def was_filed(self, fact: f.ConsultationOpinionFiled) -> None:
        self.opinions[fact.body.code] = fact
        self.excused.discard(fact.body.code)
        self.deemed.discard(fact.body.code)

    def was_overdue(self, fact: f.ConsultationOpinionOverdue) -> None:
        self.noted_overdue.add(fact.body.code)

    def was_deemed(self, fact: f.ConsultationOpinionDeemed) -> None:
        self.deemed.add(fact.body.code)

    def was_excused(self, fact: f.ConsultationOpinionExcused) -> None:
        self.excused.add(fact.body.code)

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

    def _clause(self, body: Body, today: date) -> str | None:
        if self.request.safety:
            return None
        return clause_for(SILENCE, organ=body.code, region=self.request.region, on=today)

    def _is_past_due(self, today: date) -> bool:
        return self.due_on is not None and today > self.due_on

    def _invited(self, organ: str) -> Body:
        if organ not in self.invited:
            raise r.NotInvited(organ=organ)
        return self.invited[organ]

    def _answered(self, uses: Iterable[OpinionUse]) -> None:
        for use in uses:
            self._invited(use.organ)
        passed_over = unanswered(self.heard, uses)
        if passed_over is not None:
            raise r.OpinionUnanswered(organ=passed_over.body, opinion=passed_over.opinion)

    def _settled(self) -> Facts:
        """What follows by itself once no opinion is expected any more. Disagreement is not for one officer to settle:
        departments that contradict each other meet in the joint conference."""
        if self.state is not S.OPINIONS_OPEN or self.missing:
            return
        if self.agreeing and self.objecting:
            yield self._escalated(
                "部门意见不一致,须由联席会议议定。The opinions are split; the joint conference resolves it."
            )
        elif not self.objecting:
            yield self._concluded((), "会商意见已齐,无反对意见。Every opinion is settled and none objects.", True)

    def _escalated(self, reason: str) -> f.ConsultationEscalated:
        return f.ConsultationEscalated(
            **self._of_case, bodies=self.request.invited, missing=self.missing, objecting=self.objecting,
            reason=reason,
        )  # fmt: skip

    def _concluded(self, uses: tuple[OpinionUse, ...], conclusion: str, automatic: bool) -> f.ConsultationConcluded:
        return f.ConsultationConcluded(
            **self._of_case, bodies=self.request.invited, outcome=self._outcome, uses=uses, heard=self.heard,
            conclusion=conclusion, automatic=automatic,
        )  # fmt: skip

    @property
    def _outcome(self) -> ConsultationOutcome:
        if self.objecting:
            return ConsultationOutcome.OBJECTION_ADOPTED
        if any(one.opinion in BINDING for one in self.heard):
            return ConsultationOutcome.AGREED_WITH_CONDITIONS
        return ConsultationOutcome.AGREED if self.agreeing else ConsultationOutcome.NO_OBJECTION


def _place(case_id: UUID, asking: Actor, stated: str | None, given: Given) -> str | None:
    """Whose calendar counts the replies: that of the asking case, for there is one date for all bodies; of a case that
    nobody knows here, the place of the asking organ, else the one that was stated."""
    case = given.look.case(case_id)
    return case.region if case is not None else handling_region(asking.organ, stated)


def _limit(complex: bool) -> str:
    return "consultation_reply_complex" if complex else "consultation_reply"
