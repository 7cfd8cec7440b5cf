"""Commands of the commitment (告知承诺命令), in the order in which it meets them."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.commitment.words import CheckMethod, CheckResult, Officers
from domain.kernel.channel import Channel
from domain.kernel.command import Command, Target
from domain.kernel.identity import stream_id, year_of
from domain.kernel.people import Role
from domain.kernel.promises import CommitmentKind
from domain.kernel.words import ItemCode, OrganCode, Regulator, Short, Site, Subject, Text

BY_ITSELF = frozenset({Role.SYSTEM})
CHECKERS = frozenset({Role.REGULATOR, Role.EXAMINER, Role.DECIDER})


def commitment_stream(case_id: UUID) -> UUID:
    """One commitment per case: it opens with the grant and outlives the case."""
    return stream_id("commitment", year_of(case_id), case_id)


class OpenCommitment(Command):
    """跟踪承诺。Follow the commitment on which a grant rests."""

    NAME, ZH, MAY = "commitment.open", "跟踪承诺", BY_ITSELF

    case_id: UUID
    case_no: Short
    item: ItemCode
    item_name: Short
    kind: CommitmentKind
    promise: Text
    subject: Subject
    site: Site | None = None
    organ: OrganCode
    regulators: tuple[Regulator, ...] = ()
    decided_on: date
    check_days: int | None = Field(None, ge=1, description="calendar days; the item's own period, if it has one")
    promised_by: date | None = Field(None, description="the day the promise itself names for its check")

    @property
    def stream(self) -> UUID:
        return commitment_stream(self.case_id)


class CommitmentCommand(Command):
    commitment_id: Annotated[UUID, Target()]


class NoteSampled(CommitmentCommand):
    """列入抽查。Note that a sample drew this commitment."""

    NAME, ZH, MAY = "commitment.note_sampled", "列入抽查", BY_ITSELF
    sample_id: UUID
    sample_no: Short


class RecordCommitmentCheck(CommitmentCommand):
    """核查承诺。Record what a check found; also the check after an order to rectify.

    ``mendable`` false: the promise was false and nothing can mend it, so no order to rectify comes first."""

    NAME, ZH, MAY = "commitment.record_check", "核查承诺", CHECKERS
    ARRIVES_ON = Channel.SUPERVISION

    result: CheckResult
    method: CheckMethod
    checked_on: date
    officers: Officers
    statement: Text
    mendable: bool = True
    next_check_by: date | None = Field(None, description="of a holder that does not operate yet: when to look again")


class OrderRectification(CommitmentCommand):
    """责令整改。Order the holder to do by a date what it promised."""

    NAME, ZH, MAY = "commitment.order_rectification", "责令整改", CHECKERS
    ARRIVES_ON = Channel.SUPERVISION

    document_no: Short
    requirement: Text
    legal_basis: Short
    rectify_by: date


class ReportCommitmentRectified(CommitmentCommand):
    """报告整改完成。The holder says that it is mended; somebody must look again."""

    NAME, ZH = "commitment.report_rectified", "报告整改完成"
    MAY = CHECKERS | {Role.APPLICANT, Role.ACCEPTOR}
    ARRIVES_ON = Channel.SUPERVISION

    statement: Text


class NoteCommitmentOverdue(CommitmentCommand):
    """登记承诺逾期。Note that a commitment was not checked, or not mended, by its date; each once."""

    NAME, ZH, MAY = "commitment.note_overdue", "登记承诺逾期", BY_ITSELF


class SettleCommitment(CommitmentCommand):
    """处置未践诺。Note what the approving side decided on the proposal to revoke."""

    NAME, ZH, MAY = "commitment.settle", "处置未践诺", BY_ITSELF
    finding_id: UUID
    result: Short
    explanation: Text


class CloseCommitment(CommitmentCommand):
    """终结承诺。End a commitment whose license has ended: there is nothing left to check."""

    NAME, ZH, MAY = "commitment.close", "终结承诺", BY_ITSELF | {Role.DECIDER}
    reason: Text
