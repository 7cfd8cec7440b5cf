"""Channels (通道): where a fact may travel."""

from __future__ import annotations

from domain.kernel.words import Word


class Channel(Word):
    """A family of topics. A fact without one is private and never leaves the store."""

    PRIVATE = "private", "内部", "private"
    APPROVAL = "approval", "审批推送", "approvals to the regulator"
    INTERACTION = "interaction", "会商与踏勘", "consultations and joint inspections"
    SUPERVISION = "supervision", "监管回推", "supervision back from the regulator"
    INTAKE = "intake", "审批系统报送", "reports of approval systems"
    PARKED = "parked", "退件暂存", "messages set aside with a reason"

    def topic(self, authority: str = "") -> str:
        """The topic of this channel for one authority."""
        if self is Channel.INTAKE:
            return "approval.intake"
        if self is Channel.PARKED:
            return f"supervision.{authority}.v1.parked" if authority else "approval.intake.parked"
        if self is Channel.PRIVATE:
            raise ValueError("内部事实不外发。A private fact has no topic.")
        return f"{self.value}.{authority}.v1"
