"""文书号: one counter per organ, kind and year, dense from 1; a gap is explained or it is a question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from domain.document_number import (
    DocumentNumberIssued,
    DocumentNumberVoided,
    DocumentSeriesOpened,
    IssueDocumentNumber,
    LettersBelongToAnotherKind,
    NumberIsBorne,
    NumberVoidedAlready,
    NumberWasNotIssued,
    OpenDocumentSeries,
    SeriesExhausted,
    SeriesHasBegun,
    SeriesYearIsNotThis,
    VoidDocumentNumber,
)
from domain.kernel.aggregate import Given, Look
from domain.kernel.documents import Document, DocumentKind
from domain.kernel.people import Actor, Role
from domain.kernel.refusal import ForeignAuthority, RoleMayNot, RulesDoNotAnswer
from domain.rules.identifiers import check_document_no
from domain.rules.loader import rule_book
from tests.specification import CASE, HOUSING_OFFICER, MONDAY, OTHER_CASE, PLATFORM, STEWARD, given

ORGAN = "11371500MB2862819G"
CLERK = Actor(id="clerk-1", organ=ORGAN, role=Role.DECIDER)
KEEPER = Actor(id="steward-1", organ=ORGAN, role=Role.STEWARD)
ISSUE = IssueDocumentNumber(organ=ORGAN, kind=DocumentKind.GRANT, year=2026, cause="grant", case_id=CASE)
SERIES = ISSUE.stream
NEW_YEAR = datetime(2027, 1, 4, 9, 30, tzinfo=MONDAY.tzinfo)


def issued(number: int = 1, cause: str = "grant", case_id: UUID | None = CASE, letters: str = "聊行审许字"):
    return DocumentNumberIssued(
        organ=ORGAN, kind=DocumentKind.GRANT, year=2026, number=number, letters=letters,
        document_no=f"{letters}〔2026〕{number}号", cause=cause, case_id=case_id,
    )  # fmt: skip


def voided(number: int = 1, reason: str = "文书未采用", case_id: UUID | None = CASE):
    return DocumentNumberVoided(
        organ=ORGAN, kind=DocumentKind.GRANT, year=2026, number=number, document_no=f"聊行审许字〔2026〕{number}号",
        reason=reason, case_id=case_id,
    )  # fmt: skip


def void(number: int = 1, reason: str = "文书未采用") -> VoidDocumentNumber:
    return VoidDocumentNumber(series_id=SERIES, number=number, reason=reason)


def asked(**changes: object) -> IssueDocumentNumber:
    return ISSUE.model_copy(update=changes)


@dataclass
class OnFile(Look):
    """What the cases hold on paper."""

    papers: tuple[Document, ...] = ()

    def documents(self, case_id: UUID) -> tuple[Document, ...]:
        return self.papers if case_id == CASE else ()


def test_the_first_number_of_a_series_is_one_in_the_form_of_the_law_without_padding():
    given().when(ISSUE, by=CLERK).then(issued())
    assert check_document_no("聊行审许字〔2026〕1号", MONDAY.date()).valid


def test_numbers_follow_one_another_without_a_gap():
    second = given(issued()).when(asked(case_id=OTHER_CASE), by=CLERK).then(issued(2, case_id=OTHER_CASE))
    second.and_when(asked(case_id=None, cause="archive"), by=CLERK).then(issued(3, "archive", None))


def test_asking_again_for_the_same_cause_gives_the_same_number_and_no_new_one():
    decided = given(issued()).when(ISSUE, by=CLERK).nothing()
    assert decided.aggregate.issued_for(CASE, "grant") == "聊行审许字〔2026〕1号"
    assert decided.aggregate.issued_for(CASE, "denial") is None


def test_a_voided_number_is_an_explained_gap_and_is_never_given_out_again():
    gap = given(issued()).when(void(), by=CLERK).then(voided())
    again = gap.and_when(ISSUE, by=CLERK).then(issued(2))
    assert again.aggregate.issued_for(CASE, "grant") == "聊行审许字〔2026〕2号"
    assert again.aggregate.number("聊行审许字〔2026〕1号").voided
    assert not again.aggregate.number("聊行审许字〔2026〕2号").voided


def test_the_reason_of_a_gap_is_told_once_and_not_rewritten():
    given(issued(), voided()).when(void(), by=CLERK).nothing()
    given(issued(), voided()).when(void(reason="另有原因"), by=CLERK).refused(
        NumberVoidedAlready, document_no="聊行审许字〔2026〕1号", reason="文书未采用"
    )


def test_a_number_that_was_never_given_out_cannot_be_explained_away():
    given(issued()).when(void(2), by=CLERK).refused(NumberWasNotIssued, number=2)


def test_a_number_that_a_document_bears_is_no_gap():
    paper = Document(kind=DocumentKind.GRANT, organ=ORGAN, document_no="聊行审许字〔2026〕1号", fact=f"{CASE}:9")
    given(issued(), look=OnFile((paper,))).when(void(), by=CLERK).refused(NumberIsBorne)
    other = paper.model_copy(update={"document_no": "聊行审许字〔2026〕2号"})
    given(issued(), look=OnFile((other,))).when(void(), by=CLERK).then(voided())


def test_a_number_is_given_out_in_its_own_year_and_may_be_explained_later():
    given().when(ISSUE, by=CLERK, at=NEW_YEAR).refused(SeriesYearIsNotThis, year=2026)
    given(issued()).when(asked(cause="denial"), by=CLERK, at=NEW_YEAR).refused(SeriesYearIsNotThis)
    given(issued()).when(ISSUE, by=CLERK, at=NEW_YEAR).nothing()
    given(issued()).when(void(), by=CLERK, at=NEW_YEAR).then(voided())


def test_the_year_turns_with_the_day_in_shanghai():
    last = datetime(2026, 12, 31, 23, 59, tzinfo=MONDAY.tzinfo)
    given().when(ISSUE, by=CLERK, at=last).then(issued())
    given().when(ISSUE, by=CLERK, at=last + timedelta(minutes=1)).refused(SeriesYearIsNotThis)


def test_each_organ_kind_and_year_has_a_counter_of_its_own():
    others = (asked(kind=DocumentKind.DENIAL), asked(year=2027), asked(organ="LC-1"))
    assert len({ISSUE.stream, *(other.stream for other in others)}) == 4


def test_an_organ_that_is_not_on_record_says_its_letters_first():
    mine = Actor(id="clerk-9", organ="BUREAU-9", role=Role.STEWARD)
    ask = asked(organ="BUREAU-9")
    given().when(ask, by=mine).refused(RulesDoNotAnswer)
    open_it = OpenDocumentSeries(
        organ="BUREAU-9", kind=DocumentKind.GRANT, year=2026, letters="济行审规划", reason="省政府批准的机关代字"
    )
    opened = DocumentSeriesOpened(**open_it.model_dump())
    decided = given().when(open_it, by=mine).then(opened)
    first = decided.and_when(ask, by=mine).then(DocumentNumberIssued)
    assert first.facts[0].document_no == "济行审规划〔2026〕1号"


def test_letters_stay_for_the_year_once_the_series_has_begun():
    open_it = OpenDocumentSeries(
        organ=ORGAN, kind=DocumentKind.GRANT, year=2026, letters="聊行审投资", reason="投资项目分设"
    )
    given(issued()).when(open_it, by=KEEPER).refused(SeriesHasBegun, letters="聊行审许字")
    given(DocumentSeriesOpened(**open_it.model_dump())).when(open_it, by=KEEPER).nothing()
    divided = given(DocumentSeriesOpened(**open_it.model_dump())).when(ISSUE, by=CLERK)
    divided.then(issued(letters="聊行审投资"))


def test_two_kinds_never_share_their_letters():
    taken = OpenDocumentSeries(organ=ORGAN, kind=DocumentKind.GRANT, year=2026, letters="聊行审受字", reason="沿用旧例")
    given().when(taken, by=KEEPER).refused(LettersBelongToAnotherKind, other=DocumentKind.ACCEPTANCE_NOTICE)
    words = rule_book("document_numbers").latest("document_words").value
    assert set(words) == {str(kind) for kind in DocumentKind} - {"license"}
    assert len(set(words.values())) == len(words)


def test_a_license_document_has_no_counter_here():
    given().when(asked(kind=DocumentKind.LICENSE), by=CLERK).refused(RulesDoNotAnswer)


def test_six_digits_are_the_most():
    series = given(issued()).when(ISSUE, by=CLERK).aggregate
    series.issued = [issued()] * 999_999
    with pytest.raises(SeriesExhausted):
        series.decide(asked(cause="too many"), Given(by=CLERK, at=MONDAY))


def test_only_the_organ_itself_numbers_its_documents_and_the_platform_for_it():
    given().when(ISSUE, by=CLERK.model_copy(update={"organ": "LC-1"})).refused(ForeignAuthority, owner=ORGAN)
    given().when(ISSUE, by=CLERK.model_copy(update={"organ": "LC-1", "on_behalf_of": ORGAN})).then(issued())
    given().when(ISSUE, by=PLATFORM).then(issued())
    given(issued()).when(void(), by=CLERK.model_copy(update={"organ": "LC-1"})).refused(ForeignAuthority)
    given().when(ISSUE, by=HOUSING_OFFICER).refused(RoleMayNot)
    given(issued()).when(void(), by=HOUSING_OFFICER).refused(RoleMayNot)
    foreign = OpenDocumentSeries(organ=ORGAN, kind=DocumentKind.GRANT, year=2026, letters="聊行审许字", reason="启用")
    given().when(foreign, by=STEWARD).refused(ForeignAuthority)
    given().when(foreign, by=CLERK).refused(RoleMayNot)
