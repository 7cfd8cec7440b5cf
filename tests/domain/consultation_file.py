"""What the specifications of the consultation begin with."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.consultation import (
    ConcludeConsultation,
    ConsultationConcluded,
    ConsultationEscalated,
    ConsultationInvited,
    ConsultationOpinionFiled,
    ConsultationOutcome,
    ConsultationRequested,
    FileConsultationOpinion,
    HeardOpinion,
    Opinion,
    RequestConsultation,
    consultation_stream,
)
from domain.kernel.event import Event
from domain.kernel.words import Adoption, OpinionUse
from tests.specification import CASE, CASE_NO, FIRE, HEALTH

THIS = consultation_stream(CASE, "item")
DUE = date(2026, 3, 5)
LATER_DUE = date(2026, 3, 9)
QUESTION = "该场所能否开办餐饮?"
REASON = "疏散通道宽度不足"
LAW = "消防法第十五条"

REQUEST = RequestConsultation(
    case_id=CASE, case_no=CASE_NO, item_name="食品经营许可", region="371502", invited=(FIRE, HEALTH),
    question=QUESTION, cause="item",
)  # fmt: skip
OF_CASE = {"case_id": CASE, "case_no": CASE_NO, "cause": "item"}
REQUESTED = ConsultationRequested(**REQUEST.model_dump(), due_on=DUE)
INVITED_FIRE, INVITED_HEALTH = (
    ConsultationInvited(
        **OF_CASE, consultation_id=THIS, body=body, item_name="食品经营许可", region="371502", question=QUESTION,
        complex=False, safety=False, due_on=DUE, silence_clause=None,
    )
    for body in (FIRE, HEALTH)
)  # fmt: skip
OPEN = (REQUESTED, INVITED_FIRE, INVITED_HEALTH)
CLAUSE = "《聊城市联合会商办法》第九条"


def told(*facts: Event, **changes: Any) -> tuple[Event, ...]:
    """The same facts, saying something else where they have the field."""
    return tuple(fact.model_copy(update={n: v for n, v in changes.items() if hasattr(fact, n)}) for fact in facts)


SAFETY = told(*OPEN, safety=True)
WITH_CLAUSE = told(*OPEN, silence_clause=CLAUSE)


def filed(body=FIRE, opinion=Opinion.AGREE, *, supersedes=None, late=False, **said_too) -> ConsultationOpinionFiled:
    stated = {"reason": None, "legal_basis": None, "conditions": None} | said_too
    return ConsultationOpinionFiled(**OF_CASE, body=body, opinion=opinion, late=late, supersedes=supersedes, **stated)


def concluded(outcome: ConsultationOutcome, uses=(), **said_too) -> ConsultationConcluded:
    stated = {"conclusion": "可以准予", "automatic": False, "heard": ()} | said_too
    return ConsultationConcluded(**OF_CASE, bodies=(FIRE, HEALTH), outcome=outcome, uses=uses, **stated)


BY_ITSELF = {"conclusion": "会商意见已齐,无反对意见。Every opinion is settled and none objects.", "automatic": True}
FIRE_OBJECTS = filed(FIRE, Opinion.OBJECT, reason=REASON, legal_basis=LAW)
HEALTH_AGREES = filed(HEALTH)
HEALTH_SILENT = filed(HEALTH, Opinion.NO_OPINION)
SAID_BY_FIRE = HeardOpinion(body=FIRE, opinion=Opinion.OBJECT, stated=REASON)
SPLIT_REASON = "部门意见不一致,须由联席会议议定。The opinions are split; the joint conference resolves it."
SPLIT = ConsultationEscalated(**OF_CASE, bodies=(FIRE, HEALTH), missing=(), objecting=(FIRE.code,), reason=SPLIT_REASON)
ESCALATED = ConsultationEscalated(**OF_CASE, bodies=(FIRE, HEALTH), missing=(), objecting=(FIRE.code,), reason="分歧")


def heard(body=FIRE, opinion=Opinion.AGREE, stated=None) -> HeardOpinion:
    return HeardOpinion(body=body, opinion=opinion, stated=stated)


def use(adoption=Adoption.PARTLY_ADOPTED, organ=FIRE.code) -> OpinionUse:
    return OpinionUse(organ=organ, adoption=adoption, answer="已按图审意见整改")


def opinion(opinion=Opinion.AGREE, **said_too) -> FileConsultationOpinion:
    return FileConsultationOpinion(consultation_id=THIS, opinion=opinion, **said_too)


def conclude(*uses: OpinionUse) -> ConcludeConsultation:
    return ConcludeConsultation(consultation_id=THIS, uses=uses, conclusion="可以准予")
