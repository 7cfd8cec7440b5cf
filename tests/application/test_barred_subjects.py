"""受限主体: what one process records of a subject, every other one sees before it accepts or grants."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.approval_case import commands as c
from domain.approval_case import refusals as r
from domain.kernel.standing import BarKind, Step
from domain.standing.commands import ImposeBar, LiftBar
from domain.standing.words import BarCause, LiftGround
from tests.application.office import ITEM, Office, Open, the_rest
from tests.specification import ACCEPTOR, BUREAU, DECIDER, HOLDER, MONDAY

BAR = ImposeBar(
    subject=HOLDER, kind=BarKind.FALSE_MATERIAL, basis="行政许可法第七十八条", items=(ITEM,), since=MONDAY.date(),
    organ=BUREAU.code, cause=BarCause(fact_id="case:1", statement="提供虚假材料"),
)  # fmt: skip
LIFT = LiftBar(
    subject=HOLDER, bar_no=1, ground=LiftGround.IMPOSED_IN_ERROR, document_no="撤〔2026〕1号", reason="原认定被撤销"
)


async def test_a_recorded_bar_stops_the_acceptance_and_a_lifted_one_does_not(office: Office):
    stream = await office.received()
    accept = c.AcceptApplication(case_id=stream, document_no="受〔2026〕1号")
    await office.do(BAR, DECIDER)
    with pytest.raises(r.SubjectBarred) as refused:
        await office.do(accept, ACCEPTOR)
    assert refused.value.facts["step"] is Step.ACCEPTANCE
    await office.do(LIFT, DECIDER)
    assert (await office.do(accept, ACCEPTOR)).events


async def test_a_bar_that_another_process_recorded_meanwhile_stops_the_grant(office: Office, open_office: Open):
    elsewhere = open_office()
    stream = await office.received()
    *before, (grant, decider) = the_rest(stream)
    await office.all(*before)
    await elsewhere.do(BAR, DECIDER)
    with pytest.raises(r.SubjectBarred):
        await office.do(grant, decider)
    assert "DecisionGranted" not in office.told(stream)
    after_it = MONDAY + timedelta(days=366)
    assert (await office.do(grant, decider, after_it)).events


async def test_a_bar_and_the_acceptance_in_one_batch_are_taken_in_their_order(office: Office):
    stream = await office.received()
    accept = c.AcceptApplication(case_id=stream, document_no="受〔2026〕1号")
    barred, accepted = await office.all((BAR, DECIDER), (accept, ACCEPTOR))
    assert not isinstance(barred, r.SubjectBarred)
    assert isinstance(accepted, r.SubjectBarred)
