"""Runner: folds what is recorded into every projection, in batches, exactly once each.

One process reads and decodes a batch once for all its projections. Each then folds it in a transaction of its
own, so that one that fails stops alone. A second process waits for its turn, projection by projection."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import psycopg
from psycopg import Connection

from projections.view.errors import ProjectionsNotCreated, UnknownProjection
from projections.view.folding import (
    LOST,
    MovedOn,
    Placed,
    collecting_less,
    commit,
    facts_for,
    forget,
    head_of,
    read_batch,
)
from projections.view.projection import Projection
from projections.view.reader import Decode
from projections.view.rebuilding import Comparison, Progress, Rebuilt, compare, rebuild
from projections.view.tables import TURN, turn_of

BATCH = 5_000
POLL = 0.25
TURN_AGAIN = 1.0
"""Seconds between two tries for the turn of a projection that another process folds."""
LONGEST_PAUSE = 30.0

log = logging.getLogger(__name__)


class Status(NamedTuple):
    """How a projection stands; ``lag`` counts places of the log.

    ``state``: running (a process folds it), stopped (none does), failed (it stopped at a fact, see ``error``),
    outdated (its VERSION was raised: rebuild it)."""

    name: str
    version: int
    position: int
    lag: int
    state: str
    error: str


@dataclass(slots=True)
class _Live:
    """One projection as this process folds it."""

    projection: Projection
    position: int = 0
    mine: bool = False
    outdated: bool = False
    pause: float = 0.0
    again_at: float = 0.0

    @property
    def name(self) -> str:
        return self.projection.NAME


class ProjectionRunner:
    """Folds projections. ``dsn`` logs in as the application's role; ``decode`` makes a fact of a stored row."""

    def __init__(
        self, dsn: str, projections: Iterable[type[Projection]], decode: Decode, *, batch: int = BATCH
    ) -> None:
        self.dsn, self.decode, self.batch = dsn, decode, batch
        self.projections = {p.NAME: p for p in projections}
        self._live = [_Live(p()) for p in self.projections.values()]

    def run(self, stop: threading.Event) -> None:
        """Fold until ``stop`` is set. A lost database is waited for; nothing that happens here ends it."""
        pause = POLL
        while not stop.is_set():
            try:
                with self._session() as session, _Hint(self.dsn) as hint:
                    while not stop.is_set():
                        if not session.round():
                            hint.wait(POLL)
                        pause = POLL
            except (*LOST, ProjectionsNotCreated) as trouble:
                log.warning("投影暂停,%.2f 秒后重试 projections paused, trying again: %s", pause, trouble)
                stop.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    def run_once(self) -> int:
        """Fold everything recorded so far into the projections whose turn can be had; returns how many facts.

        Raises ProjectionsNotCreated, psycopg.OperationalError."""
        folded = 0
        with self._session() as session:
            while (step := session.round()) > 0:
                folded += step
        return folded

    def status(self) -> list[Status]:
        """How every projection stands, in their order. Raises ProjectionsNotCreated."""
        with _connected(self.dsn) as connection:
            head = head_of(connection)
            stored = {row[0]: row[1:] for row in _positions(connection)}
            held = {
                row[0] for row in connection.execute(
                    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = %s"
                    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())", (TURN,),
                )
            }  # fmt: skip
        found = []
        for name, projection in self.projections.items():
            version, position, trouble = stored.get(name, (0, 0, None))
            if version != projection.VERSION:
                state, trouble = "outdated", _outdated(name, version, projection.VERSION)
            elif trouble:
                state = "failed"
            else:
                state = "running" if turn_of(name) % 2**32 in held else "stopped"
            found.append(Status(name, version, position, max(head - position, 0), state, trouble or ""))
        return found

    def outdated(self) -> list[str]:
        """The names of those whose VERSION was raised since their tables were made, in their order: until each is
        rebuilt its readers, policies among them, find the old tables."""
        return [status.name for status in self.status() if status.state == "outdated"]

    def rebuild(self, name: str, progress: Progress | None = None, *, dry_run: bool = False) -> Rebuilt:
        """Fold a projection anew beside the live tables, catch up, and swap them in; readers never fail meanwhile.

        ``progress`` is told position and head. A dry run only says how much there is to fold.
        Raises UnknownProjection, AlreadyRebuilding, SwapRefused, and what a handler raises."""
        with _connected(self.dsn) as connection:
            return rebuild(connection, self._known(name), self.decode, self.batch, progress, dry_run=dry_run)

    def compare(self, name: str, progress: Progress | None = None) -> Comparison:
        """Fold a projection anew up to where it stands, and count the rows that differ. Nothing is swapped.

        Raises UnknownProjection, AlreadyRebuilding."""
        with _connected(self.dsn) as connection:
            return compare(connection, self._known(name), self.decode, self.batch, progress)

    def _known(self, name: str) -> type[Projection]:
        if name not in self.projections:
            raise UnknownProjection(name=name, known=tuple(self.projections))
        return self.projections[name]

    @contextmanager
    def _session(self) -> Iterator[_Session]:
        with _connected(self.dsn) as connection:
            # A commit lost in a crash takes its position with it and is folded again: waiting for the disk for
            # each of ten transactions would only make readers wait.
            connection.execute("SET synchronous_commit = off")
            for live in self._live:
                live.mine = False
                live.again_at = 0.0
            with collecting_less():
                yield _Session(connection, self._live, self.decode, self.batch)


@dataclass(slots=True)
class _Session:
    """One connection: its turns, its rounds."""

    connection: Connection[Any]
    live: list[_Live]
    decode: Decode
    batch: int
    turns_at: float = field(default=0.0)

    def round(self) -> int:
        """One batch for every projection that is behind; returns how many facts were folded or passed over."""
        self._take_turns()
        head, now, moved = head_of(self.connection), time.monotonic(), 0
        cohorts: dict[int, list[_Live]] = {}
        for live in self.live:
            if live.mine and not live.outdated and live.position < head and live.again_at <= now:
                cohorts.setdefault(live.position, []).append(live)
        for after, cohort in sorted(cohorts.items()):
            topics = frozenset[str]().union(*(one.projection.topics for one in cohort))
            batch = read_batch(self.connection, after, head, self.batch, topics, self.decode)
            untouched = []
            for live in cohort:
                facts = facts_for(live.projection, batch, after)
                if facts or live.projection.FOLD_SQL:
                    self._advance(live, facts, batch.upto)
                else:
                    untouched.append(live)
            self._pass_over(untouched, after, batch.upto)
            moved += sum(live.position > after for live in cohort) and max(len(batch.facts), 1)
        return moved

    def _take_turns(self) -> None:
        now = time.monotonic()
        if now < self.turns_at:
            return
        self.turns_at = now + TURN_AGAIN
        waiting = [live for live in self.live if not live.mine]
        outdated = [live for live in self.live if live.mine and live.outdated]
        for live in waiting:
            got = self.connection.execute(
                "SELECT pg_try_advisory_lock(%s, %s)", (TURN, turn_of(live.name))
            ).fetchone()  # fmt: skip
            live.mine = got == (True,)
        self._reload([live for live in waiting if live.mine] + outdated)

    def _reload(self, lives: list[_Live]) -> None:
        if not lives:
            return
        stored = {row[0]: (row[1], row[2]) for row in _positions(self.connection)}
        for live in lives:
            version, position = stored.get(live.name, (0, 0))
            if live.position != position:
                forget(live.projection)
            live.position, live.outdated = position, version != live.projection.VERSION
            if live.outdated:
                log.warning(_outdated(live.name, version, live.projection.VERSION))

    def _advance(self, live: _Live, facts: list[Placed], upto: int) -> bool:
        """Fold what can be folded; stop the projection right before the fact that cannot."""
        reason = self._tried(live, facts, upto)
        if reason is None:
            live.position, live.pause = upto, 0.0
            return True
        if isinstance(reason, MovedOn):
            self._reload([live])
        elif len(facts) <= 1:
            self._stop(live, reason, facts[0][0] if facts else upto)
        else:
            # By halves, because the database names a row, not the fact it came from.
            half = len(facts) // 2
            return self._advance(live, facts[:half], facts[half - 1][0]) and self._advance(live, facts[half:], upto)
        return False

    def _tried(self, live: _Live, facts: list[Placed], upto: int) -> Exception | None:
        try:
            commit(self.connection, live.projection, facts, live.position, upto)
        except LOST as trouble:
            # A limit of the database that one fact exceeds (class 54) comes as an operational error too.
            if self.connection.closed or not (getattr(trouble, "sqlstate", None) or "").startswith("54"):
                raise
            return trouble
        except Exception as reason:  # noqa: BLE001 - one projection's fault stops that projection alone, visibly
            return reason
        return None

    def _stop(self, live: _Live, reason: Exception, place: int) -> None:
        live.pause = min(max(2 * live.pause, 1.0), LONGEST_PAUSE)
        live.again_at = time.monotonic() + live.pause
        told = f"{type(reason).__name__}: {reason}"
        log.error("投影 %s 停在位置 %s projection stopped: %s", live.name, place, told, exc_info=reason)
        self.connection.execute(
            "UPDATE projections.positions SET trouble = %s, trouble_at = %s WHERE name = %s AND position = %s",
            (
                f"停在位置 {place}:{told};修复程序后自动继续,其他投影不受影响。 Stopped at position {place}; it goes"
                " on by itself once the program is mended, the other projections are not affected."[:4000],
                place, live.name, live.position,
            ),
        )  # fmt: skip

    def _pass_over(self, lives: list[_Live], after: int, upto: int) -> None:
        """Move those on that the batch did not concern, together: a reader waits for a position, not for a row."""
        if not lives:
            return
        moved = self.connection.execute(
            "UPDATE projections.positions SET position = %s, trouble = NULL, trouble_at = NULL"
            " FROM unnest(%s::text[], %s::int[]) AS w (name, version)"
            " WHERE positions.name = w.name AND positions.version = w.version AND position = %s RETURNING w.name",
            (upto, [live.name for live in lives], [live.projection.VERSION for live in lives], after),
        ).fetchall()
        done = {row[0] for row in moved}
        for live in lives:
            if live.name in done:
                live.position = upto
        self._reload([live for live in lives if live.name not in done])


class _Hint:
    """LISTEN, as a hint only: the wait is bounded, and a dead session is replaced instead of ending the runner."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.connection: Connection[Any] | None = None

    def __enter__(self) -> _Hint:
        self._listen()
        return self

    def __exit__(self, *_: object) -> None:
        if self.connection is not None:
            self.connection.close()

    def wait(self, timeout: float) -> None:
        """Until something was recorded, or the time is over."""
        if self.connection is None or self.connection.closed:
            self._listen()
        try:
            assert self.connection is not None
            for _ in self.connection.notifies(timeout=timeout, stop_after=1):
                pass
        except LOST as trouble:
            log.warning("LISTEN 连接中断,改为轮询 the LISTEN session died, polling meanwhile: %s", trouble)
            if self.connection is not None:
                self.connection.close()
            time.sleep(timeout)

    def _listen(self) -> None:
        try:
            self.connection = psycopg.connect(self.dsn, autocommit=True, connect_timeout=10)
            self.connection.execute("LISTEN approval_events")
        except LOST as trouble:
            log.warning("无法 LISTEN,改为轮询 cannot LISTEN, polling: %s", trouble)
            self.connection = None
            time.sleep(POLL)


@contextmanager
def _connected(dsn: str) -> Iterator[Connection[Any]]:
    with psycopg.connect(dsn, autocommit=True, connect_timeout=10, application_name="shuangtui projections") as open_:
        try:
            yield open_
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName) as e:
            raise ProjectionsNotCreated from e


def _positions(connection: Connection[Any]) -> list[tuple[str, int, int, str | None]]:
    return connection.execute("SELECT name, version, position, trouble FROM projections.positions").fetchall()


def _outdated(name: str, found: int, wanted: int) -> str:
    return (
        f"投影 {name} 的表为第 {found} 版,程序为第 {wanted} 版;请执行 shuangtui project rebuild {name}。"
        f" The tables of {name} are of version {found}, the program of {wanted}; run shuangtui project rebuild {name}."
    )
