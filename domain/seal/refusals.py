"""Refusals of the seal (不予用印): each says why, and what to do next."""

from __future__ import annotations

from domain.kernel.refusal import Kind, Refusal


class SealYearOpenAlready(Refusal):
    """印章 {seal_no} 的 {year} 年度已启用且内容不同;更换保管人请用「移交印章」。

    The seal {seal_no} is open for {year} with other particulars; to change its keeper, hand it over."""

    KIND = Kind.CONFLICTING


class SealYearIsNotThis(Refusal):
    """印章年度为 {year} 年,今日为 {today};请启用并使用本年度的印章。

    This is the seal's year {year}, and today is {today}; open and use this year's."""


class SameHandTwice(Refusal):
    """{officer} 已申请本次用印,不得再由其确认;请由印章保管人另行确认。(双人用印)

    {officer} asked for this use and may not confirm it too; the keeper of the seal must (two keys)."""


class NotTheKeeper(Refusal):
    """{officer} 不是该印章的保管人,不得确认用印;请由保管人确认,或先办理移交。

    {officer} does not keep this seal and may not confirm its use; let the keeper confirm, or hand the seal over."""


class SealWithoutDecision(Refusal):
    """办件没有文书号为 {document_no} 的{kind},不得用印;请先依法作出并登记该文书。(行政许可法第三十二条、第三十九条)

    The case holds no {kind} numbered {document_no}, so nothing is sealed; decide and record it first (Articles 32, 39)."""


class DigestDiffers(Refusal):
    """{kind} {document_no} 的摘要与登记的不一致,不得用印;请核对是否为同一份文书。(行政许可法第三十九条)

    The digest of the {kind} {document_no} differs from the one on record, so it is not sealed; check the file (Article 39)."""


class SealedAlready(Refusal):
    """{kind} {document_no} 已用印(第 {number} 号);无需重复用印。

    The {kind} {document_no} bears the seal already (use {number}); it is not sealed twice."""

    KIND = Kind.CONFLICTING


class NoSuchSealRequest(Refusal):
    """没有第 {request} 号用印申请;请核对编号。

    There is no request {request} for this seal; check its number."""

    KIND = Kind.UNKNOWN


class SealRequestSettled(Refusal):
    """第 {request} 号用印申请已办结({state});如需用印请另行申请。

    The request {request} is settled ({state}); ask anew."""

    KIND = Kind.OUT_OF_ORDER


class SealRequestsWait(Refusal):
    """尚有用印申请待确认:{requests};请先确认或退回,再结清年度。

    Requests still wait: {requests}; confirm or decline them, then close the year."""

    KIND = Kind.OUT_OF_ORDER


class SealYearIsNotOver(Refusal):
    """{year} 年尚未结束,印章仍在用;请于年度结束后结清,或先停用印章。

    The year {year} is not over and the seal is in use; close it after the year, or take the seal out of use first."""

    KIND = Kind.OUT_OF_ORDER
