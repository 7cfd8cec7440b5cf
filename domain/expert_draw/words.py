"""Words of the draw (专家抽取): its states, what became of a candidate, why one is left out, who is a party."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from domain.kernel.words import Personal, Short, Text, Value, Word

Named = Annotated[Short, Personal("text")]
"""Number of an expert in a draw: kept from whoever is not on duty, so masked wherever persons are. Without a pattern of
its own, for a mask must fit into its place; a number that nobody has is found out when it is looked up."""


class DrawState(Word):
    """专家抽取状态."""

    REQUESTED = "requested", "已申请", "requested"
    COMMITTED = "committed", "已承诺密值", "secret committed"
    STARTED = "started", "已启动", "started"
    POOL_FROZEN = "pool_frozen", "专家池已冻结", "pool frozen"
    DRAWN = "drawn", "已抽取", "drawn"
    REDRAWN = "redrawn", "待重抽", "to be drawn again"
    PANEL_COMPLETE = "panel_complete", "专家组已组成", "panel complete"
    REVIEWING = "reviewing", "评审中", "reviewing"
    OPINION_FILED = "opinion_filed", "已出具意见", "opinion filed"
    PAID = "paid", "已付酬", "paid"
    CANCELLED = "cancelled", "已取消", "cancelled"


S = DrawState
IN_A_ROUND = (S.COMMITTED, S.STARTED, S.POOL_FROZEN)
GATHERING = (S.REQUESTED, S.REDRAWN, *IN_A_ROUND, S.DRAWN, S.PANEL_COMPLETE)
BEFORE_THE_OPINION = (*GATHERING, S.REVIEWING)


class SeatAnswer(Word):
    """What became of a drawn expert (专家答复)."""

    AWAITED = "awaited", "待答复", "not answered yet"
    CONFIRMED = "confirmed", "已确认", "confirmed"
    DECLINED = "declined", "已谢绝", "declined"
    RECUSED = "recused", "已回避", "recused"
    NO_SHOW = "no_show", "未到场", "did not come"
    SET_ASIDE = "set_aside", "被换下", "set aside"


HOLDING = (SeatAnswer.AWAITED, SeatAnswer.CONFIRMED)


class RedrawReason(Word):
    """重抽原因; the last two are not for the experts' sake, and they are counted (R18)."""

    DECLINED = "declined", "专家谢绝", "an expert declined"
    RECUSED = "recused", "专家回避", "an expert was recused"
    NO_SHOW = "no_show", "专家未到场", "an expert did not come"
    POOL_SHORT = "pool_short", "专家池人数不足", "the pool had too few"
    SET_ASIDE = "set_aside", "换下专家", "experts are set aside"
    ROUND_GIVEN_UP = "round_given_up", "放弃本轮", "the round is given up"


FOR_THE_EXPERTS_SAKE = {
    RedrawReason.DECLINED: SeatAnswer.DECLINED,
    RedrawReason.RECUSED: SeatAnswer.RECUSED,
    RedrawReason.NO_SHOW: SeatAnswer.NO_SHOW,
}


class ExclusionReason(Word):
    """排除原因: why an expert of the pool may not be drawn this time."""

    SUSPENDED = "suspended", "资格暂停", "suspended"
    REMOVED = "removed", "已出库", "removed from the pool"
    OTHER_DISCIPLINE = "other_discipline", "专业不符", "enrolled for other disciplines"
    TIE = "tie", "存在利害关系", "tied to a party"
    OBJECTED = "objected", "申请人或经办人提出排除", "objected to"
    DRAWN_BEFORE = "drawn_before", "本次评审已抽中过", "drawn for this review before"


class PartyRole(Word):
    """当事方身份."""

    APPLICANT = "applicant", "申请人", "applicant"
    AGENT = "agent", "代理人", "agent"
    INTERMEDIARY = "intermediary", "中介服务机构", "intermediary agency"
    AUTHOR = "author", "材料编制单位", "author of the material"


class Party(Value):
    """当事方: whoever an expert may not be tied to, by identifier; names may be shared."""

    role: PartyRole
    identifier: Annotated[str, StringConstraints(min_length=2, max_length=64)]
    name: Annotated[Short, Personal("name")]

    def __str__(self) -> str:
        return self.name


class Objection(Value):
    """排除请求: an expert who is not to be drawn, and why."""

    expert_no: Named
    reason: Text


class PoolMember(Value):
    """池中专家: the expert and the version of the expert's stream that was looked up."""

    expert_no: Named
    version: int = Field(ge=1)


class Exclusion(PoolMember):
    """被排除的专家, with the reason and what it rests on."""

    reason: ExclusionReason
    because: Annotated[str, StringConstraints(max_length=2000)] = ""


class Seat(Value):
    """席位: who was drawn for it."""

    seat: int = Field(ge=1)
    expert_no: Named


class PanelMember(Seat):
    """专家组成员, named once the review has begun."""

    name: Annotated[Short, Personal("name")]

    def __str__(self) -> str:
        return self.name


class PanelConclusion(Word):
    """评审结论."""

    PASS = "pass", "通过", "pass"
    PASS_WITH_CONDITIONS = "pass_with_conditions", "修改后通过", "pass with conditions"
    FAIL = "fail", "不通过", "fail"


class Dissent(Value):
    """不同意见: a member who does not sign, and why."""

    expert_no: Named
    statement: Text


class Payment(Value):
    """评审费, in fen (分)."""

    expert_no: Named
    fen: int = Field(ge=0, le=100_000_00)
    basis: Short
