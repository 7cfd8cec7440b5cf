"""规约 (specification): the small language in which tests say what an aggregate or a policy does.

    given(*facts).when(command, by=EXAMINER, at=MONDAY).then(*facts)      # or .refused(Class) or .nothing()
    given(policy).when(fact).then(*commands)

Facts are compared without their envelope; a class instead of a fact stands for any fact of it. Whatever was
decided is also stored as JSON, read back and folded into a new aggregate: replay must equal live, every time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, cast, overload
from uuid import UUID

from domain.kernel.aggregate import AGGREGATE_OF, NOTHING_KNOWN, Aggregate, Given, Look, replay
from domain.kernel.command import Command
from domain.kernel.event import ENVELOPE, NEVER, NOBODY, NOWHERE, Event
from domain.kernel.identity import stream_id
from domain.kernel.people import Actor, Role, the_platform
from domain.kernel.refusal import Refusal
from domain.kernel.words import SHANGHAI, Body, ItemTerms, Site, Subject
from domain.policies.policy import Policy
from domain.service_item import UnknownItem
from infra.event_store.mapper import decode, encode

BUREAU = Body(code="BUREAU-371500", name="市行政审批服务局")
HOUSING = Body(code="HOUSING-371500", name="市住房和城乡建设局")
FIRE = Body(code="FIRE-371500", name="市消防救援支队")
HEALTH = Body(code="HEALTH-371500", name="市卫生健康委员会")

APPLICANT = Actor(id="applicant-1", organ=BUREAU.code, role=Role.APPLICANT)
ACCEPTOR = Actor(id="acceptor-1", organ=BUREAU.code, role=Role.ACCEPTOR)
EXAMINER = Actor(id="examiner-1", organ=BUREAU.code, role=Role.EXAMINER)
DECIDER = Actor(id="decider-1", organ=BUREAU.code, role=Role.DECIDER)
STEWARD = Actor(id="steward-1", organ=BUREAU.code, role=Role.STEWARD)
SOURCE = Actor(id="source-1", organ=BUREAU.code, role=Role.SOURCE)
OPERATOR = Actor(id="operator-1", organ="platform", role=Role.OPERATOR)
AUDITOR = Actor(id="auditor-1", organ="AUDIT-371500", role=Role.AUDITOR)
DISCIPLINE = Actor(id="discipline-1", organ="DISCIPLINE-371500", role=Role.DISCIPLINE)
PLATFORM = the_platform("specification")


def officer_of(body: Body, name: str = "officer-1") -> Actor:
    """A regulator's officer."""
    return Actor(id=name, organ=body.code, role=Role.REGULATOR)


HOUSING_OFFICER, FIRE_OFFICER, HEALTH_OFFICER = map(officer_of, (HOUSING, FIRE, HEALTH))

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=SHANGHAI)
"""An ordinary working week begins; no holiday lies within the four weeks that follow."""
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + timedelta(days=n) for n in range(1, 5))
NEXT_MONDAY = MONDAY + timedelta(days=7)
MONTH_LATER = MONDAY + timedelta(days=28)

CASE = stream_id("case", 2026, "platform", "2026-0001")
CASE_NO = "2026-0001"
OTHER_CASE = stream_id("case", 2026, "platform", "2026-0002")
OTHER_CASE_NO = "2026-0002"
SHOP = Site(region="371502", address="东昌府区柳园南路 1 号", place="柳园商场")
HOLDER = Subject(identifier="91371500MA3C5X0Y1T", name="聊城市柳园商贸有限公司")


@dataclass(frozen=True, slots=True)
class Catalogue(Look):
    """The catalogue as a decision may look it up, holding just these terms."""

    terms: Mapping[str, ItemTerms] = field(default_factory=dict)

    def item(self, item: str, on: date) -> ItemTerms:
        if item not in self.terms:
            raise UnknownItem(item=item, on=on)
        return self.terms[item]


def catalogue(*terms: ItemTerms) -> Catalogue:
    return Catalogue({one.item: one for one in terms})


def said(
    fact: Event, *, by: Actor = PLATFORM, at: datetime = MONDAY, stream: UUID = NOWHERE, version: int = 0
) -> Event:
    """A fact with an envelope, where it matters who said it and when.

    A copy: a fact that two tests are given must not carry the envelope of the first."""
    return fact.model_copy().stamped(
        originator_id=stream, originator_version=version, occurred_at=at, recorded_at=at, actor=by,
        correlation_id=str(stream),
    )  # fmt: skip


def _placed(fact: Event, stream: UUID, version: int) -> Event:
    """A given fact in its place; one that was decided before keeps who said it, when, and when it happened."""
    if fact.recorded_at == NEVER:
        return said(fact, stream=stream, version=version)
    by = PLATFORM if fact.actor is NOBODY else fact.actor
    return fact.model_copy().stamped(originator_id=stream, originator_version=version, actor=by)


def without_envelope(fact: Event) -> dict[str, Any]:
    return fact.model_dump(exclude=set(ENVELOPE))


def stored_and_read(fact: Event) -> Event:
    """What the store would give back: the fact through its JSON."""
    return decode(fact.TOPIC, encode(fact), fact.originator_id, fact.originator_version)


class _AsNamed:
    """What a story looks at where it says nothing of the catalogue: it holds the terms that the given facts name."""

    def __init__(self, look: Look, facts: Iterable[Event]) -> None:
        named = [terms for fact in facts if isinstance(terms := getattr(fact, "terms", None), ItemTerms)]
        self._look, self.item = look, catalogue(*named).item

    def __getattr__(self, name: str) -> Any:
        return getattr(self._look, name)


@dataclass(frozen=True)
class Story:
    """What was given: facts, or a policy, and what may be looked up."""

    facts: tuple[Event, ...] = ()
    look: Look = NOTHING_KNOWN

    def when(self, command: Command, *, by: Actor = EXAMINER, at: datetime = MONDAY) -> Decided:
        """Decide one command on what was given."""
        cls, stream = AGGREGATE_OF[type(command)], command.stream
        past = tuple(_placed(fact, stream, version) for version, fact in enumerate(self.facts, 1))
        live = replay(cls, stream, past)
        look = self.look if type(self.look).item is not Look.item else cast("Look", _AsNamed(self.look, past))
        try:
            new = tuple(live.decide(command, Given(by=by, at=at, look=look)))
        except Refusal as refusal:
            return Decided(self, past, (), refusal, live)
        again = replay(cls, stream, map(stored_and_read, (*past, *new)))
        assert vars(again) == vars(live), f"replay of {cls.__name__} differs from what was decided live"
        return Decided(self, past, new, None, live)


@dataclass(frozen=True)
class Decided:
    """What came of a command."""

    story: Story
    past: tuple[Event, ...]
    facts: tuple[Event, ...]
    refusal: Refusal | None
    aggregate: Aggregate

    def then(self, *expected: Event | type[Event]) -> Decided:
        """Exactly these facts, in this order."""
        assert self.refusal is None, f"refused: {self.refusal!r}"
        _compare(self.facts, expected, without_envelope)
        return self

    def refused(self, cls: type[Refusal], **facts: Any) -> Refusal:
        """Refused for exactly this reason; ``facts`` name what the refusal must say."""
        assert self.refusal is not None, f"not refused, but: {[type(f).__name__ for f in self.facts]}"
        assert type(self.refusal) is cls, f"refused as {type(self.refusal).__name__}: {self.refusal}"
        assert self.refusal.told("zh")
        assert self.refusal.told("en")
        assert {name: self.refusal.facts[name] for name in facts} == facts
        return self.refusal

    def nothing(self) -> Decided:
        """Neither a fact nor a refusal."""
        return self.then()

    def and_when(self, command: Command, *, by: Actor = EXAMINER, at: datetime = MONDAY) -> Decided:
        """Go on with another command; the one before must not have been refused."""
        assert self.refusal is None, f"refused: {self.refusal!r}"
        return replace(self.story, facts=(*self.past, *self.facts)).when(command, by=by, at=at)


@dataclass(frozen=True)
class PolicyStory:
    policy: Policy

    def when(self, fact: Event, *, stream: UUID = CASE, version: int = 1, at: datetime = MONDAY) -> Asked:
        """The policy sees a fact. Seen twice it asks the same under the same request ids, so the second is nothing."""
        seen = stored_and_read(said(fact, stream=stream, version=version, at=at))
        orders = self.policy.orders_for(seen, at)
        again = self.policy.orders_for(seen, at)
        assert [(o.request, o.command) for o in again] == [(o.request, o.command) for o in orders]
        assert len({o.request for o in orders}) == len(orders)
        return Asked(tuple(order.command for order in orders))

    def when_time_passes(self, at: datetime) -> Asked:
        return Asked(tuple(order.command for order in self.policy.orders_at(at)))


@overload
def given(*facts: Event, look: Look = NOTHING_KNOWN) -> Story: ...
@overload
def given(policy: Policy, /) -> PolicyStory: ...
def given(*told: Any, look: Look = NOTHING_KNOWN) -> Story | PolicyStory:
    """Begin a specification: with facts of one stream in their order, or with one policy."""
    return PolicyStory(told[0]) if told and isinstance(told[0], Policy) else Story(told, look)


@dataclass(frozen=True)
class Asked:
    """What a policy asks for."""

    commands: tuple[Command, ...]

    def then(self, *expected: Command | type[Command]) -> None:
        _compare(self.commands, expected, lambda command: command.model_dump())

    def nothing(self) -> None:
        self.then()


def _compare(found: Iterable[Any], expected: Iterable[Any], content: Any) -> None:
    found, expected = list(found), list(expected)
    names = [one.__name__ if isinstance(one, type) else type(one).__name__ for one in expected]
    assert [type(one).__name__ for one in found] == names
    for got, wanted in zip(found, expected, strict=True):
        if not isinstance(wanted, type):
            assert content(got) == content(wanted)
