"""逾期即留痕: a deadline passes only because somebody says so; this policy says it, once for each.

Silence in the intake makes an application accepted (行政许可法第三十二条); a missing opinion, an absent body and a
finding left lying are written down, so that rules and boards rest on facts and not on the reader's clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from domain.approval_case.commands import (
    DeemAccepted,
    LapseCorrection,
    LapseHearing,
    LapseProvisional,
    LapseTolerance,
    NoteHearingOverdue,
)
from domain.commitment.commands import NoteCommitmentOverdue
from domain.consultation import NoteOpinionOverdue
from domain.joint_inspection.commands import NoteAbsence, NoteResultOverdue
from domain.policies.policy import Commands, Policy
from domain.rules.dates import business_date
from domain.supervision_finding import FindingDuty, NoteFindingOverdue


class Overdue(Protocol):
    """What the policy must know: streams whose date has passed before ``on`` and is not yet noted."""

    def intakes(self, on: date) -> Sequence[UUID]:
        """Cases received without any notice."""

    def corrections(self, on: date) -> Sequence[UUID]:
        """Cases whose correction never came."""

    def tolerances(self, on: date) -> Sequence[UUID]:
        """Cases whose tolerated materials never came."""

    def provisionals(self, on: date) -> Sequence[UUID]:
        """Provisional approvals whose outstanding materials never came."""

    def hearing_requests(self, on: date) -> Sequence[UUID]:
        """Cases in which nobody asked for the hearing that was told of."""

    def hearings(self, on: date) -> Sequence[UUID]:
        """Cases whose hearing was not held."""

    def consultations(self, on: date) -> Sequence[UUID]:
        """Consultations with opinions missing."""

    def inspections(self, on: date) -> Sequence[UUID]:
        """Joint inspections whose window has passed with a body absent."""

    def inspection_results(self, on: date) -> Sequence[UUID]:
        """Joint inspections where a body that was there has not signed in time."""

    def findings(self, on: date) -> Sequence[tuple[UUID, FindingDuty]]:
        """Findings with a duty not met in time, and which."""

    def commitments(self, on: date) -> Sequence[UUID]:
        """Commitments that nobody checked, or mended, in time."""


class NoteWhatIsOverdue(Policy):
    ZH = "逾期即留痕"

    def __init__(self, overdue: Overdue) -> None:
        self.overdue = overdue

    def when_time_passes(self, at: datetime) -> Commands:
        today = business_date(at)
        for case_id in self.overdue.intakes(today):
            yield DeemAccepted(case_id=case_id)
        for case_id in self.overdue.corrections(today):
            yield LapseCorrection(case_id=case_id)
        for case_id in self.overdue.tolerances(today):
            yield LapseTolerance(case_id=case_id)
        for case_id in self.overdue.provisionals(today):
            yield LapseProvisional(case_id=case_id)
        for case_id in self.overdue.hearing_requests(today):
            yield LapseHearing(case_id=case_id)
        for case_id in self.overdue.hearings(today):
            yield NoteHearingOverdue(case_id=case_id)
        for consultation_id in self.overdue.consultations(today):
            yield NoteOpinionOverdue(consultation_id=consultation_id)
        for inspection_id in self.overdue.inspections(today):
            yield NoteAbsence(inspection_id=inspection_id)
        for inspection_id in self.overdue.inspection_results(today):
            yield NoteResultOverdue(inspection_id=inspection_id)
        for finding_id, duty in self.overdue.findings(today):
            yield NoteFindingOverdue(finding_id=finding_id, duty=duty)
        for commitment_id in self.overdue.commitments(today):
            yield NoteCommitmentOverdue(commitment_id=commitment_id)
