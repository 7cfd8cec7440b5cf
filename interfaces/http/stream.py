"""Event stream (事实流): facts as they are committed, over server-sent events, resumed by position.

One tail per process reads the store for everybody; a listener that falls behind its window reads the store by
itself. Nothing is pushed into queues: a slow client is read for as slowly as it reads, and is cut off when it
does not read at all."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection
from itertools import takewhile
from typing import Annotated, Any

import anyio
import orjson
from fastapi import APIRouter, Header, Query, Request
from sse_starlette import EventSourceResponse, ServerSentEvent

from domain.kernel.channel import Channel
from domain.kernel.event import EVENTS, Event, addressees
from domain.kernel.people import Role
from domain.kernel.words import Term
from interfaces.http import metrics
from interfaces.http.access import EVERYTHING, Asking, Caller, doors_of
from interfaces.http.doors import Doors, Happened, Happenings

WINDOW = 10_000
"""Facts kept for listeners that are nearly up to date; older positions are read from the store."""
PAGE = 500
HEARTBEAT = 15.0
WAIT = 5.0
UNREAD = 60.0
"""Seconds after which a client that does not read is cut off; it resumes where it was."""
GRACE = 2.0

Sees = Callable[[Event], bool]


class Tail:
    """The newest facts, read once for all listeners of this process."""

    def __init__(self, doors: Doors, window: int = WINDOW) -> None:
        self._doors = doors
        self._facts: deque[Happened] = deque(maxlen=window)
        self._window = window
        self._start = self._end = -1
        self._more = asyncio.Event()
        self._reading: asyncio.Task[None] | None = None
        self._beginning = asyncio.Lock()
        self._listeners = 0

    async def __aenter__(self) -> Tail:
        async with self._beginning:
            if self._reading is None or self._reading.done():
                self._facts.clear()
                self._start = self._end = await self._doors.head()
                self._reading = asyncio.create_task(self._read())
            self._listeners += 1
        metrics.LISTENERS.inc()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listeners -= 1
        metrics.LISTENERS.dec()
        if not self._listeners and self._reading is not None:
            reading, self._reading = self._reading, None
            reading.cancel()

    async def after(self, position: int, topics: Collection[str] | None) -> Happenings:
        """The next page after a position, from the window where it reaches back so far.

        Raises what made reading the store impossible: the stream then breaks visibly and is resumed."""
        if self._reading is not None and self._reading.done():
            self._reading.result()
        if position < self._start or self._start < 0:
            return await self._doors.events_after(position, PAGE, None if topics is None else sorted(topics))
        # From the newest backwards: listeners are nearly always at the end of the window.
        newer = list(takewhile(lambda happened: happened.position > position, reversed(self._facts)))
        page = newer[: -PAGE - 1 : -1]
        end = page[-1].position if len(page) == PAGE else max(self._end, position)
        return Happenings([h for h in page if topics is None or type(h.fact).TOPIC in topics], end)

    async def wait(self, position: int, timeout: float) -> None:
        """Until something was committed beyond the position, or the time is over."""
        more = self._more
        if self._end > position:
            return
        with anyio.move_on_after(timeout):
            await more.wait()

    async def _read(self) -> None:
        while True:
            try:
                page = await self._doors.events_after(self._end, PAGE)
                if page.facts:
                    dropped = len(self._facts) + len(page.facts) - self._window
                    if dropped > 0:
                        self._start = self._facts[dropped - 1].position
                    self._facts.extend(page.facts)
                    self._end = page.end
                    self._more.set()
                    self._more = asyncio.Event()
                else:
                    self._end = max(self._end, page.end)
                    await self._doors.wait_for_new(self._end, WAIT)
            except self._doors.outages:
                await asyncio.sleep(1.0)  # listeners keep their heartbeat; the store is asked again


def routes() -> APIRouter:
    router = APIRouter()
    router.add_api_route(
        "/v1/events", listen, methods=["GET"], name="listen", operation_id="listen", tags=["events"],
        summary="订阅事实流 Listen to facts", response_class=EventSourceResponse, response_model=None,
        description="服务器推送事件;断线后凭 Last-Event-ID 或 after 续传,不漏不重。"
        "监管部门只看到发给本部门的事实,审计和纪检看到全部。"
        "Server-sent events, resumed without loss or doubling by Last-Event-ID or `after`. A regulator sees what is "
        "addressed to it, auditors and discipline inspectors see everything.",
        responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
    )  # fmt: skip
    return router


async def listen(
    request: Request,
    caller: Asking,
    after: Annotated[int | None, Query(ge=0, le=2**62, description="position to begin after")] = None,
    type: Annotated[
        list[str] | None, Query(max_length=50, description="stored names of facts, e.g. push.dispatched")
    ] = None,
    last_event_id: Annotated[str | None, Header(pattern=r"^\d{1,18}$", description="as the browser sends it")] = None,
) -> EventSourceResponse:
    """The caller's facts, from a position on; without one, what is committed from now on."""
    caller.may(Term("事实流", "the event stream"), Role.REGULATOR, *EVERYTHING)
    doors = doors_of(request)
    position = int(last_event_id) if last_event_id else after
    if position is None:
        position = await doors.head()
    listener = Listener(caller, position, visible_topics(caller, type))
    closing = anyio.Event()
    return EventSourceResponse(
        listener.told(request.app.state.tail, doors, closing), ping=HEARTBEAT, send_timeout=UNREAD, sep="\n",
        ping_message_factory=listener.heartbeat, shutdown_event=closing, shutdown_grace_period=GRACE,
    )  # fmt: skip


def visible_topics(caller: Caller, wanted: Collection[str] | None) -> frozenset[str] | None:
    """The stored names that could be meant for this caller; none for all of them."""
    if caller.reads_everything():
        return frozenset(wanted) if wanted else None
    published = {topic for topic, cls in EVENTS.items() if cls.CHANNEL is not Channel.PRIVATE}
    return frozenset(published & set(wanted) if wanted else published)


class Listener:
    """One open stream: what it may see, and up to where everything was sent."""

    def __init__(self, caller: Caller, position: int, topics: frozenset[str] | None) -> None:
        self.caller = caller
        self.position = position
        self.topics = topics

    def sees(self, fact: Event) -> bool:
        if not type(fact).readable_by(self.caller.role):
            return False
        return self.caller.reads_everything() or self.caller.organ in addressees(type(fact), fact.__dict__)

    def heartbeat(self) -> ServerSentEvent:
        """A comment that also moves the client's Last-Event-ID over what was looked through and is not its own."""
        return ServerSentEvent(comment="heartbeat", id=str(self.position), sep="\n")

    async def told(self, tail: Tail, doors: Doors, closing: anyio.Event) -> AsyncIterator[ServerSentEvent]:
        yield ServerSentEvent(comment="open", id=str(self.position), retry=3000, sep="\n")
        async with tail:
            while not closing.is_set():
                # Asked again with each round, so that a revoked token does not listen for ever.
                if await doors.authenticate(self.caller.token) is None:
                    return
                page = await tail.after(self.position, self.topics)
                for happened in page.facts:
                    if self.sees(happened.fact):
                        yield ServerSentEvent(
                            data=orjson.dumps(self.message(happened)).decode(), event=type(happened.fact).TOPIC,
                            id=str(happened.position), sep="\n",
                        )  # fmt: skip
                        metrics.SENT.inc()
                    # Moved only after the client took the fact: a heartbeat must not name it before.
                    self.position = happened.position
                self.position = max(self.position, page.end)
                if not page.facts:
                    async with anyio.create_task_group() as either:
                        either.start_soon(_then_cancel, closing.wait, either.cancel_scope)
                        await tail.wait(self.position, WAIT)
                        either.cancel_scope.cancel()

    def message(self, happened: Happened) -> dict[str, Any]:
        return {"position": happened.position, **self.caller.told(happened.fact)}


async def _then_cancel(wait: Callable[[], Any], scope: anyio.CancelScope) -> None:
    await wait()
    scope.cancel()
