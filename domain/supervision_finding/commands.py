"""Commands of the finding (监管信息命令), in the order in which one meets them."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.kernel.channel import Channel
from domain.kernel.command import Command, Target
from domain.kernel.identity import stream_id
from domain.kernel.people import APPROVING, Role
from domain.kernel.words import Body, Short, Site, Subject, Text
from domain.supervision_finding.words import Demand, FindingDuty, FindingKind, FindingResult


def finding_stream(organ: str, finding_no: str, found_on: date) -> UUID:
    """One stream per number that a body gives, and year in which it found."""
    return stream_id("finding", found_on.year, organ, finding_no)


class ReportFinding(Command):
    """报送监管信息。A regulator reports what it found and what it asks for."""

    NAME = "finding.report"
    ZH = "报送监管信息"
    MAY = frozenset({Role.REGULATOR})
    ARRIVES_ON = Channel.SUPERVISION

    organ: Body = Field(description="the reporting regulator; the sender's own")
    finding_no: Short = Field(description="the regulator's own number of the finding")
    kind: FindingKind
    subject: Subject
    case_id: UUID | None = None
    case_no: Short | None = None
    license_no: Short | None = None
    push_id: UUID | None = None
    found_on: date
    statement: Text
    legal_basis: Text
    site: Site | None = None
    demands: tuple[Demand, ...] = Field((), max_length=5)
    rectify_by: date | None = None
    hold_until: date | None = None

    @property
    def stream(self) -> UUID:
        return finding_stream(self.organ.code, self.finding_no, self.found_on)


class ProposeRevocation(Command):
    """建议撤销。The platform proposes, in the name of the body that found a commitment broken, to revoke the license.

    A proposal like any other: the approving side registers and decides it, and it alone changes the license."""

    NAME = "finding.propose_revocation"
    ZH = "建议撤销"
    MAY = frozenset({Role.SYSTEM})

    organ: Body = Field(description="the body that found it")
    finding_no: Short
    subject: Subject
    case_id: UUID
    case_no: Short
    license_no: Short | None = None
    found_on: date
    statement: Text
    legal_basis: Text
    site: Site | None = None

    @property
    def stream(self) -> UUID:
        return finding_stream(self.organ.code, self.finding_no, self.found_on)


class FindingCommand(Command):
    finding_id: Annotated[UUID, Target()]


class RegisterFinding(FindingCommand):
    """接收登记。The approving side takes the finding in; the regulator is told who has it."""

    NAME = "finding.register"
    ZH = "接收登记监管信息"
    MAY = APPROVING


class HandleFinding(FindingCommand):
    """处置监管信息。Say what was decided on the finding and why; the regulator gets the answer."""

    NAME = "finding.handle"
    ZH = "处置监管信息"
    MAY = frozenset({Role.EXAMINER, Role.DECIDER})

    result: FindingResult
    explanation: Text


class OpenRectification(FindingCommand):
    """督促整改。Open the rectification that a standing finding asks for."""

    NAME = "finding.open_rectification"
    ZH = "督促整改"
    MAY = frozenset({Role.SYSTEM, Role.EXAMINER, Role.DECIDER, Role.REGULATOR})

    requirement: Text | None = Field(None, description="none takes what the finding states")
    rectify_by: date | None = Field(None, description="none takes the date that the finding names")


class RectificationDone(FindingCommand):
    """确认整改完成。The reporting regulator, or the approving side, confirms that it is mended."""

    NAME = "finding.rectification_done"
    ZH = "确认整改完成"
    MAY = frozenset({Role.REGULATOR, Role.EXAMINER, Role.DECIDER})
    ARRIVES_ON = Channel.SUPERVISION

    statement: Text


class NoteFindingOverdue(FindingCommand):
    """登记监管信息逾期。Note that a duty of the finding was not met by its date; each duty once."""

    NAME = "finding.note_overdue"
    ZH = "登记监管信息逾期"
    MAY = frozenset({Role.SYSTEM})

    duty: FindingDuty


class LinkFindingToCase(FindingCommand):
    """关联办件。Link a finding to the case or license that it is about."""

    NAME = "finding.link_to_case"
    ZH = "监管信息关联办件"
    MAY = frozenset({Role.SYSTEM, Role.ACCEPTOR, Role.EXAMINER, Role.DECIDER})

    case_id: UUID
    case_no: Short
    license_no: Short | None = None
