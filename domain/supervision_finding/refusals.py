"""Refusals of the finding: each says why, and what to do next."""

from __future__ import annotations

from domain.kernel.refusal import ForeignAuthority, Kind, Refusal


class HoldNeedsExpiry(Refusal):
    """请求暂缓办理必须写明晚于发现日 {found_on} 的截止日期;请补充后再报送。

    A request to hold decisions must name an end later than {found_on}, the day of the finding; add it."""

    KIND = Kind.MALFORMED


class NotYourFinding(ForeignAuthority):
    """该监管信息由 {owner} 报送,{organ} 不得办理;请核对监管信息编号。

    This finding was reported by {owner}; {organ} may not act on it. Check the number."""


class NoDateToRectify(Refusal):
    """监管信息 {finding_no} 没有写明整改期限;请在督促整改时填写期限。

    The finding {finding_no} names no date for its rectification; give one when opening it."""

    KIND = Kind.MALFORMED


class NoRectificationOpen(Refusal):
    """监管信息 {finding_no} 没有正在进行的整改,不能确认完成;请先督促整改。

    The finding {finding_no} has no rectification open, so none can be confirmed; open it first."""

    KIND = Kind.OUT_OF_ORDER


class FindingNotYetDue(Refusal):
    """监管信息 {finding_no} 的「{duty}」期限为 {due_on},今天是 {today},尚未逾期;请核对计时任务。

    The finding {finding_no} has until {due_on} to {duty} and today is {today}, so nothing is overdue;
    check the timer."""

    KIND = Kind.OUT_OF_ORDER
