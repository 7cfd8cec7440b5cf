"""What happened to a case, in order? (办件时间线)

The table only says which events concern which case; they are told from the recorded facts when somebody reads.
So a telling is never out of date, and no name of a person lies in a second place where erasure would miss it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from domain.kernel.event import Event, confined_from, masked, personal
from domain.kernel.people import Role
from domain.kernel.words import Word
from projections.view import Page, Projection, Reader, Table


@dataclass(slots=True)
class TimelineRow:
    case_id: UUID
    position: int
    stream: UUID
    version: int


@dataclass(slots=True)
class Entry:
    """One event of a case, told. ``event_id`` is ``stream:version``; times carry their ``precision``."""

    position: int
    event_id: str
    stream: UUID
    version: int
    topic: str
    occurred_at: datetime
    recorded_at: datetime
    precision: str
    actor: str
    organ: str
    role: str
    on_behalf_of: str
    zh: str
    en: str
    basis: str


def of_case(
    read: Reader,
    case_id: UUID,
    *,
    masked: bool = True,
    role: Role | None = None,
    until: datetime | None = None,
    cursor: str | None = None,
    limit: int = 100,
) -> Page[Entry]:
    """The events of a case and of its pushes, consultations, inspections and findings, as they were recorded.

    What is confined to some roles is told to a ``role`` among them alone; to all others it is not there, nor is a
    gap where it would be. ``until`` leaves out what was recorded later: it shows what an officer could have known then. ``masked`` hides
    every personal field, in the tellings too. Raises BadCursor."""
    page = read.page(
        TimelineRow, _OF_CASE, {"case": case_id, "confined": confined_from(role)},
        order=("position",), cursor=cursor, limit=limit,
    )  # fmt: skip
    return Page(told(read, page.rows, masked, until), page.next)


_OF_CASE = """
    SELECT * FROM projections.timeline AS t WHERE case_id = %(case)s AND NOT EXISTS (
        SELECT FROM public.approval_events AS e
        WHERE e.originator_id = t.stream AND e.originator_version = t.version AND e.topic = ANY(%(confined)s))"""


def of_stream(
    read: Reader, stream: UUID, *, masked: bool = True, role: Role | None = None, until: datetime | None = None
) -> list[Entry]:
    """The events of any one stream (a push, a finding, an item …), told."""
    rows = read.rows(
        TimelineRow,
        "SELECT originator_id AS case_id, notification_id AS position, originator_id AS stream,"
        " originator_version AS version FROM public.approval_events"
        " WHERE originator_id = %s AND topic <> ALL(%s) ORDER BY originator_version",
        (stream, confined_from(role)),
    )
    return told(read, rows, masked, until)


def length(read: Reader, case_id: UUID) -> int:
    """How many events concern a case."""
    return int(read.value("SELECT count(*) FROM projections.timeline WHERE case_id = %s", (case_id,)))


def told(read: Reader, rows: list[TimelineRow], hide: bool, until: datetime | None) -> list[Entry]:
    """Rows as entries, from the recorded facts; ``hide`` masks persons, ``until`` leaves out what came later."""
    facts = read.facts((r.stream, r.version) for r in rows)
    entries = []
    for row in rows:
        fact = facts[row.stream, row.version]
        if until is None or fact.recorded_at <= until:
            entries.append(_entry(row, shown(fact) if hide else fact))
    return entries


def shown(fact: Event) -> Event:
    """The fact with every personal field masked.

    Put together without validation: a mask need not fit the pattern of what it hides."""
    marks = personal(type(fact))
    if not marks:
        return fact
    hidden = masked(fact.model_dump(mode="json", include=set(marks)), marks)
    return fact.model_copy(update={name: _rebuilt(getattr(fact, name), hidden[name]) for name in hidden})


def _rebuilt(whole: Any, hidden: Any) -> Any:
    if isinstance(whole, BaseModel):
        return whole.model_copy(update={n: _rebuilt(getattr(whole, n), v) for n, v in hidden.items()})
    if isinstance(whole, tuple):
        return tuple(_rebuilt(w, h) for w, h in zip(whole, hidden, strict=True))
    return whole if whole is None or isinstance(whole, (bool, int, UUID, date, Word)) else hidden


def _entry(row: TimelineRow, fact: Event) -> Entry:
    by = fact.actor
    return Entry(
        position=row.position, event_id=fact.id, stream=row.stream, version=row.version, topic=fact.TOPIC,
        occurred_at=fact.occurred_at, recorded_at=fact.recorded_at, precision=str(fact.precision),
        actor=by.id, organ=by.organ, role=str(by.role), on_behalf_of=by.on_behalf_of or "",
        zh=fact.telling("zh"), en=fact.telling("en"), basis=fact.BASIS,
    )  # fmt: skip


class Timeline(Projection):
    """The cases that each event concerns: its own stream, the field its messages are ordered by, or all that it names.
    A change of a license concerns the case that granted it and the case that changed it.

    Folded inside the database, nothing decoded. By pattern rather than by a JSON operator, because those refuse a
    whole document for one U+0000 in it; inside JSON text a quote is escaped, so no text can pose as the field."""

    NAME = "timeline"
    ZH = "办件时间线"
    timeline = Table("timeline", TimelineRow, key=("case_id", "position"), only_added=True)

    FOLD_SQL = """
        INSERT INTO {timeline} (case_id, position, stream, version)
        SELECT originator_id, notification_id, originator_id, originator_version FROM public.approval_events
        WHERE notification_id > %(after)s AND notification_id <= %(upto)s AND topic LIKE 'case.%%'
        UNION ALL
        SELECT DISTINCT named.id::uuid, notification_id, originator_id, originator_version
        FROM public.approval_events CROSS JOIN LATERAL (
            SELECT m[1] FROM regexp_matches(
                substring(convert_from(state, 'UTF8') from
                    CASE WHEN topic LIKE 'inspection.%%' OR topic LIKE 'bundle.%%' THEN '"case_ids":\\[[^]]*' ELSE '"case_id":"[0-9a-f-]+' END),
                '[0-9a-f]{{8}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{12}}', 'g') AS m
        ) AS named (id)
        WHERE notification_id > %(after)s AND notification_id <= %(upto)s AND topic NOT LIKE 'case.%%'
        UNION ALL
        SELECT substring(convert_from(state, 'UTF8') from '"by_case":"([0-9a-f-]{{36}})"')::uuid, notification_id,
            originator_id, originator_version FROM public.approval_events
        WHERE notification_id > %(after)s AND notification_id <= %(upto)s AND topic LIKE 'license.%%'
            AND convert_from(state, 'UTF8') ~ '"by_case":"[0-9a-f-]{{36}}"'
    """
