"""The aggregates (聚合) of the platform, and which of them a stored fact belongs to."""

from __future__ import annotations

from domain.approval_case import ApprovalCase
from domain.bundle import Bundle
from domain.chain_template import ChainTemplate
from domain.commitment import Commitment
from domain.commitment_sample import CommitmentSample
from domain.consultation import Consultation
from domain.delegation import Delegation
from domain.document_number import DocumentNumber
from domain.expert import Expert
from domain.expert_draw import ExpertDraw
from domain.joint_inspection import JointInspection
from domain.kernel.aggregate import Aggregate
from domain.license import License
from domain.parked_message import ParkedMessage
from domain.push import Push
from domain.responsibility import ResponsibilityTable
from domain.seal import Seal
from domain.service_item import ServiceItem
from domain.standing import SubjectStanding
from domain.subscription import Subscription
from domain.supervision_finding import SupervisionFinding

AGGREGATES: tuple[type[Aggregate], ...] = (
    ServiceItem, ApprovalCase, Push, SupervisionFinding, Consultation, JointInspection, Subscription, ParkedMessage,
    Commitment, CommitmentSample, SubjectStanding,
    ResponsibilityTable,
    License,
    Expert, ExpertDraw,
    Seal, Delegation, DocumentNumber,
    ChainTemplate, Bundle,
)  # fmt: skip

_BY_NAME = {aggregate.NAME: aggregate for aggregate in AGGREGATES}


def aggregate_class(topic: str) -> type[Aggregate]:
    """The aggregate whose stream a stored name belongs to: the part before the dot."""
    return _BY_NAME[topic.partition(".")[0]]
