"""DocumentNumber (文书号): one counter per organ, document kind and year, dense from 1, with explained gaps.

A number that was given out is never given again. One that no document came to bear is a gap: voided with a reason
it is explained, left alone it is listed as unexplained once its year is over. Asking again for the same cause gives
the same number, so that a repeated request leaves no gap."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from domain.kernel.aggregate import Aggregate, Facts, Given
from domain.kernel.command import Command, Target
from domain.kernel.documents import DocumentKind, NumberIssued, document_stream
from domain.kernel.event import Event
from domain.kernel.people import APPROVING, Role
from domain.kernel.refusal import ForeignAuthority, Kind, Refusal
from domain.kernel.words import OrganCode, Short, Text
from domain.rules.errors import NoLettersForDocument
from domain.rules.identifiers import check_document_no
from domain.rules.numbering import document_letters, document_no

Letters = Annotated[str, StringConstraints(pattern=r"^[\u4e00-\u9fa5]{2,16}$")]
"""机关代字: what stands before the year of a document number, such as 聊行审许字."""

Year = Annotated[int, Field(ge=2004, le=2999)]
BASIS = "党政机关公文处理工作条例第九条"


class SeriesCommand(Command):
    organ: OrganCode
    kind: DocumentKind
    year: Year

    @property
    def stream(self) -> UUID:
        return document_stream(self.organ, self.kind, self.year)


class OpenDocumentSeries(SeriesCommand):
    """启用文书代字。Open the series of a kind and year with letters of its own, before its first number."""

    NAME = "document_number.open_series"
    ZH = "启用文书代字"
    MAY = frozenset({Role.STEWARD})

    letters: Letters
    reason: Text


class IssueDocumentNumber(SeriesCommand):
    """编文书号。Give out the next number of this year's series for a cause; the same cause gets the same number."""

    NAME = "document_number.issue"
    ZH = "编文书号"
    MAY = APPROVING | {Role.STEWARD, Role.SYSTEM}

    cause: Short = Field(description="what the document is about within the case, e.g. grant or correction/2")
    case_id: UUID | None = None


class VoidDocumentNumber(Command):
    """作废文书号。Void a number with a reason: an explained gap, never given out again."""

    NAME = "document_number.void"
    ZH = "作废文书号"
    MAY = APPROVING | {Role.STEWARD}

    series_id: Annotated[UUID, Target()]
    number: int = Field(ge=1, le=999_999)
    reason: Annotated[str, StringConstraints(min_length=2, max_length=2000)]


class SeriesYearIsNotThis(Refusal):
    """{year} 年的文书号只能在当年编发,今日为 {today};请按今年编号。

    Numbers of {year} are given out in that year only, and today is {today}; ask for this year's series."""


class SeriesHasBegun(Refusal):
    """该文书号系列已启用,代字为「{letters}」;代字当年不变,请于下一年度更改。

    The series is in use with the letters "{letters}"; they stay for the year, change them for the next one."""

    KIND = Kind.CONFLICTING


class LettersBelongToAnotherKind(Refusal):
    """代字「{letters}」已用于{other};同一代字会使两份文书同号,请另取。

    The letters "{letters}" are those of the {other}; two documents would bear one number, choose others."""

    KIND = Kind.CONFLICTING


class SeriesExhausted(Refusal):
    """该系列本年度已编至 {number} 号,达到六位上限;请由事项管理员分设代字。

    The series has reached number {number}, the most that six digits hold; let the steward divide it."""


class NumberWasNotIssued(Refusal):
    """该系列没有编发过第 {number} 号;请核对号码。

    Number {number} of the series was never given out; check the number."""

    KIND = Kind.UNKNOWN


class NumberVoidedAlready(Refusal):
    """文书号 {document_no} 已作废,原因:{reason};原因不得改写。

    The number {document_no} was voided because: {reason}; that reason is not rewritten."""

    KIND = Kind.CONFLICTING


class NumberIsBorne(Refusal):
    """文书号 {document_no} 已用于办件的文书,不得作废;如文书有误,请依法更正或撤销。

    A document of the case bears the number {document_no}, so it may not be voided; correct or revoke the document."""


class DocumentSeriesOpened(Event):
    """文书代字已启用。The series of a kind and year was opened with letters of its own."""

    TOPIC = "document_number.series_opened"
    ZH = "{year} 年{kind}启用代字「{letters}」,原因:{reason}"
    EN = 'the {kind} series of {year} begins with the letters "{letters}": {reason}'
    BASIS = BASIS

    organ: OrganCode
    kind: DocumentKind
    year: Year
    letters: Letters
    reason: Text


class DocumentNumberIssued(Event):
    """文书号已编发。The next number of a series was given out for a cause."""

    TOPIC = "document_number.issued"
    ZH = "编发{kind}文书号 {document_no},事由:{cause}"
    EN = "the number {document_no} was given out for a {kind}, cause: {cause}"
    BASIS = BASIS

    organ: OrganCode
    kind: DocumentKind
    year: Year
    number: int = Field(ge=1)
    letters: Letters
    document_no: Short
    cause: Short
    case_id: UUID | None = None


class DocumentNumberVoided(Event):
    """文书号已作废。A number was voided with a reason; the gap is explained and the number is never given out again."""

    TOPIC = "document_number.voided"
    ZH = "文书号 {document_no} 作废,原因:{reason}"
    EN = "the number {document_no} was voided: {reason}"
    BASIS = BASIS

    organ: OrganCode
    kind: DocumentKind
    year: Year
    number: int = Field(ge=1)
    document_no: Short
    reason: Text
    case_id: UUID | None = None


class DocumentNumber(Aggregate):
    """文书号系列。"""

    NAME = "document_number"
    ZH = "文书号系列"

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.organ = ""
        self.letters = ""
        self.issued: list[DocumentNumberIssued] = []
        self.numbers: dict[str, int] = {}
        self.causes: dict[str, int] = {}
        self.voided: dict[int, str] = {}

    def open_series(self, command: OpenDocumentSeries, given: Given) -> Facts:
        _own(command.organ, given)
        if self.letters:
            if self.letters == command.letters:
                return
            raise SeriesHasBegun(letters=self.letters)
        for other in DocumentKind:
            if other is not command.kind and command.letters == _dated_letters(command.organ, other, given):
                raise LettersBelongToAnotherKind(letters=command.letters, other=other)
        yield DocumentSeriesOpened(**command.model_dump())

    def issue(self, command: IssueDocumentNumber, given: Given) -> Facts:
        if given.by.role is not Role.SYSTEM:
            _own(command.organ, given)
        known = self.causes.get(_cause(command.case_id, command.cause))
        if known is not None and known not in self.voided:
            return
        if command.year != given.today.year:
            raise SeriesYearIsNotThis(year=command.year, today=given.today)
        letters = self.letters or document_letters(command.organ, command.kind, on=given.today)
        number = len(self.issued) + 1
        text = document_no(letters, command.year, number)
        if not check_document_no(text).valid:
            raise SeriesExhausted(number=number - 1)
        yield DocumentNumberIssued(number=number, letters=letters, document_no=text, **command.model_dump())

    def void(self, command: VoidDocumentNumber, given: Given) -> Facts:
        _own(self.organ, given)
        if command.number > len(self.issued):
            raise NumberWasNotIssued(number=command.number)
        told = self.issued[command.number - 1]
        known = self.voided.get(command.number)
        if known == command.reason:
            return
        if known is not None:
            raise NumberVoidedAlready(document_no=told.document_no, reason=known)
        if told.case_id and any(d.document_no == told.document_no for d in given.look.documents(told.case_id)):
            raise NumberIsBorne(document_no=told.document_no)
        yield DocumentNumberVoided(
            organ=told.organ, kind=told.kind, year=told.year, number=told.number, document_no=told.document_no,
            reason=command.reason, case_id=told.case_id,
        )  # fmt: skip

    def was_opened(self, fact: DocumentSeriesOpened) -> None:
        self.organ, self.letters = fact.organ, fact.letters

    def was_issued(self, fact: DocumentNumberIssued) -> None:
        # The letters stay for the year even where the dated ones change within it: the counter is one.
        self.organ, self.letters = fact.organ, fact.letters
        self.issued.append(fact)
        self.numbers[fact.document_no] = fact.number
        self.causes[_cause(fact.case_id, fact.cause)] = fact.number

    def was_voided(self, fact: DocumentNumberVoided) -> None:
        self.voided[fact.number] = fact.reason

    def issued_for(self, case_id: UUID | None, cause: str) -> str | None:
        """The number that stands for a cause, if one was given out."""
        number = self.causes.get(_cause(case_id, cause))
        return self.issued[number - 1].document_no if number and number not in self.voided else None

    def number(self, text: str) -> NumberIssued | None:
        """What is known of a number, by its text."""
        found = self.numbers.get(text)
        if found is None:
            return None
        return NumberIssued(document_no=text, case_id=self.issued[found - 1].case_id, voided=found in self.voided)


def _cause(case_id: UUID | None, cause: str) -> str:
    return f"{case_id or ''}:{cause}"


def _own(organ: str, given: Given) -> None:
    mine = given.by.on_behalf_of or given.by.organ
    if organ != mine:
        raise ForeignAuthority(organ=mine, owner=organ)


def _dated_letters(organ: str, kind: DocumentKind, given: Given) -> str:
    try:
        return document_letters(organ, kind, on=given.today)
    except NoLettersForDocument:
        return ""
