"""Commands of the provisional approval (模拟审批): an opinion before the last materials, and the decision when they came."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from domain.approval_case.commands.case import ACCEPTORS, BY_ITSELF, DECIDERS, EXAMINERS, CaseCommand
from domain.approval_case.commands.decision import GrantLicense
from domain.approval_case.commands.intake import NotAsked
from domain.approval_case.words import Opinion
from domain.kernel.people import Role
from domain.kernel.words import Short, Text


class AcceptProvisionally(CaseCommand):
    """模拟受理。Begin the provisional approval although listed materials are still to come; no clock of the law starts."""

    NAME, ZH, MAY = "case.accept_provisionally", "模拟受理", ACCEPTORS
    notice_no: Short
    outstanding: Annotated[tuple[Short, ...], Field(min_length=1, max_length=20)]
    until: date
    not_asked: NotAsked = ()


class ExamineProvisionally(CaseCommand):
    """模拟审查。Examine what is there, before the rest came."""

    NAME, ZH, MAY = "case.examine_provisionally", "模拟审查", EXAMINERS
    opinion: Opinion
    grounds: Text


class IssueProvisionalOpinion(CaseCommand):
    """出具模拟审批意见。Issue the numbered provisional opinion: what is outstanding, and until when it holds."""

    NAME, ZH, MAY = "case.issue_provisional_opinion", "出具模拟审批意见", DECIDERS
    opinion_no: Short
    content: Text
    valid_until: date


class SupplyOutstanding(CaseCommand):
    """补齐待补材料。Hand in what was outstanding; when all is there, the intake clock of the law runs."""

    NAME, ZH, MAY = "case.supply_outstanding", "补齐待补材料", ACCEPTORS | {Role.APPLICANT}
    materials: tuple[Short, ...] = Field(min_length=1, max_length=20)


class ConfirmProvisional(GrantLicense):
    """模拟审批转正式决定。Grant what the provisional opinion foresaw, by one fact, once everything came and was accepted."""

    NAME, ZH, MAY = "case.confirm_provisional", "模拟审批转为正式决定", DECIDERS


class WithdrawProvisionalOpinion(CaseCommand):
    """收回模拟审批意见。Take the provisional opinion back, with the reason."""

    NAME, ZH, MAY = "case.withdraw_provisional_opinion", "收回模拟审批意见", DECIDERS
    reason: Text


class LapseProvisional(CaseCommand):
    """模拟审批失效。Record that what was outstanding never came in time."""

    NAME, ZH, MAY = "case.lapse_provisional", "认定模拟审批失效", ACCEPTORS | BY_ITSELF
