"""Commands of the license (证照命令), in the order in which a license may meet them."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.kernel.channel import Channel
from domain.kernel.command import Command, Target
from domain.kernel.identity import license_stream
from domain.kernel.licensing import FileDigest
from domain.kernel.people import APPROVING, Role
from domain.kernel.words import Body, Personal, Short, Site, Text
from domain.license.words import (
    AnnualCheckResult,
    CancellationGround,
    ELicenseId,
    Penalty,
    RevocationGround,
    WithdrawalGround,
)

DECIDERS = frozenset({Role.DECIDER})
BY_ITSELF = frozenset({Role.SYSTEM})


class RegisterLicense(Command):
    """登记证照。Register the license that a case has issued, as its decision grants it."""

    NAME, ZH, MAY = "license.register", "登记证照", BY_ITSELF

    case_id: UUID
    license_no: Short
    e_license_id: ELicenseId = ""
    digest: FileDigest = ""

    @property
    def stream(self) -> UUID:
        return license_stream(self.case_id)


class LicenseCommand(Command):
    license_id: Annotated[UUID, Target()]


class BringIntoEffect(LicenseCommand):
    """证照生效。Let a license take effect on the first day of its period."""

    NAME, ZH, MAY = "license.bring_into_effect", "证照生效", BY_ITSELF


class RecordSuspension(LicenseCommand):
    """登记暂扣。Record that the license was suspended as a penalty, with the penalty's document."""

    NAME, ZH, MAY = "license.record_suspension", "登记暂扣", DECIDERS

    penalty: Penalty
    until: date | None = Field(None, description="last day of the suspension, where the penalty names one")
    finding_id: UUID | None = Field(None, description="the finding by which the penalty was told")


class EndSuspension(LicenseCommand):
    """解除暂扣。End the suspension: its period is over, or the organ that punished has lifted it."""

    NAME, ZH, MAY = "license.end_suspension", "解除暂扣", DECIDERS | BY_ITSELF

    reason: Text


class AlterLicense(LicenseCommand):
    """变更证照。Alter the license as the decision of a case grants it."""

    NAME, ZH, MAY = "license.alter", "变更证照", BY_ITSELF
    case: UUID


class NoteRenewalAsked(LicenseCommand):
    """登记延续申请。Note that a case asks for the renewal of the license."""

    NAME, ZH, MAY = "license.note_renewal_asked", "登记延续申请", BY_ITSELF
    case: UUID
    case_no: Short
    ask_by: date | None
    in_time: bool


class RenewLicense(LicenseCommand):
    """延续证照。Renew the license as a case grants it, or as silence does."""

    NAME, ZH, MAY = "license.renew", "延续证照", BY_ITSELF
    case: UUID


class ReissueDocument(LicenseCommand):
    """换发证件。Record the new document that an alteration or a renewal has issued."""

    NAME, ZH, MAY = "license.reissue_document", "换发证件", BY_ITSELF
    case: UUID
    license_no: Short
    e_license_id: ELicenseId = ""
    digest: FileDigest = ""


class CorrectLicense(LicenseCommand):
    """更正登记。Correct what was registered wrongly: which fact, what, and why. Nothing is overwritten."""

    NAME, ZH, MAY = "license.correct", "更正证照登记", DECIDERS

    corrects: Short = Field(description="id of the fact that told it wrongly")
    reason: Text
    license_no: Short | None = None
    holder_name: Annotated[Short | None, Personal("name")] = None
    site: Site | None = None
    content: Text | None = None
    valid_to: date | None = None


class ExpireLicense(LicenseCommand):
    """证照失效。Let a license whose period is over, and whose renewal nobody waits for, expire."""

    NAME, ZH, MAY = "license.expire", "证照失效", BY_ITSELF


class WithdrawLicense(LicenseCommand):
    """撤回。Withdraw a lawful license because law or facts changed and the public interest needs it."""

    NAME, ZH, MAY = "license.withdraw", "撤回证照", DECIDERS

    ground: WithdrawalGround
    public_interest: Text = Field(description="why the public interest needs it")
    document_no: Short
    compensation_ref: Short | None = Field(None, description="the file in which the loss is compensated")
    no_loss: Text | None = Field(None, description="why nobody has a loss, where nobody has")
    finding_id: UUID | None = Field(None, description="the proposal that led to it")


class RevokeLicense(LicenseCommand):
    """撤销。Revoke a license that should not have been granted, or say why the public interest forbids it."""

    NAME, ZH, MAY = "license.revoke", "撤销证照", DECIDERS

    ground: RevocationGround
    reasons: Annotated[str, Field(min_length=10, max_length=2000)]
    document_no: Short
    compensation_ref: Short | None = Field(None, description="only for a ground that is not the holder's own fraud")
    public_interest_exception: Text | None = Field(
        None, description="the major harm to the public interest for which it is not revoked"
    )
    finding_id: UUID | None = Field(None, description="the proposal that led to it")


class RecordPenaltyRevocation(LicenseCommand):
    """登记吊销。Record that the license was revoked as a penalty, with the penalty's document."""

    NAME, ZH, MAY = "license.record_penalty_revocation", "登记吊销", DECIDERS

    penalty: Penalty
    finding_id: UUID | None = Field(None, description="the finding by which the penalty was told")


class RecordCancellationGround(LicenseCommand):
    """登记注销事由。Record that the holder or the object of the license has ended."""

    NAME, ZH, MAY = "license.record_cancellation_ground", "登记注销事由", DECIDERS

    ground: CancellationGround
    happened_on: date
    statement: Text
    finding_id: UUID | None = Field(None, description="the proposal that led to it")


class CancelLicense(LicenseCommand):
    """注销。Cancel a license that something else has ended."""

    NAME, ZH, MAY = "license.cancel", "注销证照", DECIDERS

    ground: CancellationGround
    document_no: Short
    finding_id: UUID | None = Field(None, description="the proposal that led to it")


class CancelAsApplied(LicenseCommand):
    """依申请注销。Cancel the license because a case has granted its holder's application for that."""

    NAME, ZH, MAY = "license.cancel_as_applied", "依申请注销证照", BY_ITSELF
    case: UUID


class RecordAnnualCheck(LicenseCommand):
    """登记年检。Record the result of the annual check of one year."""

    NAME, ZH, MAY = "license.record_annual_check", "登记年检", APPROVING | {Role.REGULATOR}
    ARRIVES_ON = Channel.SUPERVISION

    year: int = Field(ge=2000, le=2100)
    checked_on: date
    result: AnnualCheckResult
    statement: Text


class NoteProposal(LicenseCommand):
    """监管建议入册。Note that a regulator's finding bears on the license and waits for an answer."""

    NAME, ZH, MAY = "license.note_proposal", "监管建议入册", BY_ITSELF

    finding_id: UUID
    finding_no: Short
    revision: int = Field(ge=1)
    organ: Body
    kind: Short
    kind_en: Short
    asks_for_change: bool
    statement: Text


class NoteProposalAnswered(LicenseCommand):
    """监管建议答复入册。Note what was decided on a finding that bears on the license."""

    NAME, ZH, MAY = "license.note_proposal_answered", "监管建议答复入册", BY_ITSELF

    finding_id: UUID
    adopted: bool
    result: Text
