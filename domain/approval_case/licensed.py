"""Cases about a license that exists (变更、延续、注销): Articles 49, 50 and 70, and what silence grants."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case import refusals as r
from domain.approval_case.clocks import Clocks
from domain.approval_case.words import PROVISIONAL, UNDECIDED, CaseState
from domain.kernel.aggregate import Facts, Given
from domain.kernel.licensing import IN_FORCE, CaseSeen, GrantSeen, LicenseSeen, LicenseState, Validity
from domain.kernel.words import ItemTerms, Matter
from domain.rules.dates import business_date, end_of
from domain.rules.loader import time_limit

S = CaseState
ALLOWED = {
    Matter.ALTERATION: (LicenseState.VALID,),
    Matter.RENEWAL: IN_FORCE,
    Matter.CANCELLATION: tuple(s for s in LicenseState if s not in (LicenseState.NEW, LicenseState.CANCELLED)),
}
"""In which state a license must be for each matter."""

WAITING = tuple(state for state in UNDECIDED if state not in (S.AWAITING_CORRECTION, *PROVISIONAL))
"""States in which the organ owes the decision. While the applicant owes a correction, its silence is no consent."""


class Licensed(Clocks):
    """变更、延续、注销。"""

    def deem_renewal_granted(self, command: c.DeemRenewalGranted, given: Given) -> Facts:
        if self.state not in WAITING:
            return
        asked = self.renewal
        if asked is None or not asked.in_time:
            raise r.RenewalNotAskedInTime(case_no=self.case_no)
        expires = asked.valid_to
        assert expires is not None
        if given.today <= expires:
            raise r.RenewalStillToDecide(license_no=asked.license_no, valid_to=expires)
        self._license_stands(given)
        # The law decided when the last day was over; that somebody writes it down later changes nothing.
        given.occurred_at = end_of(expires)
        yield f.RenewalDeemedGranted(
            case_no=self.case_no, terms=self._terms, subject=self.subject, site=self.site, organ=self.organ,
            regulators=self._terms.regulators_at(self.site.region if self.site else None),
            accepted_by=self.accepted_by, matter=self.matter, license_id=self.license_id, bundle_id=self.bundle_id,
            content=f"逾期未作决定,视为准予延续证照 {asked.license_no}", expired_on=expires,
            validity=next_period(asked.validity, expires, self._terms),
            **self._after_decision(given, expires, granted=True),
        )  # fmt: skip

    def seen(self) -> CaseSeen:
        """The case as others see it."""
        fact = self.decision
        grant = None if fact is None else GrantSeen(
            case_id=self.id, case_no=fact.case_no, decision_id=fact.id, decided_on=business_date(fact.occurred_at),
            matter=fact.matter, license_id=fact.license_id, by_silence=isinstance(fact, f.RenewalDeemedGranted),
            item=fact.terms.item, item_name=fact.terms.name, item_version=fact.terms.version,
            license_type=fact.terms.license_type or "", annual_check=fact.terms.annual_check,
            renewal_days=fact.terms.renewal_days, subject=fact.subject, site=fact.site, organ=fact.organ,
            regulators=fact.regulators, document_no=fact.document_no, content=fact.content, validity=fact.validity,
        )  # fmt: skip
        reported = self.reported_facts
        return CaseSeen(
            forwarded=self.forwarded,
            case_id=self.id, undecided=self.state in WAITING, grant=grant, case_no=self.case_no,
            subject=self.subject or (reported.subject if reported else None), region=self._place,
        )  # fmt: skip

    def _asks_about(self, command: c.SubmitApplication, terms: ItemTerms, given: Given) -> Facts:
        """What an application about a license must name, and what it says of it."""
        if command.matter is Matter.NEW:
            return
        if command.license_id is None:
            raise r.LicenseNotNamed(matter=command.matter)
        license = given.look.license(command.license_id)
        if license is None:
            raise r.LicenseUnknown(license=command.license_id)
        if license.holder != command.subject.identifier:
            raise r.LicenseHeldByAnother(license_no=license.license_no)
        _must_allow(license, command.matter)
        if command.matter is Matter.RENEWAL:
            yield self._renewal(command.case_no, license, terms, given)

    def _renewal(self, case_no: str, license: LicenseSeen, terms: ItemTerms, given: Given) -> f.RenewalApplied:
        expires = license.validity.valid_to
        if expires is None:
            raise r.NothingToRenew(license_no=license.license_no)
        if given.today > expires:
            raise r.RenewalAfterExpiry(license_no=license.license_no, valid_to=expires)
        other = given.look.case(license.renewal_asked_by) if license.renewal_asked_by else None
        if other is not None and other.undecided:
            raise r.RenewalAskedAlready(license_no=license.license_no, case=other.case_id)
        ahead = terms.renewal_days or license.renewal_days or time_limit("renewal_request", on=given.today).value
        ask_by = expires - timedelta(days=ahead)
        return f.RenewalApplied(
            case_no=case_no, license_id=license.license_id, license_no=license.license_no, validity=license.validity,
            ask_by=ask_by, in_time=given.today <= ask_by,
        )  # fmt: skip

    def _license_stands(self, given: Given) -> LicenseSeen | None:
        """The license that the case is about must still be what the matter needs when it is decided."""
        if self.matter is Matter.NEW or self.license_id is None:
            return None
        license = given.look.license(self.license_id)
        if license is None:
            raise r.LicenseUnknown(license=self.license_id)
        _must_allow(license, self.matter)
        return license

    def _may_grant_on_license(self, validity: Validity, given: Given) -> None:
        license = self._license_stands(given)
        if license is None or self.matter is not Matter.RENEWAL:
            return
        expires, until = license.validity.valid_to, validity.valid_to
        if expires is not None and until is not None and until <= expires:
            raise r.RenewalMustExtend(valid_to=until, expires=expires)

    def _silence_has_not_granted(self, given: Given) -> None:
        """Where the license ended all the same, as it does while a correction is owed, silence has granted nothing."""
        asked = self.renewal
        if asked is None or not asked.in_time or asked.valid_to is None or given.today <= asked.valid_to:
            return
        license = given.look.license(asked.license_id)
        if license is not None and license.state in IN_FORCE:
            raise r.RenewalGrantedBySilence(license_no=asked.license_no, valid_to=asked.valid_to)


def _must_allow(license: LicenseSeen, matter: Matter) -> None:
    if license.state not in ALLOWED[matter]:
        raise r.LicenseNotInForce(license_no=license.license_no, state=license.state, matter=matter)


def next_period(last: Validity, expires: date, terms: ItemTerms) -> Validity:
    """The period that follows: as many months as the item says, else as long as the one that ends."""
    begins = expires + timedelta(days=1)
    months = terms.validity_months or _whole_months(last.valid_from, begins)
    if months is not None:
        return Validity(valid_from=begins, valid_to=_months_later(begins, months) - timedelta(days=1))
    return Validity(valid_from=begins, valid_to=begins + (expires - last.valid_from))


def _whole_months(first: date, after: date) -> int | None:
    """How many months lie between two days of the same number; none when the numbers differ."""
    months = (after.year - first.year) * 12 + after.month - first.month
    return months if first.day == after.day and months > 0 else None


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
