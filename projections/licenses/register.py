"""How facts make, change and end licenses, and what of the cases about them is remembered."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from domain.approval_case import facts as case
from domain.kernel.event import Event
from domain.kernel.licensing import LicenseState
from domain.license import facts as f
from domain.license.words import ENDED, exchange_code
from domain.rules.dates import business_date
from projections.licenses.checks import CheckRow
from projections.licenses.rows import LicenseRow, RenewalRow
from projections.view import Projection, Table

S = LicenseState

Ended = (
    case.DecisionDenied | case.CaseWithdrawn | case.CaseTerminated | case.CorrectionLapsed | case.ToleranceLapsed
    | case.PermitNotRequired | case.AcceptanceRefused
)  # fmt: skip
ENDINGS: Sequence[type[Event]] = (
    f.LicenseExpired, f.LicenseWithdrawn, f.LicenseRevoked, f.LicensePenaltyRevoked, f.CancellationGroundArose,
)  # fmt: skip


def _license_of(event: Event) -> tuple[UUID, ...]:
    if isinstance(event, f.LicenseFact):
        return (event.originator_id,)
    return (event.license_id,) if isinstance(event, case.RenewalApplied) else ()


def _case_of(event: Event) -> tuple[UUID, ...]:
    return () if isinstance(event, f.LicenseFact) else (event.originator_id,)


class Licenses(Projection):
    """Licenses as they stand, the cases that ask to renew them, and their annual checks."""

    NAME = "licenses"
    ZH = "证照"
    licenses = Table(
        "license", LicenseRow, key=("license_id",), touched=_license_of,
        indexes=(
            "(first_position)", "(subject_id, first_position)", "(license_no text_pattern_ops)",
            "(valid_to, license_id) WHERE state IN ('valid', 'suspended')",
            "(suspended_until) WHERE state = 'suspended'", "(valid_from) WHERE state = 'issued'",
            "(valid_from) WHERE annual_check", "USING gin (regulators jsonb_path_ops)",
        ),
    )  # fmt: skip
    renewals = Table(
        "license_renewal", RenewalRow, key=("case_id",), touched=_case_of,
        indexes=("(license_id, position)", "(valid_to) WHERE open"),
    )  # fmt: skip
    checks = Table("license_annual_check", CheckRow, key=("license_id", "year"), touched=_license_of)

    def registered(self, fact: f.LicenseRegistered) -> None:
        license, site = fact.license, fact.license.site
        self.licenses.put(
            LicenseRow(
                license_id=fact.originator_id, case_id=fact.case_id, case_no=license.case_no,
                license_no=license.license_no, e_license_id=license.e_license_id, license_type=license.license_type,
                license_version=license.version, item=license.item, item_name=license.item_name, organ=license.organ,
                subject_kind=license.subject.kind, subject_id=license.subject.identifier,
                subject_name=license.subject.name, region=site.region if site else "", place=site.key if site else "",
                address=site.address if site else "", content=license.content, valid_from=license.validity.valid_from,
                valid_to=license.validity.valid_to, state=fact.state,
                exchange_code=exchange_code(fact.state, business_date(fact.occurred_at)),
                regulators=sorted(r.code for r in license.regulators), annual_check=license.annual_check,
                digest=license.digest, first_position=self.position, position=self.position,
                version=fact.originator_version,
            )
        )  # fmt: skip

    def went_on(self, fact: f.LicenseFact) -> None:
        row, license, site = self.licenses[fact.originator_id], fact.license, fact.license.site
        day = business_date(fact.occurred_at)
        row.license_no, row.e_license_id, row.digest = license.license_no, license.e_license_id, license.digest
        row.license_version, row.content, row.subject_name = license.version, license.content, license.subject.name
        row.region, row.place = (site.region, site.key) if site else ("", "")
        row.address = site.address if site else ""
        row.valid_from, row.valid_to = license.validity.valid_from, license.validity.valid_to
        row.regulators = sorted({*row.regulators, *(r.code for r in license.regulators)})
        if row.state != fact.state:
            row.state, row.exchange_code = fact.state, exchange_code(fact.state, day)
        if fact.state is not S.SUSPENDED:
            row.suspended_until = None
        row.position, row.version = self.position, fact.originator_version
        if isinstance(fact, tuple(ENDINGS)):
            row.ended_on, row.silence_waits = day, False
        if not isinstance(fact, f.ProposalNoted | f.ProposalAnswered):
            self._settled(row, getattr(fact, "finding_id", None))

    def suspended(self, fact: f.LicenseSuspended) -> None:
        self.went_on(fact)
        self.licenses[fact.originator_id].suspended_until = fact.until

    def renewed(self, fact: f.LicenseRenewed | f.LicenseRenewedBySilence) -> None:
        self.went_on(fact)
        row = self.licenses[fact.originator_id]
        row.renewal_case, row.renewal_in_time, row.silence_waits = None, False, False

    def checked(self, fact: f.AnnualCheckRecorded) -> None:
        self.went_on(fact)
        self.checks.put(
            CheckRow(
                license_id=fact.originator_id, year=fact.year, result=fact.result, checked_on=fact.checked_on,
                statement=fact.statement, by=fact.actor.organ, position=self.position,
            )
        )  # fmt: skip

    def proposed(self, fact: f.ProposalNoted) -> None:
        self.went_on(fact)
        row, finding = self.licenses[fact.originator_id], str(fact.finding_id)
        row.adopted = [one for one in row.adopted if one != finding]
        if fact.asks_for_change and finding not in row.open_proposals:
            row.open_proposals = [*row.open_proposals, finding]

    def answered(self, fact: f.ProposalAnswered) -> None:
        self.went_on(fact)
        row, finding = self.licenses[fact.originator_id], str(fact.finding_id)
        if finding in row.open_proposals:
            row.open_proposals = [one for one in row.open_proposals if one != finding]
            if fact.adopted and fact.state not in ENDED:
                row.adopted = [*row.adopted, finding]

    def _settled(self, row: LicenseRow, finding: UUID | None) -> None:
        """What was changed because of a finding answers it; nothing is left to carry out on what has ended."""
        if finding is not None:
            row.open_proposals = [one for one in row.open_proposals if one != str(finding)]
            row.adopted = [one for one in row.adopted if one != str(finding)]
        if row.state in ENDED:
            row.adopted = []

    # 延续申请, from the cases themselves: the day on which silence speaks must not wait for a policy

    def applied(self, fact: case.RenewalApplied) -> None:
        self.renewals.put(
            RenewalRow(
                case_id=fact.originator_id, license_id=fact.license_id, case_no=fact.case_no,
                license_no=fact.license_no, valid_to=fact.valid_to, ask_by=fact.ask_by, in_time=fact.in_time,
                asked_on=business_date(fact.occurred_at), position=self.position,
            )
        )  # fmt: skip
        row = self.licenses.get(fact.license_id)
        if row is not None:
            row.renewal_case, row.renewal_in_time = fact.originator_id, fact.in_time
            row.silence_waits, row.position = fact.in_time, self.position

    def correcting(self, fact: case.CorrectionRequested) -> None:
        self._turned(fact, correcting=True)

    def corrected(self, fact: case.CorrectionSubmitted) -> None:
        self._turned(fact, correcting=False)

    def granted(self, fact: case.DecisionGranted | case.RenewalDeemedGranted) -> None:
        renewal = self.renewals.get(fact.originator_id)
        if renewal is not None:
            renewal.open, renewal.position = False, self.position

    def over(self, fact: Ended) -> None:
        renewal = self.renewals.get(fact.originator_id)
        if renewal is None:
            return
        renewal.open, renewal.position = False, self.position
        self._wait(renewal, waits=False)

    def _turned(self, fact: Event, *, correcting: bool) -> None:
        renewal = self.renewals.get(fact.originator_id)
        if renewal is not None and renewal.open:
            renewal.correcting, renewal.position = correcting, self.position
            self._wait(renewal, waits=renewal.in_time and not correcting)

    def _wait(self, renewal: RenewalRow, *, waits: bool) -> None:
        row = self.licenses.get(renewal.license_id)
        if row is not None and row.renewal_case == renewal.case_id:
            row.silence_waits, row.position = waits, self.position
            if not renewal.open:
                row.renewal_case, row.renewal_in_time = None, False
