"""What the read side shows of visits and joint inspections (踏勘所见)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from domain.kernel.words import InspectionKind


@dataclass(slots=True)
class VisitRow:
    """A visit that a case needs. ``cause`` is the id of the fact that demanded it; without ``inspection_id`` it
    waits to be gathered into a joint inspection. ``bodies`` holds {code, name}, the lead first."""

    case_id: UUID
    cause: str
    case_no: str
    place: str
    site: dict[str, Any]
    bodies: list[dict[str, str]]
    not_before: date
    not_after: date
    position: int
    kind: str = str(InspectionKind.SITE_VISIT)
    safety: bool = False
    waiting: bool = True
    inspection_id: UUID | None = None
    outcome: str = ""


@dataclass(slots=True)
class InspectionRow:
    """One joint inspection. Bodies are {code, name}; ``confirmed``, ``present``, ``absent`` and ``asked_again`` hold codes.

    ``signed`` {organ: result}; of drawings also ``reviews`` {organ/discipline: {result, version, comments}}. ``answers``
    {organ: slots it can}, ``slot`` the fixed one. ``clauses`` {organ: clause told}, ``deemed`` {organ: clause applied}.
    ``results_due`` {organ: day}; ``safety_cases`` those in which no absence is ever deemed consent. In a chain ``root_id`` is the first inspection, ``parent_id`` the one before, ``round``
    the place, ``rounds`` how many re-inspections lie below as far as they have ended."""

    inspection_id: UUID
    place: str
    site: dict[str, Any]
    state: str
    first_day: date
    last_day: date
    lead: dict[str, str]
    first_position: int
    position: int
    version: int
    cause: str = ""
    case_ids: list[str] = field(default_factory=list)
    case_nos: list[str] = field(default_factory=list)
    invited: list[dict[str, str]] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)
    present: list[str] = field(default_factory=list)
    signed: dict[str, str] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    outcome: str = ""
    notice_no: str = ""
    rectify_by: date | None = None
    reinspect_by: date | None = None
    kind: str = str(InspectionKind.SITE_VISIT)
    safety_cases: list[str] = field(default_factory=list)
    root_id: UUID | None = None
    parent_id: UUID | None = None
    round: int = 0
    rounds: int = 0
    reinspection_id: UUID | None = None
    slots: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    answer_by: date | None = None
    slot: dict[str, Any] | None = None
    drawings: dict[str, Any] | None = None
    seats: list[dict[str, Any]] = field(default_factory=list)
    reviews: dict[str, dict[str, Any]] = field(default_factory=dict)
    results_due: dict[str, str] = field(default_factory=dict)
    noted_overdue: list[str] = field(default_factory=list)
    asked_again: list[str] = field(default_factory=list)
    clauses: dict[str, str] = field(default_factory=dict)
    deemed: dict[str, str] = field(default_factory=dict)
    opinion_no: str = ""


@dataclass(slots=True)
class VisitGroup:
    """Waiting visits of a kind at one place whose windows have days in common: one inspection can serve them all.

    ``first`` and ``last`` are those days; ``bodies`` is everybody that any of them needs, leads first."""

    place: str
    first: date
    last: date
    visits: list[VisitRow]
    bodies: list[dict[str, str]]
