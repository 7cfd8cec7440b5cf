"""The existing approval systems (既有审批系统): they report the steps of the cases they handle.

One reports in bulk over HTTP, the other message by message over Kafka; both repeat themselves, as systems do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import orjson

from domain.kernel.channel import Channel
from domain.rules.working_days import working_calendar
from infra.clock import Clock
from infra.kafka import Connection, Producer
from interfaces.cli.demo.city import BUREAU
from interfaces.cli.demo.officers import Desk
from interfaces.cli.demo.plan import PlannedCase, Turn, last_office_hours, officers_of, told
from interfaces.cli.demo.regulators import envelope

BULK_SOURCE, TOPIC_SOURCE = "city-approval-system", "trade-registry-system"
TICK = 0.5
REPEATED_EVERY = 40
STEPS = (
    ("submit", "网上申请", "submitted"), ("receive", "收件", None), ("accept", "受理", "accepted"),
    ("examine", "审查", "examined"), ("decide", "准予许可", "granted"), ("conclude", "办结", "concluded"),
)  # fmt: skip


def steps_of(case: PlannedCase, source: str, now: datetime) -> list[dict[str, Any]]:
    """The reports of one case, in the order in which they are sent."""
    times = last_office_hours(now, len(STEPS))
    who = officers_of(case)
    decider = who.acceptor if case.turn is Turn.SAME_OFFICER_DID else who.decider
    officers = [who.acceptor, who.acceptor, who.acceptor, who.examiner, decider, who.acceptor]
    order, historical = list(range(len(STEPS))), False
    if case.turn is Turn.DECIDED_FIRST:
        order = [0, 1, 2, 4, 3, 5]
    elif case.turn is Turn.BACK_DATED:
        times = [time - timedelta(days=10) for time in times]
    elif case.turn is Turn.OVERDUE:
        # Forty working days ago is past every limit; declared as old, so that being late is not also being hidden.
        begun = _working_days_before(times[0].date(), 40)
        times[:3] = [datetime.combine(begun, time.timetz()) for time in times[:3]]
        historical = True
    opened_on = times[order[0]].date()
    about = {
        "source": source, "case_no": case.case_no(opened_on), "opened_on": opened_on.isoformat(), "organ": BUREAU.code,
        "item": case.item.item, "item_name": case.item.name, "historical": historical, **told(case),
    }  # fmt: skip
    if case.turn is Turn.UNKNOWN_ITEM:
        body = case.item.regulators[0]
        about |= {"item": "NOT-IN-THE-CATALOGUE", "departments": [{"code": body.code, "name": body.name}]}
    found = []
    for place, step in enumerate(order):
        activity, name, means = STEPS[step]
        found.append({
            **about, "source_event_id": f"{source}-{case.number}-{activity}", "activity": activity,
            "activity_name": name, "means": means, "officer": officers[step], "occurred_at": times[place].isoformat(),
        })  # fmt: skip
    return found


def _working_days_before(day: date, count: int) -> date:
    calendar = working_calendar()
    while count:
        day -= timedelta(days=1)
        count -= calendar.is_working(day)
    return day


async def spread(cases: Sequence[PlannedCase], seconds: float) -> AsyncIterator[Sequence[PlannedCase]]:
    """The cases in equal portions over a time; late portions follow at once."""
    loop = asyncio.get_running_loop()
    begun, ticks = loop.time(), max(1, round(seconds / TICK))
    for tick in range(ticks):
        part = cases[tick * len(cases) // ticks : (tick + 1) * len(cases) // ticks]
        await asyncio.sleep(max(0.0, begun + tick * TICK - loop.time()))
        if part:
            yield part


class NotTaken(Exception):
    """Reported steps were refused, which never happens to a step that is well formed."""


@dataclass(slots=True)
class BulkSystem:
    """Reports over HTTP, some cases at a time; one portion is sent a second time."""

    desk: Desk
    token: str
    clock: Clock
    reported: int = 0
    already_there: int = 0

    async def run(self, cases: Sequence[PlannedCase], seconds: float) -> None:
        repeated = False
        async for part in spread(cases, seconds):
            now = self.clock.now()
            steps = [step for case in part for step in steps_of(case, BULK_SOURCE, now)]
            await self._report(steps)
            if not repeated and len(part) > 1:
                repeated = True
                await self._report(steps)

    async def _report(self, steps: list[dict[str, Any]]) -> None:
        headers = {"authorization": f"Bearer {self.token}"}
        answer = await self.desk.post("/v1/reports", headers, orjson.dumps(steps))
        tally = answer.told()
        if not answer.good or tally["refused"]:
            raise NotTaken(f"{answer.status}: {answer.body[:1000].decode()}")
        self.reported += tally["recorded"]
        self.already_there += tally["already_there"]


@dataclass(slots=True)
class TopicSystem:
    """Reports over Kafka, keyed by case so that the steps keep their order; every now and then one goes twice."""

    connection: Connection
    clock: Clock
    sent: int = 0
    repeated: int = 0

    async def run(self, cases: Sequence[PlannedCase], seconds: float) -> None:
        producer = await asyncio.to_thread(Producer, self.connection, client_id=TOPIC_SOURCE)
        try:
            async for part in spread(cases, seconds):
                now = self.clock.now()
                for case in part:
                    for step in steps_of(case, TOPIC_SOURCE, now):
                        await self._send(producer, step)
            await producer.aflush()
        finally:
            await asyncio.to_thread(producer.abandon)

    async def _send(self, producer: Producer, step: dict[str, Any]) -> None:
        headers = envelope("case.report_step", step["source_event_id"], TOPIC_SOURCE)
        record = Channel.INTAKE.topic(), step["case_no"].encode(), orjson.dumps(step), headers
        await producer.asend(*record)
        self.sent += 1
        if self.sent % REPEATED_EVERY == 0:
            await producer.asend(*record)
            self.repeated += 1
