"""Opinions of other departments (会商意见): what a body said of a case, and how the decision uses it.

They stand here because two streams speak of them: the consultation hears them, and the case that is decided must
say of each binding one how it was used (rule R40 反对意见未回应)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from domain.kernel.words import Body, OpinionUse, Text, Value, Word


class Opinion(Word):
    """会商意见."""

    AGREE = "agree", "同意", "agrees"
    AGREE_WITH_CONDITIONS = "agree_with_conditions", "附条件同意", "agrees with conditions"
    OBJECT = "object", "不同意", "objects"
    NO_OPINION = "no_opinion", "无意见", "has no opinion"


BINDING = (Opinion.OBJECT, Opinion.AGREE_WITH_CONDITIONS)
"""Opinions that may not be passed over without an answer (rule R40)."""


class HeardOpinion(Value):
    """已听取的意见: what one body said in a consultation, with its reason or its conditions."""

    body: Body
    opinion: Opinion
    stated: Text | None = None

    def __str__(self) -> str:
        return f"{self.body.name}{self.opinion.zh}"


def unanswered(heard: Iterable[HeardOpinion], uses: Iterable[OpinionUse]) -> HeardOpinion | None:
    """The first binding opinion that no use answers. A body that bound twice, in two consultations, is answered twice."""
    answers = Counter(use.organ for use in uses)
    for one in heard:
        if one.opinion in BINDING:
            answers[one.body.code] -= 1
            if answers[one.body.code] < 0:
                return one
    return None
