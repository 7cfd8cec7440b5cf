"""Papers of the case (文书、用章与签发权限): what was decided on paper, which of it was sealed, and who may sign.

Articles 23 to 26, 32 and 39. What a city must enter first stands behind a practice that is dated and off at first:
``decision_needs_delegation``, ``document_no_from_counter``, ``seal_required``."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case import refusals as r
from domain.approval_case.file import CaseFile
from domain.kernel.aggregate import Facts, Given
from domain.kernel.delegation import RecordDelegationExceeded, UpForDecision, judged
from domain.kernel.documents import Document, DocumentKind
from domain.kernel.event import Event
from domain.kernel.people import Role
from domain.kernel.words import ExerciseLevel, ItemTerms, Matter
from domain.rules.identifiers import check_item
from domain.rules.loader import practice

K = DocumentKind
DECISIONS: dict[type[c.Signed], DocumentKind] = {c.GrantLicense: K.GRANT, c.DenyLicense: K.DENIAL}
ON_PAPER: dict[type[Event], DocumentKind] = {
    f.ApplicationAccepted: K.ACCEPTANCE_NOTICE,
    f.ToleranceAccepted: K.ACCEPTANCE_NOTICE,
    f.AcceptanceRefused: K.REFUSAL_NOTICE,
    f.PermitNotRequired: K.REFUSAL_NOTICE,
    f.DecisionGranted: K.GRANT,
    f.DecisionDenied: K.DENIAL,
    f.LicenseIssued: K.LICENSE,
}
"""Facts that state something on paper. A fact that says neither number nor digest is matched by its kind alone."""


class Paper(NamedTuple):
    """One document in the file; a ``Document`` is made of it when somebody asks, not each time a case is folded."""

    kind: DocumentKind
    organ: str
    document_no: str
    digest: str
    fact: str


class Papers(CaseFile):
    """文书。"""

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.papers: list[Paper] = []
        self.sealed: dict[tuple[DocumentKind, str], str] = {}

    @property
    def documents(self) -> tuple[Document, ...]:
        """What the case has decided on paper, in the order of its facts."""
        return tuple(Document(**paper._asdict()) for paper in self.papers)

    def fold(self, event: Event) -> None:
        super().fold(event)
        kind = ON_PAPER.get(type(event))
        if kind is not None:
            self._put_on_paper(event, kind)

    def _put_on_paper(self, event: Event, kind: DocumentKind) -> None:
        if kind is K.LICENSE:
            # The license document as it was issued takes the place of the one that the grant announced.
            self.papers = [one for one in self.papers if one.kind is not K.LICENSE]
        self._file(event, kind)
        if isinstance(event, f.DecisionGranted) and event.matter is not Matter.CANCELLATION:
            # Not issued yet, so neither number nor digest of the license document is known.
            self.papers.append(Paper(K.LICENSE, event.organ, "", "", event.id))

    def _file(self, event: Event, kind: DocumentKind) -> None:
        # A model that is asked for a field it has not answers slowly, and every case is folded again and again.
        said = event.__dict__
        number = said.get("document_no") or said.get("license_no", "")
        digest = said.get("document_digest") or said.get("digest", "")
        organ = said.get("organ") or self.organ
        self.papers.append(Paper(kind, organ, number, digest, event.id))

    def note_seal(self, command: c.NoteSeal, given: Given) -> Facts:
        if self.sealed.get((command.kind, command.document_no)) != command.digest:
            yield f.SealNoted(**command.model_dump(exclude={"case_id"}))

    def seal_was_noted(self, fact: f.SealNoted) -> None:
        self.sealed[fact.kind, fact.document_no] = fact.digest

    def _must_be_sealed(self, command: c.IssueLicense, given: Given) -> None:
        """印章与摘要一致: the license document that is issued is the one that was sealed. Raises why it is not."""
        if not practice("seal_required", on=given.today).value:
            return
        digest = self.sealed.get((K.LICENSE, command.license_no))
        if digest is None:
            raise r.LicenseNotSealed(license_no=command.license_no)
        if digest != command.digest:
            raise r.SealedAnotherLicense(license_no=command.license_no)

    def _authority(self, command: c.Signed, given: Given) -> dict[str, Any]:
        """Under which letter and number the decision is signed. Raises why it may not be."""
        self._number_is_its_own(command, given)
        return {
            "delegation_no": self._letter(command, given), "document_digest": command.document_digest,
            "amount": command.amount,
        }  # fmt: skip

    def _number_is_its_own(self, command: c.Signed, given: Given) -> None:
        if not practice("document_no_from_counter", on=given.today).value:
            return
        kind = DECISIONS[type(command)]
        issued = given.look.document_number(self.organ, kind, command.document_no)
        if issued is None or issued.voided or issued.case_id != self.id:
            raise r.DocumentNumberNotIssued(document_no=command.document_no, kind=kind)

    def _letter(self, command: c.Signed, given: Given) -> str | None:
        by_letter = command.as_chief_representative or (
            given.by.role is not Role.SYSTEM and practice("decision_needs_delegation", on=given.today).value
        )
        if not by_letter:
            return None
        organ, terms = given.by.on_behalf_of or given.by.organ, self._terms
        region = self.site.region if self.site else None
        matter = UpForDecision(terms.item, region, _level(terms), command.amount)
        letter, beyond = judged(given.look.letters(organ, given.by.id), matter, given.today)
        if letter is not None and not beyond:
            return letter.letter_no
        told = letter.letter_no if letter is not None else ""
        attempt = RecordDelegationExceeded(
            organ=organ, officer=given.by.id, case_id=self.id, case_no=self.case_no, item=terms.item,
            decision=DECISIONS[type(command)], document_no=command.document_no, letter_no=told, beyond=beyond,
        )  # fmt: skip
        raise r.DelegationExceeded(officer=given.by.id, letter=told, beyond=beyond).leaving(attempt)


def _level(terms: ItemTerms) -> ExerciseLevel | None:
    """The level of exercise: as the item states it, else as its national code does."""
    written = check_item(terms.item).parts.get("level")
    return terms.level or next((level for level in ExerciseLevel if level == written), None)
