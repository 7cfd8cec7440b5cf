"""Which bundles stand where, and what is waited for? (一件事) The parent beside its parts; the parts are cases of their own.

A bundle is in no register of cases: whoever counts cases counts its parts, each once, and never the bundle."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain import chain_template as t
from domain.bundle import facts as f
from domain.bundle.words import BundleState, PartState
from domain.kernel.bundles import Part
from domain.kernel.event import Event
from domain.kernel.licensing import STANDING, LicenseState
from domain.kernel.words import Personal
from projections.view import Page, Projection, Reader, Table

S = BundleState
P = PartState
OPEN = (str(S.RUNNING), str(S.HALTED), str(S.JOINED))


@dataclass(slots=True)
class BundleRow:
    """One bundle. ``parts`` holds {part, name, item, organ, organ_name, stage, state, case_id, case_no, outcome,
    reason, document_no, license_state}; ``waiting`` names the parts that the present stage waits for. ``license_state``
    is told once the composite license that joins the part was issued; ``to_reissue`` while it joins one that has ended."""

    bundle_id: UUID
    bundle_no: str
    chain: str
    chain_name: str
    chain_version: int
    kind: str
    lead: str
    lead_name: str
    organ: str
    state: str
    stages: int
    subject_id: str
    subject_name: str
    submitted_at: datetime
    position: int
    first_position: int
    version: int
    stage: int = 0
    composite: str = ""
    license_no: str = ""
    to_reissue: bool = False
    reason: str = ""
    settled_at: datetime | None = None
    parts: list[dict[str, Any]] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    organs: list[str] = field(default_factory=list)
    materials: list[dict[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class BundlePartRow:
    """Which case belongs to which bundle."""

    case_id: UUID
    bundle_id: UUID
    part: str


@dataclass(slots=True)
class ChainRow:
    """One version of a chain template."""

    chain: str
    version: int
    name: str
    kind: str
    lead: str
    lead_name: str
    stages: int
    parts: int
    composite: str
    effective_from: date
    position: int
    retired_on: date | None = None
    items: list[str] = field(default_factory=list)


_ROW = "SELECT * FROM projections.bundle"
_NAME = Personal("name")


def bundle(read: Reader, bundle_id: UUID, *, masked: bool = True) -> BundleRow | None:
    found = read.one(BundleRow, _ROW + " WHERE bundle_id = %s", (bundle_id,))
    return _shown(found, masked) if found else None


def numbered(read: Reader, bundle_no: str, *, masked: bool = True) -> list[BundleRow]:
    """Bundles of a number: one may be used again in another year."""
    found = read.rows(BundleRow, _ROW + " WHERE bundle_no = %s ORDER BY first_position", (bundle_no,))
    return [_shown(row, masked) for row in found]


def bundle_of(read: Reader, case_id: UUID) -> UUID | None:
    """The bundle that opened a case, if one did."""
    found = read.one(BundlePartRow, "SELECT * FROM projections.bundle_part WHERE case_id = %s", (case_id,))
    return found.bundle_id if found else None


def find(
    read: Reader,
    *,
    chain: str = "",
    subject: str = "",
    state: str = "",
    organ: str = "",
    open_only: bool = False,
    to_reissue: bool = False,
    masked: bool = True,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[BundleRow]:
    """Bundles, newest first; of an ``organ`` that leads, took in, or handles a part; ``to_reissue`` leaves those whose
    composite license joins what has ended. Raises BadCursor."""
    where = ["true"]
    exact = {"chain": chain, "subject_id": subject, "state": state}
    params: dict[str, Any] = {"organ": organ, "open": list(OPEN)} | exact
    where += [f"{name} = %({name})s" for name, value in exact.items() if value]
    if organ:
        where.append("organs @> to_jsonb(%(organ)s::text)")
    if to_reissue:
        where.append("to_reissue")
    if open_only:
        where.append("state = ANY(%(open)s)")
    page = read.page(
        BundleRow, _ROW + " WHERE " + " AND ".join(where), params,
        order=("first_position",), cursor=cursor, limit=limit, descending=True,
    )  # fmt: skip
    return page.mapped(lambda row: _shown(row, masked))


def chains(
    read: Reader, on: date, *, kind: str = "", text: str = "", cursor: str | None = None, limit: int = 50
) -> Page[ChainRow]:
    """Chain templates in force on a day, by code; ``text`` is part of the code or the name. Raises BadCursor."""
    where = "effective_from <= %(on)s AND (retired_on IS NULL OR retired_on > %(on)s)"
    if kind:
        where += " AND kind = %(kind)s"
    if text:
        where += " AND (position(%(text)s IN name) > 0 OR position(%(text)s IN chain) > 0)"
    newest = (
        f"SELECT DISTINCT ON (chain) * FROM projections.chain_version WHERE {where}"  # noqa: S608 - literals above
        " ORDER BY chain, version DESC"
    )
    return read.page(
        ChainRow, newest, {"on": on, "kind": kind, "text": text}, order=("chain",), cursor=cursor, limit=limit
    )


def _shown(row: BundleRow, masked: bool) -> BundleRow:
    return replace(row, subject_name=_NAME.mask(row.subject_name)) if masked else row


def _cases(event: Event) -> tuple[UUID, ...]:
    return event.case_ids if isinstance(event, f.StageOpened) else ()


class Bundles(Projection):
    """Bundles with their parts, and the chain templates that they follow."""

    NAME = "bundles"
    ZH = "一件事"
    VERSION = 2

    bundles = Table(
        "bundle", BundleRow, key=("bundle_id",),
        indexes=(
            "(first_position)", "(bundle_no)", "(state, first_position)", "(subject_id, first_position)",
            "(first_position) WHERE to_reissue", "USING gin (organs jsonb_path_ops)",
        ),
    )  # fmt: skip
    cases = Table("bundle_part", BundlePartRow, key=("case_id",), touched=_cases)
    chains = Table("chain_version", ChainRow, key=("chain", "version"), touched=lambda event: _chain(event))

    def published(self, fact: t.ChainPublished) -> None:
        terms = fact.terms
        parts = list(terms.parts())
        self.chains.put(
            ChainRow(
                chain=terms.chain, version=terms.version, name=terms.name, kind=terms.kind, lead=terms.lead.code,
                lead_name=terms.lead.name, stages=len(terms.stages), parts=len(parts),
                composite=terms.composite or "", effective_from=fact.effective_from, position=self.position,
                items=[part.item for part in parts],
            )
        )  # fmt: skip

    def retired(self, fact: t.ChainRetired) -> None:
        for version in self.chains.family(fact.chain):
            version.retired_on = min(version.retired_on or fact.effective_on, fact.effective_on)

    def submitted(self, fact: f.BundleSubmitted) -> None:
        terms = fact.terms
        self.bundles.put(
            BundleRow(
                bundle_id=fact.originator_id, bundle_no=fact.bundle_no, chain=terms.chain, chain_name=terms.name,
                chain_version=terms.version, kind=terms.kind, lead=terms.lead.code, lead_name=terms.lead.name,
                organ=fact.organ, state=S.RUNNING, stages=len(terms.stages), subject_id=fact.subject.identifier,
                subject_name=fact.subject.name, submitted_at=fact.occurred_at, position=self.position,
                first_position=self.position, version=fact.originator_version, composite=terms.composite or "",
                parts=[
                    _part(part, number, P.LEFT_OUT if part.code in fact.without else P.WAITING)
                    for number, stage in enumerate(terms.stages, 1)
                    for part in stage.parts
                ],
                organs=sorted({fact.organ, terms.lead.code, *(part.organ.code for part in terms.parts())}),
                materials=[{"name": m.name, "digest": m.digest} for m in fact.materials],
            )
        )  # fmt: skip

    def stage_opened(self, fact: f.StageOpened) -> None:
        row = self._became(fact)
        row.stage = fact.number
        for case_id, one in zip(fact.case_ids, fact.parts, strict=True):
            self.cases.put(BundlePartRow(case_id, fact.originator_id, one.part))
            _note(row, one.part, state=str(P.OPEN), case_id=str(case_id), case_no=one.case_no)

    def part_not_opened(self, fact: f.PartNotOpened) -> None:
        _note(self._became(fact), fact.part, state=str(P.NOT_GRANTED), outcome="not_opened", reason=fact.reason)

    def part_granted(self, fact: f.PartGranted) -> None:
        told = {"state": str(P.GRANTED), "outcome": "granted", "document_no": fact.joined.document_no}
        _note(self._became(fact), fact.part, **told)

    def part_not_granted(self, fact: f.PartNotGranted) -> None:
        row = self._became(fact)
        _note(row, fact.part, state=str(P.NOT_GRANTED), outcome=str(fact.outcome), reason=fact.reason)

    def halted(self, fact: f.BundleHalted) -> None:
        self._became(fact, S.HALTED).reason = fact.name

    def stage_joined(self, fact: f.StageJoined) -> None:
        self._became(fact)

    def joined(self, fact: f.BundleJoined) -> None:
        self._became(fact, S.JOINED)

    def composite_issued(self, fact: f.CompositeLicenseIssued) -> None:
        row = self._became(fact, S.CONCLUDED)
        row.license_no, row.settled_at, row.to_reissue = fact.license_no, row.settled_at or fact.occurred_at, False
        joined = {one.part for one in fact.parts}
        for part in row.parts:
            if part["part"] in joined and not part["license_state"]:
                _note(row, part["part"], license_state=str(LicenseState.VALID))

    def composite_part_changed(self, fact: f.CompositePartChanged) -> None:
        row = self._became(fact)
        _note(row, fact.part, license_state=str(fact.state))
        row.to_reissue = row.to_reissue or fact.state not in STANDING

    def concluded(self, fact: f.BundleConcluded) -> None:
        row = self._became(fact, S.CONCLUDED)
        row.reason, row.settled_at = fact.reason, fact.occurred_at

    def withdrawn(self, fact: f.BundleWithdrawn) -> None:
        row = self._became(fact, S.WITHDRAWN)
        row.reason, row.settled_at = fact.reason, fact.occurred_at

    def _became(self, fact: Event, state: BundleState | None = None) -> BundleRow:
        row = self.bundles[fact.originator_id]
        row.position, row.version, row.state = self.position, fact.originator_version, state or row.state
        return row


def _chain(event: Event) -> tuple[str, ...]:
    if isinstance(event, t.ChainPublished):
        return (event.terms.chain,)
    return (event.chain,) if isinstance(event, t.ChainRetired) else ()


def _part(part: Part, stage: int, state: PartState) -> dict[str, Any]:
    return {
        "part": part.code, "name": part.name, "item": part.item, "organ": part.organ.code,
        "organ_name": part.organ.name, "stage": stage, "state": str(state), "case_id": None, "case_no": "",
        "outcome": "", "reason": "", "document_no": "", "license_state": "",
    }  # fmt: skip


def _note(row: BundleRow, code: str, **told: Any) -> None:
    """What became of a part, and what is waited for now."""
    row.parts = [part | told if part["part"] == code else part for part in row.parts]
    row.waiting = [part["part"] for part in row.parts if part["state"] == P.OPEN]
