"""申请人信用核查: who applies is asked about once, where the practice wants it, and a silent register never passes for clean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from domain.approval_case import commands as c
from domain.approval_case import refusals as r
from domain.kernel.words import Subject, SubjectKind
from domain.rules.loader import rule_book
from domain.standing.facts import BarImposed, CreditChecked
from domain.standing.register import CreditAnswer, CreditRegisterSilent
from domain.standing.words import CreditRecord, CreditResult
from infra.workers.credit import CreditRunner
from tests.application.office import PUBLISH, Office, submit
from tests.specification import ACCEPTOR, APPLICANT, HOLDER, MONDAY, STEWARD

PROMISING = PUBLISH.model_copy(update={"commitment_allowed": True})
CLEAN = CreditAnswer(source="市公共信用信息平台", as_of=MONDAY, result=CreditResult.CLEAN)
DISHONEST = CLEAN.model_copy(
    update={"result": CreditResult.DISHONEST, "records": (CreditRecord(number="7", kind="严重失信主体名单"),)}
)
DOWN = CreditRegisterSilent("信用平台没有答复。", "The register does not answer.")
GARBLED = CreditRegisterSilent("答复无法读取。", "Nobody can read it.", for_all=False)


@dataclass
class Clock:
    at: datetime = MONDAY

    def now(self) -> datetime:
        return self.at


@dataclass
class Register:
    """A register that answers what the test says, and remembers about whom it was asked."""

    answers: list[CreditAnswer | CreditRegisterSilent] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def look_up(self, identifier: str, at: datetime) -> CreditAnswer:
        self.asked.append(identifier)
        answer = self.answers.pop(0) if self.answers else CLEAN
        if isinstance(answer, CreditRegisterSilent):
            raise answer
        return answer


@pytest.fixture(autouse=True)
def needing(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    provisions = rule_book("practices")._provisions

    def enter(value: str) -> None:
        entry = replace(provisions["credit_check_required"][0], value=value)
        monkeypatch.setitem(provisions, "credit_check_required", (entry,))

    enter("promises")
    return enter


def runner(office: Office, register: Register) -> CreditRunner:
    return CreditRunner(office.app, office.recorder, register, Clock())


async def applied(office: Office, *numbers: str, subject: Subject = HOLDER, published: object = PROMISING) -> None:
    if not office.facts():
        await office.do(published, STEWARD)  # type: ignore[arg-type]
    for number in numbers:
        await office.do(submit(number).model_copy(update={"subject": subject}), APPLICANT)


async def test_who_applies_is_asked_about_once_and_the_answer_is_recorded(office: Office):
    register = Register()
    worker = runner(office, register)
    await applied(office, "2026-0001", "2026-0002")
    assert await worker.run_once()
    assert await worker.run_once() == 0
    assert register.asked == [HOLDER.identifier]
    (checked,) = (fact for fact in office.facts() if isinstance(fact, CreditChecked))
    assert (checked.result, checked.source, checked.subject) == (CreditResult.CLEAN, CLEAN.source, HOLDER)


async def test_another_runner_begins_where_the_first_ended(office: Office):
    register = Register()
    await applied(office, "2026-0001")
    await runner(office, register).run_once()
    assert await runner(office, register).run_once() == 0
    assert register.asked == [HOLDER.identifier]


async def test_what_it_finds_is_seen_by_the_case(office: Office):
    await applied(office, "2026-0001")
    stream = submit("2026-0001").stream
    await office.do(c.ReceiveMaterial(case_id=stream, receipt_no="1"), ACCEPTOR)
    promise = c.FileCommitment(case_id=stream, commitment="符合条件", check_by=MONDAY.date())
    with pytest.raises(r.CreditNotChecked):
        await office.do(promise, ACCEPTOR)
    await runner(office, Register([DISHONEST])).run_once()
    assert any(isinstance(fact, BarImposed) for fact in office.facts())
    with pytest.raises(r.SubjectBarred):
        await office.do(promise, ACCEPTOR)


@pytest.mark.parametrize(
    ("value", "allowed", "asked"), [("none", True, 0), ("promises", True, 1), ("promises", False, 0), ("all", False, 1)]
)
async def test_it_asks_only_where_the_practice_wants_a_check(
    office: Office, needing: Callable[[str], None], value: str, allowed: bool, asked: int
):
    needing(value)
    register = Register()
    await applied(office, "2026-0001", published=PROMISING if allowed else PUBLISH)
    await runner(office, register).run_once()
    assert len(register.asked) == asked


async def test_nobody_outside_is_asked_about_a_natural_person(office: Office):
    register = Register()
    person = Subject(kind=SubjectKind.NATURAL, identifier="digest-of-a-number", name="王小明")
    await applied(office, "2026-0001", subject=person)
    await runner(office, register).run_once()
    assert register.asked == []


async def test_a_register_that_answers_nobody_is_asked_again_and_nothing_is_recorded_meanwhile(office: Office):
    register = Register([DOWN])
    worker = runner(office, register)
    await applied(office, "2026-0001")
    with pytest.raises(CreditRegisterSilent):
        await worker.run_once()
    assert "CreditChecked" not in office.told()
    assert await worker.run_once()
    assert office.told().count("CreditChecked") == 1


async def test_one_answer_that_nobody_can_read_holds_up_no_other(office: Office):
    other = HOLDER.model_copy(update={"identifier": "91371500MA3X00010C"})
    register = Register([GARBLED])
    worker = runner(office, register)
    await applied(office, "2026-0001")
    await applied(office, "2026-0002", subject=other)
    assert await worker.run_once()
    (checked,) = (fact for fact in office.facts() if isinstance(fact, CreditChecked))
    assert (checked.subject.identifier, worker.silent) == (other.identifier, 1)
