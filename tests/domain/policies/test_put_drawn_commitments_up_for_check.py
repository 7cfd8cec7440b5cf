"""抽中即待查。"""

from __future__ import annotations

from domain.commitment.commands import NoteSampled
from domain.commitment_sample import SampleDrawn, draw, sample_stream
from domain.policies.put_drawn_commitments_up_for_check import PutDrawnCommitmentsUpForCheck
from tests.domain.test_commitment_sample import ITEM, POOL, TODAY
from tests.specification import given


def test_every_drawn_commitment_is_put_up_and_no_other():
    fact, sample = draw(ITEM, TODAY, POOL), sample_stream(ITEM, TODAY)
    given(PutDrawnCommitmentsUpForCheck()).when(fact, stream=sample).then(
        *(NoteSampled(commitment_id=one, sample_id=sample, sample_no=fact.sample_no) for one in fact.drawn)
    )


def test_it_does_nothing_when_nobody_was_drawn():
    empty = SampleDrawn.model_validate(draw(ITEM, TODAY, POOL).model_dump() | {"drawn": ()})
    given(PutDrawnCommitmentsUpForCheck()).when(empty).nothing()
