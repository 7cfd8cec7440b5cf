"""阶段开启即开立各部分: when a stage of a bundle opens, the platform applies for each of its parts at the part's own organ.

The materials that the applicant handed in once go into every case by their digests. When the bundle is withdrawn, its
undecided cases are withdrawn with it."""

from __future__ import annotations

from domain.approval_case.commands import SubmitApplication, WithdrawApplication
from domain.approval_case.words import Material
from domain.bundle.facts import BundleWithdrawn, StageOpened
from domain.kernel.command import Command
from domain.kernel.event import Event
from domain.kernel.people import Actor
from domain.policies.policy import Commands, Policy


class OpenThePartsWhenAStageOpens(Policy):
    ZH = "阶段开启即开立各部分"

    def on_stage(self, fact: StageOpened) -> Commands:
        for part in fact.parts:
            yield SubmitApplication(
                case_no=part.case_no, opened_on=fact.opened_on, item=part.item, subject=fact.subject, site=fact.site,
                materials=tuple(Material(name=m.name, digest=m.digest) for m in part.materials),
                channel=fact.channel, agent=fact.agent, bundle_id=fact.originator_id,
            )  # fmt: skip

    def on_withdrawal(self, fact: BundleWithdrawn) -> Commands:
        for case_id in fact.case_ids:
            yield WithdrawApplication(case_id=case_id, reason=fact.reason)

    def acting(self, event: Event, command: Command) -> Actor:
        """The case of a part belongs to the organ of the part, whoever leads the bundle."""
        if isinstance(event, StageOpened) and isinstance(command, SubmitApplication):
            organ = next(part.organ.code for part in event.parts if part.case_no == command.case_no)
            return self.actor.model_copy(update={"on_behalf_of": organ})
        return self.actor
