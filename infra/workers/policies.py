"""Runs the policies: facts in commit order to each, commands and position together in one commit."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog
from eventsourcing.persistence import Tracking

from domain.application import ApprovalSupervision, Order, Receipt
from domain.kernel.event import Event
from domain.kernel.refusal import Refusal
from domain.parked_message import ParkMessage
from domain.policies.policy import Policy
from domain.store import AlreadyTracked
from infra.clock import Clock
from infra.event_store.mapper import decode
from infra.event_store.recorder import EventRecorder, Page

log = structlog.get_logger("policies")

PAUSE = 0.1
"""Seconds between looks while nothing new is there; notifications are only a hint."""
BATCH = 500
SAVED_EVERY = 1.0
WAIT_FOR_READS = 30.0


def position_name(policy: Policy) -> str:
    return f"policy:{policy.NAME}"


def independent(policy: Policy, facts: Sequence[Event]) -> int:
    """How many of the facts, from the first, the policy may react to at once: up to the first whose reaction
    rests on what the policy asked for because of one before it."""
    seen: set[str] = set()
    for number, fact in enumerate(facts):
        rests_on = policy.rests_on(fact)
        if rests_on is not None and rests_on in seen:
            return number
        seen.add(rests_on or "")
    return len(facts)


@dataclass(slots=True)
class EndOfLog:
    """日志末端, asked for once by all policies of a process: each asking for itself, ten times a second, two dozen of
    them would keep a database busy while nothing happens."""

    recorder: EventRecorder
    _known: int = 0
    _asked_at: float = float("-inf")

    async def lies_beyond(self, position: int) -> bool:
        """Whether anything was recorded after a position, as far as was known at most one pause ago."""
        if self._known <= position and time.monotonic() - self._asked_at >= PAUSE:
            self._asked_at = time.monotonic()
            self._known = await asyncio.to_thread(self.recorder.head)
        return self._known > position


@dataclass(slots=True)
class PolicyRunner:
    """One policy, tailing the log. Two runners of the same policy do no harm: the position commits once."""

    app: ApprovalSupervision
    recorder: EventRecorder
    policy: Policy
    clock: Clock
    wait_for: Callable[[str, int, float], bool]
    end_of_log: EndOfLog | None = None
    carried_out: int = 0
    refused: int = 0
    trouble: str = ""
    _position: int | None = field(default=None)
    _saved_at: float = field(default=0.0)
    _unsaved: bool = field(default=False)
    _own: int | None = field(default=None)

    async def run(self, stop: asyncio.Event) -> None:
        """React until told to stop. A failing policy stands still at its fact and says why; others go on."""
        while not stop.is_set():
            try:
                seen = await self.run_once(lazily=True) if await self._may_have_news() else 0
                if not seen and self._unsaved:
                    await self._pass_over()
                self.trouble = ""
            except AlreadyTracked:
                self.start_over()
                seen = 1
            except Exception as failure:  # noqa: BLE001  any bug of one policy must not end the others
                self.trouble = f"{type(failure).__name__}: {failure}"
                log.error("policy_stands_still", policy=self.policy.NAME, position=self._position, why=self.trouble)
                self.start_over()
                seen = 0
                await _sleep(stop, 2.0)
            if not seen:
                await _sleep(stop, PAUSE)

    async def _may_have_news(self) -> bool:
        known = self._position
        return known is None or self.end_of_log is None or await self.end_of_log.lies_beyond(known)

    async def run_once(self, until: int | None = None, *, lazily: bool = False) -> int:
        """React to the next facts, not beyond ``until``; returns how far the position moved.

        ``lazily`` stores a position that passed over foreign facts only now and then."""
        topics = [event.TOPIC for event in self.policy.reacts_to()]
        if not topics:
            return 0
        if self._position is None:
            self._position = await asyncio.to_thread(self.recorder.position, position_name(self.policy)) or 0
        after = self._position
        page: Page = await asyncio.to_thread(partial(self.recorder.read, after, BATCH, topics, until))
        if page.end == after:
            return 0
        if not page.entries:
            self._position, self._unsaved = page.end, True
            # While others write, each of their commits would otherwise cost one of ours.
            if not lazily or time.monotonic() - self._saved_at > SAVED_EVERY:
                await self._pass_over()
            return page.end - after
        facts = [decode(e.topic, e.state, e.originator_id, e.originator_version) for e in page.entries]
        taken = independent(self.policy, facts)
        end = page.end if taken == len(facts) else page.entries[taken - 1].id
        await self._wait_for_reads(end)
        await self._carry_out(facts[:taken], end)
        self._position = end
        return end - after

    async def _wait_for_reads(self, end: int) -> None:
        """The projections must have seen these facts, and what the policy itself asked for before."""
        if self.policy.READS_ITS_OWN:
            if self._own is None:
                self._own = await asyncio.to_thread(self.recorder.head)
            end = max(end, self._own)
        for projection in self.policy.READS:
            if not await asyncio.to_thread(self.wait_for, projection, end, WAIT_FOR_READS):
                raise ProjectionLags(projection, end)

    def start_over(self) -> None:
        """Ask the store for the position again: another runner of the policy was faster."""
        self._position, self._own, self._unsaved = None, None, False

    async def _pass_over(self) -> None:
        """Store a position behind which nothing concerned the policy."""
        await self._carry_out([], self._position or 0)

    async def _carry_out(self, facts: Sequence[Event], end: int) -> None:
        at = self.clock.now()
        orders = await asyncio.to_thread(lambda: [o for fact in facts for o in self.policy.orders_for(fact, at)])
        tracking = [Tracking(position_name(self.policy), end)]
        answers = await self.app.handle_all(orders, tracking, instead=set_aside)
        self._saved_at, self._unsaved = time.monotonic(), False
        if self._own is not None:
            self._own = max([self._own, *(a.position for a in answers if isinstance(a, Receipt))])
        self._count(orders, answers)

    def _count(self, orders: Sequence[Order], answers: Sequence[Any]) -> None:
        for order, answer in zip(orders, answers, strict=True):
            if isinstance(answer, Refusal):
                self.refused += 1
                log.warning("policy_refused", policy=self.policy.NAME, command=order.command.NAME,
                            stream=str(order.command.stream), why=answer.told("zh"))  # fmt: skip
            else:
                self.carried_out += 1


@dataclass(slots=True)
class TimerRunner:
    """Asks every policy what is due. A timer that misses its beat is itself visible: ``beat_at``."""

    app: ApprovalSupervision
    policies: Sequence[Policy]
    clock: Clock
    every: float = 1.0
    beat_at: float = field(default_factory=time.monotonic)
    carried_out: int = 0
    trouble: str = ""

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self.run_once()
                self.beat_at, self.trouble = time.monotonic(), ""
            except Exception as failure:  # noqa: BLE001  the next beat tries again; a dead sweeper would hide every deadline
                self.trouble = f"{type(failure).__name__}: {failure}"
                log.error("timer_failed", why=self.trouble)
            await _sleep(stop, self.every)

    async def run_once(self) -> int:
        """Carry out what is due now; returns how many commands were asked.

        Raises TimersFailed after every policy had its turn: one that fails must not hide the deadlines of others."""
        asked, failures = 0, {}
        for policy in self.policies:
            try:
                asked += await self._carry_out(policy)
            except Exception as failure:  # noqa: BLE001  any bug of one policy, told below
                failures[policy.NAME] = failure
        if failures:
            raise TimersFailed(failures)
        return asked

    async def _carry_out(self, policy: Policy) -> int:
        orders = await asyncio.to_thread(policy.orders_at, self.clock.now())
        for start in range(0, len(orders), BATCH):
            answers = await self.app.handle_all(orders[start : start + BATCH], instead=set_aside)
            self.carried_out += sum(not isinstance(a, Refusal) for a in answers)
        return len(orders)


class ProjectionLags(Exception):
    """The policy may not act on an old answer."""

    def __init__(self, projection: str, position: int) -> None:
        super().__init__(
            f"读模型 {projection} 尚未到达位置 {position};请检查 shuangtui project status。"
            f" The projection {projection} has not reached {position}; see shuangtui project status."
        )


class TimersFailed(Exception):
    """Some policies could not say or do what is due; the others did."""

    def __init__(self, failures: Mapping[str, Exception]) -> None:
        said = "; ".join(f"{name}: {type(why).__name__}: {why}" for name, why in failures.items())
        super().__init__(
            f"到期事项未能办理,下一拍重试:{said}。 Not done this time, tried again at the next beat: {said}."
        )


def set_aside(order: Order, refusal: Refusal) -> Order | None:
    """What a policy asked and was refused is set aside with the reason, where people look: nothing is dropped.

    Not asked for a request that was carried out before: what its fact caused is done, in whatever words."""
    command = ParkMessage.of_policy(order.by.id, order.command, order.cause_id, refusal, order.at.year)
    return Order(command, order.by, order.at, cause_id=order.cause_id)


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
