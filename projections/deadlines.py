"""What is due, and when? (办理时限) Every clock of a case, with its pauses and its extension."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from domain.approval_case import facts as f
from domain.approval_case.words import Means
from domain.kernel.time import due_by, last_day
from domain.kernel.words import Word
from domain.rules.dates import business_date
from domain.supervision_finding import FindingKind, FindingReported
from projections.view import Page, Projection, Reader, Table


class Clock(Word):
    """What a deadline is about (时限种类)."""

    NOTICE = "notice", "受理告知期限", "notice of acceptance, refusal or correction"
    CORRECTION = "correction", "补正期限", "correction by the applicant"
    TOLERANCE = "tolerance", "容缺补齐期限", "tolerated materials"
    STATUTORY = "statutory", "法定办理期限", "decision by law"
    PROMISED = "promised", "承诺办理期限", "decision as promised"
    COMMITMENT = "commitment", "承诺核查期限", "check of the commitment"
    DELIVERY = "delivery", "送达期限", "service of the license"
    PUBLICITY = "publicity", "公示期限", "publication of the decision"


@dataclass(slots=True)
class DeadlineRow:
    """One clock of a case. ``due`` is its last day, none while the calendar of that year is not published;
    ``days`` counts the extension in; a clock with ``paused_on`` stands still and is not due."""

    case_id: UUID
    clock: str
    case_no: str
    organ: str
    item: str
    item_name: str
    started_on: date
    days: int
    due: date | None
    open: bool
    position: int
    extended: int = 0
    met_on: date | None = None
    paused_on: date | None = None
    planned_end: date | None = None
    pauses: list[list[date]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


_DEADLINE = "SELECT * FROM projections.deadline"


def of_case(read: Reader, case_id: UUID) -> list[DeadlineRow]:
    """Every clock that ever ran for a case, open or met, the earliest due first."""
    return read.rows(
        DeadlineRow, _DEADLINE + " WHERE case_id = %s AND (open OR due IS NOT NULL) ORDER BY due, clock", (case_id,)
    )


def due_before(
    read: Reader,
    when: date,
    *,
    clocks: Iterable[Clock] = (),
    organ: str = "",
    cursor: str | None = None,
    limit: int = 200,
) -> Page[DeadlineRow]:
    """Open clocks whose last day lies before ``when``: what is overdue on that day. Paused ones stand still.

    The timers ask with today: NOTICE brings DeemAccepted, CORRECTION and TOLERANCE bring their lapse."""
    return _open(read, "due < %(when)s", {"when": when}, clocks, organ, cursor, limit)


def due_between(
    read: Reader,
    first: date,
    last: date,
    *,
    clocks: Iterable[Clock] = (),
    organ: str = "",
    cursor: str | None = None,
    limit: int = 200,
) -> Page[DeadlineRow]:
    """Open clocks whose last day lies between two days, both included: what comes next."""
    return _open(read, "due BETWEEN %(a)s AND %(b)s", {"a": first, "b": last}, clocks, organ, cursor, limit)


def without_due_date(read: Reader, *, cursor: str | None = None, limit: int = 200) -> Page[DeadlineRow]:
    """Open clocks that end in a year whose calendar is not published; a rebuild after its release dates them."""
    return read.page(
        DeadlineRow, _DEADLINE + " WHERE open AND due IS NULL", {},
        order=("case_id", "clock"), cursor=cursor, limit=limit,
    )  # fmt: skip


def _open(
    read: Reader, where: str, params: dict[str, object], clocks: Iterable[Clock], organ: str, cursor: str | None,
    limit: int,
) -> Page[DeadlineRow]:  # fmt: skip
    kinds = [str(c) for c in clocks]
    return read.page(
        DeadlineRow,
        f"{_DEADLINE} WHERE open AND paused_on IS NULL AND {where}"
        + (" AND clock = ANY(%(clocks)s)" if kinds else "") + (" AND organ = %(organ)s" if organ else ""),
        params | {"clocks": kinds, "organ": organ},
        order=("due", "case_id", "clock"), cursor=cursor, limit=limit,
    )  # fmt: skip
