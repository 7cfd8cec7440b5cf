"""Licensing (许可与证照): the words that a case and the license it leads to share, and what each may see of the other."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from domain.kernel.words import ItemCode, Matter, OrganCode, Regulator, Short, Site, Subject, Text, Value, Word

FileDigest = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]
"""摘要: SHA-256 of a document in hexadecimal, or empty where none was given."""


class LicenseState(Word):
    """证照状态: ended in seven different ways with seven different effects, never one yes or no."""

    NEW = "new", "未登记", "not registered"
    ISSUED = "issued", "已颁发未生效", "issued, not yet in effect"
    VALID = "valid", "有效", "valid"
    SUSPENDED = "suspended", "暂扣", "suspended"
    EXPIRED = "expired", "失效", "expired"
    WITHDRAWN = "withdrawn", "撤回", "withdrawn"
    REVOKED = "revoked", "撤销", "revoked"
    PENALTY_REVOKED = "penalty_revoked", "吊销", "revoked as a penalty"
    SUBJECT_ENDED = "subject_ended", "持证主体终止", "its holder has ended"
    LAPSED = "lapsed", "许可事项终止", "its object has ended"
    CANCELLED = "cancelled", "注销", "cancelled"


IN_FORCE = (LicenseState.VALID, LicenseState.SUSPENDED)
"""States in which the period of the license runs."""

STANDING = (LicenseState.ISSUED, *IN_FORCE)
"""States in which it has not ended, in none of the ways in which it may."""


class Validity(Value):
    """Period of a license, both days included; no end means it does not expire."""

    valid_from: date
    valid_to: date | None = Field(None)


class LicenseSeen(Value):
    """证照 as the decision on a case sees it."""

    license_id: UUID
    license_no: Short
    state: LicenseState
    holder: Short = Field(description="identifier of its holder")
    item: ItemCode
    validity: Validity
    renewal_days: int | None = Field(None, description="how long ahead its item wants the renewal asked, if it says so")
    renewal_asked_by: UUID | None = Field(None, description="the case that asks for its renewal")


class GrantSeen(Value):
    """准予许可决定 as the license that it leads to sees it: what was decided, about what, for whom."""

    case_id: UUID
    case_no: Short
    decision_id: Short
    decided_on: date
    matter: Matter = Matter.NEW
    license_id: UUID | None = None
    by_silence: bool = Field(False, description="nobody decided in time and the law decided (第五十条)")
    item: ItemCode
    item_name: Short
    item_version: int
    license_type: str = ""
    annual_check: bool = False
    renewal_days: int | None = None
    subject: Subject
    site: Site | None = None
    organ: OrganCode
    regulators: tuple[Regulator, ...] = ()
    document_no: str = ""
    content: Text
    validity: Validity


class ForwardedMaterial(Value):
    """A material that the lower level holds, by name and digest."""

    name: str
    digest: str = ""


class ForwardedFile(Value):
    """报送上级的案卷: what a lower level examined and sent up (第三十五条、第四十三条)."""

    to: str
    opinion: str
    materials: tuple[ForwardedMaterial, ...] = ()


class CaseSeen(Value):
    """办件 as others see it: whether it still waits for its decision, and the grant when there is one."""

    case_id: UUID
    undecided: bool
    grant: GrantSeen | None = None
    forwarded: ForwardedFile | None = Field(None, description="what the case sent to the level above, if it did")
    case_no: str = ""
    subject: Subject | None = Field(None, description="who applies; none where a reporting system did not say")
    region: str | None = Field(None, description="whose calendar counts its days; none: the nation's")
