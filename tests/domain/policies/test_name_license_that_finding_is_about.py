"""监管信息入册。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import pytest

from domain.license.commands import NoteProposal, NoteProposalAnswered
from domain.policies.name_license_that_finding_is_about import (
    NamedFinding,
    NamedLicense,
    NameLicenseThatFindingIsAbout,
)
from domain.supervision_finding import (
    Demand,
    FindingHandled,
    FindingKind,
    FindingLinked,
    FindingReported,
    FindingResult,
    LinkFindingToCase,
)
from tests.domain.license_file import REGISTERED, THIS, TODAY
from tests.specification import CASE, CASE_NO, FIRE, HOLDER, OTHER_CASE, given, stream_id

FINDING = stream_id("finding", 2026, "f-1")
NUMBER = "JY1371502"
LICENSE = NamedLicense(THIS, CASE, CASE_NO, NUMBER, HOLDER.identifier)
FOUND = NamedFinding(
    FINDING, "F-1", 1, FIRE, FindingKind.PROPOSAL_TO_REVOKE, True, "消防条件不符", HOLDER.identifier, False
)


@dataclass(frozen=True)
class Known:
    licenses: tuple[NamedLicense, ...] = (LICENSE,)
    findings: dict[UUID, tuple[NamedFinding, str]] = field(default_factory=lambda: {FINDING: (FOUND, NUMBER)})

    def numbered(self, license_no: str) -> Sequence[NamedLicense]:
        return [one for one in self.licenses if one.license_no == license_no]

    def finding(self, finding_id: UUID) -> tuple[NamedFinding, str] | None:
        return self.findings.get(finding_id)

    def naming(self, license_no: str) -> Sequence[NamedFinding]:
        return [found for found, number in self.findings.values() if number == license_no]


def policy(known: Known = Known()) -> NameLicenseThatFindingIsAbout:
    return NameLicenseThatFindingIsAbout(known, known)


def reported(**changed: Any) -> FindingReported:
    fields = {
        "organ": FIRE, "finding_no": "F-1", "case_id": None, "revision": 1, "kind": FindingKind.PROPOSAL_TO_REVOKE,
        "subject": HOLDER, "case_no": None, "license_no": NUMBER, "push_id": None, "found_on": TODAY,
        "statement": "消防条件不符", "legal_basis": "行政许可法第六十九条", "site": None,
        "demands": (Demand.LICENSE_CHANGE,), "rectify_by": None, "hold_until": None, "resolved": False,
        "register_by": None, "decide_by": None,
    } | changed  # fmt: skip
    return FindingReported(**fields)


LINK = LinkFindingToCase(finding_id=FINDING, case_id=CASE, case_no=CASE_NO, license_no=NUMBER)
NOTE = NoteProposal(
    license_id=THIS, finding_id=FINDING, finding_no="F-1", revision=1, organ=FIRE, kind="建议撤销",
    kind_en="proposal to revoke", asks_for_change=True, statement="消防条件不符",
)  # fmt: skip


def test_a_finding_that_names_a_license_is_linked_to_its_case_and_noted_on_it():
    given(policy()).when(reported(), stream=FINDING).then(LINK, NOTE)


def test_a_finding_that_names_its_case_already_is_only_noted_on_the_license():
    given(policy()).when(reported(case_id=OTHER_CASE), stream=FINDING).then(NOTE)


@pytest.mark.parametrize(
    "known",
    [
        Known(licenses=()), Known(licenses=(LICENSE._replace(holder="91371500MA3X00010C"),)),
        Known(licenses=(LICENSE, LICENSE._replace(license_id=stream_id("license", 2026, "other")))),
    ],
    ids=["unknown number", "somebody else's license", "two licenses of one number"],
)  # fmt: skip
def test_what_names_no_one_license_of_its_subject_waits_for_a_person(known):
    given(policy(known)).when(reported(), stream=FINDING).nothing()
    given(policy(known)).when(reported(license_no=None), stream=FINDING).nothing()


def test_a_finding_that_came_before_the_license_is_noted_when_the_license_is_registered():
    given(policy()).when(REGISTERED, stream=THIS).then(LINK, NOTE)
    other = Known(findings={FINDING: (FOUND._replace(subject="91371500MA3X00010C"), NUMBER)})
    given(policy(other)).when(REGISTERED, stream=THIS).nothing()


def test_a_finding_that_somebody_links_by_hand_is_noted_on_the_license_named():
    linked = FindingLinked(organ=FIRE, finding_no="F-1", case_id=CASE, case_no=CASE_NO, license_no=NUMBER)
    given(policy()).when(linked, stream=FINDING).then(NOTE)
    given(policy()).when(linked.model_copy(update={"license_no": None}), stream=FINDING).nothing()


@pytest.mark.parametrize("result", FindingResult)
def test_its_answer_is_entered_on_the_license(result):
    handled = FindingHandled(
        organ=FIRE, finding_no="F-1", case_id=CASE, kind=FindingKind.PROPOSAL_TO_REVOKE, subject=HOLDER, result=result,
        explanation="核实后处理", late=False,
    )  # fmt: skip
    adopted = result in (FindingResult.ADOPTED, FindingResult.PARTLY_ADOPTED)
    answer = NoteProposalAnswered(
        license_id=THIS, finding_id=FINDING, adopted=adopted, result=f"{result.zh}:核实后处理"
    )  # fmt: skip
    given(policy()).when(handled, stream=FINDING).then(answer)
    given(policy(replace(Known(), findings={}))).when(handled, stream=FINDING).nothing()
