"""The people and the parts of the HTTP tests: a real application on a real store, asked through HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
from eventsourcing.persistence import InterfaceError, OperationalError
from psycopg_pool import ConnectionPool

from domain.application import ApprovalSupervision, Order, Receipt
from domain.kernel.command import Command
from domain.kernel.event import Event
from domain.kernel.people import Actor, Role, the_platform
from infra.event_store.factory import environment
from infra.event_store.group_commit import GroupCommit
from infra.event_store.mapper import decode
from infra.event_store.migrate import pending
from infra.event_store.recorder import EventRecorder
from infra.postgres import connections
from infra.tokens import AccessTokens
from interfaces.http.doors import Bearer, Happened, Happenings, Readiness
from projections import PROJECTIONS
from projections.view import ProjectionRunner, Reader

MARCH = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""A Monday in Shanghai."""


@dataclass
class SettableClock:
    at: datetime = MARCH

    def now(self) -> datetime:
        return self.at


class Composition:
    """The parts that the HTTP service needs, put together on one database."""

    outages: tuple[type[BaseException], ...] = (psycopg.OperationalError, OperationalError, InterfaceError)

    def __init__(self, url: str) -> None:
        self.url = url
        self.clock = SettableClock()
        self.app = ApprovalSupervision(environment(url, most=4))
        assert isinstance(self.app.recorder, EventRecorder)
        self.recorder = self.app.recorder
        self.app.commits = self.commits = GroupCommit(self.recorder)
        self.pool: ConnectionPool[Any] = connections(url, most=4)
        self.tokens = AccessTokens(self.pool, self.clock.now)
        self.read = Reader(self.pool, decode)
        self.runner = ProjectionRunner(url, PROJECTIONS, decode)
        self.lookups = 0

    def now(self) -> datetime:
        return self.clock.now()

    async def authenticate(self, token: str) -> Bearer | None:
        return await self.tokens.look_up(token)

    async def head(self) -> int:
        return await asyncio.to_thread(self.recorder.head)

    async def events_after(self, position: int, limit: int, topics: Sequence[str] | None = None) -> Happenings:
        self.lookups += 1
        page = await asyncio.to_thread(self.recorder.read, position, limit, topics)
        facts = [Happened(e.id, decode(e.topic, e.state, e.originator_id, e.originator_version)) for e in page.entries]
        return Happenings(facts, page.end)

    async def wait_for_new(self, position: int, timeout: float) -> None:
        for _ in range(int(timeout / 0.02)):
            if await self.head() > position:
                return
            await asyncio.sleep(0.02)

    async def facts_of(self, stream: UUID) -> Sequence[Event]:
        stored = (await self.commits.load([stream])).get(stream, [])
        return [decode(s.topic, s.state, stream, s.originator_version) for s in stored]

    async def readiness(self) -> Readiness:
        return Readiness(pending_migrations=pending(self.url), years=(2026, 2027), head=await self.head())

    async def project(self) -> None:
        """Let the read side come up to what is recorded."""
        await asyncio.to_thread(self.runner.run_once)

    async def aclose(self) -> None:
        await self.commits.aclose()
        self.app.close()
        self.pool.close()


@dataclass
class Asked:
    """Somebody who asks over HTTP, with a token of their own."""

    client: httpx.AsyncClient
    token: str

    def headers(self, **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", **more}

    async def post(self, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> httpx.Response:
        """A command; without a key it gets one that nobody used before."""
        key = key or f"key-{uuid4()}"
        own = {"Idempotency-Key": key, **{n.replace("_", "-"): v for n, v in headers.items()}}
        return await self.client.post(path, json={} if body is None else body, headers=self.headers(**own))

    async def get(self, path: str, headers: dict[str, str] | None = None, **params: Any) -> httpx.Response:
        return await self.client.get(path, params=params, headers=self.headers(**headers or {}))


@dataclass
class City:
    """The people of the tests: a bureau, two regulators, an auditor, and so on."""

    platform: Composition
    client: httpx.AsyncClient

    def someone(self, organ: str, role: Role, officer: str = "") -> Asked:
        token = self.platform.tokens.issue(organ, role, officer=officer, purpose="test")
        return Asked(self.client, token)

    async def do(self, command: Command, by: Actor | None = None) -> Receipt:
        """A command past the door, as the platform itself gives it."""
        return await self.platform.app.handle(Order(command, by or the_platform("test"), self.platform.now()))


ITEM = "370000-LC-0001"


def item(code: str = ITEM, **more: Any) -> dict[str, Any]:
    return {
        "item": code, "scheme": "other", "name": "食品经营许可", "effective_from": "2026-01-01", "promised_days": 5,
        "regulators": [{"code": "LC-SCJG", "name": "市场监管局"}], "legal_basis": "食品安全法第三十五条", **more,
    }  # fmt: skip


def application(number: str = "LC2026030001", **more: Any) -> dict[str, Any]:
    return {
        "case_no": number, "opened_on": "2026-03-02", "item": ITEM,
        "subject": {"identifier": "91371500MA3C1ABC2D", "name": "聊城某食品有限公司"},
        "site": {"region": "371502", "address": "东昌西路1号"}, **more,
    }  # fmt: skip


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The body of a problem, after checking what every problem must have."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["code"] == code, body
    assert body["status"] == status
    assert body["type"] == f"urn:shuangtui:problem:{code}"
    assert body["request_id"] == answer.headers["x-request-id"]
    assert any("一" <= c <= "鿿" for c in body["detail_zh"])
    assert body["detail_en"].isascii() or any(c.isascii() and c.isalpha() for c in body["detail_en"])
    assert body["next_step"]
    return body
