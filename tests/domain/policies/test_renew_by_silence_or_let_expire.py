"""期满即留痕。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.approval_case.commands import DeemRenewalGranted
from domain.license.commands import BringIntoEffect, EndSuspension, ExpireLicense
from domain.policies.renew_by_silence_or_let_expire import RenewBySilenceOrLetExpire
from tests.domain.license_file import THIS, TODAY
from tests.specification import MONDAY, OTHER_CASE, given


@dataclass
class Dates:
    effect: Sequence[UUID] = ()
    suspended: Sequence[UUID] = ()
    silent: Sequence[UUID] = ()
    over: Sequence[UUID] = ()

    def _on(self, on: date, found: Sequence[UUID]) -> Sequence[UUID]:
        assert on == TODAY
        return found

    def to_take_effect(self, on: date) -> Sequence[UUID]:
        return self._on(on, self.effect)

    def suspensions_over(self, on: date) -> Sequence[UUID]:
        return self._on(on, self.suspended)

    def renewals_unanswered(self, on: date) -> Sequence[UUID]:
        return self._on(on, self.silent)

    def expired(self, on: date) -> Sequence[UUID]:
        return self._on(on, self.over)


def test_each_day_that_has_come_is_written_down():
    dates = Dates(effect=[THIS], suspended=[THIS], silent=[OTHER_CASE], over=[THIS])
    given(RenewBySilenceOrLetExpire(dates)).when_time_passes(MONDAY).then(
        BringIntoEffect(license_id=THIS), EndSuspension(license_id=THIS, reason="暂扣期满"),
        DeemRenewalGranted(case_id=OTHER_CASE), ExpireLicense(license_id=THIS),
    )  # fmt: skip


def test_a_day_on_which_nothing_falls_due_asks_for_nothing():
    given(RenewBySilenceOrLetExpire(Dates())).when_time_passes(MONDAY).nothing()
