"""The catalogue changes hands (划转): an item goes to another organ by date, and each case to whoever answers for it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from domain.approval_case import commands as case
from domain.approval_case.words import Opinion, Validity
from domain.kernel.people import Actor, Role
from domain.kernel.responsibility import ResponsibleRegulator
from domain.kernel.words import Body, Site
from domain.responsibility.commands import SetResponsibilityTable
from domain.responsibility.words import ResponsibilityRow
from domain.service_item import TransferItem
from interfaces.cli.stories.teller import BUREAU, STEWARD, Teller

OLD = Body(code=BUREAU, name="市行政审批服务局")
URBAN = Body(code="story-urban", name="市城市管理局")
MARKET = ResponsibleRegulator(code="story-market", name="市场监督管理局", officers=("孙监管",))
ENFORCEMENT = ResponsibleRegulator(code="story-enforcement", name="综合行政执法支队", officers=("吴执法",))
ESTABLISHMENT_DOCUMENT = "聊编办〔{year}〕3号"
SHOP = Site(region="371502", address="柳园南路 1 号")


async def item_transferred(tell: Teller) -> None:
    """划转 An item goes to another organ by date: a new case is the new organ's and its regulators', the old one stays."""
    before = tell.now - timedelta(days=7)
    day, document = tell.today, ESTABLISHMENT_DOCUMENT.format(year=tell.today.year)
    item = await tell.item()
    await _responsible(tell, item, OLD, MARKET, date(day.year, 1, 1), at=before)
    staying = await tell.accepted(item, site=SHOP, at=before)
    transfer = TransferItem(item=item, from_organ=OLD, to_organ=URBAN, effective_on=day, basis=document)
    await tell.do(transfer, STEWARD, at=before)
    await _responsible(tell, item, URBAN, ENFORCEMENT, day, at=before)
    await tell.settle()
    going = await tell.accepted(item, site=SHOP)
    await tell.examined(staying)
    await tell.granted(staying)
    await _decided_by_the_new_organ(tell, going)
    await tell.settle()


async def _decided_by_the_new_organ(tell: Teller, case_id: UUID) -> None:
    """Its own officers examine and decide; what was accepted at the common counter is theirs."""
    officer, examiner, decider = (
        Actor(id=name, organ=URBAN.code, role=role)
        for name, role in (("郑受理", Role.ACCEPTOR), ("冯审查", Role.EXAMINER), ("陈决定", Role.DECIDER))
    )
    await tell.do(case.AssignCase(case_id=case_id, examiner=examiner.id), officer)
    opinion = case.RecordExaminationOpinion(case_id=case_id, opinion=Opinion.PASS, grounds="材料齐全,符合法定形式")
    await tell.do(opinion, examiner)
    grant = case.GrantLicense(
        case_id=case_id, document_no=f"聊城管许字〔{tell.today.year}〕1号", content="准予食品经营",
        validity=Validity(valid_from=tell.today, valid_to=tell.today.replace(year=tell.today.year + 5, day=1)),
    )  # fmt: skip
    await tell.do(grant, decider)


async def _responsible(
    tell: Teller, item: str, approver: Body, regulator: ResponsibleRegulator, since: date, *, at: datetime
) -> None:
    row = ResponsibilityRow(
        region="371500", effective_from=since, approver=approver, approver_officers=("赵决定",), regulators=(regulator,)
    )
    document = ESTABLISHMENT_DOCUMENT.format(year=since.year)
    table = SetResponsibilityTable(
        item=item, effective_from=since, rows=(row,), places=("371500",), basis=document, reason=f"由{approver.name}实施"
    )
    await tell.do(table, STEWARD, at=at)
