"""决定入册。"""

from __future__ import annotations

from datetime import date

import pytest

from domain.approval_case.facts import LicenseIssued, RenewalApplied, RenewalDeemedGranted
from domain.kernel.identity import license_stream
from domain.kernel.licensing import Validity
from domain.kernel.words import Matter
from domain.license.commands import (
    AlterLicense,
    CancelAsApplied,
    NoteRenewalAsked,
    RegisterLicense,
    ReissueDocument,
    RenewLicense,
)
from domain.policies.carry_decision_onto_license import CarryDecisionOntoLicense
from tests.domain.case_file import decision, denied, granted
from tests.specification import CASE, CASE_NO, OTHER_CASE, given

LICENSE = license_stream(OTHER_CASE)
POLICY = CarryDecisionOntoLicense()
DIGEST = "ab" * 32


def test_what_a_case_about_a_new_license_issues_is_registered():
    issued = LicenseIssued(license_no="JY-1", digest=DIGEST, e_license_id="1.2")
    given(POLICY).when(issued, stream=CASE).then(
        RegisterLicense(case_id=CASE, license_no="JY-1", digest=DIGEST, e_license_id="1.2")
    )


def test_what_was_issued_before_licenses_were_kept_is_registered_too():
    """The first version of the fact names neither matter nor license."""
    old = LicenseIssued.model_validate({"license_no": "JY-1"})
    given(POLICY).when(old, stream=CASE).then(RegisterLicense(case_id=CASE, license_no="JY-1"))


def test_the_document_of_a_later_case_belongs_to_the_license_that_exists():
    issued = LicenseIssued(license_no="JY-2", digest=DIGEST, matter=Matter.RENEWAL, license_id=LICENSE)
    given(POLICY).when(issued, stream=CASE).then(
        ReissueDocument(license_id=LICENSE, case=CASE, license_no="JY-2", digest=DIGEST)
    )


@pytest.mark.parametrize(
    ("matter", "command"),
    [(Matter.ALTERATION, AlterLicense), (Matter.RENEWAL, RenewLicense), (Matter.CANCELLATION, CancelAsApplied)],
)
def test_a_grant_about_a_license_changes_it(matter, command):
    fact = granted(matter=matter, license_id=LICENSE)
    given(POLICY).when(fact, stream=CASE).then(command(license_id=LICENSE, case=CASE))


def test_what_silence_granted_renews_the_license():
    validity = Validity(valid_from=date(2026, 4, 2), valid_to=date(2031, 4, 1))
    fact = RenewalDeemedGranted(
        **decision(matter=Matter.RENEWAL, license_id=LICENSE), content="视为准予延续", validity=validity,
        expired_on=date(2026, 4, 1),
    )  # fmt: skip
    given(POLICY).when(fact, stream=CASE).then(RenewLicense(license_id=LICENSE, case=CASE))


def test_a_renewal_that_is_asked_is_noted_on_the_license():
    asked = RenewalApplied(
        case_no=CASE_NO, license_id=LICENSE, license_no="JY-1", ask_by=date(2026, 3, 2), in_time=True,
        validity=Validity(valid_from=date(2021, 4, 2), valid_to=date(2026, 4, 1)),
    )  # fmt: skip
    given(POLICY).when(asked, stream=CASE).then(
        NoteRenewalAsked(license_id=LICENSE, case=CASE, case_no=CASE_NO, ask_by=date(2026, 3, 2), in_time=True)
    )


@pytest.mark.parametrize("fact", [granted(), denied(), denied(matter=Matter.RENEWAL, license_id=LICENSE)])
def test_a_grant_of_a_new_license_and_a_denial_change_none(fact):
    given(POLICY).when(fact, stream=CASE).nothing()
