"""印章: one specification per row of its table; no use without two officers, a decision and its digest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import pytest

from domain.kernel.aggregate import Look
from domain.kernel.documents import Document, DocumentKind
from domain.kernel.people import INSPECTING, Actor, Role
from domain.kernel.refusal import ForeignAuthority, OutOfOrder, RoleMayNot, UnknownStream
from domain.seal import commands as c
from domain.seal import facts as f
from domain.seal import refusals as r
from domain.seal.words import Fault, SealKind, UseState
from tests.specification import (
    ACCEPTOR,
    BUREAU,
    CASE,
    DECIDER,
    EXAMINER,
    FIRE,
    HOUSING_OFFICER,
    MONDAY,
    OTHER_CASE,
    PLATFORM,
    STEWARD,
    given,
    said,
)

K = DocumentKind
DIGEST, OTHER_DIGEST = "ab" * 32, "cd" * 32
NUMBER = "聊行审许字〔2026〕37号"
KEEPER = Actor(id="keeper-1", organ=BUREAU.code, role=Role.STEWARD)
NEXT_KEEPER = KEEPER.model_copy(update={"id": "keeper-2"})
NEW_YEAR = datetime(2027, 1, 4, 9, 30, tzinfo=MONDAY.tzinfo)

OPEN = c.OpenSealYear(
    organ=BUREAU.code, seal_no="3715000012345", year=2026, name="市行政审批服务局审批专用章", kind=SealKind.APPROVAL,
    custody=BUREAU.code, keeper=KEEPER.id,
)  # fmt: skip
THIS = OPEN.stream
SEAL = {"organ": BUREAU.code, "seal_no": OPEN.seal_no, "year": 2026}
OPENED = f.SealYearOpened(**OPEN.model_dump())
PAPER = {"case_id": CASE, "kind": K.GRANT, "document_no": NUMBER, "digest": DIGEST}
REQUEST = c.RequestSealUse(seal_id=THIS, **PAPER)
REQUESTED = said(f.SealUseRequested(**SEAL, request=1, **PAPER), by=DECIDER)
CONFIRM = c.ConfirmSealUse(seal_id=THIS, request=1)
USED = f.SealUsed(**SEAL, request=1, number=1, requested_by=DECIDER.id, rests_on=f"{CASE}:8", **PAPER)
DECLINE = c.DeclineSealUse(seal_id=THIS, request=1, reason="页码有误")
DECLINED = f.SealUseDeclined(**SEAL, request=1, reason="页码有误", **PAPER)
HAND_OVER = c.HandOverSeal(seal_id=THIS, custody=BUREAU.code, keeper=NEXT_KEEPER.id, reason="轮岗")
HANDED_OVER = f.SealHandedOver(**SEAL, custody=BUREAU.code, keeper=NEXT_KEEPER.id, reason="轮岗")
TAKE_OUT = c.TakeSealOutOfUse(seal_id=THIS, reason="印面磨损")
TAKEN_OUT = f.SealTakenOutOfUse(**SEAL, reason="印面磨损")
CLOSE = c.CloseSealYear(seal_id=THIS)


def paper(kind: DocumentKind = K.GRANT, number: str = NUMBER, digest: str = DIGEST, organ: str = BUREAU.code) -> Document:
    return Document(kind=kind, organ=organ, document_no=number, digest=digest, fact=f"{CASE}:8")


@dataclass
class OnFile(Look):
    """What the cases hold on paper."""

    papers: dict[UUID, tuple[Document, ...]] = field(default_factory=dict)

    def documents(self, case_id: UUID) -> Sequence[Document]:
        return self.papers.get(case_id, ())


def holding(*papers: Document) -> OnFile:
    return OnFile({CASE: papers})


DECIDED = holding(paper())


def attempt(fault: Fault, by: Actor = DECIDER, **changed: object) -> c.RecordSealAttempt:
    return c.RecordSealAttempt(seal_id=THIS, officer=by.id, fault=fault, **(PAPER | changed))


# 年度与保管 the year and the keeper


def test_a_seal_is_opened_for_a_year_with_its_keeper():
    given().when(OPEN, by=STEWARD).then(OPENED)


def test_opening_the_same_year_again_is_once_and_with_other_particulars_is_refused():
    given(OPENED).when(OPEN, by=STEWARD).nothing()
    other = OPEN.model_copy(update={"keeper": "keeper-9"})
    given(OPENED).when(other, by=STEWARD).refused(r.SealYearOpenAlready, year=2026)


def test_only_the_present_year_is_opened():
    given().when(OPEN, by=STEWARD, at=NEW_YEAR).refused(r.SealYearIsNotThis, year=2026)


def test_each_seal_and_year_has_a_stream_of_its_own():
    others = [OPEN.model_copy(update=one) for one in ({"year": 2027}, {"seal_no": "3715000099999"}, {"organ": "LC-1"})]
    assert len({OPEN.stream, *(one.stream for one in others)}) == 4


def test_a_seal_is_handed_over_and_from_then_on_the_new_keeper_confirms():
    handed = given(OPENED, REQUESTED, look=DECIDED).when(HAND_OVER, by=STEWARD).then(HANDED_OVER)
    handed.and_when(CONFIRM, by=KEEPER).refused(r.NotTheKeeper, officer=KEEPER.id)
    handed.and_when(CONFIRM, by=NEXT_KEEPER).then(USED)
    handed.and_when(HAND_OVER, by=STEWARD).nothing()


def test_a_seal_taken_out_of_use_seals_nothing_and_what_waited_is_declined():
    out = given(OPENED, REQUESTED, look=DECIDED).when(TAKE_OUT, by=STEWARD).then(f.SealUseDeclined, TAKEN_OUT)
    out.and_when(REQUEST, by=DECIDER).refused(OutOfOrder)
    out.and_when(CONFIRM, by=KEEPER).refused(OutOfOrder)
    out.and_when(HAND_OVER, by=STEWARD).refused(OutOfOrder)


def test_a_year_is_closed_when_it_is_over_or_the_seal_is_out_of_use():
    given(OPENED).when(CLOSE, by=STEWARD).refused(r.SealYearIsNotOver, year=2026)
    given(OPENED).when(CLOSE, by=STEWARD, at=NEW_YEAR).then(f.SealYearClosed(**SEAL, requests=0, uses=0))
    given(OPENED, REQUESTED, USED, TAKEN_OUT).when(CLOSE, by=STEWARD).then(
        f.SealYearClosed(**SEAL, requests=1, uses=1)
    )


def test_a_year_is_not_closed_over_requests_that_wait_and_never_twice():
    given(OPENED, REQUESTED).when(CLOSE, by=STEWARD, at=NEW_YEAR).refused(r.SealRequestsWait, requests=(1,))
    settled = given(OPENED, REQUESTED).when(DECLINE, by=KEEPER, at=NEW_YEAR).then(DECLINED)
    closed = settled.and_when(CLOSE, by=STEWARD, at=NEW_YEAR).then(f.SealYearClosed)
    closed.and_when(CLOSE, by=STEWARD, at=NEW_YEAR).refused(OutOfOrder)


# 用印 the use


def test_an_officer_asks_for_the_seal_on_a_document_of_a_case():
    given(OPENED, look=DECIDED).when(REQUEST, by=DECIDER).then(REQUESTED)


def test_the_keeper_confirms_and_the_document_bears_the_seal_and_says_on_which_fact_it_rests():
    given(OPENED, REQUESTED, look=DECIDED).when(CONFIRM, by=KEEPER).then(USED)


def test_whoever_asked_does_not_confirm_even_as_the_keeper():
    by_keeper = said(REQUESTED, by=KEEPER)
    given(OPENED, by_keeper, look=DECIDED).when(CONFIRM, by=KEEPER).refused(r.SameHandTwice, officer=KEEPER.id)
    given(OPENED, REQUESTED, look=DECIDED).when(CONFIRM, by=DECIDER).refused(r.SameHandTwice, officer=DECIDER.id)


def test_only_the_keeper_holds_the_second_key():
    given(OPENED, REQUESTED, look=DECIDED).when(CONFIRM, by=EXAMINER).refused(r.NotTheKeeper, officer=EXAMINER.id)


def test_asking_twice_for_the_same_document_is_one_request():
    given(OPENED, REQUESTED, look=DECIDED).when(REQUEST, by=EXAMINER).nothing()


def test_a_sealed_document_is_not_sealed_twice():
    given(OPENED, REQUESTED, USED, look=DECIDED).when(REQUEST, by=DECIDER).refused(r.SealedAlready, number=1)


def test_a_declined_request_may_be_asked_anew_and_the_counter_goes_on():
    declined = given(OPENED, REQUESTED, look=DECIDED).when(DECLINE, by=KEEPER).then(DECLINED)
    anew = declined.and_when(REQUEST, by=DECIDER).then(f.SealUseRequested)
    assert anew.facts[0].request == 2
    anew.and_when(CONFIRM, by=KEEPER).refused(r.SealRequestSettled, state=UseState.DECLINED)
    used = anew.and_when(c.ConfirmSealUse(seal_id=THIS, request=2), by=KEEPER).then(f.SealUsed)
    assert (used.facts[0].request, used.facts[0].number) == (2, 1)


def test_a_request_that_is_not_there_is_neither_confirmed_nor_declined():
    given(OPENED, look=DECIDED).when(CONFIRM, by=KEEPER).refused(r.NoSuchSealRequest, request=1)
    given(OPENED, look=DECIDED).when(DECLINE, by=KEEPER).refused(r.NoSuchSealRequest, request=1)
    given(OPENED, REQUESTED, USED, look=DECIDED).when(DECLINE, by=KEEPER).refused(
        r.SealRequestSettled, state=UseState.USED
    )


def test_a_seal_is_used_in_its_own_year_only():
    given(OPENED, look=DECIDED).when(REQUEST, by=DECIDER, at=NEW_YEAR).refused(r.SealYearIsNotThis)
    given(OPENED, REQUESTED, look=DECIDED).when(CONFIRM, by=KEEPER, at=NEW_YEAR).refused(r.SealYearIsNotThis)


# 无决定不用印 no seal without a decision


@pytest.mark.parametrize(
    "look",
    [holding(), holding(paper(K.DENIAL)), holding(paper(number="聊行审许字〔2026〕38号")), OnFile({OTHER_CASE: (paper(),)})],
    ids=["nothing decided", "another kind", "another number", "another case"],
)
def test_without_a_matching_decision_nothing_is_sealed_and_the_attempt_is_left_behind(look):
    refusal = given(OPENED, look=look).when(REQUEST, by=DECIDER).refused(
        r.SealWithoutDecision, document_no=NUMBER, kind=K.GRANT
    )
    assert refusal.trace == attempt(Fault.NO_DECISION)


def test_another_digest_than_the_decisions_is_not_sealed_and_the_attempt_is_left_behind():
    other = REQUEST.model_copy(update={"digest": OTHER_DIGEST})
    refusal = given(OPENED, look=DECIDED).when(other, by=DECIDER).refused(r.DigestDiffers, document_no=NUMBER)
    assert refusal.trace == attempt(Fault.DIGEST_DIFFERS, digest=OTHER_DIGEST)


def test_the_decision_is_looked_at_again_with_the_second_key():
    refusal = given(OPENED, REQUESTED, look=holding(paper(digest=OTHER_DIGEST))).when(CONFIRM, by=KEEPER).refused(
        r.DigestDiffers
    )
    assert refusal.trace == attempt(Fault.DIGEST_DIFFERS, KEEPER)
    given(OPENED, REQUESTED, look=holding()).when(CONFIRM, by=KEEPER).refused(r.SealWithoutDecision)


def test_a_document_whose_digest_the_case_was_not_told_is_fixed_by_its_first_use():
    untold = holding(paper(digest=""))
    other = REQUEST.model_copy(update={"digest": OTHER_DIGEST})
    given(OPENED, look=untold).when(other, by=DECIDER).then(f.SealUseRequested)
    given(OPENED, REQUESTED, USED, look=untold).when(other, by=DECIDER).refused(r.DigestDiffers)


@pytest.mark.parametrize("kind", [K.ACCEPTANCE_NOTICE, K.REFUSAL_NOTICE, K.GRANT, K.DENIAL, K.LICENSE])
def test_every_kind_of_document_that_the_law_wants_sealed_can_be(kind):
    look = holding(paper(kind))
    given(OPENED, look=look).when(REQUEST.model_copy(update={"kind": kind}), by=DECIDER).then(f.SealUseRequested)


def test_a_seal_does_not_seal_what_another_organ_decided():
    given(OPENED, look=holding(paper(organ=FIRE.code))).when(REQUEST, by=DECIDER).refused(r.SealWithoutDecision)


def test_the_attempt_is_recorded_for_discipline_inspection_only():
    fact = f.SealUseAttempted(**SEAL, officer=DECIDER.id, fault=Fault.NO_DECISION, **PAPER)
    given(OPENED).when(attempt(Fault.NO_DECISION), by=PLATFORM).then(fact)
    assert {role for role in Role if f.SealUseAttempted.readable_by(role)} == INSPECTING
    given(OPENED).when(attempt(Fault.NO_DECISION), by=KEEPER).refused(RoleMayNot)


# 权限 rights


@pytest.mark.parametrize("command", [REQUEST, CONFIRM, DECLINE, HAND_OVER, TAKE_OUT, CLOSE], ids=lambda x: x.NAME)
def test_no_other_organ_touches_the_seal(command):
    role = Role.DECIDER if Role.DECIDER in command.MAY else Role.STEWARD
    stranger = Actor(id="stranger", organ=FIRE.code, role=role)
    given(OPENED, REQUESTED, look=DECIDED).when(command, by=stranger).refused(ForeignAuthority, owner=BUREAU.code)
    given(OPENED, REQUESTED, look=DECIDED).when(command, by=HOUSING_OFFICER).refused(RoleMayNot)


def test_the_register_of_seals_is_kept_by_the_steward():
    given().when(OPEN, by=ACCEPTOR).refused(RoleMayNot)
    given().when(OPEN, by=STEWARD.model_copy(update={"organ": FIRE.code})).refused(ForeignAuthority)
    given(OPENED).when(HAND_OVER, by=DECIDER).refused(RoleMayNot)


def test_a_seal_that_was_never_opened_does_nothing():
    given(look=DECIDED).when(REQUEST, by=DECIDER).refused(UnknownStream)
