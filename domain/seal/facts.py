"""Facts of the seal (用章事实)."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from domain.kernel.documents import Digest, DocumentKind
from domain.kernel.event import Event
from domain.kernel.people import INSPECTING
from domain.kernel.words import OrganCode, Short, Text
from domain.seal.words import Fault, Officer, SealKind, SealNo, Year

BASIS = "行政许可法第三十九条"
ORDER = "国务院关于国家行政机关和企业事业单位社会团体印章管理的规定"


class SealFact(Event):
    """What every fact of a seal says."""

    organ: OrganCode
    seal_no: SealNo
    year: Year


class SealYearOpened(SealFact):
    """印章年度已启用。The year of a seal was opened, with its keeper."""

    TOPIC = "seal.year_opened"
    ZH = "{year} 年度启用印章「{name}」({kind},编号 {seal_no}),保管人 {keeper}"
    EN = 'the seal "{name}" ({kind}, no. {seal_no}) is open for {year}, kept by {keeper}'
    BASIS = ORDER

    name: Short
    kind: SealKind
    custody: OrganCode
    keeper: Officer


class SealUse(SealFact):
    """What every fact of one use says: the document, the case, and the fact it rests on."""

    request: int = Field(ge=1, description="dense from 1 within the year")
    case_id: UUID
    kind: DocumentKind
    document_no: Short
    digest: Digest


class SealUseRequested(SealUse):
    """已申请用印。An officer asked for the seal on a document; the second key is still missing."""

    TOPIC = "seal.use_requested"
    ZH = "申请用印第 {request} 号:{kind} {document_no}"
    EN = "use of the seal requested (request {request}): {kind} {document_no}"
    BASIS = BASIS


class SealUsed(SealUse):
    """已用印。The keeper confirmed, and the document bears the seal. 行政许可法第三十二条末款、第三十九条。"""

    TOPIC = "seal.used"
    ZH = "{kind} {document_no} 已加盖印章 {seal_no},用印第 {number} 号,{requested_by} 申请"
    EN = "the {kind} {document_no} bears the seal {seal_no}, use {number}, asked for by {requested_by}"
    BASIS = BASIS

    number: int = Field(ge=1, description="dense from 1 within the year")
    requested_by: Officer
    rests_on: str = Field(description="id of the fact of the case that the document states")


class SealUseDeclined(SealUse):
    """未予用印。A request was declined or taken back."""

    TOPIC = "seal.use_declined"
    ZH = "用印申请第 {request} 号未予用印,原因:{reason}"
    EN = "request {request} for the seal was declined: {reason}"
    BASIS = BASIS

    reason: Text


class SealHandedOver(SealFact):
    """印章已移交。The seal has another keeper."""

    TOPIC = "seal.handed_over"
    ZH = "印章 {seal_no} 移交 {keeper} 保管,原因:{reason}"
    EN = "the seal {seal_no} was handed over to {keeper}: {reason}"
    BASIS = ORDER

    custody: OrganCode
    keeper: Officer
    reason: Text


class SealTakenOutOfUse(SealFact):
    """印章已停用。The seal may not be used any more."""

    TOPIC = "seal.taken_out_of_use"
    ZH = "印章 {seal_no} 停用,原因:{reason}"
    EN = "the seal {seal_no} was taken out of use: {reason}"
    BASIS = ORDER

    reason: Text


class SealYearClosed(SealFact):
    """印章年度已结清。The counters of the year end here."""

    TOPIC = "seal.year_closed"
    ZH = "印章 {seal_no} {year} 年度结清:申请 {requests} 件,用印 {uses} 次"
    EN = "the year {year} of the seal {seal_no} is closed: {requests} requests, {uses} uses"
    BASIS = ORDER

    requests: int = Field(ge=0)
    uses: int = Field(ge=0)


class SealUseAttempted(SealFact):
    """无据用印未遂。A use without a matching decision was attempted and refused; for discipline inspection only."""

    TOPIC = "seal.use_attempted"
    ZH = "{officer} 试图对{kind} {document_no} 用印:{fault};已拒绝"
    EN = "{officer} attempted to seal the {kind} {document_no}: {fault}; it was refused"
    BASIS = BASIS
    ONLY_FOR = INSPECTING

    officer: Officer
    case_id: UUID
    kind: DocumentKind
    document_no: Short
    digest: Digest
    fault: Fault
