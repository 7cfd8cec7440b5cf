"""The case itself (办件): its chapters joined into one aggregate."""

from __future__ import annotations

from domain.approval_case.at_once import AtOnce
from domain.approval_case.provisional import Provisional
from domain.approval_case.reporting import Reporting


class ApprovalCase(Provisional, AtOnce, Reporting):
    """办件。"""
