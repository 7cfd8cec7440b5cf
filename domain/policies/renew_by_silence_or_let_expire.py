"""期满即留痕: the day on which a license takes effect, is free again or is over comes only because somebody says so.

行政许可法第五十条: a renewal asked in time and undecided when the period ends is granted by silence, and the license goes
on; asked late or not at all, it expires (第七十条)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from domain.approval_case.commands import DeemRenewalGranted
from domain.license.commands import BringIntoEffect, EndSuspension, ExpireLicense
from domain.policies.policy import Commands, Policy
from domain.rules.dates import business_date


class DatesOfLicenses(Protocol):
    """What the policy must know of licenses: those for which a day has come by ``on`` and is not yet written down."""

    def to_take_effect(self, on: date) -> Sequence[UUID]:
        """Issued licenses whose period has begun."""

    def suspensions_over(self, on: date) -> Sequence[UUID]:
        """Suspended licenses whose suspension ended before the day."""

    def renewals_unanswered(self, on: date) -> Sequence[UUID]:
        """Undecided cases that asked in time to renew a license whose period ended before the day."""

    def expired(self, on: date) -> Sequence[UUID]:
        """Licenses whose period ended before the day and whose timely renewal nobody waits for."""


class RenewBySilenceOrLetExpire(Policy):
    ZH = "期满即留痕"

    def __init__(self, licenses: DatesOfLicenses) -> None:
        self.licenses = licenses

    def when_time_passes(self, at: datetime) -> Commands:
        today = business_date(at)
        for license_id in self.licenses.to_take_effect(today):
            yield BringIntoEffect(license_id=license_id)
        for license_id in self.licenses.suspensions_over(today):
            yield EndSuspension(license_id=license_id, reason="暂扣期满")
        for case_id in self.licenses.renewals_unanswered(today):
            yield DeemRenewalGranted(case_id=case_id)
        for license_id in self.licenses.expired(today):
            yield ExpireLicense(license_id=license_id)
