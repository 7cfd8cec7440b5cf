"""先承诺后揭示: the platform commits to a secret for each round of a draw, and shows it once the pool is frozen.

The secret comes from outside the domain. It is the same whenever it is asked for, so a process that starts anew can
still show what another committed to; losing it would let a round be given up and tried again."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from domain.expert_draw.commands import CommitDrawSecret, RevealDrawSecret
from domain.expert_draw.drawing import commitment_of
from domain.expert_draw.facts import ExpertDrawRequested, ExpertPoolFrozen, ExpertRedrawRequested
from domain.policies.policy import Commands, Policy


class DrawSecrets(Protocol):
    """What the policy must know: the secret of each round, under a key that has a name."""

    @property
    def key_id(self) -> str:
        """Name of the key that the secrets are derived from."""

    def secret(self, draw_id: UUID, round: int) -> str:
        """64 hexadecimal digits that nobody without the key can guess."""


class CommitThenRevealTheSecretOfADraw(Policy):
    ZH = "先承诺后揭示"

    def __init__(self, secrets: DrawSecrets) -> None:
        self.secrets = secrets

    def on_request(self, fact: ExpertDrawRequested) -> Commands:
        yield self._commitment(fact.originator_id, 1)

    def on_redraw(self, fact: ExpertRedrawRequested) -> Commands:
        yield self._commitment(fact.originator_id, fact.round)

    def on_pool(self, fact: ExpertPoolFrozen) -> Commands:
        secret = self.secrets.secret(fact.originator_id, fact.round)
        yield RevealDrawSecret(draw_id=fact.originator_id, round=fact.round, secret=secret)

    def _commitment(self, draw_id: UUID, round: int) -> CommitDrawSecret:
        commitment = commitment_of(self.secrets.secret(draw_id, round))
        return CommitDrawSecret(draw_id=draw_id, round=round, key_id=self.secrets.key_id, commitment=commitment)
