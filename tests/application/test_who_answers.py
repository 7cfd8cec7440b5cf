"""责任清单 across processes: a decision rests on the table as it is stored, whoever stored it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain.approval_case import commands as c
from domain.approval_case.facts import CaseRouted
from domain.kernel.words import Body
from domain.responsibility.commands import ResolveDispute, SetResponsibilityTable
from domain.service_item.refusals import OwnerInDispute
from tests.application.office import ITEM, MARKET, PUBLISH, Open
from tests.specification import ACCEPTOR, BUREAU, FIRE, HOUSING, MONDAY, SHOP, STEWARD

YEAR = date(2026, 1, 1)


def table(*approvers: Body, **more: Any) -> SetResponsibilityTable:
    rows = [
        {"region": "371500", "effective_from": YEAR, "approver": one, "regulators": [MARKET.model_dump()]}
        for one in approvers
    ]
    told = {"item": ITEM, "effective_from": YEAR, "rows": rows, "places": [SHOP.region], "basis": "聊政发〔2026〕1号"}
    return SetResponsibilityTable.model_validate(told | more)


def accepting(case: UUID) -> c.AcceptApplication:
    return c.AcceptApplication(case_id=case, document_no="受〔2026〕1号")


async def test_a_case_is_routed_by_the_table_that_another_process_set(open_office: Open):
    one, two = open_office(), open_office()
    first, second = await one.received("2026-0001"), await one.received("2026-0002")
    await one.do(accepting(first), ACCEPTOR)
    await two.do(table(BUREAU), STEWARD)
    await one.do(accepting(second), ACCEPTOR)
    assert "CaseRouted" not in one.told(first)
    [routed] = [fact for fact in one.facts(second) if isinstance(fact, CaseRouted)]
    assert (routed.routing.table, routed.routing.approver) == (1, BUREAU)
    await two.do(table(FIRE, effective_from=date(2026, 2, 1)), STEWARD)
    third = await one.received("2026-0003")
    await one.do(accepting(third), ACCEPTOR)
    assert [f.routing.table for f in one.facts(third) if isinstance(f, CaseRouted)] == [2]


async def test_nothing_is_published_while_a_dispute_stands_that_another_process_found(open_office: Open):
    one, two = open_office(), open_office()
    await one.do(PUBLISH, STEWARD)
    await two.do(table(BUREAU, HOUSING), STEWARD)
    later = PUBLISH.model_copy(update={"effective_from": date(2026, 6, 1), "promised_days": 7})
    with pytest.raises(OwnerInDispute):
        await one.do(later, STEWARD)
    decided = ResolveDispute(
        item=ITEM, dispute=1, owner=HOUSING, authority=FIRE, document_no="聊编办〔2026〕3号", decided_on=MONDAY.date()
    )
    await two.do(decided, STEWARD)
    assert (await one.do(later, STEWARD)).events
