"""主体限制与信用核查: a bar in force, and a missing check where one is needed, stop the case where the rules say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case import refusals as r
from domain.approval_case.words import CaseState, DenialGround
from domain.kernel.aggregate import Look
from domain.kernel.command import Command
from domain.kernel.event import Event
from domain.kernel.promises import CommitmentKind
from domain.kernel.standing import Bar, BarKind, CreditCheck, Standing, Step
from domain.kernel.words import Matter
from domain.rules.loader import rule_book
from tests.domain.case_file import (
    ASSIGNED,
    DENY,
    GRANT,
    PASSED,
    PROMISED_DUE,
    RECEIVED,
    accepted,
    committed,
    denied,
    file_of,
    granted,
    submitted,
    terms,
)
from tests.specification import ACCEPTOR, CASE, DECIDER, HOLDER, MONDAY, PLATFORM, given

TERMS = terms(tolerance_allowed=True, commitment_allowed=True)
TODAY = MONDAY.date()
FILE = file_of(TERMS)
PROMISE = {"commitment": "经营场所符合卫生条件", "check_by": date(2026, 5, 1)}
ACCEPT = c.AcceptApplication(case_id=CASE, document_no="受〔2026〕1号")
TOLERATE = c.AcceptWithTolerance(case_id=CASE, document_no="受〔2026〕1号", missing=("平面图",), until=PROMISED_DUE)
COMMIT = c.FileCommitment(case_id=CASE, **PROMISE)
COMMITTED = f.CommitmentFiled(**PROMISE)

STEPS: dict[Step, tuple[tuple[Event, ...], Command]] = {
    Step.ACCEPTANCE: (FILE[CaseState.RECEIVED], ACCEPT),
    Step.TOLERANCE: (FILE[CaseState.RECEIVED], TOLERATE),
    Step.COMMITMENT: (FILE[CaseState.RECEIVED], COMMIT),
    Step.GRANT: (FILE[CaseState.EXAMINED], GRANT),
}
CLEAN = CreditCheck(source="市公共信用信息平台", checked_at=MONDAY, valid_until=TODAY)


@dataclass(frozen=True)
class Known(Look):
    """What is recorded of subjects."""

    of: Mapping[str, Standing] = field(default_factory=dict)

    def standing(self, subject: str) -> Standing:
        return self.of.get(subject, Standing())


def bar(kind: BarKind, **changed: Any) -> Bar:
    return Bar(**{"kind": kind, "basis": "行政许可法第七十八条", "since": TODAY, "until": date(2027, 3, 2)} | changed)


def holder(*bars: Bar, check: CreditCheck | None = None) -> Known:
    return Known({HOLDER.identifier: Standing(bars=bars, check=check)})


def by(step: Step):
    return DECIDER if step is Step.GRANT else ACCEPTOR


@pytest.mark.parametrize("step", STEPS)
def test_a_bar_in_force_stops_the_step_and_says_what_until_when_and_by_which_law(step):
    past, command = STEPS[step]
    kind = {Step.TOLERANCE: BarKind.TOLERANCE, Step.COMMITMENT: BarKind.COMMITMENT}.get(step, BarKind.FALSE_MATERIAL)
    refused = given(*past, look=holder(bar(kind))).when(command, by=by(step)).refused(
        r.SubjectBarred, step=step, kind=kind, until=date(2027, 3, 2), basis="行政许可法第七十八条"
    )
    assert "2027-03-02" in refused.told("zh")
    assert "2027-03-02" in refused.told("en")


@pytest.mark.parametrize("step", STEPS)
def test_a_subject_that_nothing_stands_against_goes_on(step):
    past, command = STEPS[step]
    assert given(*past, look=holder()).when(command, by=by(step)).facts


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    "over",
    [{"until": TODAY - timedelta(1), "since": date(2025, 1, 1)}, {"since": TODAY + timedelta(1)}, {"items": ("OTHER",)}],
    ids=["over", "not yet", "other items"],
)
def test_a_bar_of_another_time_or_item_stops_nothing(step, over):
    past, command = STEPS[step]
    assert given(*past, look=holder(bar(BarKind.FRAUD, **over))).when(command, by=by(step)).facts


def test_a_bar_until_it_is_lifted_says_so_in_both_languages():
    past, command = STEPS[Step.COMMITMENT]
    barred = holder(bar(BarKind.DISHONESTY, until=None))
    refused = given(*past, look=barred).when(command, by=ACCEPTOR).refused(r.SubjectBarred)
    assert "解除之日" in refused.told("zh")
    assert "it is lifted" in refused.told("en")


def test_a_subject_barred_from_commitments_still_gets_what_it_qualifies_for():
    past, command = STEPS[Step.GRANT]
    given(*past, look=holder(bar(BarKind.COMMITMENT))).when(command, by=DECIDER).then(granted(TERMS))


def test_nothing_is_granted_on_the_commitment_of_who_broke_its_word_meanwhile():
    past = (submitted(TERMS), RECEIVED, COMMITTED, accepted(TERMS), ASSIGNED, PASSED)
    given(*past, look=holder(bar(BarKind.COMMITMENT))).when(GRANT, by=DECIDER).refused(
        r.SubjectBarred, step=Step.COMMITMENT
    )
    given(*past, look=holder()).when(GRANT, by=DECIDER).then(granted(TERMS, by_commitment=True))


def test_a_barred_subject_may_be_denied():
    past, _ = STEPS[Step.GRANT]
    given(*past, look=holder(bar(BarKind.FRAUD))).when(DENY, by=DECIDER).then(denied(TERMS))


def test_a_barred_subject_may_give_its_license_back():
    giving_back = (submitted(TERMS, matter=Matter.CANCELLATION), RECEIVED)
    decided = given(*giving_back, look=holder(bar(BarKind.FRAUD))).when(ACCEPT, by=ACCEPTOR)
    assert not isinstance(decided.refusal, r.SubjectBarred)
    altering = (submitted(TERMS, matter=Matter.ALTERATION), RECEIVED)
    given(*altering, look=holder(bar(BarKind.FRAUD))).when(ACCEPT, by=ACCEPTOR).refused(r.SubjectBarred)


def test_silence_accepts_a_barred_subject_too_but_grants_it_nothing():
    deem = c.DeemAccepted(case_id=CASE)
    late = MONDAY + timedelta(days=8)
    barred = holder(bar(BarKind.FALSE_MATERIAL))
    given(*FILE[CaseState.RECEIVED], look=barred).when(deem, by=PLATFORM, at=late).then(f.AcceptanceDeemed)


@pytest.mark.parametrize("step", STEPS)
def test_no_check_is_needed_where_the_practice_asks_for_none(step):
    past, command = STEPS[step]
    assert given(*past, look=holder(check=None)).when(command, by=by(step)).facts


@pytest.fixture
def needing(monkeypatch):
    def enter(value: str) -> None:
        provisions = rule_book("practices")._provisions
        entry = provisions["credit_check_required"][0]
        monkeypatch.setitem(provisions, "credit_check_required", (replace(entry, value=value),))

    return enter


NEEDED = {"promises": {Step.COMMITMENT, Step.TOLERANCE}, "all": {Step.COMMITMENT, Step.TOLERANCE, Step.GRANT}}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("value", NEEDED)
def test_where_a_check_is_needed_a_missing_one_stops_the_step(needing, value, step):
    needing(value)
    past, command = STEPS[step]
    decided = given(*past, look=holder()).when(command, by=by(step))
    if step in NEEDED[value]:
        decided.refused(r.CreditNotChecked, step=step, valid_until=None)
    else:
        assert decided.facts
    assert given(*past, look=holder(check=CLEAN)).when(command, by=by(step)).facts


def test_an_old_check_is_as_good_as_none(needing):
    needing("promises")
    old = CLEAN.model_copy(update={"valid_until": TODAY - timedelta(1)})
    given(*FILE[CaseState.RECEIVED], look=holder(check=old)).when(COMMIT, by=ACCEPTOR).refused(
        r.CreditNotChecked, valid_until=TODAY - timedelta(1)
    )


def test_nothing_that_touches_safety_is_granted_on_a_promise():
    dangerous = terms(commitment_allowed=True, safety=True)
    given(*file_of(dangerous)[CaseState.RECEIVED]).when(COMMIT, by=ACCEPTOR).refused(
        r.CommitmentNotForSafety, item=dangerous.item
    )


@pytest.mark.parametrize("kind", CommitmentKind)
def test_a_commitment_says_in_place_of_what_it_stands(kind):
    given(*FILE[CaseState.RECEIVED]).when(COMMIT.model_copy(update={"kind": kind}), by=ACCEPTOR).then(
        committed(TERMS, **PROMISE, kind=kind)
    )


def test_a_denial_for_false_material_says_so():
    given(*FILE[CaseState.EXAMINED]).when(DENY, by=DECIDER).then(denied(TERMS))
    false = DENY.model_copy(update={"ground": DenialGround.FALSE_MATERIAL})
    given(*FILE[CaseState.EXAMINED]).when(false, by=DECIDER).then(denied(TERMS, ground=DenialGround.FALSE_MATERIAL))
