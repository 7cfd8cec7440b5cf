"""监管信息成立即督促整改。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.policies.open_rectification_when_finding_stands import Demanded, OpenRectificationWhenFindingStands
from domain.supervision_finding import FindingHandled, FindingKind, FindingReceived, FindingResult, OpenRectification
from tests.domain.case_file import FINDING
from tests.specification import CASE, HEALTH, HOLDER, given

RECEIVED = FindingReceived(organ=HEALTH, finding_no="F-1", case_id=CASE, decide_by=date(2026, 3, 30))


@dataclass
class Standing:
    demanded: Demanded | None = None

    def rectification_demanded(self, finding_id: UUID) -> Demanded | None:
        return self.demanded if finding_id == FINDING else None


def policy(demanded: Demanded | None = None) -> OpenRectificationWhenFindingStands:
    return OpenRectificationWhenFindingStands(Standing(demanded))


def test_what_a_registered_finding_wants_mended_is_opened_with_its_date():
    wanted = Demanded("后厨须整改", date(2026, 3, 20))
    given(policy(wanted)).when(RECEIVED, stream=FINDING).then(
        OpenRectification(finding_id=FINDING, requirement="后厨须整改", rectify_by=date(2026, 3, 20))
    )


def test_without_a_date_of_its_own_it_is_due_with_the_answer():
    given(policy(Demanded("后厨须整改", None))).when(RECEIVED, stream=FINDING).then(
        OpenRectification(finding_id=FINDING, requirement="后厨须整改", rectify_by=date(2026, 3, 30))
    )


def test_it_does_nothing_when_the_finding_asks_for_no_rectification():
    given(policy()).when(RECEIVED, stream=FINDING).nothing()


def test_it_does_nothing_when_the_finding_is_answered():
    handled = FindingHandled(
        organ=HEALTH, finding_no="F-1", case_id=CASE, kind=FindingKind.INSPECTION, subject=HOLDER,
        result=FindingResult.ADOPTED, explanation="已责令整改", late=False,
    )  # fmt: skip
    given(policy(Demanded("后厨须整改", None))).when(handled, stream=FINDING).nothing()
