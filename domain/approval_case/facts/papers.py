"""Facts of the papers of a case (文书与用章)."""

from __future__ import annotations

from domain.approval_case.words import LAW
from domain.kernel.documents import Digest, DocumentKind
from domain.kernel.event import Event
from domain.kernel.words import Short


class SealNoted(Event):
    """用印入卷。A document of the case bears the seal. 行政许可法第三十二条末款、第三十九条。"""

    TOPIC = "case.seal_noted"
    ZH = "{kind} {document_no} 已加盖印章 {seal_no}(用印第 {number} 号)"
    EN = "the {kind} {document_no} bears the seal {seal_no} (use {number})"
    BASIS = LAW + "第三十二条、第三十九条"

    kind: DocumentKind
    document_no: Short
    digest: Digest
    seal_no: Short
    number: int
