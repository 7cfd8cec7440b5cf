"""用印入卷: a seal that was used on a document of a case is noted in the file of that case.

行政许可法第三十二条末款、第三十九条: whoever reads the file sees whether its vouchers, decision and license bear the
seal. The case does not wait for it, unless its city demands the seal before a license is issued."""

from __future__ import annotations

from domain.approval_case.commands import NoteSeal
from domain.policies.policy import Commands, Policy
from domain.seal.facts import SealUsed


class NoteSealUseInTheCase(Policy):
    ZH = "用印入卷"

    def on_use(self, fact: SealUsed) -> Commands:
        yield NoteSeal(
            case_id=fact.case_id, kind=fact.kind, document_no=fact.document_no, digest=fact.digest,
            seal_no=fact.seal_no, number=fact.number,
        )  # fmt: skip
