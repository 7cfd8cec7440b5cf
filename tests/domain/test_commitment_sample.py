"""承诺抽查: a draw among open commitments that an inspector can repeat from the fact alone."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from domain.commitment.commands import commitment_stream
from domain.commitment_sample import DrawCommitmentSample, SampledAlready, SampleDrawn, draw
from domain.kernel.identity import stream_id
from domain.kernel.refusal import FutureTime, RoleMayNot
from domain.rules import sampling
from tests.specification import DECIDER, FIRE_OFFICER, MONDAY, OPERATOR, TUESDAY, given

ITEM = "11371500MB2862819G3370117003000"
TODAY = MONDAY.date()
POOL = tuple(commitment_stream(stream_id("case", 2026, "platform", str(n))) for n in range(25))
DRAW = DrawCommitmentSample(item=ITEM, drawn_on=TODAY, pool=POOL)


def test_the_ratio_in_force_is_drawn_and_everything_is_recorded():
    decided = given().when(DRAW, by=OPERATOR).then(SampleDrawn)
    fact = decided.facts[0]
    assert isinstance(fact, SampleDrawn)
    assert (fact.percent, len(fact.drawn), set(fact.pool)) == (10, 3, set(POOL))
    assert set(fact.drawn) <= set(POOL)


def test_an_inspector_draws_again_from_the_fact_alone():
    fact = given().when(DRAW, by=OPERATOR).facts[0]
    assert isinstance(fact, SampleDrawn)
    members = [str(one) for one in fact.pool]
    assert fact.pool_digest == sampling.pool_digest(members)
    assert fact.seed == sampling.seed_of(members, fact.item, fact.drawn_on.isoformat())
    size = sampling.sample_size(len(members), fact.percent)
    assert [UUID(one) for one in sampling.drawn(members, fact.seed, size)] == list(fact.drawn)


def test_the_same_draw_again_is_nothing_whatever_order_the_pool_came_in():
    drawn = given().when(DRAW, by=OPERATOR)
    drawn.and_when(DRAW.model_copy(update={"pool": POOL[::-1]}), by=OPERATOR).nothing()


def test_one_that_the_pool_names_twice_counts_once_also_for_whoever_draws_again():
    fact = given().when(DRAW.model_copy(update={"pool": (*POOL, *POOL[:5])}), by=OPERATOR).facts[0]
    assert isinstance(fact, SampleDrawn)
    once = given().when(DRAW, by=OPERATOR).facts[0]
    assert isinstance(once, SampleDrawn)
    assert (fact.seed, fact.drawn, fact.pool) == (once.seed, once.drawn, once.pool)
    assert (fact.seed, fact.drawn) == (draw(ITEM, TODAY, fact.pool).seed, draw(ITEM, TODAY, fact.pool).drawn)


def test_nobody_draws_until_the_result_pleases():
    drawn = given().when(DRAW, by=OPERATOR)
    drawn.and_when(DRAW.model_copy(update={"pool": POOL[1:]}), by=OPERATOR).refused(SampledAlready, item=ITEM)


def test_another_day_draws_anew():
    other = DRAW.model_copy(update={"drawn_on": TODAY + timedelta(1)})
    assert other.stream != DRAW.stream
    assert draw(ITEM, TODAY, POOL).seed != draw(ITEM, other.drawn_on, POOL).seed


def test_nothing_is_drawn_for_tomorrow():
    given().when(DRAW.model_copy(update={"drawn_on": TUESDAY.date()}), by=OPERATOR).refused(FutureTime)


@pytest.mark.parametrize("by", [DECIDER, FIRE_OFFICER])
def test_those_who_are_drawn_for_do_not_draw(by):
    given().when(DRAW, by=by).refused(RoleMayNot)
