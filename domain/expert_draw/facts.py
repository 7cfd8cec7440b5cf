"""Facts of the draw (专家抽取事实), in the order of the table of states.

Until the review starts no telling names an expert, only a seat: who may read numbers is a matter of the fields,
which are marked, and of the board of draws."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from domain.expert_draw.words import (
    Dissent,
    Exclusion,
    Named,
    Objection,
    PanelConclusion,
    PanelMember,
    Party,
    Payment,
    PoolMember,
    RedrawReason,
    Seat,
    SeatAnswer,
)
from domain.kernel.event import Event
from domain.kernel.experts import Discipline, TieKind
from domain.kernel.words import OrderedBy, Personal, Short, Text

LAW = "行政许可法第四十五条"
PRACTICE = "专家库管理制度"


class DrawFact(Event):
    """What every fact of a draw says: the case whose review it is for."""

    case_id: Annotated[UUID, OrderedBy()]
    case_no: Short


class ExpertDrawRequested(DrawFact):
    """已申请抽取专家。Experts were asked for, for a review on a day; the parties they may not be tied to are named.
    行政许可法第四十五条。"""

    TOPIC = "expert_draw.requested"
    ZH = "申请抽取 {seats} 名「{discipline_name}」专家,{review_on} 评审;应回避的当事方:{parties}"
    EN = "{seats} experts of {discipline_name_en} were asked for, to review on {review_on}; not to be tied to {parties}"
    BASIS = LAW

    number: int
    discipline: Discipline
    discipline_name: Short
    discipline_name_en: Short
    seats: int
    review_on: date
    parties: tuple[Party, ...]
    objections: tuple[Objection, ...] = ()
    on_duty: Annotated[Short, Personal("text")]
    purpose: Text
    without_cause: int = Field(0, description="redraws without cause, counted on from a cancelled draw before")


class DrawSecretCommitted(DrawFact):
    """密值已承诺。The platform committed to a secret by its digest, before salt and pool are known. 专家库管理制度。"""

    TOPIC = "expert_draw.secret_committed"
    ZH = "第 {round} 轮抽取:平台先行承诺密值,摘要 {commitment}"
    EN = "round {round}: the platform committed to a secret, digest {commitment}"
    BASIS = PRACTICE

    round: int
    key_id: Short
    commitment: str


class ExpertDrawStarted(DrawFact):
    """抽取已启动。The officer on duty gave the salt; the pool is frozen next. 专家库管理制度。"""

    TOPIC = "expert_draw.started"
    ZH = "第 {round} 轮抽取启动,随机盐 {salt}"
    EN = "round {round} was started with the salt {salt}"
    BASIS = PRACTICE

    round: int
    salt: str
    discipline: Discipline


class ExpertPoolFrozen(DrawFact):
    """专家池已冻结。Who may be drawn, with the version looked up, and who may not and why. 专家库管理制度。"""

    TOPIC = "expert_draw.pool_frozen"
    ZH = "第 {round} 轮专家池冻结:可抽 {size} 名,排除 {excluded_count} 名,摘要 {pool_digest}"
    EN = "round {round}: the pool was frozen with {size} experts, {excluded_count} left out, digest {pool_digest}"
    BASIS = PRACTICE

    round: int
    discipline: Discipline
    pool: tuple[PoolMember, ...]
    excluded: tuple[Exclusion, ...]
    pool_digest: str
    seats: tuple[int, ...] = Field(description="the seats that were open when the pool was frozen")
    review_on: date

    @property
    def size(self) -> int:
        return len(self.pool)

    @property
    def excluded_count(self) -> int:
        return len(self.excluded)


class ExpertsDrawn(DrawFact):
    """专家已抽取。The secret was shown; with the salt and the pool it makes the seed that drew the candidates.
    行政许可法第四十五条。"""

    TOPIC = "expert_draw.drawn"
    ZH = "第 {round} 轮揭示密值并抽取 {count} 名专家,种子 {seed}"
    EN = "round {round}: the secret was revealed, experts drawn: {count}, seed {seed}"
    BASIS = LAW

    round: int
    discipline: Discipline
    secret: str
    seed: str
    pool_digest: str
    pool_size: int
    candidates: tuple[Seat, ...]
    wanted: int = Field(description="how many seats were open; more than candidates where the pool was too small")
    review_on: date

    @property
    def count(self) -> int:
        return len(self.candidates)


class SeatAnswered(DrawFact):
    """What became of one drawn expert."""

    ANSWER: ClassVar[SeatAnswer]

    expert_no: Named
    seat: int


class ExpertConfirmed(SeatAnswered):
    """专家已确认。A drawn expert will come. 专家库管理制度。"""

    TOPIC = "expert_draw.confirmed"
    ZH = "{seat} 号席位专家确认参加"
    EN = "the expert of seat {seat} will come"
    BASIS = PRACTICE
    ANSWER = SeatAnswer.CONFIRMED


class ExpertDeclined(SeatAnswered):
    """专家已谢绝。A drawn expert will not come. 专家库管理制度。"""

    TOPIC = "expert_draw.declined"
    ZH = "{seat} 号席位专家谢绝;原因:{reason}"
    EN = "the expert of seat {seat} declined; reason: {reason}"
    BASIS = PRACTICE
    ANSWER = SeatAnswer.DECLINED

    reason: Text


class ExpertRecused(SeatAnswered):
    """专家已回避。A tie that the pool did not know was found, and the expert withdrew. 行政许可法第四十五条。"""

    TOPIC = "expert_draw.recused"
    ZH = "{seat} 号席位专家回避({tie}):{explanation}"
    EN = "the expert of seat {seat} was recused ({tie}): {explanation}"
    BASIS = LAW
    ANSWER = SeatAnswer.RECUSED

    tie: TieKind
    party: str
    explanation: Text
    in_review: bool = Field(description="found only after the review had begun")


class ExpertDidNotCome(SeatAnswered):
    """专家未到场。A confirmed expert did not come to the review. 专家库管理制度。"""

    TOPIC = "expert_draw.did_not_come"
    ZH = "{seat} 号席位专家未到场"
    EN = "the expert of seat {seat} did not come"
    BASIS = PRACTICE
    ANSWER = SeatAnswer.NO_SHOW


class PanelCompleted(DrawFact):
    """专家组已组成。Every seat is confirmed. 专家库管理制度。"""

    TOPIC = "expert_draw.panel_completed"
    ZH = "{seats} 名专家均已确认,专家组组成"
    EN = "all {seats} experts confirmed, the panel is complete"
    BASIS = PRACTICE

    panel: tuple[Seat, ...]
    seats: int


class ExpertRedrawRequested(DrawFact):
    """已申请重抽。Open seats are drawn again; redraws that no expert caused are counted. 专家库管理制度。"""

    TOPIC = "expert_draw.redraw_requested"
    ZH = "申请第 {round} 轮抽取,因{reason}:{explanation};非因专家原因重抽累计 {without_cause} 次(允许 {allowed} 次)"
    EN = (
        "round {round} was asked for because {reason}: {explanation}; "
        "{without_cause} redraws were not for an expert's sake ({allowed} allowed)"
    )
    BASIS = PRACTICE

    round: int
    reason: RedrawReason
    explanation: Text
    replaced: tuple[Named, ...]
    without_cause: int
    allowed: int
    beyond: bool = Field(description="more redraws than the rule allows")


class ExpertPickedByHand(DrawFact):
    """专家系指定产生。An expert was named for an open seat, not drawn. 专家库管理制度。"""

    TOPIC = "expert_draw.picked_by_hand"
    ZH = "{seat} 号席位专家系人工指定;理由:{reason}"
    EN = "the expert of seat {seat} was named by hand; reason: {reason}"
    BASIS = PRACTICE

    expert_no: Named
    version: int
    seat: int
    discipline: Discipline
    reason: Text
    pool_size: int = Field(description="how many the last frozen pool held")


class ExpertReviewStarted(DrawFact):
    """评审已开始。The panel meets; its members are named from here on. 行政许可法第四十五条。"""

    TOPIC = "expert_draw.review_started"
    ZH = "专家评审开始,专家组:{panel}"
    EN = "the expert review began, on the panel: {panel}"
    BASIS = LAW

    panel: tuple[PanelMember, ...]
    discipline: Discipline
    drawn_on: date = Field(description="the earliest day on which a member was drawn")
    latest: date | None = Field(description="the last day for which a draw on that day may be; none without calendar")
    too_early: bool


class PanelOpinionFiled(DrawFact):
    """评审意见已出具。What the panel concludes, signed by its members. 行政许可法第四十五条。"""

    TOPIC = "expert_draw.opinion_filed"
    ZH = "专家组意见:{conclusion};{opinion};签字 {signatures} 人,不同意见 {dissent_count} 人"
    EN = "the panel concludes: {conclusion}; {opinion}; {signatures} signed, {dissent_count} dissented"
    BASIS = LAW

    conclusion: PanelConclusion
    opinion: Text
    signed_by: tuple[Named, ...]
    dissents: tuple[Dissent, ...]
    discipline: Discipline

    @property
    def signatures(self) -> int:
        return len(self.signed_by)

    @property
    def dissent_count(self) -> int:
        return len(self.dissents)


class ExpertsPaid(DrawFact):
    """评审费已支付。What each member was paid, in fen. 专家库管理制度。"""

    TOPIC = "expert_draw.paid"
    ZH = "支付 {count} 名专家评审费共 {total} 元"
    EN = "{count} experts were paid {total} yuan in all"
    BASIS = PRACTICE

    payments: tuple[Payment, ...]

    @property
    def count(self) -> int:
        return len(self.payments)

    @property
    def total(self) -> str:
        yuan, fen = divmod(sum(one.fen for one in self.payments), 100)
        return f"{yuan}.{fen:02d}"


class ExpertDrawCancelled(DrawFact):
    """抽取已取消。The draw is no longer needed; how far it had come is said. 专家库管理制度。"""

    TOPIC = "expert_draw.cancelled"
    ZH = "专家抽取取消,已抽取 {rounds_drawn} 轮;原因:{reason}"
    EN = "the draw was cancelled after {rounds_drawn} drawn rounds; reason: {reason}"
    BASIS = PRACTICE

    reason: Text
    rounds_drawn: int


class ExpertReviewRescheduled(DrawFact):
    """评审已改期。The review moved to another day; experts drawn for the old one stay drawn. 专家库管理制度。"""

    TOPIC = "expert_draw.review_rescheduled"
    ZH = "专家评审由 {old} 改期至 {review_on};原因:{reason}"
    EN = "the expert review moved from {old} to {review_on}; reason: {reason}"
    BASIS = PRACTICE

    old: date
    review_on: date
    reason: Text


class DrawDutyAssigned(DrawFact):
    """在岗人员已增加。Another officer is on duty and sees the names. 专家库管理制度。"""

    TOPIC = "expert_draw.duty_assigned"
    ZH = "增加在岗人员 {officer};原因:{reason}"
    EN = "{officer} was put on duty; reason: {reason}"
    BASIS = PRACTICE

    officer: Annotated[Short, Personal("text")]
    reason: Text
