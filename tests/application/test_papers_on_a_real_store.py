"""文书号、用章、授权 on a real store: what several processes do at once, and what a refusal leaves behind."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

import pytest

from domain.application import Order, Receipt
from domain.approval_case import commands as c
from domain.approval_case.refusals import DelegationExceeded, DocumentNumberNotIssued, LicenseNotSealed
from domain.delegation import GrantDelegation, WithdrawDelegation
from domain.document_number import (
    DocumentNumber,
    IssueDocumentNumber,
    NumberIsBorne,
    OpenDocumentSeries,
    VoidDocumentNumber,
)
from domain.kernel.delegation import Scope
from domain.kernel.documents import DocumentKind
from domain.kernel.people import Actor, Role
from domain.kernel.refusal import TooManyConflicts
from domain.seal import commands as s
from domain.seal.refusals import DigestDiffers, SealWithoutDecision
from domain.seal.words import SealKind
from tests.application.office import Office, Open, the_rest
from tests.practices import in_practice
from tests.specification import BUREAU, DECIDER, MONDAY, PLATFORM, STEWARD

K = DocumentKind
ORGAN = "11371500MB2862819G"
CLERK = Actor(id="clerk-1", organ=ORGAN, role=Role.DECIDER)
KEEPER = Actor(id="keeper-1", organ=BUREAU.code, role=Role.STEWARD)
DIGEST = "ab" * 32
SEAL = s.OpenSealYear(
    organ=BUREAU.code, seal_no="3715000012345", year=2026, name="审批专用章", kind=SealKind.APPROVAL,
    custody=BUREAU.code, keeper=KEEPER.id,
)  # fmt: skip
LETTER = GrantDelegation(
    organ=BUREAU.code, officer=DECIDER.id, head="head-1", letter_no="聊行审授〔2026〕3号", scope=Scope(items=("FOOD-*",)),
    valid_from=MONDAY.date(), valid_to=MONDAY.date().replace(month=12),
)  # fmt: skip


def number(cause: str, case_id: UUID | None = None, organ: str = ORGAN, kind: DocumentKind = K.GRANT):
    return IssueDocumentNumber(organ=organ, kind=kind, year=2026, cause=cause, case_id=case_id)


def chief(case_id: UUID, document_no: str = "许〔2026〕1号", **more: Any) -> c.GrantLicense:
    *_, (grant, _) = the_rest(case_id)
    return grant.model_copy(update={"as_chief_representative": True, "document_no": document_no, **more})  # type: ignore[return-value]


async def up_to_the_decision(office: Office, number: str = "2026-0001") -> UUID:
    case_id = await office.received(number)
    await office.all(*the_rest(case_id)[:-1])
    return case_id


def sealing(case_id: UUID, document_no: str, kind: DocumentKind = K.GRANT, digest: str = DIGEST) -> s.RequestSealUse:
    return s.RequestSealUse(
        seal_id=SEAL.stream, case_id=case_id, kind=kind, document_no=document_no, digest=digest
    )  # fmt: skip


async def test_many_officers_in_several_processes_get_dense_numbers_and_no_number_twice(open_office: Open):
    offices = [open_office() for _ in range(3)]

    async def ask(office: Office, cause: str) -> None:
        while True:
            try:
                await office.do(number(cause), CLERK)
                return
            except TooManyConflicts:  # told to try again shortly, as every caller is
                await asyncio.sleep(0.01)

    causes = [f"cause-{n}" for n in range(60)]
    # Every cause is asked for by every process at once: who comes second finds the number that the first was given.
    await asyncio.gather(*(ask(office, cause) for cause in causes for office in offices))

    series = await offices[0].app.replayed(number("x").stream, DocumentNumber)
    assert [fact.number for fact in series.issued] == list(range(1, 61))
    assert Counter(fact.cause for fact in series.issued) == Counter(causes)
    assert len({fact.document_no for fact in series.issued}) == 60


async def test_the_same_cause_has_the_same_number_in_every_process(open_office: Open):
    one, other = open_office(), open_office()
    first = await one.do(number("grant"), CLERK)
    again = await other.do(number("grant"), CLERK)
    assert (len(first.events), again.events) == (1, ())
    series = await other.app.replayed(again.stream, DocumentNumber)
    assert series.issued_for(None, "grant") == "聊行审许字〔2026〕1号"


async def test_a_number_that_a_document_bears_by_now_is_not_voided(office: Office):
    case_id = await up_to_the_decision(office)
    mine = Actor(id="clerk-1", organ=BUREAU.code, role=Role.DECIDER)
    open_it = {"organ": BUREAU.code, "kind": K.GRANT, "year": 2026}
    await office.do(OpenDocumentSeries(**open_it, letters="聊行审许字", reason="启用"), STEWARD)
    done = await office.do(number("grant", case_id, BUREAU.code), mine)
    *_, (grant, by) = the_rest(case_id)
    await office.do(grant.model_copy(update={"document_no": "聊行审许字〔2026〕1号"}), by)
    void = VoidDocumentNumber(series_id=done.stream, number=1, reason="未采用")
    with pytest.raises(NumberIsBorne):
        await office.do(void, mine)


async def test_where_a_city_demands_it_a_case_is_decided_only_under_its_own_number(open_office: Open):
    one, other = open_office(), open_office()
    case_id = await up_to_the_decision(one)
    *_, (grant, by) = the_rest(case_id)
    series = OpenDocumentSeries(organ=BUREAU.code, kind=K.GRANT, year=2026, letters="聊行审许字", reason="启用")
    numbered = grant.model_copy(update={"document_no": "聊行审许字〔2026〕1号"})
    with in_practice(document_no_from_counter=True):
        for wrong in (grant, numbered):
            with pytest.raises(DocumentNumberNotIssued):
                await one.do(wrong, by)
        await other.do(series, STEWARD)
        await other.do(number("grant", case_id, BUREAU.code), DECIDER)
        await one.do(numbered, by)
    assert one.told(case_id)[-1] == "DecisionGranted"


async def test_a_decision_beyond_the_letter_stays_refused_and_what_was_attempted_is_recorded_once(office: Office):
    case_id = await up_to_the_decision(office)
    before = len(office.facts(case_id))
    order = Order(chief(case_id), DECIDER, MONDAY, request="chief/1")
    for _ in range(3):
        with pytest.raises(DelegationExceeded):
            await office.app.handle(order)
    assert len(office.facts(case_id)) == before, "the case itself is untouched"
    (recorded,) = office.facts(LETTER.stream)
    assert (recorded.TOPIC, recorded.case_id, recorded.officer) == ("delegation.exceeded", case_id, DECIDER.id)
    assert recorded.actor.role is Role.SYSTEM


async def test_a_letter_granted_or_withdrawn_by_another_process_counts_at_once(open_office: Open):
    one, other = open_office(), open_office()
    first = await up_to_the_decision(one)
    second = await up_to_the_decision(one, "2026-0002")
    with pytest.raises(DelegationExceeded):
        await one.do(chief(first), DECIDER)
    await other.do(LETTER, STEWARD)
    await one.do(chief(first), DECIDER)
    (decision,) = [fact for fact in one.facts(first) if fact.TOPIC == "case.decision_granted"]
    assert decision.delegation_no == LETTER.letter_no
    gone = WithdrawDelegation(
        delegation_id=LETTER.stream, letter_no=LETTER.letter_no, effective_on=MONDAY.date(), reason="调离"
    )
    await other.do(gone, STEWARD)
    with pytest.raises(DelegationExceeded):
        await one.do(chief(second), DECIDER)


async def test_a_seal_is_not_used_before_the_decision_and_the_attempt_is_recorded(open_office: Open):
    one, other = open_office(), open_office()
    case_id = await up_to_the_decision(one)
    await one.do(SEAL, STEWARD)
    asked = sealing(case_id, "许〔2026〕1号")
    with pytest.raises(SealWithoutDecision):
        await one.do(asked, DECIDER)
    assert one.told(SEAL.stream) == ["SealYearOpened", "SealUseAttempted"]

    await other.do(chief(case_id, as_chief_representative=False, document_digest=DIGEST), DECIDER)
    with pytest.raises(DigestDiffers):
        await one.do(asked.model_copy(update={"digest": "cd" * 32}), DECIDER)
    await one.do(asked, DECIDER)
    await other.do(s.ConfirmSealUse(seal_id=SEAL.stream, request=1), KEEPER)
    assert one.told(SEAL.stream)[2:] == ["SealUseAttempted", "SealUseRequested", "SealUsed"]
    (used,) = [fact for fact in one.facts(SEAL.stream) if fact.TOPIC == "seal.used"]
    assert used.rests_on == next(fact.id for fact in one.facts(case_id) if fact.TOPIC == "case.decision_granted")


async def test_where_a_city_demands_it_a_license_is_issued_when_its_seal_is_in_the_file(office: Office):
    case_id = await office.granted()
    await office.do(SEAL, STEWARD)
    issue = c.IssueLicense(case_id=case_id, license_no="JY1371502", digest=DIGEST)
    with in_practice(seal_required=True):
        with pytest.raises(LicenseNotSealed):
            await office.do(issue, DECIDER)
        await office.do(sealing(case_id, "JY1371502", K.LICENSE), DECIDER)
        await office.do(s.ConfirmSealUse(seal_id=SEAL.stream, request=1), KEEPER)
        noted = c.NoteSeal(
            case_id=case_id, kind=K.LICENSE, document_no="JY1371502", digest=DIGEST, seal_no=SEAL.seal_no, number=1
        )
        await office.do(noted, PLATFORM)
        done = await office.do(issue, DECIDER)
    assert isinstance(done, Receipt)
    assert "LicenseIssued" in office.told(case_id)
