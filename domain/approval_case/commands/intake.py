"""Commands of the intake (申请与受理), in the order in which a case meets them."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.approval_case.commands.case import ACCEPTORS, BY_ITSELF, PLATFORM, CaseCommand, case_stream
from domain.approval_case.commands.papers import RefusalVoucher, Voucher
from domain.approval_case.words import CaseNo, Material
from domain.kernel.command import Command
from domain.kernel.people import Role
from domain.kernel.promises import CommitmentKind
from domain.kernel.words import Agent, ItemCode, Matter, Short, Site, Subject, SubmissionChannel, Text

NotAsked = Annotated[
    tuple[Short, ...], Field(max_length=100, description="materials that shared data supplies or this case does not need")
]
"""免提交材料: what government data can supply may not be asked of the applicant (国务院令第716号)."""


class SubmitApplication(Command):
    """提出申请。Submit an application for an item version in force; the parts of a bundle are submitted by the platform."""

    NAME = "case.submit_application"
    ZH = "提出申请"
    MAY = ACCEPTORS | BY_ITSELF | {Role.APPLICANT}

    case_no: CaseNo
    opened_on: date
    item: ItemCode
    subject: Subject
    site: Site | None = None
    materials: tuple[Material, ...] = Field((), max_length=200)
    channel: SubmissionChannel = SubmissionChannel.WINDOW
    agent: Agent | None = None
    matter: Matter = Matter.NEW
    license_id: UUID | None = Field(None, description="the license that is to be altered, renewed or cancelled")
    bundle_id: UUID | None = Field(None, description="the bundle that the case is a part of")
    forwarded_from: UUID | None = Field(None, description="the case in which the lower level examined it first")

    @property
    def stream(self) -> UUID:
        return case_stream(PLATFORM, self.opened_on, self.case_no)


class ReceiveMaterial(CaseCommand):
    """收件。Receive the materials and issue the receipt; the intake clock starts."""

    NAME, ZH, MAY = "case.receive_material", "收件", ACCEPTORS
    receipt_no: Short


class CorrectOnSpot(CaseCommand):
    """当场更正。Let an error be corrected on the spot."""

    NAME, ZH, MAY = "case.correct_on_spot", "当场更正", ACCEPTORS
    what: Text


class RequestCorrection(CaseCommand):
    """一次性告知补正。Tell once everything that is missing."""

    NAME, ZH, MAY = "case.request_correction", "告知补正", ACCEPTORS
    missing: tuple[Short, ...] = Field(min_length=1, max_length=100)
    until: date
    notice_no: Short | None = None
    caused_by: tuple[Short, ...] = Field((), max_length=100, description="supplied materials that made a new ask needed")


class SubmitCorrection(CaseCommand):
    """提交补正。Hand in what was missing."""

    NAME, ZH, MAY = "case.submit_correction", "提交补正", ACCEPTORS | {Role.APPLICANT}
    materials: tuple[Short, ...] = Field(min_length=1, max_length=100)


class LapseCorrection(CaseCommand):
    """补正逾期。End a case whose correction never came."""

    NAME, ZH, MAY = "case.lapse_correction", "认定补正逾期", ACCEPTORS | BY_ITSELF


class DeclareNoPermitRequired(RefusalVoucher):
    """告知不需许可。Tell that the matter needs no license."""

    NAME, ZH, MAY = "case.declare_no_permit_required", "告知不需要许可", ACCEPTORS
    reason: Text


class RefuseAcceptance(RefusalVoucher):
    """不予受理。Refuse to accept, and name the right organ."""

    NAME, ZH, MAY = "case.refuse_acceptance", "不予受理", ACCEPTORS
    reason: Annotated[str, Field(min_length=10, max_length=2000)]
    redirect_to: Short
    remedy_notice: Text


class AcceptApplication(Voucher):
    """受理。Accept the application."""

    NAME, ZH, MAY = "case.accept_application", "受理", ACCEPTORS
    document_no: Short
    not_asked: NotAsked = ()


class DeemAccepted(CaseCommand):
    """视为受理。Record that silence made the application accepted."""

    NAME, ZH, MAY = "case.deem_accepted", "认定视为受理", BY_ITSELF


class AcceptWithTolerance(Voucher):
    """容缺受理。Accept although listed minor materials are missing."""

    NAME, ZH, MAY = "case.accept_with_tolerance", "容缺受理", ACCEPTORS
    document_no: Short
    missing: tuple[Short, ...] = Field(min_length=1, max_length=50)
    until: date | None = Field(None, description="none: each by its days in the catalogue, else by the promised end")
    not_asked: NotAsked = ()


class ClearTolerance(CaseCommand):
    """容缺补齐。Record that the tolerated materials came."""

    NAME, ZH, MAY = "case.clear_tolerance", "容缺补齐", ACCEPTORS
    materials: tuple[Short, ...] = Field(min_length=1, max_length=50)


class LapseTolerance(CaseCommand):
    """容缺逾期。End a case whose tolerated materials never came."""

    NAME, ZH, MAY = "case.lapse_tolerance", "认定容缺逾期", ACCEPTORS | BY_ITSELF


class FileCommitment(CaseCommand):
    """告知承诺。File the applicant's commitment."""

    NAME, ZH, MAY = "case.file_commitment", "提交承诺", ACCEPTORS | {Role.APPLICANT}
    commitment: Text
    check_by: date | None = Field(None, description="none: by the days of the item, else the default")
    kind: CommitmentKind = CommitmentKind.CONDITIONS


class WithdrawCommitment(CaseCommand):
    """撤回承诺。Take a commitment back before the decision; the case is handled the ordinary way."""

    NAME, ZH, MAY = "case.withdraw_commitment", "撤回承诺", ACCEPTORS | {Role.APPLICANT}
    reason: Text
