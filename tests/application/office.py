"""An office (机关): one instance of the application with connections of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.application import Answer, ApprovalSupervision, Order, Receipt
from domain.approval_case import commands as c
from domain.approval_case.words import Opinion, Validity
from domain.kernel.command import Command
from domain.kernel.event import Event
from domain.kernel.people import Actor
from domain.kernel.words import Regulator
from domain.service_item import CodeScheme, PublishItemVersion
from domain.store import Unit
from infra.event_store.factory import environment
from infra.event_store.group_commit import GroupCommit
from infra.event_store.mapper import decode
from infra.event_store.recorder import EventRecorder
from tests.specification import ACCEPTOR, APPLICANT, DECIDER, EXAMINER, HOLDER, MONDAY, SHOP, STEWARD

ITEM = "FOOD-1"
MARKET = Regulator(code="MARKET-371500", name="市市场监督管理局")
PUBLISH = PublishItemVersion(
    item=ITEM, scheme=CodeScheme.OTHER, name="食品经营许可", effective_from=date(2026, 1, 1), promised_days=10,
    regulators=(MARKET,), legal_basis="食品安全法第三十五条",
)  # fmt: skip

Open = Callable[..., "Office"]


class GatedCommits(GroupCommit):
    """The real commits, where a test may let one fail or wait before anything is stored."""

    def __init__(self, recorder: EventRecorder) -> None:
        super().__init__(recorder)
        self.failures: list[Exception] = []
        self.gate: asyncio.Event | None = None
        self.waiting = asyncio.Event()

    async def commit(self, unit: Unit) -> list[int]:
        if self.gate is not None:
            gate, self.gate = self.gate, None
            self.waiting.set()
            await gate.wait()
        if self.failures:
            raise self.failures.pop(0)
        return await super().commit(unit)


@dataclass
class Office:
    app: ApprovalSupervision
    recorder: EventRecorder
    commits: GatedCommits

    @classmethod
    def at(cls, url: str, **kwargs: Any) -> Office:
        app = ApprovalSupervision(environment(url), **kwargs)
        recorder = app.recorder
        assert isinstance(recorder, EventRecorder)
        app.commits = commits = GatedCommits(recorder)
        return cls(app, recorder, commits)

    async def aclose(self) -> None:
        await self.commits.aclose()
        self.app.close()

    async def do(self, command: Command, by: Actor, at: datetime = MONDAY, **asked: Any) -> Receipt:
        return await self.app.handle(Order(command, by, at, **asked))

    async def all(self, *asked: tuple[Command, Actor] | Order, **kwargs: Any) -> list[Answer]:
        orders = [one if isinstance(one, Order) else Order(one[0], one[1], MONDAY) for one in asked]
        return await self.app.handle_all(orders, **kwargs)

    def facts(self, stream: UUID | None = None) -> list[Event]:
        """What is stored, in the order of the commits; of one stream, if one is named."""
        page = self.recorder.read(0, 100_000)
        found = [decode(e.topic, e.state, e.originator_id, e.originator_version) for e in page.entries]
        return [fact for fact in found if stream in (None, fact.originator_id)]

    def told(self, stream: UUID | None = None) -> list[str]:
        return [type(fact).__name__ for fact in self.facts(stream)]

    async def received(self, number: str = "2026-0001") -> UUID:
        """A case whose materials were received, in a catalogue that holds its item."""
        if not self.facts():
            await self.do(PUBLISH, STEWARD)
        stream = submit(number).stream
        await self.all((submit(number), APPLICANT), (c.ReceiveMaterial(case_id=stream, receipt_no="1"), ACCEPTOR))
        return stream

    async def granted(self, number: str = "2026-0001") -> UUID:
        stream = await self.received(number)
        answers = await self.all(*the_rest(stream))
        assert all(isinstance(answer, Receipt) for answer in answers), answers
        return stream


def submit(number: str = "2026-0001", item: str = ITEM) -> c.SubmitApplication:
    return c.SubmitApplication(case_no=number, opened_on=MONDAY.date(), item=item, subject=HOLDER, site=SHOP)


def the_rest(stream: UUID, officer: str | None = None) -> list[tuple[Command, Actor]]:
    """From the acceptance to the grant; by one officer, where one is named."""
    acceptor, examiner, decider = (
        one.model_copy(update={"id": officer}) if officer else one for one in (ACCEPTOR, EXAMINER, DECIDER)
    )
    validity = Validity(valid_from=MONDAY.date())
    return [
        (c.AcceptApplication(case_id=stream, document_no="受〔2026〕1号"), acceptor),
        (c.AssignCase(case_id=stream, examiner=examiner.id), acceptor),
        (c.RecordExaminationOpinion(case_id=stream, opinion=Opinion.PASS, grounds="材料齐全"), examiner),
        (c.GrantLicense(case_id=stream, document_no="许〔2026〕1号", content="准予", validity=validity), decider),
    ]  # fmt: skip
