"""Facts of the responsibility table (责任清单事实)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from domain.kernel.channel import Channel
from domain.kernel.event import Event
from domain.kernel.words import Addressee, Body, ItemCode, RegionCode, Short, Text
from domain.responsibility.words import Dispute, DisputeKind, ResponsibilityRow


class ResponsibilityTableSet(Event):
    """责任清单已设定。A version of the table was set: who approves and who supervises, where and when."""

    TOPIC = "responsibility.table_set"
    ZH = "事项 {item} 的责任清单第 {number} 版设定,共 {lines} 行,自 {effective_from} 起适用;依据:{basis};原因:{reason}"
    EN = (
        "version {number} of the responsibility table of the item {item} was set, {lines} rows, in force from "
        "{effective_from}; by: {basis}; reason: {reason}"
    )
    BASIS = "谁审批谁负责、谁主管谁监管(国发〔2015〕62号)"

    item: ItemCode
    number: int = Field(ge=1)
    effective_from: date
    rows: tuple[ResponsibilityRow, ...]
    places: tuple[RegionCode, ...] = ()
    basis: Text
    reason: Text

    @property
    def lines(self) -> int:
        return len(self.rows)


class ResponsibilityDisputed(Event):
    """责任存在争议。Nobody, or more than one, answers for an item at a place; all claimants are told."""

    TOPIC = "responsibility.disputed"
    ZH = "事项 {item} 在 {where} {kind}:{claimants};列为第 {number} 号争议,自 {begins} 起,待机构编制部门裁定"
    EN = "{kind} for the item {item} at {where}: {claimants}; dispute number {number}, from {begins}, awaits a decision"
    BASIS = "谁审批谁负责、谁主管谁监管(国发〔2015〕62号)"
    CHANNEL = Channel.INTERACTION

    item: ItemCode
    number: int = Field(ge=1)
    table: int = Field(ge=1)
    dispute: Dispute
    claimants: Annotated[tuple[Body, ...], Addressee()] = ()

    @property
    def kind(self) -> DisputeKind:
        return self.dispute.kind

    @property
    def where(self) -> str:
        return self.dispute.place or "全域 everywhere"

    @property
    def begins(self) -> date:
        return self.dispute.begins


class ResponsibilityDisputeResolved(Event):
    """责任争议已裁定。The owner of a disputed place was named by the organ that settles powers."""

    TOPIC = "responsibility.dispute_resolved"
    ZH = "事项 {item} 第 {number} 号责任争议裁定由「{owner}」负责;{authority} {document_no}"
    EN = "dispute number {number} of the item {item} was decided for {owner}, by {authority}, {document_no}"
    BASIS = "地方各级人民政府机构设置和编制管理条例第十条"
    CHANNEL = Channel.INTERACTION

    item: ItemCode
    number: int = Field(ge=1)
    owner: Body
    authority: Body
    document_no: Short
    decided_on: date
    told: Annotated[tuple[Body, ...], Addressee()] = ()
