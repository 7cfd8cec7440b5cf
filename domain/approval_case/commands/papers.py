"""What commands say of papers (文书与用章): under which number, digest and letter; and the seal that came of it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.approval_case.commands.case import BY_ITSELF, CaseCommand
from domain.kernel.delegation import Amount
from domain.kernel.documents import Digest, DigestIfKnown, DocumentKind
from domain.kernel.words import Short


class Voucher(CaseCommand):
    """Base of commands that put something on paper; the digest is that of the document's file, where it is known."""

    document_digest: DigestIfKnown = ""


class RefusalVoucher(Voucher):
    """Base of commands that refuse on paper; the number may come later, with the seal."""

    document_no: Annotated[str, Field(max_length=200)] = ""


class Signed(Voucher):
    """Base of decisions: an officer signs them, by right of the office or by a letter of the organ's head."""

    document_no: Short
    as_chief_representative: bool = Field(False, description="the officer decides by a letter of the organ's head")
    amount: Amount | None = Field(None, description="in fen, where the letter is limited by amount")


class NoteSeal(CaseCommand):
    """用印入卷。Note in the file that a document of the case bears the seal."""

    NAME, ZH, MAY = "case.note_seal", "用印入卷", BY_ITSELF
    kind: DocumentKind
    document_no: Short
    digest: Digest
    seal_no: Short
    number: int = Field(ge=1)
