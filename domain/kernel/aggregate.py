"""Aggregate (聚合): decides commands on its own facts, and folds facts into its state.

A method whose argument is annotated with a command decides it and yields facts; a method annotated with a
fact folds it, beside other chapters that fold it too. Nothing else connects them, so a chapter reads top to bottom."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar, get_type_hints
from uuid import UUID

from domain.kernel.bundles import ChainTerms
from domain.kernel.command import Command, creates
from domain.kernel.delegation import Letter
from domain.kernel.documents import Document, DocumentKind, NumberIssued
from domain.kernel.event import Event
from domain.kernel.experts import DrawSeen, ExpertStanding
from domain.kernel.licensing import CaseSeen, LicenseSeen
from domain.kernel.people import Actor
from domain.kernel.refusal import OutOfOrder, RoleMayNot, RulesDoNotAnswer, UnknownStream
from domain.kernel.responsibility import Responsible
from domain.kernel.standing import Standing
from domain.kernel.time import Precision
from domain.kernel.words import ItemTerms, Term, Word
from domain.rules.dates import business_date
from domain.rules.errors import RuleError


class Look:
    """What a decision may look up outside its own stream: small answers, never another aggregate.

    Each method answers here as if nothing were known; the use cases and the tests override what they know of."""

    def item(self, item: str, on: date) -> ItemTerms:
        """Terms of the version in force on a date. Raises the catalogue's refusal when there is none."""
        raise UnknownStream(what=Term("事项", "item"), id=item)

    def responsibility(self, item: str, region: str | None, *, version: int, on: date) -> Responsible | None:
        """Who approves and supervises an item version at a place on a day; none where no table speaks."""
        return None

    def disputes(self, item: str) -> tuple[str, ...]:
        """The disputes about who answers for an item that nobody has decided yet, each in a few words."""
        return ()

    def standing(self, subject: str) -> Standing:
        """Bars on a subject and the last check of its credit, by its identifier; empty when nothing is recorded."""
        return Standing()

    def case(self, case_id: UUID) -> CaseSeen | None:
        """A case and its grant, if there is such a case."""
        return None

    def license(self, license_id: UUID) -> LicenseSeen | None:
        """A license as it stands, if there is such a license."""
        return None

    def chain(self, chain: str, on: date) -> ChainTerms:
        """Terms of the chain template in force on a date. Raises its refusal when there is none."""
        raise UnknownStream(what=Term("链条模板", "chain template"), id=chain)

    def draw(self, draw_id: UUID) -> DrawSeen | None:
        """An earlier draw of experts, if there is such a draw."""
        return None

    def experts(self, numbers: Iterable[str]) -> tuple[ExpertStanding, ...]:
        """How experts of the pool stand now; one that was never enrolled is left out."""
        return ()

    def documents(self, case_id: UUID) -> Sequence[Document]:
        """What a case has decided on paper, in the order of its facts."""
        return ()

    def document_number(self, organ: str, kind: DocumentKind, document_no: str) -> NumberIssued | None:
        """For which case the counter of an organ gave out a number, and whether it still stands."""
        return None

    def letters(self, organ: str, officer: str) -> Sequence[Letter]:
        """The letters by which an officer may decide in the name of an organ, in the order in which they were granted."""
        return ()


NOTHING_KNOWN = Look()


@dataclass(slots=True)
class Given:
    """Everything a decision is given besides the command: who, when, and what may be looked up."""

    by: Actor
    at: datetime
    look: Look = NOTHING_KNOWN
    occurred_at: datetime | None = None
    precision: Precision = Precision.INSTANT
    cause_id: str = ""
    correlation_id: str = ""
    stamps: dict[str, Any] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return business_date(self.at)


Facts = Iterator[Event]
Fold = Callable[[Any, Any], None]


class Aggregate:
    """Base of all aggregates. ``NAME`` begins the stored names of its facts."""

    NAME: ClassVar[str] = ""
    ZH: ClassVar[str] = ""
    MAY_BEGIN: ClassVar[frozenset[type[Command]]]
    _folds: ClassVar[dict[type[Event], Fold]]
    _decides: ClassVar[dict[type[Command], Callable[[Any, Any, Given], Iterable[Event] | None]]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._folds, cls._decides = {}, {}
        for name, method in inspect.getmembers(cls, inspect.isfunction):
            if name.startswith("_"):
                continue
            hints = get_type_hints(method)
            hints.pop("return", None)
            for hint in hints.values():
                for kind in getattr(hint, "__args__", (hint,)):
                    if isinstance(kind, type) and issubclass(kind, Event):
                        known = cls._folds.get(kind)
                        cls._folds[kind] = method if known is None else _one_after_the_other(known, method)
                    elif isinstance(kind, type) and issubclass(kind, Command):
                        cls._decides[kind] = method
        for command in cls._decides:
            AGGREGATE_OF[command] = cls
        for event in cls._folds:
            AGGREGATE_OF_EVENT[event] = cls

    def __init__(self, id: UUID) -> None:
        self.id = id
        self.version = 0

    def fold(self, event: Event) -> None:
        """Apply one fact. A fact without a fold method changes nothing but the version."""
        self.fold_all((event,))

    def fold_all(self, events: Iterable[Event]) -> None:
        """Apply recorded facts, one after the other, in one loop, for half of what a load costs is here."""
        folds = self._folds
        for event in events:
            folding = folds.get(type(event))
            if folding is not None:
                folding(self, event)
            # After each, so that one that cannot be read leaves the aggregate as the facts before it made it.
            self.version = event.originator_version

    def decide(self, command: Command, given: Given) -> list[Event]:
        """Decide a command: the new facts, stamped and already folded.

        Raises a refusal; the aggregate may then hold half of a decision and must be thrown away."""
        if given.by.role not in command.MAY:
            raise RoleMayNot(role=given.by.role, command=said_command(command))
        if self.version == 0 and not creates(type(command)):
            raise UnknownStream(what=self.ZH, id=self.id)
        try:
            return self._decided(command, given)
        except RuleError as silent:
            raise RulesDoNotAnswer(zh=silent.told("zh"), en=silent.told("en")) from silent

    def _decided(self, command: Command, given: Given) -> list[Event]:
        facts: list[Event] = []
        for fact in self._decides[type(command)](self, command, given) or ():
            fact.stamped(
                originator_id=self.id, originator_version=self.version + 1,
                occurred_at=given.occurred_at or given.at, recorded_at=given.at, precision=given.precision,
                actor=given.by, cause_id=given.cause_id, correlation_id=given.correlation_id or str(self.id),
            )  # fmt: skip
            self.fold(fact)
            facts.append(fact)
        return facts

    def must_be(self, command: Command, state: Word, *allowed: Word) -> None:
        """Refuse a command that comes out of order."""
        if state not in allowed:
            raise OutOfOrder(command=said_command(command), state=state)


def _one_after_the_other(first: Fold, then: Fold) -> Fold:
    def fold(aggregate: Any, fact: Any) -> None:
        first(aggregate, fact)
        then(aggregate, fact)

    return fold


def said_command(command: Command) -> Term:
    return Term(command.ZH, command.en)


AGGREGATE_OF: dict[type[Command], type[Aggregate]] = {}
AGGREGATE_OF_EVENT: dict[type[Event], type[Aggregate]] = {}
"""Who decides a command and who folds a fact, filled by the class declarations themselves."""


A = TypeVar("A", bound=Aggregate)


def replay(cls: type[A], stream: UUID, events: Iterable[Event]) -> A:
    """Fold recorded facts into the aggregate they made."""
    aggregate = cls(stream)
    aggregate.fold_all(events)
    return aggregate
