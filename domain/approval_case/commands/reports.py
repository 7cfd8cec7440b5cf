"""The command of cases that existing approval systems handle and report (报送)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from domain.approval_case.commands.case import case_stream
from domain.approval_case.words import CaseNo, Means
from domain.kernel.channel import Channel
from domain.kernel.command import Command
from domain.kernel.people import Role
from domain.kernel.time import Precision
from domain.kernel.words import Body, OrganCode, Personal, Short, Site, Subject


class ReportStep(Command):
    """报送环节。An existing approval system reports one step of a case that it handles.

    The same source and source event id again changes nothing; with other content it is recorded as a
    resend. ``opened_on`` is the date the source registered the case, the same in every report of it.
    Steps of one case are taken in the order in which they arrive. Never refused for being irregular:
    the irregularity is recorded with the fact."""

    NAME = "case.report_step"
    ZH = "报送环节"
    MAY = frozenset({Role.SOURCE})
    ARRIVES_ON: ClassVar[Channel | None] = Channel.INTAKE

    source: Short
    source_event_id: Short
    case_no: CaseNo
    opened_on: date
    organ: OrganCode
    activity: Short
    activity_name: Annotated[str, Field(max_length=500)] = ""
    means: Means | None = None
    officer: Annotated[str, Field(max_length=200), Personal("text")] = ""
    occurred_at: AwareDatetime
    precision: Precision = Precision.SECOND
    historical: bool = Field(False, description="a declared load of old cases: lateness is then no irregularity")
    item: Annotated[str, Field(max_length=50)] = ""
    item_name: Annotated[str, Field(max_length=200)] = ""
    subject: Subject | None = None
    site: Site | None = None
    departments: tuple[Body, ...] = Field((), max_length=60)
    attributes: dict[str, str] = Field(default_factory=dict, max_length=100)
    case_attributes: dict[str, str] = Field(default_factory=dict, max_length=100)

    @property
    def stream(self) -> UUID:
        return case_stream(self.source, self.opened_on, self.case_no)
