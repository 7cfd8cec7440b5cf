"""The whole way in one commit, and a case that looks at the one below it: with the real store and the real catalogue."""

from __future__ import annotations

import pytest

from domain.approval_case import commands as c
from domain.approval_case import refusals as r
from domain.approval_case.words import CheckedPoint, Material, Opinion, Validity
from domain.kernel.words import CaseKind
from domain.service_item import RetiredItem, RetireItem
from tests.application.office import ITEM, PUBLISH, Office, submit
from tests.specification import ACCEPTOR, APPLICANT, BUREAU, EXAMINER, MONDAY, SOURCE, STEWARD, TUESDAY

TODAY = MONDAY.date()
WHOLE_WAY = {
    "receipt_no": "1", "acceptance_no": "受〔2026〕1号", "document_no": "许〔2026〕1号", "content": "准予",
    "validity": Validity(valid_from=TODAY),
}  # fmt: skip


async def test_a_case_on_the_spot_is_one_commit_with_every_fact_or_with_none(office: Office):
    await office.do(PUBLISH.model_copy(update={"kind": CaseKind.INSTANT, "single_officer": True, "promised_days": 0}), STEWARD)
    stream = (await office.do(submit(), APPLICANT)).stream
    command = c.HandleOnTheSpot(case_id=stream, grounds="当场核验", **WHOLE_WAY)
    receipt = await office.do(command, ACCEPTOR, request="once")
    assert len(receipt.events) == 5
    assert (await office.do(command, ACCEPTOR, request="once")).repeated
    assert office.told(stream)[-1] == "DecisionGranted"


async def test_half_of_a_refused_case_on_the_spot_is_not_stored(office: Office):
    of = {"kind": CaseKind.INSTANT, "single_officer": True, "promised_days": 0, "consult": (BUREAU,)}
    await office.do(PUBLISH.model_copy(update=of), STEWARD)
    stream = (await office.do(submit(), APPLICANT)).stream
    with pytest.raises(r.ConsultationOutstanding):
        await office.do(c.HandleOnTheSpot(case_id=stream, grounds="当场核验", **WHOLE_WAY), ACCEPTOR)
    assert office.told(stream) == ["ApplicationSubmitted"]


async def test_a_machine_is_bound_to_the_rules_that_the_catalogue_publishes(office: Office):
    await office.do(PUBLISH.model_copy(update={"machine_rule": "规则 1"}), STEWARD)
    stream = (await office.do(submit(), APPLICANT)).stream
    decide = c.DecideByMachine(
        case_id=stream, rule_version="规则 1", points=(CheckedPoint(point="身份一致", met=True),), **WHOLE_WAY
    )
    with pytest.raises(r.OtherMachineRule):
        await office.do(decide.model_copy(update={"rule_version": "规则 2"}), SOURCE)
    await office.do(decide, SOURCE)
    assert office.facts(stream)[-1].rule_version == "规则 1"


async def test_an_item_that_another_officer_retired_meanwhile_is_not_accepted(office: Office):
    stream = await office.received()
    await office.do(RetireItem(item=ITEM, effective_on=TUESDAY.date(), reason="取消许可"), STEWARD)
    accept = c.AcceptApplication(case_id=stream, document_no="受〔2026〕1号")
    with pytest.raises(RetiredItem):
        await office.do(accept, ACCEPTOR, at=TUESDAY)
    assert office.told(stream)[-1] == "MaterialReceived"


async def test_what_a_lower_level_sent_up_comes_with_its_materials(office: Office):
    await office.do(PUBLISH, STEWARD)
    below = submit("2026-0001").model_copy(update={"materials": (Material(name="平面图", digest="ab" * 32),)})
    stream = (await office.do(below, APPLICANT)).stream
    above = submit("2026-0002").model_copy(update={"forwarded_from": stream})
    with pytest.raises(r.NothingForwarded):
        await office.do(above, APPLICANT)
    for command, by in (
        (c.ReceiveMaterial(case_id=stream, receipt_no="1"), ACCEPTOR),
        (c.AcceptApplication(case_id=stream, document_no="受〔2026〕1号"), ACCEPTOR),
        (c.AssignCase(case_id=stream, examiner=EXAMINER.id), ACCEPTOR),
        (c.RecordExaminationOpinion(case_id=stream, opinion=Opinion.PASS, grounds="符合"), EXAMINER),
        (c.ForwardCase(case_id=stream, to=BUREAU, document_no="报〔2026〕1号"), EXAMINER),
    ):
        await office.do(command, by)
    receipt = await office.do(above, APPLICANT)
    (fact,) = office.facts(receipt.stream)
    assert (fact.forwarded_from, fact.forwarded, fact.materials) == (stream, ("平面图",), below.materials)
