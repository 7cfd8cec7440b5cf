"""日历通知发布即重算在办件期限。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from domain.approval_case.commands import RecomputeDueDates
from domain.policies.recompute_open_cases_when_calendar_is_published import RecomputeOpenCasesWhenCalendarIsPublished
from tests.domain.case_file import accepted
from tests.specification import CASE, MONDAY, OTHER_CASE, given


@dataclass
class Told:
    cases: Sequence[UUID] = ()
    asked: list[date] = field(default_factory=list)

    def to_recompute(self, on: date) -> Sequence[UUID]:
        self.asked.append(on)
        return self.cases


def test_each_case_that_another_calendar_told_is_recomputed():
    policy = RecomputeOpenCasesWhenCalendarIsPublished(Told([CASE, OTHER_CASE]))
    given(policy).when_time_passes(MONDAY).then(RecomputeDueDates(case_id=CASE), RecomputeDueDates(case_id=OTHER_CASE))


def test_without_such_a_case_nothing_is_asked_and_no_fact_moves_it():
    policy = RecomputeOpenCasesWhenCalendarIsPublished(Told())
    given(policy).when_time_passes(MONDAY).nothing()
    given(policy).when(accepted()).nothing()


def test_the_calendar_is_that_of_the_day_at_the_place_and_not_of_the_machine():
    told = Told()
    given(RecomputeOpenCasesWhenCalendarIsPublished(told)).when_time_passes(datetime(2026, 3, 2, 16, tzinfo=UTC)).nothing()
    assert told.asked == [date(2026, 3, 3)]
