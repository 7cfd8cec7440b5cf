"""失信即受限: who broke its word is barred from what the law forbids it, for as long as the law says.

A broken commitment: no commitments until the credit is repaired (国办发〔2020〕42号). False material in a matter of safety:
no application for the item for a year (行政许可法第七十八条). A license of that kind got by fraud: for three (第七十九条)."""

from __future__ import annotations

from typing import Protocol

from domain.approval_case.facts import DecisionDenied
from domain.approval_case.words import DenialGround
from domain.commitment.facts import CommitmentBroken
from domain.kernel.standing import BarKind
from domain.license.facts import LicenseRevoked
from domain.license.words import RevocationGround
from domain.policies.policy import Commands, Policy
from domain.rules.dates import business_date
from domain.standing.commands import ImposeBar
from domain.standing.words import BarCause


class Items(Protocol):
    """What the policy must know of the catalogue."""

    def touches_safety(self, item: str, version: int) -> bool:
        """Whether a version of an item touches public safety, health or the like."""


class BarSubjectThatBrokeItsWord(Policy):
    ZH = "失信即受限"
    READS = ("catalogue",)

    def __init__(self, items: Items) -> None:
        self.items = items

    def on_breach(self, fact: CommitmentBroken) -> Commands:
        yield ImposeBar(
            subject=fact.subject, kind=BarKind.COMMITMENT, basis="国办发〔2020〕42号", since=fact.broken_on, organ=fact.organ,
            cause=BarCause(
                fact_id=fact.id, case_id=fact.case_id,
                statement=f"办件 {fact.case_no} 未践诺({fact.ground.zh}):{fact.statement}"[:2000],
            ),
        )  # fmt: skip

    def on_denial(self, fact: DecisionDenied) -> Commands:
        if fact.ground is not DenialGround.FALSE_MATERIAL or not fact.terms.safety:
            return
        yield ImposeBar(
            subject=fact.subject, kind=BarKind.FALSE_MATERIAL, basis="行政许可法第七十八条", items=(fact.terms.item,),
            since=business_date(fact.occurred_at), organ=fact.organ,
            cause=BarCause(
                fact_id=fact.id, case_id=fact.originator_id,
                statement=f"办件 {fact.case_no} {fact.ground.zh}:{fact.reasons}"[:2000],
            ),
        )  # fmt: skip

    def on_revocation(self, fact: LicenseRevoked) -> Commands:
        license = fact.license
        fraud = fact.ground is RevocationGround.FRAUD_OR_BRIBERY
        if fraud and self.items.touches_safety(license.item, license.item_version):
            yield ImposeBar(
                subject=license.subject, kind=BarKind.FRAUD, basis="行政许可法第七十九条", items=(license.item,),
                since=business_date(fact.occurred_at), organ=license.organ,
                cause=BarCause(
                    fact_id=fact.id, case_id=fact.case_id,
                    statement=f"证照 {license.license_no} 依 {fact.document_no} 撤销({fact.ground.zh}):{fact.reasons}"[:2000],
                ),
            )  # fmt: skip
