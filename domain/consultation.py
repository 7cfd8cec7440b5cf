"""Consultation (会商): asking other departments before a decision, and answering what they say.

requested -> opinions_open -> concluded | escalated -> concluded_by_conference | cancelled. It does not pause
the clock of the case: Article 45 of the Administrative License Law does not name it.

超时默许 (``silence_default``) stays off. A body that is silent is noted as overdue and the matter goes to the
joint conference; silence is never read as consent. A city that wants it needs a clause that allows it and a
fact of its own that cites the clause, and never for safety items, which is why ``safety`` is kept here."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.kernel.aggregate import Aggregate, Facts, Given
from domain.kernel.channel import Channel
from domain.kernel.command import Command, Target
from domain.kernel.event import Event
from domain.kernel.identity import stream_id, year_of
from domain.kernel.people import Role
from domain.kernel.refusal import Kind, Refusal
from domain.kernel.time import due_by
from domain.kernel.words import Addressee, Body, OrderedBy, OrganCode, RegionCode, Short, Text, Value, Word


class ConsultationState(Word):
    REQUESTED = "requested", "已提请", "requested"
    OPINIONS_OPEN = "opinions_open", "征求意见中", "opinions open"
    CONCLUDED = "concluded", "已结论", "concluded"
    ESCALATED = "escalated", "已提交联席会议", "escalated to the joint conference"
    CONCLUDED_BY_CONFERENCE = "concluded_by_conference", "联席会议已议定", "concluded by the joint conference"
    CANCELLED = "cancelled", "已取消", "cancelled"


class Opinion(Word):
    """会商意见."""

    AGREE = "agree", "同意", "agrees"
    AGREE_WITH_CONDITIONS = "agree_with_conditions", "附条件同意", "agrees with conditions"
    OBJECT = "object", "不同意", "objects"
    NO_OPINION = "no_opinion", "无意见", "has no opinion"


class Adoption(Word):
    """How the approving side uses an opinion (采纳情况)."""

    ADOPTED = "adopted", "采纳", "adopted"
    PARTLY_ADOPTED = "partly_adopted", "部分采纳", "partly adopted"
    NOT_ADOPTED = "not_adopted", "不采纳", "not adopted"


class ConsultationOutcome(Word):
    """会商结论."""

    AGREED = "agreed", "一致同意", "agreed"
    AGREED_WITH_CONDITIONS = "agreed_with_conditions", "附条件同意", "agreed with conditions"
    OBJECTION_ADOPTED = "objection_adopted", "采纳反对意见", "objection adopted"
    OBJECTION_ANSWERED = "objection_answered", "反对意见已回应", "objection answered"


class OpinionUse(Value):
    """采纳说明: how the opinion of one body is used, and why."""

    organ: OrganCode
    adoption: Adoption
    answer: Text


def consultation_stream(case_id: UUID, cause: str) -> UUID:
    """One consultation per case and demanding source (``item`` or the id of a finding)."""
    return stream_id("consultation", year_of(case_id), case_id, cause)


APPROVAL_SIDE = frozenset({Role.SYSTEM, Role.EXAMINER, Role.DECIDER})


class RequestConsultation(Command):
    """提请会商。Ask the invited bodies for their opinion on a case; the same cause opens it only once."""

    NAME = "consultation.request"
    ZH = "提请会商"
    MAY = APPROVAL_SIDE

    case_id: UUID
    case_no: Short
    item_name: Short
    region: RegionCode | None = None
    invited: tuple[Body, ...] = Field(min_length=1, max_length=30)
    question: Text
    cause: Short = Field(description="the demanding source: item, or the id of a finding")
    complex: bool = False
    safety: bool = False

    @property
    def stream(self) -> UUID:
        return consultation_stream(self.case_id, self.cause)


class ConsultationCommand(Command):
    consultation_id: Annotated[UUID, Target()]


class FileConsultationOpinion(ConsultationCommand):
    """反馈会商意见。An invited body states its opinion; a later one supersedes the earlier, which is kept."""

    NAME = "consultation.file_opinion"
    ZH = "反馈会商意见"
    MAY = frozenset({Role.REGULATOR})
    ARRIVES_ON = Channel.SUPERVISION

    opinion: Opinion
    reason: Text | None = None
    legal_basis: Text | None = None
    conditions: Text | None = None


class ConcludeConsultation(ConsultationCommand):
    """作出会商结论。State how each opinion that objects or sets conditions is used."""

    NAME = "consultation.conclude"
    ZH = "作出会商结论"
    MAY = frozenset({Role.EXAMINER, Role.DECIDER})

    uses: tuple[OpinionUse, ...] = Field((), max_length=30)
    conclusion: Text


class EscalateConsultation(ConsultationCommand):
    """提交联席会议。Take the matter to the joint conference, because bodies disagree or stay silent."""

    NAME = "consultation.escalate"
    ZH = "提交联席会议"
    MAY = APPROVAL_SIDE

    reason: Text


class ConcludeByConference(ConsultationCommand):
    """联席会议议定。Record what the joint conference resolved."""

    NAME = "consultation.conclude_by_conference"
    ZH = "联席会议议定"
    MAY = frozenset({Role.DECIDER})

    outcome: ConsultationOutcome
    resolution: Text
    minutes_no: Short


class CancelConsultation(ConsultationCommand):
    """取消会商。End a consultation that is no longer needed."""

    NAME = "consultation.cancel"
    ZH = "取消会商"
    MAY = APPROVAL_SIDE

    reason: Text


class NoteOpinionOverdue(ConsultationCommand):
    """登记会商意见逾期。Note every invited body whose opinion is missing after the due date, each once."""

    NAME = "consultation.note_opinion_overdue"
    ZH = "登记会商意见逾期"
    MAY = frozenset({Role.SYSTEM})


class RequestedOtherwise(Refusal):
    """办件 {case_no} 已因同一事由「{cause}」提请过内容不同的会商;请在原会商中办理,或以新的事由另行提请。

    A consultation with other content was requested for case {case_no} with the same cause "{cause}";
    continue that one, or request another with a cause of its own."""

    KIND = Kind.CONFLICTING


class NotInvited(Refusal):
    """部门 {organ} 不在本次会商的受邀名单中,不能反馈或被引用意见;请核对会商编号和部门。

    The authority {organ} was not invited to this consultation; check the consultation and the authority."""


class ObjectionNeedsGrounds(Refusal):
    """不同意的意见必须写明理由和法律依据;请补充后再提交。

    An objection must state its reason and its legal basis; add both and send again."""

    KIND = Kind.MALFORMED


class ConditionsMissing(Refusal):
    """附条件同意的意见没有写明条件;请写明后再提交。

    An opinion that agrees with conditions must state them; add them and send again."""

    KIND = Kind.MALFORMED


class OpinionsMissing(Refusal):
    """尚未收到 {organs} 的会商意见,不能作出结论;请等待反馈,或提交联席会议。

    The opinions of {organs} are missing, so it may not be concluded; wait, or escalate to the conference."""


class OpinionUnanswered(Refusal):
    """部门 {organ} 的意见为「{opinion}」,尚未说明如何采纳;请逐条回应后再作结论。

    {organ} {opinion}, and how that is used is not stated; answer it before concluding."""


class OpinionNotYetDue(Refusal):
    """会商意见的反馈期限为 {due_on},今天是 {today},尚未逾期;请核对计时任务。

    The opinions are due on {due_on} and today is {today}, so nothing is overdue; check the timer."""

    KIND = Kind.OUT_OF_ORDER


class ConsultationFact(Event):
    """What every fact of a consultation says: which case it is about, and what demanded it."""

    case_id: Annotated[UUID, OrderedBy()]
    case_no: Short
    cause: Short = Field(description="the demanding source: item, or the id of a finding")


class ConsultationRequested(ConsultationFact):
    """会商已提请。The approving side asks other departments before it decides. 行政许可法第二十六条。"""

    TOPIC = "consultation.requested"
    ZH = "就办件 {case_no}「{item_name}」提请会商,征求 {invited} 的意见:{question}"
    EN = 'a consultation on case {case_no} "{item_name}" was requested, asking {invited}: {question}'
    BASIS = "行政许可法第二十六条"

    item_name: Short
    region: RegionCode | None
    invited: tuple[Body, ...]
    question: Text
    complex: bool
    safety: bool
    due_on: date | None = Field(description="none while no calendar is published")


class ConsultationInvited(ConsultationFact):
    """已邀请会商。One body is asked for its opinion by a date. 行政许可法第二十六条。"""

    TOPIC = "consultation.invited"
    ZH = "邀请「{body}」就办件 {case_no}「{item_name}」反馈会商意见,期限 {due_on}:{question}"
    EN = '{body} was asked for its opinion on case {case_no} "{item_name}" by {due_on}: {question}'
    BASIS = "行政许可法第二十六条"
    CHANNEL = Channel.INTERACTION

    consultation_id: UUID
    body: Annotated[Body, Addressee()]
    item_name: Short
    region: RegionCode | None
    question: Text
    complex: bool
    safety: bool
    due_on: date | None


class ConsultationOpinionFiled(ConsultationFact):
    """会商意见已反馈。An invited body stated its opinion; the envelope names the officer. 行政许可法第二十六条。"""

    TOPIC = "consultation.opinion_filed"
    ZH = "「{body}」对办件 {case_no} 的会商意见:{opinion};理由:{reason};条件:{conditions}"
    EN = "{body} {opinion} on case {case_no}; reason: {reason}; conditions: {conditions}"
    BASIS = "行政许可法第二十六条"

    body: Body
    opinion: Opinion
    reason: Text | None
    legal_basis: Text | None
    conditions: Text | None
    late: bool
    supersedes: int | None = Field(description="version of the earlier opinion of the same body")


class ConsultationOpinionOverdue(ConsultationFact):
    """会商意见逾期。A body stayed silent past the due date; silence is not consent. 行政许可法第二十六条。"""

    TOPIC = "consultation.opinion_overdue"
    ZH = "「{body}」未在 {due_on} 前就办件 {case_no} 反馈会商意见"
    EN = "{body} gave no opinion on case {case_no} by {due_on}"
    BASIS = "行政许可法第二十六条"
    CHANNEL = Channel.INTERACTION

    consultation_id: UUID
    body: Annotated[Body, Addressee()]
    due_on: date


class ConsultationConcluded(ConsultationFact):
    """会商已结论。Every opinion is in, and each objection has been answered. 行政许可法第二十六条。"""

    TOPIC = "consultation.concluded"
    ZH = "办件 {case_no} 的会商结论:{outcome};{conclusion}"
    EN = "the consultation on case {case_no} concluded: {outcome}; {conclusion}"
    BASIS = "行政许可法第二十六条"
    CHANNEL = Channel.INTERACTION

    bodies: Annotated[tuple[Body, ...], Addressee()]
    outcome: ConsultationOutcome
    uses: tuple[OpinionUse, ...]
    conclusion: Text
    automatic: bool


class ConsultationEscalated(ConsultationFact):
    """会商已提交联席会议。The matter goes to the joint conference. 行政许可法第二十六条。"""

    TOPIC = "consultation.escalated"
    ZH = "办件 {case_no} 的会商提交联席会议;原因:{reason};未反馈:{missing};不同意:{objecting}"
    EN = (
        "the consultation on case {case_no} goes to the joint conference; reason: {reason}; "
        "no opinion from: {missing}; objecting: {objecting}"
    )
    BASIS = "行政许可法第二十六条"
    CHANNEL = Channel.INTERACTION

    bodies: Annotated[tuple[Body, ...], Addressee()]
    missing: tuple[OrganCode, ...]
    objecting: tuple[OrganCode, ...]
    reason: Text


class ConsultationConcludedByConference(ConsultationFact):
    """联席会议已议定。The joint conference resolved the matter; the minutes bind. 行政许可法第二十六条。"""

    TOPIC = "consultation.concluded_by_conference"
    ZH = "联席会议就办件 {case_no} 议定:{outcome};{resolution}(纪要 {minutes_no})"
    EN = "the joint conference resolved on case {case_no}: {outcome}; {resolution} (minutes {minutes_no})"
    BASIS = "行政许可法第二十六条"
    CHANNEL = Channel.INTERACTION

    bodies: Annotated[tuple[Body, ...], Addressee()]
    outcome: ConsultationOutcome
    resolution: Text
    minutes_no: Short


class ConsultationCancelled(ConsultationFact):
    """会商已取消。The opinions are no longer needed. 行政许可法第二十六条。"""

    TOPIC = "consultation.cancelled"
    ZH = "办件 {case_no} 的会商取消;原因:{reason}"
    EN = "the consultation on case {case_no} was cancelled; reason: {reason}"
    BASIS = "行政许可法第二十六条"
    CHANNEL = Channel.INTERACTION

    bodies: Annotated[tuple[Body, ...], Addressee()]
    reason: Text


BINDING = (Opinion.OBJECT, Opinion.AGREE_WITH_CONDITIONS)
"""Opinions that may not be passed over without an answer (rule R40)."""


class Consultation(Aggregate):
    """会商。"""

    NAME = "consultation"
    ZH = "会商"

    state: ConsultationState
    request: ConsultationRequested

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.opinions: dict[str, ConsultationOpinionFiled] = {}
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

    def ask(self, command: RequestConsultation, given: Given) -> Facts:
        if self.version:
            known = self.request
            if any(getattr(known, n) != getattr(command, n) for n in RequestConsultation.model_fields):
                raise RequestedOtherwise(case_no=command.case_no, cause=command.cause)
            return
        limit = "consultation_reply_complex" if command.complex else "consultation_reply"
        due = due_by(limit, given.today)
        asked = {n: getattr(command, n) for n in RequestConsultation.model_fields}
        yield ConsultationRequested(**asked, due_on=due)
        told = {name: value for name, value in asked.items() if name != "invited"}
        for body in self.invited.values():
            yield ConsultationInvited(**told, consultation_id=self.id, body=body, due_on=due)

    def take(self, command: FileConsultationOpinion, given: Given) -> Facts:
        body = self._invited(given.by.organ)
        # An opinion that arrives after the escalation is still heard: the conference decides on it.
        self.must_be(command, self.state, ConsultationState.OPINIONS_OPEN, ConsultationState.ESCALATED)
        if command.opinion is Opinion.OBJECT and not (command.reason and command.legal_basis):
            raise ObjectionNeedsGrounds()
        if command.opinion is Opinion.AGREE_WITH_CONDITIONS and not command.conditions:
            raise ConditionsMissing()
        stated = command.model_dump(exclude={"consultation_id"})
        earlier = self.opinions.get(body.code)
        if earlier is not None and stated == {name: getattr(earlier, name) for name in stated}:
            return
        yield ConsultationOpinionFiled(
            **self._of_case, body=body, **stated, late=self._is_past_due(given.today),
            supersedes=earlier.originator_version if earlier else None,
        )  # fmt: skip
        if self.state is ConsultationState.OPINIONS_OPEN and not self.missing and not self.objecting:
            yield self._concluded((), "受邀部门均已反馈,无反对意见。Every body answered and none objects.", True)

    def conclude(self, command: ConcludeConsultation, given: Given) -> Facts:
        self.must_be(command, self.state, ConsultationState.OPINIONS_OPEN)
        if self.missing:
            raise OpinionsMissing(organs=self.missing)
        answered = {self._invited(use.organ).code for use in command.uses}
        for organ, filed in self.opinions.items():
            if filed.opinion in BINDING and organ not in answered:
                raise OpinionUnanswered(organ=filed.body, opinion=filed.opinion)
        yield self._concluded(command.uses, command.conclusion, False)

    def escalate(self, command: EscalateConsultation, given: Given) -> Facts:
        if self.state is ConsultationState.ESCALATED:
            return
        self.must_be(command, self.state, ConsultationState.OPINIONS_OPEN)
        yield ConsultationEscalated(
            **self._of_case, bodies=self.request.invited, missing=self.missing, objecting=self.objecting,
            reason=command.reason,
        )  # fmt: skip

    def confer(self, command: ConcludeByConference, given: Given) -> Facts:
        self.must_be(command, self.state, ConsultationState.ESCALATED)
        yield ConsultationConcludedByConference(
            **self._of_case, bodies=self.request.invited, **command.model_dump(exclude={"consultation_id"})
        )

    def cancel(self, command: CancelConsultation, given: Given) -> Facts:
        if self.state is ConsultationState.CANCELLED:
            return
        self.must_be(command, self.state, ConsultationState.OPINIONS_OPEN, ConsultationState.ESCALATED)
        yield ConsultationCancelled(**self._of_case, bodies=self.request.invited, reason=command.reason)

    def note_overdue(self, command: NoteOpinionOverdue, given: Given) -> Facts:
        # A timer may fire after the last opinion came in: then there is nothing to note, and nothing is wrong.
        if self.state not in (ConsultationState.OPINIONS_OPEN, ConsultationState.ESCALATED):
            return
        if not self._is_past_due(given.today):
            raise OpinionNotYetDue(due_on=self.request.due_on, today=given.today)
        for organ in self.missing:
            if organ not in self.noted_overdue:
                yield ConsultationOpinionOverdue(
                    **self._of_case, consultation_id=self.id, body=self.invited[organ], due_on=self.request.due_on
                )

    def was_requested(self, fact: ConsultationRequested) -> None:
        self.request = fact
        self.state = ConsultationState.REQUESTED

    def was_opened(self, fact: ConsultationInvited) -> None:
        self.state = ConsultationState.OPINIONS_OPEN

    def was_filed(self, fact: ConsultationOpinionFiled) -> None:
        self.opinions[fact.body.code] = fact

    def was_overdue(self, fact: ConsultationOpinionOverdue) -> None:
        self.noted_overdue.add(fact.body.code)

    def was_concluded(self, fact: ConsultationConcluded) -> None:
        self.state = ConsultationState.CONCLUDED

    def was_escalated(self, fact: ConsultationEscalated) -> None:
        self.state = ConsultationState.ESCALATED

    def was_conferred(self, fact: ConsultationConcludedByConference) -> None:
        self.state = ConsultationState.CONCLUDED_BY_CONFERENCE

    def was_cancelled(self, fact: ConsultationCancelled) -> None:
        self.state = ConsultationState.CANCELLED

    @property
    def _of_case(self) -> dict[str, UUID | str]:
        return {"case_id": self.request.case_id, "case_no": self.request.case_no, "cause": self.request.cause}

    def _is_past_due(self, today: date) -> bool:
        return self.request.due_on is not None and today > self.request.due_on

    def _invited(self, organ: str) -> Body:
        if organ not in self.invited:
            raise NotInvited(organ=organ)
        return self.invited[organ]

    def _concluded(self, uses: tuple[OpinionUse, ...], conclusion: str, automatic: bool) -> ConsultationConcluded:
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
        return ConsultationConcluded(
            **self._of_case, bodies=self.request.invited, outcome=outcome, uses=uses, conclusion=conclusion,
            automatic=automatic,
        )  # fmt: skip
