"""Facts of the bundle (一件事事实), in the order of the table of states.

None of them travels: what a regulator must know is in the push of its own part, and a composite license that went to
every regulator would tell each of them what is none of its business, and the rest twice."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import Field

from domain.bundle.words import BundleNo, CompositePart, HandedIn, OpenedPart, PartOutcome
from domain.kernel.bundles import ChainTerms, PartCode
from domain.kernel.event import Event
from domain.kernel.licensing import LicenseState
from domain.kernel.words import Agent, OrganCode, Short, Site, Subject, SubmissionChannel, Text

PRACTICE = "国办发〔2023〕29号;优化营商环境条例"
LAW = "行政许可法第二十六条"


class ToldToParts(Event):
    """What concerns the cases of a bundle stands in the story of each of them."""

    case_ids: tuple[UUID, ...] = Field(description="cases of the parts that this concerns")


class BundleSubmitted(Event):
    """一件事申请已提出。One application for everything that a chain joins. 行政许可法第二十六条。"""

    TOPIC = "bundle.submitted"
    ZH = "{subject} 就「{chain_name}」提出一件事申请 {bundle_no},牵头「{lead}」,共享材料:{materials}"
    EN = '{subject} applied for "{chain_name}" as one matter, {bundle_no}, led by {lead}; shared materials: {materials}'
    BASIS = LAW

    bundle_no: BundleNo
    opened_on: date
    terms: ChainTerms
    subject: Subject
    site: Site | None = None
    organ: OrganCode = Field(description="where the application was handed in")
    materials: tuple[HandedIn, ...] = ()
    without: tuple[PartCode, ...] = ()
    channel: SubmissionChannel = SubmissionChannel.WINDOW
    agent: Agent | None = None

    @property
    def chain_name(self) -> str:
        return self.terms.name

    @property
    def lead(self) -> str:
        return self.terms.lead.name


class StageOpened(ToldToParts):
    """阶段已开启。The parts of a stage are opened as cases of their own organs, side by side. 行政许可法第二十六条。"""

    TOPIC = "bundle.stage_opened"
    ZH = "第 {number} 阶段「{stage}」开启,并联办理:{parts}"
    EN = 'stage {number} "{stage}" opens, side by side: {parts}'
    BASIS = LAW

    number: int
    stage: Short
    opened_on: date
    parts: tuple[OpenedPart, ...]
    subject: Subject
    site: Site | None = None
    channel: SubmissionChannel = SubmissionChannel.WINDOW
    agent: Agent | None = None


class PartNotOpened(Event):
    """部分未能开立。The item of a part takes no applications any more; the part counts as not granted. 国办发〔2023〕29号。"""

    TOPIC = "bundle.part_not_opened"
    ZH = "部分「{name}」未能开立:{reason}"
    EN = 'the part "{name}" could not be opened: {reason_en}'
    BASIS = PRACTICE

    part: PartCode
    name: Short
    reason: Text
    reason_en: Text


class PartGranted(ToldToParts):
    """部分已准予。The case of a part was granted by its own organ. 行政许可法第三十八条第一款。"""

    TOPIC = "bundle.part_granted"
    ZH = "部分「{joined}」已准予,办件 {case_no}"
    EN = 'the part "{joined}" was granted, case {case_no}'
    BASIS = "行政许可法第三十八条第一款"

    part: PartCode
    joined: CompositePart

    @property
    def case_no(self) -> str:
        return self.joined.case_no


class PartNotGranted(ToldToParts):
    """部分未准予。The case of a part ended without a grant; what that means for the whole is said next. 国办发〔2023〕29号。"""

    TOPIC = "bundle.part_not_granted"
    ZH = "部分「{name}」未获准予({outcome}):{reason}"
    EN = 'the part "{name}" was not granted ({outcome}): {reason}'
    BASIS = PRACTICE

    part: PartCode
    name: Short
    case_id: UUID
    case_no: Short
    outcome: PartOutcome
    reason: Text


class BundleHalted(ToldToParts):
    """一件事不再继续。A part without which the whole does not go on was not granted. 国办发〔2023〕29号。"""

    TOPIC = "bundle.halted"
    ZH = "因「{name}」未获准予,后续阶段不再开启,不发综合许可证;已开立的部分:{still_open}"
    EN = 'because "{name}" was not granted no further stage opens and no composite license is issued; open: {still_open}'
    BASIS = PRACTICE

    part: PartCode
    name: Short
    still_open: tuple[Short, ...]


class StageJoined(ToldToParts):
    """阶段已会合。Every part of a stage is settled. 行政许可法第二十六条。"""

    TOPIC = "bundle.stage_joined"
    ZH = "第 {number} 阶段「{stage}」已会合,准予:{granted}"
    EN = 'stage {number} "{stage}" has joined, granted: {granted}'
    BASIS = LAW

    number: int
    stage: Short
    granted: tuple[Short, ...]


class BundleJoined(ToldToParts):
    """一件事已会合。Every stage has joined; the composite license may be issued. 国办发〔2023〕29号。"""

    TOPIC = "bundle.joined"
    ZH = "各阶段均已会合,待发「{composite}」,含:{parts}"
    EN = 'every stage has joined, "{composite}" is to be issued, joining: {parts}'
    BASIS = PRACTICE

    composite: Short
    parts: tuple[CompositePart, ...]


class CompositeLicenseIssued(ToldToParts):
    """综合许可证已颁发。One license that lists the decisions it joins; it grants nothing of its own. 国办发〔2023〕29号。"""

    TOPIC = "bundle.composite_issued"
    ZH = "颁发「{composite}」{license_no},含:{parts};未含:{without}"
    EN = '"{composite}" {license_no} was issued, joining: {parts}; without: {without}'
    BASIS = PRACTICE

    composite: Short
    license_no: Short
    digest: str
    parts: tuple[CompositePart, ...]
    without: tuple[Short, ...] = Field(description="parts that were left out or not granted, or whose license has ended")


class CompositePartChanged(ToldToParts):
    """综合许可证所含许可已变化。A license that the composite joins does not stand as it did. 国办发〔2023〕29号。"""

    TOPIC = "bundle.composite_part_changed"
    ZH = "「{composite}」{license_no} 所含「{name}」({part_license})现为「{state}」"
    EN = '"{name}" ({part_license}), which "{composite}" {license_no} joins, is now: {state}'
    BASIS = PRACTICE

    composite: Short
    license_no: Short
    part: PartCode
    name: Short
    case_id: UUID
    part_license: Short
    state: LicenseState


class BundleConcluded(ToldToParts):
    """一件事已办结。Nothing is open any more, and there is no composite license to issue. 国办发〔2023〕29号。"""

    TOPIC = "bundle.concluded"
    ZH = "一件事办结,准予:{granted};未准予:{not_granted};{reason}"
    EN = "the matter is concluded, granted: {granted}; not granted: {not_granted}; {reason_en}"
    BASIS = PRACTICE

    granted: tuple[Short, ...]
    not_granted: tuple[Short, ...]
    reason: Text
    reason_en: Text


class BundleWithdrawn(ToldToParts):
    """一件事申请已撤回。The applicant withdrew; undecided parts are withdrawn with it. 行政许可法第二十九条。"""

    TOPIC = "bundle.withdrawn"
    ZH = "申请人撤回一件事申请:{reason};一并撤回:{names}"
    EN = "the applicant withdrew the matter: {reason}; withdrawn with it: {names}"
    BASIS = "行政许可法第二十九条"

    reason: Text
    open_parts: tuple[PartCode, ...]
    names: tuple[Short, ...]
