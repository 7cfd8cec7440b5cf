"""Words of the consultation: its states, and how it ends. What bodies say stands in ``domain.kernel.opinions``."""

from __future__ import annotations

from domain.kernel.words import Word


class ConsultationState(Word):
    REQUESTED = "requested", "已提请", "requested"
    OPINIONS_OPEN = "opinions_open", "征求意见中", "opinions open"
    CONCLUDED = "concluded", "已结论", "concluded"
    ESCALATED = "escalated", "已提交联席会议", "escalated to the joint conference"
    CONCLUDED_BY_CONFERENCE = "concluded_by_conference", "联席会议已议定", "concluded by the joint conference"
    CANCELLED = "cancelled", "已取消", "cancelled"


class ConsultationOutcome(Word):
    """会商结论."""

    AGREED = "agreed", "一致同意", "agreed"
    AGREED_WITH_CONDITIONS = "agreed_with_conditions", "附条件同意", "agreed with conditions"
    NO_OBJECTION = "no_objection", "无反对意见", "no objection"
    OBJECTION_ADOPTED = "objection_adopted", "采纳反对意见", "objection adopted"
    OBJECTION_ANSWERED = "objection_answered", "反对意见已回应", "objection answered"


ABOUT_OBJECTIONS = (ConsultationOutcome.OBJECTION_ADOPTED, ConsultationOutcome.OBJECTION_ANSWERED)
"""Outcomes that say what became of an objection."""
