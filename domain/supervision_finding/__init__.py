"""SupervisionFinding (监管信息): what a regulator tells the approving side, and the duty that it opens there.

reported -> received (接收登记) -> handled; the result goes back to the regulator. Rectification runs beside it.
The approving side alone changes a license; the regulator proposes, with materials.

A finding is never refused because nobody knows its case or license: it is kept unresolved and linked later.
The same number again with the same content is nothing new; with other content it is a further revision,
which must be registered again. A finding whose ``found_on`` moves into another year is another finding.

``words`` names kinds, demands and states, ``commands`` what may be asked, ``refusals`` why not, ``facts`` what
happened, ``finding`` the rules themselves. What other rooms use of it is named here."""

from domain.supervision_finding.commands import (
    HandleFinding,
    LinkFindingToCase,
    NoteFindingOverdue,
    OpenRectification,
    ProposeRevocation,
    RectificationDone,
    RegisterFinding,
    ReportFinding,
    finding_stream,
)
from domain.supervision_finding.facts import (
    FindingFact,
    FindingHandled,
    FindingLinked,
    FindingOverdue,
    FindingReceived,
    FindingReported,
    RectificationConfirmed,
    RectificationOpened,
)
from domain.supervision_finding.finding import (
    SupervisionFinding,
)
from domain.supervision_finding.refusals import (
    FindingNotYetDue,
    HoldNeedsExpiry,
    NoDateToRectify,
    NoRectificationOpen,
    NotYourFinding,
)
from domain.supervision_finding.words import (
    Demand,
    FindingDuty,
    FindingKind,
    FindingResult,
    FindingState,
)

__all__ = [
    "Demand",
    "FindingDuty",
    "FindingFact",
    "FindingHandled",
    "FindingKind",
    "FindingLinked",
    "FindingNotYetDue",
    "FindingOverdue",
    "FindingReceived",
    "FindingReported",
    "FindingResult",
    "FindingState",
    "HandleFinding",
    "HoldNeedsExpiry",
    "LinkFindingToCase",
    "NoDateToRectify",
    "NoRectificationOpen",
    "NotYourFinding",
    "NoteFindingOverdue",
    "OpenRectification",
    "ProposeRevocation",
    "RectificationConfirmed",
    "RectificationDone",
    "RectificationOpened",
    "RegisterFinding",
    "ReportFinding",
    "SupervisionFinding",
    "finding_stream",
]
