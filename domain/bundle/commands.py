"""Commands of the bundle (一件事命令), in the order in which a bundle meets them."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.bundle.words import BundleNo, Digest, HandedIn, PartOutcome
from domain.kernel.bundles import ChainCode, PartCode
from domain.kernel.command import Command, Target
from domain.kernel.identity import stream_id
from domain.kernel.people import Role
from domain.kernel.words import Agent, Short, Site, Subject, SubmissionChannel, Text

BY_ITSELF = frozenset({Role.SYSTEM})
COUNTER = frozenset({Role.ACCEPTOR, Role.APPLICANT})


def bundle_stream(opened_on: date, bundle_no: str) -> UUID:
    return stream_id("bundle", opened_on.year, bundle_no)


class SubmitBundle(Command):
    """提出一件事申请。Apply once for everything that a chain template joins; materials are handed in once."""

    NAME = "bundle.submit"
    ZH = "提出一件事申请"
    MAY = COUNTER

    bundle_no: BundleNo
    opened_on: date
    chain: ChainCode
    subject: Subject
    site: Site | None = None
    materials: tuple[HandedIn, ...] = Field((), max_length=200)
    without: tuple[PartCode, ...] = Field((), max_length=40, description="optional parts that are not asked for")
    channel: SubmissionChannel = SubmissionChannel.WINDOW
    agent: Agent | None = None

    @property
    def stream(self) -> UUID:
        return bundle_stream(self.opened_on, self.bundle_no)


class BundleCommand(Command):
    bundle_id: Annotated[UUID, Target()]


class NotePart(BundleCommand):
    """部分结果入案。Tell the bundle how the case of one of its parts ended; the case itself is looked up."""

    NAME, ZH, MAY = "bundle.note_part", "部分结果入案", BY_ITSELF
    case_id: UUID
    outcome: PartOutcome
    reason: Text = "准予许可"


class IssueCompositeLicense(BundleCommand):
    """颁发综合许可证。Issue the composite license that joins what was granted, or issue it anew without what has ended."""

    NAME, ZH, MAY = "bundle.issue_composite", "颁发综合许可证", frozenset({Role.ACCEPTOR, Role.DECIDER})
    license_no: Short
    digest: Digest


class NoteCompositePart(BundleCommand):
    """所含许可变化入案。Tell the bundle that a license of one of its parts changed; the license itself is looked up."""

    NAME, ZH, MAY = "bundle.note_composite_part", "所含许可变化入案", BY_ITSELF
    case_id: UUID


class WithdrawBundle(BundleCommand):
    """撤回一件事申请。The applicant withdraws; parts that are not decided are withdrawn with it."""

    NAME, ZH, MAY = "bundle.withdraw", "撤回一件事申请", COUNTER
    reason: Text
