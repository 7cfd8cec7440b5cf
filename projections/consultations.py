"""Which cases need a consultation, and who has not answered? (会商)"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.approval_case.facts import ConsultationNoted, ConsultationRequired
from domain.consultation import (
    ConsultationCancelled,
    ConsultationConcluded,
    ConsultationConcludedByConference,
    ConsultationEscalated,
    ConsultationInvited,
    ConsultationOpinionFiled,
    ConsultationOpinionOverdue,
    ConsultationRequested,
    ConsultationState,
    Opinion,
    consultation_stream,
)
from projections.view import Page, Projection, Reader, Table

DEMANDED = "demanded"
"""The case demands it, and nobody has requested it yet."""
OPEN = (str(ConsultationState.REQUESTED), str(ConsultationState.OPINIONS_OPEN), str(ConsultationState.ESCALATED))


@dataclass(slots=True)
class ConsultationRow:
    """One consultation, from the moment the case demands it (``state`` = demanded).

    ``invited`` holds {code, name}; ``opinions`` {organ: {opinion, reason, legal_basis, conditions, filed_at, late}}."""

    consultation_id: UUID
    case_id: UUID
    case_no: str
    item_name: str
    cause: str
    state: str
    safety: bool
    position: int
    first_position: int
    version: int = 0
    question: str = ""
    complex: bool = False
    invited: list[dict[str, str]] = field(default_factory=list)
    opinions: dict[str, dict[str, Any]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    objecting: list[str] = field(default_factory=list)
    noted_overdue: list[str] = field(default_factory=list)
    due_on: date | None = None
    requested_at: datetime | None = None
    settled_at: datetime | None = None
    outcome: str = ""
    conclusion: str = ""


_ROW = "SELECT * FROM projections.consultation"


def consultation(read: Reader, consultation_id: UUID) -> ConsultationRow | None:
    return read.one(ConsultationRow, _ROW + " WHERE consultation_id = %s", (consultation_id,))


def of_case(read: Reader, case_id: UUID) -> list[ConsultationRow]:
    return read.rows(ConsultationRow, _ROW + " WHERE case_id = %s ORDER BY first_position", (case_id,))


def find(
    read: Reader,
    *,
    organ: str = "",
    state: str = "",
    open_only: bool = False,
    awaiting: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ConsultationRow]:
    """Consultations, newest first; of an invited ``organ``, and with ``awaiting`` only those it has not answered."""
    where, params = ["true"], {"organ": organ, "state": state, "open": list(OPEN)}
    if organ:
        where.append("missing ? %(organ)s" if awaiting else "invited @> jsonb_build_array(jsonb_build_object("
                     "'code', %(organ)s::text))")  # fmt: skip
    if state:
        where.append("state = %(state)s")
    if open_only or awaiting:
        where.append("state = ANY(%(open)s)")
    return read.page(
        ConsultationRow, _ROW + " WHERE " + " AND ".join(where), params,
        order=("first_position",), cursor=cursor, limit=limit, descending=True,
    )  # fmt: skip


def demanded(read: Reader, *, limit: int = 200) -> list[ConsultationRow]:
    """Consultations that a case demands and nobody requested yet, oldest first."""
    return read.rows(
        ConsultationRow, _ROW + " WHERE state = 'demanded' ORDER BY first_position LIMIT %s", (limit,)
    )


def overdue(read: Reader, on: date, *, limit: int = 200) -> list[ConsultationRow]:
    """Open consultations past their due date with a silent body that was not noted yet: for the timers."""
    return read.rows(
        ConsultationRow,
        _ROW + " WHERE state = ANY(%s) AND due_on < %s AND NOT missing <@ noted_overdue ORDER BY due_on LIMIT %s",
        (list(OPEN), on, limit),
    )
