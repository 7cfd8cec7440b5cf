"""Words of the consultation: its states, the opinions, and how they are used."""

from __future__ import annotations

from domain.kernel.words import Word


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


BINDING = (Opinion.OBJECT, Opinion.AGREE_WITH_CONDITIONS)
"""Opinions that may not be passed over without an answer (rule R40)."""


class ConsultationOutcome(Word):
    """会商结论."""

    AGREED = "agreed", "一致同意", "agreed"
    AGREED_WITH_CONDITIONS = "agreed_with_conditions", "附条件同意", "agreed with conditions"
    OBJECTION_ADOPTED = "objection_adopted", "采纳反对意见", "objection adopted"
    OBJECTION_ANSWERED = "objection_answered", "反对意见已回应", "objection answered"
