"""What the commands of one shell share: settings, engines, the platform for the length of a command."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TypeVar

from domain.rules.dates import business_date
from infra.embedded.engines import KafkaChoice
from infra.rules import answer_by_entered_rules
from infra.settings import Settings
from infra.wiring import Place, Platform, clock_of, engines_of, platform_at, prepare, reader_at
from projections.view import Reader

T = TypeVar("T")


def settings() -> Settings:
    chosen = Settings()
    answer_by_entered_rules(chosen)
    return chosen


def today() -> date:
    """The business date of the clock that this shell goes by."""
    return business_date(clock_of(settings()).now())


@contextmanager
def engines(kafka: KafkaChoice = "none", *, prepared: bool = True) -> Iterator[tuple[Settings, Place]]:
    """The engines that run, or our own for as long as the command lasts; the database brought up to date."""
    chosen = settings()
    with engines_of(chosen, kafka) as place:
        if prepared:
            prepare(place, chosen)
        yield chosen, place


@contextmanager
def reading() -> Iterator[Reader]:
    """The read side, for commands that only look."""
    with engines() as (_, place), reader_at(place) as reader:
        yield reader


def with_platform(work: Callable[[Platform], Awaitable[T]], kafka: KafkaChoice = "none") -> T:
    """Do some work on the whole platform inside this process."""

    async def opened(place: Place, chosen: Settings) -> T:
        async with platform_at(place, chosen) as platform:
            return await work(platform)

    with engines(kafka) as (chosen, place):
        return asyncio.run(opened(place, chosen))


def until_told_to_stop() -> threading.Event:
    """An event that is set by Ctrl-C or a polite kill."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


def stop_of_loop(stop: threading.Event) -> asyncio.Event:
    """The same event inside a running loop."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()

    def wait() -> None:
        stop.wait()
        loop.call_soon_threadsafe(told.set)

    threading.Thread(target=wait, daemon=True, name="stop").start()
    return told
