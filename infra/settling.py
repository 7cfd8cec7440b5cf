"""Settling (静候): until policies and projections have seen everything that is in the store.

For commands that do something and then want to show what came of it. Beside a running platform it only helps:
the positions commit once, whoever is faster."""

from __future__ import annotations

import asyncio
import time

from domain.store import AlreadyTracked
from infra.wiring import Platform, projection_runner
from infra.workers.policies import PolicyRunner, position_name

PAUSE = 0.02


class NotSettled(Exception):
    """读模型或政策在限定时间内未处理完;请用 shuangtui project status 查看原因。

    Projections or policies did not catch up in time; see shuangtui project status."""

    def __init__(self, behind: list[str]) -> None:
        super().__init__(" ".join((self.__doc__ or "").split()) + f" ({', '.join(behind)})")


async def settle(platform: Platform, *, timeout: float = 300.0) -> None:
    """Let policies act and projections fold until nothing is left to do. Raises NotSettled."""
    deadline = time.monotonic() + timeout
    projections = projection_runner(platform.place)
    policies = [
        PolicyRunner(platform.app, platform.recorder, policy, platform.clock, lambda *_: True)
        for policy in platform.policies
    ]
    while True:
        await asyncio.to_thread(projections.run_once)
        moved = 0
        for runner in policies:
            try:
                moved += await runner.run_once()
            except AlreadyTracked:
                moved += 1
            if runner.policy.READS:
                await asyncio.to_thread(projections.run_once)
        head = await asyncio.to_thread(platform.recorder.head)
        behind = [status.name for status in projections.status() if status.position < head]
        behind += [
            position_name(policy)
            for policy in platform.policies
            if policy.reacts_to() and (platform.recorder.position(position_name(policy)) or 0) < head
        ]
        if not moved and not behind:
            return
        if time.monotonic() > deadline:
            raise NotSettled(behind)
        await asyncio.sleep(PAUSE)
