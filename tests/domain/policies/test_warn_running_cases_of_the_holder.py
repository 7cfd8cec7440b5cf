"""监管信息提示在办件。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest

from domain.approval_case.commands import NoteFinding, NoteFindingAnswered
from domain.policies.warn_running_cases_of_the_holder import Unanswered, WarnRunningCasesOfTheHolder
from domain.supervision_finding import (
    Demand,
    FindingHandled,
    FindingKind,
    FindingReceived,
    FindingReported,
    FindingResult,
)
from tests.domain.case_file import FINDING, submitted
from tests.specification import CASE, HEALTH, HOLDER, OTHER_CASE, given


@dataclass
class Running:
    cases: Sequence[UUID] = (CASE, OTHER_CASE)

    def of_subject(self, identifier: str) -> Sequence[UUID]:
        return self.cases if identifier == HOLDER.identifier else ()


@dataclass
class Findings:
    waiting: Sequence[Unanswered] = ()

    def unanswered_about(self, identifier: str) -> Sequence[Unanswered]:
        return self.waiting if identifier == HOLDER.identifier else ()


OF = {"organ": HEALTH, "finding_no": "F-1", "case_id": None}


def reported(**changed) -> FindingReported:
    fields = {
        "revision": 1, "kind": FindingKind.INSPECTION, "subject": HOLDER, "case_no": None, "license_no": None,
        "push_id": None, "found_on": date(2026, 3, 1), "statement": "后厨卫生不达标", "legal_basis": "食品安全法",
        "site": None, "demands": (), "rectify_by": None, "hold_until": None, "resolved": False,
        "register_by": None, "decide_by": None,
    } | changed  # fmt: skip
    return FindingReported(**OF, **fields)


HANDLED = FindingHandled(
    **OF, kind=FindingKind.INSPECTION, subject=HOLDER, result=FindingResult.ADOPTED, explanation="已整改", late=False
)


def warning(case_id: UUID, **changed) -> NoteFinding:
    return NoteFinding(case_id=case_id, finding_id=FINDING, kind="行政检查", statement="后厨卫生不达标", **changed)


def policy(*cases: UUID, waiting: Sequence[Unanswered] = ()) -> WarnRunningCasesOfTheHolder:
    return WarnRunningCasesOfTheHolder(Running(cases), Findings(waiting))


WAITING = Unanswered(FINDING, "请求暂缓办理", "停业整顿", date(2026, 3, 20), HEALTH)


def test_every_running_case_of_the_holder_is_warned():
    given(policy(CASE, OTHER_CASE)).when(reported(), stream=FINDING).then(warning(CASE), warning(OTHER_CASE))


def test_a_hold_reaches_the_case_with_its_last_day():
    until = date(2026, 3, 20)
    given(policy(CASE)).when(reported(hold_until=until), stream=FINDING).then(warning(CASE, hold_until=until))


def test_a_finding_that_asks_for_a_consultation_names_whom_to_consult():
    asking = reported(demands=(Demand.CONSULTATION,))
    given(policy(CASE)).when(asking, stream=FINDING).then(warning(CASE, consult=HEALTH))


@pytest.mark.parametrize("demand", [one for one in Demand if one is not Demand.CONSULTATION])
def test_other_demands_ask_for_no_consultation(demand):
    given(policy(CASE)).when(reported(demands=(demand,)), stream=FINDING).then(warning(CASE))


def test_the_answer_to_the_finding_ends_the_warning():
    given(policy(CASE, OTHER_CASE)).when(HANDLED, stream=FINDING).then(
        NoteFindingAnswered(case_id=CASE, finding_id=FINDING, result="已整改"),
        NoteFindingAnswered(case_id=OTHER_CASE, finding_id=FINDING, result="已整改"),
    )


def test_a_case_that_is_opened_while_a_finding_waits_for_its_answer_is_warned_at_once():
    given(policy(waiting=[WAITING])).when(submitted(), stream=CASE).then(
        NoteFinding(
            case_id=CASE, finding_id=FINDING, kind="请求暂缓办理", statement="停业整顿",
            hold_until=date(2026, 3, 20), consult=HEALTH,
        )
    )  # fmt: skip


def test_it_does_nothing_when_somebody_of_whom_nothing_was_found_applies():
    given(policy()).when(submitted(), stream=CASE).nothing()
    stranger = HOLDER.model_copy(update={"identifier": "91371500MA3X00010C"})
    given(policy(waiting=[WAITING])).when(submitted(subject=stranger), stream=CASE).nothing()


@pytest.mark.parametrize("fact", [reported(), HANDLED], ids=["reported", "answered"])
def test_it_does_nothing_when_the_holder_has_no_running_case(fact):
    given(policy()).when(fact, stream=FINDING).nothing()


def test_it_does_nothing_when_the_finding_names_somebody_else():
    stranger = HOLDER.model_copy(update={"identifier": "91371500MA3X00010C"})
    given(policy(CASE)).when(reported(subject=stranger), stream=FINDING).nothing()


def test_it_does_nothing_when_the_finding_is_merely_registered():
    given(policy(CASE)).when(FindingReceived(**OF, decide_by=None), stream=FINDING).nothing()


def test_a_case_that_opens_meanwhile_does_not_change_under_which_id_the_others_are_asked():
    fact = reported().model_copy(update={"originator_id": FINDING, "originator_version": 1})
    one = {o.command.stream: o.request for o in policy(CASE).orders_for(fact, fact.occurred_at)}
    two = {o.command.stream: o.request for o in policy(OTHER_CASE, CASE).orders_for(fact, fact.occurred_at)}
    assert one.items() < two.items()
