"""Ground (场地): scratch databases, the facts of the machine, and fair rounds."""

from __future__ import annotations

import os
import platform
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any
from uuid import uuid4

from psycopg import sql

from infra.event_store.migrate import migrate
from infra.postgres import APP_ROLE, connect, facts_of_server, in_role

Sample = dict[str, float]
"""What one variant did in one round: ``per_second`` and whatever else was counted."""


@dataclass(frozen=True)
class Ground:
    """What a measurement stands on."""

    database_url: str
    rounds: int
    brokers: Mapping[str, Any]
    said: Callable[[str], None]

    @contextmanager
    def store(self) -> Iterator[tuple[str, str]]:
        """A scratch database with our tables: its URL as owner and as application."""
        name = f"bench_{uuid4().hex[:10]}"
        with connect(self.database_url) as server:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            base, _, options = self.database_url.partition("?")
            url = f"{base.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")
            try:
                migrate(url)
                yield url, in_role(url, APP_ROLE)
            finally:
                server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def machine(ground: Ground) -> dict[str, Any]:
    """Where the numbers come from."""
    with connect(ground.database_url) as connection:
        server = facts_of_server(connection)
    return {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "processor": platform.machine(),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
        "postgresql": server,
    }


class Stopwatch:
    """Wall and processor time since it was made."""

    def __init__(self) -> None:
        self._begun, self._cpu = time.perf_counter(), time.process_time()

    def sample(self, count: int, waited: Iterable[float] = ()) -> Sample:
        """What was done meanwhile; ``waited`` are the seconds that each caller waited for its answer."""
        seconds, cpu = time.perf_counter() - self._begun, time.process_time() - self._cpu
        made = {"per_second": count / seconds, "client_cpu_us": cpu / count * 1e6}
        if ordered := sorted(waited):
            made |= {f"p{p}_ms": ordered[len(ordered) * p // 100] * 1e3 for p in (50, 99)}
        return made


def compare(
    ground: Ground, variants: Mapping[str, Callable[[], Sample]], *, base: str, by: str = "per_second"
) -> list[dict[str, Any]]:
    """Run all variants in every round, in changing order; medians, and ``ratio`` to ``base`` in the same round.

    A ratio above 1 is better than the base, also where ``by`` is a cost (a name that ends in ``_us``)."""
    taken: dict[str, list[Sample]] = {name: [] for name in variants}
    for number in range(ground.rounds):
        names = random.sample(list(variants), len(variants))
        for name in names:
            ground.said(f"round {number + 1}/{ground.rounds}: {name}")
            taken[name].append(variants[name]())
    rows = []
    for name, samples in taken.items():
        pairs = zip(samples, taken[base], strict=True)
        ratios = [b[by] / a[by] if by.endswith("_us") else a[by] / b[by] for a, b in pairs]
        keys = samples[0].keys()
        row: dict[str, Any] = {"name": name} | {key: round(median(s[key] for s in samples), 2) for key in keys}
        rows.append(row | {"ratio": round(median(ratios), 2)})
    return rows
