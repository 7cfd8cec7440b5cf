"""Which cases need a consultation, and who has not answered? (会商)"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.approval_case.facts import ConsultationNoted, ConsultationRequired
from domain.consultation import (
    ConsultationCancelled,
    ConsultationConcluded,
    ConsultationConcludedByConference,
    ConsultationDeclaredComplex,
    ConsultationEscalated,
    ConsultationInvited,
    ConsultationOpinionDeemed,
    ConsultationOpinionExcused,
    ConsultationOpinionFiled,
    ConsultationOpinionOverdue,
    ConsultationRequested,
    ConsultationState,
    Opinion,
    consultation_stream,
)
from domain.kernel.event import Event
from domain.kernel.words import Body, OpinionUse
from projections.view import Page, Projection, Reader, Table

DEMANDED = "demanded"
"""The case demands it, and nobody has requested it yet."""
AGREEING = (Opinion.AGREE, Opinion.AGREE_WITH_CONDITIONS)
OPEN = (str(ConsultationState.REQUESTED), str(ConsultationState.OPINIONS_OPEN), str(ConsultationState.ESCALATED))


@dataclass(slots=True)
class ConsultationRow:
    """One consultation, from the moment the case demands it (``state`` = demanded).

    ``in_file`` says that its outcome was noted in the case. ``invited`` holds {code, name}; ``opinions`` {organ: {opinion,
    reason, legal_basis, conditions, filed_at, late}}; ``clauses`` {organ: clause told}, ``deemed`` {organ: clause applied},
    ``excused`` {organ: reason}; ``uses`` how binding opinions were answered, ``split`` that bodies contradict each other."""

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
    clauses: dict[str, str] = field(default_factory=dict)
    deemed: dict[str, str] = field(default_factory=dict)
    excused: dict[str, str] = field(default_factory=dict)
    uses: list[dict[str, str]] = field(default_factory=list)
    split: bool = False
    minutes_no: str = ""
    due_on: date | None = None
    requested_at: datetime | None = None
    settled_at: datetime | None = None
    outcome: str = ""
    conclusion: str = ""
    in_file: bool = False


_ROW = "SELECT * FROM projections.consultation"
_OVERDUE = (
    " WHERE state = ANY(%s) AND due_on < %s AND (NOT missing <@ noted_overdue OR (state = %s AND NOT safety"
    " AND EXISTS (SELECT 1 FROM jsonb_array_elements_text(missing) AS silent WHERE clauses ? silent)))"
    " ORDER BY due_on LIMIT %s"
)


def consultation(read: Reader, consultation_id: UUID) -> ConsultationRow | None:
    return read.one(ConsultationRow, _ROW + " WHERE consultation_id = %s", (consultation_id,))


def of_case(read: Reader, case_id: UUID) -> list[ConsultationRow]:
    return read.rows(ConsultationRow, _ROW + " WHERE case_id = %s ORDER BY first_position", (case_id,))


def open_of_case(read: Reader, case_id: UUID) -> list[ConsultationRow]:
    """Consultations of a case that were requested and have not ended."""
    return read.rows(
        ConsultationRow, _ROW + " WHERE case_id = %s AND state = ANY(%s) ORDER BY first_position", (case_id, list(OPEN))
    )


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
    return read.rows(ConsultationRow, _ROW + " WHERE state = 'demanded' ORDER BY first_position LIMIT %s", (limit,))


def overdue(read: Reader, on: date, *, limit: int = 200) -> list[ConsultationRow]:
    """Open consultations past their due date with a silent body that was not noted yet, or whose silence a clause that
    it was told lets count and nobody has said so yet: for the timers."""
    return read.rows(
        ConsultationRow,
        _ROW + _OVERDUE,
        (list(OPEN), on, str(ConsultationState.OPINIONS_OPEN), limit),
    )


def _consultation_of(event: Event) -> tuple[UUID, ...]:
    if isinstance(event, (ConsultationRequired, ConsultationNoted)):
        return (consultation_stream(event.originator_id, event.cause),)
    return (event.originator_id,)


class Consultations(Projection):
    """Consultations, from the demand of the case to the conclusion."""

    NAME = "consultations"
    ZH = "会商"
    VERSION = 2
    rows = Table(
        "consultation", ConsultationRow, key=("consultation_id",), touched=_consultation_of,
        indexes=(
            "(first_position)", "(case_id, first_position)", "(state, first_position)", "(due_on)",
            "USING gin (invited jsonb_path_ops)", "USING gin (missing)",
        ),
    )  # fmt: skip

    def required(self, fact: ConsultationRequired) -> None:
        stream = consultation_stream(fact.originator_id, fact.cause)
        if self.rows.peek(stream) is None:
            self.rows.put(
                ConsultationRow(
                    consultation_id=stream, case_id=fact.originator_id, case_no=fact.case_no,
                    item_name=fact.item_name, cause=fact.cause, state=DEMANDED, safety=fact.safety,
                    position=self.position, first_position=self.position, question=fact.reason,
                    invited=_bodies(fact.bodies), missing=[b.code for b in fact.bodies],
                )
            )  # fmt: skip

    def requested(self, fact: ConsultationRequested) -> None:
        known = self.rows.peek(fact.originator_id)
        self.rows.put(
            ConsultationRow(
                consultation_id=fact.originator_id, case_id=fact.case_id, case_no=fact.case_no,
                item_name=fact.item_name, cause=fact.cause, state=ConsultationState.REQUESTED, safety=fact.safety,
                position=self.position, first_position=known.first_position if known else self.position,
                version=fact.originator_version, question=fact.question, complex=fact.complex,
                invited=_bodies(fact.invited), missing=[b.code for b in fact.invited], due_on=fact.due_on,
                requested_at=fact.occurred_at,
            )
        )  # fmt: skip

    def invited(self, fact: ConsultationInvited) -> None:
        row = self._became(fact, ConsultationState.OPINIONS_OPEN)
        if fact.silence_clause is not None:
            row.clauses = row.clauses | {fact.body.code: fact.silence_clause}

    def declared_complex(self, fact: ConsultationDeclaredComplex) -> None:
        row = self._became(fact)
        row.complex, row.due_on = True, fact.due_on

    def opinion_filed(self, fact: ConsultationOpinionFiled) -> None:
        row, organ = self._became(fact), fact.body.code
        row.opinions = row.opinions | {
            organ: {
                "opinion": str(fact.opinion), "reason": fact.reason, "legal_basis": fact.legal_basis,
                "conditions": fact.conditions, "filed_at": fact.occurred_at.isoformat(), "late": fact.late,
            }
        }  # fmt: skip
        row.missing = [code for code in row.missing if code != organ]
        row.excused = {code: why for code, why in row.excused.items() if code != organ}
        row.deemed = {code: clause for code, clause in row.deemed.items() if code != organ}
        row.objecting = [c for c, filed in row.opinions.items() if filed["opinion"] == Opinion.OBJECT]
        row.split = bool(row.objecting) and any(filed["opinion"] in AGREEING for filed in row.opinions.values())

    def opinion_overdue(self, fact: ConsultationOpinionOverdue) -> None:
        row = self._became(fact)
        row.noted_overdue = [*row.noted_overdue, fact.body.code]

    def opinion_deemed(self, fact: ConsultationOpinionDeemed) -> None:
        row = self._became(fact)
        row.deemed = row.deemed | {fact.body.code: fact.clause}
        row.missing = [code for code in row.missing if code != fact.body.code]

    def opinion_excused(self, fact: ConsultationOpinionExcused) -> None:
        row = self._became(fact)
        row.excused = row.excused | {fact.body.code: fact.reason}
        row.missing = [code for code in row.missing if code != fact.body.code]

    def escalated(self, fact: ConsultationEscalated) -> None:
        self._became(fact, ConsultationState.ESCALATED)

    def concluded(self, fact: ConsultationConcluded) -> None:
        row = self._became(fact, ConsultationState.CONCLUDED)
        row.outcome, row.conclusion, row.settled_at = fact.outcome, fact.conclusion, fact.occurred_at
        row.uses = _uses(fact.uses)

    def concluded_by_conference(self, fact: ConsultationConcludedByConference) -> None:
        row = self._became(fact, ConsultationState.CONCLUDED_BY_CONFERENCE)
        row.outcome, row.conclusion, row.settled_at = fact.outcome, fact.resolution, fact.occurred_at
        row.uses, row.minutes_no = _uses(fact.uses), fact.minutes_no

    def cancelled(self, fact: ConsultationCancelled) -> None:
        row = self._became(fact, ConsultationState.CANCELLED)
        row.conclusion, row.settled_at = fact.reason, fact.occurred_at

    def noted(self, fact: ConsultationNoted) -> None:
        row = self.rows.get(consultation_stream(fact.originator_id, fact.cause))
        if row is not None:
            row.in_file = True

    def _became(self, fact: Event, state: ConsultationState | None = None) -> ConsultationRow:
        row = self.rows[fact.originator_id]
        row.position, row.version, row.state = self.position, fact.originator_version, state or row.state
        return row


def _uses(uses: Iterable[OpinionUse]) -> list[dict[str, str]]:
    return [use.model_dump(mode="json") for use in uses]


def _bodies(bodies: Iterable[Body]) -> list[dict[str, str]]:
    return [{"code": b.code, "name": b.name} for b in bodies]
