"""办件终结则会商取消。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import pytest

from domain.approval_case.facts import CaseArchived, CaseForwarded, CorrectionLapsed
from domain.approval_case.words import Opinion
from domain.consultation import CancelConsultation, ConsultationRequested
from domain.kernel.identity import stream_id
from domain.policies.cancel_consultation_when_case_ends import REASON, CancelConsultationWhenCaseEnds
from tests.domain.case_file import CONSULTATION, TERMINATED, WITHDRAWN, denied, granted
from tests.domain.consultation_file import REQUESTED
from tests.specification import CASE, HOUSING, given

OTHER = stream_id("consultation", 2026, "c-2")


@dataclass
class Known:
    """What is open of the case, and whether the case has ended."""

    open: Sequence[UUID] = ()
    ended: bool = True

    def has_ended(self, case_id: UUID) -> bool:
        return self.ended

    def open_of(self, case_id: UUID) -> Sequence[UUID]:
        return self.open if case_id == CASE else ()


def cancel(consultation: UUID) -> CancelConsultation:
    return CancelConsultation(consultation_id=consultation, reason=REASON)


FORWARDED = CaseForwarded(to=HOUSING, opinion=Opinion.PASS, document_no="报〔2026〕1号")


@pytest.mark.parametrize(
    "fact", [WITHDRAWN, TERMINATED, CorrectionLapsed(), granted(), denied(), FORWARDED],
    ids=lambda fact: type(fact).__name__,
)  # fmt: skip
def test_every_consultation_that_is_still_open_is_cancelled_when_its_case_ends(fact):
    policy = CancelConsultationWhenCaseEnds(Known([CONSULTATION, OTHER]))
    given(policy).when(fact, stream=CASE).then(cancel(CONSULTATION), cancel(OTHER))


def test_nothing_is_cancelled_while_the_case_goes_on():
    policy = CancelConsultationWhenCaseEnds(Known([CONSULTATION], ended=False))
    given(policy).when(WITHDRAWN, stream=CASE).nothing()
    given(policy).when(REQUESTED, stream=CONSULTATION).nothing()


def test_a_consultation_requested_after_the_case_has_ended_is_cancelled_too():
    policy = CancelConsultationWhenCaseEnds(Known())
    given(policy).when(REQUESTED, stream=CONSULTATION).then(cancel(CONSULTATION))


def test_it_sees_both_sides_before_it_reacts():
    assert set(CancelConsultationWhenCaseEnds.READS) == {"case_register", "consultations"}
    assert ConsultationRequested in CancelConsultationWhenCaseEnds.reacts_to()


def test_it_does_nothing_when_no_consultation_is_open_or_the_case_is_only_filed_away():
    given(CancelConsultationWhenCaseEnds(Known())).when(WITHDRAWN, stream=CASE).nothing()
    given(CancelConsultationWhenCaseEnds(Known([CONSULTATION]))).when(
        CaseArchived(archive_no="2026-1"), stream=CASE
    ).nothing()
