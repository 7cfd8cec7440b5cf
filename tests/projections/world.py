"""World: what the specifications of projections begin with.

world.do(command, by=…, at=…)     decides by the real aggregate and records what it decided
world.record(fact, stream=…)      records a fact as it is
world.folded()                    folds, twice: the second time must change nothing
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import psycopg

from domain.approval_case import ApprovalCase
from domain.kernel.aggregate import AGGREGATE_OF, Aggregate, Given, Look
from domain.kernel.command import Command
from domain.kernel.documents import Document
from domain.kernel.event import Event
from domain.kernel.licensing import CaseSeen, LicenseSeen
from domain.kernel.people import Actor
from domain.kernel.time import Precision
from domain.kernel.words import ItemTerms
from domain.license import License
from domain.service_item import UnknownItem
from infra.event_store.mapper import decode, stored
from infra.event_store.recorder import EventRecorder
from projections import PROJECTIONS
from projections.view import Projection, ProjectionRunner, Reader
from tests.specification import MONDAY, PLATFORM


@dataclass
class World(Look):
    url: str
    recorder: EventRecorder
    terms: dict[str, ItemTerms] = field(default_factory=dict)
    streams: dict[UUID, Aggregate] = field(default_factory=dict)
    versions: dict[UUID, int] = field(default_factory=dict)
    positions: list[int] = field(default_factory=list)

    def __enter__(self) -> World:
        self.read = Reader(self.url, decode)
        return self

    def __exit__(self, *_: object) -> None:
        self.read.close()

    def item(self, item: str, on: date) -> ItemTerms:
        if item not in self.terms:
            raise UnknownItem(item=item, on=on)
        return self.terms[item]

    def documents(self, case_id: UUID) -> Sequence[Document]:
        case = self.streams.get(case_id)
        return case.documents if isinstance(case, ApprovalCase) else ()

    def case(self, case_id: UUID) -> CaseSeen | None:
        case = self.streams.get(case_id)
        return case.seen() if isinstance(case, ApprovalCase) else None

    def license(self, license_id: UUID) -> LicenseSeen | None:
        license = self.streams.get(license_id)
        return license.seen() if isinstance(license, License) else None

    def offer(self, terms: ItemTerms) -> ItemTerms:
        self.terms[terms.item] = terms
        return terms

    def do(self, command: Command, *, by: Actor, at: datetime = MONDAY) -> list[Event]:
        aggregate = self.streams.get(command.stream) or AGGREGATE_OF[type(command)](command.stream)
        facts = aggregate.decide(command, Given(by=by, at=at, look=self))
        self.streams[aggregate.id] = aggregate
        self.versions[aggregate.id] = aggregate.version
        return self._store(facts)

    def record(
        self,
        *facts: Event,
        stream: UUID,
        by: Actor = PLATFORM,
        at: datetime = MONDAY,
        recorded_at: datetime | None = None,
        precision: Precision = Precision.INSTANT,
    ) -> list[Event]:
        told = []
        for fact in facts:
            version = self.versions[stream] = self.versions.get(stream, 0) + 1
            told.append(
                fact.model_copy().stamped(
                    originator_id=stream, originator_version=version, occurred_at=at, recorded_at=recorded_at or at,
                    actor=by, precision=precision,
                )
            )  # fmt: skip
        return self._store(told)

    def _store(self, facts: list[Event]) -> list[Event]:
        self.positions += self.recorder.insert_events([stored(fact) for fact in facts])
        return facts

    def runner(self, projections: Iterable[type[Projection]] = PROJECTIONS, *, batch: int = 5000) -> ProjectionRunner:
        return ProjectionRunner(self.url, projections, decode, batch=batch)

    def folded(self, *projections: type[Projection], batch: int = 5000) -> World:
        """Fold what was recorded. Running again and folding anew both give the same rows."""
        chosen = projections or PROJECTIONS
        runner = self.runner(chosen, batch=batch)
        runner.run_once()
        failed = [s for s in runner.status() if s.error]
        assert not failed, failed
        before = self.rows_of(chosen)
        assert self.runner(chosen).run_once() == 0
        assert self.rows_of(chosen) == before
        for projection in chosen:
            assert runner.compare(projection.NAME)["differing"] == 0, f"{projection.NAME} rebuilt differs"
        return self

    def rows_of(self, projections: Iterable[type[Projection]]) -> dict[str, list[Any]]:
        with psycopg.connect(self.url) as connection:
            return {
                name: sorted(connection.execute(f"SELECT t::text FROM projections.{name} AS t").fetchall())
                for projection in projections
                for name in projection.tables
            }
