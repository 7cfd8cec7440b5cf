"""Document letters (机关代字): with which words the number of a document begins, per organ and kind, from dated data."""

from __future__ import annotations

from datetime import date

from domain.rules.errors import NoLettersForDocument
from domain.rules.loader import rule_book


def document_letters(organ: str, kind: str, *, on: date) -> str:
    """The letters of an organ's documents of a kind on a date, such as 聊行审许字.

    Raises NoLettersForDocument when the organ's short name, or the word of the kind, is not on record."""
    book = rule_book("document_numbers")
    short = book.on("organ_short_names", on).value.get(organ)
    own = book.on("organ_document_words", on).value.get(organ, {})
    word = own.get(kind) or book.on("document_words", on).value.get(kind)
    if short is None or word is None:
        raise NoLettersForDocument(organ=organ, kind=kind, on=on)
    return f"{short}{word}"


def document_no(letters: str, year: int, number: int) -> str:
    """The formatted number (文书号): six-corner brackets, four-digit year, no padding."""
    return f"{letters}〔{year}〕{number}号"
