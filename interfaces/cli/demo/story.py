"""The story (演示): the catalogue of the evening before, four days of the city, the outage, and quiet at the end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog

from domain.application import Order
from domain.kernel.people import Actor, Role
from domain.kernel.refusal import Refusal
from infra.event_store.recorder import Page
from infra.tokens import AccessTokens
from infra.wiring import Platform, platform_at
from infra.workers.policies import position_name as policy_position
from interfaces.cli.demo import books
from interfaces.cli.demo.city import AUTHORITY, BUREAU, items, subscriptions
from interfaces.cli.demo.inbox import Inbox
from interfaces.cli.demo.officers import NEEDED, Bureau, Desk, handled_here
from interfaces.cli.demo.plan import BEGINS, Finding, Plan, PlannedCase, Way
from interfaces.cli.demo.reckoning import Reckoning, Store, reckon
from interfaces.cli.demo.stage import Stage, now_in_the_story
from interfaces.cli.demo.systems import BULK_SOURCE, BulkSystem, TopicSystem, spread
from interfaces.cli.output import progress, say
from interfaces.topics.publisher import position_name as relay_position

log = structlog.get_logger("demo")

STEWARD = Actor(id="周管理员", organ=BUREAU.code, role=Role.STEWARD)
CHUNK = 400
SHARE = 0.75
"""Part of the story's time in which new cases come in; the rest is for the slow regulator and for visits."""
OUTAGE_AT = 0.24
STANDSTILL, NIGHTS = 45.0, timedelta(hours=50)
"""Seconds, and time of the story, without any new fact after which a story will never be complete."""
READ = 5_000
REINSPECTED = 1
"""The site where something was wrong is looked at again, in an inspection of its own."""
EXACT = frozenset({
    "push.dispatched", "push.reassigned", "finding.reported", "consultation.concluded", "inspection.concluded",
})  # fmt: skip


class NeverReady(Exception):
    """读模型未能跟上目录,演示无法开始。A projection does not take in the catalogue, so the story cannot begin."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the story. ``missing`` is what did not happen as planned, or never came to rest."""

    store: Store
    reckoning: Reckoning
    missing: dict[str, str]
    redelivered: int
    repeated: int
    back_in: float
    """Seconds from the end of the outage until a push arrived again."""
    told_case: UUID | None

    @property
    def good(self) -> bool:
        return self.reckoning.clean and not self.missing


@dataclass
class Story:
    """Tells one story on a stage."""

    plan: Plan
    stage: Stage
    back_in: float = 0.0

    async def tell(self) -> Outcome:
        async with platform_at(self.stage.place, self.stage.settings) as platform:
            await self._publish(platform)
            tokens = self._issue_tokens(platform)
            await self.stage.http_answers()
            await self._caught_up(platform)
            desk = Desk(self.stage.settings.http_host, self.stage.settings.http_port, tokens)
            try:
                return await self._play(platform, desk)
            except ExceptionGroup as several:
                raise first_of(several) from several
            finally:
                desk.close()

    async def _publish(self, platform: Platform) -> None:
        commands = [*items(), *subscriptions()]
        with progress("目录与订阅 catalogue and contracts", len(commands)) as done:
            for start in range(0, len(commands), CHUNK):
                at = platform.now()
                part = [Order(command, STEWARD, at) for command in commands[start : start + CHUNK]]
                for answer in await platform.app.handle_all(part):
                    if isinstance(answer, Refusal):
                        raise answer
                done(start + len(part))
        say(f"前一天:发布事项 {len(items())} 项,{len(AUTHORITY)} 个监管部门订立订阅",
            f"the evening before: {len(items())} items, {len(AUTHORITY)} regulators under contract")  # fmt: skip

    def _issue_tokens(self, platform: Platform) -> dict[tuple[str, Role], str]:
        tokens = AccessTokens(platform.read.pool, platform.now)
        people = {
            (name, role): tokens.issue(BUREAU.code, role, officer=name, purpose="demo")
            for name, role in dict.fromkeys(NEEDED)
        }
        source = tokens.issue(BUREAU.code, Role.SOURCE, officer=BULK_SOURCE, purpose="demo")
        return {**people, (BULK_SOURCE, Role.SOURCE): source}

    async def _caught_up(self, platform: Platform) -> None:
        """Monday begins when every board shows the catalogue."""
        head = await asyncio.to_thread(platform.recorder.head)
        for name in platform.read.positions():
            if not await asyncio.to_thread(platform.read.wait_for, name, head, 60.0):
                raise NeverReady(f"{name} < {head}; {self.stage.supervisor.log_of('projections')}")
        early = (BEGINS - now_in_the_story(self.stage.clock)).total_seconds() / self.stage.clock.speed
        await asyncio.sleep(max(0.0, early))

    async def _play(self, platform: Platform, desk: Desk) -> Outcome:
        plan, stage = self.plan, self.stage
        inbox = Inbox(platform.recorder)
        bureau = Bureau(desk, inbox, stage.clock, stage.regulators.report, self._say)
        bulk = BulkSystem(desk, desk.tokens[BULK_SOURCE, Role.SOURCE], stage.clock)
        topic = TopicSystem(stage.connection, stage.clock)
        begun, seconds = time.monotonic(), plan.size.seconds
        self._say(f"演示开始,每秒 {stage.clock.speed / 3600:.1f} 小时:{len(plan.cases)} 件办件,应有 {plan.size.pushes} 次推送",
                  f"the story begins: {len(plan.cases)} cases, {plan.size.pushes} pushes to come")  # fmt: skip
        with progress("已认领 claimed", plan.claims.total()) as claimed:
            async with asyncio.TaskGroup() as tasks:
                reading = tasks.create_task(inbox.run(tasks.create_task))
                watching = tasks.create_task(self._watch(inbox, claimed))
                first, later = handled_here(plan.cases)
                work = [tasks.create_task(bureau.handle(case)) for case in first]
                work += [
                    tasks.create_task(self._one_by_one(later, bureau.handle, seconds * SHARE)),
                    tasks.create_task(bulk.run(plan.of(Way.BULK), seconds * SHARE)),
                    tasks.create_task(topic.run(plan.of(Way.TOPIC), seconds * SHARE)),
                    tasks.create_task(self._outage(begun + seconds * OUTAGE_AT)),
                    tasks.create_task(self._other_findings(begun, seconds)),
                ]
                missing = await self._complete(inbox, work)
                head, behind = await self._quiet(platform)
                for task in (reading, watching, *work):
                    task.cancel()
        store = await self._read_again(platform, head)
        redelivered = stage.regulators.told.get("redelivered", 0)
        await asyncio.to_thread(stage.regulators.stop)
        return Outcome(
            store=store, reckoning=reckon(store, books.read(stage.regulators.books), AUTHORITY.keys()),
            missing=missing | behind, redelivered=redelivered, repeated=bulk.already_there + topic.repeated,
            back_in=self.back_in, told_case=bureau.first_case,
        )  # fmt: skip

    async def _watch(self, inbox: Inbox, claimed: Callable[[int], None]) -> None:
        """Keep the processes up, the bar moving, and say when the slow regulator is called."""
        said: set[str] = set()
        turns = {
            "push.reminded": ("有监管部门逾期未签收,已催办", "a regulator is late and is reminded"),
            "push.escalated": ("催办后仍未认领,转督办", "still unclaimed, escalated"),
            "parked.message_parked": (
                "一条不合规的回推已暂存,其余照常",
                "a malformed message is parked, all else goes on",
            ),
        }
        while True:
            self.stage.look()
            claimed(inbox.tally["push.claimed"])
            for name, told in turns.items():
                if inbox.tally[name] and name not in said:
                    said.add(name)
                    self._say(*told)
            await asyncio.sleep(0.25)

    async def _one_by_one(
        self, cases: list[PlannedCase], handle: Callable[[PlannedCase], Coroutine[Any, Any, None]], seconds: float
    ) -> None:
        async with asyncio.TaskGroup() as group:
            async for part in spread(cases, seconds):
                for case in part:
                    group.create_task(handle(case))

    async def _other_findings(self, begun: float, seconds: float) -> None:
        """What is found on the second day, when there is something to find it about."""
        for which, part in ((Finding.RECTIFY, 0.4), (Finding.UNKNOWN_LICENSE, 0.45), (Finding.REVOKE, 0.5)):
            await asyncio.sleep(max(0.0, begun + seconds * part - time.monotonic()))
            self.stage.regulators.report(which)

    async def _outage(self, at: float) -> None:
        await asyncio.sleep(max(0.0, at - time.monotonic()))
        self._say("消息服务停摆,推送进程被强杀……", "the broker freezes and the relay is killed ...")
        await self.stage.outage()
        healed, before = time.monotonic(), self.stage.regulators.told.get("taken", 0)
        while self.stage.regulators.told.get("taken", 0) == before:
            await asyncio.sleep(0.05)
        self.back_in = time.monotonic() - healed
        self._say(f"已恢复,{self.back_in:.1f} 秒后推送续上", f"healed; pushes go on after {self.back_in:.1f} s")

    def _say(self, zh: str, en: str) -> None:
        say(f"[cyan]{now_in_the_story(self.stage.clock):%m-%d %H:%M}[/cyan] {zh}", en)

    def _planned(self) -> dict[str, int]:
        plan = self.plan
        return {
            "push.dispatched": plan.size.pushes, "push.acknowledged": plan.claims.total(),
            "push.claimed": plan.claims.total(), "push.reassigned": 1, "finding.reported": plan.findings,
            "finding.rectification_confirmed": 1, "consultation.concluded_by_conference": 1,
            "consultation.concluded": plan.size.consultations - 1,
            "inspection.concluded": plan.size.inspections + REINSPECTED, "parked.message_parked": plan.parked,
            "case.concluded": len(plan.of(Way.PLATFORM)), "push.reminded": 1, "push.escalated": 1,
        }  # fmt: skip

    def _missing(self, inbox: Inbox) -> dict[str, str]:
        return {
            name: f"{inbox.tally[name]}/{wanted}"
            for name, wanted in self._planned().items()
            if inbox.tally[name] < wanted
        }

    async def _complete(self, inbox: Inbox, work: Sequence[asyncio.Task[None]]) -> dict[str, str]:
        """Wait until everything planned has happened, or nothing moves any more; what is not as planned."""
        last, since = -1, time.monotonic()
        while missing := self._missing(inbox):
            log.debug("story_goes_on", missing=missing, regulators=self.stage.regulators.told)
            if inbox.tally.total() != last:
                last, since = inbox.tally.total(), time.monotonic()
            elif time.monotonic() - since > max(STANDSTILL, NIGHTS.total_seconds() / self.stage.clock.speed):
                return missing
            await asyncio.sleep(0.2)
        await asyncio.gather(*work)
        # More than planned is as wrong as less: a push too many is a duty laid on somebody twice.
        return {
            name: f"{inbox.tally[name]}/{wanted}"
            for name, wanted in self._planned().items()
            if name in EXACT and inbox.tally[name] != wanted
        }

    async def _quiet(self, platform: Platform) -> tuple[int, dict[str, str]]:
        """Wait until nobody has anything left to do: the head of the store then, and who is not done in time."""
        deadline = time.monotonic() + STANDSTILL
        before, since = (-1, -1), time.monotonic()
        while True:
            head = await asyncio.to_thread(platform.recorder.head)
            behind = await asyncio.to_thread(self._behind, platform, head)
            log.debug("story_settles", head=head, behind=behind)
            if (now := (head, self.stage.regulators.told.get("taken", 0))) != before:
                before, since = now, time.monotonic()
            if (not behind and time.monotonic() - since > 1.0) or time.monotonic() > deadline:
                return head, behind
            await asyncio.sleep(0.2)

    def _behind(self, platform: Platform, head: int) -> dict[str, str]:
        names = [policy_position(policy) for policy in platform.policies if policy.reacts_to()]
        if (cluster := self.stage.engines.cluster_id) is not None:
            names.append(relay_position(cluster))
        at = {name: platform.recorder.position(name) or 0 for name in names} | platform.read.positions()
        behind = {name: f"{position}/{head}" for name, position in at.items() if position < head}
        if waiting := self.stage.regulators.told.get("waiting"):
            behind["regulators"] = f"-{waiting}"
        return behind

    async def _read_again(self, platform: Platform, head: int) -> Store:
        """What the store holds, fact by fact from the first one."""
        store, after = Store(), 0
        while after < head:
            page: Page = await asyncio.to_thread(platform.recorder.read, after, READ, None, head)
            if not page.entries:
                break
            store.add(page.entries)
            after = page.end
        return store


def first_of(several: ExceptionGroup[Exception]) -> Exception:
    """What went wrong first, out of the groups that tasks wrap it in."""
    first = several.exceptions[0]
    return first_of(first) if isinstance(first, ExceptionGroup) else first
