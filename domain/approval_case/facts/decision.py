"""Facts of the decision (决定) and of what follows it, to the archive."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.approval_case.words import (
    LAW,
    CaseNo,
    DenialGround,
    PublishedDecision,
    Secrecy,
    TerminationGround,
    Validity,
)
from domain.kernel import event as meaning
from domain.kernel.delegation import Amount
from domain.kernel.documents import DigestIfKnown
from domain.kernel.event import Event
from domain.kernel.words import (
    ItemTerms,
    Matter,
    OpinionUse,
    OrganCode,
    Personal,
    RegionCode,
    Regulator,
    Short,
    Site,
    Subject,
    Term,
    Text,
    said,
)


class Decision(Event):
    """What every decision records; whole, so that a push needs nothing else."""

    case_no: CaseNo
    terms: ItemTerms
    subject: Subject
    site: Site | None = None
    organ: OrganCode
    document_no: Short
    regulators: tuple[Regulator, ...] = Field(description="named by the frozen item version for the place")
    accepted_by: Annotated[str, Personal("text")] = ""
    by_commitment: bool = False
    with_tolerance: bool = False
    matter: Matter = Matter.NEW
    license_id: UUID | None = Field(None, description="the license that is altered, renewed or cancelled")
    bundle_id: UUID | None = Field(None, description="the bundle that the case is a part of")
    opinion_uses: tuple[OpinionUse, ...] = Field((), description="how each opinion of a consultation was used")
    minutes_no: Short | None = Field(None, description="minutes of the hearing that the decision follows")
    delegation_no: Short | None = Field(None, description="letter by which a chief representative decides")
    rule_version: Short | None = Field(None, description="rules by which a machine decided; none: a person did")
    provisional_no: Short | None = Field(None, description="provisional opinion that this decision confirms")
    document_digest: DigestIfKnown = Field("", description="digest of the decision on paper, which its seal must match")
    amount: Amount | None = Field(None, description="in fen, where the letter is limited by amount")
    publicity_due: date | None = Field(None, description="last day to publish; none while no calendar is published")
    region: RegionCode | None = Field(None, description="whose calendar was asked; none: the nation's")
    calendar: str = Field("", description="version of the calendar by which the dates were told")

    @property
    def item_name(self) -> str:
        return self.terms.name

    @property
    def cited(self) -> Term:
        """How the opinions of others were used (rule R40), told only where there were any."""
        if not self.opinion_uses:
            return Term("", "")
        return Term(
            f";会商意见采纳情况:{said(self.opinion_uses, 'zh')}", f"; opinions used: {said(self.opinion_uses, 'en')}"
        )


class DecisionGranted(Decision):
    """准予许可。The license is granted. 行政许可法第三十八条第一款。"""

    TOPIC = "case.decision_granted"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "准予 {subject}「{item_name}」许可,决定书 {document_no}{cited}"
    EN = '{subject} was granted "{item_name}", decision {document_no}{cited}'
    BASIS = LAW + "第三十八条第一款"
    MILESTONE = meaning.GRANTED

    content: Text
    validity: Validity
    delivery_due: date | None = Field(None, description="last day to issue and serve the license (第四十四条)")


class DecisionDenied(Decision):
    """不予许可。The license is denied, with reasons and remedies. 行政许可法第三十八条第二款。"""

    TOPIC = "case.decision_denied"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "不予 {subject}「{item_name}」许可,决定书 {document_no};理由:{reasons}{cited}"
    EN = '{subject} was denied "{item_name}", decision {document_no}; reasons: {reasons}{cited}'
    BASIS = LAW + "第三十八条第二款"
    MILESTONE = meaning.DENIED

    reasons: Text
    remedy_notice: Text
    ground: DenialGround = DenialGround.CONDITIONS_NOT_MET


class LicenseIssued(Event):
    """颁发证件。The license document was issued. 行政许可法第三十九条。"""

    TOPIC = "case.license_issued"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "颁发证件 {license_no}"
    EN = "license {license_no} was issued"
    BASIS = LAW + "第三十九条"

    license_no: Short
    digest: str = ""
    e_license_id: str = ""
    matter: Matter = Matter.NEW
    license_id: UUID | None = Field(None, description="the license whose document this is, where it exists already")


class LicenseDelivered(Event):
    """送达。The license was served within ten working days of the grant. 行政许可法第四十四条。"""

    TOPIC = "case.license_delivered"
    ZH = "证件送达,方式:{how}"
    EN = "the license was served by {how}"
    BASIS = LAW + "第四十四条"

    how: Short


class DecisionPublished(Event):
    """决定公开。The decision was published. 行政许可法第四十条。"""

    TOPIC = "case.decision_published"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "决定已公示:{where}"
    EN = "the decision was published: {where}"
    BASIS = LAW + "第四十条"

    where: Short
    published: PublishedDecision | None = Field(None, description="what the public sees, already masked")


class PublicationWithheld(Event):
    """决定不予公开。The decision is kept from the public, for a secret or for privacy. 行政许可法第五条第二款。"""

    TOPIC = "case.publication_withheld"
    ZH = "决定不予公开({secrecy}):{reason}"
    EN = "the decision is not published ({secrecy}): {reason}"
    BASIS = LAW + "第五条第二款"

    secrecy: Secrecy
    reason: Text


class FeeCharged(Event):
    """收费。A fee was charged, on the law or regulation that provides for it. 行政许可法第五十八条、第五十九条。"""

    TOPIC = "case.fee_charged"
    ZH = "收取{purpose} {yuan} 元,票据 {receipt_no};依据:{basis}"
    EN = "a fee of {yuan} yuan for {purpose} was charged, receipt {receipt_no}, by {basis}"
    BASIS = LAW + "第五十八条、第五十九条"

    amount: int = Field(gt=0, description="in fen (分)")
    purpose: Short
    receipt_no: Short
    basis: Text

    @property
    def yuan(self) -> str:
        return f"{self.amount // 100}.{self.amount % 100:02}"


class CaseConcluded(Event):
    """办结。The case is concluded."""

    TOPIC = "case.concluded"
    ZH = "办结"
    EN = "concluded"
    BASIS = LAW + "第四十四条"
    MILESTONE = meaning.CONCLUDED


class CaseWithdrawn(Event):
    """撤回申请。The applicant withdrew the application."""

    TOPIC = "case.withdrawn"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "{how}:{reason}"
    EN = "{how}: {reason}"
    BASIS = LAW + "第二十九条"

    reason: Text
    deemed: bool = Field(False, description="nobody withdrew it: it counts as withdrawn, since materials never came")

    @property
    def how(self) -> Term:
        if self.deemed:
            return Term("视为撤回申请", "the application counts as withdrawn")
        return Term("申请人撤回申请", "the applicant withdrew")


class CaseTerminated(Event):
    """终止。The case ended without a decision, on a named ground."""

    TOPIC = "case.terminated"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "终止办理({ground_code}):{ground}"
    EN = "terminated ({ground_code}): {ground}"
    BASIS = LAW + "第三十二条"

    ground: Text
    ground_code: TerminationGround = TerminationGround.OTHER


class CaseArchived(Event):
    """归档。The electronic file was archived."""

    TOPIC = "case.archived"
    ZH = "归档,档号 {archive_no}"
    EN = "archived under {archive_no}"
    BASIS = "国务院令第716号"

    archive_no: Short
