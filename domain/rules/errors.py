"""What the rules refuse to answer, and why. A missing rule is said aloud; nothing is guessed.

Like a Refusal of the kernel, the docstring is the message (a Chinese paragraph, then an English one).
The rules stand below the kernel and may not import it, so they carry their own base."""

from __future__ import annotations

import inspect
import re
from typing import ClassVar

_PLACEHOLDER = re.compile(r"{(\w+)}")


class RuleError(Exception):
    """The rules cannot answer. ``facts`` fill the placeholders of both paragraphs."""

    ZH: ClassVar[str]
    EN: ClassVar[str]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        paragraphs = [" ".join(p.split()) for p in inspect.cleandoc(cls.__doc__ or "").split("\n\n")]
        if len(paragraphs) != 2:
            raise TypeError(f"{cls.__name__}: the docstring must be a Chinese and an English paragraph")
        cls.ZH, cls.EN = paragraphs

    def __init__(self, **facts: object) -> None:
        missing = set(_PLACEHOLDER.findall(self.ZH + self.EN)) - facts.keys()
        if missing:
            raise TypeError(f"{type(self).__name__} must say {sorted(missing)}")
        self.facts = facts
        super().__init__(f"{self.told('zh')} {self.told('en')}")

    @property
    def code(self) -> str:
        return type(self).__name__

    def told(self, language: str) -> str:
        """The message in ``zh`` or ``en``."""
        return (self.ZH if language == "zh" else self.EN).format_map(self.facts)


class NoCalendarForYear(RuleError):
    """没有 {year} 年的工作日历,平台不推算期限;请先录入国务院办公厅该年节假日安排通知,再重新计算。

    There is no working-day calendar for {year} and the platform does not guess one;
    enter the State Council notice for that year, then compute again."""


class UnknownRule(RuleError):
    """规则数据「{file}」中没有「{key}」;请核对名称,或先录入该规则及其依据。

    The rules in "{file}" have no "{key}"; check the name, or enter the rule with its basis first."""


class NoRuleInForce(RuleError):
    """「{key}」在 {on} 没有有效的规定(已录入的期间:{periods});请核对日期,或补录当时的规定。

    No provision for "{key}" was in force on {on} (periods on record: {periods});
    check the date, or enter the provision of that time."""


class OverlappingPeriods(RuleError):
    """规则数据「{file}」的「{key}」有两段有效期重叠({first} 与 {second});请改正有效期后再启动。

    In the rules "{file}" two periods of "{key}" overlap ({first} and {second});
    correct the periods, then start again."""


class BadRule(RuleError):
    """规则数据「{file}」的「{key}」不合格:{zh};请改正后再启动。

    In the rules "{file}" the entry "{key}" is not acceptable: {en}; correct it, then start again."""


class NoLettersForDocument(RuleError):
    """机关 {organ} 在 {on} 没有种类为 {kind} 的文书代字;请先录入机关代字及其依据,或由事项管理员为该年度启用代字。

    The organ {organ} has no letters for documents of the kind {kind} on {on}; enter them with their basis,
    or let the steward open this year's series with letters."""


class LimitBelowZero(RuleError):
    """期限不能是负数({limit});请核对事项的时限设置。

    A time limit cannot be negative ({limit}); check the limits of the item."""


class PauseEndsBeforeItStarts(RuleError):
    """暂停计时的结束日 {end} 早于开始日 {start};请核对特别程序的起止日期。

    A pause ends on {end}, before it starts on {start}; check the dates of the special procedure."""


class UnknownUnit(RuleError):
    """期限单位「{unit}」无法计算;可用的单位:{known}。

    A limit in "{unit}" cannot be computed here; the units are: {known}."""


class TimeWithoutZone(RuleError):
    """时间 {moment} 没有时区,无法确定是北京时间哪一天;请提供带时区的时间。

    The time {moment} carries no zone, so its day in Shanghai is unknown; give a time with an offset."""
