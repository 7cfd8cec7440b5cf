"""监管信息入册: a finding that names a license number is linked to the license and its case, whichever is known first,
and its answer is entered there too.

行政许可法第六十一条、第六十九条: whoever decides on a license must see what supervision found and proposed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol
from uuid import UUID

from domain.kernel.command import Command
from domain.kernel.words import Body
from domain.license.commands import NoteProposal, NoteProposalAnswered
from domain.license.facts import LicenseRegistered
from domain.policies.policy import Commands, Policy
from domain.supervision_finding import (
    Demand,
    FindingHandled,
    FindingKind,
    FindingLinked,
    FindingReported,
    FindingResult,
    LinkFindingToCase,
)


class NamedLicense(NamedTuple):
    """A license as its number names it."""

    license_id: UUID
    case_id: UUID
    case_no: str
    license_no: str
    holder: str


class NamedFinding(NamedTuple):
    """A finding that names a license number."""

    finding_id: UUID
    finding_no: str
    revision: int
    organ: Body
    kind: FindingKind
    asks_for_change: bool
    statement: str
    subject: str
    linked: bool


class Licenses(Protocol):
    """What the policy must know of licenses."""

    def numbered(self, license_no: str) -> Sequence[NamedLicense]:
        """Every license of a number, in whichever state."""


class Findings(Protocol):
    """What the policy must know of findings."""

    def finding(self, finding_id: UUID) -> tuple[NamedFinding, str] | None:
        """A finding with the license number that it names."""

    def naming(self, license_no: str) -> Sequence[NamedFinding]:
        """Findings not yet handled that name a license number."""


ADOPTED = (FindingResult.ADOPTED, FindingResult.PARTLY_ADOPTED)


class NameLicenseThatFindingIsAbout(Policy):
    ZH = "监管信息入册"
    READS = ("licenses", "findings")

    def __init__(self, licenses: Licenses, findings: Findings) -> None:
        self.licenses = licenses
        self.findings = findings

    def on_finding(self, fact: FindingReported) -> Commands:
        found = NamedFinding(
            fact.originator_id, fact.finding_no, fact.revision, fact.organ, fact.kind, Demand.LICENSE_CHANGE in fact.demands,
            fact.statement, fact.subject.identifier, fact.case_id is not None,
        )  # fmt: skip
        yield from self._entered(found, fact.license_no)

    def on_link(self, fact: FindingLinked) -> Commands:
        """Somebody linked it by hand and named the license: then it is entered there."""
        known = self.findings.finding(fact.originator_id)
        if known is not None and fact.license_no:
            yield from self._entered(known[0]._replace(linked=True), fact.license_no)

    def on_registration(self, fact: LicenseRegistered) -> Commands:
        """A finding may come before the license that it names is known here."""
        license = NamedLicense(
            fact.originator_id, fact.case_id, fact.license.case_no, fact.license_no, fact.holder.identifier
        )
        for found in self.findings.naming(fact.license_no):
            if found.subject == license.holder:
                yield from _enter(found, license)

    def on_answer(self, fact: FindingHandled) -> Commands:
        known = self.findings.finding(fact.originator_id)
        license = self._license(known[1], fact.subject.identifier) if known is not None else None
        if license is not None:
            yield NoteProposalAnswered(
                license_id=license.license_id, finding_id=fact.originator_id, adopted=fact.result in ADOPTED,
                result=f"{fact.result.zh}:{fact.explanation}"[:2000],
            )  # fmt: skip

    def _entered(self, found: NamedFinding, license_no: str | None) -> Iterator[Command]:
        license = self._license(license_no, found.subject)
        if license is not None:
            yield from _enter(found, license)

    def _license(self, license_no: str | None, holder: str) -> NamedLicense | None:
        """The one license of that number and holder. A number of somebody else's license is a mistake that a person
        must look at; of two licenses nobody can say which is meant."""
        fitting = [one for one in self.licenses.numbered(license_no) if one.holder == holder] if license_no else []
        return fitting[0] if len(fitting) == 1 else None


def _enter(found: NamedFinding, license: NamedLicense) -> Iterator[Command]:
    if not found.linked:
        yield LinkFindingToCase(
            finding_id=found.finding_id, case_id=license.case_id, case_no=license.case_no,
            license_no=license.license_no,
        )  # fmt: skip
    yield NoteProposal(
        license_id=license.license_id, finding_id=found.finding_id, finding_no=found.finding_no,
        revision=found.revision, organ=found.organ, kind=found.kind.zh, kind_en=found.kind.en,
        asks_for_change=found.asks_for_change, statement=found.statement,
    )  # fmt: skip
