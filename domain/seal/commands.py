"""Commands of the seal (用章办理)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.kernel.command import Command, Target
from domain.kernel.documents import Digest, DocumentKind
from domain.kernel.people import APPROVING, Role
from domain.kernel.words import OrganCode, Short, Text
from domain.seal.words import Fault, Officer, SealKind, SealNo, Year, seal_stream

KEEPERS = frozenset({Role.STEWARD})
"""Who keeps the register of seals."""


class OpenSealYear(Command):
    """启用印章年度。Open the year of a seal: whose it is, what it is for, and who keeps it."""

    NAME = "seal.open_year"
    ZH = "启用印章年度"
    MAY = KEEPERS

    organ: OrganCode
    seal_no: SealNo
    year: Year
    name: Short
    kind: SealKind
    custody: OrganCode = Field(description="the organ or section that keeps the seal")
    keeper: Officer

    @property
    def stream(self) -> UUID:
        return seal_stream(self.organ, self.seal_no, self.year)


class SealCommand(Command):
    seal_id: Annotated[UUID, Target()]


class RequestSealUse(SealCommand):
    """申请用印。The first key: ask for the seal on one document of a case."""

    NAME, ZH, MAY = "seal.request_use", "申请用印", APPROVING
    case_id: UUID
    kind: DocumentKind
    document_no: Short
    digest: Digest


class ConfirmSealUse(SealCommand):
    """确认用印。The second key: the keeper confirms the request, and the document is sealed."""

    NAME, ZH, MAY = "seal.confirm_use", "确认用印", APPROVING | KEEPERS
    request: int = Field(ge=1)


class DeclineSealUse(SealCommand):
    """不予用印。Decline or take back a request, with a reason."""

    NAME, ZH, MAY = "seal.decline_use", "不予用印", APPROVING | KEEPERS
    request: int = Field(ge=1)
    reason: Text


class HandOverSeal(SealCommand):
    """移交印章。Hand the seal over to another keeper."""

    NAME, ZH, MAY = "seal.hand_over", "移交印章", KEEPERS
    custody: OrganCode
    keeper: Officer
    reason: Text


class TakeSealOutOfUse(SealCommand):
    """停用印章。Take the seal out of use; requests that wait are declined."""

    NAME, ZH, MAY = "seal.take_out_of_use", "停用印章", KEEPERS
    reason: Text


class CloseSealYear(SealCommand):
    """结清印章年度。Close the year of a seal; its counters end here."""

    NAME, ZH, MAY = "seal.close_year", "结清印章年度", KEEPERS


class RecordSealAttempt(SealCommand):
    """记录用印未遂。Record that a use without a matching decision was attempted; the platform alone does this."""

    NAME, ZH, MAY = "seal.record_attempt", "记录用印未遂", frozenset({Role.SYSTEM})
    officer: Officer
    case_id: UUID
    kind: DocumentKind
    document_no: Short
    digest: Digest
    fault: Fault
