"""Consultation (会商): asking other departments before a decision, and answering what they say.

requested -> opinions_open -> concluded | escalated -> concluded_by_conference | cancelled. It does not pause
the clock of the case: Article 45 of the Administrative License Law does not name it.

Bodies that contradict each other go to the joint conference (联席会议), and only the conference may override an
objection; whatever is concluded hands the opinions over, and the decision of the case answers the binding ones.

超时默许 (``silence_default``) is off. A silent body is noted as overdue; only where a clause allows it, and the
invitation told that clause, does a fact of its own deem it without opinion, and never for safety items.

``words`` names states and outcomes, ``commands`` what may be asked, ``refusals`` why not, ``facts`` what happened,
``consultation`` the rules themselves. What other rooms use of it is named here."""

from domain.consultation.commands import (
    CancelConsultation,
    ConcludeByConference,
    ConcludeConsultation,
    DeclareConsultationComplex,
    EscalateConsultation,
    ExcuseOpinion,
    FileConsultationOpinion,
    NoteOpinionOverdue,
    RequestConsultation,
    consultation_stream,
)
from domain.consultation.consultation import Consultation
from domain.consultation.facts import (
    ConsultationCancelled,
    ConsultationConcluded,
    ConsultationConcludedByConference,
    ConsultationDeclaredComplex,
    ConsultationEscalated,
    ConsultationFact,
    ConsultationInvited,
    ConsultationOpinionDeemed,
    ConsultationOpinionExcused,
    ConsultationOpinionFiled,
    ConsultationOpinionOverdue,
    ConsultationRequested,
)
from domain.consultation.refusals import (
    ConditionsMissing,
    NobodyLeftToAsk,
    NotInvited,
    ObjectionNeedsGrounds,
    OpinionAlreadyStated,
    OpinionNotYetDue,
    OpinionsMissing,
    OpinionsSplit,
    OpinionUnanswered,
    OutcomeDoesNotFit,
    OverridingNeedsConference,
    ReplyAlreadyDue,
    RequestedOtherwise,
    SafetyOpinionNeeded,
)
from domain.consultation.words import (
    ConsultationOutcome,
    ConsultationState,
)
from domain.kernel.opinions import HeardOpinion, Opinion

__all__ = [
    "CancelConsultation",
    "ConcludeByConference",
    "ConcludeConsultation",
    "ConditionsMissing",
    "Consultation",
    "ConsultationCancelled",
    "ConsultationConcluded",
    "ConsultationConcludedByConference",
    "ConsultationDeclaredComplex",
    "ConsultationEscalated",
    "ConsultationFact",
    "ConsultationInvited",
    "ConsultationOpinionDeemed",
    "ConsultationOpinionExcused",
    "ConsultationOpinionFiled",
    "ConsultationOpinionOverdue",
    "ConsultationOutcome",
    "ConsultationRequested",
    "ConsultationState",
    "DeclareConsultationComplex",
    "EscalateConsultation",
    "ExcuseOpinion",
    "FileConsultationOpinion",
    "HeardOpinion",
    "NobodyLeftToAsk",
    "NotInvited",
    "NoteOpinionOverdue",
    "ObjectionNeedsGrounds",
    "Opinion",
    "OpinionAlreadyStated",
    "OpinionNotYetDue",
    "OpinionUnanswered",
    "OpinionsMissing",
    "OpinionsSplit",
    "OutcomeDoesNotFit",
    "OverridingNeedsConference",
    "ReplyAlreadyDue",
    "RequestConsultation",
    "RequestedOtherwise",
    "SafetyOpinionNeeded",
    "consultation_stream",
]
