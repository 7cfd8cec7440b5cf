"""办件终结,会商取消: a consultation that is still open when its case has ended is cancelled, and everybody is told.

Nobody shall write an opinion on an application that was withdrawn. The case may end before the consultation that it
demanded was requested: so the request is looked at too, and whichever of the two comes later finds the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from domain.approval_case.facts import CaseOver
from domain.consultation import CancelConsultation, ConsultationRequested
from domain.policies.policy import Commands, Policy

REASON = "办件已终结,无需继续会商。The case has ended, so no opinion is needed any more."


class OpenConsultations(Protocol):
    """What the policy must know."""

    def has_ended(self, case_id: UUID) -> bool:
        """Whether a case is decided, withdrawn or otherwise over."""

    def open_of(self, case_id: UUID) -> Sequence[UUID]:
        """Consultations of a case that wait for opinions or for the conference."""


class CancelConsultationWhenCaseEnds(Policy):
    ZH = "办件终结则会商取消"
    READS = ("case_register", "consultations")

    def __init__(self, known: OpenConsultations) -> None:
        self.known = known

    def on_end(self, fact: CaseOver) -> Commands:
        # Nearly every case that ends has none open: the cheaper question goes first.
        waiting = self.known.open_of(fact.originator_id)
        if waiting and self.known.has_ended(fact.originator_id):
            for consultation_id in waiting:
                yield CancelConsultation(consultation_id=consultation_id, reason=REASON)

    def on_request(self, fact: ConsultationRequested) -> Commands:
        if self.known.has_ended(fact.case_id):
            yield CancelConsultation(consultation_id=fact.originator_id, reason=REASON)
