"""所含许可变化告知综合许可证: a composite license says what it joins, and must not go on saying it of what was revoked.

The bundle looks the license up itself; what this policy knows is only which case is a part of which bundle."""

from __future__ import annotations

from domain.bundle.commands import NoteCompositePart
from domain.license import facts as f
from domain.policies.policy import Commands, Policy
from domain.policies.tell_the_bundle_how_a_part_ended import PartsOfBundles

Changed = (
    f.LicenseSuspended | f.SuspensionEnded | f.LicenseExpired | f.LicenseWithdrawn | f.LicenseRevoked
    | f.LicensePenaltyRevoked | f.CancellationGroundArose | f.LicenseCancelled
)  # fmt: skip


class TellTheCompositeLicenseWhatBecameOfAPart(Policy):
    ZH = "所含许可变化告知综合许可证"
    READS = ("bundles",)

    def __init__(self, parts: PartsOfBundles) -> None:
        self.parts = parts

    def on_change(self, fact: Changed) -> Commands:
        bundle_id = self.parts.bundle_of(fact.case_id)
        if bundle_id is not None:
            yield NoteCompositePart(bundle_id=bundle_id, case_id=fact.case_id)
