"""Facts of a machine that examines (秒批): what it checked, and what it handed to a person."""

from __future__ import annotations

from pydantic import Field

from domain.approval_case.words import LAW, CheckedPoint
from domain.kernel.event import Event
from domain.kernel.words import Short, Text


class CheckedByMachine(Event):
    """机器核验。A machine checked every point of the published rules, and all are met. 行政许可法第三十四条第二款。"""

    TOPIC = "case.checked_by_machine"
    ZH = "按规则 {rule_version} 机器核验,全部符合:{points}"
    EN = "checked by machine under the rules {rule_version}, all met: {points}"
    BASIS = LAW + "第三十四条第二款"

    rule_version: Short
    points: tuple[CheckedPoint, ...]


class HandedToOfficer(Event):
    """转人工办理。The machine grants nothing and denies nothing: a person takes over. 行政许可法第三十四条。"""

    TOPIC = "case.handed_to_officer"
    ZH = "按规则 {rule_version} 机器核验后转人工办理:{reason}"
    EN = "handed to an officer after a check under the rules {rule_version}: {reason}"
    BASIS = LAW + "第三十四条"

    rule_version: Short
    points: tuple[CheckedPoint, ...] = Field(description="every point that was checked, met or not")
    unmet: tuple[Short, ...] = ()
    reason: Text
