"""证照变动推送每一个监管部门, and what replaces an earlier push."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pytest

from domain.kernel.identity import license_stream
from domain.kernel.licensing import LicenseState
from domain.kernel.words import Body, Change, Matter, Regulator, SubjectKind
from domain.license import facts as f
from domain.license.words import CancellationGround
from domain.policies.push_decision_to_every_regulator import PushDecisionToEveryRegulator
from domain.policies.push_license_change_to_every_regulator import PushLicenseChangeToEveryRegulator
from domain.policies.replace_push_when_license_is_told_anew import ReplacePushWhenLicenseIsToldAnew, SentPush
from domain.push import DispatchPush, SupersedePush, push_stream
from domain.subscription import Detail, Terms
from tests.domain.case_file import granted
from tests.domain.license_file import (
    CONTENT,
    EFFECTIVE,
    EXPIRED,
    LAPSED,
    MARKET,
    MARKET_BODY,
    NOW,
    PENALTY_REVOKED,
    PERSON,
    REGISTERED,
    REINSTATED,
    REVOKED,
    SUSPENDED,
    THIS,
    TODAY,
    WITHDRAWN,
    cancelled,
    content,
)
from tests.specification import CASE, CASE_NO, FIRE, HOUSING, OTHER_CASE, OTHER_CASE_NO, given, said

S = LicenseState
CANCELLED = cancelled(CancellationGround.EXPIRED, f"{THIS}:3")


@dataclass
class Contracts:
    terms: tuple[Terms, ...] = ()

    def of_regulator(self, regulator: str, on: date) -> Terms | None:
        return next((t for t in self.terms if t.regulator.code == regulator), None)

    def covering(self, item: str, region: str | None, change: Change, on: date) -> Sequence[Terms]:
        return [t for t in self.terms if change in t.changes]


def contract(regulator: Body, **changed) -> Terms:
    fields = {
        "regulator": regulator, "purpose": "事中事后监管", "legal_basis": "办法第八条", "contact": "张三",
        "effective_from": date(2026, 1, 1),
    } | changed  # fmt: skip
    return Terms(**fields)


def pushes(fact, *terms: Terms) -> dict[str, DispatchPush]:
    told = said(fact, stream=THIS, version=3)
    commands = [o.command for o in PushLicenseChangeToEveryRegulator(Contracts(terms)).orders_for(told, told.occurred_at)]
    assert all(isinstance(command, DispatchPush) for command in commands)
    return {command.regulator.code: command for command in commands}


@pytest.mark.parametrize(
    ("fact", "change", "code"),
    [
        (SUSPENDED, Change.SUSPENSION, "02"), (REINSTATED, Change.REINSTATEMENT, "01"), (EXPIRED, Change.EXPIRY, "05"),
        (WITHDRAWN, Change.WITHDRAWAL, "03"), (REVOKED, Change.REVOCATION, "03"),
        (PENALTY_REVOKED, Change.PENALTY_REVOCATION, "07"), (CANCELLED, Change.CANCELLATION, "04"),
    ],
    ids=lambda one: one.value if isinstance(one, Change) else "",
)  # fmt: skip
def test_what_happens_to_a_license_is_pushed_under_its_own_fact(fact, change, code):
    [command] = pushes(fact).values()
    assert (command.regulator, command.case_id, command.decision_id) == (MARKET_BODY, CASE, f"{THIS}:3")
    told = command.content
    assert (told.change, told.case_no, told.license_no, told.license_version) == (change, CASE_NO, "JY1371502", 1)
    assert (told.license_code, told.license_id, told.decided_on) == (code, THIS, TODAY)
    assert told.content == fact.telling("zh")


def changed(cls, **more):
    fields = {
        "case_id": CASE, "license": content(version=2), "state": S.VALID, "before": CONTENT, "by_case": OTHER_CASE,
        "case_no": OTHER_CASE_NO, "decision_id": f"{OTHER_CASE}:9",
    } | more  # fmt: skip
    return cls(**fields)


@pytest.mark.parametrize("cls", [f.LicenseRenewed, f.LicenseRenewedBySilence])
def test_what_a_case_granted_is_pushed_under_that_case_and_its_decision(cls):
    [command] = pushes(changed(cls)).values()
    assert (command.case_id, command.decision_id) == (OTHER_CASE, f"{OTHER_CASE}:9")
    assert (command.content.change, command.content.case_no) == (Change.RENEWAL, OTHER_CASE_NO)


def test_a_cancellation_that_was_applied_for_is_pushed_under_its_case():
    applied = cancelled(
        CancellationGround.OTHER_BY_LAW, f"{THIS}:3", by_case=OTHER_CASE, decision_id=f"{OTHER_CASE}:9"
    )  # fmt: skip
    [command] = pushes(applied).values()
    assert (command.case_id, command.decision_id) == (OTHER_CASE, f"{OTHER_CASE}:9")


def test_who_supervised_it_before_an_alteration_is_told_beside_who_does_now():
    moved = content(version=2, regulators=(Regulator(code=FIRE.code, name=FIRE.name),))
    assert set(pushes(changed(f.LicenseAltered, license=moved, what="迁址"))) == {FIRE.code, MARKET.code}


def test_a_contract_adds_whoever_subscribed_to_this_change_and_each_is_told_once():
    terms = contract(HOUSING, changes=(Change.REVOCATION,)), contract(MARKET_BODY, changes=(Change.REVOCATION,))
    assert set(pushes(REVOKED, *terms)) == {MARKET.code, HOUSING.code}
    assert set(pushes(EXPIRED, *terms)) == {MARKET.code}


def test_names_of_people_go_only_where_the_contract_says_so():
    person = EXPIRED.model_copy(
        update={"license": content(subject=PERSON.model_copy(update={"kind": SubjectKind.NATURAL}))}
    )
    assert pushes(person)[MARKET.code].content.subject.name == "王**"
    full = contract(MARKET_BODY, changes=(Change.EXPIRY,), detail=Detail.FULL)
    assert pushes(person, full)[MARKET.code].content.subject.name == "王小明"


@pytest.mark.parametrize("fact", [REGISTERED, EFFECTIVE, LAPSED, f.AnnualCheckRecorded(
    **NOW, year=2026, checked_on=TODAY, result="passed", statement="合格")], ids=lambda fact: fact.TOPIC)  # fmt: skip
def test_what_is_no_change_for_the_regulator_opens_no_push(fact):
    given(PushLicenseChangeToEveryRegulator(Contracts())).when(fact, stream=THIS).nothing()


@pytest.mark.parametrize("matter", [Matter.ALTERATION, Matter.RENEWAL, Matter.CANCELLATION])
def test_the_decision_itself_opens_no_second_push(matter):
    decision = granted(matter=matter, license_id=license_stream(OTHER_CASE))
    given(PushDecisionToEveryRegulator(Contracts())).when(decision, stream=CASE).nothing()


# 更正


@dataclass
class Sent:
    sent: tuple[SentPush, ...]

    def of_decision(self, case_id, decision_id):
        assert (case_id, decision_id) == (OTHER_CASE, f"{OTHER_CASE}:9")
        return self.sent


REISSUED = f.DocumentReissued(
    case_id=CASE, license=content(version=3, license_no="JY-2"), state=S.VALID, before=content(version=2),
    replaces=f"{THIS}:3", told_in_case=OTHER_CASE, told_as_decision=f"{OTHER_CASE}:9", told_as=Change.RENEWAL,
    by_case=OTHER_CASE,
)  # fmt: skip


def test_a_new_document_is_pushed_as_the_same_change_and_replaces_the_push_before():
    old = push_stream(OTHER_CASE, f"{OTHER_CASE}:9", MARKET.code)
    policy = ReplacePushWhenLicenseIsToldAnew(Contracts(), Sent((SentPush(old, MARKET.code),)))
    [new, replaced] = policy.react(said(REISSUED, stream=THIS, version=4))
    assert isinstance(new, DispatchPush)
    assert (new.content.change, new.content.license_no, new.decision_id) == (Change.RENEWAL, "JY-2", f"{THIS}:4")
    assert replaced == SupersedePush(push_id=old, by_push=new.stream)


def test_nothing_is_replaced_that_was_never_sent():
    policy = ReplacePushWhenLicenseIsToldAnew(Contracts(), Sent(()))
    given(policy).when(REISSUED, stream=THIS, version=4).then(DispatchPush)


def test_corrections_of_one_license_are_taken_one_after_another():
    policy = ReplacePushWhenLicenseIsToldAnew(Contracts(), Sent(()))
    assert policy.READS_ITS_OWN
    assert policy.rests_on(said(REISSUED, stream=THIS, version=4)) == str(THIS)
