"""决定入册: what a case decides and issues is entered on its license: registered, altered, renewed, cancelled, reissued.

行政许可法第三十九条、第四十九条、第五十条: one case makes one license; the cases that follow change it and make no second."""

from __future__ import annotations

from domain.approval_case.facts import (
    DecisionGranted,
    LicenseIssued,
    RenewalApplied,
    RenewalDeemedGranted,
)
from domain.kernel.words import Matter
from domain.license.commands import (
    AlterLicense,
    CancelAsApplied,
    NoteRenewalAsked,
    RegisterLicense,
    ReissueDocument,
    RenewLicense,
)
from domain.policies.policy import Commands, Policy

CARRIED = {Matter.ALTERATION: AlterLicense, Matter.RENEWAL: RenewLicense, Matter.CANCELLATION: CancelAsApplied}


class CarryDecisionOntoLicense(Policy):
    ZH = "决定入册"

    def on_renewal_asked(self, fact: RenewalApplied) -> Commands:
        yield NoteRenewalAsked(
            license_id=fact.license_id, case=fact.originator_id, case_no=fact.case_no, ask_by=fact.ask_by,
            in_time=fact.in_time,
        )  # fmt: skip

    def on_grant(self, fact: DecisionGranted | RenewalDeemedGranted) -> Commands:
        carried = CARRIED.get(fact.matter)
        if carried is not None and fact.license_id is not None:
            yield carried(license_id=fact.license_id, case=fact.originator_id)

    def on_issue(self, fact: LicenseIssued) -> Commands:
        document = {"license_no": fact.license_no, "e_license_id": fact.e_license_id, "digest": fact.digest}
        if fact.license_id is None:
            yield RegisterLicense(case_id=fact.originator_id, **document)
        else:
            yield ReissueDocument(license_id=fact.license_id, case=fact.originator_id, **document)
