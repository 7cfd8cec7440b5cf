"""Which sites must be seen, and which visits can be one? (现场踏勘)"""

from projections.site_visits.projection import SiteVisits
from projections.site_visits.questions import (
    chain,
    grouped,
    inspection,
    inspections,
    open_inspection_at,
    over_with_absentees,
    results_overdue,
    visits_of,
    waiting,
)
from projections.site_visits.rows import InspectionRow, VisitGroup, VisitRow

__all__ = [
    "InspectionRow",
    "SiteVisits",
    "VisitGroup",
    "VisitRow",
    "chain",
    "grouped",
    "inspection",
    "inspections",
    "open_inspection_at",
    "over_with_absentees",
    "results_overdue",
    "visits_of",
    "waiting",
]
