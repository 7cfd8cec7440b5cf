"""抽中即待查: every commitment that a sample drew is put up for its check, and its regulators are told."""

from __future__ import annotations

from domain.commitment.commands import NoteSampled
from domain.commitment_sample import SampleDrawn
from domain.policies.policy import Commands, Policy


class PutDrawnCommitmentsUpForCheck(Policy):
    ZH = "抽中即待查"

    def on_sample(self, fact: SampleDrawn) -> Commands:
        for commitment_id in fact.drawn:
            yield NoteSampled(commitment_id=commitment_id, sample_id=fact.originator_id, sample_no=fact.sample_no)
