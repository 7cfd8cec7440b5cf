"""Bench (性能比对): ours against the stock library and the raw limit, in the same run on the same machine.

A benchmark, never a test: nothing passes or fails by it. Variants take turns within each round in changing
order, and the ratio is the median of the ratios inside the rounds, so that a noisy neighbour hits all alike."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from infra.bench.ground import Ground, machine

SUBJECTS = ("append", "command", "project", "replay", "relay", "latency")
"""Each is a module here with ``measure(ground) -> dict``; its docstring says what is counted."""


def run(
    subject: str,
    *,
    database_url: str,
    rounds: int = 5,
    brokers: dict[str, Any] | None = None,
    said: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Measure one subject and return its rows with the facts of the machine.

    ``database_url`` is the owner's URL of a server on which scratch databases may be made; they are dropped
    afterwards. ``brokers`` are the Kafka connections to measure against, by name. ``said`` is told of progress.
    Raises ModuleNotFoundError for an unknown subject."""
    module = import_module(f"infra.bench.{subject}")
    ground = Ground(database_url, rounds, brokers or {}, said)
    how = " ".join((module.__doc__ or "").split())
    return {"subject": subject, "machine": machine(ground), "rounds": rounds, "how": how, **module.measure(ground)}
