"""What may be applied for, and who subscribed to what?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from cases import HOUSING_HERE
from world import World

from domain.kernel.words import Change
from domain.service_item import CodeScheme, PublishItemVersion, RetireItem
from domain.subscription import CloseSubscription, OpenSubscription, Terms
from projections import catalogue
from projections.catalogue import Catalogue
from tests.specification import FIRE, HOUSING, OPERATOR, STEWARD

FIRST = date(2026, 1, 1)


def publish(world: World, item: str, *, since: date = FIRST, name: str = "食品经营许可", days: int = 10) -> None:
    command = PublishItemVersion(
        item=item, scheme=CodeScheme.OTHER, name=name, effective_from=since, promised_days=days,
        regulators=(HOUSING_HERE,), legal_basis="食品安全法",
    )  # fmt: skip
    world.do(command, by=STEWARD)


def in_force(world: World, item: str, on: date) -> int | None:
    found = catalogue.item(world.folded(Catalogue).read, item, on)
    return found.number if found else None


def test_each_version_is_in_force_from_its_day_to_the_day_before_the_next(world: World) -> None:
    publish(world, "A-1")
    publish(world, "A-1", since=date(2026, 4, 1), days=5)
    found = [in_force(world, "A-1", day) for day in (date(2025, 12, 31), FIRST, date(2026, 3, 31), date(2026, 4, 1))]
    assert found == [None, 1, 1, 2]
    versions = catalogue.versions(world.read, "A-1")
    assert [(v.number, v.effective_to) for v in versions] == [(1, date(2026, 3, 31)), (2, None)]
    assert versions[1].frozen().promised_days == 5
    assert in_force(world, "A-2", FIRST) is None


def test_a_retired_item_is_not_in_force_until_it_is_published_again(world: World) -> None:
    publish(world, "A-1")
    world.do(RetireItem(item="A-1", effective_on=date(2026, 3, 1), reason="取消"), by=STEWARD)
    assert [in_force(world, "A-1", day) for day in (date(2026, 2, 28), date(2026, 3, 1))] == [1, None]
    publish(world, "A-1", since=date(2026, 6, 1))
    days = (date(2026, 2, 28), date(2026, 5, 31), date(2026, 6, 1))
    assert [in_force(world, "A-1", day) for day in days] == [1, None, 2]


def test_items_are_searched_and_paged_by_code(world: World) -> None:
    for number in range(4):
        publish(world, f"A-{number}", name=f"许可{number}%")
    read = world.folded(Catalogue).read
    page = catalogue.items(read, FIRST, limit=3)
    rest = catalogue.items(read, FIRST, limit=3, cursor=page.next)
    assert [v.item for v in page.rows + rest.rows] == ["A-0", "A-1", "A-2", "A-3"]
    assert [v.item for v in catalogue.items(read, FIRST, text="2%").rows] == ["A-2"]
    assert catalogue.items(read, FIRST, text="_").rows == []
    assert catalogue.items(read, FIRST - timedelta(days=1)).rows == []
    assert catalogue.count_items(read, FIRST) == 4


def subscribe(world: World, number: str, **more: Any) -> None:
    told: dict[str, Any] = {
        "regulator": FIRE, "purpose": "监管", "legal_basis": "消防法", "contact": "张", "items": ("A-1",),
        "regions": ("371500",), "effective_from": FIRST,
    }  # fmt: skip
    world.do(OpenSubscription(number=number, terms=Terms.model_validate(told | more)), by=OPERATOR)


def test_a_decision_falls_under_the_contracts_whose_every_rule_it_meets(world: World) -> None:
    subscribe(world, "1")
    subscribe(world, "2", items=(), regions=(), regulator=HOUSING)
    subscribe(world, "3", changes=(Change.DENIAL,))
    subscribe(world, "4", effective_to=date(2026, 1, 31))

    def covered(item: str, region: str | None, change: Change, on: date) -> list[str]:
        read = world.folded(Catalogue).read
        rows = catalogue.subscriptions_in_force(read, item=item, region=region, change=change, on=on)
        return [row.number for row in rows]

    march = date(2026, 3, 2)
    assert covered("A-1", "371502", Change.GRANT, march) == ["1", "2"]
    assert covered("A-1", "371502", Change.GRANT, FIRST) == ["1", "2", "4"]
    assert covered("A-1", None, Change.GRANT, march) == ["2"]
    assert covered("A-2", "371502", Change.GRANT, march) == ["2"]
    assert covered("A-1", "371502", Change.DENIAL, march) == ["3"]


def test_a_closed_contract_ends_on_its_day(world: World) -> None:
    subscribe(world, "1")
    (stream,) = world.streams
    close = CloseSubscription(subscription_id=stream, effective_to=date(2026, 2, 28), reason="职能调整")
    world.do(close, by=OPERATOR)
    read = world.folded(Catalogue).read
    assert [s.number for s in catalogue.subscriptions(read, on=date(2026, 2, 28)).rows] == ["1"]
    assert catalogue.subscriptions(read, on=date(2026, 3, 1)).rows == []
    found = catalogue.subscription(read, stream)
    assert found is not None
    assert (found.closed_because, found.contract().effective_to) == ("职能调整", date(2026, 2, 28))
    assert [s.number for s in catalogue.subscriptions(read, regulator=FIRE.code).rows] == ["1"]
    assert catalogue.subscriptions(read, regulator=HOUSING.code).rows == []
