"""新通知一出,在办件期限重算: once a calendar notice is known here, open cases are told their dates anew.

A limit that runs into a year without a calendar has no last day; a local closure moves one that was told. The case
itself compares what was told with what holds now and leaves everything alone that did not move."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from domain.approval_case.commands import RecomputeDueDates
from domain.policies.policy import Commands, Policy
from domain.rules.dates import business_date


class ToldByAnotherCalendar(Protocol):
    """What the policy must know: whose dates another calendar told than the one that is known on a day."""

    def to_recompute(self, on: date) -> Sequence[UUID]:
        """Open cases with a date that comes out otherwise, or for the first time; a bounded number of them."""


class RecomputeOpenCasesWhenCalendarIsPublished(Policy):
    ZH = "日历通知发布即重算在办件期限"

    def __init__(self, cases: ToldByAnotherCalendar) -> None:
        self.cases = cases

    def when_time_passes(self, at: datetime) -> Commands:
        for case_id in self.cases.to_recompute(business_date(at)):
            yield RecomputeDueDates(case_id=case_id)
