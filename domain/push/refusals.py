"""Refusals of the push (推送不予办理)."""

from __future__ import annotations

from domain.kernel.refusal import ForeignAuthority, Kind, Refusal


class NotYourPush(ForeignAuthority):
    """该推送属于 {owner},{organ} 不得办理;请核对推送编号。

    This push belongs to {owner}; {organ} may not act on it. Check the push number."""


class PushNotYetOverdue(Refusal):
    """「{overdue}」的期限 {due} 尚未届满,不能催办。

    The time for "{overdue}" runs until {due}; it is too early for a reminder."""


class SameRegulatorAgain(Refusal):
    """{regulator} 已退回该推送,不能再派给同一部门;请选择其他监管部门。

    {regulator} returned this push and cannot get it again; choose another regulator."""


class SupervisionNotYetBegun(Refusal):
    """纳入监管之日 {begun_on} 应在决定之日 {decided_on} 至今日 {today} 之间;请核对首次检查日期。(行政许可法第六十一条)

    Supervision cannot have begun on {begun_on}: give a day from the decision, {decided_on}, up to today, {today}
    (Article 61)."""

    KIND = Kind.MALFORMED
