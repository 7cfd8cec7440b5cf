"""在办件随事项移交。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from domain.approval_case.commands import HandOverCase
from domain.policies.hand_running_cases_to_the_new_organ import GoesAlong, HandRunningCasesToTheNewOrgan
from tests.specification import BUREAU, CASE, HOUSING, MONDAY, OTHER_CASE, given

DUE = MONDAY.date()


@dataclass
class Items:
    cases: Sequence[GoesAlong] = ()
    asked: list[date] = field(default_factory=list)

    def going_along(self, on: date) -> Sequence[GoesAlong]:
        self.asked.append(on)
        return self.cases if on >= DUE else ()


def test_each_case_that_goes_along_is_handed_over_when_the_day_has_come():
    items = Items([GoesAlong(case, BUREAU, HOUSING, "市编办〔2026〕3 号") for case in (CASE, OTHER_CASE)])
    policy = HandRunningCasesToTheNewOrgan(items)
    given(policy).when_time_passes(MONDAY - timedelta(days=1)).nothing()
    given(policy).when_time_passes(MONDAY).then(
        *(
            HandOverCase(case_id=case, from_organ=BUREAU, to_organ=HOUSING, basis="市编办〔2026〕3 号")
            for case in (CASE, OTHER_CASE)
        )
    )
    assert items.asked == [DUE - timedelta(days=1), DUE]


def test_where_no_item_was_transferred_nothing_is_asked_for():
    given(HandRunningCasesToTheNewOrgan(Items())).when_time_passes(MONDAY).nothing()
