"""Commands of the draw (专家抽取命令), in the order in which a draw meets them."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from domain.expert_draw.words import Dissent, Named, Objection, PanelConclusion, Party, Payment, RedrawReason
from domain.kernel.command import Command, Target
from domain.kernel.experts import Discipline, TieKind
from domain.kernel.identity import stream_id, year_of
from domain.kernel.people import APPROVING, Role
from domain.kernel.words import Personal, Short, Text

OFFICERS = APPROVING
BY_ITSELF = frozenset({Role.SYSTEM})
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


def draw_stream(case_id: UUID, discipline: str, number: int = 1) -> UUID:
    """One draw per case, discipline and review; ``number`` counts the reviews of a case in that discipline."""
    return stream_id("expert_draw", year_of(case_id), case_id, discipline, number)


class RequestExpertDraw(Command):
    """申请抽取专家。Ask for experts of a discipline for the review of a case; whoever asks is on duty."""

    NAME = "expert_draw.request"
    ZH = "申请抽取专家"
    MAY = OFFICERS

    case_id: UUID
    case_no: Short
    number: int = Field(1, ge=1, le=20, description="which review of this case in this discipline")
    discipline: Discipline
    seats: int = Field(ge=1, le=30)
    review_on: date
    parties: tuple[Party, ...] = Field(min_length=1, max_length=50, description="whom no expert may be tied to")
    objections: tuple[Objection, ...] = Field((), max_length=50)
    purpose: Text

    @property
    def stream(self) -> UUID:
        return draw_stream(self.case_id, self.discipline, self.number)


class DrawCommand(Command):
    draw_id: Annotated[UUID, Target()]


class CommitDrawSecret(DrawCommand):
    """承诺密值。Publish the digest of a secret before the salt is given and the pool is frozen."""

    NAME, ZH, MAY = "expert_draw.commit_secret", "承诺密值", BY_ITSELF
    round: int = Field(ge=1)
    key_id: Short = Field(description="which key of the platform the secret was derived from")
    commitment: Digest


class StartExpertDraw(DrawCommand):
    """启动抽取。The officer on duty gives the salt, after the secret was committed and not too far ahead."""

    NAME, ZH, MAY = "expert_draw.start", "启动抽取", OFFICERS
    salt: Annotated[str, StringConstraints(min_length=8, max_length=200)] = Field(
        description="any text of the officer's own, such as thrown dice; nobody may know it beforehand"
    )


class FreezeExpertPool(DrawCommand):
    """冻结专家池。Name every expert of the discipline; each one is looked up and recorded with its version."""

    NAME, ZH, MAY = "expert_draw.freeze_pool", "冻结专家池", BY_ITSELF
    round: int = Field(ge=1)
    experts: tuple[Named, ...] = Field(max_length=5000)


class RevealDrawSecret(DrawCommand):
    """揭示密值并抽取。Show the committed secret; it draws the experts."""

    NAME, ZH, MAY = "expert_draw.reveal_secret", "揭示密值并抽取", BY_ITSELF
    round: int = Field(ge=1)
    secret: Digest


class ConfirmExpert(DrawCommand):
    """专家确认。Record that a drawn expert will come."""

    NAME, ZH, MAY = "expert_draw.confirm", "登记专家确认", OFFICERS
    expert_no: Named


class DeclineExpert(DrawCommand):
    """专家谢绝。Record that a drawn expert will not come, and why."""

    NAME, ZH, MAY = "expert_draw.decline", "登记专家谢绝", OFFICERS
    expert_no: Named
    reason: Text


class RecuseExpert(DrawCommand):
    """专家回避。Record a tie that the pool did not know; the expert must withdraw."""

    NAME, ZH, MAY = "expert_draw.recuse", "登记专家回避", OFFICERS | {Role.DISCIPLINE}
    expert_no: Named
    tie: TieKind
    party: Annotated[str, StringConstraints(min_length=2, max_length=64)]
    explanation: Text


class NoteExpertNoShow(DrawCommand):
    """专家未到场。Record that a confirmed expert did not come to the review."""

    NAME, ZH, MAY = "expert_draw.note_no_show", "登记专家未到场", OFFICERS
    expert_no: Named


class RedrawExperts(DrawCommand):
    """申请重抽。Draw the open seats again, for a reason; replacing who did not decline is counted."""

    NAME, ZH, MAY = "expert_draw.redraw", "申请重抽", OFFICERS
    reason: RedrawReason
    explanation: Text
    replace: tuple[Named, ...] = Field((), max_length=30)


class PickExpertByHand(DrawCommand):
    """指定专家。Name an expert for an open seat, with a reason that everybody sees."""

    NAME, ZH, MAY = "expert_draw.pick_by_hand", "指定专家", frozenset({Role.DECIDER})
    expert_no: Named
    reason: Annotated[str, StringConstraints(min_length=10, max_length=2000)]


class StartExpertReview(DrawCommand):
    """开始评审。The panel meets; its names are told from now on."""

    NAME, ZH, MAY = "expert_draw.start_review", "开始评审", OFFICERS


class FilePanelOpinion(DrawCommand):
    """出具评审意见。File what the panel concludes; every member signs or says why not."""

    NAME, ZH, MAY = "expert_draw.file_opinion", "出具评审意见", OFFICERS
    conclusion: PanelConclusion
    opinion: Text
    signed_by: tuple[Named, ...] = Field(max_length=30)
    dissents: tuple[Dissent, ...] = Field((), max_length=30)


class PayExperts(DrawCommand):
    """支付评审费。Record what each member is paid."""

    NAME, ZH, MAY = "expert_draw.pay", "支付评审费", OFFICERS
    payments: tuple[Payment, ...] = Field(min_length=1, max_length=30)


class CancelExpertDraw(DrawCommand):
    """取消抽取。End a draw that is no longer needed."""

    NAME, ZH, MAY = "expert_draw.cancel", "取消抽取", OFFICERS | BY_ITSELF
    reason: Text


class RescheduleExpertReview(DrawCommand):
    """评审改期。Move the review to another day, with a reason; a draw made too far ahead of it stays visible."""

    NAME, ZH, MAY = "expert_draw.reschedule_review", "评审改期", OFFICERS
    review_on: date
    reason: Text


class AssignDrawDuty(DrawCommand):
    """增加在岗人员。Put another officer on duty, who then sees the names."""

    NAME, ZH, MAY = "expert_draw.assign_duty", "增加在岗人员", frozenset({Role.DECIDER})
    officer: Annotated[Short, Personal("text")]
    reason: Text
