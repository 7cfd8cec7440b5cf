"""Refusals of the standing: each says why, and what to do next."""

from __future__ import annotations

from domain.kernel.refusal import ForeignAuthority, Kind, Refusal


class NotYourBar(ForeignAuthority):
    """第 {bar_no} 号限制由 {owner} 作出,{organ} 不得代为作出或解除;请向 {owner} 提出。

    Bar {bar_no} is that of {owner}; {organ} may neither impose nor lift it. Turn to {owner}."""


class NoSuchBar(Refusal):
    """该主体没有第 {bar_no} 号限制;请先查询其限制清单。

    The subject has no bar number {bar_no}; look at the list of its bars first."""

    KIND = Kind.UNKNOWN


class BarNotRepairable(Refusal):
    """「{kind}」是法律规定的期限,至 {until} 届满,不因信用修复提前解除;原认定被撤销的,请以该事由解除。(行政许可法第七十八条、第七十九条)

    "{kind}" is a period fixed by law and runs until {until}; repaired credit does not end it. If what it rested on was
    set aside, lift it on that ground (Articles 78 and 79)."""


class BarEndsBeforeItBegins(Refusal):
    """限制的截止日 {until} 早于起始日 {since};请核对日期。

    The bar would end on {until}, before it begins on {since}; check the dates."""

    KIND = Kind.MALFORMED


class BarNeedsAnEnd(Refusal):
    """暂缓作出决定必须写明截止日;请补充后再办理。

    A hold on decisions must name its last day; add it."""

    KIND = Kind.MALFORMED


class RecordsUnclear(Refusal):
    """核查结果为「{result}」,但所列失信记录为 {count} 条;存在严重失信的须列明记录,无失信的不得列记录。

    The result is "{result}" but {count} records are listed; serious dishonesty needs its records, and no other result
    has any."""

    KIND = Kind.MALFORMED


class CheckIsOlder(Refusal):
    """所报信用状况截至 {as_of},早于已登记的 {known};请以最新的信用数据核查。

    What is told of the credit is as of {as_of}, older than {known} which is on record; check with the latest register."""

    KIND = Kind.CONFLICTING
