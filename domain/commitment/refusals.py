"""Refusals of the commitment: each says why, and what to do next."""

from __future__ import annotations

from domain.kernel.refusal import ForeignAuthority, Kind, Refusal


class NotYourCommitment(ForeignAuthority):
    """该承诺由 {owner} 审批,{organ} 不是其审批部门或监管部门,不得办理;请核对承诺编号。

    This commitment belongs to {owner}; {organ} neither decided on it nor supervises it. Check the number."""


class NotYourTurnToCheck(Refusal):
    """按现行规定,该承诺由{checker}核查,{organ} 不得代为核查;请转请有责任的部门核查。

    By the practice in force this commitment is checked by {checker}; {organ} may not check it in their place."""


class CheckedBeforeTheGrant(Refusal):
    """核查日期 {checked_on} 早于许可决定日 {decided_on};请核对核查日期。

    The check is dated {checked_on}, before the grant of {decided_on}; check the date."""

    KIND = Kind.MALFORMED


class TooFewCheckers(Refusal):
    """核查人员 {present} 人,实地核查应当指派至少 {needed} 名工作人员;请补足人员后核查。(行政许可法第三十四条)

    {present} took part; a check of the substance takes at least {needed} staff. Send more (Article 34)."""


class NextCheckMissing(Refusal):
    """尚未开展经营的,须写明 {today} 之后的下次核查日期;请补充。(国办发〔2020〕42号)

    A holder that does not operate yet needs a day of the next check after {today}; add it (国办发〔2020〕42号)."""

    KIND = Kind.MALFORMED


class NextCheckTooLate(Refusal):
    """下次核查日期 {next_check_by} 超过核查期限 {latest};请提前,不能以尚未经营为由一直不核查。

    The next check on {next_check_by} lies beyond {latest}, the end of another period; choose an earlier day. A holder
    that does not operate yet is looked at again, not forgotten."""


class RectificationStillRuns(Refusal):
    """责令整改的期限至 {until},期限内尚不能认定未整改;请待期满或其报告整改完成后复核。

    The holder has until {until} to rectify; it cannot be found unmended before that, unless it reports that it is
    done. Look again then."""

    KIND = Kind.OUT_OF_ORDER


class RectifyByHasPassed(Refusal):
    """整改期限 {rectify_by} 不晚于今日 {today};请给予今后的期限。

    The date {rectify_by} to rectify is not after today, {today}; give a date to come."""

    KIND = Kind.MALFORMED


class CommitmentNotYetDue(Refusal):
    """该承诺的「{duty}」期限为 {due_on},今天是 {today},尚未逾期;请核对计时任务。

    The commitment has until {due_on} to {duty} and today is {today}, so nothing is overdue; check the timer."""

    KIND = Kind.OUT_OF_ORDER
