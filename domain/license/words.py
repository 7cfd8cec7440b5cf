"""Words of the license: what it says, on which grounds it ends, how its state is exchanged."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from domain.kernel.licensing import FileDigest, LicenseState, Validity
from domain.kernel.words import Body, ItemCode, OrganCode, Regulator, Short, Site, Subject, Text, Value, Word
from domain.rules.loader import practice

LAW = "行政许可法"
PENALTY_LAW = "行政处罚法"

ELicenseId = Annotated[str, StringConstraints(max_length=120)]
"""电子证照标识 of GB/T 36904, or empty where the license has no electronic form."""


class LicenseContent(Value):
    """证照内容: the license as it stands. ``version`` grows by one with every alteration, renewal and reissue."""

    license_no: Short
    case_no: Short = Field(description="number of the case that granted it")
    e_license_id: ELicenseId = ""
    license_type: str = ""
    version: int = Field(1, ge=1)
    item: ItemCode
    item_name: Short
    item_version: int
    subject: Subject
    site: Site | None = None
    organ: OrganCode = Field(description="the organ that granted it")
    regulators: tuple[Regulator, ...] = ()
    validity: Validity
    content: Text = Field(description="what it permits")
    digest: FileDigest = ""
    annual_check: bool = False
    renewal_days: int | None = None


class Penalty(Value):
    """行政处罚决定: by whom, under which document, on what day. The penalty is not decided here, it is recorded."""

    organ: Body
    document_no: Short
    decided_on: date
    legal_basis: Text


class WithdrawalGround(Word):
    """撤回事由 (第八条): the grant was lawful, the world changed."""

    LAW_CHANGED = "law_changed", "所依据的法律、法规、规章修改或者废止", "the law it rests on was changed or repealed"
    FACTS_CHANGED = "facts_changed", "所依据的客观情况发生重大变化", "the facts it rests on have changed greatly"


class RevocationGround(Word):
    """撤销事由 (第六十九条): the grant itself was defective. The first five may lead to revocation, the last must."""

    ABUSE_OF_OFFICE = "abuse_of_office", "滥用职权、玩忽职守作出准予决定", "granted by abuse or neglect of office"
    BEYOND_POWER = "beyond_power", "超越法定职权作出准予决定", "granted beyond the organ's power"
    ILLEGAL_PROCEDURE = "illegal_procedure", "违反法定程序作出准予决定", "granted against the procedure of the law"
    UNQUALIFIED = "unqualified", "对不具备资格或者不符合条件的申请人准予许可", "granted to somebody not qualified"
    OTHER_BY_LAW = "other_by_law", "依法可以撤销的其他情形", "another case in which the law allows it"
    FRAUD_OR_BRIBERY = "fraud_or_bribery", "以欺骗、贿赂等不正当手段取得", "obtained by fraud, bribery or the like"

    @property
    def mandatory(self) -> bool:
        """Whether the organ must revoke (第二款); it then owes no compensation."""
        return self is RevocationGround.FRAUD_OR_BRIBERY


class CancellationGround(Word):
    """注销事由: the closed list of Article 70."""

    EXPIRED = "expired", "有效期届满未延续", "expired and not renewed"
    SUBJECT_DIED = "subject_died", "公民死亡或者丧失行为能力", "the person died or lost legal capacity"
    SUBJECT_ENDED = "subject_ended", "法人或者其他组织依法终止", "the legal person or organization ended"
    WITHDRAWN = "withdrawn", "许可被依法撤回", "withdrawn"
    REVOKED = "revoked", "许可被依法撤销", "revoked"
    PENALTY_REVOKED = "penalty_revoked", "许可证件被依法吊销", "revoked as a penalty"
    FORCE_MAJEURE = "force_majeure", "因不可抗力导致许可事项无法实施", "force majeure makes its object impossible"
    OTHER_BY_LAW = "other_by_law", "法律、法规规定的其他情形", "another case that law or regulation names"


WITHOUT_A_FACT = (
    CancellationGround.SUBJECT_DIED, CancellationGround.SUBJECT_ENDED, CancellationGround.FORCE_MAJEURE,
    CancellationGround.OTHER_BY_LAW,
)  # fmt: skip
"""Grounds that no other fact of the license tells; the approving side records them when it learns of them."""

GROUND_OF: dict[LicenseState, CancellationGround] = {
    LicenseState.EXPIRED: CancellationGround.EXPIRED,
    LicenseState.WITHDRAWN: CancellationGround.WITHDRAWN,
    LicenseState.REVOKED: CancellationGround.REVOKED,
    LicenseState.PENALTY_REVOKED: CancellationGround.PENALTY_REVOKED,
}

S = LicenseState
CANCELLABLE = (S.EXPIRED, S.WITHDRAWN, S.REVOKED, S.PENALTY_REVOKED, S.SUBJECT_ENDED, S.LAPSED)
ENDED = (*CANCELLABLE, S.CANCELLED)
"""States in which the grant still stands, in effect or not."""


class ExchangeCode(Word):
    """国家交换标准的证照状态码, as one national ministry standard uses them."""

    VALID = "01", "有效", "valid"
    SUSPENDED = "02", "暂扣", "suspended"
    REVOKED = "03", "撤销", "revoked"
    CANCELLED = "04", "注销", "cancelled"
    INVALID = "05", "失效", "invalid or expired"
    TRANSFERRED = "06", "迁出", "transferred out"
    PENALTY_REVOKED = "07", "吊销", "revoked as a penalty"
    OTHER = "99", "其他", "other, with a description"


_CODES = {
    S.VALID: ExchangeCode.VALID,
    S.SUSPENDED: ExchangeCode.SUSPENDED,
    S.REVOKED: ExchangeCode.REVOKED,
    S.CANCELLED: ExchangeCode.CANCELLED,
    S.EXPIRED: ExchangeCode.INVALID,
    S.SUBJECT_ENDED: ExchangeCode.INVALID,
    S.LAPSED: ExchangeCode.INVALID,
    S.PENALTY_REVOKED: ExchangeCode.PENALTY_REVOKED,
}


def exchange_code(state: LicenseState, on: date) -> ExchangeCode:
    """The code under which a state is exchanged. The standard has none for 撤回: what is sent for it is practice
    (``withdrawn_license_code``), and the state here stays exact. What is not yet in effect is 99."""
    if state is S.WITHDRAWN:
        return ExchangeCode.of(practice("withdrawn_license_code", on=on).value)
    return _CODES.get(state, ExchangeCode.OTHER)


class AnnualCheckResult(Word):
    """年检结论."""

    PASSED = "passed", "合格", "passed"
    FAILED = "failed", "不合格", "failed"


class RenewalAsked(Value):
    """延续申请: which case asks for it, and whether it was asked in time (第五十条)."""

    case: UUID
    in_time: bool
