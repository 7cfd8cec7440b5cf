"""Which licenses does a subject hold, and in which state? (证照) What expires soon, and who is due for the annual check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from domain.approval_case import facts as case
from domain.kernel.event import Event
from domain.kernel.licensing import LicenseState
from domain.kernel.words import Personal
from domain.license import facts as f
from domain.license.words import ENDED, AnnualCheckResult, exchange_code
from domain.rules.annual_check import annual_check_season
from domain.rules.dates import business_date
from projections.view import Page, Projection, Reader, Table

S = LicenseState


@dataclass(slots=True)
class LicenseRow:
    """One license as it stands. ``exchange_code`` is its state for the national exchange; ``open_proposals`` are
    findings that ask for a change and wait for an answer, ``adopted`` those that were adopted and not yet carried out;
    ``silence_waits`` while a renewal asked in time would be granted by silence, or was and is about to be entered."""

    license_id: UUID
    case_id: UUID
    case_no: str
    license_no: str
    e_license_id: str
    license_type: str
    license_version: int
    item: str
    item_name: str
    organ: str
    subject_kind: str
    subject_id: str
    subject_name: str
    region: str
    place: str
    address: str
    content: str
    valid_from: date
    valid_to: date | None
    state: str
    exchange_code: str
    regulators: list[str]
    annual_check: bool
    digest: str
    first_position: int
    position: int
    version: int
    suspended_until: date | None = None
    ended_on: date | None = None
    renewal_case: UUID | None = None
    renewal_in_time: bool = False
    open_proposals: list[str] = field(default_factory=list)
    adopted: list[str] = field(default_factory=list)
    silence_waits: bool = False


@dataclass(slots=True)
class RenewalRow:
    """A case that asks to renew a license. ``open`` until it is decided, or ended without a decision."""

    case_id: UUID
    license_id: UUID
    case_no: str
    license_no: str
    valid_to: date | None
    ask_by: date
    in_time: bool
    asked_on: date
    position: int
    open: bool = True
    correcting: bool = False


@dataclass(slots=True)
class CheckRow:
    """The annual check of one license in one year, as it was recorded last."""

    license_id: UUID
    year: int
    result: str
    checked_on: date
    statement: str
    by: str
    position: int


@dataclass(slots=True)
class AnnualCheck:
    """年检清单: a license that is due for its annual check in a year, and whether it was done.

    ``overdue`` when the season is over on the day asked for and nobody recorded that it passed."""

    license_id: UUID
    license_no: str
    item: str
    item_name: str
    subject_id: str
    subject_name: str
    organ: str
    state: str
    year: int
    opens_on: date
    due_on: date
    result: str
    checked_on: date | None
    overdue: bool


@dataclass(slots=True)
class _Due:
    license_id: UUID
    license_no: str
    item: str
    item_name: str
    subject_id: str
    subject_name: str
    organ: str
    state: str
    valid_from: date
    month: int
    result: str | None
    checked_on: date | None


_LICENSE = "SELECT * FROM projections.license"
_ENDED = [str(state) for state in ENDED]
_FORCE = [str(S.VALID), str(S.SUSPENDED)]


def license(read: Reader, license_id: UUID, *, masked: bool = True) -> LicenseRow | None:
    found = read.one(LicenseRow, _LICENSE + " WHERE license_id = %s", (license_id,))
    return _shown(found, masked) if found else None


def numbered(read: Reader, license_no: str, *, masked: bool = True) -> list[LicenseRow]:
    """Every license of a number, oldest first: organs may use the same one."""
    rows = read.rows(LicenseRow, _LICENSE + " WHERE license_no = %s ORDER BY first_position", (license_no,))
    return [_shown(row, masked) for row in rows]


def concerning(read: Reader, case_id: UUID) -> list[LicenseRow]:
    """The license that a case granted or changed."""
    return read.rows(
        LicenseRow,
        "SELECT * FROM projections.license WHERE license_id IN"
        " (SELECT stream FROM projections.timeline WHERE case_id = %s)",
        (case_id,),
    )


def find(
    read: Reader,
    *,
    subject: str = "",
    license_no: str = "",
    state: str = "",
    item: str = "",
    organ: str = "",
    authority: str = "",
    proposed: bool = False,
    masked: bool = True,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[LicenseRow]:
    """Licenses, newest first; ``subject`` is an identifier, ``license_no`` may be its beginning, ``authority`` leaves
    what that regulator supervises, ``proposed`` what a regulator wants changed. Raises BadCursor."""
    exact = {"subject_id": subject, "state": state, "item": item, "organ": organ}
    params: dict[str, Any] = {name: value for name, value in exact.items() if value}
    where = [f"{name} = %({name})s" for name in params]
    if license_no:
        where.append("starts_with(license_no, %(license_no)s)")
        params["license_no"] = license_no
    if authority:
        where.append("regulators @> to_jsonb(%(authority)s::text)")
        params["authority"] = authority
    if proposed:
        where.append("(open_proposals <> '[]' OR adopted <> '[]')")
    page = read.page(
        LicenseRow, _LICENSE + (" WHERE " + " AND ".join(where) if where else ""), params,
        order=("first_position",), cursor=cursor, limit=limit, descending=True,
    )  # fmt: skip
    return page.mapped(lambda row: _shown(row, masked))


def expiring(
    read: Reader,
    first: date,
    last: date,
    *,
    organ: str = "",
    authority: str = "",
    masked: bool = True,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[LicenseRow]:
    """Licenses in force whose period ends between two days, both included, the earliest first. Raises BadCursor."""
    params: dict[str, Any] = {"first": first, "last": last, "force": _FORCE}
    where = "state = ANY(%(force)s) AND valid_to BETWEEN %(first)s AND %(last)s"
    if organ:
        where, params["organ"] = where + " AND organ = %(organ)s", organ
    if authority:
        where, params["authority"] = where + " AND regulators @> to_jsonb(%(authority)s::text)", authority
    page = read.page(
        LicenseRow, f"{_LICENSE} WHERE {where}", params, order=("valid_to", "license_id"), cursor=cursor, limit=limit
    )
    return page.mapped(lambda row: _shown(row, masked))


def annual_checks(
    read: Reader,
    year: int,
    on: date,
    *,
    month: int | None = None,
    done: bool | None = None,
    organ: str = "",
    authority: str = "",
    masked: bool = True,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[AnnualCheck]:
    """The list of annual checks of a year, generated from the dates of the licenses: those whose item has one, whose
    period began before the year and goes on into it. ``month`` leaves those due in that month, ``done`` those passed
    or not. Ordered by the month in which the period began. Raises BadCursor, and RuleError for an unknown practice."""
    params: dict[str, Any] = {
        "begins": date(year, 1, 1), "year": year, "ended": _ENDED, "passed": str(AnnualCheckResult.PASSED),
    }  # fmt: skip
    where = [
        "l.annual_check", "l.valid_from < %(begins)s", "(l.valid_to IS NULL OR l.valid_to >= %(begins)s)",
        "(l.ended_on IS NULL OR l.ended_on >= %(begins)s)", "l.state <> 'issued'",
    ]  # fmt: skip
    if month is not None and (season := _season_month(year, month)) is not True:
        where.append("extract(month FROM l.valid_from) = %(month)s" if season is None else "false")
        params["month"] = month
    if done is not None:
        where.append(("" if done else "NOT ") + "coalesce(c.result = %(passed)s, false)")
    for name, value in (("organ", organ), ("authority", authority)):
        if value:
            column = "l.organ = %(organ)s" if name == "organ" else "l.regulators @> to_jsonb(%(authority)s::text)"
            where.append(column)
            params[name] = value
    page = read.page(
        _Due,
        "SELECT * FROM (SELECT l.license_id, l.license_no, l.item, l.item_name, l.subject_id, l.subject_name, l.organ,"  # noqa: S608
        " l.state, l.valid_from, extract(month FROM l.valid_from)::int AS month, c.result, c.checked_on"
        " FROM projections.license AS l LEFT JOIN projections.license_annual_check AS c"
        " ON c.license_id = l.license_id AND c.year = %(year)s WHERE " + " AND ".join(where) + ") AS due",
        params, order=("month", "license_id"), cursor=cursor, limit=limit,
    )  # fmt: skip
    return page.mapped(lambda row: _due(row, year, on, masked))


def _season_month(year: int, month: int) -> bool | None:
    """Whether a season for every license ends in a month; none where each has its own."""
    ends = {annual_check_season(date(year - 1, first, 1), year)[1].month for first in (1, 2, 3)}
    return None if len(ends) > 1 else ends == {month}


def _due(row: _Due, year: int, on: date, masked: bool) -> AnnualCheck:
    opens, due = annual_check_season(row.valid_from, year)
    passed = row.result == AnnualCheckResult.PASSED
    return AnnualCheck(
        license_id=row.license_id, license_no=row.license_no, item=row.item, item_name=row.item_name,
        subject_id=row.subject_id, subject_name=Personal("name").mask(row.subject_name) if masked else row.subject_name,
        organ=row.organ, state=row.state, year=year, opens_on=opens, due_on=due, result=row.result or "",
        checked_on=row.checked_on, overdue=not passed and due < on,
    )  # fmt: skip


def checks_of(read: Reader, license_id: UUID) -> list[CheckRow]:
    """The annual checks that were recorded for a license, by year."""
    return read.rows(
        CheckRow, "SELECT * FROM projections.license_annual_check WHERE license_id = %s ORDER BY year", (license_id,)
    )


def renewals_of(read: Reader, license_id: UUID) -> list[RenewalRow]:
    """The cases that asked to renew a license, oldest first."""
    return read.rows(
        RenewalRow, "SELECT * FROM projections.license_renewal WHERE license_id = %s ORDER BY position", (license_id,)
    )


def to_take_effect(read: Reader, on: date, *, limit: int = 200) -> list[LicenseRow]:
    """Issued licenses whose period has begun by a day."""
    return read.rows(
        LicenseRow, _LICENSE + " WHERE state = 'issued' AND valid_from <= %s ORDER BY valid_from, license_id LIMIT %s",
        (on, limit),
    )  # fmt: skip


def suspensions_over(read: Reader, on: date, *, limit: int = 200) -> list[LicenseRow]:
    """Suspended licenses whose suspension ended before a day."""
    return read.rows(
        LicenseRow,
        _LICENSE + " WHERE state = 'suspended' AND suspended_until < %s ORDER BY suspended_until, license_id LIMIT %s",
        (on, limit),
    )


def renewals_unanswered(read: Reader, on: date, *, limit: int = 200) -> list[RenewalRow]:
    """Undecided cases that asked in time to renew a license in force whose period ended before a day."""
    return read.rows(
        RenewalRow,
        "SELECT r.* FROM projections.license_renewal AS r JOIN projections.license AS l USING (license_id)"
        " WHERE r.open AND r.in_time AND NOT r.correcting AND r.valid_to < %(on)s AND l.state = ANY(%(force)s)"
        " ORDER BY r.valid_to, r.case_id LIMIT %(limit)s",
        {"on": on, "force": _FORCE, "limit": limit},
    )


def expired(read: Reader, on: date, *, limit: int = 200) -> list[LicenseRow]:
    """Licenses in force whose period ended before a day, and over which no timely renewal hangs: neither one that
    waits for its decision, nor one that was granted and is about to be entered here."""
    return read.rows(
        LicenseRow,
        _LICENSE + " WHERE state = ANY(%(force)s) AND valid_to < %(on)s AND NOT silence_waits"
        " ORDER BY valid_to, license_id LIMIT %(limit)s",
        {"on": on, "force": _FORCE, "limit": limit},
    )


def _shown(row: LicenseRow, masked: bool) -> LicenseRow:
    return replace(row, subject_name=Personal("name").mask(row.subject_name)) if masked else row


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
        if row.state in _ENDED:
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
