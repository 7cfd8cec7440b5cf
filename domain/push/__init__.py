"""Push (推送): the obligation that one decision lays on one regulator, with a clock.

dispatched -> delivered -> acknowledged (签收) -> claimed by a named officer (认领) -> in supervision ->
fed back (反馈) -> closed (销号); side paths: returned and reassigned, superseded by a correction.
Neither side may be able to say that nobody told them.

``words`` names states and content, ``commands`` what may be asked, ``refusals`` why not, ``facts`` what happened,
``push`` the rules themselves. Who acts on pushes imports them from here."""

from domain.push.commands import (
    AcknowledgePush,
    BeginSupervision,
    ClaimPush,
    ClosePush,
    DispatchPush,
    EscalatePush,
    FileFeedback,
    ReassignPush,
    RecordDelivery,
    RemindPush,
    ReturnPush,
    SupersedePush,
    push_stream,
)
from domain.push.facts import (
    PushAcknowledged,
    PushClaimed,
    PushClosed,
    PushDelivered,
    PushDispatched,
    PushEscalated,
    PushFact,
    PushFedBack,
    PushReassigned,
    PushReminded,
    PushReturned,
    PushSuperseded,
    SupervisionBegun,
)
from domain.push.push import Push
from domain.push.refusals import (
    NotYourPush,
    PushNotYetOverdue,
    SameRegulatorAgain,
    SupervisionNotYetBegun,
)
from domain.push.words import PushContent, PushState

__all__ = [
    "AcknowledgePush",
    "BeginSupervision",
    "ClaimPush",
    "ClosePush",
    "DispatchPush",
    "EscalatePush",
    "FileFeedback",
    "NotYourPush",
    "Push",
    "PushAcknowledged",
    "PushClaimed",
    "PushClosed",
    "PushContent",
    "PushDelivered",
    "PushDispatched",
    "PushEscalated",
    "PushFact",
    "PushFedBack",
    "PushNotYetOverdue",
    "PushReassigned",
    "PushReminded",
    "PushReturned",
    "PushState",
    "PushSuperseded",
    "ReassignPush",
    "RecordDelivery",
    "RemindPush",
    "ReturnPush",
    "SameRegulatorAgain",
    "SupersedePush",
    "SupervisionBegun",
    "SupervisionNotYetBegun",
    "push_stream",
]
