"""The main road of a case (主线): pushed, consulted, visited together, warned, and accepted by silence."""

from __future__ import annotations

from datetime import timedelta

from domain.approval_case import commands as case
from domain.consultation import FileConsultationOpinion, Opinion, consultation_stream
from domain.kernel.words import Body, Site, Subject
from domain.push import AcknowledgePush, ClaimPush, FileFeedback, push_stream
from domain.rules.dates import business_date
from domain.supervision_finding import Demand, FindingKind, ReportFinding
from interfaces.cli.stories.teller import ACCEPTOR, DECIDER, FIRE, FIREMAN, HEALTH, INSPECTOR, MARKET, Teller


async def decision_pushed(tell: Teller) -> None:
    """准予即推送 A decision is pushed, acknowledged, claimed by a named officer and fed back."""
    case_id = await tell.accepted(await tell.item())
    await tell.examined(case_id)
    decision = (await tell.granted(case_id)).events[0]
    await tell.settle()
    push_id = push_stream(case_id, decision, MARKET.code)
    await tell.do(AcknowledgePush(push_id=push_id), INSPECTOR)
    await tell.do(ClaimPush(push_id=push_id, officer=INSPECTOR.id), INSPECTOR)
    await tell.do(FileFeedback(push_id=push_id, feedback="已纳入日常监管", first_check_on=tell.today), INSPECTOR)
    await tell.do(case.IssueLicense(case_id=case_id, license_no=f"JY-{tell.mark}"), DECIDER)
    await tell.do(case.DeliverLicense(case_id=case_id, how="窗口领取"), ACCEPTOR)
    await tell.do(case.PublishDecision(case_id=case_id, where="市政府网站"), ACCEPTOR)
    await tell.do(case.ConcludeCase(case_id=case_id), ACCEPTOR)


async def consultation_demanded(tell: Teller) -> None:
    """应会商必会商 The item demands a consultation; no decision before the opinion is in."""
    case_id = await tell.accepted(await tell.item(consult=(FIRE,)))
    await tell.examined(case_id)
    await tell.settle()
    opinion = FileConsultationOpinion(
        consultation_id=consultation_stream(case_id, "item"), opinion=Opinion.AGREE, reason="消防设施合格"
    )
    await tell.do(opinion, FIREMAN)
    await tell.settle()
    await tell.granted(case_id)
    await tell.settle()


async def sites_gathered(tell: Teller) -> None:
    """多次踏勘并为一次 Two cases at one place become one joint inspection."""
    item = await tell.item(inspect=(FIRE, HEALTH))
    site = Site(region="371502", address="柳园南路 1 号", place=f"柳园商场-{tell.mark}")
    await tell.accepted(item, site=site)
    await tell.settle()
    await tell.accepted(item, site=site)
    await tell.settle()


async def holder_warned(tell: Teller) -> None:
    """监管信息提示在办件 A finding that names the holder warns the running case and demands a consultation."""
    case_id = await tell.accepted(await tell.item())
    await tell.examined(case_id)
    await tell.settle()
    finding = ReportFinding(
        organ=Body(code=MARKET.code, name=MARKET.name), finding_no=f"F-{tell.mark}", kind=FindingKind.INSPECTION,
        subject=Subject(identifier=f"SUBJECT-{tell.mark}", name="聊城市柳园餐饮有限公司"), case_id=case_id,
        found_on=tell.today, statement="后厨卫生不达标", legal_basis="食品安全法第三十三条",
        demands=(Demand.CONSULTATION,),
    )  # fmt: skip
    await tell.do(finding, INSPECTOR)
    await tell.settle()


async def acceptance_deemed(tell: Teller) -> None:
    """逾期未告知视为受理 No notice within five working days: accepted from the day of receipt."""
    item = await tell.item()
    before = tell.now - timedelta(days=21)
    submit = case.SubmitApplication(
        case_no=f"{tell.mark}-1", opened_on=business_date(before), item=item,
        subject=Subject(identifier=f"SUBJECT-{tell.mark}", name="聊城市柳园餐饮有限公司"),
    )  # fmt: skip
    await tell.do(submit, ACCEPTOR, at=before)
    tell.cases.append(submit.stream)
    await tell.do(case.ReceiveMaterial(case_id=submit.stream, receipt_no=f"R-{tell.mark}"), ACCEPTOR, at=before)
    await tell.settle()
