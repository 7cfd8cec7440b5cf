"""先下后上 (Articles 35 and 43): the lower level examines and sends everything up; nobody hands anything in twice."""

from __future__ import annotations

from dataclasses import dataclass

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case import refusals as r
from domain.approval_case.words import CaseState, Material, Opinion
from domain.kernel.aggregate import Look
from domain.kernel.licensing import CaseSeen, ForwardedFile, ForwardedMaterial
from tests.domain.case_file import (
    ASSIGNED,
    CORRECTION,
    FAILED,
    FILE,
    LOOK,
    PASSED,
    RECEIVED,
    SUBMIT,
    accepted,
    submitted,
    terms,
    tolerated,
)
from tests.specification import ACCEPTOR, APPLICANT, BUREAU, CASE, EXAMINER, HOLDER, HOUSING, OTHER_CASE, given

S = CaseState
PLAN = Material(name="平面图", digest="ab" * 32)
FORWARD = c.ForwardCase(case_id=CASE, to=HOUSING, document_no="报〔2026〕1号")
SENT = ForwardedFile(to=BUREAU.code, opinion="pass", materials=(ForwardedMaterial(name="平面图", digest="ab" * 32),))
FROM_BELOW = SUBMIT.model_copy(update={"forwarded_from": OTHER_CASE})


@dataclass(frozen=True)
class Below(Look):
    """The catalogue, and the case of the lower level."""

    seen: CaseSeen | None

    def item(self, item, on):
        return LOOK.item(item, on)

    def case(self, case_id):
        return self.seen if case_id == OTHER_CASE else None


def below(sent: ForwardedFile | None = SENT, holder=HOLDER) -> Below:
    return Below(CaseSeen(case_id=OTHER_CASE, undecided=sent is None, forwarded=sent, case_no="2026-0002", subject=holder))


def test_what_was_examined_is_sent_up_with_its_opinion_and_every_material():
    file = (submitted(materials=(PLAN,)), RECEIVED, accepted(), ASSIGNED, PASSED)
    sent = given(*file).when(FORWARD, by=EXAMINER)
    sent.then(f.CaseForwarded(to=HOUSING, opinion=Opinion.PASS, materials=(PLAN,), document_no="报〔2026〕1号"))
    assert sent.aggregate.state is S.FORWARDED
    assert sent.aggregate.seen().forwarded == ForwardedFile(to=HOUSING.code, opinion="pass", materials=SENT.materials)
    failed = given(*FILE[S.EXAMINING], FAILED).when(FORWARD, by=EXAMINER)
    assert failed.facts[0].opinion is Opinion.FAIL


def test_nothing_is_sent_up_while_a_material_is_missing():
    of = terms(tolerance_allowed=True)
    file = (submitted(of), RECEIVED, tolerated(of, "健康证明"), ASSIGNED, PASSED)
    given(*file).when(FORWARD, by=EXAMINER).refused(r.ToleranceOpen)


def test_the_level_above_takes_the_materials_over_and_links_the_case():
    own = SUBMIT.model_copy(update={"forwarded_from": OTHER_CASE, "materials": (Material(name="申请书"),)})
    given(look=below()).when(own, by=APPLICANT).then(
        submitted(materials=(Material(name="申请书"), PLAN), forwarded_from=OTHER_CASE, forwarded=("平面图",))
    )


def test_only_what_was_really_sent_up_counts():
    given(look=below(None)).when(FROM_BELOW, by=APPLICANT).refused(r.NothingForwarded, case=OTHER_CASE)
    given(look=Below(None)).when(FROM_BELOW, by=APPLICANT).refused(r.NothingForwarded)


def test_only_the_organ_that_it_was_sent_to_takes_it():
    elsewhere = SENT.model_copy(update={"to": HOUSING.code})
    given(look=below(elsewhere)).when(FROM_BELOW, by=APPLICANT).refused(r.ForwardedElsewhere, to=HOUSING.code)


def test_nobody_takes_over_what_somebody_else_applied_for():
    other = HOLDER.model_copy(update={"identifier": "91371500MA3OTHER0X"})
    given(look=below(SENT, other)).when(FROM_BELOW, by=APPLICANT).refused(r.ForwardedForAnother, case_no="2026-0002")


def test_the_level_above_does_not_ask_the_applicant_again():
    file = (submitted(materials=(PLAN,), forwarded_from=OTHER_CASE, forwarded=("平面图",)), RECEIVED)
    ask = c.RequestCorrection(case_id=CASE, missing=("平面图",), until=CORRECTION.until)
    given(*file).when(ask, by=ACCEPTOR).refused(r.ForwardedAlready, materials=("平面图",))
    other = ask.model_copy(update={"missing": ("消防证明",)})
    given(*file).when(other, by=ACCEPTOR).then(f.CorrectionRequested)
