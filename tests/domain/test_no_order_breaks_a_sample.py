"""承诺抽查: no order of commands brings a second draw on the same day, or one that cannot be drawn again."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from domain.commitment_sample import CommitmentSample, SampleDrawn, draw
from domain.rules.dates import business_date
from tests.domain.life import BRIEF, Life
from tests.domain.test_commitment_sample import DRAW, POOL
from tests.specification import DECIDER, OPERATOR, PLATFORM

POOLS = st.lists(st.sampled_from(POOL), min_size=1, max_size=30).map(tuple)
DAY = DRAW.drawn_on


class SampleLife(Life):
    """Draws for one item and day; the command may come before that day, and long after."""

    OF = CommitmentSample

    @rule(by=st.sampled_from([OPERATOR, PLATFORM, DECIDER]), pool=POOLS | st.just(POOL))
    def drawn(self, by, pool):
        refused = self.refusals
        self.ask(DRAW.model_copy(update={"pool": pool}), by)
        if set(self.of(SampleDrawn)[0].pool if self.facts else pool) != set(pool):
            assert self.refusals == refused + 1, "a draw from another pool was passed over"

    @rule()
    def a_day_too_early(self):
        self.now = self.now.replace(day=1)

    @invariant()
    def there_is_one_draw_and_whoever_draws_again_from_it_gets_the_same(self):
        assert len(self.facts) <= 1
        for fact in self.of(SampleDrawn):
            again = draw(fact.item, fact.drawn_on, fact.pool)
            assert (again.seed, again.drawn, again.pool_digest) == (fact.seed, fact.drawn, fact.pool_digest)
            assert set(fact.drawn) <= set(fact.pool)
            assert len(set(fact.drawn)) == len(fact.drawn) >= 1

    @invariant()
    def nobody_draws_beforehand_and_those_who_decide_never(self):
        for fact in self.facts:
            assert business_date(fact.recorded_at) >= DAY
            assert fact.actor.id != DECIDER.id


TestNoOrderBreaksASample = SampleLife.TestCase
TestNoOrderBreaksASample.settings = BRIEF
