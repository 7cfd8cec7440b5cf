"""证照变动推送每一个监管部门: every later change of a license opens one push per regulator, past or present, and per
contract that covers it.

谁主管谁监管: who supervises a license must know that it was altered, renewed, suspended, ended in whichever way. What
a case granted is pushed under that case and its decision; what happened to the license itself under its own fact."""

from __future__ import annotations

from uuid import UUID

from domain.kernel.words import Body, Change
from domain.license.facts import (
    ChangedByCase,
    LicenseAltered,
    LicenseCancelled,
    LicenseExpired,
    LicenseFact,
    LicensePenaltyRevoked,
    LicenseRenewed,
    LicenseRenewedBySilence,
    LicenseRevoked,
    LicenseSuspended,
    LicenseToldAnew,
    LicenseWithdrawn,
    SuspensionEnded,
)
from domain.license.words import exchange_code
from domain.policies.dispatching import Dispatching
from domain.policies.policy import Commands
from domain.push import PushContent
from domain.rules.dates import business_date

ByCase = LicenseAltered | LicenseRenewed | LicenseRenewedBySilence
ByItself = (
    LicenseSuspended | SuspensionEnded | LicenseExpired | LicenseWithdrawn | LicenseRevoked | LicensePenaltyRevoked
)


class PushLicenseChangeToEveryRegulator(Dispatching):
    ZH = "证照变动推送每一个监管部门"

    def on_change_by_a_case(self, fact: ByCase) -> Commands:
        yield from self._tell(fact, fact.by_case, fact.decision_id)

    def on_change_by_itself(self, fact: ByItself) -> Commands:
        yield from self._tell(fact, fact.case_id, fact.id)

    def on_cancellation(self, fact: LicenseCancelled) -> Commands:
        yield from self._tell(fact, fact.by_case or fact.case_id, fact.decision_id or fact.id)

    def _tell(self, fact: LicenseFact, case_id: UUID, decision_id: str) -> Commands:
        assert fact.CHANGE is not None
        site = fact.license.site
        yield from self._push(
            fact, case_id, content_of(fact, fact.CHANGE), supervisors_of(fact), site.region if site else None, decision_id
        )


def supervisors_of(fact: LicenseFact) -> dict[str, tuple[Body, str]]:
    """Who supervises the license after the fact, and who did before it: both must know."""
    before = fact.before.regulators if isinstance(fact, (ChangedByCase, LicenseToldAnew)) else ()
    number = fact.license.item_version
    return {r.code: (r, f"事项第 {number} 版") for r in (*fact.license.regulators, *before)}


def content_of(fact: LicenseFact, change: Change) -> PushContent:
    """What a regulator is told of the license after a fact."""
    on, license = business_date(fact.occurred_at), fact.license
    return PushContent(
        change=change, case_no=getattr(fact, "case_no", license.case_no), item=license.item,
        item_name=license.item_name, item_version=license.item_version, subject=license.subject, site=license.site,
        document_no=getattr(fact, "document_no", ""), content=fact.telling("zh"), decided_on=on,
        license_id=fact.originator_id, license_no=license.license_no, license_version=license.version,
        license_digest=license.digest, license_code=exchange_code(fact.state, on),
        valid_from=license.validity.valid_from, valid_to=license.validity.valid_to, decided_by=fact.actor.id,
        masked=False,
    )  # fmt: skip
