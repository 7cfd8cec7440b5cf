"""应会商必会商: a consultation is opened when the item or a finding demands it; its outcome enters the file."""

from __future__ import annotations

from domain.approval_case.commands import NoteConsultation
from domain.approval_case.facts import ConsultationRequired
from domain.approval_case.words import Outcome
from domain.consultation import (
    ConsultationCancelled,
    ConsultationConcluded,
    ConsultationConcludedByConference,
    ConsultationOutcome,
    RequestConsultation,
)
from domain.policies.policy import Commands, Policy

OBJECTED = frozenset({ConsultationOutcome.OBJECTION_ADOPTED})


class ConsultWhenItemOrFindingDemands(Policy):
    ZH = "应会商必会商"

    def on_demand(self, fact: ConsultationRequired) -> Commands:
        yield RequestConsultation(
            case_id=fact.originator_id, case_no=fact.case_no, item_name=fact.item_name, invited=fact.bodies,
            question=f"请就「{fact.item_name}」提出意见:{fact.reason}"[:2000], cause=fact.cause, safety=fact.safety,
        )  # fmt: skip

    def on_conclusion(self, fact: ConsultationConcluded | ConsultationConcludedByConference) -> Commands:
        outcome = Outcome.OBJECTED if fact.outcome in OBJECTED else Outcome.SUPPORTED
        yield NoteConsultation(
            case_id=fact.case_id, consultation_id=fact.originator_id, cause=fact.cause, outcome=outcome,
            heard=fact.heard,
        )  # fmt: skip

    def on_cancellation(self, fact: ConsultationCancelled) -> Commands:
        yield NoteConsultation(
            case_id=fact.case_id, consultation_id=fact.originator_id, cause=fact.cause, outcome=Outcome.CANCELLED,
            heard=fact.heard,
        )  # fmt: skip
