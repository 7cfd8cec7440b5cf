"""Orders and answers (办件请求与回执): what a door hands in, and what it is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson

from domain.kernel.command import Command
from domain.kernel.people import Actor
from domain.kernel.refusal import Refusal, RequestReused
from domain.store import StoredRequest


@dataclass(frozen=True, slots=True)
class Order:
    """One command with who asks, when, and under which request id."""

    command: Command
    by: Actor
    at: datetime
    request: str | None = None
    if_match: int | None = None
    cause_id: str = ""
    correlation_id: str = ""
    why_not: Refusal | None = field(default=None, repr=False, compare=False)
    """Why it may not even be decided, where that is known beforehand."""
    stream: UUID = field(init=False, repr=False, compare=False)
    """Derived once: several steps ask for it, and commands that open a stream must hash for it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "stream", self.command.stream)

    @property
    def fingerprint(self) -> str:
        """Digest of what is asked and by whom; the same request id with another one is refused."""
        asked = f"{self.command.NAME}|{self.by.organ}|{self.command.model_dump_json()}"
        return sha256(asked.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was done: the stream, its version, the new facts, and the position to wait for in reads."""

    stream: UUID
    version: int
    events: tuple[str, ...]
    position: int
    repeated: bool = False


Answer = Receipt | Refusal
Instead = Callable[[Order, Refusal], Order | None]
"""Which order is carried out in place of a refused one, if any."""


def as_stored(order: Order, request: str, version: int, events: Sequence[str]) -> StoredRequest:
    """What is kept of a request, so that it can be answered the same way when it is sent again."""
    result = orjson.dumps({"stream": str(order.stream), "version": version, "events": events})
    return StoredRequest(request, order.fingerprint, result)


def stored_answer(order: Order, stored: StoredRequest) -> Answer:
    """The answer that was given when the request came before; RequestReused where something else was asked by it."""
    if stored.fingerprint != order.fingerprint:
        return RequestReused(request=order.request)
    result: dict[str, Any] = orjson.loads(stored.result)
    return Receipt(UUID(result["stream"]), result["version"], tuple(result["events"]), stored.position, repeated=True)
