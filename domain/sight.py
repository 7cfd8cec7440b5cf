"""Sight (所见): what a decision may see beside its own stream, answered by the other aggregates as they are stored.

The one place where the chapters meet while deciding. Each answer is a small value of the kernel, so that none of
them knows another (``Look``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol, TypeVar
from uuid import UUID

from domain.approval_case import ApprovalCase
from domain.chain_template import ChainTemplate, UnknownChain
from domain.delegation import Delegation
from domain.document_number import DocumentNumber
from domain.expert import Expert
from domain.expert_draw import ExpertDraw
from domain.kernel.aggregate import Aggregate, Look
from domain.kernel.bundles import ChainTerms, chain_stream
from domain.kernel.delegation import Letter
from domain.kernel.documents import Document, DocumentKind, NumberIssued, document_stream
from domain.kernel.experts import DrawSeen, ExpertStanding, expert_stream
from domain.kernel.identity import delegation_stream, item_stream, responsibility_stream, standing_stream
from domain.kernel.licensing import CaseSeen, LicenseSeen
from domain.kernel.responsibility import Responsible
from domain.kernel.standing import Standing
from domain.kernel.words import ItemTerms
from domain.license import License
from domain.responsibility import ResponsibilityTable
from domain.rules.identifiers import check_document_no
from domain.service_item import ServiceItem, UnknownItem
from domain.standing import SubjectStanding

A = TypeVar("A", bound=Aggregate)


class NotAtHand(Exception):
    """A decision looks at streams that were not read yet; they are fetched, and the decision taken again."""

    def __init__(self, *streams: UUID) -> None:
        self.streams = streams
        super().__init__(f"流 {streams} 尚未读取。The streams {streams} have not been read yet.")


class AtHand(Protocol):
    """What the use case holds while it decides."""

    def at(self, stream: UUID) -> Aggregate | None:
        """The aggregate of a stream, or none when there is no such stream. Raises NotAtHand."""

    def must_hold(self, streams: Iterable[UUID]) -> None:
        """Raises NotAtHand for those that must be read first, all at once."""


class Sight(Look):
    """What a decision may see: other streams as they are stored, and as its own batch left them."""

    def __init__(self, at_hand: AtHand) -> None:
        self._at_hand = at_hand

    def of(self, stream: UUID, cls: type[A]) -> A | None:
        """The aggregate of a stream, or none when there is no such stream or it is of another kind.

        Raises ``NotAtHand`` when it must be read first; the use case reads it and decides again."""
        found = self._at_hand.at(stream)
        return found if isinstance(found, cls) and found.version else None

    def item(self, item: str, on: date) -> ItemTerms:
        entry = self.of(item_stream(item), ServiceItem)
        if entry is None:
            raise UnknownItem(item=item, on=on)
        return entry.terms_on(item, on)

    def responsibility(self, item: str, region: str | None, *, version: int, on: date) -> Responsible | None:
        table = self.of(responsibility_stream(item), ResponsibilityTable)
        return table.responsible(region, version=version, on=on) if table is not None else None

    def disputes(self, item: str) -> tuple[str, ...]:
        table = self.of(responsibility_stream(item), ResponsibilityTable)
        return tuple(f"{number}:{dispute}" for number, dispute in table.standing) if table is not None else ()

    def standing(self, subject: str) -> Standing:
        known = self.of(standing_stream(subject), SubjectStanding)
        return known.standing if known is not None else Standing()

    def case(self, case_id: UUID) -> CaseSeen | None:
        found = self.of(case_id, ApprovalCase)
        return found.seen() if found is not None else None

    def license(self, license_id: UUID) -> LicenseSeen | None:
        found = self.of(license_id, License)
        return found.seen() if found is not None else None

    def chain(self, chain: str, on: date) -> ChainTerms:
        template = self.of(chain_stream(chain), ChainTemplate)
        if template is None:
            raise UnknownChain(chain=chain, on=on)
        return template.terms_on(chain, on)

    def draw(self, draw_id: UUID) -> DrawSeen | None:
        found = self.of(draw_id, ExpertDraw)
        return found.seen if found is not None else None

    def experts(self, numbers: Iterable[str]) -> tuple[ExpertStanding, ...]:
        streams = [expert_stream(no) for no in numbers]
        # A pool has a hundred experts: asked for one by one, each would be read and the draw decided again.
        self._at_hand.must_hold(streams)
        return tuple(one.standing for one in (self.of(stream, Expert) for stream in streams) if one is not None)

    def documents(self, case_id: UUID) -> Sequence[Document]:
        case = self.of(case_id, ApprovalCase)
        return case.documents if case is not None else ()

    def document_number(self, organ: str, kind: DocumentKind, document_no: str) -> NumberIssued | None:
        read = check_document_no(document_no)
        if not read.valid:
            return None
        series = self.of(document_stream(organ, kind, int(read.parts["year"])), DocumentNumber)
        return series.number(document_no) if series is not None else None

    def letters(self, organ: str, officer: str) -> Sequence[Letter]:
        known = self.of(delegation_stream(organ, officer), Delegation)
        return tuple(known.letters.values()) if known is not None else ()
