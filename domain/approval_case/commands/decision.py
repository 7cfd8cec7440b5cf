"""Commands of the decision (决定) and of what follows it, to the archive."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.approval_case.commands.case import ACCEPTORS, BY_ITSELF, DECIDERS, OFFICERS, CaseCommand
from domain.approval_case.commands.papers import Signed
from domain.approval_case.words import DenialGround, Secrecy, TerminationGround, Validity
from domain.kernel.people import Role
from domain.kernel.words import OpinionUse, Short, Text


class GrantLicense(Signed):
    """准予许可。Grant the license, and say how the opinions of a consultation were used."""

    NAME, ZH, MAY = "case.grant_license", "准予许可", DECIDERS
    content: Text
    validity: Validity
    minutes_no: Short | None = Field(None, description="minutes of the hearing, where one was held")
    opinion_uses: tuple[OpinionUse, ...] = Field((), max_length=60)


class DenyLicense(Signed):
    """不予许可。Deny the license, with reasons and remedies."""

    NAME, ZH, MAY = "case.deny_license", "不予许可", DECIDERS
    reasons: Annotated[str, Field(min_length=10, max_length=2000)]
    remedy_notice: Text
    minutes_no: Short | None = Field(None, description="minutes of the hearing, where one was held")
    opinion_uses: tuple[OpinionUse, ...] = Field((), max_length=60)
    ground: DenialGround = DenialGround.CONDITIONS_NOT_MET


class DeemRenewalGranted(CaseCommand):
    """视为准予延续。Record that silence has granted a renewal that was asked in time."""

    NAME, ZH, MAY = "case.deem_renewal_granted", "认定视为准予延续", BY_ITSELF


class IssueLicense(CaseCommand):
    """颁发证件。Issue the license document."""

    NAME, ZH, MAY = "case.issue_license", "颁发证件", OFFICERS
    license_no: Short
    digest: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    e_license_id: Annotated[str, Field(max_length=120)] = ""


class DeliverLicense(CaseCommand):
    """送达。Serve the license."""

    NAME, ZH, MAY = "case.deliver_license", "送达证件", OFFICERS
    how: Short


class PublishDecision(CaseCommand):
    """公示决定。Publish the decision."""

    NAME, ZH, MAY = "case.publish_decision", "公示决定", OFFICERS
    where: Short


class WithholdPublication(CaseCommand):
    """决定不予公开。Keep a decision from the public: secrets and privacy only, with the reason."""

    NAME, ZH, MAY = "case.withhold_publication", "不予公开决定", DECIDERS
    secrecy: Secrecy
    reason: Text


class ChargeFee(CaseCommand):
    """收费。Charge a fee that a law or administrative regulation provides for."""

    NAME, ZH, MAY = "case.charge_fee", "收费", OFFICERS
    amount: int = Field(gt=0, description="in fen (分), the hundredth part of a yuan")
    purpose: Short
    receipt_no: Short


class ConcludeCase(CaseCommand):
    """办结。Conclude the case."""

    NAME, ZH, MAY = "case.conclude", "办结", OFFICERS


class WithdrawApplication(CaseCommand):
    """撤回申请。The applicant withdraws; the platform does so for the parts of a bundle that is withdrawn."""

    NAME, ZH, MAY = "case.withdraw_application", "撤回申请", ACCEPTORS | BY_ITSELF | {Role.APPLICANT}
    reason: Text


class TerminateCase(CaseCommand):
    """终止办理。End the case without a decision."""

    NAME, ZH, MAY = "case.terminate", "终止办理", OFFICERS
    ground_code: TerminationGround
    ground: Text


class ArchiveCase(CaseCommand):
    """归档。Archive the electronic file."""

    NAME, ZH, MAY = "case.archive", "归档", OFFICERS
    archive_no: Short
