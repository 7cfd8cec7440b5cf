"""Papers of the case (文书、用章与签发权限): what was decided on paper, which of it was sealed, and who may sign.

Articles 23 to 26, 32 and 39. What a city must enter first stands behind a practice that is dated and off at first:
``decision_needs_delegation``, ``document_no_from_counter``, ``seal_required``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case import refusals as r
from domain.approval_case.file import NOTHING, CaseFile
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


class Papers(CaseFile):
    """文书。"""

    sealed: Mapping[tuple[DocumentKind, str], str] = NOTHING

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.on_paper: list[tuple[DocumentKind, Event, str]] = []
        """Which facts state what on paper, each with the organ that had the case then."""

    @property
    def documents(self) -> tuple[Document, ...]:
        """What the case has decided on paper, in the order of its facts."""
        found: list[Document] = []
        for kind, fact, organ in self.on_paper:
            if kind is K.LICENSE:
                # The license document as it was issued takes the place of the one that the grant announced.
                found = [one for one in found if one.kind is not K.LICENSE]
            found.append(_document(kind, fact, organ))
            if isinstance(fact, f.DecisionGranted) and fact.matter is not Matter.CANCELLATION:
                # Not issued yet, so neither number nor digest of the license document is known.
                found.append(Document(kind=K.LICENSE, organ=fact.organ, document_no="", digest="", fact=fact.id))
        return tuple(found)

    def acceptance_was_written(self, fact: f.ApplicationAccepted | f.ToleranceAccepted) -> None:
        self._on_paper(K.ACCEPTANCE_NOTICE, fact)

    def refusal_was_written(self, fact: f.AcceptanceRefused | f.PermitNotRequired) -> None:
        self._on_paper(K.REFUSAL_NOTICE, fact)

    def grant_was_written(self, fact: f.DecisionGranted) -> None:
        self._on_paper(K.GRANT, fact)

    def denial_was_written(self, fact: f.DecisionDenied) -> None:
        self._on_paper(K.DENIAL, fact)

    def license_was_written(self, fact: f.LicenseIssued) -> None:
        self._on_paper(K.LICENSE, fact)

    def _on_paper(self, kind: DocumentKind, fact: Event) -> None:
        self.on_paper.append((kind, fact, self.organ))

    def note_seal(self, command: c.NoteSeal, given: Given) -> Facts:
        if self.sealed.get((command.kind, command.document_no)) != command.digest:
            yield f.SealNoted(**command.model_dump(exclude={"case_id"}))

    def seal_was_noted(self, fact: f.SealNoted) -> None:
        self.sealed = {**self.sealed, (fact.kind, fact.document_no): fact.digest}

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


def _document(kind: DocumentKind, fact: Event, organ: str) -> Document:
    # A fact that says neither number nor digest is matched by its kind alone.
    said = fact.__dict__
    return Document(
        kind=kind, organ=said.get("organ") or organ, fact=fact.id,
        document_no=said.get("document_no") or said.get("license_no", ""),
        digest=said.get("document_digest") or said.get("digest", ""),
    )  # fmt: skip
