"""Facts of the plan (踏勘计划): who is invited, when, and to what, until somebody looks."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.joint_inspection.facts.base import LAW, PRACTICE, REFORM, InspectionFact, in_chain
from domain.joint_inspection.words import (
    Discipline,
    DrawingSet,
    Seat,
    SiteVisitNeed,
    Slot,
    Window,
)
from domain.kernel.channel import Channel
from domain.kernel.words import Addressee, Body, Short, Site, Term, Text


class InspectionPlanned(InspectionFact):
    """联合踏勘已计划。One visit for the cases and bodies named. 行政许可法第三十四条。"""

    TOPIC = "inspection.planned"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "计划于 {window} 在 {site} {kind}{in_chain},牵头「{lead}」,涉及办件 {cases}"
    EN = "a {kind} of {site}{in_chain} is planned for {window}, led by {lead}, for cases {cases}"
    BASIS = LAW

    cause: Short
    site: Site
    window: Window
    cases: tuple[SiteVisitNeed, ...]
    lead: Body
    parent_id: UUID | None = Field(None, description="the inspection whose problems this one looks at again")
    round: int = Field(0, ge=0, description="place in the chain: how many inspections lie before it")
    drawings: DrawingSet | None = None
    seats: tuple[Seat, ...] = ()

    @property
    def in_chain(self) -> Term:
        return in_chain(self.round)


class InspectionInvited(InspectionFact):
    """已邀请踏勘。One body is told when and where, at least the notice of the rules ahead. 联合踏勘制度。"""

    TOPIC = "inspection.invited"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "邀请「{body}」于 {window} 就 {site} 参加{kind}{in_chain},牵头「{lead}」,办件 {case_nos}{on_absence}"
    EN = "{body} is invited to the {kind} of {site}{in_chain} in {window}, led by {lead}, for cases {case_nos}{on_absence}"
    BASIS = PRACTICE
    CHANNEL = Channel.INTERACTION

    inspection_id: UUID
    body: Annotated[Body, Addressee()]
    site: Site
    window: Window
    lead: Body
    case_nos: tuple[Short, ...] = Field(description="the cases that need this body")
    not_before: date | None = Field(description="first day that leaves the notice due; none while no calendar is known")
    parent_id: UUID | None = None
    round: int = Field(0, ge=0)
    slot: Slot | None = Field(None, description="the hour, where it was fixed before this body was invited")
    drawings: DrawingSet | None = None
    disciplines: tuple[Discipline, ...] = ()
    absence_clause: Text | None = Field(None, description="the clause under which absence counts as consent, if any")

    @property
    def in_chain(self) -> Term:
        return in_chain(self.round)

    @property
    def on_absence(self) -> Term:
        told = self.absence_clause
        return Term(f";依{told},缺席视为同意", f"; under {told}, absence counts as consent") if told else Term("", "")


class SiteVisitAdded(InspectionFact):
    """办件并入踏勘。Another case at the place joins the same visit. 联合踏勘制度。"""

    TOPIC = "inspection.site_visit_added"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "办件 {need} 并入{kind}"
    EN = "case {need} joins the {kind}"
    BASIS = PRACTICE
    CHANNEL = Channel.INTERACTION

    inspection_id: UUID
    need: SiteVisitNeed
    bodies: Annotated[tuple[Body, ...], Addressee()]


class SiteVisitDropped(InspectionFact):
    """办件撤出踏勘。A case that has ended leaves; bodies that only it needed are released. 联合踏勘制度。"""

    TOPIC = "inspection.site_visit_dropped"
    ZH = "办件 {need} 撤出{kind},不再需要 {released} 参加;原因:{reason}"
    EN = "case {need} leaves the {kind}, which {released} need not attend any more; reason: {reason}"
    BASIS = PRACTICE
    CHANNEL = Channel.INTERACTION

    inspection_id: UUID
    need: SiteVisitNeed
    bodies: Annotated[tuple[Body, ...], Addressee()]
    released: tuple[Body, ...]
    reason: Text


class DrawingsSubmitted(InspectionFact):
    """图纸已提交。The set that is reviewed, by version and digest. 国办发〔2019〕11号。"""

    TOPIC = "inspection.drawings_submitted"
    ZH = "提交联合审图图纸 {drawings},请 {bodies} 审查"
    EN = "the drawings {drawings} are submitted for review by {bodies}"
    BASIS = REFORM
    CHANNEL = Channel.INTERACTION

    inspection_id: UUID
    bodies: Annotated[tuple[Body, ...], Addressee()]
    drawings: DrawingSet


class DisciplinesAssigned(InspectionFact):
    """审图专业已分配。Which body reviews which discipline. 国办发〔2019〕11号。"""

    TOPIC = "inspection.disciplines_assigned"
    ZH = "联合审图专业分配:{seats}"
    EN = "disciplines of the joint drawing review: {seats}"
    BASIS = REFORM
    CHANNEL = Channel.INTERACTION

    inspection_id: UUID
    bodies: Annotated[tuple[Body, ...], Addressee()]
    seats: tuple[Seat, ...]


class SlotsProposed(InspectionFact):
    """已提出踏勘时间。The lead asks which hours suit everybody; earlier answers count no longer. 联合踏勘制度。"""

    TOPIC = "inspection.slots_proposed"
    ZH = "「{lead}」提出{kind}时间:{slots},请 {bodies} 于 {answer_by} 前答复"
    EN = "{lead} proposes hours for the {kind}: {slots}; {bodies} to answer by {answer_by}"
    BASIS = PRACTICE
    CHANNEL = Channel.INTERACTION

    inspection_id: UUID
    bodies: Annotated[tuple[Body, ...], Addressee()]
    lead: Body
    slots: tuple[Slot, ...]
    answer_by: date | None = Field(description="none while no calendar is published")


class SlotsAnswered(InspectionFact):
    """已答复踏勘时间。A body says which of the proposed hours it can. 联合踏勘制度。"""

    TOPIC = "inspection.slots_answered"
    ZH = "「{body}」可参加的时间:{accepts};说明:{reason}"
    EN = "{body} can come at: {accepts}; remark: {reason}"
    BASIS = PRACTICE
    CHANNEL = Channel.INTERACTION

    inspection_id: UUID
    lead: Annotated[Body, Addressee()]
    body: Body
    accepts: tuple[Slot, ...]
    reason: Text | None
    supersedes: int | None = Field(description="version of the earlier answer of the same body")


class SlotFixed(InspectionFact):
    """踏勘时间已定。All accepted the hour, or most did and the lead says why it is that one. 联合踏勘制度。"""

    TOPIC = "inspection.slot_fixed"
    ZH = "{kind}时间定为 {slot};可以:{accepted};未同意:{others};说明:{reason}"
    EN = "the {kind} is fixed for {slot}; accepted by {accepted}; not by {others}; remark: {reason}"
    BASIS = PRACTICE
    CHANNEL = Channel.INTERACTION

    inspection_id: UUID
    bodies: Annotated[tuple[Body, ...], Addressee()]
    slot: Slot
    accepted: tuple[Body, ...]
    others: tuple[Body, ...]
    reason: Text | None


class AttendanceConfirmed(InspectionFact):
    """已确认参加踏勘。An invited body will come; the envelope names who said so. 联合踏勘制度。"""

    TOPIC = "inspection.attendance_confirmed"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "「{body}」确认参加{kind}"
    EN = "{body} will attend the {kind}"
    BASIS = PRACTICE

    body: Body


class InspectionRescheduled(InspectionFact):
    """踏勘已改期。The visit moved; everybody is told and confirms again. 联合踏勘制度。"""

    TOPIC = "inspection.rescheduled"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "{site} 的{kind}由 {old} 改期至 {window};原因:{reason}"
    EN = "the {kind} of {site} moved from {old} to {window}; reason: {reason}"
    BASIS = PRACTICE
    CHANNEL = Channel.INTERACTION

    inspection_id: UUID
    bodies: Annotated[tuple[Body, ...], Addressee()]
    site: Site
    old: Window
    window: Window
    reason: Text
