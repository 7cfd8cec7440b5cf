"""Small stories (故事), each played through the same commands that people use; ``shuangtui trigger`` tells them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from domain.application import Order, Receipt
from domain.approval_case import commands as case
from domain.approval_case.words import Opinion, Validity
from domain.consultation import FileConsultationOpinion, consultation_stream
from domain.consultation import Opinion as ConsultedOpinion
from domain.kernel.command import Command
from domain.kernel.people import Actor, Role
from domain.kernel.words import Body, Regulator, Site, Subject
from domain.push import AcknowledgePush, ClaimPush, FileFeedback, push_stream
from domain.rules.dates import business_date
from domain.service_item import CodeScheme, PublishItemVersion
from domain.supervision_finding import Demand, FindingKind, ReportFinding
from infra.wiring import Platform

BUREAU = "story-bureau"
MARKET = Regulator(code="story-market", name="市场监督管理局")
FIRE = Body(code="story-fire", name="消防救援支队")
HEALTH = Body(code="story-health", name="卫生健康委员会")

STEWARD = Actor(id="周管理员", organ=BUREAU, role=Role.STEWARD)
ACCEPTOR = Actor(id="李受理", organ=BUREAU, role=Role.ACCEPTOR)
EXAMINER = Actor(id="王审查", organ=BUREAU, role=Role.EXAMINER)
DECIDER = Actor(id="赵决定", organ=BUREAU, role=Role.DECIDER)
INSPECTOR = Actor(id="孙监管", organ=MARKET.code, role=Role.REGULATOR)
FIREMAN = Actor(id="钱消防", organ=FIRE.code, role=Role.REGULATOR)


@dataclass
class Teller:
    """Tells one story: who does what, in order, and what the platform did about it."""

    platform: Platform
    settle: Callable[[], Awaitable[None]]
    name: str
    cases: list[UUID] = field(default_factory=list)
    mark: str = field(default_factory=lambda: uuid4().hex[:8])

    @property
    def now(self) -> datetime:
        return self.platform.now()

    @property
    def today(self) -> date:
        return business_date(self.now)

    async def do(self, command: Command, by: Actor, *, at: datetime | None = None) -> Receipt:
        return await self.platform.app.handle(Order(command, by, at or self.now))

    async def item(self, *, consult: tuple[Body, ...] = (), inspect: tuple[Body, ...] = ()) -> str:
        """Publish an item for this story alone."""
        code = f"STORY-{self.name}-{self.mark}"[:50]
        await self.do(
            PublishItemVersion(
                item=code, scheme=CodeScheme.OTHER, name="食品经营许可", effective_from=date(self.today.year, 1, 1),
                promised_days=10, regulators=(MARKET,), consult=consult, inspect=inspect,
                legal_basis="食品安全法第三十五条",
            ),
            STEWARD,
        )  # fmt: skip
        return code

    async def accepted(self, item: str, *, site: Site | None = None, at: datetime | None = None) -> UUID:
        """A case that was submitted, received and accepted."""
        submit = case.SubmitApplication(
            case_no=f"{self.mark}-{len(self.cases) + 1}", opened_on=business_date(at or self.now), item=item,
            subject=Subject(identifier=f"SUBJECT-{self.mark}", name="聊城市柳园餐饮有限公司"), site=site,
        )  # fmt: skip
        await self.do(submit, ACCEPTOR, at=at)
        self.cases.append(submit.stream)
        await self.do(case.ReceiveMaterial(case_id=submit.stream, receipt_no=f"R-{self.mark}"), ACCEPTOR, at=at)
        document = case.AcceptApplication(case_id=submit.stream, document_no=f"聊行审受〔{self.today.year}〕1号")
        await self.do(document, ACCEPTOR, at=at)
        return submit.stream

    async def examined(self, case_id: UUID) -> None:
        await self.do(case.AssignCase(case_id=case_id, examiner=EXAMINER.id), ACCEPTOR)
        opinion = case.RecordExaminationOpinion(case_id=case_id, opinion=Opinion.PASS, grounds="材料齐全,符合法定形式")
        await self.do(opinion, EXAMINER)

    async def granted(self, case_id: UUID) -> Receipt:
        return await self.do(
            case.GrantLicense(
                case_id=case_id, document_no=f"聊行审许字〔{self.today.year}〕37号", content="准予食品经营",
                validity=Validity(valid_from=self.today, valid_to=self.today.replace(year=self.today.year + 5, day=1)),
            ),
            DECIDER,
        )  # fmt: skip


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
        consultation_id=consultation_stream(case_id, "item"), opinion=ConsultedOpinion.AGREE, reason="消防设施合格"
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


STORIES: dict[str, Callable[[Teller], Awaitable[None]]] = {
    told.__name__: told
    for told in (decision_pushed, consultation_demanded, sites_gathered, holder_warned, acceptance_deemed)
}
