"""Which pushes wait for whom? (推送看板) Per regulator, the oldest unacknowledged first, and why none was sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from domain import push as p
from domain.kernel.time import due_by
from domain.kernel.words import Change, ClaimMode
from domain.push import PushState
from domain.rules.dates import business_date
from domain.subscription import Terms, why
from projections import case_register, catalogue
from projections.view import Page, Projection, Reader, Table

UNANSWERED, UNCLAIMED, CLAIMED, SETTLED = 0, 1, 2, 3
"""``rank`` of a push on the board: what waits longest for its first answer stands first."""


@dataclass(slots=True)
class PushRow:
    """One push. Its subject is shown as the regulator's contract allows, masked when the push was composed."""

    push_id: UUID
    case_id: UUID
    case_no: str
    decision_id: str
    regulator: str
    regulator_name: str
    change: str
    item: str
    item_name: str
    subject_id: str
    subject_name: str
    region: str
    state: str
    rank: int
    claim_mode: str
    named_by: str
    decided_on: date
    dispatched_at: datetime
    first_position: int
    position: int
    version: int
    acknowledge_due: date | None
    claim_due: date | None
    feedback_due: date | None
    escalate_due: date | None
    delivered_at: datetime | None = None
    acknowledged_at: datetime | None = None
    claimed_at: datetime | None = None
    officer: str = ""
    automatic: bool = False
    returned_for: str = ""
    reassigned_to: str = ""
    fed_back_at: datetime | None = None
    closed_at: datetime | None = None
    reminded: list[str] = field(default_factory=list)
    escalated: bool = False


@dataclass(slots=True)
class PushCount:
    regulator: str
    regulator_name: str
    state: str
    pushes: int


@dataclass(slots=True)
class Overdue:
    """A push whose ``overdue`` step (acknowledged or claimed) did not come by ``due``."""

    push_id: UUID
    case_id: UUID
    regulator: str
    overdue: str
    due: date


@dataclass(slots=True)
class Explanation:
    """One rule that decides whether a regulator gets a push, and how it stood: ``met`` or not.

    ``source`` says where the rule stands: the case, the item version, a contract (by number), or the push itself."""

    source: str
    rule: str
    met: bool
    zh: str
    en: str


_PUSH = "SELECT * FROM projections.push_board"


def push(read: Reader, push_id: UUID) -> PushRow | None:
    return read.one(PushRow, _PUSH + " WHERE push_id = %s", (push_id,))


def of_case(read: Reader, case_id: UUID) -> list[PushRow]:
    """Every push of a case, oldest first."""
    return read.rows(PushRow, _PUSH + " WHERE case_id = %s ORDER BY first_position", (case_id,))


def board(
    read: Reader,
    regulator: str = "",
    *,
    states: Iterable[str] = (),
    cursor: str | None = None,
    limit: int = 50,
) -> Page[PushRow]:
    """The board of one regulator (or of all): unacknowledged, then unclaimed, then the rest, each oldest first."""
    wanted = [str(s) for s in states]
    where = [w for w, on in (("regulator = %(regulator)s", regulator), ("state = ANY(%(states)s)", wanted)) if on]
    return read.page(
        PushRow, _PUSH + (" WHERE " + " AND ".join(where) if where else ""),
        {"regulator": regulator, "states": wanted},
        order=("rank", "first_position"), cursor=cursor, limit=limit,
    )  # fmt: skip


def counts(read: Reader, regulator: str = "") -> list[PushCount]:
    """How many pushes each regulator has in each state."""
    return read.rows(
        PushCount,
        "SELECT regulator, max(regulator_name) AS regulator_name, state, count(*) AS pushes FROM projections.push_board"
        " WHERE %(regulator)s IN ('', regulator) GROUP BY regulator, state ORDER BY regulator, state",
        {"regulator": regulator},
    )


def to_remind(read: Reader, on: date, *, limit: int = 200) -> list[Overdue]:
    """Steps that are overdue on a day and of which the regulator was not reminded, oldest first."""
    return read.rows(
        Overdue,
        "SELECT push_id, case_id, regulator, 'acknowledged' AS overdue, acknowledge_due AS due"
        " FROM projections.push_board WHERE rank = 0 AND acknowledge_due < %(on)s AND NOT reminded ? 'acknowledged'"
        " UNION ALL SELECT push_id, case_id, regulator, 'claimed', claim_due"
        " FROM projections.push_board WHERE rank <= 1 AND claim_due < %(on)s AND NOT reminded ? 'claimed'"
        " ORDER BY due, push_id LIMIT %(limit)s",
        {"on": on, "limit": limit},
    )


def to_escalate(read: Reader, on: date, *, limit: int = 200) -> list[Overdue]:
    """Pushes still unclaimed after a reminder and past the day of escalation, oldest first."""
    return read.rows(
        Overdue,
        "SELECT push_id, case_id, regulator, 'claimed' AS overdue, escalate_due AS due FROM projections.push_board"
        " WHERE rank <= 1 AND NOT escalated AND reminded <> '[]' AND escalate_due < %(on)s"
        " ORDER BY escalate_due, push_id LIMIT %(limit)s",
        {"on": on, "limit": limit},
    )


def why_not(read: Reader, case_no: str, regulator: str) -> list[Explanation]:
    """Why a regulator got a push of a case, or did not: every rule that decides it, and how it stood."""
    raise NotImplementedError
