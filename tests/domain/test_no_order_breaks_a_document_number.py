"""文书号: no order of commands breaks what must hold."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from domain.document_number import (
    DocumentNumber,
    DocumentNumberIssued,
    DocumentNumberVoided,
    DocumentSeriesOpened,
    IssueDocumentNumber,
    OpenDocumentSeries,
    VoidDocumentNumber,
)
from domain.kernel.aggregate import replay
from domain.kernel.documents import DocumentKind
from domain.rules.identifiers import check_document_no
from tests.domain.life import BRIEF, Life
from tests.domain.test_document_number import CLERK, KEEPER, ORGAN, SERIES
from tests.specification import CASE, OTHER_CASE

CAUSES = st.tuples(st.sampled_from([CASE, OTHER_CASE, None]), st.sampled_from(["grant", "grant/2"]))
SOMEBODY = st.sampled_from([CLERK, CLERK, KEEPER, CLERK.model_copy(update={"organ": "LC-1"})])


class DocumentNumberLife(Life):
    OF = DocumentNumber

    @rule(cause=CAUSES, by=SOMEBODY)
    def issue(self, cause, by):
        case_id, about = cause
        self.ask(
            IssueDocumentNumber(organ=ORGAN, kind=DocumentKind.GRANT, year=2026, cause=about, case_id=case_id), by
        )  # fmt: skip

    @rule()
    def the_year_turns(self):
        self.now += timedelta(days=310)

    @rule(number=st.integers(1, 6), reason=st.sampled_from(["文书未采用", "办件终止"]), by=SOMEBODY)
    def void(self, number, reason, by):
        if self.facts:
            self.ask(VoidDocumentNumber(series_id=SERIES, number=number, reason=reason), by)

    @rule(letters=st.sampled_from(["聊行审许字", "聊行审投资"]), by=SOMEBODY)
    def open(self, letters, by):
        self.ask(
            OpenDocumentSeries(organ=ORGAN, kind=DocumentKind.GRANT, year=2026, letters=letters, reason="启用"), by
        )  # fmt: skip

    @invariant()
    def numbers_are_dense_from_one_and_never_given_out_twice(self):
        given_out = self.of(DocumentNumberIssued)
        assert [fact.number for fact in given_out] == list(range(1, len(given_out) + 1))
        assert len({fact.document_no for fact in given_out}) == len(given_out)
        assert all(check_document_no(fact.document_no).valid for fact in given_out)

    @invariant()
    def one_series_has_one_set_of_letters(self):
        assert len({fact.letters for fact in self.of(DocumentNumberIssued, DocumentSeriesOpened)}) <= 1

    @invariant()
    def each_cause_has_one_number_that_stands_at_most(self):
        voided = {fact.number for fact in self.of(DocumentNumberVoided)}
        standing = [(f.case_id, f.cause) for f in self.of(DocumentNumberIssued) if f.number not in voided]
        assert len(standing) == len(set(standing))

    @invariant()
    def a_gap_is_explained_once_and_only_of_a_number_that_was_given_out(self):
        explained = [fact.number for fact in self.of(DocumentNumberVoided)]
        assert len(explained) == len(set(explained))
        assert set(explained) <= {fact.number for fact in self.of(DocumentNumberIssued)}

    @invariant()
    def every_number_is_of_the_year_in_which_it_was_given_out(self):
        assert all(fact.recorded_at.year == fact.year for fact in self.of(DocumentNumberIssued))

    @invariant()
    def what_is_known_of_a_number_is_what_the_facts_say(self):
        if self.facts:
            series = replay(DocumentNumber, SERIES, self.facts)
            for fact in self.of(DocumentNumberIssued):
                told = series.number(fact.document_no)
                assert (told.case_id, told.voided) == (fact.case_id, fact.number in series.voided)


TestNoOrderBreaksADocumentNumber = DocumentNumberLife.TestCase
TestNoOrderBreaksADocumentNumber.settings = BRIEF
