"""The joint inspection itself: its chapters, joined."""

from __future__ import annotations

from domain.joint_inspection.ending import Ending
from domain.joint_inspection.looking import Looking
from domain.joint_inspection.planning import Planning


class JointInspection(Planning, Looking, Ending):
    """联合踏勘。"""

    NAME = "inspection"
    ZH = "联合踏勘"
