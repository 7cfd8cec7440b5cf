"""The inbox of the approval side (收件箱): facts as they are committed, so that officers act on them and wait for them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar
from uuid import UUID

from domain.kernel.event import EVENTS, Event
from infra.event_store.mapper import decode
from infra.event_store.recorder import EventRecorder

F = TypeVar("F", bound=Event)
LOOK = 0.15
PAGE = 2_000

COUNTED = (
    "case.concluded", "push.dispatched", "push.acknowledged", "push.claimed", "push.reassigned", "push.reminded",
    "push.escalated", "finding.reported", "finding.rectification_confirmed", "consultation.concluded",
    "consultation.concluded_by_conference", "inspection.concluded", "parked.message_parked",
)  # fmt: skip
"""Facts that the story counts while it runs, besides those that somebody acts on or waits for."""


class Inbox:
    """Tails the store once for everybody on the approval side."""

    def __init__(self, recorder: EventRecorder) -> None:
        self._recorder = recorder
        self._actions: dict[str, list[Callable[[Any], Coroutine[Any, Any, None]]]] = {}
        self._seen: dict[tuple[str, UUID], Event] = {}
        self._waiting: dict[tuple[str, UUID], asyncio.Event] = {}
        self._kept: set[str] = set()
        self.tally: Counter[str] = Counter()
        self.position = 0

    def on(self, fact: type[F], action: Callable[[F], Coroutine[Any, Any, None]]) -> None:
        """Act on each fact of a kind. Say so before ``run``."""
        self._actions.setdefault(fact.TOPIC, []).append(action)

    def keep(self, *facts: type[Event]) -> None:
        """Remember facts of these kinds for ``wait``. Say so before ``run``."""
        self._kept |= {fact.TOPIC for fact in facts}

    async def wait(self, fact: type[F], stream: UUID) -> F:
        """The first fact of a kind in a stream, as soon as it is there."""
        key = fact.TOPIC, stream
        if key not in self._seen:
            await self._waiting.setdefault(key, asyncio.Event()).wait()
        found = self._seen[key]
        assert isinstance(found, fact)
        return found

    async def run(self, act: Callable[[Coroutine[Any, Any, None]], object]) -> None:
        """Read until cancelled; ``act`` starts the action that a fact causes."""
        topics = sorted(self._kept | self._actions.keys() | set(COUNTED))
        assert set(topics) <= EVENTS.keys()
        while True:
            page = await asyncio.to_thread(self._recorder.read, self.position, PAGE, topics)
            for entry in page.entries:
                self.tally[entry.topic] += 1
                if entry.topic in self._kept or entry.topic in self._actions:
                    self._deal_with(
                        decode(entry.topic, entry.state, entry.originator_id, entry.originator_version), act
                    )
            self.position = page.end
            if len(page.entries) < PAGE:
                await asyncio.sleep(LOOK)

    def _deal_with(self, fact: Event, act: Callable[[Coroutine[Any, Any, None]], object]) -> None:
        key = fact.TOPIC, fact.originator_id
        if fact.TOPIC in self._kept and key not in self._seen:
            self._seen[key] = fact
            if (waiting := self._waiting.pop(key, None)) is not None:
                waiting.set()
        for action in self._actions.get(fact.TOPIC, ()):
            act(action(fact))
