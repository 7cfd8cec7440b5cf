"""Flags: how they are stored, and which of them hold on a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.rules.dates import end_of
from domain.rules.errors import RuleError
from domain.rules.limits import TimeLimit
from domain.rules.loader import Unit, threshold
from domain.rules.working_days import calendar_told
from projections.integrity_board.sentences import told
from projections.view import Page, Reader


@dataclass(slots=True)
class FlagRow:
    """A flag, or the watch that may become one.

    It holds from ``holds_from`` unless ``met_on`` came before; from ``red_from`` on it is red; ``notice_from`` gives
    notice while nothing is decided yet; past ``holds_to`` a graver rule speaks. None of the dates: it does not hold."""

    stream: UUID
    rule_id: str
    detail: str
    flag_id: str
    rule_version: str
    severity: str
    case_id: UUID | None
    case_no: str
    item: str
    regulator: str
    subject_kind: str
    subject_key: str
    position: int
    started_on: date
    days: int = 0
    due: date | None = None
    notice_from: date | None = None
    holds_from: date | None = None
    red_from: date | None = None
    holds_to: date | None = None
    met_on: date | None = None
    paused_on: date | None = None
    pauses: list[list[str]] = field(default_factory=list)
    unit: str = Unit.WORKING_DAYS
    started_at: datetime | None = None
    extended: int = 0
    region: str | None = None
    calendar: str = ""
    threshold: dict[str, Any] = field(default_factory=dict)
    observed: dict[str, Any] = field(default_factory=dict)
    evidence: list[str] = field(default_factory=list)

    def limit(self, paused_until: date | None = None) -> TimeLimit:
        """What was to be kept; an open pause lasts to ``paused_until``."""
        pauses = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in self.pauses]
        if self.paused_on is not None and paused_until is not None and self.paused_on <= paused_until:
            pauses.append((self.paused_on, paused_until))
        return TimeLimit(
            self.started_on, self.days, Unit(self.unit), self.started_at, self.extended, tuple(pauses), self.region
        )


@dataclass(slots=True)
class SeenRow(FlagRow):
    shown: str = ""


@dataclass(slots=True)
class Flag:
    """One lead: which rule (and version) it rests on, what was seen against which threshold, and the evidence.

    ``status`` is ``notice`` before a limit, ``raised`` while it stands, ``late`` once what was owed came too late.
    ``evidence`` holds event ids (``stream:version``); ``first_seen`` is the day from which the flag holds."""

    flag_id: str
    rule_id: str
    rule_version: str
    code: str
    name_zh: str
    name_en: str
    severity: str
    status: str
    subject_kind: str
    subject_key: str
    case_id: UUID | None
    case_no: str
    item: str
    regulator: str
    first_seen: date
    due: date | None
    met_on: date | None
    threshold: dict[str, Any]
    observed: dict[str, Any]
    evidence: list[str]
    zh: str
    en: str
    position: int


@dataclass(slots=True)
class RuleCount:
    rule_id: str
    severity: str
    flags: int


_SEEN = """
    SELECT * FROM (
        SELECT *, CASE
            WHEN holds_from IS NULL OR holds_from > %(as_of)s THEN 'notice'
            WHEN red_from <= least(%(as_of)s, met_on) THEN 'red'
            ELSE severity END AS shown
        FROM projections.integrity_flag
        WHERE (holds_from <= %(as_of)s AND (met_on IS NULL OR met_on >= holds_from)
                AND (holds_to IS NULL OR least(%(as_of)s, met_on) <= holds_to))
            OR (notice_from <= %(as_of)s AND met_on IS NULL AND (holds_from IS NULL OR holds_from > %(as_of)s))
    ) AS seen"""


def flags(
    read: Reader,
    as_of: date,
    *,
    rule: str = "",
    severity: str = "",
    case_id: UUID | None = None,
    case_no: str = "",
    regulator: str = "",
    item: str = "",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Flag]:
    """Flags that hold on the day ``as_of``, newest first. Raises BadCursor."""
    exact = {
        "rule_id": rule, "shown": severity, "case_id": case_id, "case_no": case_no, "regulator": regulator,
        "item": item,
    }  # fmt: skip
    params: dict[str, object] = {name: value for name, value in exact.items() if value}
    where = " AND ".join(f"{name} = %({name})s" for name in params)
    page = read.page(
        SeenRow, _SEEN + (f" WHERE {where}" if where else ""), params | {"as_of": as_of},
        order=("position", "flag_id"), cursor=cursor, limit=limit, descending=True,
    )  # fmt: skip
    return page.mapped(lambda row: _flag(row, as_of))


def flag(read: Reader, flag_id: str, as_of: date) -> Flag | None:
    """One flag, if it holds on that day."""
    row = read.one(SeenRow, _SEEN + " WHERE flag_id = %(flag_id)s", {"flag_id": flag_id, "as_of": as_of})
    return _flag(row, as_of) if row else None


def counts(read: Reader, as_of: date) -> list[RuleCount]:
    """How many flags each rule has on that day, by severity."""
    return read.rows(
        RuleCount,
        f"SELECT rule_id, shown AS severity, count(*) AS flags FROM ({_SEEN}) AS s"  # noqa: S608 - a constant
        " GROUP BY rule_id, shown ORDER BY rule_id, shown",
        {"as_of": as_of},
    )


def _flag(row: SeenRow, as_of: date) -> Flag:
    rule = threshold(row.rule_id, on=row.started_on)
    until = min(as_of, row.met_on) if row.met_on else as_of
    observed = dict(row.observed)
    if row.due is not None:
        observed |= {"used": _used(row, until), "until": until.isoformat()}
    holds = row.holds_from is not None and row.holds_from <= as_of
    late = row.met_on is not None and row.met_on <= as_of
    first_seen = row.holds_from if holds else row.notice_from
    assert first_seen is not None
    zh, en = told(row, as_of, observed)
    return Flag(
        flag_id=row.flag_id, rule_id=row.rule_id, rule_version=row.rule_version, code=rule.code, name_zh=rule.zh,
        name_en=rule.en, severity=row.shown, status="notice" if not holds else "late" if late else "raised",
        subject_kind=row.subject_kind, subject_key=row.subject_key, case_id=row.case_id, case_no=row.case_no,
        item=row.item, regulator=row.regulator, first_seen=first_seen, due=row.due,
        met_on=row.met_on if late else None, threshold=row.threshold, observed=observed, evidence=row.evidence,
        zh=zh, en=en, position=row.position,
    )  # fmt: skip


def _used(row: FlagRow, until: date) -> int | None:
    """What is used up to the end of a day: working days, minutes or days; none where no calendar covers them."""
    try:
        return row.limit(until).spent(calendar_told(row.calendar, until), end_of(until)).used
    except RuleError:
        return None
