"""What bears which seal, who may sign how far, which numbers are missing, and who attempted what may not be?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from cases import accepted, day, granted, received
from world import World

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.delegation import DecisionBeyondDelegation, GrantDelegation, WithdrawDelegation
from domain.document_number import IssueDocumentNumber, VoidDocumentNumber
from domain.kernel.delegation import Beyond, Scope
from domain.kernel.documents import DocumentKind
from domain.kernel.event import Event
from domain.kernel.identity import delegation_stream
from domain.kernel.people import INSPECTING, Actor, Role
from domain.seal import commands as k
from domain.seal import facts as s
from domain.seal.words import Fault, SealKind
from projections import attempts, delegations, document_numbers, sealing, timeline
from projections.attempts import Attempts
from projections.delegations import Delegations
from projections.document_numbers import DocumentNumbers
from projections.sealing import Sealing
from projections.timeline import Timeline
from tests.entered_rules import closed
from tests.specification import ACCEPTOR, BUREAU, CASE, DECIDER, MONDAY, OTHER_CASE, PLATFORM, STEWARD

K = DocumentKind
DIGEST = "ab" * 32
KEEPER = Actor(id="keeper-1", organ=BUREAU.code, role=Role.STEWARD)
OPEN = k.OpenSealYear(
    organ=BUREAU.code, seal_no="3715000012345", year=2026, name="审批专用章", kind=SealKind.APPROVAL,
    custody=BUREAU.code, keeper=KEEPER.id,
)  # fmt: skip
SEAL = {"organ": BUREAU.code, "seal_no": OPEN.seal_no, "year": 2026}


# 用章 seals


def asked(world: World, case: UUID, kind: DocumentKind, number: str, digest: str = DIGEST) -> None:
    world.do(
        k.RequestSealUse(seal_id=OPEN.stream, case_id=case, kind=kind, document_no=number, digest=digest), by=DECIDER
    )


def confirmed(world: World, request: int, by: Actor = KEEPER) -> Event:
    (used,) = world.do(k.ConfirmSealUse(seal_id=OPEN.stream, request=request), by=by, at=day(1))
    return used


def noted(world: World, used: Event) -> None:
    assert isinstance(used, s.SealUsed)
    command = c.NoteSeal(
        case_id=used.case_id, kind=used.kind, document_no=used.document_no, digest=used.digest, seal_no=used.seal_no,
        number=used.number,
    )  # fmt: skip
    world.do(command, by=PLATFORM, at=day(1))


def test_the_register_of_a_seal_shows_every_request_and_what_became_of_it(world: World) -> None:
    world.do(OPEN, by=STEWARD)
    case, _ = granted(world)
    grant = next(one for one in world.documents(case) if one.kind is K.GRANT)
    asked(world, case, K.ACCEPTANCE_NOTICE, "A-1")
    asked(world, case, K.GRANT, grant.document_no)
    world.do(k.DeclineSealUse(seal_id=OPEN.stream, request=1, reason="页码有误"), by=KEEPER)
    confirmed(world, 2)
    world.do(k.HandOverSeal(seal_id=OPEN.stream, custody=BUREAU.code, keeper="keeper-2", reason="轮岗"), by=STEWARD)
    read = world.folded(Sealing).read
    first, second = sealing.uses(read, seal_id=OPEN.stream).rows
    assert (first.state, first.settled_because, first.number) == ("declined", "页码有误", None)
    assert (second.state, second.number, second.requested_by, second.confirmed_by) == ("used", 1, DECIDER.id, KEEPER.id)
    assert second.rests_on == grant.fact
    (row,) = sealing.seals(read, organ=BUREAU.code, year=2026).rows
    assert (row.requests, row.uses, row.keeper, row.state) == (2, 1, "keeper-2", "in_use")
    assert sealing.seals(read, organ="LC-1").rows == []
    assert [one.request for one in sealing.uses(read, case_id=case, state="used").rows] == [2]
    world.do(k.TakeSealOutOfUse(seal_id=OPEN.stream, reason="磨损"), by=STEWARD)
    world.do(k.CloseSealYear(seal_id=OPEN.stream), by=STEWARD)
    assert sealing.seal(world.folded(Sealing).read, OPEN.stream).state == "closed"


def test_the_register_pages(world: World) -> None:
    world.do(OPEN, by=STEWARD)
    for number in range(1, 4):
        case = accepted(world, case_no=f"2026-000{number}")
        asked(world, case, K.ACCEPTANCE_NOTICE, "A-1")
    read = world.folded(Sealing).read
    page = sealing.uses(read, seal_id=OPEN.stream, limit=2)
    rest = sealing.uses(read, seal_id=OPEN.stream, limit=2, cursor=page.next)
    assert [one.request for one in (*page.rows, *rest.rows)] == [1, 2, 3]
    assert rest.next is None


def unsealed(world: World, on: date) -> list[str]:
    return [row.kind for row in sealing.unsealed(world.folded(Sealing).read, on).rows]


def test_an_acceptance_without_its_seal_is_listed_after_its_day_and_not_on_it(world: World) -> None:
    case = accepted(world)
    assert unsealed(world, day(1).date()) == []
    assert unsealed(world, day(2).date()) == ["acceptance_notice"]
    world.do(OPEN, by=STEWARD)
    asked(world, case, K.ACCEPTANCE_NOTICE, "A-1")
    used = confirmed(world, 1)
    assert unsealed(world, day(2).date()) == ["acceptance_notice"], "the file does not say so yet"
    noted(world, used)
    assert unsealed(world, day(2).date()) == []
    (voucher,) = sealing.vouchers_of(world.read, case)
    assert (voucher.seal_no, voucher.document_no, voucher.sealed_at) == (OPEN.seal_no, "A-1", day(1))


@pytest.mark.parametrize(("where", "first_day"), [("371502", 4), ("370102", 2)])
def test_the_seal_is_due_by_the_calendar_of_the_place_of_the_case(
    world: World, tmp_path: Path, where: str, first_day: int
) -> None:
    with closed(tmp_path, where):
        accepted(world)
        assert unsealed(world, day(first_day - 1).date()) == []
        assert unsealed(world, day(first_day).date()) == ["acceptance_notice"]


@pytest.mark.parametrize(
    "command",
    [
        lambda case: c.DeclareNoPermitRequired(case_id=case, reason="依法不需要取得许可"),
        lambda case: c.RefuseAcceptance(
            case_id=case, reason="不属于本机关职权范围", redirect_to="市场监管局", remedy_notice="可申请复议"
        ),
    ],
    ids=["no license needed", "another organ"],
)
def test_a_refusal_needs_its_voucher_sealed_just_as_an_acceptance(world: World, command) -> None:
    case = received(world)
    world.do(command(case), by=ACCEPTOR)
    assert unsealed(world, day(2).date()) == ["refusal_notice"]
    assert sealing.unsealed(world.read, day(2).date(), organ="LC-1").rows == []
    world.do(OPEN, by=STEWARD)
    asked(world, case, K.REFUSAL_NOTICE, "聊行审不受字〔2026〕1号")
    noted(world, confirmed(world, 1))
    assert unsealed(world, day(2).date()) == []


def test_a_seal_on_another_document_of_the_case_does_not_stand_for_the_voucher(world: World) -> None:
    world.do(OPEN, by=STEWARD)
    case, _ = granted(world)
    asked(world, case, K.GRANT, next(one.document_no for one in world.documents(case) if one.kind is K.GRANT))
    noted(world, confirmed(world, 1))
    assert unsealed(world, day(9).date()) == ["acceptance_notice"]


# 首席代表 letters


def letter(**more: object) -> GrantDelegation:
    told: dict[str, object] = {
        "organ": BUREAU.code, "officer": DECIDER.id, "head": "head-1", "letter_no": "聊行审授〔2026〕3号",
        "scope": Scope(items=("FOOD-*",)), "valid_from": MONDAY.date(), "valid_to": date(2026, 12, 31),
    }  # fmt: skip
    return GrantDelegation.model_validate(told | more)


def test_letters_are_listed_with_scope_dates_and_whether_they_came_late(world: World) -> None:
    world.do(letter(), by=STEWARD)
    late = letter(letter_no="聊行审授〔2026〕4号", valid_from=date(2026, 2, 1), retroactive_because="漏签")
    world.do(late, by=STEWARD)
    gone = WithdrawDelegation(
        delegation_id=letter().stream, letter_no="聊行审授〔2026〕3号", effective_on=day(2).date(), reason="调离"
    )
    world.do(gone, by=STEWARD, at=day(1))
    read = world.folded(Delegations).read
    first, second = delegations.letters(read, organ=BUREAU.code).rows
    assert first.scope["items"] == ["FOOD-*"]
    assert (first.withdrawn_from, first.withdrawn_because, first.retroactive) == (day(2).date(), "调离", False)
    assert (second.retroactive, second.retroactive_because) == (True, "漏签")
    assert [one.letter_no for one in delegations.letters(read, on=day(2).date()).rows] == [second.letter_no]
    assert [one.letter_no for one in delegations.letters(read, on=day(1).date()).rows] == [
        first.letter_no, second.letter_no,
    ]  # fmt: skip
    assert [one.letter_no for one in delegations.letters(read, retroactive=True).rows] == [second.letter_no]
    assert delegations.letters(read, officer="nobody").rows == []


# 文书号 numbers

ORGAN = "11371500MB2862819G"
MONDAY_ITSELF = MONDAY.date()
CLERK = Actor(id="clerk-1", organ=ORGAN, role=Role.DECIDER)


def number(case: UUID | None = CASE, cause: str = "grant", kind: DocumentKind = K.GRANT) -> IssueDocumentNumber:
    return IssueDocumentNumber(organ=ORGAN, kind=kind, year=2026, cause=cause, case_id=case)


def states(world: World, on: date = MONDAY_ITSELF, **asked_for: object) -> dict[str, str]:
    page = document_numbers.numbers(world.folded(DocumentNumbers).read, on, **asked_for)  # type: ignore[arg-type]
    return {row.document_no: row.state for row in page.rows}


def test_a_number_is_reserved_until_a_document_bears_it_and_unexplained_when_its_year_is_over(world: World) -> None:
    world.do(number(), by=CLERK)
    world.do(number(OTHER_CASE), by=CLERK)
    world.do(number(None, "作废样张"), by=CLERK)
    world.do(VoidDocumentNumber(series_id=number().stream, number=3, reason="打印样张"), by=CLERK)
    world.record(f.MaterialReceived(receipt_no="聊行审许字〔2026〕1号"), stream=CASE)
    one, two, three = (f"聊行审许字〔2026〕{n}号" for n in (1, 2, 3))
    assert states(world) == {one: "borne", two: "reserved", three: "voided"}
    after = date(2027, 1, 1)
    assert states(world, after) == {one: "borne", two: "unexplained", three: "voided"}
    gaps = document_numbers.gaps(world.read, after, organ=ORGAN, year=2026).rows
    assert [(row.document_no, row.state, row.voided_because) for row in gaps] == [
        (two, "unexplained", ""), (three, "voided", "打印样张"),
    ]  # fmt: skip
    world.do(VoidDocumentNumber(series_id=number().stream, number=2, reason="办件终止,未出文书"), by=CLERK, at=day(210))
    assert states(world, after)[two] == "voided"


def test_a_number_that_another_case_bears_or_that_was_voided_is_misused(world: World) -> None:
    world.do(number(), by=CLERK)
    world.do(number(OTHER_CASE), by=CLERK)
    world.do(VoidDocumentNumber(series_id=number().stream, number=2, reason="未采用"), by=CLERK)
    world.record(f.MaterialReceived(receipt_no="聊行审许字〔2026〕1号"), stream=OTHER_CASE)
    world.record(f.MaterialReceived(receipt_no="聊行审许字〔2026〕2号"), stream=OTHER_CASE)
    assert states(world) == {"聊行审许字〔2026〕1号": "misused", "聊行审许字〔2026〕2号": "misused"}
    # Borne by the right case too, it stays misused: two documents have one number.
    world.record(f.MaterialReceived(receipt_no="聊行审许字〔2026〕1号"), stream=CASE)
    assert states(world)["聊行审许字〔2026〕1号"] == "misused"


def test_numbers_are_found_by_kind_case_and_cause(world: World) -> None:
    world.do(number(), by=CLERK)
    world.do(number(kind=K.DENIAL), by=CLERK)
    assert set(states(world, kind="denial")) == {"聊行审不许字〔2026〕1号"}
    assert len(states(world, case_id=CASE)) == 2
    assert states(world, case_id=OTHER_CASE) == {}
    found = document_numbers.number_for(world.read, number().stream, CASE, "grant")
    assert found is not None
    assert found.document_no == "聊行审许字〔2026〕1号"
    assert document_numbers.number_for(world.read, number().stream, CASE, "denial") is None


# 未遂 attempts, and who sees them


@dataclass(frozen=True)
class Planted:
    """Confined facts on a case whose own story goes on."""

    case: UUID
    beyond: DecisionBeyondDelegation
    unsealed: s.SealUseAttempted


@pytest.fixture
def planted(world: World) -> Planted:
    case = accepted(world)
    beyond = DecisionBeyondDelegation(
        organ=BUREAU.code, officer=DECIDER.id, case_id=case, case_no="2026-0001", item="FOOD-1",
        decision=K.GRANT, document_no="聊行审许字〔2026〕37号", beyond=(Beyond.ITEM,),
    )  # fmt: skip
    without = s.SealUseAttempted(
        **SEAL, officer=ACCEPTOR.id, case_id=case, kind=K.GRANT, document_no="聊行审许字〔2026〕37号", digest=DIGEST,
        fault=Fault.NO_DECISION,
    )  # fmt: skip
    world.do(OPEN, by=STEWARD)
    world.record(beyond, stream=delegation_stream(BUREAU.code, DECIDER.id))
    world.record(without, stream=OPEN.stream)
    world.do(c.AssignCase(case_id=case, examiner="examiner-1"), by=ACCEPTOR)
    return Planted(case, beyond, without)


def test_attempts_are_listed_newest_first_for_those_who_inspect(world: World, planted: Planted) -> None:
    read = world.folded(Attempts).read
    found = attempts.attempts(read, masked=False).rows
    assert [(row.what, row.officer, row.faults) for row in found] == [
        ("seal.use_attempted", ACCEPTOR.id, ["no_decision"]), ("delegation.exceeded", DECIDER.id, ["item"]),
    ]  # fmt: skip
    assert DECIDER.id in found[1].zh
    assert "the item" in found[1].en
    assert [row.officer for row in attempts.attempts(read, what="delegation.exceeded", masked=False).rows] == [DECIDER.id]
    assert attempts.attempts(read, case_id=CASE, officer="nobody").rows == []
    hidden = attempts.attempts(read).rows
    assert all(DECIDER.id not in f"{row.officer}{row.zh}{row.en}" for row in hidden)


CONFINED = {"delegation.exceeded", "seal.use_attempted"}


@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_an_attempt_stands_in_the_timeline_of_its_case_for_those_who_inspect_and_for_nobody_else(
    world: World, planted: Planted, role: Role | None
) -> None:
    read = world.folded(Timeline).read
    seen = {row.topic for row in timeline.of_case(read, planted.case, role=role).rows}
    assert seen & CONFINED == (CONFINED if role in INSPECTING else set())
    assert "case.assigned" in seen
    stream = {row.topic for row in timeline.of_stream(read, OPEN.stream, role=role)}
    assert ("seal.use_attempted" in stream) is (role in INSPECTING)


def test_paging_leaves_no_gap_where_an_attempt_would_be(world: World, planted: Planted) -> None:
    read = world.folded(Timeline).read
    pages, cursor = [], None
    while True:
        page = timeline.of_case(read, planted.case, role=Role.DECIDER, limit=1, cursor=cursor)
        pages.append([row.topic for row in page.rows])
        cursor = page.next
        if cursor is None:
            break
    assert pages == [["case.application_submitted"], ["case.material_received"], ["case.application_accepted"], ["case.assigned"]]
