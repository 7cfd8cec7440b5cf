"""Facts of the end (踏勘结论): one notice, rectification, re-inspection, conclusion."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.joint_inspection.facts.base import LAW, PRACTICE, REFORM, InspectionFact, in_chain
from domain.joint_inspection.words import (
    Digest,
    InspectionOutcome,
    InspectionResult,
    Officers,
    Problem,
    Problems,
    Reinspection,
    ReinspectionOutcome,
)
from domain.kernel.channel import Channel
from domain.kernel.words import Addressee, Body, Short, Site, Term, Text


class RectificationNoticeIssued(InspectionFact):
    """整改已一次性告知。Every problem of every body in one written notice. 行政许可法第三十二条第一款第四项。"""

    TOPIC = "inspection.rectification_notice_issued"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "一次性书面告知整改({notice_no}),限 {rectify_by} 前完成:{problems}"
    EN = "told once in writing ({notice_no}) what to rectify by {rectify_by}: {problems}"
    BASIS = "行政许可法第三十二条第一款第四项"
    CHANNEL = Channel.INTERACTION

    bodies: Annotated[tuple[Body, ...], Addressee()]
    notice_no: Short
    rectify_by: date
    problems: tuple[Problem, ...]


class RectificationReported(InspectionFact):
    """已报告整改完成。The bodies that found problems are asked to look again. 联合踏勘制度。"""

    TOPIC = "inspection.rectification_reported"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "报告整改完成:{statement};请「{bodies}」于 {reinspect_by} 前复核{in_chain}"
    EN = "reported as rectified: {statement}; {bodies} to look again by {reinspect_by}{in_chain}"
    BASIS = PRACTICE
    CHANNEL = Channel.INTERACTION

    inspection_id: UUID
    bodies: Annotated[tuple[Body, ...], Addressee()]
    statement: Text
    reinspect_by: date | None
    reinspection: Reinspection | None = Field(None, description="the inspection that follows, in a stream of its own")

    @property
    def in_chain(self) -> Term:
        return in_chain(self.reinspection.round if self.reinspection else 0)


class ReinspectionHeld(InspectionFact):
    """已复核。A body that found problems looked again and signed. 行政许可法第三十四条。"""

    TOPIC = "inspection.reinspection_held"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "「{body}」复核:{result};问题:{problems}"
    EN = "{body} looked again: {result}; problems: {problems}"
    BASIS = LAW

    body: Body
    result: InspectionResult
    problems: Problems
    officers: Officers


class ReinspectionNoted(InspectionFact):
    """复核结果入卷。The inspection that followed has ended; ``rounds`` is the length of the chain below. 行政许可法第三十四条。"""

    TOPIC = "inspection.reinspection_noted"
    ZH = "复核({rounds} 次)结果入卷:{outcome}"
    EN = "the re-inspection ended after {rounds} rounds: {outcome}"
    BASIS = LAW

    reinspection_id: UUID
    outcome: ReinspectionOutcome
    rounds: int = Field(ge=1)


class AcceptanceOpinionIssued(InspectionFact):
    """联合验收意见已出具。One merged acceptance opinion in place of one per department. 国办发〔2019〕11号。"""

    TOPIC = "inspection.acceptance_opinion_issued"
    ZH = "出具联合验收意见 {opinion_no},各部门意见合并为一:{bodies}"
    EN = "the joint acceptance opinion {opinion_no} was issued, one for all: {bodies}"
    BASIS = REFORM
    CHANNEL = Channel.INTERACTION

    bodies: Annotated[tuple[Body, ...], Addressee()]
    opinion_no: Short
    digest: Digest
    deemed: tuple[Body, ...] = Field(description="bodies whose absence counted as consent")


class InspectionConcluded(InspectionFact):
    """联合踏勘已结论。The outcome for every case that shared the visit. 行政许可法第三十四条。"""

    TOPIC = "inspection.concluded"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "{kind}结论{in_chain}:{outcome};办件 {case_nos};缺席:{absent};{reason}"
    EN = "the {kind} concluded{in_chain}: {outcome}; cases {case_nos}; absent: {absent}; {reason}"
    BASIS = LAW
    CHANNEL = Channel.INTERACTION

    bodies: Annotated[tuple[Body, ...], Addressee()]
    outcome: InspectionOutcome
    case_nos: tuple[Short, ...]
    absent: tuple[Body, ...]
    reason: Text
    automatic: bool
    parent_id: UUID | None = Field(
        None, description="the inspection that this one follows, which learns of the outcome"
    )
    round: int = Field(0, ge=0)
    rounds: int = Field(0, ge=0, description="how many re-inspections lie in the chain below")
    reinspection_id: UUID | None = Field(None, description="a re-inspection that was still open, and is of no use now")

    @property
    def in_chain(self) -> Term:
        return in_chain(self.round)


class InspectionCancelled(InspectionFact):
    """联合踏勘已取消。The visit is no longer needed. 联合踏勘制度。"""

    TOPIC = "inspection.cancelled"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "{site} 的{kind}取消;原因:{reason}"
    EN = "the {kind} of {site} was cancelled; reason: {reason}"
    BASIS = PRACTICE
    CHANNEL = Channel.INTERACTION

    bodies: Annotated[tuple[Body, ...], Addressee()]
    site: Site
    reason: Text
    parent_id: UUID | None = None
    round: int = Field(0, ge=0)
    reinspection_id: UUID | None = None
