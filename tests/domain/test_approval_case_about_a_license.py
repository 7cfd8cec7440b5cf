"""变更、延续、注销办件: what an application about a license must name, in which time, and what silence grants."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case import refusals as r
from domain.approval_case.licensed import next_period
from domain.approval_case.words import CaseState
from domain.kernel.aggregate import Look
from domain.kernel.event import GRANTED
from domain.kernel.identity import license_stream
from domain.kernel.licensing import CaseSeen, LicenseSeen, LicenseState, Validity
from domain.kernel.refusal import MalformedIdentifier, RoleMayNot
from domain.kernel.words import ItemTerms, Matter
from domain.rules.dates import business_date, end_of
from tests.domain.case_file import DENY, FILE, GRANT, ITEM, MARKET, SUBMIT, TERMS, TODAY, decision, granted, submitted
from tests.specification import (
    ACCEPTOR,
    APPLICANT,
    CASE,
    CASE_NO,
    DECIDER,
    FRIDAY,
    HOLDER,
    MONDAY,
    OTHER_CASE,
    PLATFORM,
    given,
    said,
)

S, L = CaseState, LicenseState
LICENSE = license_stream(OTHER_CASE)
EXPIRES = date(2026, 4, 1)
"""Thirty calendar days after MONDAY: asked today is asked in time, tomorrow is late."""
PERIOD = Validity(valid_from=date(2021, 4, 2), valid_to=EXPIRES)
AFTER = MONDAY + timedelta(days=31)


@dataclass(frozen=True)
class Sight(Look):
    terms: ItemTerms = TERMS
    seen: LicenseSeen | None = None
    other: CaseSeen | None = None

    def item(self, item: str, on: date) -> ItemTerms:
        return self.terms

    def license(self, license_id: UUID) -> LicenseSeen | None:
        return self.seen if license_id == LICENSE else None

    def case(self, case_id: UUID) -> CaseSeen | None:
        return self.other


def license(state: LicenseState = L.VALID, **changed: Any) -> LicenseSeen:
    fields = {
        "license_id": LICENSE, "license_no": "JY1371502", "state": state, "holder": HOLDER.identifier, "item": ITEM,
        "validity": PERIOD,
    } | changed  # fmt: skip
    return LicenseSeen(**fields)


SIGHT = Sight(seen=license())


def ask(matter: Matter, **changed: Any) -> c.SubmitApplication:
    return SUBMIT.model_copy(update={"matter": matter, "license_id": LICENSE, **changed})


def application(matter: Matter) -> f.ApplicationSubmitted:
    return submitted(matter=matter, license_id=LICENSE)


def renewal_applied(*, in_time: bool = True) -> f.RenewalApplied:
    return f.RenewalApplied(
        case_no=CASE_NO, license_id=LICENSE, license_no="JY1371502", validity=PERIOD, ask_by=date(2026, 3, 2),
        in_time=in_time,
    )  # fmt: skip


def file(state: CaseState, *, in_time: bool = True, matter: Matter = Matter.RENEWAL) -> tuple:
    asked = (renewal_applied(in_time=in_time),) if matter is Matter.RENEWAL else ()
    return (application(matter), *asked, *FILE[state][1:])


# What is asked


@pytest.mark.parametrize("matter", [Matter.ALTERATION, Matter.CANCELLATION])
def test_an_application_about_a_license_names_it(matter):
    given(look=SIGHT).when(ask(matter), by=APPLICANT).then(application(matter))


def test_a_renewal_says_until_when_it_had_to_be_asked_and_that_it_was():
    given(look=SIGHT).when(ask(Matter.RENEWAL), by=APPLICANT).then(application(Matter.RENEWAL), renewal_applied())


def test_a_renewal_asked_less_than_thirty_days_ahead_is_late_handled_and_visible():
    late = given(look=SIGHT).when(ask(Matter.RENEWAL), by=APPLICANT, at=MONDAY + timedelta(days=1))
    late.then(application(Matter.RENEWAL), renewal_applied(in_time=False))


@pytest.mark.parametrize(("days", "in_time"), [(10, True), (60, False)])
def test_an_item_may_say_otherwise_how_long_ahead(days, in_time):
    look = replace(SIGHT, terms=TERMS.model_copy(update={"renewal_days": days}))
    fact = given(look=look).when(ask(Matter.RENEWAL), by=APPLICANT).facts[1]
    assert (fact.ask_by, fact.in_time) == (EXPIRES - timedelta(days=days), in_time)


@pytest.mark.parametrize("matter", [Matter.ALTERATION, Matter.RENEWAL, Matter.CANCELLATION])
def test_what_names_no_license_an_unknown_one_or_that_of_another_holder_is_refused(matter):
    given(look=SIGHT).when(ask(matter, license_id=None), by=APPLICANT).refused(r.LicenseNotNamed, matter=matter)
    given(look=Sight()).when(ask(matter), by=APPLICANT).refused(r.LicenseUnknown)
    other = Sight(seen=license(holder="91371500MA3X00010C"))
    given(look=other).when(ask(matter), by=APPLICANT).refused(r.LicenseHeldByAnother)


POSSIBLE = {
    Matter.ALTERATION: {L.VALID},
    Matter.RENEWAL: {L.VALID, L.SUSPENDED},
    Matter.CANCELLATION: set(L) - {L.NEW, L.CANCELLED},
}


@pytest.mark.parametrize("matter", POSSIBLE)
@pytest.mark.parametrize("state", [one for one in L if one is not L.NEW])
def test_the_state_of_the_license_must_allow_what_is_asked(matter, state):
    decided = given(look=Sight(seen=license(state))).when(ask(matter), by=APPLICANT)
    if state in POSSIBLE[matter]:
        assert decided.refusal is None
    else:
        decided.refused(r.LicenseNotInForce, state=state, matter=matter)


def test_what_does_not_expire_or_has_expired_is_not_renewed():
    endless = Sight(seen=license(validity=Validity(valid_from=TODAY)))
    given(look=endless).when(ask(Matter.RENEWAL), by=APPLICANT).refused(r.NothingToRenew)
    given(look=SIGHT).when(ask(Matter.RENEWAL), by=APPLICANT, at=AFTER).refused(r.RenewalAfterExpiry)


def test_a_renewal_is_not_asked_twice_while_the_first_waits():
    twice = Sight(seen=license(renewal_asked_by=OTHER_CASE), other=CaseSeen(case_id=OTHER_CASE, undecided=True))
    given(look=twice).when(ask(Matter.RENEWAL), by=APPLICANT).refused(r.RenewalAskedAlready, case=OTHER_CASE)
    over = replace(twice, other=CaseSeen(case_id=OTHER_CASE, undecided=False))
    assert given(look=over).when(ask(Matter.RENEWAL), by=APPLICANT).refusal is None


def test_a_new_license_asks_about_no_other():
    given(look=Sight()).when(SUBMIT, by=APPLICANT).then(submitted())


# What is decided


@pytest.mark.parametrize("matter", [Matter.ALTERATION, Matter.RENEWAL, Matter.CANCELLATION])
def test_a_grant_says_what_it_grants_and_about_which_license(matter):
    decided = given(*file(S.EXAMINED, matter=matter), look=SIGHT).when(GRANT, by=DECIDER).then(f.DecisionGranted)
    assert (decided.facts[0].matter, decided.facts[0].license_id) == (matter, LICENSE)
    assert decided.aggregate.seen().grant.matter is matter


@pytest.mark.parametrize("matter", [Matter.ALTERATION, Matter.RENEWAL])
def test_nothing_is_granted_on_a_license_that_has_ended_meanwhile(matter):
    ended = Sight(seen=license(L.REVOKED))
    given(*file(S.EXAMINED, matter=matter), look=ended).when(GRANT, by=DECIDER).refused(r.LicenseNotInForce)


def test_a_granted_renewal_extends_the_license():
    short = GRANT.model_copy(update={"validity": Validity(valid_from=TODAY, valid_to=EXPIRES)})
    given(*file(S.EXAMINED), look=SIGHT).when(short, by=DECIDER).refused(r.RenewalMustExtend, expires=EXPIRES)


def test_what_silence_has_granted_is_not_denied_any_more():
    given(*file(S.EXAMINED), look=SIGHT).when(DENY, by=DECIDER, at=AFTER).refused(r.RenewalGrantedBySilence)
    given(*file(S.EXAMINED), look=SIGHT).when(DENY, by=DECIDER, at=FRIDAY).then(f.DecisionDenied)
    expired = Sight(seen=license(L.EXPIRED))
    given(*file(S.EXAMINED), look=expired).when(DENY, by=DECIDER, at=AFTER).then(f.DecisionDenied)
    given(*file(S.EXAMINED, in_time=False), look=SIGHT).when(DENY, by=DECIDER, at=AFTER).then(f.DecisionDenied)


# Silence (第五十条第二款)

DEEM = c.DeemRenewalGranted(case_id=CASE)
WAITING = (S.SUBMITTED, S.RECEIVED, S.ACCEPTED, S.EXAMINING, S.SUSPENDED, S.EXAMINED)


@pytest.mark.parametrize("state", WAITING)
def test_a_renewal_asked_in_time_and_undecided_at_expiry_counts_as_granted(state):
    decided = given(*file(state), look=SIGHT).when(DEEM, by=PLATFORM, at=AFTER).then(f.RenewalDeemedGranted)
    fact = decided.facts[0]
    assert decided.aggregate.state is S.GRANTED
    assert (fact.milestone, fact.matter, fact.license_id) == (GRANTED, Matter.RENEWAL, LICENSE)
    assert (fact.expired_on, fact.regulators, fact.document_no) == (EXPIRES, (MARKET,), "")
    assert fact.validity == Validity(valid_from=date(2026, 4, 2), valid_to=date(2031, 4, 1))
    assert decided.aggregate.seen().grant.by_silence


def test_it_takes_effect_with_the_last_day_however_late_somebody_writes_it_down():
    much_later = AFTER + timedelta(days=20)
    fact = given(*file(S.EXAMINED), look=SIGHT).when(DEEM, by=PLATFORM, at=much_later).facts[0]
    assert (fact.occurred_at, fact.recorded_at) == (end_of(EXPIRES), much_later)
    assert business_date(fact.occurred_at) == EXPIRES


def test_the_last_day_itself_is_still_for_deciding():
    day = datetime.combine(EXPIRES, MONDAY.timetz())
    given(*file(S.EXAMINED), look=SIGHT).when(DEEM, by=PLATFORM, at=day).refused(r.RenewalStillToDecide)


def test_silence_grants_nothing_that_was_asked_late_or_is_no_renewal():
    for facts in (file(S.EXAMINED, in_time=False), file(S.EXAMINED, matter=Matter.ALTERATION), FILE[S.EXAMINED]):
        given(*facts, look=SIGHT).when(DEEM, by=PLATFORM, at=AFTER).refused(r.RenewalNotAskedInTime)


@pytest.mark.parametrize("state", [one for one in FILE if one not in WAITING])
def test_where_the_organ_has_spoken_there_is_no_silence(state):
    given(*file(state), look=SIGHT).when(DEEM, by=PLATFORM, at=AFTER).nothing()


def test_silence_revives_no_license_that_has_ended():
    given(*file(S.EXAMINED), look=Sight(seen=license(L.REVOKED))).when(DEEM, by=PLATFORM, at=AFTER).refused(
        r.LicenseNotInForce
    )


def test_only_the_platform_says_that_silence_granted():
    given(*file(S.EXAMINED), look=SIGHT).when(DEEM, by=DECIDER, at=AFTER).refused(RoleMayNot)


@pytest.mark.parametrize(
    ("first", "last", "months", "expected"),
    [
        (date(2021, 4, 2), date(2026, 4, 1), None, date(2031, 4, 1)),
        (date(2021, 4, 2), date(2026, 4, 1), 36, date(2029, 4, 1)),
        (date(2024, 3, 1), date(2026, 2, 28), None, date(2028, 2, 29)),
        (date(2026, 1, 10), date(2026, 2, 28), None, date(2026, 4, 19)),
        (date(2023, 1, 31), date(2026, 1, 30), 1, date(2026, 2, 27)),
    ],
    ids=["as long as before", "as the item says", "to the end of a leap February", "by days", "a short month"],
)
def test_the_next_period_is_as_long_as_the_item_says_or_as_the_last_one_was(first, last, months, expected):
    terms = TERMS.model_copy(update={"validity_months": months})
    following = next_period(Validity(valid_from=first, valid_to=last), last, terms)
    assert following == Validity(valid_from=last + timedelta(days=1), valid_to=expected)


# Documents


def test_the_document_of_a_renewal_says_which_license_it_belongs_to():
    facts = (*file(S.EXAMINED), granted(matter=Matter.RENEWAL, license_id=LICENSE))
    issue = c.IssueLicense(case_id=CASE, license_no="JY1371502-2", digest="cd" * 32)
    fact = given(*facts, look=SIGHT).when(issue, by=DECIDER).facts[0]
    assert (fact.matter, fact.license_id, fact.license_no) == (Matter.RENEWAL, LICENSE, "JY1371502-2")


def test_a_cancellation_issues_nothing_and_its_decision_is_served_and_concluded():
    facts = (*file(S.EXAMINED, matter=Matter.CANCELLATION), granted(matter=Matter.CANCELLATION, license_id=LICENSE))
    given(*facts).when(c.IssueLicense(case_id=CASE, license_no="X"), by=DECIDER).refused(r.NothingToIssue)
    served = given(*facts).when(c.DeliverLicense(case_id=CASE, how="送达决定书"), by=ACCEPTOR).then(f.LicenseDelivered)
    served.and_when(c.ConcludeCase(case_id=CASE), by=ACCEPTOR).then(f.CaseConcluded)


def test_an_electronic_identifier_that_fails_its_check_is_not_issued():
    issue = c.IssueLicense(case_id=CASE, license_no="JY1", e_license_id="1.2.156.3005.2.nonsense")
    given(*FILE[S.GRANTED]).when(issue, by=DECIDER).refused(MalformedIdentifier)


def test_a_case_that_is_not_granted_shows_no_grant_to_a_license():
    denied = given(*file(S.EXAMINED), look=SIGHT).when(DENY, by=DECIDER).aggregate.seen()
    assert (denied.undecided, denied.grant) == (False, None)
    correcting = given(*file(S.AWAITING_CORRECTION)).when(DEEM, by=PLATFORM).aggregate.seen()
    assert not correcting.undecided, "the organ has spoken: while the applicant owes, its silence is no consent"
    assert decision()["regulators"] == (MARKET,)
    assert said(renewal_applied()).telling("zh").startswith("申请延续证照 JY1371502(有效期至 2026-04-01)")
