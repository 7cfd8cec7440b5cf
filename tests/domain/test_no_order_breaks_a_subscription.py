"""订阅: no order of commands breaks what must hold."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from domain.subscription import (
    CloseSubscription,
    OpenSubscription,
    Subscription,
    SubscriptionClosed,
    SubscriptionOpened,
    Terms,
)
from tests.domain.life import BRIEF, Life
from tests.domain.test_subscription import OPEN, TERMS
from tests.specification import HOUSING, HOUSING_OFFICER, OPERATOR, STEWARD

FROM = TERMS.effective_from
ENDS = [None, FROM, date(2026, 12, 31)]
DAYS = st.integers(-40, 400).map(lambda days: FROM + timedelta(days))


class SubscriptionLife(Life):
    OF = Subscription

    @rule(by=st.sampled_from([STEWARD, OPERATOR, HOUSING_OFFICER]), ends=st.sampled_from(ENDS))
    def open(self, by, ends):
        terms = Terms(**TERMS.model_dump() | {"effective_to": ends})
        self.ask(OpenSubscription(number=OPEN.number, terms=terms), by)

    @rule(by=st.sampled_from([STEWARD, OPERATOR, HOUSING_OFFICER]), on=DAYS)
    def close(self, by, on):
        self.ask(CloseSubscription(subscription_id=OPEN.stream, effective_to=on, reason="职责划转"), by)

    @invariant()
    def it_is_opened_once_and_closed_once_after_that(self):
        assert [type(fact) for fact in self.facts] in (
            [], [SubscriptionOpened], [SubscriptionOpened, SubscriptionClosed],
        )  # fmt: skip

    @invariant()
    def no_end_lies_outside_the_period_that_was_agreed(self):
        for fact in self.of(SubscriptionClosed):
            assert fact.effective_to >= FROM
            agreed = self.facts[0].terms.effective_to
            assert agreed is None or fact.effective_to <= agreed

    @invariant()
    def the_approving_side_writes_it_and_its_regulator_is_told_of_every_step(self):
        assert {fact.actor.id for fact in self.facts} <= {STEWARD.id, OPERATOR.id}
        assert {fact.authority for fact in self.facts} <= {HOUSING.code}


TestNoOrderBreaksASubscription = SubscriptionLife.TestCase
TestNoOrderBreaksASubscription.settings = BRIEF
