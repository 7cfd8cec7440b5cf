"""What the rules remember of a case, and how they compare moments and people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any
from uuid import UUID

from domain import push as p
from domain import supervision_finding as s
from domain.approval_case import facts as f
from domain.consultation import ConsultationCancelled, ConsultationConcluded, ConsultationConcludedByConference
from domain.joint_inspection.facts import InspectionCheckedIn
from domain.kernel.event import Event
from domain.kernel.time import Precision
from domain.rules.dates import business_date
from domain.rules.errors import NoRuleInForce
from domain.rules.loader import Threshold, threshold

Moment = dict[str, Any]
"""When a fact happened: ``at`` (ISO), ``day``, whether only the day is known, and the event's id."""


@dataclass(slots=True)
class CaseState:
    """What the rules must remember of a case. Officers are digests: rules compare people, they do not list them."""

    case_id: UUID
    case_no: str
    item: str
    organ: str
    single_officer: bool
    terms: dict[str, Any] = field(default_factory=dict)
    """What the limits of a reported case follow from; a case that is handled here tells them itself."""
    region: str | None = None
    accepted_by: dict[str, str] = field(default_factory=dict)
    decided_by: dict[str, str] = field(default_factory=dict)
    examined: Moment | None = None
    visited: Moment | None = None
    decided: Moment | None = None
    visit_demanded: bool = False
    demands: dict[str, str] = field(default_factory=dict)
    settled: dict[str, dict[str, str]] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    limited: bool = False


Settled = ConsultationConcluded | ConsultationConcludedByConference | ConsultationCancelled


def cases_of(event: Event) -> tuple[UUID, ...]:
    if isinstance(event, f.StepReported):
        return (event.originator_id,) if event.means is not None else ()
    if isinstance(event, InspectionCheckedIn):
        return event.case_ids
    if isinstance(event, s.FindingReported):
        return (event.case_id,) if event.case_id else ()
    if isinstance(event, Settled):
        return (event.case_id,)
    return () if isinstance(event, (p.PushFact, s.FindingFact)) else (event.originator_id,)


def flags_of(event: Event) -> tuple[UUID, ...]:
    if isinstance(event, p.PushDispatched):
        return (event.originator_id, event.case_id)
    if isinstance(event, (p.PushFact, s.FindingFact)):
        return (event.originator_id,)
    return cases_of(event)


def source_of(cause: str) -> str:
    """What first demanded a consultation: one that was cancelled is demanded again as ``source/2``."""
    return cause.partition("/")[0]


def digest(officer: str) -> str:
    return blake2b(officer.encode(), digest_size=12).hexdigest()


def in_force(rule_id: str, on: date) -> Threshold | None:
    """The rule as it stood on a day, or none: a source may report what happened before there was such a rule."""
    try:
        return threshold(rule_id, on=on)
    except NoRuleInForce:
        return None


def first_of(known: Moment | None, fact: Event) -> Moment:
    """The earlier of a known moment and that of a fact; the known one where that cannot be told."""
    new = {
        "at": fact.occurred_at.isoformat(), "day": business_date(fact.occurred_at).isoformat(),
        "day_only": fact.precision is Precision.DAY, "id": fact.id,
    }  # fmt: skip
    return new if known is None or before(new, known) else known


def before(one: Moment, other: Moment, allowed: timedelta = timedelta(0)) -> bool:
    """Whether one moment lies before another. Where only a date is known, dates are compared and nothing finer."""
    if one["day_only"] or other["day_only"]:
        return bool(one["day"] < other["day"])
    return datetime.fromisoformat(one["at"]) < datetime.fromisoformat(other["at"]) - allowed


def earlier_by_rule(decided: Moment, seen: Moment) -> bool:
    rule = in_force("R10", date.fromisoformat(max(decided["day"], seen["day"])))
    return rule is not None and before(decided, seen, timedelta(minutes=rule["clock_skew"]))


def shown(moment: Moment) -> str:
    return str(moment["day"] if moment["day_only"] else moment["at"])
