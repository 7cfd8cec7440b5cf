"""逾期即留痕。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from domain.approval_case.commands import (
    DeemAccepted,
    LapseCorrection,
    LapseHearing,
    LapseProvisional,
    LapseTolerance,
    NoteHearingOverdue,
)
from domain.commitment.commands import NoteCommitmentOverdue, commitment_stream
from domain.consultation import NoteOpinionOverdue
from domain.joint_inspection.commands import NoteAbsence, NoteResultOverdue
from domain.policies.note_what_is_overdue import NoteWhatIsOverdue
from domain.supervision_finding import FindingDuty, NoteFindingOverdue
from tests.domain.case_file import CONSULTATION, FINDING, INSPECTION, accepted
from tests.specification import CASE, MONDAY, OTHER_CASE, given


@dataclass
class Lying:
    """What lies overdue, and for which day it was asked."""

    found: dict[str, Sequence[UUID | tuple[UUID, FindingDuty]]] = field(default_factory=dict)
    asked: set[date] = field(default_factory=set)

    def __getattr__(self, kind: str):
        if kind not in KINDS:
            raise AttributeError(kind)

        def overdue(on: date):
            self.asked.add(on)
            return self.found.get(kind, ())

        return overdue


COMMITMENT = commitment_stream(CASE)
KINDS = {
    "intakes": (CASE, DeemAccepted(case_id=CASE)),
    "corrections": (CASE, LapseCorrection(case_id=CASE)),
    "tolerances": (CASE, LapseTolerance(case_id=CASE)),
    "provisionals": (CASE, LapseProvisional(case_id=CASE)),
    "hearing_requests": (CASE, LapseHearing(case_id=CASE)),
    "hearings": (CASE, NoteHearingOverdue(case_id=CASE)),
    "consultations": (CONSULTATION, NoteOpinionOverdue(consultation_id=CONSULTATION)),
    "inspections": (INSPECTION, NoteAbsence(inspection_id=INSPECTION)),
    "commitments": (COMMITMENT, NoteCommitmentOverdue(commitment_id=COMMITMENT)),
    "inspection_results": (INSPECTION, NoteResultOverdue(inspection_id=INSPECTION)),
    "findings": (
        (FINDING, FindingDuty.DECIDE),
        NoteFindingOverdue(finding_id=FINDING, duty=FindingDuty.DECIDE),
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_lies_overdue_is_said(kind):
    found, command = KINDS[kind]
    given(NoteWhatIsOverdue(Lying({kind: [found]}))).when_time_passes(MONDAY).then(command)


def test_everything_overdue_is_said_at_one_beat():
    lying = Lying({"intakes": [CASE, OTHER_CASE], "tolerances": [CASE], "consultations": [CONSULTATION]})
    given(NoteWhatIsOverdue(lying)).when_time_passes(MONDAY).then(
        DeemAccepted, DeemAccepted, LapseTolerance, NoteOpinionOverdue
    )


def test_it_does_nothing_when_nothing_is_overdue():
    given(NoteWhatIsOverdue(Lying())).when_time_passes(MONDAY).nothing()


def test_it_does_nothing_when_a_fact_comes_for_only_time_moves_it():
    given(NoteWhatIsOverdue(Lying({"intakes": [CASE]}))).when(accepted()).nothing()


@pytest.mark.parametrize(("hour", "day"), [(0, 2), (15, 2), (16, 3), (23, 3)])
def test_the_day_is_that_of_the_place_and_not_of_the_machine(hour, day):
    lying = Lying()
    given(NoteWhatIsOverdue(lying)).when_time_passes(datetime(2026, 3, 2, hour, tzinfo=UTC)).nothing()
    assert lying.asked == {date(2026, 3, day)}


def test_an_order_that_is_refused_at_every_beat_has_one_cause_a_day():
    policy = NoteWhatIsOverdue(Lying({"intakes": [CASE]}))
    beats = [MONDAY, MONDAY + timedelta(seconds=1), MONDAY + timedelta(days=1)]
    assert len({policy.orders_at(at)[0].cause_id for at in beats}) == 2
