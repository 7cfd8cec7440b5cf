"""Licenses and the cases that ask to renew them as rows, and what may be asked of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from domain.kernel.licensing import LicenseState
from domain.kernel.words import Personal
from projections.view import Page, Reader

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


_LICENSE = "SELECT * FROM projections.license"
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
