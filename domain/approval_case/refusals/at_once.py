"""Why a case does not go the whole way at once (即办件、秒批), or not provisionally (模拟审批)."""

from __future__ import annotations

from domain.kernel.refusal import ForeignAuthority, Kind, Refusal


class NotAnInstantItem(Refusal):
    """事项 {item} 不是即办件,不能当场办结;请按承诺件分环节办理。

    The item {item} is no on-the-spot item; handle the case step by step."""


class NotForOneOfficer(Refusal):
    """事项 {item} 未公布为一人办理,受理、审查、决定不得由一人完成;请分环节由不同人员办理。(受审分离)

    The item {item} is not published for a single officer, who may not accept, examine and decide alone; let different
    officers take the steps."""


class NotForAMachine(Refusal):
    """事项 {item} 未公布机器审批规则,不得由机器作出决定;请由工作人员办理。

    No rules for a decision by machine are published for the item {item}; let officers handle the case."""


class OtherMachineRule(Refusal):
    """机器审批规则 {rule_version} 不是事项现行公布的规则 {rule};请更新规则后再办理。

    The rules {rule_version} are not those published for the item now, {rule}; update the machine first."""

    KIND = Kind.CONFLICTING


class MachineOfAnother(ForeignAuthority):
    """{organ} 的系统不得对 {owner} 的办件作出决定;请由该机关的系统或者人员办理。

    A system of {organ} may not decide a case of {owner}; let that organ's system or officers do it."""


class WithAnOfficerNow(Refusal):
    """本件已转人工办理,机器不得再作决定;请由工作人员继续办理。

    The case was handed to an officer, and no machine decides it any more; let the officer go on."""


class NotProvisional(Refusal):
    """事项 {item} 的新办申请不允许缺 {materials} 先行模拟审批;请告知补正,或者待材料齐全后受理。

    The item {item} allows no provisional approval while {materials} is outstanding, or the case is no new application;
    ask for a correction, or accept once everything is there."""


class ProvisionalOnlyOnce(Refusal):
    """本件已模拟受理一次,材料已补齐;应当依法受理,不得再次模拟受理。(行政许可法第三十二条第一款第(五)项)

    This case went through a provisional approval already and everything came; it must be accepted now, not provisionally
    again (Article 32)."""


class NotYetExamined(Refusal):
    """尚未模拟审查,不能出具模拟审批意见;请先审查。

    Nothing was examined yet, so no provisional opinion; examine first."""


class NoProvisionalOpinion(Refusal):
    """本件没有有效的模拟审批意见;请按一般程序审查、决定。

    There is no provisional opinion in this case; examine and decide it the ordinary way."""


class ProvisionalOpinionExpired(Refusal):
    """模拟审批意见 {opinion_no} 已于 {valid_until} 失效;请按一般程序审查、决定。

    The provisional opinion {opinion_no} was valid until {valid_until}; examine and decide the case the ordinary way."""


class ProvisionalOpinionOutdated(Refusal):
    """模拟审批意见 {opinion_no} 依据的事项版本已变更,受理时为第 {version} 版;请按一般程序重新审查、决定。

    The provisional opinion {opinion_no} was given under another version of the item than the {version} frozen at
    acceptance; examine and decide the case the ordinary way."""


class ProvisionalStillOpen(Refusal):
    """待补材料的期限至 {until},尚未届满,不能认定失效;请等待。

    What is outstanding may come until {until}; nothing has lapsed yet."""
