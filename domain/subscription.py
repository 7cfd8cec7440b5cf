"""Subscription (订阅): the contract under which a regulator receives pushes, effective-dated.

It names purpose, legal basis, items, places, changes, fields and retention. A missing attribute means *not
sent*; why something was not sent has an answer, rule by rule."""

from __future__ import annotations

from datetime import date
from typing import Annotated, NamedTuple
from uuid import UUID

from pydantic import Field

from domain.kernel.aggregate import Aggregate, Facts, Given
from domain.kernel.channel import Channel
from domain.kernel.command import Command, Target
from domain.kernel.event import Event
from domain.kernel.identity import STANDING, stream_id
from domain.kernel.people import Role
from domain.kernel.refusal import Kind, Refusal
from domain.kernel.words import (
    Addressee,
    Body,
    Change,
    ClaimMode,
    OrganCode,
    RegionCode,
    Short,
    Term,
    Text,
    Value,
    Word,
    covers,
)


class Detail(Word):
    """How much of a push the purpose justifies."""

    FULL = "full", "全部字段", "all fields"
    MASKED = "masked", "个人信息脱敏", "personal fields masked"


class Terms(Value):
    """Terms of the contract; an empty tuple of items or places means every one."""

    regulator: Body
    purpose: Text
    legal_basis: Text
    items: tuple[Annotated[str, Field(min_length=1, max_length=50)], ...] = Field((), max_length=5000)
    regions: tuple[RegionCode, ...] = Field((), max_length=500)
    changes: tuple[Change, ...] = (Change.GRANT,)
    detail: Detail = Detail.MASKED
    claim_mode: ClaimMode = ClaimMode.EXPLICIT
    retention_days: int = Field(3650, ge=1, le=36500)
    contact: Short
    effective_from: date
    effective_to: date | None = None


class Answer(NamedTuple):
    """One rule of a contract held against one decision."""

    rule: str
    met: bool
    zh: str
    en: str


def why(terms: Terms, *, item: str, region: str | None, change: Change, on: date) -> list[Answer]:
    """Whether a decision falls under a contract, rule by rule."""
    ends = terms.effective_to
    covered = not terms.regions or any(covers(r, region) for r in terms.regions)
    return [
        Answer("period", terms.effective_from <= on and (ends is None or on <= ends),
               f"合同期 {terms.effective_from} 至 {ends or '长期'},决定日 {on}",
               f"in force from {terms.effective_from} to {ends or 'further notice'}, decided on {on}"),
        Answer("item", not terms.items or item in terms.items,
               f"事项 {item} {'在' if not terms.items or item in terms.items else '不在'}订阅范围",
               f"the item {item} is {'' if not terms.items or item in terms.items else 'not '}subscribed to"),
        Answer("place", covered,
               f"地区 {region or '未注明'} {'在' if covered else '不在'}管辖范围",
               f"the place {region or 'unnamed'} is {'' if covered else 'not '}covered"),
        Answer("change", change in terms.changes,
               f"变动「{change.zh}」{'已' if change in terms.changes else '未'}订阅",
               f'the change "{change.en}" is {"" if change in terms.changes else "not "}subscribed to'),
    ]  # fmt: skip


class OpenSubscription(Command):
    """订立订阅。Open a contract for a regulator."""

    NAME = "subscription.open"
    ZH = "订立订阅"
    MAY = frozenset({Role.STEWARD, Role.OPERATOR})

    number: Short
    terms: Terms

    @property
    def stream(self) -> UUID:
        return stream_id("subscription", STANDING, self.terms.regulator.code, self.number)


class CloseSubscription(Command):
    """终止订阅。Close a contract from a date on."""

    NAME = "subscription.close"
    ZH = "终止订阅"
    MAY = frozenset({Role.STEWARD, Role.OPERATOR})

    subscription_id: Annotated[UUID, Target()]
    effective_to: date
    reason: Text


class SubscriptionNumberTaken(Refusal):
    """部门 {regulator} 的订阅编号 {number} 已存在;请换用新编号。

    {regulator} already has a subscription numbered {number}; use a new number."""

    KIND = Kind.CONFLICTING


class SubscriptionEndsOutsideItsPeriod(Refusal):
    """订阅合同期为 {first} 至 {last},终止日 {effective_to} 不在其中;请改为合同期内的日期,延长须另订合同。

    The contract runs from {first} to {last}, and {effective_to} lies outside; name a day of that period. A longer one
    needs a contract of its own."""

    KIND = Kind.MALFORMED


class SubscriptionOpened(Event):
    """订阅已订立。A regulator's contract came into being."""

    TOPIC = "subscription.opened"
    class_version = 2
    ADDED_ONLY = (2,)
    ZH = "{regulator} 订阅审批信息,目的:{purpose}"
    EN = "{regulator} subscribed to approvals, for: {purpose}"
    BASIS = "数据安全法第三十八条"
    CHANNEL = Channel.INTERACTION

    number: Short
    terms: Terms
    authority: Annotated[OrganCode, Addressee()]

    @property
    def regulator(self) -> Body:
        return self.terms.regulator

    @property
    def purpose(self) -> str:
        return self.terms.purpose


class SubscriptionClosed(Event):
    """订阅已终止。A regulator's contract ended."""

    TOPIC = "subscription.closed"
    ZH = "订阅自 {effective_to} 起终止,原因:{reason}"
    EN = "the subscription ends on {effective_to}: {reason}"
    BASIS = "数据安全法第三十八条"
    CHANNEL = Channel.INTERACTION

    effective_to: date
    reason: Text
    authority: Annotated[OrganCode, Addressee()]


class Subscription(Aggregate):
    """订阅。"""

    NAME = "subscription"
    ZH = "订阅"

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.terms: Terms | None = None
        self.closed = False

    def open(self, command: OpenSubscription, given: Given) -> Facts:
        if self.terms is not None:
            raise SubscriptionNumberTaken(regulator=command.terms.regulator, number=command.number)
        code = command.terms.regulator.code
        yield SubscriptionOpened(number=command.number, terms=command.terms, authority=code)

    def close(self, command: CloseSubscription, given: Given) -> Facts:
        assert self.terms is not None
        first, last = self.terms.effective_from, self.terms.effective_to
        if command.effective_to < first or (last is not None and command.effective_to > last):
            raise SubscriptionEndsOutsideItsPeriod(
                first=first, last=last or Term("长期", "further notice"), effective_to=command.effective_to
            )
        if not self.closed:
            code = self.terms.regulator.code
            yield SubscriptionClosed(effective_to=command.effective_to, reason=command.reason, authority=code)

    def was_opened(self, fact: SubscriptionOpened) -> None:
        self.terms = fact.terms

    def was_closed(self, fact: SubscriptionClosed) -> None:
        self.closed = True
