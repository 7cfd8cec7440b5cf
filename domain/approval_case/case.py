"""The case itself (办件): its chapters joined into one aggregate."""

from __future__ import annotations

from domain.approval_case.deciding import Deciding
from domain.approval_case.examination import Examination
from domain.approval_case.intake import Intake
from domain.approval_case.reporting import Reporting


class ApprovalCase(Intake, Examination, Deciding, Reporting):
    """办件。"""
