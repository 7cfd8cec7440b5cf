"""Facts of the joint inspection (踏勘事实): the table of states, in the order in which a visit meets them."""

from domain.joint_inspection.facts.base import (
    InspectionFact,
)
from domain.joint_inspection.facts.ending import (
    AcceptanceOpinionIssued,
    InspectionCancelled,
    InspectionConcluded,
    RectificationNoticeIssued,
    RectificationReported,
    ReinspectionHeld,
    ReinspectionNoted,
)
from domain.joint_inspection.facts.looking import (
    AnotherVisitRequested,
    DrawingReviewed,
    InspectionAbsenceDeemed,
    InspectionAbsenceNoted,
    InspectionCheckedIn,
    InspectionFindingRecorded,
    InspectionResultOverdue,
)
from domain.joint_inspection.facts.planning import (
    AttendanceConfirmed,
    DisciplinesAssigned,
    DrawingsSubmitted,
    InspectionInvited,
    InspectionPlanned,
    InspectionRescheduled,
    SiteVisitAdded,
    SiteVisitDropped,
    SlotFixed,
    SlotsAnswered,
    SlotsProposed,
)

__all__ = [
    "AcceptanceOpinionIssued",
    "AnotherVisitRequested",
    "AttendanceConfirmed",
    "DisciplinesAssigned",
    "DrawingReviewed",
    "DrawingsSubmitted",
    "InspectionAbsenceDeemed",
    "InspectionAbsenceNoted",
    "InspectionCancelled",
    "InspectionCheckedIn",
    "InspectionConcluded",
    "InspectionFact",
    "InspectionFindingRecorded",
    "InspectionInvited",
    "InspectionPlanned",
    "InspectionRescheduled",
    "InspectionResultOverdue",
    "RectificationNoticeIssued",
    "RectificationReported",
    "ReinspectionHeld",
    "ReinspectionNoted",
    "SiteVisitAdded",
    "SiteVisitDropped",
    "SlotFixed",
    "SlotsAnswered",
    "SlotsProposed",
]
