"""Licenses (证照) for specifications: facts that bring one into each state, and what a decision may see beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from domain.kernel.aggregate import Look
from domain.kernel.event import Event
from domain.kernel.identity import license_stream, stream_id
from domain.kernel.licensing import CaseSeen, GrantSeen, LicenseState, Validity
from domain.kernel.words import Body, Matter, Regulator, Site, Subject
from domain.license import commands as c
from domain.license import facts as f
from domain.license.words import (
    AnnualCheckResult,
    CancellationGround,
    LicenseContent,
    Penalty,
    RevocationGround,
    WithdrawalGround,
)
from tests.specification import BUREAU, CASE, CASE_NO, FIRE, HOLDER, MONDAY, OTHER_CASE, OTHER_CASE_NO, SHOP, said

S = LicenseState
TODAY = MONDAY.date()
THIS = license_stream(CASE)
MARKET = Regulator(code="MARKET-371500", name="市市场监督管理局")
MARKET_BODY = Body(code=MARKET.code, name=MARKET.name)
EXPIRES = date(2026, 3, 31)
PERIOD = Validity(valid_from=date(2021, 4, 1), valid_to=EXPIRES)
NEW_PERIOD = Validity(valid_from=date(2026, 4, 1), valid_to=date(2031, 3, 31))
E_LICENSE = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"

GRANT = GrantSeen(
    case_id=CASE, case_no=CASE_NO, decision_id=f"{CASE}:9", decided_on=date(2021, 3, 29), item="FOOD-1",
    item_name="食品经营许可", item_version=3, license_type="食品经营许可证", annual_check=True, subject=HOLDER, site=SHOP,
    organ=BUREAU.code, regulators=(MARKET,), document_no="聊行审许字〔2021〕37号", content="准予食品经营", validity=PERIOD,
)  # fmt: skip


def grant(matter: Matter = Matter.NEW, case: UUID = OTHER_CASE, **changed: Any) -> GrantSeen:
    """A grant about this license, by another case."""
    fields = {
        "case_id": case, "case_no": OTHER_CASE_NO, "decision_id": f"{case}:9", "decided_on": TODAY, "matter": matter,
        "license_id": THIS,
    } | changed  # fmt: skip
    return GRANT.model_copy(update=fields)


@dataclass(frozen=True, slots=True)
class Cases(Look):
    """The cases that a decision on a license may see."""

    known: dict[UUID, CaseSeen] = field(default_factory=dict)

    def case(self, case_id: UUID) -> CaseSeen | None:
        return self.known.get(case_id)


def cases(*grants: GrantSeen, waiting: tuple[UUID, ...] = ()) -> Cases:
    known = {one.case_id: CaseSeen(case_id=one.case_id, undecided=False, grant=one) for one in grants}
    return Cases(known | {one: CaseSeen(case_id=one, undecided=True) for one in waiting})


REGISTER = c.RegisterLicense(case_id=CASE, license_no="JY1371502", digest="ab" * 32)
CONTENT = LicenseContent(
    license_no="JY1371502", case_no=CASE_NO, digest="ab" * 32, license_type="食品经营许可证", item="FOOD-1", item_name="食品经营许可",
    item_version=3, subject=HOLDER, site=SHOP, organ=BUREAU.code, regulators=(MARKET,), validity=PERIOD,
    content="准予食品经营", annual_check=True,
)  # fmt: skip


def content(**changed: Any) -> LicenseContent:
    return CONTENT.model_copy(update=changed)




def now(state: LicenseState = S.VALID) -> dict[str, Any]:
    return {"case_id": CASE, "license": CONTENT, "state": state}


NOW = now()
PENALTY = Penalty(
    organ=MARKET_BODY, document_no="聊市监罚〔2026〕9号", decided_on=TODAY, legal_basis="食品安全法第一百二十二条"
)
FINDING = stream_id("finding", 2026, "f-1")

REGISTERED = said(
    f.LicenseRegistered(**now(S.ISSUED), decision_id=f"{CASE}:9", regulators=(MARKET,)), stream=THIS, version=1
)
EFFECTIVE = f.LicenseTookEffect(**NOW)
SUSPENDED = f.LicenseSuspended(**now(S.SUSPENDED), penalty=PENALTY, until=date(2026, 3, 10), finding_id=None)
REINSTATED = f.SuspensionEnded(**NOW, reason="暂扣期满")
EXPIRED = f.LicenseExpired(**now(S.EXPIRED))
WITHDRAWN = f.LicenseWithdrawn(
    **now(S.WITHDRAWN), ground=WithdrawalGround.LAW_CHANGED, public_interest="水源地保护", document_no="聊行审撤回〔2026〕1号",
    compensation_ref="补〔2026〕1号", no_loss=None, finding_id=None,
)  # fmt: skip
REVOKED = f.LicenseRevoked(
    **now(S.REVOKED), ground=RevocationGround.UNQUALIFIED, mandatory=False, reasons="申请时不具备经营场所条件",
    document_no="聊行审撤销〔2026〕1号", compensation_ref=None, finding_id=None,
)  # fmt: skip
PENALTY_REVOKED = f.LicensePenaltyRevoked(**now(S.PENALTY_REVOKED), penalty=PENALTY, finding_id=None)
SUBJECT_ENDED = f.CancellationGroundArose(
    **now(S.SUBJECT_ENDED), ground=CancellationGround.SUBJECT_ENDED, happened_on=TODAY, statement="公司注销登记", finding_id=None
)
LAPSED = f.CancellationGroundArose(
    **now(S.LAPSED), ground=CancellationGround.FORCE_MAJEURE, happened_on=TODAY, statement="洪水冲毁", finding_id=None
)


def cancelled(ground: CancellationGround, caused_by: str, **changed: Any) -> f.LicenseCancelled:
    fields = {"document_no": "聊行审注〔2026〕1号", "finding_id": None} | now(S.CANCELLED) | changed
    return f.LicenseCancelled(ground=ground, caused_by=caused_by, **fields)


VALID = (REGISTERED, EFFECTIVE)
FILES: dict[LicenseState, tuple[Event, ...]] = {
    S.ISSUED: (REGISTERED,),
    S.VALID: VALID,
    S.SUSPENDED: (*VALID, SUSPENDED),
    S.EXPIRED: (*VALID, EXPIRED),
    S.WITHDRAWN: (*VALID, WITHDRAWN),
    S.REVOKED: (*VALID, REVOKED),
    S.PENALTY_REVOKED: (*VALID, PENALTY_REVOKED),
    S.SUBJECT_ENDED: (*VALID, SUBJECT_ENDED),
    S.LAPSED: (*VALID, LAPSED),
    S.CANCELLED: (*VALID, EXPIRED, cancelled(CancellationGround.EXPIRED, f"{THIS}:3")),
}
"""For each state the shortest file that leads there."""

ENDED = (S.EXPIRED, S.WITHDRAWN, S.REVOKED, S.PENALTY_REVOKED, S.SUBJECT_ENDED, S.LAPSED, S.CANCELLED)
STANDING = (S.ISSUED, S.VALID, S.SUSPENDED)

SUSPEND = c.RecordSuspension(license_id=THIS, penalty=PENALTY, until=date(2026, 3, 10))
REINSTATE = c.EndSuspension(license_id=THIS, reason="暂扣期满")
ALTER = c.AlterLicense(license_id=THIS, case=OTHER_CASE)
RENEW = c.RenewLicense(license_id=THIS, case=OTHER_CASE)
NOTE_RENEWAL = c.NoteRenewalAsked(
    license_id=THIS, case=OTHER_CASE, case_no=OTHER_CASE_NO, ask_by=date(2026, 3, 1), in_time=True
)
REISSUE = c.ReissueDocument(license_id=THIS, case=OTHER_CASE, license_no="JY1371502-2", digest="cd" * 32)
CORRECT = c.CorrectLicense(license_id=THIS, corrects=f"{THIS}:1", reason="编号录入有误", license_no="JY1371503")
EXPIRE = c.ExpireLicense(license_id=THIS)
WITHDRAW = c.WithdrawLicense(
    license_id=THIS, ground=WithdrawalGround.LAW_CHANGED, public_interest="水源地保护",
    document_no="聊行审撤回〔2026〕1号", compensation_ref="补〔2026〕1号",
)  # fmt: skip
REVOKE = c.RevokeLicense(
    license_id=THIS, ground=RevocationGround.UNQUALIFIED, reasons="申请时不具备经营场所条件",
    document_no="聊行审撤销〔2026〕1号",
)  # fmt: skip
PENALIZE = c.RecordPenaltyRevocation(license_id=THIS, penalty=PENALTY)
END_SUBJECT = c.RecordCancellationGround(
    license_id=THIS, ground=CancellationGround.SUBJECT_ENDED, happened_on=TODAY, statement="公司注销登记"
)
CANCEL = c.CancelLicense(license_id=THIS, ground=CancellationGround.EXPIRED, document_no="聊行审注〔2026〕1号")
CANCEL_AS_APPLIED = c.CancelAsApplied(license_id=THIS, case=OTHER_CASE)
CHECK = c.RecordAnnualCheck(
    license_id=THIS, year=2026, checked_on=TODAY, result=AnnualCheckResult.PASSED, statement="经营条件未变"
)
PROPOSE = c.NoteProposal(
    license_id=THIS, finding_id=FINDING, finding_no="F-1", revision=1, organ=FIRE, kind="建议撤销", kind_en="proposal to revoke",
    asks_for_change=True, statement="消防条件不符",
)  # fmt: skip
ANSWER = c.NoteProposalAnswered(license_id=THIS, finding_id=FINDING, adopted=True, result="拟撤销")

PERSON = Subject(identifier="digest-of-a-number", name="王小明")
OTHER_SITE = Site(region="371500", address="兴华西路 2 号")
ALTERATION = grant(
    Matter.ALTERATION, content="经营场所变更", site=OTHER_SITE,
    regulators=(MARKET, Regulator(code=FIRE.code, name=FIRE.name)),
)  # fmt: skip
RENEWAL = grant(Matter.RENEWAL, validity=NEW_PERIOD)
CANCELLATION = grant(Matter.CANCELLATION, content="停止经营", document_no="聊行审注〔2026〕2号")

