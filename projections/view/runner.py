"""Runner: folds what was recorded into every projection, in batches, exactly once each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from psycopg import Connection

from projections.view.projection import Projection
from projections.view.reader import Decode


@dataclass(slots=True)
class Status:
    """How a projection stands: ``state`` is running, waiting, stopped, failed or outdated; ``lag`` counts places."""

    name: str
    version: int
    position: int
    lag: int
    state: str
    error: str


Progress = Callable[[str, int, int], None]
"""Told while rebuilding: projection, position, head."""


def create_tables(owner: Connection[Any], projections: Iterable[type[Projection]], app_role: str) -> list[str]:
    """Make the tables that do not exist yet, in a schema of their own that belongs to the application's role.

    Run by the owner, after the migrations; returns the names of the projections whose tables it made."""
    raise NotImplementedError


class ProjectionRunner:
    """Folds projections; give it a connection string, the projections, and how a stored row becomes a fact."""

    def __init__(self, dsn: str, projections: Iterable[type[Projection]], decode: Decode, *, batch: int = 5000) -> None:
        raise NotImplementedError

    def run(self, stop: threading.Event) -> None:
        """Fold until ``stop`` is set; survives a lost database."""

    def run_once(self) -> int:
        """Fold everything recorded so far; returns how many events were folded."""
        raise NotImplementedError

    def status(self) -> list[Status]:
        raise NotImplementedError

    def rebuild(self, name: str, progress: Progress | None = None, *, dry_run: bool = False) -> int:
        """Fold a projection anew beside the live one and swap it in; returns how many events were folded.

        ``dry_run`` compares the rebuilt rows with the live ones and throws them away. Raises UnknownProjection."""
        raise NotImplementedError
