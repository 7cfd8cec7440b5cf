"""Files of cases (案卷) for specifications: facts that bring a case into each state, and who did what."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case.words import (
    ApproverLevel,
    CaseState,
    CheckedPoint,
    Opinion,
    Outcome,
    TerminationGround,
    Validity,
)
from domain.kernel.event import Event
from domain.kernel.identity import stream_id
from domain.kernel.words import ItemTerms, Regulator, SpecialProcedure
from domain.rules.working_days import working_calendar
from tests.specification import (
    ACCEPTOR,
    BUREAU,
    CASE,
    CASE_NO,
    DECIDER,
    EXAMINER,
    FIRE,
    HEALTH,
    HOLDER,
    HOUSING,
    MONDAY,
    SHOP,
    catalogue,
    said,
)

TODAY = MONDAY.date()
ITEM = "11371500MB2862819G3370117003000"
MARKET = Regulator(code="MARKET-371500", name="市市场监督管理局")
TERMS = ItemTerms(item=ITEM, version=3, name="食品经营许可", promised_days=10, regulators=(MARKET,))
LOOK = catalogue(TERMS)

REGION, CALENDAR = SHOP.region, working_calendar(TODAY).version
"""The bureau has no unified social credit identifier, so the place of the site says whose calendar counts."""

NOTICE_DUE = date(2026, 3, 9)
PROMISED_DUE = date(2026, 3, 16)
STATUTORY_DUE = date(2026, 3, 30)
FINDING, OTHER_FINDING = stream_id("finding", 2026, "f-1"), stream_id("finding", 2026, "f-2")
CONSULTATION, INSPECTION = stream_id("consultation", 2026, "c-1"), stream_id("inspection", 2026, "i-1")

SUBMIT = c.SubmitApplication(case_no=CASE_NO, opened_on=TODAY, item=ITEM, subject=HOLDER, site=SHOP)


def terms(**changed: Any) -> ItemTerms:
    return TERMS.model_copy(update=changed)


def submitted(of: ItemTerms = TERMS, **changed: Any) -> f.ApplicationSubmitted:
    fields = {"case_no": CASE_NO, "terms": of, "subject": HOLDER, "site": SHOP, "organ": BUREAU.code} | changed
    return f.ApplicationSubmitted(**fields)


def clocks(of: ItemTerms = TERMS, **changed: Any) -> dict[str, Any]:
    return {
        "case_no": CASE_NO, "terms": of, "subject": HOLDER, "site": SHOP, "day_zero": TODAY, "statutory_days": 20,
        "promised_days": 10, "statutory_due": STATUTORY_DUE, "promised_due": PROMISED_DUE, "region": REGION,
        "calendar": CALENDAR,
    } | changed  # fmt: skip


def receipt(day: date = TODAY, notice_due: date | None = NOTICE_DUE, **changed: Any) -> dict[str, Any]:
    """What a receipt on a day tells of its clock."""
    return {"received_on": day, "notice_due": notice_due, "region": REGION, "calendar": CALENDAR} | changed


RECEIVED = said(f.MaterialReceived(receipt_no="收〔2026〕1号", **receipt()), by=ACCEPTOR)


def accepted(of: ItemTerms = TERMS, **changed: Any) -> Event:
    return said(f.ApplicationAccepted(document_no="受〔2026〕1号", **clocks(of, **changed)), by=ACCEPTOR)


def tolerated(of: ItemTerms, *missing: str, until: date = PROMISED_DUE) -> Event:
    fact = f.ToleranceAccepted(document_no="受〔2026〕1号", missing=missing, until=until, **clocks(of))
    return said(fact, by=ACCEPTOR)


def committed(of: ItemTerms, commitment: str, check_by: date, **changed: Any) -> f.CommitmentFiled:
    fields = {"case_no": CASE_NO, "item": of.item, "item_name": of.name, "subject": HOLDER} | changed
    return f.CommitmentFiled(commitment=commitment, check_by=check_by, **fields)


ASSIGNED = f.CaseAssigned(examiner=EXAMINER.id)
PASSED = said(f.ExaminationOpinionRecorded(opinion=Opinion.PASS, grounds="材料齐全"), by=EXAMINER)
FAILED = said(f.ExaminationOpinionRecorded(opinion=Opinion.FAIL, grounds="布局不符"), by=EXAMINER)
SUSPENDED = f.SpecialProcedureStarted(
    procedure=SpecialProcedure.EXPERT_REVIEW, notice_no="告〔2026〕1号", planned_end=date(2026, 3, 6), started_on=TODAY,
    calendar=CALENDAR,
)
GRANT = c.GrantLicense(
    case_id=CASE, document_no="聊行审许字〔2026〕37号", content="准予食品经营",
    validity=Validity(valid_from=TODAY, valid_to=date(2031, 3, 1)),
)  # fmt: skip
WHOLE_WAY = {
    "case_id": CASE, "receipt_no": "收〔2026〕1号", "acceptance_no": "受〔2026〕1号", "document_no": GRANT.document_no,
    "content": GRANT.content, "validity": GRANT.validity,
}  # fmt: skip
ON_THE_SPOT = c.HandleOnTheSpot(**WHOLE_WAY, grounds="材料齐全,当场核验")
POINT = CheckedPoint(point="营业执照有效", met=True, evidence="ab" * 32)
BY_MACHINE = c.DecideByMachine(**WHOLE_WAY, rule_version="秒批规则 1.2", points=(POINT,))
DENY = c.DenyLicense(
    case_id=CASE, document_no="聊行审许字〔2026〕38号", reasons="经营场所布局不符合食品安全要求",
    remedy_notice="可在六十日内申请行政复议",
)  # fmt: skip


def decision(of: ItemTerms = TERMS, **changed: Any) -> dict[str, Any]:
    return {
        "case_no": CASE_NO, "terms": of, "subject": HOLDER, "site": SHOP, "organ": BUREAU.code,
        "regulators": (MARKET,), "accepted_by": ACCEPTOR.id, "publicity_due": date(2026, 3, 11), "region": REGION,
        "calendar": CALENDAR,
    } | changed  # fmt: skip


def granted(of: ItemTerms = TERMS, **changed: Any) -> Event:
    fact = f.DecisionGranted(
        document_no=GRANT.document_no, content=GRANT.content, validity=GRANT.validity,
        **({"delivery_due": date(2026, 3, 16)} | decision(of, **changed)),
    )
    return said(fact, by=DECIDER)


def denied(of: ItemTerms = TERMS, **changed: Any) -> Event:
    fact = f.DecisionDenied(
        document_no=DENY.document_no, reasons=DENY.reasons, remedy_notice=DENY.remedy_notice, **decision(of, **changed)
    )
    return said(fact, by=DECIDER)


CORRECTION = f.CorrectionRequested(missing=("平面图",), until=date(2026, 3, 6))
ISSUED, DELIVERED = f.LicenseIssued(license_no="JY1371502"), f.LicenseDelivered(how="窗口领取")
WITHDRAWN = f.CaseWithdrawn(reason="不再经营")
TERMINATED = f.CaseTerminated(ground_code=TerminationGround.APPLICANT_ENDED, ground="申请人死亡")
REFUSED = f.AcceptanceRefused(
    reason="不属于本机关职权范围", redirect_to="市市场监督管理局", remedy_notice="可申请行政复议"
)


LAND = "不动产权证书"


def provisional(of: ItemTerms = TERMS) -> Event:
    fact = f.ProvisionallyAccepted(
        case_no=CASE_NO, terms=of, notice_no="模〔2026〕1号", outstanding=(LAND,), until=PROMISED_DUE
    )
    return said(fact, by=ACCEPTOR)


LOOKED_AT = said(f.ProvisionallyExamined(opinion=Opinion.PASS, grounds="其余材料符合要求"), by=EXAMINER)


def opined(of: ItemTerms = TERMS) -> Event:
    fact = f.ProvisionalOpinionIssued(
        case_no=CASE_NO, opinion_no="模意〔2026〕1号", content="待取得土地手续后可准予", outstanding=(LAND,),
        valid_until=STATUTORY_DUE, item_version=of.version,
    )  # fmt: skip
    return said(fact, by=DECIDER)


def file_of(of: ItemTerms = TERMS) -> dict[CaseState, tuple[Event, ...]]:
    """For each state the shortest file that leads there."""
    came = (submitted(of), RECEIVED)
    began = (*came, accepted(of))
    examining = (*began, ASSIGNED)
    examined = (*examining, PASSED)
    return {
        CaseState.SUBMITTED: came[:1],
        CaseState.RECEIVED: came,
        CaseState.AWAITING_CORRECTION: (*came, CORRECTION),
        CaseState.PROVISIONAL: (*came, provisional(of)),
        CaseState.PROVISIONALLY_APPROVED: (*came, provisional(of), LOOKED_AT, opined(of)),
        CaseState.CLOSED_UNACCEPTED: (*came, REFUSED),
        CaseState.ACCEPTED: began,
        CaseState.EXAMINING: examining,
        CaseState.SUSPENDED: (*examined, SUSPENDED),
        CaseState.EXAMINED: examined,
        CaseState.FORWARDED: (*examined, f.CaseForwarded(to=BUREAU, opinion=Opinion.PASS, document_no="报〔2026〕1号")),
        CaseState.GRANTED: (*examined, granted(of)),
        CaseState.DENIED: (*examined, denied(of)),
        CaseState.DELIVERED: (*examined, granted(of), ISSUED, DELIVERED),
        CaseState.CONCLUDED: (*examined, denied(of), f.CaseConcluded()),
        CaseState.WITHDRAWN: (*began, WITHDRAWN),
        CaseState.TERMINATED: (*began, TERMINATED),
        CaseState.ARCHIVED: (*began, WITHDRAWN, f.CaseArchived(archive_no="2026-1")),
    }


FILE = file_of()


def extend(days: int = 10, **changed: Any) -> c.ExtendTimeLimit:
    fields = {"approver": ApproverLevel.ORGAN_HEAD, "reason": "需补充核验", "applicant_told_on": TODAY} | changed
    return c.ExtendTimeLimit(case_id=CASE, days=days, **fields)


def finding(**changed: Any) -> c.NoteFinding:
    fields = {"finding_id": FINDING, "kind": "行政检查", "statement": "后厨卫生不达标"} | changed
    return c.NoteFinding(case_id=CASE, **fields)


def finding_noted(**changed: Any) -> f.FindingNoted:
    return f.FindingNoted(**finding(**changed).model_dump(exclude={"case_id"}))


def outcome_of(cause: str, outcome: Outcome = Outcome.SUPPORTED) -> c.NoteConsultation:
    return c.NoteConsultation(case_id=CASE, consultation_id=CONSULTATION, cause=cause, outcome=outcome)


def visited(outcome: Outcome = Outcome.SUPPORTED) -> c.NoteInspection:
    return c.NoteInspection(case_id=CASE, inspection_id=INSPECTION, outcome=outcome)


def consultation(of: ItemTerms, cause: str = "item", bodies: Any = (FIRE, HEALTH), **changed: Any) -> Event:
    fields = {"case_no": CASE_NO, "item_name": of.name, "bodies": bodies, "cause": cause, "reason": of.name} | changed
    return f.ConsultationRequired(**fields)


def site_visit(bodies: Any = (FIRE, HOUSING), not_before: date = date(2026, 3, 3), not_after: date = date(2026, 3, 17)):
    return f.SiteVisitRequired(
        case_no=CASE_NO, site=SHOP, bodies=bodies, not_before=not_before, not_after=not_after
    )  # fmt: skip
