"""The teller of stories (讲述者): who acts in them, and the steps that most of them begin with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from domain.application import Order, Receipt
from domain.approval_case import commands as case
from domain.approval_case.words import Opinion, Validity
from domain.kernel.command import Command
from domain.kernel.people import Actor, Role
from domain.kernel.words import Body, Regulator, Site, Subject
from domain.rules.dates import business_date
from domain.service_item import CodeScheme, PublishItemVersion
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
    streams: set[UUID] = field(default_factory=set)
    """Every stream that somebody in the story acted on: what happened to them belongs to the story."""
    mark: str = field(default_factory=lambda: uuid4().hex[:8])

    @property
    def now(self) -> datetime:
        return self.platform.now()

    @property
    def today(self) -> date:
        return business_date(self.now)

    async def do(self, command: Command, by: Actor, *, at: datetime | None = None) -> Receipt:
        self.streams.add(command.stream)
        return await self.platform.app.handle(Order(command, by, at or self.now))

    async def item(
        self,
        *,
        consult: tuple[Body, ...] = (),
        inspect: tuple[Body, ...] = (),
        name: str = "食品经营许可",
        legal_basis: str = "食品安全法第三十五条",
        **more: Any,
    ) -> str:
        """Publish an item for this story alone; ``more`` says what else the story needs of it."""
        code = f"STORY-{self.name}-{self.mark}"[:50]
        await self.do(
            PublishItemVersion(
                item=code, scheme=CodeScheme.OTHER, name=name, effective_from=date(self.today.year, 1, 1),
                promised_days=10, regulators=(MARKET,), consult=consult, inspect=inspect,
                legal_basis=legal_basis, **more,
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

    async def granted(self, case_id: UUID, *, at: datetime | None = None, **more: Any) -> Receipt:
        """A grant; ``more`` says what else the decision states."""
        return await self.do(
            case.GrantLicense(
                case_id=case_id, document_no=f"聊行审许字〔{self.today.year}〕37号", content="准予食品经营",
                validity=Validity(valid_from=self.today, valid_to=self.today.replace(year=self.today.year + 5, day=1)),
                **more,
            ),
            DECIDER, at=at,
        )  # fmt: skip
