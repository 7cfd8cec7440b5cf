"""监管信息成立即督促整改: when a finding that demands rectification is registered, its rectification is opened."""

from __future__ import annotations

from domain.policies.policy import Commands, Policy
from domain.supervision_finding import FindingReceived, OpenRectification


class OpenRectificationWhenFindingStands(Policy):
    ZH = "监管信息成立即督促整改"

    def on_registration(self, fact: FindingReceived) -> Commands:
        if fact.rectify_by is not None:
            yield OpenRectification(finding_id=fact.originator_id, rectify_by=fact.rectify_by)
