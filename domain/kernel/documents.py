"""Documents (文书): what is numbered, decided on and sealed, as several chapters name it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from domain.kernel.identity import stream_id
from domain.kernel.words import OrganCode, Short, Value, Word


class DocumentKind(Word):
    """文书种类: the kinds that have a counter of their own; a license document has its own number instead."""

    RECEIPT = "receipt", "收件凭证", "receipt of materials"
    CORRECTION_NOTICE = "correction_notice", "补正告知书", "correction notice"
    ACCEPTANCE_NOTICE = "acceptance_notice", "受理通知书", "acceptance notice"
    REFUSAL_NOTICE = "refusal_notice", "不予受理通知书", "notice of refusal to accept"
    SPECIAL_PROCEDURE_NOTICE = "special_procedure_notice", "特别程序告知书", "special-procedure notice"
    EXTENSION_NOTICE = "extension_notice", "延期告知书", "extension notice"
    HEARING_NOTICE = "hearing_notice", "听证告知书", "notice of a hearing"
    HEARING_MINUTES = "hearing_minutes", "听证笔录", "minutes of a hearing"
    VERIFICATION_RECORD = "verification_record", "核查记录", "verification record"
    GRANT = "grant", "准予许可决定书", "decision to grant"
    DENIAL = "denial", "不予许可决定书", "decision to deny"
    ALTERATION = "alteration", "变更决定书", "decision to alter"
    RENEWAL = "renewal", "延续决定书", "decision to renew"
    WITHDRAWAL = "withdrawal", "撤回决定书", "decision to withdraw a license"
    REVOCATION = "revocation", "撤销决定书", "decision to revoke"
    CANCELLATION = "cancellation", "注销决定书", "decision to cancel"
    RECTIFICATION_ORDER = "rectification_order", "责令改正通知书", "order to rectify"
    SERVICE_RECEIPT = "service_receipt", "送达回证", "receipt of service"
    LICENSE = "license", "许可证件", "license document"


Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""Digest of a document's file, SHA-256 or SM3, in lower-case hexadecimal; the file itself stays in the archive."""

DigestIfKnown = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]


class Document(Value):
    """一份文书: what a case has decided on paper. An empty number or digest is one that the case was not told."""

    kind: DocumentKind
    organ: OrganCode
    document_no: str = ""
    digest: DigestIfKnown = ""
    fact: str
    """Id of the fact that it rests on."""


class NumberIssued(Value):
    """已编文书号: for whom a number was issued, and whether it still stands."""

    document_no: Short
    case_id: UUID | None = None
    voided: bool = False


def document_stream(organ: str, kind: DocumentKind, year: int) -> UUID:
    """One counter per organ, document kind and year."""
    return stream_id("document", year, organ, kind)
