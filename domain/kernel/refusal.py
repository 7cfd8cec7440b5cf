"""Refusal (不予办理): a command that may not be carried out, and why."""

from __future__ import annotations

import inspect
from enum import Enum
from typing import Any, ClassVar, Self

from pydantic import BaseModel

from domain.kernel.words import PLACEHOLDER, said


class Kind(str, Enum):
    """The five kinds of refusal; the doors map kinds, never classes."""

    UNKNOWN = "unknown"
    NOT_ALLOWED = "not_allowed"
    OUT_OF_ORDER = "out_of_order"
    CONFLICTING = "conflicting"
    MALFORMED = "malformed"


class Refusal(Exception):
    """The docstring of each subclass is its message: a Chinese paragraph, then an English one."""

    KIND: ClassVar[Kind] = Kind.NOT_ALLOWED
    ZH: ClassVar[str]
    EN: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        paragraphs = [" ".join(p.split()) for p in (inspect.cleandoc(cls.__doc__ or "")).split("\n\n")]
        if len(paragraphs) != 2:
            raise TypeError(f"{cls.__name__}: the docstring must be a Chinese and an English paragraph")
        cls.ZH, cls.EN = paragraphs

    def __init__(self, **facts: Any) -> None:
        needed = set(PLACEHOLDER.findall(self.ZH + self.EN))
        if needed - facts.keys():
            raise TypeError(f"{type(self).__name__} must say {sorted(needed - facts.keys())}")
        self.facts = facts
        self.trace: BaseModel | None = None
        super().__init__(self.told("zh"))

    def leaving(self, trace: BaseModel) -> Self:
        """The same refusal, which leaves a trace: the platform carries out the command ``trace`` in the place of what
        was refused.

        For what may not happen and must not be forgotten either, such as a decision outside a delegation."""
        self.trace = trace
        return self

    @property
    def code(self) -> str:
        return type(self).__name__

    def told(self, language: str) -> str:
        template = self.ZH if language == "zh" else self.EN
        return PLACEHOLDER.sub(lambda m: said(self.facts[m.group(1)], language), template)


class OutOfOrder(Refusal):
    """「{command}」不能在当前状态「{state}」下办理;请先办理前一环节,或刷新后再试。

    "{command}" cannot be done while the state is "{state}"; do the step before it first, or reload."""

    KIND = Kind.OUT_OF_ORDER


class UnknownStream(Refusal):
    """没有这个{what}:{id};请核对编号。

    There is no such {what}: {id}; check the number."""

    KIND = Kind.UNKNOWN


class RoleMayNot(Refusal):
    """角色「{role}」不得办理「{command}」;请由有权人员办理。

    The role "{role}" may not do "{command}"; let someone entitled do it."""


class ForeignAuthority(Refusal):
    """部门 {organ} 不得办理属于 {owner} 的事务。

    The authority {organ} may not act on what belongs to {owner}."""


class StaleVersion(Refusal):
    """所依据的版本 {expected} 已过时,当前为 {version};请重新读取后再办理。

    Version {expected} is stale, the current one is {version}; read again, then decide again."""

    KIND = Kind.CONFLICTING


class TooManyConflicts(Refusal):
    """多人同时办理 {id},数次重试仍冲突;请稍后再试。

    Several people act on {id} at once and retrying did not help; try again shortly."""

    KIND = Kind.CONFLICTING


class RequestReused(Refusal):
    """请求编号 {request} 已用于另一项内容;新的办理请用新的编号。

    The request id {request} was used for other content; use a new id for a new request."""

    KIND = Kind.CONFLICTING


class MalformedIdentifier(Refusal):
    """标识「{value}」不合规:{zh};请更正后再提交。

    The identifier "{value}" is not valid: {en}; correct it and send again."""

    KIND = Kind.MALFORMED


class FutureTime(Refusal):
    """发生时间 {time} 晚于当前时间;请核对系统时钟。

    The time {time} lies in the future; check the clock of the sending system."""

    KIND = Kind.MALFORMED


class RulesDoNotAnswer(Refusal):
    """规则数据无法给出答案:{zh}

    The rules hold no answer: {en}"""

    KIND = Kind.CONFLICTING
