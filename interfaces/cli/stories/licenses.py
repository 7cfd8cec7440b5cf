"""Stories of licenses (证照): renewed by silence, altered, suspended, ended, and what the regulators are told."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from domain.application import Order
from domain.approval_case import commands as case
from domain.approval_case.words import Opinion, Validity
from domain.kernel.command import Command
from domain.kernel.identity import license_stream
from domain.kernel.people import Actor, the_platform
from domain.kernel.refusal import Refusal
from domain.kernel.words import Body, Matter, Site, Subject
from domain.license import commands as license
from domain.license.words import CancellationGround, RevocationGround
from domain.rules.dates import business_date
from domain.service_item import CodeScheme, PublishItemVersion
from domain.supervision_finding import FindingKind, FindingResult, HandleFinding, RegisterFinding, ReportFinding
from interfaces.cli.stories.teller import ACCEPTOR, DECIDER, EXAMINER, INSPECTOR, MARKET, STEWARD, Teller


async def renewal_by_silence(tell: Teller) -> None:
    """逾期未决定视为延续 A renewal asked in time and undecided when the license expires is granted by silence."""
    ends = tell.today - timedelta(days=1)
    asked = tell.now - timedelta(days=60)
    item = f"STORY-{tell.name}-{tell.mark}"[:50]
    await tell.do(
        PublishItemVersion(
            item=item, scheme=CodeScheme.OTHER, name="食品经营许可", effective_from=business_date(asked), promised_days=10,
            regulators=(MARKET,), legal_basis="食品安全法第三十五条", validity_months=12,
        ),
        STEWARD,
    )  # fmt: skip
    granting = await tell.accepted(item, at=asked)
    validity = Validity(valid_from=ends - timedelta(days=364), valid_to=ends)
    license_no = await _granted(tell, granting, validity, at=asked, issue=False)
    renewal = case.SubmitApplication(
        case_no=f"{tell.mark}-renewal", opened_on=business_date(asked), item=item, subject=_holder(tell),
        matter=Matter.RENEWAL, license_id=license_stream(granting),
    )  # fmt: skip
    tell.cases.append(renewal.stream)
    # One commit: the license is over since yesterday, and a platform that runs would end it between two of them.
    asked_for: tuple[tuple[Command, Actor], ...] = (
        (case.IssueLicense(case_id=granting, license_no=license_no), DECIDER),
        (license.RegisterLicense(case_id=granting, license_no=license_no), the_platform(tell.name)),
        (renewal, ACCEPTOR),
        (case.ReceiveMaterial(case_id=renewal.stream, receipt_no=f"R-{tell.mark}-2"), ACCEPTOR),
        (case.AcceptApplication(case_id=renewal.stream, document_no=f"聊行审受〔{tell.today.year}〕2号"), ACCEPTOR),
    )  # fmt: skip
    for answer in await tell.platform.app.handle_all([Order(command, by, asked) for command, by in asked_for]):
        if isinstance(answer, Refusal):
            raise answer
        tell.streams.add(answer.stream)
    await tell.settle()
    await tell.settle()


async def license_ended(tell: Teller) -> None:
    """建议撤销、采纳、撤销、注销 A regulator proposes, the approving side revokes and cancels; each change is pushed."""
    granting = await tell.accepted(await tell.item())
    await _granted(tell, granting, Validity(valid_from=tell.today, valid_to=tell.today + timedelta(days=365)))
    await tell.settle()
    license_id = license_stream(granting)
    proposal = ReportFinding(
        organ=Body(code=MARKET.code, name=MARKET.name), finding_no=f"P-{tell.mark}", subject=_holder(tell),
        kind=FindingKind.PROPOSAL_TO_REVOKE, license_no=f"JY-{tell.mark}", found_on=tell.today,
        statement="申请时提交的场所证明系伪造", legal_basis="行政许可法第六十九条",
    )  # fmt: skip
    await tell.do(proposal, INSPECTOR)
    await tell.settle()
    await tell.do(RegisterFinding(finding_id=proposal.stream), EXAMINER)
    handle = HandleFinding(finding_id=proposal.stream, result=FindingResult.ADOPTED, explanation="核实后依法撤销")
    await tell.do(handle, DECIDER)
    await tell.settle()
    revoke = license.RevokeLicense(
        license_id=license_id, ground=RevocationGround.FRAUD_OR_BRIBERY, reasons="以伪造的场所证明取得许可",
        document_no=f"聊行审撤销〔{tell.today.year}〕1号", finding_id=proposal.stream,
    )  # fmt: skip
    await tell.do(revoke, DECIDER)
    cancel = license.CancelLicense(
        license_id=license_id, ground=CancellationGround.REVOKED, document_no=f"聊行审注〔{tell.today.year}〕1号"
    )
    await tell.do(cancel, DECIDER)
    await tell.settle()


async def license_altered(tell: Teller) -> None:
    """变更另案办理 An alteration is asked by a new case; its grant alters the license and makes no second one."""
    item = await tell.item()
    granting = await tell.accepted(item)
    await _granted(tell, granting, Validity(valid_from=tell.today, valid_to=tell.today + timedelta(days=365)))
    await tell.settle()
    submit = case.SubmitApplication(
        case_no=f"{tell.mark}-alteration", opened_on=tell.today, item=item, subject=_holder(tell),
        site=Site(region="371502", address="兴华西路 2 号"), matter=Matter.ALTERATION,
        license_id=license_stream(granting),
    )  # fmt: skip
    await tell.do(submit, ACCEPTOR)
    tell.cases.append(submit.stream)
    await tell.do(case.ReceiveMaterial(case_id=submit.stream, receipt_no=f"R-{tell.mark}-2"), ACCEPTOR)
    document = case.AcceptApplication(case_id=submit.stream, document_no=f"聊行审受〔{tell.today.year}〕2号")
    await tell.do(document, ACCEPTOR)
    await tell.examined(submit.stream)
    await tell.do(
        case.GrantLicense(
            case_id=submit.stream, document_no=f"聊行审变〔{tell.today.year}〕1号", content="经营场所变更为兴华西路 2 号",
            validity=Validity(valid_from=tell.today),
        ),
        DECIDER,
    )  # fmt: skip
    await tell.settle()


def _holder(tell: Teller) -> Subject:
    return Subject(identifier=f"SUBJECT-{tell.mark}", name="聊城市柳园餐饮有限公司")


async def _granted(
    tell: Teller, case_id: UUID, validity: Validity, *, at: datetime | None = None, issue: bool = True
) -> str:
    await tell.do(case.AssignCase(case_id=case_id, examiner=EXAMINER.id), ACCEPTOR, at=at)
    opinion = case.RecordExaminationOpinion(case_id=case_id, opinion=Opinion.PASS, grounds="材料齐全,符合法定形式")
    await tell.do(opinion, EXAMINER, at=at)
    document = f"聊行审许字〔{tell.today.year}〕37号"
    grant = case.GrantLicense(case_id=case_id, document_no=document, content="准予食品经营", validity=validity)
    await tell.do(grant, DECIDER, at=at)
    license_no = f"JY-{tell.mark}"
    if issue:
        await tell.do(case.IssueLicense(case_id=case_id, license_no=license_no), DECIDER, at=at)
    return license_no
