"""Settling (静候): until policies and projections have seen everything that is in the store.

For commands that do something and then want to show what came of it. Beside a running platform it only helps:
the positions commit once, whoever is faster."""

from __future__ import annotations

import asyncio
import time

from domain.store import AlreadyTracked
from infra.wiring import Platform, projection_runner
from infra.workers.policies import PolicyRunner, TimerRunner, position_name
from projections.view import ProjectionRunner

PAUSE = 0.02


class NotSettled(Exception):
    """读模型或政策在限定时间内未处理完;请用 shuangtui project status 查看原因。

    Projections or policies did not catch up in time; see shuangtui project status."""

    def __init__(self, behind: list[str]) -> None:
        super().__init__(" ".join((self.__doc__ or "").split()) + f" ({', '.join(behind)})")


async def settle(platform: Platform, *, timeout: float = 300.0) -> None:
    """Let timers and policies act and projections fold until nothing is left to do. Raises NotSettled."""
    deadline = time.monotonic() + timeout
    projections = projection_runner(platform.place)
    timers = TimerRunner(platform.app, platform.policies, platform.clock)

    def folded(projection: str, position: int, patience: float) -> bool:
        """Another process may have the turn: then it is the one to wait for."""
        projections.run_once()
        return platform.read.wait_for(projection, position, patience)

    policies = [
        PolicyRunner(platform.app, platform.recorder, policy, platform.clock, folded)
        for policy in platform.policies
        if policy.reacts_to()
    ]
    while True:
        await asyncio.to_thread(projections.run_once)
        await timers.run_once()
        head = await asyncio.to_thread(platform.recorder.head)
        for runner in policies:
            await _catch_up(runner, head)
        behind = await asyncio.to_thread(_behind, platform, projections)
        if not behind:
            return
        if time.monotonic() > deadline:
            raise NotSettled(behind)
        await asyncio.sleep(PAUSE)


async def _catch_up(runner: PolicyRunner, head: int) -> None:
    while True:
        try:
            if not await runner.run_once(until=head):
                return
        except AlreadyTracked:
            runner.start_over()


def _behind(platform: Platform, projections: ProjectionRunner) -> list[str]:
    """Whoever has not seen the last fact yet. What policies and timers add counts too, so this ends in peace."""
    head = platform.recorder.head()
    behind = [status.name for status in projections.status() if status.position < head]
    for policy in platform.policies:
        name = position_name(policy)
        if policy.reacts_to() and (platform.recorder.position(name) or 0) < head:
            behind.append(name)
    return behind
