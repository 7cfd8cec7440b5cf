"""事实流: over a real socket, every fact once and in order, however often the line breaks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import anyio
import httpx
import orjson
import pytest
import uvicorn
from httpx import AsyncClient
from town import City, Composition, problem

from domain.kernel.identity import stream_id
from domain.kernel.people import Actor, Role
from domain.kernel.words import Body, Change, Subject, SubjectKind
from domain.push import AcknowledgePush, DispatchPush, PushContent
from infra import tokens
from interfaces.http import stream
from interfaces.http.access import Caller
from interfaces.http.app import create_app
from interfaces.http.doors import Bearer

MARKET = Body(code="LC-SCJG", name="市场监管局")
FIRE = Body(code="LC-XFJY", name="消防救援支队")
ENOUGH = 20.0
"""Seconds after which a test says that something hangs; never a measure of speed."""


@pytest.fixture
async def served(platform: Composition) -> AsyncIterator[tuple[str, uvicorn.Server]]:
    config = uvicorn.Config(create_app(platform), port=0, log_config=None, timeout_graceful_shutdown=10)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}", server
    server.should_exit = True
    await asyncio.wait_for(serving, ENOUGH)


@pytest.fixture
async def town(platform: Composition, served: tuple[str, uvicorn.Server]) -> AsyncIterator[City]:
    async with httpx.AsyncClient(base_url=served[0], timeout=ENOUGH) as client:
        yield City(platform, client)


@dataclass
class Heard:
    """What came over one stream."""

    events: list[dict[str, Any]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    last_id: str = ""

    @property
    def positions(self) -> list[int]:
        return [event["position"] for event in self.events]


@asynccontextmanager
async def listening(client: AsyncClient, token: str, **query: Any) -> AsyncIterator[tuple[Heard, AsyncIterator[None]]]:
    """A stream that is read line by line; the iterator yields after each event or comment block."""
    headers = {"Authorization": f"Bearer {token}"}
    if "last_event_id" in query:
        headers["Last-Event-ID"] = query.pop("last_event_id")
    async with client.stream("GET", "/v1/events", params=query, headers=headers) as answer:
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")
        heard = Heard()

        async def blocks() -> AsyncIterator[None]:
            async for line in answer.aiter_lines():
                name, _, value = line.partition(": ")
                if name == "data":
                    heard.events.append(orjson.loads(value))
                elif name == "id":
                    heard.last_id = value
                elif not name and value:
                    heard.comments.append(value)
                elif not line:
                    yield

        yield heard, blocks()


async def until_heard(heard: Heard, blocks: AsyncIterator[None], count: int) -> None:
    async with asyncio.timeout(ENOUGH):
        while len(heard.events) < count:
            await anext(blocks)


async def to_the_end(blocks: AsyncIterator[None]) -> None:
    """Raises a protocol error when the answer breaks off instead of ending."""
    async for _ in blocks:
        pass


async def push(city: City, number: int, regulator: Body = MARKET) -> Any:
    content = PushContent(
        change=Change.GRANT, case_no=f"LC{number:04}", item="370000-LC-0001", item_name="食品经营许可",
        subject=Subject(kind=SubjectKind.NATURAL, identifier=f"person-{number}", name="王小明"),
        decided_on=date(2026, 3, 2), decided_by="decider-1",
    )  # fmt: skip
    return await city.do(DispatchPush(
        case_id=stream_id("case", 2026, "test", number), decision_id=f"decision-{number}", regulator=regulator,
        named_by="item version", content=content,
    ))  # fmt: skip


async def test_a_regulator_hears_what_is_addressed_to_it_and_nothing_else(town: City) -> None:
    regulator = town.someone("LC-SCJG", Role.REGULATOR, "zhang")
    async with listening(town.client, regulator.token) as (heard, blocks):
        await anext(blocks)
        first = await push(town, 1)
        await push(town, 2, FIRE)
        await town.do(AcknowledgePush(push_id=first.stream), Actor(id="zhang", organ="LC-SCJG", role=Role.REGULATOR))
        third = await push(town, 3)
        await until_heard(heard, blocks, 2)
    assert heard.positions == [first.position, third.position]
    assert [e["type"] for e in heard.events] == ["push.dispatched"] * 2
    told = heard.events[0]
    assert told["id"] == f"{first.stream}:1"
    assert "食品经营许可" in told["zh"]
    assert told["en"]
    assert told["fact"]["content"]["case_no"] == "LC0001"


async def test_a_stream_that_broke_goes_on_where_it_was_without_loss_or_doubling(town: City) -> None:
    regulator = town.someone("LC-SCJG", Role.REGULATOR, "zhang")
    sent = [(await push(town, n)).position for n in range(40)]
    got: list[int] = []
    last = None
    for count in (1, 7, 13):
        query = {"after": 0} if last is None else {"last_event_id": last}
        async with listening(town.client, regulator.token, **query) as (heard, blocks):
            await until_heard(heard, blocks, count)
        # A client counts what it took; the server may have sent more before it saw the line break.
        got += heard.positions[:count]
        last = str(heard.positions[count - 1])
    sent += [(await push(town, n)).position for n in range(40, 50)]
    async with listening(town.client, regulator.token, last_event_id=last) as (heard, blocks):
        await until_heard(heard, blocks, len(sent) - len(got))
    assert got + heard.positions == sent


async def test_a_listener_far_behind_reads_the_store_and_then_joins_the_others(
    town: City, monkeypatch: pytest.MonkeyPatch, platform: Composition
) -> None:
    regulator = town.someone("LC-SCJG", Role.REGULATOR, "zhang")
    monkeypatch.setattr(stream, "PAGE", 10)
    sent = [(await push(town, n)).position for n in range(25)]
    async with listening(town.client, regulator.token, after=0) as (heard, blocks):
        await until_heard(heard, blocks, 25)
        sent += [(await push(town, n)).position for n in range(25, 60)]
        await until_heard(heard, blocks, 60)
    assert heard.positions == sent


async def test_a_listener_behind_the_window_gets_from_the_store_what_the_window_lost(
    platform: Composition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "PAGE", 4)
    async with httpx.AsyncClient() as client, stream.Tail(platform, window=10) as tail:
        city = City(platform, client)
        sent = [(await push(city, n)).position for n in range(30)]
        async with asyncio.timeout(ENOUGH):
            while not (await tail.after(sent[-2], None)).facts:
                await asyncio.sleep(0.01)
        for begins in range(0, 30, 3):
            got, position = [], sent[begins]
            while position < sent[-1]:
                page = await tail.after(position, None)
                got += [happened.position for happened in page.facts]
                assert page.end > position, "a page that does not advance would be read for ever"
                position = page.end
            assert got == sent[begins + 1 :]


async def test_a_heartbeat_carries_the_listener_over_facts_of_others(
    town: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT", 0.05)
    regulator = town.someone("LC-SCJG", Role.REGULATOR, "zhang")
    async with listening(town.client, regulator.token, after=0) as (heard, blocks):
        other = await push(town, 1, FIRE)
        async with asyncio.timeout(ENOUGH):
            while heard.last_id != str(other.position):
                await anext(blocks)
    assert heard.events == []
    assert "heartbeat" in heard.comments


async def test_an_auditor_hears_everything_with_persons_masked(town: City) -> None:
    auditor = town.someone("LC-SJJ", Role.AUDITOR, "auditor-1")
    first = await push(town, 1)
    await town.do(AcknowledgePush(push_id=first.stream), Actor(id="zhang", organ="LC-SCJG", role=Role.REGULATOR))
    async with listening(town.client, auditor.token, after=0) as (heard, blocks):
        await until_heard(heard, blocks, 2)
    assert [e["type"] for e in heard.events] == ["push.dispatched", "push.acknowledged"]
    assert heard.events[0]["fact"]["content"]["subject"]["name"] == "王**"
    assert heard.events[1]["actor"]["id"] == "***"
    assert "zhang" not in str(heard.events)


async def test_only_the_kinds_asked_for_are_sent(town: City) -> None:
    auditor = town.someone("LC-SJJ", Role.AUDITOR, "auditor-1")
    first = await push(town, 1)
    done = await town.do(AcknowledgePush(push_id=first.stream), Actor(id="z", organ="LC-SCJG", role=Role.REGULATOR))
    async with listening(town.client, auditor.token, after=0, type="push.acknowledged") as (heard, blocks):
        await until_heard(heard, blocks, 1)
    assert heard.positions == [done.position]


async def test_many_listeners_cost_the_store_one_reader(town: City, platform: Composition) -> None:
    regulator = town.someone("LC-SCJG", Role.REGULATOR, "zhang")
    streams = [listening(town.client, regulator.token) for _ in range(8)]
    opened = [await one.__aenter__() for one in streams]
    for _, blocks in opened:
        await anext(blocks)
    before = platform.lookups
    sent = [(await push(town, n)).position for n in range(5)]
    for heard, blocks in opened:
        await until_heard(heard, blocks, 5)
        assert heard.positions == sent
    # One reader finds the five in at most five looks, and looks in vain a few times; eight readers need forty.
    assert platform.lookups - before <= 16
    for one in streams:
        await one.__aexit__(None, None, None)


async def test_a_stopping_server_ends_its_streams_whole(town: City, served: tuple[str, uvicorn.Server]) -> None:
    regulator = town.someone("LC-SCJG", Role.REGULATOR, "zhang")
    async with listening(town.client, regulator.token) as (_, blocks):
        await anext(blocks)
        served[1].should_exit = True
        async with asyncio.timeout(ENOUGH):
            await to_the_end(blocks)


async def test_a_revoked_token_stops_hearing(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "WAIT", 0.05)
    monkeypatch.setattr(tokens, "REMEMBERED", 0.0)
    regulator = town.someone("LC-SCJG", Role.REGULATOR, "zhang")
    async with listening(town.client, regulator.token) as (heard, blocks):
        await anext(blocks)
        town.platform.tokens.revoke(tokens.hashed(regulator.token).hex())
        await asyncio.sleep(0.2)
        await push(town, 1)
        async with asyncio.timeout(ENOUGH):
            await to_the_end(blocks)
    assert heard.events == []


async def test_only_regulators_and_inspectors_may_listen(town: City) -> None:
    acceptor = town.someone("LC-SPJ", Role.ACCEPTOR, "window-1")
    problem(await acceptor.get("/v1/events"), 403, "NotForThisRole")
    regulator = town.someone("LC-SCJG", Role.REGULATOR, "zhang")
    problem(await regulator.get("/v1/events", after="x"), 422, "ContentMalformed")
    problem(await regulator.get("/v1/events", headers={"Last-Event-ID": "x"}), 422, "ContentMalformed")


async def test_a_heartbeat_never_names_a_fact_that_was_not_taken_yet(
    platform: Composition, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = City(platform, httpx.AsyncClient())
    await push(city, 1)
    page = await platform.events_after(0, 10)
    bearer = Bearer("LC-SCJG", Role.REGULATOR, "zhang")
    caller = Caller(bearer, bearer.acting(), "token", "zh")
    listener = stream.Listener(caller, 0, stream.visible_topics(caller, None))

    class OnePage:
        async def __aenter__(self) -> OnePage:
            return self

        async def __aexit__(self, *_: object) -> None: ...

        async def after(self, position: int, topics: object) -> Any:
            return page

    async def known(token: str) -> Bearer:
        return bearer

    monkeypatch.setattr(platform, "authenticate", known)
    told = listener.told(OnePage(), platform, anyio.Event())  # type: ignore[arg-type]
    await anext(told)
    fact = await anext(told)
    assert fact.id == str(page.facts[0].position)
    assert listener.heartbeat().id == "0", "the fact is on its way, not yet taken"
    await told.aclose()  # type: ignore[attr-defined]
    await city.client.aclose()
