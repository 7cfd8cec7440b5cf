"""更正即更正推送: when a license was registered wrongly, or its new document was issued, each regulator is told anew and
the earlier push is marked as replaced.

行政许可法第三十九条: what the regulators hold must be what the document says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol
from uuid import UUID

from domain.kernel.event import Event
from domain.license.facts import DocumentReissued, LicenseCorrected
from domain.policies.dispatching import Contracts, Dispatching
from domain.policies.policy import Commands
from domain.policies.push_license_change_to_every_regulator import content_of, supervisors_of
from domain.push import SupersedePush, push_stream


class SentPush(NamedTuple):
    push_id: UUID
    regulator: str


class SentPushes(Protocol):
    """What the policy must know of pushes."""

    def of_decision(self, case_id: UUID, decision_id: str) -> Sequence[SentPush]:
        """Every push of one decision or change."""


class ReplacePushWhenLicenseIsToldAnew(Dispatching):
    ZH = "更正即更正推送"
    READS = ("catalogue", "push_board")
    READS_ITS_OWN = True

    def __init__(self, contracts: Contracts, pushes: SentPushes) -> None:
        super().__init__(contracts)
        self.pushes = pushes

    def rests_on(self, event: Event) -> str | None:
        """A correction of a correction replaces the pushes that the first one asked for."""
        return str(event.originator_id)

    def on_telling_anew(self, fact: DocumentReissued | LicenseCorrected) -> Commands:
        site = fact.license.site
        told = supervisors_of(fact)
        yield from self._push(fact, fact.case_id, content_of(fact, fact.told_as), told, site.region if site else None)
        for sent in self.pushes.of_decision(fact.told_in_case, fact.told_as_decision):
            new = push_stream(fact.case_id, fact.id, sent.regulator)
            yield SupersedePush(push_id=sent.push_id, by_push=new)
