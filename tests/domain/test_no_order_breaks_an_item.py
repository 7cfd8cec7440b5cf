"""政务服务事项: no order of commands breaks what must hold."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from domain.kernel.aggregate import replay
from domain.kernel.refusal import Refusal
from domain.kernel.words import Body, ItemTerms
from domain.service_item import (
    ItemRetired,
    ItemTransferred,
    ItemVersionPublished,
    RetireItem,
    RunningCases,
    ServiceItem,
    TransferItem,
)
from domain.service_item.comparing import applied, said_by
from tests.domain.entry import CODE, MARKET, elements, publishing
from tests.domain.life import BRIEF, Life
from tests.specification import BUREAU, FIRE, HOUSING, STEWARD

FIRST = date(2026, 1, 1)
DAYS = st.dates(FIRST, date(2026, 3, 31))
OLD = Body(code="11371500MB2862819G", name="市行政审批服务局")
ORGANS = st.sampled_from([OLD, BUREAU, HOUSING, FIRE])


class ItemLife(Life):
    OF = ServiceItem

    @rule(begins=DAYS, promised=st.integers(5, 10), organ=ORGANS, slim=st.booleans(), careful=st.booleans())
    def publish(self, begins, promised, organ, slim, careful):
        entry = elements(
            clock__promised_limit={"value": promised}, clock__stage_quotas=[],
            body__implementing_body_code=organ.code, body__implementing_body=organ.name,
        )  # fmt: skip
        command = publishing(entry, effective_from=begins, promised_days=promised, only_if_changed=careful)
        self.ask(command.model_copy(update={"elements": None}) if slim else command, STEWARD)

    @rule(begins=DAYS, promised=st.integers(5, 10))
    def the_owner_publishes(self, begins, promised):
        self.publish(begins, promised, self.entry.organ_on(begins) or OLD, False, False)

    @rule(on=DAYS)
    def retire(self, on):
        self.ask(RetireItem(item=CODE, effective_on=on, reason="取消"), STEWARD)

    @rule(giver=ORGANS, taker=ORGANS, on=DAYS, moves=st.booleans(), named=st.booleans())
    def transfer(self, giver, taker, on, moves, named):
        command = TransferItem(
            item=CODE, from_organ=giver, to_organ=taker, effective_on=on, basis="编办文件",
            running=RunningCases.MOVE if moves else RunningCases.STAY, regulators=(MARKET,) if named else (),
        )  # fmt: skip
        self.ask(command, STEWARD)

    @rule(on=DAYS, later=st.integers(1, 60))
    def a_transfer_by_the_owner(self, on, later):
        owner = self.entry.organ_on(on) or OLD
        self.transfer(owner, FIRE if owner != FIRE else HOUSING, on + timedelta(days=later), True, True)

    @property
    def entry(self) -> ServiceItem:
        return replay(ServiceItem, publishing().stream, self.facts)

    @invariant()
    def versions_are_numbered_without_a_gap_and_begin_one_after_the_other(self):
        found = [fact for fact in self.facts if isinstance(fact, ItemVersionPublished)]
        assert [fact.number for fact in found] == list(range(1, len(found) + 1))
        begins = [fact.effective_from for fact in found]
        assert begins == sorted(set(begins))

    @invariant()
    def the_change_sets_lead_from_the_first_version_to_the_last(self):
        found = [fact for fact in self.facts if isinstance(fact, ItemVersionPublished)]
        said = [said_by(fact.terms, fact.legal_basis, fact.elements) for fact in found]
        for number, fact in enumerate(found[1:], 1):
            assert applied(said[number - 1], fact.changes) == said[number]

    @invariant()
    def on_every_day_the_item_belongs_to_one_organ_at_most_and_goes_only_to_another(self):
        entry = self.entry
        for fact in self.of(ItemTransferred):
            assert isinstance(fact, ItemTransferred)
            assert fact.from_organ.code != fact.to_organ.code
            assert entry.organ_on(fact.effective_on) == fact.to_organ
        days = [since for since, _ in entry.organs]
        assert days == sorted(days)

    @invariant()
    def a_day_has_the_terms_of_a_version_that_had_begun_or_a_reason_why_not(self):
        entry = self.entry
        for day in (FIRST, date(2026, 2, 14), date(2026, 6, 1)):
            try:
                terms = entry.terms_on(CODE, day)
            except Refusal:
                continue
            begins = next(begins for begins, one in entry.versions if one.version == terms.version)
            assert begins <= day
            assert isinstance(terms, ItemTerms)
            assert terms.regulators

    @invariant()
    def nothing_happens_to_an_item_before_it_is_published(self):
        assert not self.facts or isinstance(self.facts[0], ItemVersionPublished)
        assert not any(isinstance(fact, ItemRetired) for fact in self.facts[:1])


TestNoOrderBreaksAnItem = ItemLife.TestCase
TestNoOrderBreaksAnItem.settings = BRIEF
