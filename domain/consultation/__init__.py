"""Consultation (会商): asking other departments before a decision, and answering what they say.

requested -> opinions_open -> concluded | escalated -> concluded_by_conference | cancelled. It does not pause
the clock of the case: Article 45 of the Administrative License Law does not name it.

超时默许 (``silence_default``) stays off. A body that is silent is noted as overdue and the matter goes to the
joint conference; silence is never read as consent. A city that wants it needs a clause that allows it and a
fact of its own that cites the clause, and never for safety items, which is why ``safety`` is kept here.

``words`` names states and opinions, ``commands`` what may be asked, ``refusals`` why not, ``facts`` what happened,
``consultation`` the rules themselves. What other rooms use of it is named here."""

from domain.consultation.commands import (
    CancelConsultation,
    ConcludeByConference,
    ConcludeConsultation,
    EscalateConsultation,
    FileConsultationOpinion,
    NoteOpinionOverdue,
    RequestConsultation,
    consultation_stream,
)
from domain.consultation.consultation import (
    Consultation,
)
from domain.consultation.facts import (
    ConsultationCancelled,
    ConsultationConcluded,
    ConsultationConcludedByConference,
    ConsultationEscalated,
    ConsultationFact,
    ConsultationInvited,
    ConsultationOpinionFiled,
    ConsultationOpinionOverdue,
    ConsultationRequested,
)
from domain.consultation.refusals import (
    ConditionsMissing,
    NotInvited,
    ObjectionNeedsGrounds,
    OpinionNotYetDue,
    OpinionsMissing,
    OpinionUnanswered,
    RequestedOtherwise,
)
from domain.consultation.words import (
    ConsultationOutcome,
    ConsultationState,
    Opinion,
)

__all__ = [
    "CancelConsultation",
    "ConcludeByConference",
    "ConcludeConsultation",
    "ConditionsMissing",
    "Consultation",
    "ConsultationCancelled",
    "ConsultationConcluded",
    "ConsultationConcludedByConference",
    "ConsultationEscalated",
    "ConsultationFact",
    "ConsultationInvited",
    "ConsultationOpinionFiled",
    "ConsultationOpinionOverdue",
    "ConsultationOutcome",
    "ConsultationRequested",
    "ConsultationState",
    "EscalateConsultation",
    "FileConsultationOpinion",
    "NotInvited",
    "NoteOpinionOverdue",
    "ObjectionNeedsGrounds",
    "Opinion",
    "OpinionNotYetDue",
    "OpinionUnanswered",
    "OpinionsMissing",
    "RequestConsultation",
    "RequestedOtherwise",
    "consultation_stream",
]
