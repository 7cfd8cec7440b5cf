"""承诺批后即跟踪。"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

import pytest

from domain.commitment.commands import OpenCommitment
from domain.kernel.promises import CommitmentKind
from domain.policies.open_commitment_when_grant_rests_on_it import (
    IN_THE_FILE,
    OpenCommitmentWhenGrantRestsOnIt,
    Promised,
)
from tests.domain.case_file import ITEM, MARKET, TERMS, TODAY, denied, granted, terms
from tests.specification import BUREAU, CASE, CASE_NO, HOLDER, SHOP, given

FILED = Promised(CommitmentKind.CERTIFICATE, "已取得健康证明", date(2026, 2, 20), date(2026, 4, 1))


@dataclass
class Filed:
    of: dict[UUID, Promised] = field(default_factory=lambda: {CASE: FILED})

    def filed_in(self, case_id: UUID) -> Promised | None:
        return self.of.get(case_id)


def opening(promised: Promised = FILED, **changed) -> OpenCommitment:
    fields = {
        "case_id": CASE, "case_no": CASE_NO, "item": ITEM, "item_name": TERMS.name, "kind": promised.kind,
        "promise": promised.promise, "subject": HOLDER, "site": SHOP, "organ": BUREAU.code, "regulators": (MARKET,),
        "decided_on": TODAY, "check_days": None, "promised_by": promised.check_by,
    } | changed  # fmt: skip
    return OpenCommitment(**fields)


def test_a_grant_on_a_commitment_is_followed_with_what_was_promised():
    given(OpenCommitmentWhenGrantRestsOnIt(Filed())).when(granted(by_commitment=True)).then(opening())


def test_the_item_may_have_a_period_of_its_own():
    of = terms(commitment_days=30)
    given(OpenCommitmentWhenGrantRestsOnIt(Filed())).when(granted(of, by_commitment=True)).then(opening(check_days=30))


@pytest.mark.parametrize(("days", "of"), [(None, TERMS), (30, terms(commitment_days=30))])
def test_the_days_of_the_item_run_from_the_grant_though_they_were_told_from_the_filing(days, of):
    told = FILED._replace(check_by=date(2026, 2, 20) + timedelta(days or 60))
    given(OpenCommitmentWhenGrantRestsOnIt(Filed({CASE: told}))).when(granted(of, by_commitment=True)).then(
        opening(told, check_days=days, promised_by=None)
    )


def test_a_grant_whose_commitment_nobody_can_name_is_followed_all_the_same():
    given(OpenCommitmentWhenGrantRestsOnIt(Filed({}))).when(granted(by_commitment=True)).then(opening(IN_THE_FILE))


def test_it_does_nothing_when_a_grant_rests_on_no_commitment():
    given(OpenCommitmentWhenGrantRestsOnIt(Filed())).when(granted()).nothing()


def test_it_does_nothing_when_the_case_was_denied():
    given(OpenCommitmentWhenGrantRestsOnIt(Filed())).when(denied(by_commitment=True)).nothing()
