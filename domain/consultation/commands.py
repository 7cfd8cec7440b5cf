"""Commands of the consultation (会商命令), in the order in which a consultation meets them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.consultation.words import ConsultationOutcome
from domain.kernel.channel import Channel
from domain.kernel.command import Command, Target
from domain.kernel.identity import stream_id, year_of
from domain.kernel.opinions import Opinion
from domain.kernel.people import Role
from domain.kernel.words import Body, OpinionUse, OrganCode, RegionCode, Short, Text


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


class DeclareConsultationComplex(ConsultationCommand):
    """认定复杂会商。Give the bodies the longer time to reply, with a reason, while the shorter one still runs."""

    NAME = "consultation.declare_complex"
    ZH = "认定复杂会商"
    MAY = frozenset({Role.EXAMINER, Role.DECIDER})

    reason: Text


class ExcuseOpinion(ConsultationCommand):
    """免除会商意见。Excuse a body whose opinion is not needed after all, with a reason; never one that has spoken."""

    NAME = "consultation.excuse_opinion"
    ZH = "免除会商意见"
    MAY = frozenset({Role.DECIDER})

    organ: OrganCode
    reason: Text


class ConcludeConsultation(ConsultationCommand):
    """作出会商结论。State how each opinion that objects or sets conditions is used; a split goes to the conference."""

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
    """联席会议议定。Record what the joint conference resolved, and how it answers each binding opinion."""

    NAME = "consultation.conclude_by_conference"
    ZH = "联席会议议定"
    MAY = frozenset({Role.DECIDER})

    outcome: ConsultationOutcome
    uses: tuple[OpinionUse, ...] = Field((), max_length=30)
    resolution: Text
    minutes_no: Short


class CancelConsultation(ConsultationCommand):
    """取消会商。End a consultation that is no longer needed."""

    NAME = "consultation.cancel"
    ZH = "取消会商"
    MAY = APPROVAL_SIDE

    reason: Text


class NoteOpinionOverdue(ConsultationCommand):
    """登记会商意见逾期。Note every invited body whose opinion is missing after the due date, each once.

    Where a clause that the body was told allows it, its silence is deemed no opinion; never for safety items."""

    NAME = "consultation.note_opinion_overdue"
    ZH = "登记会商意见逾期"
    MAY = frozenset({Role.SYSTEM})
