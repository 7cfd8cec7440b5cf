"""Facts of the license (证照事实): what happened to it, each carrying the license as it stands afterwards."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from domain.kernel.channel import Channel
from domain.kernel.event import Event
from domain.kernel.licensing import LicenseState
from domain.kernel.words import Addressee, Body, Change, OrderedBy, Regulator, Short, Subject, Text
from domain.license.words import (
    LAW,
    PENALTY_LAW,
    AnnualCheckResult,
    CancellationGround,
    LicenseContent,
    Penalty,
    RevocationGround,
    WithdrawalGround,
)


class LicenseFact(Event):
    """What every fact of a license says: the case that granted it, and how the license stands after this fact."""

    CHANGE: ClassVar[Change | None] = None
    """As which change each regulator is told of it; none where the regulators are told otherwise, or need not be."""

    case_id: Annotated[UUID, OrderedBy()] = Field(description="the case that granted it")
    license: LicenseContent
    state: LicenseState = Field(description="its state after this fact")

    @property
    def license_no(self) -> str:
        return self.license.license_no

    @property
    def item_name(self) -> str:
        return self.license.item_name

    @property
    def holder(self) -> Subject:
        return self.license.subject

    @property
    def valid_to(self) -> date | None:
        return self.license.validity.valid_to


class LicenseRegistered(LicenseFact):
    """证照已登记。A granted license was issued; its regulators, who claimed the grant, learn its number and digest.
    行政许可法第三十九条。"""

    TOPIC = "license.registered"
    ZH = "{holder} 的「{item_name}」证照 {license_no} 已登记,有效期 {valid_from} 至 {valid_to}"
    EN = 'the license {license_no} for "{item_name}" of {holder} was registered, valid from {valid_from} to {valid_to}'
    BASIS = LAW + "第三十九条"
    CHANNEL = Channel.APPROVAL

    decision_id: Short = Field(description="the decision that granted it, and under which the grant was pushed")
    regulators: Annotated[tuple[Regulator, ...], Addressee()]

    @property
    def valid_from(self) -> date:
        return self.license.validity.valid_from


class LicenseTookEffect(LicenseFact):
    """证照已生效。The first day of its period has come. 行政许可法第三十九条。"""

    TOPIC = "license.took_effect"
    ZH = "证照 {license_no} 生效"
    EN = "the license {license_no} took effect"
    BASIS = LAW + "第三十九条"


class ByPenalty(LicenseFact):
    """What a penalty does to a license records: the penalty, decided elsewhere, and the finding that told of it."""

    BASIS = PENALTY_LAW + "第九条第(三)项"

    penalty: Penalty
    finding_id: UUID | None

    @property
    def organ(self) -> Body:
        return self.penalty.organ

    @property
    def document_no(self) -> str:
        return self.penalty.document_no


class LicenseSuspended(ByPenalty):
    """证照已暂扣。The license was suspended as a penalty by the organ named. 行政处罚法第九条。"""

    TOPIC = "license.suspended"
    ZH = "证照 {license_no} 被「{organ}」依 {document_no} 暂扣,至 {until}"
    EN = "the license {license_no} was suspended by {organ} under {document_no}, until {until}"
    CHANGE = Change.SUSPENSION

    until: date | None


class SuspensionEnded(LicenseFact):
    """暂扣已解除。The suspension is over and the license is valid again. 行政处罚法第九条。"""

    TOPIC = "license.suspension_ended"
    ZH = "证照 {license_no} 暂扣解除,恢复有效:{reason}"
    EN = "the suspension of {license_no} has ended and it is valid again: {reason}"
    BASIS = PENALTY_LAW + "第九条第(三)项"
    CHANGE = Change.REINSTATEMENT

    reason: Text


class ChangedByCase(LicenseFact):
    """What a change that a case granted records: the case, its decision, and the license before."""

    by_case: UUID
    case_no: Short
    decision_id: Short
    before: LicenseContent


class LicenseAltered(ChangedByCase):
    """证照已变更。The license was altered at its holder's request; a new version. 行政许可法第四十九条。"""

    TOPIC = "license.altered"
    ZH = "证照 {license_no} 变更为第 {number} 版:{what}(办件 {case_no})"
    EN = "the license {license_no} was altered, version {number}: {what} (case {case_no})"
    BASIS = LAW + "第四十九条"
    CHANGE = Change.ALTERATION

    what: Text

    @property
    def number(self) -> int:
        return self.license.version


class RenewalAskedFor(LicenseFact):
    """延续已申请。A case asks for the renewal; asked in time, silence will grant it. 行政许可法第五十条。"""

    TOPIC = "license.renewal_asked"
    ZH = "办件 {case_no} 申请延续证照 {license_no},应于 {ask_by} 前提出,按时:{in_time}"
    EN = "case {case_no} asks to renew the license {license_no}, due by {ask_by}, in time: {in_time}"
    BASIS = LAW + "第五十条第一款"

    by_case: UUID
    case_no: Short
    ask_by: date | None
    in_time: bool


class LicenseRenewed(ChangedByCase):
    """证照已延续。The license was renewed for a new period. 行政许可法第五十条。"""

    TOPIC = "license.renewed"
    ZH = "证照 {license_no} 准予延续至 {valid_to}(办件 {case_no})"
    EN = "the license {license_no} was renewed until {valid_to} (case {case_no})"
    BASIS = LAW + "第五十条第二款"
    CHANGE = Change.RENEWAL


class LicenseRenewedBySilence(ChangedByCase):
    """证照视为延续。Nobody decided before it expired, so the law renewed it. 行政许可法第五十条第二款。"""

    TOPIC = "license.renewed_by_silence"
    ZH = "证照 {license_no} 有效期届满前未作决定,视为准予延续至 {valid_to}(办件 {case_no})"
    EN = "the license {license_no} was not decided on before it expired: deemed renewed until {valid_to} (case {case_no})"
    BASIS = LAW + "第五十条第二款"
    CHANGE = Change.RENEWAL


class LicenseToldAnew(LicenseFact):
    """What replaces an earlier telling: of which fact, and under which case and decision that one was pushed."""

    replaces: Short = Field(description="id of the fact that was told before")
    told_in_case: UUID
    told_as_decision: Short
    told_as: Change
    before: LicenseContent


class DocumentReissued(LicenseToldAnew):
    """证件已换发。The new document of an alteration or a renewal was issued. 行政许可法第三十九条。"""

    TOPIC = "license.document_reissued"
    ZH = "证照换发新证 {license_no}"
    EN = "a new document {license_no} was issued for the license"
    BASIS = LAW + "第三十九条"

    by_case: UUID


class LicenseCorrected(LicenseToldAnew):
    """证照登记已更正。What was registered wrongly was corrected, with the reason; nothing is overwritten."""

    TOPIC = "license.corrected"
    ZH = "证照 {license_no} 登记更正({replaces}):{reason}"
    EN = "the registration of {license_no} was corrected ({replaces}): {reason}"
    BASIS = LAW + "第四十九条"

    reason: Text


class LicenseExpired(LicenseFact):
    """证照已失效。Its period is over and it was not renewed. 行政许可法第七十条第(一)项。"""

    TOPIC = "license.expired"
    ZH = "证照 {license_no} 有效期于 {valid_to} 届满,未延续,失效"
    EN = "the license {license_no} expired on {valid_to} and was not renewed"
    BASIS = LAW + "第七十条第(一)项"
    CHANGE = Change.EXPIRY


class LicenseWithdrawn(LicenseFact):
    """证照已撤回。A lawful license was withdrawn for the public interest; loss is compensated. 行政许可法第八条。"""

    TOPIC = "license.withdrawn"
    ZH = "证照 {license_no} 依 {document_no} 撤回:{ground};{public_interest};补偿 {compensation}"
    EN = "the license {license_no} was withdrawn under {document_no}: {ground}; {public_interest}; loss: {compensation}"
    BASIS = LAW + "第八条第二款"
    CHANGE = Change.WITHDRAWAL

    ground: WithdrawalGround
    public_interest: Text
    document_no: Short
    compensation_ref: Short | None
    no_loss: Text | None
    finding_id: UUID | None

    @property
    def compensation(self) -> str:
        return self.compensation_ref or self.no_loss or ""


class Revocation(LicenseFact):
    """What a decision about revocation records."""

    ground: RevocationGround
    mandatory: bool
    reasons: Text
    document_no: Short
    finding_id: UUID | None


class LicenseRevoked(Revocation):
    """证照已撤销。A license that should not have been granted was revoked. 行政许可法第六十九条。"""

    TOPIC = "license.revoked"
    ZH = "证照 {license_no} 依 {document_no} 撤销:{ground}(应当撤销:{mandatory});{reasons};赔偿 {compensation_ref}"
    EN = (
        "the license {license_no} was revoked under {document_no}: {ground} (mandatory: {mandatory}); {reasons};"
        " compensation: {compensation_ref}"
    )
    BASIS = LAW + "第六十九条"
    CHANGE = Change.REVOCATION

    compensation_ref: Short | None


class RevocationWithheld(Revocation):
    """不予撤销。The public interest would suffer major harm, so the license stands. 行政许可法第六十九条第三款。"""

    TOPIC = "license.revocation_withheld"
    ZH = "证照 {license_no} 有撤销事由「{ground}」,因公共利益不予撤销({document_no}):{public_interest_exception}"
    EN = (
        "the license {license_no} is not revoked although {ground}, for the public interest ({document_no}):"
        " {public_interest_exception}"
    )
    BASIS = LAW + "第六十九条第三款"

    public_interest_exception: Text


class LicensePenaltyRevoked(ByPenalty):
    """证照已吊销。The license was revoked as a penalty by the organ named. 行政处罚法第九条。"""

    TOPIC = "license.penalty_revoked"
    ZH = "证照 {license_no} 被「{organ}」依 {document_no} 吊销"
    EN = "the license {license_no} was revoked as a penalty by {organ} under {document_no}"
    CHANGE = Change.PENALTY_REVOCATION


class CancellationGroundArose(LicenseFact):
    """注销事由已发生。The holder or the object of the license has ended. 行政许可法第七十条。"""

    TOPIC = "license.cancellation_ground_arose"
    ZH = "证照 {license_no} 发生注销事由「{ground}」({happened_on}):{statement}"
    EN = "a ground to cancel {license_no} arose on {happened_on}: {ground}; {statement}"
    BASIS = LAW + "第七十条"

    ground: CancellationGround
    happened_on: date
    statement: Text
    finding_id: UUID | None


class LicenseCancelled(LicenseFact):
    """证照已注销。The formality that follows what ended the license, and names it. 行政许可法第七十条。"""

    TOPIC = "license.cancelled"
    ZH = "证照 {license_no} 依 {document_no} 注销,事由:{ground}({caused_by})"
    EN = "the license {license_no} was cancelled under {document_no}, because: {ground} ({caused_by})"
    BASIS = LAW + "第七十条"
    CHANGE = Change.CANCELLATION

    ground: CancellationGround
    caused_by: Short = Field(description="id of the fact that ended it")
    document_no: str
    by_case: UUID | None = Field(None, description="the case in which its holder applied for it")
    decision_id: Short | None = Field(None, description="the decision of that case")
    finding_id: UUID | None


class AnnualCheckRecorded(LicenseFact):
    """年检已登记。The result of the annual check of one year."""

    TOPIC = "license.annual_check_recorded"
    ZH = "证照 {license_no} {year} 年度年检:{result};{statement}"
    EN = "annual check {year} of the license {license_no}: {result}; {statement}"
    BASIS = "事项年检规定"

    year: int
    checked_on: date
    result: AnnualCheckResult
    statement: Text


class ProposalNoted(LicenseFact):
    """监管建议已入册。A regulator's finding bears on the license. 行政许可法第六十一条、第六十九条。"""

    TOPIC = "license.proposal_noted"
    ZH = "「{organ}」的监管信息 {finding_no}({kind})涉及证照 {license_no}:{statement}"
    EN = "the finding {finding_no} ({kind_en}) of {organ} bears on the license {license_no}: {statement}"
    BASIS = LAW + "第六十一条"

    finding_id: UUID
    finding_no: Short
    revision: int
    organ: Body
    kind: Short
    kind_en: Short
    asks_for_change: bool
    statement: Text


class ProposalAnswered(LicenseFact):
    """监管建议已答复。What was decided on a finding that bears on the license. 行政许可法第六十九条。"""

    TOPIC = "license.proposal_answered"
    ZH = "涉及证照 {license_no} 的监管信息 {finding_no} 已处置(采纳:{adopted}):{result}"
    EN = "the finding {finding_no} about the license {license_no} was handled (adopted: {adopted}): {result}"
    BASIS = LAW + "第六十九条"

    finding_id: UUID
    finding_no: Short
    adopted: bool
    result: Text
