"""办件文书: what a case holds on paper, under which letter and number it is decided, and whether it bears the seal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case import papers
from domain.approval_case import refusals as r
from domain.approval_case.words import CaseState
from domain.kernel.aggregate import Look, replay
from domain.kernel.delegation import Beyond, Letter, RecordDelegationExceeded, Scope
from domain.kernel.documents import Document, DocumentKind, NumberIssued
from domain.kernel.refusal import RoleMayNot
from domain.kernel.words import ExerciseLevel
from domain.rules.loader import practice
from tests.domain.case_file import (
    ASSIGNED,
    DENY,
    FILE,
    GRANT,
    ITEM,
    PASSED,
    RECEIVED,
    TODAY,
    accepted,
    denied,
    granted,
    submitted,
    terms,
    tolerated,
)
from tests.practices import in_practice
from tests.specification import BUREAU, CASE, CASE_NO, DECIDER, FIRE, MONDAY, OTHER_CASE, PLATFORM, given, said

K = DocumentKind
DIGEST, OTHER_DIGEST = "ab" * 32, "cd" * 32
LETTER = Letter(
    letter_no="聊行审授〔2026〕3号", scope=Scope(items=(ITEM,)), valid_from=TODAY, valid_to=date(2026, 12, 31)
)
CHIEF_GRANT = GRANT.model_copy(update={"as_chief_representative": True})
CHIEF_DENY = DENY.model_copy(update={"as_chief_representative": True})
ISSUE = c.IssueLicense(case_id=CASE, license_no="JY1371502", digest=DIGEST)
SEALED = c.NoteSeal(
    case_id=CASE, kind=K.LICENSE, document_no="JY1371502", digest=DIGEST, seal_no="3715000012345", number=1
)
SEAL_NOTED = f.SealNoted(**SEALED.model_dump(exclude={"case_id"}))


@dataclass(frozen=True)
class Known(Look):
    """What other streams would answer."""

    of_letters: tuple[Letter, ...] = ()
    numbers: dict[tuple[str, DocumentKind, str], NumberIssued] = field(default_factory=dict)

    def letters(self, organ: str, officer: str) -> Sequence[Letter]:
        return self.of_letters if (organ, officer) == (BUREAU.code, DECIDER.id) else ()

    def document_number(self, organ: str, kind: DocumentKind, document_no: str) -> NumberIssued | None:
        return self.numbers.get((organ, kind, document_no))


def examined(**changed: Any):
    of = terms(**changed)
    return (submitted(of), RECEIVED, accepted(of), ASSIGNED, PASSED)


# 默认不变 what a city has not entered changes nothing


@pytest.mark.parametrize("switch", ["decision_needs_delegation", "document_no_from_counter", "seal_required"])
def test_every_switch_is_off_until_a_city_enters_it(switch):
    entered = practice(switch, on=TODAY)
    assert entered.value is False
    assert "默认" in entered.legal_basis


def test_with_all_switches_off_a_case_is_decided_and_its_license_issued_as_before():
    given(*FILE[CaseState.EXAMINED]).when(GRANT, by=DECIDER).then(granted())
    given(*FILE[CaseState.GRANTED]).when(ISSUE, by=DECIDER).then(f.LicenseIssued)


# 首席代表 the chief representative


@pytest.mark.parametrize(
    ("command", "fact"),
    [(CHIEF_GRANT, granted(delegation_no=LETTER.letter_no)), (CHIEF_DENY, denied(delegation_no=LETTER.letter_no))],
    ids=["grant", "denial"],
)
def test_a_decision_inside_the_letter_records_the_letter_it_rests_on(command, fact):
    given(*FILE[CaseState.EXAMINED], look=Known((LETTER,))).when(command, by=DECIDER).then(fact)


@pytest.mark.parametrize(
    ("letter", "beyond"),
    [
        (LETTER.model_copy(update={"scope": Scope(items=("OTHER-*",))}), (Beyond.ITEM,)),
        (LETTER.model_copy(update={"scope": Scope(places=("371521",))}), (Beyond.PLACE,)),
        (LETTER.model_copy(update={"scope": Scope(levels=("4",))}), (Beyond.LEVEL,)),
        (LETTER.model_copy(update={"scope": Scope(amount_to=1)}), (Beyond.AMOUNT,)),
        (LETTER.model_copy(update={"valid_from": TODAY + timedelta(days=1)}), (Beyond.DATE,)),
        (LETTER.model_copy(update={"ends_before": TODAY}), (Beyond.DATE,)),
        (LETTER.model_copy(update={"scope": Scope(items=("OTHER-*",)), "ends_before": TODAY}), (Beyond.DATE, Beyond.ITEM)),
    ],
)  # fmt: skip
def test_a_decision_beyond_the_letter_is_refused_saying_in_what_and_leaves_the_attempt_behind(letter, beyond):
    refusal = given(*FILE[CaseState.EXAMINED], look=Known((letter,))).when(CHIEF_GRANT, by=DECIDER).refused(
        r.DelegationExceeded, officer=DECIDER.id, letter=letter.letter_no, beyond=beyond
    )
    assert refusal.trace == RecordDelegationExceeded(
        organ=BUREAU.code, officer=DECIDER.id, case_id=CASE, case_no=CASE_NO, item=ITEM, decision=K.GRANT,
        document_no=GRANT.document_no, letter_no=letter.letter_no, beyond=beyond,
    )  # fmt: skip
    assert beyond[0].zh in refusal.told("zh")
    assert beyond[0].en in refusal.told("en")


def test_without_any_letter_nobody_decides_as_chief_representative():
    refusal = given(*FILE[CaseState.EXAMINED]).when(CHIEF_DENY, by=DECIDER).refused(
        r.DelegationExceeded, beyond=(Beyond.NO_LETTER,)
    )
    assert refusal.trace.decision == K.DENIAL


def test_the_level_is_that_of_the_item_or_else_of_its_national_code():
    city, county = Scope(levels=("3",)), Scope(levels=("4",))
    of_code = Known((LETTER.model_copy(update={"scope": city}),))
    given(*examined(), look=of_code).when(CHIEF_GRANT, by=DECIDER).then(f.DecisionGranted)
    of_item = Known((LETTER.model_copy(update={"scope": county}),))
    given(*examined(level=ExerciseLevel.COUNTY), look=of_item).when(CHIEF_GRANT, by=DECIDER).then(f.DecisionGranted)
    given(*examined(level=ExerciseLevel.COUNTY), look=of_code).when(CHIEF_GRANT, by=DECIDER).refused(r.DelegationExceeded)


def test_an_amount_inside_the_letter_is_recorded_with_the_decision():
    limited = Known((LETTER.model_copy(update={"scope": Scope(amount_to=10_000)}),))
    with_amount = CHIEF_GRANT.model_copy(update={"amount": 10_000})
    given(*FILE[CaseState.EXAMINED], look=limited).when(with_amount, by=DECIDER).then(
        granted(delegation_no=LETTER.letter_no, amount=10_000)
    )


def test_where_a_city_demands_it_every_person_who_decides_needs_a_letter():
    with in_practice(decision_needs_delegation=True):
        given(*FILE[CaseState.EXAMINED]).when(GRANT, by=DECIDER).refused(r.DelegationExceeded)
        given(*FILE[CaseState.EXAMINED], look=Known((LETTER,))).when(GRANT, by=DECIDER).then(
            granted(delegation_no=LETTER.letter_no)
        )


def test_an_organ_decides_by_the_letters_of_the_organ_in_whose_name_it_acts():
    entrusted = DECIDER.model_copy(update={"organ": FIRE.code, "on_behalf_of": BUREAU.code})
    given(*FILE[CaseState.EXAMINED], look=Known((LETTER,))).when(CHIEF_GRANT, by=entrusted).then(f.DecisionGranted)


# 文书号 document numbers


def test_where_a_city_demands_it_a_decision_bears_a_number_that_was_given_out_for_it():
    number = NumberIssued(document_no=GRANT.document_no, case_id=CASE)
    key = (BUREAU.code, K.GRANT, GRANT.document_no)
    with in_practice(document_no_from_counter=True):
        given(*FILE[CaseState.EXAMINED], look=Known(numbers={key: number})).when(GRANT, by=DECIDER).then(granted())
        for wrong in (
            {}, {key: number.model_copy(update={"case_id": OTHER_CASE})}, {key: number.model_copy(update={"voided": True})},
            {key: number.model_copy(update={"case_id": None})}, {(BUREAU.code, K.DENIAL, GRANT.document_no): number},
            {(FIRE.code, K.GRANT, GRANT.document_no): number},
        ):  # fmt: skip
            decided = given(*FILE[CaseState.EXAMINED], look=Known(numbers=wrong)).when(GRANT, by=DECIDER)
            decided.refused(r.DocumentNumberNotIssued, document_no=GRANT.document_no, kind=K.GRANT)
    given(*FILE[CaseState.EXAMINED]).when(GRANT, by=DECIDER).then(granted())


# 文书与用章 papers and the seal


def on_paper(*facts: Any) -> list[tuple[DocumentKind, str, str]]:
    placed = [said(one, by=one.actor, at=MONDAY, stream=CASE, version=n) for n, one in enumerate(facts, 1)]
    return [(one.kind, one.document_no, one.digest) for one in replay(papers.Papers, CASE, placed).documents]


def test_the_case_knows_every_document_that_it_decided_on_with_number_and_digest():
    number = accepted().document_no
    assert on_paper(submitted(), RECEIVED) == []
    assert on_paper(submitted(), RECEIVED, accepted(document_digest=DIGEST)) == [(K.ACCEPTANCE_NOTICE, number, DIGEST)]
    gaps = terms(tolerance_allowed=True)
    assert on_paper(submitted(gaps), RECEIVED, tolerated(gaps, "平面图")) == [(K.ACCEPTANCE_NOTICE, number, "")]
    refused = f.AcceptanceRefused(
        reason="不属于本机关职权范围", redirect_to="市场监管局", remedy_notice="可申请复议", document_no="不受〔2026〕1号",
        document_digest=DIGEST,
    )  # fmt: skip
    assert on_paper(submitted(), RECEIVED, refused) == [(K.REFUSAL_NOTICE, "不受〔2026〕1号", DIGEST)]
    assert on_paper(submitted(), f.PermitNotRequired(reason="不需许可")) == [(K.REFUSAL_NOTICE, "", "")]
    assert on_paper(submitted(), denied()) == [(K.DENIAL, DENY.document_no, "")]


def test_a_grant_announces_a_license_document_and_its_issue_says_which():
    assert on_paper(submitted(), granted(document_digest=DIGEST)) == [
        (K.GRANT, GRANT.document_no, DIGEST), (K.LICENSE, "", ""),
    ]  # fmt: skip
    issued = f.LicenseIssued(license_no="JY1371502", digest=OTHER_DIGEST)
    assert on_paper(submitted(), granted(), issued) == [
        (K.GRANT, GRANT.document_no, ""), (K.LICENSE, "JY1371502", OTHER_DIGEST),
    ]  # fmt: skip


def test_each_document_names_the_fact_and_the_organ_it_comes_from():
    placed = [said(one, stream=CASE, version=n) for n, one in enumerate((submitted(), granted(organ=FIRE.code)), 1)]
    assert replay(papers.Papers, CASE, placed).documents[0] == Document(
        kind=K.GRANT, organ=FIRE.code, document_no=GRANT.document_no, fact=f"{CASE}:2"
    )


def test_a_decision_carries_the_digest_of_its_paper():
    command = GRANT.model_copy(update={"document_digest": DIGEST})
    given(*FILE[CaseState.EXAMINED]).when(command, by=DECIDER).then(granted(document_digest=DIGEST))


@pytest.mark.parametrize("state", [s for s in CaseState if s in FILE], ids=str)
def test_a_seal_is_noted_in_the_file_wherever_the_case_stands_and_once(state):
    noted = given(*FILE[state]).when(SEALED, by=PLATFORM).then(SEAL_NOTED)
    noted.and_when(SEALED, by=PLATFORM).nothing()
    given(*FILE[state]).when(SEALED, by=DECIDER).refused(RoleMayNot)


def test_where_a_city_demands_it_only_the_sealed_license_document_is_issued():
    at_grant = FILE[CaseState.GRANTED]
    with in_practice(seal_required=True):
        given(*at_grant).when(ISSUE, by=DECIDER).refused(r.LicenseNotSealed, license_no="JY1371502")
        given(*at_grant, SEAL_NOTED).when(ISSUE, by=DECIDER).then(f.LicenseIssued)
        other = ISSUE.model_copy(update={"digest": OTHER_DIGEST})
        given(*at_grant, SEAL_NOTED).when(other, by=DECIDER).refused(r.SealedAnotherLicense)
        without = ISSUE.model_copy(update={"digest": ""})
        given(*at_grant, SEAL_NOTED).when(without, by=DECIDER).refused(r.SealedAnotherLicense)
        elsewhere = ISSUE.model_copy(update={"license_no": "JY-2"})
        given(*at_grant, SEAL_NOTED).when(elsewhere, by=DECIDER).refused(r.LicenseNotSealed)
        on_decision = SEAL_NOTED.model_copy(update={"kind": K.GRANT})
        given(*at_grant, on_decision).when(ISSUE, by=DECIDER).refused(r.LicenseNotSealed)
    given(*at_grant).when(ISSUE, by=DECIDER).then(f.LicenseIssued)


