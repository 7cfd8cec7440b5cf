"""Facts of the routing (责任确定与移交): who answers for a case, and to whom it was handed over."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.approval_case.words import CaseNo
from domain.kernel.channel import Channel
from domain.kernel.event import Event
from domain.kernel.responsibility import Responsible
from domain.kernel.words import Addressee, Body, ItemCode, OrganCode, RegionCode, Term, Text, said


class CaseRouted(Event):
    """责任已确定。Who approves and who supervises the case, by the version of the table that was used.

    Where nobody, or more than one, answers for the place, the organ that accepted handles the case all the same (the
    applicant need not wait for the organs), and every claimant is told."""

    TOPIC = "case.routed"
    ZH = "按责任清单第 {table} 版确定责任:{outcome}"
    EN = "routed by version {table} of the responsibility table: {outcome}"
    BASIS = "谁审批谁负责、谁主管谁监管(国发〔2015〕62号)"
    CHANNEL = Channel.INTERACTION

    case_no: CaseNo
    item: ItemCode
    item_version: int = Field(ge=1)
    region: RegionCode | None = None
    organ: OrganCode = Field(description="the organ that handles the case")
    routing: Responsible
    told: Annotated[tuple[Body, ...], Addressee()] = Field((), description="claimants of a place in dispute")

    @property
    def table(self) -> int:
        return self.routing.table

    @property
    def outcome(self) -> Term:
        found = self.routing
        supervised = [said(found.regulators, language) for language in ("zh", "en")]
        if found.dispute is not None:
            zh, en = said(found.claimants, "zh"), said(found.claimants, "en")
            return Term(
                f"第 {found.dispute} 号责任争议未裁定(主张部门:{zh}),由受理机关 {self.organ} 先行办理,监管:{supervised[0]}",
                f"dispute {found.dispute} stands (claimed by: {en}), {self.organ} handles it, "
                f"supervised by: {supervised[1]}",
            )
        approver = found.approver.name if found.approver else self.organ
        return Term(f"审批:{approver},监管:{supervised[0]}", f"approver {approver}, supervised by: {supervised[1]}")


class CaseHandedOver(Event):
    """办件已移交。The item went to another organ and its running cases with it. 行政许可法第二十五条。"""

    TOPIC = "case.handed_over"
    ZH = "办件随事项划转由「{from_organ}」移交「{to_organ}」,依据:{basis};时限连续计算"
    EN = "the case went with its item from {from_organ} to {to_organ}, by: {basis}; its clocks run on"
    BASIS = "行政许可法第二十五条"

    case_no: CaseNo
    from_organ: Body
    to_organ: Body
    basis: Text
