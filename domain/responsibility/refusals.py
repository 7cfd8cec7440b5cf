"""Refusals of the responsibility table (责任清单不予办理)."""

from __future__ import annotations

from domain.kernel.refusal import Kind, Refusal


class TableTooEarly(Refusal):
    """新责任清单生效日 {effective_from} 早于现有清单生效日 {last};已经适用过的归属不得改写,请改为其当日或其后。

    The new table would begin on {effective_from}, before the last one of {last}; what was routed by it stands.
    Choose that day or a later one."""

    KIND = Kind.CONFLICTING


class UnknownDispute(Refusal):
    """事项 {item} 没有第 {dispute} 号责任争议;请核对争议编号。

    The item {item} has no dispute number {dispute}; check the number."""

    KIND = Kind.UNKNOWN


class DisputeResolvedOtherwise(Refusal):
    """第 {dispute} 号争议已依 {document_no} 裁定由「{owner}」负责;如需改变,请依新文件重新设定责任清单。

    Dispute number {dispute} was decided for {owner} by {document_no}; to change that, set a new table by a new
    document."""

    KIND = Kind.CONFLICTING


class DecidedInTheFuture(Refusal):
    """裁定日期 {decided_on} 晚于今天 {today};请核对文件日期。

    The dispute was decided on {decided_on}, after today, {today}; check the date of the document."""

    KIND = Kind.MALFORMED
