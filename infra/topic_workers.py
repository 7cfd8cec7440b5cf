"""Relay and intake of one process (推送转发、回推接收), put together from store, turn and broker."""

from __future__ import annotations

import asyncio
import threading

from infra.doors import OUTAGES
from infra.settings import Settings
from infra.topics import IntakePositions, KafkaBroker, RelayTurn, StoreLog
from infra.wiring import Place, Platform
from interfaces.topics.envelope import Envelopes
from interfaces.topics.intake import Intake
from interfaces.topics.publisher import Relay


def relay_at(place: Place, settings: Settings) -> Relay:
    """The relay; a second one of the same store waits for its turn."""
    log = StoreLog(place.app_url)
    return Relay(log, RelayTurn(place.app_url), KafkaBroker(place.kafka(settings)), Envelopes())


def run_relay(place: Place, settings: Settings, stop: threading.Event) -> None:
    relay_at(place, settings).run(stop)


def intake_of(platform: Platform) -> Intake:
    broker = KafkaBroker(platform.place.kafka(platform.settings))
    positions = IntakePositions(platform.place.app_url)
    return Intake(platform.app, broker, positions, platform.now, trouble=OUTAGES)


async def run_intake(platform: Platform, stop: asyncio.Event) -> None:
    await intake_of(platform).run(stop)
