"""Commands that go the whole way at once: one officer on the spot (即办件), or a machine by published rules (秒批)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.approval_case.commands.case import ACCEPTORS, CaseCommand
from domain.approval_case.commands.intake import NotAsked
from domain.approval_case.words import CheckedPoint, Validity
from domain.kernel.people import Role
from domain.kernel.words import Short, Text


class WholeWay(CaseCommand):
    """What both ways write into the file, from the receipt to the decision."""

    receipt_no: Short
    acceptance_no: Short = Field(description="document number of the acceptance")
    document_no: Short
    content: Text
    validity: Validity
    not_asked: NotAsked = ()


class HandleOnTheSpot(WholeWay):
    """当场办结。Receive, accept, examine and grant on the spot, by one officer, where the item is published so."""

    NAME, ZH, MAY = "case.handle_on_the_spot", "当场办结", ACCEPTORS | {Role.DECIDER}
    grounds: Text
    license_no: Short | None = Field(None, description="the license that is handed over at once; none: it follows")
    digest: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""


class DecideByMachine(WholeWay):
    """机器审批。Decide by the published rules of the item: grant when every point is met, else hand over to an officer."""

    NAME, ZH, MAY = "case.decide_by_machine", "机器审批(秒批)", frozenset({Role.SYSTEM, Role.SOURCE})
    rule_version: Short
    points: tuple[CheckedPoint, ...] = Field(min_length=1, max_length=200)
