"""许可决定推送每一个监管部门。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import pytest

from domain.approval_case.facts import CaseWithdrawn, StepReported
from domain.approval_case.words import Means
from domain.kernel.words import Body, Change, ClaimMode, Regulator, Subject, SubjectKind
from domain.policies.push_decision_to_every_regulator import PushDecisionToEveryRegulator
from domain.push import DispatchPush, PushContent, PushReassigned, push_stream
from domain.subscription import Detail, Terms
from tests.domain.case_file import ITEM, MARKET, TODAY, denied, granted
from tests.specification import (
    ACCEPTOR,
    CASE,
    CASE_NO,
    FIRE,
    HEALTH,
    HOLDER,
    HOUSING,
    SHOP,
    given,
    said,
)

MARKET_BODY = Body(code=MARKET.code, name=MARKET.name)


@dataclass
class Contracts:
    terms: tuple[Terms, ...] = ()
    asked: list[tuple[str, str | None, Change, date]] = field(default_factory=list)

    def of_regulator(self, regulator: str, on: date) -> Terms | None:
        return next((t for t in self.terms if t.regulator.code == regulator), None)

    def covering(self, item: str, region: str | None, change: Change, on: date) -> Sequence[Terms]:
        self.asked.append((item, region, change, on))
        return [t for t in self.terms if change in t.changes and (not t.items or item in t.items)]


def contract(regulator: Body = FIRE, **changed) -> Terms:
    fields = {
        "regulator": regulator, "purpose": "事中事后监管", "legal_basis": "办法第八条", "contact": "张三",
        "effective_from": date(2026, 1, 1),
    } | changed  # fmt: skip
    return Terms(**fields)


def policy(*terms: Terms) -> PushDecisionToEveryRegulator:
    return PushDecisionToEveryRegulator(Contracts(terms))


def pushes(fact, *terms: Terms) -> dict[str, DispatchPush]:
    """What is asked for, by regulator."""
    orders = policy(*terms).orders_for(said(fact, by=fact.actor, stream=CASE, version=9), fact.occurred_at)
    commands = [order.command for order in orders]
    assert all(isinstance(command, DispatchPush) for command in commands)
    return {command.regulator.code: command for command in commands}


REPORTED = StepReported(
    source="source-1", source_event_id="e-9", activity="09_GRANT", means=Means.GRANTED, officer="officer-9",
    digest="0", case_no=CASE_NO, item=ITEM, item_name="食品经营许可", departments=(FIRE,), regulators=(MARKET,),
    subject=HOLDER, site=SHOP,
)  # fmt: skip


def test_a_grant_is_pushed_to_the_regulators_that_the_item_version_names():
    two = (MARKET, Regulator(code=HEALTH.code, name=HEALTH.name, region="371502"))
    asked = pushes(granted(regulators=two))
    assert list(asked) == [MARKET.code, HEALTH.code]
    assert {command.named_by for command in asked.values()} == {"事项第 3 版"}
    assert {command.decision_id for command in asked.values()} == {f"{CASE}:9"}
    assert type(asked[HEALTH.code].regulator) is Body


def test_the_push_says_what_was_decided_where_and_on_what_it_rests():
    content = pushes(granted(by_commitment=True, with_tolerance=True))[MARKET.code].content
    assert content == PushContent(
        change=Change.GRANT, case_no=CASE_NO, item=ITEM, item_name="食品经营许可", item_version=3, subject=HOLDER,
        site=SHOP, document_no="聊行审许字〔2026〕37号", content="准予食品经营", valid_from=TODAY,
        valid_to=date(2031, 3, 1), by_commitment=True, with_tolerance=True, decided_on=TODAY,
    )  # fmt: skip


def test_a_contract_adds_its_regulator_and_says_why():
    asked = pushes(granted(), contract(FIRE))
    assert list(asked) == [MARKET.code, FIRE.code]
    assert asked[FIRE.code].named_by == "订阅:事中事后监管"


def test_a_regulator_that_item_and_contract_both_name_is_told_once():
    asked = pushes(granted(), contract(MARKET_BODY))
    assert list(asked) == [MARKET.code]
    assert asked[MARKET.code].named_by == "事项第 3 版"


@pytest.mark.parametrize("mode", ClaimMode)
def test_the_contract_says_how_the_push_is_claimed(mode):
    assert pushes(granted(), contract(MARKET_BODY, claim_mode=mode))[MARKET.code].claim_mode is mode
    assert pushes(granted())[MARKET.code].claim_mode is ClaimMode.EXPLICIT


def test_a_contract_about_other_items_says_how_to_claim_and_opens_no_names():
    elsewhere = contract(MARKET_BODY, items=("FOOD-2",), detail=Detail.FULL, claim_mode=ClaimMode.SIGNATURE)
    asked = pushes(granted(subject=PERSON), elsewhere)[MARKET.code]
    assert (asked.claim_mode, asked.content.masked) == (ClaimMode.SIGNATURE, True)
    here = contract(MARKET_BODY, items=(ITEM,), detail=Detail.FULL)
    assert not pushes(granted(subject=PERSON), elsewhere, here)[MARKET.code].content.masked


PERSON = Subject(kind=SubjectKind.NATURAL, identifier="digest-of-a-number", name="王小明")


def test_names_of_people_are_sent_only_where_the_contract_says_so():
    plain = pushes(granted(subject=PERSON), contract(MARKET_BODY, detail=Detail.FULL))[MARKET.code].content
    masked = pushes(granted(subject=PERSON), contract(MARKET_BODY))[MARKET.code].content
    without = pushes(granted(subject=PERSON))[MARKET.code].content
    assert (plain.subject.name, plain.accepted_by, plain.decided_by, plain.masked) == (
        "王小明", ACCEPTOR.id, "decider-1", False,
    )  # fmt: skip
    for content in (masked, without):
        assert (content.subject.name, content.accepted_by, content.decided_by) == ("王**", "", "")
        assert content.masked


def test_the_name_of_a_company_is_no_secret():
    assert pushes(granted())[MARKET.code].content.subject == HOLDER


def test_a_denial_is_pushed_only_to_whoever_subscribed_to_denials():
    asked = pushes(denied(), contract(FIRE, changes=(Change.DENIAL,)), contract(HEALTH))
    assert list(asked) == [FIRE.code]
    content = asked[FIRE.code].content
    assert (content.change, content.content) == (Change.DENIAL, "经营场所布局不符合食品安全要求")


def test_contracts_are_asked_with_the_item_the_place_and_the_day_of_the_decision():
    contracts = Contracts()
    given(PushDecisionToEveryRegulator(contracts)).when(granted(), stream=CASE).then(DispatchPush)
    assert set(contracts.asked) == {(ITEM, SHOP.region, Change.GRANT, TODAY)}


def test_a_reported_grant_is_pushed_to_item_regulators_departments_and_subscribers_of_the_item():
    asked = pushes(REPORTED, contract(HEALTH, items=(ITEM,)), contract(HOUSING, items=("FOOD-2",)))
    assert {code: command.named_by for code, command in asked.items()} == {
        MARKET.code: "事项版本", FIRE.code: "source-1 报送", HEALTH.code: "订阅:事中事后监管",
    }  # fmt: skip
    content = asked[MARKET.code].content
    assert (content.case_no, content.item, content.item_name, content.site) == (CASE_NO, ITEM, "食品经营许可", SHOP)


def test_a_reported_denial_is_pushed_to_subscribers_of_denials_only():
    denial = REPORTED.model_copy(update={"means": Means.DENIED})
    assert pushes(denial) == {}
    assert list(pushes(denial, contract(HEALTH, changes=(Change.DENIAL,)))) == [HEALTH.code]


REASSIGNED = PushReassigned(
    push_id=push_stream(CASE, f"{CASE}:9", MARKET.code), regulator=MARKET.code, case_id=CASE, to=FIRE, reason="职责划转",
    decision_id=f"{CASE}:9",
    content=PushContent(
        change=Change.GRANT, case_no=CASE_NO, item=ITEM, item_name="食品经营许可", subject=PERSON,
        accepted_by=ACCEPTOR.id, decided_by="decider-1", decided_on=TODAY, masked=False,
    ),
)  # fmt: skip


def test_a_push_that_was_handed_on_is_opened_for_the_other_regulator_on_its_own_terms():
    [command] = policy(contract(FIRE, claim_mode=ClaimMode.SIGNATURE, detail=Detail.FULL)).react(said(REASSIGNED))
    assert (command.regulator, command.decision_id) == (FIRE, f"{CASE}:9")
    assert (command.claim_mode, command.named_by) == (ClaimMode.SIGNATURE, "改派:职责划转")
    assert command.content == REASSIGNED.content


@pytest.mark.parametrize("terms", [(), (contract(FIRE),)], ids=["no contract", "a contract without names"])
def test_what_one_regulator_might_read_is_masked_when_it_goes_to_another(terms):
    [command] = policy(*terms).react(said(REASSIGNED))
    content = command.content
    assert (content.subject.name, content.accepted_by, content.decided_by) == ("王**", "", "")


@pytest.mark.parametrize(
    "fact",
    [
        REPORTED.model_copy(update={"means": Means.ACCEPTED}),
        REPORTED.model_copy(update={"means": None}),
        REPORTED.model_copy(update={"regulators": (), "departments": ()}),
        denied(),
        granted(regulators=()),
        CaseWithdrawn(reason="不再经营"),
    ],
    ids=[
        "a step decides nothing", "a step means nothing here", "nobody supervises a reported grant",
        "nobody subscribed to denials", "nobody supervises a grant", "the applicant withdrew",
    ],
)  # fmt: skip
def test_it_does_nothing_when(fact):
    given(policy()).when(fact, stream=CASE).nothing()


def test_the_same_decision_asks_under_the_same_request_ids_whatever_else_is_told_meanwhile():
    fact = said(granted(), stream=CASE, version=9)
    before = {o.command.stream: o.request for o in policy().orders_for(fact, fact.occurred_at)}
    after = {o.command.stream: o.request for o in policy(contract(FIRE)).orders_for(fact, fact.occurred_at)}
    assert before.items() < after.items()
