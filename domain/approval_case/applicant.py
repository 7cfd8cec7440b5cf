"""What stands against the applicant (主体限制): asked before acceptance, commitment, tolerance and grant (R07, R27, R29)."""

from __future__ import annotations

from domain.approval_case import refusals as r
from domain.approval_case.file import CaseFile
from domain.kernel.aggregate import Given
from domain.kernel.standing import Step
from domain.kernel.words import Matter, Term
from domain.rules.loader import practice

NEEDS_A_CHECK: dict[str, frozenset[Step]] = {
    "none": frozenset(),
    "promises": frozenset({Step.COMMITMENT, Step.TOLERANCE}),
    "all": frozenset({Step.COMMITMENT, Step.TOLERANCE, Step.GRANT}),
}
"""Where a recent credit check is needed, by the practice ``credit_check_required``."""


def must_be_free(case: CaseFile, step: Step, given: Given) -> None:
    """Raises SubjectBarred while a bar forbids the step, CreditNotChecked where a recent check is needed and missing."""
    if case.matter is Matter.CANCELLATION:
        return  # Who gives a license back asks for none: a bar must not keep it alive.
    assert case.subject is not None
    assert case.terms is not None
    standing = given.look.standing(case.subject.identifier)
    bar = standing.bar_against(step, case.terms.item, given.today)
    if bar is not None:
        until = bar.until or Term("解除之日", "it is lifted")
        raise r.SubjectBarred(step=step, kind=bar.kind, until=until, basis=bar.basis)
    needed = NEEDS_A_CHECK[str(practice("credit_check_required", on=given.today).value)]
    if step in needed and not standing.checked_on(given.today):
        known = standing.check.valid_until if standing.check else None
        raise r.CreditNotChecked(step=step, valid_until=known)
