"""Routing (责任确定): who is responsible by one table, and where a table leaves that open.

Pure, so that a case at its acceptance, the read side and the table itself give one answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from domain.kernel.responsibility import Responsible, ResponsibleRegulator
from domain.kernel.words import Body
from domain.responsibility.words import Dispute, DisputeKind, ResponsibilityRow

Standing = Mapping[int, tuple[Dispute, Body | None]]
"""Disputes by number, each with the owner that was decided, or none while it stands."""


def responsible(
    number: int, rows: Sequence[ResponsibilityRow], disputes: Standing, *, region: str | None, version: int, on: date
) -> Responsible:
    """Who answers for an item version at a place on a day, by version ``number`` of the table.

    A case that names no place concerns every row in force: one approver among them is the approver, and all their
    regulators are told, for nobody told is nobody watching."""
    held = speaking(rows, region, version, on)
    if region is None and not held:
        held = [row for row in rows if row.holds(row.region, version, on)]
    approvers = list({row.approver.code: row.approver for row in held}.values())
    owner, dispute = approvers[0] if len(approvers) == 1 else None, None
    if owner is None and (region is not None or not held or all(row.region is None for row in held)):
        dispute, owner = _settled(disputes, approvers, region, version, on)
    mine = [row for row in held if owner is not None and row.approver.code == owner.code] or held
    return Responsible(
        table=number, approver=owner, regulators=_together(mine), dispute=None if owner else dispute,
        approver_officers=tuple(dict.fromkeys(o for row in mine if owner for o in row.approver_officers)),
        consult=_once(body for row in mine for body in row.consult),
        inspect=_once(body for row in mine for body in row.inspect),
        claimants=() if owner else tuple(approvers),
    )  # fmt: skip


def speaking(
    rows: Iterable[ResponsibilityRow], region: str | None, version: int, on: date
) -> list[ResponsibilityRow]:
    """The rows that speak of a place, an item version and a day: of the narrowest place alone."""
    held = [row for row in rows if row.holds(region, version, on)]
    narrowest = max((row.narrowness for row in held), default=0)
    return [row for row in held if row.narrowness == narrowest]


def disputes_of(rows: Sequence[ResponsibilityRow], places: Sequence[str], since: date) -> Iterator[Dispute]:
    """Every place, item version and period for which the table names nobody, or more than one.

    ``places`` are where the item is exercised: they must all have an owner. Places that only rows name are looked at
    for more than one owner; between them nobody said that somebody must be there."""
    named = [row.region for row in rows if row.region is not None]
    wanted: tuple[str | None, ...] = tuple(places) or tuple(dict.fromkeys(named)) or (None,)
    # The wider place first: where a narrower one has the same claims, one entry in the queue is enough.
    looked = sorted(dict.fromkeys((*wanted, *named)), key=lambda place: len((place or "").rstrip("0")))
    for place in looked:
        for dispute in _disputes_at(rows, place, since):
            if dispute.kind is DisputeKind.TWO_OWNERS or place in wanted:
                yield dispute


def _disputes_at(rows: Sequence[ResponsibilityRow], place: str | None, since: date) -> list[Dispute]:
    found: list[Dispute] = []
    for first, last in _version_ranges(rows):
        for begins, ends in _periods(rows, since):
            claimants = _once(row.approver for row in speaking(rows, place, first, begins))
            if len(claimants) == 1:
                continue
            kind = DisputeKind.TWO_OWNERS if claimants else DisputeKind.NOBODY
            one = Dispute(
                kind=kind, place=place, versions_from=first, versions_to=last, begins=begins, ends=ends,
                claimants=claimants,
            )  # fmt: skip
            found = _joined(found, one)
    return _joined_versions(found)


def _joined(found: list[Dispute], one: Dispute) -> list[Dispute]:
    """The same dispute in two periods that touch is one."""
    last = found[-1] if found else None
    if last is not None and _alike(last, one, "begins", "ends") and last.ends == one.begins - timedelta(days=1):
        return [*found[:-1], last.model_copy(update={"ends": one.ends})]
    return [*found, one]


def _joined_versions(found: list[Dispute]) -> list[Dispute]:
    """The same dispute for item versions that follow each other is one."""
    joined: list[Dispute] = []
    for one in found:
        before = next(
            (i for i, other in enumerate(joined)
             if other.versions_to == one.versions_from - 1 and _alike(other, one, "versions_from", "versions_to")),
            None,
        )  # fmt: skip
        if before is None:
            joined.append(one)
        else:
            joined[before] = joined[before].model_copy(update={"versions_to": one.versions_to})
    return joined


def _alike(one: Dispute, other: Dispute, *but: str) -> bool:
    return one.model_dump(exclude=set(but)) == other.model_dump(exclude=set(but))


def _version_ranges(rows: Iterable[ResponsibilityRow]) -> list[tuple[int, int | None]]:
    """Ranges of item versions within which the table says the same."""
    cuts = {1}
    for row in rows:
        cuts.add(row.versions_from)
        if row.versions_to is not None:
            cuts.add(row.versions_to + 1)
    ordered = sorted(cuts)
    return [*((a, b - 1) for a, b in pairwise(ordered)), (ordered[-1], None)]


def _periods(rows: Iterable[ResponsibilityRow], since: date) -> list[tuple[date, date | None]]:
    """Periods from ``since`` on within which the table says the same."""
    cuts = {since}
    for row in rows:
        cuts.add(max(since, row.effective_from))
        if row.effective_to is not None:
            cuts.add(max(since, row.effective_to + timedelta(days=1)))
    ordered = sorted(cuts)
    return [*((a, b - timedelta(days=1)) for a, b in pairwise(ordered)), (ordered[-1], None)]


def _settled(
    disputes: Standing, approvers: Sequence[Body], region: str | None, version: int, on: date
) -> tuple[int | None, Body | None]:
    """The dispute that a place falls under, and its owner once that was decided; the narrowest place first."""
    claimed = {one.code for one in approvers}
    under = [
        (number, owner, len((dispute.place or "").rstrip("0")))
        for number, (dispute, owner) in disputes.items()
        if {one.code for one in dispute.claimants} == claimed and dispute.concerns(region, version, on)
    ]
    if not under:
        return None, None
    number, owner, _ = max(under, key=lambda found: (found[2], found[0]))
    return number, owner


def _together(rows: Iterable[ResponsibilityRow]) -> tuple[ResponsibleRegulator, ...]:
    """The regulators of several rows, each once, with the officers that any of them names."""
    found: dict[tuple[str, str | None], ResponsibleRegulator] = {}
    for one in (regulator for row in rows for regulator in row.regulators):
        known = found.get((one.code, one.region))
        officers = tuple(dict.fromkeys((*(known.officers if known else ()), *one.officers)))
        found[one.code, one.region] = one.model_copy(update={"officers": officers})
    return tuple(found.values())


def _once(bodies: Iterable[Body]) -> tuple[Body, ...]:
    return tuple({body.code: body for body in bodies}.values())
